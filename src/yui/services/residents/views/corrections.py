"""Correction ex officio (職権修正) and cancellation (取消)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yui.kernel.access.public import requires
from yui.registries.people.public import (
    EVENT_KINDS,
    EventView,
    ResidentNotFound,
    cancel_event,
    correct_record,
    get_event,
    get_resident,
    list_residents,
)
from yui.services.residents import presenting
from yui.services.residents.changing import change_page, read_seen, seen_of
from yui.services.residents.errands import Errand, with_errand
from yui.services.residents.forms.correction import ITEMS, CancelForm, CorrectionForm
from yui.services.residents.views.pages import form_context
from yui.services.residents.views.records import event_facts, not_found


@requires("residents.record.change")
@require_http_methods(["GET", "HEAD", "POST"])
@with_errand
def correct(request: HttpRequest, person: UUID, *, errand: Errand) -> HttpResponse:
    """Choose an item (``?item=``), then give its right value and the reason."""
    try:
        resident = get_resident(person, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    items = ITEMS.get(request.GET.get("item", ""))
    if items is None:
        context = form_context(_("Correction ex officio"), errand, resident=resident, submit="")
        url = reverse("residents:correct", args=[person])
        context["choices"] = [
            {"label": each.label, "url": f"{url}?item={code}"} for code, each in ITEMS.items()
        ]
        return render(request, "residents/correct.html", context)
    form = CorrectionForm.from_request(request, items=items, resident=resident, version=seen_of([resident]))

    def act(form: CorrectionForm) -> EventView:
        return correct_record(
            person=person,
            items=form.changed_items(),
            reason=form.cleaned_data["reason"],
            effective_on=form.start,
            until=form.cleaned_data["until"],
            key=str(form.token),
            seen=read_seen(form),
        )

    context = form_context(
        _("Correction ex officio"), errand, resident=resident, submit=_("Record the correction")
    )
    return change_page(request, form, act, template="residents/form.html", context=context)


@requires("residents.record.cancel")
@require_http_methods(["GET", "HEAD", "POST"])
@with_errand
def cancel(request: HttpRequest, event: UUID, *, errand: Errand) -> HttpResponse:
    """Cancel a change: the record is again as it was before."""
    try:
        found = get_event(event, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    residents = list_residents(found.persons, **errand.why)
    form = CancelForm.from_request(request, version=seen_of(residents))

    def act(form: CancelForm) -> EventView:
        return cancel_event(
            event=event, reason=form.cleaned_data["reason"], key=str(form.token), seen=read_seen(form)
        )

    kind = EVENT_KINDS[found.kind]
    context = form_context(
        _("Cancel: %(change)s") % {"change": kind},
        errand,
        submit=_("Cancel this change"),
        text=_("What was recorded stays visible in the history, as known until now."),
        facts=event_facts(found),
        rows=presenting.found_rows(residents, None),
    )
    context["crumbs"].append((str(kind), reverse("residents:change", args=[event])))
    context["cancel_url"] = reverse("residents:change", args=[event])
    return change_page(request, form, act, template="residents/cancel.html", context=context)
