"""Promises: dial-a-ride plans near the proven optimum, and pickup and delivery never behind its peers.

Cordeau's sets a and b (24 + 24 instances with maximum ride time) and Li and Lim's pickup and delivery: files are not
part of the repository. Each plan is judged by a checker that reads the file itself. Beside the engine stand, with the
same seconds on one core, OR-Tools' routing on dial-a-ride (the only peer that can state a maximum ride time), and
PyVRP and VROOM on pickup and delivery, each in an environment of its own made on first use.

Seconds are of the processor, so that a busy machine changes little; OR-Tools and VROOM count those of the clock.

Usage: ./yui bench dispatch [--data DIR] [--seconds 10 60] [--only NAME ...] [--no-peers] [--quick]
    DIR/darp/cordeau_2006/*.txt and DIR/lilim/**/*.txt are used where they are there.
"""

import argparse
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.judges.best_known import DIAL_A_RIDE, PICKUP_AND_DELIVERY
from bench.judges.routes import Instance, Node, judge, read_dial_a_ride, read_pickup_and_delivery

from yui.engines.dispatch.public import Plan, Problem, Request, Stop, Vehicle, empty_plan, improve, warm

UNIT = 10**6
BEHIND = {"a4-48", "a6-72", "a8-96", "b4-48", "b6-72", "b8-96"}
"""Where the peer is run as well."""
MEAN = {10: 0.3, 60: 0.1}
WORST = {60: 1.0}


def main() -> int:
    """Solve, judge, compare; 0 when every promise is met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--seconds", type=float, nargs="+", default=[10, 60])
    parser.add_argument("--only", nargs="+", help="names of instances")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument(
        "--quick", action="store_true", help="one small instance of our own; promises no speed"
    )
    options = parser.parse_args()
    warm()
    if options.quick or options.data is None:
        return quick()
    met = True
    rides = sorted((options.data / "darp" / "cordeau_2006").glob("*.txt"))
    tasks = sorted((options.data / "lilim").rglob("*.txt"))
    if not rides and not tasks:
        print(f"No instance in {options.data}: neither darp/cordeau_2006 nor lilim.", file=sys.stderr)
        return 2
    if options.only:
        rides, tasks = ([one for one in many if one.stem in options.only] for many in (rides, tasks))
    for seconds in options.seconds:
        if rides:
            met &= dial_a_ride(
                [read_dial_a_ride(path) for path in rides], seconds, peers=not options.no_peers
            )
        if tasks:
            from bench.peers.routing import pickup_and_delivery

            instances = [read_pickup_and_delivery(path) for path in tasks]
            met &= pickup_and_delivery(
                instances, seconds, PICKUP_AND_DELIVERY, solve, peers=not options.no_peers
            )
    met &= promise("dispatch_start_compiled", start(), "s", 2.0)
    return 0 if met else 1


def start() -> float:
    """Seconds until a new process has everything ready, compiled before; the best of three."""
    code = "from yui.engines.dispatch.public import warm; warm()"
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        took.append(time.perf_counter() - begun)
    return min(took)


def dial_a_ride(instances: list[Instance], seconds: float, *, peers: bool) -> bool:
    """All instances with one budget."""
    gaps, illegal, others = [], 0, []
    print(f"\n{'':8}{'optimum':>10}{'engine':>10}{'gap %':>8}{'s':>7}{'OR-Tools':>12}{'gap %':>8}{'s':>7}")
    for instance in instances:
        best = DIAL_A_RIDE.get(instance.name)
        started = time.process_time()
        routes = solve(instance, seconds)
        spent = time.process_time() - started
        cost, wrong = judge(instance, routes)
        illegal += bool(wrong)
        gap = 100 * (cost / best - 1) if best else float("nan")
        # Optima are published to two decimals.
        gap = 0.0 if best and abs(cost - best) < 0.0051 else gap
        gaps.append(gap)
        line = f"{instance.name:8}{best or 0:>10.2f}{cost:>10.2f}{gap:>8.2f}{spent:>7.1f}"
        if peers and best and instance.name in BEHIND:
            from bench.peers.ortools_rides import ortools_rides

            started = time.process_time()
            found = ortools_rides(instance, seconds)
            cost, wrong_peer = judge(instance, found) if found else (float("nan"), ["nothing found"])
            others.append(100 * (cost / best - 1))
            line += f"{cost:>12.2f}{others[-1]:>8.2f}{time.process_time() - started:>7.1f} {'; '.join(wrong_peer[:2])}"
        print(line, "; ".join(wrong[:3]), flush=True)
    known = [gap for gap in gaps if gap == gap]
    label = f"dial_a_ride_{seconds:g}s"
    if others:
        ours = [gap for gap, one in zip(gaps, instances, strict=True) if one.name in BEHIND]
        print(f"\nwhere the peer ran: engine {np.mean(ours):.2f} %, OR-Tools {np.nanmean(others):.2f} %")
    print(f"{len(known)} instances, {sum(gap == 0 for gap in known)} optimal")
    met = promise(f"{label}_violations", illegal, "plans", 0)
    met &= promise(f"{label}_mean_gap", float(np.mean(known)), "%", MEAN.get(int(seconds), MEAN[10]))
    return met & promise(f"{label}_worst_gap", max(known), "%", WORST.get(int(seconds), float("inf")))


def solve(instance: Instance, seconds: float, cost: int = 0) -> list[list[int]]:
    """Routes of the engine for an instance, as its nodes.

    Args:
        cost: of using a vehicle at all.
    """
    started = time.process_time()
    problem = problem_of(instance, cost)
    plan = improve(empty_plan(problem), lambda: (time.process_time() - started) / seconds)
    return nodes_of(instance, plan)


def problem_of(instance: Instance, cost: int = 0) -> Problem:
    """An instance in whole millionths; ways are rounded up, so that what can be driven here can be driven."""
    xy = np.array([[node.x, node.y] for node in instance.nodes])
    ways = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    times = np.ceil(ways * UNIT - 1e-4).astype(np.int64)

    def stop(number: int, node: Node) -> Stop:
        return Stop(number, round(node.opens * UNIT), round(node.closes * UNIT), round(node.service * UNIT))

    depot = instance.nodes[0]
    home = Stop(0, round(depot.opens * UNIT), round(depot.closes * UNIT))
    far = 1 << 50
    vehicles = tuple(
        Vehicle(
            f"{number}",
            home,
            home,
            {"seats": round(instance.capacity)},
            longest=round(instance.longest * UNIT) if instance.longest < 1e9 else far,
            cost=cost,
        )
        for number in range(instance.vehicles)
    )
    requests = tuple(
        Request(
            f"{pickup}",
            stop(pickup, instance.nodes[pickup]),
            stop(dropoff, instance.nodes[dropoff]),
            {"seats": round(instance.nodes[pickup].load)},
            ride_limit=round(instance.ride_limit * UNIT) if instance.ride_limit < 1e9 else far,
        )
        for pickup, dropoff in instance.pairs.items()
    )
    return Problem(requests, vehicles, times)


def nodes_of(instance: Instance, plan: Plan) -> list[list[int]]:
    """The routes of a plan as nodes of the instance."""
    return [
        [instance.pairs[int(visit.request)] if visit.dropoff else int(visit.request) for visit in visits]
        for visits in plan.visits().values()
    ]


def quick() -> int:
    """A small instance made up here: is everybody carried, and does the judge agree?"""
    chance = random.Random(5)
    n = 12
    ends = [(chance.uniform(-10, 10), chance.uniform(-10, 10)) for _ in range(2 * n + 1)]
    opens = [chance.uniform(0, 200) for _ in range(n)]
    nodes = [Node(*ends[0], 0, 0, 0, 480)]
    nodes += [Node(*ends[i + 1], 3, 1, opens[i], opens[i] + 60) for i in range(n)]
    nodes += [Node(*ends[n + i + 1], 3, -1, 0, 480) for i in range(n)]
    instance = Instance("made up", 3, 3, tuple(nodes), {i: n + i for i in range(1, n + 1)}, 40, 480)
    cost, wrong = judge(instance, solve(instance, 0.5))
    print(f"made up: {n} requests, 3 vehicles, distance {cost:.2f} {wrong}")
    return 0 if promise("dispatch_quick_violations", len(wrong), "limits", 0) else 1


def promise(name: str, value: float, unit: str, target: float) -> bool:
    """Print a promise; whether it is met."""
    met = value <= target
    shown = f"{value}" if isinstance(value, int) else f"{value:.3f}"
    print(f"promise {name} {shown} {unit} target {target:g} {'met' if met else 'short'}", flush=True)
    return met


if __name__ == "__main__":
    sys.exit(main())
