"""The engine beside an exact model on CP-SAT, where brute force is too slow."""

from hypothesis import given, settings
from ortools.sat.python import cp_model

from yui.engines.dispatch.public import Problem, check, empty_plan, improve, rounds
from yui.engines.dispatch.tests.test_dispatch import a_problem, can_start

LATE = 2_000


def proven_optimum(problem: Problem) -> int:
    """What the best plan costs: a circuit for each vehicle, one clock for each stop."""
    model = cp_model.CpModel()
    costs: list[cp_model.LinearExpr | cp_model.IntVar] = []
    requests = problem.requests
    stops = [stop for one in requests for stop in (one.pickup, one.dropoff)]
    begins = [model.new_int_var(stop.opens, min(stop.closes, LATE), "") for stop in stops]
    for at, one in enumerate(requests):
        model.add(begins[2 * at] + one.pickup.service <= begins[2 * at + 1])
        model.add(begins[2 * at + 1] - begins[2 * at] - one.pickup.service <= one.ride_limit)
    carried: list[list[cp_model.IntVar]] = [[] for _ in requests]
    for vehicle in problem.vehicles:
        visits = [model.new_bool_var("") for _ in requests]
        used = model.new_bool_var("")
        leaves = model.new_int_var(vehicle.start.opens + vehicle.start.service, LATE, "")
        comes = model.new_int_var(vehicle.end.opens, min(vehicle.end.closes, LATE), "")
        model.add(comes - leaves <= vehicle.longest)
        loads = {
            kind: [model.new_int_var(0, most, "") for _ in stops] for kind, most in vehicle.capacity.items()
        }
        arcs = [(0, 0, ~used)]
        for at, (one, visit) in enumerate(zip(requests, visits, strict=True)):
            carried[at].append(visit)
            model.add_implication(visit, used)
            arcs += [(2 * at + 1, 2 * at + 1, ~visit), (2 * at + 2, 2 * at + 2, ~visit)]
            if not one.needs <= vehicle.skills or one.load.keys() - vehicle.capacity.keys():
                model.add(visit == 0)

        def change(stop: int, kind: str) -> int:
            units = requests[stop // 2].load.get(kind, 0)
            return -units if stop % 2 else units

        for a, first in enumerate(stops):
            out, home = model.new_bool_var(""), model.new_bool_var("")
            arcs += [(0, a + 1, out), (a + 1, 0, home)]
            to, back = (
                int(problem.times[vehicle.start.place, first.place]),
                int(problem.times[first.place, vehicle.end.place]),
            )
            costs += [to * out, back * home]
            model.add(begins[a] >= leaves + to).only_enforce_if(out)
            model.add(comes >= begins[a] + first.service + back).only_enforce_if(home)
            for kind, load in loads.items():
                model.add(load[a] == change(a, kind)).only_enforce_if(out)
            for b, second in enumerate(stops):
                if a != b:
                    drives = model.new_bool_var("")
                    way = int(problem.times[first.place, second.place])
                    arcs.append((a + 1, b + 1, drives))
                    costs.append(way * drives)
                    model.add(begins[b] >= begins[a] + first.service + way).only_enforce_if(drives)
                    for kind, load in loads.items():
                        model.add(load[b] == load[a] + change(b, kind)).only_enforce_if(drives)
        model.add_circuit(arcs)
        costs.append(vehicle.cost * used)
    for one, ways in zip(requests, carried, strict=True):
        left = model.new_bool_var("")
        model.add_exactly_one([*ways, left])
        costs.append(one.penalty * left)
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = 60
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(a_problem(6, 2).filter(lambda problem: not any(one.pauses for one in problem.vehicles)))
def test_what_is_found_for_a_dozen_stops_is_the_proven_optimum(problem: Problem) -> None:
    if not can_start(problem):
        return
    plan = improve(empty_plan(problem), rounds(200))
    assert check(plan) == []
    assert plan.cost == proven_optimum(problem)
