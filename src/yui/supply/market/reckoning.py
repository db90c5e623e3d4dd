"""A market at one instant as problems of the dispatch engine: of one shift, of a few, or of all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yui.engines.dispatch.public import FAR, DispatchError, Pause, Plan, Problem, Request, Stop, Vehicle
from yui.engines.travel.public import Place
from yui.supply.contracts import Step
from yui.supply.market.state import Carried, Market, Route
from yui.supply.market.ways import Ways, ways_of
from yui.supply.stored import seconds_of


@dataclass(frozen=True)
class Driven:
    """One shift as the engine sees it.

    Attributes:
        gone: stops that are past, reported or by the clock.
        stops: of the route, as the engine names them.
        locked: how many of them stay: who is on board, and the stop that the car is driving to.
        leave: the last of these is not left before.
        breaks: numbers of the breaks still to be taken.
        aboard: who is on board.
        boarding: by offer, the step with which they will board.
        until: when something of this changes by itself; ``FAR`` for never.
    """

    vehicle: Vehicle
    requests: tuple[Request, ...]
    gone: Route
    stops: list[tuple[str, bool]]
    locked: int
    leave: int
    breaks: tuple[int, ...]
    aboard: frozenset[str]
    boarding: dict[str, int]
    until: int


@dataclass
class Reckoning:
    """A market at an instant, with its travel times.

    Attributes:
        new: steps of a demand that is yet to be offered something.
        by_report: a shift of which only what was reported counts as past. Of all others a stop whose time has come
            counts as served until something else is reported, for a phone may be offline for an hour.
    """

    market: Market
    now: int
    new: Sequence[Step] = ()
    by_report: str = ""
    ways: Ways = field(init=False)
    _driven: dict[str, Driven] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.ways = ways_of(self.market, self.now, [step.place for step in self.new])

    def working(self) -> list[str]:
        """Shifts that can serve, or still have somebody to serve."""
        market = self.market
        return [
            name
            for name, turn in market.shifts.items()
            if not turn.withdrawn
            and not market.stays(name)
            and (turn.until_at > self.now or any(stop[0] for stop in market.ahead(name, self.now)))
        ]

    def plan(self, names: Iterable[str]) -> Plan:
        """The plan in force of some shifts, from now on. Whether it can be driven, ``sound`` tells."""
        return self.together([self.driven(name) for name in names])

    def together(self, driven: Sequence[Driven]) -> Plan:
        """Shifts as one plan of the engine."""
        problem = Problem(
            tuple(request for one in driven for request in one.requests),
            tuple(one.vehicle for one in driven),
            self.ways.seconds,
        )
        number = {request.id: at for at, request in enumerate(problem.requests)}
        return Plan(
            problem,
            tuple(
                tuple(2 * number[request] + off if request else -1 for request, off in one.stops)
                for one in driven
            ),
            tuple(one.locked for one in driven),
            tuple(one.leave for one in driven),
        )

    def whole(self) -> Plan:
        """The plan in force of all shifts, for the engine to search in."""
        plan, known = self.plan(self.working()), len(self.ways.number)
        # The mean of all ways says how far a search goes; ways to nowhere are none.
        times = self.ways.seconds[:known, :known].copy()
        return replace(plan, problem=replace(plan.problem, times=times, costs=None))

    def sound(self, plan: Plan) -> Plan:
        """The plan, which can be driven and is late for nobody.

        Raises:
            DispatchError: it is not.
        """
        _ = plan.state
        aboard = self.aboard()
        if any(self.later(request, aboard) for request in plan.problem.requests):
            raise DispatchError("route", "A car will be later than was told.")
        return plan

    def aboard(self) -> set[str]:
        """Who is on board of one of the shifts that were reckoned with."""
        return {offer for one in self._driven.values() for offer in one.aboard}

    def later(self, request: Request, aboard: Collection[str]) -> tuple[int, ...] | None:
        """By when each step is now served at the latest, where that is later than was told; else None."""
        one = self.market.carried.get(request.id)
        if one is None:
            return None
        fetched = one.latest[0] if request.id in aboard else max(request.pickup.closes, one.latest[0])
        latest = (fetched, max(request.dropoff.closes, one.latest[1])) if one.last else (fetched,)
        return latest if latest != one.latest else None

    def driven(self, name: str) -> Driven:
        """One shift from where it is now."""
        if name not in self._driven:
            self._driven[name] = self._reckoned(name)
        return self._driven[name]

    def _reckoned(self, name: str) -> Driven:
        market, turn = self.market, self.market.shifts[name]
        ahead, count = market.ahead(name, self.now), 0
        while name != self.by_report and count < len(ahead) and ahead[count][2] <= self.now:
            count += 1
        gone, rest = [*market.past(name), *ahead[:count]], ahead[count:]
        here, free, aboard = self._standing(name, gone, rest)
        requests = {one.offer: self._aboard(one, step, here, since) for one, step, since in aboard}
        stops = [(one.offer, False) for one, _step, _since in aboard]
        boarding = {}
        for offer, step, _at in rest:
            if offer and offer not in requests:
                boarding[offer] = step
                requests[offer] = self.request(market.carried[offer], step)
            stops.append((offer, step > 0))
            if offer and not market.carried[offer].last:
                stops.append((offer, True))
        locked, leave, until = len(aboard), self.now, FAR
        if name == self.by_report:
            leave = free
        elif rest and (place := market.place(rest[0])) is not None:
            way = self.ways.between(here, place)
            sets_out = rest[0][2] - way
            until = max(sets_out, turn.from_at)
            if until <= self.now:
                # Under way to it already; it may be late.
                locked, leave = locked + 1, max(free, min(self.now, sets_out))
                until = max(rest[0][2], leave + way)
                requests[rest[0][0]] = _fixed(requests[rest[0][0]], rest[0][1] > 0, until)
        elif rest:
            until = rest[0][2]
        home, closes = self.ways.between(here, turn.end), turn.until_at
        if last := [stop for stop in rest if stop[0]][-1:]:
            # A shift that was made longer by a loss stays so.
            place = market.place(last[0]) or here
            service = market.carried[last[0][0]].steps[max(last[0][1], 0)].seconds
            closes = max(closes, last[0][2] + service + self.ways.between(place, turn.end))
        else:
            # Once it could come home in time no more, whoever carries nobody takes nobody.
            leave = min(leave, max(free, closes - home))
            until = min(until, max(closes - home, self.now + 1))
        breaks, pauses = self._breaks(name, gone, rest)
        stops += [("", False)] * (len(breaks) - sum(not offer for offer, _off in stops))
        first = min([free, *(since for _one, _step, since in aboard)])
        return Driven(
            vehicle=Vehicle(
                id=name,
                start=Stop(self.ways.number[here], first, max(first, turn.until_at)),
                end=Stop(self.ways.number[turn.end], 0, max(closes, free + home)),
                capacity=turn.capacity,
                skills=turn.skills,
                pauses=pauses,
                out=bool(gone),
            ),
            requests=tuple(requests.values()),
            gone=gone,
            stops=stops,
            locked=locked,
            leave=leave,
            breaks=breaks,
            aboard=frozenset(one.offer for one, _step, _since in aboard),
            boarding=boarding,
            until=min(
                [
                    until,
                    *(one.expires for one in map(market.carried.__getitem__, boarding) if not one.accepted),
                ]
            ),
        )

    def _standing(
        self, name: str, gone: Route, rest: Route
    ) -> tuple[Place, int, list[tuple[Carried, int, int]]]:
        """Where a shift last was, when it can leave there, and who is on board: with which step, and since when."""
        market, turn = self.market, self.market.shifts[name]
        here, free, latest = turn.start, turn.from_at, -FAR
        to_come = {stop[0] for stop in rest}
        aboard = {}
        for offer, step, at in (stop[:3] for stop in gone):
            if not offer:
                free = max(free, at + turn.breaks[step].seconds)
                continue
            one = market.carried.get(offer)
            if one is None:
                free = max(free, at)
                continue
            left = at + one.steps[max(step, 0)].seconds
            free = max(free, left)
            if at >= latest:
                here, latest = market.place([offer, step, at]) or here, at
            if step < one.last and offer in to_come:
                aboard[offer] = (one, step, left)
        return here, free, sorted(aboard.values(), key=lambda found: (found[2], found[0].offer))

    def _breaks(self, name: str, gone: Route, rest: Route) -> tuple[tuple[int, ...], tuple[Pause, ...]]:
        """The breaks that a shift has yet to take. One whose time went by while the car stood still was taken."""
        over = {stop[1] for stop in gone if not stop[0]}
        planned = {stop[1]: stop[2] for stop in rest if not stop[0]}
        numbers, pauses = [], []
        for number, one in enumerate(self.market.shifts[name].breaks):
            closes = seconds_of(one.until_at)
            if number in over or (number not in planned and closes < self.now):
                continue
            numbers.append(number)
            pauses.append(
                Pause(seconds_of(one.from_at), max(closes, planned.get(number, closes)), one.seconds)
            )
        return tuple(numbers), tuple(pauses)

    def _aboard(self, one: Carried, step: int, here: Place, since: int) -> Request:
        """Somebody on board: picked up in the past, as if here."""
        request = self.request(one)
        # Once they were taken over, how long their whole ride takes is not for a car to say any more.
        limit = FAR if step < 0 else request.ride_limit
        return replace(request, pickup=Stop(self.ways.number[here], since, since), ride_limit=limit)

    def request(self, one: Carried, step: int = 0) -> Request:
        """A demand as it was told: no earlier, and no later than at the latest.

        Args:
            step: with which it begins; below zero somebody is taken over from another car.
        """
        first, last = one.steps[0], one.steps[-1]
        opens = max(seconds_of(first.from_at), one.times[0])
        pickup = Stop(self.ways.number[first.place], opens, max(opens, one.latest[0]), first.seconds)
        limit = FAR if one.longest is None else one.longest
        if step < 0:
            place = self.ways.number[self.market.stands(one.offer, step)]
            pickup, limit = Stop(place, 0, max(one.latest[0], 0), first.seconds), FAR
        opens = seconds_of(last.from_at)
        dropoff = Stop(self.ways.number[last.place], opens, max(opens, one.latest[-1]), last.seconds)
        if not one.last:
            # Whoever is served where they are is served by one stop; nothing comes between its two sides.
            dropoff, limit = Stop(pickup.place), 0
        return Request(one.offer, pickup, dropoff, one.load, ride_limit=limit, needs=one.needs, kept=True)

    def as_asked(self, one: Carried) -> Request:
        """A demand with the windows it was asked with."""
        first, last = one.steps[0], one.steps[-1]
        asked = replace(
            one,
            times=(0,) * len(one.steps),
            latest=tuple(seconds_of(step.until_at) for step in (first, last)[: len(one.steps)]),
        )
        return replace(self.request(asked), kept=False)

    def routes(self, plan: Plan, boarding: Mapping[str, int] | None = None) -> dict[str, Route]:
        """Routes of a plan as they are kept: what was, then what is to come.

        Args:
            boarding: by offer, the step with which those board whom another car takes over from now on.
        """
        visits = plan.visits()
        steps = {offer: step for one in self._driven.values() for offer, step in one.boarding.items()}
        steps |= boarding or {}
        found = {}
        for vehicle in plan.problem.vehicles:
            one = self._driven[vehicle.id]
            route, breaks = list(one.gone), iter(one.breaks)
            for visit in visits[vehicle.id]:
                offer = visit.request
                if not offer:
                    route.append(["", next(breaks), visit.begins])
                elif not visit.dropoff and offer not in one.aboard:
                    route.append([offer, steps.get(offer, 0), visit.begins])
                elif visit.dropoff and self._last(offer):
                    route.append([offer, self._last(offer), visit.begins])
            found[vehicle.id] = route
        return found

    def _last(self, offer: str) -> int:
        one = self.market.carried.get(offer)
        return one.last if one else len(self.new) - 1


def _fixed(request: Request, dropoff: bool, at: int) -> Request:
    """A request one stop of which is at an instant."""
    stop = request.dropoff if dropoff else request.pickup
    fixed = replace(stop, opens=at, closes=at)
    return replace(request, dropoff=fixed) if dropoff else replace(request, pickup=fixed)
