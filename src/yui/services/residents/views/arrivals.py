"""Move in (転入)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yui.kernel.access.public import requires
from yui.kernel.forms.public import Provenance
from yui.registries.people.public import (
    BecameBy,
    EventView,
    HouseholdView,
    ResidentNotFound,
    find_resident,
    household_as_of,
    record_move_in,
)
from yui.services.residents import addresses
from yui.services.residents.changing import change_page, read_seen, seen_of
from yui.services.residents.errands import Errand, with_errand
from yui.services.residents.forms import parts
from yui.services.residents.forms.move_in import MOST_ROWS, MoveInForm, returning_initial
from yui.services.residents.views.pages import form_context
from yui.services.residents.views.records import not_found


@requires("residents.record.change")
@require_http_methods(["GET", "HEAD", "POST"])
@with_errand
def move_in(request: HttpRequest, *, errand: Errand) -> HttpResponse:
    """People come: a new household, or joining one (``?household=``); somebody may come back (``?person=``)."""
    try:
        home = _household(request, errand)
        initial, sources = _returning(request, errand)
    except ResidentNotFound:
        return not_found(request, errand)
    initial |= {"notified_on": parts.today(), "became_by": BecameBy.MOVE_IN.value}
    if home is None:
        initial["m0_relationship"] = "head"
    form = MoveInForm.of_page(
        request,
        joins=home is not None,
        initial=initial,
        sources=sources,
        version=seen_of(households=[home] if home else []),
    )
    context = form_context(
        _("Move in"),
        errand,
        household=home,
        submit=_("Record the move in"),
        can_add=form.rows < MOST_ROWS,
        removable=range(2, form.rows + 1),
    )
    if MoveInForm.only_changes_page(request):
        return render(request, "residents/move_in.html", {**context, "form": form})

    def act(form: MoveInForm) -> EventView:
        address = form.address()
        return record_move_in(
            newcomers=form.newcomers(),
            effective_on=form.cleaned_data["effective_on"],
            address=addresses.complete(address) if address else None,
            household=home.household if home else None,
            previous_address=form.cleaned_data["previous_address"],
            became_by=BecameBy(form.cleaned_data["became_by"]),
            notified_on=form.cleaned_data["notified_on"],
            reason=form.cleaned_data["remark"],
            key=str(form.token),
            seen=read_seen(form),
        )

    return change_page(
        request, form, act, template="residents/move_in.html", context=context, fields=form.field_of()
    )


def _household(request: HttpRequest, errand: Errand) -> HouseholdView | None:
    household = _uuid(request.GET.get("household"))
    return household_as_of(household, **errand.why) if household else None


def _returning(request: HttpRequest, errand: Errand) -> tuple[dict[str, Any], dict[str, Provenance]]:
    person = _uuid(request.GET.get("person"))
    known = find_resident(person, **errand.why) if person else None
    if known is None:
        return {}, {}
    initial = returning_initial(known)
    source = Provenance(_("Former resident record"), known.ended_on)
    return initial, {name: source for name, value in initial.items() if value}


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise ResidentNotFound from None
