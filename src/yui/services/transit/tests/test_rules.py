"""Rules of rides: tables of situation and outcome."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.services.transit.contracts import (
    BookingWindow,
    Category,
    Definition,
    Discount,
    Fares,
    Hours,
    Licence,
    Limits,
    Pattern,
    Stop,
)
from yui.services.transit.rules import (
    JAPAN,
    DriverFacts,
    FareProblem,
    Refused,
    Rider,
    RollCall,
    Unfit,
    VehicleFacts,
    check_dynamic_fares,
    check_fare_level,
    check_places,
    check_time,
    days_of_warning,
    fare_parts,
    fare_yen,
    fares_on,
    hours_on,
    in_area,
    matching_percent,
    next_pickup,
    unfit,
    vehicles_lacking,
    vehicles_lacking_simply,
)

HALL = Stop("1", "役場", "やくば", 35.00, 135.00, "A")
CLINIC = Stop("2", "診療所", "しんりょうじょ", 35.01, 135.01, "B")
FAR = Stop("3", "駅", "えき", 35.30, 135.30, "C")
SQUARE = ((34.9, 134.9), (34.9, 135.1), (35.1, 135.1), (35.1, 134.9))
BUS = Definition(
    code="yui_bus",
    name_ja="結バス",
    name_kana="ゆいばす",
    name_en="Yui Bus",
    operator_ja="稲架町",
    operator_number="1000020999024",
    licence=Licence.VACANT_AREA,
    pattern=Pattern.MEETING_POINTS,
    valid_from=dt.date(2026, 4, 1),
    area=SQUARE,
    hours=(
        Hours(frozenset(range(5)), dt.time(8, 30), dt.time(12)),
        Hours(frozenset(range(6)), dt.time(13), dt.time(18, 30)),
    ),
    booking=BookingWindow(opens_days=7, closes_minutes=30),
    limits=Limits(),
    fares=(
        Fares(dt.date(2026, 4, 1), flat_yen=300),
        Fares(
            dt.date(2026, 10, 1),
            flat_yen=400,
            shared_yen=200,
            discounts=(
                Discount(Category.CHILD, 50),
                Discount(Category.DISABLED, 50),
                Discount(Category.INFANT, 0),
            ),
        ),
    ),
    stops=(HALL, CLINIC, FAR),
    door=frozenset({Category.WHEELCHAIR, Category.SENIOR}),
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("pickup", "now", "expected"),
    [
        ("2026-11-25 09:00", "2026-11-25 08:30", None),
        ("2026-11-25 09:00", "2026-11-25 08:31", Refused.TOO_LATE),
        ("2026-11-25 12:00", "2026-11-25 08:00", Refused.OUTSIDE_HOURS),
        ("2026-11-25 18:29", "2026-11-25 08:00", None),
        ("2026-11-28 09:00", "2026-11-25 08:00", Refused.OUTSIDE_HOURS),
        ("2026-11-28 13:00", "2026-11-25 08:00", None),
        ("2026-11-29 13:00", "2026-11-25 08:00", Refused.CLOSED_DAY),
        # Labour Thanksgiving Day, a Monday.
        ("2026-11-23 09:00", "2026-11-20 08:00", Refused.CLOSED_DAY),
        ("2026-12-02 09:00", "2026-11-25 00:00", None),
        ("2026-12-02 09:00", "2026-11-24 23:59", Refused.NOT_YET_OPEN),
    ],
)
def test_when_a_ride_may_be_booked(pickup: str, now: str, expected: Refused | None) -> None:
    assert check_time(BUS, at(pickup), at(now)) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-25 07:00", "2026-11-25 08:30"),
        ("2026-11-25 11:45", "2026-11-25 13:00"),
        ("2026-11-25 10:00", "2026-11-25 10:30"),
        ("2026-11-25 18:10", "2026-11-26 08:30"),
        ("2026-11-21 18:10", "2026-11-24 08:30"),
    ],
)
def test_the_next_ride_that_can_be_booked(now: str, expected: str) -> None:
    assert next_pickup(BUS, at(now)) == at(expected)


def test_a_service_that_does_not_run_offers_nothing() -> None:
    assert next_pickup(replace(BUS, hours=()), at("2026-11-25 07:00")) is None
    assert hours_on(BUS, dt.date(2026, 11, 29)) == []


@given(st.integers(0, 60 * 24 * 60))
def test_what_is_the_next_ride_may_be_booked(minutes: int) -> None:
    now = at("2026-11-01 00:00") + dt.timedelta(minutes=minutes)
    found = next_pickup(BUS, now)
    assert found is not None
    assert check_time(BUS, found, now) is None


SENIOR, ADULT = {Category.SENIOR}, {Category.ADULT}
HOME, AWAY = (35.05, 135.05), (35.2, 135.2)


@pytest.mark.parametrize(
    ("origin", "destination", "categories", "expected"),
    [
        (HALL, CLINIC, ADULT, None),
        (HALL, HALL, ADULT, Refused.SAME_PLACE),
        (HOME, CLINIC, ADULT, Refused.STOPS_ONLY),
        (HOME, CLINIC, SENIOR, None),
        # One end in the area is enough for 自家用有償旅客運送.
        (HALL, FAR, ADULT, None),
        (FAR, AWAY, SENIOR, Refused.OUTSIDE_AREA),
    ],
)
def test_between_which_places(
    origin: Stop, destination: Stop, categories: set[Category], expected: Refused | None
) -> None:
    assert check_places(BUS, origin, destination, categories) is expected


def test_a_taxi_business_stays_within_its_area_at_both_ends() -> None:
    taxi = replace(BUS, licence=Licence.GENERAL)
    assert check_places(taxi, HALL, FAR, ADULT) is Refused.OUTSIDE_AREA


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ((35.0, 135.0), True),
        ((34.9, 135.0), True),
        ((34.9, 134.9), True),
        ((34.89, 135.0), False),
        ((35.0, 135.2), False),
    ],
)
def test_the_edge_of_the_area_is_inside(place: tuple[float, float], inside: bool) -> None:
    assert in_area(BUS, *place) is inside


@given(st.floats(34.8, 35.2), st.floats(134.8, 135.2))
def test_an_area_and_its_ring_the_other_way_round_are_the_same(latitude: float, longitude: float) -> None:
    expected = 34.9 <= latitude <= 35.1 and 134.9 <= longitude <= 135.1
    assert in_area(BUS, latitude, longitude) is expected
    assert in_area(replace(BUS, area=SQUARE[::-1]), latitude, longitude) is expected


def rider(*categories: Category, has_pass: bool = False) -> Rider:
    return Rider(frozenset(categories), has_pass)


@pytest.mark.parametrize(
    ("day", "riders", "shared", "expected"),
    [
        ("2026-09-30", [rider()], False, 300),
        ("2026-10-01", [rider()], False, 400),
        # 国富町: 400 yen alone, 200 yen when shared.
        ("2026-10-01", [rider()], True, 200),
        ("2026-10-01", [rider(Category.CHILD)], False, 200),
        ("2026-10-01", [rider(Category.CHILD, Category.DISABLED)], True, 100),
        ("2026-10-01", [rider(), rider(Category.INFANT), rider(has_pass=True)], False, 400),
    ],
)
def test_what_a_ride_costs(day: str, riders: list[Rider], shared: bool, expected: int) -> None:
    assert fare_yen(fares_on(BUS, dt.date.fromisoformat(day)), riders, shared=shared) == expected


def test_fares_between_zones_hold_both_ways_and_are_rounded_up() -> None:
    fares = Fares(dt.date(2026, 4, 1), zones={("A", "B"): 250}, discounts=(Discount(Category.CHILD, 50),))
    assert fare_yen(fares, [rider()], zones=("B", "A")) == 250
    assert fare_yen(fares, [rider(Category.CHILD)], zones=("A", "B")) == 130
    with pytest.raises(LookupError, match="A and C"):
        fare_yen(fares, [rider()], zones=("A", "C"))


def test_no_fares_before_the_first() -> None:
    with pytest.raises(LookupError):
        fares_on(BUS, dt.date(2026, 3, 31))


@pytest.mark.parametrize(
    ("fare", "taxi", "expected"),
    [(800, 1000, None), (801, 1000, FareProblem.ABOVE_TAXI), (0, 1000, None)],
)
def test_about_eight_tenths_of_a_taxi(fare: int, taxi: int, expected: FareProblem | None) -> None:
    assert check_fare_level(fare, taxi) is expected


@pytest.mark.parametrize(
    ("charged", "expected"),
    [
        ([250, 500, 750], None),
        ([249, 500], FareProblem.DYNAMIC_TOO_FAR),
        ([751, 250], FareProblem.DYNAMIC_TOO_FAR),
        ([501, 500], FareProblem.DYNAMIC_MEAN),
        ([], None),
    ],
)
def test_fares_that_change_with_demand(charged: list[int], expected: FareProblem | None) -> None:
    assert check_dynamic_fares(500, charged) is expected


def test_ride_share_matching_and_shortage() -> None:
    assert matching_percent(200, 150, 20) == 85.0
    assert matching_percent(0, 0, 0) is None


@pytest.mark.parametrize(
    ("requests", "accepts", "rides_per_vehicle", "lacking"),
    [
        (200, 170, 4, 3),  # 180 of 200 are the goal; ten more rides at four a vehicle
        (200, 180, 4, 0),
        (200, 179, 4, 1),
        (200, 190, 4, 0),
        (100, 76, 1, 14),
        (10, 0, 3, 3),
        (0, 0, 2, 0),
        # Means of many days are fractions, and nothing is lost in them: 12.6 - 7.6 = 5 more rides, ten at a half each.
        (Fraction(14), Fraction(76, 10), Fraction(1, 2), 10),
        (Fraction(1, 3), Fraction(3, 10), Fraction(1, 10), 0),
    ],
)
def test_vehicles_lacking_to_the_goal(
    requests: int | Fraction, accepts: int | Fraction, rides_per_vehicle: int | Fraction, lacking: int
) -> None:
    assert vehicles_lacking(requests, accepts, rides_per_vehicle) == lacking


@pytest.mark.parametrize(
    ("days_left", "warning"), [(-1, 0), (0, 30), (30, 30), (31, 60), (60, 60), (61, None), (400, None)]
)
def test_last_days_are_warned_of(days_left: int, warning: int | None) -> None:
    assert days_of_warning(DAY + dt.timedelta(days=days_left), DAY) == warning


def test_a_fare_is_the_sum_of_its_parts() -> None:
    fares = fares_on(BUS, DAY)
    riders = [Rider(frozenset({category})) for category in Category] + [Rider(has_pass=True)]
    for shared in (False, True):
        parts = fare_parts(fares, riders, zones=("A", "B"), shared=shared)
        assert fare_yen(fares, riders, zones=("A", "B"), shared=shared) == sum(part.yen for part in parts)
        assert [part.has_pass for part in parts] == [False] * len(Category) + [True]
        assert all(part.is_shared is shared for part in parts[:-1])
        for part in parts[:-1]:
            assert (
                part.yen
                == -(-part.full_yen * part.percent // (100 * fares.rounding_yen)) * fares.rounding_yen
            )


@pytest.mark.parametrize(
    ("weekday", "hour", "expected"),
    [(4, 15, 0), (4, 16, 5), (5, 5, 5), (5, 6, 0), (5, 23, 5), (6, 5, 5), (6, 6, 0), (3, 20, 0), (4, 3, 0)],
)
def test_the_simple_way_counts_two_nights(weekday: int, hour: int, expected: int) -> None:
    assert vehicles_lacking_simply(100, weekday, hour) == expected


DAY = dt.date(2026, 11, 25)
DRIVER = DriverFacts(DAY, second_class=False, trained_on=DAY)
CAR = VehicleFacts(DAY, DAY)


@pytest.mark.parametrize(
    ("driver", "car", "call", "licence", "expected"),
    [
        (DRIVER, CAR, RollCall(0, True), Licence.VACANT_AREA, []),
        (DRIVER, CAR, RollCall(0, True), Licence.GENERAL, [Unfit.NOT_QUALIFIED]),
        (replace(DRIVER, trained_on=None), CAR, RollCall(0, True), Licence.WELFARE, [Unfit.NOT_QUALIFIED]),
        (
            replace(DRIVER, trained_on=DAY + dt.timedelta(1)),
            CAR,
            RollCall(0, True),
            Licence.WELFARE,
            [Unfit.NOT_QUALIFIED],
        ),
        (replace(DRIVER, trained_on=None, second_class=True), CAR, RollCall(0, True), Licence.GENERAL, []),
        (DRIVER, CAR, None, Licence.VACANT_AREA, [Unfit.NO_ROLL_CALL]),
        (DRIVER, CAR, RollCall(0.01, False), Licence.VACANT_AREA, [Unfit.ALCOHOL, Unfit.UNWELL]),
        (
            replace(DRIVER, licence_until=DAY - dt.timedelta(1)),
            VehicleFacts(DAY - dt.timedelta(1), DAY - dt.timedelta(1)),
            RollCall(0, True),
            Licence.VACANT_AREA,
            [Unfit.LICENCE_EXPIRED, Unfit.INSPECTION_EXPIRED, Unfit.INSURANCE_EXPIRED],
        ),
    ],
)
def test_who_may_go_out(
    driver: DriverFacts, car: VehicleFacts, call: RollCall | None, licence: Licence, expected: list[Unfit]
) -> None:
    assert unfit(driver, car, call, licence, DAY) == expected
