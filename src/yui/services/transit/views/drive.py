"""The driver's pages: my duties, the roll call, the next stop, the fare."""

import datetime as dt
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

from yui.kernel.access.public import PermissionRefused, allowed, current_actor, requires
from yui.services.transit.apps import BOARD, CALL, REPORT
from yui.services.transit.booking import RideView, get_ride, settle_ride
from yui.services.transit.contracts import TransitRefused
from yui.services.transit.fleet import UNFIT, record_roll_call, what_keeps_in
from yui.services.transit.forms import RollCallForm
from yui.services.transit.models import Duty
from yui.services.transit.views import pages
from yui.supply.public import (
    DemandState,
    StepAct,
    StepKind,
    StepReport,
    StopView,
    SupplyRefused,
    plan_of,
    report_step,
)

REASON = "transit_driving"
MEANS = {
    "cash": gettext_lazy("In cash"),
    "ticket": gettext_lazy("With tickets"),
    "cashless": gettext_lazy("Without cash"),
}
"""How a fare is paid at the car."""
KINDS = {StepKind.PICKUP: gettext_lazy("Pick up"), StepKind.DROPOFF: gettext_lazy("Drop off")}


def duties_on(day: dt.date) -> list[Duty]:
    """Every duty that touches a day, by when it begins."""
    begins = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    touching = Duty.objects.filter(from_at__lt=begins + dt.timedelta(days=1), until_at__gt=begins)
    return list(touching.select_related("driver", "vehicle").order_by("from_at", "pk"))


def _duty(public_id: UUID) -> Duty:
    """A duty of the actor, or any for who manages the board.

    Raises:
        Http404: there is none.
        PermissionRefused: it is another driver's.
    """
    found = Duty.objects.select_related("driver", "vehicle").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    if found.driver.account != current_actor().public_id and not allowed(BOARD):
        raise PermissionRefused(BOARD)
    return found


@requires(REPORT)
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """My duty today; for who manages the board, all of today's to choose from."""
    today = duties_on(timezone.localdate())
    own = [one for one in today if one.driver.account == current_actor().public_id]
    shown = own or (today if allowed(BOARD) else [])
    if own and len(own) == 1:
        return redirect("transit:duty", duty=own[0].public_id)
    rows = [
        {
            "href": reverse("transit:duty", args=[one.public_id]),
            "car": one.vehicle.name,
            "driver": one.driver.name,
            "from_at": one.from_at,
            "until_at": one.until_at,
        }
        for one in shown
    ]
    return render(request, "transit/duties.html", {"title": _("Driving"), "rows": rows})


@requires(REPORT)
@require_safe
def duty(request: HttpRequest, duty: UUID) -> HttpResponse:
    """One duty: first the roll call, then the next stop, then those after it."""
    row = _duty(duty)
    keeps_in = what_keeps_in(row)
    stops = [] if keeps_in else _stops(row)
    chosen = request.GET.get("stop", "")
    # Another stop may be taken first: who stands there already, or a road that is closed.
    stops.sort(key=lambda stop: stop["code"] != chosen)
    context = {
        "title": _("Duty of %(car)s") % {"car": row.vehicle.name},
        "crumbs": [(_("Driving"), reverse("transit:drive"))] if allowed(BOARD) else [],
        "duty": row,
        "problems": [UNFIT[one] for one in keeps_in],
        "may_call": allowed(CALL),
        "next": stops[0] if stops else None,
        "following": stops[1:],
        "means": MEANS.items(),
    }
    return render(request, "transit/duty.html", context)


def _stops(row: Duty) -> list[dict[str, Any]]:
    """The stops ahead that are promised. Only riders of this car are read."""
    plan = plan_of(row.service)
    routes = plan.routes if plan else ()
    ahead = [stop for route in routes if route.shift == row.shift for stop in route.stops if not stop.done]
    rides = {demand: get_ride(demand) for demand in dict.fromkeys(stop.demand for stop in ahead)}
    live = {
        demand: ride
        for demand, ride in rides.items()
        if ride.demand.state in (DemandState.PROMISED, DemandState.UNDER_WAY)
    }
    names = pages.names_of([ride.rider for ride in live.values()], REASON)
    return [
        _stop(stop, live[stop.demand], names.get(live[stop.demand].rider, _("Name not shown")))
        for stop in ahead
        if stop.demand in live
    ]


def _stop(stop: StopView, ride: RideView, name: str) -> dict[str, Any]:
    taken_over = stop.step < 0
    return {
        "code": f"{stop.demand}:{stop.step}",
        "demand": stop.demand,
        "step": stop.step,
        "kind": _("Take over from another car") if taken_over else KINDS[stop.kind],
        "is_pickup": not taken_over and stop.kind is StepKind.PICKUP,
        "is_dropoff": not taken_over and stop.kind is StepKind.DROPOFF,
        # Where another car stands is known to the drivers, not to the wish.
        "place": "" if taken_over else stop.name,
        "at": pages.clock(stop.arrive_at),
        "name": name,
        "people": pages.people(ride.party, ride.wheelchairs),
        "yen": ride.quoted_yen,
    }


@requires(CALL)
@require_POST
def call(request: HttpRequest, duty: UUID) -> HttpResponse:
    """Record the roll call before a duty."""
    row = _duty(duty)
    form = RollCallForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Enter what the meter shows, for example 0.00, and how the driver feels."))
    elif record_roll_call(
        duty=row.public_id,
        alcohol_mg_per_l=float(form.cleaned_data["alcohol"]),
        well=form.cleaned_data["well"],
    ):
        messages.warning(request, _("The roll call is recorded. The driver may not go out."))
    else:
        messages.success(request, _("The roll call is recorded. The driver may go out."))
    return redirect("transit:duty", duty=duty)


@requires(REPORT)
@require_POST
def report(request: HttpRequest, duty: UUID) -> HttpResponse:
    """Note what happened at a stop; at the end of a ride say what is to be paid. Sent twice, it counts once."""
    row = _duty(duty)
    try:
        demand, step = UUID(request.POST.get("demand", "")), int(request.POST.get("step", ""))
        act, means = StepAct(request.POST.get("act", "")), request.POST.get("means", "cash")
    except ValueError:
        raise Http404 from None
    if what_keeps_in(row):
        messages.error(request, _("Nothing was noted: the roll call comes first."))
        return redirect("transit:duty", duty=duty)
    if means not in MEANS:
        raise Http404
    try:
        if _is_of_another_car(row, demand, step):
            raise Http404
        sent = StepReport(f"{demand}:{step}", demand, step, act, timezone.now())
        state = report_step(shift=row.shift, report=sent)
    except (SupplyRefused, TransitRefused) as refused:
        messages.error(request, str(refused.text))
        return redirect("transit:duty", duty=duty)
    try:
        due = settle_ride(demand=demand, means=means) if state is DemandState.DONE else None
        messages.success(request, _noted(state, due))
    except (SupplyRefused, TransitRefused) as refused:
        messages.error(request, str(refused.text))
    except LookupError:
        # The rider has arrived all the same; no amount is better than a wrong one.
        messages.error(
            request, _("Arrived. The fare could not be worked out; take nothing and tell the office.")
        )
    return redirect("transit:duty", duty=duty)


def _is_of_another_car(row: Duty, demand: UUID, step: int) -> bool:
    """Whether the plan gives this stop to another car. What no plan holds any more may have been this car's."""
    plan = plan_of(row.service)
    cars = {
        route.shift
        for route in (plan.routes if plan else ())
        for stop in route.stops
        if (stop.demand, stop.step) == (demand, step)
    }
    return bool(cars) and row.shift not in cars


def _noted(state: DemandState, due: int | None) -> str:
    """What the driver reads after a report."""
    if due:
        return _("Arrived. To be paid: %(yen)s yen") % {"yen": f"{due:,}"}
    if due == 0:
        return _("Arrived. Nothing is to be paid.")
    return _("Noted: nobody was there.") if state is DemandState.NO_SHOW else _("Noted: on board.")
