"""A board as it stands: its shifts, its routes, and who is on them. A value, kept from one request to the next."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from yui.engines.travel.public import Place
from yui.supply import models
from yui.supply.contracts import Break, DemandState, Step, StepKind
from yui.supply.stored import breaks_in, place_in, seconds_of, steps_in

LIVE = (DemandState.OPEN, DemandState.PROMISED, DemandState.UNDER_WAY)
_REMEMBERED = dt.timedelta(hours=12)
"""How long after its end a shift still counts: whoever is late may still be on board."""
_BOARDS = 64
"""Boards that a process keeps; one of 200 cars and 600 riders is about 2 MB."""
Stop = list[Any]
Route = list[Stop]


@dataclass(frozen=True)
class Turn:
    """A shift as a plan sees it; ``row`` is the number of its row."""

    row: int
    name: str
    from_at: int
    until_at: int
    start: Place
    end: Place
    capacity: Mapping[str, int]
    skills: frozenset[str]
    breaks: tuple[Break, ...]
    withdrawn: bool


@dataclass(frozen=True)
class Carried:
    """An offer that has a place in the plan.

    Attributes:
        offer: identifier of the offer, which is the request's in the engine.
        row: number of the offer's row.
        times: as told.
        latest: of each step.
        longest: seconds between leaving the first step and reaching the last; None for any.
        accepted: a promise, not only an offer.
        expires: when the offer does, unless it was accepted.
    """

    offer: str
    row: int
    demand: int
    public_id: UUID
    person: UUID | None
    state: DemandState
    steps: tuple[Step, ...]
    load: Mapping[str, int]
    needs: frozenset[str]
    times: tuple[int, ...]
    latest: tuple[int, ...]
    longest: int | None
    accepted: bool
    expires: int

    def holds(self, now: int) -> bool:
        """Whether the plan has to keep a place for it."""
        return self.state in LIVE and (self.accepted or self.expires > now)

    @property
    def last(self) -> int:
        """The number of its last step."""
        return len(self.steps) - 1


@dataclass(frozen=True)
class Market:
    """All that a board's next plan depends on, besides the clock and the roads.

    Attributes:
        version: of the plan in force; ``plan_row`` is its row.
        set_up: changes with shifts, roads and settings.
        routes: by shift, its stops in order; see the package.
        carried: by offer; those in the routes that are not over, and the last that each shift served.
    """

    board: models.Board
    version: int
    plan_row: int | None
    set_up: UUID
    shifts: Mapping[str, Turn]
    routes: Mapping[str, Route]
    carried: Mapping[str, Carried]
    closures: tuple[tuple[int, int, int | None], ...]

    def past(self, shift: str) -> Route:
        """The stops of a shift that were reported."""
        return [stop for stop in self.routes.get(shift, ()) if is_done(stop)]

    def ahead(self, shift: str, now: int) -> Route:
        """The stops that were not, and that the next plan has to keep."""
        found = []
        for stop in self.routes.get(shift, ()):
            one = self.carried.get(stop[0])
            if not is_done(stop) and (not stop[0] or (one is not None and one.holds(now))):
                found.append(stop)
        return found

    def stays(self, shift: str) -> list[Carried]:
        """Who takes a place in a shift for a span of it; such a shift goes nowhere."""
        if not self._stays:
            return []
        ahead = [self.carried[stop[0]] for stop in self.routes.get(shift, ()) if stop[0] in self.carried]
        return [one for one in ahead if one.steps[0].kind is StepKind.STAY and one.state in LIVE]

    @cached_property
    def _stays(self) -> bool:
        """Whether anybody on this board takes a place to stay in."""
        return any(one.steps[0].kind is StepKind.STAY for one in self.carried.values())

    def closed(self, now: int) -> frozenset[int]:
        """Roads that are closed at an instant."""
        return frozenset(
            road for road, begins, ends in self.closures if begins <= now and (ends is None or ends > now)
        )

    def place(self, stop: Stop) -> Place | None:
        """Where a stop is; None for a break, which is taken wherever the car stands."""
        if not stop[0]:
            return None
        if stop[1] < 0:
            return self.stands(stop[0], stop[1])
        return self.carried[stop[0]].steps[stop[1]].place

    def where(self, shift: str) -> Place:
        """Where a shift last was, as far as was reported."""
        for stop in reversed(self.past(shift)):
            if (found := self.place(stop)) is not None:
                return found
        return self.shifts[shift].start

    def stands(self, offer: str, step: int) -> Place:
        """Where somebody waits to be taken over: where the car stands that they boarded with the step before."""
        for shift, route in self.routes.items():
            if any(stop[0] == offer and stop[1] == step + 1 and is_done(stop) for stop in route):
                return self.where(shift)
        raise LookupError(f"Offer {offer} was on board of no shift.")

    def tidied(self) -> "Market":
        """The market without those who are over."""
        return replace(self, carried=_needed(self.routes, self.carried))

    def offers_of(self, demand: int) -> list[Carried]:
        """Every offer to a demand that is in the plan."""
        return [one for one in self.carried.values() if one.demand == demand]


def is_done(stop: Stop) -> bool:
    """Whether a stop was reported."""
    return len(stop) > 3


@dataclass
class _Kept:
    """The markets that a process remembers; see ``market_of``."""

    markets: OrderedDict[int, Market] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)


_kept = _Kept()


def market_of(board: models.Board) -> Market:
    """A board as it stands.

    What this process knows of it is used as far as it is still so, which the row of the board tells: it was read under
    row-level security in the scope of the active body, and nobody gets to a market without it. Else only what changed
    since is read.
    """
    with _kept.lock:
        known = _kept.markets.get(board.pk)
    if known is None or known.set_up != board.set_up or known.version > board.plan_version:
        return remember(_whole(board))
    if (known.version, known.plan_row) == (board.plan_version, board.plan_row):
        return known
    return remember(_brought_up(board, known) or _whole(board))


def remember(market: Market) -> Market:
    """Keep a market for the next request of this process."""
    with _kept.lock:
        _kept.markets[market.board.pk] = market
        _kept.markets.move_to_end(market.board.pk)
        while len(_kept.markets) > _BOARDS:
            _kept.markets.popitem(last=False)
    return market


def routes_in_force(board: models.Board) -> dict[str, Route]:
    """Every route of the plan in force."""
    with _kept.lock:
        known = _kept.markets.get(board.pk)
    if known and (known.version, known.plan_row) == (board.plan_version, board.plan_row):
        return dict(known.routes)
    return _folded(models.Plan.objects.filter(board=board, version__gte=board.whole_version))


def _folded(plans: Iterable[models.Plan], onto: Mapping[str, Route] | None = None) -> dict[str, Route]:
    """Routes after plan upon plan; one of them is the last that was kept whole, or follows ``onto``."""
    routes = dict(onto or {})
    for plan in sorted(plans, key=lambda one: one.version):
        if plan.whole:
            routes = {}
        routes |= plan.routes
    return routes


def _whole(board: models.Board) -> Market:
    oldest = timezone.now() - _REMEMBERED
    shifts = {
        str(row.public_id): Turn(
            row=row.pk,
            name=row.name,
            from_at=seconds_of(row.from_at),
            until_at=seconds_of(row.until_at),
            start=place_in(row.start),
            end=place_in(row.end),
            capacity=row.capacity,
            skills=frozenset(row.skills),
            breaks=breaks_in(row.breaks),
            withdrawn=row.withdrawn_at is not None,
        )
        for row in models.Shift.objects.filter(board=board, until_at__gt=oldest).order_by("from_at", "pk")
    }
    plans = models.Plan.objects.filter(board=board, version__gte=board.whole_version)
    routes = {shift: route for shift, route in _folded(plans).items() if shift in shifts}
    return Market(
        board=board,
        version=board.plan_version,
        plan_row=board.plan_row,
        set_up=board.set_up,
        shifts=shifts,
        routes=routes,
        carried=_needed(routes, {one.offer: one for one in carried_by(board, _offers(routes.values()))}),
        closures=tuple(
            (row.road, seconds_of(row.from_at), seconds_of(row.until_at) if row.until_at else None)
            for row in models.Closure.objects.filter(board=board)
        ),
    )


def _brought_up(board: models.Board, known: Market) -> Market | None:
    """A known market with the plans made since; None when they do not follow from it."""
    plans = list(
        models.Plan.objects.filter(board=board, version__gte=known.version, version__lte=board.plan_version)
    )
    first = [plan.pk for plan in plans if plan.version == known.version]
    if known.version and first != [known.plan_row]:
        return None
    later = [plan for plan in plans if plan.version > known.version]
    routes = {shift: route for shift, route in _folded(later, known.routes).items() if shift in known.shifts}
    changed = [route for shift, route in routes.items() if route is not known.routes.get(shift)]
    fresh = {one.offer: one for one in carried_by(board, _offers(changed))}
    return replace(
        known,
        board=board,
        version=board.plan_version,
        plan_row=board.plan_row,
        routes=routes,
        carried=_needed(routes, {**known.carried, **fresh}),
    )


def _offers(routes: Iterable[Route]) -> set[str]:
    """The offers of some routes that have to be known: all that were not reported to the end, and the last that was."""
    found = set[str]()
    for route in routes:
        over = {stop[0] for stop in route if stop[1] > 0 and is_done(stop)}
        found |= {stop[0] for stop in route if stop[0] not in over}
        found |= {stop[0] for stop in [stop for stop in route if is_done(stop) and stop[0]][-1:]}
    return found - {""}


def _needed(routes: Mapping[str, Route], carried: Mapping[str, Carried]) -> dict[str, Carried]:
    wanted = _offers(routes.values())
    return {offer: one for offer, one in carried.items() if offer in wanted}


def carried_by(board: models.Board, offers: Iterable[str]) -> list[Carried]:
    """Offers by their identifiers, with what was told of them last."""
    accepted = Exists(models.Assignment.objects.filter(offer=OuterRef("pk")))
    rows = list(
        models.Offer.objects.select_related("demand")
        .filter(public_id__in=list(offers))
        .annotate(accepted=accepted)
    )
    changes = {
        change.offer_id: change
        for change in models.PromiseChange.objects.filter(offer__in=[row.pk for row in rows]).order_by("pk")
    }
    return [carried_of(board, row, row.accepted, changes.get(row.pk)) for row in rows]  # type: ignore[attr-defined]


def carried_of(
    board: models.Board, row: models.Offer, accepted: bool, change: models.PromiseChange | None = None
) -> Carried:
    """An offer's row, with its demand, as a plan sees it."""
    demand = row.demand
    steps = steps_in(demand.steps)
    longest = demand.longest_seconds
    times = list(row.times)
    latest = [
        min(seconds_of(step.until_at), told + board.window_seconds)
        for step, told in zip(steps, times, strict=True)
    ]
    # Up to the second that it is still open in.
    expires = seconds_of(row.expires_at) + 1
    if change is not None and change.times:
        times, latest = change.times, change.latest
        # Whoever was told of a longer way has no shorter one to insist upon.
        longest = max(longest, times[-1] - times[0]) if longest is not None else None
    elif change is not None:
        expires = 0
    return Carried(
        offer=str(row.public_id),
        row=row.pk,
        demand=demand.pk,
        public_id=demand.public_id,
        person=demand.person,
        state=DemandState(demand.state),
        steps=steps,
        load=demand.load,
        needs=frozenset(demand.needs),
        times=tuple(times),
        latest=tuple(latest),
        longest=longest,
        accepted=accepted,
        expires=expires,
    )
