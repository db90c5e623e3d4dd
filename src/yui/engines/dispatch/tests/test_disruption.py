"""Whatever goes wrong: no hard limit is violated, and a promise that can't be kept is named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.dispatch.public import (
    FAR,
    DispatchError,
    Plan,
    Problem,
    Refusal,
    Request,
    Stop,
    Vehicle,
    accept,
    advance,
    break_down,
    check,
    empty_plan,
    forget_past,
    improve,
    late,
    make_room,
    no_show,
    quote,
    rounds,
    with_times,
)
from yui.engines.dispatch.tests.test_dispatch import a_problem, a_request, can_start, promised

LINE = np.abs(np.arange(10)[:, None] - np.arange(10)[None]) * 10


def booked(plan: Plan, *requests: Request) -> Plan:
    for request in requests:
        offers = quote(plan, request)
        assert not isinstance(offers, Refusal), offers
        plan = accept(plan, request, offers[0])
    return plan


def two_buses() -> Plan:
    buses = tuple(Vehicle(f"bus {n}", Stop(n), Stop(n), {"seats": 4}) for n in (0, 9))
    return empty_plan(Problem((), buses, LINE))


def test_another_car_fetches_who_is_on_board_of_one_that_broke_down() -> None:
    plan = booked(two_buses(), Request("a", Stop(1, 0, 50), Stop(5, 0, 60), kept=True))
    plan = booked(plan, Request("b", Stop(2, 0, 60), Stop(4, 0, 400), kept=True))
    moving = advance(plan, 12)
    after = break_down(moving, "bus 0", 15, place=2)
    assert check(after.plan) == []
    assert after.stranded == ()
    visits = after.plan.visits()
    assert not visits["bus 0"]
    assert {visit.request for visit in visits["bus 9"]} == {"a", "b"}
    # One was being driven to for 20 and is fetched at 82, early enough to be there as told; the other is there at 112.
    told = [(one.request, one.pickup_by, one.dropoff_by, one.by) for one in after.later]
    assert told == [("b", 82, 400, 62), ("a", FAR, 112, 52)]


def test_who_is_not_there_is_left_and_the_others_go_on() -> None:
    plan = booked(two_buses(), Request("a", Stop(1, 10, 50), Stop(8, 0, 300), kept=True))
    plan = booked(plan, Request("b", Stop(3, 0, 60), Stop(5, 0, 90), kept=True))
    with pytest.raises(DispatchError):
        no_show(plan, "b")
    there = advance(plan, 30)
    gone = no_show(there, "a")
    assert check(gone) == []
    visits = [(visit.request, visit.dropoff, visit.place) for visit in gone.visits()["bus 0"]]
    assert visits == [("a", False, 1), ("a", True, 1), ("b", False, 3), ("b", True, 5)]


def test_a_closed_road_delays_by_no_more_than_it_must() -> None:
    plan = booked(two_buses(), Request("a", Stop(2, 0, 20), Stop(4, 0, 45), kept=True))
    slower = LINE.copy()
    slower[2, 4] = 100
    after = with_times(plan, slower)
    assert check(after.plan) == []
    assert [(one.request, one.dropoff_by, one.by) for one in after.later] == [("a", 120, 75)]


def test_a_car_that_comes_late_says_to_whom() -> None:
    plan = booked(two_buses(), Request("a", Stop(2, 0, 20), Stop(4, 0, 45), kept=True))
    after = late(advance(plan, 5), "bus 0", 40)
    assert check(after.plan) == []
    assert [(one.request, one.dropoff_by) for one in after.later] == [("a", 60)]
    assert after.plan.visits()["bus 0"][0].begins == 40


def test_room_is_made_where_no_quote_finds_any() -> None:
    bus = Vehicle("bus", Stop(0), Stop(0), {"seats": 1})
    other = Vehicle("other", Stop(9), Stop(9), {"seats": 1})
    plan = empty_plan(Problem((), (bus, other), LINE))
    first = Request("a", Stop(4, 0, 60), Stop(5, 0, 80), {"seats": 1}, kept=True)
    plan = booked(plan, first)
    assert [visit.request for visit in plan.visits()["bus"]] == ["a", "a"]
    second = Request("b", Stop(2, 0, 30), Stop(6, 0, 75), {"seats": 1}, kept=True)
    assert isinstance(quote(plan, second), Refusal)
    roomier = make_room(plan, second, rounds(20))
    assert roomier is not None
    assert check(roomier) == []
    assert roomier.left_out == ()
    third = Request("c", Stop(2, 0, 30), Stop(6, 0, 75), {"seats": 1}, kept=True)
    assert make_room(roomier, third, rounds(5)) is None


@st.composite
def a_bad_day(draw: st.DrawFn) -> tuple[Problem, list[tuple[str, object]]]:
    problem = draw(a_problem(0, 3))
    kinds = st.sampled_from(("book", "book", "book", "wait", "improve", "break", "close", "absent", "late"))
    events: list[tuple[str, object]] = []
    for number in range(draw(st.integers(4, 10))):
        kind = draw(kinds)
        events.append(
            (kind, draw(a_request(f"r{number}", long=500)) if kind == "book" else draw(st.integers(1, 80)))
        )
    return problem, events


@settings(max_examples=60, deadline=None, derandomize=True)
@given(a_bad_day())
def test_whatever_goes_wrong_every_promise_is_kept_or_named(
    day: tuple[Problem, list[tuple[str, object]]],
) -> None:
    problem, events = day
    if not can_start(problem):
        return
    plan, now, told = empty_plan(problem), 0, dict[str, tuple[int, int]]()
    broken = set[str]()
    for kind, what in events:
        after = None
        if kind == "book":
            assert isinstance(what, Request)
            plan, _taken = promised(plan, what)
        elif kind == "wait":
            now += int(str(what))
            plan = forget_past(advance(plan, now))
        elif kind == "improve":
            plan = improve(plan, rounds(3), seed=int(str(what)))
        elif kind == "break":
            car = plan.problem.vehicles[int(str(what)) % 3]
            if car.id not in broken:
                broken.add(car.id)
                plan = advance(plan, now)
                after = break_down(plan, car.id, now)
                assert after.plan.visits()[car.id] == ()
        elif kind == "close":
            slower = plan.problem.times.copy()
            slower[int(str(what)) % 12, :] += int(str(what))
            np.fill_diagonal(slower, 0)
            after = with_times(plan, slower)
        elif kind == "absent":
            for request in [one.id for one in plan.problem.requests]:
                try:
                    plan = no_show(plan, request)
                except DispatchError:
                    continue
                told.pop(request, None)
                break
        elif kind == "late":
            for car in plan.problem.vehicles:
                at = next((v for v in plan.visits()[car.id][::-1] if v.request), None)
                if at is None or not plan.locked[plan.problem.vehicles.index(car)]:
                    continue
                last = plan.visits()[car.id][plan.locked[plan.problem.vehicles.index(car)] - 1]
                if last.request and last.begins >= now:
                    after = late(plan, car.id, last.begins + int(str(what)))
                    break
        if after is not None:
            plan = after.plan
            for one in after.later:
                told[one.request] = (one.pickup_by, one.dropoff_by)
            for request in after.stranded:
                told.pop(request, None)
        assert check(plan) == []
        assert plan.left_out == ()
        here = {one.id: one for one in plan.problem.requests}
        for request, asked in here.items():
            known = told.setdefault(request, (asked.pickup.closes, asked.dropoff.closes))
            if asked.load and kind not in ("break", "late"):
                assert asked.pickup.closes <= known[0]
            assert asked.dropoff.closes <= known[1] or not any(asked.load.values())
            told[request] = (asked.pickup.closes, asked.dropoff.closes)
