"""Where people of the sample live and go: homes by mesh, and halls, clinics, shops, stations, schools and stops."""

import csv
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import jaconv
from ruamel.yaml import YAML

from yui.engines.travel.public import Place
from yui.shell.sample.streets import Piece, Streets, stem
from yui.shell.sample.structures import Household

_MESH = 400
"""Parts of a degree: about 250 m, as the census counts on its finer mesh."""
_AGES = (15, 65, 75)
HEADINGS = (
    "kind", "name", "latitude", "longitude", "under_15", "from_15", "from_65", "from_75", "pull",
)  # fmt: skip
# What stands in the first town of a municipality, and how many streets from its middle.
_IN_THE_CENTRE = (
    ("hall", 0, 1),
    ("clinic", 2, 1),
    ("shop", -1, 0),
    ("station", 3, 0),
    ("school", -2, 2),
)
# The words for the clusters of a town, in the order of ``Piece.hamlets``.
_HAMLETS = (("", ""), ("上", "かみ"), ("下", "しも"), ("山手", "やまて"), ("川向", "かわむこう"))


class Landmark(NamedTuple):
    """A place people go to, or a stop at a hamlet (``kind`` empty)."""

    kind: str
    name: str
    kana: str
    place: Place
    pull: int


def landmarks(streets: Streets) -> list[Landmark]:
    """The places people go to, the ones in the centre first; larger municipalities have more of each kind."""
    found = list(_centre(streets))
    for number, piece in enumerate(list(streets.pieces.values())[1:], 1):
        if piece.town.character in ("centre", "suburb"):
            name, kana = stem(piece.town), _kana(piece)
            for kind, word, reading, every in (
                ("shop", "商店", "しょうてん", 2),
                ("clinic", "医院", "いいん", 3),
                ("school", "小学校", "しょうがっこう", 5),
            ):
                if number % every == 0:
                    place = streets.points[piece.near(every - 3, 1)]
                    found.append(Landmark(kind, f"{name}{word}", f"{kana}{reading}", place, 1))
    return found


def hamlets(streets: Streets) -> list[Landmark]:
    """Stops all over the municipality, five to a town."""
    found = []
    for piece in streets.pieces.values():
        for spot, (word, reading) in zip(piece.hamlets, _HAMLETS, strict=True):
            name, kana = f"{stem(piece.town)}{word}", f"{_kana(piece)}{reading}"
            found.append(Landmark("", name, kana, streets.points[piece.junctions[spot]], 0))
    return found


def _centre(streets: Streets) -> Iterator[Landmark]:
    place = streets.place
    piece = next(iter(streets.pieces.values()))
    own, whole = place.name[:-1], jaconv.kata2hira(place.kana)
    short = whole.removesuffix(_READINGS[place.kind])
    village = place.kind == "village"
    names = {
        "hall": (f"{place.name}役所", f"{whole}やくしょ")
        if place.kind == "city"
        else (f"{place.name}役場", f"{whole}やくば"),
        "clinic": (f"{own}診療所", f"{short}しんりょうじょ")
        if village
        else (f"{own}病院", f"{short}びょういん"),
        "shop": (f"{own}ストア", f"{short}すとあ"),
        "station": (f"{own}駅", f"{short}えき"),
        "school": (f"{own}小学校", f"{short}しょうがっこう"),
    }
    for kind, east, north in _IN_THE_CENTRE:
        name, reading = names[kind]
        yield Landmark(kind, name, reading, streets.points[piece.near(east, north)], 4)


_READINGS = {"city": "し", "town": "まち", "village": "むら"}


def _kana(piece: Piece) -> str:
    return jaconv.kata2hira(piece.town.kana.removeprefix("オオアザ"))


class _Cell:
    """One mesh: its homes, and its residents by age group."""

    def __init__(self) -> None:
        self.homes: list[Place] = []
        self.ages = [0, 0, 0, 0]

    def middle(self) -> Place:
        """Where its houses stand on the mean."""
        count = len(self.homes)
        return Place(
            sum(home.latitude for home in self.homes) / count,
            sum(home.longitude for home in self.homes) / count,
        )


class Census:
    """Residents by mesh and age group: how many live where, and nobody's home."""

    def __init__(self, streets: Streets) -> None:
        self._streets = streets
        self._cells: dict[tuple[int, int], _Cell] = {}

    def count(self, household: Household) -> None:
        """Count the members of a household where they live."""
        home = self._streets.home(household.town.code, household.block)
        cell = self._cells.setdefault((int(home.latitude * _MESH), int(home.longitude * _MESH)), _Cell())
        cell.homes.append(home)
        for person in household.members:
            cell.ages[sum(person.age >= bound for bound in _AGES)] += 1

    def write(self, path: Path) -> None:
        """Write where people live and go, as ``yui transit simulate --surroundings`` reads it."""
        around = hamlets(self._streets)
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(HEADINGS)
            for _mesh, cell in sorted(self._cells.items()):
                place = cell.middle()
                rows.writerow(
                    (
                        "home",
                        _nearest(place, around),
                        f"{place.latitude:.5f}",
                        f"{place.longitude:.5f}",
                        *cell.ages,
                        "",
                    )
                )
            for one in landmarks(self._streets):
                place = one.place
                rows.writerow(
                    (
                        one.kind,
                        one.name,
                        f"{place.latitude:.7f}",
                        f"{place.longitude:.7f}",
                        "",
                        "",
                        "",
                        "",
                        one.pull,
                    )
                )


def _nearest(place: Place, around: list[Landmark]) -> str:
    """The hamlet a mesh belongs to."""

    def away(one: Landmark) -> float:
        return (one.place.latitude - place.latitude) ** 2 + (
            (one.place.longitude - place.longitude) * 0.83
        ) ** 2

    return min(around, key=away).name


def write_definition(path: Path, streets: Streets) -> None:
    """Write how the bus runs, as ``yui transit define`` reads it: rules of the data file, stops of the streets."""
    yaml = YAML()
    kept = yaml.load(files(__package__).joinpath("data", "bus.yaml").read_text(encoding="utf-8"))
    kept["area"] = [list(corner) for corner in streets.area()]
    stops = [(one.kind, one) for one in landmarks(streets)]
    stops += [(f"hamlet-{number}", one) for number, one in enumerate(hamlets(streets), 1)]
    kept["stops"] = [
        {
            "code": code,
            "name": one.name,
            "kana": one.kana,
            "latitude": one.place.latitude,
            "longitude": one.place.longitude,
        }
        for code, one in stops
    ]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yaml.dump(kept, file)
