"""Jobs of the child allowance."""

import datetime as dt
from uuid import UUID

from django.db.models import Q

from yui.kernel.jobs.public import enqueue, job
from yui.services.child_allowance.actions import end_support
from yui.services.child_allowance.models import Entitlement, Recipient, SupportDeclaration
from yui.services.child_allowance.planning import plan_many, plan_payments

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
