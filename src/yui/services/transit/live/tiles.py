"""Vector tiles of a service: the roads of its board, its area, its stops. No person and no ride is in them.

Source:
    Mapbox Vector Tile Specification 2.1; tiles are numbered as in OpenStreetMap's slippy map.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import mapbox_vector_tile
import numpy as np
import numpy.typing as npt
import shapely

from yui.engines.travel.public import RoadNetwork
from yui.services.transit.contracts import Definition

CONTENT_TYPE = "application/vnd.mapbox-vector-tile"
EXTENT, BUFFER = 4096, 64
"""Units of a tile's side, and how far beyond its edge lines are kept so that they join those of the next."""
FINEST = 15
"""Tiles beyond this zoom are drawn from these: a unit is then 0.3 m."""
_TOLERANCE = 4.0
"""Half a pixel of the screen: bends below it are not seen."""
_KEPT = 2000
Floats = npt.NDArray[np.float64]


def mercator(latitude: Any, longitude: Any) -> Floats:
    """Places on the square of the web's map: 0 to 1 eastward and southward.

    Shape:
        ``(n,)`` each in, ``(n, 2)`` out.
    """
    phi = np.radians(np.asarray(latitude, dtype=np.float64))
    x = np.asarray(longitude, dtype=np.float64) / 360 + 0.5
    y = 0.5 - np.arcsinh(np.tan(phi)) / (2 * np.pi)
    return np.column_stack([x, y])


@dataclass
class MapLayers:
    """A service's map, ready to be cut into tiles, which are kept.

    Args:
        network: None where the board reckons by the crow.
    """

    service: Definition
    network: RoadNetwork | None
    _lines: npt.NDArray[Any] = field(init=False)
    _roads: npt.NDArray[np.int64] = field(init=False)
    _tree: shapely.STRtree = field(init=False)
    _kept: "OrderedDict[tuple[int, int, int], bytes]" = field(init=False, default_factory=OrderedDict)
    _lock: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        self._lines, self._roads = _lines(self.network)
        self._tree = shapely.STRtree(self._lines)

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the area and the stops, degrees."""
        places = [*self.service.area, *((stop.latitude, stop.longitude) for stop in self.service.stops)]
        latitude, longitude = zip(*places, strict=True)
        return min(longitude), min(latitude), max(longitude), max(latitude)

    def tile(self, z: int, x: int, y: int) -> bytes:
        """One tile.

        Raises:
            LookupError: there is no such tile.
        """
        if not (0 <= z <= FINEST and 0 <= x < 1 << z and 0 <= y < 1 << z):
            raise LookupError(f"There is no tile {z}/{x}/{y}.")
        with self._lock:
            if (found := self._kept.get((z, x, y))) is None:
                found = self._kept[z, x, y] = self._cut(z, x, y)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return found

    def _cut(self, z: int, x: int, y: int) -> bytes:
        scale = EXTENT * 2**z
        corner = np.array([x, y]) * EXTENT

        def in_tile(shapes: Any) -> Any:
            inside = shapely.transform(shapes, lambda points: points * scale - corner)
            cut = shapely.clip_by_rect(inside, -BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
            return shapely.transform(shapely.simplify(cut, _TOLERANCE), np.rint)

        edge = BUFFER / EXTENT
        box = shapely.box(*(np.array([x - edge, y - edge, x + 1 + edge, y + 1 + edge]) / 2**z))
        near = np.sort(self._tree.query(box))
        area: list[tuple[Any, dict[str, Any]]] = [
            (shapely.Polygon(mercator(*zip(*self.service.area, strict=True))), {})
        ]
        stops = [
            (
                shapely.Point(mercator([stop.latitude], [stop.longitude])[0]),
                {"code": stop.code, "name": stop.name},
            )
            for stop in self.service.stops
        ]
        layers = [
            {"name": "area", "features": _features(in_tile, area)},
            {"name": "roads", "features": self._by_road(in_tile(self._lines[near]), self._roads[near])},
            {"name": "stops", "features": _features(in_tile, stops)},
        ]
        return mapbox_vector_tile.encode(
            [layer for layer in layers if layer["features"]],
            default_options={"y_coord_down": True, "extents": EXTENT},
        )

    @staticmethod
    def _by_road(lines: npt.NDArray[Any], roads: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
        """A feature for each road, of all its stretches in the tile."""
        seen = ~shapely.is_empty(lines) & (shapely.length(lines) >= _TOLERANCE)
        parts, of = shapely.get_parts(lines[seen], return_index=True)
        numbers = roads[seen][of]
        order = np.argsort(numbers, kind="stable")
        found = []
        for number, chosen in zip(*_groups(numbers[order], parts[order]), strict=True):
            # The web's numbers hold 53 bits; a road's number is a word for it.
            found.append(
                {"geometry": shapely.MultiLineString(list(chosen)), "properties": {"road": str(number)}}
            )
        return found


def _groups(numbers: npt.NDArray[np.int64], parts: npt.NDArray[Any]) -> tuple[list[int], list[Any]]:
    if not len(numbers):
        return [], []
    cuts = np.flatnonzero(np.diff(numbers)) + 1
    return [int(one[0]) for one in np.split(numbers, cuts)], np.split(parts, cuts)


def _features(in_tile: Any, shapes: list[tuple[Any, dict[str, Any]]]) -> list[dict[str, Any]]:
    cut = [(in_tile(shape), told) for shape, told in shapes]
    return [{"geometry": one, "properties": told} for one, told in cut if not one.is_empty]


def _lines(network: RoadNetwork | None) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """The stretches as lines on the square, a road that is open both ways drawn once; and their roads."""
    if network is None:
        return np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
    ends = np.sort(np.column_stack([network.start, network.end]), axis=1)
    _same, first = np.unique(np.column_stack([network.road, ends, network.metres]), axis=0, return_index=True)
    lengths = np.diff(network.shape_start)
    points = mercator(network.shape_latitude, network.shape_longitude)
    lines = shapely.linestrings(points, indices=np.repeat(np.arange(len(lengths)), lengths))
    return lines[first], network.road[first]
