"""What happens at the door of the car: steps served, nobody there, and what was paid."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yui.kernel.access.public import current_actor, require
from yui.kernel.jobs.public import publish
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.supply.contracts import DemandState, StepAct, StepReport, SupplyRefused, UnknownSupply, WrongOrder
from yui.supply.models import Demand, Settlement, Shift, StepDone

REPORT = "supply.step.report"


@transaction.atomic
def report_step(*, shift: UUID, report: StepReport) -> DemandState:
    """Note what happened at a step. The same report again, or the same outcome, changes nothing.

    Returns:
        How far the demand has come now.

    Raises:
        WrongOrder: the step before it was not served, or something else was reported of this one.
        UnknownSupply: no such shift or demand.
    """
    require(REPORT)
    demand = _locked(report.demand)
    served_by = Shift.objects.filter(public_id=shift).first()
    if served_by is None or served_by.board_id != demand.board_id:
        raise UnknownSupply(Message("no_shift", gettext_noop("There is no such shift.")))
    known = StepDone.objects.filter(demand=demand, step=report.step).first()
    if known is not None:
        if known.act != report.act:
            told = gettext_noop("Something else was already reported here. Look at the list again.")
            raise WrongOrder(Message("reported_otherwise", told))
        return DemandState(demand.state)
    state = _state_after(demand, report)
    StepDone.objects.create(
        demand=demand,
        shift=served_by,
        step=report.step,
        act=report.act.value,
        at=report.at,
        key=report.key,
        recorded_by=current_actor().public_id,
    )
    if state.value != demand.state:
        demand.state = state.value
        demand.save(update_fields=["state"])
    record(
        "supply.step.reported",
        subject=demand.person,
        object_kind="demand",
        object_id=demand.public_id,
        details={"step": report.step, "act": report.act.value},
    )
    if report.act is not StepAct.SERVED and demand.person is not None:
        publish(
            "supply.promise.lost",
            subject=demand.person,
            effective_on=timezone.localdate(report.at),
            key=str(demand.public_id),
            demand=str(demand.public_id),
        )
    return state


def _state_after(demand: Demand, report: StepReport) -> DemandState:
    """The state a report leads to.

    Raises:
        WrongOrder: it does not follow what was reported before.
    """
    begun = demand.state == DemandState.UNDER_WAY
    if demand.state not in (DemandState.PROMISED, DemandState.UNDER_WAY) or report.step >= len(demand.steps):
        told = gettext_noop("Nothing is to be served here any more. Look at the list again.")
        raise WrongOrder(Message("not_to_be_served", told))
    known = StepDone.objects.filter(demand=demand)
    taken_over = report.step < 0
    follows = (
        known.filter(step__lt=0).count() + 1 == -report.step
        if taken_over
        else (known.filter(step__gte=0).count() == report.step)
    )
    if not follows or (taken_over and not begun) or (report.act is StepAct.NO_SHOW and report.step != 0):
        raise WrongOrder(Message("step_order", gettext_noop("The step before it was not reported.")))
    if report.act is StepAct.NO_SHOW:
        return DemandState.NO_SHOW
    if report.act is StepAct.FAILED:
        return DemandState.FAILED
    return DemandState.DONE if report.step == len(demand.steps) - 1 else DemandState.UNDER_WAY


def settle(*, demand: UUID, amount_yen: int, means: str) -> None:
    """Note what was paid for a demand that was served. Once; the same again changes nothing.

    Args:
        means: the service's word for how ("cash", "pass", "free").

    Raises:
        SupplyRefused: it was not served, or was settled otherwise.
    """
    require(REPORT)
    with transaction.atomic():
        row = _locked(demand)
        known = Settlement.objects.filter(demand=row).first()
        if known is not None:
            if (known.amount_yen, known.means) != (amount_yen, means):
                raise SupplyRefused(
                    Message("settled_otherwise", gettext_noop("Another amount was settled already."))
                )
            return
        if row.state != DemandState.DONE:
            raise SupplyRefused(Message("not_served", gettext_noop("Only what was served can be paid.")))
        Settlement.objects.create(
            demand=row, amount_yen=amount_yen, means=means, settled_by=current_actor().public_id
        )
        record(
            "supply.demand.settled",
            subject=row.person,
            object_kind="demand",
            object_id=row.public_id,
            details={"yen": amount_yen, "means": means},
        )


def _locked(demand: UUID) -> Demand:
    row = Demand.objects.select_for_update().filter(public_id=demand).first()
    if row is None:
        raise UnknownSupply(Message("no_demand", gettext_noop("There is no such request.")))
    return row
