"""Streets of the sample: connected, as many junctions as promised, the same for the same seed, homes beside them."""

import re
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest

from yui.engines.travel.public import OnRoads, Place, metres_between, read_openstreetmap
from yui.shell.sample.geography import Municipality, house_numbers, municipalities, municipality, towns
from yui.shell.sample.landmarks import hamlets, landmarks
from yui.shell.sample.streets import SOUTH, WEST, streets_of

SEED = 2026
places = pytest.mark.parametrize("place", municipalities(), ids=lambda place: place.slug)


@places
def test_as_many_junctions_as_the_table_says_and_all_hang_together(
    place: Municipality, tmp_path: Path
) -> None:
    streets = streets_of(place, SEED)
    junctions = sum(len(piece.junctions) for piece in streets.pieces.values())
    assert abs(junctions - place.junctions) < 0.1 * place.junctions
    assert set(streets.pieces) == {town.code for town in towns(place.slug)}
    streets.write(tmp_path / "roads.osm")
    network = read_openstreetmap(tmp_path / "roads.osm")
    assert len(network.main) == len(network.latitude)
    assert set(network.road.tolist()) == {way.number for way in streets.ways}
    # A stretch is driven in minutes, not hours.
    assert network.metres.max() < 4_000


def test_the_same_seed_the_same_bytes(tmp_path: Path) -> None:
    place = municipality("nawashiro")
    for name, seed in (("a", SEED), ("b", SEED), ("c", SEED + 1)):
        streets_of(place, seed).write(tmp_path / name)
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c


def test_a_larger_sample_has_more_streets() -> None:
    place = municipality("sanae")
    small, large = (
        sum(len(piece.junctions) for piece in streets_of(place, SEED, residents).pieces.values())
        for residents in (120, 30_000)
    )
    assert small == sum(len(piece.junctions) for piece in streets_of(place, SEED).pieces.values())
    assert large > 9_000


@places
def test_the_river_is_crossed_on_bridges_only_and_closing_one_costs_time(
    place: Municipality, tmp_path: Path
) -> None:
    streets = streets_of(place, SEED)
    bridges = [way for way in streets.ways if way.bridge]
    assert bridges
    assert all(way.name for way in bridges)
    streets.write(tmp_path / "roads.osm")
    roads = OnRoads(read_openstreetmap(tmp_path / "roads.osm"))
    bridge = next(way for way in bridges if way.highway == "secondary")
    banks = [streets.points[bridge.points[0]], streets.points[bridge.points[-1]]]
    before = int(roads.between(banks).seconds[0, 1])
    roads.close([bridge.number])
    assert int(roads.between(banks).seconds[0, 1]) > before


@places
def test_a_home_stands_beside_a_street_and_always_at_the_same_place(
    place: Municipality, tmp_path: Path
) -> None:
    streets = streets_of(place, SEED)
    streets.write(tmp_path / "roads.osm")
    network = read_openstreetmap(tmp_path / "roads.osm")
    homes = []
    for town in towns(place.slug):
        numbers = house_numbers(town, 0, Random(1))
        homes += [streets.home(town.code, next(numbers)) for _ in range(20)]
        assert streets.home(town.code, "12番3号") == streets.home(town.code, "12番3号")
    _near, away = network.nearest(
        np.array([home.latitude for home in homes]), np.array([home.longitude for home in homes])
    )
    # Passing points of a street are no junctions, so the next one may be a block away.
    assert np.median(away) < 200


@places
def test_every_kind_of_place_and_a_stop_in_every_hamlet(place: Municipality) -> None:
    streets = streets_of(place, SEED)
    found = landmarks(streets)
    assert {one.kind for one in found} == {"hall", "clinic", "shop", "station", "school"}
    stops = hamlets(streets)
    assert len(stops) == 5 * len(streets.pieces)
    assert len({one.name for one in stops}) == len(stops)
    assert all(re.fullmatch("[ぁ-ー１-９]+", one.kana) for one in found + stops)
    ring = streets.area()
    low, high = ring[0], ring[2]
    for one in found + stops:
        assert low[0] < one.place.latitude < high[0]
        assert low[1] < one.place.longitude < high[1]


def test_municipalities_lie_apart_in_the_open_sea() -> None:
    areas = [streets_of(place, SEED).area() for place in municipalities()]
    for before, after in pairwise(areas):
        assert before[2][1] < after[0][1]
    # Far from Cape Inubō, the nearest point of the coast.
    corner = Place(SOUTH, WEST)
    inubo = Place(35.71, 140.87)
    metres = metres_between(
        np.array([corner.latitude]),
        np.array([corner.longitude]),
        np.array([inubo.latitude]),
        np.array([inubo.longitude]),
    )
    assert metres[0] > 100_000
