"""Networks, shortest ways against a slow oracle, closures against working everything out anew."""

import heapq
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import yui.engines.travel.public as travel
from yui.engines.travel.network import Ints
from yui.engines.travel.public import (
    UNREACHABLE,
    NetworkError,
    OnRoads,
    Place,
    Road,
    RoadNetwork,
    StraightLine,
    metres_between,
    network_of,
    read_openstreetmap,
)

Closures = list[tuple[bool, int]]


def grid(side: int) -> tuple[list[Road], dict[int, Place]]:
    """Streets of a town: a road for each block, so that each can be closed alone; some one-way."""
    points = {
        row * side + column: Place(35 + row * 0.002, 135 + column * 0.002)
        for row in range(side)
        for column in range(side)
    }
    blocks = [(p, p + 1) for p in points if p % side < side - 1]
    blocks += [(p, p + side) for p in points if p + side in points]
    return [Road(n, block, 20 + n % 3 * 10, both_ways=n % 7 != 3) for n, block in enumerate(blocks)], points


def slow(network: RoadNetwork, start: int) -> dict[int, tuple[int, int]]:
    """Seconds and metres from one junction to the others, by the book."""
    ways: dict[int, list[tuple[int, int, int]]] = {}
    for a, b, seconds, metres in zip(
        network.start, network.end, network.seconds, network.metres, strict=True
    ):
        ways.setdefault(int(a), []).append((int(b), int(seconds), int(metres)))
    found: dict[int, tuple[int, int]] = {}
    queue = [(0, 0, start)]
    while queue:
        seconds, metres, at = heapq.heappop(queue)
        if at not in found:
            found[at] = (seconds, metres)
            for to, more, further in ways.get(at, []):
                heapq.heappush(queue, (seconds + more, metres + further, to))
    return found


def junction_places(network: RoadNetwork) -> list[Place]:
    return [Place(float(a), float(b)) for a, b in zip(network.latitude, network.longitude, strict=True)]


def test_straight_line_is_the_distance_on_the_ground() -> None:
    # One degree of a meridian on the mean sphere.
    assert metres_between(*map(np.array, (35.0, 135.0, 36.0, 135.0))) == pytest.approx(111_195.08, abs=0.1)
    times = StraightLine(36, 1.0).between([Place(35, 135), Place(36, 135), Place(35, 135)])
    assert times.seconds.tolist() == [[0, 11120, 0], [11120, 0, 11120], [0, 11120, 0]]
    assert times.metres[0, 1] == 111195


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 59), max_size=25))
def test_fastest_ways_as_by_the_book(closed: list[int]) -> None:
    roads, points = grid(6)
    whole = network_of(roads, points)
    times = OnRoads(whole, closed=frozenset(closed)).between(junction_places(whole))
    open_now = whole.without(closed)
    nearest, away = whole.nearest(whole.latitude, whole.longitude)
    for place, junction in enumerate(nearest.tolist()):
        found = slow(open_now, junction)
        for other, to in enumerate(nearest.tolist()):
            if place == other:
                expected = (0, 0)
            elif to in found:
                seconds, metres = found[to]
                off = away[place] + away[other]
                expected = (seconds + math.ceil(off * 3.6 / 15), metres + round(off))
            else:
                expected = (UNREACHABLE, UNREACHABLE)
            assert (times.seconds[place, other], times.metres[place, other]) == expected


@pytest.mark.parametrize("known", [0, 1, 5, 12])
def test_times_to_other_places_are_those_among_all(known: int) -> None:
    network = network_of(*grid(6))
    places = junction_places(network)[:12]
    places += [Place(place.latitude + 0.0003, place.longitude) for place in places]
    before, new = places[:known], places[known:]
    for travels in (OnRoads(network, closed=frozenset({3, 8})), StraightLine()):
        whole, there, back = (
            travels.between(places),
            travels.between(before, new),
            travels.between(new, places),
        )
        for name in ("seconds", "metres"):
            table = getattr(whole, name)
            assert np.array_equal(getattr(there, name), table[:known, known:])
            assert np.array_equal(getattr(back, name), table[known:])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 59)), max_size=12))
def test_closing_and_opening_is_as_if_it_had_always_been_so(changes: Closures) -> None:
    roads, points = grid(6)
    network = network_of(roads, points)
    places = junction_places(network)
    kept = OnRoads(network)
    kept.between(places[:20])
    for shut, road in changes:
        (kept.close if shut else kept.open)([road])
        anew = OnRoads(network, closed=kept.closed)
        np.testing.assert_array_equal(kept.between(places).seconds, anew.between(places).seconds)
        np.testing.assert_array_equal(kept.between(places).metres, anew.between(places).metres)


def test_only_what_a_closure_changes_is_searched_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    roads, points = grid(6)
    network = network_of(roads, points)
    kept = OnRoads(network)
    kept.between(junction_places(network))
    searched: list[int] = []
    monkeypatch.setattr(OnRoads, "_search", lambda _, junctions: searched.extend(junctions))
    kept.close([10_000])
    assert searched == []
    kept.close([0])
    assert 0 < len(searched) < len(network.main)


def test_pieces_between_junctions_keep_their_bends() -> None:
    points = {n: Place(35 + n / 1000, 135) for n in range(5)} | {9: Place(35.002, 135.001)}
    network = network_of([Road(1, [0, 1, 2, 3, 4], 36), Road(2, [2, 9], 36, both_ways=False)], points)
    assert len(network.latitude) == 4
    assert sorted(zip(network.start.tolist(), network.end.tolist(), strict=True)) == [
        (0, 1), (1, 0), (1, 2), (1, 3), (2, 1)
    ]  # fmt: skip
    assert np.diff(network.shape_start).tolist() == [3, 3, 3, 3, 2]
    assert network.metres[0] == 222
    assert network.seconds[0] == 22
    # Whoever drives into the one-way street never comes back: no place is set down there.
    assert network.main.tolist() == [0, 1, 2]


def test_a_road_that_passes_a_point_twice() -> None:
    points = {n: Place(35 + n / 1000, 135 + n % 2 / 1000) for n in range(4)}
    network = network_of([Road(1, [0, 1, 2, 3, 1], 30)], points)
    assert len(network.latitude) == 2
    # The loop leaves and enters the same junction.
    assert (network.start == network.end).sum() == 2


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("junction", {"end": np.array([0, 9])}),
        ("weight", {"seconds": np.array([0, 5])}),
        ("shape", {"metres": np.array([1])}),
        ("empty", {"latitude": np.array([])}),
    ],
)
def test_arrays_that_are_no_network(code: str, change: dict[str, Ints]) -> None:
    whole = network_of([Road(1, [0, 1], 30)], {0: Place(35, 135), 1: Place(35.01, 135)})
    arrays = {name: getattr(whole, name) for name in RoadNetwork.__dataclass_fields__} | change
    with pytest.raises(NetworkError) as error:
        RoadNetwork(**arrays)
    assert error.value.code == code


def test_roads_that_are_no_network() -> None:
    with pytest.raises(NetworkError, match="No road"):
        network_of([Road(1, [0], 30)], {0: Place(35, 135)})
    with pytest.raises(NetworkError, match="1 points of roads have no place"):
        network_of([Road(1, [0, 1], 30)], {0: Place(35, 135)})


# OpenStreetMap


def extract(ways: str) -> str:
    nodes = "".join(f'<node id="{n}" version="1" lat="{35 + n / 1000}" lon="135"/>' for n in range(1, 8))
    return f'<?xml version="1.0"?><osm version="0.6">{nodes}{ways}</osm>'


def way(number: int, refs: list[int], **tags: str) -> str:
    inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    inner += "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return f'<way id="{number}" version="1">{inner}</way>'


def read(tmp_path: Path, *ways: str) -> RoadNetwork:
    path = tmp_path / "town.osm"
    path.write_text(extract("".join(ways)))
    return read_openstreetmap(path)


def test_an_extract_becomes_a_network(tmp_path: Path) -> None:
    network = read(
        tmp_path,
        way(11, [1, 2, 3], highway="residential"),
        way(12, [3, 4], highway="primary", maxspeed="40"),
        way(13, [4, 5], highway="tertiary", oneway="-1"),
        way(14, [3, 6], highway="footway"),
        way(15, [3, 6], highway="service", access="private"),
        way(16, [3, 7], highway="service", access="private", motor_vehicle="yes"),
        way(17, [1, 99], highway="residential"),
        way(18, [4, 6], building="yes"),
    )
    assert sorted(set(network.road.tolist())) == [11, 12, 13, 16]
    by_road = {int(road): n for n, road in enumerate(network.road)}
    speed = network.metres * 3.6 / network.seconds
    assert speed[by_road[11]] == pytest.approx(20, rel=0.03)
    assert speed[by_road[12]] == pytest.approx(34, rel=0.06)
    assert (network.road == 13).sum() == 1
    assert network.latitude[network.start[by_road[13]]] == pytest.approx(35.005)


def test_speed_limits_of_other_countries_and_words(tmp_path: Path) -> None:
    network = read(
        tmp_path,
        way(1, [1, 3], highway="primary", maxspeed="20 mph"),
        way(2, [3, 5], highway="primary", maxspeed="none"),
        way(3, [5, 7], highway="primary", maxspeed="0"),
    )
    speed = dict(zip(network.road.tolist(), (network.metres * 3.6 / network.seconds).tolist(), strict=True))
    assert speed[1] == pytest.approx(27.4, rel=0.03)
    assert speed[2] == pytest.approx(40, rel=0.03)
    assert speed[3] == pytest.approx(40, rel=0.03)


@pytest.mark.parametrize("content", [b"", b"<osm><way", b"lat,lon\n1,2\n", extract("").encode()])
def test_files_that_are_no_extract(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "town.osm"
    path.write_bytes(content)
    with pytest.raises(NetworkError) as error:
        read_openstreetmap(path)
    assert error.value.code in ("unreadable", "empty")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NetworkError):
        read_openstreetmap(tmp_path / "none.osm.pbf")


def test_the_example_of_the_door() -> None:
    import doctest

    assert doctest.testmod(travel).failed == 0
