"""Reads of cases. Each is journalled; a case of somebody else is not found."""

from dataclasses import replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from yui.kernel.access.public import ActorKind, allowed, current_actor
from yui.kernel.journal.public import record
from yui.procedures.cases.contracts import (
    ApplicationView,
    CaseNotFound,
    CaseState,
    CaseView,
    DecisionView,
    FilledValue,
    NoticeView,
    Source,
    Text,
)
from yui.procedures.cases.definitions import get_procedure
from yui.procedures.cases.models import Case, Notice
from yui.procedures.cases.stored import application_view, case_view, decision_view, load_values, notice_view


def _mine_or_permitted(person: UUID) -> bool:
    actor = current_actor()
    return actor.kind is ActorKind.SYSTEM or actor.subject == person or allowed("cases.case.read")


def lock_case(public_id: UUID, permission: str) -> Case:
    """The case for writing, locked: one's own, or any with the permission. The right to read is not enough.

    Raises:
        CaseNotFound: no such case for the acting one.
    """
    case = Case.objects.select_for_update().filter(public_id=public_id).first()
    actor = current_actor()
    if case is None or not (
        actor.kind is ActorKind.SYSTEM or actor.subject == case.person or allowed(permission)
    ):
        raise CaseNotFound(_("No such procedure was found."))
    return case


def _find(public_id: UUID) -> Case:
    case = Case.objects.filter(public_id=public_id).first()
    if case is None or not _mine_or_permitted(case.person):
        raise CaseNotFound(_("No such procedure was found."))
    return case


def get_case(public_id: UUID, *, reason: str = "own_page") -> CaseView:
    """One case.

    Raises:
        CaseNotFound: no such case for the acting one.
    """
    case = _find(public_id)
    record(
        "cases.case.read", subject=case.person, object_kind="case", object_id=case.public_id, reason=reason
    )
    return case_view(case)


def fill_application(public_id: UUID) -> list[FilledValue]:
    """The application of a case, filled in from the registers as they are now.

    Raises:
        CaseNotFound: no such case for the acting one.
    """
    case = _find(public_id)
    record("cases.application.filled", subject=case.person, object_kind="case", object_id=case.public_id)
    return filled_values(case)


def list_options(public_id: UUID) -> list[tuple[str, Text]]:
    """What an officer may decide about a case that waits, by code with its words; empty when only the rules decide.

    Raises:
        CaseNotFound: no such case for the acting one.
    """
    case = _find(public_id)
    return list(get_procedure(case.procedure).options(case_view(case))) if case.needs_officer else []


def stated_values(public_id: UUID) -> list[FilledValue]:
    """What was applied for last; before that, what the registers say; nothing when the case was closed unsent.

    Raises:
        CaseNotFound: no such case for the acting one.
    """
    case = _find(public_id)
    last = case.applications.order_by("-number").first()
    if last is not None:
        return list(load_values(last.values))
    closed = case.state in (CaseState.VOID, CaseState.WITHDRAWN)
    return [] if closed else fill_application(public_id)


def filled_values(case: Case) -> list[FilledValue]:
    """What the registers say, with what the applicant chose in an earlier version kept: nothing is asked twice."""
    values = get_procedure(case.procedure).fill(case_view(case))
    last = case.applications.order_by("-number").first()
    chosen = {v.item: v for v in load_values(last.values) if v.source is Source.RESIDENT} if last else {}
    return [
        replace(
            value,
            value=chosen[value.item].value,
            display=chosen[value.item].display,
            source=Source.RESIDENT,
            source_text=chosen[value.item].source_text,
        )
        if value.editable and value.item in chosen
        else value
        for value in values
    ]


def list_applications(public_id: UUID) -> list[ApplicationView]:
    """What was applied for in a case, newest first."""
    return [application_view(row) for row in _find(public_id).applications.order_by("-number")]


def list_decisions(public_id: UUID) -> list[DecisionView]:
    """The decisions of a case, newest first."""
    rows = list(_find(public_id).decisions.select_related("case").order_by("-number"))
    return [decision_view(row, rows[0].number) for row in rows]


def list_cases_of(person: UUID) -> list[CaseView]:
    """A person's cases, newest first.

    Raises:
        CaseNotFound: the acting one may not see this person's cases.
    """
    if not _mine_or_permitted(person):
        raise CaseNotFound(_("No such procedure was found."))
    record("cases.case.listed", subject=person)
    return [case_view(case) for case in Case.objects.filter(person=person).order_by("-opened_at", "-id")]


def list_notices_of(person: UUID, limit: int = 50) -> list[NoticeView]:
    """A person's notices, newest first.

    Raises:
        CaseNotFound: the acting one may not see this person's notices.
    """
    if not _mine_or_permitted(person):
        raise CaseNotFound(_("No such procedure was found."))
    notices = Notice.objects.filter(person=person).select_related("case").order_by("-sent_at", "-id")
    return [notice_view(notice) for notice in notices[:limit]]


def mark_read(public_id: UUID) -> None:
    """Note that a notice was opened by the person it is for."""
    notice = Notice.objects.filter(public_id=public_id, read_at=None).first()
    if notice is None or current_actor().subject != notice.person:
        return
    notice.read_at = timezone.now()
    notice.save(update_fields=["read_at"])
    record("cases.notice.read", subject=notice.person, object_kind="notice", object_id=notice.public_id)


def list_waiting_for_officer(procedure_prefix: str = "", limit: int = 100) -> list[CaseView]:
    """Cases that the rules leave open, oldest first; needs ``cases.case.read`` and is journalled by the reader."""
    if not allowed("cases.case.read"):
        raise CaseNotFound(_("No such procedure was found."))
    cases = Case.objects.filter(needs_officer=True, procedure__startswith=procedure_prefix)
    return [case_view(case) for case in cases.order_by("opened_at")[:limit]]


def list_cases(procedure_prefix: str = "", limit: int = 100) -> list[CaseView]:
    """Cases of the body, newest first; needs ``cases.case.read``."""
    if not allowed("cases.case.read"):
        raise CaseNotFound(_("No such procedure was found."))
    cases = Case.objects.filter(procedure__startswith=procedure_prefix)
    return [case_view(case) for case in cases.order_by("-opened_at", "-id")[:limit]]
