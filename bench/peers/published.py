"""The peer's published cases, taken apart into single asserted values with the household each is about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

ROLES = ("親", "子", "祖父母")


@dataclass(frozen=True)
class Person:
    """A member of a household: the role and what is given."""

    name: str
    role: str
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Household:
    """What is given of a household and its members."""

    given: Mapping[str, Any]
    people: tuple[Person, ...]

    def of_role(self, *roles: str) -> list[Person]:
        """The members in these roles, in the order of the case."""
        return [person for person in self.people if person.role in roles]


@dataclass(frozen=True)
class Asserted:
    """One value that a published case asserts.

    Attributes:
        file, number: The case: its file and its place in it, from 1.
        on: The day asked about.
        variable: What is asserted, by the peer's name.
        household, person: Whom it is about; no person when it is about the household.
        value: The value asserted.
        beside: What the case asserts of the same household or person on the same day.
    """

    file: str
    number: int
    on: date
    variable: str
    household: Household
    person: Person | None
    value: Any
    beside: Mapping[str, Any] = field(default_factory=dict)

    def moved(self, years: int) -> "Asserted":
        """The same case with all its dates so many years later."""

        def moved_person(person: Person) -> Person:
            born = person.given.get("誕生年月日")
            given = dict(person.given) | ({"誕生年月日": later(born, years)} if born else {})
            return replace(person, given=given)

        people = tuple(map(moved_person, self.household.people))
        person = self.person and moved_person(self.person)
        return replace(
            self, on=later(self.on, years), household=replace(self.household, people=people), person=person
        )


def later(day: date, years: int) -> date:
    """The day so many years later; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def asserted_values(cases: Iterable[Mapping[str, Any]]) -> Iterator[Asserted]:
    """Every asserted value of the cases, as ``published`` of the peer's side prints them."""
    for case in cases:
        yield from _of_case(case)


def _of_case(case: Mapping[str, Any]) -> Iterator[Asserted]:
    given, wanted = case["input"], case["output"]
    day = _day(case["period"])
    for variables, household, person in _wanted(wanted):
        by_day: dict[date, dict[str, Any]] = {}
        for variable, values in variables.items():
            stated = (
                values.items() if isinstance(values, dict) else [(day.isoformat() if day else "", values)]
            )
            for on, value in stated:
                by_day.setdefault(_day(on), {})[variable] = value
        for on, values in by_day.items():
            about = _household(given, household, person, on)
            who = next((member for member in about.people if member.name == person), None)
            for variable, value in values.items():
                for single in value if isinstance(value, list) else [value]:
                    yield Asserted(case["file"], case["number"], on, variable, about, who, single, values)


def _wanted(wanted: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str | None, str | None]]:
    """The asserted variables, by household or person; neither is named when the case has only one of each."""
    loose = {key: value for key, value in wanted.items() if key not in ("世帯", "世帯一覧", "世帯員")}
    if loose:
        yield loose, None, None
    if "世帯" in wanted:
        yield wanted["世帯"], None, None
    for name, variables in wanted.get("世帯一覧", {}).items():
        yield variables, name, None
    for name, variables in wanted.get("世帯員", {}).items():
        yield variables, None, name


def _household(given: Mapping[str, Any], name: str | None, person: str | None, on: date) -> Household:
    """The household of that name, else the one of that person, else the only one."""
    people = given.get("世帯員", {})
    households = given.get("世帯一覧") or ({"": given["世帯"]} if "世帯" in given else {})
    if not people and not households:
        alone = Person("", "親", _known(given, on))
        return Household(_known(given, on), (alone,))
    for key, household in households.items():
        members = tuple(
            Person(member, role, _known(people.get(member) or {}, on))
            for role in ROLES
            for member in household.get(f"{role}一覧", [])
        )
        if name == key or (
            name is None and (person is None or person in [member.name for member in members])
        ):
            return Household(_known(household, on), members)
    return Household({}, tuple(Person(key, "親", _known(facts or {}, on)) for key, facts in people.items()))


def _known(given: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What is given as it is known for the day; birth dates as dates."""
    known = {}
    for key, value in given.items():
        if isinstance(value, dict):
            value = value.get(on.isoformat(), next(iter(value.values()), None))
        known[key] = date.fromisoformat(value) if key == "誕生年月日" else value
    return known


def _day(text: Any) -> date:
    """A day; a month stands for its first."""
    parts = [int(part) for part in str(text).split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
