"""A road network as arrays: junctions, and the one-way stretches of road between them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth (IUGG)."""
METRES_BITS = 22
"""A path's seconds and metres travel in one number, ``seconds << METRES_BITS | metres``: up to 4,194 km a path. Whole
numbers up to 2**53 stay exact in the floating point of the shortest-path library."""


class NetworkError(ValueError):
    """What was handed over is no road network.

    Attributes:
        code: ``empty``, ``shape``, ``junction``, ``weight`` or ``unreadable``.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Place:
    """A point on the earth.

    Units:
        Degrees, WGS 84 or JGD2011 (they differ by less than a metre).
    """

    latitude: float
    longitude: float


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Junctions and stretches; a road open both ways is two stretches.

    Attributes:
        latitude: of each junction, degrees.
        longitude: of each junction, degrees.
        start: the junction each stretch begins at.
        end: the junction it leads to.
        seconds: to drive it.
        metres: its length.
        road: the number of the road it belongs to, as people close roads, not stretches.
        shape_latitude: the bends of all stretches one after another, ends included, to draw them.
        shape_longitude: likewise.
        shape_start: where a stretch's bends begin, and at the end how many there are.

    Shape:
        Junctions ``(n,)``; stretches ``(m,)``; ``shape_start`` ``(m + 1,)``.

    Raises:
        NetworkError: arrays do not fit one another, or a stretch has no length in time.
    """

    latitude: Floats
    longitude: Floats
    start: Ints
    end: Ints
    seconds: Ints
    metres: Ints
    road: Ints
    shape_latitude: Floats
    shape_longitude: Floats
    shape_start: Ints

    def __post_init__(self) -> None:
        if not self.latitude.size or not self.start.size:
            raise NetworkError("empty", "The network has no junction or no road.")
        stretches = {len(self.start), len(self.end), len(self.seconds), len(self.metres), len(self.road)}
        if (
            stretches != {len(self.shape_start) - 1}
            or len(self.latitude) != len(self.longitude)
            or {len(self.shape_latitude), len(self.shape_longitude)} != {int(self.shape_start[-1])}
        ):
            raise NetworkError("shape", "The arrays of the network differ in length.")
        junctions = np.concatenate([self.start, self.end])
        if junctions.min() < 0 or junctions.max() >= len(self.latitude):
            raise NetworkError("junction", "A road leads to a junction that is not there.")
        if self.seconds.min() < 1 or self.metres.min() < 0 or self.metres.max() >= 1 << METRES_BITS:
            raise NetworkError("weight", "A road takes no time, or is longer than the earth allows.")

    @cached_property
    def weights(self) -> csr_array:
        """Seconds and metres of the best stretch between each two junctions (see ``METRES_BITS``), shape (n, n)."""
        n = len(self.latitude)
        weight = (self.seconds << METRES_BITS) + self.metres
        # Of stretches between the same junctions the best counts; a sparse matrix would add them up.
        order = np.lexsort((weight, self.end, self.start))
        start, end, weight = self.start[order], self.end[order], weight[order]
        first = np.append(True, (start[1:] != start[:-1]) | (end[1:] != end[:-1]))
        return csr_array(
            (weight[first].astype(np.float64), (start[first], end[first])), shape=(n, n), dtype=np.float64
        )

    @cached_property
    def main(self) -> Ints:
        """The junctions of the largest part where each can be reached from each: where places are set down."""
        _, part = connected_components(self.weights, directed=True, connection="strong")
        return np.flatnonzero(part == np.bincount(part).argmax())

    @cached_property
    def _tree(self) -> KDTree:
        return KDTree(_on_sphere(self.latitude[self.main], self.longitude[self.main]))

    def nearest(self, latitude: Floats, longitude: Floats) -> tuple[Ints, Floats]:
        """The junction nearest to each place, and how many metres away it is by the crow.

        Shape:
            ``(p,)`` in and out.
        """
        chord, found = self._tree.query(_on_sphere(latitude, longitude))
        away = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(chord / 2, 1))
        return self.main[found], np.asarray(away)

    def without(self, roads: Iterable[int]) -> "RoadNetwork":
        """The network while these roads are closed. Places stay at the junctions where they were set down."""
        closed = np.isin(self.road, np.fromiter(roads, dtype=np.int64))
        if not closed.any():
            return self
        kept = ~closed
        lengths = np.diff(self.shape_start)
        bends = np.repeat(kept, lengths)
        left = replace(
            self,
            **{name: getattr(self, name)[kept] for name in ("start", "end", "seconds", "metres", "road")},
            shape_latitude=self.shape_latitude[bends],
            shape_longitude=self.shape_longitude[bends],
            shape_start=np.append(0, np.cumsum(lengths[kept])),
        )
        left.__dict__["main"], left.__dict__["_tree"] = self.main, self._tree
        return left


def metres_between(
    a_latitude: Floats, a_longitude: Floats, b_latitude: Floats, b_longitude: Floats
) -> Floats:
    """Metres by the crow between two arrays of places that broadcast against each other (haversine)."""
    a, b = np.radians(a_latitude), np.radians(b_latitude)
    east = np.radians(b_longitude) - np.radians(a_longitude)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(east / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(np.sqrt(half), 1)))


def _on_sphere(latitude: Floats, longitude: Floats) -> Floats:
    """Places as points of a sphere of radius one, so that the nearest by chord is the nearest on the ground."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
