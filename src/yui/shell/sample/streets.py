"""Streets of the sample: a valley road, towns beside it, a river with bridges; and where in them everything is.

Each 町字 covers one piece of the ground, its streets laid out as a grid that is dense and nearly whole in a centre
and wide with few links in the country. The pieces hang together by main roads along the valley and across it. The
ground lies in the open sea off Japan, so that no map can take it for a real place.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt
from pathlib import Path
from random import Random
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from yui.engines.travel.public import Place
from yui.shell.sample.geography import Municipality, Town, municipalities, towns

WEST, SOUTH = 141.60, 34.20
"""Degrees of the corner from which metres are counted."""
_DEGREE_M = 111_132.0
_COSINE = 0.8260
"""How much shorter a degree of longitude is here than one of latitude (cosine of 34.3°)."""
_GAP_M = 6_000
_ORDER = ("centre", "suburb", "industrial", "rural")
# How many of the links beyond those that hold the grid together are there, and how crooked it is.
_LINKS = {"centre": 0.92, "suburb": 0.75, "industrial": 0.6, "rural": 0.35}
_CROOKED = {"centre": 0.1, "suburb": 0.16, "industrial": 0.08, "rural": 0.3}
_LOCAL = {"centre": "residential", "suburb": "residential", "industrial": "service", "rural": "unclassified"}
_PARCELS_A_JUNCTION = 6

Spot = tuple[int, int]
"""Column and row of a junction in the grid of its town; the row counts from the south."""


@dataclass(frozen=True)
class Ground:
    """How the towns of one kind of municipality lie.

    Attributes:
        rows: of towns across the valley; a village is one string of hamlets.
        width_m: of one town along the valley.
        height_m: across it.
    """

    rows: int
    width_m: int
    height_m: int


GROUNDS = {"city": Ground(9, 900, 900), "town": Ground(3, 1_700, 1_500), "village": Ground(1, 2_600, 1_900)}


class Way(NamedTuple):
    """One road as it is drawn: OpenStreetMap's way."""

    number: int
    points: tuple[int, ...]
    highway: str
    name: str
    bridge: bool


@dataclass(frozen=True)
class Piece:
    """The streets of one town: its grid, and where it lies among the others."""

    town: Town
    column: int
    row: int
    columns: int
    rows: int
    junctions: Mapping[Spot, int]

    @property
    def middle(self) -> Spot:
        """Where the main roads cross."""
        return self.columns // 2, self.rows // 2

    @property
    def hamlets(self) -> list[Spot]:
        """Its five clusters of houses: in the middle, up and down the valley, up a side valley, over the river."""
        x, y = self.middle
        east, north = max(self.columns // 4, 1), max(self.rows // 2 - 1, 1)
        return [(x, y), (x + east, y), (x - east, y), (x, y + north), (x, y - north)]

    def near(self, east: int, north: int) -> int:
        """The junction so many streets from the middle, or the last one that way."""
        x, y = self.middle
        return self.junctions[min(max(x + east, 0), self.columns - 1), min(max(y + north, 0), self.rows - 1)]


@dataclass
class Streets:
    """The streets of a municipality.

    Attributes:
        points: every point of a road by its number, junctions and bends.
        pieces: by code of the town.
    """

    place: Municipality
    points: dict[int, Place] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    pieces: dict[str, Piece] = field(default_factory=dict)
    _lived: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def home(self, town: str, block: str) -> Place:
        """Where a house stands: addresses that follow one another lie beside one another."""
        number = int("".join(letter if letter.isdigit() else " " for letter in block).split()[0])
        lived_at = self._lived_at(town)
        at = self.points[lived_at[number // _PARCELS_A_JUNCTION % len(lived_at)]]
        beside = Random(f"{town}/{block}")  # noqa: S311 (reproducible, nothing secret)
        return _moved(at, beside.uniform(-40, 40), beside.uniform(-40, 40))

    def _lived_at(self, town: str) -> tuple[int, ...]:
        """Junctions with houses: all of a town's, in the country those of its hamlets."""
        if town not in self._lived:
            piece = self.pieces[town]
            settled = [
                (x + east, y + north) for x, y in piece.hamlets for east in (-1, 0, 1) for north in (-1, 0, 1)
            ]
            scattered = self.place.kind == "village" or piece.town.character == "rural"
            spots = dict.fromkeys(settled) if scattered else piece.junctions
            self._lived[town] = tuple(piece.junctions[spot] for spot in spots if spot in piece.junctions)
        return self._lived[town]

    def area(self) -> list[tuple[float, float]]:
        """The ring around the municipality: latitude and longitude of its corners."""
        ground = GROUNDS[self.place.kind]
        columns = [piece.column for piece in self.pieces.values()]
        rows = [piece.row for piece in self.pieces.values()]
        west, south = _corner(self.place)
        low = (west + (min(columns) - 0.5) * ground.width_m, south + (min(rows) - 0.6) * ground.height_m)
        high = (west + (max(columns) + 0.5) * ground.width_m, south + (max(rows) + 0.6) * ground.height_m)
        ring = (low, (high[0], low[1]), high, (low[0], high[1]))
        return [(place.latitude, place.longitude) for place in (_place(x, y) for x, y in ring)]

    def write(self, path: Path) -> None:
        """Write the roads as an OpenStreetMap extract, as ``yui transit roads`` reads it."""
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="yui sample">\n')
            for number, place in self.points.items():
                file.write(
                    f' <node id="{number}" version="1" lat="{place.latitude:.7f}" lon="{place.longitude:.7f}"/>\n'
                )
            for way in self.ways:
                file.write(f' <way id="{way.number}" version="1">\n')
                file.writelines(f'  <nd ref="{point}"/>\n' for point in way.points)
                tags = {"highway": way.highway, "name": way.name, "bridge": "yes" if way.bridge else ""}
                file.writelines(f"  <tag k={quoteattr(k)} v={quoteattr(v)}/>\n" for k, v in tags.items() if v)
                file.write(" </way>\n")
            file.write("</osm>\n")


def streets_of(place: Municipality, seed: int, residents: int | None = None) -> Streets:
    """Lay out the streets of a municipality; the same seed and size give the same streets.

    Args:
        residents: how many live there, which says how many junctions it has; its usual number when None.
    """
    return _Surveyor(place, seed, residents or place.residents).survey()


def stem(town: Town) -> str:
    """The name of a town as people say it."""
    return town.name.removeprefix("大字")


class _Surveyor:
    """Lays out one municipality."""

    def __init__(self, place: Municipality, seed: int, residents: int) -> None:
        self.place, self.ground = place, GROUNDS[place.kind]
        self.chance = Random(f"{seed}/{place.slug}/streets")  # noqa: S311 (reproducible, nothing secret)
        # A small sample has fewer people, not fewer streets.
        self.junctions = max(place.junctions, place.junctions * residents // place.residents)
        self.found = Streets(place)
        self.base = (municipalities().index(place) + 1) * 10_000_000
        self.corner = _corner(place)

    def survey(self) -> Streets:
        ordered = sorted(towns(self.place.slug), key=lambda town: _ORDER.index(town.character))
        total = sum(town.weight for town in ordered)
        for town, (column, row) in zip(ordered, self._cells(len(ordered)), strict=True):
            wanted = max(9, self.junctions * town.weight // total)
            self.found.pieces[town.code] = self._piece(town, column, row, wanted)
        by_cell = {(piece.column, piece.row): piece for piece in self.found.pieces.values()}
        for piece in self.found.pieces.values():
            self._roads(piece, by_cell)
        return self.found

    def _cells(self, count: int) -> list[tuple[int, int]]:
        """Where the towns lie, the innermost first."""
        rows = self.ground.rows
        columns = ceil(count / rows)
        cells = [(x - columns // 2, y - rows // 2) for x in range(columns) for y in range(rows)]
        return sorted(cells, key=lambda cell: (max(abs(cell[0]), abs(cell[1])), cell))[:count]

    def _piece(self, town: Town, column: int, row: int, wanted: int) -> Piece:
        ground = self.ground
        columns = _odd(sqrt(wanted * ground.width_m / ground.height_m))
        rows = _odd(wanted / columns)
        west = self.corner[0] + (column - 0.5) * ground.width_m
        south = self.corner[1] + (row - 0.5) * ground.height_m
        wide, high, crooked = ground.width_m / columns, ground.height_m / rows, _CROOKED[town.character]
        junctions = {}
        for x in range(columns):
            for y in range(rows):
                # Main roads bend less than lanes.
                east = 0.0 if x == columns // 2 else self.chance.uniform(-crooked, crooked)
                north = 0.0 if y == rows // 2 else self.chance.uniform(-crooked, crooked)
                junctions[x, y] = self._point(
                    west + (x + 0.5 + east) * wide, south + (y + 0.5 + north) * high
                )
        return Piece(town, column, row, columns, rows, junctions)

    def _point(self, x: float, y: float) -> int:
        number = self.base + len(self.found.points) + 1
        self.found.points[number] = _place(x, y)
        return number

    def _roads(self, piece: Piece, by_cell: Mapping[tuple[int, int], Piece]) -> None:
        x_middle, y_middle = piece.middle
        valley = piece.row == 0
        # The main roads, each on to the next town.
        along = [piece.junctions[x, y_middle] for x in range(piece.columns)]
        if east := by_cell.get((piece.column + 1, piece.row)):
            along.append(east.junctions[0, east.rows // 2])
        self._way(along, "primary" if valley else "secondary", "谷街道" if valley else "", bends=1)
        across = [piece.junctions[x_middle, y] for y in range(piece.rows)]
        if north := by_cell.get((piece.column, piece.row + 1)):
            across.append(north.junctions[north.columns // 2, 0])
        # South of the valley road runs the river.
        bank = y_middle if valley and y_middle else 0
        if bank:
            self._way(across[:bank], "secondary", "", bends=1)
            self._way(across[bank - 1 : bank + 1], "secondary", f"{stem(piece.town)}橋", bridge=True)
            across = across[bank:]
        self._way(across, "secondary", "", bends=1)
        held = _Held()
        for main in (
            [(x, y_middle) for x in range(piece.columns)],
            [(x_middle, y) for y in range(piece.rows)],
        ):
            for a, b in itertools.pairwise(main):
                held.join(a, b)
        self._lanes(piece, held, bank)

    def _lanes(self, piece: Piece, held: "_Held", bank: int) -> None:
        """The streets between the main roads: all that hold the grid together, and some of the rest."""
        character, (x_middle, y_middle) = piece.town.character, piece.middle
        up = [
            ((x, y), (x, y + 1))
            for x in range(piece.columns)
            for y in range(piece.rows - 1)
            # Where there is no bridge there is no way over the river; a town has a few more of them.
            if x != x_middle and (not bank or y != bank - 1 or (character == "centre" and x % 4 == 1))
        ]
        side = [
            ((x, y), (x + 1, y)) for y in range(piece.rows) for x in range(piece.columns - 1) if y != y_middle
        ]
        self.chance.shuffle(up)
        self.chance.shuffle(side)
        # Lanes first run up the side valleys.
        kept = set()
        for a, b in up + side:
            if held.join(a, b) or self.chance.random() < _LINKS[character]:
                kept.add((a, b))
        lines = [[(x, y) for y in range(piece.rows)] for x in range(piece.columns)]
        lines += [[(x, y) for x in range(piece.columns)] for y in range(piece.rows)]
        bends = 1 if character == "rural" else 0
        for line in lines:
            for stretch in _stretches(line, kept):
                over = bank and len({y for _x, y in stretch} & {bank - 1, bank}) == 2
                name = f"{stem(piece.town)}小橋" if over else ""
                points = [piece.junctions[spot] for spot in stretch]
                self._way(points, _LOCAL[character], name, bends=bends, bridge=bool(over))

    def _way(
        self, junctions: Sequence[int], highway: str, name: str, *, bends: int = 0, bridge: bool = False
    ) -> None:
        if len(junctions) < 2:
            return
        points = [junctions[0]]
        for a, b in itertools.pairwise(junctions):
            if bends:
                points.append(self._bend(a, b))
            points.append(b)
        self.found.ways.append(
            Way(self.base + len(self.found.ways) + 1, tuple(points), highway, name, bridge)
        )

    def _bend(self, a: int, b: int) -> int:
        """A point beside the middle of a stretch."""
        one, other = self.found.points[a], self.found.points[b]
        aside = self.chance.uniform(-0.12, 0.12)
        latitude = (one.latitude + other.latitude) / 2 + aside * (other.longitude - one.longitude)
        longitude = (one.longitude + other.longitude) / 2 - aside * (other.latitude - one.latitude)
        number = self.base + len(self.found.points) + 1
        self.found.points[number] = Place(round(latitude, 7), round(longitude, 7))
        return number


class _Held:
    """Which junctions hang together."""

    def __init__(self) -> None:
        self._over: dict[Spot, Spot] = {}

    def join(self, a: Spot, b: Spot) -> bool:
        """Join two junctions; whether they did not hang together before."""
        one, other = self._top(a), self._top(b)
        self._over[one] = other
        return one != other

    def _top(self, spot: Spot) -> Spot:
        while (over := self._over.get(spot, spot)) != spot:
            spot = over
        return spot


def _stretches(line: Sequence[Spot], kept: set[tuple[Spot, Spot]]) -> Iterator[list[Spot]]:
    """The runs of a line whose links are all there."""
    run = [line[0]]
    for a, b in itertools.pairwise(line):
        if (a, b) in kept:
            run.append(b)
        else:
            yield run
            run = [b]
    yield run


def _odd(wanted: float) -> int:
    """The odd number nearest to it, at least three, so that there is a middle."""
    return max(3, 2 * int(wanted / 2) + 1)


def _corner(place: Municipality) -> tuple[float, float]:
    """Metres east and north of the middle of a municipality; they follow one another up the valley."""
    west = 0.0
    for other in municipalities():
        ground = GROUNDS[other.kind]
        width = ceil(len(towns(other.slug)) / ground.rows) * ground.width_m
        if other == place:
            return west + width / 2, 20_000.0
        west += width + _GAP_M
    raise LookupError(place.slug)


def _place(x: float, y: float) -> Place:
    return Place(round(SOUTH + y / _DEGREE_M, 7), round(WEST + x / (_DEGREE_M * _COSINE), 7))


def _moved(at: Place, east: float, north: float) -> Place:
    return Place(
        round(at.latitude + north / _DEGREE_M, 7), round(at.longitude + east / (_DEGREE_M * _COSINE), 7)
    )
