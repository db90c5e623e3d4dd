"""What happens after the claim: departures, returns, corrections, and who is told."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest
import time_machine

from yui.kernel.access.public import acting_as
from yui.kernel.calendar.public import PartialDate
from yui.kernel.jobs.public import drain, perform
from yui.procedures.cases import public as procedures
from yui.procedures.cases.public import CaseRefused, CaseState, CaseView
from yui.procedures.payments import public as payments
from yui.procedures.payments.contracts import AccountInput, AccountKind, AccountSource, OrderState, OrderView
from yui.registries.people import public as people
from yui.registries.people.public import Address, EventView, Member, Relationship, Sex
from yui.services.child_allowance.actions import ExistingFamily, take_over
from yui.services.child_allowance.models import Entitlement, SupportDeclaration
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.rules import Month
from yui.services.child_allowance.tests.test_course import TODAY, _as, _confirm, _resident, birth, parents

__all__ = ["parents"]

Couple = tuple[UUID, UUID]
TOWN = Address(town="結町", block="1-1")
ACCOUNT = AccountInput(
    bank_code="0001",
    branch_code="001",
    kind=AccountKind.ORDINARY,
    number="1234567",
    holder_kana="ユウキ タロウ",
)


def at(day: str) -> time_machine.travel:
    return time_machine.travel(f"{day}T10:00:00+09:00", tick=False)


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def orders(person: UUID, *states: OrderState) -> list[OrderView]:
    found = payments.list_orders_for(payee=person)
    return [order for order in found if order.state in (states or (OrderState.OPEN,))]


def covered(person: UUID) -> set[str]:
    return {name.rsplit(":", 1)[1] for order in orders(person) for name in order.covers}


def waiting() -> list[CaseView]:
    return procedures.list_waiting_for_officer("child_allowance.")


def offers(person: UUID) -> list[CaseView]:
    return [c for c in procedures.list_cases_of(person) if c.state is CaseState.NOTIFIED]


def leave(*persons: UUID, on: dt.date, **more: object) -> EventView:
    event = people.record_move_out(persons=list(persons), effective_on=on, destination="東京都", **more)  # type: ignore[arg-type]
    drain()
    return event


def pay_first(person: UUID) -> OrderView:
    """Put the first amount into a run and let it arrive."""
    payments.register_account(
        payee=person, account=ACCOUNT, source=AccountSource.APPLICATION, valid_from=dt.date(2020, 4, 1)
    )
    payments.register_paying_account(
        code="main", originator_code="1", originator_name="ユイミシ", account=ACCOUNT
    )
    first = orders(person)[0]
    payments.prepare_run(value_on=first.due_on)
    return next(order for order in orders(person, OrderState.IN_RUN) if order.public_id == first.public_id)


def test_months_before_a_departure_are_still_paid(parents: Couple) -> None:
    """8条2項: paid to the month of the departure, also when those months have not been paid out yet."""
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    with at("2027-01-20"):
        leave(father, mother, child, on=dt.date(2027, 1, 20))
        assert covered(father) == {"2026-12", "2027-01"}


def test_months_before_a_death_are_still_paid(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    with at("2027-01-20"):
        people.record_death(person=child, effective_on=dt.date(2027, 1, 20))
        drain()
        assert covered(father) == {"2026-12", "2027-01"}


def test_when_the_recipient_leaves_the_other_parent_is_offered_the_claim(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    with at("2026-12-10"):
        leave(father, on=dt.date(2026, 12, 10), new_head=mother)
        (offer,) = offers(mother)
        assert (offer.subject, offer.due_on) == (child, dt.date(2026, 12, 25))
        with acting_as(_as(mother)):
            procedures.submit(case=offer.public_id, version=offer.version)
        (decision,) = procedures.list_decisions(offer.public_id)
        assert decision.effective_from == dt.date(2027, 1, 1)
        assert covered(father) == {"2026-12"}
        assert "2026-12" not in covered(mother)
        assert "2027-01" in covered(mother)


def test_an_announced_departure_offers_the_claim_to_who_stays(parents: Couple) -> None:
    father, mother = parents
    birth(mother)
    _confirm(father)
    leave(father, on=dt.date(2026, 12, 10), new_head=mother)
    assert offers(father) == []
    assert len(offers(mother)) == 1


def test_when_the_recipient_dies_the_other_parent_is_offered_the_claim(parents: Couple) -> None:
    father, mother = parents
    birth(mother)
    _confirm(father)
    people.record_death(person=father, effective_on=dt.date(2026, 11, 24), new_head=mother)
    drain()
    assert len(offers(mother)) == 1


def test_when_all_leave_nobody_is_offered_a_claim(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    leave(father, mother, child, on=dt.date(2026, 11, 25))
    assert offers(mother) == offers(father) == []


def test_who_is_not_the_main_earner_passes_the_offer_on_once(parents: Couple) -> None:
    """4条3項: the offer went to the head of the household, who says that the other parent earns more."""
    father, mother = parents
    child = birth(mother)
    _confirm(father, main_earner="no")
    drain()
    (offer,) = offers(mother)
    assert (offer.subject, offer.due_on) == (child, dt.date(2026, 12, 7))
    _confirm(mother, main_earner="no")
    drain()
    assert offers(father) == offers(mother) == []


def test_a_child_who_moves_away_alone_waits_for_an_officer(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    with at("2027-01-20"):
        leave(child, on=dt.date(2027, 1, 20))
        (case,) = waiting()
        assert [code for code, _label in procedures.list_options(case.public_id)] == ["care_goes_on", "ended"]
        assert covered(father) == {"2026-12", "2027-01"}
        with pytest.raises(CaseRefused):
            procedures.decide_by_option(case=case.public_id, option="x")
        procedures.decide_by_option(case=case.public_id, option="care_goes_on")
        assert waiting() == []
        assert {"2027-02", "2027-03"} <= covered(father)
        with pytest.raises(CaseRefused):
            procedures.decide_by_option(case=case.public_id, option="ended")


def test_a_child_who_moves_away_for_good_ends_it(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    with at("2027-01-20"):
        leave(child, on=dt.date(2027, 1, 20))
        (case,) = waiting()
        procedures.decide_by_option(case=case.public_id, option="ended")
        assert covered(father) == {"2026-12", "2027-01"}
        (row,) = Entitlement.objects.filter(child=child, recorded_until=None)
        assert row.through_month == dt.date(2027, 1, 1)


def test_a_child_who_returns_is_claimed_for_anew_and_earlier_months_stay(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    with at("2026-12-20"):
        leave(child, on=dt.date(2026, 12, 20))
        procedures.decide_by_option(case=waiting()[0].public_id, option="ended")
    with at("2027-01-15"):
        people.record_move_in(
            newcomers=[
                _resident("結", dt.date(2026, 11, 20), Sex.FEMALE, Relationship.CHILD).__class__(
                    **{
                        **vars(_resident("結", dt.date(2026, 11, 20), Sex.FEMALE, Relationship.CHILD)),
                        "person": child,
                    }
                )
            ],
            household=people.get_household_of(father, reason="test").household,
            effective_on=dt.date(2027, 1, 15),
            previous_address="東京都",
        )
        drain()
        _confirm(father)
        assert covered(father) >= {"2026-12", "2027-02", "2027-03"}
        assert "2027-01" not in covered(father)


def test_a_cancelled_departure_goes_to_an_officer_who_can_take_it_back(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    before = covered(father)
    event = leave(father, mother, child, on=dt.date(2026, 12, 20))
    people.cancel_event(event=event.event, reason="誤記")
    drain()
    (case,) = waiting()
    assert case.procedure == "child_allowance.departure"
    procedures.decide_by_option(case=case.public_id, option="care_goes_on")
    assert covered(father) == before


def test_cancelling_another_change_leaves_the_claim_alone(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother)
    moved = people.record_move_within(
        persons=[father, mother, child],
        effective_on=dt.date(2026, 11, 25),
        address=Address(town="新町", block="2"),
    )
    drain()
    people.cancel_event(event=moved.event, reason="誤記")
    drain()
    assert len(offers(father)) == 1


def test_the_fifteen_days_of_a_move_count_from_the_day_announced_there(parents: Couple) -> None:
    """8条3項: the last municipality pays through the month of 転出予定日, so ours begins with the next."""
    father, _mother = parents
    with at("2026-12-02"):
        people.record_move_in(
            newcomers=[_resident("二", dt.date(2020, 5, 5), Sex.MALE, Relationship.CHILD)],
            household=people.get_household_of(father, reason="test").household,
            effective_on=dt.date(2026, 12, 2),
            previous_address="東京都",
        )
        drain()
        (case,) = offers(father)
        with acting_as(_as(father)):
            for wrong in ("2026-12-03", "x", "2020-01-01"):
                with pytest.raises(CaseRefused):
                    procedures.submit(case=case.public_id, version=case.version, changes={"left_on": wrong})
            procedures.submit(case=case.public_id, version=case.version, changes={"left_on": "2026-11-30"})
        (decision,) = procedures.list_decisions(case.public_id)
    assert decision.effective_from == dt.date(2026, 12, 1)


def test_a_birth_is_not_asked_when_the_child_left_elsewhere(parents: Couple) -> None:
    father, mother = parents
    birth(mother)
    (case,) = offers(father)
    assert "left_on" not in {value.item for value in procedures.fill_application(case.public_id)}


def test_a_claim_for_a_child_taken_over_changes_nothing(parents: Couple) -> None:
    """Moved in before Yui, taken over since: the old offer must not move the first month."""
    father, mother = parents
    child = birth(mother, on=dt.date(2025, 5, 20))
    take_over(families=[ExistingFamily(father, Month(2026, 9), ((child, Month(2025, 6)),))])
    plan_payments(father)
    before = covered(father)
    assert {"2026-10", "2026-11"} <= before
    _confirm(father)
    assert covered(father) == before


def test_months_a_late_take_over_left_unpaid_are_ordered(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother, on=dt.date(2025, 5, 20))
    take_over(families=[ExistingFamily(father, Month(2026, 9), ((child, Month(2025, 6)),))])
    with at("2027-01-05"):
        plan_payments(father)
        assert {"2026-10", "2026-11", "2026-12"} <= covered(father)


def test_29_february_changes_the_amount_with_march(parents: Couple) -> None:
    father, mother = parents
    with at("2024-03-05"):
        child = people.record_birth(
            child=_resident("閏", dt.date(2024, 2, 29), Sex.FEMALE, Relationship.CHILD), mother=mother
        ).persons[0]
        drain()
    take_over(families=[ExistingFamily(father, Month(2026, 9), ((child, Month(2024, 3)),))])
    days = [dt.date(2027, 2, day) for day in range(26, 29)] + [dt.date(2027, 3, day) for day in range(1, 3)]
    for day in days:
        with at(day.isoformat()):
            perform("cases.sweep_day", body_code="999016", key="", arguments={"day": day.isoformat()})
            drain()
    (case,) = [c for c in procedures.list_cases_of(father) if c.procedure == "child_allowance.amount_change"]
    (decision,) = procedures.list_decisions(case.public_id)
    assert (decision.effective_from, decision.details["amount_yen_per_month"]) == (
        dt.date(2027, 3, 1),
        10_000,
    )


def elder(father: UUID, *born: dt.date) -> list[UUID]:
    found = []
    for day in born:
        event = people.record_move_in(
            household=people.get_household_of(father, reason="test").household,
            newcomers=[_resident("兄", day, Sex.MALE, Relationship.CHILD)],
            effective_on=max(day, dt.date(2020, 4, 1)),
            previous_address="東京都",
            address=TOWN,
        )
        found.append(event.persons[0])
    drain()
    take_over(families=[ExistingFamily(father, Month(2026, 9), tuple((c, Month(2024, 10)) for c in found))])
    return found


def test_a_third_birthday_that_changes_no_amount_is_no_news(parents: Couple) -> None:
    """The third child's 30,000 yen stay 30,000 yen."""
    father, _mother = parents
    elder(father, dt.date(2015, 5, 5), dt.date(2018, 5, 5), dt.date(2023, 12, 1))
    with at("2026-12-01"):
        perform("cases.sweep_day", body_code="999016", key="", arguments={"day": "2026-12-01"})
        drain()
    assert [
        c for c in procedures.list_cases_of(father) if c.procedure == "child_allowance.amount_change"
    ] == []


@pytest.fixture
def supporter(parents: Couple) -> tuple[UUID, CaseView]:
    """A father of three whose eldest turns 18 this fiscal year, and the offer of March."""
    father, _mother = parents
    elder(father, dt.date(2008, 5, 5), dt.date(2015, 5, 5), dt.date(2018, 5, 5))
    with at("2027-03-01"):
        perform("cases.sweep_day", body_code="999016", key="", arguments={"day": "2027-03-01"})
        drain()
        (offer,) = [c for c in offers(father) if c.procedure == "child_allowance.support_after_18"]
    return father, offer


def amounts(person: UUID) -> dict[str, int]:
    return {order.covers[0].rsplit(":", 1)[1]: order.amount_yen for order in orders(person)}


def test_support_confirmed_in_time_counts_from_april(supporter: tuple[UUID, CaseView]) -> None:
    father, offer = supporter
    with at("2027-04-10"), acting_as(_as(father)):
        procedures.submit(case=offer.public_id, version=offer.version)
        assert amounts(father)["2027-04"] == 2 * (10_000 + 30_000)


def test_support_confirmed_late_counts_from_the_next_month(supporter: tuple[UUID, CaseView]) -> None:
    """9条1項: an increase begins with the month after it was asked for."""
    father, offer = supporter
    with at("2027-05-20"):
        with acting_as(_as(father)):
            procedures.submit(case=offer.public_id, version=offer.version)
        plan_payments(father)
        assert amounts(father)["2027-04"] == 2 * (10_000 + 10_000)
        assert amounts(father)["2027-06"] == 2 * (10_000 + 30_000)


def test_support_taken_back_counts_no_more(supporter: tuple[UUID, CaseView]) -> None:
    father, offer = supporter
    with at("2027-03-10"), acting_as(_as(father)):
        procedures.submit(case=offer.public_id, version=offer.version)
        case = procedures.get_case(offer.public_id)
        procedures.submit(case=case.public_id, version=case.version, changes={"supported": "no"})
        assert amounts(father)["2027-04"] == 2 * (10_000 + 10_000)
    assert not SupportDeclaration.objects.filter(recorded_until=None).exists()


def test_a_supported_student_who_moves_away_still_counts(supporter: tuple[UUID, CaseView]) -> None:
    father, offer = supporter
    with at("2027-03-10"), acting_as(_as(father)):
        procedures.submit(case=offer.public_id, version=offer.version)
    with at("2027-04-02"):
        assert offer.subject is not None
        leave(offer.subject, on=dt.date(2027, 4, 1))
        plan_payments(father)
        assert amounts(father)["2027-04"] == 2 * (10_000 + 30_000)


def test_a_supported_child_who_dies_counts_no_more(supporter: tuple[UUID, CaseView]) -> None:
    father, offer = supporter
    with at("2027-03-10"), acting_as(_as(father)):
        procedures.submit(case=offer.public_id, version=offer.version)
    with at("2027-04-20"):
        assert offer.subject is not None
        people.record_death(person=offer.subject, effective_on=dt.date(2027, 4, 20))
        drain()
        assert not SupportDeclaration.objects.filter(recorded_until=None).exists()
        assert amounts(father)["2027-06"] == 2 * (10_000 + 10_000)


def test_an_order_in_a_run_while_the_entitlement_ends_is_laid_before_an_officer(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    with at("2027-02-01"):
        in_run = pay_first(father)
        people.record_death(person=child, effective_on=dt.date(2026, 12, 24))
        drain()
        assert covered(father) == set()
        assert orders(father, OrderState.IN_RUN) == [in_run]
        (case,) = waiting()
        assert case.procedure == "child_allowance.difference"
        assert case.facts["paid_yen"] == 30_000
        assert case.facts["due_yen"] == 15_000
        assert [code for code, _label in procedures.list_options(case.public_id)] == ["settled"]
        plan_payments(father)
        drain()
        assert len(waiting()) == 1
        procedures.decide_by_option(case=case.public_id, option="settled")
        plan_payments(father)
        drain()
        assert waiting() == []


def correct_birth(child: UUID, born: dt.date) -> None:
    items = {"born_on": PartialDate.of(born), "became_resident_on": born, "address_since_on": born}
    people.correct_record(person=child, items=items, reason="誤記")
    drain()


def test_a_month_paid_too_low_is_laid_before_an_officer_who_pays_the_rest(parents: Couple) -> None:
    """A corrected birth date makes paid months worth more; nothing is paid by itself, nothing is forgotten."""
    father, mother = parents
    child = birth(mother, on=dt.date(2023, 10, 20))
    take_over(families=[ExistingFamily(father, Month(2026, 9), ((child, Month(2024, 10)),))])
    plan_payments(father)
    with at("2026-12-01"):
        assert pay_first(father).amount_yen == 15_000 + 10_000
    with at("2026-12-15"):
        correct_birth(child, dt.date(2023, 11, 20))
        (case,) = waiting()
        assert (case.facts["paid_yen"], case.facts["due_yen"]) == (25_000, 30_000)
        assert [code for code, _label in procedures.list_options(case.public_id)] == ["pay", "settled"]
        procedures.decide_by_option(case=case.public_id, option="pay")
        (rest,) = payments.list_orders_for(case_reference=str(case.public_id))
        assert (rest.amount_yen, rest.state) == (5_000, OrderState.OPEN)
        plan_payments(father)
        drain()
        assert waiting() == []
        assert rest in orders(father)


def test_a_month_paid_too_high_is_laid_before_an_officer(parents: Couple) -> None:
    father, mother = parents
    child = birth(mother, on=dt.date(2023, 11, 20))
    take_over(families=[ExistingFamily(father, Month(2026, 9), ((child, Month(2024, 10)),))])
    plan_payments(father)
    with at("2026-12-01"):
        pay_first(father)
    with at("2026-12-15"):
        correct_birth(child, dt.date(2023, 10, 20))
        (case,) = waiting()
        assert (case.facts["paid_yen"], case.facts["due_yen"]) == (30_000, 25_000)
        correct_birth(child, dt.date(2023, 9, 20))
        assert sorted(c.facts["due_yen"] for c in waiting()) == [20_000, 25_000]


def test_parents_who_part_within_the_town_are_asked_by_an_officer(parents: Couple) -> None:
    """The mother moves out with the child: whether the father still cares for the child is in no register."""
    father, mother = parents
    child = birth(mother)
    _confirm(father)
    with at("2027-01-20"):
        people.record_move_within(
            persons=[mother, child],
            effective_on=dt.date(2027, 1, 20),
            address=Address(town="新町", block="2"),
            members=[
                Member(person=mother, relationship=Relationship.HEAD),
                Member(person=child, relationship=Relationship.CHILD),
            ],
        )
        drain()
        (case,) = waiting()
        assert case.procedure == "child_allowance.departure"
        assert covered(father) == {"2026-12", "2027-01"}
        procedures.decide_by_option(case=case.public_id, option="ended")
        drain()
        assert len(offers(mother)) == 1


def test_two_confirmations_of_twins_are_planned_together(parents: Couple) -> None:
    father, mother = parents
    for given in ("一", "二"):
        birth(mother, given=given)
    for case in offers(father):
        with acting_as(_as(father)):
            procedures.submit(case=case.public_id, version=case.version)
    assert [order.amount_yen for order in orders(father)] == [60_000, 60_000]
