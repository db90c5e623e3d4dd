"""What the bank answers, and paying again what came back."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import time_machine

from yui.kernel.access.public import Actor
from yui.kernel.journal.public import list_about
from yui.procedures.payments.contracts import (
    ItemOutcome,
    OrderState,
    ResultLine,
    ResultsRefused,
    ReturnReason,
    RunState,
    RunView,
    WrongState,
)
from yui.procedures.payments.models import PaymentResult
from yui.procedures.payments.public import (
    approve_run,
    export_run,
    find_order,
    freeze_run,
    get_run,
    list_returned_orders,
    list_run_items,
    prepare_run,
    read_results,
    record_results,
    reopen_order,
)
from yui.procedures.payments.tests.conftest import VALUE_ON, give_account, place_order
from yui.procedures.payments.zengin import Batch, NewCode, ZenginFile, read, write

SETTLED_ON = dt.date(2026, 10, 16)
RETURNED = ResultLine(
    sequence=1, outcome=ItemOutcome.RETURNED, on=SETTLED_ON, reason=ReturnReason.NAME_MISMATCH
)


@pytest.fixture
def exported(
    till: None,
    payee: UUID,
    as_approver: Callable[[], AbstractContextManager[Actor]],
    clock: time_machine.Traveller,
) -> RunView:
    """A run of two payments that went to the bank, a week after the day of payment."""
    other = uuid4()
    give_account(other, number="1111111")
    place_order(payee, key="first")
    place_order(other, key="second", amount_yen=15_000)
    run = freeze_run(run_id=prepare_run(value_on=VALUE_ON).public_id)
    with as_approver():
        approve_run(run_id=run.public_id)
    export_run(run_id=run.public_id)
    clock.shift(dt.timedelta(days=21))
    return get_run(run.public_id)


def state_of(key: str) -> OrderState:
    order = find_order(key)
    assert order is not None
    return order.state


def test_no_news_is_paid(exported: RunView, payee: UUID) -> None:
    run = record_results(run_id=exported.public_id, rest_paid_on=SETTLED_ON)
    assert (run.state, run.paid_count, run.paid_yen) == (RunState.SETTLED, 2, 45_000)
    assert state_of("first") is OrderState.PAID
    assert list_about(payee)[0].act == "payments.order.paid"


def test_returned_money_waits_for_the_corrected_account(exported: RunView, payee: UUID) -> None:
    run = record_results(run_id=exported.public_id, lines=[RETURNED], rest_paid_on=SETTLED_ON)
    assert (run.state, run.returned_count, run.returned_yen, run.paid_count) == (
        RunState.SETTLED,
        1,
        30_000,
        1,
    )
    (order,) = list_returned_orders()
    assert (order.key, order.return_reason) == ("first", ReturnReason.NAME_MISMATCH)
    with pytest.raises(WrongState):
        reopen_order(order_id=order.public_id)
    give_account(payee, valid_from=dt.date(2026, 10, 20), number="3333333")
    assert reopen_order(order_id=order.public_id).state is OrderState.OPEN
    again = prepare_run(value_on=dt.date(2026, 10, 30))
    (item,) = list_run_items(again.public_id)
    assert (item.order_id, item.attempt, item.amount_yen) == (order.public_id, 2, 30_000)


def test_trouble_at_the_bank_needs_no_new_account(exported: RunView) -> None:
    line = replace(RETURNED, reason=ReturnReason.BANK_TROUBLE)
    record_results(run_id=exported.public_id, lines=[line])
    assert get_run(exported.public_id).state is RunState.EXPORTED
    (order,) = list_returned_orders()
    assert reopen_order(order_id=order.public_id, reason="bank_trouble").state is OrderState.OPEN


def test_same_answer_twice_changes_nothing(exported: RunView) -> None:
    for _again in range(2):
        record_results(run_id=exported.public_id, lines=[RETURNED], rest_paid_on=SETTLED_ON)
    assert PaymentResult.objects.count() == 2


def test_return_may_follow_a_payment_but_not_the_reverse(exported: RunView) -> None:
    record_results(run_id=exported.public_id, rest_paid_on=SETTLED_ON)
    record_results(run_id=exported.public_id, lines=[RETURNED])
    assert state_of("first") is OrderState.RETURNED
    paid = ResultLine(sequence=1, outcome=ItemOutcome.PAID, on=SETTLED_ON)
    with pytest.raises(ResultsRefused):
        record_results(run_id=exported.public_id, lines=[paid])


@pytest.mark.parametrize(
    "line",
    [
        replace(RETURNED, sequence=9),
        replace(RETURNED, amount_yen=1),
        replace(RETURNED, reason=None),
        replace(RETURNED, outcome=ItemOutcome.PAID),
        replace(RETURNED, outcome=ItemOutcome.PENDING, reason=None),
        replace(RETURNED, on=dt.date(2026, 10, 14)),
        replace(RETURNED, on=dt.date(2027, 1, 1)),
    ],
)
def test_one_wrong_line_records_nothing(exported: RunView, line: ResultLine) -> None:
    good = ResultLine(sequence=2, outcome=ItemOutcome.PAID, on=SETTLED_ON)
    with pytest.raises(ResultsRefused) as refusal:
        record_results(run_id=exported.public_id, lines=[good, line])
    assert len(refusal.value.reasons) == 1
    assert not PaymentResult.objects.exists()


def test_line_named_twice(exported: RunView) -> None:
    with pytest.raises(ResultsRefused):
        record_results(run_id=exported.public_id, lines=[RETURNED, RETURNED])


def test_run_that_never_left_has_no_results(till: None, payee: UUID) -> None:
    place_order(payee)
    run = prepare_run(value_on=VALUE_ON)
    with pytest.raises(WrongState):
        record_results(run_id=run.public_id, rest_paid_on=VALUE_ON)


CSV = (
    "支払回番号,明細番号,結果,返戻理由,金額,結果日\r\n"
    '1,1,返戻,名義相違,"30,000",令和8年10月16日\r\n'
    "1,2,支払済,,15000円,2026-10-16\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_results_table_is_read_as_clerks_write_it(exported: RunView, encoding: str) -> None:
    lines = read_results(CSV.encode(encoding), run=exported, near=SETTLED_ON)
    assert [replace(line, line=0) for line in lines] == [
        replace(RETURNED, amount_yen=30_000),
        ResultLine(sequence=2, outcome=ItemOutcome.PAID, on=SETTLED_ON, amount_yen=15_000),
    ]
    assert record_results(run_id=exported.public_id, lines=lines).state is RunState.SETTLED


@pytest.mark.parametrize(
    "text",
    [
        CSV.replace("\r\n1,1", "\r\n7,1"),
        CSV.replace("名義相違", "なんとなく"),
        CSV.replace("令和8年10月16日", "そのうち"),
        "foo,bar\r\n1,2\r\n",
        "",
    ],
)
def test_unreadable_table_is_refused_with_reasons(exported: RunView, text: str) -> None:
    with pytest.raises(ResultsRefused) as refusal:
        read_results(text.encode(), run=exported, near=SETTLED_ON)
    assert str(refusal.value)


def test_returned_transfers_in_the_banks_format(exported: RunView) -> None:
    (sent,) = read(export_run(run_id=exported.public_id).content, near=VALUE_ON).batches
    answer = write(ZenginFile((Batch(sent.header, (sent.items[1],)),)))
    lines = read_results(answer, run=exported, near=dt.date(2026, 10, 22))
    assert [(line.sequence, line.outcome, line.amount_yen) for line in lines] == [
        (2, ItemOutcome.RETURNED, 15_000)
    ]
    record_results(run_id=exported.public_id, lines=lines)
    assert state_of("second") is OrderState.RETURNED
    foreign = ZenginFile((Batch(sent.header, (replace(sent.items[1], customer_code_2=""),)),))  # type: ignore[call-arg]
    with pytest.raises(ResultsRefused):
        read_results(write(foreign), run=exported, near=SETTLED_ON)
    with pytest.raises(ResultsRefused):
        read_results(answer[:-122], run=exported, near=SETTLED_ON)


def test_second_payment_to_the_same_account_is_not_new_to_the_bank(exported: RunView, payee: UUID) -> None:
    record_results(run_id=exported.public_id, rest_paid_on=SETTLED_ON)
    place_order(payee, key="next", due_on=dt.date(2026, 10, 30))
    run = freeze_run(run_id=prepare_run(value_on=dt.date(2026, 10, 30)).public_id)
    from yui.procedures.payments.models import PaymentRun

    stored = bytes(PaymentRun.objects.get(public_id=run.public_id).file or b"")
    assert read(stored, near=VALUE_ON).batches[0].items[0].new_code is NewCode.OTHER
