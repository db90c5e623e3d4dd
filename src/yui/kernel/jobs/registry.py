"""Jobs by name, and who listens to which event."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, close_old_connections, transaction
from django.db.models import Max
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as queue_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager

from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.jobs.models import Done
from yui.kernel.journal.public import record
from yui.kernel.tenancy.public import body_scope, current_body, list_bodies

Work = TypeVar("Work", bound=Callable[..., None])
_jobs: dict[str, tuple[Callable[..., None], frozenset[str]]] = {}
_daily: list[str] = []
_listeners: dict[str, list[str]] = defaultdict(list)
# Again after 4 s, 16 s, 64 s … 18 h, a day together: long enough to outlive a restart or a bad deployment.
MAX_ATTEMPTS = 8
_RETRY = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=4)
_DAYS_MADE_UP_FOR = 31
# The worker speaks to the queue through connections of its own, which know nothing of a job's transaction.
_in_our_transaction = JobManager(DjangoConnector())


class UnknownJob(LookupError):
    """No job has this name."""


def job(name: str, permissions: tuple[str, ...] = ()) -> Callable[[Work], Work]:
    """Register a function as the job ``name``.

    The worker runs it in one transaction, inside the scope of the body that asked, acting as the system with
    exactly the given permissions. Arguments are ids and codes, never personal data.
    """

    def register(work: Work) -> Work:
        if name in _jobs and _jobs[name][0].__qualname__ != work.__qualname__:
            raise ValueError(f"Two jobs are called {name}.")
        _jobs[name] = (work, frozenset(permissions))

        @queue_app.task(name=name, retry=_RETRY)
        def _task(body_code: str, job_key: str, **arguments: Any) -> None:
            close_old_connections()  # a connection may have died with the database since the last job
            perform(name, body_code=body_code, key=job_key, arguments=arguments)

        return work

    return register


def perform(name: str, *, body_code: str, key: str, arguments: dict[str, Any]) -> bool:
    """Do a job now, unless the same key was done before. Returns whether it was done.

    The mark that it was done is in the same transaction as the work, so a worker killed at any moment leaves
    either both or neither.
    """
    if name not in _jobs:
        raise UnknownJob(f"No job is called {name}.")
    work, permissions = _jobs[name]
    with body_scope(body_code), acting_as(system_actor(name, permissions)):
        if key and not _claim(name, key):
            return False
        work(**arguments)
        # The key may hold a person's public id, which has no place in the journal.
        record("jobs.job.done", object_kind="job", object_id=name)
    return True


def _claim(name: str, key: str) -> bool:
    try:
        with transaction.atomic():
            Done.objects.create(job=name, key=key)
    except IntegrityError:
        return False
    return True


def enqueue(name: str, *, key: str = "", run_at: dt.datetime | None = None, **arguments: str | int) -> None:
    """Ask for a job of the active body, in the current transaction: if that rolls back, nothing was asked.

    Args:
        name: the registered name.
        key: the same key is done once only; empty means every time.
        run_at: not before this instant.
        arguments: ids and codes; never personal data.

    Raises:
        UnknownJob: no job has this name.
    """
    if name not in _jobs:
        raise UnknownJob(f"No job is called {name}.")
    asked = queue_app.configure_task(name, schedule_at=run_at, allow_unknown=False)
    asked.job_manager = _in_our_transaction
    asked.defer(body_code=current_body().code, job_key=key, **arguments)


def every_day(name: str) -> None:
    """Have a job done once a day for every body; it gets ``day`` as ISO text. Called when an app is ready."""
    if name not in _daily:
        _daily.append(name)


def begin_day(day: dt.date) -> None:
    """Ask for the daily jobs of every body up to this day; days on which nothing ran are made up for, up to a month."""
    for body in list_bodies(on=day):
        with body_scope(body):
            had = Done.objects.filter(job__in=_daily, key__lte=day.isoformat())
            last = dict(had.values_list("job").annotate(last=Max("key")))
            for name in _daily:
                for missed in _days_since(last.get(name), day):
                    enqueue(name, key=missed.isoformat(), day=missed.isoformat())


def _days_since(last: str | None, day: dt.date) -> list[dt.date]:
    """The days after the last one that a job was done for; the first time, only this day."""
    count = (day - dt.date.fromisoformat(last)).days if last else 1
    return [day - dt.timedelta(days=back) for back in reversed(range(min(count, _DAYS_MADE_UP_FOR)))]


def subscribe(code: str, job_name: str) -> None:
    """Have a job run for every event of this code. Called once, when an app is ready."""
    if job_name not in _listeners[code]:
        _listeners[code].append(job_name)


def publish(code: str, *, subject: UUID, effective_on: dt.date, key: str, **ids: str | int) -> None:
    """Tell whoever listens that something happened; each listener's job is asked for in this transaction.

    Args:
        code: ``object.fact.past_participle``, for example ``resident.birth.recorded``.
        subject: whom it concerns.
        effective_on: the day it takes effect.
        key: names this very event; listeners do the same event once.
    """
    for name in _listeners.get(code, []):
        told: dict[str, Any] = {
            "code": code,
            "subject": str(subject),
            "effective_on": effective_on.isoformat(),
            **ids,
        }
        enqueue(name, key=f"{code}:{key}", **told)
