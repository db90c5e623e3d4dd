"""Files stay readable, and drawers without a name stay away."""

from pathlib import Path

import yui

ROOT = Path(yui.__file__).parent
SUFFIXES = {".py", ".html", ".css", ".js"}
DRAWERS = {"utils", "util", "common", "core", "misc", "helpers", "helper", "extras"}


def test_no_file_is_above_800_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in ROOT.rglob("*")
        if path.suffix in SUFFIXES and "migrations" not in path.parts
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 800
    ]
    assert long == []


def test_nothing_is_called_a_drawer() -> None:
    assert [path for path in ROOT.rglob("*") if path.stem in DRAWERS] == []
