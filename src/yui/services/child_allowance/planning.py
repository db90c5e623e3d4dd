"""From entitlements to payment orders: what is due in the coming payment months, ordered once."""

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.utils import timezone
from django.utils.translation import override

from yui.kernel.calendar.public import BusinessCalendar, business_day_on_or_before
from yui.kernel.journal.public import EntryDraft, record_many
from yui.procedures.payments.contracts import OrderDraft, OrderState, OrderView, WrongState
from yui.procedures.payments.public import list_orders_of, order_payments, withdraw_order
from yui.services.child_allowance.family import families_of
from yui.services.child_allowance.models import Entitlement, PaymentDay
from yui.services.child_allowance.rules import (
    PAYMENT_REACH,
    FamilyFacts,
    Month,
    Payment,
    decide,
    months_between,
    payment_months,
)

PROGRAMME = "child_allowance"
LEGAL_GROUND = "児童手当法8条4項"
HORIZON_MONTHS = 6  # the next two payment months at least; later ones are planned when they come near
USUAL_DAY = 10


@dataclass(frozen=True)
class Installment:
    """What one payment brings.

    Attributes:
        covers: (child, month) of every amount in it.
    """

    pay_on: dt.date
    months: tuple[Month, ...]
    amount_yen: int
    covers: tuple[tuple[str, Month], ...]


def pay_day(month: Month) -> dt.date:
    """The day of a payment month on which the body pays: its fixed day, or the bank day before it."""
    row = PaymentDay.objects.filter(valid_from__lte=month.last_day).order_by("-valid_from").first()
    day = dt.date(month.year, month.number, row.day if row else USUAL_DAY)
    return business_day_on_or_before(day, BusinessCalendar.BANK)


def installments(
    family: FamilyFacts,
    start: Month,
    until: Month,
    settled: frozenset[str] = frozenset(),
    day_of: Callable[[Month], dt.date] = pay_day,
) -> list[Installment]:
    """What a family is paid in the payment months from ``start`` to before ``until``; nothing is written.

    Args:
        settled: names of what is paid or on its way already and must not be ordered again.
        day_of: the body's day of payment in a month.
    """
    found = [_installment(family, payment, settled, day_of) for payment in payment_months(start, until)]
    return [installment for installment in found if installment.amount_yen > 0]


def _installment(
    family: FamilyFacts, payment: Payment, settled: frozenset[str], day_of: Callable[[Month], dt.date]
) -> Installment:
    due = [
        (outcome.unit_id, month, outcome.amount_yen)
        for month in payment.covers
        for outcome in decide(month, family).outcomes
        if outcome.amount_yen and cover_name(outcome.unit_id, month) not in settled
    ]
    return Installment(
        pay_on=day_of(payment.pay_in),
        months=tuple(sorted({month for _child, month, _yen in due})),
        amount_yen=sum(yen for _child, _month, yen in due),
        covers=tuple((child, month) for child, month, _yen in due),
    )


def plan_payments(recipient: UUID, *, today: dt.date | None = None) -> int:
    """Bring the open payment orders of one recipient in line with the entitlements; see ``plan_many``."""
    return plan_many([recipient], today=today)


def plan_many(recipients: Sequence[UUID], *, today: dt.date | None = None) -> int:
    """Bring the open payment orders of recipients in line with their entitlements; returns how many are new.

    What is paid or in a run stays. An open order that no longer fits is withdrawn and ordered anew, so that an
    entitlement of one child and month is in one order only. Repeating it changes nothing.
    """
    today = today or timezone.localdate()
    this_month = Month.of(today)
    orders = list_orders_of(
        recipients, programme_code=PROGRAMME, reason="planning", legal_ground=LEGAL_GROUND
    )
    families = families_of(recipients)
    entitlements: dict[UUID, list[Entitlement]] = defaultdict(list)
    for row in Entitlement.objects.filter(recipient__in=recipients, recorded_until=None):
        entitlements[row.recipient].append(row)
    drafts: list[OrderDraft] = []
    # The body's day is the same for everybody: asked once a month, not once a family.
    day_of = cache(pay_day)
    for recipient in recipients:
        rows, own = entitlements[recipient], orders.get(recipient, [])
        start = min([this_month, *(Month.of(row.from_month) for row in rows if row.case)])
        wanted = installments(
            families[recipient],
            start,
            this_month.plus(HORIZON_MONTHS),
            _settled(rows, own, start.plus(-PAYMENT_REACH)),
            day_of,
        )
        for order in own:
            if order.state is not OrderState.OPEN:
                continue
            fitting = next((i for i in wanted if _fits(order, i)), None)
            if fitting is not None:
                wanted.remove(fitting)
            else:
                _withdraw(order)
        drafts += [_draft(recipient, installment, rows, own, today) for installment in wanted]
    placed = order_payments(drafts)
    record_many(
        EntryDraft("child_allowance.payments.planned", recipient, legal_ground=LEGAL_GROUND)
        for recipient in recipients
    )
    return placed


def cover_name(child: str, month: Month) -> str:
    """The name under which one child's month can be ordered once."""
    return f"{PROGRAMME}:{child}:{month}"


def _settled(rows: list[Entitlement], orders: list[OrderView], earliest: Month) -> frozenset[str]:
    """What must not be ordered: in a run, paid, come back (reopened by itself), or paid before Yui took over.

    Of what was paid before, only months from ``earliest`` on: no earlier one can fall into a coming payment.
    """
    names = {
        name
        for order in orders
        if order.state in (OrderState.IN_RUN, OrderState.PAID, OrderState.RETURNED)
        for name in order.covers
    }
    for row in rows:
        if row.settled_through:
            first = max(Month.of(row.from_month), earliest)
            months = months_between(first, Month.of(row.settled_through).plus(1))
            names |= {cover_name(str(row.child), month) for month in months}
    return frozenset(names)


def _fits(order: OrderView, installment: Installment) -> bool:
    names = {cover_name(child, month) for child, month in installment.covers}
    return set(order.covers) == names and order.amount_yen == installment.amount_yen


def _withdraw(order: OrderView) -> None:
    # An order that has gone into a run since it was read stays: the run decides, and a later planning sees it.
    with contextlib.suppress(WrongState):
        withdraw_order(order_id=order.public_id, reason="entitlement_changed")


def _draft(
    recipient: UUID,
    installment: Installment,
    rows: list[Entitlement],
    orders: list[OrderView],
    today: dt.date,
) -> OrderDraft:
    label = _label(installment.months)
    tries = sum(order.period_label == label for order in orders)
    cases = {str(row.child): row.case for row in rows}
    case = next((cases[child] for child, _month in installment.covers if cases.get(child)), None)
    return OrderDraft(
        key=f"{PROGRAMME}:{recipient}:{installment.months[0]}:{installment.months[-1]}:{tries + 1}",
        programme_code=PROGRAMME,
        case_reference=str(case or ""),
        payee=recipient,
        amount_yen=installment.amount_yen,
        due_on=max(installment.pay_on, today),
        period_label=label,
        covers=tuple(cover_name(child, month) for child, month in installment.covers),
        legal_ground=LEGAL_GROUND,
    )


def _label(months: tuple[Month, ...]) -> str:
    """The period as printed on the payment notice."""
    with override("ja"):
        first, last = months[0], months[-1]
        if first == last:
            return f"児童手当 {first.year}年{first.number}月分"
        year = f"{last.year}年" if last.year != first.year else ""
        return f"児童手当 {first.year}年{first.number}月～{year}{last.number}月分"
