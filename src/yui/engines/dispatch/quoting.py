"""What can be offered to a request at once, and why nothing can."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from yui.engines.dispatch.chance import seed_of
from yui.engines.dispatch.compiling import compiled
from yui.engines.dispatch.insertion import best_in_route, try_at
from yui.engines.dispatch.plan import Plan
from yui.engines.dispatch.problem import (
    KEPT,
    Arrays,
    DispatchError,
    Ints,
    Request,
    fits,
    loads,
    penalty,
    whole,
)
from yui.engines.dispatch.state import ABSENT, Scratch, State, put_in, refresh, scratch_for, with_room


@dataclass(frozen=True)
class Offer:
    """A place for a request in a plan.

    Attributes:
        vehicle: who would carry it.
        cost: how much more the plan would cost.
        picked: when it would be picked up at the earliest.
        dropped: when it would be dropped off then.
        places: where in the route its stops would go.
    """

    vehicle: str
    cost: int
    picked: int
    dropped: int
    places: tuple[int, int]


class Obstacle(StrEnum):
    """What stands in the way of a request; the later in this list, the nearer it came to being carried."""

    NO_SKILL = "no_skill"
    NO_ROOM = "no_room"
    PICKUP_TOO_LATE = "pickup_too_late"
    DROPOFF_TOO_LATE = "dropoff_too_late"
    RIDE_TOO_LONG = "ride_too_long"
    SHIFT_ENDS = "shift_ends"
    OTHERS_PROMISED = "others_promised"


_ORDER = tuple(Obstacle)


@dataclass(frozen=True)
class Refusal:
    """No vehicle can carry a request.

    Attributes:
        obstacle: what stands in the way where it came nearest.
        by: by how much, in units of time; 0 where time is not what lacks.
        vehicle: the one that came nearest; empty when none was considered.
    """

    obstacle: Obstacle
    by: int = 0
    vehicle: str = ""


def quote(plan: Plan, request: Request, k: int = 3) -> tuple[Offer, ...] | Refusal:
    """The cheapest offers for a request, at most one of each vehicle, the cheapest first; or why there is none.

    The plan stays as it is; ``accept`` makes the next.

    Raises:
        DispatchError: the request is in the plan already, or its stops are none.

    Complexity:
        One pass over the routes, O(sum of k**2) cheap tests; microseconds a vehicle.
    """
    if request.load.keys() - set(plan.kinds):
        return Refusal(Obstacle.NO_ROOM)
    arrays, state = _with(plan, request)
    scratch = scratch_for(arrays, state)
    number = len(plan.problem.requests)
    found = np.zeros((max(k, 1), 6), dtype=np.int64)
    count = best_vehicles(arrays, state, scratch, number, found, seed_of(0))
    offers = [
        Offer(plan.problem.vehicles[vehicle].id, cost, picked, dropped, (i, j))
        for cost, vehicle, i, j, picked, dropped in found[:count].tolist()
    ]
    if offers:
        return tuple(offers)
    stage, by, vehicle = _nearest_miss(arrays, state, number)
    return Refusal(_ORDER[stage], int(by), plan.problem.vehicles[vehicle].id if vehicle >= 0 else "")


def accept(plan: Plan, request: Request, offer: Offer) -> Plan:
    """The plan with a request as offered. Its windows may be narrower than when it was quoted: what was told.

    Raises:
        DispatchError: the offer was made of another plan and no longer fits.
    """
    number = len(plan.problem.requests)
    vehicle = next((at for at, one in enumerate(plan.problem.vehicles) if one.id == offer.vehicle), None)
    i, j = offer.places
    if vehicle is None or not plan.locked[vehicle] <= i <= j <= len(plan.routes[vehicle]):
        raise DispatchError("route", "The offer is not of this plan.")
    arrays, state = _with(plan, request)
    state = with_room(state)
    scratch = scratch_for(arrays, state)
    put_in(arrays, state, number, vehicle, i, j)
    if not arrays.fits[number, vehicle] or not refresh(arrays, state, scratch, vehicle):
        raise DispatchError("route", f"Vehicle {offer.vehicle} can't carry the request as offered any more.")
    old = plan.routes[vehicle]
    route = (*old[:i], 2 * number, *old[i:j], 2 * number + 1, *old[j:])
    accepted = replace(
        plan,
        problem=replace(plan.problem, requests=(*plan.problem.requests, request)),
        routes=tuple(route if at == vehicle else other for at, other in enumerate(plan.routes)),
    )
    # What the cached properties would work out anew.
    known = {**plan.number, request.id: number}
    accepted.__dict__.update(arrays=arrays, state=state, number=known, kinds=plan.kinds)
    return accepted


def without(plan: Plan, request: str) -> Plan:
    """The plan without a request: cancelled, or nobody came. Everybody else keeps what they have.

    Raises:
        DispatchError: it is not in the plan.
    """
    number = next((at for at, one in enumerate(plan.problem.requests) if one.id == request), None)
    if number is None:
        raise DispatchError("identifier", f"Request {request} is not in the plan.")
    problem = replace(
        plan.problem, requests=plan.problem.requests[:number] + plan.problem.requests[number + 1 :]
    )
    routes, locked = [], []
    for route, fixed in zip(plan.routes, plan.locked, strict=True):
        routes.append(
            tuple(stop - 2 * (stop // 2 > number) for stop in route if stop < 0 or stop // 2 != number)
        )
        locked.append(fixed - sum(stop >= 0 and stop // 2 == number for stop in route[:fixed]))
    left = replace(plan, problem=problem, routes=tuple(routes), locked=tuple(locked))
    _ = left.state
    return left


def keep(plan: Plan, request: Request) -> Plan:
    """The plan with one request put in other words: promised, its windows what was told.

    Raises:
        DispatchError: there is no such request, or its route cannot keep to it.
    """
    changed = tuple(request if one.id == request.id else one for one in plan.problem.requests)
    if request not in changed:
        raise DispatchError("identifier", f"Request {request.id} is not in the plan.")
    kept = replace(plan, problem=replace(plan.problem, requests=changed))
    _ = kept.state
    return kept


def _with(plan: Plan, request: Request) -> tuple[Arrays, State]:
    """The arrays and the state of a plan with one request more that nobody carries."""
    arrays, state, problem = plan.arrays, plan.state, plan.problem
    kinds = plan.kinds
    if request.id in plan.number:
        raise DispatchError("identifier", f"Request {request.id} is in the plan already.")
    request.examine(len(problem.times))
    stops = (request.pickup, request.dropoff)
    more = arrays._replace(
        place=np.concatenate((arrays.place, [stop.place for stop in stops])),
        opens=np.concatenate((arrays.opens, [stop.opens for stop in stops])),
        closes=np.concatenate((arrays.closes, [stop.closes for stop in stops])),
        service=np.concatenate((arrays.service, [stop.service for stop in stops])),
        load=np.concatenate((arrays.load, whole([loads(request, kinds)]))),
        ride_limit=np.concatenate((arrays.ride_limit, [request.ride_limit])),
        penalty=np.concatenate((arrays.penalty, [penalty(request)])),
        fits=np.concatenate((arrays.fits, np.array([fits(request, problem.vehicles)], dtype=np.bool_))),
    )
    return more, state._replace(vehicle=np.concatenate((state.vehicle, [ABSENT])))


@compiled
def best_vehicles(
    arrays: Arrays, state: State, scratch: Scratch, request: int, found: Ints, seed: Ints
) -> int:
    """The cheapest insertions, each into another route, into ``found``; how many.

    Shape:
        ``found``: ``(k, 6)``; cost, vehicle, places of pickup and dropoff, and when each begins at the earliest.
    """
    k, count = found.shape[0], 0
    for vehicle in range(state.sizes.shape[0]):
        if not arrays.fits[request, vehicle]:
            continue
        bound = found[k - 1, 0] if count == k else KEPT
        cost, i, j = best_in_route(arrays, state, scratch, request, vehicle, bound, 0, seed)
        if i < 0:
            continue
        at = min(count, k - 1)
        while at > 0 and found[at - 1, 0] > cost:
            for column in range(4):
                found[at, column] = found[at - 1, column]
            at -= 1
        found[at, 0], found[at, 1], found[at, 2], found[at, 3] = cost, vehicle, i, j
        count = min(count + 1, k)
    for row in range(count):
        try_at(arrays, state, scratch, request, found[row, 1], found[row, 2], found[row, 3])
        found[row, 4] = scratch.begin[found[row, 2] + 1]
        found[row, 5] = scratch.begin[found[row, 3] + 2]
    return count


@compiled
def _nearest_miss(arrays: Arrays, state: State, request: int) -> tuple[int, int, int]:
    """How near a request came to being carried: the obstacle's place in the list, by how much, whose."""
    stage, by, whose = 0, 0, -1
    pickup = arrays.base + 2 * request
    dropoff = pickup + 1
    from_place, to_place = arrays.place[pickup], arrays.place[dropoff]
    straight = arrays.times[from_place, to_place]
    over = straight - arrays.ride_limit[request]
    for vehicle in range(state.sizes.shape[0]):
        if not arrays.fits[request, vehicle]:
            continue
        for i in range(state.locked[vehicle] - 1, state.sizes[vehicle] - 1):
            room = True
            for kind in range(arrays.capacity.shape[1]):
                if state.load[vehicle, i, kind] + arrays.load[request, kind] > arrays.capacity[vehicle, kind]:
                    room = False
            leaves = state.begin[vehicle, i] + arrays.service[state.routes[vehicle, i]]
            if i == state.locked[vehicle] - 1:
                leaves = max(leaves, state.leave[vehicle])
            picked = max(arrays.opens[pickup], leaves + arrays.times[state.at[vehicle, i], from_place])
            dropped = max(arrays.opens[dropoff], picked + arrays.service[pickup] + straight)
            if not room:
                here, late = 1, 0
            elif picked > arrays.closes[pickup]:
                here, late = 2, picked - arrays.closes[pickup]
            elif dropped > arrays.closes[dropoff]:
                here, late = 3, dropped - arrays.closes[dropoff]
            elif over > 0:
                here, late = 4, over
            else:
                free = dropped + arrays.service[dropoff]
                late = free + arrays.times[to_place, state.at[vehicle, i + 1]] - state.last[vehicle, i + 1]
                # What comes next is the end of the shift, or somebody else.
                here = 5 if i == state.sizes[vehicle] - 2 else 6
                late = max(late, 1)
            if here > stage or (here == stage and (whose < 0 or late < by)):
                stage, by, whose = here, late, vehicle
    return stage, by, whose
