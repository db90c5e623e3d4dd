"""Jobs of cases."""

import datetime as dt
from uuid import UUID

from yui.kernel.jobs.public import job, publish
from yui.procedures.cases.actions import opening
from yui.procedures.cases.contracts import Event
from yui.procedures.cases.definitions import list_procedures
from yui.registries.people.public import find_resident, get_event

_REASON = "record_cancelled"
_RULES = (
    "people.resident.read",
    "people.resident.search",
    "people.protected.read",
    "payments.account.read",
    "supply.demand.read",
)


@job("cases.open_from_event", permissions=_RULES)
def open_from_event(*, code: str, subject: str, effective_on: str, **ids: str) -> None:
    """Open the cases that an event leads to."""
    opening.open_from_event(
        event=Event(
            code, UUID(subject), dt.date.fromisoformat(effective_on), {k: str(v) for k, v in ids.items()}
        )
    )


@job("cases.void_about", permissions=("people.resident.read", "people.protected.read"))
def void_about(*, code: str, subject: str, event_id: str = "", **ids: str) -> None:
    """Stop the cases that a cancelled change led to, and those about a person who is gone with it."""
    person = UUID(subject)
    cancelled = get_event(UUID(event_id), reason=_REASON).cancels if event_id else None
    gone = None if find_resident(person, reason=_REASON) else person
    opening.void_cases(cancelled=cancelled, gone=gone, event_code=code)


@job("cases.sweep_day", permissions=_RULES)
def sweep_day(*, day: str) -> None:
    """Publish the calendar events of a day: birthdays that change something, the end of the fiscal year."""
    for procedure in list_procedures():
        for event, key in procedure.events_of_day(dt.date.fromisoformat(day)):
            publish(event.code, subject=event.subject, effective_on=event.effective_on, key=key, **event.ids)
