"""Who lives where, and where people go: what a day of demand is drawn from."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

from yui.engines.travel.public import Place


class AgeGroup(StrEnum):
    """Ages in completed years, as services of transit look at their riders."""

    UNDER_15 = "under_15"
    FROM_15 = "from_15"
    FROM_65 = "from_65"
    FROM_75 = "from_75"


class PlaceKind(StrEnum):
    """What a place is to people: where they live, or what they go there for."""

    HOME = "home"
    CLINIC = "clinic"
    SHOP = "shop"
    HALL = "hall"
    STATION = "station"
    SCHOOL = "school"


HEADINGS = ("kind", "name", "latitude", "longitude", *(age.value for age in AgeGroup), "pull")
"""Columns of the file, in UTF-8.

One row is a small area with its residents by age group (kind ``home``: a 250 m mesh of the census, a hamlet), or a
place people go to, with how much it draws (``pull``; 1 is usual).
"""


class UnreadableFile(ValueError):
    """A file holds mistakes.

    Attributes:
        mistakes: each with its line, column and why; never what the cell says.
    """

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True)
class Spot:
    """A small area where people live, or a place they go to.

    Attributes:
        name: of the area; what rides are counted by.
        residents: by age group in the order of ``AgeGroup``; nobody at a place that is no home.
        pull: how much it draws, against others of its kind.
    """

    kind: PlaceKind
    name: str
    place: Place
    residents: tuple[int, ...] = (0, 0, 0, 0)
    pull: float = 1.0


def read_surroundings(text: str) -> tuple[Spot, ...]:
    """Read the file described at ``HEADINGS``.

    Raises:
        UnreadableFile: says every row that is wrong, and why.
    """
    rows = rows_of(text, HEADINGS)
    spots, mistakes = [], []
    for line, row in rows:
        try:
            spots.append(_spot(row))
        except ValueError as error:
            mistakes.append(f"line {line}: {error}")
    if not mistakes and not any(sum(spot.residents) for spot in spots):
        mistakes.append("nobody lives here: there is no row of kind home with residents")
    if not mistakes and all(spot.kind is PlaceKind.HOME for spot in spots):
        mistakes.append("there is no place to go to: every row is of kind home")
    if mistakes:
        raise UnreadableFile(mistakes)
    return tuple(spots)


def rows_of(text: str, headings: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table with their lines.

    Raises:
        UnreadableFile: a column is missing, or there is no row.
    """
    table = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    lacking = [name for name in headings if name not in (table.fieldnames or ())]
    if lacking:
        raise UnreadableFile([f"column {name} is missing" for name in lacking])
    rows = [
        (number, {k: (v or "").strip() for k, v in row.items() if k}) for number, row in enumerate(table, 2)
    ]
    if not rows:
        raise UnreadableFile(["the file has no row"])
    return rows


def place_in(row: dict[str, str], prefix: str = "") -> Place:
    """The place in a row.

    Raises:
        ValueError: it is none.
    """
    found = []
    for name, most in ((f"{prefix}latitude", 90.0), (f"{prefix}longitude", 180.0)):
        try:
            value = float(row[name])
        except ValueError:
            raise ValueError(f"{name} is no number") from None
        if not -most <= value <= most:
            raise ValueError(f"{name} is not on the earth")
        found.append(value)
    return Place(*found)


def whole(row: dict[str, str], name: str, least: int = 0) -> int:
    """A whole number in a row; empty is the least.

    Raises:
        ValueError: it is none, or too small.
    """
    try:
        value = int(row[name] or least)
    except ValueError:
        raise ValueError(f"{name} is no whole number") from None
    if value < least:
        raise ValueError(f"{name} is less than {least}")
    return value


def choice(row: dict[str, str], name: str, words: Iterable[str]) -> str:
    """One of the words that a cell may hold.

    Raises:
        ValueError: it holds another.
    """
    known = list(words)
    if row[name] not in known:
        raise ValueError(f"{name} is none of: {', '.join(known)}")
    return row[name]


def _spot(row: dict[str, str]) -> Spot:
    kind = PlaceKind(choice(row, "kind", PlaceKind))
    if not row["name"]:
        raise ValueError("name is empty")
    try:
        pull = float(row["pull"] or 1)
    except ValueError:
        raise ValueError("pull is no number") from None
    if not 0 <= pull < 1e6:
        raise ValueError("pull is out of bounds")
    residents = tuple(whole(row, age) for age in AgeGroup)
    if kind is not PlaceKind.HOME and any(residents):
        raise ValueError("only a place of kind home has residents")
    return Spot(kind, row["name"], place_in(row), residents, pull)
