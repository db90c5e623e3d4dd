"""A plain map of a service: its stops, and the way each car has ahead of it."""

import math
from collections.abc import Sequence
from typing import Any

from yui.engines.travel.public import Place
from yui.services.transit.contracts import Definition

WIDTH, MARGIN, MOST_HIGH, MARK = 800, 60, 500, 34
DASHES = ("", "8 4", "2 4", "12 4 2 4")
"""Ways are told apart by their dashes and the number of the car, never by colour alone."""


def draw(service: Definition, cars: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Where to draw what, in units of the drawing.

    Args:
        cars: with ``number``, ``name`` and the stops ``ahead``, each with its ``place`` (None where not known).

    Returns:
        ``width``, ``height``, ``stops`` (x, y, name) and ``ways`` (number, name, points, x and y of the mark, dash).
    """
    places = [Place(stop.latitude, stop.longitude) for stop in service.stops]
    places += [stop["place"] for car in cars for stop in car["ahead"]]
    if not places:
        return {}
    south, north = min(one.latitude for one in places), max(one.latitude for one in places)
    west, east = min(one.longitude for one in places), max(one.longitude for one in places)
    # A degree of longitude is shorter the further from the equator.
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HIGH - 2 * MARGIN) / high)

    def at(place: Place) -> tuple[int, int]:
        x = MARGIN + (place.longitude - west) * squeeze * scale
        y = MARGIN + (north - place.latitude) * scale
        return round(x), round(y)

    ways: list[dict[str, Any]] = []
    for car in cars:
        points = [at(stop["place"]) for stop in car["ahead"]]
        if points:
            # Marks at the same stop stand side by side.
            beside = sum(points[0] == way["at"] for way in ways)
            ways.append(
                {
                    "number": car["number"],
                    "name": car["name"],
                    "points": " ".join(f"{x},{y}" for x, y in points),
                    "at": points[0],
                    "x": points[0][0] + MARK * beside,
                    "y": points[0][1],
                    "dash": DASHES[(car["number"] - 1) % len(DASHES)],
                }
            )
    stops = [
        {"x": x, "y": y, "name": stop.name}
        for stop in service.stops
        for x, y in [at(Place(stop.latitude, stop.longitude))]
    ]
    return {"width": WIDTH, "height": round(high * scale) + 2 * MARGIN, "stops": stops, "ways": ways}
