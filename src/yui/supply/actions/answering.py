"""Demand meets supply: ask, be offered, accept, cancel."""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from yui.engines.dispatch.public import Obstacle, Plan, Progress, Refusal, make_room
from yui.engines.dispatch.public import accept as insert
from yui.engines.dispatch.public import keep as as_told
from yui.kernel.access.public import current_actor, require
from yui.kernel.jobs.public import enqueue
from yui.kernel.journal.public import EntryDraft, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.supply import models
from yui.supply.contracts import (
    Answer,
    DemandInput,
    DemandState,
    DemandView,
    OfferGone,
    OfferView,
    PlanCause,
    Reason,
    StepKind,
    SupplyRefused,
    UnknownSupply,
)
from yui.supply.market.keeping import changed_routes, check_plan, keep, made
from yui.supply.market.reckoning import Reckoning
from yui.supply.market.reworking import carrying, rework, settled, with_state
from yui.supply.market.screening import offers_for
from yui.supply.market.state import Carried, Market, Route, carried_of, market_of
from yui.supply.queries import demand_views, list_open_offers
from yui.supply.stored import instant, reasons_in, reasons_out, seconds_of, steps_out

ANSWER = "supply.demand.answer"
IMPROVE = "supply.board.improve"
CYCLE_SECONDS = 30
"""A plan is looked through once in so long, when something was accepted."""
_ROOM_SECONDS, _ROOM_FOR_NEEDS_SECONDS = 0.05, 0.5
"""How long others are moved about, within what they were told, before a demand is refused; longer where few can."""
_HOPELESS = (Obstacle.NO_SKILL, Obstacle.RIDE_TOO_LONG)
_WAYS = ((StepKind.PICKUP, StepKind.DROPOFF), (StepKind.VISIT,))


@dataclass(frozen=True)
class _Found:
    """What can be offered, and the routes with it."""

    held: list[tuple[UUID, str, Carried]]
    routes: dict[str, Route]


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
    may_answer(demand)
    _check(demand)
    row = locked_board(board)
    known = models.Demand.objects.filter(board=row, key=demand.key).first()
    if known is not None:
        if known.state not in (DemandState.REFUSED, DemandState.OPEN):
            return Answer(known.public_id)
        if offers := list_open_offers(known.public_id):
            return Answer(known.public_id, tuple(offers))
    now = seconds_of(timezone.now())
    asked = known or demand_of(row, demand)
    found = settled(market_of(row), now, lambda market: _found(market, now, asked, alternatives))
    if isinstance(found, Reason):
        return _refuse(asked, found)
    return _offer(market_of(row), asked, found, price_yen)


def may_answer(demand: DemandInput | models.Demand, acts_for: UUID | None = None) -> None:
    """Refuse unless the actor wants it for themselves, asked for it, may act for the person, or answers for others."""
    own = current_actor().subject
    if own is None or not (
        own in (demand.person, demand.proxy) or (demand.person and demand.person == acts_for)
    ):
        require(ANSWER)


def _check(demand: DemandInput) -> None:
    if tuple(step.kind for step in demand.steps) not in _WAYS:
        told = gettext_noop("A ride has one place where it begins and one where it ends.")
        raise SupplyRefused(Message("steps", told))
    if any(step.until_at < step.from_at or step.seconds < 0 for step in demand.steps):
        raise SupplyRefused(Message("window", gettext_noop("A time span ends before it begins.")))
    if not demand.load or any(units < 0 for units in demand.load.values()) or not sum(demand.load.values()):
        raise SupplyRefused(Message("load", gettext_noop("Nobody is to be carried.")))


def locked_board(code: str) -> models.Board:
    """A board whose next plan only this transaction makes.

    Raises:
        UnknownSupply: there is none of this code.
    """
    board = models.Board.objects.select_for_update().filter(code=code).first()
    if board is None:
        told = gettext_noop("There is no board %(code)s.")
        raise UnknownSupply(Message("no_board", told, {"code": code}))
    return board


def demand_of(board: models.Board, demand: DemandInput) -> models.Demand:
    """The row of a demand, not yet kept."""
    return models.Demand(
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


def _found(market: Market, now: int, demand: models.Demand, alternatives: int) -> _Found | Reason:
    """Where a demand has a place, or why there is none. Nothing is changed.

    Raises:
        DispatchError: the plan in force can't be driven any more.
    """
    wanted = _wanted(market, demand)
    reckoning = Reckoning(market, now, wanted.steps)
    if not reckoning.working():
        return Reason("no_shift")
    request = reckoning.as_asked(wanted)
    placed = offers_for(reckoning, request, alternatives)
    if isinstance(placed, Refusal):
        room = None if placed.obstacle in _HOPELESS else _room(market, reckoning, wanted)
        return room or _why(market, placed)
    held, plans = [], []
    routes: dict[str, Route] = {}
    for one in placed:
        key = uuid4()
        told = _told(market, wanted, key, (one.offer.picked, one.offer.dropped))
        plan = insert(one.plan, reckoning.request(told), one.offer)
        plans.append(plan)
        routes |= reckoning.routes(plan)
        held.append((key, one.offer.vehicle, told))
    check_plan(market, now, routes, plans)
    return _Found(held, routes)


def _room(market: Market, reckoning: Reckoning, wanted: Carried) -> _Found | None:
    """A place that is made by moving others about, within what they were told."""
    key = uuid4()
    request = replace(reckoning.as_asked(wanted), id=str(key))
    plan = reckoning.sound(reckoning.whole())
    special = wanted.needs or wanted.load.keys() - {"seats"}
    roomy = make_room(plan, request, within(_ROOM_FOR_NEEDS_SECONDS if special else _ROOM_SECONDS))
    if roomy is None:
        return None
    name, times = _place(roomy, request.id)
    told = _told(market, wanted, key, times)
    roomy = as_told(roomy, reckoning.request(told))
    routes = changed_routes(market, reckoning.routes(roomy))
    check_plan(market, reckoning.now, routes, [roomy])
    return _Found([(key, name, told)], routes)


def within(seconds: float) -> Progress:
    """A measure of progress: a span of the clock."""
    began = time.perf_counter()
    return lambda: (time.perf_counter() - began) / seconds


def _place(plan: Plan, request: str) -> tuple[str, tuple[int, int]]:
    for name, visits in plan.visits().items():
        begins = [visit.begins for visit in visits if visit.request == request]
        if begins:
            return name, (begins[0], begins[1])
    raise LookupError(f"Request {request} is on no route.")


def _wanted(market: Market, demand: models.Demand) -> Carried:
    """A demand that has no offer yet."""
    row = models.Offer(
        demand=demand, times=[0] * len(demand.steps), expires_at=timezone.now() + dt.timedelta(days=1)
    )
    return carried_of(market.board, row, accepted=False)


def _told(market: Market, wanted: Carried, key: UUID, times: tuple[int, int]) -> Carried:
    """A demand as it is offered."""
    told = times[: len(wanted.steps)]
    latest = tuple(
        min(seconds_of(step.until_at), at + market.board.window_seconds)
        for step, at in zip(wanted.steps, told, strict=True)
    )
    return replace(wanted, offer=str(key), times=told, latest=latest)


def _why(market: Market, refusal: Refusal) -> Reason:
    shift = market.shifts.get(refusal.vehicle)
    return Reason(refusal.obstacle.value, {"seconds": refusal.by} | ({"shift": shift.name} if shift else {}))


def _offer(market: Market, demand: models.Demand, found: _Found, price_yen: int) -> Answer:
    board = market.board
    new = demand._state.adding
    demand.state, demand.reasons = DemandState.OPEN.value, []
    if new:
        demand.save(force_insert=True)
    else:
        demand.save(update_fields=["state", "reasons"])
    now = timezone.now()
    rows = [
        models.Offer(
            public_id=key,
            demand=demand,
            shift_id=market.shifts[name].row,
            times=list(told.times),
            price_yen=price_yen,
            made_at=now,
            expires_at=now + dt.timedelta(seconds=board.offer_seconds),
        )
        for key, name, told in found.held
    ]
    models.Offer.objects.bulk_create(rows)
    market = keep(
        market,
        found.routes,
        PlanCause.OFFERED,
        {str(row.public_id): carried_of(board, row, accepted=False) for row in rows},
    )
    said = EntryDraft(
        "supply.offer.made", demand.person, "demand", str(demand.public_id), details={"offers": len(rows)}
    )
    record_many([*_registered(demand, new=new), said, made(market, PlanCause.OFFERED)])
    offers = [
        OfferView(
            public_id=row.public_id,
            demand=demand.public_id,
            shift=UUID(name),
            shift_name=market.shifts[name].name,
            times=tuple(map(instant, row.times)),
            price_yen=price_yen,
            expires_at=row.expires_at,
            accepted_at=None,
        )
        for row, (_key, name, _told) in sorted(
            zip(rows, found.held, strict=True), key=lambda one: (one[0].times, one[0].pk)
        )
    ]
    return Answer(demand.public_id, tuple(offers))


def _registered(demand: models.Demand, *, new: bool) -> list[EntryDraft]:
    draft = EntryDraft("supply.demand.registered", demand.person, "demand", str(demand.public_id))
    return [draft] if new else []


def _refuse(demand: models.Demand, reason: Reason) -> Answer:
    new = demand._state.adding
    demand.state, demand.reasons = DemandState.REFUSED.value, reasons_out([reason])
    if new:
        demand.save(force_insert=True)
    else:
        demand.save(update_fields=["state", "reasons"])
    said = EntryDraft(
        "supply.demand.refused",
        demand.person,
        "demand",
        str(demand.public_id),
        details={"reason": reason.code},
    )
    record_many([*_registered(demand, new=new), said])
    return Answer(demand.public_id, (), reasons_in(demand.reasons))


@transaction.atomic
def accept_offer(*, offer: UUID, acts_for: UUID | None = None) -> DemandView:
    """Accept an offer in time: what it says is promised. A second tap changes nothing.

    Args:
        acts_for: the person for whom the actor may act, as the service has made sure.

    Raises:
        OfferGone: it has expired, or another offer was accepted, or the demand was cancelled.
        UnknownSupply: there is no such offer.
    """
    row = models.Offer.objects.select_related("demand__board").filter(public_id=offer).first()
    if row is None:
        raise UnknownSupply(Message("no_offer", gettext_noop("There is no such offer.")))
    board = locked_board(row.demand.board.code)
    demand = models.Demand.objects.get(pk=row.demand_id)
    may_answer(demand, acts_for)
    accepted = models.Assignment.objects.filter(demand=demand).first()
    if accepted is not None and accepted.offer_id == row.pk and demand.state != DemandState.CANCELLED:
        return demand_views([demand], acts_for)[0]
    now, market = seconds_of(timezone.now()), market_of(board)
    mine = market.carried.get(str(offer))
    gone = demand.state != DemandState.OPEN or row.expires_at <= timezone.now()
    if accepted is not None or gone or mine is None or not mine.holds(now):
        told = gettext_noop("This offer is no longer kept free. Please ask again.")
        raise OfferGone(Message("offer_gone", told))
    models.Assignment.objects.create(demand=demand, offer=row, accepted_by=current_actor().public_id)
    demand.state = DemandState.PROMISED.value
    demand.save(update_fields=["state"])
    # The other offers to the same demand are free again.
    others = [one for one in market.offers_of(demand.pk) if one.offer != mine.offer]
    names = carrying(market, [mine.offer, *(one.offer for one in others)])
    market = with_state(market, others, DemandState.PROMISED, expires=0)
    market = with_state(market, [mine], DemandState.PROMISED, accepted=True)
    market = rework(market, now, PlanCause.ACCEPTED, names)
    said = EntryDraft("supply.offer.accepted", demand.person, "offer", str(row.public_id))
    record_many([said, made(market, PlanCause.ACCEPTED)])
    ask_to_improve(board.code, now)
    return demand_views([demand], acts_for)[0]


def ask_to_improve(board: str, now: int) -> None:
    """Have a board looked through at the end of this cycle, once, however often it is asked for."""
    cycle = now // CYCLE_SECONDS + 1
    run_at = dt.datetime.fromtimestamp(cycle * CYCLE_SECONDS, dt.UTC)
    enqueue(IMPROVE, key=f"{board}:{cycle}", run_at=run_at, board=board)


@transaction.atomic
def cancel_demand(*, demand: UUID, acts_for: UUID | None = None) -> None:
    """Take back what was asked for, until it is under way. Cancelled again, it stays cancelled.

    Args:
        acts_for: the person for whom the actor may act, as the service has made sure.

    Raises:
        SupplyRefused: it is under way or over.
        UnknownSupply: there is no such demand.
    """
    row = models.Demand.objects.select_related("board").filter(public_id=demand).first()
    if row is None:
        raise UnknownSupply(Message("no_demand", gettext_noop("There is no such request.")))
    may_answer(row, acts_for)
    board = locked_board(row.board.code)
    row = models.Demand.objects.get(pk=row.pk)
    if row.state == DemandState.CANCELLED:
        return
    if row.state not in (DemandState.OPEN, DemandState.PROMISED):
        raise SupplyRefused(Message("too_late", gettext_noop("The ride has begun or is over.")))
    row.state = DemandState.CANCELLED.value
    row.save(update_fields=["state"])
    now, market = seconds_of(timezone.now()), market_of(board)
    mine = market.offers_of(row.pk)
    names = carrying(market, [one.offer for one in mine])
    market = rework(with_state(market, mine, DemandState.CANCELLED), now, PlanCause.CANCELLED, names)
    said = EntryDraft("supply.demand.cancelled", row.person, "demand", str(row.public_id))
    record_many([said, made(market, PlanCause.CANCELLED)])


__all__: Sequence[str] = ["accept_offer", "ask", "cancel_demand"]
