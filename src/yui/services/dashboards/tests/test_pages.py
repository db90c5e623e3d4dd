"""Pages of figures: for everybody, whole, honest about what is missing; and the desk with its second look."""

import json
import re
import zipfile
from dataclasses import replace
from html import unescape
from io import BytesIO

import pytest
from django.test import Client
from tests.pages.conftest import CLERK, SignIn, sign_in

from yui.evidence.charts.forms import FigureStatus
from yui.evidence.models import HandEntry
from yui.evidence.public import (
    Absence,
    list_figures,
    publish_definition,
    publish_figures,
    record_figures,
    register_vintage,
)
from yui.evidence.recomputing import find_faults
from yui.evidence.tests.examples import (
    CHIYODA,
    CHUO,
    H29,
    MINATO,
    POPULATION,
    QUERY,
    R5,
    SHARE,
    TOKYO,
    projected,
    row,
)
from yui.kernel.access.public import acting_as
from yui.kernel.tenancy.public import BodyRef, body_scope
from yui.services.dashboards.boards import BoardError, PanelForm, list_boards, read_board

__all__ = ["sign_in"]
HERE = "/figures/999016/digital_contact/v2"


@pytest.fixture
def published(db: None) -> None:
    """Two versions of a share, and a population with two projections."""
    second = replace(
        SHARE,
        version=2,
        question=replace(SHARE.question, ja="すべての学校で、保護者への連絡は電子だけですか"),
    )
    with body_scope("999016"), acting_as(CLERK):
        publish_definition(SHARE)
        record_figures(
            SHARE.code,
            [row(period="FY2021", done=1), row(period="FY2022", done=2, schools=8)][1:],
            query=QUERY,
        )
        publish_definition(second)
        record_figures(
            SHARE.code,
            [
                row(period="FY2023"),
                row(),
                row(CHUO, done=0, schools=16),
                row(TOKYO, done=5, schools=8),
                replace(row(MINATO), inputs={}, absence=Absence.NOT_PUBLISHED),
            ],
            query=QUERY,
        )
        publish_figures(SHARE.code, version=1)
        publish_figures(SHARE.code, version=2)
        publish_definition(POPULATION)
        register_vintage(R5)
        register_vintage(H29)
        record_figures(
            POPULATION.code,
            [
                row("000000", "2020", people=12615),
                projected(11284, "ipss-2023"),
                projected(10469, "ipss-2023", "2050"),
                projected(11092, "ipss-2017"),
            ],
            query=QUERY,
        )
        publish_figures(POPULATION.code)


def text(path: str, language: str = "ja", client: Client | None = None) -> str:
    answer = (client or Client()).get(path, headers={"accept-language": language})
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_public_page_opens_without_a_sign_in(language: str) -> None:
    for path in (
        "/figures/",
        "/figures/forms/",
        f"{HERE}/",
        f"{HERE}/{CHIYODA}/",
        f"/figures/boards/outlook/{CHIYODA}/",
    ):
        assert text(path, language).count("<h1") == 1
    for path in (f"{HERE}/999999/", "/figures/999016/digital_contact/v9/", "/figures/boards/none/131016/"):
        assert Client().get(path).status_code == 404


@pytest.mark.usefixtures("published")
def test_a_figure_has_all_it_takes_to_judge_it() -> None:
    page = text(f"{HERE}/{CHIYODA}/")
    assert page.count("<svg") >= 4
    for told in (
        "37.5％",
        "学校調査",
        "2026年11月25日",
        "定義第2版",
        "目標100％まであと62.5ポイント",
        "100 * done / schools",
        "131016",
    ):
        assert told in page, told
    assert "chart-wide" in page
    assert "chart-phone" in page
    assert "定義の変更" in page
    assert f"{HERE}/{CHIYODA}/chart.csv" in page
    assert re.search(r"SHA-256 [0-9a-f]{64}", page)


@pytest.mark.usefixtures("published")
def test_a_line_breaks_where_the_definition_changes() -> None:
    first = text(f"/figures/999016/digital_contact/v1/{CHIYODA}/")
    assert "定義の変更" not in first
    assert "定義の変更" in text(f"{HERE}/{CHIYODA}/")


@pytest.mark.usefixtures("published")
def test_not_published_is_told_and_is_not_nought() -> None:
    assert "公表されていない" in text(f"{HERE}/{MINATO}/")
    assert "0.0％" not in text(f"{HERE}/{MINATO}/")
    assert "0.0％" in text(f"{HERE}/{CHUO}/")
    table = json.loads(Client().get(f"{HERE}/{MINATO}/chart.json").content)
    assert [(one["value"], one["absence"]) for one in table] == [(None, "not_published")]


@pytest.mark.usefixtures("published")
def test_a_value_stands_beside_its_prefecture_and_its_neighbours() -> None:
    page = text(f"{HERE}/{CHIYODA}/")
    assert "比べた2のうち千代田区より高いのは1" in page
    assert "東京都" in page
    assert "中央区" in page


@pytest.mark.usefixtures("published")
def test_two_releases_of_a_projection_are_two_lines() -> None:
    page = text("/figures/999016/population/v1/000000/")
    assert "推計 ipss-2017" in page
    assert "推計 ipss-2023" in page


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("kind", "begins"),
    [("csv", b"\xef\xbb\xbf"), ("json", b"["), ("svg", b"<svg"), ("png", b"\x89PNG"), ("vl.json", b"{")],
)
def test_downloads(kind: str, begins: bytes) -> None:
    answer = Client().get(f"{HERE}/{CHIYODA}/chart.{kind}")
    assert answer.content.startswith(begins)
    assert "attachment" in answer["Content-Disposition"]
    if kind == "json":
        assert [one["value"] for one in json.loads(answer.content)] == ["37.5", "37.5"]
    assert Client().get(f"{HERE}/{CHIYODA}/chart.exe").status_code == 404


@pytest.mark.usefixtures("published")
def test_the_whole_publication_can_be_taken_away_and_computed_again() -> None:
    packed = zipfile.ZipFile(BytesIO(Client().get(f"{HERE}/files/publication.zip").content))
    files = {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}
    assert find_faults(files) == []
    assert Client().get(f"{HERE}/files/result.json").content == files["result.json"]
    assert Client().get(f"{HERE}/files/secret").status_code == 404


@pytest.mark.usefixtures("published")
def test_what_was_published_then_stays_at_its_address() -> None:
    assert Client().get(f"{HERE}/{CHIYODA}/?on=2000-01-01").status_code == 404
    assert "新しい公表があります" not in text(f"{HERE}/{CHIYODA}/?on=2999-01-01")


def test_a_board_is_data() -> None:
    board = read_board("title: {ja: 題, en: T}\npanels: [{indicator: a, form: line}]", "x")
    assert board.panels[0].form is PanelForm.LINE
    with pytest.raises(BoardError, match="x: "):
        read_board("title: {ja: 題}\npanels: [{indicator: a, form: pie}]", "x")
    assert {one.code for one in list_boards()} >= {"outlook"}


def test_a_board_says_what_nobody_has_published(db: None) -> None:
    assert "この地域の値は公表されていません" in text(f"/figures/boards/outlook/{CHIYODA}/")


def test_by_hand_and_a_second_look(sign_in: SignIn, body: BodyRef) -> None:
    with acting_as(CLERK):
        publish_definition(SHARE)
    officer, checker = sign_in("figures_officer"), sign_in("figures_checker")
    assert officer.get("/figures/desk/entries/").status_code == 403
    assert checker.get("/figures/desk/enter/").status_code == 403
    assert Client().get("/figures/desk/enter/").status_code == 303
    assert "/figures/desk/enter/digital_contact/1/" in text("/figures/desk/enter/", client=officer)
    address = "/figures/desk/enter/digital_contact/1/"
    page = text(address, client=officer)
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token is not None
    entered = {
        "form_token": token[1],
        "area": CHIYODA,
        "period": "FY2024",
        "status": FigureStatus.ACTUAL.value,
        "vintage": "",
        "absence": "",
        "input_done": "3",
        "input_schools": "8",
        "source": "学校調査",
    }
    names = re.findall(r'name="(retrieved_on[^"]*)"', page)
    entered |= dict(zip(names, ("reiwa", "8", "11", "25"), strict=False))
    refused = officer.post(address, {**entered, "input_schools": ""})
    assert refused.status_code == 422
    assert officer.post(address, {**entered, "period": "soon"}).status_code == 422
    assert officer.post(address, entered).status_code == 303
    entry = HandEntry.objects.get()
    assert list_figures(SHARE.code) == []
    assert "done = 3" in text("/figures/desk/entries/", client=checker)
    both = sign_in("figures_officer", "figures_checker")
    assert both.post(f"/figures/desk/entries/{entry.public_id}/confirm/").status_code == 302
    assert len(list_figures(SHARE.code)) == 1
    assert checker.post(f"/figures/desk/entries/{entry.public_id}/else/").status_code == 404


def test_another_bodys_value_stands_beside_only_if_both_mean_the_same(db: None) -> None:
    other = replace(SHARE, population=replace(SHARE.population, ja="私立の小学校"))
    with body_scope("999016"), acting_as(CLERK):
        publish_definition(SHARE)
        record_figures(SHARE.code, [row()], query=QUERY)
        publish_figures(SHARE.code)
    for definition, area in (
        (replace(SHARE, owner="別の課", targets={}), CHUO),
        (replace(other, version=2), MINATO),
    ):
        with body_scope("999024"), acting_as(CLERK):
            publish_definition(definition)
            record_figures(SHARE.code, [row(area)], query=QUERY)
            publish_figures(SHARE.code)
    page = text(f"/figures/999016/digital_contact/v1/{CHIYODA}/")
    assert "中央区" in page
    assert "港区" not in page
