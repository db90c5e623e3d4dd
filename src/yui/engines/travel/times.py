"""Seconds and metres from each place to each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import dijkstra

from yui.engines.travel.network import METRES_BITS, Floats, Ints, Place, RoadNetwork, metres_between

Matrix = npt.NDArray[np.int32]

UNREACHABLE = 1_000_000_000
"""Seconds and metres where no road leads: more than any day holds, and two of them still fit in 32 bits."""
_BATCH = 64


@dataclass(frozen=True, eq=False)
class Times:
    """How long and how far it is between places.

    Attributes:
        seconds: from place *i* to place *j*, rounded up; ``UNREACHABLE`` where no road leads.
        metres: along the fastest way, the shortest of equally fast ones; ``UNREACHABLE`` likewise.

    Shape:
        Both ``(origins, destinations)``, int32, zero from a place to itself.
    """

    seconds: Matrix
    metres: Matrix


class TravelTimes(Protocol):
    """What the solvers want to know of a town."""

    def between(self, places: Sequence[Place], destinations: Sequence[Place] | None = None) -> Times:
        """Times from each of these places to each destination; when left out, to each other."""
        ...


@dataclass(frozen=True)
class StraightLine:
    """Where no road network is at hand: the distance by the crow, made longer, at one speed.

    Attributes:
        kilometres_per_hour: mean speed of driving.
        detour: how much longer roads are than the crow's way; 1.3 is usual for towns.
    """

    kilometres_per_hour: float = 25.0
    detour: float = 1.3

    def between(self, places: Sequence[Place], destinations: Sequence[Place] | None = None) -> Times:
        """Times from each of these places to each destination; when left out, to each other."""
        latitude, longitude = _arrays(places)
        to_latitude, to_longitude = _arrays(places if destinations is None else destinations)
        metres = self.detour * metres_between(
            latitude[:, None], longitude[:, None], to_latitude[None, :], to_longitude[None, :]
        )
        seconds = np.ceil(metres * 3.6 / self.kilometres_per_hour)
        return Times(seconds.astype(np.int32), np.rint(metres).astype(np.int32))


@dataclass
class OnRoads:
    """Times on a road network, remembered from one question to the next.

    A place is set down at the nearest junction from which everywhere else can be reached; the way there counts at
    ``access_kilometres_per_hour``. Closing or opening a road works out anew only what it changes: the junctions
    whose fastest ways used the road, or would use it.

    Attributes:
        network: all roads.
        access_kilometres_per_hour: off the road, between a place and its junction.

    Complexity:
        One search of the network for each junction with a place, *O(m log n)*; afterwards nothing but reading.
        Eight bytes are kept for each such junction and junction of the network.
    """

    network: RoadNetwork
    access_kilometres_per_hour: float = 15.0
    closed: frozenset[int] = frozenset()
    _open: RoadNetwork = field(init=False)
    _rows: dict[int, Floats] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._open = self.network.without(self.closed)

    def between(self, places: Sequence[Place], destinations: Sequence[Place] | None = None) -> Times:
        """Times from each of these places to each destination; when left out, to each other."""
        latitude, longitude = _arrays(places)
        to_latitude, to_longitude = _arrays(places if destinations is None else destinations)
        junctions, away = self.network.nearest(latitude, longitude)
        to_junctions, to_away = self.network.nearest(to_latitude, to_longitude)
        self._search(sorted(set(junctions.tolist()) - self._rows.keys()))
        packed = np.array([self._rows[junction][to_junctions] for junction in junctions.tolist()])
        packed = packed.reshape(len(away), len(to_away))
        reached = np.isfinite(packed)
        whole = np.where(reached, packed, 0).astype(np.int64)
        # Off the road, to the junction of the one and from that of the other.
        walk = away[:, None] + to_away[None, :]
        off = np.ceil(walk * 3.6 / self.access_kilometres_per_hour).astype(np.int64)
        seconds = (whole >> METRES_BITS) + off
        metres = (whole & ((1 << METRES_BITS) - 1)) + np.rint(walk).astype(np.int64)
        here = (latitude[:, None] == to_latitude[None, :]) & (longitude[:, None] == to_longitude[None, :])
        for found in (seconds, metres):
            found[~reached] = UNREACHABLE
            found[here] = 0
        return Times(seconds.astype(np.int32), metres.astype(np.int32))

    def close(self, roads: Iterable[int]) -> None:
        """Close roads, by their numbers in the network, from now on."""
        self._now_closed(self.closed | frozenset(roads))

    def open(self, roads: Iterable[int]) -> None:
        """Open roads that were closed."""
        self._now_closed(self.closed - frozenset(roads))

    def _now_closed(self, closed: frozenset[int]) -> None:
        shutting, opening = closed - self.closed, self.closed - closed
        gone = _stretches(self.network, shutting)
        back = _stretches(self.network, opening)
        stale = [
            junction
            for junction, row in self._rows.items()
            if _on_a_fastest_way(self.network, row, gone) or _makes_faster(self.network, row, back)
        ]
        self.closed, self._open = closed, self.network.without(closed)
        self._search(stale)

    def _search(self, junctions: Sequence[int]) -> None:
        """Fastest ways from these junctions to all."""
        weights = self._open.weights
        for at in range(0, len(junctions), _BATCH):
            part = junctions[at : at + _BATCH]
            for junction, row in zip(part, dijkstra(weights, directed=True, indices=part), strict=True):
                self._rows[junction] = row


def _arrays(places: Sequence[Place]) -> tuple[Floats, Floats]:
    latitude = np.array([place.latitude for place in places], dtype=np.float64)
    return latitude, np.array([place.longitude for place in places], dtype=np.float64)


def _stretches(network: RoadNetwork, roads: frozenset[int]) -> Ints:
    return np.flatnonzero(np.isin(network.road, np.fromiter(roads, dtype=np.int64)))


def _through(network: RoadNetwork, row: Floats, stretches: Ints) -> tuple[Floats, Floats]:
    """What it takes to the end of each stretch over the stretch, and on the fastest way."""
    weight = (network.seconds[stretches] << METRES_BITS) + network.metres[stretches]
    return row[network.start[stretches]] + weight, row[network.end[stretches]]


def _on_a_fastest_way(network: RoadNetwork, row: Floats, stretches: Ints) -> bool:
    over, fastest = _through(network, row, stretches)
    return bool(np.any(np.isfinite(over) & (over == fastest)))


def _makes_faster(network: RoadNetwork, row: Floats, stretches: Ints) -> bool:
    over, fastest = _through(network, row, stretches)
    return bool(np.any(over < fastest))
