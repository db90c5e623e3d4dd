import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yui.kernel.access.public import PermissionRefused, acting_as, system_actor
from yui.kernel.journal.public import list_entries
from yui.kernel.tenancy.public import BodyRef, NoActiveBody
from yui.registries.areas.public import AreaKind, AreaRef, add_areas
from yui.registries.facilities.cli import app
from yui.registries.facilities.examining import examine_file
from yui.registries.facilities.models import Facility
from yui.registries.facilities.public import (
    FacilityKind,
    Verdict,
    count_facilities,
    export_facilities,
    find_facility,
    import_facilities,
    list_facilities,
)

pytestmark = pytest.mark.django_db

TOILETS = """公衆トイレ一覧,,,,,,,,,
市区町村コード,ＮＯ,市区町村名,名称,住所,緯度,経度,男性トイレ総数,車椅子使用者用トイレ有無,利用開始時間,電話番号,色
99901,1,結見市,駅前トイレ,結見市駅前１－１,34.5,134.1,２,有,0:00,(087)839-2522,青
99901,2,結見市,港トイレ,結見市港町2,134.2,34.6,,無,終日,ー,
99902,3,稲架町,町トイレ,稲架町本町3,34.7,134.3,1,有,8：30,,
999016,4,結見市,,結見市浜町4,34.8,134.4,1,△,,,
999011,5,結見市,山のトイレ,,0,0,1,有,,,
999016,6,結見市,"川の
トイレ",結見市川端6,,,"1,000",有,,,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(TOILETS, encoding="cp932")
    return path


@pytest.fixture(autouse=True)
def areas() -> None:
    for code, name in (("999016", "結見市"), ("999024", "稲架町")):
        add_areas(
            [AreaRef(code, AreaKind.CITY, name, prefecture="結県", parent_code="990001", source="sample")]
        )


@pytest.mark.usefixtures("staff")
def test_a_list_is_imported_with_what_was_mended_and_why_rows_were_refused(
    body: BodyRef, file: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    report = import_facilities(file, dry_run=False, rejects=rejects)
    assert (report.verdict, report.kind, report.encoding) == (
        Verdict.IMPORTED, FacilityKind.PUBLIC_TOILET, "cp932",
    )  # fmt: skip
    assert (report.rows, report.accepted, report.refused, report.added) == (6, 3, 3, 3)
    station, harbour, river = list_facilities(kind=FacilityKind.PUBLIC_TOILET)
    assert (station.name, station.address, station.phone, station.opens_at) == (
        "駅前トイレ", "結見市駅前１－１", "087-839-2522", "00:00",
    )  # fmt: skip
    assert station.details == {"men_total": 2, "wheelchair": "yes"}
    assert (harbour.latitude, harbour.longitude) == (34.6, 134.2), "exchanged in the file"
    assert river.name == "川の トイレ"
    stored = Facility.objects.get(name="港トイレ")
    assert stored.as_written == {"opens_at": "終日"}
    assert Facility.objects.get(name="駅前トイレ").extra == {"色": "青"}
    codes = {remark.code: remark.count for remark in report.remarks}
    assert codes["swapped"] == 1
    assert codes["name_line_breaks"] == 1
    assert codes["preamble"] == 1
    assert all(remark.text for remark in report.remarks)
    with rejects.open(encoding="utf-8-sig", newline="") as stream:
        written = list(csv.reader(stream))
    assert [row[0] for row in written[1:]] == ["5", "6", "7"][: len(written) - 1]
    assert written[1][3:6] == ["99902", "3", "稲架町"]


@pytest.mark.usefixtures("staff")
def test_a_second_run_does_nothing_twice_and_a_correction_changes_one(body: BodyRef, file: Path) -> None:
    import_facilities(file, dry_run=False)
    ids = {view.name: view.public_id for view in list_facilities()}
    again = import_facilities(file, dry_run=False)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    file.write_text(TOILETS.replace("港町2", "港町２番地"), encoding="utf-8-sig")
    third = import_facilities(file, dry_run=False)
    assert (third.added, third.changed, third.unchanged) == (0, 1, 2)
    assert {view.name: view.public_id for view in list_facilities()} == ids
    file.write_text("\n".join(TOILETS.split("\n")[:3]) + "\n", encoding="utf-8")
    fourth = import_facilities(file, dry_run=False)
    assert {remark.code: remark.count for remark in fourth.remarks}["gone"] == 2
    assert len(list_facilities()) == 3, "what is no longer listed stays"


@pytest.mark.usefixtures("staff")
def test_a_dry_run_stores_nothing(body: BodyRef, file: Path) -> None:
    report = import_facilities(file, dry_run=True)
    assert (report.verdict, report.added) == (Verdict.IMPORTABLE, 3)
    assert list_facilities() == []
    assert not [entry for entry in list_entries() if entry.act == "facilities.list.imported"]


@pytest.mark.usefixtures("staff")
def test_an_import_is_journalled_with_counts(body: BodyRef, file: Path) -> None:
    import_facilities(file, dry_run=False)
    entries = [entry for entry in list_entries() if entry.act == "facilities.list.imported"]
    assert len(entries) == 1


def test_an_import_needs_a_permission_and_a_body(body: BodyRef, file: Path) -> None:
    with acting_as(system_actor("nobody", permissions=frozenset())), pytest.raises(PermissionRefused):
        import_facilities(file, dry_run=True)


def test_no_body_no_facilities(db: None) -> None:
    with pytest.raises(NoActiveBody):
        list_facilities()


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("市,人口,世帯\n甲市,10,4\n乙市,20,8\n", "人口"),
        ("No.,経度\n1,129.0\n2,129.1\n", "経度"),
        ("名称,説明\n東公園,広い\n西公園,狭い\n", "説明"),
        ("イベント名,開始日,終了日\n祭,2024-01-01,2024-01-02\n市,2024-02-01,2024-02-02\n", "イベント一覧"),
        ("名称,住所,緯度,経度\n,,,\n", "観光施設一覧"),
        ("名称,住所\n,本町1\n,本町2\n", ""),
    ],
)
def test_what_lists_no_facilities_is_refused_with_its_reason(
    body: BodyRef, tmp_path: Path, text: str, part: str
) -> None:
    path = tmp_path / "tourism.csv"
    path.write_text(text, encoding="utf-8")
    report = import_facilities(path, dry_run=False)
    assert report.verdict is Verdict.REFUSED
    assert part in report.reason
    assert report.reason
    assert list_facilities() == []


@pytest.mark.usefixtures("staff")
def test_name_and_address_tell_apart_where_numbers_repeat(body: BodyRef, tmp_path: Path) -> None:
    path = tmp_path / "park.csv"
    path.write_text(
        "NO,名称,住所,備考\n1,東公園,本町1,a\n1,西公園,本町2,b\n1,東公園,本町1,a\n1,東公園,本町1,c\n",
        encoding="utf-8",
    )
    report = import_facilities(path, dry_run=False)
    assert (report.kind, report.accepted, report.refused) == (FacilityKind.PARK, 2, 1)
    codes = {remark.code: remark.rows for remark in report.remarks}
    assert codes["same_rows"] == (4,)
    assert codes["refused_rows"] == (5,)
    assert "numbers_repeated" in codes


def test_a_prefecture_may_list_the_facilities_of_its_municipalities(db: None, file: Path) -> None:
    examined = examine_file(file, as_of=dt.date(2026, 4, 1), body_code="990001")
    assert [draft.area_code for draft in examined.drafts] == ["999016", "999016", "999024", "999016"]


@pytest.mark.usefixtures("staff")
def test_another_body_sees_nothing(body: BodyRef, file: Path) -> None:
    import_facilities(file, dry_run=False)
    [first, *_] = list_facilities()
    assert find_facility(first.public_id) == first
    assert count_facilities() == {FacilityKind.PUBLIC_TOILET: 3}


@pytest.mark.usefixtures("staff")
def test_what_is_exported_is_imported_the_same(body: BodyRef, file: Path, tmp_path: Path) -> None:
    import_facilities(file, dry_run=False)
    path = tmp_path / "public_toilet.csv"
    assert export_facilities(path, FacilityKind.PUBLIC_TOILET) == 3
    report = import_facilities(path, dry_run=True)
    assert (report.kind, report.accepted, report.refused, report.added) == (
        FacilityKind.PUBLIC_TOILET,
        3,
        0,
        0,
    )


def test_the_commands(db: None, file: Path) -> None:
    run = CliRunner().invoke
    result = run(app, ["import", str(file), "--body", "999016", "--dry-run", "--json"])
    assert result.exit_code == 3, result.output
    assert json.loads(result.stdout)[0]["accepted"] == 3
    assert run(app, ["import", str(file), "--body", "000000"]).exit_code == 1
    survey = run(app, ["survey", str(file.parent), "--json"])
    assert [report["verdict"] for report in json.loads(survey.stdout)] == ["importable"]
    assert run(app, ["list", "--body", "999016"]).exit_code == 0


@pytest.mark.usefixtures("staff")
def test_cells_that_cannot_be_stored_as_they_are_stay_as_written(body: BodyRef, tmp_path: Path) -> None:
    path = tmp_path / "park.csv"
    numbers = "9" * 160
    path.write_text(
        f"NO,名称,住所,定員,経度,緯度\n{numbers},東公園,本町1,99999999999,134.1,\n", encoding="utf-8"
    )
    assert import_facilities(path, dry_run=False).accepted == 1
    [park] = Facility.objects.all()
    assert park.as_written == {"local_id": numbers, "capacity": "99999999999", "longitude": "134.1"}
    assert park.source_key.startswith("at:")
