"""差額: what was paid for past months and what is due for them by the facts of today."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.procedures.cases.public import (
    CaseView,
    Concern,
    Event,
    FilledValue,
    Outcome,
    Reason,
    Result,
    Source,
    Text,
)
from yui.procedures.payments.public import order_payment
from yui.services.child_allowance.planning import (
    DIFFERENCE_FOUND,
    DIFFERENCE_KEY,
    LEGAL_GROUND,
    PROGRAMME,
    differences_of,
)
from yui.services.child_allowance.procedures.automatic import Automatic
from yui.services.child_allowance.rules import Month, card_for


class PastDifference(Automatic):
    """An amount that is paid or on its way would be another today. Nothing is paid or claimed back by itself."""

    code = "child_allowance.difference"
    title = gettext_lazy("Child allowance: past months to be settled")
    legal_ground = "児童手当法6条1項・14条"
    event_codes = (DIFFERENCE_FOUND,)

    def find_concerned(self, event: Event) -> list[Concern]:
        """The recipient, once for each order and amount."""
        return [
            Concern(
                event.subject,
                found.name,
                (),
                facts={
                    "order": str(found.order),
                    "period": found.period_label,
                    "paid_yen": found.paid_yen,
                    "due_yen": found.due_yen,
                },
            )
            for found in differences_of(event.subject)
            if str(found.order) == event.ids.get("order")
        ]

    def fill(self, case: CaseView) -> list[FilledValue]:
        """Recipient, period and the two amounts."""
        facts = (
            ("period", _("Months"), case.facts["period"], case.facts["period"]),
            ("paid", _("Paid or on its way"), case.facts["paid_yen"], _yen(case.facts["paid_yen"])),
            ("due", _("Due by today's facts"), case.facts["due_yen"], _yen(case.facts["due_yen"])),
        )
        claimant = [value for value in super().fill(case) if value.item == "claimant"]
        return claimant + [
            FilledValue(item, label, value, display, Source.RULE) for item, label, value, display in facts
        ]

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """Always an officer's."""
        return Outcome(Result.UNDETERMINED, (_reason(case),), _version())

    def options(self, case: CaseView) -> tuple[tuple[str, Text], ...]:
        """Pay what is missing; or note that it was settled, for example claimed back."""
        settled = ("settled", _("It has been settled outside this system"))
        missing = case.facts["due_yen"] - case.facts["paid_yen"]
        pay = ("pay", _("Pay the missing %(yen)s") % {"yen": _yen(missing)})
        return (pay, settled) if missing > 0 else (settled,)

    def outcome_of(self, case: CaseView, option: str) -> Outcome:
        """The officer's answer."""
        missing = case.facts["due_yen"] - case.facts["paid_yen"]
        details = {"pay_yen": missing} if option == "pay" else {}
        return Outcome(Result.CHANGED, (_reason(case),), _version(), details=details)

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        """Order what is missing."""
        if missing := outcome.details.get("pay_yen"):
            order_payment(
                key=f"{DIFFERENCE_KEY}{case.public_id}",
                programme_code=PROGRAMME,
                case_reference=str(case.public_id),
                payee=case.person,
                amount_yen=missing,
                due_on=timezone.localdate(),
                period_label=f"{case.facts['period']} 差額",
                legal_ground=LEGAL_GROUND,
            )


def _yen(amount: int) -> str:
    return _("%(yen)s yen") % {"yen": f"{amount:,}"}


def _version() -> str:
    return card_for(Month.of(timezone.localdate())).version


def _reason(case: CaseView) -> Reason:
    period, paid, due = (case.facts[name] for name in ("period", "paid_yen", "due_yen"))
    return Reason(
        code="差額",
        holds=None,
        ja=f"{period}として{paid:,}円を支払い、または支払手続中ですが、現在の記録による額は{due:,}円です。",
        en=f"For {period} {paid:,} yen are paid or on their way; by today's records {due:,} yen are due.",
        easy=f"{period}は {paid:,}円（えん）でしたが、いまの きろくでは {due:,}円（えん）です。",
        article="児童手当法6条1項",
    )
