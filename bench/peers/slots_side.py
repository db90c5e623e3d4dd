"""The side of VROOM in the slot of a running plan: one line of JSON for each question and each answer."""

import json
import sys
import time
from typing import Any

import numpy as np
import vroom


def solve(times: np.ndarray, level: int, asked: dict[str, Any]) -> list[list[int]]:
    """By car the numbers of its stops; whom VROOM leaves out is in none."""
    problem = vroom.Input()
    problem.set_durations_matrix("car", times)
    problem.set_costs_matrix("car", times)
    for number, (place, free, end, closes, capacity) in enumerate(asked["cars"]):
        problem.add_vehicle(
            vroom.Vehicle(
                number,
                start=place,
                end=end,
                capacity=capacity,
                time_window=vroom.TimeWindow(free, max(free, closes)),
                skills={number + 1},
            )
        )
    for request, number, load, (place, opens, closes, service) in asked["aboard"]:
        problem.add_job(
            vroom.Job(
                2 * request + 1,
                location=place,
                default_service=service,
                delivery=vroom.Amount(load),
                skills={number + 1},
                time_windows=[vroom.TimeWindow(opens, closes)],
                priority=100,
            )
        )
    for request, load, *steps in asked["waiting"]:
        pickup, dropoff = (
            vroom.ShipmentStep(
                2 * request + at,
                location=place,
                default_service=service,
                time_windows=[vroom.TimeWindow(opens, closes)],
            )
            for at, (place, opens, closes, service) in enumerate(steps)
        )
        problem.add_shipment(pickup, dropoff, amount=vroom.Amount(load), priority=100)
    found = problem.solve(exploration_level=level, nb_threads=1).to_dict()
    routes: list[list[int]] = [[] for _ in asked["cars"]]
    for route in found["routes"]:
        steps = route["steps"]
        routes[route["vehicle"]] = [
            one["id"] for one in steps if one["type"] in ("job", "pickup", "delivery")
        ]
    return routes


def main() -> None:
    """The first line has the matrix and the level; every other is a question."""
    first = json.loads(sys.stdin.readline())
    times = np.array(first["times"], dtype=np.uint32)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        begun = time.process_time()
        stops = solve(times, first["level"], json.loads(line))
        print(json.dumps({"stops": stops, "seconds": time.process_time() - begun}), flush=True)


if __name__ == "__main__":
    main()
