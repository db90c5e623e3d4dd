"""Decisions: by the rules where they determine everything, by an officer where they do not."""

import datetime as dt
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.procedures.cases.contracts import (
    CaseRefused,
    CaseState,
    FilledValue,
    Mode,
    NoticeKind,
    Outcome,
    Result,
)
from yui.procedures.cases.definitions import get_procedure
from yui.procedures.cases.models import Case, Decision, Notice
from yui.procedures.cases.queries import lock_case
from yui.procedures.cases.stored import case_view, dump_reasons, load_values

DECIDE = "cases.case.decide"


def decide_by_rules(case: Case, values: tuple[FilledValue, ...], *, applied_on: dt.date) -> Outcome:
    """Let the procedure's rules decide; what they leave open waits for an officer."""
    procedure = get_procedure(case.procedure)
    outcome = procedure.decide(case_view(case), values, applied_on)
    if outcome.result is Result.UNDETERMINED:
        case.needs_officer = True
        case.save(update_fields=["needs_officer"])
        return outcome
    _write(case, outcome)
    return outcome


def applied_on(case: Case) -> dt.date:
    """The day that counts for deadlines: of the first application, else of the event. A correction keeps it."""
    first = case.applications.order_by("number").first()
    return timezone.localdate(first.submitted_at) if first else case.event_on


def decide_again(*, case: UUID) -> Outcome:
    """Have an officer run the rules again, after missing facts have come in.

    Raises:
        PermissionRefused: the actor may not decide.
        CaseNotFound: no such case.
        CaseRefused: the case is not waiting for an officer, or nothing was applied for.
    """
    row = _waiting(case)
    procedure = get_procedure(row.procedure)
    application = row.applications.order_by("-number").first()
    if application is None and procedure.mode is not Mode.AUTOMATIC:
        raise CaseRefused(_("Nothing has been applied for yet, so there is nothing to decide."))
    values = load_values(application.values) if application else tuple(procedure.fill(case_view(row)))
    return decide_by_rules(row, values, applied_on=applied_on(row))


def decide_by_option(*, case: UUID, option: str) -> None:
    """Have an officer decide what the rules leave open, by one of the procedure's options.

    Raises:
        PermissionRefused: the actor may not decide.
        CaseNotFound: no such case.
        CaseRefused: the case is not waiting for an officer, or the procedure does not offer the option.
    """
    row = _waiting(case)
    procedure, view = get_procedure(row.procedure), case_view(row)
    if option not in dict(procedure.options(view)):
        raise CaseRefused(_("Choose one of the decisions offered on the page."))
    _write(row, procedure.outcome_of(view, option))


def _waiting(case: UUID) -> Case:
    """The case, locked; two officers at once decide once."""
    require(DECIDE)
    row = lock_case(case, DECIDE)
    if not row.needs_officer:
        raise CaseRefused(
            _("This case is not waiting for a decision. Reload the page to see where it stands.")
        )
    return row


def _write(case: Case, outcome: Outcome) -> None:
    actor = current_actor()
    procedure = get_procedure(case.procedure)
    number = case.decisions.count() + 1
    decision = Decision.objects.create(
        case=case,
        number=number,
        result=outcome.result,
        reasons=dump_reasons(outcome.reasons),
        rule_version=outcome.rule_version,
        effective_from=outcome.effective_from,
        effective_until=outcome.effective_until,
        details=dict(outcome.details),
        decided_by_kind=actor.kind,
        decided_by=actor.public_id,
    )
    case.state, case.needs_officer = CaseState.DECIDED, False
    case.version += 1
    case.save(update_fields=["state", "needs_officer", "version"])
    record(
        "cases.decision.made",
        subject=case.person,
        object_kind="decision",
        object_id=decision.public_id,
        legal_ground=procedure.legal_ground,
        details={"result": outcome.result.value, "rule_version": outcome.rule_version, "number": number},
    )
    procedure.carry_out(case_view(case), outcome)
    Notice.objects.create(
        case=case, person=case.person, kind=NoticeKind.DECISION, reasons=dump_reasons(outcome.reasons)
    )
