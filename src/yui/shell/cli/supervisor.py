"""Keeps the processes of one machine running: a process that dies is started again, nothing is lost in between."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PATIENCE_SECONDS = 10


@dataclass
class Process:
    """One child process."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None
    not_before: float = 0.0

    def start(self, logs: Path) -> None:
        """Start it; its output goes to a log file of its name."""
        with (logs / f"{self.name}.log").open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )


class Supervisor:
    """Starts the processes, restarts what dies, and ends them all when told to stop.

    Args:
        processes: what to keep running.
        logs: folder for their output.
        also: called every second, for example to restart the embedded database.
    """

    def __init__(self, processes: list[Process], logs: Path, also: Callable[[], None] = lambda: None) -> None:
        self.processes = processes
        self.logs = logs
        self.also = also
        self.stopping = False
        logs.mkdir(parents=True, exist_ok=True)

    def run(self) -> None:
        """Keep going until a signal to stop arrives."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                self.look_after()
                time.sleep(0.5)
        finally:
            self.end()

    def look_after(self) -> None:
        """Start what is not running, at most once every two seconds each."""
        self.also()
        for process in self.processes:
            alive = process.running is not None and process.running.poll() is None
            if not alive and time.monotonic() >= process.not_before:
                process.not_before = time.monotonic() + 2
                process.start(self.logs)

    def end(self) -> None:
        """Ask every process to stop, and insist after a while."""
        running = [p.running for p in self.processes if p.running is not None and p.running.poll() is None]
        for child in running:
            child.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for child in running:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
