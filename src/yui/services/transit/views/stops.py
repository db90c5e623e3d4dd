"""The page for everybody: when the bus runs, where, for how much, how to book, and how long one waits now."""

import datetime as dt
from collections.abc import Callable
from threading import Thread
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yui.kernel.access.public import anyone
from yui.kernel.tenancy.public import BodyRef, body_scope, find_body, find_current_body
from yui.services.transit.contracts import Definition, TransitRefused
from yui.services.transit.definitions import get_service, list_services_on
from yui.services.transit.live import words
from yui.services.transit.live.roads import place_of
from yui.services.transit.live.seen import Seen, look, network_of, sources_of
from yui.services.transit.live.waiting import Waiting, waiting
from yui.services.transit.rules import JAPAN, fares_on, hours_on, next_pickup
from yui.services.transit.views import drawing
from yui.supply.public import UnknownSupply

REFRESH_SECONDS = 60


@anyone
@require_safe
def services(request: HttpRequest, body: str) -> HttpResponse:
    """The services of a body; one alone is opened at once."""
    here = _body(body)
    found = _within(here, lambda: list_services_on(timezone.localdate()))
    if len(found) == 1:
        return redirect("transit:stops", body=body, service=found[0].code)
    rows = [{"name": _name(one), "href": reverse("transit:stops", args=[body, one.code])} for one in found]
    context = {"title": _("Buses to book"), "lead": here.name, "rows": rows}
    return render(request, "transit/stops_services.html", context)


@anyone
@require_safe
def stops(request: HttpRequest, body: str, service: str) -> HttpResponse:
    """One service, for everybody."""
    here = _body(body)
    found = _within(here, lambda: _facts(service))
    if found is None:
        raise Http404
    book = reverse("transit:new_ride")
    return render(request, "transit/stops.html", {**found, "lead": here.name, "book": book})


def _body(code: str) -> BodyRef:
    found = find_body(code)
    if found is None:
        raise Http404
    return found


def _within(body: BodyRef, ask: Callable[[], Any]) -> Any:
    """An answer from a body's data, whosever page the reader is on."""
    active = find_current_body()
    if active is None or active.id == body.id:
        with body_scope(body):
            return ask()
    # Whoever is signed in at another body is in that one's scope: this page is asked for beside it.
    found: list[Any] = []

    def apart(language: str) -> None:
        try:
            with body_scope(body), override(language):
                found.append(ask())
        finally:
            connection.close()

    thread = Thread(target=apart, args=[get_language()])
    thread.start()
    thread.join()
    if not found:
        raise Http404
    return found[0]


def _facts(code: str) -> dict[str, Any] | None:
    now = timezone.now()
    today = timezone.localdate(now)
    try:
        service = get_service(code, today)
    except TransitRefused:
        return None
    try:
        seen: Seen | None = look(code, now)
        network, wait = network_of(code), waiting(service)
    except UnknownSupply:
        seen = network = wait = None
    return {
        "title": _name(service),
        "service": service,
        "phone": service.phone,
        "dial": "".join(sign for sign in service.phone if sign.isdigit() or sign == "+"),
        "today": [_span(*span) for span in hours_on(service, today)],
        "next_day": _next_day(service, now),
        "week": _week(service),
        "wait": _wait(wait),
        "notes": _notes(service, seen),
        "map": drawing.draw(service, [], network),
        "sources": sources_of(code) if seen else "",
        "fares": _fares(service, today),
        "closes_minutes": service.booking.closes_minutes,
        "opens_days": service.booking.opens_days,
        "refresh_seconds": REFRESH_SECONDS,
    }


def _name(service: Definition) -> str:
    return service.name_en if get_language() == "en" and service.name_en else service.name_ja


def _clock(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")


def _span(opens: dt.datetime, closes: dt.datetime) -> str:
    return _("%(opens)s to %(closes)s") % {"opens": _clock(opens), "closes": _clock(closes)}


def _next_day(service: Definition, now: dt.datetime) -> str:
    """The next day it runs and from when, said where it doesn't run any more today."""
    begins = next_pickup(service, now)
    if begins is None or timezone.localdate(begins) == timezone.localdate(now):
        return ""
    day = date_format(timezone.localtime(begins), _("D, j N"))
    return _("%(day)s from %(time)s") % {"day": day, "time": _clock(begins)}


def _week(service: Definition) -> list[dict[str, str]]:
    """The hours of each day of the week, as they are when no holiday falls on it."""
    monday = dt.date(2024, 1, 1)  # any Monday: its name is what is wanted
    rows = []
    for weekday in range(7):
        spans = [one for one in service.hours if weekday in one.weekdays]
        told = "、".join(
            _("%(opens)s to %(closes)s") % {"opens": f"{one.opens:%H:%M}", "closes": f"{one.closes:%H:%M}"}
            for one in sorted(spans, key=lambda one: one.opens)
        )
        if get_language() == "en":
            told = told.replace("、", ", ")
        rows.append(
            {"day": date_format(monday + dt.timedelta(days=weekday), "l"), "hours": told or _("No bus")}
        )
    return rows


def _wait(found: Waiting | None) -> dict[str, str] | None:
    """The waiting time as a sentence, and what it was reckoned from."""
    if found is None:
        return None
    if found.opens_at is not None:
        told = _("The bus does not run now")
        return {
            "told": told,
            "note": _("It can be booked again for %(time)s") % {"time": _when(found.opens_at)},
        }
    note = _(
        "Reckoned at %(time)s from %(asked)d typical rides; for %(found)d of them a car is free in time."
    ) % {
        "time": _clock(found.at),
        "asked": found.asked,
        "found": found.found,
    }
    if found.minutes is not None:
        return {"told": _("About %(n)d minutes") % {"n": max(found.minutes, 1)}, "note": note}
    if found.earliest_at is not None:
        return {"told": _("No car before %(time)s") % {"time": _clock(found.earliest_at)}, "note": note}
    return {"told": _("No car is free any more today"), "note": note}


def _when(at: dt.datetime) -> str:
    here = timezone.localtime(at, JAPAN)
    if here.date() == timezone.localdate():
        return _clock(at)
    return f"{date_format(here, _('D, j N'))} {_clock(at)}"


def _notes(service: Definition, seen: Seen | None) -> list[str]:
    """What is not as usual today."""
    if seen is None:
        return []
    notes = []
    off = [number for shift, number in seen.numbers.items() if shift in seen.off]
    if off:
        told = _("%(off)d of %(all)d cars cannot run today. You may wait longer.")
        notes.append(told % {"off": len(off), "all": len(seen.numbers)})
    network = network_of(service.code)
    for road in sorted(seen.closed):
        place = place_of(network, road, service.stops) if network is not None else None
        notes.append(
            _("A road is closed: %(road)s. The bus goes round it.") % {"road": words.road(road, place)}
        )
    return notes


def _fares(service: Definition, today: dt.date) -> dict[str, Any]:
    fares = fares_on(service, today)
    zones = [{"way": " – ".join(pair), "yen": yen} for pair, yen in fares.zones.items()]
    less = [
        {
            "who": words.WHO[one.category],
            "percent": one.percent,
            "yen": _part(fares.flat_yen, one.percent, fares.rounding_yen),
        }
        for one in fares.discounts
    ]
    return {
        "flat": fares.flat_yen,
        "zones": zones,
        "shared": fares.shared_yen,
        "less": less,
    }


def _part(yen: int | None, percent: int, rounding: int) -> int | None:
    """A share of the fare, rounded up as at the car."""
    return None if yen is None else -(-yen * percent // (100 * rounding)) * rounding
