"""Households of the sample into which children are born, and the parents who then sign in."""

import csv
import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.killing.machine import Machine, await_it
from yui.shell.sample.geography import PREFECTURE_NAME, municipality
from yui.shell.sample.writing import RESIDENT_CLIENT

CITY = "992011"
Row = dict[str, str]


def today() -> dt.date:
    """The demo's day."""
    return dt.datetime.now(ZoneInfo("Asia/Tokyo")).date()


@dataclass(frozen=True)
class Family:
    """A couple of the sample.

    Attributes:
        household: its number.
        mother: the mother's person number.
        parent: who is told and confirms, as the sign-in provider knows them.
        paid: whether the parent receives the allowance for other children already.
    """

    household: str
    mother: str
    mother_name: str
    parent: str
    paid: bool


def choose_families(machine: Machine, paid: int, new: int) -> list[Family]:
    """Take couples with children whose father is paid, and couples without children, and let the fathers sign in."""
    folder = machine.demo.state / "sample"
    touched = {
        number
        for (number,) in machine.rows(
            "SELECT person_number FROM people_person WHERE id IN"
            " (SELECT unnest(person_ids) FROM people_residentevent WHERE kind <> 'import')"
        )
    }
    accounts = {row["宛名番号"] for row in _rows(folder / f"{CITY}_accounts.csv")}
    claimants = {row["世帯番号"]: row["受給者宛名番号"] for row in _rows(folder / f"{CITY}_claimants.csv")}
    families: dict[bool, list[Family]] = {True: [], False: []}
    people: list[dict[str, Any]] = []
    for number, members in _households(folder / f"{CITY}_residents.csv").items():
        father, mother = _couple(members)
        if father is None or mother is None or touched & {row["宛名番号"] for row in members}:
            continue
        is_paid = claimants.get(number) == father["宛名番号"] and father["宛名番号"] in accounts
        if (not is_paid and len(members) > 2) or len(families[is_paid]) == (paid if is_paid else new):
            continue
        person = _person(father)
        name = f"{mother['氏']}　{mother['名']}"
        families[is_paid].append(Family(number, mother["宛名番号"], name, person["id"], is_paid))
        people.append(person)
    assert (len(families[True]), len(families[False])) == (paid, new), "the sample has too few such couples"
    _let_sign_in(machine, people)
    return [*families[True], *families[False]]


def _rows(path: Any) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _households(path: Any) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(path):
        if not row["住民でなくなった年月日"]:
            found[row["世帯番号"]].append(row)
    return found


def _couple(members: list[Row]) -> tuple[Row | None, Row | None]:
    father = next((row for row in members if row["続柄コード"] == "head" and row["性別"] == "1"), None)
    mother = next((row for row in members if row["続柄コード"] == "spouse" and _may_bear(row)), None)
    return father, mother


def _may_bear(row: Row) -> bool:
    born = row["生年月日"]
    return (
        row["性別"] == "2"
        and row["国籍・地域"] == "JPN"
        and not born.endswith("-00")
        and 20 <= today().year - int(born[:4]) <= 42
    )


def _person(row: Row) -> dict[str, Any]:
    name = f"father-{row['宛名番号']}"
    building = f"　{row['方書']}" if row["方書"] else ""
    place = municipality(CITY)
    return {
        "id": name,
        "kind": "resident",
        "name": f"{row['氏']}　{row['名']}",
        "kana": f"{row['氏フリガナ']}　{row['名フリガナ']}",
        "address": f"{PREFECTURE_NAME}{place.name}{row['町字']}{row['番地']}{building}",
        "birthdate": row["生年月日"],
        "gender": row["性別"],
        "municipality_code": CITY,
        "group": {"ja": place.name, "en": place.romaji},
        "subjects": {RESIDENT_CLIENT: name},
    }


def _let_sign_in(machine: Machine, people: list[dict[str, Any]]) -> None:
    """Add people to those whom the practice provider knows; it reads them when it starts."""
    path = machine.demo.state / "sample" / "people.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([*known, *people], ensure_ascii=False), encoding="utf-8")
    provider = machine.child("sign_in_provider")
    issuer = next(part for part in provider.cmdline() if part.isdigit())
    provider.kill()
    provider.wait()
    url = f"http://localhost:{issuer}/realms/main/.well-known/openid-configuration"
    await_it(lambda: httpx.get(url, trust_env=False).is_success, "the sign-in provider comes back")
