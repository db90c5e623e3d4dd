"""The cheapest place for a request in a route.

Cheap tests come first: the least and greatest times of the route as it is bound those of the route as it would be. Only
a place that would be the cheapest so far is then tried exactly. What the cheap tests refuse is impossible, and what
they skip is dearer, as long as no way round is shorter than the straight way; shortest ways obey that.

A search asks for the same request and the same route again and again: what was found is kept with the version of the
route it was found for.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from yui.engines.dispatch.chance import chance
from yui.engines.dispatch.compiling import compiled
from yui.engines.dispatch.problem import KEPT, Arrays, Ints
from yui.engines.dispatch.state import Scratch, State, is_driven

NEVER = 4 * KEPT
"""Dearer than leaving anybody out."""
SLACK = 2
"""How far beyond the best so far a route is searched, so that the answer can be used again."""


class Memo(NamedTuple):
    """What is known of inserting each request into each route.

    Attributes:
        version: of the route it is known for.
        cost: of the cheapest place; where ``i`` is -1 only that nothing costs less.
        i: the pickup goes after this place.
        j: the dropoff goes after this place.

    Shape:
        ``(n, m)``.
    """

    version: Ints
    cost: Ints
    i: Ints
    j: Ints


def memo_for(arrays: Arrays) -> Memo:
    """Nothing is known yet."""
    shape = (len(arrays.ride_limit), len(arrays.longest))
    return Memo(
        version=np.full(shape, -1, dtype=np.int64),
        cost=np.zeros(shape, dtype=np.int64),
        i=np.zeros(shape, dtype=np.int64),
        j=np.zeros(shape, dtype=np.int64),
    )


@compiled
def try_at(
    arrays: Arrays, state: State, scratch: Scratch, request: int, vehicle: int, i: int, j: int
) -> bool:
    """Whether the route can be driven with the pickup after place ``i`` and the dropoff after place ``j``.

    The times of the route as it is are where the search for its least times begins: they may be too high where a way
    round is shorter, yet times found from them obey every limit.

    Complexity:
        O(k) rounds of O(k) at worst; two or three rounds as a rule.
    """
    k = state.sizes[vehicle]
    if k + 2 > scratch.route.shape[0]:
        return False
    route, leg, found, where = scratch.route, scratch.leg, scratch.begin, scratch.where
    pickup = arrays.base + 2 * request
    at, here = 0, 0
    for old in range(k):
        stop = state.routes[vehicle, old]
        route[at], found[at], leg[at] = stop, state.begin[vehicle, old], state.leg[vehicle, old]
        where[stop] = at
        at += 1
        if old == i:
            route[at], found[at] = pickup, arrays.opens[pickup]
            where[pickup] = at
            at += 1
        if old == j:
            route[at], found[at] = pickup + 1, arrays.opens[pickup + 1]
            at += 1
    k += 2
    # Ways change after each of the new stops; a pause is taken on the spot.
    here = state.at[vehicle, i]
    for at in range(i + 1, k):
        place = arrays.place[route[at]]
        if place < 0:
            leg[at] = 0
        else:
            leg[at] = arrays.times[here, place]
            here = place
            if at > j + 2:
                break
    locked, leave = state.locked[vehicle], state.leave[vehicle]
    longest = arrays.longest[vehicle]
    first = i + 1
    for _ in range(k + 2):
        if found[0] > arrays.closes[route[0]]:
            return False
        for at in range(max(first, 1), k):
            before = route[at - 1]
            least = found[at - 1] + arrays.service[before]
            if at == locked and least < leave:
                least = leave
            least += leg[at]
            if least > found[at]:
                found[at] = least
            if found[at] > arrays.closes[route[at]]:
                return False
        first = k
        for at in range(k - 1, 0, -1):
            stop = route[at]
            if stop >= arrays.base and stop % 2 == 1:
                least = found[at] - arrays.ride_limit[(stop - arrays.base) // 2] - arrays.service[stop - 1]
                on = where[stop - 1]
                if least > found[on]:
                    if least > arrays.closes[stop - 1]:
                        return False
                    found[on] = least
                    first = min(first, on)
        least = found[k - 1] - longest - arrays.service[route[0]]
        if least > found[0]:
            found[0] = least
            first = 0
        if first == k:
            return True
        first += 1
    return False


@compiled
def next_place(arrays: Arrays, state: State, vehicle: int, i: int) -> int:
    """Where the vehicle goes after place ``i`` of its route, pauses passed over."""
    at = i + 1
    while arrays.place[state.routes[vehicle, at]] < 0:
        at += 1
    return state.at[vehicle, at]


@compiled
def has_room(arrays: Arrays, state: State, request: int, vehicle: int, i: int) -> bool:
    """Whether a request can be on board from place ``i`` on to the next."""
    for kind in range(arrays.capacity.shape[1]):
        if state.load[vehicle, i, kind] + arrays.load[request, kind] > arrays.capacity[vehicle, kind]:
            return False
    return True


@compiled
def best_in_route(
    arrays: Arrays,
    state: State,
    scratch: Scratch,
    request: int,
    vehicle: int,
    bound: int,
    blink: int,
    seed: Ints,
) -> tuple[int, int, int]:
    """The cheapest insertion that costs less than ``bound``: cost, place of the pickup, of the dropoff.

    Args:
        blink: so many of 2**20 places are overlooked, which is what makes a search try others.

    Returns:
        ``(cost, -1, -1)`` when there is none: nothing costs less than ``cost``, which is ``NEVER`` when the route
        cannot take the request at all.

    Complexity:
        O(k**2) cheap tests; few exact ones.
    """
    k = state.sizes[vehicle]
    best, best_i, best_j, dearer = bound, -1, -1, False
    pickup = arrays.base + 2 * request
    dropoff = pickup + 1
    from_place, to_place = arrays.place[pickup], arrays.place[dropoff]
    straight = arrays.times[from_place, to_place]
    if straight > arrays.ride_limit[request] or k + 2 > scratch.route.shape[0]:
        return NEVER, -1, -1
    # A route that carries nobody is not driven: its ways cost nothing so far, the vehicle is yet to be paid.
    driven = is_driven(arrays, state, vehicle)
    fixed = 0 if driven else arrays.vehicle_cost[vehicle]
    for i in range(state.locked[vehicle] - 1, k - 1):
        stop = state.routes[vehicle, i]
        here = state.at[vehicle, i]
        leaves = state.begin[vehicle, i] + arrays.service[stop]
        if i == state.locked[vehicle] - 1:
            leaves = max(leaves, state.leave[vehicle])
        picked = max(arrays.opens[pickup], leaves + arrays.times[here, from_place])
        if picked > arrays.closes[pickup]:
            break
        after = next_place(arrays, state, vehicle, i)
        base_cost = fixed + arrays.costs[here, from_place]
        saved = arrays.costs[here, after] if driven else 0
        detour = base_cost + arrays.costs[from_place, after] - saved
        if detour >= best:
            dearer = True
            continue
        gone = picked + arrays.service[pickup]
        if not has_room(arrays, state, request, vehicle, i) or not fits_before(
            arrays, state, vehicle, i, gone, from_place
        ):
            continue
        # Both stops one after the other.
        dropped = max(arrays.opens[dropoff], gone + straight)
        if dropped <= arrays.closes[dropoff]:
            cost = base_cost + arrays.costs[from_place, to_place] + arrays.costs[to_place, after] - saved
            if cost >= best:
                dearer = True
            elif (
                fits_before(arrays, state, vehicle, i, dropped + arrays.service[dropoff], to_place)
                and (blink == 0 or chance(seed) >= blink)
                and try_at(arrays, state, scratch, request, vehicle, i, i)
            ):
                best, best_i, best_j = cost, i, i
        # The dropoff later: follow the route with the request on board.
        free, place, aboard = gone, from_place, 0
        for j in range(i + 1, k - 1):
            other = state.routes[vehicle, j]
            if arrays.place[other] < 0:
                break
            way = arrays.times[place, state.at[vehicle, j]]
            arrives = max(state.begin[vehicle, j], free + way)
            if arrives > state.last[vehicle, j] or not has_room(arrays, state, request, vehicle, j):
                break
            aboard += way + arrays.service[other]
            if aboard > arrays.ride_limit[request]:
                break
            free, place = arrives + arrays.service[other], state.at[vehicle, j]
            last_way = arrays.times[place, to_place]
            dropped = max(arrays.opens[dropoff], free + last_way)
            if dropped > arrays.closes[dropoff]:
                # The next ones are reached later still.
                if free > arrays.closes[dropoff]:
                    break
                continue
            if aboard + last_way > arrays.ride_limit[request]:
                continue
            then = next_place(arrays, state, vehicle, j)
            cost = (
                detour
                + arrays.costs[place, to_place]
                + arrays.costs[to_place, then]
                - arrays.costs[place, then]
            )
            if cost >= best:
                dearer = True
            elif (
                fits_before(arrays, state, vehicle, j, dropped + arrays.service[dropoff], to_place)
                and (blink == 0 or chance(seed) >= blink)
                and try_at(arrays, state, scratch, request, vehicle, i, j)
            ):
                best, best_i, best_j = cost, i, j
    if best_i < 0 and not dearer:
        return NEVER, -1, -1
    return best, best_i, best_j


@compiled
def fits_before(arrays: Arrays, state: State, vehicle: int, i: int, free: int, place: int) -> bool:
    """Whether a vehicle that is free at a place after its place ``i`` may still reach the next stop in time."""
    following = state.routes[vehicle, i + 1]
    if arrays.place[following] < 0:
        # A pause moves to the new place, from where what follows may be nearer.
        return free <= arrays.closes[following]
    return free + arrays.times[place, state.at[vehicle, i + 1]] <= state.last[vehicle, i + 1]


@compiled
def best_anywhere(
    arrays: Arrays,
    state: State,
    scratch: Scratch,
    memo: Memo,
    touched: npt.NDArray[np.bool_],
    request: int,
    first: int,
    bound: int,
    blink: int,
    seed: Ints,
) -> tuple[int, int, int, int]:
    """The cheapest insertion over all vehicles: cost, vehicle, places; vehicle -1 when there is none.

    Args:
        touched: routes that are likely to be undone; what is found for them is not kept.
        first: of the touched routes this is tried first; a good start saves work on the others.
        blink: so many of 2**20 vehicles are overlooked.
    """
    best, best_vehicle, best_i, best_j = bound, -1, -1, -1
    version, known, at_i, at_j = memo.version[request], memo.cost[request], memo.i[request], memo.j[request]
    fits = arrays.fits[request]
    vehicles = state.sizes.shape[0]
    for vehicle in range(vehicles):
        if touched[vehicle] or not fits[vehicle]:
            continue
        if version[vehicle] != state.version[vehicle] or (known[vehicle] < best and at_i[vehicle] < 0):
            widened = SLACK * best
            known[vehicle], at_i[vehicle], at_j[vehicle] = best_in_route(
                arrays, state, scratch, request, vehicle, widened, 0, seed
            )
            version[vehicle] = state.version[vehicle]
        if at_i[vehicle] >= 0 and known[vehicle] < best and (blink == 0 or chance(seed) >= blink):
            best, best_vehicle, best_i, best_j = known[vehicle], vehicle, at_i[vehicle], at_j[vehicle]
    for turn in range(vehicles):
        vehicle = (first + turn) % vehicles
        if touched[vehicle] and fits[vehicle]:
            cost, i, j = best_in_route(arrays, state, scratch, request, vehicle, best, blink, seed)
            if i >= 0:
                best, best_vehicle, best_i, best_j = cost, vehicle, i, j
    return best, best_vehicle, best_i, best_j
