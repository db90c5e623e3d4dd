"""The driver's pages: my duties, the roll call, the next stop, the fare; they go on working without a line."""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yui.kernel.access.public import allowed, anyone, current_actor, requires
from yui.services.transit.apps import BOARD, CALL, REPORT
from yui.services.transit.booking import RideView, get_ride
from yui.services.transit.contracts import DutyAct, Means, TransitRefused
from yui.services.transit.driving import (
    NOT_COUNTED,
    Tap,
    get_duty,
    is_over,
    note_tap,
    on_board,
    on_break_since,
    troubles_of,
)
from yui.services.transit.fares import RideFare, find_fare
from yui.services.transit.fleet import UNFIT, record_roll_call, what_keeps_in
from yui.services.transit.forms import RollCallForm
from yui.services.transit.models import Duty, DutyNote, Ride
from yui.services.transit.views import pages, words
from yui.supply.public import DemandState, StepKind, StopView, plan_of

REASON = "transit_driving"
KINDS = {StepKind.PICKUP: gettext_lazy("Pick up"), StepKind.DROPOFF: gettext_lazy("Drop off")}
WORKER = Path(__file__).parents[1] / "static" / "transit" / "worker.js"
MOST_STEPS, MOST_YEN = 100, 1_000_000
KEPT_AFTER = dt.timedelta(hours=1)
"""How long after the end of a duty its page may stay on the phone."""


def duties_on(day: dt.date) -> list[Duty]:
    """Every duty that touches a day, by when it begins."""
    begins = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    touching = Duty.objects.filter(from_at__lt=begins + dt.timedelta(days=1), until_at__gt=begins)
    return list(touching.select_related("driver", "vehicle").order_by("from_at", "pk"))


def _duty(public_id: UUID) -> Duty:
    try:
        return get_duty(public_id)
    except TransitRefused:
        raise Http404 from None


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
    """One duty: first the roll call, then the next stop large, then those after it."""
    row = _duty(duty)
    over, keeps_in = is_over(row), what_keeps_in(row)
    stops = [] if over or keeps_in else _stops(row)
    aboard = on_board(row)
    plan = plan_of(row.service)
    context = {
        "title": _("Duty of %(car)s") % {"car": row.vehicle.name},
        "crumbs": [(_("Driving"), reverse("transit:drive"))] if allowed(BOARD) else [],
        "duty": row,
        "over": over,
        "problems": [UNFIT[one] for one in keeps_in],
        "may_call": allowed(CALL),
        "stops": stops,
        "troubles": [trouble(note) for note in troubles_of(row)],
        "break_since": on_break_since(row),
        "aboard": [str(demand) for demand in aboard],
        "sharing": [str(demand) for demand, shared in aboard.items() if shared],
        "means": words.MEANS.items(),
        "plan": plan.version if plan else 0,
        "kept_until": int((row.until_at + KEPT_AFTER).timestamp() * 1000),
        "key": uuid4(),
    }
    response = render(request, "transit/duty.html", context)
    if stops and row.driver.account == current_actor().public_id:
        # Asks the driver's own phone to keep the page for as long as the duty goes.
        response["X-Keep-Until"] = str(context["kept_until"])
    return response


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
    fares = {one.demand: find_fare(one) for one in Ride.objects.filter(demand__in=live)}
    return [
        _stop(stop, live[stop.demand], names.get(live[stop.demand].rider, _("Name not shown")), fares)
        for stop in ahead
        if stop.demand in live
    ]


def _stop(stop: StopView, ride: RideView, name: str, fares: dict[UUID, RideFare | None]) -> dict[str, Any]:
    taken_over = stop.step < 0
    is_dropoff = not taken_over and stop.kind is StepKind.DROPOFF
    return {
        "demand": stop.demand,
        "step": stop.step,
        "kind": _("Take over from another car") if taken_over else KINDS[stop.kind],
        "is_pickup": not taken_over and stop.kind is StepKind.PICKUP,
        "is_dropoff": is_dropoff,
        "act": DutyAct.ALIGHTED.value if is_dropoff else DutyAct.BOARDED.value,
        # Where another car stands is known to the drivers, not to the wish.
        "place": "" if taken_over else stop.name,
        "at": pages.clock(stop.arrive_at),
        "name": name,
        "people": pages.people(ride.party, ride.wheelchairs),
        "fare": fares.get(stop.demand) if is_dropoff else None,
        "key": uuid4(),
    }


def trouble(note: DutyNote) -> dict[str, Any]:
    """A note for the office to look into, in words."""
    return {
        "at": note.at,
        "act": words.ACTS[DutyAct(note.act)],
        "place": note.place,
        "why": _why(note) if note.refused else _fare_differs(note),
    }


def _why(note: DutyNote) -> Any:
    return NOT_COUNTED.get(note.refused, _("It did not fit the plan. Tell the office."))


def _fare_differs(note: DutyNote) -> str:
    """Without a line the phone reckons the fare itself; the one that counts may be another."""
    told = f"{note.told_yen or 0:,}"
    if note.due_yen is None:
        return _("The phone said %(told)s yen; the fare could not be worked out.") % {"told": told}
    return _("The phone said %(told)s yen; the fare is %(due)s yen.") % {
        "told": told,
        "due": f"{note.due_yen:,}",
    }


@requires(REPORT)
@require_safe
def pulse(request: HttpRequest, duty: UUID) -> JsonResponse:
    """Whether the line is there and the page is still the newest: the number of the plan. It names nobody."""
    row = _duty(duty)
    plan = plan_of(row.service)
    return JsonResponse({"plan": plan.version if plan else 0, "over": is_over(row)})


@anyone
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page of a duty on the phone. It names nobody, so anyone may read it."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript")
    # It also has to see the sign-out, which lies elsewhere, to forget what it keeps.
    response["Service-Worker-Allowed"] = "/"
    return response


@requires(CALL)
@require_POST
def call(request: HttpRequest, duty: UUID) -> HttpResponse:
    """Record the roll call before or after a duty."""
    row = _duty(duty)
    form = RollCallForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Enter what the meter shows, for example 0.00, and how the driver feels."))
        return redirect("transit:duty", duty=duty)
    after = form.cleaned_data["after"]
    keeps_in = record_roll_call(
        duty=row.public_id,
        alcohol_mg_per_l=float(form.cleaned_data["alcohol"]),
        well=form.cleaned_data["well"],
        after=after,
        instruction=form.cleaned_data["instruction"],
        odometer_km=form.cleaned_data["odometer_km"],
    )
    if after:
        messages.success(request, _("The roll call after the duty is recorded. The duty is over."))
    elif keeps_in:
        messages.warning(request, _("The roll call is recorded. The driver may not go out."))
    else:
        messages.success(request, _("The roll call is recorded. The driver may go out."))
    return redirect("transit:duty", duty=duty)


@requires(REPORT)
@require_POST
def report(request: HttpRequest, duty: UUID) -> HttpResponse:
    """Note what happened; at the end of a ride say what is to be paid. Sent twice, it counts once.

    A page sends a form and is led back; a phone with a script sends what it kept, and gets JSON.
    """
    row = _duty(duty)
    try:
        note = note_tap(row, _tap(request))
    except (ValueError, OverflowError):
        # No button of ours says that; a refusal of what one says is a note.
        raise Http404 from None
    level, told = _told(note)
    if request.accepts("text/html"):
        messages.add_message(request, level, told)
        return redirect("transit:duty", duty=duty)
    return JsonResponse({"counted": not note.refused, "told": str(told), "yen": note.due_yen})


def _tap(request: HttpRequest) -> Tap:
    sent = request.POST
    act = DutyAct(sent.get("act", ""))
    is_break = act in (DutyAct.BREAK_BEGUN, DutyAct.BREAK_ENDED)
    step, told = int(sent.get("step") or 0), int(sent.get("told_yen") or 0)
    if abs(step) > MOST_STEPS or not 0 <= told <= MOST_YEN:
        raise ValueError("No page of ours says that.")
    return Tap(
        key=sent.get("key", "")[:100] or str(uuid4()),
        act=act,
        demand=None if is_break else UUID(sent.get("demand", "")),
        step=None if is_break else step,
        ago=dt.timedelta(milliseconds=max(0, int(sent.get("ago_ms", "0")))),
        means=Means(sent.get("means", Means.CASH.value)),
        told_yen=told if sent.get("told_yen") else None,
    )


def _told(note: DutyNote) -> tuple[int, Any]:
    """What the driver reads after a tap."""
    if note.refused:
        return messages.ERROR, _("This did not count: %(why)s") % {"why": _why(note)}
    if note.act == DutyAct.ALIGHTED:
        if note.due_yen is None:
            return messages.ERROR, _(
                "Arrived. The fare could not be worked out; take nothing and tell the office."
            )
        if note.told_yen not in (None, note.due_yen):
            return messages.WARNING, _fare_differs(note)
        if note.due_yen:
            return messages.SUCCESS, _("Arrived. To be paid: %(yen)s yen") % {"yen": f"{note.due_yen:,}"}
        return messages.SUCCESS, _("Arrived. Nothing is to be paid.")
    return messages.SUCCESS, {
        DutyAct.BOARDED.value: _("Noted: on board."),
        DutyAct.NO_SHOW.value: _("Noted: nobody was there."),
        DutyAct.BREAK_BEGUN.value: _("Noted: on a break."),
        DutyAct.BREAK_ENDED.value: _("Noted: the break is over."),
    }[note.act]
