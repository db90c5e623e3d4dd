"""Real workers: killed in the middle of a job, and cut off from the database.

These tests commit. They work in a body of their own, whose rows no other test can see.
"""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from procrastinate.contrib.django import app as queue_app

from yui.config.database import admin_address
from yui.kernel.jobs.models import Done
from yui.kernel.jobs.public import enqueue
from yui.kernel.tenancy.public import BodyKind, body_scope, open_body

JOB, KEY, TOWN = "forms.forget_submissions", "2026-11-25", "997700"
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
def town(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        open_body(code=TOWN, name="town", kind=BodyKind.MUNICIPALITY, valid_from=dt.date(2000, 4, 1))
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


def held_key() -> psycopg.Connection:
    """A transaction that holds the job's mark, so that whoever does the job waits in the middle of it."""
    connected = connections["default"].get_connection_params()
    other = psycopg.connect(
        **{k: connected[k] for k in ("host", "port", "dbname", "user", "password") if k in connected}
    )
    body_id = rows("SELECT id FROM tenancy_body WHERE code = %s", TOWN)[0][0]
    other.execute("SELECT set_config('yui.body_id', %s, true)", [str(body_id)])
    other.execute("INSERT INTO jobs_done (body_id, job, key) VALUES (%s, %s, %s)", [body_id, JOB, KEY])
    return other


def test_a_killed_workers_job_is_taken_up_and_done_once(town: str, tmp_path: Path) -> None:
    with held_key() as held, worker(tmp_path) as first:
        with body_scope(town):
            enqueue(JOB, key=KEY, day=KEY)
        wait_for(lambda: statuses() == [("doing",)])
        wait_for(lambda: bool(rows("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'transactionid'")))
        first.kill()
        first.wait()
        held.rollback()
    with body_scope(town):
        assert not Done.objects.exists()
    assert statuses() == [("doing",)]
    rows(HEART_STOOD_STILL)
    with worker(tmp_path):
        # The clock asks for this every minute; here at once.
        queue_app.configure_task("jobs.retry_stalled").defer(timestamp=0)
        wait_for(lambda: statuses() == [])
    with body_scope(town):
        assert Done.objects.count() == 1


def test_a_worker_comes_back_after_the_database_cut_it_off(town: str, tmp_path: Path) -> None:
    with worker(tmp_path) as process:
        wait_for(lambda: bool(rows("SELECT 1 FROM procrastinate_workers")))
        connections["default"].close()
        address = admin_address()
        with psycopg.connect(
            host=address.host or None,
            port=address.port or None,
            user=address.user,
            password=address.password or None,
            dbname="postgres",
            autocommit=True,
        ) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [connection.settings_dict["NAME"]],
            )
        with body_scope(town):
            enqueue(JOB, key=KEY, day=KEY)
        wait_for(lambda: statuses() == [] or process.poll() is not None)
        assert process.poll() is None
