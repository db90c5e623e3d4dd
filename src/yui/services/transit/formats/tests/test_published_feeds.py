"""Feeds that operators published, when ``YUI_SHARED_DATA`` names a folder that holds them."""

import csv
import os
from pathlib import Path

import pytest

from yui.services.transit.formats.gtfs import FeedFault, differences, read, translations, write

FOLDER = Path(os.environ.get("YUI_SHARED_DATA", "nowhere")) / "gtfs"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="YUI_SHARED_DATA does not name a folder with gtfs/"
)


@pytest.mark.parametrize("name", ["utsunomiya_lrt", "bbnavi_flex"])
def test_a_feed_goes_in_and_comes_out_equal(name: str) -> None:
    feed = read(FOLDER / name).feed
    assert differences(feed, read(write(feed)).feed) == ()
    for path in (FOLDER / name).glob("*.txt"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert list(feed.rows(path.stem)) == list(csv.DictReader(file)), path.name


def test_a_railway_in_gtfs_jp_is_read() -> None:
    reading = read(FOLDER / "utsunomiya_lrt", japan=True)
    assert {(p.code, p.file, p.column) for p in reading.errors} == {
        (FeedFault.MISSING_VALUE, "routes.txt", "route_short_name"),
        (FeedFault.MISSING_VALUE, "routes.txt", "route_long_name"),
        (FeedFault.MISSING_FILE, "pattern_jp.txt", None),
    }
    stops = {row["stop_id"] for row in reading.feed.rows("stops")}
    assert {t.record_id for t in translations(reading.feed) if t.table == "stops"} == stops


def test_a_draft_of_flex_is_kept_and_told_apart() -> None:
    reading = read(FOLDER / "bbnavi_flex")
    unknown = {p.column for p in reading.problems if p.code is FeedFault.UNKNOWN_COLUMN}
    assert {"start_pickup_dropoff_window", "end_pickup_dropoff_window", "location_id"} <= unknown
