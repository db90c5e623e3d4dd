"""Where households live: houses, flats, homes for the elderly, dormitories; and places elsewhere."""

from collections.abc import Iterator
from random import Random

from yui.shell.sample.figures import read_table
from yui.shell.sample.geography import (
    PREFECTURE_NAME,
    Municipality,
    Town,
    house_numbers,
    municipalities,
    towns,
    towns_of_district,
)
from yui.shell.sample.structures import Household


def _elsewhere() -> list[str]:
    """Return municipalities outside the prefecture, each as often as people come from there."""
    return [
        row["prefecture"] + row["city"]
        for row in read_table("places_elsewhere.csv")
        for _ in range(int(row["weight"]))
    ]


def invented_places(place: Municipality, count: int, local_share: float, rng: Random) -> list[str]:
    """Return addresses for domiciles and former homes, `local_share` of them in the municipality."""
    away = _elsewhere()
    own = towns(place.slug)
    neighbours = [(other, towns(other.slug)) for other in municipalities() if other.slug != place.slug]
    found: list[str] = []
    for _ in range(count):
        number = f"{rng.randrange(1, 2400)}番地"
        if rng.random() < local_share:
            found.append(f"{PREFECTURE_NAME}{place.name}{rng.choice(own).name}{number}")
        elif rng.random() < 0.4:
            other, places = rng.choice(neighbours)
            found.append(f"{PREFECTURE_NAME}{other.name}{rng.choice(places).name}{number}")
        else:
            # No town of this name exists in Japan, so that no real address can appear.
            found.append(f"{rng.choice(away)}結ケ丘町{number}")
    return found


class Housing:
    """The homes of one district, given out one after the other."""

    def __init__(self, place: Municipality, part: int, parts: int, rng: Random) -> None:
        """Lay out the towns of the district."""
        self.place = place
        self._part = part
        self._rng = rng
        covered = towns_of_district(place.slug, part, parts)
        self._towns = [town for town, _, _ in covered]
        self._numbers = [house_numbers(town, slice_, rng) for town, _, slice_ in covered]
        total = sum(weight for _, weight, _ in covered)
        self._slots: list[int] = []
        for index, (_, weight, _) in enumerate(covered):
            self._slots += [index] * max(1, round(weight / total * 64))
        self._rooms: list[list[tuple[str, str]]] = [[] for _ in covered]
        self._shared: dict[str, tuple[int, str, str]] = {}
        self._names: dict[str, list[str]] = {}
        for row in read_table("buildings.csv"):
            self._names.setdefault(row["kind"], []).append(row["name"])

    def settle(self, household: Household) -> None:
        """Give a household its address."""
        rng = self._rng
        kind = household.kind
        index = self._slots[int(rng.random() * len(self._slots))]
        if kind in ("institution", "dormitory"):
            if kind not in self._shared:
                names = self._names["home" if kind == "institution" else "dormitory"]
                name = names[(self._part + len(self.place.slug)) % len(names)]
                self._shared[kind] = (index, next(self._numbers[index]), name)
            index, household.block, household.building = self._shared[kind]
        elif rng.random() < self._flat_chance(household):
            rooms = self._rooms[index]
            if not rooms:
                rooms += self._new_building(self._towns[index], self._numbers[index])
            household.block, household.building = rooms.pop()
        else:
            household.block = next(self._numbers[index])
        household.town = self._towns[index]

    def _flat_chance(self, household: Household) -> float:
        age = household.members[0].age
        flats = self.place.flats
        if household.kind == "single":
            return min(0.9, flats * (2.4 if age < 40 else 1.2 if age < 65 else 0.3))
        if household.kind == "couple":
            return min(0.9, flats * (2.0 if age < 40 else 0.4))
        return flats * (0.9 if age < 40 else 0.3)

    def _new_building(self, town: Town, numbers: Iterator[str]) -> list[tuple[str, str]]:
        rng = self._rng
        block = next(numbers)
        public = {"city": "city_flat", "town": "town_flat"}.get(self.place.kind, "village_flat")
        if rng.random() < (0.08 if self.place.kind == "city" else 0.6):
            name = f"{self._names[public][0]}{rng.randrange(1, 9)}号棟"
        else:
            stem = town.name.removeprefix("大字")
            if stem.endswith("丁目"):
                stem = stem[:-3]
            name = rng.choice(self._names["flat"]) + stem + rng.choice(("", "", "A", "B", "Ⅱ"))
        floors, width = rng.choice(((2, 4), (2, 6), (3, 6), (4, 8), (5, 6)))
        return [
            (block, f"{name} {floor}{room:02}")
            for floor in range(floors, 0, -1)
            for room in range(width, 0, -1)
        ]
