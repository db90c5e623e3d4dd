"""What is owed: ordered once, withdrawn or made again, never changed."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from yui.kernel.access.public import current_actor
from yui.kernel.journal.public import EntryDraft, record, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.procedures.payments.contracts import (
    AlreadyOrdered,
    ItemOutcome,
    OrderConflict,
    OrderDraft,
    OrderRefused,
    OrderState,
    OrderView,
    ReturnReason,
    UnknownPayment,
    WrongState,
)
from yui.procedures.payments.models import CoveredEntitlement, PaymentOrder, PaymentRunItem
from yui.procedures.payments.queries import accounts_on, order_views


@transaction.atomic
def order_payment(
    *,
    key: str,
    programme_code: str,
    case_reference: str,
    payee: UUID,
    amount_yen: int,
    due_on: dt.date,
    period_label: str = "",
    covers: Sequence[str] = (),
    legal_ground: str = "",
) -> OrderView:
    """Order one amount for one payee. The same key orders once; calling again returns the same order.

    Args:
        key: Names this very debt within the body, for example ``child_allowance:<case>:2026-10``.
        programme_code: The benefit; runs can be limited to it.
        case_reference: The case it was decided in.
        covers: Names of the entitlements it settles, for example one per child and month. Each can be
            covered by one order only, so the same month is never paid twice even under another key.
            Defaults to the key itself.
        due_on: Not paid before this day.

    Raises:
        OrderConflict: The key was used for something else before.
        AlreadyOrdered: One of the entitlements is covered by another order.
        OrderRefused: The amount is not between 1 and 9,999,999,999 yen.
    """
    if not 0 < amount_yen < 10_000_000_000:
        raise OrderRefused(
            Message("amount", gettext_noop("An amount must be between 1 and 9,999,999,999 yen."))
        )
    covers = tuple(covers) or (key,)
    wanted = {
        "programme_code": programme_code,
        "case_reference": case_reference,
        "payee": payee,
        "amount_yen": amount_yen,
        "due_on": due_on,
        "period_label": period_label,
    }
    row = PaymentOrder.objects.filter(key=key).first()
    if row is None:
        row = _place(key, wanted, covers, legal_ground)
        if row is not None:
            return order_views([row])[0]
        # Another transaction placed it while we waited for the unique key.
        row = PaymentOrder.objects.get(key=key)
    view = order_views([row])[0]
    if any(getattr(row, name) != value for name, value in wanted.items()) or set(view.covers) != set(covers):
        raise _conflict(key)
    return view


def _place(
    key: str, wanted: dict[str, object], covers: Sequence[str], legal_ground: str
) -> PaymentOrder | None:
    try:
        with transaction.atomic():
            row = PaymentOrder.objects.create(
                key=key, legal_ground=legal_ground, ordered_by=current_actor().public_id, **wanted
            )
            CoveredEntitlement.objects.bulk_create(CoveredEntitlement(order=row, key=name) for name in covers)
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, UniqueViolation) and cause.diag.constraint_name == "payment_order_key_once":
            return None
        if isinstance(cause, UniqueViolation):
            raise AlreadyOrdered(
                Message(
                    "already_ordered",
                    gettext_noop("Part of order %(key)s is already covered by another order."),
                    {"key": key},
                )
            ) from error
        raise
    record(
        "payments.order.placed",
        subject=row.payee,
        object_kind="payment_order",
        object_id=row.public_id,
        legal_ground=legal_ground,
        details={"programme": row.programme_code},
    )
    return row


@transaction.atomic
def order_payments(drafts: Sequence[OrderDraft]) -> int:
    """Order many amounts at once, for a programme that pays a whole town; returns how many are new.

    A key that has been ordered before is left as it is.

    Raises:
        OrderConflict: A key was used for another payee, programme or amount before; nothing is ordered.
        AlreadyOrdered: One of the entitlements is covered by another order, or somebody orders the same at
            this moment; nothing is ordered.
        OrderRefused: An amount is not between 1 and 9,999,999,999 yen; nothing is ordered.
    """
    if not all(0 < draft.amount_yen < 10_000_000_000 for draft in drafts):
        raise OrderRefused(
            Message("amount", gettext_noop("An amount must be between 1 and 9,999,999,999 yen."))
        )
    keys = [draft.key for draft in drafts]
    known = {row.key: row for row in PaymentOrder.objects.filter(key__in=keys)}
    for draft in drafts:
        row = known.get(draft.key)
        if row is not None and any(
            getattr(row, name) != getattr(draft, name) for name in ("payee", "programme_code", "amount_yen")
        ):
            raise _conflict(draft.key)
    new = [draft for draft in drafts if draft.key not in known]
    by = current_actor().public_id
    try:
        with transaction.atomic():
            rows = PaymentOrder.objects.bulk_create(
                (
                    PaymentOrder(
                        key=draft.key,
                        programme_code=draft.programme_code,
                        case_reference=draft.case_reference,
                        payee=draft.payee,
                        amount_yen=draft.amount_yen,
                        due_on=draft.due_on,
                        period_label=draft.period_label,
                        legal_ground=draft.legal_ground,
                        ordered_by=by,
                    )
                    for draft in new
                ),
                batch_size=2000,
            )
            CoveredEntitlement.objects.bulk_create(
                (
                    CoveredEntitlement(order=row, key=name)
                    for row, draft in zip(rows, new, strict=True)
                    for name in draft.covers or (draft.key,)
                ),
                batch_size=5000,
            )
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise AlreadyOrdered(
            Message(
                "already_ordered_many",
                gettext_noop("Part of these orders is already covered by another order, so none was placed."),
            )
        ) from error
    record_many(
        EntryDraft(
            "payments.order.placed",
            row.payee,
            "payment_order",
            str(row.public_id),
            legal_ground=row.legal_ground,
            details={"programme": row.programme_code},
        )
        for row in rows
    )
    return len(rows)


def _conflict(key: str) -> OrderConflict:
    return OrderConflict(
        Message(
            "order_conflict",
            gettext_noop("Order %(key)s already stands for another amount, payee, day or period."),
            {"key": key},
        )
    )


@transaction.atomic
def withdraw_order(*, order_id: UUID, reason: str) -> OrderView:
    """Give up an amount that is not on its way, because its decision was cancelled or corrected.

    What it covered can be ordered anew.

    Raises:
        WrongState: It is in a run, paid, or already withdrawn.
        UnknownPayment: no order of this body has this id.
    """
    row = locked_order(order_id)
    if row.state not in (OrderState.OPEN, OrderState.RETURNED):
        raise WrongState(
            Message("order_not_open", gettext_noop("Only an amount that is not in a run can be withdrawn."))
        )
    row.state = OrderState.WITHDRAWN.value
    row.save(update_fields=["state"])
    CoveredEntitlement.objects.filter(order=row).update(released=True)
    record(
        "payments.order.withdrawn",
        subject=row.payee,
        object_kind="payment_order",
        object_id=row.public_id,
        reason=reason,
    )
    return order_views([row])[0]


@transaction.atomic
def reopen_order(*, order_id: UUID, reason: str = "account_corrected") -> OrderView:
    """Let money that came back be paid again, once the account is corrected.

    Raises:
        WrongState: It did not come back, or the account is still the one it came back from.
        UnknownPayment: no order of this body has this id.
    """
    row = locked_order(order_id)
    if row.state != OrderState.RETURNED:
        raise WrongState(
            Message("order_not_returned", gettext_noop("Only an amount that came back can be paid again."))
        )
    last = (
        PaymentRunItem.objects.filter(order=row, outcome=ItemOutcome.RETURNED)
        .select_related("account")
        .order_by("-attempt")
        .first()
    )
    assert last is not None
    because = ReturnReason(last.results.get(outcome=ItemOutcome.RETURNED).reason)
    account = accounts_on([row.payee], timezone.localdate()).get(row.payee)
    if account is None or (because.needs_another_account and account.pk == last.account.pk):
        raise WrongState(
            Message(
                "account_not_corrected",
                gettext_noop(
                    "The money came back because of the account. Register the corrected account first."
                ),
            )
        )
    row.state = OrderState.OPEN.value
    row.save(update_fields=["state"])
    record(
        "payments.order.reopened",
        subject=row.payee,
        object_kind="payment_order",
        object_id=row.public_id,
        reason=reason,
        details={"attempts": row.attempts},
    )
    return order_views([row])[0]


def hold_open_orders(payees: Sequence[UUID], *, programme_code: str) -> None:
    """Keep the open orders of these people out of runs until the transaction ends; wait for a run in preparation."""
    rows = PaymentOrder.objects.select_for_update().filter(
        payee__in=payees, programme_code=programme_code, state=OrderState.OPEN
    )
    list(rows.order_by("id").values_list("id", flat=True))


def locked_order(order_id: UUID) -> PaymentOrder:
    """Return an order's row, held until the transaction ends.

    Raises:
        UnknownPayment: no order of this body has this id.
    """
    row = PaymentOrder.objects.select_for_update().filter(public_id=order_id).first()
    if row is None:
        raise UnknownPayment(f"No payment order {order_id}.")
    return row
