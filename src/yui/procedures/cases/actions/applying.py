"""The resident's side: confirm, correct, withdraw."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yui.kernel.access.public import current_actor
from yui.kernel.journal.public import record
from yui.procedures.cases.actions.deciding import applied_on, decide_by_rules
from yui.procedures.cases.contracts import (
    CaseRefused,
    CaseState,
    FilledValue,
    Mode,
    Outcome,
    Result,
    Source,
    StaleCase,
)
from yui.procedures.cases.definitions import get_procedure
from yui.procedures.cases.models import Application, Case
from yui.procedures.cases.queries import filled_values, lock_case
from yui.procedures.cases.stored import case_view, dump_values

ENTER = "cases.case.enter"


def submit(*, case: UUID, version: int, changes: Mapping[str, str] | None = None) -> Outcome | None:
    """Confirm the application, with the changes the applicant made to editable items.

    A second identical confirmation (a double click, a reloaded page) does nothing and returns None. After a
    decision the same call is a correction: a new version is kept and the rules decide again, as of the day on
    which was applied first.

    Raises:
        CaseNotFound: no such case for this person.
        StaleCase: the case changed after the page was loaded.
        CaseRefused: the case is closed, or a value cannot be accepted.
    """
    row = lock_case(case, ENTER)
    procedure = get_procedure(row.procedure)
    view = case_view(row)
    if not view.may_be_sent:
        raise CaseRefused(
            _("This procedure is closed, so nothing was sent. Ask your town hall if it should go on.")
        )
    values = _apply(filled_values(row), changes or {})
    stored = dump_values(values)
    last = row.applications.order_by("-number").first()
    if last is not None and _content(last.values) == _content(stored):
        return None
    if version != row.version:
        raise StaleCase(
            _(
                "Something changed since you opened this page. Nothing was sent; please look again and confirm."
            )
        )
    procedure.check(view, values)
    _keep(row, stored, number=last.number + 1 if last else 1)
    outcome = decide_by_rules(row, values, applied_on=applied_on(row))
    if outcome.result is Result.UNDETERMINED:
        row.state = CaseState.SUBMITTED
        row.version += 1
        row.save(update_fields=["state", "version"])
    return outcome


def withdraw(*, case: UUID, version: int) -> None:
    """Withdraw an application that has not been decided, or decline an offer.

    Raises:
        CaseNotFound: no such case for this person.
        StaleCase: the case changed after the page was loaded.
        CaseRefused: it has been decided already.
    """
    row = lock_case(case, ENTER)
    if row.state == CaseState.WITHDRAWN:
        return
    if get_procedure(row.procedure).mode is not Mode.CONFIRM:
        raise CaseRefused(_("The town hall does this by itself, so there is nothing to withdraw."))
    if not case_view(row).may_be_withdrawn:
        raise CaseRefused(
            _(
                "This has been decided already and cannot be withdrawn here. Your town hall can help you end it."
            )
        )
    if version != row.version:
        raise StaleCase(_("Something changed since you opened this page. Please look again."))
    row.state, row.needs_officer = CaseState.WITHDRAWN, False
    row.version += 1
    row.save(update_fields=["state", "needs_officer", "version"])
    record("cases.application.withdrawn", subject=row.person, object_kind="case", object_id=row.public_id)


def _apply(values: list[FilledValue], changes: Mapping[str, str]) -> tuple[FilledValue, ...]:
    known = {value.item: value for value in values}
    for item, text in changes.items():
        value = known.get(item)
        if value is None or not value.editable:
            raise CaseRefused(_("An item that cannot be changed here was sent. Please reload the page."))
        if value.choices and text not in dict(value.choices):
            raise CaseRefused(_("Please choose one of the offered values."))
        if str(value.value) != text:
            display = _day(text) if value.is_day else dict(value.choices).get(text, text)
            source_text = _("Entered by the applicant")
            known[item] = replace(
                value, value=text, display=display, source=Source.RESIDENT, source_text=source_text
            )
    return tuple(known.values())


def _day(text: str) -> str:
    try:
        return date_format(dt.date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        raise CaseRefused(_("Please give the day with year, month and day.")) from None


def _content(rows: list[dict[str, object]]) -> list[tuple[object, object]]:
    """What an application says, apart from the language and the day its provenance was written in."""
    return [(row["item"], row["value"]) for row in rows]


def _keep(case: Case, stored: list[dict[str, object]], *, number: int) -> None:
    actor = current_actor()
    Application.objects.create(
        case=case, number=number, values=stored, submitted_by_kind=actor.kind, submitted_by=actor.public_id
    )
    record(
        "cases.application.submitted",
        subject=case.person,
        object_kind="case",
        object_id=case.public_id,
        legal_ground=get_procedure(case.procedure).legal_ground,
        details={"number": number, "by": actor.kind.value},
    )
