"""What a driver notes of a duty: on board, nobody came, dropped off, a break. Heard at once or an hour later."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from yui.kernel.access.public import PermissionRefused, allowed, current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.services.transit.apps import BOARD, REPORT
from yui.services.transit.booking import settle_ride
from yui.services.transit.contracts import Category, DutyAct, Means, TransitRefused
from yui.services.transit.definitions import get_service
from yui.services.transit.fleet import what_keeps_in
from yui.services.transit.models import Driver, Duty, DutyNote, Ride, RollCallRecord
from yui.supply.public import (
    DemandState,
    StepAct,
    StepReport,
    SupplyRefused,
    get_demand,
    plan_of,
    report_step,
)

_AT_THE_CAR = {
    DutyAct.BOARDED: StepAct.SERVED,
    DutyAct.ALIGHTED: StepAct.SERVED,
    DutyAct.NO_SHOW: StepAct.NO_SHOW,
}
_BREAKS = (DutyAct.BREAK_BEGUN, DutyAct.BREAK_ENDED)


@dataclass(frozen=True)
class Tap:
    """One press of a button in the car.

    Attributes:
        key: made when it was pressed; sent twice it is one note.
        demand: whose step it is; None for breaks.
        step: of the demand; below zero where the riders are taken over from another car.
        ago: how long before it was sent it was pressed, by one and the same clock: a wrong clock does no harm.
        means: how the fare was paid.
        told_yen: what the phone told the driver to take, where it had no line to ask.
    """

    key: str
    act: DutyAct
    demand: UUID | None = None
    step: int | None = None
    ago: dt.timedelta = field(default_factory=dt.timedelta)
    means: Means = Means.CASH
    told_yen: int | None = None


def get_duty(public_id: UUID) -> Duty:
    """A duty of the actor, or any for who manages the board.

    Raises:
        TransitRefused: there is none.
        PermissionRefused: it is another driver's.
    """
    found = Duty.objects.select_related("driver", "vehicle").filter(public_id=public_id).first()
    if found is None:
        raise TransitRefused(Message("no_duty", gettext_noop("There is no such duty.")))
    if found.driver.account != current_actor().public_id and not allowed(BOARD):
        raise PermissionRefused(BOARD)
    return found


def is_over(duty: Duty) -> bool:
    """Whether the roll call after the duty was made."""
    return RollCallRecord.objects.filter(duty=duty, after=True).exists()


def on_break_since(duty: Duty) -> dt.datetime | None:
    """When the break began that goes on; None when none does."""
    last = _counted(duty).filter(act__in=_BREAKS).order_by("at", "pk").last()
    return last.at if last and last.act == DutyAct.BREAK_BEGUN else None


def troubles_of(duty: Duty) -> list[DutyNote]:
    """Notes that did not count, or whose fare is not what the driver was told: the office looks into them."""
    notes = DutyNote.objects.filter(duty=duty).order_by("at", "pk")
    return [note for note in notes if note.refused or (note.told_yen not in (None, note.due_yen))]


def on_board(duty: Duty) -> dict[UUID, bool]:
    """Who is on board by the notes of this duty: the demand, and whether others shared the car with it so far."""
    aboard: dict[UUID, bool] = {}
    for note in _counted(duty).filter(demand__isnull=False).order_by("at", "pk"):
        if note.demand is None:
            continue
        if note.act == DutyAct.BOARDED:
            aboard = dict.fromkeys(aboard, True) | {note.demand: bool(aboard)}
        elif note.act == DutyAct.ALIGHTED:
            aboard.pop(note.demand, None)
    return aboard


def _counted(duty: Duty) -> QuerySet[DutyNote]:
    return DutyNote.objects.filter(duty=duty, refused="")


@transaction.atomic
def note_tap(duty: Duty, tap: Tap) -> DutyNote:
    """Note a press of a button and do what it says. Whatever becomes of it is kept; the same again changes nothing.

    It is taken to have happened when it was pressed, but not in the future, before the duty, or before what was noted
    last of the same duty.

    Returns:
        The note; ``refused`` says why it did not count, ``due_yen`` what is to be paid at the end of a ride.

    Raises:
        TransitRefused: there is no such ride.
    """
    require(REPORT)
    # Two sendings of one phone wait for each other.
    Driver.objects.select_for_update().get(pk=duty.driver_id)
    known = DutyNote.objects.filter(duty=duty, key=tap.key).first() or _said_already(duty, tap)
    if known is not None:
        return known
    ride = Ride.objects.filter(demand=tap.demand).first() if tap.demand else None
    if ride is None and tap.act not in _BREAKS:
        raise TransitRefused(Message("no_ride", gettext_noop("There is no such ride.")))
    at = _happened_at(duty, tap.ago)
    refused, due = _do(duty, tap, at)
    note = DutyNote.objects.create(
        duty=duty,
        key=tap.key,
        act=tap.act.value,
        demand=tap.demand,
        step=tap.step,
        place=_place(ride, tap) if ride else "",
        party=len(ride.riders) if ride else 0,
        wheelchairs=sum(Category.WHEELCHAIR.value in categories for categories, _pass in ride.riders)
        if ride
        else 0,
        means=tap.means.value if tap.act is DutyAct.ALIGHTED and due != 0 else "",
        due_yen=due,
        told_yen=tap.told_yen,
        refused=refused,
        at=at,
        recorded_by=current_actor().public_id,
    )
    record("transit.duty.noted", object_kind="duty", object_id=duty.public_id, details={"act": tap.act.value})
    return note


def _said_already(duty: Duty, tap: Tap) -> DutyNote | None:
    """The note that says the same already: a second press on a page that was loaded twice."""
    if tap.act in _BREAKS:
        last = _counted(duty).filter(act__in=_BREAKS).order_by("at", "pk").last()
        return last if last and last.act == tap.act else None
    same = _counted(duty).filter(demand=tap.demand, step=tap.step, act=tap.act.value).first()
    means_otherwise = same and same.means and same.means != tap.means.value
    return None if means_otherwise else same


def _happened_at(duty: Duty, ago: dt.timedelta) -> dt.datetime:
    now = timezone.now()
    earliest = min(duty.from_at, now)
    last = _counted(duty).order_by("at", "pk").last()
    if last is not None:
        earliest = max(earliest, last.at + dt.timedelta(microseconds=1))
    return min(now, max(earliest, now - ago))


def _do(duty: Duty, tap: Tap, at: dt.datetime) -> tuple[str, int | None]:
    """What a tap says is done; why it is not (empty when it is), and what is to be paid."""
    if what_keeps_in(duty):
        return "no_roll_call", None
    if tap.act in _BREAKS or tap.demand is None or tap.step is None:
        return "", None
    if DutyNote.objects.filter(demand=tap.demand, step=tap.step, refused="").exists():
        return "noted_otherwise", None
    if _is_of_another_car(duty, tap.demand, tap.step):
        return "other_car", None
    report = StepReport(f"{tap.demand}:{tap.step}", tap.demand, tap.step, _AT_THE_CAR[tap.act], at)
    try:
        state = report_step(shift=duty.shift, report=report)
    except SupplyRefused as refused:
        return _why(tap.demand, refused), None
    if state is not DemandState.DONE:
        return "", None
    try:
        return "", settle_ride(demand=tap.demand, means=tap.means.value)
    except (LookupError, SupplyRefused, TransitRefused):
        # The rider has arrived all the same; no amount is better than a wrong one.
        return "", None


def _is_of_another_car(duty: Duty, demand: UUID, step: int) -> bool:
    """Whether the plan gives this stop to another car. What no plan holds any more may have been this car's."""
    plan = plan_of(duty.service)
    cars = {
        route.shift
        for route in (plan.routes if plan else ())
        for stop in route.stops
        if (stop.demand, stop.step) == (demand, step)
    }
    return bool(cars) and duty.shift not in cars


def _why(demand: UUID, refused: SupplyRefused) -> str:
    """Why supply did not take a report, by what became of the ride meanwhile."""
    return {
        DemandState.CANCELLED: "cancelled",
        DemandState.FAILED: "called_off",
        DemandState.NO_SHOW: "noted_otherwise",
        DemandState.DONE: "noted_otherwise",
    }.get(get_demand(demand).state, refused.text.code)


def _place(ride: Ride, tap: Tap) -> str:
    """The name of the stop; empty for a door and where another car stands."""
    code = {0: ride.origin, 1: ride.destination}.get(tap.step if tap.step is not None else -1, "")
    stops = get_service(ride.service, timezone.localdate(ride.wished_at)).stops
    return next((stop.name for stop in stops if stop.code == code), "")


NOT_COUNTED = {
    "cancelled": Message(
        "cancelled",
        gettext_noop("The ride had been cancelled. If the rider did ride, tell the office."),
    ),
    "called_off": Message(
        "called_off",
        gettext_noop("The office had taken this ride from the car. If the rider did ride, tell the office."),
    ),
    "other_car": Message(
        "other_car",
        gettext_noop("The ride had been given to another car. If the rider rode with you, tell the office."),
    ),
    "noted_otherwise": Message(
        "noted_otherwise",
        gettext_noop("Something else was noted here before. If that is wrong, tell the office."),
    ),
    "step_order": Message(
        "step_order", gettext_noop("The pick-up was not noted before. Note it first, or tell the office.")
    ),
    "no_roll_call": Message("no_roll_call", gettext_noop("The roll call comes first.")),
}
"""The sentence for each reason why a note did not count."""
