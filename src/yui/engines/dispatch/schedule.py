"""When a route can be driven: exact, by least and greatest fix points.

The times of a route obey differences only: a stop begins after the one before, its service and the way; not before it
opens; a pickup not so early that the ride becomes too long; the start not so early that the route does. The least times
that obey all of them exist whenever any do, and are found by raising times as long as one is violated: each round goes
along the route once and back over the ride limits once. Times that still rise after one round more than there are stops
rise for ever: a route that can't be driven.
"""

import numpy as np

from yui.engines.dispatch.compiling import compiled
from yui.engines.dispatch.problem import Arrays, Ints


@compiled
def is_request(arrays: Arrays, stop: int) -> bool:
    """Whether a stop is somebody's pickup or dropoff."""
    return stop >= arrays.base


@compiled
def is_dropoff(arrays: Arrays, stop: int) -> bool:
    """Whether somebody gets off here."""
    return stop >= arrays.base and stop % 2 == 1


@compiled
def legs(arrays: Arrays, route: Ints, k: int, leg: Ints, at: Ints) -> None:
    """Travel time to each stop from the one before, and where the vehicle then is; a pause is taken on the spot."""
    at[0] = arrays.place[route[0]]
    leg[0] = 0
    for i in range(1, k):
        place = arrays.place[route[i]]
        if place < 0:
            at[i], leg[i] = at[i - 1], 0
        else:
            at[i], leg[i] = place, arrays.times[at[i - 1], place]


@compiled
def earliest(
    arrays: Arrays,
    route: Ints,
    k: int,
    vehicle: int,
    locked: int,
    leave: int,
    leg: Ints,
    found: Ints,
    where: Ints,
) -> bool:
    """The least times at which service can begin, into ``found``; False when the route can't be driven.

    Args:
        route: its stops, start and end included.
        k: how many.
        locked: stops from the start on that are past or being driven to.
        leave: the last of them is not left before.
        leg: from ``legs``.
        where: by stop, room to note positions.

    Complexity:
        O(k) rounds of O(k) at worst; two or three rounds as a rule.
    """
    for i in range(k):
        where[route[i]] = i
        found[i] = arrays.opens[route[i]]
    longest = arrays.longest[vehicle]
    first = 1
    for _ in range(k + 2):
        if found[0] > arrays.closes[route[0]]:
            return False
        for i in range(first, k):
            least = found[i - 1] + arrays.service[route[i - 1]]
            if i == locked and least < leave:
                least = leave
            least += leg[i]
            if least > found[i]:
                found[i] = least
            if found[i] > arrays.closes[route[i]]:
                return False
        # Whatever is raised on the way back is where the next way along begins.
        first = k
        for i in range(k - 1, 0, -1):
            stop = route[i]
            if is_dropoff(arrays, stop):
                pickup = where[stop - 1]
                least = found[i] - arrays.ride_limit[(stop - arrays.base) // 2] - arrays.service[stop - 1]
                if least > found[pickup]:
                    if least > arrays.closes[stop - 1]:
                        return False
                    found[pickup] = least
                    first = min(first, pickup + 1)
        least = found[k - 1] - longest - arrays.service[route[0]]
        if least > found[0]:
            found[0] = least
            first = 1
        if first == k:
            return True
    return False


@compiled
def latest(arrays: Arrays, route: Ints, k: int, longest: int, leg: Ints, found: Ints, where: Ints) -> None:
    """The greatest times at which service can begin, into ``found``; for a route that can be driven."""
    for i in range(k):
        where[route[i]] = i
        found[i] = arrays.closes[route[i]]
    first = k - 2
    for _ in range(k + 2):
        for i in range(first, -1, -1):
            most = found[i + 1] - leg[i + 1] - arrays.service[route[i]]
            if most < found[i]:
                found[i] = most
        first = -1
        for i in range(1, k):
            stop = route[i]
            if is_dropoff(arrays, stop):
                limit = arrays.ride_limit[(stop - arrays.base) // 2]
                most = found[where[stop - 1]] + arrays.service[stop - 1] + limit
                if most < found[i]:
                    found[i] = most
                    first = i - 1
        most = found[0] + arrays.service[route[0]] + longest
        if most < found[k - 1]:
            found[k - 1] = most
            first = k - 2
        if first < 0:
            return


@compiled
def way_cost(arrays: Arrays, route: Ints, k: int, at: Ints) -> int:
    """What the ways of a route cost."""
    total = 0
    for i in range(1, k):
        if arrays.place[route[i]] >= 0:
            total += arrays.costs[at[i - 1], at[i]]
    return total


@compiled
def carries(arrays: Arrays, route: Ints, k: int, vehicle: int, load: Ints) -> bool:
    """Loads after each stop, into ``load``; False when one is too much, or somebody is on board in a pause."""
    kinds = arrays.capacity.shape[1]
    for kind in range(kinds):
        load[0, kind] = 0
    for i in range(1, k):
        stop = route[i]
        for kind in range(kinds):
            units = load[i - 1, kind]
            if is_request(arrays, stop):
                more = arrays.load[(stop - arrays.base) // 2, kind]
                units += -more if is_dropoff(arrays, stop) else more
            elif arrays.place[stop] < 0 and units > 0:
                return False
            if units > arrays.capacity[vehicle, kind]:
                return False
            load[i, kind] = units
    return True


def empty_routes(arrays: Arrays) -> list[np.ndarray]:
    """The route of each vehicle before anybody rides: start, pauses, end."""
    return [
        np.array(
            [2 * vehicle, *range(arrays.pauses[vehicle], arrays.pauses[vehicle + 1]), 2 * vehicle + 1],
            dtype=np.int64,
        )
        for vehicle in range(len(arrays.longest))
    ]
