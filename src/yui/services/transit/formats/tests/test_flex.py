"""A service on demand as a feed: table of service and what is written."""

import datetime as dt
import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.services.transit.contracts import BookingWindow, Category, Fares, Hours, Licence, Pattern
from yui.services.transit.formats.booking import notice
from yui.services.transit.formats.feed import LOCATIONS, Feed
from yui.services.transit.formats.flex import feed_of
from yui.services.transit.formats.gtfs import check, equal_in_meaning, read, write
from yui.services.transit.formats.publication import ring_of
from yui.services.transit.formats.tests.services import (
    AREA,
    CLINIC,
    OFFICE,
    PUBLICATION,
    STATION_OUTSIDE,
    TODAY,
    service,
)
from yui.services.transit.rules import JAPAN, check_time


def fed(**changes: Any) -> Feed:
    return feed_of(service(**changes), PUBLICATION, today=TODAY)


def calls(feed: Feed) -> list[tuple[str, str, str]]:
    """Place, pick-up and drop-off types of the first trip, in order."""
    return [
        (row.get("location_id") or row["location_group_id"], row["pickup_type"], row["drop_off_type"])
        for row in feed.rows("stop_times")
        if row["trip_id"] == "norumu-1"
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pattern": Pattern.DETOUR},
        {"pattern": Pattern.DOOR_TO_DOOR, "stops": ()},
        {"stops": (OFFICE, CLINIC, STATION_OUTSIDE)},
        {"booking": BookingWindow(7, 0)},
        {"booking": BookingWindow(7, 24 * 60)},
        {"door": frozenset({Category.WHEELCHAIR})},
        {"fares": (Fares(dt.date(2026, 4, 1), zones={("A", "B"): 400, ("A", "A"): 200, ("B", "B"): 200}),)},
    ],
)
def test_every_service_makes_a_good_feed(changes: dict[str, Any]) -> None:
    feed = fed(**changes)
    assert check(feed, japan=True) == ()
    reading = read(write(feed), japan=True)
    assert reading.problems == ()
    assert equal_in_meaning(reading.feed, feed)


def test_a_service_of_meeting_points_is_a_group_of_stops() -> None:
    feed = fed()
    assert calls(feed) == [("norumu-stops", "2", "1"), ("norumu-stops", "1", "2")]
    assert [row["stop_id"] for row in feed.rows("location_group_stops")] == ["s1", "s2"]
    assert LOCATIONS not in feed.files


def test_a_service_to_the_door_is_a_zone() -> None:
    feed = fed(pattern=Pattern.DOOR_TO_DOOR)
    assert calls(feed) == [("norumu-area", "2", "1"), ("norumu-area", "1", "2")]
    (zone,) = feed.locations()
    assert zone["id"] == "norumu-area"
    assert zone["geometry"]["coordinates"][0][0] == [138.10, 36.00]


def test_a_stop_outside_is_reached_from_the_area_only() -> None:
    stops = (OFFICE, STATION_OUTSIDE)
    outside = ("norumu-stops-outside", "2", "2")
    assert calls(fed(stops=stops))[1] == outside
    assert calls(fed(stops=stops, pattern=Pattern.DOOR_TO_DOOR))[1] == outside
    assert len(calls(fed(stops=stops, licence=Licence.GENERAL))) == 2


def test_a_service_that_nobody_could_ride_is_refused() -> None:
    for changes in (
        {"stops": ()},
        {"stops": (STATION_OUTSIDE,)},
        {"pattern": Pattern.FIXED_ROUTE},
        {"hours": ()},
        {"booking": BookingWindow(0, 24 * 60)},
    ):
        with pytest.raises(ValueError, match=r"norumu|Booking opens"):
            fed(**changes)


def test_a_service_without_a_fare_is_refused() -> None:
    with pytest.raises(LookupError):
        fed(fares=(Fares(dt.date(2027, 4, 1), 300),), valid_from=dt.date(2026, 4, 1))


def test_national_holidays_are_rests_unless_it_runs_on_them() -> None:
    rests = {(row["service_id"], row["date"]) for row in fed().rows("calendar_dates")}
    assert ("d12345", "20261103") in rests  # 文化の日, a Tuesday
    assert ("d12345", "20270322") in rests  # in lieu of 春分の日, a Sunday
    assert {service_id for service_id, _ in rests} == {"d12345"}


def test_closed_days_are_rests_of_every_calendar() -> None:
    closed = replace(PUBLICATION, closed=frozenset({dt.date(2027, 1, 2), dt.date(2027, 1, 4)}))
    rows = feed_of(service(), closed, today=TODAY).rows("calendar_dates")
    assert {("d6h", "20270102"), ("d12345", "20270104")} <= {(row["service_id"], row["date"]) for row in rows}


def test_the_feed_ends_where_the_fare_changes() -> None:
    fares = (Fares(dt.date(2026, 4, 1), 300), Fares(dt.date(2026, 12, 1), 350))
    (info,) = fed(fares=fares).rows("feed_info")
    assert (info["feed_start_date"], info["feed_end_date"]) == ("20261001", "20261130")
    (later,) = feed_of(service(fares=fares), PUBLICATION, today=dt.date(2026, 12, 1)).rows("fare_attributes")
    assert later["price"] == "350"


def test_a_service_to_come_starts_on_its_first_day() -> None:
    (info,) = fed(valid_from=dt.date(2026, 11, 1)).rows("feed_info")
    assert info["feed_start_date"] == "20261101"


def test_a_price_is_what_an_adult_pays() -> None:
    (fare,) = fed(fares=(Fares(dt.date(2026, 4, 1), 305, rounding_yen=50),)).rows("fare_attributes")
    assert fare["price"] == "350"


def test_prices_between_zones_hold_both_ways() -> None:
    fares = (Fares(dt.date(2026, 4, 1), zones={("A", "B"): 400, ("A", "A"): 200, ("A", "C"): 900}),)
    feed = fed(fares=fares)
    assert {(r["origin_id"], r["destination_id"], r["fare_id"]) for r in feed.rows("fare_rules")} == {
        ("A", "B", "400"),
        ("B", "A", "400"),
        ("A", "A", "200"),
    }
    assert [row["price"] for row in feed.rows("fare_attributes")] == ["200", "400"]


def test_a_price_that_no_rule_can_hold_to_a_place_is_left_out() -> None:
    fares = (Fares(dt.date(2026, 4, 1), zones={("A", "B"): 400}),)
    assert "fare_attributes" not in fed(fares=fares, pattern=Pattern.DOOR_TO_DOOR, stops=()).tables


def test_forbidden_columns_are_not_written() -> None:
    (at_once,) = fed(booking=BookingWindow(7, 0)).rows("booking_rules")
    assert at_once["booking_type"] == "0"
    assert not {name for name in at_once if name.startswith("prior_notice")}
    (same_day,) = fed().rows("booking_rules")
    assert same_day["prior_notice_duration_min"] == "30"
    assert (same_day["prior_notice_start_day"], same_day["prior_notice_start_time"]) == ("7", "00:00:00")
    assert "prior_notice_last_day" not in same_day
    columns = set(fed().tables["stop_times"].columns)
    assert not columns & {"arrival_time", "departure_time", "timepoint", "location_id"}


def test_hours_that_start_at_other_times_have_other_deadlines_of_the_day_before() -> None:
    feed = fed(booking=BookingWindow(7, 24 * 60))
    last = {row["booking_rule_id"]: row["prior_notice_last_time"] for row in feed.rows("booking_rules")}
    used = {
        row["trip_id"]: row["pickup_booking_rule_id"]
        for row in feed.rows("stop_times")
        if row["pickup_type"] == "2"
    }
    assert {trip: last[rule] for trip, rule in used.items()} == {
        "norumu-1": "08:30:00",
        "norumu-2": "09:00:00",
    }


@given(
    opens=st.times(dt.time(5), dt.time(12)).map(lambda t: t.replace(second=0, microsecond=0)),
    closes_minutes=st.integers(1, 4000),
    ride=st.integers(0, 600),
)
def test_who_books_in_the_time_the_feed_tells_is_never_too_late(
    opens: dt.time, closes_minutes: int, ride: int
) -> None:
    hours = Hours(frozenset(range(7)), opens, dt.time(23), on_holidays=True)
    booking = BookingWindow(7, closes_minutes)
    told = notice(booking, hours)
    pickup = dt.datetime.combine(TODAY, opens, JAPAN) + dt.timedelta(minutes=ride)
    if told["booking_type"] == "1":
        deadline = pickup - dt.timedelta(minutes=int(told["prior_notice_duration_min"]))
    else:
        day = TODAY - dt.timedelta(days=int(told["prior_notice_last_day"]))
        deadline = dt.datetime.combine(day, dt.time.fromisoformat(told["prior_notice_last_time"]), JAPAN)
        # No later than needed for the first ride of the day.
        assert dt.datetime.combine(TODAY, opens, JAPAN) - deadline == dt.timedelta(minutes=closes_minutes)
    if pickup.date() == TODAY and pickup.time() < dt.time(23):
        assert check_time(service(hours=(hours,), booking=booking), pickup, deadline) is None


def test_times_on_board_are_promised_as_the_service_does() -> None:
    trip = fed().rows("trips")[0]
    assert (trip["safe_duration_factor"], trip["safe_duration_offset"]) == ("1.5", "600")


def test_a_ring_runs_counterclockwise_and_is_closed() -> None:
    for area in (AREA, AREA[::-1], (*AREA, AREA[0])):
        ring = ring_of(area)
        assert ring[0] == ring[-1]
        assert len(ring) == 5
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0


def test_the_same_service_makes_the_same_bytes() -> None:
    assert write(fed()) == write(fed())


def test_riders_are_told_where_the_vehicle_stops() -> None:
    (rule,) = fed(door=frozenset({Category.SENIOR})).rows("booking_rules")
    assert rule["message"] == (
        "7日前から、30分前まで予約できます。乗り降りは決められた乗り場です。対象の方は玄関先で乗り降りできます。"
    )
    assert json.loads(fed(pattern=Pattern.DOOR_TO_DOOR).files[LOCATIONS])["type"] == "FeatureCollection"
