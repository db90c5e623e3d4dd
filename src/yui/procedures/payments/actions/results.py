"""What the bank answered: payments that arrived, and money that came back."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yui.kernel.access.public import current_actor
from yui.kernel.jobs.public import publish
from yui.kernel.journal.public import EntryDraft, record, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.procedures.payments.actions.runs import locked_run
from yui.procedures.payments.contracts import (
    ItemOutcome,
    OrderState,
    ResultLine,
    RunState,
    RunView,
    WrongState,
)
from yui.procedures.payments.models import PaymentOrder, PaymentResult, PaymentRun, PaymentRunItem
from yui.procedures.payments.queries import get_run
from yui.procedures.payments.results import refused

_BATCH = 2000
_ORDER_STATES = {ItemOutcome.PAID: OrderState.PAID, ItemOutcome.RETURNED: OrderState.RETURNED}


@transaction.atomic
def record_results(
    *, run_id: UUID, lines: Sequence[ResultLine] = (), rest_paid_on: dt.date | None = None
) -> RunView:
    """Record what the bank said of a run's payments. All lines or none; the same again changes nothing.

    A return may be told after the payment was taken for done. Money that came back waits as a returned
    order until its account is corrected and it is reopened.

    Args:
        rest_paid_on: Given when every payment without a line arrived on this day, which is how banks
            answer: they name only what they return.

    Raises:
        ResultsRefused: A line names no payment of the run, another amount, a day before the payment or in
            the future, or contradicts what is recorded.
        WrongState: The run never went to the bank.
        UnknownPayment: no run of this body has this id.
    """
    run = locked_run(run_id)
    if run.state not in (RunState.EXPORTED, RunState.SETTLED):
        raise WrongState(
            Message("run_not_exported", gettext_noop("This run has not gone to the bank; it has no results."))
        )
    rows = (
        PaymentRunItem.objects.filter(run=run, frozen=True)
        .exclude(outcome=ItemOutcome.REMOVED)
        .select_related("order")
        .select_for_update(of=["self", "order"])
        .order_by("order_id")
    )
    items = {item.sequence: item for item in rows}
    reasons = [found for line in lines if (found := _objection(line, items, run))]
    told = {line.sequence: line for line in lines}
    if len(told) < len(lines):
        reasons.append(Message("named_twice", gettext_noop("The results name a payment twice.")))
    if rest_paid_on is not None:
        if not run.value_on <= rest_paid_on <= timezone.localdate():
            reasons.append(_wrong_day(0))
        for sequence, item in items.items():
            if item.outcome == ItemOutcome.PENDING and sequence not in told:
                told[sequence] = ResultLine(sequence=sequence, outcome=ItemOutcome.PAID, on=rest_paid_on)
    if reasons:
        raise refused(reasons)
    changed = [
        (items[sequence], line)
        for sequence, line in sorted(told.items())
        if items[sequence].outcome != line.outcome
    ]
    if changed:
        _store(run, changed)
    if run.state == RunState.EXPORTED and all(item.outcome != ItemOutcome.PENDING for item in items.values()):
        run.state, run.settled_at = RunState.SETTLED.value, timezone.now()
        run.save(update_fields=["state", "settled_at"])
        record(
            "payments.run.settled",
            object_kind="payment_run",
            object_id=run.public_id,
            details={"number": run.number},
        )
    return get_run(run_id)


def _store(run: PaymentRun, changed: Sequence[tuple[PaymentRunItem, ResultLine]]) -> None:
    actor = current_actor().public_id
    PaymentResult.objects.bulk_create(
        [
            PaymentResult(
                item=item,
                outcome=line.outcome.value,
                reason=line.reason.value if line.reason else "",
                on=line.on,
                recorded_by=actor,
            )
            for item, line in changed
        ],
        batch_size=_BATCH,
    )
    for outcome, order_state in _ORDER_STATES.items():
        told = [item for item, line in changed if line.outcome is outcome]
        PaymentRunItem.objects.filter(pk__in=[item.pk for item in told]).update(outcome=outcome.value)
        PaymentOrder.objects.filter(pk__in=[item.order_id for item in told]).update(state=order_state.value)
    for item, line in changed:
        item.outcome = line.outcome.value
    record_many(
        EntryDraft(
            f"payments.order.{line.outcome.value}",
            item.order.payee,
            "payment_order",
            str(item.order.public_id),
            line.reason.value if line.reason else "",
        )
        for item, line in changed
    )
    for item, line in changed:
        publish(
            f"payments.order.{line.outcome.value}",
            subject=item.order.payee,
            effective_on=line.on,
            key=f"{item.order.public_id}:{item.attempt}",
            order_id=str(item.order.public_id),
            case_reference=item.order.case_reference,
        )
    record(
        "payments.results.recorded",
        object_kind="payment_run",
        object_id=run.public_id,
        details={"number": run.number, "count": len(changed)},
    )


def _objection(line: ResultLine, items: dict[int, PaymentRunItem], run: PaymentRun) -> Message | None:
    """Return why a line cannot be recorded, if so."""
    item = items.get(line.sequence)
    place = {"row": line.line or line.sequence}
    if item is None:
        return Message("no_such_item", gettext_noop("Row %(row)s names no payment of this run."), place)
    if line.amount_yen is not None and line.amount_yen != item.amount_yen:
        return Message(
            "amount_differs", gettext_noop("Row %(row)s names another amount than was sent."), place
        )
    if line.outcome not in _ORDER_STATES or (line.reason is None) != (line.outcome is ItemOutcome.PAID):
        return Message(
            "result_reason",
            gettext_noop("Row %(row)s needs a reason when the money came back, and none when it was paid."),
            place,
        )
    if not run.value_on <= line.on <= timezone.localdate():
        return _wrong_day(place["row"])
    if item.outcome == ItemOutcome.RETURNED and line.outcome is ItemOutcome.PAID:
        return Message(
            "already_returned",
            gettext_noop("Row %(row)s says paid, but this money is already recorded as returned."),
            place,
        )
    return None


def _wrong_day(row: int) -> Message:
    return Message(
        "result_day",
        gettext_noop("Row %(row)s: the day lies before the day of payment or in the future."),
        {"row": row},
    )
