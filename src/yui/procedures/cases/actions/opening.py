"""An event reaches the people it concerns."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from yui.kernel.journal.public import record
from yui.procedures.cases.actions.deciding import decide_by_rules
from yui.procedures.cases.contracts import CaseState, Concern, Event, Json, Mode, NoticeKind, Reason
from yui.procedures.cases.definitions import Procedure, get_procedure, list_procedures
from yui.procedures.cases.models import Case, Notice
from yui.procedures.cases.stored import case_view, dump_reasons

CANCELLED = "event_cancelled"
"""A fact of a case that was decided about a change which was cancelled later."""
# What is done by authority asks nothing of the resident: until it is decided it is being examined.
_FIRST = {
    Mode.AUTOMATIC: CaseState.SUBMITTED,
    Mode.CONFIRM: CaseState.NOTIFIED,
    Mode.NOTICE: CaseState.INFORMED,
}


def open_from_event(*, event: Event) -> list[UUID]:
    """Open a case for each person that a procedure finds concerned; a case that is open already stays as it is.

    Returns:
        The public ids of the cases that are new.
    """
    opened: list[UUID] = []
    for procedure in list_procedures(event.code):
        for concern in procedure.find_concerned(event):
            case = _open(procedure, event, concern)
            if case is not None:
                opened.append(case.public_id)
    return opened


def _open(procedure: Procedure, event: Event, concern: Concern) -> Case | None:
    state = _FIRST[procedure.mode]
    try:
        with transaction.atomic():
            case = Case.objects.create(
                procedure=procedure.code,
                key=concern.key,
                person=concern.person,
                subject=concern.subject,
                event_code=event.code,
                event_on=event.effective_on,
                facts=_facts(event, concern),
                due_on=concern.due_on,
                state=state,
            )
    except IntegrityError:
        return None
    record(
        "cases.case.opened",
        subject=case.person,
        object_kind="case",
        object_id=case.public_id,
        reason=event.code,
        legal_ground=procedure.legal_ground,
        details={"procedure": procedure.code},
    )
    if procedure.mode is Mode.AUTOMATIC:
        decide_by_rules(case, tuple(procedure.fill(case_view(case))), applied_on=event.effective_on)
    else:
        kind = NoticeKind.INFORMATION if procedure.mode is Mode.NOTICE else NoticeKind.OFFER
        send_notice(case, kind, concern.reasons)
    return case


def _facts(event: Event, concern: Concern) -> dict[str, Json]:
    """What the procedure needs later, and which change of the registry led here, in case it is cancelled."""
    led_by = {"event_id": event.ids["event_id"]} if "event_id" in event.ids else {}
    return {**led_by, **concern.facts}


def send_notice(case: Case, kind: NoticeKind, reasons: tuple[Reason, ...]) -> None:
    """Put a notice into the person's box."""
    notice = Notice.objects.create(case=case, person=case.person, kind=kind, reasons=dump_reasons(reasons))
    record(
        "cases.notice.sent",
        subject=case.person,
        object_kind="notice",
        object_id=notice.public_id,
        legal_ground=get_procedure(case.procedure).legal_ground,
        details={"kind": kind.value},
    )


def void_cases(*, cancelled: UUID | None, gone: UUID | None, event_code: str) -> int:
    """Stop the cases that a change led to which was cancelled, and those about a person who is gone with it.

    A case without a decision becomes void. One with a decision is laid before an officer, since a decision in
    force is taken back only by another decision.

    Args:
        cancelled: the change of the registry, when it is known.
        gone: a person whom the registry does not know any more.

    Returns:
        How many cases were stopped or laid before an officer.
    """
    stopped = 0
    concerned = Q(facts__event_id=str(cancelled)) if cancelled else Q(pk=None)
    if gone:
        concerned |= Q(subject=gone)
    cases = Case.objects.select_for_update().filter(concerned).order_by("id")
    for case in cases.exclude(state__in=(CaseState.VOID, CaseState.WITHDRAWN)):
        if case.state in (CaseState.NOTIFIED, CaseState.SUBMITTED, CaseState.INFORMED):
            case.state, case.needs_officer = CaseState.VOID, False
            get_procedure(case.procedure).undo(case_view(case))
            send_notice(case, NoticeKind.VOID, ())
            record(
                "cases.case.voided",
                subject=case.person,
                object_kind="case",
                object_id=case.public_id,
                reason=event_code,
            )
        else:
            case.needs_officer = True
            case.facts = {**case.facts, CANCELLED: True}
        case.version += 1
        case.save(update_fields=["state", "needs_officer", "facts", "version"])
        stopped += 1
    return stopped
