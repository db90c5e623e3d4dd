"""The end of entitlement: the fiscal year in which a child turns 18, a move away, a death."""

import datetime as dt

from django.utils.translation import gettext_lazy

from yui.kernel.calendar.public import fiscal_year, fiscal_year_born_range, fiscal_year_end
from yui.procedures.cases.public import CaseView, Concern, Event, FilledValue, Outcome, Reason, Result
from yui.registries.people.public import list_persons_born
from yui.services.child_allowance.actions import end_entitlement
from yui.services.child_allowance.family import family_of
from yui.services.child_allowance.models import Entitlement
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.procedures.automatic import Automatic
from yui.services.child_allowance.procedures.changes import entitled
from yui.services.child_allowance.reasons import reasons_of
from yui.services.child_allowance.rules import Month, card_for, decide, entitlement_end

YEAR_END = "fiscal_year.end.approaching"
LAST_AGE = 18


class YearEnd(Automatic):
    """Payment ends with the first 31 March on or after the 18th birthday (3条1項)."""

    code = "child_allowance.year_end"
    title = gettext_lazy("Child allowance ends with March")
    legal_ground = "児童手当法3条1項・8条2項"
    event_codes = (YEAR_END,)

    def events_of_day(self, day: dt.date) -> list[tuple[Event, str]]:
        """On 1 March, every child who is paid for and whose last month it is."""
        if (day.month, day.day) != (3, 1):
            return []
        born = fiscal_year_born_range(fiscal_year(day) - LAST_AGE)
        people = list_persons_born(born_from=born.from_on, born_until=born.until_on)
        return [
            (Event(YEAR_END, row.child, fiscal_year_end(fiscal_year(day))), f"{row.child}:{fiscal_year(day)}")
            for row in entitled([person for person, _born in people], day)
        ]

    def find_concerned(self, event: Event) -> list[Concern]:
        """The recipient for the child."""
        return [
            Concern(row.recipient, f"{row.child}:{event.effective_on}", (), row.child)
            for row in entitled([event.subject], event.effective_on)
        ]

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """The month after the last March: why nothing is due."""
        last = Month.of(case.event_on)
        outcome = decide(last.plus(1), family_of(case.person)).of(str(case.subject))
        if outcome.amount_yen != 0:
            return Outcome(Result.UNDETERMINED, reasons_of(outcome), outcome.card.version)
        return Outcome(
            result=Result.ENDED,
            reasons=reasons_of(outcome),
            rule_version=outcome.card.version,
            effective_until=last.plus(1).first_day,
            details={"through_month": str(last), "outcome": outcome.as_json()},
        )

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        """End the entitlement with March."""
        assert case.subject is not None
        end_entitlement(
            recipient=case.person,
            child=case.subject,
            through_month=Month.parse(outcome.details["through_month"]),
            case=case.public_id,
        )
        plan_payments(case.person)


class Departure(Automatic):
    """A recipient or a child moves away or dies: payment ends with the month (8条2項).

    When only the child leaves, whether care goes on (別居監護) is not in any register, so an officer asks.
    """

    code = "child_allowance.departure"
    title = gettext_lazy("Child allowance after a move or a death")
    legal_ground = "児童手当法8条2項"
    event_codes = ("resident.move_out.recorded", "resident.death.recorded")

    def find_concerned(self, event: Event) -> list[Concern]:
        """The recipient, for each child paid for who is concerned."""
        rows = Entitlement.objects.filter(recorded_until=None, through_month=None)
        concerned = [*rows.filter(recipient=event.subject), *rows.filter(child=event.subject)]
        return [
            Concern(
                person=row.recipient,
                key=f"{row.child}:{event.effective_on}:{event.code}",
                reasons=(),
                subject=row.child,
                facts={
                    "left": "recipient" if row.recipient == event.subject else "child",
                    "code": event.code,
                },
            )
            for row in concerned
        ]

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """Ended with the month of the event; open when a child alone moved away."""
        last = entitlement_end(case.event_on)
        moved = case.facts["code"] == "resident.move_out.recorded"
        version = card_for(last).version
        if moved and case.facts["left"] == "child":
            return Outcome(Result.UNDETERMINED, (_MOVED_APART,), version)
        return Outcome(
            result=Result.ENDED,
            reasons=(_MOVED if moved else _DIED,),
            rule_version=version,
            effective_until=last.plus(1).first_day,
            details={"through_month": str(last)},
        )

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        """End the entitlement with the month."""
        assert case.subject is not None
        if outcome.result is not Result.ENDED:
            return
        end_entitlement(
            recipient=case.person,
            child=case.subject,
            through_month=Month.parse(outcome.details["through_month"]),
            case=case.public_id,
        )
        plan_payments(case.person)


_MOVED = Reason(
    code="受給者の転出",
    holds=True,
    ja="転出の届出により、この市町村からの支給は転出（予定）日の月分で終わります。新しい市町村で15日以内に請求してください。",
    en="With the move, this municipality pays through the month of the move. Claim at the new one within 15 days.",
    easy="ひっこしの 月（つき）まで お金（かね）が 出（で）ます。"
    "新（あたら）しい 町（まち）で 15日（にち）までに もうしこんで ください。",
    article="児童手当法8条2項・3項",
)
_DIED = Reason(
    code="支給事由の消滅",
    holds=True,
    ja="死亡の届出により、その月分で支給が終わります。",
    en="Payment ends with the month of the death.",
    easy="なくなった 月（つき）で お金（かね）は おわります。",
    article="児童手当法8条2項",
)
_MOVED_APART = Reason(
    code="別居監護",
    holds=None,
    ja="お子さんだけが転出しました。引き続き監護しているかを確認します。",
    en="Only the child moved away. Whether you still care for the child has to be confirmed.",
    easy="お子（こ）さんだけ ひっこしました。世話（せわ）を つづけて いるか おしえて ください。",
    article="児童手当法4条1項",
)
