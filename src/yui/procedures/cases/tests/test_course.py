"""The course of a case, with a procedure made for the test."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction

from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.jobs.public import drain, publish
from yui.kernel.journal.public import list_about
from yui.kernel.tenancy.public import BodyRef
from yui.procedures.cases import definitions
from yui.procedures.cases.public import (
    CaseNotFound,
    CaseRefused,
    CaseState,
    CaseView,
    Concern,
    Event,
    FilledValue,
    Mode,
    NoticeKind,
    Outcome,
    Procedure,
    Reason,
    Result,
    Source,
    StaleCase,
    decide_again,
    get_case,
    list_applications,
    list_cases_of,
    list_decisions,
    list_notices_of,
    register,
    submit,
    withdraw,
)

PARENT, CHILD = uuid4(), uuid4()
TOKYO = dt.timezone(dt.timedelta(hours=9))
REASON = Reason("born", True, "子が生まれました。", "A child was born.")


class Gift(Procedure):
    code = "tests.gift"
    title = "Gift"
    mode = Mode.CONFIRM
    legal_ground = "Test Act 1"
    event_codes = ("tests.birth.recorded",)
    known = True

    def __init__(self) -> None:
        self.carried_out: list[UUID] = []

    def find_concerned(self, event: Event) -> list[Concern]:
        return [Concern(PARENT, f"child:{event.subject}", (REASON,), subject=event.subject)]

    def fill(self, case: CaseView) -> list[FilledValue]:
        choices = (("a", "A"), ("b", "B"))
        return [
            FilledValue("child", "Child", str(case.subject), "Child", Source.REGISTRY),
            FilledValue(
                "account", "Account", "a", "A", Source.ACCOUNT_REGISTER, editable=True, choices=choices
            ),
        ]

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        result = Result.GRANTED if self.known else Result.UNDETERMINED
        return Outcome(
            result, (REASON,), "v1", effective_from=applied_on, missing=() if self.known else ("income",)
        )

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        self.carried_out.append(case.public_id)


@pytest.fixture
def gift() -> Iterator[Gift]:
    procedure = Gift()
    register(procedure)
    yield procedure
    definitions._procedures.pop(procedure.code)


@pytest.fixture
def parent() -> Iterator[Actor]:
    actor = Actor(ActorKind.RESIDENT, "account-1", subject=PARENT)
    with acting_as(actor):
        yield actor


@pytest.fixture
def case(body: BodyRef, gift: Gift, parent: Actor) -> CaseView:
    publish("tests.birth.recorded", subject=CHILD, effective_on=dt.date(2026, 11, 20), key="birth-1")
    assert drain() == 1
    (opened,) = list_cases_of(PARENT)
    return opened


def test_an_event_becomes_one_notice_with_its_reason(case: CaseView) -> None:
    publish("tests.birth.recorded", subject=CHILD, effective_on=dt.date(2026, 11, 20), key="birth-1")
    publish("tests.birth.recorded", subject=CHILD, effective_on=dt.date(2026, 11, 20), key="birth-again")
    drain()
    (notice,) = list_notices_of(PARENT)
    assert notice.kind is NoticeKind.OFFER
    assert notice.reasons == (REASON,)
    assert case.state is CaseState.NOTIFIED


def test_one_tap_ends_in_a_decision(case: CaseView, gift: Gift) -> None:
    outcome = submit(case=case.public_id, version=case.version)
    assert outcome is not None
    assert outcome.result is Result.GRANTED
    assert gift.carried_out == [case.public_id]
    (decision,) = list_decisions(case.public_id)
    assert decision.reasons == (REASON,)
    acts = [entry.act for entry in list_about(PARENT)]
    assert {
        "cases.case.opened",
        "cases.notice.sent",
        "cases.application.submitted",
        "cases.decision.made",
    } <= set(acts)


def test_a_double_click_does_nothing_twice(case: CaseView, gift: Gift) -> None:
    submit(case=case.public_id, version=case.version)
    assert submit(case=case.public_id, version=case.version) is None
    assert len(list_applications(case.public_id)) == 1
    assert len(gift.carried_out) == 1


def test_a_stale_page_is_refused_and_changes_nothing(case: CaseView) -> None:
    with pytest.raises(StaleCase):
        submit(case=case.public_id, version=case.version + 1)
    assert list_applications(case.public_id) == []


def test_a_lying_client_cannot_change_a_fixed_item(case: CaseView) -> None:
    for changes in ({"child": "x"}, {"account": "c"}, {"unknown": "x"}):
        with pytest.raises(CaseRefused):
            submit(case=case.public_id, version=case.version, changes=changes)


def test_a_correction_is_a_new_version_and_keeps_earlier_answers(case: CaseView) -> None:
    submit(case=case.public_id, version=case.version, changes={"account": "b"})
    again = get_case(case.public_id)
    assert submit(case=case.public_id, version=again.version) is None
    submit(case=case.public_id, version=again.version, changes={"account": "a"})
    newest, first = list_applications(case.public_id)
    assert (newest.number, first.number) == (2, 1)
    assert [value.value for value in first.values] == [str(CHILD), "b"]
    assert [d.superseded for d in list_decisions(case.public_id)] == [False, True]


def test_what_the_rules_leave_open_waits_for_an_officer(case: CaseView, gift: Gift, staff: Actor) -> None:
    gift.known = False
    with acting_as(Actor(ActorKind.RESIDENT, "account-1", subject=PARENT)):
        submit(case=case.public_id, version=case.version)
    assert get_case(case.public_id).needs_officer
    gift.known = True
    decide_again(case=case.public_id)
    assert get_case(case.public_id).state is CaseState.DECIDED


def test_withdrawal_before_but_not_after_the_decision(case: CaseView) -> None:
    submit(case=case.public_id, version=case.version)
    with pytest.raises(CaseRefused):
        withdraw(case=case.public_id, version=get_case(case.public_id).version)


def test_an_offer_can_be_declined_once(case: CaseView) -> None:
    withdraw(case=case.public_id, version=case.version)
    withdraw(case=case.public_id, version=case.version)
    with pytest.raises(CaseRefused):
        submit(case=case.public_id, version=case.version)


def test_somebody_elses_case_is_not_found(case: CaseView) -> None:
    with acting_as(Actor(ActorKind.RESIDENT, "account-2", subject=uuid4())), pytest.raises(CaseNotFound):
        get_case(case.public_id)


def test_a_cancelled_birth_stops_the_case(case: CaseView) -> None:
    publish("resident.record.cancelled", subject=CHILD, effective_on=dt.date(2026, 11, 20), key="cancel-1")
    drain()
    assert get_case(case.public_id).state is CaseState.VOID
    with pytest.raises(CaseRefused):
        submit(case=case.public_id, version=get_case(case.public_id).version)


def test_applications_and_decisions_cannot_be_rewritten(case: CaseView) -> None:
    submit(case=case.public_id, version=case.version)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE cases_decision SET result = 'refused'")


def _officer(*permissions: str) -> Actor:
    return Actor(ActorKind.STAFF, "officer-1", "", frozenset(permissions))


def test_who_may_only_read_cannot_apply_or_withdraw(case: CaseView) -> None:
    with acting_as(_officer("cases.case.read")):
        for act in (submit, withdraw):
            with pytest.raises(CaseNotFound):
                act(case=case.public_id, version=case.version)
    assert get_case(case.public_id).state is CaseState.NOTIFIED


def test_an_officer_may_enter_an_application(case: CaseView) -> None:
    with acting_as(_officer("cases.case.enter")):
        assert submit(case=case.public_id, version=case.version) is not None


def test_a_decision_is_not_made_again_without_need(case: CaseView, gift: Gift) -> None:
    submit(case=case.public_id, version=case.version)
    with acting_as(_officer("cases.case.decide")), pytest.raises(CaseRefused):
        decide_again(case=case.public_id)
    assert len(gift.carried_out) == 1


def test_a_correction_keeps_the_day_of_the_first_application(case: CaseView, gift: Gift) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 25, 3, 0, tzinfo=TOKYO), tick=False):
        submit(case=case.public_id, version=case.version)
    with time_machine.travel(dt.datetime(2027, 2, 1, 10, 0, tzinfo=TOKYO), tick=False):
        submit(case=case.public_id, version=get_case(case.public_id).version, changes={"account": "b"})
    assert {decision.effective_from for decision in list_decisions(case.public_id)} == {dt.date(2026, 11, 25)}


def test_the_day_of_application_is_the_day_in_japan(case: CaseView, gift: Gift) -> None:
    gift.known = False
    with time_machine.travel(dt.datetime(2026, 11, 25, 3, 0, tzinfo=TOKYO), tick=False):
        submit(case=case.public_id, version=case.version)
    gift.known = True
    with acting_as(_officer("cases.case.decide", "cases.case.read")):
        assert decide_again(case=case.public_id).effective_from == dt.date(2026, 11, 25)


class Taken(Gift):
    """A procedure by authority that the rules leave open."""

    code = "tests.taken"
    mode = Mode.AUTOMATIC
    known = False


@pytest.fixture
def taken(body: BodyRef, parent: Actor) -> Iterator[CaseView]:
    register(Taken())
    publish("tests.birth.recorded", subject=CHILD, effective_on=dt.date(2026, 11, 20), key="birth-2")
    drain()
    (opened,) = list_cases_of(PARENT)
    yield opened
    definitions._procedures.pop(Taken.code)


def test_what_is_done_by_authority_is_not_the_residents_to_stop(taken: CaseView) -> None:
    """Otherwise a recipient could withdraw the examination of whether payment has to end."""
    assert (taken.state, taken.needs_officer) == (CaseState.SUBMITTED, True)
    for act in (submit, withdraw):
        with pytest.raises(CaseRefused):
            act(case=taken.public_id, version=taken.version)
    assert get_case(taken.public_id).needs_officer


def test_what_is_done_by_authority_can_be_decided_again(taken: CaseView) -> None:
    definitions._procedures[Taken.code].known = True  # type: ignore[attr-defined]
    with acting_as(_officer("cases.case.decide", "cases.case.read")):
        assert decide_again(case=taken.public_id).result is Result.GRANTED
