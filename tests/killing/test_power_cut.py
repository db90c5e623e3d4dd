"""After a power cut the note of the running server is still there, and its number soon belongs to somebody else."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.demo import Demo
from tests.killing.machine import Machine, await_it


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine on which nothing runs but PostgreSQL."""
    demo = Demo("", Path(tempfile.mkdtemp(prefix="yui-power-cut-")))
    yield Machine(demo)
    demo.run("db", "stop")
    shutil.rmtree(demo.state)


@pytest.fixture
def stranger() -> Iterator[int]:
    """The number of a process that has nothing to do with us but runs as the same user as PostgreSQL."""
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    if os.geteuid() == 0:
        command = ["sleep", "600"]  # that user may not read our Python
    running = subprocess.Popen(command, user="embedded_postgres" if os.geteuid() == 0 else None)
    yield running.pid
    running.kill()
    running.wait()


def test_the_server_starts_although_another_process_bears_its_number(machine: Machine, stranger: int) -> None:
    started = machine.demo.run("db", "start")
    assert started.returncode == 0, started.stderr
    postmaster = machine.postmaster()
    notes = [machine.postgres / "postmaster.pid", *machine.postgres.glob(".s.PGSQL.*.lock")]
    told = [note.read_text() for note in notes]
    postmaster.kill()
    await_it(lambda: not postmaster.is_running(), "the server is dead")
    for note, text in zip(notes, told, strict=True):
        note.write_text(text.replace(str(postmaster.pid), str(stranger), 1))
    started = machine.demo.run("db", "start")
    assert started.returncode == 0, started.stderr
    assert machine.postmaster().pid not in (postmaster.pid, stranger)
    assert machine.rows("SELECT 1", database="postgres") == [(1,)]
