"""Payment runs: list, prepare, freeze, approve, export, results."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yui.kernel.access.public import current_actor, requires
from yui.kernel.forms.public import FormRefused, handle_form
from yui.kernel.tables.public import write_table
from yui.procedures.payments import public as payments
from yui.procedures.payments.contracts import (
    FileRefused,
    ItemView,
    PaymentRefused,
    ResultsRefused,
    RunState,
    RunView,
    UnknownPayment,
)
from yui.services.treasury import pages
from yui.services.treasury.apps import APPROVE, EXPORT, PREPARE, READ, RESULTS
from yui.services.treasury.forms import PrepareForm, ResultsForm

PER_PAGE = 50
RUNS_SHOWN = 100
_PROBLEMS_SHOWN = 20
_REASONS_SHOWN = 20


class _Items:
    """The payments of a run as a paginator wants them; a page reads (and journals) only what it shows."""

    def __init__(self, run: RunView) -> None:
        self.run = run

    def __len__(self) -> int:
        return self.run.count

    def __getitem__(self, span: slice) -> list[ItemView]:
        limit = span.stop - span.start
        return payments.list_run_items(
            self.run.public_id,
            limit=limit,
            offset=span.start,
            reason="payment_run",
            legal_ground=pages.LEGAL_GROUND,
        )


def _get(run: UUID) -> RunView:
    try:
        return payments.get_run(run)
    except UnknownPayment:
        raise Http404 from None


@requires(READ)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """All runs, the latest first."""
    rows = [pages.run_row(run) for run in payments.list_runs(limit=RUNS_SHOWN)]
    context = {
        "title": _("Payment runs"),
        "rows": rows,
        "may_prepare": PREPARE in current_actor().permissions,
    }
    return render(request, "treasury/runs.html", context)


@requires(PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """What would be paid on a day, and the button that makes a run of it."""
    suggested = pages.suggested_value_day(timezone.localdate())
    form = PrepareForm.from_request(request, initial={"value_on": suggested})
    value_on = form.cleaned_data["value_on"] if form.is_bound and form.is_valid() else suggested
    context = {
        "title": _("New payment run"),
        "crumbs": [(_("Payment runs"), reverse("treasury:runs"))],
        "has_paying_account": bool(payments.list_paying_accounts()),
        **pages.preview(payments.preview_run(value_on=value_on)),
    }
    if "preview" in request.POST:
        return render(request, "treasury/prepare.html", {**context, "form": form}, status=form.status_code)

    def make(valid: PrepareForm) -> str:
        try:
            run = payments.prepare_run(**valid.cleaned_data)
        except PaymentRefused as refused:
            raise FormRefused(str(refused)) from None
        messages.success(
            request, _("Run %(number)s is prepared. Look at it, then freeze it.") % {"number": run.number}
        )
        return reverse("treasury:run", args=[run.public_id])

    return handle_form(request, form, template="treasury/prepare.html", then=make, context=context)


@requires(READ)
@require_safe
def run_page(request: HttpRequest, run: UUID) -> HttpResponse:
    """One run: where it stands, its payments, and what can be done next."""
    return _run_page(request, _get(run))


def _run_page(
    request: HttpRequest, run: RunView, problems: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    # The paginator's type asks for a whole sequence; it uses only the length and slices.
    paginator: Paginator[ItemView] = Paginator(cast("list[ItemView]", _Items(run)), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        **pages.run_page(run, current_actor()),
        "page": page,
        "rows": [pages.item_row(item) for item in page.object_list],
        "problems": problems[:_PROBLEMS_SHOWN],
        "more_problems": max(len(problems) - _PROBLEMS_SHOWN, 0),
    }
    return render(request, "treasury/run.html", context, status=status)


def _step(request: HttpRequest, run: UUID, work: Callable[[], object], done: str) -> HttpResponse:
    """Do one step of a run and lead back to it; a refusal is said on its page."""
    try:
        work()
    except UnknownPayment:
        raise Http404 from None
    except FileRefused as refused:
        messages.error(request, str(refused))
        return _run_page(request, _get(run), tuple(problem.message for problem in refused.problems), 422)
    except PaymentRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("treasury:run", run=run)


@requires(PREPARE)
@require_POST
def freeze(request: HttpRequest, run: UUID) -> HttpResponse:
    """Fix a run's accounts and file."""
    done = _("The run is frozen. A second person can approve it now.")
    return _step(request, run, lambda: payments.freeze_run(run_id=run), done)


@requires(APPROVE)
@require_POST
def approve(request: HttpRequest, run: UUID) -> HttpResponse:
    """Approve the file that was on the page."""
    seen = request.POST.get("file_sha256", "")
    done = _("The run is approved. The bank file can be downloaded.")
    # An empty hash would mean "whatever is there"; an approver approves what was shown.
    return _step(request, run, lambda: payments.approve_run(run_id=run, seen_sha256=seen or "unseen"), done)


@requires(PREPARE)
@require_POST
def cancel(request: HttpRequest, run: UUID) -> HttpResponse:
    """Give a run up before it goes to the bank."""
    done = _("The run is cancelled. Its amounts can go into another run.")
    return _step(request, run, lambda: payments.cancel_run(run_id=run, reason="staff_decision"), done)


@requires(PREPARE)
@require_POST
def remove(request: HttpRequest, run: UUID, sequence: int) -> HttpResponse:
    """Take one payment out of a run that is not frozen."""
    done = _("Payment %(number)s is taken out.") % {"number": sequence}
    return _step(
        request,
        run,
        lambda: payments.remove_item(run_id=run, sequence=sequence, reason="staff_decision"),
        done,
    )


@requires(EXPORT)
@require_POST
def export(request: HttpRequest, run: UUID) -> HttpResponse:
    """The bytes for the bank. By POST, since each download is journalled and the first changes the run."""
    try:
        file = payments.export_run(run_id=run)
    except UnknownPayment:
        raise Http404 from None
    except PaymentRefused as refused:
        messages.error(request, str(refused))
        return redirect("treasury:run", run=run)
    return _download(file.content, file.name)


@requires(RESULTS)
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, run: UUID) -> HttpResponse:
    """Tell what the bank answered."""
    view = _get(run)
    form = ResultsForm.from_request(request)

    def take(valid: ResultsForm) -> str:
        upload = valid.cleaned_data["file"]
        try:
            lines = (
                payments.read_results(upload.read(), run=view, name=upload.name, near=timezone.localdate())
                if upload
                else []
            )
            after = payments.record_results(
                run_id=run, lines=lines, rest_paid_on=valid.cleaned_data["rest_paid_on"]
            )
        except ResultsRefused as refused:
            reasons = [str(refused), *map(str, refused.reasons[:_REASONS_SHOWN])]
            raise ValidationError([ValidationError(reason) for reason in reasons]) from None
        except PaymentRefused as refused:
            raise FormRefused(str(refused)) from None
        messages.success(
            request,
            _("Recorded: %(paid)s paid, %(returned)s came back.")
            % {"paid": after.paid_count, "returned": after.returned_count},
        )
        return reverse("treasury:run", args=[run])

    context = {
        "title": _("Results of run %(number)s") % {"number": view.number},
        "crumbs": [*pages.crumbs(), (pages.run_title(view), reverse("treasury:run", args=[run]))],
        "run": view,
    }
    return handle_form(request, form, template="treasury/results.html", then=take, context=context)


@requires(RESULTS)
@require_safe
def results_table(request: HttpRequest, run: UUID) -> HttpResponse:
    """The table of results to fill in: one line per payment, with numbers and amounts and nobody's name."""
    view = _get(run)
    if view.state not in (RunState.EXPORTED, RunState.SETTLED):
        raise Http404
    items = payments.list_run_items(
        run, limit=view.count, reason="payment_results", legal_ground=pages.LEGAL_GROUND
    )
    rows = [
        {"run_number": view.number, "sequence": item.sequence, "amount_yen": item.amount_yen}
        for item in items
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.csv"
        write_table(path, payments.result_layout(), rows)
        return _download(path.read_bytes(), f"results-{view.number:06d}.csv")


def _download(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
