"""The peer for dial-a-ride: OR-Tools' routing library, which can state a maximum ride time.

Every visit can be dropped at a high price, and routes begin by local cheapest insertion: without both it often finds
no plan at all.
"""

from math import inf

from bench.judges.routes import Instance
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

UNIT = 1000
DROPPED = 10**8


def ortools_rides(instance: Instance, seconds: float) -> list[list[int]] | None:
    """Routes as nodes; None when not everybody is carried."""
    nodes, n = instance.nodes, len(instance.nodes)
    ways = [[int(instance.way(a, b) * UNIT + 0.999999) for b in range(n)] for a in range(n)]
    services = [round(node.service * UNIT) for node in nodes]
    manager = pywrapcp.RoutingIndexManager(n, instance.vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    node_of = manager.IndexToNode
    drive = routing.RegisterTransitCallback(lambda a, b: ways[node_of(a)][node_of(b)])
    routing.SetArcCostEvaluatorOfAllVehicles(drive)
    lasts = routing.RegisterTransitCallback(lambda a, b: services[node_of(a)] + ways[node_of(a)][node_of(b)])
    day = round(nodes[0].closes * UNIT)
    longest = round(instance.longest * UNIT) if instance.longest < inf else 4 * day
    routing.AddDimension(lasts, 4 * day, 4 * day, False, "time")
    time = routing.GetDimensionOrDie("time")
    for vehicle in range(instance.vehicles):
        time.SetSpanUpperBoundForVehicle(longest, vehicle)
        time.CumulVar(routing.Start(vehicle)).SetRange(round(nodes[0].opens * UNIT), day)
        time.CumulVar(routing.End(vehicle)).SetRange(round(nodes[0].opens * UNIT), day)
    loads = routing.RegisterUnaryTransitCallback(lambda a: round(nodes[node_of(a)].load))
    routing.AddDimension(loads, 0, round(instance.capacity), True, "load")
    solver = routing.solver()
    for pickup, dropoff in instance.pairs.items():
        a, b = manager.NodeToIndex(pickup), manager.NodeToIndex(dropoff)
        routing.AddPickupAndDelivery(a, b)
        solver.Add(routing.VehicleVar(a) == routing.VehicleVar(b))
        solver.Add(time.CumulVar(a) <= time.CumulVar(b))
        if instance.ride_limit < inf:
            limit = round(instance.ride_limit * UNIT) + services[pickup]
            solver.Add(time.CumulVar(b) - time.CumulVar(a) <= limit)
        for node, index in ((pickup, a), (dropoff, b)):
            time.CumulVar(index).SetRange(round(nodes[node].opens * UNIT), round(nodes[node].closes * UNIT))
            routing.AddDisjunction([index], DROPPED)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.LOCAL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(1000 * seconds))
    found = routing.SolveWithParameters(search)
    if found is None:
        return None
    routes = []
    for vehicle in range(instance.vehicles):
        index, route = routing.Start(vehicle), []
        while not routing.IsEnd(index):
            route.append(node_of(index))
            index = found.Value(routing.NextVar(index))
        routes.append(route[1:])
    return routes if sum(map(len, routes)) == n - 1 else None
