"""Vehicles, drivers, duties and roll calls."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from yui.engines.travel.public import Place
from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.services.transit.apps import CALL, MANAGE
from yui.services.transit.contracts import TransitRefused
from yui.services.transit.definitions import get_service
from yui.services.transit.models import Driver, Duty, RollCallRecord, Vehicle
from yui.services.transit.rules import DriverFacts, RollCall, Unfit, VehicleFacts, unfit
from yui.supply.public import Break, ShiftInput, register_shift


@dataclass(frozen=True)
class DutyInput:
    """A driver on a vehicle for a span.

    Attributes:
        base: where the vehicle starts and ends.
        breaks: rests with nobody on board.
    """

    service: str
    driver: UUID
    vehicle: UUID
    from_at: dt.datetime
    until_at: dt.datetime
    base: Place
    breaks: tuple[Break, ...] = ()


def register_vehicle(
    *,
    plate: str,
    name: str,
    seats: int,
    wheelchairs: int,
    inspection_until: dt.date,
    insurance_until: dt.date,
) -> UUID:
    """Enter a vehicle, or what changed of it: one plate is one vehicle."""
    require(MANAGE)
    vehicle, _new = Vehicle.objects.update_or_create(
        plate=plate,
        retired_on=None,
        defaults={
            "name": name,
            "seats": seats,
            "wheelchairs": wheelchairs,
            "inspection_until": inspection_until,
            "insurance_until": insurance_until,
        },
        create_defaults={
            "name": name,
            "seats": seats,
            "wheelchairs": wheelchairs,
            "inspection_until": inspection_until,
            "insurance_until": insurance_until,
            "entered_on": timezone.localdate(),
        },
    )
    record("transit.vehicle.registered", object_kind="vehicle", object_id=vehicle.public_id)
    return vehicle.public_id


def register_driver(
    *,
    name: str,
    licence_until: dt.date,
    second_class: bool = False,
    trained_on: dt.date | None = None,
    account: str = "",
) -> UUID:
    """Enter a driver.

    Args:
        account: identifier of the staff account the driver signs in with.
    """
    require(MANAGE)
    driver = Driver.objects.create(
        name=name,
        licence_until=licence_until,
        second_class=second_class,
        trained_on=trained_on,
        account=account,
        entered_on=timezone.localdate(),
    )
    record("transit.driver.registered", object_kind="driver", object_id=driver.public_id)
    return driver.public_id


@transaction.atomic
def register_duty(duty: DutyInput) -> UUID:
    """Put a driver on a vehicle for a span; its capacity is on the board from now on. The same again changes nothing.

    Raises:
        TransitRefused: driver or vehicle may not go out on that day, or is out already.
    """
    require(MANAGE)
    driver = Driver.objects.select_for_update().filter(public_id=duty.driver, left_on=None).first()
    vehicle = Vehicle.objects.select_for_update().filter(public_id=duty.vehicle, retired_on=None).first()
    if driver is None or vehicle is None:
        raise TransitRefused(
            Message("not_registered", gettext_noop("No such driver or vehicle is registered."))
        )
    day = timezone.localdate(duty.from_at)
    service = get_service(duty.service, day)
    # The call comes before the ride, not before the roster.
    fit_call = RollCall(0, well=True)
    if wrong := unfit(_driver_facts(driver), _vehicle_facts(vehicle), fit_call, service.licence, day):
        raise TransitRefused(UNFIT[wrong[0]])
    known = Duty.objects.filter(
        driver=driver, vehicle=vehicle, from_at=duty.from_at, until_at=duty.until_at
    ).first()
    if known is not None:
        return known.public_id
    at_once = Duty.objects.filter(from_at__lt=duty.until_at, until_at__gt=duty.from_at)
    if at_once.filter(driver=driver).exists() or at_once.filter(vehicle=vehicle).exists():
        told = gettext_noop("The driver or the vehicle has another duty at that time.")
        raise TransitRefused(Message("duty_overlaps", told))
    shift = register_shift(
        board=duty.service,
        shift=ShiftInput(
            key=f"{vehicle.public_id}:{duty.from_at.isoformat()}",
            name=vehicle.name,
            from_at=duty.from_at,
            until_at=duty.until_at,
            start=duty.base,
            end=duty.base,
            capacity={"seats": vehicle.seats}
            | ({"wheelchairs": vehicle.wheelchairs} if vehicle.wheelchairs else {}),
            breaks=duty.breaks,
        ),
    )
    try:
        made = Duty.objects.create(
            service=duty.service,
            driver=driver,
            vehicle=vehicle,
            shift=shift,
            from_at=duty.from_at,
            until_at=duty.until_at,
        )
    except IntegrityError as error:
        told = gettext_noop("This span of the vehicle has a driver already.")
        raise TransitRefused(Message("duty_taken", told)) from error
    record("transit.duty.registered", object_kind="duty", object_id=made.public_id)
    return made.public_id


def record_roll_call(
    *,
    duty: UUID,
    alcohol_mg_per_l: float,
    well: bool,
    after: bool = False,
    instruction: str = "",
    odometer_km: int | None = None,
) -> list[Unfit]:
    """Note the call before (or after) a duty; what it says is kept whether the driver may go out or not.

    Args:
        instruction: what the driver was told for a safe ride.
        odometer_km: what the car's meter showed; both calls together give the distance of the duty.

    Returns:
        What keeps the driver from going out; empty when nothing does.

    Raises:
        TransitRefused: there is no such duty.
    """
    require(CALL)
    row = Duty.objects.select_related("driver", "vehicle").filter(public_id=duty).first()
    if row is None:
        raise TransitRefused(Message("no_duty", gettext_noop("There is no such duty.")))
    RollCallRecord.objects.create(
        duty=row,
        after=after,
        alcohol_mg_per_l=alcohol_mg_per_l,
        well=well,
        instruction=instruction,
        odometer_km=odometer_km,
        called_by=current_actor().public_id,
    )
    record("transit.roll_call.recorded", object_kind="duty", object_id=row.public_id)
    return what_keeps_in(row)


def what_keeps_in(duty: Duty) -> list[Unfit]:
    """What keeps a duty from going out today, by the last call before it; empty when nothing does."""
    call = RollCallRecord.objects.filter(duty=duty, after=False).order_by("-at", "-pk").first()
    day = timezone.localdate(duty.from_at)
    return unfit(
        _driver_facts(duty.driver),
        _vehicle_facts(duty.vehicle),
        RollCall(float(call.alcohol_mg_per_l), call.well) if call else None,
        get_service(duty.service, day).licence,
        day,
    )


def _driver_facts(driver: Driver) -> DriverFacts:
    return DriverFacts(driver.licence_until, driver.second_class, driver.trained_on)


def _vehicle_facts(vehicle: Vehicle) -> VehicleFacts:
    return VehicleFacts(vehicle.inspection_until, vehicle.insurance_until)


UNFIT = {
    Unfit.LICENCE_EXPIRED: Message("licence_expired", gettext_noop("The driver's licence has expired.")),
    Unfit.NOT_QUALIFIED: Message(
        "not_qualified",
        gettext_noop("The driver has neither a second-class licence nor taken the recognised course."),
    ),
    Unfit.INSPECTION_EXPIRED: Message(
        "inspection_expired", gettext_noop("The vehicle's inspection has expired.")
    ),
    Unfit.INSURANCE_EXPIRED: Message(
        "insurance_expired", gettext_noop("The vehicle's insurance has expired.")
    ),
    Unfit.NO_ROLL_CALL: Message("no_roll_call", gettext_noop("The roll call before the ride is missing.")),
    Unfit.ALCOHOL: Message("alcohol", gettext_noop("The meter found alcohol. The driver may not drive.")),
    Unfit.UNWELL: Message("unwell", gettext_noop("The driver is not well and may not drive.")),
}
"""The sentence for each thing that keeps a driver or vehicle in."""
