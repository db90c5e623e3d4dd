"""A day of demand: made up from who lives where, or read from a trace."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from io import StringIO
from itertools import accumulate
from random import Random

from yui.engines.travel.public import Place
from yui.services.transit.contracts import Wish
from yui.services.transit.simulation.surroundings import (
    AgeGroup,
    PlaceKind,
    Spot,
    UnreadableFile,
    choice,
    place_in,
    rows_of,
    whole,
)

DAY = 24 * 3600
BEFORE = -1
"""When a ride was asked for on an earlier day: before the first second of this one."""
MOST_TRIPS = 20_000
TRACE_HEADINGS = (
    "asked_at", "wish", "wished_at", "origin_latitude", "origin_longitude", "destination_latitude",
    "destination_longitude", "area", "age", "seats", "wheelchairs", "cancelled_at", "came",
)  # fmt: skip
"""Columns of a trace, in UTF-8, one ride a row. Times are HH:MM or HH:MM:SS of one day.

``asked_at``: empty when it was booked before that day. ``wish``: now, pickup_from or arrive_by. ``wished_at``: empty
for now. ``area``: what the ride is counted by, a hamlet or stop, never an address. ``age``: under_15, from_15, from_65
or from_75. ``seats``: everybody who rode, those in wheelchairs included. ``cancelled_at``: empty when it was not.
``came``: yes, or no when nobody was there.
"""


@dataclass(frozen=True)
class Trip:
    """A ride that somebody wants.

    Attributes:
        asked: when they ask, in seconds of the day; ``BEFORE`` on an earlier one.
        at: the time they fix; of ``Wish.NOW`` when they ask.
        area: what it is counted by.
        seats: taken, wheelchairs included.
        cancelled: when it is taken back; None when it is not.
        comes: whether somebody is there when the car is.
    """

    id: str
    asked: int
    wish: Wish
    at: int
    origin: Place
    destination: Place
    area: str
    age: AgeGroup
    seats: int = 1
    wheelchairs: int = 0
    cancelled: int | None = None
    comes: bool = True


@dataclass(frozen=True)
class DayOptions:
    """What kind of day is made up.

    Attributes:
        rides: how many are asked for; ways out and ways back both count.
        cancel_percent: of rides that are taken back.
        no_show_percent: of rides whose rider is not there.
        company_percent: of rides on which a second person rides along.
    """

    rides: int
    seed: int = 1
    cancel_percent: int = 4
    no_show_percent: int = 1
    company_percent: int = 12


@dataclass(frozen=True)
class _Purpose:
    kind: PlaceKind
    share: int
    from_hour: int
    to_hour: int
    stay: int
    wish: Wish
    ahead_percent: int


@cache
def _table(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _purposes(age: AgeGroup) -> list[_Purpose]:
    return [
        _Purpose(
            PlaceKind(row["purpose"]),
            int(row["share"]),
            int(row["from_hour"]) * 3600,
            int(row["to_hour"]) * 3600,
            int(row["stay_minutes"]) * 60,
            Wish(row["wish"]),
            int(row["ahead_percent"]),
        )
        for row in _table("purposes.csv")
        if row["age"] == age
    ]


def make_day(spots: Sequence[Spot], options: DayOptions) -> tuple[Trip, ...]:
    """A day of demand drawn from who lives where; the same seed gives the same day everywhere.

    Raises:
        ValueError: nobody lives there, there is nowhere to go, or more rides than a day may have are wanted.
    """
    if not 1 <= options.rides <= MOST_TRIPS:
        raise ValueError(f"A day has 1 to {MOST_TRIPS:,} rides.")
    chance = Random(f"{options.seed}/day")  # noqa: S311 (reproducible, nothing secret)
    asks = {AgeGroup(row["age"]): int(row["asks"]) for row in _table("ages.csv")}
    chairs = {AgeGroup(row["age"]): int(row["wheelchair_per_1000"]) for row in _table("ages.csv")}
    homes = [(spot, age, spot.residents[n]) for spot in spots for n, age in enumerate(AgeGroup)]
    weights = list(accumulate(count * asks[age] for _spot, age, count in homes))
    kinds = {kind: [spot for spot in spots if spot.kind is kind] for kind in PlaceKind}
    if not weights or not weights[-1] or not any(kinds[kind] for kind in PlaceKind if kind != PlaceKind.HOME):
        raise ValueError("Nobody lives there, or there is nowhere to go.")
    trips: list[Trip] = []
    while len(trips) < options.rides:
        home, age, _count = chance.choices(homes, cum_weights=weights)[0]
        purposes = [one for one in _purposes(age) if [spot for spot in kinds[one.kind] if spot is not home]]
        if not purposes:
            continue
        purpose = chance.choices(purposes, [one.share for one in purposes])[0]
        goals = [spot for spot in kinds[purpose.kind] if spot is not home]
        # A home draws as many visitors as it has people, other places by their pull.
        goal = chance.choices(goals, [spot.pull + sum(spot.residents) for spot in goals])[0]
        wheelchair = chance.randrange(1000) < chairs[age]
        company = wheelchair or chance.randrange(100) < options.company_percent
        at = chance.randrange(purpose.from_hour, purpose.to_hour, 300)
        ahead = chance.randrange(100) < purpose.ahead_percent
        wish = purpose.wish if ahead or purpose.wish is not Wish.NOW else Wish.NOW
        out = Trip(
            id="",
            asked=BEFORE
            if ahead
            else max(at - chance.randrange(20, 120) * 60, 0)
            if wish != Wish.NOW
            else at,
            wish=Wish.PICKUP_FROM if ahead and wish is Wish.NOW else wish,
            at=at,
            origin=home.place,
            destination=goal.place,
            area=home.name,
            age=age,
            seats=2 if company else 1,
            wheelchairs=int(wheelchair),
        )
        trips.append(_fate(out, chance, options))
        if purpose.stay and len(trips) < options.rides:
            back = at + purpose.stay + chance.randrange(-20, 40) * 60
            if back < 20 * 3600:
                # Who waits for the doctor or at the till knows only then when they are ready.
                asked = replace(
                    out,
                    asked=back,
                    wish=Wish.NOW,
                    at=back,
                    origin=goal.place,
                    destination=home.place,
                )
                trips.append(_fate(asked, chance, options))
    return numbered(trips)


def _fate(trip: Trip, chance: Random, options: DayOptions) -> Trip:
    """Whether it is taken back, and whether somebody is there."""
    drawn = chance.randrange(100)
    if drawn < options.cancel_percent:
        first = max(trip.asked, 6 * 3600)
        return replace(trip, cancelled=chance.randrange(first, max(trip.at, first) + 600))
    return replace(trip, comes=drawn >= options.cancel_percent + options.no_show_percent)


def numbered(trips: Iterable[Trip]) -> tuple[Trip, ...]:
    """The trips in the order in which they are asked for, each with its number."""
    ordered = sorted(trips, key=lambda trip: trip.asked)
    return tuple(replace(trip, id=f"{number:05}") for number, trip in enumerate(ordered, 1))


def read_trace(text: str) -> tuple[Trip, ...]:
    """Read a trace as described at ``TRACE_HEADINGS``.

    Raises:
        UnreadableFile: says every row that is wrong, and why.
    """
    trips, mistakes = [], []
    rows = rows_of(text, TRACE_HEADINGS)
    if len(rows) > MOST_TRIPS:
        raise UnreadableFile([f"the file has more than {MOST_TRIPS} rides"])
    for line, row in rows:
        try:
            trips.append(_trip(row))
        except ValueError as error:
            mistakes.append(f"line {line}: {error}")
    if mistakes:
        raise UnreadableFile(mistakes)
    return numbered(trips)


def _trip(row: dict[str, str]) -> Trip:
    asked = _time(row, "asked_at") if row["asked_at"] else BEFORE
    wish = Wish(choice(row, "wish", Wish))
    if wish is Wish.NOW and asked == BEFORE:
        raise ValueError("asked_at is empty, and the ride is wished for now")
    at = asked if wish is Wish.NOW else _time(row, "wished_at")
    seats, wheelchairs = whole(row, "seats", 1), whole(row, "wheelchairs")
    if wheelchairs > seats:
        raise ValueError("wheelchairs are more than seats")
    cancelled = _time(row, "cancelled_at") if row["cancelled_at"] else None
    if cancelled is not None and cancelled < asked:
        raise ValueError("cancelled_at is before asked_at")
    return Trip(
        id="",
        asked=asked,
        wish=wish,
        at=at,
        origin=place_in(row, "origin_"),
        destination=place_in(row, "destination_"),
        area=row["area"],
        age=AgeGroup(choice(row, "age", AgeGroup)),
        seats=seats,
        wheelchairs=wheelchairs,
        cancelled=cancelled,
        comes=choice(row, "came", ("yes", "no")) == "yes",
    )


def _time(row: dict[str, str], name: str) -> int:
    parts = row[name].split(":")
    if not 2 <= len(parts) <= 3 or not all(
        part.isascii() and part.isdigit() and len(part) < 3 for part in parts
    ):
        raise ValueError(f"{name} is no time HH:MM")
    hours, minutes, seconds = (*map(int, parts), 0)[:3]
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError(f"{name} is no time of a day")
    return hours * 3600 + minutes * 60 + seconds


def write_trace(trips: Iterable[Trip]) -> str:
    """The trips as a trace."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(TRACE_HEADINGS)
    for trip in trips:
        table.writerow(
            (
                clock(trip.asked) if trip.asked != BEFORE else "",
                trip.wish.value,
                "" if trip.wish is Wish.NOW else clock(trip.at),
                trip.origin.latitude,
                trip.origin.longitude,
                trip.destination.latitude,
                trip.destination.longitude,
                trip.area,
                trip.age.value,
                trip.seats,
                trip.wheelchairs,
                "" if trip.cancelled is None else clock(trip.cancelled),
                "yes" if trip.comes else "no",
            )
        )
    return text.getvalue()


def clock(seconds: int) -> str:
    """A time of the day as HH:MM:SS."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
