"""What is wrong with a feed is told by file, line, column and code."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.services.transit.contracts import Pattern
from yui.services.transit.formats.conditions import CONDITIONS
from yui.services.transit.formats.feed import LOCATIONS, Feed, Row, Table, table_of
from yui.services.transit.formats.flex import feed_of
from yui.services.transit.formats.gtfs import FeedFault, Problem, check, read
from yui.services.transit.formats.schema import schema
from yui.services.transit.formats.tests.services import PUBLICATION, STATION_OUTSIDE, TODAY, service
from yui.services.transit.formats.tests.test_gtfs import SMALL, packed
from yui.services.transit.formats.values import date_of, fault, seconds_of


def good() -> Feed:
    """A feed with stops, a zone, groups and bookings, without an error."""
    definition = service(pattern=Pattern.DOOR_TO_DOOR, stops=(*service().stops, STATION_OUTSIDE))
    return feed_of(definition, PUBLICATION, today=TODAY)


def changed(table: str, row: int = 0, **values: str) -> tuple[Problem, ...]:
    """Problems of the good feed with some values of a row set."""
    feed = good()
    rows: list[Row] = list(feed.rows(table))
    rows[row] = {**rows[row], **values}
    return check(Feed({**feed.tables, table: table_of(rows)}, feed.files))


def test_the_good_feed_is_good() -> None:
    assert check(good(), japan=True) == ()


@pytest.mark.parametrize(
    ("table", "values", "code", "column"),
    [
        (
            "stop_times",
            {"end_pickup_drop_off_window": "25:99:00"},
            FeedFault.UNREADABLE_TIME,
            "end_pickup_drop_off_window",
        ),
        ("stop_times", {"stop_sequence": "-1"}, FeedFault.OUT_OF_RANGE, "stop_sequence"),
        ("stop_times", {"pickup_type": "9"}, FeedFault.UNKNOWN_CHOICE, "pickup_type"),
        ("stop_times", {"trip_id": "nowhere"}, FeedFault.BAD_REFERENCE, "trip_id"),
        ("stop_times", {"location_id": "nowhere"}, FeedFault.BAD_REFERENCE, "location_id"),
        ("stop_times", {"location_id": ""}, FeedFault.MISSING_VALUE, "stop_id"),
        ("stop_times", {"stop_id": "s3"}, FeedFault.FORBIDDEN_VALUE, "location_id"),
        ("stop_times", {"arrival_time": "08:00:00"}, FeedFault.FORBIDDEN_VALUE, "arrival_time"),
        (
            "stop_times",
            {"start_pickup_drop_off_window": ""},
            FeedFault.MISSING_VALUE,
            "start_pickup_drop_off_window",
        ),
        ("stop_times", {"pickup_type": "0"}, FeedFault.FORBIDDEN_VALUE, "pickup_type"),
        ("stop_times", {"pickup_type": "3"}, FeedFault.FORBIDDEN_VALUE, "pickup_type"),
        ("stop_times", {"pickup_type": ""}, FeedFault.MISSING_VALUE, "pickup_type"),
        ("stop_times", {"drop_off_type": "0"}, FeedFault.FORBIDDEN_VALUE, "drop_off_type"),
        ("stop_times", {"continuous_pickup": "0"}, FeedFault.FORBIDDEN_VALUE, "continuous_pickup"),
        ("routes", {"continuous_pickup": "0"}, FeedFault.FORBIDDEN_VALUE, "continuous_pickup"),
        ("routes", {"route_long_name": ""}, FeedFault.MISSING_VALUE, "route_short_name"),
        ("booking_rules", {"booking_type": "0"}, FeedFault.FORBIDDEN_VALUE, "prior_notice_duration_min"),
        ("booking_rules", {"booking_type": "2"}, FeedFault.MISSING_VALUE, "prior_notice_last_day"),
        (
            "booking_rules",
            {"prior_notice_duration_min": ""},
            FeedFault.MISSING_VALUE,
            "prior_notice_duration_min",
        ),
        (
            "booking_rules",
            {"prior_notice_duration_max": "60"},
            FeedFault.FORBIDDEN_VALUE,
            "prior_notice_start_day",
        ),
        (
            "booking_rules",
            {"prior_notice_start_time": ""},
            FeedFault.MISSING_VALUE,
            "prior_notice_start_time",
        ),
        (
            "booking_rules",
            {"prior_notice_last_time": "17:00:00"},
            FeedFault.FORBIDDEN_VALUE,
            "prior_notice_last_time",
        ),
        (
            "booking_rules",
            {"prior_notice_service_id": "d6h"},
            FeedFault.FORBIDDEN_VALUE,
            "prior_notice_service_id",
        ),
        ("stops", {"stop_lat": "91"}, FeedFault.OUT_OF_RANGE, "stop_lat"),
        ("stops", {"stop_lat": "３６"}, FeedFault.UNREADABLE_NUMBER, "stop_lat"),
        ("stops", {"stop_lat": ""}, FeedFault.MISSING_VALUE, "stop_lat"),
        ("stops", {"stop_id": "norumu-area"}, FeedFault.DUPLICATE_KEY, "stop_id"),
        ("agency", {"agency_url": "www.example.jp"}, FeedFault.UNREADABLE_VALUE, "agency_url"),
        ("agency", {"agency_timezone": "Japan/Edo"}, FeedFault.UNREADABLE_VALUE, "agency_timezone"),
        ("agency", {"agency_name": " 結見村"}, FeedFault.SPACE_AROUND, "agency_name"),
        ("calendar", {"start_date": "20260230"}, FeedFault.UNREADABLE_DATE, "start_date"),
        ("translations", {"record_id": "nobody"}, FeedFault.BAD_REFERENCE, "record_id"),
        ("translations", {"field_value": "結見村"}, FeedFault.FORBIDDEN_VALUE, "record_id"),
    ],
)
def test_a_wrong_value_is_found(table: str, values: dict[str, str], code: FeedFault, column: str) -> None:
    found = {(p.code, p.file, p.line, p.column) for p in changed(table, **values)}
    assert (code, f"{table}.txt", 2, column) in found


def test_every_condition_is_about_a_column_of_the_schema() -> None:
    for condition in CONDITIONS:
        assert condition.column in schema()[condition.file].columns


def test_every_reference_and_key_is_in_the_schema() -> None:
    for spec in schema().values():
        assert set(spec.key) <= set(spec.columns)
        for column in spec.columns.values():
            for table, target in column.refers_to:
                assert table == "locations" or target in schema()[table].columns


@pytest.mark.parametrize(
    ("file", "content", "code", "line", "column"),
    [
        ("stops.txt", "stop_id,stop_name\n1,a\n2,b\n", FeedFault.MISSING_VALUE, 2, "stop_lat"),
        ("trips.txt", "route_id,trip_id\nR,T\n", FeedFault.MISSING_COLUMN, 1, "service_id"),
        (
            "trips.txt",
            "route_id,service_id,trip_id\nR,毎日,T\nR,毎日,T\n",
            FeedFault.DUPLICATE_KEY,
            3,
            "trip_id",
        ),
        ("trips.txt", "route_id,service_id,trip_id\nR,,T\n", FeedFault.MISSING_VALUE, 2, "service_id"),
        (
            "stop_times.txt",
            SMALL["stop_times.txt"].replace("T,24:10:00", "T,"),
            FeedFault.MISSING_VALUE,
            3,
            "arrival_time",
        ),
        (
            "trips.txt",
            "route_id,service_id,trip_id,jp_pattern_id\nR,毎日,T,1\n",
            FeedFault.MISSING_FILE,
            None,
            None,
        ),
        ("calendar.txt", "service_id\n", FeedFault.MISSING_FILE, None, None),
        (
            "pathways.txt",
            "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional\n1,1,2,5,1\n",
            FeedFault.MISSING_FILE,
            None,
            None,
        ),
        (
            "routes.txt",
            "route_id,route_type,network_id\nR,3,N\n",
            FeedFault.MISSING_VALUE,
            2,
            "route_short_name",
        ),
        (
            "agency.txt",
            SMALL["agency.txt"] + ",村,https://example.jp,Asia/Tokyo\n",
            FeedFault.MISSING_VALUE,
            3,
            "agency_id",
        ),
    ],
)
def test_a_wrong_file_is_found(
    file: str, content: str, code: FeedFault, line: int | None, column: str | None
) -> None:
    found = read(packed(**{file.replace(".", "__"): content})).errors
    assert (code, line, column) in {(p.code, p.line, p.column) for p in found}


def test_a_service_day_is_longer_than_a_day() -> None:
    assert read(packed()).errors == ()
    assert seconds_of("24:10:00") == 24 * 3600 + 600
    assert seconds_of("8:05") is None
    assert date_of("20261301") is None


def test_zones_have_to_be_zones() -> None:
    feed = good()
    point = {"id": "norumu-area", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    for content, code in (
        (b"{", FeedFault.UNREADABLE_GEOJSON),
        (b'{"features": [{"id": 1}]}', FeedFault.UNREADABLE_GEOJSON),
        (json.dumps({"features": [point]}).encode(), FeedFault.UNKNOWN_CHOICE),
        (json.dumps({"features": [point, point]}).encode(), FeedFault.DUPLICATE_KEY),
    ):
        assert code in {p.code for p in check(Feed(feed.tables, {LOCATIONS: content}))}


def test_gtfs_jp_asks_for_more() -> None:
    assert read(packed()).errors == ()
    found = {(p.code, p.file) for p in read(packed(), japan=True).problems}
    assert (FeedFault.MISSING_FILE, "translations.txt") in found
    assert (FeedFault.MISSING_FILE, "fare_attributes.txt") in found
    assert (FeedFault.MISSING_READING, "stops.txt") in found
    assert (FeedFault.NOT_A_CORPORATE_NUMBER, "agency.txt") in found


def test_fares_of_the_second_version_are_checked() -> None:
    rules = "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,fare_transfer_type\n"
    found = read(packed(fare_transfer_rules__txt=rules + "a,a,,60,,0\na,b,1,,1,0\n")).errors
    assert {(p.line, p.column, p.code) for p in found if p.file == "fare_transfer_rules.txt"} >= {
        (2, "transfer_count", FeedFault.MISSING_VALUE),
        (2, "duration_limit_type", FeedFault.MISSING_VALUE),
        (3, "transfer_count", FeedFault.FORBIDDEN_VALUE),
        (3, "duration_limit_type", FeedFault.FORBIDDEN_VALUE),
    }


CELLS = st.one_of(
    st.text(max_size=6), st.sampled_from(["0", "1", "2", "²", "25:00:00", "20260401", "s1", " "])
)


@given(st.data())
def test_no_feed_is_too_strange_to_be_checked(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(schema())), unique=True, max_size=4))
    tables = {}
    for name in names:
        columns = data.draw(
            st.lists(st.sampled_from(sorted(schema()[name].columns)), min_size=1, unique=True)
        )
        rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(columns, CELLS)), max_size=3))
        tables[name] = Table(tuple(columns), tuple(rows))
    zones = data.draw(st.sampled_from([b"[]", b"{}", b'{"features": 1}', b"[" * 100_000, b"\xff"]))
    assert check(Feed(tables, {LOCATIONS: zones}), japan=True)


@given(st.binary(max_size=30), st.integers(0, 2000))
def test_a_damaged_zip_is_refused_or_read(noise: bytes, where: int) -> None:
    whole, refused = packed(), ""
    try:
        read(whole[:where] + noise + whole[where + len(noise) :])
    except ValueError as error:
        refused = str(error)
    assert not refused or "zip file" in refused or "unpacks to more" in refused


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1_000", "1e9999", "", "0x1"])
def test_no_number_is_taken_for_one(value: str) -> None:
    assert fault("number", value) is FeedFault.UNREADABLE_NUMBER
