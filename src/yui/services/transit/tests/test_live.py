"""What moves: ways on roads, where cars are, tiles read back, the stream, the map library."""

import datetime as dt
import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.engines.travel.public import OnRoads, Place, Road, RoadNetwork, network_of
from yui.kernel.tenancy.public import BodyKind, BodyRef
from yui.services.transit.live import scripts, stream
from yui.services.transit.live.positions import Motion, Position, position
from yui.services.transit.live.roads import DIRECTIONS, place_of, roads_near
from yui.services.transit.live.seen import Seen
from yui.services.transit.live.tiles import EXTENT, FINEST, MapLayers, mercator
from yui.services.transit.live.waiting import MOST_RIDES, typical_rides
from yui.services.transit.live.ways import Ways
from yui.services.transit.tests.conftest import NOON, VILLAGE
from yui.services.transit.tests.test_rules import HALL
from yui.supply.public import PlanCause, PlanView, RouteView, StepKind, StopView

SIDE = 6


def town(side: int = SIDE) -> RoadNetwork:
    """A grid of streets around the village hall, a road for each block, every seventh one-way."""
    points = {
        row * side + column: Place(HALL.latitude - 0.01 + row * 0.004, HALL.longitude - 0.01 + column * 0.004)
        for row in range(side)
        for column in range(side)
    }
    blocks = [(p, p + 1) for p in points if p % side < side - 1]
    blocks += [(p, p + side) for p in points if p + side in points]
    return network_of(
        [Road(100 + n, block, 20 + n % 3 * 10, both_ways=n % 7 != 3) for n, block in enumerate(blocks)],
        points,
    )


NETWORK = town()
spots = st.builds(
    Place,
    st.floats(HALL.latitude - 0.01, HALL.latitude + 0.01),
    st.floats(HALL.longitude - 0.01, HALL.longitude + 0.01),
)


# Ways


@given(spots, spots)
def test_a_way_takes_the_time_the_board_reckons_with(start: Place, end: Place) -> None:
    """Up to the steps between a place and its junction, which the board walks more slowly."""
    way = Ways(NETWORK).way(start, end)
    junctions, _away = NETWORK.nearest(
        np.array([start.latitude, end.latitude]), np.array([start.longitude, end.longitude])
    )
    first, last = (Place(NETWORK.latitude[one], NETWORK.longitude[one]) for one in junctions)
    expected = OnRoads(NETWORK).between([first, last]).seconds[0, 1]
    on_road = way.seconds[-2] - way.seconds[1]
    assert on_road == pytest.approx(expected)
    assert (np.diff(way.seconds) >= 0).all()
    assert way.at(-1) == start
    assert way.at(1e9) == end


def test_a_way_goes_round_a_closed_road_and_needs_none() -> None:
    start, end = (Place(NETWORK.latitude[one], NETWORK.longitude[one]) for one in (0, 1))
    straight = Ways(NETWORK).way(start, end)
    around = Ways(NETWORK, frozenset({int(NETWORK.road[0])})).way(start, end)
    assert around.seconds[-1] > straight.seconds[-1]
    assert len(around.points) > len(straight.points)
    assert len(Ways().way(start, end).points) == 2
    # Where no road leads any more, a line is drawn all the same.
    last = len(NETWORK.latitude) - 1
    cut = Ways(NETWORK, frozenset(NETWORK.road[(NETWORK.end == last) | (NETWORK.start == last)].tolist()))
    assert len(cut.way(start, Place(NETWORK.latitude[last], NETWORK.longitude[last])).points) == 2


# Positions


def stop(minutes: float, place: Place, *, done: bool = False, demand: UUID | None = None) -> StopView:
    at = NOON + dt.timedelta(minutes=minutes)
    return StopView(demand or uuid4(), 0, StepKind.PICKUP, place, "", at, done)


HERE, THERE = Place(35.0, 135.0), Place(35.01, 135.0)
LEG = Ways().way(HERE, THERE).seconds[-1]


def test_a_car_waits_then_drives_then_is_late() -> None:
    stops = (stop(-30, HERE, done=True), stop(10, THERE))
    arrives = NOON + dt.timedelta(minutes=10)

    def at(before_arrival: float) -> Position:
        found = position(stops, None, Ways(), arrives - dt.timedelta(seconds=before_arrival))
        assert found is not None
        return found

    assert at(LEG + 5) == Position(HERE, Motion.STANDS)
    halfway = at(LEG / 2)
    assert halfway.motion is Motion.DRIVES
    assert halfway.place.latitude == pytest.approx(35.005, abs=1e-4)
    assert at(0).place == THERE
    late = at(-180)
    assert (late.place, late.motion, late.late) == (THERE, Motion.STANDS, dt.timedelta(minutes=3))


@given(st.integers(-3600, 3600), st.integers(1, 1200))
def test_a_car_never_runs_backwards(second: int, later: int) -> None:
    stops = (stop(-20, HERE, done=True), stop(10, THERE), stop(30, HERE))
    first, after = (
        position(stops, None, Ways(), NOON + dt.timedelta(seconds=at)) for at in (second, second + later)
    )
    assert first is not None
    assert after is not None
    assert first.place.latitude <= after.place.latitude + 1e-9


def test_what_is_not_known_is_not_drawn() -> None:
    assert position((), None, Ways(), NOON) is None
    assert position((), HERE, Ways(), NOON) == Position(HERE, Motion.STANDS)
    # Before its first stop, without knowing where it starts, it is drawn where it will be.
    assert position((stop(10, THERE),), None, Ways(), NOON) == Position(THERE, Motion.STANDS)
    assert position((stop(10, THERE),), HERE, Ways(), NOON, is_off=True) == Position(HERE, Motion.OFF)
    # Served late: what is left of the time is what the car has for the way.
    stops = (stop(9.9, HERE, done=True), stop(10, THERE))
    found = position(stops, None, Ways(), NOON + dt.timedelta(minutes=9.95))
    assert found is not None
    assert found.motion is Motion.DRIVES


# Tiles


def tile_at(place: Place, z: int) -> tuple[int, int, int]:
    x, y = (mercator([place.latitude], [place.longitude])[0] * 2**z).astype(int)
    return z, int(x), int(y)


def test_a_tile_is_read_back_where_things_are() -> None:
    layers = MapLayers(VILLAGE, NETWORK)
    z, x, y = tile_at(Place(HALL.latitude, HALL.longitude), 14)
    read = mapbox_vector_tile.decode(layers.tile(z, x, y), default_options={"y_coord_down": True})
    assert set(read) == {"area", "roads", "stops"}
    (hall,) = (one for one in read["stops"]["features"] if one["properties"]["name"] == HALL.name)
    expected = (mercator([HALL.latitude], [HALL.longitude])[0] * 2**z - [x, y]) * EXTENT
    assert hall["geometry"]["coordinates"] == pytest.approx(expected, abs=0.51)
    assert hall["properties"] == {"code": HALL.code, "name": HALL.name}
    roads = {one["properties"]["road"] for one in read["roads"]["features"]}
    assert roads <= {str(one) for one in NETWORK.road.tolist()}
    assert roads


@pytest.mark.parametrize("z", [8, 11, FINEST])
def test_all_tiles_together_hold_every_road_once(z: int) -> None:
    layers = MapLayers(VILLAGE, NETWORK)
    corners = [
        tile_at(Place(NETWORK.latitude[at], NETWORK.longitude[at]), z)
        for at in (0, len(NETWORK.latitude) - 1)
    ]
    (west, east), (north, south) = (sorted(one[axis] for one in corners) for axis in (1, 2))
    seen: set[str] = set()
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            read = mapbox_vector_tile.decode(layers.tile(z, x, y))
            here = [one["properties"]["road"] for one in read.get("roads", {"features": []})["features"]]
            assert len(here) == len(set(here))
            seen.update(here)
    assert seen == {str(one) for one in NETWORK.road.tolist()}


def test_tiles_without_roads_and_tiles_that_are_none() -> None:
    layers = MapLayers(replace(VILLAGE, stops=VILLAGE.stops[:1]), None)
    assert layers.tile(0, 0, 0) == layers.tile(0, 0, 0)
    assert layers.tile(12, 0, 0) == b""
    for z, x, y in ((FINEST + 1, 0, 0), (3, 8, 0), (3, 0, -1), (-1, 0, 0)):
        with pytest.raises(LookupError):
            layers.tile(z, x, y)


# Roads by name


def test_roads_are_named_by_the_stop_beside_them() -> None:
    near = roads_near(NETWORK, VILLAGE.stops, each=3)
    assert len(near) == len({one.road for one in near}) >= 3
    for one in near:
        assert one.direction in DIRECTIONS
        found = place_of(NETWORK, one.road, VILLAGE.stops)
        assert found is not None
        assert found.metres <= one.metres
    north = network_of([Road(7, (0, 1), 30)], {0: Place(35.01, 135.0), 1: Place(35.03, 135.0)})
    hall = replace(HALL, latitude=35.0, longitude=135.0)
    found = place_of(north, 7, [hall])
    assert found is not None
    assert (found.direction, found.stop) == ("north", hall.name)
    assert found.metres == pytest.approx(2224, abs=2)
    assert place_of(north, 8, [hall]) is None
    assert place_of(north, 7, []) is None


# Waiting


@given(st.integers(0, 200))
def test_typical_rides_are_few_and_lead_to_the_middle_and_back(count: int) -> None:
    stops = [
        replace(HALL, code=str(n), latitude=35 + n % 14 * 0.01, longitude=135 + n // 14 * 0.01)
        for n in range(count)
    ]
    rides = typical_rides(stops)
    assert len(rides) <= MOST_RIDES
    assert bool(rides) == (count > 1)
    assert all(start is not end and (end, start) in rides for start, end in rides)


# The stream


def seen_at(version: int, *, done: bool = False) -> Seen:
    shift = UUID(int=1)
    stops = (stop(10, THERE, done=done, demand=UUID(int=2)),)
    plan = PlanView(version, NOON, PlanCause.ACCEPTED, (RouteView(shift, "1号車", stops),))
    return Seen(plan, {shift: 1}, {}, {shift: HERE}, frozenset({12}), Ways(), None)


class Steady(stream.Lookout):
    """A lookout that is told what it sees."""

    def __init__(self, *sights: Seen) -> None:
        super().__init__()
        self.sights = list(sights)

    def watch(self, body: BodyRef, service: str) -> stream.Watched:
        self.one = self._watched.setdefault((body.id, service), stream.Watched(body, service))
        return self.one

    def wait(self, one: stream.Watched, after: int, seconds: float) -> bool:
        if not self.sights:
            return False
        one.seen, one.at, one.looked = self.sights.pop(0), NOON, one.looked + 1
        return True


BODY = BodyRef(1, "999016", "結見市", BodyKind.MUNICIPALITY, None)


def read(told: bytes) -> dict[str, str]:
    """The events of a piece of the stream: by kind, what they carry."""
    found = {}
    for block in told.decode().strip().split("\n\n"):
        parts = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in parts:
            found[parts["event"]] = parts["data"]
            found["id"] = parts.get("id", found.get("id", ""))
    return found


def test_a_reader_is_told_the_board_once_and_the_cars_every_time() -> None:
    lookout = Steady(seen_at(1), seen_at(1), seen_at(2), seen_at(2, done=True))
    told = stream.events(BODY, "bus", lookout=lookout)
    assert next(told) == b"retry: 3000\n\n"
    first, same, changed, served = (read(next(told)) for _look in range(4))
    board = json.loads(first["board"])
    assert (board["plan"], board["closed"], board["off"]) == (1, ["12"], [])
    assert board["ways"]["1"][0] == [135.0, 35.0]
    assert json.loads(first["cars"]) == [[1, 35.0, 135.0, 0, "stands"]]
    assert "board" not in same
    assert json.loads(changed["board"])["plan"] == 2
    # The same plan, but somebody got on: the rows of the cars have changed.
    assert "board" in served
    assert served["id"] != changed["id"]
    assert next(told) == b": still here\n\n"


def test_who_comes_back_is_not_told_again_what_was_seen() -> None:
    mark = seen_at(1).mark
    told = stream.events(BODY, "bus", mark, lookout=Steady(seen_at(1), seen_at(2)))
    next(told)
    assert set(read(next(told))) == {"cars", "id"}
    assert "board" in read(next(told))


def test_only_so_many_streams_are_held_and_the_others_come_again() -> None:
    lookout = Steady(*[seen_at(1)] * 20)
    held: list[Iterator[bytes]] = [
        stream.events(BODY, "bus", lookout=lookout) for _one in range(stream.MOST_HELD)
    ]
    for one in held:
        next(one)
    more = list(stream.events(BODY, "bus", lookout=lookout))
    assert len(more) == 2
    assert "cars" in read(more[1])
    # Who goes away gives the place back, whether the stream was read to its end or not.
    held[0].close()  # type: ignore[attr-defined]
    again = stream.events(BODY, "bus", lookout=lookout, longest=60)
    next(again)
    assert "cars" in read(next(again))
    assert "cars" in read(next(again))


def test_a_stream_ends_after_a_while() -> None:
    told = list(stream.events(BODY, "bus", lookout=Steady(*[seen_at(1)] * 5), longest=0))
    assert len(told) == 2


# The map library


def test_the_worker_is_cut_out_of_the_library() -> None:
    worker = gzip.decompress(scripts.packed("worker.js")).decode()
    assert worker.count('define("shared"') == worker.count('define("worker"') == 1
    assert 'define("index"' not in worker
    assert worker.rstrip().endswith("modules.worker(shared);")
    with pytest.raises(LookupError):
        scripts.packed("../__init__.py")
