"""Demand meets supply: ask, be offered, accept, cancel; and what is done when supply is lost."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yui.engines.dispatch.public import (
    DispatchError,
    Plan,
    Progress,
    Refusal,
    Request,
    improve,
    quote,
)
from yui.engines.dispatch.public import (
    accept as insert,
)
from yui.kernel.access.public import current_actor, require
from yui.kernel.jobs.public import publish
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.supply import models
from yui.supply.contracts import (
    Answer,
    DemandInput,
    DemandState,
    DemandView,
    OfferGone,
    PlanCause,
    Reason,
    StepKind,
    SupplyRefused,
    UnknownSupply,
)
from yui.supply.planning import Carried, Market, Reckoning, keep_plan, keep_routes, market_of
from yui.supply.queries import demand_views, list_open_offers
from yui.supply.stored import reasons_in, reasons_out, seconds_of, steps_in, steps_out

ANSWER = "supply.demand.answer"


@transaction.atomic
def ask(*, board: str, demand: DemandInput, price_yen: int, alternatives: int = 3) -> Answer:
    """Ask for something: offers that are kept free for a while, or why there is none.

    Said again with the same key it is the same demand: what was offered is shown again, and what was refused is tried
    again.

    Args:
        price_yen: what the service asks for it.
        alternatives: offers at most, each of another shift.

    Raises:
        SupplyRefused: the demand cannot be understood.
        PermissionRefused: it is for somebody else, and ``supply.demand.answer`` is missing.
    """
    _may_answer(demand)
    _check(demand)
    row = _locked_board(board)
    known = models.Demand.objects.filter(board=row, key=demand.key).first()
    if known is not None and known.state != DemandState.REFUSED and list_open_offers(known.public_id):
        return Answer(known.public_id, tuple(list_open_offers(known.public_id)))
    if known is not None and known.state not in (DemandState.REFUSED, DemandState.OPEN):
        return Answer(known.public_id)
    made = known or _new_demand(row, demand)
    return _offer(row, made, price_yen, alternatives)


def _may_answer(demand: DemandInput | models.Demand) -> None:
    own = current_actor().subject
    if own is None or own not in (demand.person, demand.proxy):
        require(ANSWER)


def _check(demand: DemandInput) -> None:
    kinds = [step.kind for step in demand.steps]
    if kinds != [StepKind.PICKUP, StepKind.DROPOFF]:
        told = gettext_noop("A ride has one place where it begins and one where it ends.")
        raise SupplyRefused(Message("steps", told))
    if any(step.until_at < step.from_at or step.seconds < 0 for step in demand.steps):
        raise SupplyRefused(Message("window", gettext_noop("A time span ends before it begins.")))
    if not demand.load or any(units < 0 for units in demand.load.values()) or not sum(demand.load.values()):
        raise SupplyRefused(Message("load", gettext_noop("Nobody is to be carried.")))


def _locked_board(code: str) -> models.Board:
    board = models.Board.objects.select_for_update().filter(code=code).first()
    if board is None:
        told = gettext_noop("There is no board %(code)s.")
        raise UnknownSupply(Message("no_board", told, {"code": code}))
    return board


def _new_demand(board: models.Board, demand: DemandInput) -> models.Demand:
    made = models.Demand.objects.create(
        board=board,
        key=demand.key,
        kind=demand.kind,
        person=demand.person,
        proxy=demand.proxy,
        steps=steps_out(demand.steps),
        load=dict(demand.load),
        needs=sorted(demand.needs),
        longest_seconds=int(demand.longest.total_seconds()) if demand.longest else None,
        asked_at=demand.asked_at or timezone.now(),
        asked_by=current_actor().public_id,
        earliest_at=demand.steps[0].from_at,
        latest_at=demand.steps[-1].until_at,
    )
    record("supply.demand.registered", subject=made.person, object_kind="demand", object_id=made.public_id)
    return made


def _offer(board: models.Board, demand: models.Demand, price_yen: int, alternatives: int) -> Answer:
    market = market_of(board)
    reckoning = Reckoning(market, steps_in(demand.steps))
    plan = _current(reckoning)
    wanted = Carried(
        offer="new",
        demand=demand,
        steps=steps_in(demand.steps),
        times=(seconds_of(demand.earliest_at), seconds_of(demand.latest_at)),
        accepted=False,
    )
    found = quote(plan, _as_asked(reckoning, wanted), alternatives)
    if isinstance(found, Refusal):
        return _refuse(demand, found, market)
    if demand.state == DemandState.REFUSED:
        demand.state, demand.reasons = DemandState.OPEN.value, []
        demand.save(update_fields=["state", "reasons"])
    expires_at = timezone.now() + dt.timedelta(seconds=board.offer_seconds)
    made = []
    for one in found:
        offer = models.Offer.objects.create(
            demand=demand,
            shift=market.shifts[one.vehicle],
            times=[one.picked, one.dropped],
            price_yen=price_yen,
            expires_at=expires_at,
        )
        held = replace(wanted, offer=str(offer.public_id), times=(one.picked, one.dropped))
        market.carried[held.offer] = held
        # Each is of another shift, so each keeps its place free until it expires.
        plan = insert(plan, reckoning.request(held), one)
        made.append(offer)
    keep_plan(board, plan, reckoning, PlanCause.OFFERED)
    record(
        "supply.offer.made",
        subject=demand.person,
        object_kind="demand",
        object_id=demand.public_id,
        details={"offers": len(made)},
    )
    return Answer(demand.public_id, tuple(list_open_offers(demand.public_id)))


def _as_asked(reckoning: Reckoning, wanted: Carried) -> Request:
    """The request with the windows it was asked with, not those that an offer will tell."""
    pickup, dropoff = wanted.steps
    request = reckoning.request(wanted)
    return replace(
        request,
        pickup=replace(
            request.pickup, opens=max(seconds_of(pickup.from_at), 0), closes=seconds_of(pickup.until_at)
        ),
        dropoff=replace(request.dropoff, closes=seconds_of(dropoff.until_at)),
    )


def _current(reckoning: Reckoning) -> Plan:
    """The plan in force, without offers that expired; put together anew where it can't be driven any more.

    Raises:
        SupplyRefused: a promise would be lost by that; it is for ``recover`` to say so to whom it concerns.
    """
    try:
        return reckoning.plan()
    except DispatchError as error:
        plan, delays, left_out = reckoning.rebuilt()
        if delays or left_out:
            told = gettext_noop("The plan is being made anew. Please try again in a minute.")
            raise SupplyRefused(Message("plan_lost", told)) from error
        return plan


def _refuse(demand: models.Demand, refusal: Refusal, market: Market) -> Answer:
    shift = market.shifts.get(refusal.vehicle)
    reason = Reason(
        refusal.obstacle.value, {"seconds": refusal.by} | ({"shift": shift.name} if shift else {})
    )
    demand.state, demand.reasons = DemandState.REFUSED.value, reasons_out([reason])
    demand.save(update_fields=["state", "reasons"])
    record(
        "supply.demand.refused",
        subject=demand.person,
        object_kind="demand",
        object_id=demand.public_id,
        details={"reason": reason.code},
    )
    return Answer(demand.public_id, (), reasons_in(demand.reasons))


@transaction.atomic
def accept_offer(*, offer: UUID) -> DemandView:
    """Accept an offer in time: what it says is promised. A second tap changes nothing.

    Raises:
        OfferGone: it has expired, or another offer was accepted, or the demand was cancelled.
        UnknownSupply: there is no such offer.
    """
    row = models.Offer.objects.select_related("demand__board").filter(public_id=offer).first()
    if row is None:
        raise UnknownSupply(Message("no_offer", gettext_noop("There is no such offer.")))
    board = _locked_board(row.demand.board.code)
    demand = models.Demand.objects.get(pk=row.demand_id)
    _may_answer(demand)
    accepted = models.Assignment.objects.filter(demand=demand).first()
    if accepted is not None and accepted.offer_id == row.pk and demand.state != DemandState.CANCELLED:
        return demand_views([demand])[0]
    if accepted is not None or demand.state != DemandState.OPEN or row.expires_at <= timezone.now():
        told = gettext_noop("This offer is no longer kept free. Please ask again.")
        raise OfferGone(Message("offer_gone", told))
    market = market_of(board)
    # The other offers to the same demand are free again.
    for other in [one for one in market.carried.values() if one.demand.pk == demand.pk]:
        if other.offer != str(offer):
            del market.carried[other.offer]
    models.Assignment.objects.create(demand=demand, offer=row, accepted_by=current_actor().public_id)
    demand.state = DemandState.PROMISED.value
    demand.save(update_fields=["state"])
    reckoning = Reckoning(market)
    keep_plan(board, _current(reckoning), reckoning, PlanCause.ACCEPTED)
    record("supply.offer.accepted", subject=demand.person, object_kind="offer", object_id=row.public_id)
    return demand_views([demand])[0]


@transaction.atomic
def cancel_demand(*, demand: UUID) -> None:
    """Take back what was asked for, until it is under way. Cancelled again, it stays cancelled.

    Raises:
        SupplyRefused: it is under way or over.
        UnknownSupply: there is no such demand.
    """
    row = models.Demand.objects.select_related("board").filter(public_id=demand).first()
    if row is None:
        raise UnknownSupply(Message("no_demand", gettext_noop("There is no such request.")))
    _may_answer(row)
    board = _locked_board(row.board.code)
    row = models.Demand.objects.get(pk=row.pk)
    if row.state == DemandState.CANCELLED:
        return
    if row.state not in (DemandState.OPEN, DemandState.PROMISED):
        raise SupplyRefused(Message("too_late", gettext_noop("The ride has begun or is over.")))
    row.state = DemandState.CANCELLED.value
    row.save(update_fields=["state"])
    reckoning = Reckoning(market_of(board))
    keep_plan(board, _current(reckoning), reckoning, PlanCause.CANCELLED)
    record("supply.demand.cancelled", subject=row.person, object_kind="demand", object_id=row.public_id)


def improve_board(*, board: str, progress: Progress, seed: int = 1) -> bool:
    """Look for a better plan in the background, and make it the one in force where nothing changed meanwhile.

    Nobody waits: the board is locked only to read and to write. No promise is broken.

    Returns:
        Whether a better plan is in force.
    """
    with transaction.atomic():
        row = _locked_board(board)
        version = row.plan_version
        reckoning = Reckoning(market_of(row))
        try:
            plan = reckoning.plan()
        except DispatchError:
            return False
    better = improve(plan, progress, seed)
    if better is plan:
        return False
    with transaction.atomic():
        row = _locked_board(board)
        if row.plan_version != version:
            return False
        keep_plan(row, better, reckoning, PlanCause.IMPROVED)
    return True


@transaction.atomic
def withdraw_shift(*, shift: UUID, because: str) -> Mapping[UUID, DemandState]:
    """A shift can serve no longer, from now: others take over what it promised and whom it has on board.

    Returns:
        The demands that are served otherwise or later, and those that cannot be served, by how they now stand; none
        when it was withdrawn before.

    Raises:
        UnknownSupply: there is no such shift.
    """
    require("supply.board.manage")
    row = models.Shift.objects.select_related("board").filter(public_id=shift).first()
    if row is None:
        raise UnknownSupply(Message("no_shift", gettext_noop("There is no such shift.")))
    board = _locked_board(row.board.code)
    row.refresh_from_db()
    if row.withdrawn_at is not None:
        return {}
    row.withdrawn_at, row.withdrawn_because = timezone.now(), because
    row.save(update_fields=["withdrawn_at", "withdrawn_because"])
    record("supply.shift.withdrawn", object_kind="shift", object_id=row.public_id, reason=because)
    return _recover(board, PlanCause.WITHDRAWN)


@transaction.atomic
def reckon_roads(*, board: str) -> Mapping[UUID, DemandState]:
    """Make the plan anew after roads were closed or opened. See ``withdraw_shift``."""
    require("supply.board.manage")
    return _recover(_locked_board(board), PlanCause.ROADS)


def _recover(board: models.Board, cause: PlanCause) -> dict[UUID, DemandState]:
    reckoning = Reckoning(market_of(board))
    market = reckoning.market
    before = {stop[0]: shift for shift, route in market.ahead.items() for stop in route}
    try:
        if market.lost or any(row.withdrawn_at and market.ahead[name] for name, row in market.shifts.items()):
            raise DispatchError("route", "A shift is lost.")
        keep_plan(board, reckoning.plan(), reckoning, cause)
    except DispatchError:
        plan, delays, left_out = reckoning.rebuilt()
    else:
        return {}
    routes = reckoning.routes(plan)
    keep_routes(board, routes, cause)
    after = {stop[0]: shift for shift, route in routes.items() for stop in route}
    moved = [
        one
        for one in reckoning.waiting()
        if one.accepted
        and (one.offer in delays or after.get(one.offer, before.get(one.offer)) != before.get(one.offer))
    ]
    for one in moved:
        _tell("supply.promise.moved", one, board.plan_version)
    for one in left_out:
        _lose(one, board.plan_version)
    return {
        one.demand.public_id: DemandState(one.demand.state) for one in [*moved, *left_out] if one.accepted
    }


def _lose(one: Carried, version: int) -> None:
    """Nobody can carry it any more: an offer lapses, a promise is lost and says so."""
    if not one.accepted:
        return
    one.demand.state = DemandState.FAILED.value
    one.demand.save(update_fields=["state"])
    _tell("supply.promise.lost", one, version)


def _tell(act: str, one: Carried, version: int) -> None:
    demand = one.demand
    record(
        act,
        subject=demand.person,
        object_kind="demand",
        object_id=demand.public_id,
        details={"plan": version},
    )
    if demand.person is not None:
        publish(
            act,
            subject=demand.person,
            effective_on=timezone.localdate(demand.earliest_at),
            key=f"{demand.public_id}:{version}",
            demand=str(demand.public_id),
        )


__all__: Sequence[str] = [
    "accept_offer",
    "ask",
    "cancel_demand",
    "improve_board",
    "reckon_roads",
    "withdraw_shift",
]
