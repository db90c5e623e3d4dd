"""監護相当・生計費の負担についての確認書: a child past 18 still counts for the brothers and sisters."""

import datetime as dt
from dataclasses import replace

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.engines.rules.public import last_day_of_grace
from yui.procedures.cases.public import (
    CaseView,
    Concern,
    Event,
    FilledValue,
    Mode,
    Outcome,
    Procedure,
    Reason,
    Result,
    Source,
)
from yui.services.child_allowance.actions import declare_support, end_support
from yui.services.child_allowance.family import family_of
from yui.services.child_allowance.models import Entitlement
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.procedures.changes import entitled
from yui.services.child_allowance.procedures.claim import closed, find_name
from yui.services.child_allowance.procedures.endings import YEAR_END
from yui.services.child_allowance.rules import (
    ChildFacts,
    FamilyFacts,
    Month,
    card_for,
    decide,
    entitlement_start,
)

_COUNTS = Reason(
    code="第三子以降の数え方",
    holds=True,
    ja="18歳年度末を過ぎたお子さんも、22歳年度末まで、あなたが世話をし生計費を負担していれば、きょうだいの人数に数えます。",
    en="A child past the fiscal year of age 18 counts until that of age 22 while you care for and support the child.",
    easy="18さいを すぎた お子（こ）さんも、あなたが 生活（せいかつ）の お金（かね）を 出（だ）して いれば、"
    "きょうだいの 人数（にんずう）に 入（はい）ります。",
    article="児童手当法6条1項",
)


class SupportAfter18(Procedure):
    """Offered only where it changes what the younger children are paid."""

    code = "child_allowance.support_after_18"
    title = gettext_lazy("Confirm that you still support your eldest")
    mode = Mode.CONFIRM
    legal_ground = "児童手当法6条1項"
    event_codes = (YEAR_END,)

    def find_concerned(self, event: Event) -> list[Concern]:
        """Recipients whose younger children would be paid less if this child no longer counted."""
        return [
            Concern(
                person=row.recipient,
                key=f"{row.child}:{event.effective_on}",
                reasons=(_COUNTS,),
                subject=row.child,
                due_on=last_day_of_grace(
                    event.effective_on, card_for(Month.of(event.effective_on)).claim_days, closed
                ),
            )
            for row in entitled([event.subject], event.effective_on)
            if _makes_a_difference(row, Month.of(event.effective_on).plus(1))
        ]

    def fill(self, case: CaseView) -> list[FilledValue]:
        """The child from the registry and the one statement."""
        source = _("Resident record, %(day)s") % {"day": date_format(timezone.localdate(), "DATE_FORMAT")}
        choices = (("yes", _("Yes, I care for and support this child")), ("no", _("No")))
        return [
            FilledValue(
                "child", _("Child"), str(case.subject), find_name(case.subject), Source.REGISTRY, source
            ),
            FilledValue(
                "supported",
                _("Do you care for this child and bear the living costs?"),
                "yes",
                choices[0][1],
                Source.RULE,
                _("The usual case; please change it if it differs"),
                editable=True,
                choices=choices,
            ),
        ]

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """The statement is accepted as it stands; evidence is asked for in the yearly check."""
        supported = any(value.item == "supported" and value.value == "yes" for value in values)
        # An increase begins with the month after it was asked for, in time when asked for within 15 days (9条1項・2項).
        start = entitlement_start(case.event_on, max(applied_on, case.event_on), closed)
        return Outcome(
            result=Result.GRANTED if supported else Result.REFUSED,
            reasons=(_COUNTS,),
            rule_version=card_for(start).version,
            effective_from=start.first_day if supported else None,
        )

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        """Record the declaration, or take it back, and plan anew."""
        assert case.subject is not None
        if outcome.result is Result.GRANTED:
            assert outcome.effective_from is not None
            declare_support(
                recipient=case.person,
                child=case.subject,
                case=case.public_id,
                from_month=Month.of(outcome.effective_from),
            )
        else:
            end_support(recipient=case.person, child=case.subject)
        plan_payments(case.person)


def _makes_a_difference(row: Entitlement, month: Month) -> bool:
    family = family_of(row.recipient, month=month)
    others = [child for child in family.children if child.child_id != str(row.child)]
    with_child = [
        child if child.child_id != str(row.child) else _supported(child) for child in family.children
    ]
    now = decide(month, FamilyFacts(family.claimant, with_child))
    without = decide(month, FamilyFacts(family.claimant, others))
    return any(now.of(child.child_id).amount_yen != without.of(child.child_id).amount_yen for child in others)


def _supported(child: ChildFacts) -> ChildFacts:
    return replace(child, supported_after_18=True)
