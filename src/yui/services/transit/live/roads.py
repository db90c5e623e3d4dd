"""What a road is called to people: by the stop it is near to, and the side of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yui.engines.travel.public import RoadNetwork, metres_between
from yui.services.transit.contracts import Stop

DIRECTIONS = ("north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west")


@dataclass(frozen=True)
class RoadPlace:
    """Where a road is: so many metres from a stop, in a direction of ``DIRECTIONS``."""

    road: int
    stop: str
    metres: int
    direction: str


def place_of(network: RoadNetwork, road: int, stops: Sequence[Stop]) -> RoadPlace | None:
    """Where a road is; None for one that is not in the network, or without a stop."""
    found = _places(network, np.flatnonzero(network.road == road), stops)
    return min(found, key=lambda one: one.metres, default=None)


def roads_near(network: RoadNetwork, stops: Sequence[Stop], each: int = 6) -> list[RoadPlace]:
    """The roads nearest to each stop, in the order of the stops, each road once."""
    found: dict[int, RoadPlace] = {}
    for stop in stops:
        places = sorted(_places(network, np.arange(len(network.road)), [stop]), key=lambda one: one.metres)
        nearest: dict[int, RoadPlace] = {}
        for one in places:
            nearest.setdefault(one.road, one)
            if len(nearest) == each:
                break
        for road, one in nearest.items():
            found.setdefault(road, one)
    return list(found.values())


def _places(network: RoadNetwork, stretches: np.ndarray, stops: Sequence[Stop]) -> list[RoadPlace]:
    """Of each stretch, the middle and how it lies to the nearest of the stops."""
    if not len(stops) or not len(stretches):
        return []
    middle = (network.shape_start[stretches] + network.shape_start[stretches + 1] - 1) / 2
    low, high = np.floor(middle).astype(int), np.ceil(middle).astype(int)
    latitude = (network.shape_latitude[low] + network.shape_latitude[high]) / 2
    longitude = (network.shape_longitude[low] + network.shape_longitude[high]) / 2
    away = metres_between(
        latitude[:, None],
        longitude[:, None],
        np.array([stop.latitude for stop in stops])[None, :],
        np.array([stop.longitude for stop in stops])[None, :],
    )
    nearest = away.argmin(axis=1)
    return [
        RoadPlace(
            int(network.road[stretch]),
            stops[at].name,
            round(float(away[row, at])),
            _direction(stops[at], float(latitude[row]), float(longitude[row])),
        )
        for row, (stretch, at) in enumerate(zip(stretches.tolist(), nearest.tolist(), strict=True))
    ]


def _direction(stop: Stop, latitude: float, longitude: float) -> str:
    north = latitude - stop.latitude
    east = (longitude - stop.longitude) * math.cos(math.radians(stop.latitude))
    return DIRECTIONS[round(math.degrees(math.atan2(east, north)) / 45) % 8]
