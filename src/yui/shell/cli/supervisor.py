"""Keeps the processes of one machine running: a process that dies is started again, nothing is lost in between."""

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil

PATIENCE_SECONDS = 10
logger = logging.getLogger(__name__)


@dataclass
class Process:
    """One child process."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None
    not_before: float = 0.0

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self.running is not None and self.running.poll() is None

    def start(self, logs: Path) -> None:
        """Start it; its output goes to a log file of its name."""
        with (logs / f"{self.name}.log").open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        born = psutil.Process(self.running.pid).create_time()
        (logs / f"{self.name}.pid").write_text(f"{self.running.pid} {born}")

    def stop(self, deadline: float) -> None:
        """Wait until it has stopped, as it was asked to, and insist at the deadline."""
        if self.running is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running.wait(max(0.1, deadline - time.monotonic()))
        self.clear_away()

    def clear_away(self) -> None:
        """Kill what is left of it: the children of a killed web process would keep its port for a while."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None


def clear_leftovers(logs: Path) -> list[str]:
    """Kill what a supervisor that was itself killed has left running.

    Each process was noted with the instant it was born, so that a number that has become another's harms nobody.

    Returns:
        The names of those that were still running.
    """
    found = []
    for note in sorted(logs.glob("*.pid")):
        pid, born = note.read_text().split()
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            if psutil.Process(int(pid)).create_time() == float(born):
                os.killpg(int(pid), signal.SIGKILL)
                found.append(note.stem)
        note.unlink()
    return found


class Supervisor:
    """Starts the processes, restarts what dies, and ends them all when told to stop.

    What a predecessor that was killed left running is cleared away first.

    Args:
        processes: what to keep running.
        logs: folder for their output.
        also: called twice a second, for example to restart the embedded database. It may fail and is called again.
    """

    def __init__(self, processes: list[Process], logs: Path, also: Callable[[], None] = lambda: None) -> None:
        self.processes = processes
        self.logs = logs
        self.also = also
        self.stopping = False
        self.trouble = ""
        logs.mkdir(parents=True, exist_ok=True)
        clear_leftovers(logs)

    def run(self) -> None:
        """Keep going until a signal to stop arrives."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                self.look_after()
                time.sleep(0.5)
        finally:
            self.end()

    def look_after(self) -> None:
        """Start what is not running, at most once every two seconds each."""
        self._do_also()
        for process in self.processes:
            if process.alive:
                continue
            if process.running is not None:
                logger.warning(
                    "%s ended (%s) and is started again.", process.name, process.running.returncode
                )
            process.clear_away()
            if time.monotonic() >= process.not_before:
                process.not_before = time.monotonic() + 2
                process.start(self.logs)

    def _do_also(self) -> None:
        try:
            self.also()
        except Exception as error:  # a database that cannot be started yet must not take the rest down
            if self.trouble != str(error):
                logger.warning("Not yet, trying again: %s", error)
            self.trouble = str(error)
        else:
            self.trouble = ""

    def end(self) -> None:
        """Ask every process to stop, and insist after a while."""
        for process in self.processes:
            if process.running is not None:
                process.running.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for process in self.processes:
            process.stop(deadline)
            (self.logs / f"{process.name}.pid").unlink(missing_ok=True)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
