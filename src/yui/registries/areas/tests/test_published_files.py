"""The published files themselves, when ``YUI_SHARED_DATA`` names a folder that holds them."""

import os
from datetime import date
from pathlib import Path

import pytest

from yui.registries.areas.public import (
    MUNICIPAL_KINDS,
    AreaKind,
    get_area,
    import_areas,
    list_areas,
    predecessors,
    successors,
)

FOLDER = Path(os.environ.get("YUI_SHARED_DATA", "nowhere")) / "areas"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="YUI_SHARED_DATA does not name a folder with areas/"),
]
FILES = (
    "mt_pref_all.csv.zip",
    "mt_city_all.csv.zip",
    "mt_pref_pos_all.csv.zip",
    "mt_city_pos_all.csv.zip",
    "municipality_converter_jp.csv",
)


def test_the_published_files_agree_with_one_another() -> None:
    for name in FILES:
        outcome = import_areas(FOLDER / name, dry_run=False)
        assert outcome.refused == 0, name
        if name.startswith("mt_city_all"):
            kinds = [AreaKind(kind) for kind in outcome.counts]
            municipalities = sum(outcome.counts[kind.value] for kind in kinds if kind.is_municipality)
            assert (municipalities, outcome.counts["ward"], outcome.counts["northern_village"]) == (
                1741,
                171,
                6,
            )
        again = import_areas(FOLDER / name, dry_run=False)
        assert (again.added, again.changed) == (0, 0), name
    counts = {
        year: len(list_areas(as_of=date(year, 10, 1), kinds=MUNICIPAL_KINDS)) for year in range(1980, 2025, 5)
    }
    assert counts == {
        1980: 3278, 1985: 3276, 1990: 3268, 1995: 3255, 2000: 3252, 2005: 2239, 2010: 1750, 2015: 1741, 2020: 1741,
    }  # fmt: skip
    assert get_area("394050").name == "檮原町"
    today = date(2026, 4, 1)
    assert [area.name for area in successors("193411", today)] == ["甲府市", "富士河口湖町"]
    assert [area.name for area in successors("222046", today)] == ["静岡市"]
    assert len(predecessors("221309", date(2000, 10, 1))) == 12
    assert all(area.latitude for area in list_areas(as_of=today, kinds=MUNICIPAL_KINDS))
