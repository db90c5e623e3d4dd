"""What happens at the door of the car: steps served, nobody there, and what was paid."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yui.kernel.access.public import current_actor, require
from yui.kernel.jobs.public import publish
from yui.kernel.journal.public import EntryDraft, record, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.supply.actions.answering import locked_board
from yui.supply.contracts import (
    DemandState,
    PlanCause,
    StepAct,
    StepReport,
    SupplyRefused,
    UnknownSupply,
    WrongOrder,
)
from yui.supply.market.keeping import made
from yui.supply.market.losses import recover
from yui.supply.market.reworking import carrying, rework, with_state
from yui.supply.market.state import Market, is_done, market_of
from yui.supply.models import Demand, Settlement, Shift, StepDone
from yui.supply.stored import seconds_of

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
    served_by = Shift.objects.select_related("board").filter(public_id=shift).first()
    if served_by is None:
        raise UnknownSupply(Message("no_shift", gettext_noop("There is no such shift.")))
    board = locked_board(served_by.board.code)
    demand = _locked(report.demand)
    if served_by.board_id != demand.board_id:
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
    # A visit or a stay begins and ends with the same report.
    passed = (
        [DemandState.UNDER_WAY] if (demand.state, state) == (DemandState.PROMISED, DemandState.DONE) else []
    )
    for reached in [*passed, state]:
        if reached != demand.state:
            demand.state = reached.value
            demand.save(update_fields=["state"])
    said = EntryDraft(
        "supply.step.reported",
        demand.person,
        "demand",
        str(demand.public_id),
        details={"step": report.step, "act": report.act.value},
    )
    record_many([said, *_planned_on(market_of(board), demand, str(shift), report, state)])
    if report.act is not StepAct.SERVED and demand.person is not None:
        publish(
            "supply.promise.lost",
            subject=demand.person,
            effective_on=timezone.localdate(report.at),
            key=str(demand.public_id),
            demand=str(demand.public_id),
        )
    return state


def _planned_on(
    market: Market, demand: Demand, shift: str, report: StepReport, state: DemandState
) -> list[EntryDraft]:
    """The plan goes on from what was reported; what the journal says of that."""
    one = next((one for one in market.offers_of(demand.pk) if one.accepted), None)
    if one is None or shift not in market.shifts:
        return []
    now, at = seconds_of(timezone.now()), seconds_of(report.at)
    names = {shift, *carrying(market, [one.offer])}
    market = with_state(market, [one], state)
    done = [one.offer, report.step, at, 1]
    routes = {}
    for name in names:
        route = market.routes.get(name, [])
        reported_at = next((n for n, stop in enumerate(route) if stop[:2] == done[:2]), None)
        if name == shift and reported_at is not None:
            # What comes after it cannot have been served before it: a car that is late here is late there.
            late = max(at - route[reported_at][2], 0)
            after = [
                stop if is_done(stop) else [*stop[:2], stop[2] + late] for stop in route[reported_at + 1 :]
            ]
            route = [*route[: reported_at + 1], *after]
        rest = [stop for stop in route if not is_done(stop) and (stop[0] != one.offer or name == shift)]
        routes[name] = [stop for stop in route if is_done(stop)] + [
            stop for stop in rest if stop[:2] != done[:2]
        ]
    if one.last and not any(stop[:2] == [one.offer, one.last] for stop in routes[shift]):
        # Another car came than was planned, and takes them where they want to go.
        routes[shift].append([one.offer, one.last, max(now, at) + 1])
    reported = [*(stop for stop in routes[shift] if is_done(stop)), done]
    routes[shift] = sorted(reported, key=lambda stop: int(stop[2])) + [
        stop for stop in routes[shift] if not is_done(stop)
    ]
    market = replace(market, routes={**market.routes, **routes})
    if market.shifts[shift].withdrawn and state is DemandState.UNDER_WAY:
        # Heard of only after the car was lost: somebody is on board who has to be taken over.
        recover(market, now, PlanCause.REPORTED, "late", withdrawn=shift, touched=names)
        return []
    return [made(rework(market, now, PlanCause.REPORTED, names, [one.offer]), PlanCause.REPORTED)]


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
