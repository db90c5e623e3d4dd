"""Jobs of cases."""

import datetime as dt
from uuid import UUID

from yui.kernel.jobs.public import job, publish
from yui.procedures.cases.actions import opening
from yui.procedures.cases.contracts import Event
from yui.procedures.cases.definitions import list_procedures

_RULES = ("people.resident.read", "people.resident.search", "people.protected.read", "payments.account.read")


@job("cases.open_from_event", permissions=_RULES)
def open_from_event(*, code: str, subject: str, effective_on: str, **ids: str) -> None:
    """Open the cases that an event leads to."""
    opening.open_from_event(
        event=Event(
            code, UUID(subject), dt.date.fromisoformat(effective_on), {k: str(v) for k, v in ids.items()}
        )
    )


@job("cases.void_about")
def void_about(*, code: str, subject: str, **ids: str) -> None:
    """Stop the cases about a person whose record was cancelled."""
    opening.void_cases_about(subject=UUID(subject), event_code=code)


@job("cases.sweep_day", permissions=_RULES)
def sweep_day(*, day: str) -> None:
    """Publish the calendar events of a day: birthdays that change something, the end of the fiscal year."""
    for procedure in list_procedures():
        for event, key in procedure.events_of_day(dt.date.fromisoformat(day)):
            publish(event.code, subject=event.subject, effective_on=event.effective_on, key=key, **event.ids)
