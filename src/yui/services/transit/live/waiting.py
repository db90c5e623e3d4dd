"""How long one waits for a ride now: real quotes for typical rides against the plan in force, and their median."""

import datetime as dt
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from yui.engines.travel.public import Place
from yui.kernel.tenancy.public import current_body_id
from yui.services.transit.contracts import Definition, Stop
from yui.services.transit.rules import hours_on, next_pickup
from yui.supply.public import Step, StepKind, soonest

MOST_RIDES = 12
SECONDS_KEPT = 30


@dataclass(frozen=True)
class Waiting:
    """What somebody who asks for a ride now may expect.

    Attributes:
        at: when it was reckoned.
        opens_at: when the service begins to run; None while it does.
        minutes: of waiting, by the median of the rides that could be had within the limits of the service, rounded
            up; None where for most of them there is no car so soon.
        earliest_at: by the median of the others, when a car could come; None when none comes any more today.
        asked: how many rides were quoted.
        found: how many could be had within the limits.
    """

    at: dt.datetime
    opens_at: dt.datetime | None = None
    minutes: int | None = None
    earliest_at: dt.datetime | None = None
    asked: int = 0
    found: int = 0


def waiting(service: Definition) -> Waiting | None:
    """The waiting time of now, at most half a minute old; None where it can't be told."""
    key = f"transit.waiting:{current_body_id()}:{service.code}:{service.valid_from}"
    found: Waiting | None = cache.get(key)
    if found is None or abs(timezone.now() - found.at) > dt.timedelta(seconds=SECONDS_KEPT):
        found = _reckon(service, timezone.now())
        cache.set(key, found, SECONDS_KEPT)
    return found


def typical_rides(stops: Sequence[Stop]) -> list[tuple[Stop, Stop]]:
    """From stops all over the service to the middle one and back: people go to the centre and home."""
    if len(stops) < 2:
        return []
    latitude = statistics.mean(stop.latitude for stop in stops)
    longitude = statistics.mean(stop.longitude for stop in stops)
    middle = min(stops, key=lambda stop: (stop.latitude - latitude) ** 2 + (stop.longitude - longitude) ** 2)
    others = [stop for stop in stops if stop is not middle]
    step = max(1, -(-2 * len(others) // MOST_RIDES))
    return [pair for stop in others[::step] for pair in ((stop, middle), (middle, stop))]


def _reckon(service: Definition, now: dt.datetime) -> Waiting | None:
    begins = next_pickup(service, now)
    rides = typical_rides(service.stops)
    if begins is None or not rides:
        return None
    if begins - now > dt.timedelta(minutes=service.booking.closes_minutes):
        return Waiting(now, opens_at=begins)
    closes = next(
        ends for opens, ends in hours_on(service, timezone.localdate(begins)) if opens <= begins < ends
    )
    soon = min(begins + dt.timedelta(minutes=service.limits.wait_minutes), closes)
    first = soonest(service.code, [_steps(service, ride, begins, soon, closes) for ride in rides])
    found = [one for one in first if isinstance(one, dt.datetime)]
    if 2 * len(found) >= len(rides):
        waits = [max((one - now).total_seconds(), 0) for one in found]
        return Waiting(
            now,
            minutes=-(-int(statistics.median(waits)) // 60),
            asked=len(rides),
            found=len(found),
        )
    later = soonest(service.code, [_steps(service, ride, begins, closes, closes) for ride in rides])
    times = sorted(one for one in later if isinstance(one, dt.datetime))
    return Waiting(
        now, earliest_at=times[len(times) // 2] if times else None, asked=len(rides), found=len(found)
    )


def _steps(
    service: Definition, ride: tuple[Stop, Stop], begins: dt.datetime, until: dt.datetime, closes: dt.datetime
) -> tuple[Step, Step]:
    seconds = service.limits.boarding_seconds
    start, end = (Place(stop.latitude, stop.longitude) for stop in ride)
    return (
        Step(StepKind.PICKUP, start, begins, until, seconds, ride[0].name),
        Step(StepKind.DROPOFF, end, begins, closes, seconds, ride[1].name),
    )


__all__ = ["Waiting", "typical_rides", "waiting"]
