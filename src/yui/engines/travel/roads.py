"""Building a road network from roads as people draw them, and from an OpenStreetMap extract."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium

from yui.engines.travel.network import NetworkError, Place, RoadNetwork, metres_between

KILOMETRES_PER_HOUR: Mapping[str, float] = {
    "motorway": 80, "motorway_link": 45, "trunk": 45, "trunk_link": 35, "primary": 40, "primary_link": 30,
    "secondary": 35, "secondary_link": 30, "tertiary": 30, "tertiary_link": 25, "unclassified": 25,
    "residential": 20, "living_street": 10, "service": 12, "track": 12, "road": 20,
}  # fmt: skip
"""Mean speed of a small bus by class of road (OpenStreetMap's ``highway``), traffic lights and bends included.

Also the list of what it drives on: footways, steps and the like are no roads for it. Roads that state a limit are
driven at most at 85 % of it. To be replaced by a service's own measurements where it has them.
"""
_OF_THE_LIMIT = 0.85
_CLOSED = frozenset({"no", "private", "agricultural", "forestry", "delivery", "customers"})


@dataclass(frozen=True)
class Road:
    """A road as a line.

    Attributes:
        number: what it is closed by; OpenStreetMap's number of the way.
        points: the identifiers of its points. Roads meet where they share one.
        kilometres_per_hour: mean speed.
        both_ways: otherwise from the first point to the last only.
    """

    number: int
    points: Sequence[int]
    kilometres_per_hour: float
    both_ways: bool = True


def network_of(roads: Iterable[Road], points: Mapping[int, Place]) -> RoadNetwork:
    """The network of these roads: a junction wherever roads meet or end, one stretch between each two.

    Raises:
        NetworkError: there is no road, or one names a point that is not there.
    """
    roads = [road for road in roads if len(road.points) > 1]
    if not roads:
        raise NetworkError("empty", "No road was found that a car may drive on.")
    used = Counter(point for road in roads for point in road.points)
    if lost := used.keys() - points.keys():
        raise NetworkError("junction", f"{len(lost)} points of roads have no place.")
    # An end is a junction, and so is a point that a road passes twice.
    used.update(end for road in roads for end in (road.points[0], road.points[-1]))
    places = {point: n for n, point in enumerate(point for point, times in used.items() if times > 1)}
    pieces = [piece for road in roads for piece in _pieces(road, places)]
    bends = [points[point] for _, piece in pieces for point in piece]
    latitude = np.array([bend.latitude for bend in bends])
    longitude = np.array([bend.longitude for bend in bends])
    starts = np.append(0, np.cumsum([len(piece) for _, piece in pieces]))
    steps = metres_between(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
    # The way from the last bend of one piece to the first of the next is none.
    steps[starts[1:-1] - 1] = 0
    metres = np.add.reduceat(np.append(steps, 0), starts[:-1])
    seconds = metres * 3.6 / np.array([road.kilometres_per_hour for road, _ in pieces])
    junctions = [points[point] for point in places]
    return RoadNetwork(
        latitude=np.array([place.latitude for place in junctions]),
        longitude=np.array([place.longitude for place in junctions]),
        start=np.array([places[piece[0]] for _, piece in pieces]),
        end=np.array([places[piece[-1]] for _, piece in pieces]),
        seconds=np.maximum(np.rint(seconds), 1).astype(np.int64),
        metres=np.rint(metres).astype(np.int64),
        road=np.array([road.number for road, _ in pieces]),
        shape_latitude=latitude,
        shape_longitude=longitude,
        shape_start=starts,
    )


def _pieces(road: Road, junctions: Mapping[int, int]) -> Iterator[tuple[Road, Sequence[int]]]:
    """A road cut at junctions, each piece in every direction that is open."""
    begin = 0
    for place, point in enumerate(road.points):
        if place and point in junctions:
            piece = road.points[begin : place + 1]
            yield road, piece
            if road.both_ways:
                yield road, piece[::-1]
            begin = place


def read_openstreetmap(path: Path) -> RoadNetwork:
    """The roads of an OpenStreetMap extract (``.osm``, ``.osm.gz``, ``.osm.bz2``, ``.osm.pbf``) for a small bus.

    Roads closed to cars, private ones and one-way directions are kept apart; turn restrictions, barriers and traffic
    lights are not read (the speeds allow for them).

    Raises:
        NetworkError: the file is no extract, is cut off, or holds no road.
    """
    roads: list[Road] = []
    points: dict[int, Place] = {}
    try:
        reading = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
        for way in reading.with_filter(osmium.filter.KeyFilter("highway")):
            if not isinstance(way, osmium.osm.Way):
                continue
            tags = dict(way.tags)
            # Extracts cut roads at their edge; the points beyond have no place.
            within = [(node.ref, node.lat, node.lon) for node in way.nodes if node.location.valid()]
            speed = _speed(tags)
            if speed is None or len(within) < 2:
                continue
            line = [ref for ref, _, _ in within]
            points.update((ref, Place(lat, lon)) for ref, lat, lon in within)
            oneway = _oneway(tags)
            roads.append(Road(way.id, line[::-1] if oneway < 0 else line, speed, both_ways=not oneway))
    except RuntimeError as error:
        raise NetworkError(
            "unreadable", f"The file cannot be read as an OpenStreetMap extract: {error}"
        ) from error
    return network_of(roads, points)


def _speed(tags: Mapping[str, str]) -> float | None:
    """Mean speed on a way with these tags; None where a small bus may not drive."""
    speed = KILOMETRES_PER_HOUR.get(tags.get("highway", ""))
    # The most exact key decides.
    access = next((tags[key] for key in ("motor_vehicle", "vehicle", "access") if key in tags), "yes")
    if speed is None or access in _CLOSED or tags.get("area") == "yes":
        return None
    limit = tags.get("maxspeed", "").removesuffix(" km/h")
    if limit.endswith(" mph"):
        return min(speed, _number(limit.removesuffix(" mph")) * 1.609344 * _OF_THE_LIMIT)
    return min(speed, _number(limit) * _OF_THE_LIMIT)


def _number(written: str) -> float:
    """A limit as a number; no bound where it is a word ("none", "JP:urban") or nothing."""
    return float(written) if written.isascii() and written.isdigit() and int(written) > 0 else math.inf


def _oneway(tags: Mapping[str, str]) -> int:
    """0 both ways, 1 as drawn, -1 against it."""
    written = tags.get("oneway", "yes" if tags.get("junction") == "roundabout" else "no")
    written = "yes" if tags.get("highway") == "motorway" and "oneway" not in tags else written
    return {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1}.get(written, 0)


__all__ = ["KILOMETRES_PER_HOUR", "Road", "network_of", "read_openstreetmap"]
