"""The operator's board: what every car does, who asked for what, and what to do when a car is lost."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yui.kernel.access.public import allowed, requires
from yui.services.transit.apps import BOARD, SEEN
from yui.services.transit.contracts import TransitRefused
from yui.services.transit.definitions import get_service, list_services_on
from yui.services.transit.models import Duty
from yui.services.transit.views import drawing, pages, words
from yui.services.transit.views.drive import KINDS, duties_on
from yui.supply.public import (
    DemandState,
    DemandView,
    PlanView,
    UnknownSupply,
    list_demands,
    plan_of,
    withdraw_shift,
)

CAUSES = {
    "breakdown": gettext_lazy("The car broke down"),
    "driver_ill": gettext_lazy("The driver is ill"),
    "other": gettext_lazy("Another cause"),
}
"""Why a car can serve no longer."""


@requires(BOARD)
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """The services of today; one alone is opened at once."""
    found = list_services_on(timezone.localdate())
    if len(found) == 1:
        return redirect("transit:service_board", service=found[0].code)
    rows = [{"name": one.name_ja, "href": reverse("transit:service_board", args=[one.code])} for one in found]
    return render(request, "transit/services.html", {"title": _("Rides today"), "rows": rows})


@requires(BOARD)
@require_safe
def board(request: HttpRequest, service: str) -> HttpResponse:
    """One service today: its cars, a map, its requests."""
    today = timezone.localdate()
    try:
        definition, plan = get_service(service, today), plan_of(service)
    except (TransitRefused, UnknownSupply):
        raise Http404 from None
    duties = [one for one in duties_on(today) if one.service == service]
    cars = [_car(one, plan, number) for number, one in enumerate(duties, 1)]
    demands = _demands_today(service) if allowed(SEEN) else []
    context = {
        "title": definition.name_ja,
        "lead": _("Rides today"),
        "crumbs": [(_("Rides today"), reverse("transit:board"))] if len(list_services_on(today)) > 1 else [],
        "cars": cars,
        "causes": CAUSES.items(),
        "map": drawing.draw(definition, cars),
        "demands": [_demand_row(one) for one in demands],
        "rates": refusal_rates(demands),
        "may_see": allowed(SEEN),
    }
    return render(request, "transit/board.html", context)


def _car(duty: Duty, plan: PlanView | None, number: int) -> dict[str, Any]:
    """What a car does today, in its order. It names nobody."""
    route = next((one for one in (plan.routes if plan else ()) if one.shift == duty.shift), None)
    stops = [
        {
            "at": pages.clock(stop.arrive_at),
            "kind": _("Take over from another car") if stop.step < 0 else KINDS[stop.kind],
            "name": "" if stop.step < 0 else stop.name,
            "place": stop.place,
            "is_done": stop.done,
        }
        for stop in (route.stops if route else ())
    ]
    return {
        "number": number,
        "name": duty.vehicle.name,
        "driver": duty.driver.name,
        "from_at": duty.from_at,
        "until_at": duty.until_at,
        "stops": stops,
        "ahead": [stop for stop in stops if not stop["is_done"]],
        "duty": reverse("transit:duty", args=[duty.public_id]),
        "withdraw": reverse("transit:withdraw", args=[duty.service, duty.shift]),
    }


def _demands_today(service: str) -> list[DemandView]:
    begins = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time()))
    return list_demands(service, from_at=begins, until_at=begins + dt.timedelta(days=1))


def _demand_row(demand: DemandView) -> dict[str, Any]:
    label, kind = words.STATES[demand.state]
    start, end = demand.steps
    return {
        "at": pages.coming(demand) or pages.clock(start.from_at),
        "way": _("%(start)s to %(end)s")
        % {"start": start.name or _("a door"), "end": end.name or _("a door")},
        "people": pages.people(demand.load.get("seats", 0), demand.load.get("wheelchairs", 0)),
        "state": label,
        "kind": kind,
        "reasons": [words.reason(one) for one in demand.reasons],
        "href": reverse("transit:ride", args=[demand.public_id]),
    }


def refusal_rates(demands: Sequence[DemandView]) -> list[dict[str, Any]]:
    """How many requests were refused, with a wheelchair and without: nobody is to be left standing more often."""
    groups = {
        _("With a wheelchair"): [one for one in demands if one.load.get("wheelchairs")],
        _("Without a wheelchair"): [one for one in demands if not one.load.get("wheelchairs")],
    }
    rates = []
    for label, group in groups.items():
        refused = sum(one.state is DemandState.REFUSED for one in group)
        share = f"{100 * refused / len(group):.0f}%" if group else "—"
        note = _("%(refused)d of %(asked)d requests refused") % {"refused": refused, "asked": len(group)}
        rates.append({"label": label, "value": share, "note": note})
    return rates


@requires(BOARD)
@require_POST
def withdraw(request: HttpRequest, service: str, shift: UUID) -> HttpResponse:
    """A car can serve no longer: others take over what it promised, and whom it cannot be served is said."""
    because = request.POST.get("because", "")
    if because not in CAUSES or not Duty.objects.filter(shift=shift, service=service).exists():
        raise Http404
    touched = withdraw_shift(shift=shift, because=because)
    lost = sum(state is DemandState.FAILED for state in touched.values())
    told = _("The car is off the road. Moved to other cars or times: %(moved)d. Not to be served: %(lost)d.")
    level = messages.WARNING if lost else messages.SUCCESS
    messages.add_message(request, level, told % {"moved": len(touched) - lost, "lost": lost})
    return redirect("transit:service_board", service=service)
