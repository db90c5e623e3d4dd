"""A plan while time goes by: what is past or being driven to stays, nothing leaves before now."""

from dataclasses import replace

from yui.engines.dispatch.plan import Plan, plan_of
from yui.engines.dispatch.problem import FAR, Problem, Request, Stop


def advance(plan: Plan, now: int) -> Plan:
    """The plan as it is at an instant: a vehicle leaves for a stop as late as it may, and then goes on to it.

    Stops that are past, or being driven to, are locked at the times they have; every other is reached after now.
    """
    state, arrays = plan.state, plan.arrays
    requests = list(plan.problem.requests)
    vehicles, locked, leave = list(plan.problem.vehicles), list(plan.locked), list(plan.leave)
    for vehicle, route in enumerate(plan.routes):
        fixed = plan.locked[vehicle]
        while fixed < len(route) and state.begin[vehicle, fixed + 1] - state.leg[vehicle, fixed + 1] <= now:
            fixed += 1
        for place in range(plan.locked[vehicle], fixed):
            stop = route[place]
            if stop >= 0:
                begins = int(state.begin[vehicle, place + 1])
                requests[stop // 2] = _at(requests[stop // 2], stop % 2 == 1, begins)
        if fixed and not plan.locked[vehicle]:
            # It has set out, and its longest route is reckoned from when it did.
            gone_at = int(state.begin[vehicle, 1] - state.leg[vehicle, 1]) - vehicles[vehicle].start.service
            start = replace(vehicles[vehicle].start, opens=gone_at, closes=gone_at)
            vehicles[vehicle] = replace(vehicles[vehicle], start=start)
        locked[vehicle] = fixed
        done = int(state.begin[vehicle, fixed] + arrays.service[state.routes[vehicle, fixed]])
        if fixed or now >= done:
            leave[vehicle] = max(done, now, leave[vehicle])
        if all(stop < 0 for stop in route[fixed:]):
            # Once it could come home in time no more, whoever carries nobody takes nobody.
            home = int(state.last[vehicle, fixed + 1] - state.leg[vehicle, fixed + 1])
            leave[vehicle] = min(leave[vehicle], home)
    gone = replace(
        plan,
        problem=replace(plan.problem, requests=tuple(requests), vehicles=tuple(vehicles)),
        locked=tuple(locked),
        leave=tuple(leave),
    )
    _ = gone.state
    return gone


def _at(request: Request, dropoff: bool, begins: int) -> Request:
    stop = request.dropoff if dropoff else request.pickup
    fixed = Stop(stop.place, begins, begins, stop.service)
    return replace(request, dropoff=fixed) if dropoff else replace(request, pickup=fixed)


def forget_past(plan: Plan) -> Plan:
    """The plan without what is over: a vehicle begins where it last had nobody on board, at the time it was there."""
    routes: dict[str, list[tuple[str, bool]]] = {}
    vehicles, over = [], set[int]()
    locked: dict[str, int] = {}
    state, arrays = plan.state, plan.arrays
    for number, (vehicle, route) in enumerate(zip(plan.problem.vehicles, plan.routes, strict=True)):
        cut = _nobody_aboard(route[: plan.locked[number]])
        over |= {stop // 2 for stop in route[:cut] if stop >= 0}
        if cut:
            when, last = int(state.begin[number, cut]), int(state.routes[number, cut])
            vehicle = replace(
                vehicle,
                start=Stop(int(state.at[number, cut]), when, when, int(arrays.service[last])),
                longest=vehicle.longest - (when - int(state.begin[number, 0]))
                if vehicle.longest < FAR
                else FAR,
                pauses=vehicle.pauses[sum(stop < 0 for stop in route[:cut]) :],
                out=True,
            )
        vehicles.append(vehicle)
        routes[vehicle.id] = [_name(plan.problem, stop) for stop in route[cut:]]
        locked[vehicle.id] = plan.locked[number] - cut
    requests = tuple(one for number, one in enumerate(plan.problem.requests) if number not in over)
    problem = replace(plan.problem, requests=requests, vehicles=tuple(vehicles))
    leave = {one.id: when for one, when in zip(plan.problem.vehicles, plan.leave, strict=True)}
    return plan_of(problem, routes, locked, leave)


def _nobody_aboard(past: tuple[int, ...]) -> int:
    """How many stops of a beginning lie before the last moment at which nobody was on board."""
    aboard = cut = 0
    for place, stop in enumerate(past):
        aboard += 0 if stop < 0 else -1 if stop % 2 else 1
        if not aboard:
            cut = place + 1
    return cut


def _name(problem: Problem, stop: int) -> tuple[str, bool]:
    return ("", False) if stop < 0 else (problem.requests[stop // 2].id, stop % 2 == 1)
