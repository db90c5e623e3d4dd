"""VROOM and OR-Tools in the slot of a running plan: they are told what is left to do, and answer with routes.

A car begins where its last fixed stop is, when it is done there. Whoever is on board, or is being driven to, can only
be dropped by that car. An answer is taken as a plan only if the engine's exact clock agrees and it carries everybody;
otherwise the old plan stays, and the answer counts as refused.
"""

import json
import os
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from bench.peers.routing import peers_python
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from yui.engines.dispatch.public import DispatchError, Plan, plan_of

SIDE = Path(__file__).resolve().parent / "slots_side.py"
Stops = list[list[int]]
"""By vehicle the numbers of its stops: twice the request, plus one for its dropoff."""


class Car(NamedTuple):
    """A vehicle from its last fixed stop on."""

    place: int
    free: int
    end: int
    closes: int
    capacity: list[int]
    aboard: list[int]
    ahead: list[int]


class Rest(NamedTuple):
    """What is left to do: cars, and the requests that wait."""

    cars: list[Car]
    waiting: list[int]


def rest_of(plan: Plan) -> Rest:
    """What a plan has not fixed yet."""
    state, arrays = plan.state, plan.arrays
    cars, waiting = [], []
    for number, (vehicle, route) in enumerate(zip(plan.problem.vehicles, plan.routes, strict=True)):
        fixed = plan.locked[number]
        dropped = {stop // 2 for stop in route[:fixed] if stop % 2}
        picked = [stop // 2 for stop in route[:fixed] if stop % 2 == 0]
        done = int(state.begin[number, fixed] + arrays.service[state.routes[number, fixed]])
        cars.append(
            Car(
                int(state.at[number, fixed]),
                max(done, plan.leave[number]),
                vehicle.end.place,
                vehicle.end.closes,
                arrays.capacity[number].tolist(),
                [request for request in picked if request not in dropped],
                list(route[fixed:]),
            )
        )
        waiting += [stop // 2 for stop in route[fixed:] if stop % 2 == 0]
    return Rest(cars, waiting)


class Slot(ABC):
    """A peer that improves a running plan.

    Attributes:
        asked, refused: answers so far, and those that dropped somebody or came too late for somebody.
        elsewhere: seconds of the processor that its own process used.
    """

    def __init__(self) -> None:
        self.asked = self.refused = 0
        self.elsewhere = 0.0

    def __call__(self, plan: Plan, seconds: float) -> Plan:
        """A better plan, or the same."""
        rest = rest_of(plan)
        if not rest.waiting:
            return plan
        self.asked += 1
        found = self._solve(plan, rest, seconds)
        taken = plan if found is None else _plan_with(plan, found)
        self.refused += taken is None
        return taken or plan

    @abstractmethod
    def _solve(self, plan: Plan, rest: Rest, seconds: float) -> Stops | None:
        """Routes for what is left; None when the peer finds none."""


def _plan_with(plan: Plan, found: Stops) -> Plan | None:
    routes = {
        vehicle.id: [
            (plan.problem.requests[stop // 2].id, stop % 2 == 1) for stop in (*route[:fixed], *ahead)
        ]
        for vehicle, route, fixed, ahead in zip(
            plan.problem.vehicles, plan.routes, plan.locked, found, strict=True
        )
    }
    names = [one.id for one in plan.problem.vehicles]
    locked, leave = (dict(zip(names, each, strict=True)) for each in (plan.locked, plan.leave))
    try:
        taken = plan_of(plan.problem, routes, locked, leave)
    except DispatchError:
        return None
    return None if taken.left_out else taken


class Vroom(Slot):
    """VROOM at one exploration level, in a process of the peers' environment; its time is its own."""

    def __init__(self, times: np.ndarray, level: int) -> None:
        super().__init__()
        clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
        self._side = subprocess.Popen(
            [str(peers_python()), str(SIDE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=clean,
        )
        self._tell({"times": times.tolist(), "level": level})

    def _tell(self, message: dict[str, Any]) -> dict[str, Any]:
        assert self._side.stdin
        assert self._side.stdout
        print(json.dumps(message), file=self._side.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._side.stdout.readline() or "{}")
        if not answer:
            sys.exit("VROOM's process ended.")
        return answer

    def _solve(self, plan: Plan, rest: Rest, seconds: float) -> Stops | None:
        arrays = plan.arrays

        def step(stop: int) -> list[int]:
            row = arrays.base + stop
            return [int(of[row]) for of in (arrays.place, arrays.opens, arrays.closes, arrays.service)]

        answer = self._tell(
            {
                "cars": [[car.place, car.free, car.end, car.closes, car.capacity] for car in rest.cars],
                "aboard": [
                    [request, number, arrays.load[request].tolist(), step(2 * request + 1)]
                    for number, car in enumerate(rest.cars)
                    for request in car.aboard
                ],
                "waiting": [
                    [request, arrays.load[request].tolist(), step(2 * request), step(2 * request + 1)]
                    for request in rest.waiting
                ],
            }
        )
        self.elsewhere += answer["seconds"]
        stops: Stops = answer["stops"]
        return stops

    def close(self) -> None:
        """Ends its process."""
        self._side.kill()
        self._side.wait()


class OrTools(Slot):
    """OR-Tools' routing from the current routes, guided local search for the seconds of the slot."""

    def _solve(self, plan: Plan, rest: Rest, seconds: float) -> Stops | None:
        begun = time.perf_counter()
        arrays, cars = plan.arrays, rest.cars
        stops = [2 * request + 1 for car in cars for request in car.aboard]
        stops += [2 * request + dropoff for request in rest.waiting for dropoff in (0, 1)]
        rows = [arrays.base + stop for stop in stops]
        many = len(cars)
        places = [*arrays.place[rows].tolist(), *(car.place for car in cars), *(car.end for car in cars)]
        service = [*arrays.service[rows].tolist(), *([0] * 2 * many)]
        n = len(stops)
        manager = pywrapcp.RoutingIndexManager(
            n + 2 * many, many, list(range(n, n + many)), list(range(n + many, n + 2 * many))
        )
        routing = pywrapcp.RoutingModel(manager)
        ways = arrays.times[np.ix_(places, places)]
        routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(ways.tolist()))
        lasts = routing.RegisterTransitMatrix((ways + np.array(service)[:, None]).tolist())
        late = max(car.closes for car in cars)
        routing.AddDimension(lasts, late, late, False, "time")
        clock = routing.GetDimensionOrDie("time")
        for number, car in enumerate(cars):
            clock.CumulVar(routing.Start(number)).SetRange(car.free, car.free)
            clock.CumulVar(routing.End(number)).SetRange(car.free, car.closes)
        load = arrays.load[[stop // 2 for stop in stops]] * np.where(np.array(stops) % 2, -1, 1)[:, None]
        for kind in range(load.shape[1]):
            carried = routing.RegisterUnaryTransitVector([*load[:, kind].tolist(), *([0] * 2 * many)])
            of_cars = [car.capacity[kind] for car in cars]
            routing.AddDimensionWithVehicleCapacity(carried, 0, of_cars, False, f"load {kind}")
            aboard = routing.GetDimensionOrDie(f"load {kind}")
            for number, car in enumerate(cars):
                has = int(arrays.load[car.aboard, kind].sum())
                aboard.CumulVar(routing.Start(number)).SetRange(has, has)
        solver, index = routing.solver(), {stop: manager.NodeToIndex(at) for at, stop in enumerate(stops)}
        for stop, at in index.items():
            row = arrays.base + stop
            clock.CumulVar(at).SetRange(int(arrays.opens[row]), int(arrays.closes[row]))
        for number, car in enumerate(cars):
            for request in car.aboard:
                routing.VehicleVar(index[2 * request + 1]).SetValue(number)
        for request in rest.waiting:
            a, b = index[2 * request], index[2 * request + 1]
            routing.AddPickupAndDelivery(a, b)
            solver.Add(routing.VehicleVar(a) == routing.VehicleVar(b))
            solver.Add(clock.CumulVar(a) <= clock.CumulVar(b))
        search = pywrapcp.DefaultRoutingSearchParameters()
        search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        search.time_limit.FromMilliseconds(max(1, int(1000 * (seconds - (time.perf_counter() - begun)))))
        routing.CloseModelWithParameters(search)
        at_node = {stop: at for at, stop in enumerate(stops)}
        ahead = [[at_node[stop] for stop in car.ahead] for car in cars]
        first = routing.ReadAssignmentFromRoutes(ahead, True)
        if first is None:
            return None
        found = routing.SolveFromAssignmentWithParameters(first, search)
        if found is None:
            return None
        routes = []
        for number in range(many):
            at, route = routing.Start(number), []
            while not routing.IsEnd(at := found.Value(routing.NextVar(at))):
                route.append(stops[manager.IndexToNode(at)])
            routes.append(route)
        return routes
