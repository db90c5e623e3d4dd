"""A demo of its own for the journeys: real processes, on free ports and an empty state folder."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RESIDENTS = 3000


@dataclass(frozen=True)
class Demo:
    """A running demo.

    Attributes:
        url: where its pages are.
        state: its state folder.
    """

    url: str
    state: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return {**kept, "YUI_STATE": str(self.state), "YUI_LOG_LEVEL": "ERROR"}

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a ``yui`` command against it."""
        return subprocess.run(
            [sys.executable, "-m", "yui.shell.cli.main", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def people(self) -> dict[str, dict[str, Any]]:
        """Everybody who can sign in, by id."""
        listed = json.loads((self.state / "sample" / "people.json").read_text(encoding="utf-8"))
        return {person["id"]: person for person in listed}


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_demo(state: Path) -> Demo:
    """Start a demo and wait until it answers.

    Raises:
        RuntimeError: it did not start; with what it said.
    """
    port = free_port()
    demo = Demo(f"http://localhost:{port}", state)
    ports = ("--port", str(port), "--provider-port", str(free_port()))
    done = demo.run("demo", "--background", "--residents", str(RESIDENTS), *ports)
    if done.returncode:
        raise RuntimeError(f"The demo did not start:\n{done.stdout}\n{done.stderr}")
    return demo


def stop_demo(demo: Demo) -> None:
    """Stop every process of a demo."""
    demo.run("stop")
    demo.run("db", "stop")
