"""A run on its way: prepared, frozen, approved by a second person, exported."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from yui.kernel.access.public import ActorKind, current_actor
from yui.kernel.journal.public import EntryDraft, record, record_many
from yui.kernel.tenancy.public import current_body
from yui.kernel.text.public import Message, gettext_noop
from yui.procedures.payments.bank_file import is_bank_business_day, problems_of, transfer_file
from yui.procedures.payments.contracts import (
    ExportedFile,
    FileRefused,
    ItemOutcome,
    OrderState,
    PaymentRefused,
    RunState,
    RunView,
    SecondPersonNeeded,
    UnknownPayment,
    WrongState,
)
from yui.procedures.payments.models import PayingAccount, PaymentOrder, PaymentRun, PaymentRunItem
from yui.procedures.payments.queries import (
    accounts_on,
    due_orders,
    get_run,
    nothing_to_pay,
    payable_orders,
)
from yui.procedures.payments.zengin import write
from yui.procedures.payments.zengin.problems import errors_of

_BATCH = 2000


@transaction.atomic
def prepare_run(
    *,
    value_on: dt.date,
    paying_account: str = "main",
    due_until: dt.date | None = None,
    programme_codes: Sequence[str] = (),
) -> RunView:
    """Put every amount that is due and payable into a new run.

    Amounts without a usable account stay open; ``preview_run`` lists them with the reason. Two clerks who
    prepare at once get one run after the other: the second holds what the first left.

    Args:
        value_on: The day the money arrives; a bank business day, not past.
        due_until: Amounts due on or before this day; by default the day of payment.
        programme_codes: Only these benefits; all by default.

    Raises:
        PaymentRefused: The day or the paying account cannot be used.
        NothingToPay: Nothing that is due can be paid.
    """
    _check_value_day(value_on)
    source = PayingAccount.objects.filter(code=paying_account).order_by("-recorded_at", "-id").first()
    if source is None:
        raise PaymentRefused(
            Message(
                "no_paying_account",
                gettext_noop("No account to pay from is registered as %(code)s."),
                {"code": paying_account},
            )
        )
    _one_at_a_time()
    # Rows another transaction changes meanwhile are read again after the lock, so none is taken twice.
    orders = list(due_orders(due_until or value_on, programme_codes).select_for_update())
    payable, skipped = payable_orders(orders, value_on)
    if not payable:
        raise nothing_to_pay(skipped)
    number = (PaymentRun.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    run = PaymentRun.objects.create(
        number=number,
        value_on=value_on,
        paying_account=source,
        prepared_by=current_actor().public_id,
    )
    items = []
    for sequence, (order, account) in enumerate(payable, start=1):
        items.append(
            PaymentRunItem(
                run=run,
                order=order,
                sequence=sequence,
                attempt=order.attempts + 1,
                account=account,
                amount_yen=order.amount_yen,
            )
        )
    PaymentRunItem.objects.bulk_create(items, batch_size=_BATCH)
    PaymentOrder.objects.filter(pk__in=[order.pk for order, _account in payable]).update(
        state=OrderState.IN_RUN.value, attempts=F("attempts") + 1
    )
    _record("payments.run.prepared", run, items=len(items), skipped=len(skipped))
    return get_run(run.public_id)


@transaction.atomic
def remove_item(*, run_id: UUID, sequence: int, reason: str) -> RunView:
    """Take one payment out of a run that is not frozen; its amount is open again.

    Raises:
        WrongState: The run is frozen or later, or the payment is already out.
        UnknownPayment: no run of this body has this id, or no payment this number.
    """
    run = locked_run(run_id)
    _expect(run, RunState.PREPARED)
    item = (
        PaymentRunItem.objects.select_for_update(of=["self"])
        .select_related("order")
        .filter(run=run, sequence=sequence)
        .first()
    )
    if item is None:
        raise UnknownPayment(f"Run {run.number} has no payment {sequence}.")
    if item.outcome != ItemOutcome.PENDING:
        raise WrongState(Message("item_removed", gettext_noop("This payment is no longer in the run.")))
    _release([item])
    record(
        "payments.item.removed",
        subject=item.order.payee,
        object_kind="payment_run",
        object_id=run.public_id,
        reason=reason,
        details={"sequence": sequence},
    )
    return get_run(run_id)


@transaction.atomic
def freeze_run(*, run_id: UUID) -> RunView:
    """Fix the run: the accounts as of the day of payment, the bytes for the bank and their hash.

    The same person asking again, whose answer was lost on the way, changes nothing.

    Raises:
        FileRefused: The file would be wrong; nothing was changed.
        WrongState: The run is not just prepared.
        UnknownPayment: no run of this body has this id.
    """
    run = locked_run(run_id)
    if run.frozen_by == current_actor().public_id and run.state != RunState.CANCELLED:
        return get_run(run_id)
    _expect(run, RunState.PREPARED)
    items = list(
        PaymentRunItem.objects.filter(run=run, outcome=ItemOutcome.PENDING)
        .select_related("order")
        .order_by("sequence")
    )
    if not items:
        raise nothing_to_pay(())
    accounts = accounts_on({item.order.payee for item in items}, run.value_on)
    lost = [item.sequence for item in items if item.order.payee not in accounts]
    if lost:
        raise FileRefused(
            Message(
                "accounts_lost",
                gettext_noop("These payments have no account any more; take them out: %(numbers)s."),
                {"numbers": ", ".join(map(str, lost))},
            )
        )
    moved = [item for item in items if item.account_id != accounts[item.order.payee].pk]
    for item in items:
        item.account = accounts[item.order.payee]
    file = transfer_file(run, items, _paid_before(items))
    problems = tuple(errors_of(problems_of(file, timezone.localdate())))
    if problems:
        raise FileRefused(
            Message("file_problems", gettext_noop("The bank would refuse this file. Nothing was changed.")),
            problems,
        )
    PaymentRunItem.objects.bulk_update(moved, ["account"], batch_size=_BATCH)
    PaymentRunItem.objects.filter(run=run, outcome=ItemOutcome.PENDING).update(frozen=True)
    run.file = write(file)
    run.file_sha256 = hashlib.sha256(run.file).hexdigest()
    run.state = RunState.FROZEN.value
    run.frozen_by, run.frozen_at = current_actor().public_id, timezone.now()
    run.save()
    _record("payments.run.frozen", run, items=len(items), sha256=run.file_sha256)
    return get_run(run_id)


@transaction.atomic
def approve_run(*, run_id: UUID, seen_sha256: str = "") -> RunView:
    """Approve a frozen run as a second person. The same person asking again for the same file changes nothing.

    Args:
        seen_sha256: The hash of the file the approver looked at; refused when it is another by now.

    Raises:
        SecondPersonNeeded: The actor prepared or froze it, or is no member of staff.
        WrongState: The run is not frozen, or not the one that was looked at.
        UnknownPayment: no run of this body has this id.
    """
    run = locked_run(run_id)
    actor = current_actor()
    if run.state != RunState.CANCELLED and (run.approved_by, run.file_sha256) == (
        actor.public_id,
        seen_sha256 or run.file_sha256,
    ):
        return get_run(run_id)
    _expect(run, RunState.FROZEN)
    if actor.kind is not ActorKind.STAFF or actor.public_id in (run.prepared_by, run.frozen_by):
        raise SecondPersonNeeded(
            Message(
                "second_person",
                gettext_noop(
                    "A run is approved by somebody else than the person who prepared or froze it. "
                    "Ask a colleague with the right to approve."
                ),
            )
        )
    if seen_sha256 and seen_sha256 != run.file_sha256:
        raise WrongState(
            Message("run_changed", gettext_noop("The run has changed since you looked at it. Look again."))
        )
    run.state = RunState.APPROVED.value
    run.approved_by, run.approved_at = actor.public_id, timezone.now()
    run.save(update_fields=["state", "approved_by", "approved_at"])
    _record("payments.run.approved", run, sha256=run.file_sha256)
    return get_run(run_id)


@transaction.atomic
def export_run(*, run_id: UUID) -> ExportedFile:
    """Return the bytes for the bank: those that were approved, the same at every download. Journalled.

    Raises:
        WrongState: The run is not approved.
        PaymentRefused: The stored bytes are not those that were approved.
        UnknownPayment: no run of this body has this id.
    """
    run = locked_run(run_id)
    _expect(run, RunState.APPROVED, RunState.EXPORTED, RunState.SETTLED)
    content = bytes(run.file or b"")
    if hashlib.sha256(content).hexdigest() != run.file_sha256:
        raise PaymentRefused(
            Message(
                "file_damaged",
                gettext_noop("The stored file is not the one that was approved. Do not pay; ask for help."),
            )
        )
    first = run.state == RunState.APPROVED
    if first:
        run.state, run.exported_at = RunState.EXPORTED.value, timezone.now()
        run.save(update_fields=["state", "exported_at"])
        payees = PaymentRunItem.objects.filter(run=run, outcome=ItemOutcome.PENDING)
        record_many(
            EntryDraft("payments.account.exported", payee, "payment_run", str(run.public_id))
            for payee in payees.values_list("order__payee", flat=True).distinct().iterator()
        )
    _record("payments.run.exported", run, sha256=run.file_sha256, first=first)
    name = f"{current_body().code}-{run.number:06d}-{run.value_on:%Y%m%d}.txt"
    return ExportedFile(name=name, content=content, sha256=run.file_sha256)


@transaction.atomic
def cancel_run(*, run_id: UUID, reason: str) -> RunView:
    """Give up a run that has not left for the bank; its amounts are open again. Asking again changes nothing.

    Raises:
        WrongState: The run was exported. Money on its way is called back at the bank (組戻).
        UnknownPayment: no run of this body has this id.
    """
    run = locked_run(run_id)
    if run.state == RunState.CANCELLED:
        return get_run(run_id)
    _expect(run, RunState.PREPARED, RunState.FROZEN, RunState.APPROVED)
    pending = PaymentRunItem.objects.filter(run=run, outcome=ItemOutcome.PENDING)
    _release(list(pending))
    run.state, run.cancelled_at = RunState.CANCELLED.value, timezone.now()
    run.save(update_fields=["state", "cancelled_at"])
    _record("payments.run.cancelled", run, reason=reason)
    return get_run(run_id)


def locked_run(run_id: UUID) -> PaymentRun:
    """Return a run's row, held until the transaction ends.

    Raises:
        UnknownPayment: no run of this body has this id.
    """
    run = (
        PaymentRun.objects.select_for_update(of=["self"])
        .select_related("paying_account")
        .filter(public_id=run_id)
        .first()
    )
    if run is None:
        raise UnknownPayment(f"No payment run {run_id}.")
    return run


def _release(items: Sequence[PaymentRunItem]) -> None:
    """Take items out of their run and reopen their orders.

    The attempt is not counted back: a number once given to an attempt stays its own.
    """
    PaymentRunItem.objects.filter(pk__in=[item.pk for item in items]).update(
        outcome=ItemOutcome.REMOVED.value
    )
    PaymentOrder.objects.filter(pk__in=[item.order_id for item in items]).update(state=OrderState.OPEN.value)


def _paid_before(items: Sequence[PaymentRunItem]) -> dict[int, int]:
    """Return, by item, the account used the last time its payee was paid."""
    payees = {item.order.payee for item in items}
    used = dict(
        PaymentRunItem.objects.filter(order__payee__in=payees, outcome=ItemOutcome.PAID)
        .order_by("order__payee", "-id")
        .distinct("order__payee")
        .values_list("order__payee", "account_id")
    )
    return {item.pk: used[item.order.payee] for item in items if item.order.payee in used}


def _check_value_day(value_on: dt.date) -> None:
    if value_on < timezone.localdate():
        raise PaymentRefused(Message("day_past", gettext_noop("The day of payment is already past.")))
    if not is_bank_business_day(value_on):
        raise PaymentRefused(
            Message("no_business_day", gettext_noop("Banks make no transfers on that day. Choose another."))
        )


def _one_at_a_time() -> None:
    """Let preparations of one body follow one another, so that run numbers have no gaps and no doubles."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('payments.prepare_run'), %s)", [current_body().id]
        )


def _expect(run: PaymentRun, *states: RunState) -> None:
    if run.state not in states:
        raise WrongState(
            Message(
                "run_state",
                gettext_noop("Run %(number)s is not at this step any more. Look at it again."),
                {"number": run.number},
            )
        )


def _record(act: str, run: PaymentRun, reason: str = "", **details: str | int | bool) -> None:
    record(
        act,
        object_kind="payment_run",
        object_id=run.public_id,
        reason=reason,
        details={"number": run.number, **details},
    )
