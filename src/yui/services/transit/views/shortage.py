"""Where vehicles lack: a picture of the week, hour by hour."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yui.kernel.access.public import requires
from yui.services.transit import indicators
from yui.services.transit.apps import BOARD
from yui.services.transit.contracts import Definition, TransitRefused
from yui.services.transit.definitions import get_service
from yui.services.transit.rules import MATCHING_GOAL_PERCENT, vehicles_lacking_simply
from yui.services.transit.views.reports import csv_answer
from yui.supply.public import UnknownSupply

WEEKS, MOST_WEEKS, MOST_TAXIS = 13, 104, 100_000
LEVELS = (50, 70, 80, MATCHING_GOAL_PERCENT)
"""Matching rates in percent at which the shade of an hour changes."""


@requires(BOARD)
@require_safe
def shortage(request: HttpRequest, service: str, form: str = "") -> HttpResponse:
    """The matching rate and the vehicles lacking, by weekday and hour."""
    today = timezone.localdate()
    weeks = _number(request.GET.get("weeks"), WEEKS, MOST_WEEKS)
    taxis = _number(request.GET.get("taxis"), 0, MOST_TAXIS)
    definition = _service(service, today)
    zones = sorted({stop.zone for stop in definition.stops} - {""})
    zone = request.GET.get("zone", "")
    if zone and zone not in zones:
        raise Http404
    span = {"from_on": today - dt.timedelta(weeks=weeks), "until_on": today}
    try:
        found = indicators.shortage(service, zone=zone, **span)
    except UnknownSupply:
        raise Http404 from None
    if form:
        return csv_answer(f"shortage-{service}-{today}.csv", SHORTAGE_HEADING, _shortage_rows(found))
    shown = [
        hour
        for hour in indicators.HOURS
        if any(one.hour == hour and one.requests != 0 for one in found.hours)
    ]
    context = {
        "title": _("Where vehicles lack"),
        "lead": definition.name_ja,
        "crumbs": [(_("Ride reports"), reverse("transit:reports"))],
        "found": found,
        "finding": _finding(found),
        "last_on": today - dt.timedelta(days=1),
        "weekdays": WEEKDAYS,
        "rows": [
            {"hour": hour, "cells": [_cell(one) for one in found.hours if one.hour == hour]} for hour in shown
        ],
        "goal": MATCHING_GOAL_PERCENT,
        "levels": _levels(),
        "weeks": weeks,
        "taxis": taxis,
        "zones": zones,
        "simple": vehicles_lacking_simply(taxis, *FRIDAY_NIGHT) if taxis else 0,
        "version": indicators.DEFINITION,
        "csv": f"{reverse('transit:shortage_csv', args=[service])}?{request.GET.urlencode()}",
    }
    return render(request, "transit/shortage.html", context)


def _service(code: str, day: dt.date) -> Definition:
    try:
        return get_service(code, day)
    except TransitRefused:
        raise Http404 from None


def _number(given: str | None, usual: int, most: int) -> int:
    return min(max(int(given), 1), most) if given and given.isascii() and given.isdigit() else usual


FRIDAY_NIGHT = (4, 20)
WEEKDAYS = tuple(
    gettext_lazy(name)
    for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)
SHORTAGE_HEADING = (
    gettext_lazy("Day of the week"),
    gettext_lazy("Hour"),
    gettext_lazy("Requests"),
    gettext_lazy("Accepted"),
    gettext_lazy("Matching rate in percent"),
    gettext_lazy("Vehicles lacking"),
)


def _cell(one: indicators.Hour) -> dict[str, Any]:
    """One hour of one weekday as the picture shows it; the shade only repeats the number."""
    if one.percent is None:
        return {"level": "", "text": "" if one.requests == 0 else "·", "is_hidden": one.requests is None}
    level = sum(one.percent >= limit for limit in LEVELS)
    return {"level": level, "text": f"{one.percent:.0f}", "lacking": one.lacking or 0, "is_hidden": False}


def _levels() -> list[dict[str, Any]]:
    limits = (0, *LEVELS, 100)
    return [
        {"level": number, "from": low, "until": high} for number, (low, high) in enumerate(pairwise(limits))
    ]


def _finding(found: indicators.Shortage) -> str:
    """What the picture says, in a sentence."""
    if found.percent is None:
        return _("There were too few requests in every hour to be told.")
    told = _("A car was found for %(percent).0f %% of the requests.") % {"percent": found.percent}
    if not found.short:
        return told + " " + _("No hour is below the goal of %(goal)d %%.") % {"goal": MATCHING_GOAL_PERCENT}
    worst = found.short[0]
    return (
        told
        + " "
        + _(
            "%(n)d hours of the week are below the goal of %(goal)d %%; the lowest is %(weekday)s %(hour)d:00 "
            "with %(percent).0f %%."
        )
        % {
            "n": len(found.short),
            "goal": MATCHING_GOAL_PERCENT,
            "weekday": WEEKDAYS[worst.weekday],
            "hour": worst.hour,
            "percent": worst.percent,
        }
    )


def _shortage_rows(found: indicators.Shortage) -> Iterable[Sequence[Any]]:
    for one in found.hours:
        if one.requests == 0:
            continue
        percent = f"{one.percent:.1f}" if one.percent is not None else ""
        hidden = _("fewer than %(n)d") % {"n": found.fewest}
        requests = one.requests if one.requests is not None else hidden
        yield (WEEKDAYS[one.weekday], one.hour, requests, one.accepts, percent, one.lacking)
