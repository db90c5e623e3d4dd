"""The phone desk: find who rings, book for them, note who may book for them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yui.kernel.access.public import requires
from yui.kernel.forms.public import FormRefused, handle_form
from yui.registries.people.public import ResidentView, find_resident, search_residents
from yui.services.transit.apps import BOOK
from yui.services.transit.booking import end_proxy, list_rides_of, register_proxy
from yui.services.transit.contracts import TransitRefused
from yui.services.transit.forms import PersonForm, ProxyForm
from yui.services.transit.models import Proxy
from yui.services.transit.views import pages
from yui.services.transit.views.rides import wish

FOUND_SHOWN = 25


def _found(name: str, born_on: Any) -> list[ResidentView]:
    """Residents of this name or reading, and this birth; each once."""
    hits = search_residents(name=name, born_on=born_on, limit=FOUND_SHOWN, reason=pages.REASON)
    if name:
        hits += search_residents(kana=name, born_on=born_on, limit=FOUND_SHOWN, reason=pages.REASON)
    found = {hit.resident.person: hit.resident for hit in hits}
    return list(found.values())[:FOUND_SHOWN]


def _resident(person: UUID) -> ResidentView:
    resident = find_resident(person, reason=pages.REASON)
    if resident is None:
        raise Http404
    return resident


@requires(BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find who rings. What is looked for stands in no address."""
    form = PersonForm.from_request(request)
    asked = form.is_bound and form.is_valid()
    rows = [
        {
            "name": one.name.full,
            "kana": one.name.full_kana,
            "born_on": one.born_on,
            "href": reverse("transit:person", args=[one.person]),
        }
        for one in (_found(form.cleaned_data["name"], form.cleaned_data["born_on"]) if asked else ())
    ]
    context = {"title": _("Ride bookings"), "form": form, "asked": asked, "rows": rows}
    return render(request, "transit/desk.html", context, status=form.status_code)


@requires(BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, rider: UUID) -> HttpResponse:
    """Who rings: their rides, and who may book for them."""
    resident = _resident(rider)
    form = ProxyForm.from_request(request)

    def note(valid: ProxyForm) -> str:
        found = _found(valid.cleaned_data["name"], valid.cleaned_data["born_on"])
        if len(found) != 1:
            told = (
                _("Several residents fit. Enter the whole name.")
                if found
                else _("No resident of this name and date of birth is registered here.")
            )
            raise FormRefused(told, "name")
        try:
            register_proxy(rider=rider, proxy=found[0].person)
        except TransitRefused as refused:
            raise FormRefused(str(refused.text), "name") from None
        messages.success(request, _("Noted. The person was told in their own journal."))
        return reverse("transit:person", args=[rider])

    named = list(Proxy.objects.filter(rider=rider, valid_until=None).order_by("pk"))
    names = pages.names_of([one.proxy for one in named])
    context = {
        "title": resident.name.full,
        "crumbs": [(_("Ride bookings"), reverse("transit:desk"))],
        "facts": [
            {"label": _("Reading"), "value": resident.name.full_kana},
            {"label": _("Address"), "value": f"{resident.address.town}{resident.address.block}"},
        ],
        "new": reverse("transit:desk_ride", args=[rider]),
        "rows": [pages.ride_row(ride) for ride in list_rides_of(rider)],
        "proxies": [
            {
                "name": names.get(one.proxy, _("Name not shown")),
                "end": reverse("transit:end_proxy", args=[rider, one.proxy]),
            }
            for one in named
        ],
    }
    return handle_form(request, form, template="transit/person.html", then=note, context=context)


@requires(BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def new_ride(request: HttpRequest, rider: UUID) -> HttpResponse:
    """Ask for a ride for who rings."""
    name = _resident(rider).name.full
    crumbs = [(_("Ride bookings"), reverse("transit:desk")), (name, reverse("transit:person", args=[rider]))]
    return wish(request, riders={rider: name}, crumbs=crumbs)


@requires(BOOK)
@require_POST
def end(request: HttpRequest, rider: UUID, proxy: UUID) -> HttpResponse:
    """Somebody may no longer book for a person."""
    _resident(rider)
    if not Proxy.objects.filter(rider=rider, proxy=proxy).exists():
        raise Http404
    end_proxy(rider=rider, proxy=proxy)
    messages.success(request, _("They may no longer book for this person."))
    return redirect("transit:person", rider=rider)
