"""Whether a plan keeps every hard limit: plain code that shares nothing with the solvers it judges."""

from collections.abc import Mapping
from dataclasses import dataclass

from yui.engines.dispatch.plan import Plan
from yui.engines.dispatch.problem import Problem


@dataclass(frozen=True)
class Fault:
    """A limit that a plan breaks.

    Attributes:
        limit: ``order``, ``twice``, ``left_out``, ``skill``, ``capacity``, ``window``, ``ride``, ``route``, ``pause``
            or ``locked``.
        vehicle: on whose route.
        request: whose limit; empty when it is nobody's.
    """

    limit: str
    vehicle: str
    request: str = ""


def check(plan: Plan) -> list[Fault]:
    """Every hard limit that a plan breaks; empty when it keeps all."""
    problem = plan.problem
    routes = {
        vehicle.id: [
            ("", False) if stop < 0 else (problem.requests[stop // 2].id, stop % 2 == 1) for stop in route
        ]
        for vehicle, route in zip(problem.vehicles, plan.routes, strict=True)
    }
    leave = {vehicle.id: leave for vehicle, leave in zip(problem.vehicles, plan.leave, strict=True)}
    locked = {vehicle.id: locked for vehicle, locked in zip(problem.vehicles, plan.locked, strict=True)}
    return check_routes(problem, routes, locked, leave)


def check_routes(
    problem: Problem,
    routes: Mapping[str, list[tuple[str, bool]]],
    locked: Mapping[str, int] | None = None,
    leave: Mapping[str, int] | None = None,
) -> list[Fault]:
    """The same for routes by identifiers: (request, whether it is the dropoff), pauses as ("", False)."""
    faults: list[Fault] = []
    carried: dict[str, str] = {}
    for vehicle in problem.vehicles:
        route = routes.get(vehicle.id, [("", False)] * len(vehicle.pauses))
        for request, dropoff in route:
            if request and not dropoff:
                if request in carried:
                    faults.append(Fault("twice", vehicle.id, request))
                carried.setdefault(request, vehicle.id)
        faults += _Route(
            problem, vehicle.id, route, (locked or {}).get(vehicle.id, 0), (leave or {}).get(vehicle.id)
        ).faults()
    faults += [
        Fault("left_out", "", one.id) for one in problem.requests if one.kept and one.id not in carried
    ]
    return faults


class _Route:
    def __init__(
        self, problem: Problem, vehicle: str, route: list[tuple[str, bool]], locked: int, leave: int | None
    ) -> None:
        self.problem, self.route, self.locked, self.leave = problem, route, locked, leave
        self.vehicle = next(one for one in problem.vehicles if one.id == vehicle)
        self.requests = {one.id: one for one in problem.requests}

    def faults(self) -> list[Fault]:
        return self._order() or [*self._loads(), *self._times()]

    def _fault(self, limit: str, request: str = "") -> Fault:
        return Fault(limit, self.vehicle.id, request)

    def _order(self) -> list[Fault]:
        found, aboard, over = [], set[str](), set[str]()
        for request, dropoff in self.route:
            if not request:
                if aboard:
                    found.append(self._fault("pause"))
            elif request not in self.requests or request in over or (request in aboard) != dropoff:
                found.append(self._fault("order", request))
            elif dropoff:
                aboard.remove(request)
                over.add(request)
            else:
                aboard.add(request)
        found += [self._fault("order", request) for request in sorted(aboard)]
        if sum(not request for request, _ in self.route) != len(self.vehicle.pauses):
            found.append(self._fault("pause"))
        return found

    def _loads(self) -> list[Fault]:
        found, load = [], dict.fromkeys(self.vehicle.capacity, 0)
        for name, dropoff in self.route:
            if not name:
                continue
            request = self.requests[name]
            if not request.needs <= self.vehicle.skills:
                found.append(self._fault("skill", name))
            for kind, units in request.load.items():
                load[kind] = load.get(kind, 0) + (-units if dropoff else units)
                if load[kind] > self.vehicle.capacity.get(kind, 0):
                    found.append(self._fault("capacity", name))
        return found

    def _times(self) -> list[Fault]:
        """Bellman and Ford on the differences that the times obey; what still rises cannot be."""
        vehicle = self.vehicle
        pauses = iter(vehicle.pauses)
        # By stop: opens, closes, service, place, whose.
        rows: list[tuple[int, int, int, int, str]] = []
        place = vehicle.start.place
        rows.append((vehicle.start.opens, vehicle.start.closes, vehicle.start.service, place, ""))
        for name, dropoff in self.route:
            if name:
                stop = self.requests[name].dropoff if dropoff else self.requests[name].pickup
                place = stop.place
                rows.append((stop.opens, stop.closes, stop.service, place, name))
            else:
                pause = next(pauses)
                rows.append((pause.opens, pause.closes, pause.length, place, ""))
        rows.append((vehicle.end.opens, vehicle.end.closes, vehicle.end.service, vehicle.end.place, ""))
        at = {(name, dropoff): n + 1 for n, (name, dropoff) in enumerate(self.route) if name}
        least = [row[0] for row in rows]
        # (from, to, at least so much later)
        edges = [
            (n, n + 1, rows[n][2] + int(self.problem.times[rows[n][3], rows[n + 1][3]]))
            for n in range(len(rows) - 1)
        ]
        if self.leave is not None and self.locked + 1 < len(rows):
            way = int(self.problem.times[rows[self.locked][3], rows[self.locked + 1][3]])
            least[self.locked + 1] = max(least[self.locked + 1], self.leave + way)
        for name in {name for name, _ in self.route if name}:
            begin, end = at[name, False], at[name, True]
            edges.append((end, begin, -self.requests[name].ride_limit - rows[begin][2]))
        edges.append((len(rows) - 1, 0, -vehicle.longest - rows[0][2]))
        for _ in range(len(rows) + 1):
            changed = False
            for start, end, more in edges:
                if least[start] + more > least[end]:
                    least[end] = least[start] + more
                    changed = True
            if not changed:
                break
        else:
            return [self._fault("ride")]
        return [self._fault("window", row[4]) for row, when in zip(rows, least, strict=True) if when > row[1]]
