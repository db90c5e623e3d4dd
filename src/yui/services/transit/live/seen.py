"""What an operator's map shows of a service at one instant, without a person in it."""

import datetime as dt
import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import UUID

from django.utils import timezone

from yui.engines.travel.public import Place, RoadNetwork
from yui.kernel.tenancy.public import current_body_id
from yui.services.transit.contracts import Definition
from yui.services.transit.definitions import get_service
from yui.services.transit.live.positions import Motion, Position, positions
from yui.services.transit.live.tiles import MapLayers
from yui.services.transit.live.ways import Ways
from yui.services.transit.models import Duty
from yui.supply.public import PlanView, board_of, plan_of, roads_of

_KEPT = 8
"""Services whose map and ways a process keeps; a town of 12,000 junctions is 30 MB."""
_maps: "OrderedDict[tuple[int, str], tuple[str, MapLayers]]" = OrderedDict()
_ways: "OrderedDict[tuple[int, str], tuple[tuple[str, frozenset[int]], Ways]]" = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, eq=False)
class Seen:
    """A service as it is now.

    Attributes:
        numbers: of the cars, as the board counts them, by shift.
        off: shifts that can serve no longer, with why.
        starts: where shifts begin.
        closed: roads that are closed.
    """

    plan: PlanView | None
    numbers: dict[UUID, int]
    off: dict[UUID, str]
    starts: dict[UUID, Place]
    closed: frozenset[int]
    ways: Ways
    window: dt.timedelta | None

    def where(self, now: dt.datetime) -> dict[UUID, Position]:
        """Where every car is that is known of."""
        found = positions(self.plan, self.starts, self.ways, now, frozenset(self.off))
        return {shift: one for shift, one in found.items() if shift in self.numbers}

    def ahead(self, shift: UUID) -> list[Place]:
        """The line a car has ahead of it, from its last stop through all the next ones; empty without one."""
        routes = self.plan.routes if self.plan else ()
        stops = next((route.stops for route in routes if route.shift == shift), ())
        here = next((stop.place for stop in reversed(stops) if stop.done), self.starts.get(shift))
        line: list[Place] = []
        for stop in stops if shift not in self.off else ():
            if stop.done:
                continue
            for latitude, longitude in self.ways.way(here or stop.place, stop.place).points.tolist():
                point = Place(latitude, longitude)
                if not line or line[-1] != point:
                    line.append(point)
            here = stop.place
        return line

    @cached_property
    def board(self) -> str:
        """The plan as the map draws it, as JSON: its number, closed roads, and what each car has ahead."""
        ways = {
            number: [[round(one.longitude, 6), round(one.latitude, 6)] for one in self.ahead(shift)]
            for shift, number in self.numbers.items()
        }
        return _json(
            {
                "plan": self.plan.version if self.plan else 0,
                "closed": sorted(map(str, self.closed)),
                "ways": ways,
                "off": sorted(self.numbers[shift] for shift in self.off if shift in self.numbers),
            }
        )

    @cached_property
    def mark(self) -> str:
        """Another one whenever ``board`` or the stops that were served differ: what a reader last saw."""
        done = [
            [str(stop.demand), stop.step]
            for route in (self.plan.routes if self.plan else ())
            for stop in route.stops
            if stop.done
        ]
        return hashlib.sha256((self.board + _json(done)).encode()).hexdigest()[:16]

    def cars(self, now: dt.datetime) -> str:
        """Where each car is, as JSON: number, latitude, longitude, minutes late, what it does."""
        return _json(
            [
                [
                    self.numbers[shift],
                    round(one.place.latitude, 6),
                    round(one.place.longitude, 6),
                    int(one.late.total_seconds() // 60),
                    one.motion.value,
                ]
                for shift, one in sorted(self.where(now).items(), key=lambda pair: self.numbers[pair[0]])
            ]
        )


def look(service: str, now: dt.datetime | None = None) -> Seen:
    """A service of the active body as it is now.

    Raises:
        UnknownSupply: its board is not open.
    """
    now = now or timezone.now()
    begins, ends = day_of(now)
    board = board_of(service, from_at=begins, until_at=ends)
    plan = _promised(plan_of(service))
    duties = Duty.objects.filter(service=service, from_at__lt=ends, until_at__gt=begins).order_by(
        "from_at", "pk"
    )
    numbers = {shift: number for number, shift in enumerate(duties.values_list("shift", flat=True), 1)}
    return Seen(
        plan=plan,
        numbers=numbers,
        off={one.public_id: one.withdrawn_because for one in board.shifts if one.withdrawn_at is not None}
        | {one.shift: one.because for one in (plan.routes if plan else ()) if one.withdrawn_at is not None},
        starts={one.public_id: one.start for one in board.shifts},
        closed=board.closed,
        ways=_ways_of(service, board.closed),
        window=board.window,
    )


def _promised(plan: PlanView | None) -> PlanView | None:
    """A plan without the stops that are only offered: nobody drives there yet."""
    if plan is None:
        return None
    routes = (
        replace(route, stops=tuple(stop for stop in route.stops if not stop.offered)) for route in plan.routes
    )
    return replace(plan, routes=tuple(routes))


def day_of(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The day of an instant, from its first moment until the next day's."""
    begins = timezone.make_aware(dt.datetime.combine(timezone.localdate(now), dt.time()))
    return begins, begins + dt.timedelta(days=1)


def map_of(service: str) -> tuple[str, MapLayers]:
    """The map of a service of the active body, and its version.

    Raises:
        TransitRefused: there is no such service today.
        UnknownSupply: its board is not open.
    """
    definition, roads = get_service(service, timezone.localdate()), roads_of(service)
    version = _version(definition, roads.version if roads else "")
    key = (current_body_id(), service)
    with _lock:
        found = _maps.pop(key, None)
        if found is None or found[0] != version:
            found = version, MapLayers(definition, roads.network if roads else None)
        _maps[key] = found
        while len(_maps) > _KEPT:
            _maps.popitem(last=False)
    return found


def sources_of(service: str) -> str:
    """Whose roads the map shows, as it has to be said beside it; empty without a road map."""
    roads = roads_of(service)
    return f"{roads.source} ({roads.licence})" if roads else ""


def _version(definition: Definition, roads: str) -> str:
    told = repr((definition.area, definition.stops, roads))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _ways_of(service: str, closed: frozenset[int]) -> Ways:
    roads = roads_of(service)
    version = (roads.version if roads else "", closed)
    key = (current_body_id(), service)
    with _lock:
        found = _ways.pop(key, None)
        if found is None or found[0] != version:
            found = version, Ways(roads.network if roads else None, closed)
        _ways[key] = found
        while len(_ways) > _KEPT:
            _ways.popitem(last=False)
    return found[1]


def network_of(service: str) -> RoadNetwork | None:
    """The roads a service's board reckons with; None where it reckons by the crow."""
    roads = roads_of(service)
    return roads.network if roads else None


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


__all__ = ["Motion", "Seen", "day_of", "look", "map_of", "network_of", "sources_of"]
