"""The officer's pages: what the rules leave open, and why anything was decided."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yui.engines.rules.public import Language, Reason
from yui.kernel.access.public import requires
from yui.procedures.cases import public as procedures
from yui.procedures.cases.public import CaseState, CaseView, DecisionView, Result
from yui.procedures.programmes.public import CannotExplain, explain_decision, known_then, with_names
from yui.services.child_allowance.procedures.claim import find_name

PREFIX = "child_allowance."
EXAMINE = "child_allowance.case.examine"


def _state(case: CaseView) -> tuple[str, str]:
    if case.needs_officer:
        return "action", _("To be examined")
    words = {
        CaseState.NOTIFIED: ("waiting", _("With the resident")),
        CaseState.SUBMITTED: ("going", _("Sent in")),
        CaseState.DECIDED: ("done", _("Decided")),
        CaseState.WITHDRAWN: ("none", _("Withdrawn")),
        CaseState.VOID: ("none", _("Stopped")),
        CaseState.INFORMED: ("done", _("Told")),
    }
    return words[case.state]


def _rows(cases: list[CaseView]) -> list[list[object]]:
    """Cases as rows; one of a person whom the officer must not find is left out."""
    return [_row(case, name) for case in cases if (name := find_name(case.person))]


def _row(case: CaseView, name: str) -> list[object]:
    kind, label = _state(case)
    opened = date_format(timezone.localtime(case.opened_at), "SHORT_DATE_FORMAT")
    return [
        {"text": name, "href": reverse("child_allowance:case", args=[case.public_id])},
        str(case.title),
        opened,
        {"text": label, "status": kind},
    ]


@requires(EXAMINE)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for an officer, and the newest cases."""
    columns = [
        {"label": _("Recipient")},
        {"label": _("Procedure")},
        {"label": _("Opened")},
        {"label": _("State")},
    ]
    context = {
        "title": _("Child allowance"),
        "columns": columns,
        "waiting": _rows(procedures.list_waiting_for_officer(PREFIX)),
        "newest": _rows(procedures.list_cases(PREFIX, limit=30)),
    }
    return render(request, "child_allowance/desk.html", context)


@requires(EXAMINE)
@require_safe
def case(request: HttpRequest, case: UUID) -> HttpResponse:
    """One case with what was applied for, decided, and why."""
    try:
        view = procedures.get_case(case, reason="examination")
    except procedures.CaseNotFound:
        raise Http404 from None
    applications, decisions = procedures.list_applications(case), procedures.list_decisions(case)
    name = find_name(view.person)
    # A child under protection is as little to be found through a parent's case as by itself.
    if not name or (view.subject and not find_name(view.subject) and view.state is not CaseState.VOID):
        raise Http404
    kind, label = _state(view)
    values = procedures.stated_values(case)
    language = Language.EN if (get_language() or "ja").startswith("en") else Language.JA

    def lines(decision: DecisionView) -> list[Reason]:
        try:
            explanation = explain_decision(decision, str(view.title), language)
        except CannotExplain:
            english = language is Language.EN
            return [
                Reason(r.code, r.holds, r.en if english else r.ja, r.article, True) for r in decision.reasons
            ]
        return list(with_names(explanation, find_name, language).reasons)

    context = {
        "title": view.title,
        "crumbs": [(_("Child allowance"), reverse("child_allowance:desk"))],
        "case": view,
        "name": name,
        "status_kind": kind,
        "status_label": label,
        "facts": [{"label": v.label, "value": v.display, "source": v.source_text} for v in values],
        "versions": len(applications),
        "options": procedures.list_options(case),
        "decisions": [
            {"decision": decision, "result": _result(decision.result), "reasons": lines(decision)}
            for decision in decisions
        ],
        "then": known_then(view, request.GET, language, find_name) if decisions else None,
    }
    return render(request, "child_allowance/case.html", context)


def _result(result: Result) -> str:
    return {
        Result.GRANTED: _("Granted"),
        Result.CHANGED: _("Changed"),
        Result.ENDED: _("Ended"),
        Result.REFUSED: _("Refused"),
        Result.UNDETERMINED: _("Open"),
    }[result]


@requires("cases.case.decide")
@require_POST
def decide(request: HttpRequest, case: UUID) -> HttpResponse:
    """Decide by one of the options that the procedure offers."""
    try:
        procedures.decide_by_option(case=case, option=request.POST.get("option", ""))
    except procedures.CaseNotFound:
        raise Http404 from None
    except procedures.CaseRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Decided. The recipient is told."))
    return redirect("child_allowance:case", case=case)


@requires("cases.case.decide")
@require_POST
def decide_again(request: HttpRequest, case: UUID) -> HttpResponse:
    """Run the rules again on the application, after missing facts have come in."""
    try:
        outcome = procedures.decide_again(case=case)
    except procedures.CaseNotFound:
        raise Http404 from None
    except procedures.CaseRefused as refused:
        messages.error(request, str(refused))
    else:
        if outcome.result is Result.UNDETERMINED:
            messages.warning(
                request, _("The rules still leave this open: %(what)s") % {"what": "、".join(outcome.missing)}
            )
        else:
            messages.success(request, _("Decided by the rules."))
    return redirect("child_allowance:case", case=case)
