"""Where each car is now: after its last report, on the way to the next stop as the plan has it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from yui.engines.travel.public import Place
from yui.services.transit.live.ways import Ways
from yui.supply.public import PlanView, StopView


class Motion(StrEnum):
    """What a car does, as far as it is known."""

    STANDS = "stands"
    DRIVES = "drives"
    OFF = "off"


@dataclass(frozen=True)
class Position:
    """Where a car is reckoned to be.

    Attributes:
        late: since when it should have begun its next stop; nothing while it is in time.
    """

    place: Place
    motion: Motion
    late: dt.timedelta = dt.timedelta()


def position(
    stops: tuple[StopView, ...], start: Place | None, ways: Ways, now: dt.datetime, *, is_off: bool = False
) -> Position | None:
    """Where a car is: it stays where it last served until it has to leave for the next stop.

    A car that reports nothing is not driven past a stop: it waits there and is later by the minute.

    Args:
        stops: of its route, in order.
        start: where its shift begins; None where that is not known.
        is_off: it can serve no longer, and stands where it last was.

    Returns:
        None where nothing tells.
    """
    served = [stop for stop in stops if stop.done]
    ahead = [stop for stop in stops if not stop.done]
    here = served[-1].place if served else start
    if is_off or not ahead:
        motion = Motion.OFF if is_off else Motion.STANDS
        return None if here is None else Position(here, motion)
    coming = ahead[0]
    late = max(now - coming.arrive_at, dt.timedelta())
    if here is None or here == coming.place:
        return Position(coming.place, Motion.STANDS, late)
    way = ways.way(here, coming.place)
    left = (coming.arrive_at - now).total_seconds()
    whole = float(way.seconds[-1])
    if served:
        # A stop that was served late leaves less time than the road takes: the plan's arrival is what counts.
        since = (coming.arrive_at - served[-1].arrive_at).total_seconds()
        whole = min(whole, max(since, 1.0))
    driven = float(way.seconds[-1]) * (1 - left / whole) if whole else float(way.seconds[-1])
    return Position(way.at(driven), Motion.DRIVES if 0 < left < whole else Motion.STANDS, late)


def positions(
    plan: PlanView | None,
    starts: Mapping[UUID, Place],
    ways: Ways,
    now: dt.datetime,
    off: frozenset[UUID] = frozenset(),
) -> dict[UUID, Position]:
    """Where every shift is that is known of."""
    stops = {route.shift: route.stops for route in (plan.routes if plan else ())}
    found = {
        shift: position(stops.get(shift, ()), starts.get(shift), ways, now, is_off=shift in off)
        for shift in {*stops, *starts}
    }
    return {shift: one for shift, one in found.items() if one is not None}
