"""Reads of supply. Whoever looks at what somebody asked for leaves an entry in the journal."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from yui.engines.travel.public import Place
from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import EntryDraft, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.supply.contracts import (
    ChangeView,
    DemandState,
    DemandView,
    OfferView,
    PlanCause,
    PlanView,
    RouteView,
    StepAct,
    StopView,
    UnknownSupply,
)
from yui.supply.market.state import LIVE, Route, Stop, is_done, routes_in_force
from yui.supply.models import Assignment, Board, Demand, Offer, Plan, PromiseChange, Shift, StepDone
from yui.supply.stored import instant, reasons_in, steps_in

READ = "supply.demand.read"


def get_board(code: str) -> Board:
    """A board of the active body.

    Raises:
        UnknownSupply: there is none of this code.
    """
    board = Board.objects.filter(code=code).first()
    if board is None:
        told = gettext_noop("There is no board %(code)s.")
        raise UnknownSupply(Message("no_board", told, {"code": code}))
    return board


def plan_of(board_code: str) -> PlanView | None:
    """The plan in force, with what was served of it already. It names no person."""
    board = get_board(board_code)
    plan = Plan.objects.filter(board=board, version=board.plan_version).first()
    return None if plan is None else _plan_view(plan, routes_in_force(board))


def _plan_view(plan: Plan, routes: Mapping[str, Route]) -> PlanView:
    now = timezone.now()
    named = {stop[0] for route in routes.values() for stop in route} - {""}
    accepted = Exists(Assignment.objects.filter(offer=OuterRef("pk")))
    offers = {
        str(offer.public_id): offer
        for offer in Offer.objects.select_related("demand")
        .filter(public_id__in=named)
        .annotate(accepted=accepted)
    }
    # What has expired since the plan was made is no part of it any more.
    shown = {name for name, one in offers.items() if one.accepted or one.expires_at > now}  # type: ignore[attr-defined]
    shifts = {str(row.public_id): row for row in Shift.objects.filter(public_id__in=list(routes))}
    views = []
    for name, route in routes.items():
        row = shifts[name]
        stops = [
            _stop_view(offers, routes, stop) for stop in route if stop[0] in shown and not _over(offers, stop)
        ]
        views.append(
            RouteView(row.public_id, row.name, tuple(stops), row.withdrawn_at, row.withdrawn_because)
        )
    return PlanView(
        version=plan.version,
        made_at=plan.made_at,
        cause=PlanCause(plan.cause),
        routes=tuple(sorted(views, key=lambda one: (one.name, str(one.shift)))),
    )


def _over(offers: Mapping[str, Offer], stop: Stop) -> bool:
    """Whether a stop that was not served will not be."""
    return not is_done(stop) and DemandState(offers[stop[0]].demand.state) not in LIVE


def _stop_view(offers: Mapping[str, Offer], routes: Mapping[str, Route], stop: Stop) -> StopView:
    offer = offers[stop[0]]
    step = steps_in([offer.demand.steps[max(stop[1], 0)]])[0]
    taken_over = stop[1] < 0
    place = _stands(offers, routes, stop) if taken_over else step.place
    return StopView(
        demand=offer.demand.public_id,
        step=stop[1],
        kind=step.kind,
        place=place or step.place,
        name="" if taken_over else step.name,
        arrive_at=instant(stop[2]),
        done=is_done(stop),
        offered=not offer.accepted,  # type: ignore[attr-defined]
    )


def _stands(offers: Mapping[str, Offer], routes: Mapping[str, Route], stop: Stop) -> Place | None:
    """Where somebody is taken over: where the car last was that they boarded with the step before."""
    for route in routes.values():
        if any(is_done(one) and one[:2] == [stop[0], stop[1] + 1] for one in route):
            for last in reversed([one for one in route if is_done(one) and one[0] in offers]):
                if last[1] < 0:
                    return _stands(offers, routes, last)
                return steps_in([offers[last[0]].demand.steps[last[1]]])[0].place
    return None


def get_demand(public_id: UUID, acts_for: UUID | None = None) -> DemandView:
    """One demand; the read is journalled.

    Args:
        acts_for: the person for whom the actor may act, as the service has made sure.

    Raises:
        UnknownSupply: there is none in this body.
        PermissionRefused: it is somebody else's, and ``supply.demand.read`` is missing.
    """
    row = Demand.objects.filter(public_id=public_id).first()
    if row is None:
        raise UnknownSupply(Message("no_demand", gettext_noop("There is no such request.")))
    return demand_views([row], acts_for)[0]


def list_demands_of(person: UUID, *, since: dt.datetime) -> list[DemandView]:
    """What a person asked for, the newest first."""
    rows = Demand.objects.filter(person=person, latest_at__gte=since).order_by("-asked_at")
    return demand_views(list(rows))


def list_demands(
    board_code: str, *, from_at: dt.datetime, until_at: dt.datetime, states: Iterable[DemandState] = ()
) -> list[DemandView]:
    """Demands of a board whose windows touch a span, by when they begin."""
    rows = Demand.objects.filter(
        board=get_board(board_code), latest_at__gte=from_at, earliest_at__lt=until_at
    ).order_by("earliest_at", "id")
    wanted = [state.value for state in states]
    return demand_views(list(rows.filter(state__in=wanted) if wanted else rows))


def demand_views(rows: Sequence[Demand], acts_for: UUID | None = None) -> list[DemandView]:
    """Demands with what was promised and what came of them; every read of a person's is journalled."""
    own = current_actor().subject
    if any(own is None or not _may_see(row, own, acts_for) for row in rows):
        require(READ)
    record_many(
        EntryDraft("supply.demand.read", row.person, "demand", str(row.public_id))
        for row in rows
        if row.person is not None and row.person != own
    )
    accepted = {
        one.demand_id: one.offer for one in Assignment.objects.select_related("offer").filter(demand__in=rows)
    }
    planned = _planned([offer.public_id for offer in accepted.values()], rows)
    done: dict[int, dict[int, dt.datetime]] = {
        demand: {one.step: one.at for one in found}
        for demand, found in groupby(
            StepDone.objects.filter(demand__in=rows).order_by("demand_id", "step"), lambda one: one.demand_id
        )
    }
    changes = _changes([offer.pk for offer in accepted.values()])
    return [_demand_view(row, accepted.get(row.pk), planned, done.get(row.pk, {}), changes) for row in rows]


def _may_see(row: Demand, own: UUID, acts_for: UUID | None) -> bool:
    return own in (row.person, row.proxy) or (row.person is not None and row.person == acts_for)


def _planned(offers: Sequence[UUID], rows: Sequence[Demand]) -> dict[str, tuple[UUID, list[int]]]:
    """The shift and the arrivals of each offer by the plans in force."""
    wanted = {str(offer) for offer in offers}
    arrivals: dict[str, dict[int, int]] = {}
    carriers: dict[str, tuple[int, UUID]] = {}
    for board in Board.objects.filter(id__in={row.board_id for row in rows}) if wanted else ():
        for shift, route in routes_in_force(board).items():
            for stop in route:
                offer, step, arrive = stop[:3]
                if offer not in wanted:
                    continue
                if step >= 0:
                    arrivals.setdefault(offer, {})[step] = arrive
                # Somebody who was taken over is on two routes; the one with their last stop carries them now.
                if step >= carriers.get(offer, (0,))[0]:
                    carriers[offer] = (step, UUID(shift))
    return {
        offer: (carriers[offer][1], [times[step] for step in sorted(times)])
        for offer, times in arrivals.items()
        if offer in carriers
    }


def _changes(offers: Sequence[int]) -> dict[int, list[ChangeView]]:
    found: dict[int, list[ChangeView]] = {}
    for row in PromiseChange.objects.filter(offer__in=offers).order_by("pk"):
        times, latest = (tuple(map(instant, values)) for values in (row.times, row.latest))
        found.setdefault(row.offer_id, []).append(ChangeView(row.told_at, row.because, times, latest))
    return found


def list_changes(board_code: str, *, since: dt.datetime) -> list[tuple[UUID, ChangeView]]:
    """Promises of a board that were told anew, each with its demand, the newest first. It names no person.

    Raises:
        PermissionRefused: ``supply.board.manage`` is missing.
    """
    require("supply.board.manage")
    rows = PromiseChange.objects.select_related("offer__demand").filter(
        offer__demand__board=get_board(board_code), offer__assignments__isnull=False, told_at__gte=since
    )
    return [
        (
            row.offer.demand.public_id,
            ChangeView(
                row.told_at, row.because, tuple(map(instant, row.times)), tuple(map(instant, row.latest))
            ),
        )
        for row in rows.order_by("-pk")
    ]


def _demand_view(
    row: Demand,
    offer: Offer | None,
    planned: Mapping[str, tuple[UUID, list[int]]],
    done: Mapping[int, dt.datetime],
    changes: Mapping[int, list[ChangeView]],
) -> DemandView:
    shift, arrivals = planned.get(str(offer.public_id), (None, [])) if offer else (None, [])
    return DemandView(
        public_id=row.public_id,
        kind=row.kind,
        state=DemandState(row.state),
        person=row.person,
        steps=steps_in(row.steps),
        load=row.load,
        needs=frozenset(row.needs),
        promised=tuple(map(instant, offer.times)) if offer else (),
        planned=tuple(map(instant, arrivals)),
        served=tuple(done.get(number) for number in range(len(row.steps))),
        shift=shift,
        price_yen=offer.price_yen if offer else None,
        reasons=reasons_in(row.reasons),
        changes=tuple(changes.get(offer.pk, ())) if offer else (),
    )


def was_shared(demand: UUID) -> bool:
    """Whether somebody else was on board for a part of a ride that is over. Says nothing of whom."""
    mine = list(StepDone.objects.filter(demand__public_id=demand, act=StepAct.SERVED.value).order_by("at"))
    if len(mine) < 2:
        return False
    begins, ends = mine[0].at, mine[-1].at
    others = StepDone.objects.filter(
        shift__in={one.shift_id for one in mine}, at__lt=ends, at__gte=begins - dt.timedelta(hours=6)
    ).exclude(demand=mine[0].demand_id)
    boarded = others.filter(step__lt=1, act=StepAct.SERVED.value).values_list("demand_id", flat=True)
    alighted = others.filter(step__gt=0, at__lte=begins).values_list("demand_id", flat=True)
    return bool(set(boarded) - set(alighted))


def offer_view(row: Offer, accepted_at: dt.datetime | None = None) -> OfferView:
    """An offer as it crosses the door."""
    return OfferView(
        public_id=row.public_id,
        demand=row.demand.public_id,
        shift=row.shift.public_id,
        shift_name=row.shift.name,
        times=tuple(map(instant, row.times)),
        price_yen=row.price_yen,
        expires_at=row.expires_at,
        accepted_at=accepted_at,
    )


def list_open_offers(demand: UUID) -> list[OfferView]:
    """Offers to a demand that can still be accepted, the first planned first."""
    rows = (
        Offer.objects.select_related("demand", "shift")
        .filter(demand__public_id=demand, demand__state=DemandState.OPEN.value, expires_at__gt=timezone.now())
        .exclude(changes__times=[])
    )
    return [offer_view(row) for row in sorted(rows, key=lambda row: (row.times, row.pk))]
