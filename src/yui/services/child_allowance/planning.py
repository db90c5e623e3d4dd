"""From entitlements to payment orders: what is due in the coming payment months, ordered once."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.utils import timezone

from yui.kernel.calendar.public import BusinessCalendar, business_day_on_or_before
from yui.kernel.jobs.public import publish
from yui.kernel.journal.public import EntryDraft, record_many
from yui.procedures.payments.contracts import OrderDraft, OrderState, OrderView
from yui.procedures.payments.public import (
    hold_open_orders,
    list_orders_of,
    order_payments,
    withdraw_order,
)
from yui.procedures.programmes.public import keep_dates
from yui.services.child_allowance.family import Family, families_of
from yui.services.child_allowance.models import Entitlement, PaymentDay, Recipient
from yui.services.child_allowance.population import concerned
from yui.services.child_allowance.rules import (
    PAYMENT_REACH,
    Effect,
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
LIMITATION_MONTHS = 24  # 児童手当法23条1項: the right to payment lapses after two years
DIFFERENCE_FOUND = "child_allowance.difference.found"
DIFFERENCE_KEY = f"{PROGRAMME}:difference:"
_GONE = (OrderState.IN_RUN, OrderState.PAID, OrderState.RETURNED)


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


@dataclass(frozen=True)
class Difference:
    """A payment order that would be another today."""

    order: UUID
    period_label: str
    paid_yen: int
    due_yen: int

    @property
    def name(self) -> str:
        """Names this very difference, without telling the amount."""
        return hashlib.sha256(f"{self.order}:{self.due_yen}".encode()).hexdigest()[:24]


def pay_day(month: Month) -> dt.date:
    """The day of a payment month on which the body pays: its fixed day, or the bank day before it."""
    row = PaymentDay.objects.filter(valid_from__lte=month.last_day).order_by("-valid_from").first()
    day = dt.date(month.year, month.number, row.day if row else USUAL_DAY)
    return business_day_on_or_before(day, BusinessCalendar.BANK)


def installments(
    family: Family,
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
    family: Family, payment: Payment, settled: frozenset[str], day_of: Callable[[Month], dt.date]
) -> Installment:
    due = [
        (outcome.unit_id, month, outcome.amount_yen)
        for month in payment.covers
        for outcome in decide(month, family.in_month(month)).outcomes
        if outcome.amount_yen and cover_name(outcome.unit_id, month) not in settled
    ]
    return Installment(
        pay_on=day_of(payment.pay_in),
        months=tuple(sorted({month for _child, month, _yen in due})),
        amount_yen=sum(yen for _child, _month, yen in due),
        covers=tuple((child, month) for child, month, _yen in due),
    )


def plan_payments(recipient: UUID, *, today: dt.date | None = None) -> int:
    """Bring the open payment orders of one recipient in line with the entitlements; see ``plan_many``.

    What is paid or on its way is compared with what the facts of today say: a difference is laid before an officer.
    """
    placed = plan_many([recipient], today=today)
    for difference in differences_of(recipient, today=today):
        publish(
            DIFFERENCE_FOUND,
            subject=recipient,
            effective_on=today or timezone.localdate(),
            key=difference.name,
            order=str(difference.order),
        )
    return placed


def differences_of(recipient: UUID, *, today: dt.date | None = None) -> list[Difference]:
    """Where what was paid, or is on its way, is not what the facts of today say; within the time of limitation.

    A child whose case an officer has to look at first makes no difference yet.
    """
    oldest = Month.of(today or timezone.localdate()).plus(-LIMITATION_MONTHS)
    family = families_of([recipient])[recipient]
    decided = cache(lambda month: decide(month, family.in_month(month)))
    found = []
    for order in _orders([recipient]).get(recipient, []):
        if order.state not in _GONE:
            continue
        covers = [_covered(name) for name in order.covers]
        if any(month < oldest for _child, month in covers):
            continue
        known = {outcome.unit_id: outcome for _child, month in covers for outcome in decided(month).outcomes}
        outcomes = [decided(month).of(child) if child in known else None for child, month in covers]
        if any(outcome is not None and outcome.effect is Effect.UNDETERMINED for outcome in outcomes):
            continue
        due = sum(outcome.amount_yen or 0 for outcome in outcomes if outcome is not None)
        if due != order.amount_yen:
            found.append(Difference(order.public_id, order.period_label, order.amount_yen, due))
    return found


def _covered(name: str) -> tuple[str, Month]:
    _programme, child, month = name.split(":")
    return child, Month.parse(month)


def _orders(recipients: Sequence[UUID]) -> dict[UUID, list[OrderView]]:
    """The orders that planning made; what an officer ordered to make up a difference is not planned."""
    found = list_orders_of(recipients, programme_code=PROGRAMME, reason="planning", legal_ground=LEGAL_GROUND)
    return {
        recipient: [order for order in orders if not order.key.startswith(DIFFERENCE_KEY)]
        for recipient, orders in found.items()
    }


def plan_many(recipients: Sequence[UUID], *, today: dt.date | None = None) -> int:
    """Bring the open payment orders of recipients in line with their entitlements; returns how many are new.

    What is paid or in a run stays. An open order that no longer fits is withdrawn and ordered anew, so that an
    entitlement of one child and month is in one order only. Repeating it changes nothing. Two plannings of one
    recipient follow one another, and a run that is being prepared is waited for. What changed an entitlement may have
    moved the next critical date, so that is kept anew.
    """
    today = today or timezone.localdate()
    this_month = Month.of(today)
    list(
        Recipient.objects.select_for_update()
        .filter(person__in=recipients, recorded_until=None)
        .order_by("id")
    )
    hold_open_orders(recipients, programme_code=PROGRAMME)
    orders = _orders(recipients)
    families = families_of(recipients)
    entitlements: dict[UUID, list[Entitlement]] = defaultdict(list)
    for row in Entitlement.objects.filter(recipient__in=recipients, recorded_until=None):
        entitlements[row.recipient].append(row)
    drafts: list[OrderDraft] = []
    # The body's day is the same for everybody: asked once a month, not once a family.
    day_of = cache(pay_day)
    for recipient in recipients:
        rows, own = entitlements[recipient], orders.get(recipient, [])
        start = min([this_month, *map(_first_unsettled, rows)])
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
                withdraw_order(order_id=order.public_id, reason="entitlement_changed")
        drafts += [_draft(recipient, installment, rows, own, today) for installment in wanted]
    placed = order_payments(drafts)
    keep_dates(PROGRAMME, map(concerned, families.values()), after=this_month)
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
    names = {name for order in orders if order.state in _GONE for name in order.covers}
    for row in rows:
        if row.settled_through:
            first = max(Month.of(row.from_month), earliest)
            months = months_between(first, Month.of(row.settled_through).plus(1))
            names |= {cover_name(str(row.child), month) for month in months}
    return frozenset(names)


def _first_unsettled(row: Entitlement) -> Month:
    """The first month that nobody has paid before Yui."""
    return Month.of(row.settled_through).plus(1) if row.settled_through else Month.of(row.from_month)


def _fits(order: OrderView, installment: Installment) -> bool:
    names = {cover_name(child, month) for child, month in installment.covers}
    return set(order.covers) == names and order.amount_yen == installment.amount_yen


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
    first, last = months[0], months[-1]
    if first == last:
        return f"児童手当 {first.year}年{first.number}月分"
    year = f"{last.year}年" if last.year != first.year else ""
    return f"児童手当 {first.year}年{first.number}月～{year}{last.number}月分"
