"""The engine against brute force, against the plain check, and against itself in other processes."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import yui.engines.dispatch.public as dispatch
from yui.engines.dispatch.public import (
    FAR,
    DispatchError,
    Fault,
    Obstacle,
    Pause,
    Plan,
    Problem,
    Refusal,
    Request,
    Stop,
    Vehicle,
    accept,
    advance,
    check,
    check_routes,
    empty_plan,
    forget_past,
    improve,
    keep,
    plan_of,
    quote,
    rounds,
    without,
)

SPOTS = 12


def town(seed: int) -> np.ndarray:
    """Travel times between spots; triangle inequality holds."""
    spots = np.random.default_rng(seed).integers(0, 60, (SPOTS, 2))
    return np.abs(spots[:, None] - spots[None]).sum(axis=2)


@st.composite
def a_request(draw: st.DrawFn, name: str, *, long: int = 400) -> Request:
    opens = draw(st.integers(0, long))
    wide = draw(st.integers(0, 150))
    return Request(
        name,
        Stop(draw(st.integers(0, SPOTS - 1)), opens, opens + wide, draw(st.integers(0, 5))),
        Stop(
            draw(st.integers(0, SPOTS - 1)),
            opens,
            opens + wide + draw(st.integers(20, 200)),
            draw(st.integers(0, 5)),
        ),
        {"seats": draw(st.integers(1, 3)), "wheelchairs": draw(st.sampled_from((0, 0, 0, 1)))},
        ride_limit=draw(st.integers(20, 150)),
        needs=frozenset({"lift"}) if draw(st.integers(0, 5)) == 0 else frozenset(),
    )


@st.composite
def a_vehicle(draw: st.DrawFn, name: str) -> Vehicle:
    begins = draw(st.integers(0, 50))
    place = draw(st.integers(0, SPOTS - 1))
    rest = Pause(begins + 100, begins + 300, 20)
    return Vehicle(
        name,
        Stop(place, begins),
        Stop(draw(st.sampled_from((place, 0))), 0, draw(st.integers(500, 900))),
        {"seats": draw(st.integers(3, 6)), "wheelchairs": draw(st.integers(0, 1))},
        longest=draw(st.sampled_from((FAR, 450))),
        skills=frozenset({"lift"}) if draw(st.booleans()) else frozenset(),
        cost=draw(st.sampled_from((0, 100))),
        pauses=(rest,) if draw(st.integers(0, 2)) == 0 else (),
    )


@st.composite
def a_problem(draw: st.DrawFn, requests: int, vehicles: int) -> Problem:
    return Problem(
        tuple(draw(a_request(f"r{n}")) for n in range(requests)),
        tuple(draw(a_vehicle(f"v{n}")) for n in range(vehicles)),
        town(draw(st.integers(0, 99))),
    )


def orders(names: tuple[str, ...]) -> Iterator[list[tuple[str, bool]]]:
    """Every order of pickups and dropoffs in which each pickup comes first."""
    stops = [(name, dropoff) for name in names for dropoff in (False, True)]
    for order in permutations(stops):
        if all(order.index((name, False)) < order.index((name, True)) for name in names):
            yield list(order)


def with_pauses(vehicle: Vehicle, order: list[tuple[str, bool]]) -> Iterator[list[tuple[str, bool]]]:
    if not vehicle.pauses:
        yield order
    else:
        for at in range(len(order) + 1):
            yield [*order[:at], ("", False), *order[at:]]


def cost_of(problem: Problem, vehicle: Vehicle, route: list[tuple[str, bool]]) -> int:
    stops = {one.id: one for one in problem.requests}
    ways = [vehicle.start.place]
    ways += [(stops[name].dropoff if off else stops[name].pickup).place for name, off in route if name]
    ways.append(vehicle.end.place)
    return vehicle.cost + sum(int(problem.times[a, b]) for a, b in pairwise(ways))


def brute_force(problem: Problem) -> int:
    """What the best plan costs, by trying every one."""
    names = tuple(one.id for one in problem.requests)
    best: dict[tuple[str, frozenset[str]], int] = {}
    subsets = [
        frozenset(n for at, n in enumerate(names) if bits >> at & 1) for bits in range(1 << len(names))
    ]
    for vehicle in problem.vehicles:
        for subset in subsets:
            costs = [
                cost_of(problem, vehicle, route)
                for order in orders(tuple(sorted(subset)))
                for route in with_pauses(vehicle, order)
                if not check_routes(replace(problem, vehicles=(vehicle,)), {vehicle.id: route})
            ]
            if subset and costs:
                best[vehicle.id, subset] = min(costs)

    def rest(vehicles: tuple[Vehicle, ...], left: frozenset[str]) -> int:
        if not vehicles:
            return sum(one.penalty for one in problem.requests if one.id in left)
        first, *others = vehicles
        return min(
            (best[first.id, subset] if subset else 0) + rest(tuple(others), left - subset)
            for subset in subsets
            if subset <= left and (not subset or (first.id, subset) in best)
        )

    return rest(problem.vehicles, frozenset(names))


def can_start(problem: Problem) -> bool:
    try:
        empty_plan(problem)
    except DispatchError:
        return False
    return True


@settings(max_examples=40, deadline=None, derandomize=True)
@given(a_problem(3, 2))
def test_small_problems_are_solved_to_the_optimum(problem: Problem) -> None:
    if not can_start(problem):
        return
    plan = improve(empty_plan(problem), rounds(40))
    assert check(plan) == []
    assert plan.cost == brute_force(problem)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(a_problem(2, 1), st.randoms(use_true_random=False))
def test_the_compiled_check_and_the_plain_one_agree(problem: Problem, chance: object) -> None:
    (vehicle,) = problem.vehicles
    for order in orders(("r0", "r1")):
        for route in with_pauses(vehicle, order):
            faults = check_routes(problem, {vehicle.id: route})
            try:
                plan_of(problem, {vehicle.id: route})
                drivable = True
            except DispatchError:
                drivable = False
            # Skills are looked at when a vehicle is chosen, not when its times are.
            assert drivable == (not [fault for fault in faults if fault.limit != "skill"]), (route, faults)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(a_problem(3, 2), a_request("new"))
def test_a_quote_is_the_cheapest_place_in_each_route(problem: Problem, request: Request) -> None:
    if not can_start(problem):
        return
    plan = improve(empty_plan(problem), rounds(5))
    found = quote(plan, request, k=5)
    offers = {} if isinstance(found, Refusal) else {offer.vehicle: offer for offer in found}
    bigger = replace(problem, requests=(*problem.requests, request))
    for number, vehicle in enumerate(problem.vehicles):
        route = [
            ("", False) if stop < 0 else (problem.requests[stop // 2].id, stop % 2 == 1)
            for stop in plan.routes[number]
        ]
        now = cost_of(problem, vehicle, route) if any(name for name, _ in route) else 0
        costs = []
        for i in range(len(route) + 1):
            for j in range(i, len(route) + 1):
                tried = [*route[:i], ("new", False), *route[i:j], ("new", True), *route[j:]]
                if not check_routes(replace(bigger, vehicles=(vehicle,)), {vehicle.id: tried}):
                    costs.append(cost_of(bigger, vehicle, tried) - now)
        assert (vehicle.id in offers) == bool(costs)
        if costs:
            offer = offers[vehicle.id]
            assert offer.cost == min(costs)
            taken = accept(plan, request, offer)
            assert check(taken) == []
            assert taken.cost == plan.cost + offer.cost
            visits = {visit.dropoff: visit for visit in taken.visits()[vehicle.id] if visit.request == "new"}
            assert (visits[False].begins, visits[True].begins) == (offer.picked, offer.dropped)


@pytest.mark.parametrize(
    ("change", "obstacle", "by"),
    [
        ({"needs": frozenset({"lift"})}, Obstacle.NO_SKILL, 0),
        ({"load": {"seats": 5}}, Obstacle.NO_ROOM, 0),
        ({"pickup": Stop(1, 0, 7)}, Obstacle.PICKUP_TOO_LATE, 3),
        ({"dropoff": Stop(2, 0, 15)}, Obstacle.DROPOFF_TOO_LATE, 5),
        ({"ride_limit": 6}, Obstacle.RIDE_TOO_LONG, 4),
    ],
)
def test_a_refusal_says_what_stands_in_the_way(
    change: dict[str, object], obstacle: Obstacle, by: int
) -> None:
    times = np.abs(np.arange(3)[:, None] - np.arange(3)[None]) * 10
    plan = empty_plan(Problem((), (Vehicle("bus", Stop(0), Stop(0)),), times))
    request = replace(Request("a", Stop(1), Stop(2)), **change)
    refusal = quote(plan, request)
    assert isinstance(refusal, Refusal)
    assert (refusal.obstacle, refusal.by) == (obstacle, by)


def test_a_refusal_for_the_promises_of_others() -> None:
    times = np.abs(np.arange(4)[:, None] - np.arange(4)[None]) * 10
    first = Request("a", Stop(1, 0, 12), Stop(2, 0, 22), kept=True)
    plan = empty_plan(Problem((), (Vehicle("bus", Stop(0), Stop(0)),), times))
    offers = quote(plan, first)
    assert not isinstance(offers, Refusal)
    plan = accept(plan, first, offers[0])
    refusal = quote(plan, Request("b", Stop(0, 0, 0, 5), Stop(0, 0, 20)))
    assert isinstance(refusal, Refusal)
    assert refusal.obstacle is Obstacle.OTHERS_PROMISED
    assert refusal.vehicle == "bus"


def promised(plan: Plan, request: Request) -> tuple[Plan, bool]:
    """Book: take the cheapest offer and hold it to what was told."""
    found = quote(plan, request)
    if isinstance(found, Refusal):
        return plan, False
    told = found[0]
    kept = replace(
        request,
        pickup=replace(request.pickup, closes=min(request.pickup.closes, told.picked + 30)),
        dropoff=replace(request.dropoff, closes=min(request.dropoff.closes, told.dropped + 30)),
        kept=True,
    )
    return accept(plan, kept, told), True


@st.composite
def a_day(draw: st.DrawFn) -> tuple[Problem, list[tuple[str, object]]]:
    problem = draw(a_problem(0, 2))
    events: list[tuple[str, object]] = []
    for number in range(draw(st.integers(4, 9))):
        kind = draw(st.sampled_from(("book", "book", "book", "cancel", "improve", "wait", "break")))
        events.append(
            (kind, draw(a_request(f"r{number}", long=500)) if kind == "book" else draw(st.integers(1, 80)))
        )
    return problem, events


@settings(max_examples=60, deadline=None, derandomize=True)
@given(a_day())
def test_whatever_happens_no_promise_is_broken_and_no_limit_violated(
    day: tuple[Problem, list[tuple[str, object]]],
) -> None:
    problem, events = day
    if not can_start(problem):
        return
    plan, now, promises = empty_plan(problem), 0, dict[str, Request]()
    for kind, what in events:
        if kind == "book":
            assert isinstance(what, Request)
            plan, taken = promised(plan, what)
            if taken:
                promises[what.id] = plan.problem.requests[-1]
        elif kind == "wait":
            now += int(str(what))
            plan = advance(plan, now)
            assert check(plan) == []
            plan = forget_past(plan)
        elif kind == "improve":
            before = plan.cost
            plan = improve(plan, rounds(3), seed=int(str(what)))
            assert plan.cost <= before
        elif kind == "cancel" and promises:
            gone = sorted(promises)[int(str(what)) % len(promises)]
            del promises[gone]
            if gone in {one.id for one in plan.problem.requests} and not _under_way(plan, gone):
                plan = without(plan, gone)
        assert check(plan) == []
        left = {one.id: one for one in plan.problem.requests}
        assert not [name for name in plan.left_out if left[name].kept]
        for name, request in promises.items():
            if name in left:
                assert left[name].pickup.closes <= request.pickup.closes
                assert left[name].dropoff.closes <= request.dropoff.closes


def _under_way(plan: Plan, request: str) -> bool:
    number = next(at for at, one in enumerate(plan.problem.requests) if one.id == request)
    return any(2 * number in route[:fixed] for route, fixed in zip(plan.routes, plan.locked, strict=True))


def test_what_is_being_driven_to_stays() -> None:
    times = np.abs(np.arange(5)[:, None] - np.arange(5)[None]) * 10
    plan = empty_plan(Problem((), (Vehicle("bus", Stop(0), Stop(0)),), times))
    plan, _ = promised(plan, Request("a", Stop(2, 50, 80), Stop(4, 50, 200)))
    # The bus leaves at 30 to be at place 2 by 50; until then it may go elsewhere.
    assert advance(plan, 29).locked == (0,)
    moving = advance(plan, 30)
    assert moving.locked == (1,)
    refused = quote(moving, Request("b", Stop(0, 30, 40), Stop(1, 30, 49)))
    assert isinstance(refused, Refusal)
    # And nothing is reached sooner than from where the bus is now.
    idle = advance(empty_plan(Problem((), (Vehicle("bus", Stop(0), Stop(0)),), times)), 100)
    found = quote(idle, Request("c", Stop(3), Stop(4)))
    assert not isinstance(found, Refusal)
    assert found[0].picked == 130


def test_a_promise_is_kept_when_the_best_plan_would_leave_it() -> None:
    times = np.abs(np.arange(10)[:, None] - np.arange(10)[None]) * 10
    bus = Vehicle("bus", Stop(0), Stop(0), {"seats": 1})
    far = Request("far", Stop(9, 0, 100), Stop(0, 0, 300), {"seats": 1}, penalty=10, kept=True)
    plan = empty_plan(Problem((), (bus,), times))
    offers = quote(plan, far)
    assert not isinstance(offers, Refusal)
    plan = improve(accept(plan, far, offers[0]), rounds(20))
    assert plan.left_out == ()
    assert keep(plan, replace(far, dropoff=Stop(0, 0, 180))).left_out == ()
    with pytest.raises(DispatchError):
        keep(plan, replace(far, dropoff=Stop(0, 0, 179)))


def a_larger_problem() -> Problem:
    chance = np.random.default_rng(7)
    spots = chance.integers(0, 1000, (60, 2))
    times = np.abs(spots[:, None] - spots[None]).sum(axis=2)
    requests = []
    for number in range(40):
        opens = int(chance.integers(0, 8000))
        a, b = (int(place) for place in chance.integers(0, 60, 2))
        requests.append(
            Request(
                f"r{number}",
                Stop(a, opens, opens + 900, 30),
                Stop(b, opens, opens + 4000, 30),
                ride_limit=2500,
            )
        )
    vehicles = tuple(Vehicle(f"v{n}", Stop(0), Stop(0), {"seats": 4}, cost=500) for n in range(6))
    return Problem(tuple(requests), vehicles, times)


PRINT = """
from yui.engines.dispatch.tests.test_dispatch import a_larger_problem
from yui.engines.dispatch.public import empty_plan, improve, rounds
print(improve(empty_plan(a_larger_problem()), rounds(30), seed=5).routes)
"""


def test_the_same_seed_gives_the_same_plan_in_every_process() -> None:
    plans = {
        subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    here = improve(empty_plan(a_larger_problem()), rounds(30), seed=5)
    assert plans == {f"{here.routes}\n"}
    assert check(here) == []
    assert improve(empty_plan(a_larger_problem()), rounds(30), seed=6).routes != here.routes


def test_a_search_can_be_stopped_and_gone_on_with() -> None:
    plan = improve(empty_plan(a_larger_problem()), rounds(1))
    better = improve(plan, rounds(40))
    assert better.cost <= plan.cost
    assert improve(better, lambda: 1.0) is better


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("place", {"requests": (Request("a", Stop(5), Stop(0)),)}),
        ("window", {"requests": (Request("a", Stop(0, 5, 4), Stop(0)),)}),
        ("load", {"requests": (Request("a", Stop(0), Stop(0), {"seats": -1}),)}),
        ("capacity", {"vehicles": (Vehicle("v", Stop(0), Stop(0), {"seats": -1}),)}),
        ("matrix", {"times": np.zeros((2, 3))}),
        ("matrix", {"times": -np.ones((2, 2))}),
        ("identifier", {"requests": (Request("a", Stop(0), Stop(0)), Request("a", Stop(0), Stop(0)))}),
        ("window", {"vehicles": (Vehicle("v", Stop(0), Stop(0), pauses=(Pause(5, 4, 1),)),)}),
    ],
)
def test_what_is_no_problem(code: str, change: dict[str, object]) -> None:
    whole = Problem((), (Vehicle("v", Stop(0), Stop(0)),), np.zeros((2, 2), dtype=np.int64))
    with pytest.raises(DispatchError) as error:
        replace(whole, **change)
    assert error.value.code == code


@pytest.mark.parametrize(
    "routes",
    [
        {"v": [("a", False)]},
        {"v": [("a", True), ("a", False)]},
        {"w": []},
        {"v": [("x", False), ("x", True)]},
        {"v": [("a", False), ("a", True), ("a", False), ("a", True)]},
    ],
)
def test_what_is_no_route(routes: dict[str, list[tuple[str, bool]]]) -> None:
    problem = Problem(
        (Request("a", Stop(0), Stop(1)),),
        (Vehicle("v", Stop(0), Stop(0)),),
        np.array([[0, 1], [1, 0]]),
    )
    with pytest.raises(DispatchError):
        plan_of(problem, routes)


def test_the_plain_check_names_the_limit() -> None:
    times = np.abs(np.arange(3)[:, None] - np.arange(3)[None]) * 10
    a = Request("a", Stop(1, 0, 9), Stop(2), kept=True)
    problem = Problem((a,), (Vehicle("v", Stop(0), Stop(0), {"seats": 1}),), times)
    assert check_routes(problem, {"v": [("a", False), ("a", True)]}) == [Fault("window", "v", "a")]
    assert check_routes(problem, {"v": []}) == [Fault("left_out", "", "a")]
    assert check_routes(problem, {"v": [("a", True), ("a", False)]})[0].limit == "order"


def test_the_example_of_the_door_and_warming_up() -> None:
    import doctest

    dispatch.warm()
    assert doctest.testmod(dispatch).failed == 0
