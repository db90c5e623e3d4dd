"""Every published list at hand, when ``YUI_SHARED_DATA`` names a folder that holds them."""

import os
from datetime import date
from pathlib import Path

import pytest

from yui.kernel.tenancy.public import BodyRef
from yui.registries.facilities.contracts import FileReport, Verdict
from yui.registries.facilities.examining import examine_file
from yui.registries.facilities.public import import_facilities

FOLDER = Path(os.environ.get("YUI_SHARED_DATA", "nowhere")) / "opendata"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="YUI_SHARED_DATA does not name a folder with opendata/"),
]

# Rows refused, by file: numbered empty rows, sub-rows of merged cells, no place given, one place twice.
REFUSED_ROWS = {
    "011002publicfacility.csv": (302, 623),
    "kyotenbyoinlist20220101.csv": (82,),
    "old_0013.csv": (77, 83),
    "res_042.csv": (17, 19, 23),
    "res_060.csv": (28,),
    "res_073.csv": (27,),
}


def survey() -> dict[str, FileReport]:
    return {
        path.name: examine_file(path, as_of=date(2026, 4, 1)).report for path in sorted(FOLDER.rglob("*.csv"))
    }


def test_every_file_is_taken_over_or_refused_with_its_reason() -> None:
    reports = survey()
    assert len(reports) == 82
    refused = {name for name, report in reports.items() if report.verdict is Verdict.REFUSED}
    templates = {name for name in reports if name.startswith("xxxxxx_")}
    # A statistic, lists that lost their name column, and a list of data sets.
    assert refused == templates | {"ma030000.csv", "res_043.csv", "res_072.csv", "toc.csv"}
    assert all(reports[name].reason for name in refused)
    assert sum(report.accepted for report in reports.values()) == 7715
    rows = {
        name: tuple(
            sorted({row for remark in report.remarks if remark.kind == "refused" for row in remark.rows})
        )
        for name, report in reports.items()
        if report.refused
    }
    assert rows == REFUSED_ROWS
    for name, report in reports.items():
        if report.verdict is Verdict.IMPORTABLE:
            left_out = sum(remark.count for remark in report.remarks if remark.code == "same_rows")
            assert report.rows == report.accepted + report.refused + left_out, name


@pytest.mark.usefixtures("staff")
def test_lists_without_area_codes_are_stored_once(body: BodyRef) -> None:
    for name in (
        "tourism/res_012.csv",
        "takamatsu/old_0013.csv",
        "yaizu/yohairyosya.csv",
        "nasties/011002publicfacility.csv",
    ):
        first = import_facilities(FOLDER / name, dry_run=False)
        again = import_facilities(FOLDER / name, dry_run=False)
        assert first.added == first.accepted == again.unchanged, name
        assert (again.added, again.changed) == (0, 0), name
