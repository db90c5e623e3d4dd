"""What is compared: how a service could be run, and what it costs."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from yui.kernel.text.public import Message, gettext_noop
from yui.services.transit.contracts import Definition, Hours, Limits, Pattern, TransitRefused


@dataclass(frozen=True)
class Cars:
    """Cars of one kind and one shift.

    Attributes:
        seats: for riders; a wheelchair user takes one of them.
        opens: the car may leave its base.
        closes: it is back.
    """

    count: int
    seats: int
    wheelchairs: int
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class Rates:
    """What running a service costs.

    Attributes:
        yen_per_car_day: for having a car at all: lease, insurance, inspection.
        yen_per_hour: of a car in service, with its driver.
        yen_per_km: driven.
    """

    yen_per_car_day: int = 3_000
    yen_per_hour: int = 2_500
    yen_per_km: int = 25


@dataclass(frozen=True)
class Policy:
    """One way to run a service.

    Attributes:
        walk_metres: at most between a door and the meeting point; where riders are met at the door it does not count.
        wheelchairs_at_door: whether who uses a wheelchair is met at the door all the same.
        window_minutes: how much later than told a car may come.
        limits: how long a rider may wait for the first possible pick-up, and be on board.
    """

    name: str
    pattern: Pattern
    cars: tuple[Cars, ...]
    walk_metres: int = 400
    wheelchairs_at_door: bool = True
    window_minutes: int = 10
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Comparison:
    """Policies to be tried on the same day, and what they cost."""

    policies: tuple[Policy, ...]
    rates: Rates = field(default_factory=Rates)


for _part in (Comparison, Policy, Cars, Rates):
    # A misspelt item is a mistake, not something to pass over.
    setattr(_part, "__pydantic_config__", ConfigDict(extra="forbid"))  # noqa: B010 - pydantic reads it by this name
_FORM = TypeAdapter(Comparison)
MOST_POLICIES = 8
MOST_CARS = 300


def read_comparison(path: Path) -> Comparison:
    """Policies and rates from a YAML file.

    Raises:
        TransitRefused: the file is no comparison; says at which item and why.
    """
    try:
        kept = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        told = gettext_noop("The file cannot be read as YAML: %(why)s")
        raise TransitRefused(Message("no_yaml", told, {"why": str(error).splitlines()[0]})) from error
    return comparison_in(kept)


def comparison_in(kept: Any) -> Comparison:
    """Policies and rates from plain values.

    Raises:
        TransitRefused: they are none; says at which item and why.
    """
    try:
        found = _FORM.validate_python(kept)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        told = gettext_noop("%(item)s: %(why)s")
        raise TransitRefused(Message("comparison", told, {"item": place, "why": first["msg"]})) from error
    if problem := _problem(found):
        raise TransitRefused(problem)
    return found


def comparison_out(comparison: Comparison) -> Any:
    """Plain values that ``comparison_in`` reads."""
    return _FORM.dump_python(comparison, mode="json")


def _problem(comparison: Comparison) -> Message | None:
    policies = comparison.policies
    names = [policy.name for policy in policies]
    if not 1 <= len(policies) <= MOST_POLICIES or len(set(names)) != len(names) or not all(names):
        told = gettext_noop("Compare one to eight policies, each with a name of its own.")
        return Message("policies", told)
    cars = [cars for policy in policies for cars in policy.cars]
    if any(one.closes <= one.opens or one.count < 1 or one.seats < 1 or one.wheelchairs < 0 for one in cars):
        return Message(
            "cars", gettext_noop("Cars need a number, a seat, and hours that end after they begin.")
        )
    if any(not 1 <= sum(one.count for one in policy.cars) <= MOST_CARS for policy in policies):
        return Message("cars", gettext_noop("A policy has one to three hundred cars."))
    numbers = [
        number
        for policy in policies
        for number in (
            policy.walk_metres,
            policy.window_minutes,
            policy.limits.wait_minutes,
            policy.limits.ride_extra_minutes,
            policy.limits.boarding_seconds,
            policy.limits.wheelchair_seconds,
            policy.limits.ride_factor - 1,
        )
    ] + [comparison.rates.yen_per_car_day, comparison.rates.yen_per_hour, comparison.rates.yen_per_km]
    if min(numbers) < 0:
        return Message("numbers", gettext_noop("A limit, a width or a rate is below what it can be."))
    return None


def policy_of(definition: Definition, day: dt.date, cars: tuple[Cars, ...]) -> Policy:
    """How a service runs by its definition."""
    return Policy(
        name=definition.name_ja,
        pattern=Pattern.DOOR_TO_DOOR
        if definition.pattern is Pattern.DOOR_TO_DOOR
        else Pattern.MEETING_POINTS,
        cars=cars,
        limits=definition.limits,
    )


def hours_of(definition: Definition, weekday: int) -> tuple[dt.time, dt.time] | None:
    """From the first to the last minute in which a service runs on a day of the week; None when it does not."""
    spans: list[Hours] = [hours for hours in definition.hours if weekday in hours.weekdays]
    return (min(one.opens for one in spans), max(one.closes for one in spans)) if spans else None
