"""Between the rows of a board and a problem of the dispatch engine.

A plan keeps, by shift, its stops in order as ``[offer, step, seconds]``: what was served at the time it was, what is to
come at the time it is planned. Steps below zero take somebody over from a shift that can serve no longer.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from django.utils import timezone

from yui.engines.dispatch.public import (
    DispatchError,
    Pause,
    Plan,
    Problem,
    Refusal,
    Request,
    Stop,
    Vehicle,
    accept,
    check,
    plan_of,
    quote,
)
from yui.engines.travel.public import Place
from yui.kernel.access.public import current_actor
from yui.kernel.journal.public import record
from yui.supply import models
from yui.supply.contracts import DemandState, PlanCause, Step
from yui.supply.queries import closed_roads, newest_plan
from yui.supply.roads import times_between
from yui.supply.stored import breaks_in, place_in, seconds_of, steps_in

DELAYS = (0, 600, 1200, 2400, 4800)
"""Seconds by which promises may be put off, one after another, when a car or a road is lost."""
_LIVE = (DemandState.OPEN.value, DemandState.PROMISED.value, DemandState.UNDER_WAY.value)
Route = list[list[Any]]


@dataclass(frozen=True)
class Carried:
    """A demand as it now stands to be carried: by an offer made to it.

    Attributes:
        offer: identifier of the offer, which is the request's in the engine.
        transfers: how often it was taken over by another shift.
        aboard: the shift it is on now, and since when; None before its pickup.
        accepted: a promise, not only an offer.
    """

    offer: str
    demand: models.Demand
    steps: tuple[Step, ...]
    times: tuple[int, ...]
    accepted: bool
    transfers: int = 0
    aboard: tuple[str, int] | None = None


@dataclass
class Market:
    """All that a board's next plan depends on, as it is at one instant.

    Attributes:
        past: by shift, the stops that were served, as the plan keeps them.
        ahead: by shift, those that were not, in the order of the plan in force.
        lost: by offer, where somebody waits on board of a shift that can serve no longer.
    """

    board: models.Board
    now: int
    shifts: dict[str, models.Shift]
    carried: dict[str, Carried]
    past: dict[str, Route]
    ahead: dict[str, Route]
    lost: dict[str, Place]
    extra: list[Place] = field(default_factory=list)

    def problem(self, new: Sequence[Step] = ()) -> "Reckoning":
        """The problem of the engine, with room for one demand more."""
        return Reckoning(self, new)


def market_of(board: models.Board) -> Market:
    """A board as it is now. Offers that expired are in it no longer."""
    now = timezone.now()
    plan = newest_plan(board)
    routes: Mapping[str, Route] = plan.routes if plan else {}
    shifts = {
        str(shift.public_id): shift
        for shift in models.Shift.objects.filter(board=board, until_at__gt=now - dt.timedelta(hours=12))
    }
    kept = {stop[0] for route in routes.values() for stop in route}
    carried = {one.offer: one for one in _carried(kept, now)}
    past: dict[str, Route] = {shift: [] for shift in shifts}
    ahead: dict[str, Route] = {shift: [] for shift in shifts}
    done = _done(carried.values())
    for shift, route in routes.items():
        if shift not in shifts:
            continue
        for offer, step, when in route:
            if offer in done and step in done[offer]:
                past[shift].append([offer, step, done[offer][step]])
            elif offer in carried:
                ahead[shift].append([offer, step, when])
    lost = {}
    for shift, row in shifts.items():
        if row.withdrawn_at is not None:
            place = _where(row, past[shift], carried)
            for one in carried.values():
                if one.aboard and one.aboard[0] == shift:
                    lost[one.offer] = place
    return Market(board, seconds_of(now), shifts, carried, past, ahead, lost)


def _carried(offers: Iterable[str], now: dt.datetime) -> Iterable[Carried]:
    rows = models.Offer.objects.select_related("demand").filter(public_id__in=list(offers))
    accepted = set(models.Assignment.objects.filter(offer__in=rows).values_list("offer_id", flat=True))
    for row in rows:
        demand = row.demand
        holds = row.pk in accepted or (demand.state == DemandState.OPEN and row.expires_at > now)
        over = demand.state not in _LIVE
        if not holds and not over:
            continue
        taken = [one for one in models.StepDone.objects.filter(demand=demand) if one.step < 1]
        last = max(taken, key=lambda one: (one.at, -one.step), default=None)
        yield Carried(
            offer=str(row.public_id),
            demand=demand,
            steps=steps_in(demand.steps),
            times=tuple(row.times),
            accepted=row.pk in accepted,
            transfers=sum(one.step < 0 for one in taken),
            aboard=(str(last.shift.public_id), seconds_of(last.at))
            if last is not None and demand.state == DemandState.UNDER_WAY
            else None,
        )


def _done(carried: Iterable[Carried]) -> dict[str, dict[int, int]]:
    """By offer, when each step was served; of who did not come, every step."""
    found: dict[str, dict[int, int]] = {}
    for one in carried:
        found[one.offer] = {
            row.step: seconds_of(row.at) for row in models.StepDone.objects.filter(demand=one.demand)
        }
    return found


def _where(shift: models.Shift, past: Route, carried: Mapping[str, Carried]) -> Place:
    """Where a shift last was."""
    if not past:
        return place_in(shift.start)
    offer, step, _when = past[-1]
    return carried[offer].steps[max(step, 0)].place


class Reckoning:
    """A market as a problem, and plans of the engine as routes to be kept."""

    def __init__(self, market: Market, new: Sequence[Step] = ()) -> None:
        self.market = market
        self.places: dict[Place, int] = {}
        for shift in market.shifts.values():
            self._number(place_in(shift.start))
            self._number(place_in(shift.end))
        for one in market.carried.values():
            for step in one.steps:
                self._number(step.place)
        for step in new:
            self._number(step.place)
        now = timezone.now()
        self.closed = closed_roads(market.board, now)
        times = times_between(market.board, list(self.places), self.closed)
        self.times = times.seconds.astype(np.int64)
        self.working = {name: row for name, row in market.shifts.items() if self._works(name, row)}

    def _works(self, name: str, row: models.Shift) -> bool:
        return row.withdrawn_at is None and (
            seconds_of(row.until_at) > self.market.now or bool(self.market.ahead[name])
        )

    def _number(self, place: Place) -> int:
        return self.places.setdefault(place, len(self.places))

    def vehicle(self, name: str, row: models.Shift) -> Vehicle:
        """A shift from where it is now."""
        market = self.market
        aboard = self.aboard(name)
        here = self._number(_where(row, market.past[name], market.carried))
        begins = seconds_of(row.from_at)
        if market.past[name]:
            begins = max(when for _offer, _step, when in market.past[name])
        if aboard:
            begins = min(since for _offer, since in aboard)
        start = Stop(here, begins, begins if aboard else max(begins, seconds_of(row.until_at)))
        return Vehicle(
            id=name,
            start=start,
            end=Stop(
                self._number(place_in(row.end)),
                0,
                max(seconds_of(row.until_at), market.now + 6 * 3600) if aboard else seconds_of(row.until_at),
            ),
            capacity=row.capacity,
            skills=frozenset(row.skills),
            pauses=tuple(
                Pause(seconds_of(one.from_at), seconds_of(one.until_at), one.seconds)
                for one in breaks_in(row.breaks)
                if seconds_of(one.until_at) >= market.now and not aboard
            ),
        )

    def aboard(self, name: str) -> list[tuple[str, int]]:
        """Who is on board of a shift, since when, the first first."""
        found = [
            (one.offer, one.aboard[1])
            for one in self.market.carried.values()
            if one.aboard is not None and one.aboard[0] == name
        ]
        return sorted(found, key=lambda one: (one[1], one[0]))

    def request(self, one: Carried, delay: int = 0) -> Request:
        """A demand as it now stands: on board, to be taken over, or waiting as promised."""
        pickup, dropoff = one.steps
        window = self.market.board.window_seconds + delay
        drop = Stop(
            self._number(dropoff.place),
            seconds_of(dropoff.from_at),
            min(seconds_of(dropoff.until_at), one.times[1] + self.market.board.window_seconds) + delay,
            dropoff.seconds,
        )
        limit = one.demand.longest_seconds
        if one.offer in self.market.lost:
            # Taken over where the other one stands; how long the ride becomes then cannot be helped.
            place = self._number(self.market.lost[one.offer])
            take = Stop(place, self.market.now, self.market.now + 7200, pickup.seconds)
            return Request(
                one.offer,
                take,
                replace(drop, closes=drop.closes + 7200),
                one.demand.load,
                kept=True,
                needs=frozenset(one.demand.needs),
            )
        if one.aboard is not None:
            since = one.aboard[1]
            here = self._number(
                _where(
                    self.market.shifts[one.aboard[0]], self.market.past[one.aboard[0]], self.market.carried
                )
            )
            take = Stop(here, since, since)
        else:
            opens = max(seconds_of(pickup.from_at), one.times[0])
            closes = min(seconds_of(pickup.until_at) + delay, one.times[0] + window)
            take = Stop(self._number(pickup.place), opens, max(opens, closes), pickup.seconds)
        return Request(
            one.offer,
            take,
            drop,
            one.demand.load,
            ride_limit=(limit + delay) if limit is not None else 1 << 40,
            needs=frozenset(one.demand.needs),
            kept=True,
        )

    def waiting(self) -> list[Carried]:
        """Whom the next plan has to carry."""
        return [one for one in self.market.carried.values() if one.demand.state in _LIVE]

    def plan(self) -> Plan:
        """The plan in force from now on.

        Raises:
            DispatchError: it can't be driven any more.
        """
        live = {one.offer: one for one in self.waiting()}
        problem = Problem(
            tuple(self.request(one) for one in live.values()),
            tuple(self.vehicle(name, row) for name, row in self.working.items()),
            self.times,
        )
        routes, locked, leave = {}, {}, {}
        for name, row in self.working.items():
            route, fixed, leaves = self._route(name, row, live)
            routes[name], locked[name], leave[name] = route, fixed, leaves
        return plan_of(problem, self._with_pauses(problem, routes), locked, leave)

    def _route(
        self, name: str, row: models.Shift, live: Mapping[str, Carried]
    ) -> tuple[list[tuple[str, bool]], int, int]:
        """The stops ahead of a shift, how many of them stay, and when it leaves."""
        route = [(offer, False) for offer, _since in self.aboard(name)]
        fixed, leaves = len(route), self.market.now
        ahead = [stop for stop in self.market.ahead[name] if stop[0] in live]
        if ahead:
            offer, step, when = ahead[0]
            place = live[offer].steps[max(step, 0)].place
            here = _where(row, self.market.past[name], self.market.carried)
            leg = int(self.times[self.places[here], self._number(place)])
            begun = seconds_of(row.from_at) <= self.market.now
            if begun and when - leg <= self.market.now:
                # Under way to it already.
                fixed, leaves = fixed + 1, min(self.market.now, when - leg)
        route += [(offer, step == len(live[offer].steps) - 1) for offer, step, _when in ahead]
        return route, fixed, leaves

    def _with_pauses(
        self, problem: Problem, routes: dict[str, list[tuple[str, bool]]]
    ) -> dict[str, list[tuple[str, bool]]]:
        """Pauses put where the route allows them; the engine keeps them there."""
        found = {}
        for vehicle in problem.vehicles:
            route = routes[vehicle.id]
            for _pause in vehicle.pauses:
                route = _with_pause(problem, vehicle, route)
            found[vehicle.id] = route
        return found

    def rebuilt(self) -> tuple[Plan, dict[str, int], list[Carried]]:
        """A plan after a loss: what is on board stays, everybody else is put in anew, put off where it must be.

        Returns:
            The plan; by offer, by how many seconds a promise was put off; who cannot be carried at all.
        """
        live = self.waiting()
        stays = [one for one in live if one.aboard is not None and one.offer not in self.market.lost]
        vehicles = tuple(self.vehicle(name, row) for name, row in self.working.items())
        delays: dict[str, int] = {}
        for delay in (*DELAYS, 1 << 20):
            problem = Problem(tuple(self.request(one, delay) for one in stays), vehicles, self.times)
            routes: dict[str, list[tuple[str, bool]]] = {}
            for name in self.working:
                aboard = [offer for offer, _since in self.aboard(name)]
                off = [stop[0] for stop in self.market.ahead[name] if stop[0] in aboard and stop[1] > 0]
                routes[name] = [(offer, False) for offer in aboard] + [(offer, True) for offer in off]
            leave = dict.fromkeys(self.working, self.market.now)
            fixed = {name: len(self.aboard(name)) for name in self.working}
            try:
                plan = plan_of(problem, self._with_pauses(problem, routes), fixed, leave)
            except DispatchError:
                continue
            delays |= {one.offer: delay for one in stays if delay}
            break
        else:
            raise DispatchError("route", "Nobody who is on board can be taken to where they go.")
        left_out = []
        rest = [one for one in live if one not in stays]
        for one in sorted(rest, key=lambda one: (not one.accepted, one.times[0], one.offer)):
            for delay in DELAYS:
                request = self.request(one, delay)
                found = quote(plan, request, 1)
                if not isinstance(found, Refusal):
                    plan = accept(plan, request, found[0])
                    if delay or one.offer in self.market.lost:
                        delays[one.offer] = delay
                    break
            else:
                left_out.append(one)
        return plan, delays, left_out

    def routes(self, plan: Plan) -> dict[str, Route]:
        """A plan of the engine as it is kept: what was served, then what is to come."""
        visits = plan.visits()
        kept = {name: list(route) for name, route in self.market.past.items() if route}
        for name in self.working:
            aboard = {offer for offer, _since in self.aboard(name)}
            for visit in visits[name]:
                if not visit.request or (not visit.dropoff and visit.request in aboard):
                    continue
                one = self.market.carried.get(visit.request)
                step = 1 if visit.dropoff else 0
                if not visit.dropoff and visit.request in self.market.lost and one is not None:
                    step = -one.transfers - 1
                kept.setdefault(name, []).append([visit.request, step, visit.begins])
        return kept


def _with_pause(problem: Problem, vehicle: Vehicle, route: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """A pause at the first place of a route where nobody is on board, the route having its window in mind last."""
    aboard = 0
    places = []
    for at, (request, dropoff) in enumerate([*route, ("", False)]):
        if not aboard:
            places.append(at)
        aboard += 0 if not request else -1 if dropoff else 1
    for at in places:
        tried = [*route[:at], ("", False), *route[at:]]
        one = replace(vehicle, pauses=vehicle.pauses[: sum(not request for request, _ in tried)])
        try:
            plan_of(replace(problem, vehicles=(one,)), {one.id: tried})
        except DispatchError:
            continue
        return tried
    return [*route, ("", False)]


def keep_plan(board: models.Board, plan: Plan, reckoning: Reckoning, cause: PlanCause) -> models.Plan:
    """Make a plan of the engine the one in force, after the plain check has passed it.

    Raises:
        DispatchError: it breaks a limit.
    """
    if faults := check(plan):
        raise DispatchError("route", f"The plan breaks {len(faults)} limits, the first: {faults[0].limit}.")
    return keep_routes(board, reckoning.routes(plan), cause)


def keep_routes(board: models.Board, routes: Mapping[str, Route], cause: PlanCause) -> models.Plan:
    """Keep routes as the next plan of a locked board."""
    board.plan_version += 1
    board.save(update_fields=["plan_version"])
    made = models.Plan.objects.create(
        board=board,
        version=board.plan_version,
        made_by=current_actor().public_id,
        cause=cause.value,
        routes=routes,
    )
    record(
        "supply.plan.made",
        object_kind="board",
        object_id=board.code,
        details={"version": made.version, "cause": cause.value},
    )
    return made


__all__ = ["Carried", "Market", "Reckoning", "keep_plan", "keep_routes", "market_of"]
