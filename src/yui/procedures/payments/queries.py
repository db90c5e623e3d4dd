"""Reads of payments. A read that shows one person's account or payments is journalled."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from yui.kernel.journal.public import EntryDraft, record, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.procedures.payments.contracts import (
    AccountKind,
    AccountSource,
    AccountView,
    ItemOutcome,
    ItemView,
    NothingToPay,
    OrderState,
    OrderView,
    PayingAccountView,
    ReturnReason,
    RunPreview,
    RunState,
    RunView,
    SkippedOrder,
    SkipReason,
    UnknownPayment,
)
from yui.procedures.payments.models import (
    PayeeAccount,
    PayingAccount,
    PaymentOrder,
    PaymentRun,
    PaymentRunItem,
)
from yui.procedures.payments.rules import masked
from yui.procedures.payments.zengin.banks import find_branch


def accounts_on(
    payees: Iterable[UUID], on: dt.date, known_at: dt.datetime | None = None
) -> dict[UUID, PayeeAccount]:
    """Return the rows that say where people are paid on a day; for use inside this app."""
    rows = PayeeAccount.objects.filter(payee__in=list(payees), valid_from__lte=on).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=on)
    )
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    latest = rows.order_by("payee", "-recorded_at", "-id").distinct("payee")
    return {row.payee: row for row in latest if not row.closes}


def find_account(
    payee: UUID,
    *,
    on: dt.date,
    known_at: dt.datetime | None = None,
    reason: str = "",
    legal_ground: str = "",
) -> AccountView | None:
    """Return where a person is paid on a day, as known now or at an instant; journalled when there is one."""
    row = accounts_on([payee], on, known_at).get(payee)
    if row is None:
        return None
    _journal_account_read(payee, reason, legal_ground)
    return account_view(row)


def list_accounts(payee: UUID, *, reason: str = "", legal_ground: str = "") -> list[AccountView]:
    """Return every statement about a person's account, the latest first; journalled."""
    rows = list(PayeeAccount.objects.filter(payee=payee, closes=False).order_by("-recorded_at", "-id"))
    if rows:
        _journal_account_read(payee, reason, legal_ground)
    return [account_view(row) for row in rows]


def _journal_account_read(payee: UUID, reason: str, legal_ground: str) -> None:
    record("payments.account.read", subject=payee, reason=reason, legal_ground=legal_ground)


def list_paying_accounts() -> list[PayingAccountView]:
    """Return the accounts the body pays from, by code."""
    rows = PayingAccount.objects.order_by("code", "-recorded_at", "-id").distinct("code")
    return [_paying_account_view(row) for row in rows]


def find_order(key: str) -> OrderView | None:
    """Return the order made under a key, for its maker; not journalled, since it shows what was given."""
    row = PaymentOrder.objects.filter(key=key).first()
    return order_views([row])[0] if row else None


def list_orders_for(
    *,
    case_reference: str = "",
    payee: UUID | None = None,
    reason: str = "",
    legal_ground: str = "",
) -> list[OrderView]:
    """Return the orders of a case or of a person, the earliest due first; journalled per payee.

    Raises:
        ValueError: neither a case nor a payee is given.
    """
    if not case_reference and payee is None:
        raise ValueError("Name a case or a payee; orders of everybody are listed by run.")
    rows = PaymentOrder.objects.order_by("due_on", "id")
    if case_reference:
        rows = rows.filter(case_reference=case_reference)
    if payee is not None:
        rows = rows.filter(payee=payee)
    views = order_views(list(rows))
    _journal_orders_read({view.payee for view in views}, reason, legal_ground)
    return views


def list_orders_of(
    payees: Iterable[UUID], *, programme_code: str, reason: str = "", legal_ground: str = ""
) -> dict[UUID, list[OrderView]]:
    """Return one programme's orders of many persons, the earliest due first; journalled per payee who has any."""
    rows = PaymentOrder.objects.filter(payee__in=list(payees), programme_code=programme_code)
    found: dict[UUID, list[OrderView]] = defaultdict(list)
    for view in order_views(list(rows.order_by("due_on", "id"))):
        found[view.payee].append(view)
    _journal_orders_read(found, reason, legal_ground)
    return found


def list_returned_orders(*, reason: str = "", legal_ground: str = "", limit: int = 200) -> list[OrderView]:
    """Return the orders whose money came back and waits, the earliest due first; journalled per payee."""
    rows = PaymentOrder.objects.filter(state=OrderState.RETURNED).order_by("due_on", "id")[:limit]
    views = order_views(list(rows))
    _journal_orders_read({view.payee for view in views}, reason, legal_ground)
    return views


def _journal_orders_read(payees: Iterable[UUID], reason: str, legal_ground: str) -> None:
    record_many(
        EntryDraft("payments.order.read", payee, reason=reason, legal_ground=legal_ground) for payee in payees
    )


def preview_run(
    *, value_on: dt.date, due_until: dt.date | None = None, programme_codes: Sequence[str] = ()
) -> RunPreview:
    """Return what ``prepare_run`` would put into a run now, in counts and sums; nothing is written."""
    orders = list(due_orders(due_until or value_on, programme_codes))
    payable, skipped = payable_orders(orders, value_on)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for order, _account in payable:
        sums[order.programme_code][0] += 1
        sums[order.programme_code][1] += order.amount_yen
    return RunPreview(
        value_on=value_on,
        count=len(payable),
        total_yen=sum(order.amount_yen for order, _account in payable),
        by_programme=tuple((code, sums[code][0], sums[code][1]) for code in sorted(sums)),
        skipped=tuple(skipped),
    )


def due_orders(due_until: dt.date, programme_codes: Sequence[str]) -> QuerySet[PaymentOrder]:
    """Return the open orders that are due, in the order in which they were made."""
    orders = PaymentOrder.objects.filter(state=OrderState.OPEN, due_on__lte=due_until).order_by("id")
    return orders.filter(programme_code__in=programme_codes) if programme_codes else orders


def payable_orders(
    orders: Sequence[PaymentOrder], value_on: dt.date
) -> tuple[list[tuple[PaymentOrder, PayeeAccount]], list[SkippedOrder]]:
    """Split orders into those with an account a transfer can reach, and the rest with the reason."""
    accounts = accounts_on({order.payee for order in orders}, value_on)
    payable, skipped = [], []
    for order in orders:
        account = accounts.get(order.payee)
        reason = None
        if account is None:
            reason = SkipReason.NO_ACCOUNT
        elif find_branch(account.bank_code, account.branch_code) is None:
            reason = SkipReason.UNKNOWN_BRANCH
        if account is not None and reason is None:
            payable.append((order, account))
        elif reason is not None:
            skipped.append(
                SkippedOrder(
                    order_id=order.public_id, payee=order.payee, amount_yen=order.amount_yen, reason=reason
                )
            )
    return payable, skipped


def nothing_to_pay(skipped: Iterable[SkippedOrder]) -> NothingToPay:
    """Return the refusal of an empty run."""
    message = Message("nothing_to_pay", gettext_noop("There is nothing that is due and can be paid."))
    return NothingToPay(message, tuple(skipped))


def list_runs(*, limit: int = 50, offset: int = 0) -> list[RunView]:
    """Return the body's runs, the latest first."""
    return [run_view(row) for row in _runs().order_by("-number")[offset : offset + limit]]


def get_run(run_id: UUID) -> RunView:
    """Return one run.

    Raises:
        UnknownPayment: no run of this body has this id.
    """
    row = _runs().filter(public_id=run_id).first()
    if row is None:
        raise UnknownPayment(f"No payment run {run_id}.")
    return run_view(row)


def list_run_items(
    run_id: UUID,
    *,
    outcome: ItemOutcome | None = None,
    limit: int = 50,
    offset: int = 0,
    reason: str = "",
    legal_ground: str = "",
) -> list[ItemView]:
    """Return a stretch of a run's payments with their masked accounts; journalled per payee.

    Args:
        outcome: only these; by default all that were not taken out of the run.
    """
    rows = PaymentRunItem.objects.filter(run__public_id=run_id).select_related("order", "account")
    # Without a wish: whatever is still in the run.
    rows = rows.exclude(outcome=ItemOutcome.REMOVED) if outcome is None else rows.filter(outcome=outcome)
    items = list(rows.prefetch_related("results").order_by("sequence")[offset : offset + limit])
    record_many(
        EntryDraft("payments.account.read", payee, reason=reason, legal_ground=legal_ground)
        for payee in {item.order.payee for item in items}
    )
    return [_item_view(item) for item in items]


def _runs() -> QuerySet[PaymentRun]:
    live = ~Q(items__outcome=ItemOutcome.REMOVED)
    paid, returned = Q(items__outcome=ItemOutcome.PAID), Q(items__outcome=ItemOutcome.RETURNED)
    return (
        PaymentRun.objects.defer("file")
        .select_related("paying_account")
        .annotate(
            count=Count("items", filter=live),
            total_yen=Sum("items__amount_yen", filter=live, default=0),
            paid_count=Count("items", filter=paid),
            paid_yen=Sum("items__amount_yen", filter=paid, default=0),
            returned_count=Count("items", filter=returned),
            returned_yen=Sum("items__amount_yen", filter=returned, default=0),
        )
    )


def run_view(row: PaymentRun) -> RunView:
    """Return a row of ``_runs`` as it crosses the door."""
    sums = {
        name: int(getattr(row, name))
        for name in ("count", "total_yen", "paid_count", "paid_yen", "returned_count", "returned_yen")
    }
    return RunView(
        public_id=row.public_id,
        number=row.number,
        state=RunState(row.state),
        value_on=row.value_on,
        paying_account=row.paying_account.code,
        prepared_by=row.prepared_by,
        prepared_at=row.prepared_at,
        frozen_by=row.frozen_by,
        frozen_at=row.frozen_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        exported_at=row.exported_at,
        settled_at=row.settled_at,
        file_sha256=row.file_sha256,
        **sums,
    )


def account_view(row: PayeeAccount) -> AccountView:
    """Return an account as it may be shown."""
    branch = find_branch(row.bank_code, row.branch_code)
    return AccountView(
        public_id=row.public_id,
        payee=row.payee,
        bank_code=row.bank_code,
        bank_name=branch.bank_name if branch else "",
        branch_code=row.branch_code,
        branch_name=branch.branch_name if branch else "",
        kind=AccountKind(row.kind_code),
        masked_number=masked(row.number),
        holder_kana=row.holder_kana,
        source=AccountSource(row.source),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )


def _paying_account_view(row: PayingAccount) -> PayingAccountView:
    branch = find_branch(row.bank_code, row.branch_code)
    return PayingAccountView(
        code=row.code,
        originator_code=row.originator_code,
        originator_name=row.originator_name,
        bank_code=row.bank_code,
        bank_name=branch.bank_name if branch else "",
        branch_code=row.branch_code,
        branch_name=branch.branch_name if branch else "",
        masked_number=masked(row.number),
    )


def order_views(rows: Sequence[PaymentOrder]) -> list[OrderView]:
    """Return orders as they cross the door, with what they cover and their last result."""
    ids = [row.pk for row in rows]
    covers: dict[int, list[str]] = defaultdict(list)
    for order_id, key in (
        PaymentOrder.objects.filter(pk__in=ids).order_by("covered__id").values_list("pk", "covered__key")
    ):
        covers[order_id].append(key)
    results = {
        order_id: (on, reason)
        for order_id, on, reason in PaymentRunItem.objects.filter(order__in=ids, results__isnull=False)
        .order_by("results__id")
        .values_list("order_id", "results__on", "results__reason")
    }
    views = []
    for row in rows:
        on, reason = results.get(row.pk, (None, ""))
        views.append(
            OrderView(
                public_id=row.public_id,
                key=row.key,
                programme_code=row.programme_code,
                case_reference=row.case_reference,
                payee=row.payee,
                amount_yen=row.amount_yen,
                due_on=row.due_on,
                period_label=row.period_label,
                covers=tuple(covers[row.pk]),
                state=OrderState(row.state),
                attempts=row.attempts,
                settled_on=on,
                return_reason=ReturnReason(reason) if reason else None,
            )
        )
    return views


def _item_view(item: PaymentRunItem) -> ItemView:
    reasons = [result.reason for result in item.results.all() if result.reason]
    return ItemView(
        sequence=item.sequence,
        order_id=item.order.public_id,
        payee=item.order.payee,
        programme_code=item.order.programme_code,
        period_label=item.order.period_label,
        amount_yen=item.amount_yen,
        attempt=item.attempt,
        outcome=ItemOutcome(item.outcome),
        return_reason=ReturnReason(reasons[-1]) if reasons else None,
        account=account_view(item.account),
    )
