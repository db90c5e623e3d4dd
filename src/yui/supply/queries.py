"""Reads of supply. Whoever looks at what somebody asked for leaves an entry in the journal."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from yui.engines.travel.public import Place
from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import EntryDraft, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.supply.contracts import (
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
from yui.supply.models import Assignment, Board, Closure, Demand, Offer, Plan, Shift, StepDone
from yui.supply.stored import instant, reasons_in, steps_in

READ = "supply.demand.read"
Routes = Mapping[str, Sequence[Sequence[int | str]]]
"""What a plan keeps: by shift, its stops in order as offer, number of the step, seconds of arrival."""


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


def closed_roads(board: Board, at: dt.datetime) -> frozenset[int]:
    """Roads of the board's map that are closed at an instant."""
    shut = Closure.objects.filter(board=board, from_at__lte=at).exclude(until_at__lte=at)
    return frozenset(shut.values_list("road", flat=True))


def newest_plan(board: Board) -> Plan | None:
    """The plan in force; None before the first."""
    return Plan.objects.filter(board=board, version=board.plan_version).first()


def plan_of(board_code: str) -> PlanView | None:
    """The plan in force, with what was served of it already. It names no person."""
    board = get_board(board_code)
    plan = newest_plan(board)
    return None if plan is None else _plan_view(plan)


def _plan_view(plan: Plan) -> PlanView:
    offers = {
        str(offer.public_id): offer
        for offer in Offer.objects.select_related("demand").filter(
            public_id__in={stop[0] for route in plan.routes.values() for stop in route}
        )
    }
    served = set(
        StepDone.objects.filter(demand__in={offer.demand_id for offer in offers.values()}).values_list(
            "demand_id", "step"
        )
    )
    names = dict(Shift.objects.filter(public_id__in=list(plan.routes)).values_list("public_id", "name"))
    stranded = _where_stranded(plan.routes, offers)
    return PlanView(
        version=plan.version,
        made_at=plan.made_at,
        cause=PlanCause(plan.cause),
        routes=tuple(
            RouteView(
                UUID(shift),
                names[UUID(shift)],
                tuple(_stop_view(offers[stop[0]], stop[1], stop[2], served, stranded) for stop in route),
            )
            for shift, route in sorted(plan.routes.items(), key=lambda one: (names[UUID(one[0])], one[0]))
        ),
    )


def _where_stranded(routes: Routes, offers: Mapping[str, Offer]) -> dict[str, Place]:
    """Where those stand whose car can serve no longer: at the last stop of a route that never drops them off."""
    found = {}
    for route in routes.values():
        dropped = {offer for offer, step, _when in route if int(step) > 0}
        for offer, step, _when in route:
            if int(step) < 1 and offer not in dropped:
                last, number, _at = route[-1]
                found[str(offer)] = steps_in([offers[str(last)].demand.steps[max(int(number), 0)]])[0].place
    return found


def _stop_view(
    offer: Offer, number: int, arrive: int, served: set[tuple[int, int]], stranded: Mapping[str, Place]
) -> StopView:
    step = steps_in([offer.demand.steps[max(number, 0)]])[0]
    taken_over = number < 0
    return StopView(
        demand=offer.demand.public_id,
        step=number,
        kind=step.kind,
        place=stranded.get(str(offer.public_id), step.place) if taken_over else step.place,
        name="" if taken_over else step.name,
        arrive_at=instant(arrive),
        done=(offer.demand_id, number) in served,
    )


def get_demand(public_id: UUID) -> DemandView:
    """One demand; the read is journalled.

    Raises:
        UnknownSupply: there is none in this body.
        PermissionRefused: it is somebody else's, and ``supply.demand.read`` is missing.
    """
    row = Demand.objects.filter(public_id=public_id).first()
    if row is None:
        raise UnknownSupply(Message("no_demand", gettext_noop("There is no such request.")))
    return demand_views([row])[0]


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


def demand_views(rows: Sequence[Demand]) -> list[DemandView]:
    """Demands with what was promised and what came of them; every read of a person's is journalled."""
    own = current_actor().subject
    if any(own is None or own not in (row.person, row.proxy) for row in rows):
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
    return [_demand_view(row, accepted.get(row.pk), planned, done.get(row.pk, {})) for row in rows]


def _planned(offers: Sequence[UUID], rows: Sequence[Demand]) -> dict[str, tuple[UUID, list[int]]]:
    """The shift and the arrivals of each offer by the plans in force."""
    wanted = {str(offer) for offer in offers}
    arrivals: dict[str, dict[int, int]] = {}
    carriers: dict[str, UUID] = {}
    boards = Board.objects.filter(id__in={row.board_id for row in rows})
    in_force = Q(pk__in=[])
    for board in boards:
        in_force |= Q(board=board, version=board.plan_version)
    for plan in Plan.objects.filter(in_force):
        for shift, route in plan.routes.items():
            for offer, step, arrive in route:
                if offer in wanted and step >= 0:
                    arrivals.setdefault(offer, {})[step] = arrive
                # Somebody who was taken over is on two routes; the one with their last stop carries them now.
                if offer in wanted and step > 0:
                    carriers[offer] = UUID(shift)
    return {
        offer: (carriers[offer], [times[step] for step in sorted(times)])
        for offer, times in arrivals.items()
        if offer in carriers
    }


def _demand_view(
    row: Demand,
    offer: Offer | None,
    planned: Mapping[str, tuple[UUID, list[int]]],
    done: Mapping[int, dt.datetime],
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
    rows = Offer.objects.select_related("demand", "shift").filter(
        demand__public_id=demand, demand__state=DemandState.OPEN.value, expires_at__gt=timezone.now()
    )
    return [offer_view(row) for row in sorted(rows, key=lambda row: (row.times, row.pk))]
