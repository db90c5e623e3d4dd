"""Trying policies on a day of demand: kept, reckoned in the background, one policy a job, shown as they come."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yui.engines.travel.public import OnRoads, Place, StraightLine, TravelTimes
from yui.kernel.access.public import current_actor, require
from yui.kernel.jobs.public import enqueue
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.services.transit.apps import MANAGE, READ
from yui.services.transit.contracts import Category, Definition, TransitRefused, Wish
from yui.services.transit.definitions import get_service
from yui.services.transit.live.seen import network_of
from yui.services.transit.models import Ride, Surroundings, Trial
from yui.services.transit.rules import JAPAN
from yui.services.transit.simulation.demand import (
    DayOptions,
    Trip,
    make_day,
    numbered,
    read_trace,
    write_trace,
)
from yui.services.transit.simulation.policies import Comparison, comparison_in, comparison_out
from yui.services.transit.simulation.replay import Replay, Town
from yui.services.transit.simulation.results import Result, result_of, results_in, results_out
from yui.services.transit.simulation.surroundings import AgeGroup, Spot, read_surroundings
from yui.supply.public import DemandState, DemandView, list_demands

JOB = "transit.trial.reckon"


class DemandSource(StrEnum):
    """Where the rides of a simulated day come from."""

    MADE_UP = "made_up"
    TRACE = "trace"
    PAST = "past"


def keep_surroundings(text: str) -> None:
    """Keep who lives where, and where people go. The same table again adds nothing.

    Raises:
        UnreadableFile: says every row that is wrong, and why.
    """
    require(MANAGE)
    read_surroundings(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    newest = Surroundings.objects.order_by("-recorded_at", "-pk").first()
    if newest is not None and newest.sha256 == digest:
        return
    Surroundings.objects.create(table=text, sha256=digest, recorded_by=current_actor().public_id)
    record("transit.surroundings.kept", object_kind="surroundings", details={"sha256": digest})


def find_surroundings() -> tuple[Spot, ...] | None:
    """Who lives where, as kept last; None when nothing is."""
    newest = Surroundings.objects.order_by("-recorded_at", "-pk").first()
    return read_surroundings(newest.table) if newest is not None else None


def made_up_day(options: DayOptions) -> tuple[Trip, ...]:
    """A day drawn from the surroundings of the active body.

    Raises:
        TransitRefused: none are kept.
    """
    spots = find_surroundings()
    if spots is None:
        told = gettext_noop("Who lives where is not known yet. Upload the table first.")
        raise TransitRefused(Message("no_surroundings", told))
    try:
        return make_day(spots, options)
    except ValueError as error:
        told = gettext_noop("A day cannot be made up: %(why)s")
        raise TransitRefused(Message("no_day", told, {"why": str(error)})) from error


def past_day(service: str, day: dt.date) -> tuple[Trip, ...]:
    """The rides that were asked for on a past day, under numbers: no person, no address, meeting points by name.

    Raises:
        TransitRefused: nobody asked for a ride on that day.
        PermissionRefused: the actor may not see who rides where.
    """
    require(READ)
    begins = dt.datetime.combine(day, dt.time(), JAPAN)
    rides = {
        ride.demand: ride
        for ride in Ride.objects.filter(
            service=service, wished_at__gte=begins, wished_at__lt=begins + dt.timedelta(days=1)
        )
    }
    demands = list_demands(service, from_at=begins, until_at=begins + dt.timedelta(days=1))
    trips = [_past(one, rides[one.public_id], begins) for one in demands if one.public_id in rides]
    if not trips:
        told = gettext_noop("Nobody asked for a ride on that day.")
        raise TransitRefused(Message("no_rides", told))
    return numbered(trips)


def _past(demand: DemandView, ride: Ride, begins: dt.datetime) -> Trip:
    start, end = demand.steps
    asked = int((ride.booked_at - begins).total_seconds())
    at = int((ride.wished_at - begins).total_seconds())
    wish = Wish(ride.wish)
    categories = {category for one, _has_pass in ride.riders for category in one}
    return Trip(
        id="",
        asked=max(asked, -1),
        wish=wish if asked >= 0 or wish is not Wish.NOW else Wish.PICKUP_FROM,
        at=max(asked, 0) if wish is Wish.NOW and asked >= 0 else at,
        origin=_apart(start.place),
        destination=_apart(end.place),
        area=start.name,
        age=_age(categories),
        seats=demand.load.get("seats", 1),
        wheelchairs=demand.load.get("wheelchairs", 0),
        # When it was taken back is not known any more: half an hour before, as most are.
        cancelled=max(at - 1800, asked, 0) if demand.state is DemandState.CANCELLED else None,
        comes=demand.state is not DemandState.NO_SHOW,
    )


def _apart(place: Place) -> Place:
    """A place to about a hundred metres, so that a door is nobody's."""
    return Place(round(place.latitude, 3), round(place.longitude, 3))


def _age(categories: set[str]) -> AgeGroup:
    """What a booking says of age: no more than its fare needed."""
    if categories & {Category.CHILD.value, Category.INFANT.value}:
        return AgeGroup.UNDER_15
    return AgeGroup.FROM_65 if Category.SENIOR.value in categories else AgeGroup.FROM_15


@transaction.atomic
def begin_trial(
    *, service: str, source: DemandSource, trips: Sequence[Trip], comparison: Comparison, seed: int
) -> UUID:
    """Ask for policies to be compared on a day; the worker reckons one after the other.

    Raises:
        TransitRefused: there is no such service, or a policy cannot be.
    """
    require(MANAGE)
    get_service(service, timezone.localdate())
    plain = comparison_out(comparison)
    comparison_in(plain)
    trace = write_trace(trips)
    about = {
        "comparison": plain,
        "seed": seed,
        "rides": len(trips),
        "demand_sha256": hashlib.sha256(trace.encode()).hexdigest(),
    }
    made = Trial.objects.create(
        service=service, source=source.value, about=about, demand=trace, asked_by=current_actor().public_id
    )
    record(
        "transit.trial.begun", object_kind="trial", object_id=made.public_id, details={"rides": len(trips)}
    )
    enqueue(JOB, key=f"{made.public_id}:0", trial=str(made.public_id))
    return made.public_id


def reckon_next(trial: UUID) -> None:
    """Replay the next policy of a trial, and ask for the one after it; when all are done the rides are let go."""
    row = Trial.objects.select_for_update().get(public_id=trial)
    if row.finished_at is not None:
        return
    comparison = comparison_in(row.about["comparison"])
    policy = comparison.policies[len(row.results)]
    town = town_of(get_service(row.service, timezone.localdate()), travel_of(row.service))
    replay = Replay(town, read_trace(row.demand), policy, seed=row.about["seed"]).run()
    row.results = [*row.results, *results_out([result_of(replay, comparison.rates)])]
    if len(row.results) == len(comparison.policies):
        row.finished_at, row.demand = timezone.now(), ""
        record("transit.trial.finished", object_kind="trial", object_id=row.public_id)
    else:
        enqueue(JOB, key=f"{row.public_id}:{len(row.results)}", trial=str(row.public_id))
    row.save(update_fields=["results", "finished_at", "demand"])


def town_of(definition: Definition, travel: TravelTimes) -> Town:
    """Where a service runs: its meeting points, the first of which is the base, and its ways.

    Raises:
        TransitRefused: it has no meeting point.
    """
    if not definition.stops:
        told = gettext_noop("The service has no meeting point where cars could begin.")
        raise TransitRefused(Message("no_base", told))
    base = definition.stops[0]
    return Town(travel, definition.stops, Place(base.latitude, base.longitude))


def travel_of(service: str) -> TravelTimes:
    """The ways a service reckons with: the roads of its board, or by the crow where it has none."""
    network = network_of(service)
    return OnRoads(network) if network is not None else StraightLine()


def results_of(trial: Trial) -> tuple[Result, ...]:
    """What is reckoned so far."""
    return results_in(trial.results)


def about_of(trial: Trial) -> dict[str, Any]:
    """What was compared on what, as the files say it."""
    return {"service": trial.service, "source": trial.source, **trial.about}


__all__ = [
    "JOB",
    "DemandSource",
    "about_of",
    "begin_trial",
    "find_surroundings",
    "keep_surroundings",
    "made_up_day",
    "past_day",
    "reckon_next",
    "results_of",
    "town_of",
    "travel_of",
]
