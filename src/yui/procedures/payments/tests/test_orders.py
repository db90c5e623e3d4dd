"""What is owed: once per key, once per entitlement."""

from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from yui.kernel.access.public import Actor
from yui.kernel.journal.public import list_about
from yui.procedures.payments.contracts import (
    AlreadyOrdered,
    OrderConflict,
    OrderDraft,
    OrderRefused,
    OrderState,
    UnknownPayment,
    WrongState,
)
from yui.procedures.payments.models import CoveredEntitlement, PaymentOrder
from yui.procedures.payments.public import (
    find_order,
    list_orders_for,
    order_payments,
    reopen_order,
    withdraw_order,
)
from yui.procedures.payments.tests.conftest import VALUE_ON, place_order

SEPTEMBER = "child_allowance:c1:2026-09"
AUGUST = "child_allowance:c1:2026-08"


def test_ordering_twice_orders_once(payee: UUID) -> None:
    first = place_order(payee, covers=[AUGUST, SEPTEMBER])
    assert place_order(payee, covers=[AUGUST, SEPTEMBER]) == first
    assert first.covers == (AUGUST, SEPTEMBER)
    assert find_order(first.key) == first
    assert PaymentOrder.objects.count() == 1
    assert [entry.act for entry in list_about(payee)].count("payments.order.placed") == 1


def test_same_key_for_something_else_is_a_conflict(payee: UUID) -> None:
    place_order(payee, key="october")
    for change in ({"amount_yen": 1}, {"case_reference": "other"}, {"covers": ["x"]}):
        with pytest.raises(OrderConflict):
            place_order(payee, key="october", **change)
    with pytest.raises(OrderConflict):
        place_order(uuid4(), key="october")
    assert PaymentOrder.objects.count() == 1


def test_an_entitlement_is_covered_by_one_order_only(payee: UUID) -> None:
    place_order(payee, key="october", covers=[AUGUST, SEPTEMBER])
    with pytest.raises(AlreadyOrdered):
        place_order(payee, key="supplement", covers=[SEPTEMBER])
    assert find_order("supplement") is None
    assert CoveredEntitlement.objects.count() == 2


def test_withdrawn_entitlement_can_be_ordered_anew(payee: UUID) -> None:
    order = place_order(payee, key="october", covers=[SEPTEMBER])
    assert withdraw_order(order_id=order.public_id, reason="decision_cancelled").state is OrderState.WITHDRAWN
    assert place_order(payee, key="october-2", covers=[SEPTEMBER]).state is OrderState.OPEN
    with pytest.raises(WrongState):
        withdraw_order(order_id=order.public_id, reason="again")


@pytest.mark.parametrize("amount", [0, -1, 10_000_000_000])
def test_amounts_beyond_a_bank_file_are_refused(payee: UUID, amount: int) -> None:
    with pytest.raises(OrderRefused):
        place_order(payee, amount_yen=amount)


def test_only_returned_money_is_reopened(payee: UUID) -> None:
    order = place_order(payee)
    with pytest.raises(WrongState):
        reopen_order(order_id=order.public_id)
    with pytest.raises(UnknownPayment):
        reopen_order(order_id=uuid4())


def test_a_debt_cannot_be_rewritten_even_in_the_database(payee: UUID) -> None:
    place_order(payee)
    rows = PaymentOrder.objects.filter(payee=payee)
    for change in (
        lambda: rows.update(amount_yen=1),
        lambda: rows.update(state="paid"),
        lambda: rows.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_orders_of_a_case_are_read_with_an_entry(payee: UUID, cashier: Actor) -> None:
    order = place_order(payee)
    place_order(uuid4())
    assert list_orders_for(case_reference=order.case_reference, reason="own_page") == [order]
    assert list_orders_for(payee=payee) == [order]
    acts = [entry.act for entry in list_about(payee)]
    assert acts[:2] == ["payments.order.read", "payments.order.read"]
    with pytest.raises(ValueError, match="case or a payee"):
        list_orders_for()


def drafts(payee: UUID, **changes: object) -> list[OrderDraft]:
    facts: dict[str, object] = {
        "programme_code": "child_allowance",
        "case_reference": "c",
        "payee": payee,
        "amount_yen": 10_000,
        "due_on": VALUE_ON,
        "period_label": "",
    }
    return [
        OrderDraft(key=key, covers=covers, **(facts | changes))  # type: ignore[arg-type]
        for key, covers in (("a", (AUGUST,)), ("b", ()))
    ]


def test_many_are_ordered_once(payee: UUID) -> None:
    assert order_payments(drafts(payee)) == 2
    assert order_payments(drafts(payee)) == 0
    assert [order.covers for order in list_orders_for(payee=payee)] == [(AUGUST,), ("b",)]
    acts = [entry.act for entry in list_about(payee)]
    assert acts.count("payments.order.placed") == 2


def test_many_are_ordered_whole_or_not_at_all(payee: UUID) -> None:
    place_order(payee, key="first", covers=[AUGUST])
    with pytest.raises(AlreadyOrdered):
        order_payments(drafts(payee))
    assert find_order("b") is None
    with pytest.raises(OrderRefused):
        order_payments(drafts(payee, amount_yen=0))
    place_order(payee, key="b", covers=["b"])
    with pytest.raises(OrderConflict):
        order_payments(drafts(payee))
