"""What open data say of a service beyond its definition, and the days and places both formats share."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from yui.kernel.calendar.public import holiday_name

from ..contracts import Definition, Fares, Hours, Pattern, Stop
from ..rules import Rider, check_places, fare_yen, fares_on, in_area


@dataclass(frozen=True)
class VehicleKind:
    """A kind of vehicle a service runs.

    Attributes:
        code: stable.
        seats: for riders.
        wheelchairs: how many it takes.
    """

    code: str
    seats: int
    wheelchairs: int = 0


@dataclass(frozen=True)
class Publication:
    """Who publishes a service as open data, and what the definition leaves open.

    Attributes:
        url: page about the service, for riders.
        operator_kana: reading of the operator's name.
        operator_en: its English name.
        email: for questions about the data.
        booking_url: page to book on.
        days: how many days from today on the data cover, at most.
        closed: days on which the service rests though its hours would have it run.
        vehicles: kinds in use.
    """

    url: str
    operator_kana: str = ""
    operator_en: str = ""
    email: str = ""
    booking_url: str = ""
    days: int = 365
    closed: frozenset[dt.date] = frozenset()
    vehicles: tuple[VehicleKind, ...] = ()


@dataclass(frozen=True)
class Period:
    """Days that one file of data covers, both included, and the fares of all of them."""

    first: dt.date
    last: dt.date
    fares: Fares

    def days(self) -> Iterator[dt.date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + dt.timedelta(days=number)


@dataclass(frozen=True)
class Days:
    """A calendar: days of the week within a period, less the days it rests.

    Attributes:
        code: ``d`` and the days of the week, Monday being 1; ``h`` after it if it runs on holidays too.
    """

    code: str
    weekdays: frozenset[int]
    rests: tuple[dt.date, ...]


def period_of(definition: Definition, publication: Publication, today: dt.date) -> Period:
    """Return the days to cover: from today, or the first day of the service, while the fares stay the same.

    Neither format can say that a price changes on a day, so the data end the day before it does.

    Raises:
        LookupError: No fare is in force on the first day.
    """
    first = max(today, definition.valid_from)
    changes = [fares.valid_from for fares in definition.fares if fares.valid_from > first]
    last = min(
        [first + dt.timedelta(days=publication.days - 1), *(c - dt.timedelta(days=1) for c in changes)]
    )
    return Period(first, last, fares_on(definition, first))


def runs_of(definition: Definition, publication: Publication, period: Period) -> list[tuple[Hours, Days]]:
    """Return the hours of a service, each with its calendar: national holidays and closed days are rests.

    Raises:
        ValueError: The service has no hours.
    """
    runs = [(hours, _days(hours, publication, period)) for hours in definition.hours if hours.weekdays]
    if not runs:
        raise ValueError(f"{definition.code} has no hours; there is nothing to tell of it.")
    return runs


def _days(hours: Hours, publication: Publication, period: Period) -> Days:
    code = "d" + "".join(str(day + 1) for day in sorted(hours.weekdays)) + ("h" if hours.on_holidays else "")
    rests = tuple(
        day
        for day in period.days()
        if day.weekday() in hours.weekdays
        and (day in publication.closed or (not hours.on_holidays and holiday_name(day) is not None))
    )
    return Days(code, hours.weekdays, rests)


def to_the_door(definition: Definition) -> bool:
    """Tell whether everybody is met at the door anywhere in the area.

    A service that meets only some riders there is described by its meeting points: the formats cannot say for
    whom a door is, and would send everyone to theirs.
    """
    return definition.pattern is Pattern.DOOR_TO_DOOR


def served_stops(definition: Definition) -> tuple[tuple[Stop, ...], tuple[Stop, ...]]:
    """Return the stops in the area, and those outside it to and from which rides of the area may go."""
    latitude, longitude = definition.area[0]
    border = Stop("", "", "", latitude, longitude)
    inside = tuple(stop for stop in definition.stops if in_area(definition, stop.latitude, stop.longitude))
    outside = tuple(
        stop
        for stop in definition.stops
        if stop not in inside and check_places(definition, stop, border, ()) is None
    )
    return inside, outside


def full_fare_yen(fares: Fares, zones: tuple[str, str] = ("", "")) -> int:
    """Return what one adult pays who shares the car with nobody."""
    return fare_yen(fares, [Rider()], zones=zones)


def ring_of(area: tuple[tuple[float, float], ...]) -> list[list[float]]:
    """Return the area as a GeoJSON ring: longitude first, closed, counterclockwise.

    Source:
        RFC 7946, section 3.1.6.
    """
    points = [[longitude, latitude] for latitude, longitude in area]
    if points[0] != points[-1]:
        points.append(points[0])
    twice_the_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points))
    return points if twice_the_area > 0 else points[::-1]


def date_text(day: dt.date) -> str:
    """Write a date as YYYYMMDD."""
    return day.strftime("%Y%m%d")


def time_text(time: dt.time) -> str:
    """Write a time as HH:MM:SS."""
    return time.strftime("%H:%M:%S")
