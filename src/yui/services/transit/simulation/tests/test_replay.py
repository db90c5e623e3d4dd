"""A replayed day: small ones reckoned by hand, any one sound, the same for the same seed."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.dispatch.public import Fault
from yui.services.transit.contracts import Limits, Pattern, Wish
from yui.services.transit.simulation import replay as replaying
from yui.services.transit.simulation.demand import BEFORE, DayOptions, make_day
from yui.services.transit.simulation.policies import Cars, Rates
from yui.services.transit.simulation.replay import Fate, Replay, Unplanned, UnsoundPlan
from yui.services.transit.simulation.results import as_csv, as_json, result_of, results_in, results_out
from yui.services.transit.simulation.tests.days import (
    CLINIC,
    HALL,
    LINE,
    LOWER,
    ONE_CAR,
    POLICY,
    SPOTS,
    TOWN,
    UPPER,
    replayed,
    trip,
)

NINE = 9 * 3600
# From one place of the line to the next, at ten metres a second; and its metres.
LEG, METRES = (
    int(matrix[0, 1])
    for matrix in (LINE.between([HALL, CLINIC]).seconds, LINE.between([HALL, CLINIC]).metres)
)


def test_one_ride_reckoned_by_hand() -> None:
    """From the base to the clinic, one minute to board, two legs to the upper hamlet and another, three back."""
    day = replayed(trip(1, NINE, CLINIC, LOWER))
    (story,) = day.stories.values()
    assert (story.fate, story.told, story.picked) == (Fate.SERVED, NINE + LEG, NINE + LEG)
    assert story.dropped == NINE + LEG + 60 + int(LINE.between([CLINIC, LOWER]).seconds[0, 1])
    (car,) = day.cars
    ways = [LINE.between(pair) for pair in ((HALL, CLINIC), (CLINIC, LOWER), (LOWER, HALL))]
    assert car.seconds_driven == sum(int(way.seconds[0, 1]) for way in ways)
    assert car.metres == sum(int(way.metres[0, 1]) for way in ways)
    assert car.seconds_in_service == 10 * 3600
    assert car.rider_seconds == story.dropped - story.picked
    result = result_of(day, Rates(yen_per_car_day=1000, yen_per_hour=2000, yen_per_km=0))
    assert (result.all.wait_median_seconds, result.all.ride_median_seconds) == (
        LEG,
        story.dropped - story.boarded,
    )
    assert (result.cost_yen, result.cost_per_ride_yen) == (21_000, 21_000)


def test_what_kilometres_cost_is_rounded_once() -> None:
    day = replayed(trip(1, NINE, HALL, CLINIC))
    result = result_of(day, Rates(yen_per_car_day=0, yen_per_hour=0, yen_per_km=100))
    assert day.cars[0].metres == 2 * METRES
    assert result.cost_yen == (2 * METRES * 100 + 500) // 1000


def test_two_who_go_the_same_way_ride_together() -> None:
    day = replayed(trip(1, NINE, HALL, LOWER), trip(2, NINE, CLINIC, LOWER))
    one, other = day.stories.values()
    assert one.picked < other.picked < one.dropped
    alone = replayed(trip(1, NINE, HALL, LOWER))
    assert day.cars[0].seconds_driven == alone.cars[0].seconds_driven


def test_reasons_of_refusal() -> None:
    stops = replace(POLICY, pattern=Pattern.MEETING_POINTS, walk_metres=300, wheelchairs_at_door=False)
    day = replayed(
        trip(1, NINE, LOWER, HALL),
        trip(2, NINE, HALL, replace(HALL, latitude=36.001)),
        trip(3, 20 * 3600, HALL, CLINIC),
        trip(4, NINE, HALL, CLINIC, wish=Wish.ARRIVE_BY, at=NINE + 10),
        trip(5, NINE, HALL, CLINIC, seats=9),
        policy=stops,
    )
    assert [story.reason for story in day.stories.values()] == [
        Unplanned.NO_STOP_NEAR,
        Unplanned.SAME_STOP,
        Unplanned.OUTSIDE_HOURS,
        Unplanned.TOO_LATE,
        "no_room",
    ]
    assert {story.fate for story in day.stories.values()} == {Fate.REFUSED}
    assert result_of(day, Rates()).refused_by["no_room"] == 1


def test_a_wheelchair_is_met_at_the_door() -> None:
    stops = replace(POLICY, pattern=Pattern.MEETING_POINTS, walk_metres=300)
    day = replayed(trip(1, NINE, LOWER, HALL, wheelchairs=1), policy=stops)
    (story,) = day.stories.values()
    assert (story.fate, story.boarded - story.picked) == (Fate.SERVED, 180)
    result = result_of(day, Rates())
    assert (result.wheelchair.served, result.others.asked) == (1, 0)


def test_who_walks_to_a_stop_walks_from_one_as_well() -> None:
    near = replace(UPPER, latitude=36.001)
    stops = replace(POLICY, pattern=Pattern.MEETING_POINTS, walk_metres=300)
    (story,) = replayed(trip(1, NINE, near, HALL), policy=stops).stories.values()
    assert story.fate is Fate.SERVED
    assert story.walk == pytest.approx(1.3 * 111, abs=1)


def test_taken_back_in_time_nothing_is_driven() -> None:
    early = trip(1, BEFORE, LOWER, HALL, wish=Wish.PICKUP_FROM, at=15 * 3600, cancelled=NINE)
    day = replayed(early)
    assert day.stories["00001"].fate is Fate.CANCELLED
    assert day.cars[0].seconds_driven == 0


def test_taken_back_too_late_or_nobody_there_the_car_came_for_nothing() -> None:
    for lost, fate in (
        (trip(1, NINE, LOWER, HALL, cancelled=NINE + 120), Fate.CANCELLED),
        (trip(1, NINE, LOWER, HALL, comes=False), Fate.NOT_THERE),
    ):
        day = replayed(lost)
        assert day.stories["00001"].fate is fate
        there_and_back = 2 * int(LINE.between([HALL, LOWER]).seconds[0, 1])
        assert day.cars[0].seconds_driven == there_and_back
        assert day.cars[0].rider_seconds == 0


def test_taken_back_after_it_was_picked_up_it_is_served() -> None:
    day = replayed(trip(1, NINE, HALL, LOWER, cancelled=NINE + 180))
    assert day.stories["00001"].fate is Fate.SERVED


def test_a_ride_wished_before_the_first_car_waits_for_it() -> None:
    (story,) = replayed(trip(1, 7 * 3600, HALL, CLINIC)).stories.values()
    assert (story.fate, story.picked) == (Fate.SERVED, 8 * 3600)


def test_more_cars_never_serve_fewer() -> None:
    trips = make_day(SPOTS, DayOptions(rides=50, seed=3))
    served = []
    for count in (1, 3):
        policy = replace(POLICY, cars=(replace(ONE_CAR[0], count=count),))
        served.append(result_of(replayed(*trips, policy=policy), Rates()).all.served)
    assert served[0] < served[1]


def test_the_board_minute_by_minute_adds_up() -> None:
    trips = make_day(SPOTS, DayOptions(rides=30, seed=5))
    day = Replay(TOWN, trips, POLICY)
    boards = list(day.minutes())
    assert [board.now for board in boards] == sorted({board.now for board in boards})
    assert all(board.cars[0].aboard <= 4 for board in boards)
    assert max(board.cars[0].aboard for board in boards) > 0
    assert boards[-1].waiting == boards[-1].cars[0].ahead == boards[-1].cars[0].aboard == 0
    assert boards[-1].served == result_of(day, Rates()).all.served
    whole = Replay(TOWN, trips, POLICY).run()
    assert {name: story.picked for name, story in whole.stories.items()} == {
        name: story.picked for name, story in day.stories.items()
    }


def test_an_unsound_plan_gives_no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "check", lambda _plan: [Fault("window", "1")])
    with pytest.raises(UnsoundPlan, match="window"):
        replayed(trip(1, NINE, HALL, CLINIC))


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(1, 10_000),
    rides=st.integers(1, 30),
    cars=st.integers(1, 3),
    pattern=st.sampled_from([Pattern.DOOR_TO_DOOR, Pattern.MEETING_POINTS]),
    window=st.integers(0, 15),
)
def test_any_day_is_sound_and_adds_up(
    seed: int, rides: int, cars: int, pattern: Pattern, window: int
) -> None:
    """Every plan of every minute passes the independent check; windows told are kept; every ride ends somehow."""
    trips = make_day(SPOTS, DayOptions(rides, seed, cancel_percent=15, no_show_percent=10))
    fleet = (Cars(cars, 3, 1, dt.time(8), dt.time(17)),)
    policy = replace(
        POLICY,
        pattern=pattern,
        cars=fleet,
        walk_metres=2_000,
        window_minutes=window,
        limits=Limits(wait_minutes=30),
    )
    day = replayed(*trips, policy=policy, seed=seed)
    result = result_of(day, Rates())
    for figures in (
        result.all,
        result.wheelchair,
        result.others,
        *result.by_age.values(),
        *result.by_area.values(),
    ):
        assert figures.served + figures.refused + figures.cancelled + figures.not_there == figures.asked
    assert result.all.asked == rides == sum(one.asked for one in result.by_age.values())
    assert rides == sum(one.asked for one in result.by_area.values())
    assert rides == result.wheelchair.asked + result.others.asked
    assert sum(result.refused_by.values()) == result.all.refused
    for story in day.stories.values():
        if story.fate is Fate.SERVED:
            assert 0 <= story.picked - story.told <= window * 60
            direct = int(LINE.between([story.trip.origin, story.trip.destination]).seconds[0, 1])
            if pattern is Pattern.DOOR_TO_DOOR:
                assert story.dropped - story.boarded <= direct * 1.5 + 600 + 1
            if story.trip.wish is Wish.ARRIVE_BY:
                assert story.dropped <= story.trip.at


def test_one_seed_one_result_byte_for_byte() -> None:
    files = []
    for _turn in range(2):
        trips = make_day(SPOTS, DayOptions(rides=30, seed=11))
        results = [result_of(Replay(TOWN, trips, POLICY, seed=4).run(), Rates())]
        assert results_in(results_out(results)) == tuple(results)
        files.append((as_json(results, {"seed": 4}), as_csv(results)))
    assert files[0] == files[1]
    other = [result_of(Replay(TOWN, make_day(SPOTS, DayOptions(rides=30, seed=12)), POLICY).run(), Rates())]
    assert as_json(other, {"seed": 4}) != files[0][0]


def test_a_large_trace_is_set_down_on_a_coarser_net(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "_MOST_PLACES", 5)
    trips = [
        trip(number, NINE + 600 * number, replace(UPPER, latitude=36.0 + number / 1e6), HALL)
        for number in range(1, 12)
    ]
    day = replayed(*trips)
    assert len(day._places) <= 5
    assert {story.fate for story in day.stories.values()} == {Fate.SERVED}
