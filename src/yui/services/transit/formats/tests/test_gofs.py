"""A service on demand as GOFS documents."""

import datetime as dt
import json
from typing import Any

import pytest

from yui.services.transit.contracts import BookingWindow, Fares
from yui.services.transit.formats.gofs import BookingOffer, files_of, realtime_booking, wait_time
from yui.services.transit.formats.tests.services import PUBLICATION, TODAY, service
from yui.services.transit.rules import JAPAN

AT = dt.datetime(2026, 10, 1, 9, tzinfo=JAPAN)
BASE = "https://data.example.jp/gofs"


def written(**changes: Any) -> dict[str, Any]:
    files = files_of(service(**changes), PUBLICATION, base_url=BASE, today=TODAY, at=AT)
    return {name: json.loads(content) for name, content in files.items()}


def data(name: str, key: str, **changes: Any) -> Any:
    return written(**changes)[name]["data"][key]


def test_every_document_has_the_common_head() -> None:
    for document in written().values():
        assert set(document) == {"last_updated", "ttl", "version", "data"}
        assert (document["last_updated"], document["version"]) == (1790812800, "1.0")


def test_the_first_file_leads_to_all_others() -> None:
    files = written()
    linked = {
        feed["url"].removeprefix(f"{BASE}/")
        for language in files["gofs.json"]["data"].values()
        for feed in language["feeds"]
    }
    assert linked | {"gofs.json", "gofs_versions.json"} == set(files)
    assert {name.partition("/")[2] for name in linked} == {
        "system_information.json",
        "service_brands.json",
        "vehicle_types.json",
        "zones.json",
        "operating_rules.json",
        "calendars.json",
        "fares.json",
        "booking_rules.json",
    }


def test_queries_are_listed_where_bookings_are_taken_for_now() -> None:
    feeds = data("gofs.json", "ja", booking=BookingWindow(7, 0))["feeds"]
    assert {"name": "wait_time", "url": f"{BASE}/ja/wait_time"} in feeds
    assert {"name": "realtime_booking", "url": f"{BASE}/ja/realtime_booking"} in feeds


def test_each_language_has_its_names() -> None:
    assert data("ja/service_brands.json", "service_brands")[0]["brand_name"] == "のるむら号"
    assert data("en/service_brands.json", "service_brands")[0]["brand_name"] == "Norumura Bus"
    assert data("en/system_information.json", "operator") == "Yumi Village"


def test_rules_refer_to_what_there_is() -> None:
    files = written()
    zones = {zone["zone_id"] for zone in files["ja/zones.json"]["data"]["zones"]["features"]}
    calendars = {each["calendar_id"] for each in files["ja/calendars.json"]["data"]["calendars"]}
    fares = {fare["fare_id"] for fare in files["ja/fares.json"]["data"]["fares"]}
    kinds = {kind["vehicle_type_id"] for kind in files["ja/vehicle_types.json"]["data"]["vehicle_types"]}
    rules = files["ja/operating_rules.json"]["data"]["operating_rules"]
    assert [(rule["start_pickup_window"], rule["end_dropoff_window"]) for rule in rules] == [
        ("08:30:00", "17:00:00"),
        ("09:00:00", "12:00:00"),
    ]
    for rule in rules:
        assert {rule["from_zone_id"], rule["to_zone_id"]} == zones
        assert set(rule["calendars"]) <= calendars
        assert set(rule["vehicle_type_id"]) == kinds
        assert {rule["fare_id"]} == fares


def test_holidays_are_excepted() -> None:
    weekdays, saturday = data("ja/calendars.json", "calendars")
    assert weekdays["days"] == ["mon", "tue", "wed", "thu", "fri"]
    assert "20261103" in weekdays["excepted_dates"]
    assert saturday["days"] == ["sat"]
    assert "excepted_dates" not in saturday


def test_a_price_between_zones_is_left_out() -> None:
    fares = (Fares(dt.date(2026, 4, 1), zones={("A", "B"): 400}),)
    files = written(fares=fares)
    assert "ja/fares.json" not in files
    assert all("fare_id" not in rule for rule in files["ja/operating_rules.json"]["data"]["operating_rules"])


@pytest.mark.parametrize(
    ("closes_minutes", "limits"),
    [
        (0, {"booking_type": 0}),
        (
            30,
            {
                "booking_type": 1,
                "prior_notice_duration_min": 30,
                "prior_notice_start_day": 7,
                "prior_notice_start_time": "00:00:00",
            },
        ),
        (
            1500,
            {
                "booking_type": 2,
                "prior_notice_last_day": 1,
                "prior_notice_last_time": "07:30:00",
                "prior_notice_start_day": 7,
                "prior_notice_start_time": "00:00:00",
            },
        ),
    ],
)
def test_booking_has_one_rule_for_the_area(closes_minutes: int, limits: dict[str, Any]) -> None:
    (rule,) = data("ja/booking_rules.json", "booking_rules", booking=BookingWindow(7, closes_minutes))
    told = {key: value for key, value in rule.items() if key == "booking_type" or key.startswith("prior")}
    assert told == limits


def test_waiting_times_are_answered() -> None:
    document = json.loads(wait_time({"norumu": 600}, at=AT))
    assert document["data"] == {"wait_times": [{"brand_id": "norumu", "wait_time": 600}]}
    assert document["ttl"] == 0
    assert json.loads(wait_time({}, at=AT))["data"] == {"wait_times": []}


def test_offers_are_answered() -> None:
    offers = [
        BookingOffer("norumu", 600, 900, 300, web_url="https://example.jp/book"),
        BookingOffer("norumu", 60, phone="0266-79-0000"),
    ]
    with_destination, without = json.loads(realtime_booking(offers, at=AT))["data"]["realtime_booking"]
    assert with_destination == {
        "brand_id": "norumu",
        "wait_time": 600,
        "travel_time": 900,
        "travel_cost": 300,
        "travel_cost_currency": "JPY",
        "booking_detail": {"web_uri": "https://example.jp/book"},
    }
    assert without == {
        "brand_id": "norumu",
        "wait_time": 60,
        "booking_detail": {"phone_number": "0266-79-0000"},
    }
    with pytest.raises(ValueError, match="neither a page nor a phone number"):
        realtime_booking([BookingOffer("norumu", 60)], at=AT)
