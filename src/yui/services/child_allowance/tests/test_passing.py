"""Time passes, nothing is recorded, and a decision changes: who is told, once, and what ends."""

import datetime as dt
import json
from collections.abc import Iterator
from uuid import UUID

import pytest
import time_machine
from django.db import connection

from yui.kernel.access.public import acting_as
from yui.kernel.jobs.public import drain, perform
from yui.kernel.journal.public import list_entries
from yui.procedures.cases import public as procedures
from yui.procedures.cases.public import CaseView, NoticeKind, Result
from yui.services.child_allowance.models import Entitlement
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.tests.test_changes import (
    Couple,
    amounts,
    at,
    covered,
    elder,
    leave,
    offers,
    waiting,
)
from yui.services.child_allowance.tests.test_course import TODAY, _as, parents

__all__ = ["parents"]

CODE = "child_allowance.change_by_time"
THREE = (dt.date(2008, 5, 5), dt.date(2015, 5, 5), dt.date(2018, 5, 5))


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def calendar(day: str) -> None:
    """The daily jobs of a day, and what they lead to."""
    for name in ("cases.sweep_day", "programmes.reach_day"):
        perform(name, body_code="999016", key="", arguments={"day": day})
    drain()


def look_again(person: UUID, on: str, programme: str = "child_allowance") -> None:
    arguments = {"subject": str(person), "effective_on": on, "programme": programme, "code": "x"}
    perform("child_allowance.look_again", body_code="999016", key="", arguments=arguments)
    drain()


def changes(person: UUID) -> list[CaseView]:
    return [case for case in procedures.list_cases_of(person) if case.procedure == CODE]


@pytest.fixture
def brothers(parents: Couple) -> tuple[UUID, list[UUID]]:
    """A father of three whose eldest turns 18 this fiscal year; it is 1 April and nothing was confirmed."""
    father, _mother = parents
    children = elder(father, *THREE)
    with at("2027-03-01"):
        calendar("2027-03-01")
    return father, children


def test_a_third_child_that_becomes_the_second_is_told_when_nobody_can_confirm_in_time_any_more(
    brothers: tuple[UUID, list[UUID]],
) -> None:
    """6条1項: the eldest counts no more. The 15 days to confirm end on 15 April."""
    father, (_eldest, _second, youngest) = brothers
    with at("2027-04-01"):
        calendar("2027-04-01")
        assert changes(father) == []
    with at("2027-04-16"):
        look_again(father, "2027-04-01")
        look_again(father, "2027-04-01")
        (case,) = changes(father)
        assert (case.subject, case.needs_officer) == (youngest, False)
        (decision,) = procedures.list_decisions(case.public_id)
        assert (decision.result, decision.effective_from) == (Result.CHANGED, dt.date(2027, 4, 1))
        assert decision.details["amount_yen_per_month"] == 10_000
        assert any(reason.code == "第三子以降" and reason.holds is False for reason in decision.reasons)
        (notice,) = [one for one in procedures.list_notices_of(father) if one.case == case.public_id]
        assert notice.kind is NoticeKind.DECISION
        assert amounts(father)["2027-04"] == 2 * (10_000 + 10_000)
    entries = [entry for entry in list_entries(limit=1000) if entry.object_id == "child_allowance.look_again"]
    assert len(entries) == 3
    assert not any(str(father) in str(entry) for entry in entries)


@pytest.mark.usefixtures("brothers")
def test_the_job_comes_again_on_the_day_after_the_last_one() -> None:
    with at("2027-04-01"):
        calendar("2027-04-01")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at, args FROM procrastinate_jobs"
            " WHERE status = 'todo' AND task_name = 'child_allowance.look_again'"
        )
        ((when, arguments),) = cursor.fetchall()
    assert when.astimezone(TODAY.tzinfo).date() == dt.date(2027, 4, 16)
    assert set(json.loads(arguments)) == {"body_code", "job_key", "subject", "effective_on", "programme"}


def test_what_was_confirmed_in_time_changes_nothing(brothers: tuple[UUID, list[UUID]]) -> None:
    father, _children = brothers
    (offer,) = [case for case in offers(father) if case.procedure == "child_allowance.support_after_18"]
    with at("2027-04-10"), acting_as(_as(father)):
        procedures.submit(case=offer.public_id, version=offer.version)
    with at("2027-04-16"):
        look_again(father, "2027-04-01")
    assert changes(father) == []


def test_the_first_january_after_a_third_birthday_tells_only_who_was_not_told(parents: Couple) -> None:
    father, _mother = parents
    told, untold = elder(father, dt.date(2023, 12, 5), dt.date(2023, 12, 24))
    with at("2026-12-05"):
        plan_payments(father)
        calendar("2026-12-05")
    with at("2027-01-01"):
        calendar("2027-01-01")
        (case,) = changes(father)
    assert case.subject == untold
    decided = [
        (one.subject, decision.effective_from, decision.details["amount_yen_per_month"])
        for one in procedures.list_cases_of(father)
        for decision in procedures.list_decisions(one.public_id)
    ]
    assert sorted(decided, key=str) == sorted(
        ((child, dt.date(2027, 1, 1), 10_000) for child in (told, untold)), key=str
    )


def test_a_year_end_that_nobody_announced_ends_it_all_the_same(parents: Couple) -> None:
    """A family taken over after 1 March. 3条1項."""
    father, _mother = parents
    (child,) = elder(father, dt.date(2008, 5, 5))
    with at("2027-03-20"):
        plan_payments(father)
    with at("2027-04-01"):
        calendar("2027-04-01")
        (case,) = changes(father)
        (decision,) = procedures.list_decisions(case.public_id)
        assert (decision.result, decision.effective_until) == (Result.ENDED, dt.date(2027, 4, 1))
        (row,) = Entitlement.objects.filter(child=child, recorded_until=None)
        assert row.through_month == dt.date(2027, 3, 1)
        assert "2027-04" not in covered(father)


def test_who_waits_for_an_officer_is_left_to_the_officer(brothers: tuple[UUID, list[UUID]]) -> None:
    father, (_eldest, _second, youngest) = brothers
    with at("2027-03-20"):
        leave(youngest, on=dt.date(2027, 3, 20))
        assert [case.subject for case in waiting()] == [youngest]
    with at("2027-04-16"):
        look_again(father, "2027-04-01")
    assert changes(father) == []


def test_another_programme_is_no_concern_of_ours(brothers: tuple[UUID, list[UUID]]) -> None:
    father, _children = brothers
    with at("2027-04-16"):
        look_again(father, "2027-04-01", programme="child_rearing_allowance")
    assert changes(father) == []


def test_a_month_in_which_nothing_changes_opens_nothing(brothers: tuple[UUID, list[UUID]]) -> None:
    father, _children = brothers
    with at("2027-05-16"):
        look_again(father, "2027-05-01")
    assert changes(father) == []
