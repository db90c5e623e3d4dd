"""Jobs of the child allowance."""

import datetime as dt
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from yui.kernel.jobs.public import enqueue, job, publish
from yui.procedures.cases.public import CaseState, list_cases_of
from yui.services.child_allowance.actions import end_support
from yui.services.child_allowance.models import Entitlement, Recipient, SupportDeclaration
from yui.services.child_allowance.planning import PROGRAMME, plan_many, plan_payments
from yui.services.child_allowance.procedures.passing import CHANGE_REACHED
from yui.services.child_allowance.procedures.support import SupportAfter18

BATCH = 500
DEATH = "resident.death.recorded"
_MAY = ("people.protected.read",)


@job("child_allowance.plan_all", permissions=_MAY)
def plan_all(*, day: str) -> None:
    """Have the coming payments of every recipient planned, on the first of each month.

    In batches, each a job of its own: a killed worker repeats one of them, and no clerk waits for a whole town.
    """
    if dt.date.fromisoformat(day).day != 1:
        return
    ids = list(Recipient.objects.filter(recorded_until=None).order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        enqueue("child_allowance.plan_some", key=f"{day}:{batch[0]}", first=batch[0], last=batch[-1])


@job("child_allowance.plan_some", permissions=_MAY)
def plan_some(*, first: int, last: int) -> None:
    """Plan the coming payments of recipients by their numbers."""
    rows = Recipient.objects.filter(recorded_until=None, id__range=(first, last)).order_by("id")
    plan_many(list(rows.values_list("person", flat=True)))


@job("child_allowance.plan_about", permissions=_MAY)
def plan_about(*, code: str, subject: str, **ids: str) -> None:
    """Plan anew, and compare what is paid, for whoever is paid for or as this person, whose record changed."""
    person = UUID(subject)
    concerned = Q(recipient=person) | Q(child=person)
    recipients = {
        *Entitlement.objects.filter(concerned, recorded_until=None).values_list("recipient", flat=True),
        *SupportDeclaration.objects.filter(concerned, recorded_until=None).values_list(
            "recipient", flat=True
        ),
    }
    if code == DEATH:
        end_support(child=person)
    for recipient in sorted(recipients):
        plan_payments(recipient)


@job("child_allowance.look_again")
def look_again(*, subject: str, effective_on: str, programme: str, **ids: str) -> None:
    """Look at a family whose next critical date has come.

    While the recipient may still confirm in time that an elder child is supported, nothing is decided about the
    others: the job comes again when that time is over.
    """
    recipient, on = UUID(subject), dt.date.fromisoformat(effective_on)
    if programme != PROGRAMME:
        return
    if (until := _may_confirm_until(recipient)) is not None:
        again = timezone.make_aware(dt.datetime.combine(until + dt.timedelta(days=1), dt.time.min))
        enqueue(
            "child_allowance.look_again",
            key=f"{CHANGE_REACHED}:{recipient}:{on}:{until}",
            run_at=again,
            subject=subject,
            effective_on=effective_on,
            programme=programme,
        )
        return
    publish(CHANGE_REACHED, subject=recipient, effective_on=on, key=f"{recipient}:{on}")


def _may_confirm_until(recipient: UUID) -> dt.date | None:
    """The last day on which an open offer may be confirmed in time; None when none is open or all are late."""
    days = [
        case.due_on
        for case in list_cases_of(recipient)
        if case.procedure == SupportAfter18.code and case.state is CaseState.NOTIFIED and case.due_on
    ]
    return max((day for day in days if day >= timezone.localdate()), default=None)
