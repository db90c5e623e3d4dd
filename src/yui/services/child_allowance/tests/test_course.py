"""From a birth in the registry to payment orders, and back."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest
import time_machine

from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.calendar.public import PartialDate
from yui.kernel.jobs.public import drain, perform
from yui.kernel.journal.public import list_entries
from yui.kernel.tenancy.public import BodyRef
from yui.procedures.cases import public as procedures
from yui.procedures.cases.public import CaseState, Result
from yui.procedures.payments.contracts import OrderState
from yui.procedures.payments.public import list_orders_for
from yui.registries.people import public as people
from yui.registries.people.public import Address, NewResident, PersonName, Relationship, Sex
from yui.services.child_allowance.actions import ExistingFamily, take_over
from yui.services.child_allowance.models import Entitlement
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.rules import Month

TODAY = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def _resident(given: str, born: dt.date, sex: Sex, relationship: Relationship) -> NewResident:
    return NewResident(
        name=PersonName(family_name="結城", given_name=given, family_kana="ユウキ", given_kana="テスト"),
        born_on=PartialDate.of(born),
        sex=sex,
        relationship=relationship,
    )


@pytest.fixture
def parents(body: BodyRef, staff: Actor) -> tuple[UUID, UUID]:
    """A couple who moved in long ago."""
    event = people.record_move_in(
        newcomers=[
            _resident("太郎", dt.date(1990, 1, 1), Sex.MALE, Relationship.HEAD),
            _resident("花子", dt.date(1992, 1, 1), Sex.FEMALE, Relationship.SPOUSE),
        ],
        address=Address(town="結町", block="1-1"),
        effective_on=dt.date(2020, 4, 1),
        previous_address="東京都",
    )
    drain()
    father, mother = event.persons
    return father, mother


def birth(mother: UUID, on: dt.date = dt.date(2026, 11, 20), given: str = "結") -> UUID:
    event = people.record_birth(
        child=_resident(given, on, Sex.FEMALE, Relationship.CHILD),
        mother=mother,
        notified_on=dt.date(2026, 11, 25),
    )
    drain()
    return event.persons[0]


def _as(person: UUID) -> Actor:
    return Actor(ActorKind.RESIDENT, f"account-of-{person}", subject=person)


def _confirm(person: UUID, **changes: str) -> procedures.CaseView:
    with acting_as(_as(person)):
        (case,) = [c for c in procedures.list_cases_of(person) if c.state is CaseState.NOTIFIED]
        procedures.submit(case=case.public_id, version=case.version, changes=changes)
        return procedures.get_case(case.public_id)


def test_a_birth_becomes_a_notice_with_its_reason_and_its_last_day(parents: tuple[UUID, UUID]) -> None:
    father, mother = parents
    child = birth(mother)
    (case,) = procedures.list_cases_of(father)
    assert (case.procedure, case.subject, case.due_on) == (
        "child_allowance.claim",
        child,
        dt.date(2026, 12, 7),
    )
    (notice,) = procedures.list_notices_of(father)
    assert all(reason.holds and reason.ja and reason.en and reason.article for reason in notice.reasons)
    assert len(notice.reasons) >= 2
    assert procedures.list_cases_of(mother) == []


def test_one_tap_grants_15000_yen_a_month_from_december_and_plans_the_payments(
    parents: tuple[UUID, UUID],
) -> None:
    father, mother = parents
    child = birth(mother)
    case = _confirm(father)
    (decision,) = procedures.list_decisions(case.public_id)
    assert decision.result is Result.GRANTED
    assert decision.details["amount_yen_per_month"] == 15_000
    assert decision.effective_from == dt.date(2026, 12, 1)
    orders = list_orders_for(payee=father)
    assert [(order.amount_yen, order.due_on) for order in orders] == [
        (30_000, dt.date(2027, 2, 10)),
        (30_000, dt.date(2027, 4, 9)),
    ]
    assert orders[0].covers == (f"child_allowance:{child}:2026-12", f"child_allowance:{child}:2027-01")


def test_planning_again_changes_nothing(parents: tuple[UUID, UUID]) -> None:
    father, mother = parents
    birth(mother)
    _confirm(father)
    before = list_orders_for(payee=father)
    plan_payments(father)
    assert list_orders_for(payee=father) == before


def test_a_late_claim_begins_after_the_month_of_the_claim(parents: tuple[UUID, UUID]) -> None:
    father, mother = parents
    birth(mother, on=dt.date(2026, 10, 20))
    case = _confirm(father)
    (decision,) = procedures.list_decisions(case.public_id)
    assert decision.effective_from == dt.date(2026, 12, 1)


def test_a_public_servant_is_not_paid_by_the_town_and_learns_why(parents: tuple[UUID, UUID]) -> None:
    father, mother = parents
    birth(mother)
    case = _confirm(father, public_servant="yes")
    (decision,) = procedures.list_decisions(case.public_id)
    assert decision.result is Result.REFUSED
    assert any("公務員" in reason.ja for reason in decision.reasons)
    assert list_orders_for(payee=father) == []


def test_a_correction_after_the_decision_takes_the_payments_back(parents: tuple[UUID, UUID]) -> None:
    father, mother = parents
    birth(mother)
    case = _confirm(father)
    with acting_as(_as(father)):
        procedures.submit(case=case.public_id, version=case.version, changes={"public_servant": "yes"})
    newest, first = procedures.list_decisions(case.public_id)
    assert (newest.result, first.superseded) == (Result.REFUSED, True)
    assert {order.state for order in list_orders_for(payee=father)} == {OrderState.WITHDRAWN}


def test_a_third_child_brings_30000_yen(parents: tuple[UUID, UUID]) -> None:
    father, mother = parents
    for given, year in (("一", 2015), ("二", 2018)):
        people.record_move_in(
            household=people.get_household_of(father, reason="test").household,
            newcomers=[_resident(given, dt.date(year, 5, 5), Sex.MALE, Relationship.CHILD)],
            effective_on=dt.date(2020, 4, 1),
            previous_address="東京都",
            address=Address(town="結町", block="1-1"),
        )
    drain()
    children = [c.subject for c in procedures.list_cases_of(father)]
    take_over(
        families=[ExistingFamily(father, Month(2026, 9), tuple((c, Month(2024, 10)) for c in children if c))]
    )
    birth(mother)
    with acting_as(_as(father)):
        (case,) = [c for c in procedures.list_cases_of(father) if c.event_code == "resident.birth.recorded"]
        procedures.submit(case=case.public_id, version=case.version)
    (decision,) = procedures.list_decisions(case.public_id)
    assert decision.details["amount_yen_per_month"] == 30_000
    amounts = [order.amount_yen for order in list_orders_for(payee=father)]
    # December: October and November of the two elder; February: December and January of all three.
    assert amounts == [40_000, 100_000, 100_000]


def test_a_third_birthday_changes_the_amount_by_itself(parents: tuple[UUID, UUID]) -> None:
    father, mother = parents
    child = birth(mother, on=dt.date(2026, 11, 20))
    _confirm(father)
    with time_machine.travel(dt.datetime(2029, 11, 20, 6, tzinfo=TODAY.tzinfo), tick=False):
        perform("cases.sweep_day", body_code="999016", key="", arguments={"day": "2029-11-20"})
        drain()
        perform("cases.sweep_day", body_code="999016", key="", arguments={"day": "2029-11-20"})
        drain()
        changed = [
            c for c in procedures.list_cases_of(father) if c.procedure == "child_allowance.amount_change"
        ]
        assert [c.subject for c in changed] == [child]
        (decision,) = procedures.list_decisions(changed[0].public_id)
    assert decision.details["amount_yen_per_month"] == 10_000
    assert decision.effective_from == dt.date(2029, 12, 1)


def test_the_fiscal_year_of_18_ends_it_with_march(parents: tuple[UUID, UUID]) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    with time_machine.travel(dt.datetime(2045, 3, 1, 6, tzinfo=TODAY.tzinfo), tick=False):
        perform("cases.sweep_day", body_code="999016", key="", arguments={"day": "2045-03-01"})
        drain()
        (row,) = Entitlement.objects.filter(child=child, recorded_until=None)
    assert row.through_month == dt.date(2045, 3, 1)


def test_a_move_away_ends_it_with_the_month(parents: tuple[UUID, UUID], body: BodyRef) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    people.record_move_out(
        persons=[father, mother, child], effective_on=dt.date(2026, 11, 25), destination="東京都"
    )
    drain()
    assert not Entitlement.objects.filter(child=child, recorded_until=None, through_month=None).exists()
    assert {order.state for order in list_orders_for(payee=father)} == {OrderState.WITHDRAWN}


def test_a_cancelled_birth_stops_the_offer(parents: tuple[UUID, UUID]) -> None:
    father, mother = parents
    event = people.record_birth(
        child=_resident("結", dt.date(2026, 11, 20), Sex.FEMALE, Relationship.CHILD), mother=mother
    )
    drain()
    people.cancel_event(event=event.event, reason="誤記")
    drain()
    (case,) = procedures.list_cases_of(father)
    assert case.state is CaseState.VOID


def test_the_journal_names_nobody_of_the_family_in_clear(parents: tuple[UUID, UUID], body: BodyRef) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    people.record_move_out(
        persons=[father, mother, child], effective_on=dt.date(2026, 11, 25), destination="東京都"
    )
    drain()
    family = {str(person) for person in (father, mother, child)}
    entries = list_entries(limit=1000)
    assert len(entries) > 20
    assert [
        e.act for e in entries if e.object_id in family or family & set(map(str, e.details.values()))
    ] == []
