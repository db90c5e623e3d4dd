"""Jobs of the child allowance."""

import datetime as dt

from yui.kernel.jobs.public import job
from yui.services.child_allowance.models import Recipient
from yui.services.child_allowance.planning import plan_many

BATCH = 500


@job("child_allowance.plan_all", permissions=("people.protected.read",))
def plan_all(*, day: str) -> None:
    """Plan the coming payments of every recipient, on the first of each month."""
    if dt.date.fromisoformat(day).day != 1:
        return
    people = list(
        Recipient.objects.filter(recorded_until=None).order_by("id").values_list("person", flat=True)
    )
    for start in range(0, len(people), BATCH):
        plan_many(people[start : start + BATCH])
