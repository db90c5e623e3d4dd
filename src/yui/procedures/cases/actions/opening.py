"""An event reaches the people it concerns."""

from uuid import UUID

from django.db import IntegrityError, transaction

from yui.kernel.journal.public import record
from yui.procedures.cases.actions.deciding import decide_by_rules
from yui.procedures.cases.contracts import CaseState, Concern, Event, Mode, NoticeKind, Reason
from yui.procedures.cases.definitions import Procedure, get_procedure, list_procedures
from yui.procedures.cases.models import Case, Notice
from yui.procedures.cases.stored import case_view, dump_reasons

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
                facts=dict(concern.facts),
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


def void_cases_about(*, subject: UUID, event_code: str) -> int:
    """Stop the open cases about a person whose record was cancelled; returns how many.

    A case without a decision becomes void. One with a decision is laid before an officer, since a decision in
    force is taken back only by another decision.
    """
    stopped = 0
    cases = Case.objects.select_for_update().filter(subject=subject).order_by("id")
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
        case.version += 1
        case.save(update_fields=["state", "needs_officer", "version"])
        stopped += 1
    return stopped
