"""An engine works where nothing else of Yui is set up: no settings, no framework, no database."""

import subprocess
import sys
from pathlib import Path

import pytest

ENGINES = Path(__file__).resolve().parents[2] / "src" / "yui" / "engines"
ALONE = """
import importlib, sys
importlib.import_module(sys.argv[1])
others = ("django", "psycopg", "procrastinate", "yui.kernel", "yui.config")
print([name for name in sys.modules if name.startswith(others)])
"""


@pytest.mark.parametrize("engine", sorted(door.parent.name for door in ENGINES.glob("*/public.py")))
def test_an_engine_brings_nothing_along(engine: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE, f"yui.engines.{engine}.public"],
        capture_output=True,
        text=True,
        check=True,
        env={},
    )
    assert done.stdout.strip() == "[]"
