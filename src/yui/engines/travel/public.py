"""The door of the travel engine.

Example:
    >>> line = StraightLine(kilometres_per_hour=30, detour=1.3)
    >>> times = line.between([Place(35.0, 135.0), Place(35.0, 135.1)])
    >>> int(times.seconds[0, 1]), int(times.metres[0, 1])
    (1421, 11841)
"""

from yui.engines.travel.network import NetworkError, Place, RoadNetwork, metres_between
from yui.engines.travel.roads import Road, network_of, read_openstreetmap
from yui.engines.travel.times import UNREACHABLE, OnRoads, StraightLine, Times, TravelTimes

__all__ = [
    "UNREACHABLE",
    "NetworkError",
    "OnRoads",
    "Place",
    "Road",
    "RoadNetwork",
    "StraightLine",
    "Times",
    "TravelTimes",
    "metres_between",
    "network_of",
    "read_openstreetmap",
]
