"""Feeds are read as they are and written without loss."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.services.transit.formats.gtfs import (
    Feed,
    FeedFault,
    Table,
    differences,
    equal_in_meaning,
    read,
    table_of,
    write,
    write_folder,
)

SMALL = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,結見村,https://example.jp,Asia/Tokyo\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,のりば\n1,役場,36.50,138.1,東\n2,駅,36.6,138.2,\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,A,1,3\n",
    "trips.txt": "route_id,service_id,trip_id\nR,毎日,T\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T,23:50:00,23:50:00,1,1\nT,24:10:00,24:10:00,2,2\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "毎日,1,1,1,1,1,1,1,20260401,20270331\n"
    ),
    "office_jp.txt": "office_id,office_name\nO,本社\n",
    "memo.csv": "何でも",
}


def packed(**changes: str | bytes) -> bytes:
    """The small feed as a zip; a file changes by its name with a double underscore for the dot."""
    files: dict[str, str | bytes] = dict(SMALL)
    files |= {name.replace("__", "."): content for name, content in changes.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def feed(**changes: str | bytes) -> Feed:
    return read(packed(**changes)).feed


def test_a_good_feed_has_no_errors() -> None:
    reading = read(packed())
    assert reading.errors == ()
    assert {problem.code for problem in reading.problems} == {
        FeedFault.UNKNOWN_FILE,
        FeedFault.UNKNOWN_COLUMN,
    }


def test_what_no_standard_knows_is_kept() -> None:
    again = read(write(feed())).feed
    assert again.rows("stops")[0]["のりば"] == "東"
    assert again.files["memo.csv"] == "何でも".encode()


def test_equal_feeds_make_equal_bytes(tmp_path: Path) -> None:
    (tmp_path / "feed.zip").write_bytes(packed())
    assert write(read(tmp_path / "feed.zip").feed) == write(feed())


def test_a_folder_holds_the_same_feed(tmp_path: Path) -> None:
    write_folder(feed(), tmp_path / "feed")
    assert equal_in_meaning(read(tmp_path / "feed").feed, feed())


def test_a_file_does_not_leave_its_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="leads out"):
        write_folder(Feed({}, {"../outside": b""}), tmp_path)


def test_a_feed_packed_in_a_folder_is_read() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("__MACOSX/feed/._agency.txt", b"\0")
        for name, content in SMALL.items():
            archive.writestr(f"feed/{name}", content)
    reading = read(target.getvalue())
    assert reading.problems[0].code is FeedFault.IN_A_FOLDER
    assert equal_in_meaning(reading.feed, feed())


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither a folder nor a zip"):
        read(b"stop_id")
    with pytest.raises(ValueError, match="neither a folder nor a zip"):
        read(tmp_path / "nowhere")


def test_a_zip_that_promises_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yui.services.transit.formats.gtfs.LARGEST_FEED_BYTES", 100)
    with pytest.raises(ValueError, match="more than 100 bytes"):
        read(packed())


@pytest.mark.parametrize(
    ("spelling", "is_same"),
    [
        ("stop_id,stop_name,stop_lat,stop_lon,のりば\n2,駅,36.6,138.2,\n1,役場,36.5,138.10,東\n", True),
        ("のりば,stop_lon,stop_lat,stop_name,stop_id\n東,138.1,36.50,役場,1\n,138.2,36.60,駅, 2\n", True),
        (
            "stop_id,stop_name,stop_lat,stop_lon,のりば,stop_code\n1,役場,36.5,138.1,東,\n2,駅,36.6,138.2,,\n",
            True,
        ),
        ("stop_id,stop_name,stop_lat,stop_lon,のりば\n1,役場,36.51,138.1,東\n2,駅,36.6,138.2,\n", False),
        ("stop_id,stop_name,stop_lat,stop_lon\n1,役場,36.50,138.1\n2,駅,36.6,138.2\n", False),
        # Identifiers are no numbers.
        ("stop_id,stop_name,stop_lat,stop_lon,のりば\n01,役場,36.50,138.1,東\n2,駅,36.6,138.2,\n", False),
        # A row told twice is told twice.
        (
            "stop_id,stop_name,stop_lat,stop_lon,のりば\n1,役場,36.5,138.1,東\n1,役場,36.5,138.1,東\n2,駅,36.6,138.2,\n",
            False,
        ),
    ],
)
def test_equality_is_of_meaning(spelling: str, is_same: bool) -> None:
    assert differences(feed(), feed(stops__txt=spelling)) == (() if is_same else ("stops.txt",))


def test_times_are_compared_as_times() -> None:
    early = SMALL["stop_times.txt"].replace("23:50", "8:05").replace("24:10", "09:00")
    assert equal_in_meaning(feed(stop_times__txt=early), feed(stop_times__txt=early.replace("8:05", "08:05")))


def test_zones_are_compared_as_zones() -> None:
    a = b'{"type":"FeatureCollection","features":[{"id":"1","x":1.0},{"id":"2"}]}'
    b = b'{"features": [{"id": "2"}, {"x": 1, "id": "1"}], "type": "FeatureCollection"}'
    assert equal_in_meaning(Feed({}, {"locations.geojson": a}), Feed({}, {"locations.geojson": b}))
    assert differences(
        Feed({}, {"locations.geojson": a}), Feed({}, {"locations.geojson": b.replace(b"1,", b"2,")})
    ) == ("locations.geojson",)


def test_a_table_of_the_old_encoding_is_read_and_told() -> None:
    reading = read(packed(stops__txt=SMALL["stops.txt"].encode("cp932")))
    assert [p.file for p in reading.problems if p.code is FeedFault.CP932] == ["stops.txt"]
    assert equal_in_meaning(reading.feed, feed())
    assert "役場".encode() in zipfile.ZipFile(io.BytesIO(write(reading.feed))).read("stops.txt")


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    reading = read(packed(stops__txt=b"\xef\xbb\xbf" + SMALL["stops.txt"].encode()))
    assert [p.file for p in reading.problems if p.code is FeedFault.BYTE_ORDER_MARK] == ["stops.txt"]
    assert reading.errors == ()
    assert equal_in_meaning(reading.feed, feed())


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"stop_id\n\x81\xff\n", FeedFault.UNREADABLE_ENCODING, None),
        (b'stop_id,stop_name\n1,"a" b\n', FeedFault.UNREADABLE_TABLE, 2),
        (b"stop_id,stop_name\n1,a\n2,b,c\n", FeedFault.UNEVEN_ROW, 3),
        (b"stop_id,stop_id\n1,2\n", FeedFault.REPEATED_COLUMN, 1),
    ],
)
def test_a_table_that_cannot_be_read_is_kept_as_it_came(
    content: bytes, code: FeedFault, line: int | None
) -> None:
    reading = read(packed(stops__txt=content))
    assert [(p.file, p.line) for p in reading.problems if p.code is code] == [("stops.txt", line)]
    assert read(write(reading.feed)).feed.files["stops.txt"] == content


def test_short_rows_and_empty_lines_keep_their_line_numbers() -> None:
    stops = 'stop_id,stop_name,stop_lat,stop_lon\n\n1,"a\nb",36.5,138.1\n2,駅\n3,駅,36.5,x\n'
    reading = read(packed(stops__txt=stops))
    found = {(p.code, p.line, p.column) for p in reading.problems if p.file == "stops.txt"}
    assert (FeedFault.LINE_BREAK, 3, "stop_name") in found
    assert (FeedFault.UNEVEN_ROW, 5, None) in found
    assert (FeedFault.UNREADABLE_NUMBER, 6, "stop_lon") in found


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
NAMES = st.text("abc_結", min_size=1, max_size=5)


@given(
    st.lists(NAMES, min_size=1, max_size=4, unique=True).flatmap(
        lambda columns: st.lists(st.fixed_dictionaries(dict.fromkeys(columns, CELLS)), min_size=1, max_size=5)
    )
)
def test_any_table_comes_back_as_it_was(rows: list[dict[str, str]]) -> None:
    table = Table(tuple(rows[0]), tuple(rows))
    assert read(write(Feed({"x": table}))).feed.tables["x"] == table


def test_a_made_table_has_only_columns_with_values() -> None:
    table = table_of([{"a": "1", "b": ""}, {"c": "2"}])
    assert table.columns == ("a", "c")
    assert table.rows == ({"a": "1", "c": ""}, {"a": "", "c": "2"})
