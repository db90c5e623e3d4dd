"""Judges routes by the benchmark's own file: nothing of the engine, nothing of its peers.

A route can be driven when a system of differences has a solution; its least solution is found by raising times until
nothing is violated (Bellman and Ford), in double precision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, inf
from pathlib import Path

CLOSE = 1e-6


@dataclass(frozen=True)
class Node:
    """A row of the file."""

    x: float
    y: float
    service: float
    load: float
    opens: float
    closes: float


@dataclass(frozen=True)
class Instance:
    """A benchmark as its file says it.

    Attributes:
        nodes: number 0 is the depot.
        pairs: each pickup's dropoff.
        ride_limit: infinite where the benchmark has none.
        longest: of a route.
    """

    name: str
    vehicles: int
    capacity: float
    nodes: tuple[Node, ...]
    pairs: dict[int, int]
    ride_limit: float = inf
    longest: float = inf

    def way(self, a: int, b: int) -> float:
        """Between two nodes, as the crow flies."""
        return hypot(self.nodes[a].x - self.nodes[b].x, self.nodes[a].y - self.nodes[b].y)


def read_dial_a_ride(path: Path) -> Instance:
    """A file of Cordeau's sets: vehicles, nodes or requests, longest route, capacity, ride limit; then the nodes.

    The header counts requests in some copies and nodes in others, and some copies have the depot once more at the end:
    the rows say how many requests there are.
    """
    head, *rows = [
        [float(cell) for cell in line.split()] for line in path.read_text().splitlines() if line.strip()
    ]
    n = (len(rows) - 1) // 2
    nodes = tuple(
        Node(x, y, service, load, opens, closes) for _id, x, y, service, load, opens, closes in rows
    )
    return Instance(
        path.stem,
        int(head[0]),
        head[3],
        nodes[: 2 * n + 1],
        {i: n + i for i in range(1, n + 1)},
        head[4],
        head[2],
    )


def read_pickup_and_delivery(path: Path) -> Instance:
    """A file of Li and Lim: vehicles, capacity, speed; then nodes, each with its pickup or its delivery."""
    head, *rows = [
        [float(cell) for cell in line.split()] for line in path.read_text().splitlines() if line.strip()
    ]
    nodes = tuple(
        Node(x, y, service, load, opens, closes) for _id, x, y, load, opens, closes, service, _p, _d in rows
    )
    pairs = {int(row[0]): int(row[8]) for row in rows if row[8]}
    return Instance(path.stem, int(head[0]), head[1], nodes, pairs)


def judge(instance: Instance, routes: Sequence[Sequence[int]]) -> tuple[float, list[str]]:
    """The distance of routes (depots left out), and what is wrong with them."""
    wrong: list[str] = []
    seen = [node for route in routes for node in route]
    if sorted(seen) != sorted([*instance.pairs, *instance.pairs.values()]):
        wrong.append("not everybody exactly once")
    used = [route for route in routes if route]
    if len(used) > instance.vehicles:
        wrong.append("too many vehicles")
    for route in used:
        wrong += _route(instance, [0, *route, 0])
    distance = sum(
        instance.way(a, b) for route in used for a, b in zip([0, *route], [*route, 0], strict=True)
    )
    return distance, wrong


def _route(instance: Instance, route: list[int]) -> list[str]:
    nodes, place = instance.nodes, {node: at for at, node in enumerate(route)}
    load, limits = 0.0, []
    for node in route[1:-1]:
        load += nodes[node].load
        if load > instance.capacity + CLOSE:
            return [f"too full at {node}"]
    for at in range(len(route) - 1):
        limits.append(
            (at, at + 1, nodes[route[at]].service * (at > 0) + instance.way(route[at], route[at + 1]))
        )
    for pickup, dropoff in instance.pairs.items():
        if (pickup in place) != (dropoff in place) or place.get(pickup, 0) > place.get(dropoff, 0):
            return [f"{pickup} without its {dropoff}"]
        if pickup in place and instance.ride_limit < inf:
            limits.append((place[dropoff], place[pickup], -instance.ride_limit - nodes[pickup].service))
    if instance.longest < inf:
        limits.append((len(route) - 1, 0, -instance.longest))
    times = [nodes[node].opens for node in route]
    for _ in range(len(route) + 1):
        raised = False
        for start, end, more in limits:
            if times[start] + more > times[end] + 1e-9:
                times[end], raised = times[start] + more, True
        if not raised:
            break
    else:
        return ["rides or route too long"]
    return [
        f"late at {node}"
        for node, time in zip(route, times, strict=True)
        if time > nodes[node].closes + CLOSE
    ]
