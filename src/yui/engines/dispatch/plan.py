"""Plans as values: who is carried by whom in which order; a change is another plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from yui.engines.dispatch.problem import (
    FAR,
    Arrays,
    DispatchError,
    Problem,
    arrays_of,
    kinds_of,
)
from yui.engines.dispatch.search import total_cost
from yui.engines.dispatch.state import ABSENT, State, empty_state, refresh, scratch_for


class Visit(NamedTuple):
    """One stop of a route.

    Attributes:
        request: whose; empty for a pause.
        dropoff: whether they get off.
        begins: when service begins at the earliest.
        closes: by when it must begin, everything after it considered.
    """

    request: str
    dropoff: bool
    place: int
    begins: int
    closes: int


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan for a problem.

    Attributes:
        routes: for each vehicle the stops between its start and its end: twice the place of the request in the
            problem, plus one for its dropoff; pauses as -1.
        locked: how many of them are past or being driven to, and stay as they are.
        leave: the last locked stop (or the start) is not left before.
    """

    problem: Problem
    routes: tuple[tuple[int, ...], ...]
    locked: tuple[int, ...]
    leave: tuple[int, ...]

    @cached_property
    def arrays(self) -> Arrays:
        """The problem as the compiled code reads it."""
        return arrays_of(self.problem)

    @cached_property
    def state(self) -> State:
        """The routes with their times.

        Raises:
            DispatchError: a route can't be driven, or carries somebody twice or in part.
        """
        return _state_of(self.problem, self.arrays, self.routes, self.locked, self.leave)

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The place of each request in the problem."""
        return {request.id: at for at, request in enumerate(self.problem.requests)}

    @cached_property
    def kinds(self) -> list[str]:
        """Every kind of capacity that somebody takes or has."""
        return kinds_of(self.problem)

    @cached_property
    def cost(self) -> int:
        """Ways, vehicles used, and what those left out cost."""
        return int(total_cost(self.arrays, self.state))

    @property
    def left_out(self) -> tuple[str, ...]:
        """Requests that nobody carries."""
        absent = np.flatnonzero(self.state.vehicle == ABSENT)
        return tuple(self.problem.requests[request].id for request in absent)

    def visits(self) -> dict[str, tuple[Visit, ...]]:
        """The route of each vehicle with its times."""
        state, arrays, found = self.state, self.arrays, {}
        for number, vehicle in enumerate(self.problem.vehicles):
            rows = range(1, int(state.sizes[number]) - 1)
            found[vehicle.id] = tuple(
                Visit(
                    request=self.problem.requests[(stop - arrays.base) // 2].id
                    if stop >= arrays.base
                    else "",
                    dropoff=stop >= arrays.base and stop % 2 == 1,
                    place=int(state.at[number, row]),
                    begins=int(state.begin[number, row]),
                    closes=int(state.last[number, row]),
                )
                for row in rows
                for stop in (int(state.routes[number, row]),)
            )
        return found


def empty_plan(problem: Problem) -> Plan:
    """Nobody is carried yet.

    Raises:
        DispatchError: a vehicle cannot even get from its start to its end.
    """
    vehicles = problem.vehicles
    plan = Plan(
        problem,
        tuple((-1,) * len(vehicle.pauses) for vehicle in vehicles),
        (0,) * len(vehicles),
        (-FAR,) * len(vehicles),
    )
    _ = plan.state
    return plan


def plan_of(
    problem: Problem,
    routes: Mapping[str, Sequence[tuple[str, bool]]],
    locked: Mapping[str, int] | None = None,
    leave: Mapping[str, int] | None = None,
) -> Plan:
    """A plan from its routes by the callers' identifiers; each stop is (request, whether it is the dropoff).

    Pauses are ("", False).

    Raises:
        DispatchError: a request or vehicle is not in the problem, or a route can't be driven.
    """
    number = {request.id: at for at, request in enumerate(problem.requests)}
    known = {vehicle.id for vehicle in problem.vehicles}
    if lost := routes.keys() - known:
        raise DispatchError("route", f"Vehicle {min(lost)} is not in the problem.")
    try:
        rows = tuple(
            tuple(
                2 * number[request] + dropoff if request else -1
                for request, dropoff in routes.get(one.id, ())
            )
            or (-1,) * len(one.pauses)
            for one in problem.vehicles
        )
    except KeyError as error:
        raise DispatchError("route", f"Request {error.args[0]} is not in the problem.") from error
    plan = Plan(
        problem,
        rows,
        tuple((locked or {}).get(one.id, 0) for one in problem.vehicles),
        tuple((leave or {}).get(one.id, -FAR) for one in problem.vehicles),
    )
    _ = plan.state
    return plan


def _state_of(
    problem: Problem,
    arrays: Arrays,
    routes: Iterable[Sequence[int]],
    locked: Sequence[int],
    leave: Sequence[int],
) -> State:
    state = empty_state(arrays)
    scratch = scratch_for(arrays, state)
    for vehicle, route in enumerate(routes):
        lay(arrays, state, vehicle, route)
        state.locked[vehicle] = locked[vehicle] + 1
        state.leave[vehicle] = leave[vehicle]
        carried = sorted(stop for stop in route if stop >= 0)
        pairs = [stop ^ 1 for stop in carried]
        order = {stop: at for at, stop in enumerate(route)}
        if sorted(pairs) != carried or any(
            order[stop] > order[stop + 1] for stop in carried if stop % 2 == 0
        ):
            raise DispatchError(
                "route", f"Vehicle {problem.vehicles[vehicle].id} picks up and does not drop off."
            )
        if not refresh(arrays, state, scratch, vehicle):
            raise DispatchError(
                "route", f"The route of vehicle {problem.vehicles[vehicle].id} can't be driven."
            )
    if sum(stop >= 0 and stop % 2 == 0 for route in routes for stop in route) != int(
        (state.vehicle != ABSENT).sum()
    ):
        raise DispatchError("route", "Somebody is carried twice.")
    return state


def lay(arrays: Arrays, state: State, vehicle: int, route: Sequence[int]) -> None:
    """Write the stops of a route into a state."""
    pauses = iter(range(int(arrays.pauses[vehicle]), int(arrays.pauses[vehicle + 1])))
    stops = [next(pauses, -1) if stop < 0 else arrays.base + stop for stop in route]
    if -1 in stops or next(pauses, None) is not None or len(stops) + 2 > state.routes.shape[1]:
        raise DispatchError("route", "A route has too many stops, or not the pauses of its vehicle.")
    state.sizes[vehicle] = len(stops) + 2
    state.routes[vehicle, : len(stops) + 2] = [2 * vehicle, *stops, 2 * vehicle + 1]
    for stop in route:
        if stop >= 0:
            state.vehicle[stop // 2] = vehicle


def as_routes(arrays: Arrays, state: State) -> tuple[tuple[int, ...], ...]:
    """The routes of a state as a plan keeps them."""
    return tuple(
        tuple(
            int(stop) - arrays.base if stop >= arrays.base else -1
            for stop in state.routes[vehicle, 1 : state.sizes[vehicle] - 1]
        )
        for vehicle in range(len(state.sizes))
    )
