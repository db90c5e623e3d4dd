"""Where and when vehicles lack: the matching rate by hour of the week, and the vehicles that the goal would take.

Counted from what was asked for and what was answered, refusals included. Hours with few requests are not told.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.utils import timezone

from yui.services.transit.definitions import get_service
from yui.services.transit.models import Duty, Ride
from yui.services.transit.rules import (
    MATCHING_GOAL_PERCENT,
    SESSION,
    matching_percent,
    vehicles_lacking,
)
from yui.supply.public import FEWEST, refusals

DEFINITION = "1"
"""Version of the definition of these figures; a change of it breaks the line."""
WEEKDAYS, HOURS = range(7), range(24)


@dataclass(frozen=True)
class Hour:
    """One hour of the week over a span of weeks.

    Attributes:
        weekday: 0 is Monday.
        requests: sessions that asked for a ride to begin in it; None when too few to be told, 0 when there were none.
        accepts: of them, those that a car was found for.
        lacking: vehicles more in this hour of one day that would lift the rate to the goal; None when not known.
    """

    weekday: int
    hour: int
    requests: int | None
    accepts: int | None
    lacking: int | None

    @property
    def percent(self) -> float | None:
        """The matching rate; None without a told number of requests."""
        return matching_percent(self.requests, self.accepts or 0, 0) if self.requests else None

    @property
    def is_below(self) -> bool:
        """Whether the rate is below the goal."""
        return self.percent is not None and self.percent < MATCHING_GOAL_PERCENT


@dataclass(frozen=True)
class Shortage:
    """A service's hours of the week over a span of days, for the whole area or for one zone of it.

    Attributes:
        until_on: the first day after the span.
        fewest: hours with fewer requests are not told.
    """

    service: str
    zone: str
    from_on: dt.date
    until_on: dt.date
    fewest: int
    hours: tuple[Hour, ...]

    @property
    def told(self) -> list[Hour]:
        """Hours whose numbers are told."""
        return [one for one in self.hours if one.requests]

    @property
    def percent(self) -> float | None:
        """The matching rate over everything that is told."""
        requests = sum(one.requests or 0 for one in self.told)
        return matching_percent(requests, sum(one.accepts or 0 for one in self.told), 0)

    @property
    def short(self) -> list[Hour]:
        """Hours below the goal, the lowest rate first."""
        below = [one for one in self.told if one.is_below]
        return sorted(below, key=lambda one: (one.percent or 0, one.weekday, one.hour))


def shortage(service: str, *, from_on: dt.date, until_on: dt.date, zone: str = "") -> Shortage:
    """How many vehicles lack when, by rides asked for from one day until, not on, another.

    Vehicles lacking = (goal of requests - accepted) in the hour of one such day / rides that one vehicle accepts in an
    hour. The last is taken from the same hours of the week, or, where no vehicle was out, from the whole service.

    Args:
        zone: of the stop where the ride begins; empty for the whole area.

    Raises:
        UnknownSupply: the service has no board.
        PermissionRefused: ``supply.board.manage`` is missing.
    """
    begins, ends = (timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in (from_on, until_on))
    stops = (
        {stop.code for stop in get_service(service, until_on).stops if stop.zone == zone} if zone else None
    )

    def hour_of(demands: Collection[UUID]) -> dict[UUID, Collection[str]]:
        return _sessions(demands, stops)

    counts = {one.group: one for one in refusals(service, from_at=begins, until_at=ends, groups=hour_of)}
    cars = _vehicle_hours(service, begins, ends)
    told = {group: one for group, one in counts.items() if group.isdigit() and one.asked is not None}
    accepted = sum((one.asked or 0) - (one.refused or 0) for one in told.values())
    all_hours = sum((cars.get(int(group), Fraction()) for group in told), Fraction())
    usual = Fraction(accepted) / all_hours if all_hours and accepted else None
    found = []
    for weekday in WEEKDAYS:
        days = _count_of(weekday, from_on, until_on)
        for hour in HOURS:
            code = weekday * 24 + hour
            count = counts.get(str(code))
            if count is None or count.asked is None or count.refused is None:
                found.append(Hour(weekday, hour, 0 if count is None else None, None, None))
                continue
            accepts = count.asked - count.refused
            out = cars.get(code, Fraction())
            pace = Fraction(accepts) / out if out and accepts else usual
            lacking = (
                vehicles_lacking(Fraction(count.asked, days), Fraction(accepts, days), pace)
                if pace and days
                else None
            )
            found.append(Hour(weekday, hour, count.asked, accepts, lacking))
    return Shortage(service, zone, from_on, until_on, FEWEST, tuple(found))


def _sessions(demands: Collection[UUID], stops: set[str] | None) -> dict[UUID, Collection[str]]:
    """The hour of the week of each request; of a session with several, the last, whose answer is the session's."""
    rides = Ride.objects.filter(demand__in=demands).order_by("rider", "booked_at", "pk")
    rows = list(rides.values_list("demand", "rider", "booked_at", "wished_at", "origin"))
    found: dict[UUID, Collection[str]] = {}
    for number, (demand, rider, booked_at, wished_at, origin) in enumerate(rows):
        following = rows[number + 1] if number + 1 < len(rows) else None
        asks_again = following and following[1] == rider and following[2] - booked_at <= SESSION
        if asks_again or (stops is not None and origin not in stops):
            continue
        here = timezone.localtime(wished_at)
        found[demand] = (str(here.weekday() * 24 + here.hour),)
    return found


def _vehicle_hours(service: str, begins: dt.datetime, ends: dt.datetime) -> dict[int, Fraction]:
    """Hours that vehicles were out, by hour of the week."""
    found: dict[int, Fraction] = {}
    duties = Duty.objects.filter(service=service, from_at__lt=ends, until_at__gt=begins)
    for from_at, until_at in duties.values_list("from_at", "until_at"):
        at, last = timezone.localtime(max(from_at, begins)), timezone.localtime(min(until_at, ends))
        while at < last:
            next_hour = at.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
            code = at.weekday() * 24 + at.hour
            seconds = int((min(next_hour, last) - at).total_seconds())
            found[code] = found.get(code, Fraction()) + Fraction(seconds, 3600)
            at = next_hour
    return found


def _count_of(weekday: int, from_on: dt.date, until_on: dt.date) -> int:
    """How often a day of the week lies in a span."""
    first = from_on + dt.timedelta(days=(weekday - from_on.weekday()) % 7)
    return max(0, -(-(until_on - first).days // 7))
