"""Routes under work: the stops of every vehicle with their times, loads and costs, kept up to date."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from yui.engines.dispatch.compiling import compiled
from yui.engines.dispatch.problem import FAR, Arrays, Ints
from yui.engines.dispatch.schedule import (
    carries,
    earliest,
    empty_routes,
    is_dropoff,
    is_request,
    latest,
    legs,
    way_cost,
)

ABSENT = -1
WIDEST = 512
"""Stops of one route at most."""
SPARE = 16
"""Places of a route that are free for requests yet to come."""


class State(NamedTuple):
    """All routes.

    Attributes:
        routes: stops in their order.
        sizes: how many.
        begin: the least times of service.
        last: the greatest.
        leg: travel to each stop from the one before.
        at: where the vehicle is after each stop.
        load: on board after each stop.
        cost: of the ways, and of using the vehicle.
        locked: stops of each route, from its start on, that stay as they are.
        leave: the last of them is not left before.
        version: of each route; equal versions are equal routes.
        vehicle: of each request; ``ABSENT`` when nobody carries it.

    Shape:
        By vehicle and place in its route ``(m, width)``; ``load`` ``(m, width, kinds)``.
    """

    routes: Ints
    sizes: Ints
    begin: Ints
    last: Ints
    leg: Ints
    at: Ints
    load: Ints
    cost: Ints
    locked: Ints
    leave: Ints
    version: Ints
    vehicle: Ints


class Scratch(NamedTuple):
    """Room for trying a route, and the number of the latest version of any."""

    where: Ints
    route: Ints
    begin: Ints
    leg: Ints
    at: Ints
    load: Ints
    versions: Ints
    taken: Ints
    absent: Ints
    keys: npt.NDArray[np.float64]
    touched: npt.NDArray[np.bool_]


def empty_state(arrays: Arrays) -> State:
    """Nobody rides yet."""
    m, n = len(arrays.longest), len(arrays.ride_limit)
    starts = empty_routes(arrays)
    # One request more can be tried.
    width = min(2 * (n + 1) + max((len(route) for route in starts), default=2), WIDEST)
    by_place = [np.zeros((m, width), dtype=np.int64) for _ in range(5)]
    state = State(
        routes=by_place[0],
        sizes=np.array([len(route) for route in starts], dtype=np.int64),
        begin=by_place[1],
        last=by_place[2],
        leg=by_place[3],
        at=by_place[4],
        load=np.zeros((m, width, arrays.capacity.shape[1]), dtype=np.int64),
        cost=np.zeros(m, dtype=np.int64),
        locked=np.ones(m, dtype=np.int64),
        leave=np.full(m, -FAR, dtype=np.int64),
        version=np.zeros(m, dtype=np.int64),
        vehicle=np.full(n, ABSENT, dtype=np.int64),
    )
    for vehicle, route in enumerate(starts):
        state.routes[vehicle, : len(route)] = route
    return state


def with_room(state: State) -> State:
    """A copy in which every route has room for one more request."""
    width = state.routes.shape[1]
    longer = int(state.sizes.max(initial=0)) + 4 - width
    more = min(SPARE, WIDEST - width) if longer > 0 else 0
    wide = []
    for array in (state.routes, state.begin, state.last, state.leg, state.at, state.load):
        roomy = np.zeros((len(array), width + more, *array.shape[2:]), dtype=np.int64)
        roomy[:, :width] = array
        wide.append(roomy)
    routes, begin, last, leg, at, load = wide
    return State(
        routes=routes,
        sizes=state.sizes.copy(),
        begin=begin,
        last=last,
        leg=leg,
        at=at,
        load=load,
        cost=state.cost.copy(),
        locked=state.locked.copy(),
        leave=state.leave.copy(),
        version=state.version.copy(),
        vehicle=state.vehicle.copy(),
    )


def scratch_for(arrays: Arrays, state: State) -> Scratch:
    """Room that fits a state."""
    width = state.routes.shape[1]
    rows = [np.zeros(width, dtype=np.int64) for _ in range(4)]
    return Scratch(
        where=np.zeros(len(arrays.place), dtype=np.int64),
        route=rows[0],
        begin=rows[1],
        leg=rows[2],
        at=rows[3],
        load=np.zeros((width, arrays.capacity.shape[1]), dtype=np.int64),
        versions=np.array([state.version.max(initial=0)], dtype=np.int64),
        taken=np.zeros(len(state.vehicle), dtype=np.int64),
        absent=np.zeros(len(state.vehicle), dtype=np.int64),
        keys=np.zeros(len(state.vehicle)),
        touched=np.zeros(len(state.sizes), dtype=np.bool_),
    )


@compiled
def refresh(arrays: Arrays, state: State, scratch: Scratch, vehicle: int) -> bool:
    """Work a route out anew; False when it can't be driven (its rows are then of no use)."""
    k = state.sizes[vehicle]
    scratch.versions[0] += 1
    state.version[vehicle] = scratch.versions[0]
    route = state.routes[vehicle]
    legs(arrays, route, k, state.leg[vehicle], state.at[vehicle])
    if not carries(arrays, route, k, vehicle, state.load[vehicle]):
        return False
    locked, leave = state.locked[vehicle], state.leave[vehicle]
    begin = state.begin[vehicle]
    if not earliest(arrays, route, k, vehicle, locked, leave, state.leg[vehicle], begin, scratch.where):
        return False
    latest(arrays, route, k, arrays.longest[vehicle], state.leg[vehicle], state.last[vehicle], scratch.where)
    state.cost[vehicle] = way_cost(arrays, route, k, state.at[vehicle])
    if is_driven(arrays, state, vehicle):
        state.cost[vehicle] += arrays.vehicle_cost[vehicle]
    else:
        state.cost[vehicle] = 0
    return True


@compiled
def is_driven(arrays: Arrays, state: State, vehicle: int) -> bool:
    """Whether a vehicle drives: one that carries nobody does not set out, but comes home when it has."""
    if arrays.out[vehicle] or state.locked[vehicle] > 1:
        return True
    for i in range(state.sizes[vehicle]):  # noqa: SIM110 - compiled code knows no any()
        if is_request(arrays, state.routes[vehicle, i]):
            return True
    return False


@compiled
def take_out(arrays: Arrays, state: State, request: int) -> int:
    """Remove a request's stops; its vehicle, to be refreshed."""
    vehicle = state.vehicle[request]
    route, k, kept = state.routes[vehicle], state.sizes[vehicle], 0
    pickup = arrays.base + 2 * request
    for i in range(k):
        if route[i] != pickup and route[i] != pickup + 1:
            route[kept] = route[i]
            kept += 1
    state.sizes[vehicle] = kept
    state.vehicle[request] = ABSENT
    return vehicle


@compiled
def put_in(arrays: Arrays, state: State, request: int, vehicle: int, i: int, j: int) -> None:
    """Insert the pickup after place ``i`` and the dropoff after place ``j`` of the route as it was."""
    route, k = state.routes[vehicle], state.sizes[vehicle]
    pickup = arrays.base + 2 * request
    for at in range(k - 1, j, -1):
        route[at + 2] = route[at]
    route[j + 2] = pickup + 1
    for at in range(j, i, -1):
        route[at + 1] = route[at]
    route[i + 1] = pickup
    state.sizes[vehicle] = k + 2
    state.vehicle[request] = vehicle


@compiled
def copy_route(arrays: Arrays, source: State, target: State, vehicle: int) -> None:
    """Make one route of a state that of another; the requests on it are noted, those it lost are not."""
    k = source.sizes[vehicle]
    target.sizes[vehicle] = k
    target.cost[vehicle] = source.cost[vehicle]
    target.locked[vehicle] = source.locked[vehicle]
    target.leave[vehicle] = source.leave[vehicle]
    target.version[vehicle] = source.version[vehicle]
    for i in range(k):
        stop = source.routes[vehicle, i]
        target.routes[vehicle, i] = stop
        target.begin[vehicle, i] = source.begin[vehicle, i]
        target.last[vehicle, i] = source.last[vehicle, i]
        target.leg[vehicle, i] = source.leg[vehicle, i]
        target.at[vehicle, i] = source.at[vehicle, i]
        for kind in range(source.load.shape[2]):
            target.load[vehicle, i, kind] = source.load[vehicle, i, kind]
        if is_request(arrays, stop) and not is_dropoff(arrays, stop):
            target.vehicle[(stop - arrays.base) // 2] = vehicle


@compiled
def same_route(one: State, other: State, vehicle: int) -> bool:
    """Whether a vehicle makes the same stops in the same order."""
    if one.sizes[vehicle] != other.sizes[vehicle]:
        return False
    for i in range(one.sizes[vehicle]):  # noqa: SIM110 - compiled code knows no all()
        if one.routes[vehicle, i] != other.routes[vehicle, i]:
            return False
    return True
