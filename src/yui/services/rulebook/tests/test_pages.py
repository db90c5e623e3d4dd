"""The rulebook: who may read it, what stands on its pages, and that a broken card is told and hides nothing else."""

import re
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.pages.conftest import SignIn, sign_in

from yui.engines.rules.public import Month
from yui.kernel.tenancy.public import BodyRef
from yui.procedures.programmes import queries
from yui.procedures.programmes.models import NextCriticalDate
from yui.procedures.programmes.public import BrokenProgramme, Place, list_programmes

__all__ = ["sign_in"]
ALLOWANCE = "child_allowance"
PARTS = ("", "tables/", "conditions/", "cases/", "concerned/")


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in("rule_officer")


def text(client: Client, path: str, language: str = "ja") -> str:
    answer = client.get(f"/rulebook/{path}", headers={"accept-language": language})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_only_who_may_reads_it(sign_in: SignIn) -> None:
    for path in ("", *(f"{ALLOWANCE}/{part}" for part in PARTS)):
        assert sign_in("cashier").get(f"/rulebook/{path}").status_code == 403
        assert Client().get(f"/rulebook/{path}").status_code == 303


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("programme", [programme.cards[0].id for programme in list_programmes()])
def test_every_programme_has_its_pages(officer: Client, programme: str, language: str) -> None:
    listed = text(officer, "", language)
    assert f"/rulebook/{programme}/" in listed
    for part in PARTS:
        assert "<h1" in text(officer, f"{programme}/{part}", language)


def test_law_versions_and_what_changed(officer: Client) -> None:
    page = text(officer, f"{ALLOWANCE}/")
    assert "https://laws.e-gov.go.jp/law/346AC0000000073" in page
    assert "2024年10月に変わったこと" in page
    assert "月初 <= 十五歳年度末" in page
    assert "複数の公表と一致" in page
    assert "2, 4, 6, 8, 10, 12 (児童手当法第8条第4項)" in text(officer, f"{ALLOWANCE}/", "en")


def test_tables_stand_side_by_side(officer: Client) -> None:
    page = text(officer, f"{ALLOWANCE}/tables/")
    assert page.index("2022-06") < page.index("2024-10") < page.index("30,000円")
    assert "6,220,000円" in page
    assert "2024-10–: 令和6年法律第47号（2024-06-12）" in page


def test_conditions_in_the_readers_language_and_the_decision(officer: Client) -> None:
    page = text(officer, f"{ALLOWANCE}/conditions/")
    assert "〔十八歳年度末〕" in page
    assert "もらえません" in page
    assert "not 十八歳年度末まで" in page
    assert "The claimant lives in Japan." in text(officer, f"{ALLOWANCE}/conditions/", "en")


def test_a_case_says_whose_income_was_too_high(officer: Client) -> None:
    """By the identifiers that the table of cases gives; the page knows no names."""
    page = text(officer, "national_pension_exemption/cases/", "en")
    whole = "Applicant, spouse or head of household does not meet the income limit for full exemption."
    assert re.search(rf"{re.escape(whole)}.*?<li>\w+: The income is above ¥[\d,]+\.</li>", page, re.DOTALL)


def test_cases_are_decided_now(officer: Client) -> None:
    page = text(officer, f"{ALLOWANCE}/cases/")
    assert "1歳の子が一人" in page
    assert "すべての事例で、期待どおりの結果です" in page


def test_who_is_concerned_is_counted_in_this_body_only(
    officer: Client, body: BodyRef, other_body: BodyRef
) -> None:
    this_month = Month.of(timezone.localdate())
    for months in (1, 1, 3, 200):
        NextCriticalDate.objects.create(
            programme=ALLOWANCE, person=uuid4(), on=this_month.plus(months).first_day
        )
    page = text(officer, f"{ALLOWANCE}/concerned/", "en")
    assert ">4<" in page
    assert ">3<" in page
    assert page.count("rowheader") == 2


def test_a_programme_that_is_not_there_is_not_found(officer: Client) -> None:
    assert officer.get("/rulebook/nothing/").status_code == 404


def test_a_broken_card_is_told_and_hides_nothing_else(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "service" / "cards" / "broken"
    folder.mkdir(parents=True)
    (folder / "2024-10.yaml").write_text("card: broken\nconfidence: sure\n", encoding="utf-8")
    place = Place("broken", "service", folder)
    with pytest.raises(BrokenProgramme) as caught:
        queries.load_programme(place)
    places = {"broken": place, ALLOWANCE: queries.get_place(ALLOWANCE)}
    monkeypatch.setattr(queries, "_places", lambda: places)
    monkeypatch.setattr("yui.procedures.programmes.public.list_mistakes", lambda: list(caught.value.mistakes))
    page = text(officer, "")
    assert "ルールカードに誤りがあります" in page
    assert "2024-10.yaml" in page
    assert "児童手当" in page
    assert "2行" in text(officer, "broken/")
