"""Writes the sample to files: resident imports, what belongs to them, and who can sign in."""

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

from yui.kernel.calendar.public import Month
from yui.shell.sample.accounts import AccountBook
from yui.shell.sample.figures import read_table
from yui.shell.sample.generator import DEFAULT_DAY, DEFAULT_SEED, Roll, generate
from yui.shell.sample.geography import BUS_VILLAGE, PREFECTURE_NAME, municipality
from yui.shell.sample.landmarks import Census, write_definition
from yui.shell.sample.record import HEADINGS
from yui.shell.sample.story import Character, characters
from yui.shell.sample.streets import streets_of
from yui.shell.sample.structures import Household, Person

MANIFEST = "manifest.json"
PEOPLE = "people.json"

_KINDS = ("residents", "claimants", "accounts", "protected", "my_numbers")
_CLAIMANT_HEADINGS = ("世帯番号", "受給者宛名番号", "児童宛名番号", "支給開始年月", "監護相当の子の宛名番号")
_ACCOUNT_HEADINGS = ("宛名番号", "金融機関コード", "支店コード", "預金種目", "口座番号", "口座名義カナ")
_MY_NUMBER_HEADINGS = ("宛名番号", "個人番号（練習用）")
_PROTECTED_HEADINGS = ("宛名番号", "支援措置の区分", "開始年月日", "終了年月日")

RESIDENT_CLIENT, STAFF_CLIENT = "RP00000001", "RP00000002"
"""Our registrations at the practice sign-in provider; it hands each character's id out as the subject."""

# Grown children matter for the allowance only where they make another child the third.
_THIRD_CHILD = 3

Progress = Callable[[str, int], None]
"""Told the municipality's code and how many of its residents were written since the last call."""


@dataclass(frozen=True)
class MunicipalityFiles:
    """The files of one municipality (names inside the folder) and how much is in them."""

    code: str
    residents: str
    claimants: str
    accounts: str
    protected: str
    my_numbers: str
    resident_count: int
    sha256: str

    @property
    def roads(self) -> str:
        """The roads, as an OpenStreetMap extract."""
        return f"{self.code}_roads.osm"

    @property
    def bus(self) -> str:
        """How its on-demand bus runs; the smallest village has one."""
        return f"{self.code}_bus.yaml"

    @property
    def surroundings(self) -> str:
        """Who lives where, by mesh, and where people go."""
        return f"{self.code}_surroundings.csv"


@dataclass(frozen=True)
class Manifest:
    """What lies in a folder of sample files; written last, so a half-written folder has none."""

    seed: int
    on: str
    residents: int
    municipalities: tuple[MunicipalityFiles, ...]

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the manifest of a folder, None when it has no complete sample."""
        try:
            content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        files = tuple(MunicipalityFiles(**entry) for entry in content.pop("municipalities"))
        return cls(municipalities=files, **content)


def _save_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write(
    folder: Path,
    seed: int = DEFAULT_SEED,
    residents: int | None = None,
    on: date = DEFAULT_DAY,
    progress: Progress | None = None,
) -> Manifest:
    """Generate the sample into `folder` and return its manifest.

    Raises:
        ValueError: fewer residents than the sample needs.
        OSError: the folder cannot be written.
    """
    rolls = generate(seed, residents, on)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    people: list[dict[str, Any]] = []
    written = tuple(_write_municipality(folder, roll, people, progress) for roll in rolls)
    _save_json(folder / PEOPLE, people + _staff())
    manifest = Manifest(seed, on.isoformat(), sum(roll.residents for roll in rolls), written)
    _save_json(folder / MANIFEST, asdict(manifest))
    return manifest


def _write_municipality(
    folder: Path, roll: Roll, people: list[dict[str, Any]], progress: Progress | None
) -> MunicipalityFiles:
    code = roll.place.code
    names = {kind: f"{code}_{kind}.csv" for kind in _KINDS}
    streets = streets_of(roll.place, roll.plan.seed, roll.residents)
    census = Census(streets)
    told = characters(roll.place.slug)
    book = AccountBook()
    digest = hashlib.sha256()
    records = (folder / names["residents"]).open("wb")
    claims = (folder / names["claimants"]).open("w", encoding="utf-8", newline="")
    accounts = (folder / names["accounts"]).open("w", encoding="utf-8", newline="")
    protected = (folder / names["protected"]).open("w", encoding="utf-8", newline="")
    my_numbers = (folder / names["my_numbers"]).open("w", encoding="utf-8", newline="")
    with records, claims, accounts, protected, my_numbers:
        my_numbers.write(",".join(_MY_NUMBER_HEADINGS) + "\n")
        claim_rows = csv.writer(claims, lineterminator="\n")
        account_rows = csv.writer(accounts, lineterminator="\n")
        protected_rows = csv.writer(protected, lineterminator="\n")
        claim_rows.writerow(_CLAIMANT_HEADINGS)
        account_rows.writerow(_ACCOUNT_HEADINGS)
        protected_rows.writerow(_PROTECTED_HEADINGS)
        heading = (",".join(HEADINGS) + "\n").encode()
        records.write(heading)
        digest.update(heading)
        for district in roll.all_districts():
            lines: list[str] = []
            for household in district.households:
                census.count(household)
                lines += roll.records.lines(household)
                my_numbers.writelines(roll.records.my_number_lines(household))
                if household.claimant is not None:
                    claim_rows.writerow(_claim(roll, household, household.claimant))
                for person in household.accounts:
                    account = book.account(person, roll.serial(person))
                    account_rows.writerow(account)
                if household.protected:
                    since, until = _measure(roll, household)
                    for person in household.members:
                        protected_rows.writerow((person.number, household.protected, since, until))
                for position, character in told.get(household.story, ()):
                    people.append(_character(roll, household, household.members[position], character))
            block = "".join(lines).encode()
            records.write(block)
            digest.update(block)
            if progress:
                progress(code, len(lines))
    files = MunicipalityFiles(code=code, **names, resident_count=roll.residents, sha256=digest.hexdigest())
    streets.write(folder / files.roads)
    census.write(folder / files.surroundings)
    if roll.place.slug == BUS_VILLAGE:
        write_definition(folder / files.bus, streets)
    return files


def _claim(roll: Roll, household: Household, claimant: Person) -> tuple[object, ...]:
    """Return who is paid for which children since which month, and the grown children who count with them.

    Source: 児童手当法 第八条第二項 (from the month after the claim), 第六条第一項 (children up to 22 count).
    """
    children = roll.children_of(household)
    months: list[str] = []
    for child in children:
        months.append(str(Month.of(date.fromordinal(max(claimant.became, child.born))) + 1))
    supported = [
        person
        for person in household.members
        if person.role in ("child", "grown_child") and person.age <= 22 and person not in children
    ]
    counted = supported if len(children) + len(supported) >= _THIRD_CHILD else []
    numbers = (" ".join(str(person.number) for person in people) for people in (children, counted))
    return household.number, claimant.number, next(numbers), " ".join(months), next(numbers)


def _measure(roll: Roll, household: Household) -> tuple[str, str]:
    """Return the days a protection measure starts and ends: one year, renewed on application.

    Source: 住民基本台帳事務処理要領 第6 (支援措置の期間は1年).
    """
    started = roll.plan.on - timedelta(days=household.number % 300)
    return started.isoformat(), (started + timedelta(days=365)).isoformat()


def _character(roll: Roll, household: Household, person: Person, character: Character) -> dict[str, Any]:
    place = roll.place
    building = f"　{household.building}" if household.building else ""
    return {
        "id": character.id,
        "kind": "resident",
        "name": f"{person.family}　{person.given}",
        "kana": f"{person.family_kana}　{person.given_kana}",
        "address": f"{PREFECTURE_NAME}{place.name}{household.town.name}{household.block}{building}",
        "birthdate": date.fromordinal(person.born).isoformat(),
        "gender": str(person.sex),
        "municipality_code": place.code,
        "person_number": str(person.number),
        "group": {"ja": place.name, "en": place.romaji},
        "note": {"ja": character.ja, "en": character.en},
        "subjects": {RESIDENT_CLIENT: character.id},
    }


def _staff() -> list[dict[str, Any]]:
    staff: list[dict[str, Any]] = []
    for row in read_table("staff.csv"):
        place = municipality(row["municipality"])
        staff.append(
            {
                "id": row["id"],
                "kind": "staff",
                "name": row["name"],
                "kana": row["kana"],
                "gender": row["sex"],
                "municipality_code": place.code,
                "roles": row["roles"].split(),
                "group": {"ja": place.name, "en": place.romaji},
                "note": {"ja": row["ja"], "en": row["en"]},
                "subjects": {STAFF_CLIENT: row["id"]},
            }
        )
    return staff
