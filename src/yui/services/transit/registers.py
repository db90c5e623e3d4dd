"""The registers that an operator keeps: what expires when, accidents, complaints."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db.models import Model, QuerySet
from django.utils import timezone

from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.services.transit.apps import MANAGE
from yui.services.transit.contracts import Register, TransitRefused
from yui.services.transit.models import Accident, Complaint, Driver, Duty, Vehicle
from yui.services.transit.rules import days_of_warning


@dataclass(frozen=True)
class Expiry:
    """Something with a last day.

    Attributes:
        of: the vehicle or driver.
        warning: 0 when it is over, 30 or 60 when it ends within so many days.
    """

    kind: Register
    of: UUID
    name: str
    until: dt.date
    warning: int


@dataclass(frozen=True)
class AccidentInput:
    """An accident as the record asks for it.

    Attributes:
        others: names of those concerned besides the driver.
        summary: what happened, and the damage.
        is_grave: the vehicle rolled over, burned, or another of the cases that are reported to the minister.
    """

    duty: UUID
    at: dt.datetime
    place: str
    summary: str
    others: str = ""
    cause: str = ""
    prevention: str = ""
    is_grave: bool = False
    deaths: int = 0
    injured: int = 0


@dataclass(frozen=True)
class ComplaintInput:
    """A complaint as the record asks for it. ``handled_by`` is who dealt with it."""

    service: str
    received_on: dt.date
    content: str
    handled_by: str
    cause: str = ""
    answer: str = ""
    improvement: str = ""


def vehicles_on(day: dt.date) -> list[Vehicle]:
    """Vehicles on the register on a day, by name. What was entered before days were noted counts from ever."""
    rows = Vehicle.objects.exclude(entered_on__gt=day).exclude(retired_on__lte=day)
    return list(rows.order_by("name", "pk"))


def drivers_on(day: dt.date) -> list[Driver]:
    """Drivers on the register on a day, by name."""
    rows = Driver.objects.exclude(entered_on__gt=day).exclude(left_on__lte=day)
    return list(rows.order_by("name", "pk"))


def list_expiries(day: dt.date) -> list[Expiry]:
    """What is over on a day or ends within 60 days, the first to end first."""
    require(MANAGE)
    last_days = [
        (Register.INSPECTION, car.public_id, car.name, car.inspection_until) for car in vehicles_on(day)
    ]
    last_days += [
        (Register.INSURANCE, car.public_id, car.name, car.insurance_until) for car in vehicles_on(day)
    ]
    last_days += [(Register.LICENCE, one.public_id, one.name, one.licence_until) for one in drivers_on(day)]
    found = [
        Expiry(kind, of, name, until, warning)
        for kind, of, name, until in last_days
        if (warning := days_of_warning(until, day)) is not None
    ]
    return sorted(found, key=lambda one: (one.until, one.kind, one.name))


def change_driver(
    *, driver: UUID, licence_until: dt.date, second_class: bool, trained_on: dt.date | None
) -> None:
    """Note a renewed licence, another class of it, or the recognised course.

    Raises:
        TransitRefused: there is no such driver.
    """
    require(MANAGE)
    changed = Driver.objects.filter(public_id=driver, left_on=None).update(
        licence_until=licence_until, second_class=second_class, trained_on=trained_on
    )
    if not changed:
        raise TransitRefused(
            Message("not_registered", gettext_noop("No such driver or vehicle is registered."))
        )
    record("transit.driver.registered", object_kind="driver", object_id=driver)


def retire_vehicle(*, vehicle: UUID) -> None:
    """Take a vehicle off the register from today on. Its duties of the past stay."""
    _leave(Vehicle.objects.filter(public_id=vehicle, retired_on=None), "retired_on", vehicle)
    record("transit.vehicle.retired", object_kind="vehicle", object_id=vehicle)


def let_driver_go(*, driver: UUID) -> None:
    """Take a driver off the register from today on. Their duties of the past stay."""
    _leave(Driver.objects.filter(public_id=driver, left_on=None), "left_on", driver)
    record("transit.driver.left", object_kind="driver", object_id=driver)


def _leave(rows: "QuerySet[Vehicle] | QuerySet[Driver]", field: str, public_id: UUID) -> None:
    """Only without a duty ahead: a promise to riders hangs on it.

    Raises:
        TransitRefused: there is no such row, or a duty is ahead.
    """
    require(MANAGE)
    row = rows.first()
    if row is None:
        raise TransitRefused(
            Message("not_registered", gettext_noop("No such driver or vehicle is registered."))
        )
    if row.duties.filter(until_at__gt=timezone.now()).exists():
        told = gettext_noop(
            "A duty is still ahead. Take the car off the road first, or wait until it is over."
        )
        raise TransitRefused(Message("duty_ahead", told))
    rows.update(**{field: timezone.localdate()})


def record_accident(accident: AccidentInput, *, public_id: UUID | None = None) -> UUID:
    """Keep an accident, or what is known of it now: nothing is overwritten, the last word counts.

    Raises:
        TransitRefused: there is no such duty, or no such accident, or it lies in the future.
    """
    require(MANAGE)
    duty = Duty.objects.filter(public_id=accident.duty).first()
    if duty is None:
        raise TransitRefused(Message("no_duty", gettext_noop("There is no such duty.")))
    if accident.at > timezone.now():
        raise TransitRefused(Message("in_future", gettext_noop("This lies in the future.")))
    public_id = _known(Accident, public_id)
    Accident.objects.create(
        public_id=public_id,
        duty=duty,
        at=accident.at,
        place=accident.place,
        others=accident.others,
        summary=accident.summary,
        cause=accident.cause,
        prevention=accident.prevention,
        is_grave=accident.is_grave,
        deaths=accident.deaths,
        injured=accident.injured,
        recorded_by=current_actor().public_id,
    )
    record("transit.accident.recorded", object_kind="accident", object_id=public_id)
    return public_id


def record_complaint(complaint: ComplaintInput, *, public_id: UUID | None = None) -> UUID:
    """Keep a complaint, or what was found out and answered since: the last word counts.

    Raises:
        TransitRefused: there is no such complaint, or it lies in the future.
    """
    require(MANAGE)
    if complaint.received_on > timezone.localdate():
        raise TransitRefused(Message("in_future", gettext_noop("This lies in the future.")))
    public_id = _known(Complaint, public_id)
    Complaint.objects.create(
        public_id=public_id,
        service=complaint.service,
        received_on=complaint.received_on,
        content=complaint.content,
        cause=complaint.cause,
        answer=complaint.answer,
        improvement=complaint.improvement,
        handled_by=complaint.handled_by,
        recorded_by=current_actor().public_id,
    )
    record("transit.complaint.recorded", object_kind="complaint", object_id=public_id)
    return public_id


def _known(model: type[Model], public_id: UUID | None) -> UUID:
    if public_id is not None and not model._default_manager.filter(public_id=public_id).exists():
        raise TransitRefused(Message("no_record", gettext_noop("There is no such record.")))
    return public_id or uuid4()


def accidents_between(from_at: dt.datetime, until_at: dt.datetime) -> list[Accident]:
    """Accidents from an instant until, not at, another, the newest first, each as it is known now."""
    require(MANAGE)
    newest = Accident.objects.order_by("public_id", "-recorded_at", "-pk").distinct("public_id")
    rows = Accident.objects.filter(pk__in=newest.values("pk"), at__gte=from_at, at__lt=until_at)
    return list(rows.select_related("duty__driver", "duty__vehicle").order_by("-at", "pk"))


def complaints_between(from_on: dt.date, until_on: dt.date) -> list[Complaint]:
    """Complaints received from one day until, not on, another, the newest first, each as it is known now."""
    require(MANAGE)
    newest = Complaint.objects.order_by("public_id", "-recorded_at", "-pk").distinct("public_id")
    rows = Complaint.objects.filter(
        pk__in=newest.values("pk"), received_on__gte=from_on, received_on__lt=until_on
    )
    return list(rows.order_by("-received_on", "pk"))
