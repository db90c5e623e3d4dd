"""Who dies is started again, what it leaves behind is cleared away, and trouble beside it ends nothing."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from yui.shell.cli.supervisor import Process, Supervisor, clear_leftovers

# Like gunicorn: a parent whose child would outlive it.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def process() -> Process:
    return Process("parent", [sys.executable, "-c", PARENT])


@pytest.fixture
def supervise(process: Process, tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    made: list[Supervisor] = []

    def supervisor(also: Callable[[], None] = lambda: None) -> Supervisor:
        made.append(Supervisor([process], tmp_path, also))
        return made[-1]

    yield supervisor
    for each in made:
        each.end()


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def child_of(process: Process, logs: Path, number: int) -> int:
    told = logs / f"{process.name}.log"
    wait_for(lambda: len(told.read_text().split()) > number)
    return int(told.read_text().split()[number])


def look_until(supervisor: Supervisor, holds: Callable[[], bool]) -> None:
    def look() -> bool:
        supervisor.look_after()
        return holds()

    wait_for(look)


def test_who_dies_is_started_again_and_its_children_are_not_left(
    supervise: Callable[..., Supervisor], process: Process, tmp_path: Path
) -> None:
    supervisor = supervise()
    supervisor.look_after()
    assert process.running is not None
    first, orphan = process.running.pid, child_of(process, tmp_path, 0)
    os.kill(first, signal.SIGKILL)
    process.running.wait()
    assert alive(orphan)
    look_until(supervisor, lambda: process.running is not None and process.running.pid != first)
    wait_for(lambda: not alive(orphan))


def test_the_end_leaves_nobody(
    supervise: Callable[..., Supervisor], process: Process, tmp_path: Path
) -> None:
    supervisor = supervise()
    supervisor.look_after()
    child = child_of(process, tmp_path, 0)
    supervisor.end()
    assert process.running is None
    wait_for(lambda: not alive(child))


def test_trouble_beside_the_processes_is_told_once_and_ends_nothing(
    supervise: Callable[..., Supervisor], process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> None:
        raise RuntimeError("no database yet")

    supervisor = supervise(fails)
    supervisor.look_after()
    supervisor.look_after()
    assert process.alive
    assert [record.getMessage() for record in caplog.records] == ["Not yet, trying again: no database yet"]


def test_what_a_killed_supervisor_leaves_is_cleared_away(process: Process, tmp_path: Path) -> None:
    process.start(tmp_path)  # and nobody looks after it any more
    child = child_of(process, tmp_path, 0)
    assert process.running is not None
    assert clear_leftovers(tmp_path) == ["parent"]
    wait_for(lambda: not alive(child))
    process.running.wait()
    assert clear_leftovers(tmp_path) == []


def test_a_number_that_has_become_anothers_is_left_alone(process: Process, tmp_path: Path) -> None:
    process.start(tmp_path)
    assert process.running is not None
    (tmp_path / "parent.pid").write_text(f"{process.running.pid} 1.0")
    assert clear_leftovers(tmp_path) == []
    assert process.alive
    process.clear_away()


def test_a_supervisor_clears_up_before_it_begins_and_never_after(
    supervise: Callable[..., Supervisor], process: Process, tmp_path: Path
) -> None:
    process.start(tmp_path)
    left = child_of(process, tmp_path, 0)
    supervisor = supervise()
    wait_for(lambda: not alive(left))
    assert process.running is not None
    process.running.wait()
    supervisor.look_after()
    begun = child_of(process, tmp_path, 1)
    supervisor.stopping = True
    handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    ended: list[bool] = []
    supervisor.end = lambda: ended.append(alive(begun))  # type: ignore[method-assign]
    supervisor.run()
    for number, handler in zip((signal.SIGTERM, signal.SIGINT, signal.SIGHUP), handlers, strict=True):
        signal.signal(number, handler)
    assert ended == [True]
    process.clear_away()
