"""The side of PyVRP and VROOM: runs in their environment, reads a problem as JSON, writes routes as JSON.

Ways are whole thousandths, rounded up; vehicles have a fixed cost, so that fewer come first.
"""

import json
import math
import sys
import time
from typing import Any

UNIT = 1000
FIXED = 10_000 * UNIT


def by_pyvrp(asked: dict[str, Any]) -> list[list[int]]:
    """Routes of PyVRP; the budget is of the processor and leaves out building the model."""
    import pyvrp

    nodes, ways = asked["nodes"], asked["ways"]
    model = pyvrp.Model()
    places = [model.add_location(x, y) for x, y, *_rest in nodes]
    depot = model.add_depot(places[0])
    opens, closes = nodes[0][4], nodes[0][5]
    model.add_vehicle_type(
        asked["vehicles"],
        asked["capacity"],
        depot,
        depot,
        FIXED,
        tw_early=opens * UNIT,
        tw_late=closes * UNIT,
    )
    for a, frm in enumerate(places):
        for b, to in enumerate(places):
            model.add_edge(frm, to, ways[a][b], ways[a][b])
    pairs = [(int(pickup), dropoff) for pickup, dropoff in asked["pairs"].items()]
    for pickup, dropoff in pairs:
        p, d = nodes[pickup], nodes[dropoff]
        model.add_shipment(
            places[pickup],
            places[dropoff],
            int(p[4] * UNIT),
            int(p[5] * UNIT),
            int(p[2] * UNIT),
            int(d[4] * UNIT),
            int(d[5] * UNIT),
            int(d[2] * UNIT),
            int(p[3]),
        )
    begun = time.process_time()
    result = model.solve(
        lambda _best: time.process_time() - begun > asked["seconds"],
        seed=1,
        collect_stats=False,
        display=False,
    )
    routes = []
    for route in result.best.routes():
        stops = []
        for activity in route:
            if activity.is_pickup() or activity.is_delivery():
                stops.append(pairs[activity.idx][activity.is_delivery()])
        routes.append(stops)
    return routes


def by_vroom(asked: dict[str, Any]) -> list[list[int]]:
    """Routes of VROOM at its highest exploration level that ends in time; its time is its own."""
    import vroom

    nodes = asked["nodes"]
    best: list[list[int]] | None = None
    for level in (1, 3, 5):
        begun = time.perf_counter()
        problem = vroom.Input()
        problem.set_durations_matrix("car", asked["ways"])
        problem.set_costs_matrix("car", asked["ways"])
        window = vroom.TimeWindow(int(nodes[0][4] * UNIT), int(nodes[0][5] * UNIT))
        for number in range(asked["vehicles"]):
            problem.add_vehicle(
                vroom.Vehicle(
                    number,
                    start=0,
                    end=0,
                    capacity=[int(asked["capacity"])],
                    time_window=window,
                    costs=vroom.VehicleCosts(fixed=FIXED),
                )
            )
        for pickup, dropoff in ((int(a), b) for a, b in asked["pairs"].items()):
            steps = []
            for node in (pickup, dropoff):
                row = nodes[node]
                windows = [vroom.TimeWindow(int(row[4] * UNIT), int(row[5] * UNIT))]
                step = vroom.ShipmentStep(
                    node, location=node, default_service=int(row[2] * UNIT), time_windows=windows
                )
                steps.append(step)
            problem.add_shipment(steps[0], steps[1], amount=vroom.Amount([int(nodes[pickup][3])]))
        found = problem.solve(exploration_level=level, nb_threads=1).to_dict()
        took = time.perf_counter() - begun
        if best is not None and took > asked["seconds"]:
            break
        best = [
            [step["id"] for step in route["steps"] if step["type"] in ("pickup", "delivery")]
            for route in found["routes"]
        ]
        if took * 4 > asked["seconds"]:
            break
    return best or []


def main() -> None:
    """One problem from standard input."""
    asked = json.load(sys.stdin)
    nodes = asked["nodes"]
    asked["ways"] = [
        [math.ceil(math.hypot(a[0] - b[0], a[1] - b[1]) * UNIT - 1e-6) for b in nodes] for a in nodes
    ]
    if asked["solver"] == "vroom":
        import numpy as np

        asked["ways"] = np.array(asked["ways"], dtype=np.uint32)
    json.dump({"pyvrp": by_pyvrp, "vroom": by_vroom}[asked["solver"]](asked), sys.stdout)


if __name__ == "__main__":
    main()
