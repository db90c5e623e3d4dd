"""額の改定 and 消滅 by the passing of time alone, where no other procedure has told the recipient."""

import datetime as dt
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy

from yui.procedures.cases.public import (
    CaseView,
    Concern,
    Event,
    FilledValue,
    Outcome,
    Result,
    list_cases_of,
    list_decisions,
)
from yui.services.child_allowance.actions import end_entitlement
from yui.services.child_allowance.family import family_of
from yui.services.child_allowance.models import Entitlement
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.procedures.automatic import Automatic
from yui.services.child_allowance.reasons import questions_of, reasons_of
from yui.services.child_allowance.rules import Effect, Month, decide, next_changes

CHANGE_REACHED = "child_allowance.change.reached"


class ChangeByTime(Automatic):
    """From a month on the decision is another though nothing was recorded (6条1項・8条2項).

    An elder child counts no more, a new version of the law takes force, or a child turned three or 18 before the body
    began to use the system.
    """

    code = "child_allowance.change_by_time"
    title = gettext_lazy("Child allowance: change of amount or end")
    legal_ground = "児童手当法6条1項・8条2項・9条3項"
    event_codes = (CHANGE_REACHED,)

    def find_concerned(self, event: Event) -> list[Concern]:
        """The recipient, for each child paid for whose decision changes and who was not decided about yet."""
        month = Month.of(event.effective_on)
        family = family_of(event.subject, month=month)
        turning = {
            UUID(change.unit_id)
            for change in next_changes(family, month, month.plus(1))
            if (change.before.effect, change.before.amount_yen)
            != (change.after.effect, change.after.amount_yen)
        }
        children = (turning & _paid_for(event.subject, month)) - _settled(event.subject, month)
        return [Concern(event.subject, f"{child}:{month}", (), child) for child in sorted(children)]

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """The new amount, or the end with the month before."""
        month = Month.of(case.event_on)
        outcome = decide(month, family_of(case.person, month=month)).of(str(case.subject))
        reasons, version = reasons_of(outcome), outcome.card.version
        match outcome.effect:
            case Effect.UNDETERMINED:
                return Outcome(Result.UNDETERMINED, reasons, version, missing=questions_of(outcome))
            case Effect.NO_PAYMENT:
                return Outcome(
                    Result.ENDED,
                    reasons,
                    version,
                    effective_until=month.first_day,
                    details={"through_month": str(month.plus(-1)), "outcome": outcome.as_json()},
                )
            case Effect.PAYMENT:
                return Outcome(
                    Result.CHANGED,
                    reasons,
                    version,
                    effective_from=month.first_day,
                    details={
                        "amount_yen_per_month": outcome.amount_yen,
                        "from_month": str(month),
                        "outcome": outcome.as_json(),
                    },
                )

    def carry_out(self, case: CaseView, outcome: Outcome) -> None:
        """End the entitlement where it ends. Amounts follow from the rules month by month, so no order changes."""
        assert case.subject is not None
        if outcome.result is Result.ENDED:
            end_entitlement(
                recipient=case.person,
                child=case.subject,
                through_month=Month.parse(outcome.details["through_month"]),
                case=case.public_id,
            )
        plan_payments(case.person)


def _paid_for(recipient: UUID, month: Month) -> set[UUID]:
    """The children for whom there is a ground in a month or was one in the month before."""
    lasting = Q(through_month=None) | Q(through_month__gte=month.plus(-1).first_day)
    rows = Entitlement.objects.filter(
        lasting, recipient=recipient, recorded_until=None, from_month__lte=month.first_day
    )
    return set(rows.values_list("child", flat=True))


def _settled(recipient: UUID, month: Month) -> set[UUID]:
    """The children whose change with a month has been decided already, or about whom an officer will decide."""
    return {
        case.subject
        for case in list_cases_of(recipient)
        if case.subject is not None
        and case.procedure.startswith("child_allowance.")
        and (case.needs_officer or _decided_for(case, month))
    }


def _decided_for(case: CaseView, month: Month) -> bool:
    return any(
        month.first_day in (decision.effective_from, decision.effective_until)
        for decision in list_decisions(case.public_id)
        if not decision.superseded
    )
