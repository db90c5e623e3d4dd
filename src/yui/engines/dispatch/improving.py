"""Making a plan better: a search that can be stopped at any moment."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from yui.engines.dispatch.chance import seed_of
from yui.engines.dispatch.insertion import memo_for
from yui.engines.dispatch.plan import Plan, as_routes, lay
from yui.engines.dispatch.problem import KEPT, LOST, Arrays, DispatchError, Request, whole
from yui.engines.dispatch.recombining import Pool, best_choice, pool_for
from yui.engines.dispatch.search import improve_rounds, related, total_cost
from yui.engines.dispatch.state import ABSENT, Scratch, State, copy_route, refresh, scratch_for

Progress = Callable[[], float]
"""How much of the time for a search is over: from 0 to 1, at which it ends. Called every few milliseconds."""
WARM = 0.3
"""Warmth at the beginning of a search from nothing, as a share of the mean way between two places."""
_COOLED = 0.1
_BURST = 20
_RECOMBINE_AT = (0.6, 0.8, 0.93)


def improve(
    plan: Plan,
    progress: Progress,
    seed: int = 1,
    *,
    warmth: float = WARM,
    recombine: bool = True,
) -> Plan:
    """A plan that costs no more: every promise kept, what is locked left alone, as good as the time allows.

    Args:
        progress: says when to stop; with one that counts its calls, the same seed gives the same plan everywhere.
        seed: of chance.
        warmth: how much dearer plans are gone on with at first, as a share of the mean way between two places. Less
            suits a plan that is good already, and a short time.
        recombine: now and then put the best plan together from all routes seen, which takes a second on large
            problems, during which ``progress`` is not asked.
    """
    arrays, start = kept(plan), plan.state
    if not len(arrays.ride_limit):
        return plan
    current, trial, best = (_copy(start) for _ in range(3))
    work = _Search(arrays, current, trial, best, scratch_for(arrays, start))
    before = int(work.costs[1])
    found = work.run(progress, seed, warmth, recombine=recombine)
    return replace(plan, routes=as_routes(arrays, found)) if work.costs[1] < before else plan


def make_room(plan: Plan, request: Request, progress: Progress, seed: int = 1) -> Plan | None:
    """The plan with a request that no quote could place: others are moved about, within what they were told.

    Ends as soon as there is room. For one that is ``kept``, others that are not may be left out.

    Returns:
        None when none was found in time. The promises of others stay as they are either way.

    Raises:
        DispatchError: the request is in the plan already, or not sound.
    """
    if request.id in plan.number:
        raise DispatchError("identifier", f"Request {request.id} is in the plan already.")
    if request.load.keys() - set(plan.kinds):
        return None
    asked = replace(plan, problem=replace(plan.problem, requests=(*plan.problem.requests, request)))
    arrays, start = kept(asked), asked.state
    current, trial, best = (_copy(start) for _ in range(3))
    work = _Search(arrays, current, trial, best, scratch_for(arrays, start))
    found = work.run(progress, seed, WARM, recombine=False, until=len(plan.problem.requests))
    if found.vehicle[-1] == ABSENT:
        return None
    return replace(asked, routes=as_routes(arrays, found))


class _Search:
    """A search under way."""

    def __init__(self, arrays: Arrays, current: State, trial: State, best: State, scratch: Scratch) -> None:
        self.arrays, self.current, self.trial, self.best, self.scratch = arrays, current, trial, best, scratch
        self.costs = np.full(2, total_cost(arrays, current), dtype=np.int64)
        self.memo = memo_for(arrays)

    def run(self, progress: Progress, seed: int, warm: float, *, recombine: bool, until: int = -1) -> State:
        arrays, chances = self.arrays, seed_of(seed)
        near = related(arrays)
        n = len(arrays.ride_limit)
        most = max(4, min(16, n // 4))
        mean = float(arrays.costs.mean())
        marks = list(_RECOMBINE_AT) if recombine and (self.best.locked == 1).all() else []
        pool = pool_for(arrays) if marks else pool_for(arrays, 1)
        while (over := progress()) < 1 and (until < 0 or self.best.vehicle[until] == ABSENT):
            warmth = mean * warm * _COOLED**over
            improve_rounds(
                arrays,
                self.current,
                self.trial,
                self.best,
                self.scratch,
                self.memo,
                pool,
                near,
                chances,
                _BURST,
                warmth,
                most,
                self.costs,
            )
            if marks and over >= marks[0]:
                marks.pop(0)
                self._recombine(pool)
        return self.best

    def _recombine(self, pool: Pool) -> None:
        """Go on from the best choice of routes seen, where it is better than the best plan."""
        dealt = best_choice(self.arrays, pool, int(self.costs[1]))
        if dealt is None:
            return
        arrays = self.arrays
        for state in (self.current, self.trial):
            state.vehicle[:] = ABSENT
            for vehicle, route in enumerate(dealt):
                stops = [int(stop) - arrays.base if stop >= arrays.base else -1 for stop in route]
                pauses = int(arrays.pauses[vehicle + 1] - arrays.pauses[vehicle])
                lay(arrays, state, vehicle, stops or [-1] * pauses)
                refresh(arrays, state, self.scratch, vehicle)
        self.costs[0] = total_cost(arrays, self.current)
        if self.costs[0] < self.costs[1]:
            self.costs[1] = self.costs[0]
            for vehicle in range(len(dealt)):
                copy_route(arrays, self.current, self.best, vehicle)
            self.best.vehicle[:] = self.current.vehicle


def _copy(state: State) -> State:
    return State(*(array.copy() for array in state))


def rounds(count: int) -> Progress:
    """A measure of progress that counts: so many bursts of a search, the same on every machine."""
    done = -1

    def over() -> float:
        nonlocal done
        done += 1
        return done / count

    return over


def kept(plan: Plan) -> Arrays:
    """The arrays of a plan in which dropping a promise outweighs everything else.

    A promise that is not carried now is worth more than any request, and less than a promise that is: none is dropped
    for it.
    """
    arrays, requests = plan.arrays, plan.problem.requests
    carried = plan.state.vehicle != ABSENT
    penalty = [
        (KEPT if here else LOST) if one.kept else one.penalty
        for one, here in zip(requests, carried.tolist(), strict=True)
    ]
    return arrays._replace(penalty=whole(penalty))
