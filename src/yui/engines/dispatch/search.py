"""Ruin and recreate: take some requests out, put them back elsewhere, keep what is better or nearly so.

Source:
    Christiaens, Vanden Berghe: Slack induction by string removals for vehicle routing problems, Transportation Science
    54 (2020), for strings, blinks and cooling; Ropke, Pisinger: An adaptive large neighborhood search heuristic for the
    pickup and delivery problem with time windows, Transportation Science 40 (2006), for related and random removal.
"""

import math

import numpy as np
import numpy.typing as npt

from yui.engines.dispatch.chance import below, chance, share
from yui.engines.dispatch.compiling import compiled
from yui.engines.dispatch.insertion import Memo, best_anywhere
from yui.engines.dispatch.problem import DEAREST, FAR, Arrays, Ints
from yui.engines.dispatch.recombining import Pool, note
from yui.engines.dispatch.schedule import is_dropoff, is_request
from yui.engines.dispatch.state import (
    ABSENT,
    Scratch,
    State,
    copy_route,
    put_in,
    refresh,
    same_route,
    take_out,
)

BLINK = 10_486
"""One place of a hundred is overlooked (of 2**20)."""
SEEN_WITHIN = 4.0
"""Routes of plans that cost up to so many times the warmth more are remembered."""
_ROWS = 256
NEAR = 64
"""How many related requests of each are known."""


def related(arrays: Arrays) -> Ints:
    """For each request the others, the most related first: near in place and time.

    Shape:
        ``(n, min(n - 1, NEAR))``.
    """
    n = len(arrays.ride_limit)
    pickups = arrays.base + 2 * np.arange(n)
    if n < 2:
        return np.zeros((n, 0), dtype=np.int64)
    nearest = np.zeros((n, min(n - 1, NEAR)), dtype=np.int64)
    ends = [arrays.place[stops] for stops in (pickups, pickups + 1)]
    middle = [
        (np.maximum(arrays.opens[stops], -FAR) + np.minimum(arrays.closes[stops], FAR)) / 2
        for stops in (pickups, pickups + 1)
    ]
    width = min(float(np.ptp(middle[0]) + np.ptp(middle[1])), float(FAR)) or 1.0
    reach = float(arrays.times.max()) or 1.0
    for first in range(0, n, _ROWS):
        rows = slice(first, min(first + _ROWS, n))
        apart = np.zeros((rows.stop - first, n))
        for places, times in zip(ends, middle, strict=True):
            apart += (
                arrays.times[np.ix_(places[rows], places)] + arrays.times[np.ix_(places, places[rows])].T
            ) / (4 * reach)
            # A half of the weight on when, where windows say anything.
            apart += 0.5 * np.abs(times[rows, None] - times) / width
        apart[np.arange(rows.stop - first), np.arange(first, rows.stop)] = np.inf
        nearest[rows] = np.argsort(apart, axis=1, kind="stable")[:, : nearest.shape[1]]
    return nearest


@compiled
def total_cost(arrays: Arrays, state: State) -> int:
    """Ways, vehicles, and what those left out cost."""
    total = 0
    for vehicle in range(state.cost.shape[0]):
        total += state.cost[vehicle]
    for request in range(state.vehicle.shape[0]):
        if state.vehicle[request] == ABSENT:
            total += arrays.penalty[request]
    return total


@compiled
def is_fixed(arrays: Arrays, state: State, request: int) -> bool:
    """Whether a request is on the locked part of its route."""
    vehicle = state.vehicle[request]
    pickup = arrays.base + 2 * request
    for i in range(state.locked[vehicle]):  # noqa: SIM110 - compiled code knows no any()
        if state.routes[vehicle, i] == pickup:
            return True
    return False


@compiled
def _mark(arrays: Arrays, state: State, request: int, out: Ints, count: int) -> int:
    """Note a request to be taken out, once; how many there are now."""
    if state.vehicle[request] == ABSENT or is_fixed(arrays, state, request):
        return count
    for n in range(count):
        if out[n] == request:
            return count
    out[count] = request
    return count + 1


@compiled
def _ruin(arrays: Arrays, state: State, near: Ints, seed: Ints, most: int, out: Ints) -> int:
    """Choose requests to take out, into ``out``; how many."""
    n, m = state.vehicle.shape[0], state.sizes.shape[0]
    wanted = 1 + below(seed, most)
    way = below(seed, 100)
    first = below(seed, n)
    count = 0
    if way < 8:
        for _ in range(wanted):
            count = _mark(arrays, state, below(seed, n), out, count)
        return count
    if way < 16:
        # A whole route, so that a vehicle may become free, and what is near it.
        vehicle = below(seed, m)
        for i in range(state.sizes[vehicle]):
            stop = state.routes[vehicle, i]
            if is_request(arrays, stop) and not is_dropoff(arrays, stop) and count < out.shape[0] - 1:
                count = _mark(arrays, state, (stop - arrays.base) // 2, out, count)
        if count > 0:
            first = out[below(seed, count)]
        wanted = min(count + 1 + below(seed, 4), out.shape[0])
        for place in range(near.shape[1]):
            if count >= wanted:
                break
            count = _mark(arrays, state, near[first, place], out, count)
        return count
    if way < 45:
        # Related ones, now and then one passed over.
        count = _mark(arrays, state, first, out, count)
        for place in range(near.shape[1]):
            if count >= wanted:
                break
            if chance(seed) >= 262_144:
                count = _mark(arrays, state, near[first, place], out, count)
        return count
    # Strings: a stretch of each of some neighbouring routes.
    routes = 1 + below(seed, 3)
    seen = 0
    for place in range(-1, near.shape[1]):
        request = first if place < 0 else near[first, place]
        vehicle = state.vehicle[request]
        if vehicle == ABSENT:
            continue
        fresh = True
        for number in range(count):
            if state.vehicle[out[number]] == vehicle:
                fresh = False
        if not fresh:
            continue
        k = state.sizes[vehicle]
        length = 1 + below(seed, max(1, min(k - 2, 2 * most // routes)))
        at = 0
        while at < k and state.routes[vehicle, at] != arrays.base + 2 * request:
            at += 1
        begin = max(1, at - below(seed, length))
        for i in range(begin, min(begin + length, k - 1)):
            stop = state.routes[vehicle, i]
            if is_request(arrays, stop) and count < out.shape[0]:
                count = _mark(arrays, state, (stop - arrays.base) // 2, out, count)
        seen += 1
        if seen >= routes:
            break
    return count


@compiled
def _order(arrays: Arrays, absent: Ints, count: int, seed: Ints, key: npt.NDArray[np.float64]) -> None:
    """In which order those taken out are put back: by chance, or the hardest first by one of several measures."""
    way = below(seed, 8)
    for n in range(count):
        request = absent[n]
        pickup = arrays.base + 2 * request
        if way < 3:
            key[n] = share(seed)
        elif way == 3:
            key[n] = -arrays.times[arrays.place[pickup], arrays.place[pickup + 1]]
        elif way == 4:
            key[n] = arrays.closes[pickup] - arrays.opens[pickup]
        elif way == 5:
            key[n] = arrays.closes[pickup]
        elif way == 6:
            key[n] = -arrays.opens[pickup + 1]
        else:
            key[n] = -arrays.load[request, 0]
        # Those whose absence costs most go first.
        if arrays.penalty[request] > DEAREST:
            key[n] -= float(FAR)
    for n in range(1, count):
        request, mine, at = absent[n], key[n], n - 1
        while at >= 0 and key[at] > mine:
            absent[at + 1], key[at + 1] = absent[at], key[at]
            at -= 1
        absent[at + 1], key[at + 1] = request, mine


@compiled
def improve_rounds(
    arrays: Arrays,
    current: State,
    trial: State,
    best: State,
    scratch: Scratch,
    memo: Memo,
    pool: Pool,
    near: Ints,
    seed: Ints,
    rounds: int,
    warmth: float,
    most: int,
    costs: Ints,
) -> int:
    """So many rounds of ruin and recreate at one warmth.

    Args:
        current: where the search stands; ``trial`` is equal to it before and after.
        best: the best it has seen.
        memo: what is known of insertions into routes as they stand.
        pool: where routes of good plans are noted.
        near: from ``related``.
        seed: of chance; drawing changes it.
        warmth: a plan that costs more by this times -ln(chance) is still gone on with.
        most: requests taken out at once, about.
        costs: of ``current`` and of ``best``; kept up to date.

    Returns:
        How many rounds changed the current plan.
    """
    n, m = current.vehicle.shape[0], current.sizes.shape[0]
    out, absent, key, touched = scratch.taken, scratch.absent, scratch.keys, scratch.touched
    changed = 0
    if n == 0:
        return 0
    for _ in range(rounds):
        count = _ruin(arrays, trial, near, seed, most, out)
        touched[:] = False
        lost = 0
        for request in range(n):
            if trial.vehicle[request] == ABSENT:
                absent[lost] = request
                lost += 1
        # Of a long list of those nobody can carry only some are tried again.
        if lost > most:
            for at in range(most):
                other = at + below(seed, lost - at)
                absent[at], absent[other] = absent[other], absent[at]
            lost = most
        for number in range(count):
            vehicle = take_out(arrays, trial, out[number])
            touched[vehicle] = True
            absent[lost] = out[number]
            lost += 1
        whole = True
        for vehicle in range(m):
            if touched[vehicle] and not refresh(arrays, trial, scratch, vehicle):
                whole = False
        if whole and lost > 0:
            _order(arrays, absent, lost, seed, key)
            for number in range(lost):
                request = absent[number]
                home = max(current.vehicle[request], 0)
                cost, vehicle, i, j = best_anywhere(
                    arrays, trial, scratch, memo, touched, request, home, arrays.penalty[request], BLINK, seed
                )
                if vehicle >= 0:
                    put_in(arrays, trial, request, vehicle, i, j)
                    touched[vehicle] = True
                    if not refresh(arrays, trial, scratch, vehicle):
                        whole = False
                        break
        cost = total_cost(arrays, trial) if whole else 0
        if whole and cost < costs[0] + SEEN_WITHIN * warmth:
            for vehicle in range(m):
                if touched[vehicle]:
                    note(arrays, pool, trial, vehicle)
        if whole and cost < costs[0] + warmth * -math.log(max(share(seed), 1e-12)):
            if cost != costs[0]:
                changed += 1
            for vehicle in range(m):
                # A route put together again as it was keeps its version, and what is known of it.
                if touched[vehicle] and same_route(current, trial, vehicle):
                    trial.version[vehicle] = current.version[vehicle]
                    touched[vehicle] = False
            _take_over(arrays, trial, current, touched)
            costs[0] = cost
            if cost < costs[1]:
                costs[1] = cost
                for vehicle in range(m):
                    touched[vehicle] = True
                _take_over(arrays, trial, best, touched)
        else:
            _take_over(arrays, current, trial, touched)
    return changed


@compiled
def _take_over(arrays: Arrays, source: State, target: State, touched: npt.NDArray[np.bool_]) -> None:
    """Make the touched routes of a state those of another, and who is carried by whom."""
    for vehicle in range(touched.shape[0]):
        if touched[vehicle]:
            copy_route(arrays, source, target, vehicle)
    for request in range(source.vehicle.shape[0]):
        target.vehicle[request] = source.vehicle[request]
