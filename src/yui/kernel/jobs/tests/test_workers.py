"""Real workers: killed in the middle of a job, and cut off from the database.

These tests commit. They work in a body of their own, whose rows no other test can see.
"""

import asyncio
import datetime as dt
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app as queue_app
from procrastinate.exceptions import AlreadyEnqueued

from yui.config.database import admin_address
from yui.kernel.jobs.models import Done
from yui.kernel.jobs.public import enqueue
from yui.kernel.tenancy.public import BodyKind, body_scope, open_body

JOB, TOWN = "forms.forget_submissions", "997706"
_numbers = itertools.count()
HEART_STOOD_STILL = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def statuses() -> list[tuple[Any, ...]]:
    return rows("SELECT status FROM procrastinate_jobs WHERE args->>'body_code' = %s", TOWN)


def wait_for(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture
def key() -> str:
    """A key that no other test uses: what was done stays marked."""
    return (dt.date(2026, 11, 25) + dt.timedelta(next(_numbers))).isoformat()


@pytest.fixture
def town(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        # Of the far future, so that no day of its own begins while a worker of these tests looks at the clock.
        open_body(code=TOWN, name="town", kind=BodyKind.MUNICIPALITY, valid_from=dt.date(2999, 4, 1))
        yield TOWN
        rows("DELETE FROM procrastinate_jobs")
        rows("DELETE FROM procrastinate_workers")
        for each in connections.all():
            each.close()


@contextmanager
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The process that `yui worker` is, working on the test database."""
    address, name = admin_address(), connection.settings_dict["NAME"]
    host = f"@/{name}?host={address.host}&port={address.port}"
    if not address.host.startswith("/"):
        host = f"@{address.host}:{address.port}/{name}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{address.user}:{address.password}{host}",
        "YUI_SECRET_KEY": settings.SECRET_KEY,
        "YUI_STATE": str(tmp_path),
    }
    with (tmp_path / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "yui.shell.cli.main", "worker"], env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def held_key(key: str) -> psycopg.Connection:
    """A transaction that holds the job's mark, so that whoever does the job waits in the middle of it."""
    connected = connections["default"].get_connection_params()
    other = psycopg.connect(
        **{k: connected[k] for k in ("host", "port", "dbname", "user", "password") if k in connected}
    )
    body_id = rows("SELECT id FROM tenancy_body WHERE code = %s", TOWN)[0][0]
    other.execute("SELECT set_config('yui.body_id', %s, true)", [str(body_id)])
    other.execute("INSERT INTO jobs_done (body_id, job, key) VALUES (%s, %s, %s)", [body_id, JOB, key])
    return other


def test_a_killed_workers_job_is_taken_up_and_done_once(town: str, key: str, tmp_path: Path) -> None:
    with held_key(key) as held, worker(tmp_path) as first:
        with body_scope(town):
            enqueue(JOB, key=key, day=key)
        wait_for(lambda: statuses() == [("doing",)])
        wait_for(lambda: bool(rows("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'transactionid'")))
        first.kill()
        first.wait()
        held.rollback()
    with body_scope(town):
        assert not Done.objects.filter(key=key).exists()
    assert statuses() == [("doing",)]
    rows(HEART_STOOD_STILL)
    with worker(tmp_path):
        # The clock asks for this every fifteen seconds; here at once, unless it has been asked for by now.
        with suppress(AlreadyEnqueued):
            queue_app.configure_task("jobs.retry_stalled").defer(timestamp=0)
        wait_for(lambda: statuses() == [])
    with body_scope(town):
        assert Done.objects.filter(key=key).count() == 1


def cut_off(condition: str) -> int:
    """End the connections to the test database of which a condition holds; returns how many."""
    address = admin_address()
    with psycopg.connect(
        host=address.host or None,
        port=address.port or None,
        user=address.user,
        password=address.password or None,
        dbname="postgres",
        autocommit=True,
    ) as admin:
        ended = admin.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND {condition}",
            [connection.settings_dict["NAME"]],
        )
        return ended.rowcount


def test_a_job_is_done_although_the_database_cut_its_worker_off(town: str, key: str, tmp_path: Path) -> None:
    with worker(tmp_path) as process:
        wait_for(lambda: bool(rows("SELECT 1 FROM procrastinate_workers")))
        connections["default"].close()
        cut_off("true")
        with body_scope(town):
            enqueue(JOB, key=key, day=key)
        wait_for(lambda: statuses() == [] or process.poll() is not None)
    if statuses():
        # Cut off at a bad moment, a worker ends by itself; whoever started it starts another.
        with worker(tmp_path):
            wait_for(lambda: statuses() == [])


def test_a_worker_that_cannot_tell_how_a_job_ended_stops(town: str, key: str, tmp_path: Path) -> None:
    """Alive, its heartbeat would say for ever that it is doing the job."""
    with held_key(key) as held, worker(tmp_path) as process:
        with body_scope(town):
            enqueue(JOB, key=key, day=key)
        wait_for(lambda: statuses() == [("doing",)])
        with transaction.atomic():
            rows("SELECT 1 FROM procrastinate_jobs WHERE args->>'body_code' = %s FOR UPDATE", town)
            held.rollback()
            telling = "wait_event_type = 'Lock' AND strpos(query, 'procrastinate_finish_job') > 0"
            wait_for(lambda: cut_off(telling) > 0)
        process.wait(20)
    assert statuses() == [("doing",)]
    with worker(tmp_path):
        wait_for(lambda: statuses() == [], seconds=40)
    with body_scope(town):
        assert Done.objects.filter(key=key).count() == 1


def test_what_a_job_asks_for_is_asked_in_its_transaction(town: str, key: str) -> None:
    """The worker's own connections to the queue must not be used: what they write would stay after a rollback."""

    def ask_and_fail() -> None:
        try:
            with body_scope(town):
                enqueue(JOB, key=key, day=key)
                raise RuntimeError
        except RuntimeError:
            connection.close()

    async def as_a_worker_does() -> None:
        async with queue_app.open_async():
            await asyncio.to_thread(ask_and_fail)

    with queue_app.replace_connector(queue_app.connector.get_worker_connector()):
        asyncio.run(as_a_worker_does())
    assert statuses() == []
