"""Between rows and contracts: how reasons and values are kept as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from yui.procedures.cases.contracts import (
    ApplicationView,
    CaseState,
    CaseView,
    DecisionView,
    FilledValue,
    NoticeKind,
    NoticeView,
    Reason,
    Result,
    Source,
)
from yui.procedures.cases.definitions import get_procedure
from yui.procedures.cases.models import Application, Case, Decision, Notice


def dump_reasons(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as JSON."""
    return [asdict(reason) for reason in reasons]


def load_reasons(rows: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Reasons from JSON."""
    return tuple(Reason(**row) for row in rows)


def dump_values(values: Iterable[FilledValue]) -> list[dict[str, Any]]:
    """Values as JSON; lazy texts are fixed in the language of the moment, as the applicant saw them."""
    return [
        {
            "item": value.item,
            "label": str(value.label),
            "value": value.value,
            "display": value.display,
            "source": value.source.value,
            "source_text": str(value.source_text),
        }
        for value in values
    ]


def load_values(rows: Iterable[Mapping[str, Any]]) -> tuple[FilledValue, ...]:
    """Values from JSON."""
    return tuple(FilledValue(**{**row, "source": Source(row["source"])}) for row in rows)


def case_view(case: Case) -> CaseView:
    """A case for the outside."""
    procedure = get_procedure(case.procedure)
    return CaseView(
        public_id=case.public_id,
        procedure=case.procedure,
        title=procedure.title,
        mode=procedure.mode,
        legal_ground=procedure.legal_ground,
        state=CaseState(case.state),
        person=case.person,
        subject=case.subject,
        opened_at=case.opened_at,
        due_on=case.due_on,
        event_code=case.event_code,
        event_on=case.event_on,
        facts=case.facts,
        version=case.version,
        needs_officer=case.needs_officer,
    )


def application_view(application: Application) -> ApplicationView:
    """An application for the outside."""
    return ApplicationView(
        number=application.number,
        values=load_values(application.values),
        submitted_at=application.submitted_at,
        submitted_by_kind=application.submitted_by_kind,
    )


def decision_view(decision: Decision, last_number: int) -> DecisionView:
    """A decision for the outside."""
    return DecisionView(
        public_id=decision.public_id,
        case=decision.case.public_id,
        number=decision.number,
        result=Result(decision.result),
        reasons=load_reasons(decision.reasons),
        rule_version=decision.rule_version,
        effective_from=decision.effective_from,
        effective_until=decision.effective_until,
        details=decision.details,
        decided_at=decision.decided_at,
        decided_by_kind=decision.decided_by_kind,
        superseded=decision.number < last_number,
    )


def notice_view(notice: Notice) -> NoticeView:
    """A notice for the outside."""
    return NoticeView(
        public_id=notice.public_id,
        case=notice.case.public_id,
        procedure=notice.case.procedure,
        title=get_procedure(notice.case.procedure).title,
        kind=NoticeKind(notice.kind),
        reasons=load_reasons(notice.reasons),
        sent_at=notice.sent_at,
        read_at=notice.read_at,
        due_on=notice.case.due_on,
        case_state=CaseState(notice.case.state),
        subject=notice.case.subject,
    )
