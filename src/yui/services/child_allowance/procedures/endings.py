"""The end of entitlement: the fiscal year in which a child turns 18, a move away, a death."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.kernel.calendar.public import fiscal_year, fiscal_year_born_range, fiscal_year_end
from yui.procedures.cases.public import CaseView, Concern, Event, FilledValue, Outcome, Reason, Result, Text
from yui.registries.people.public import list_persons_born
from yui.services.child_allowance.actions import (
    declare_support,
    end_entitlement,
    resume_entitlement,
)
from yui.services.child_allowance.family import family_of, live_apart
from yui.services.child_allowance.models import Entitlement, SupportDeclaration
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.procedures.automatic import Automatic
from yui.services.child_allowance.procedures.changes import entitled
from yui.services.child_allowance.procedures.claim import seek_claimant
from yui.services.child_allowance.reasons import reasons_of
from yui.services.child_allowance.rules import Month, card_for, decide, entitlement_end

YEAR_END = "fiscal_year.end.approaching"
LAST_AGE = 18
_DEATH = "resident.death.recorded"
_LEAVING = ("resident.move_out.recorded", _DEATH)
_PARTING = ("resident.move_within.recorded", "resident.household.changed")


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
        outcome = decide(last.plus(1), family_of(case.person, month=last.plus(1))).of(str(case.subject))
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

    When only the child leaves, or they live in different households from now on, whether care goes on (別居監護) is
    not in any register, so an officer asks. Who stays with the child is offered the claim.
    """

    code = "child_allowance.departure"
    title = gettext_lazy("Child allowance after a move or a death")
    legal_ground = "児童手当法8条2項"
    event_codes = (*_LEAVING, *_PARTING)

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
                facts={"left": _who_left(row, event)},
            )
            for row in concerned
            if event.code in _LEAVING or _parted(row)
        ]

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """Ended with the month of the event; open when they live apart, or when the event was cancelled."""
        if case.facts.get("event_cancelled"):
            return Outcome(Result.UNDETERMINED, (_CANCELLED,), card_for(Month.of(case.event_on)).version)
        if case.event_code != _DEATH and case.facts["left"] != "recipient":
            return Outcome(Result.UNDETERMINED, (_MOVED_APART,), card_for(Month.of(case.event_on)).version)
        return _ended(case, _DIED if case.event_code == _DEATH else _MOVED)

    def options(self, case: CaseView) -> tuple[tuple[str, Text], ...]:
        """Care goes on, or it has ended."""
        last = date_format(entitlement_end(case.event_on).first_day, "YEAR_MONTH_FORMAT")
        return (
            ("care_goes_on", _("Care goes on: continue to pay")),
            ("ended", _("The ground has ceased: pay through %(month)s") % {"month": last}),
        )

    def outcome_of(self, case: CaseView, option: str) -> Outcome:
        """The officer's answer."""
        if option == "ended":
            return _ended(case, _CARE_ENDED)
        version = card_for(Month.of(case.event_on)).version
        return Outcome(Result.CHANGED, (_CARE_GOES_ON,), version, effective_from=case.event_on)

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        """End the entitlement with the month, or pay on."""
        assert case.subject is not None
        if outcome.result is Result.ENDED:
            end_entitlement(
                recipient=case.person,
                child=case.subject,
                through_month=Month.parse(outcome.details["through_month"]),
                case=case.public_id,
            )
            seek_claimant(case, on=case.event_on)
        else:
            if case.facts.get("event_cancelled"):
                resume_entitlement(recipient=case.person, child=case.subject)
            else:
                declare_support(recipient=case.person, child=case.subject, case=case.public_id)
        plan_payments(case.person)


def _who_left(row: Entitlement, event: Event) -> str:
    if event.code in _PARTING:
        return "home"
    return "recipient" if row.recipient == event.subject else "child"


def _parted(row: Entitlement) -> bool:
    """Whether recipient and child live in different households now and nobody has declared that care goes on."""
    declared = SupportDeclaration.objects.filter(
        recipient=row.recipient, child=row.child, recorded_until=None
    ).exists()
    return not declared and live_apart(row.recipient, row.child)


def _ended(case: CaseView, reason: Reason) -> Outcome:
    last = entitlement_end(case.event_on)
    return Outcome(
        result=Result.ENDED,
        reasons=(reason,),
        rule_version=card_for(last).version,
        effective_until=last.plus(1).first_day,
        details={"through_month": str(last)},
    )


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
    ja="お子さんと別居することになりました。引き続き監護しているかを確認します。",
    en="You and the child live apart from now on. Whether you still care for the child has to be confirmed.",
    easy="お子（こ）さんと べつべつに くらす ことに なりました。世話（せわ）を つづけて いるか おしえて ください。",
    article="児童手当法4条1項",
)
_CARE_GOES_ON = Reason(
    code="別居監護",
    holds=True,
    ja="引き続きお子さんを監護していることが確認されたため、支給を続けます。",
    en="It was confirmed that you still care for the child, so payment goes on.",
    easy="世話（せわ）を つづけて いる ことが わかったので、お金（かね）は つづきます。",
    article="児童手当法4条1項",
)
_CARE_ENDED = Reason(
    code="支給事由の消滅",
    holds=True,
    ja="お子さんを監護しなくなったことが確認されたため、その月分で支給が終わります。",
    en="It was confirmed that you no longer care for the child, so payment ends with the month.",
    easy="世話（せわ）が おわった ことが わかったので、その 月（つき）で お金（かね）は おわります。",
    article="児童手当法8条2項",
)
_CANCELLED = Reason(
    code="届出の取消し",
    holds=None,
    ja="この決定のもとになった届出が取り消されました。支給を続けるかを確認します。",
    en="The notification that led to this decision was cancelled. Whether payment goes on has to be confirmed.",
    easy="もとの とどけが 取（と）り消（け）されました。お金（かね）が つづくか かくにんします。",
    article="児童手当法8条2項",
)
