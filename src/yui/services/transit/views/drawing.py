"""A plain map of a service: its area, its roads and stops, where each car is and the way it has ahead."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from yui.engines.travel.public import Place, RoadNetwork
from yui.services.transit.contracts import Definition

WIDTH, MARGIN, MOST_HIGH, MARK = 800, 60, 560, 34
MOST_ROADS = 6000
"""Stretches that are drawn; a town with more is drawn without its roads, which would be a grey patch."""
DASHES = ("", "8 4", "2 4", "12 4 2 4")
"""Ways are told apart by their dashes and the number of the car, never by colour alone."""
At = Callable[[Place], tuple[int, int]]


def draw(
    service: Definition, cars: Sequence[dict[str, Any]], network: RoadNetwork | None = None
) -> dict[str, Any]:
    """Where to draw what, in units of the drawing.

    Args:
        cars: with ``number``, ``name`` and the stops ``ahead``, each with its ``place`` (None where not known);
            where it is ``at``, and the ``line`` it drives, where they are known.
        network: roads to draw below it all.

    Returns:
        ``width``, ``height``, ``area`` (points), ``roads`` (path), ``stops`` (x, y, name) and ``ways`` (number, name,
        points, x and y of the mark, dash).
    """
    places = [Place(stop.latitude, stop.longitude) for stop in service.stops]
    places += [stop["place"] for car in cars for stop in car["ahead"]]
    if not places:
        return {}
    places += [Place(*corner) for corner in service.area]
    places += [car["at"] for car in cars if car.get("at")]
    south, north = min(one.latitude for one in places), max(one.latitude for one in places)
    west, east = min(one.longitude for one in places), max(one.longitude for one in places)
    # A degree of longitude is shorter the further from the equator.
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HIGH - 2 * MARGIN) / high)

    def at(place: Place) -> tuple[int, int]:
        x = (WIDTH - wide * scale) / 2 + (place.longitude - west) * squeeze * scale
        y = MARGIN + (north - place.latitude) * scale
        return round(x), round(y)

    stops = [
        {"x": x, "y": y, "name": stop.name}
        for stop in service.stops
        for x, y in [at(Place(stop.latitude, stop.longitude))]
    ]
    return {
        "width": WIDTH,
        "height": round(high * scale) + 2 * MARGIN,
        "area": _points(at(Place(*corner)) for corner in service.area),
        "roads": _roads(network, at) if network is not None else "",
        "stops": stops,
        "ways": _ways(cars, at),
    }


def _ways(cars: Sequence[dict[str, Any]], at: At) -> list[dict[str, Any]]:
    ways: list[dict[str, Any]] = []
    for car in cars:
        points = [at(place) for place in car.get("line") or [stop["place"] for stop in car["ahead"]]]
        here = at(car["at"]) if car.get("at") else points[0] if points else None
        if here is None:
            continue
        # Marks at the same place stand side by side.
        beside = sum(here == way["at"] for way in ways)
        ways.append(
            {
                "number": car["number"],
                "name": car["name"],
                "points": _points(points),
                "at": here,
                "x": here[0] + MARK * beside,
                "y": here[1],
                "dash": DASHES[(car["number"] - 1) % len(DASHES)],
            }
        )
    return ways


def _roads(network: RoadNetwork, at: At) -> str:
    """Every road once, as one path; bends that fall on the same unit are left out."""
    if len(network.start) > MOST_ROADS:
        return ""
    # The drawing is a straight map of degrees, so two points tell all of it.
    (x0, y0), (x1, y1) = at(Place(0, 0)), at(Place(1, 1))
    x = np.rint(x0 + (x1 - x0) * network.shape_longitude).astype(int).tolist()
    y = np.rint(y0 + (y1 - y0) * network.shape_latitude).astype(int).tolist()
    drawn: dict[tuple[tuple[int, int], ...], None] = {}
    for first, after in pairwise(network.shape_start.tolist()):
        line = tuple(dict.fromkeys(zip(x[first:after], y[first:after], strict=True)))
        if len(line) > 1 and line[::-1] not in drawn:
            drawn[line] = None
    return "".join("M" + "L".join(f"{x} {y}" for x, y in line) for line in drawn)


def _points(points: Any) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
