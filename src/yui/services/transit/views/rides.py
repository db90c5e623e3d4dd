"""A rider's pages: my rides, a new one, its offers, the ride itself. The phone desk shares the last two."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yui.kernel.access.public import ActorKind, current_actor, signed_in
from yui.kernel.forms.public import FormRefused, handle_form
from yui.services.transit.booking import (
    RideView,
    accept_ride,
    cancel_ride,
    get_ride,
    list_rides_of,
    request_ride,
    riders_of,
)
from yui.services.transit.contracts import TransitRefused
from yui.services.transit.fares import find_fare
from yui.services.transit.forms import RideForm
from yui.services.transit.models import Ride
from yui.services.transit.views import pages, words
from yui.supply.public import (
    DemandState,
    SupplyRefused,
    UnknownSupply,
    list_open_offers,
)


def _me() -> UUID:
    """The registry person who has signed in.

    Raises:
        Http404: the account is not tied to a resident of this municipality.
    """
    subject = current_actor().subject
    if subject is None:
        raise Http404
    return subject


def _ride(demand: UUID) -> RideView:
    try:
        return get_ride(demand)
    except TransitRefused:
        raise Http404 from None


@signed_in
@require_safe
def my_rides(request: HttpRequest) -> HttpResponse:
    """My rides, and those of others who let me book for them, the next one first."""
    me = _me()
    others = riders_of(me)
    names = {me: "", **{one: _("Name not shown") for one in others}, **pages.names_of(others)}
    rides = [ride for rider in (me, *others) for ride in list_rides_of(rider)]
    rides.sort(key=lambda ride: ride.wished_at, reverse=True)
    rows = [pages.ride_row(ride, names[ride.rider]) for ride in rides]
    context = {
        "title": _("My rides"),
        "live": [row for row in reversed(rows) if row["is_shown_first"]],
        "past": [row for row in rows if not row["is_shown_first"]],
        "runs": bool(pages.services_today()),
    }
    return render(request, "transit/rides.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_ride(request: HttpRequest) -> HttpResponse:
    """Wish for a ride, for oneself or for somebody who said that one may."""
    me = _me()
    others = riders_of(me)
    names = pages.names_of(others)
    riders = {me: _("Myself"), **{person: names.get(person, _("Name not shown")) for person in others}}
    return wish(request, riders=riders, crumbs=[(_("My rides"), reverse("transit:rides"))])


def wish(request: HttpRequest, *, riders: Mapping[UUID, str], crumbs: list[tuple[str, str]]) -> HttpResponse:
    """The page that asks for a ride for one of these riders."""
    services = pages.services_today()
    context: dict[str, Any] = {
        "title": _("Book a ride"),
        "crumbs": crumbs,
        "layout": pages.layout(),
        "phones": [service for service in services if service.phone],
    }
    if not services:
        return render(request, "transit/no_service.html", context)
    form = RideForm.from_request(request, services=services, riders=riders, initial=_earlier(request, riders))

    def ask(valid: RideForm) -> str:
        wanted = valid.wanted()
        service = next(one for one in services if one.code == wanted.service)
        try:
            answer = request_ride(wanted)
            if (before := valid.cleaned_data["again"]) and before != answer.demand:
                _drop(before)
        except (TransitRefused, SupplyRefused) as refused:
            raise FormRefused(words.refusal(refused.text, refused.text.code, service)) from None
        except LookupError:
            told = _("No fare is set between these stops.")
            raise FormRefused(words.refusal(told, "outside_area", service)) from None
        return reverse("transit:offers", args=[answer.demand])

    return handle_form(request, form, template="transit/new_ride.html", then=ask, context=context)


def _drop(before: UUID) -> None:
    """Take back a wish that is asked again, so that it keeps nothing free and waits for nothing."""
    if _ride(before).demand.state is DemandState.OPEN:
        cancel_ride(demand=before)


def _earlier(request: HttpRequest, riders: Mapping[UUID, str]) -> dict[str, Any]:
    """What was asked before, when it is asked again."""
    fresh = {"other_wheelchairs": "0", "day": timezone.localdate().isoformat()}
    try:
        demand = UUID(request.GET.get("again", ""))
    except ValueError:
        return fresh
    ride = _ride(demand)
    if ride.rider not in riders:
        return fresh
    at = timezone.localtime(ride.wished_at)
    row = Ride.objects.get(demand=demand)
    (first, has_pass), *others = row.riders
    return {
        "again": demand,
        "rider": str(ride.rider),
        "service": ride.service,
        "origin": f"{ride.service}:{ride.origin}",
        "destination": f"{ride.service}:{ride.destination}",
        "wish": ride.wish.value,
        "day": at.date().isoformat(),
        "time": at.time(),
        "party": str(ride.party),
        "categories": first,
        "has_pass": has_pass,
        "other_wheelchairs": str(sum("wheelchair" in categories for categories, _has_pass in others)),
    }


def _again(ride: RideView) -> str:
    """Where the same ride is asked for again."""
    staff = current_actor().kind is ActorKind.STAFF
    page = reverse("transit:desk_ride", args=[ride.rider]) if staff else reverse("transit:new_ride")
    return f"{page}?again={ride.demand.public_id}"


def _page(ride: RideView, title: str) -> dict[str, Any]:
    """What the pages of one ride share."""
    others = ride.rider != current_actor().subject
    rider = pages.names_of([ride.rider]).get(ride.rider, _("Name not shown")) if others else ""
    staff = current_actor().kind is ActorKind.STAFF
    above = (
        (rider, reverse("transit:person", args=[ride.rider]))
        if staff
        else (_("My rides"), reverse("transit:rides"))
    )
    row, phone = pages.ride_row(ride, rider), pages.phone_of(ride.service, ride.wished_at)
    told = row["told"]
    return {
        "title": title,
        "layout": pages.layout(),
        "crumbs": [above],
        "row": row,
        "advice": words.advice(is_lost=told["is_lost"], phone=phone) if told else "",
        "changes": pages.changes(ride.demand),
        "facts": pages.ride_facts(ride, rider),
        "again": _again(ride),
        "reasons": [words.reason(one) for one in ride.demand.reasons],
        "phone": phone,
    }


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def offers(request: HttpRequest, demand: UUID) -> HttpResponse:
    """Up to three offers to choose from, or why there is none; choosing one is booking it."""
    ride = _ride(demand)
    if request.method == "POST":
        return _accept(request, demand)
    if ride.demand.state not in (DemandState.OPEN, DemandState.REFUSED):
        return redirect("transit:ride", demand=demand)
    found = [
        {
            "id": offer.public_id,
            "from": pages.clock(offer.times[0]),
            "until": pages.clock(offer.times[-1]),
            "car": offer.shift_name,
            "yen": offer.price_yen,
            "expires": pages.clock(offer.expires_at),
        }
        for offer in list_open_offers(demand)
    ]
    refused = ride.demand.state is DemandState.REFUSED
    title = _("No car was found") if refused else _("Choose a car")
    context = _page(ride, title) | {"offers": found, "is_refused": refused}
    return render(request, "transit/offers.html", context)


def _accept(request: HttpRequest, demand: UUID) -> HttpResponse:
    try:
        chosen = UUID(request.POST.get("offer", ""))
    except ValueError:
        raise Http404 from None
    try:
        view = accept_ride(demand=demand, offer=chosen)
    except UnknownSupply:
        raise Http404 from None
    except SupplyRefused as refused:
        messages.error(request, words.refusal(refused.text, refused.text.code))
        return redirect("transit:offers", demand=demand)
    if view.public_id != demand:
        # Leaving by an exception takes the acceptance back.
        raise Http404
    messages.success(request, _("Your ride is booked."))
    return redirect("transit:ride", demand=demand)


@signed_in
@require_safe
def ride(request: HttpRequest, demand: UUID) -> HttpResponse:
    """One ride: when the car comes, which one, what it costs."""
    context = _page(_ride(demand), _("Your ride"))
    fare = find_fare(Ride.objects.get(demand=demand))
    parts = [words.fare_words(part) for part in fare.alone] if fare else []
    return render(request, "transit/ride.html", {**context, "fare": parts})


@signed_in
@require_POST
def cancel(request: HttpRequest, demand: UUID) -> HttpResponse:
    """Take a ride back."""
    try:
        cancel_ride(demand=demand)
    except TransitRefused:
        raise Http404 from None
    except SupplyRefused as refused:
        messages.error(request, str(refused.text))
    else:
        messages.success(request, _("The ride is cancelled. No car will come."))
    return redirect("transit:ride", demand=demand)
