"""A run from preparation to the bank."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from yui.kernel.access.public import Actor, ActorKind, acting_as, system_actor
from yui.kernel.journal.public import list_about, list_entries
from yui.procedures.payments.contracts import (
    AccountSource,
    FileRefused,
    ItemOutcome,
    NothingToPay,
    OrderState,
    PaymentRefused,
    RunState,
    RunView,
    SecondPersonNeeded,
    SkipReason,
    WrongState,
)
from yui.procedures.payments.models import PaymentRun, PaymentRunItem
from yui.procedures.payments.public import (
    approve_run,
    cancel_run,
    end_account,
    export_run,
    find_order,
    freeze_run,
    list_run_items,
    list_runs,
    prepare_run,
    preview_run,
    remove_item,
)
from yui.procedures.payments.tests.conftest import APPROVER, CASHIER, VALUE_ON, give_account, place_order
from yui.procedures.payments.zengin import NewCode, read

AsApprover = Callable[[], AbstractContextManager[Actor]]


@pytest.fixture
def frozen(till: None, payee: UUID) -> RunView:
    place_order(payee)
    return freeze_run(run_id=prepare_run(value_on=VALUE_ON).public_id)


def test_preview_counts_and_writes_nothing(till: None, payee: UUID) -> None:
    without = uuid4()
    place_order(payee)
    place_order(payee, key="care", programme_code="care_allowance", amount_yen=5_000)
    place_order(without)
    place_order(payee, key="later", due_on=dt.date(2026, 12, 15))
    preview = preview_run(value_on=VALUE_ON)
    assert (preview.count, preview.total_yen) == (2, 35_000)
    assert preview.by_programme == (("care_allowance", 1, 5_000), ("child_allowance", 1, 30_000))
    assert [(order.payee, order.reason) for order in preview.skipped] == [(without, SkipReason.NO_ACCOUNT)]
    assert not PaymentRun.objects.exists()
    assert preview_run(value_on=VALUE_ON, programme_codes=["care_allowance"]).count == 1


def test_run_takes_each_due_order_once(till: None, payee: UUID) -> None:
    place_order(payee)
    place_order(uuid4())
    run = prepare_run(value_on=VALUE_ON)
    assert (run.number, run.state, run.count, run.total_yen) == (1, RunState.PREPARED, 1, 30_000)
    with pytest.raises(NothingToPay) as refusal:
        prepare_run(value_on=VALUE_ON)
    assert len(refusal.value.skipped) == 1


@pytest.mark.parametrize(
    "day",
    [dt.date(2026, 9, 30), dt.date(2026, 10, 17), dt.date(2026, 10, 12), dt.date(2026, 12, 31)],
)
def test_only_bank_business_days_to_come(till: None, payee: UUID, day: dt.date) -> None:
    place_order(payee)
    with pytest.raises(PaymentRefused):
        prepare_run(value_on=day)


def test_no_paying_account(payee: UUID) -> None:
    place_order(payee)
    with pytest.raises(PaymentRefused, match="main"):
        prepare_run(value_on=VALUE_ON)


def test_frozen_file_says_what_is_owed(frozen: RunView, payee: UUID, as_approver: AsApprover) -> None:
    assert frozen.state is RunState.FROZEN
    with as_approver():
        approve_run(run_id=frozen.public_id, seen_sha256=frozen.file_sha256)
    exported = export_run(run_id=frozen.public_id)
    assert exported.name == "999016-000001-20261015.txt"
    assert hashlib.sha256(exported.content).hexdigest() == exported.sha256 == frozen.file_sha256
    (batch,) = read(exported.content, near=VALUE_ON).batches
    (transfer,) = batch.items
    assert batch.header.on == VALUE_ON
    assert batch.header.originator_name == "ﾕｲﾐｼ ｶｲｹｲｶﾝﾘｼﾔ"
    assert (transfer.name, transfer.account_number, transfer.amount_yen) == ("ｲﾅｷﾞ ﾊﾅｺ", "0765432", 30_000)
    assert transfer.new_code is NewCode.FIRST
    assert (transfer.customer_code_1, transfer.customer_code_2) == ("0000000001", "0000000001")  # type: ignore[union-attr]


def test_every_download_is_the_same_and_journalled(
    frozen: RunView, payee: UUID, as_approver: AsApprover
) -> None:
    with as_approver():
        approve_run(run_id=frozen.public_id)
    first = export_run(run_id=frozen.public_id)
    give_account(payee, number="9999999")
    assert export_run(run_id=frozen.public_id) == first
    entries = list_entries(act="payments.run.exported")
    assert [entry.details["first"] for entry in entries] == [False, True]
    assert [e.act for e in list_about(payee)].count("payments.account.exported") == 1


def test_account_of_the_day_of_payment_counts(till: None, payee: UUID) -> None:
    place_order(payee)
    run = prepare_run(value_on=VALUE_ON)
    give_account(payee, valid_from=dt.date(2026, 10, 10), number="2222222")
    freeze_run(run_id=run.public_id)
    assert list_run_items(run.public_id)[0].account.masked_number == "****222"


def test_account_lost_meanwhile_stops_the_freeze(till: None, payee: UUID) -> None:
    other = uuid4()
    give_account(other)
    place_order(payee)
    place_order(other)
    run = prepare_run(value_on=VALUE_ON)
    end_account(payee=payee, valid_from=VALUE_ON, source=AccountSource.APPLICATION)
    with pytest.raises(FileRefused, match="1"):
        freeze_run(run_id=run.public_id)
    after = remove_item(run_id=run.public_id, sequence=1, reason="no_account")
    assert (after.count, after.total_yen) == (1, 30_000)
    assert freeze_run(run_id=run.public_id).state is RunState.FROZEN
    order = find_order(f"child_allowance:{payee}:2026-10")
    assert order is not None
    assert order.state is OrderState.OPEN


def test_file_whose_day_has_passed_is_refused(till: None, payee: UUID, clock: time_machine.Traveller) -> None:
    place_order(payee)
    run = prepare_run(value_on=VALUE_ON)
    clock.shift(dt.timedelta(days=20))
    with pytest.raises(FileRefused) as refusal:
        freeze_run(run_id=run.public_id)
    assert [problem.field for problem in refusal.value.problems] == ["on"]


def test_who_prepared_or_froze_cannot_approve(frozen: RunView) -> None:
    with pytest.raises(SecondPersonNeeded):
        approve_run(run_id=frozen.public_id)
    with acting_as(system_actor("payments.approve")), pytest.raises(SecondPersonNeeded):
        approve_run(run_id=frozen.public_id)
    third = Actor(ActorKind.STAFF, "00000000-0000-4000-8000-0000000000c3")
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentRun.objects.update(state="approved", approved_by=CASHIER.public_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentRun.objects.update(state="approved")
    with acting_as(third):
        assert approve_run(run_id=frozen.public_id).approved_by == third.public_id


def test_approval_is_for_the_file_that_was_seen(frozen: RunView, as_approver: AsApprover) -> None:
    with as_approver(), pytest.raises(WrongState):
        approve_run(run_id=frozen.public_id, seen_sha256="0" * 64)


def test_steps_come_in_order(till: None, payee: UUID, as_approver: AsApprover) -> None:
    place_order(payee)
    run = prepare_run(value_on=VALUE_ON)
    with as_approver(), pytest.raises(WrongState):
        approve_run(run_id=run.public_id)
    with pytest.raises(WrongState):
        export_run(run_id=run.public_id)
    freeze_run(run_id=run.public_id)
    for step in (
        lambda: export_run(run_id=run.public_id),
        lambda: remove_item(run_id=run.public_id, sequence=1, reason="x"),
    ):
        with pytest.raises(WrongState):
            step()


def test_what_is_frozen_cannot_change_in_the_database(frozen: RunView) -> None:
    for change in (
        lambda: PaymentRun.objects.update(file=b"other"),
        lambda: PaymentRun.objects.update(value_on=dt.date(2026, 10, 16)),
        lambda: PaymentRun.objects.update(state="prepared"),
        lambda: PaymentRun.objects.all().delete(),
        lambda: PaymentRunItem.objects.update(amount_yen=1),
        lambda: PaymentRunItem.objects.update(frozen=False),
        lambda: PaymentRunItem.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_damaged_file_is_not_handed_out(frozen: RunView, as_approver: AsApprover) -> None:
    with as_approver():
        approve_run(run_id=frozen.public_id)
    row = PaymentRun.objects.get()
    row.file = b"something else"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("yui.procedures.payments.actions.runs.locked_run", lambda run_id: row)
        with pytest.raises(PaymentRefused) as refusal:
            export_run(run_id=frozen.public_id)
    assert refusal.value.code == "file_damaged"


def test_cancelled_run_frees_its_orders(frozen: RunView, payee: UUID, as_approver: AsApprover) -> None:
    with as_approver():
        approve_run(run_id=frozen.public_id)
    assert cancel_run(run_id=frozen.public_id, reason="wrong_day").state is RunState.CANCELLED
    again = prepare_run(value_on=VALUE_ON)
    (item,) = list_run_items(again.public_id)
    assert (again.number, item.attempt, item.outcome) == (2, 2, ItemOutcome.PENDING)
    assert [run.number for run in list_runs()] == [2, 1]


def test_a_step_that_is_asked_for_again_changes_nothing(
    till: None, payee: UUID, as_approver: AsApprover
) -> None:
    """Whoever did not see the answer sends the same again; nobody else may."""
    place_order(payee)
    run_id = prepare_run(value_on=VALUE_ON).public_id
    frozen = freeze_run(run_id=run_id)
    assert freeze_run(run_id=run_id) == frozen
    with as_approver():
        with pytest.raises(WrongState):
            freeze_run(run_id=run_id)
        approved = approve_run(run_id=run_id, seen_sha256=frozen.file_sha256)
        assert approve_run(run_id=run_id, seen_sha256=frozen.file_sha256) == approved
        with pytest.raises(WrongState):
            approve_run(run_id=run_id, seen_sha256="0" * 64)
    with pytest.raises(WrongState):
        approve_run(run_id=run_id, seen_sha256=frozen.file_sha256)
    assert freeze_run(run_id=run_id) == approved
    cancelled = cancel_run(run_id=run_id, reason="x")
    assert cancel_run(run_id=run_id, reason="x") == cancelled
    with pytest.raises(WrongState):
        freeze_run(run_id=run_id)
    acts = Counter(entry.act for entry in list_entries(act="payments.run."))
    assert acts == {f"payments.run.{act}": 1 for act in ("prepared", "frozen", "approved", "cancelled")}


def test_exported_run_cannot_be_cancelled(frozen: RunView, as_approver: AsApprover) -> None:
    with as_approver():
        approve_run(run_id=frozen.public_id)
    export_run(run_id=frozen.public_id)
    with pytest.raises(WrongState):
        cancel_run(run_id=frozen.public_id, reason="too_late")


def test_each_step_is_in_the_journal_with_its_actor(frozen: RunView, as_approver: AsApprover) -> None:
    with as_approver():
        approve_run(run_id=frozen.public_id)
        export_run(run_id=frozen.public_id)
    entries = {entry.act: entry.actor_id for entry in list_entries(act="payments.run")}
    assert entries == {
        "payments.run.prepared": CASHIER.public_id,
        "payments.run.frozen": CASHIER.public_id,
        "payments.run.approved": APPROVER.public_id,
        "payments.run.exported": APPROVER.public_id,
    }
