"""The desk: search, the reason for looking, today's changes, tiles."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yui.kernel.access.public import allowed, requires
from yui.kernel.forms.public import handle_form
from yui.registries.people.public import FoundResident, list_events_of_day, search_residents
from yui.services.residents.desk import TASKS, Task
from yui.services.residents.errands import (
    Errand,
    ErrandReason,
    begin_errand,
    end_errand,
    find_errand,
)
from yui.services.residents.forms.errand import ErrandForm
from yui.services.residents.forms.search import SearchForm, read_criteria
from yui.services.residents.presenting import event_rows, found_rows

_SEARCH = "residents_search"
_PER_PAGE = 25
_MOST = 200


@requires("residents.record.search")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Search, results, tiles and today's changes.

    What was searched for is kept in the session: an address with a name in it would stand in logs and histories.
    """
    task = _task(request)
    errand = find_errand(request)
    kept: dict[str, Any] = request.session.get(_SEARCH) or {}
    form = SearchForm.from_request(request, initial=_initial(kept, errand))

    def find(form: SearchForm) -> str:
        begin_errand(request, ErrandReason(form.cleaned_data["reason"]))
        request.session[_SEARCH] = form.criteria()
        return _address(task, found="1") + "#found"

    context: dict[str, Any] = {
        "title": _("Resident record"),
        "errand": errand,
        "task": task,
        "tiles": [tile for tile in TASKS.values() if allowed(tile.permission)],
        "events": event_rows(list_events_of_day(timezone.localdate())),
    }
    if task:
        context |= {
            "title": str(task.label),
            "lead": task.hint,
            "crumbs": [(_("Resident record"), _address(None))],
        }
    if request.method != "POST" and "found" in request.GET and kept and errand:
        context |= _results(request, kept, errand, task)
    return handle_form(
        request, form, template="residents/search.html", then=find, context=context, once=False
    )


def _results(request: HttpRequest, kept: dict[str, Any], errand: Errand, task: Task | None) -> dict[str, Any]:
    found: list[FoundResident] = search_residents(**read_criteria(kept), limit=_MOST, **errand.why)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    return {
        "searched": True,
        "count": len(found),
        "more": len(found) == _MOST,
        "page": page,
        "rows": found_rows([hit.resident for hit in page.object_list], task),
    }


@requires("residents.record.search")
@require_http_methods(["GET", "HEAD", "POST"])
def errand(request: HttpRequest) -> HttpResponse:
    """Ask why the clerk looks; asked once for a case."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("residents:search")
    current = find_errand(request)
    form = ErrandForm.from_request(request, initial={"reason": current.reason.value if current else ""})

    def begin(form: ErrandForm) -> str:
        begin_errand(request, ErrandReason(form.cleaned_data["reason"]))
        return back

    context = {
        "title": _("Why do you look?"),
        "lead": _("Chosen once for the case at hand; every record you open is journalled with it."),
        "crumbs": [(_("Resident record"), reverse("residents:search"))],
    }
    return handle_form(
        request, form, template="residents/errand.html", then=begin, context=context, once=False
    )


@requires("residents.record.search")
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the case at hand: what was searched for and why are forgotten."""
    end_errand(request)
    request.session.pop(_SEARCH, None)
    return redirect("residents:search")


@requires("residents.record.search")
@require_POST
def begin(request: HttpRequest, task: str) -> HttpResponse:
    """Begin a task from its tile: its reason is the reason for looking."""
    found = TASKS.get(task)
    if found is None or not allowed(found.permission):
        return redirect("residents:search")
    begin_errand(request, found.reason)
    request.session.pop(_SEARCH, None)
    if found.about == "nothing":
        return redirect(found.url_name)
    return redirect(_address(found))


def _task(request: HttpRequest) -> Task | None:
    task = TASKS.get(request.GET.get("for", ""))
    return task if task and allowed(task.permission) else None


def _address(task: Task | None, **query: str) -> str:
    asked = ({"for": task.code} if task else {}) | query
    return reverse("residents:search") + (f"?{urlencode(asked)}" if asked else "")


def _initial(kept: dict[str, Any], errand: Errand | None) -> dict[str, Any]:
    return {**(read_criteria(kept) if kept else {}), "reason": errand.reason.value if errand else ""}
