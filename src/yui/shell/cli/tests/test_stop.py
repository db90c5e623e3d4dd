"""`yui stop` ends the demo and nothing else."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer

from yui.shell.cli import processes


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", *words]) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(processes, "state_folder", lambda: tmp_path)
    return tmp_path / "demo.pid"


def test_the_demo_is_ended(noted: Path) -> None:
    with running("yui.shell.cli.main", "demo") as demo:
        noted.write_text(str(demo.pid))
        processes.stop()
        assert demo.wait(5) != 0
    assert not noted.exists()


def test_a_stranger_who_has_the_number_now_is_left_alone(noted: Path) -> None:
    with running("something", "else") as stranger:
        noted.write_text(str(stranger.pid))
        processes.stop()
        time.sleep(0.2)
        assert stranger.poll() is None
    assert not noted.exists()


def test_a_demo_that_does_not_stop_is_said(noted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_is_demo", lambda pid: True)
    monkeypatch.setattr(processes, "PATIENCE_SECONDS", -5)
    monkeypatch.setattr(processes.os, "kill", lambda pid, number: None)
    noted.write_text("1")
    with pytest.raises(typer.Exit):
        processes.stop()
    assert noted.exists()
