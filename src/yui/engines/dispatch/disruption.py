"""When something goes wrong: nobody is there, a car drives no further, a road closes, a car is late.

Each gives another plan. A promise that can't be kept any more is given way to by as little as may be, and named.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from yui.engines.dispatch.plan import Plan
from yui.engines.dispatch.problem import FAR, DispatchError, Ints, Problem, Request, Stop
from yui.engines.dispatch.quoting import Refusal, accept, quote

T = TypeVar("T")


@dataclass(frozen=True)
class Later:
    """A promise that will be kept later than told.

    Attributes:
        pickup_by: told now.
        dropoff_by: told now.
        by: how much later than told before.
    """

    request: str
    pickup_by: int
    dropoff_by: int
    by: int


@dataclass(frozen=True)
class Replanned:
    """What became of a plan.

    Attributes:
        later: whom to tell that it will be later.
        stranded: whom no vehicle can carry at any time; they are not in the plan any more.
    """

    plan: Plan
    later: tuple[Later, ...] = ()
    stranded: tuple[str, ...] = ()


def no_show(plan: Plan, request: str) -> Plan:
    """The plan when somebody is not where they were to be picked up: the car was there, and goes on without them.

    Raises:
        DispatchError: no car has come for them, or they were brought already.
    """
    number, vehicle, at = _locked_pickup(plan, request)
    route, state = list(plan.routes[vehicle]), plan.state
    gone = int(state.begin[vehicle, at + 1]) + plan.problem.requests[number].pickup.service
    route.remove(2 * number + 1)
    route.insert(at + 1, 2 * number + 1)
    asked = plan.problem.requests[number]
    # The car was there all the same: two stops on the spot, with nothing on board in between.
    ghost = replace(asked, load={}, dropoff=Stop(asked.pickup.place, gone, gone), ride_limit=FAR)
    locked = plan.locked[vehicle] + 1
    following = replace(
        _with_requests(plan, {number: ghost}),
        routes=_changed(plan.routes, vehicle, tuple(route)),
        locked=_changed(plan.locked, vehicle, locked),
    )
    if _drives(following, vehicle):
        return following
    # A way round was shorter than the straight way: it is still driven, with nobody.
    return _with_requests(plan, {number: replace(asked, load={})})


def break_down(plan: Plan, vehicle: str, at: int, place: int | None = None) -> Replanned:
    """The plan when a car drives no further: others fetch who is on board where it stands, and take the rest.

    Args:
        at: when; the plan has advanced to then.
        place: where it stands; else at the stop it was last at or on its way to.

    Raises:
        DispatchError: no vehicle of that name is in the plan.
    """
    number = _vehicle(plan, vehicle)
    fixed, route, state = plan.locked[number], plan.routes[number], plan.state
    where = int(state.at[number, fixed]) if place is None else place
    begun = [stop for row, stop in enumerate(route[:fixed], start=1) if state.begin[number, row] <= at]
    requests = {}
    lost = []
    for stop in route:
        one = stop // 2
        if stop < 0 or stop % 2 or stop + 1 in begun:
            continue
        asked = plan.problem.requests[one]
        if stop in begun:
            # They ride on from where they stand; how long their whole ride takes is not for a car to say any more.
            asked = replace(
                asked, pickup=Stop(where, at, FAR, asked.pickup.service), ride_limit=FAR, kept=True
            )
        else:
            asked = replace(
                asked, pickup=_not_before(asked.pickup, at), dropoff=_not_before(asked.dropoff, at)
            )
        requests[one] = asked
        lost.append(asked)
    broken = plan.problem.vehicles[number]
    standing = Stop(where, at, at)
    vehicles = _changed(
        plan.problem.vehicles,
        number,
        replace(
            broken,
            start=standing,
            end=standing,
            capacity={},
            skills=frozenset(),
            pauses=(),
            longest=FAR,
            out=False,
        ),
    )
    over = [stop // 2 for stop in begun if stop >= 0 and stop % 2]
    bare = replace(
        plan,
        problem=replace(plan.problem, vehicles=vehicles),
        routes=_changed(plan.routes, number, ()),
        locked=_changed(plan.locked, number, 0),
        leave=_changed(plan.leave, number, -FAR),
    )
    left = _without_requests(bare, {*over, *requests})
    return _settled(left, lost, {asked.id: asked for asked in plan.problem.requests})


def with_times(plan: Plan, times: Ints, costs: Ints | None = None) -> Replanned:
    """The plan on changed ways: a road is closed, or slow.

    Raises:
        DispatchError: the matrix does not fit.
    """
    problem = replace(plan.problem, times=times, costs=costs)
    changed = replace(plan, problem=problem)
    lost: list[int] = []
    for vehicle, route in enumerate(plan.routes):
        if _drives(changed, vehicle):
            continue
        waiting = {stop // 2 for stop in route[plan.locked[vehicle] :] if stop >= 0 and stop % 2 == 0}
        lost += waiting
        rest = tuple(stop for stop in route if stop < 0 or stop // 2 not in waiting)
        changed = replace(changed, routes=_changed(changed.routes, vehicle, rest))
    told = {asked.id: asked for asked in plan.problem.requests}
    for vehicle in range(len(plan.routes)):
        changed = _given_way(changed, vehicle)
    return _settled(_without_requests(changed, set(lost)), [plan.problem.requests[one] for one in lost], told)


def late(plan: Plan, vehicle: str, at: int) -> Replanned:
    """The plan when a car begins at the stop it is driving to, or its last one, at another time than thought.

    Raises:
        DispatchError: no vehicle of that name is in the plan, or it drives nowhere.
    """
    number = _vehicle(plan, vehicle)
    if not plan.locked[number] or plan.routes[number][plan.locked[number] - 1] < 0:
        raise DispatchError("route", f"Vehicle {vehicle} is driving to nobody.")
    stop = plan.routes[number][plan.locked[number] - 1]
    asked = plan.problem.requests[stop // 2]
    if stop % 2:
        asked = replace(asked, dropoff=replace(asked.dropoff, opens=at, closes=at))
        ride = at - _began(plan, number, stop - 1) - asked.pickup.service
        asked = replace(asked, ride_limit=max(asked.ride_limit, ride))
    else:
        asked = replace(asked, pickup=replace(asked.pickup, opens=at, closes=at))
    free = at + (asked.dropoff if stop % 2 else asked.pickup).service
    moved = replace(
        _with_requests(plan, {stop // 2: asked}),
        leave=_changed(plan.leave, number, max(plan.leave[number], free)),
    )
    return with_times(moved, plan.problem.times, plan.problem.costs)


def _settled(plan: Plan, lost: Sequence[Request], told: dict[str, Request]) -> Replanned:
    """Carry those who lost their car: promises first, as told if possible, else as soon as may be."""
    stranded = []
    for asked in sorted(lost, key=lambda one: (not one.kept, one.pickup.closes, one.id)):
        by = _least_delay(plan, asked)
        if by is None or (by and not asked.kept):
            stranded.append(asked.id)
            continue
        wanted = _loosened(asked, by) if by else asked
        found = quote(plan, wanted, 1)
        if isinstance(found, Refusal):
            stranded.append(asked.id)
            continue
        # Told anew is only what is later than told before.
        pickup_by = max(asked.pickup.closes, found[0].picked)
        dropoff_by = max(asked.dropoff.closes, found[0].dropped)
        wanted = replace(
            wanted,
            pickup=replace(wanted.pickup, closes=pickup_by),
            dropoff=replace(wanted.dropoff, closes=dropoff_by),
        )
        plan = accept(plan, wanted, found[0])
    later = []
    for now in plan.problem.requests:
        was = told[now.id]
        fetched_again = now.pickup.place != was.pickup.place
        by = max(
            0 if fetched_again else now.pickup.closes - was.pickup.closes,
            now.dropoff.closes - was.dropoff.closes,
        )
        if by > 0 and now.load:
            later.append(Later(now.id, now.pickup.closes, now.dropoff.closes, by))
    return Replanned(plan, tuple(later), tuple(stranded))


def _least_delay(plan: Plan, request: Request) -> int | None:
    """By how much a request must give way to be carried; None when that is never."""

    def takes(by: int) -> bool:
        return not isinstance(quote(plan, _loosened(request, by), 1), Refusal)

    return 0 if takes(0) else _least(takes)


def _not_before(stop: Stop, at: int) -> Stop:
    return replace(stop, opens=max(stop.opens, min(at, stop.closes)))


def _loosened(request: Request, by: int) -> Request:
    """A request that may be served so much later, and whose ride takes so much longer."""
    return replace(
        request,
        pickup=replace(request.pickup, closes=min(request.pickup.closes + by, FAR)),
        dropoff=replace(request.dropoff, closes=min(request.dropoff.closes + by, FAR)),
        ride_limit=min(request.ride_limit + by, FAR),
    )


def _given_way(plan: Plan, vehicle: int) -> Plan:
    """The plan in which one route can be driven, its limits given way to by as little as does."""
    if _drives(plan, vehicle):
        return plan
    problem, fixed = plan.problem, set(plan.routes[vehicle][: plan.locked[vehicle]])
    numbers = {stop // 2 for stop in plan.routes[vehicle] if stop >= 0}

    def loose(by: int) -> Plan:
        requests = {}
        for number in numbers:
            asked = _loosened(problem.requests[number], by)
            # What is past is past.
            if 2 * number in fixed:
                asked = replace(asked, pickup=problem.requests[number].pickup)
            if 2 * number + 1 in fixed:
                asked = replace(asked, dropoff=problem.requests[number].dropoff)
            requests[number] = asked
        one = problem.vehicles[vehicle]
        # A shift that a closed road makes longer is longer; nobody is put out on the way.
        longer = replace(
            one,
            end=replace(one.end, closes=min(one.end.closes + by, FAR)),
            longest=min(one.longest + by, FAR),
            pauses=tuple(replace(pause, closes=min(pause.closes + by, FAR)) for pause in one.pauses),
        )
        following = _with_requests(plan, requests)
        vehicles = _changed(problem.vehicles, vehicle, longer)
        return replace(following, problem=replace(following.problem, vehicles=vehicles))

    by = _least(lambda amount: _drives(loose(amount), vehicle))
    if by is None:
        raise DispatchError("route", f"Vehicle {problem.vehicles[vehicle].id} can't go on at all.")
    return loose(by)


def _drives(plan: Plan, vehicle: int) -> bool:
    """Whether one route can be driven."""
    numbers = sorted({stop // 2 for stop in plan.routes[vehicle] if stop >= 0})
    place = {number: at for at, number in enumerate(numbers)}
    problem = plan.problem
    alone = Plan(
        Problem(
            tuple(problem.requests[number] for number in numbers),
            (problem.vehicles[vehicle],),
            problem.times,
            problem.costs,
        ),
        (tuple(stop if stop < 0 else 2 * place[stop // 2] + stop % 2 for stop in plan.routes[vehicle]),),
        (plan.locked[vehicle],),
        (plan.leave[vehicle],),
    )
    try:
        _ = alone.state
    except DispatchError:
        return False
    return True


def _least(holds: Callable[[int], bool]) -> int | None:
    """The least amount for which something holds that holds for all greater ones; None when it never does."""
    if not holds(FAR):
        return None
    low, high = 0, 1
    while not holds(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _locked_pickup(plan: Plan, request: str) -> tuple[int, int, int]:
    """The number of a request, its car, and the place of its pickup in the locked part of the route."""
    number = plan.number.get(request, -1)
    for vehicle, route in enumerate(plan.routes):
        past = route[: plan.locked[vehicle]]
        if number >= 0 and 2 * number in past and 2 * number + 1 not in past:
            return number, vehicle, past.index(2 * number)
    raise DispatchError("route", f"No car has come for request {request}, or they were brought.")


def _began(plan: Plan, vehicle: int, stop: int) -> int:
    return int(plan.state.begin[vehicle, plan.routes[vehicle].index(stop) + 1])


def _vehicle(plan: Plan, name: str) -> int:
    for at, one in enumerate(plan.problem.vehicles):
        if one.id == name:
            return at
    raise DispatchError("identifier", f"Vehicle {name} is not in the plan.")


def _changed(values: tuple[T, ...], at: int, value: T) -> tuple[T, ...]:
    return (*values[:at], value, *values[at + 1 :])


def _with_requests(plan: Plan, changed: dict[int, Request]) -> Plan:
    requests = tuple(changed.get(number, asked) for number, asked in enumerate(plan.problem.requests))
    return replace(plan, problem=replace(plan.problem, requests=requests))


def _without_requests(plan: Plan, gone: set[int]) -> Plan:
    """The plan without some requests that are on no route any more."""
    order: dict[int, int] = {}
    for number in range(len(plan.problem.requests)):
        if number not in gone:
            order[number] = len(order)
    return replace(
        plan,
        problem=replace(plan.problem, requests=tuple(plan.problem.requests[number] for number in order)),
        routes=tuple(
            tuple(stop if stop < 0 else 2 * order[stop // 2] + stop % 2 for stop in route)
            for route in plan.routes
        ),
    )
