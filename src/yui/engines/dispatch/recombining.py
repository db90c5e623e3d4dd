"""The best plan that can be put together from routes that were seen on the way (set partitioning)."""

from typing import NamedTuple

import numpy as np

from yui.engines.dispatch.compiling import compiled
from yui.engines.dispatch.problem import Arrays, Ints
from yui.engines.dispatch.state import State

SLOTS = 1 << 14
"""Routes that are remembered at most, if nothing else is said; a newer one takes the place of an older one."""
LONGEST = 128
"""Stops of a route that is remembered at most."""
NODES = 20
"""Branches in the search for the best choice: a bound that, unlike time, is the same on every machine."""
WORTH = 1_000
"""Routes among which the choice is made whole."""
_PROBES = 4


class Pool(NamedTuple):
    """Routes that were seen, each set of requests once for each kind of vehicle, by the cheapest way to serve it.

    Attributes:
        mark: of each request, by chance; a set's is their sum.
        kind: of each vehicle; those of one kind differ in nothing.
        key: of the set in a slot; 0 when it is free.
        cost: of the route.
        driver: the kind of vehicle it is for.
        size: how many stops, start and end left out.
        stops: what they are.

    Shape:
        ``mark`` ``(n,)``; ``kind`` ``(m,)``; ``stops`` ``(slots, width)``; the others ``(slots,)``.
    """

    mark: Ints
    kind: Ints
    key: Ints
    cost: Ints
    driver: Ints
    size: Ints
    stops: Ints


def pool_for(arrays: Arrays, slots: int = SLOTS) -> Pool:
    """Nothing has been seen yet."""
    kinds: dict[tuple[object, ...], int] = {}
    kind_of = [kinds.setdefault(_what_counts(arrays, v), len(kinds)) for v in range(len(arrays.longest))]
    chances = np.random.Generator(np.random.PCG64(1))
    n = len(arrays.ride_limit)
    width = min(LONGEST, 2 * n + int(np.diff(arrays.pauses).max(initial=0)))
    return Pool(
        mark=chances.integers(1, 1 << 50, n, dtype=np.int64),
        kind=np.array(kind_of, dtype=np.int64),
        key=np.zeros(slots, dtype=np.int64),
        cost=np.zeros(slots, dtype=np.int64),
        driver=np.zeros(slots, dtype=np.int64),
        size=np.zeros(slots, dtype=np.int64),
        stops=np.zeros((slots, width), dtype=np.int64),
    )


@compiled
def note(arrays: Arrays, pool: Pool, state: State, vehicle: int) -> None:
    """Remember a route."""
    size = state.sizes[vehicle] - 2
    if size > pool.stops.shape[1] or state.locked[vehicle] > 1:
        return
    key = 0
    for i in range(1, size + 1):
        stop = state.routes[vehicle, i]
        if stop >= arrays.base and stop % 2 == 0:
            key += pool.mark[(stop - arrays.base) // 2]
    if key == 0:
        return
    key += pool.kind[vehicle] << 58
    slots = pool.key.shape[0]
    slot = key % slots
    cost = state.cost[vehicle]
    for probe in range(_PROBES):
        other = (slot + probe) % slots
        if pool.key[other] == key:
            if pool.cost[other] <= cost:
                return
            slot = other
            break
        if pool.key[other] == 0:
            slot = other
            break
    pool.key[slot], pool.cost[slot], pool.driver[slot], pool.size[slot] = key, cost, pool.kind[vehicle], size
    for i in range(size):
        pool.stops[slot, i] = state.routes[vehicle, i + 1]


def best_choice(arrays: Arrays, pool: Pool, bound: int) -> list[Ints] | None:
    """For each vehicle the stops of the cheapest plan of routes seen; none for one that stays.

    Args:
        bound: what the best known plan costs.

    Returns:
        None when no cheaper plan was found.
    """
    # Half of the engine's start would be spent on these, which only a long search needs.
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp
    from scipy.sparse import csc_array

    n = len(arrays.ride_limit)
    slots = np.flatnonzero(pool.key)
    if not len(slots):
        return None
    whole = pool.cost[slots].tolist() + arrays.penalty.tolist()
    # Costs are brought near to one, where the solver's tolerances mean what they say.
    unit = max(float(np.median(pool.cost[slots])) / 100, 1.0)
    costs = np.minimum(np.array(whole, dtype=np.float64) / unit, 1e7)
    stops = pool.stops[slots]
    pickups = (stops >= arrays.base) & (stops % 2 == 0) & (np.arange(stops.shape[1]) < pool.size[slots, None])
    columns, places = np.nonzero(pickups)
    rows = (stops[columns, places] - arrays.base) // 2
    rows = np.concatenate([rows, n + pool.driver[slots], np.arange(n)])
    columns = np.concatenate([columns, np.arange(len(slots)), np.arange(len(slots), len(slots) + n)])
    kinds = int(pool.kind.max()) + 1
    matrix = csc_array((np.ones(len(rows)), (rows, columns)), shape=(n + kinds, len(costs)))
    vehicles = np.bincount(pool.kind, minlength=kinds).astype(np.float64)
    relaxed = linprog(costs, A_ub=matrix[n:], b_ub=vehicles, A_eq=matrix[:n], b_eq=np.ones(n))
    if relaxed.x is None or (room := bound / unit - relaxed.fun) < 1e-6:
        return None
    # A route whose reduced cost alone exceeds what there is to win is in no cheaper plan.
    reduced = costs - matrix.T @ np.append(relaxed.eqlin.marginals, relaxed.ineqlin.marginals)
    worth = np.flatnonzero(reduced < room)
    worth = worth[np.argsort(reduced[worth], kind="stable")[:WORTH]]
    found = milp(
        costs[worth],
        constraints=LinearConstraint(
            matrix[:, worth], np.append(np.ones(n), np.zeros(kinds)), np.append(np.ones(n), vehicles)
        ),
        integrality=np.ones(len(worth)),
        bounds=Bounds(0, 1),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    picked = worth[found.x > 0.5].tolist()
    if sum(whole[at] for at in picked) >= bound:
        return None
    return _deal(pool, [int(slots[at]) for at in picked if at < len(slots)])


def _deal(pool: Pool, slots: list[int]) -> list[Ints]:
    """Routes to vehicles of their kind."""
    free: dict[int, list[int]] = {}
    for vehicle in reversed(range(len(pool.kind))):
        free.setdefault(int(pool.kind[vehicle]), []).append(vehicle)
    dealt = [np.zeros(0, dtype=np.int64) for _ in pool.kind]
    for slot in slots:
        dealt[free[int(pool.driver[slot])].pop()] = pool.stops[slot, : pool.size[slot]].copy()
    return dealt


def _what_counts(arrays: Arrays, vehicle: int) -> tuple[object, ...]:
    ends = [2 * vehicle, 2 * vehicle + 1]
    own = [*ends, *range(arrays.pauses[vehicle], arrays.pauses[vehicle + 1])]
    return (
        *(
            tuple(values[own].tolist())
            for values in (arrays.place, arrays.opens, arrays.closes, arrays.service)
        ),
        tuple(arrays.capacity[vehicle].tolist()),
        int(arrays.longest[vehicle]),
        int(arrays.vehicle_cost[vehicle]),
        arrays.fits[:, vehicle].tobytes(),
    )
