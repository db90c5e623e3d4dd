import json
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from typer.testing import CliRunner

from yui.kernel.tables.public import TableError
from yui.registries.areas.cli import app
from yui.registries.areas.models import Area, AreaChange
from yui.registries.areas.public import (
    MUNICIPAL_KINDS,
    AreaKind,
    AreaRef,
    add_areas,
    area_as_of,
    find_area,
    find_areas_by_name,
    get_area,
    import_areas,
    list_areas,
    list_changes,
    list_towns,
    load_bundled,
    predecessors,
    successors,
)

pytestmark = pytest.mark.django_db

CITY_HEADER = (
    "lg_code,pref,pref_kana,pref_roma,county,county_kana,county_roma,city,city_kana,city_roma,ward,ward_kana,"
    "ward_roma,efct_date,ablt_date,remarks\n"
)
CITY_ROWS = (
    "221309,静岡県,シズオカケン,Shizuoka,,,,浜松市,ハママツシ,Hamamatsu-shi,,,,1947-04-17,,\n"
    "221384,静岡県,シズオカケン,Shizuoka,,,,浜松市,ハママツシ,Hamamatsu-shi,中央区,チュウオウク,Chuo-ku,2024-01-01,,\n"
    "394050,高知県,コウチケン,Kochi,高岡郡,タカオカグン,Takaoka-gun,檮原町,ユスハラチョウ,Yusuhara-cho,,,,1947-04-17,,\n"
    "016951,北海道,ホッカイドウ,Hokkaido,色丹郡,シコタングン,Shikotan-gun,色丹村,シコタンムラ,Shikotan-mura,,,,"
    "1947-04-17,,\n"
)


@pytest.fixture
def city_file(tmp_path: Path) -> Path:
    path = tmp_path / "mt_city.csv"
    path.write_text(CITY_HEADER + CITY_ROWS, encoding="utf-8-sig")
    return path


def test_every_area_is_there_after_the_migrations() -> None:
    today = date(2026, 4, 1)
    assert len(list_areas(as_of=today, kinds=MUNICIPAL_KINDS)) == 1741
    assert len(list_areas(as_of=today, kinds=[AreaKind.WARD])) == 171
    assert len(list_areas(as_of=today, kinds=[AreaKind.PREFECTURE])) == 47


def test_hamamatsu_had_seven_wards_until_2024() -> None:
    def wards(day: date) -> list[str]:
        return [area.name for area in list_areas(as_of=day, kinds=[AreaKind.WARD]) if area.city == "浜松市"]

    assert wards(date(2023, 12, 31)) == ["中区", "東区", "西区", "南区", "北区", "浜北区", "天竜区"]
    assert wards(date(2024, 1, 1)) == ["中央区", "浜名区", "天竜区"]
    assert [area.name for area in successors("221350", date(2024, 4, 1))] == ["中央区", "浜名区"]
    assert [area.name for area in successors("221350", date(2020, 4, 1))] == ["北区"]
    assert [area.code for area in predecessors("221392", date(2020, 4, 1))] == ["221350", "221368"]


def test_a_second_load_changes_nothing() -> None:
    outcome = load_bundled()
    assert (outcome.added, outcome.changed) == (0, 0)


def test_the_registry_file_adds_spellings_and_villages_once(city_file: Path) -> None:
    before = Area.objects.count()
    assert import_areas(city_file, dry_run=True).added == 1
    assert Area.objects.count() == before
    outcome = import_areas(city_file, dry_run=False)
    assert (outcome.added, outcome.changed, outcome.refused) == (1, 3, 0)
    assert area_as_of("016951", date(2026, 1, 1)).kind is AreaKind.NORTHERN_VILLAGE
    town = get_area("394050")
    assert (town.name, town.romaji, town.county) == ("檮原町", "Yusuhara-cho", "高岡郡")
    assert get_area("221384").parent_code == "221309"
    again = import_areas(city_file, dry_run=False)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 4)


def test_a_wrong_check_digit_is_refused_and_the_row_kept(city_file: Path, tmp_path: Path) -> None:
    city_file.write_text(CITY_HEADER + CITY_ROWS.replace("394050", "394051"), encoding="utf-8")
    rejects = tmp_path / "rejects.csv"
    outcome = import_areas(city_file, dry_run=False, rejects=rejects)
    assert outcome.refused == 1
    assert "394051" in rejects.read_text(encoding="utf-8-sig")


def test_points_are_laid_on_the_areas_in_force(tmp_path: Path) -> None:
    path = tmp_path / "mt_city_pos.csv"
    path.write_text(
        "lg_code,rep_lon,rep_lat,rep_srid\n011002,141.354374,43.061972,EPSG:6668\n999016,1.0,2.0,\n"
    )
    outcome = import_areas(path, dry_run=False)
    assert (outcome.changed, outcome.unchanged) == (1, 0)
    assert (get_area("011002").latitude, get_area("011002").longitude) == (43.061972, 141.354374)
    assert any("999016" in remark for remark in outcome.remarks)
    assert import_areas(path, dry_run=False).changed == 0


def test_town_blocks_are_imported_and_corrected(tmp_path: Path) -> None:
    path = tmp_path / "mt_town.csv"
    header = "lg_code,machiaza_id,machiaza_type,oaza_cho,oaza_cho_kana,chome,chome_kana,koaza,koaza_kana,rsdt_addr_flg,"
    header += "efct_date,ablt_date,post_code\n"
    row = "131016,0001001,2,飯田橋,イイダバシ,一丁目,１チョウメ,,,1,1947-04-17,,1020072;1028700\n"
    path.write_text(header + row, encoding="utf-8")
    assert import_areas(path, dry_run=False).added == 1
    [town] = list_towns("131016")
    assert (town.name, town.residential_indication, town.postal_codes) == (
        "飯田橋一丁目",
        True,
        ("1020072", "1028700"),
    )
    path.write_text(header + row.replace("イイダバシ", "イイダバシチョウ"), encoding="utf-8")
    outcome = import_areas(path, dry_run=False)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 1, 0)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("名称,住所\n公園,本町\n", encoding="utf-8")
    with pytest.raises(TableError):
        import_areas(path, dry_run=False)


def test_areas_of_a_sample_can_be_added() -> None:
    area = AreaRef(
        "999016",
        AreaKind.CITY,
        "結見市",
        "ユイミシ",
        prefecture="結県",
        parent_code="990001",
        source="sample",
    )
    assert add_areas([area]) == 1
    assert add_areas([area]) == 0
    assert find_area("999016").full_name == "結県結見市"


def test_two_spans_of_one_code_cannot_overlap() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(code="131016", kind=AreaKind.CITY, name="x", prefecture="y", source="z")


def test_names_are_no_keys() -> None:
    assert len(find_areas_by_name("川上村", as_of=date(2026, 1, 1))) == 2
    assert [area.code for area in find_areas_by_name("奈良県吉野郡川上村", as_of=date(2026, 1, 1))] == [
        "294527"
    ]
    assert find_areas_by_name("どこにもない町", as_of=date(2026, 1, 1)) == []


def test_an_unknown_code_is_told() -> None:
    assert find_area("000000") is None
    with pytest.raises(LookupError):
        get_area("000000")


def test_the_commands_print_what_they_say(city_file: Path) -> None:
    run = CliRunner().invoke
    assert run(app, ["import", str(city_file), "--dry-run"]).exit_code == 0
    listed = json.loads(run(app, ["list", "--prefecture", "390003", "--json"]).stdout)
    assert len(listed) == 34
    shown = run(app, ["show", "221350", "--on", "2024-04-01"]).stdout
    assert "221392" in shown
    assert run(app, ["show", "000000"]).exit_code == 1
    assert "三重県" in run(app, ["postal", "498-0000"]).stdout
    assert run(app, ["import", "nowhere.csv"]).exit_code == 1


def test_changes_are_listed_by_day() -> None:
    assert len(list_changes(since=date(2024, 1, 1))) == AreaChange.objects.count() == 8
