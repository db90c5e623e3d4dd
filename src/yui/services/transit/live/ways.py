"""The way of a car from one place to another, as a line that is driven in time."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import dijkstra

from yui.engines.travel.public import Place, RoadNetwork, StraightLine

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_KEPT = 2000


@dataclass(frozen=True, eq=False)
class Way:
    """A line with the seconds from its first point at which each point is passed.

    Shape:
        ``points`` ``(n, 2)``, latitude and longitude in degrees; ``seconds`` ``(n,)``, rising from 0.
    """

    points: Floats
    seconds: Floats

    def at(self, seconds: float) -> Place:
        """Where one is after so many seconds; at an end before the first and after the last."""
        latitude, longitude = (
            float(np.interp(seconds, self.seconds, self.points[:, axis])) for axis in (0, 1)
        )
        return Place(latitude, longitude)


@dataclass
class Ways:
    """Fastest ways on a network, remembered; straight lines where there is none.

    Args:
        network: all roads; None for straight lines only.
        closed: roads that nobody drives on now.

    Complexity:
        One search of the network for a way that was not asked for before.
    """

    network: RoadNetwork | None = None
    closed: frozenset[int] = frozenset()
    _open: RoadNetwork | None = field(init=False, default=None)
    _order: Ints = field(init=False, default_factory=lambda: np.empty(0, np.int64))
    _keys: Ints = field(init=False, default_factory=lambda: np.empty(0, np.int64))
    _kept: "OrderedDict[tuple[Place, Place], Way]" = field(init=False, default_factory=OrderedDict)
    _lock: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        if self.network is None:
            return
        self._open = here = self.network.without(self.closed)
        keys = here.start * len(here.latitude) + here.end
        # Of stretches between the same junctions the fastest stands first, and is the one that is driven.
        self._order = np.lexsort((here.metres, here.seconds, keys))
        self._keys = keys[self._order]

    def way(self, start: Place, end: Place) -> Way:
        """The way from one place to another."""
        with self._lock:
            found = self._kept.get((start, end))
            if found is None:
                found = self._kept[start, end] = self._on_roads(start, end) or _straight(start, end)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return found

    def _on_roads(self, start: Place, end: Place) -> Way | None:
        if self._open is None:
            return None
        junctions, _away = self._open.nearest(
            np.array([start.latitude, end.latitude]), np.array([start.longitude, end.longitude])
        )
        first, last = junctions.tolist()
        _weights, before = dijkstra(self._open.weights, indices=first, return_predecessors=True)
        path = [last]
        while path[-1] != first:
            path.append(int(before[path[-1]]))
            if path[-1] < 0:
                return None
        pieces = [self._piece(a, b) for a, b in zip(path[:0:-1], path[-2::-1], strict=True)]
        # The steps between a place and its junction are short and not on the road: they are driven like the road.
        ends = (_straight(start, self._junction(first)), _straight(self._junction(last), end))
        return _joined([ends[0], *pieces, ends[1]])

    def _junction(self, number: int) -> Place:
        here = self._open
        assert here is not None
        return Place(float(here.latitude[number]), float(here.longitude[number]))

    def _piece(self, a: int, b: int) -> Way:
        here = self._open
        assert here is not None
        stretch = self._order[np.searchsorted(self._keys, a * len(here.latitude) + b)]
        bends = slice(here.shape_start[stretch], here.shape_start[stretch + 1])
        points = np.column_stack([here.shape_latitude[bends], here.shape_longitude[bends]])
        return Way(points, _shares(points) * float(here.seconds[stretch]))


def _straight(start: Place, end: Place) -> Way:
    points = np.array([[start.latitude, start.longitude], [end.latitude, end.longitude]])
    return Way(points, np.array([0.0, float(StraightLine().between([start, end]).seconds[0, 1])]))


def _shares(points: Floats) -> Floats:
    """How far along the line each point is, from 0 to 1."""
    # On a few hundred metres a degree is a degree: the squeeze of longitude is the same for all of them.
    steps = np.diff(points, axis=0) * [1.0, np.cos(np.radians(points[0, 0]))]
    along = np.append(0.0, np.cumsum(np.hypot(steps[:, 0], steps[:, 1])))
    return np.asarray(along / along[-1]) if along[-1] else np.linspace(0.0, 1.0, len(points))


def _joined(pieces: list[Way]) -> Way:
    ends = np.append(0.0, np.cumsum([piece.seconds[-1] for piece in pieces]))[:-1]
    points = np.concatenate([piece.points for piece in pieces])
    return Way(points, np.concatenate([piece.seconds + end for piece, end in zip(pieces, ends, strict=True)]))
