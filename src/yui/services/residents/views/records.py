"""Records as they are and were: a household, a resident, a change."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yui.kernel.access.public import allowed, requires
from yui.procedures.cases.public import CaseView, Procedure, list_cases, list_procedures
from yui.registries.people.public import (
    EVENT_KINDS,
    WARNINGS,
    EventKind,
    EventView,
    ResidentNotFound,
    get_event,
    list_events,
    list_household_over_time,
    list_resident_over_time,
    list_residents,
)
from yui.services.residents import presenting
from yui.services.residents.desk import TASKS
from yui.services.residents.errands import Errand, with_errand
from yui.services.residents.forms.records import TimeForm

_EVENT_CODES = {
    EventKind.BIRTH: "resident.birth.recorded",
    EventKind.DEATH: "resident.death.recorded",
    EventKind.MOVE_IN: "resident.move_in.recorded",
    EventKind.MOVE_OUT: "resident.move_out.recorded",
    EventKind.MOVE_WITHIN: "resident.move_within.recorded",
    EventKind.HOUSEHOLD_CHANGE: "resident.household.changed",
    EventKind.CORRECTION: "resident.record.corrected",
    EventKind.CANCELLATION: "resident.record.cancelled",
}


def not_found(request: HttpRequest, errand: Errand | None = None) -> HttpResponse:
    """The same answer for somebody unknown and somebody who must not be found.

    It is an answer, not an exception: an exception would undo the journal entry of a record that was withheld.
    """
    context = {"title": _("Not found"), "crumbs": crumbs(), "errand": errand}
    return render(request, "residents/not_found.html", context, status=404)


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the desk to a page."""
    return [(_("Resident record"), reverse("residents:search")), *more]


@requires("residents.record.read")
@require_safe
@with_errand
def household(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """A household on a day, as known on a day, and through time."""
    times = TimeForm(request.GET if "as_of_year" in request.GET else None)
    try:
        periods = list_household_over_time(household, known_at=times.known_at, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    day = times.as_of
    shown = next(
        (
            period.household
            for period in periods
            if period.valid_from <= day and (period.valid_until is None or day < period.valid_until)
        ),
        None,
    )
    last = shown or periods[-1].household
    head = last.head or next((p.household.head for p in reversed(periods) if p.household.head), None)
    name = head.name.full if head else last.household_number
    address = head.address if head else None
    url = reverse("residents:household", args=[household])
    context: dict[str, Any] = {
        "title": _("Household of %(name)s") % {"name": name},
        "lead": address.line if address else "",
        "crumbs": crumbs(),
        "errand": errand,
        "times": times,
        "is_now": not times.is_bound,
        "day": presenting.day_text(day),
        "household": last,
        "members": presenting.member_rows(shown) if shown else [],
        "entries": presenting.household_entries(periods, url, times.known_on, times.as_of),
        "tasks": [
            {"task": task, "url": reverse(task.url_name, args=[household])}
            for task in TASKS.values()
            if task.about == "household" and allowed(task.permission)
        ],
        "can_change": allowed("residents.record.change"),
        "url": url,
    }
    return render(request, "residents/household.html", context)


@requires("residents.record.read")
@require_safe
@with_errand
def resident(request: HttpRequest, person: UUID, *, errand: Errand) -> HttpResponse:
    """One record with all items, its history, and its changes."""
    times = TimeForm(request.GET if "as_of_year" in request.GET else None)
    try:
        spans = list_resident_over_time(person, known_at=times.known_at, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    events = list_events(person, **errand.why)
    day = times.as_of
    shown = next(
        (s for s in spans if s.valid_from <= day and (s.valid_until is None or day < s.valid_until)), None
    )
    known = shown or spans[-1]
    url = reverse("residents:resident", args=[person])
    history = [
        {
            "when": presenting.span_text(span.valid_from, span.valid_until),
            "what": presenting.resident_differences(before, span),
            "recorded": span.recorded_from,
            "current": span is shown,
        }
        for before, span in zip([None, *spans], spans, strict=False)
    ]
    kind, state = presenting.state_of(known)
    context: dict[str, Any] = {
        "title": known.name.full,
        "lead": known.name.full_kana,
        "crumbs": crumbs(
            (_("Household %(number)s") % {"number": known.household_number}, _household_url(known.household))
        ),
        "errand": errand,
        "times": times,
        "is_now": not times.is_bound,
        "day": presenting.day_text(day),
        "resident": known,
        "exists": shown is not None,
        "state_kind": kind,
        "state": state,
        "facts": presenting.record_facts(known),
        "history": history[::-1],
        "events": presenting.event_rows(events),
        "household_url": _household_url(known.household),
        "tasks": [
            {"task": task, "url": reverse(task.url_name, args=[person])}
            for task in TASKS.values()
            if task.about == "person"
            and allowed(task.permission)
            and (known.is_resident or task.code not in ("death",))
        ],
        "certificate_url": reverse("residents:certificate_of", args=[person])
        if allowed("residents.certificate.issue")
        else "",
        "move_in_url": f"{reverse('residents:move_in')}?person={person}"
        if not known.is_resident and allowed("residents.record.change")
        else "",
        "url": url,
    }
    return render(request, "residents/resident.html", context)


@requires("residents.record.read")
@require_safe
@with_errand
def change(request: HttpRequest, event: UUID, *, errand: Errand) -> HttpResponse:
    """What happened with a change, what the clerk should know, and what follows by itself."""
    try:
        done = get_event(event, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    residents = list_residents(done.persons, **errand.why) or list_residents(
        done.persons, as_of=done.effective_on, **errand.why
    )
    follows, opened = what_follows(done)
    context: dict[str, Any] = {
        "title": EVENT_KINDS[done.kind],
        "crumbs": crumbs(),
        "errand": errand,
        "event": done,
        "warnings": [WARNINGS[warning] for warning in done.warnings],
        "facts": event_facts(done),
        "rows": presenting.found_rows(residents, None),
        "follows": follows,
        "opened": opened,
        "household_url": _household_url(done.households[0]) if done.households else "",
        "can_cancel": allowed("residents.record.cancel")
        and done.cancelled_by is None
        and done.kind not in (EventKind.CANCELLATION, EventKind.IMPORT),
        "is_new": "done" in request.GET,
    }
    return render(request, "residents/change.html", context)


def event_facts(event: EventView) -> list[dict[str, Any]]:
    """A change as label and value."""
    row = presenting.event_rows([event])[0]
    items = [
        (_("Kind of change"), row["label"]),
        (_("Takes effect on"), row["effective"]),
        (_("Notified on"), presenting.day_text(event.notified_on)),
        (_("Destination"), event.destination),
        (_("Remark"), event.reason),
        (_("Entered"), row["recorded"]),
    ]
    return [{"label": label, "value": value} for label, value in items if value]


def what_follows(event: EventView) -> tuple[list[Procedure], list[CaseView]]:
    """Procedures that listen to this change, and cases it has opened already as far as the reader may see them."""
    code = _EVENT_CODES.get(event.kind)
    follows = [procedure for procedure in list_procedures() if code in procedure.event_codes]
    opened: list[CaseView] = []
    if follows and allowed("cases.case.read"):
        persons = set(event.persons)
        opened = [case for case in list_cases() if case.event_code == code and case.subject in persons]
    return follows, opened


def _household_url(household: UUID) -> str:
    return reverse("residents:household", args=[household])
