"""Two validators that others wrote find no error in our feeds, and no warning we can't give a reason for."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import gtfs_guru
import pytest

from yui.services.transit.contracts import BookingWindow, Fares, Pattern
from yui.services.transit.formats.feed import Feed, table_of
from yui.services.transit.formats.flex import feed_of
from yui.services.transit.formats.gtfs import write
from yui.services.transit.formats.tests.services import (
    CLINIC,
    OFFICE,
    PUBLICATION,
    STATION_OUTSIDE,
    TODAY,
    service,
)

#: Texts in Japanese have no capitals. Both validators look for them in messages.
NO_CAPITALS = "mixed_case_recommended_field"
SERVICES: dict[str, dict[str, Any]] = {
    "meeting_points": {},
    "at_once": {"booking": BookingWindow(7, 0)},
    "days_before": {"booking": BookingWindow(7, 24 * 60)},
    "to_the_door": {"pattern": Pattern.DOOR_TO_DOOR, "stops": ()},
    "door_and_station": {"pattern": Pattern.DOOR_TO_DOOR, "stops": (OFFICE, STATION_OUTSIDE)},
    "zones": {
        "stops": (OFFICE, CLINIC, STATION_OUTSIDE),
        "fares": (Fares(dt.date(2026, 4, 1), zones={("A", "B"): 400, ("A", "A"): 200, ("B", "B"): 200}),),
    },
}


def first(path: Path) -> dict[str, set[str]]:
    """Codes by severity, by gtfs-guru."""
    result = gtfs_guru.validate(str(path), country_code="JP", date=TODAY.isoformat())
    return _by_severity((notice.severity, notice.code) for notice in result.notices)


def second(path: Path) -> dict[str, set[str]]:
    """Codes by severity, by gtfs-validator, which reports to a folder."""
    out = path.with_suffix("")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "gtfs_validator.cli",
            "-i",
            path,
            "-o",
            out,
            "-c",
            "jp",
            "-d",
            TODAY.isoformat(),
        ],
        check=True,
        capture_output=True,
    )
    assert json.loads((out / "system_errors.json").read_text()) == {"notices": []}
    report = json.loads((out / "report.json").read_text())
    return _by_severity((notice["severity"], notice["code"]) for notice in report["notices"])


def _by_severity(notices: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"ERROR": set(), "WARNING": set(), "INFO": set()}
    for severity, code in notices:
        found[severity].add(code)
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_no_error_and_no_warning_without_a_reason(name: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    path.write_bytes(write(feed_of(service(**SERVICES[name]), PUBLICATION, today=TODAY)))
    assert first(path)["ERROR"] == set()
    assert first(path)["WARNING"] <= {NO_CAPITALS}
    found = second(path)
    assert found["ERROR"] == set()
    assert found["WARNING"] <= {NO_CAPITALS}
    # agency_jp.txt is GTFS-JP's own.
    assert found["INFO"] == {"unknown_file"}


@pytest.mark.parametrize(
    ("table", "values", "code"),
    [
        ("stop_times", {"pickup_type": "0"}, "forbidden_pickup_type"),
        ("stop_times", {"location_group_id": "nowhere"}, "foreign_key_violation"),
        ("booking_rules", {"prior_notice_duration_min": ""}, "missing_prior_notice_duration_min"),
    ],
)
def test_both_find_what_is_wrong(table: str, values: dict[str, str], code: str, tmp_path: Path) -> None:
    feed = feed_of(service(), PUBLICATION, today=TODAY)
    rows = [{**row, **values} for row in feed.rows(table)]
    path = tmp_path / "feed.zip"
    path.write_bytes(write(Feed({**feed.tables, table: table_of(rows, ("stop_id",))}, feed.files)))
    assert code in first(path)["ERROR"]
    assert code in second(path)["ERROR"]
