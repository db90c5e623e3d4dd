"""What the operator's map is made of: tiles, the stream, the map library; and buttons that change roads and cars."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yui.engines.travel.public import Place
from yui.kernel.access.public import anyone, requires
from yui.kernel.tenancy.public import current_body
from yui.services.transit.apps import BOARD, MANAGE
from yui.services.transit.contracts import TransitRefused
from yui.services.transit.definitions import get_service
from yui.services.transit.fleet import DutyInput, register_duty
from yui.services.transit.live import scripts, stream, tiles
from yui.services.transit.live.seen import look, map_of, network_of
from yui.services.transit.models import Driver, Duty, Vehicle
from yui.supply.public import DemandState, UnknownSupply, close_road, open_road, reckon_roads

KEPT = "private, max-age=604800, immutable"
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
SPANS = {
    "": gettext_lazy("Until it is opened again"),
    "60": gettext_lazy("For one hour"),
    "180": gettext_lazy("For three hours"),
    "720": gettext_lazy("For twelve hours"),
}
"""How long a road is closed, in minutes."""


@requires(BOARD)
@require_safe
def tile(request: HttpRequest, service: str, version: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile of a service's map. Its address holds the version, so browsers keep it."""
    try:
        current, layers = map_of(service)
        drawn = layers.tile(z, x, y)
    except (TransitRefused, UnknownSupply, LookupError):
        raise Http404 from None
    etag = f'"{current}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag, "Cache-Control": KEPT})
    # An old page asks by the old version: it gets the new map, which it must not keep under the old name.
    kept = KEPT if version == current else "no-store, private"
    return HttpResponse(drawn, content_type=tiles.CONTENT_TYPE, headers={"ETag": etag, "Cache-Control": kept})


@requires(BOARD)
@require_safe
def events(request: HttpRequest, service: str) -> StreamingHttpResponse:
    """The stream of a service: where its cars are, and what is drawn of its plan."""
    try:
        look(service)
    except UnknownSupply:
        raise Http404 from None
    told = stream.events(current_body(), service, request.headers.get("Last-Event-ID", ""))
    return StreamingHttpResponse(
        told,
        content_type=stream.CONTENT_TYPE,
        headers={"Cache-Control": "no-store, private", "X-Accel-Buffering": "no"},
    )


@anyone
@require_safe
def library(request: HttpRequest, release: str, name: str) -> HttpResponse:
    """A file of the map library."""
    try:
        packed = scripts.packed(name)
    except LookupError:
        raise Http404 from None
    kept = "public, max-age=31536000, immutable" if release == scripts.release() else "no-store"
    return HttpResponse(
        packed,
        content_type=_TYPES[name.rpartition(".")[2]],
        headers={"Content-Encoding": "gzip", "Cache-Control": kept},
    )


@requires(BOARD)
@require_POST
def close(request: HttpRequest, service: str) -> HttpResponse:
    """Close a road for a while; the plan is made anew at once."""
    network = _network(service)
    road, span = request.POST.get("road", ""), request.POST.get("span", "")
    if span not in SPANS or not _is_road(network, road):
        messages.error(request, _("Choose a road and for how long it is closed."))
        return redirect("transit:service_board", service=service)
    until = timezone.now() + dt.timedelta(minutes=int(span)) if span else None
    if int(road) not in look(service).closed:
        close_road(board=service, road=int(road), until_at=until)
    _tell(request, _("The road is closed."), reckon_roads(board=service))
    return redirect("transit:service_board", service=service)


@requires(BOARD)
@require_POST
def reopen(request: HttpRequest, service: str) -> HttpResponse:
    """Open a road again: what ``close`` did is taken back."""
    road = request.POST.get("road", "")
    if not _is_road(_network(service), road):
        raise Http404
    open_road(board=service, road=int(road))
    _tell(request, _("The road is open again."), reckon_roads(board=service))
    return redirect("transit:service_board", service=service)


def _network(service: str) -> Any:
    try:
        return network_of(service)
    except UnknownSupply:
        raise Http404 from None


def _is_road(network: Any, road: str) -> bool:
    return (
        network is not None and road.isascii() and road.isdigit() and bool((network.road == int(road)).any())
    )


def _tell(request: HttpRequest, done: str, touched: Any) -> None:
    lost = sum(state is DemandState.FAILED for state in touched.values())
    told = _("%(done)s Moved to other cars or times: %(moved)d. Not to be served: %(lost)d.")
    level = messages.WARNING if lost else messages.SUCCESS
    messages.add_message(request, level, told % {"done": done, "moved": len(touched) - lost, "lost": lost})


@requires(MANAGE)
@require_POST
def assist(request: HttpRequest, service: str) -> HttpResponse:
    """Send one more car out, from now until a time of today."""
    now = timezone.now()
    try:
        definition = get_service(service, timezone.localdate(now))
        stop = next(one for one in definition.stops if one.code == request.POST.get("stop"))
        driver, vehicle = (UUID(request.POST.get(name, "")) for name in ("driver", "vehicle"))
        until = dt.time.fromisoformat(request.POST.get("until", ""))
    except (StopIteration, ValueError) as error:
        told = (
            str(error.text)
            if isinstance(error, TransitRefused)
            else _("Choose a car, a driver, a stop and a time.")
        )
        messages.error(request, told)
        return redirect("transit:service_board", service=service)
    ends = timezone.make_aware(dt.datetime.combine(timezone.localdate(now), until))
    if ends <= now:
        messages.error(request, _("The time is over already. Choose a later one."))
        return redirect("transit:service_board", service=service)
    base = Place(stop.latitude, stop.longitude)
    try:
        register_duty(DutyInput(service, driver, vehicle, now.replace(second=0, microsecond=0), ends, base))
    except TransitRefused as refused:
        messages.error(request, str(refused.text))
    else:
        messages.success(
            request, _("One more car is on duty. The driver does the roll call before the first ride.")
        )
    return redirect("transit:service_board", service=service)


def free_now(service: str) -> dict[str, list[tuple[UUID, str]]]:
    """Cars and drivers that are registered and on no duty now."""
    now = timezone.now()
    busy = Duty.objects.filter(from_at__lte=now, until_at__gt=now)
    vehicles = Vehicle.objects.filter(retired_on=None).exclude(pk__in=busy.values("vehicle"))
    drivers = Driver.objects.filter(left_on=None).exclude(pk__in=busy.values("driver"))
    return {
        "vehicles": [(one.public_id, f"{one.name} ({one.plate})") for one in vehicles.order_by("name", "pk")],
        "drivers": [(one.public_id, one.name) for one in drivers.order_by("name", "pk")],
    }
