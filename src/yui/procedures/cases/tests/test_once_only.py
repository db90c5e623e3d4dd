"""The same thing at the same moment, on real connections: two tabs, two workers, two officers.

These tests commit. They work in a body of their own, whose rows no other test can see.
"""

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from yui.kernel.access.public import Actor, ActorKind, acting_as, system_actor
from yui.kernel.jobs.public import perform
from yui.kernel.tenancy.public import BodyKind, body_scope, open_body
from yui.procedures.cases import definitions
from yui.procedures.cases.models import Application, Case, Decision, Notice
from yui.procedures.cases.public import (
    CaseRefused,
    CaseState,
    CaseView,
    Event,
    NoticeKind,
    decide_again,
    list_cases_of,
    open_from_event,
    register,
    submit,
    withdraw,
)
from yui.procedures.cases.tests.test_course import PARENT, Gift

SYSTEM = system_actor("tests")
ME = Actor(ActorKind.RESIDENT, "account-1", subject=PARENT)
OFFICERS = [
    Actor(ActorKind.STAFF, f"officer-{n}", "", frozenset({"cases.case.read", "cases.case.decide"}))
    for n in range(4)
]
_codes = itertools.count(1)


@pytest.fixture
def gift() -> Iterator[Gift]:
    procedure = Gift()
    register(procedure)
    yield procedure
    definitions._procedures.pop(procedure.code)


@pytest.fixture
def town(gift: Gift, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        code = f"cases{next(_codes):05d}"
        open_body(code=code, name=f"town {code}", kind=BodyKind.CARE_PROVIDER, valid_from=dt.date(2000, 4, 1))
        yield code
        for each in connections.all():
            each.close()


def birth(child: UUID) -> Event:
    return Event("tests.birth.recorded", child, dt.date(2026, 11, 20))


@pytest.fixture
def offer(town: str) -> CaseView:
    with body_scope(town), acting_as(SYSTEM):
        open_from_event(event=birth(uuid4()))
        (case,) = list_cases_of(PARENT)
    return case


def together(work: Callable[[int], object], count: int = 4) -> list[object]:
    """Do the same at once on connections of their own; refusals are answers too."""
    gate = threading.Barrier(count)

    def run(number: int) -> object:
        gate.wait()
        try:
            return work(number)
        except CaseRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_one_birth_taken_up_by_four_workers_opens_one_case(town: str) -> None:
    event = birth(uuid4())

    def open_once(number: int) -> object:
        with body_scope(town), acting_as(SYSTEM):
            return open_from_event(event=event)

    answers = together(open_once)
    assert sorted(len(opened) for opened in answers) == [0, 0, 0, 1]  # type: ignore[arg-type]
    with body_scope(town):
        assert (Case.objects.count(), Notice.objects.count()) == (1, 1)


def test_one_job_done_by_four_workers_is_done_once(town: str) -> None:
    arguments = {"code": "tests.birth.recorded", "subject": str(uuid4()), "effective_on": "2026-11-20"}

    def work(number: int) -> object:
        return perform("cases.open_from_event", body_code=town, key="birth-1", arguments=dict(arguments))

    assert sorted(together(work)) == [False, False, False, True]  # type: ignore[type-var]
    with body_scope(town):
        assert Notice.objects.count() == 1


def test_four_confirmations_at_once_are_one_application(town: str, offer: CaseView, gift: Gift) -> None:
    def confirm(number: int) -> object:
        with body_scope(town), acting_as(ME):
            return submit(case=offer.public_id, version=offer.version)

    answers = together(confirm)
    assert sum(answer is not None for answer in answers) == 1
    with body_scope(town):
        assert (Application.objects.count(), Decision.objects.count()) == (1, 1)
        assert Notice.objects.filter(kind=NoticeKind.DECISION).count() == 1
    assert len(gift.carried_out) == 1


def test_two_tabs_with_different_answers_keep_one(town: str, offer: CaseView, gift: Gift) -> None:
    """The second tab shows what has been overtaken, so it is refused rather than taken as a correction."""

    def confirm(number: int) -> object:
        with body_scope(town), acting_as(ME):
            return submit(case=offer.public_id, version=offer.version, changes={"account": "ab"[number]})

    answers = together(confirm, 2)
    assert sum(isinstance(answer, CaseRefused) for answer in answers) == 1
    with body_scope(town):
        assert Application.objects.count() == 1


def test_confirming_and_declining_at_once_do_one_of_the_two(town: str, offer: CaseView, gift: Gift) -> None:
    def act(number: int) -> object:
        with body_scope(town), acting_as(ME):
            work = submit if number % 2 else withdraw
            return work(case=offer.public_id, version=offer.version)

    together(act)
    with body_scope(town):
        case = Case.objects.get()
        decided = case.state == CaseState.DECIDED
        assert decided or case.state == CaseState.WITHDRAWN
        assert (
            Application.objects.count() == Decision.objects.count() == len(gift.carried_out) == int(decided)
        )


def test_two_officers_decide_once(town: str, offer: CaseView, gift: Gift) -> None:
    gift.known = False
    with body_scope(town), acting_as(ME):
        submit(case=offer.public_id, version=offer.version)
    gift.known = True

    def decide(number: int) -> object:
        with body_scope(town), acting_as(OFFICERS[number]):
            return decide_again(case=offer.public_id)

    answers = together(decide)
    assert sum(isinstance(answer, CaseRefused) for answer in answers) == 3
    with body_scope(town):
        assert Decision.objects.count() == 1
        assert Notice.objects.filter(kind=NoticeKind.DECISION).count() == 1
