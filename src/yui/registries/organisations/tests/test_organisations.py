import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yui.kernel.tables.public import TableError
from yui.registries.organisations.cli import app
from yui.registries.organisations.public import (
    OrganisationKind,
    OrganisationRef,
    OrganisationRefused,
    find_organisation,
    get_organisation,
    import_corporations,
    list_organisations,
    load_local_governments,
    save_organisations,
)

pytestmark = pytest.mark.django_db

DIGITAL = OrganisationRef("8000012010038", OrganisationKind.NATIONAL_BODY, "デジタル庁", source="test")


def row(number: str, name: str, **more: str) -> list[str]:
    values = {
        "seq": "1", "number": number, "process": "01", "correct": "0", "updated": "2018-04-02", "changed": "2015-10-05",
        "name": name, "img": "", "kind": "301", "pref": "東京都", "city": "千代田区", "street": "霞が関３丁目１－１",
        "img2": "", "pc": "13", "cc": "101", "zip": "1000013", "abroad": "", "img3": "", "closed": "", "cause": "",
        "successor": "", "detail": "", "assigned": "2015-10-05", "latest": "1", "en": "", "en_pref": "", "en_city": "",
        "en_abroad": "", "kana": "", "hidden": "0",
    }  # fmt: skip
    return list((values | more).values())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "13_tokyo.csv"
    with path.open("w", encoding="cp932", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(
            [
                row("7000012050002", "国税庁", kind="101", kana="コクゼイチョウ"),
                row("6120001039879", "昔の名前", latest="0"),
                row("6120001039879", "今の名前", closed="2020-03-31", successor="7000012050002"),
                row("7000012050003", "検査数字違い"),
                row("3000020112020", "熊谷市", kind="201", pc="11", cc="202", assigned=""),
                row("8000020130001", "隠れ", hidden="1"),
            ]
        )
    return path


def test_local_governments_are_entered_once_with_their_computable_number() -> None:
    today = date(2026, 4, 1)
    outcome = load_local_governments(today)
    assert outcome.added == 1788
    assert get_organisation("8000020130001").name == "東京都"
    assert get_organisation("3000020112020").area_code == "112020"
    assert load_local_governments(today).unchanged == 1788


def test_the_tax_agencys_file_is_taken_over_in_its_latest_state(file: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    assert import_corporations(file, dry_run=True).added == 3
    assert find_organisation("7000012050002") is None
    outcome = import_corporations(file, dry_run=False, rejects=rejects)
    assert (outcome.added, outcome.refused, outcome.passed_over) == (3, 1, 2)
    agency = get_organisation("7000012050002")
    assert (agency.kind, agency.area_code, agency.address) == (
        OrganisationKind.NATIONAL_BODY, "131016", "東京都千代田区霞が関３丁目１－１",
    )  # fmt: skip
    closed = get_organisation("6120001039879")
    assert (closed.name, closed.successor_number) == ("今の名前", "7000012050002")
    assert closed.is_valid_on(date(2020, 3, 30))
    assert not closed.is_valid_on(date(2020, 3, 31))
    assert "検査数字違い" in rejects.read_text(encoding="utf-8-sig")
    again = import_corporations(file, dry_run=False)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)


def test_what_the_tax_agency_told_of_a_city_is_kept(file: Path) -> None:
    import_corporations(file, dry_run=False)
    assert load_local_governments(date(2026, 4, 1)).added == 1787
    assert get_organisation("3000020112020").postal_code == "1000013"


def test_a_change_is_a_change() -> None:
    assert save_organisations([DIGITAL]).added == 1
    assert save_organisations([replace(DIGITAL, kana="デジタルチョウ")]).changed == 1
    assert (
        list_organisations(kind=OrganisationKind.NATIONAL_BODY, name="デジタル")[0].kana == "デジタルチョウ"
    )


@pytest.mark.parametrize("given", [[replace(DIGITAL, number="8000012010039")], [DIGITAL, DIGITAL]])
def test_a_wrong_or_doubled_number_stores_nothing(given: list[OrganisationRef]) -> None:
    with pytest.raises(OrganisationRefused):
        save_organisations(given)
    assert list_organisations() == []


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("名称,住所\n公園,本町\n", encoding="utf-8")
    with pytest.raises(TableError):
        import_corporations(path, dry_run=False)


def test_the_commands(file: Path) -> None:
    run = CliRunner().invoke
    assert run(app, ["import", str(file), "--dry-run"]).exit_code == 3
    assert run(app, ["load"]).exit_code == 0
    assert "東京都" in run(app, ["show", "8000020130001"]).stdout
    assert run(app, ["show", "0"]).exit_code == 1
    assert "熊谷市" in run(app, ["list", "--area", "112020"]).stdout
