"""額の改定 by authority: a third birthday changes the amount, and the recipient need do nothing."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy

from yui.procedures.cases.public import CaseView, Concern, Event, FilledValue, Outcome, Result
from yui.registries.people.public import list_persons_born
from yui.services.child_allowance.family import family_of
from yui.services.child_allowance.models import Entitlement
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.procedures.automatic import Automatic
from yui.services.child_allowance.reasons import reasons_of
from yui.services.child_allowance.rules import Effect, Month, decide

THIRD_BIRTHDAY = "resident.third_birthday.reached"


def entitled(children: list[UUID], on: dt.date) -> list[Entitlement]:
    """Current entitlements for these children."""
    return list(
        Entitlement.objects.filter(
            child__in=children, recorded_until=None, through_month=None, from_month__lte=on
        ).order_by("id")
    )


class AmountChange(Automatic):
    """The rate of a child under three ends with the month of the third birthday (6条1項)."""

    code = "child_allowance.amount_change"
    title = gettext_lazy("Child allowance: new amount")
    legal_ground = "児童手当法6条1項・9条3項"
    event_codes = (THIRD_BIRTHDAY,)

    def events_of_day(self, day: dt.date) -> list[tuple[Event, str]]:
        """Third birthdays of children who are paid for. 29 February is kept on 28 February, in its month."""
        people = list_persons_born(
            born_from=_three_years_before(day), born_until=_three_years_before(day + dt.timedelta(days=1))
        )
        return [
            (Event(THIRD_BIRTHDAY, row.child, day), f"{row.child}:{day}")
            for row in entitled([person for person, _born in people], day)
        ]

    def find_concerned(self, event: Event) -> list[Concern]:
        """The recipient for the child, when the amount changes: a third child's stays the same."""
        month = Month.of(event.effective_on)
        return [
            Concern(row.recipient, f"{row.child}:{event.effective_on}", (), row.child)
            for row in entitled([event.subject], event.effective_on)
            if _amount(row, month) != _amount(row, month.plus(1))
        ]

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """The amount from the month after the birthday on; born on the 1st is no exception (6条1項)."""
        month = Month.of(case.event_on).plus(1)
        outcome = decide(month, family_of(case.person, month=month)).of(str(case.subject))
        if outcome.effect is Effect.UNDETERMINED:
            return Outcome(Result.UNDETERMINED, reasons_of(outcome), outcome.card.version)
        return Outcome(
            result=Result.CHANGED,
            reasons=reasons_of(outcome),
            rule_version=outcome.card.version,
            effective_from=month.first_day,
            details={
                "amount_yen_per_month": outcome.amount_yen or 0,
                "from_month": str(month),
                "outcome": outcome.as_json(),
            },
        )

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        """Bring the planned payments in line."""
        plan_payments(case.person)


def _amount(row: Entitlement, month: Month) -> int | None:
    return decide(month, family_of(row.recipient, month=month)).of(str(row.child)).amount_yen


def _three_years_before(day: dt.date) -> dt.date:
    if (day.month, day.day) == (2, 29):
        return dt.date(day.year - 3, 3, 1)
    return day.replace(year=day.year - 3)
