import datetime as dt
import uuid

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.jobs import Job

from yui.kernel.access.public import ActorKind, current_actor
from yui.kernel.jobs import registry
from yui.kernel.jobs.models import Done
from yui.kernel.jobs.public import UnknownJob, begin_day, drain, enqueue, every_day, job, publish, subscribe
from yui.kernel.tenancy.public import BodyRef, body_scope, current_body, get_body

done: list[tuple[str, str]] = []


@job("tests.note", permissions=("tests.thing.read",))
def note(*, what: str = "", **rest: str) -> None:
    actor = current_actor()
    assert actor.kind is ActorKind.SYSTEM
    assert actor.permissions == {"tests.thing.read"}
    done.append((current_body().code, what))
    if what == "fail":
        raise RuntimeError("as asked")


@pytest.fixture(autouse=True)
def empty() -> None:
    done.clear()


@pytest.fixture
def two_bodies(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two bodies of the tests; those that tests with commits have left do not count."""
    monkeypatch.setattr(registry, "list_bodies", lambda on: [get_body("999016"), get_body("999024")])
    monkeypatch.setattr(registry, "_daily", ["tests.note"])


def test_a_job_runs_for_the_body_that_asked(db: None) -> None:
    with body_scope("999024"):
        enqueue("tests.note", what="a")
    assert drain() == 1
    assert done == [("999024", "a")]


def test_nothing_is_asked_when_the_transaction_fails(body: BodyRef) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("tests.note", what="a")
        raise ZeroDivisionError
    assert drain() == 0


def test_the_same_key_is_done_once(body: BodyRef) -> None:
    for _ in range(3):
        enqueue("tests.note", key="k", what="a")
    drain()
    assert len(done) == 1


def test_the_same_key_of_another_body_is_another_job(db: None) -> None:
    for code in ("999016", "999024"):
        with body_scope(code):
            enqueue("tests.note", key="k", what="a")
    drain()
    assert [code for code, _what in done] == ["999016", "999024"]


def test_a_job_that_fails_leaves_no_mark(body: BodyRef) -> None:
    enqueue("tests.note", key="k", what="fail")
    with pytest.raises(RuntimeError), transaction.atomic():
        drain()
    assert not Done.objects.exists()


def test_an_unknown_name_is_refused_at_once(body: BodyRef) -> None:
    with pytest.raises(UnknownJob):
        enqueue("tests.nothing")


def test_an_event_reaches_every_listener_once(body: BodyRef) -> None:
    subscribe("tests.thing.happened", "tests.note")
    subscribe("tests.thing.happened", "tests.note")
    for _ in range(2):
        publish(
            "tests.thing.happened",
            subject=uuid.uuid4(),
            effective_on=dt.date(2026, 11, 25),
            key="e1",
            what="x",
        )
    drain()
    assert len(done) == 1
    registry._listeners.pop("tests.thing.happened")


def test_the_day_begins_once_for_each_body(two_bodies: None) -> None:
    every_day("tests.note")
    begin_day(dt.date(2026, 11, 25))
    assert drain() == 2
    begin_day(dt.date(2026, 11, 25))
    assert drain() == 0


def test_days_on_which_nothing_ran_are_made_up_for(two_bodies: None) -> None:
    """A birthday or 1 March must not be missed because the machine stood still that day."""
    begin_day(dt.date(2026, 2, 27))
    assert drain() == 2
    begin_day(dt.date(2026, 3, 2))
    assert drain() == 6
    with body_scope("999016"):
        keys = Done.objects.filter(job="tests.note").order_by("key").values_list("key", flat=True)
        assert list(keys) == ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]
    begin_day(dt.date(2026, 3, 1))
    assert drain() == 0


def test_after_a_long_time_a_month_is_made_up_for(two_bodies: None) -> None:
    begin_day(dt.date(2025, 2, 27))
    drain()
    begin_day(dt.date(2026, 3, 2))
    assert drain() == 2 * 31


def test_what_was_done_leaves_the_queue(body: BodyRef) -> None:
    enqueue("tests.note", what="a")
    drain()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone()[0] == 0


def test_a_job_is_tried_again_over_a_day(body: BodyRef) -> None:
    waits = []
    for attempts in range(registry.MAX_ATTEMPTS + 1):
        decision = registry._RETRY.get_retry_decision(
            exception=RuntimeError(),
            job=Job(id=1, queue="", lock=None, queueing_lock=None, task_name="", attempts=attempts),
        )
        waits.append((decision.retry_at - timezone.now()).total_seconds() if decision else None)
    assert waits.pop() is None
    assert waits[0] < 10
    assert 20 * 3600 < sum(wait for wait in waits if wait is not None) < 30 * 3600
