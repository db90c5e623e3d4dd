"""The hand-written households: people the demo follows, and names that systems get wrong.

They are made of the same stock as everybody else: a story person takes the place of one of the
same sex and nearest age, so the age table still adds up.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from yui.kernel.calendar.public import fiscal_year
from yui.shell.sample.biography import Calendar
from yui.shell.sample.composition import take
from yui.shell.sample.figures import OLDEST, AgeCounts, read_table
from yui.shell.sample.geography import Municipality, Town, towns
from yui.shell.sample.structures import Household, Person


@dataclass(frozen=True)
class Character:
    """Somebody of the story who can sign in: how the sign-in page describes them."""

    id: str
    ja: str
    en: str


@cache
def _households() -> tuple[dict[str, Any], ...]:
    text = files(__package__).joinpath("data", "story.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["household"])


def characters(slug: str) -> dict[str, list[tuple[int, Character]]]:
    """Return story household → (position among its members, character) of those who sign in."""
    found: dict[str, list[tuple[int, Character]]] = {}
    for entry in _households():
        if entry["municipality"] != slug:
            continue
        ids = [member.get("id") for member in entry["members"]]
        found[entry["slug"]] = [
            (ids.index(name), Character(name, entry["ja"], entry["en"])) for name in entry["signs_in"]
        ]
    return found


def _town(place: Municipality, name: str) -> Town:
    return next(town for town in towns(place.slug) if town.name == name)


def _birthday(on: date, age: int, days: int) -> int:
    """Return the day of birth of somebody aged `age` whose next birthday is in `days` days."""
    coming = date.fromordinal(on.toordinal() + days)
    return coming.replace(year=coming.year - age - 1, day=min(coming.day, 28)).toordinal()


def story_households(
    place: Municipality, calendar: Calendar, stock: AgeCounts, rng: Random
) -> list[Household]:
    """Return the hand-written households of a municipality, taking their people out of `stock`."""
    on = date.fromordinal(calendar.on)
    made: list[Household] = []
    for entry in _households():
        if entry["municipality"] != place.slug:
            continue
        members: list[Person] = []
        for given in entry["members"]:
            person = _person(given["sex"], given["age"], given["role"], stock, calendar, rng)
            person.family, person.family_kana = given["family"], given["family_kana"]
            person.given, person.given_kana = given["given"], given["given_kana"]
            person.former, person.former_kana = given.get("former", ""), given.get("former_kana", "")
            if "birthday_in" in given:
                person.born = _birthday(on, person.age, given["birthday_in"])
            if given.get("final_school_year"):
                school_year = fiscal_year(on)
                person.born = date(school_year - 18, 10, 20).toordinal()
                person.age = on.year - (school_year - 18) - ((on.month, on.day) < (10, 20))
            if "nationality" in given:
                person.nationality, person.status = given["nationality"], given["status"]
                person.status_until = date.fromordinal(calendar.on + given["status_days"]).isoformat()
            members.append(person)
        household = Household(_kind(members), members)
        household.story = entry["slug"]
        household.town = _town(place, entry["town"])
        household.block = entry["block"]
        household.building = entry.get("building", "")
        household.protected = entry.get("protected", "")
        by_id = {given.get("id"): person for given, person in zip(entry["members"], members, strict=True)}
        if "claimant" in entry:
            household.claimant = by_id[entry["claimant"]]
            if entry["account"]:
                household.accounts.append(household.claimant)
        made.append(household)
    return made + _hard_names(place, calendar, stock, rng)


def _person(sex: int, age: int, role: str, stock: AgeCounts, calendar: Calendar, rng: Random) -> Person:
    # A sample of a few hundred may lack the very age; the nearest makes room, the story keeps its age.
    take(stock[sex - 1], age, 0, OLDEST)
    person = Person(sex, age, role)
    # Two weeks away from the birthday, so that the age written in the story holds in the demo's first days.
    person.born = calendar.first[age] + 15 + rng.randrange(calendar.days[age] - 30)
    return person


def _kind(members: list[Person]) -> str:
    roles = {person.role for person in members}
    if "grandchild" in roles:
        return "three_generations"
    if "parent" in roles:
        return "grown_children"
    if "child" in roles:
        return "family" if "spouse" in roles else "lone_parent"
    return "couple" if "spouse" in roles else "single"


def _hard_names(place: Municipality, calendar: Calendar, stock: AgeCounts, rng: Random) -> list[Household]:
    made: list[Household] = []
    for position, row in enumerate(
        r for r in read_table("hard_names.csv") if r["municipality"] == place.slug
    ):
        person = _person(int(row["sex"]), int(row["age"]), "head", stock, calendar, rng)
        person.family, person.family_kana = row["family"], row["family_kana"]
        person.given, person.given_kana = row["given"], row["given_kana"]
        person.nationality, person.status = row["nationality"], row["status"]
        if person.status and person.status not in ("永住者", "特別永住者"):
            person.status_until = date.fromordinal(calendar.on + 400 + 31 * position).isoformat()
        if row["birth_unknown"]:
            born = date.fromordinal(person.born)
            month = f"{born.month:02}" if row["birth_unknown"] == "month" else "00"
            person.born_text = f"{born.year}-{month}-00"
        household = Household("single", [person])
        household.story = "hard-name"
        household.town = towns(place.slug)[position % len(towns(place.slug))]
        household.block = f"{60 + position}番1号" if household.town.residential else f"{2320 + position}番地"
        made.append(household)
    return made
