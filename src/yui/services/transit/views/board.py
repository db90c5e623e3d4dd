"""The operator's board: a live map, what every car does next, what is promised, what to do when something is lost."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from yui.kernel.access.public import allowed, requires
from yui.services.transit.apps import BOARD, MANAGE, SEEN
from yui.services.transit.contracts import Category, Definition, TransitRefused
from yui.services.transit.definitions import get_service, list_services_on
from yui.services.transit.live import scripts
from yui.services.transit.live import words as called
from yui.services.transit.live.positions import Motion, Position
from yui.services.transit.live.roads import place_of, roads_near
from yui.services.transit.live.seen import Seen, day_of, look, map_of, network_of, sources_of
from yui.services.transit.live.tiles import FINEST
from yui.services.transit.live.views import SPANS, free_now
from yui.services.transit.models import Duty
from yui.services.transit.refusals import WITHOUT_WHEELCHAIR, refusals
from yui.services.transit.views import drawing, pages, words
from yui.services.transit.views.drive import KINDS, duties_on
from yui.supply.public import (
    FEWEST,
    DemandState,
    DemandView,
    UnknownSupply,
    list_changes,
    list_demands,
    list_open_offers,
    withdraw_shift,
)

CAUSES = {
    "breakdown": gettext_lazy("The car broke down"),
    "driver_ill": gettext_lazy("The driver is ill"),
    "other": gettext_lazy("Another cause"),
}
"""Why a car can serve no longer."""
REFRESH_SECONDS = 20
DAYS = 30
"""For so many days it is counted who is refused how often."""
MOST_NEXT = 5
"""Stops ahead that a car's row shows."""


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
    """One service today: its map, its cars, its promises and requests."""
    definition, seen = _service(service)
    demands = _demands_today(service) if allowed(SEEN) else []
    crumbs = (
        [(_("Rides today"), reverse("transit:board"))]
        if len(list_services_on(timezone.localdate())) > 1
        else []
    )
    context = _now(definition, seen) | {
        "crumbs": crumbs,
        "causes": CAUSES.items(),
        "live": _map_script(definition),
        "promises": _promises(demands, seen),
        "changes": _changes_today(service, demands),
        "demands": [_demand_row(one) for one in demands if one.state not in pages.LIVE],
        "waiting": [_waiting_row(one) for one in demands if one.state is DemandState.OPEN],
        "rates": refusal_rates(demands),
        "reasons": refusal_reasons(demands),
        "groups": refusal_groups(service),
        "days": DAYS,
        "fewest": FEWEST,
        "may_see": allowed(SEEN),
        "roads": _roads(definition, seen),
        "free": free_now(service) if allowed(MANAGE) else None,
        "stops": definition.stops,
    }
    return render(request, "transit/board.html", context)


@requires(BOARD)
@require_safe
def live(request: HttpRequest, service: str) -> HttpResponse:
    """The map and the cars alone, loaded anew by the browser: for screens without scripts, and for the wall."""
    definition, seen = _service(service)
    crumbs = [(definition.name_ja, reverse("transit:service_board", args=[service]))]
    context = _now(definition, seen) | {"crumbs": crumbs, "refresh_seconds": REFRESH_SECONDS}
    return render(request, "transit/live.html", context)


def _service(service: str) -> tuple[Definition, Seen]:
    try:
        return get_service(service, timezone.localdate()), look(service)
    except (TransitRefused, UnknownSupply):
        raise Http404 from None


def _now(definition: Definition, seen: Seen) -> dict[str, Any]:
    """What the map and the rows of the cars show. It names no rider."""
    now = timezone.now()
    where = seen.where(now)
    duties = [one for one in duties_on(timezone.localdate()) if one.service == definition.code]
    cars = [_car(one, seen, where.get(one.shift)) for one in duties]
    return {
        "title": definition.name_ja,
        "lead": _("Rides today"),
        "service": definition.code,
        "cars": cars,
        "map": drawing.draw(definition, cars, network_of(definition.code)),
        "sources": sources_of(definition.code),
        "now": now,
        "plan": seen.plan.version if seen.plan else 0,
    }


def _car(duty: Duty, seen: Seen, at: Position | None) -> dict[str, Any]:
    """What a car does today, in its order."""
    routes = seen.plan.routes if seen.plan else ()
    route = next((one for one in routes if one.shift == duty.shift), None)
    stops = [
        {
            "at": pages.clock(stop.arrive_at),
            "kind": _("Take over from another car") if stop.step < 0 else KINDS[stop.kind],
            "name": "" if stop.step < 0 else stop.name or _("a door"),
            "place": stop.place,
            "is_done": stop.done,
        }
        for stop in (route.stops if route else ())
    ]
    is_off = duty.shift in seen.off
    ahead = [] if is_off else [stop for stop in stops if not stop["is_done"]]
    late = int(at.late.total_seconds() // 60) if at else 0
    state, kind = _state(duty, at, bool(ahead), is_off)
    return {
        "number": seen.numbers[duty.shift],
        "name": duty.vehicle.name,
        "driver": duty.driver.name,
        "from_at": duty.from_at,
        "until_at": duty.until_at,
        "stops": stops,
        "ahead": ahead,
        "next": ahead[:MOST_NEXT],
        "more": max(0, len(ahead) - MOST_NEXT),
        "served": sum(stop["is_done"] for stop in stops),
        "at": at.place if at else None,
        "line": seen.ahead(duty.shift),
        "state": state,
        "kind": kind,
        "late": ngettext("%(n)d minute late", "%(n)d minutes late", late) % {"n": late} if late else "",
        "off": CAUSES.get(seen.off[duty.shift], CAUSES["other"]) if is_off else "",
        "duty": reverse("transit:duty", args=[duty.public_id]),
        "withdraw": "" if is_off else reverse("transit:withdraw", args=[duty.service, duty.shift]),
    }


def _state(duty: Duty, at: Position | None, has_stops: bool, is_off: bool) -> tuple[str, str]:
    """What a car does now, in words, and the kind of its mark."""
    now = timezone.now()
    if is_off:
        return _("Off the road"), "refused"
    if now < duty.from_at and not has_stops:
        return _("Not yet on duty"), ""
    if now >= duty.until_at and not has_stops:
        return _("Duty is over"), "done"
    if at and at.motion is Motion.DRIVES:
        return _("On the way"), "going"
    return (_("At a stop"), "waiting") if has_stops else (_("Free"), "done")


def _map_script(definition: Definition) -> dict[str, Any]:
    """Everything the page's script needs to draw the map."""
    code = definition.code
    version, layers = map_of(code)
    west, south, east, north = layers.bounds()
    tile = (
        reverse("transit:tile", args=[code, version, 0, 0, 0]).removesuffix("0/0/0.mvt") + "{z}/{x}/{y}.mvt"
    )
    return {
        "library": reverse("transit:library", args=[scripts.release(), "maplibre-gl.js"]),
        "style": reverse("transit:library", args=[scripts.release(), "maplibre-gl.css"]),
        "settings": {
            "worker": reverse("transit:library", args=[scripts.release(), "worker.js"]),
            "tiles": tile,
            "events": reverse("transit:events", args=[code]),
            "part": reverse("transit:live", args=[code]),
            "bounds": [[west, south], [east, north]],
            "finest": FINEST,
            "stops": [[stop.longitude, stop.latitude, stop.name] for stop in definition.stops],
            "attribution": sources_of(code),
            "words": {
                "late": _("min late"),
                "connected": _("Live"),
                "waiting": _("Connecting…"),
                "changed": _("The plan has changed. Load the page again for the requests."),
                "road": _("Road no. %(road)s, chosen on the map"),
                "NavigationControl.ZoomIn": _("Zoom in"),
                "NavigationControl.ZoomOut": _("Zoom out"),
                "Map.Title": _("Map with the cars of now"),
            },
        },
    }


# Promises and requests


def _demands_today(service: str) -> list[DemandView]:
    begins, ends = day_of(timezone.now())
    return list_demands(service, from_at=begins, until_at=ends)


def _way(demand: DemandView) -> str:
    start, end = demand.steps
    return _("%(start)s to %(end)s") % {"start": start.name or _("a door"), "end": end.name or _("a door")}


def _promises(demands: Sequence[DemandView], seen: Seen) -> list[dict[str, Any]]:
    """What is promised and not yet kept, the latest first, then the one with the least room."""
    live = (DemandState.PROMISED, DemandState.UNDER_WAY)
    rows = [_promise_row(one, seen) for one in demands if one.state in live and one.told and one.planned]
    return sorted(rows, key=lambda row: (-row["late"], row["room"], row["told"]))


def _promise_row(demand: DemandView, seen: Seen) -> dict[str, Any]:
    step = next((number for number, at in enumerate(demand.served) if at is None), len(demand.steps) - 1)
    told = demand.told[step]
    # What should have happened and was not reported will not happen before now.
    expected = max(demand.planned[min(step, len(demand.planned) - 1)], timezone.now())
    limit = demand.changes[-1].latest[step] if demand.changes else demand.steps[step].until_at
    if seen.window is not None:
        limit = min(limit, told + seen.window)
    label, kind = words.STATES[demand.state]
    late, room = (int(span.total_seconds() // 60) for span in (expected - told, limit - expected))
    return {
        "told": told,
        "at": pages.clock(told),
        "expected": pages.clock(expected),
        "what": KINDS[demand.steps[step].kind],
        "late": max(late, 0),
        "room": room,
        "car": seen.numbers.get(demand.shift) if demand.shift else None,
        "way": _way(demand),
        "people": pages.people(demand.load.get("seats", 0), demand.load.get("wheelchairs", 0)),
        "state": label,
        "kind": kind,
        "href": reverse("transit:ride", args=[demand.public_id]),
    }


def _changes_today(service: str, demands: Sequence[DemandView]) -> list[dict[str, Any]]:
    """What riders were told anew today, the latest first."""
    begins, _ends = day_of(timezone.now())
    known = {one.public_id: one for one in demands}
    return [
        {
            "told_at": pages.clock(change.told_at),
            "way": _way(known[demand]) if demand in known else _("A ride of another day"),
            "comes": pages.clock(change.times[0]) if change.times else "",
            "arrives": pages.clock(change.times[-1]) if change.times else "",
            "cause": words.because(change.because),
            "href": reverse("transit:ride", args=[demand]),
        }
        for demand, change in list_changes(service, since=begins)
    ]


def _demand_row(demand: DemandView) -> dict[str, Any]:
    label, kind = words.STATES[demand.state]
    return {
        "at": pages.coming(demand) or pages.clock(demand.steps[0].from_at),
        "way": _way(demand),
        "people": pages.people(demand.load.get("seats", 0), demand.load.get("wheelchairs", 0)),
        "state": label,
        "kind": kind,
        "reasons": [words.reason(one) for one in demand.reasons],
        "href": reverse("transit:ride", args=[demand.public_id]),
    }


def _waiting_row(demand: DemandView) -> dict[str, Any]:
    """Somebody who has not chosen yet, and until when offers are kept for them."""
    until = [one.expires_at for one in list_open_offers(demand.public_id)]
    return _demand_row(demand) | {"offers": len(until), "until": pages.clock(max(until)) if until else ""}


def _by_wheelchair(demands: Sequence[DemandView]) -> dict[str, list[DemandView]]:
    return {
        _("With a wheelchair"): [one for one in demands if one.load.get("wheelchairs")],
        _("Without a wheelchair"): [one for one in demands if not one.load.get("wheelchairs")],
    }


def refusal_rates(demands: Sequence[DemandView]) -> list[dict[str, Any]]:
    """How many requests were refused, with a wheelchair and without: nobody is to be left standing more often."""
    rates = []
    for label, group in _by_wheelchair(demands).items():
        refused = sum(one.state is DemandState.REFUSED for one in group)
        share = f"{100 * refused / len(group):.0f}%" if group else "—"
        note = _("%(refused)d of %(asked)d requests refused") % {"refused": refused, "asked": len(group)}
        rates.append({"label": label, "value": share, "note": note})
    return rates


def refusal_reasons(demands: Sequence[DemandView]) -> list[dict[str, Any]]:
    """Why requests were refused, with a wheelchair and without, the most frequent reason first."""
    found = []
    for label, group in _by_wheelchair(demands).items():
        refused = [one for one in group if one.state is DemandState.REFUSED]
        counts = Counter(called.cause(reason) for one in refused for reason in one.reasons)
        found += [{"group": label, "cause": cause, "count": count} for cause, count in counts.most_common()]
    return found


def refusal_groups(service: str) -> list[dict[str, Any]]:
    """How often each group of riders was refused lately; of a group of few it is only said that they are few."""
    today = timezone.localdate()
    rates = refusals(service, from_on=today - dt.timedelta(days=DAYS), until_on=today + dt.timedelta(days=1))
    return [
        {
            "who": _("Without a wheelchair")
            if one.group == WITHOUT_WHEELCHAIR
            else called.WHO[Category(one.group)],
            "asked": one.asked,
            "refused": one.refused,
            "share": "" if one.percent is None else f"{one.percent:.0f}%",
        }
        for one in rates
    ]


# Roads


def _roads(definition: Definition, seen: Seen) -> dict[str, Any] | None:
    """Roads that are closed and roads that can be; None where the board has no road map."""
    network = network_of(definition.code)
    if network is None:
        return None
    stops = definition.stops
    closed = [(road, place_of(network, road, stops)) for road in sorted(seen.closed)]
    near = [one for one in roads_near(network, stops) if one.road not in seen.closed]
    return {
        "closed": [{"road": road, "name": called.road(road, place)} for road, place in closed],
        "near": [{"road": one.road, "name": called.road(one.road, one)} for one in near],
        "spans": SPANS.items(),
    }


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
