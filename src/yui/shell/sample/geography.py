"""Where the sample lives: municipalities, towns (町字) and the addresses in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from yui.shell.sample.figures import read_table

PREFECTURE_CODE = "990001"
PREFECTURE_NAME = "結県"
PREFECTURE_KANA = "ユイケン"
BUS_VILLAGE = "nawashiro"
"""Where the on-demand bus of the demo runs."""

_KANJI_DIGITS = "〇一二三四五六七八九"
_KANA_DIGITS = ("", "１", "２", "３", "４", "５", "６", "７", "８", "９")


@dataclass(frozen=True)
class Municipality:
    """One municipality of the sample and the habits that tell it from the others.

    Attributes:
        residents: planned number of residents at the default size.
        junctions: of its streets at the default size.
        native_share: chance that an adult has lived here since birth.
        three_generations: chance that a family with children lives with grandparents.
        flats: chance that a young single household rents a flat.
        foreign_share: share of residents without Japanese nationality.
        clan_share: chance that a household bears one of the old surnames of its town.
        lives_with_parents: how much likelier than nationally grown children stay at home.
        single_parent: share of single mothers among families with children.
    """

    slug: str
    code: str
    name: str
    kana: str
    romaji: str
    kind: str
    residents: int
    junctions: int
    native_share: float
    three_generations: float
    flats: float
    foreign_share: float
    clan_share: float
    lives_with_parents: float
    single_parent: float


@dataclass(frozen=True)
class Town:
    """One 町字 (or one 丁目 of it) with its address style."""

    code: str
    name: str
    kana: str
    postal_code: str
    residential: bool
    character: str
    weight: int


@cache
def municipalities() -> tuple[Municipality, ...]:
    """Return the municipalities, largest first."""
    return tuple(
        Municipality(
            slug=row["slug"],
            code=row["code"],
            name=row["name"],
            kana=row["kana"],
            romaji=row["romaji"],
            kind=row["kind"],
            residents=int(row["residents"]),
            junctions=int(row["junctions"]),
            native_share=float(row["native_share"]),
            three_generations=float(row["three_generations"]),
            flats=float(row["flats"]),
            foreign_share=float(row["foreign_share"]),
            clan_share=float(row["clan_share"]),
            lives_with_parents=float(row["lives_with_parents"]),
            single_parent=float(row["single_parent"]),
        )
        for row in read_table("municipalities.csv")
    )


def municipality(slug: str) -> Municipality:
    """Return a municipality by its slug or code.

    Raises:
        LookupError: the sample has no such municipality.
    """
    for one in municipalities():
        if slug in (one.slug, one.code):
            return one
    known = ", ".join(one.slug for one in municipalities())
    raise LookupError(f"The sample prefecture has no municipality {slug!r}. It has: {known}.")


@cache
def towns(slug: str) -> tuple[Town, ...]:
    """Return the towns of a municipality, each 丁目 on its own."""
    found: list[Town] = []
    for row in read_table("towns.csv"):
        if row["municipality"] != slug:
            continue
        chome = int(row["chome"])
        for number in range(1, chome + 1) if chome else (0,):
            suffix = f"{_KANJI_DIGITS[number]}丁目" if number else ""
            found.append(
                Town(
                    code=f"{row['oaza_number']}{number:03}",
                    name=row["town"] + suffix,
                    kana=row["town_kana"] + (f"{_KANA_DIGITS[number]}チョウメ" if number else ""),
                    postal_code=row["postal_code"],
                    residential=row["numbering"] == "residential",
                    character=row["character"],
                    weight=max(1, int(row["weight"]) // max(1, chome)),
                )
            )
    return tuple(found)


def towns_of_district(slug: str, part: int, parts: int) -> list[tuple[Town, float, int]]:
    """Return the towns a district covers, with their weight in it and which slice of the town it is.

    Districts follow one another along the list of towns, so that neighbours share a district and
    a large town is shared by several.
    """
    places = towns(slug)
    total = sum(town.weight for town in places)
    low, high = total * part / parts, total * (part + 1) / parts
    covered: list[tuple[Town, float, int]] = []
    start = 0.0
    for town in places:
        end = start + town.weight
        overlap = min(end, high) - max(start, low)
        if overlap > 1e-9:
            covered.append((town, overlap, part - int(start * parts / total + 1e-9)))
        start = end
    return covered


def house_numbers(town: Town, part: int, rng: Random) -> Iterator[str]:
    """Yield house numbers of a slice of a town, each once: 3番12号 or 1204番地5."""
    if town.residential:
        block = part * 90
        while True:
            block += 1
            for house in range(1, rng.randrange(14, 27)):
                if rng.random() < 0.85:
                    yield f"{block}番{house}号"
    else:
        parcel = part * 2400
        while True:
            parcel += rng.randrange(1, 4)
            yield f"{parcel}番地"
            if rng.random() < 0.45:
                for branch in range(1, rng.randrange(2, 7)):
                    yield f"{parcel}番地{branch}"
