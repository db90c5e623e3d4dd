"""Comparing policies before a bus starts: ask for a trial, watch it come, read and take away the figures."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yui.kernel.access.public import requires
from yui.kernel.forms.public import FormRefused, handle_form
from yui.services.transit.apps import MANAGE
from yui.services.transit.contracts import TransitRefused
from yui.services.transit.definitions import list_services_on
from yui.services.transit.models import Trial
from yui.services.transit.registers import vehicles_on
from yui.services.transit.simulation import drawing
from yui.services.transit.simulation.demand import DayOptions, Trip, read_trace
from yui.services.transit.simulation.results import Figures, Result, as_csv, as_json
from yui.services.transit.simulation.surroundings import UnreadableFile
from yui.services.transit.trial_forms import SurroundingsForm, TrialForm
from yui.services.transit.trials import (
    DemandSource,
    about_of,
    begin_trial,
    find_surroundings,
    keep_surroundings,
    made_up_day,
    past_day,
    results_of,
)

SHOWN = 50
_MISTAKES = 5
MEASURES = {
    "served": gettext_lazy("Served, of rides that were wanted"),
    "wait_median": gettext_lazy("Wait of half of the riders, at most"),
    "wait_p90": gettext_lazy("Wait of nine in ten riders, at most"),
    "ride_median": gettext_lazy("Time on board of half of the riders, at most"),
    "walk": gettext_lazy("Walk to and from stops, on average"),
    "driven": gettext_lazy("Driving of all cars"),
    "cost_per_ride": gettext_lazy("Cost of a ride"),
}
UNITS = {
    "%": gettext_lazy("%"),
    "min": gettext_lazy("min"),
    "m": gettext_lazy("m"),
    "yen": gettext_lazy("yen"),
}
AGES = {
    "under_15": gettext_lazy("Under 15"),
    "from_15": gettext_lazy("15 to 64"),
    "from_65": gettext_lazy("65 to 74"),
    "from_75": gettext_lazy("75 and older"),
}
REASONS = {
    "outside_hours": gettext_lazy("No car runs at that time"),
    "too_late": gettext_lazy("Too late to be there by the time that was wished"),
    "no_stop_near": gettext_lazy("No stop within the walk"),
    "same_stop": gettext_lazy("Both ends have the same stop"),
    "no_road": gettext_lazy("No road leads there"),
    "no_skill": gettext_lazy("No car has the equipment"),
    "no_room": gettext_lazy("No car has room for so many"),
    "pickup_too_late": gettext_lazy("No car could come in time"),
    "dropoff_too_late": gettext_lazy("No car could be there in time"),
    "ride_too_long": gettext_lazy("The ride would be too long"),
    "shift_ends": gettext_lazy("The cars' hours end before"),
    "others_promised": gettext_lazy("The cars are promised to others"),
}
"""Why rides are refused: ``Unplanned`` of the simulation, and ``Obstacle`` of the engine."""
SOURCES = {
    DemandSource.MADE_UP: gettext_lazy("A made-up day"),
    DemandSource.TRACE: gettext_lazy("A day from a file"),
    DemandSource.PAST: gettext_lazy("A past day"),
}


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Compare services"), reverse("transit:trials"))]


@requires(MANAGE)
@require_safe
def trials(request: HttpRequest) -> HttpResponse:
    """What was tried, the newest first."""
    rows = [
        [
            {"text": _when(trial.asked_at), "href": reverse("transit:trial", args=[trial.public_id])},
            "、".join(policy["name"] for policy in trial.about["comparison"]["policies"]),
            _("%(n)d rides") % {"n": trial.about["rides"]},
            {"text": _("Finished"), "status": "done"}
            if trial.finished_at
            else {"text": _("Being reckoned"), "status": "going"},
        ]
        for trial in Trial.objects.order_by("-asked_at", "-pk")[:SHOWN]
    ]
    columns = [
        {"label": _("Asked for")},
        {"label": _("Policies")},
        {"label": _("The day")},
        {"label": _("State")},
    ]
    spots = find_surroundings()
    context = {
        "title": _("Compare services"),
        "lead": _("Try ways to run the bus on the same day before one of them starts."),
        "rows": rows,
        "columns": columns,
        "residents": sum(sum(spot.residents) for spot in spots) if spots else None,
        "places": sum(not any(spot.residents) for spot in spots) if spots else None,
    }
    return render(request, "transit/simulations.html", context)


def _when(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i")


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def surroundings(request: HttpRequest) -> HttpResponse:
    """Take over who lives where, and where people go."""
    form = SurroundingsForm.from_request(request)

    def keep(valid: SurroundingsForm) -> str:
        try:
            keep_surroundings(valid.text("table"))
        except UnreadableFile as unreadable:
            raise FormRefused(_told(unreadable), "table") from None
        return reverse("transit:trials")

    context = {"title": _("Who lives where"), "crumbs": _crumbs(), "submit": _("Take over")}
    return handle_form(request, form, template="transit/simulation_form.html", then=keep, context=context)


def _told(unreadable: UnreadableFile) -> str:
    mistakes = list(unreadable.mistakes[:_MISTAKES])
    if len(unreadable.mistakes) > _MISTAKES:
        mistakes.append(_("and %(n)d more") % {"n": len(unreadable.mistakes) - _MISTAKES})
    return "; ".join(mistakes)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_trial(request: HttpRequest) -> HttpResponse:
    """Say what is to be compared on which day."""
    today = timezone.localdate()
    services = [one for one in list_services_on(today) if one.stops]
    if not services:
        return render(
            request, "transit/no_service.html", {"title": _("Compare services"), "crumbs": _crumbs()}
        )
    form = TrialForm.from_request(
        request,
        services=services,
        cars=vehicles_on(today),
        knows_who_lives_where=find_surroundings() is not None,
    )

    def begin(valid: TrialForm) -> str:
        try:
            trips = _day(valid)
            made = begin_trial(
                service=valid.cleaned_data["service"],
                source=DemandSource(valid.cleaned_data["source"]),
                trips=trips,
                comparison=valid.comparison(),
                seed=valid.cleaned_data["seed"],
            )
        except UnreadableFile as unreadable:
            raise FormRefused(_told(unreadable), "trace") from None
        except TransitRefused as refused:
            raise FormRefused(str(refused.text), "source") from None
        return reverse("transit:trial", args=[made])

    context = {
        "title": _("New comparison"),
        "crumbs": _crumbs(),
        "submit": _("Compare"),
        "lead": _("Every policy gets the same rides, the same people who do not come, the same chance."),
    }
    return handle_form(request, form, template="transit/simulation_form.html", then=begin, context=context)


def _day(form: TrialForm) -> tuple[Trip, ...]:
    data = form.cleaned_data
    source = DemandSource(data["source"])
    if source is DemandSource.TRACE:
        return read_trace(form.text("trace"))
    if source is DemandSource.PAST:
        return past_day(data["service"], data["past"])
    return made_up_day(DayOptions(rides=data["rides"], seed=data["seed"]))


@requires(MANAGE)
@require_safe
def trial(request: HttpRequest, trial: UUID) -> HttpResponse:
    """What a trial came to; while it is reckoned, how far it is."""
    row = get_object_or_404(Trial, public_id=trial)
    results = results_of(row)
    policies = row.about["comparison"]["policies"]
    progress = {
        "label": _("Policies reckoned"),
        "value": len(results),
        "max": len(policies),
        "done": row.finished_at is not None,
        "url": request.path,
        "id": "trial-progress",
    }
    if request.headers.get("HX-Request") and row.finished_at is None:
        return HttpResponse(render_to_string("shell/components/progress.html", progress, request))
    context = {
        "title": _("Comparison of %(when)s") % {"when": _when(row.asked_at)},
        "crumbs": _crumbs(),
        "lead": _("%(source)s, %(n)d rides, seed %(seed)d")
        % {"source": SOURCES[DemandSource(row.source)], "n": row.about["rides"], "seed": row.about["seed"]},
        "progress": progress,
        "refresh_seconds": None if row.finished_at else 5,
        "finding": _finding(results),
        "chart": _chart(results) if results else None,
        "table": _table(results),
        "groups": _groups(results),
        "refused": [
            {"policy": one.policy, "reasons": [(REASONS[code], n) for code, n in one.refused_by.items()]}
            for one in results
            if one.refused_by
        ],
        "files": [
            (kind.upper(), reverse("transit:trial_file", args=[row.public_id, kind]))
            for kind in ("csv", "json", "svg")
        ]
        if row.finished_at
        else [],
    }
    if request.headers.get("HX-Request"):
        # The bar is all the page asked for; with everything there it is told to load anew.
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "transit/simulation.html", context)


@requires(MANAGE)
@require_safe
def trial_file(request: HttpRequest, trial: UUID, kind: str) -> HttpResponse:
    """The figures as a table or as JSON, the chart as a picture; the same bytes each time."""
    row = get_object_or_404(Trial, public_id=trial, finished_at__isnull=False)
    results = results_of(row)
    if kind == "csv":
        content, media = as_csv(results), "text/csv; charset=utf-8"
    elif kind == "json":
        content, media = as_json(results, about_of(row)), "application/json"
    elif kind == "svg":
        drawn = render_to_string(
            "transit/simulation_chart.html", {"chart": _chart(results), "alone": True}, request
        )
        content, media = drawn.encode(), "image/svg+xml"
    else:
        raise Http404
    name = f"comparison-{row.asked_at:%Y%m%d-%H%M}.{kind}"
    return HttpResponse(
        content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _finding(results: tuple[Result, ...]) -> str:
    """One sentence: who serves most, and what that costs against the cheapest."""
    told = [
        one for one in results if one.all.served_per_mille is not None and one.cost_per_ride_yen is not None
    ]
    if len(told) < 2:
        return ""
    most = max(told, key=lambda one: one.all.served_per_mille or 0)
    least = min(told, key=lambda one: one.cost_per_ride_yen or 0)
    words = {
        "most": most.policy,
        "served": _number((most.all.served_per_mille or 0) / 10),
        "yen": _number(most.cost_per_ride_yen),
        "cheapest": least.policy,
        "other_served": _number((least.all.served_per_mille or 0) / 10),
        "other_yen": _number(least.cost_per_ride_yen),
    }
    if most is least:
        return (
            _("“%(most)s” serves the most (%(served)s %%) and costs the least a ride (%(yen)s yen).") % words
        )
    return (
        _(
            "“%(most)s” serves the most: %(served)s %% at %(yen)s yen a ride. “%(cheapest)s” costs the least a ride: "
            "%(other_yen)s yen, and serves %(other_served)s %%."
        )
        % words
    )


def _number(value: float | None) -> str:
    return "—" if value is None else number_format(value, use_l10n=True, force_grouping=True)


def _chart(results: tuple[Result, ...]) -> dict[str, Any]:
    chart = drawing.draw(results)
    panels = [
        {
            "title": MEASURES[panel.code],
            "y": panel.y + 22,
            "bars": [
                {
                    **bar._asdict(),
                    "text": f"{_number(bar.value)} {UNITS[panel.unit]}" if bar.value is not None else "—",
                }
                for bar in panel.bars
            ],
        }
        for panel in chart.panels
    ]
    return {
        "width": chart.width,
        "height": chart.height,
        "label": chart.label,
        "bar": drawing.BAR,
        "panels": panels,
    }


def _table(results: tuple[Result, ...]) -> dict[str, Any]:
    columns = [{"label": _("Figure")}, *({"label": one.policy, "num": True} for one in results)]
    rows = [
        [f"{MEASURES[measure.code]} ({UNITS[measure.unit]})", *map(_number, measure.values)]
        for measure in drawing.measures(results)
    ]
    counts = (
        (_("Asked for"), lambda one: one.all.asked),
        (_("Served (rides)"), lambda one: one.all.served),
        (_("Refused (rides)"), lambda one: one.all.refused),
        (_("Taken back"), lambda one: one.all.cancelled),
        (_("Nobody was there"), lambda one: one.all.not_there),
        (_("Cars"), lambda one: one.cars),
        (_("Hours of cars in service"), lambda one: round(one.service_seconds / 3600, 1)),
        (_("Kilometres driven"), lambda one: round(one.metres / 1000)),
        (_("Cost of the day (yen)"), lambda one: one.cost_yen),
        (
            _("Riders on board while driving, on average"),
            lambda one: (
                None if one.riders_on_board_per_mille is None else one.riders_on_board_per_mille / 1000
            ),
        ),
    )
    rows += [[label, *(_number(value(one)) for one in results)] for label, value in counts]
    return {"columns": columns, "rows": rows}


def _groups(results: tuple[Result, ...]) -> list[dict[str, Any]]:
    """Served and waiting by age, wheelchair and place."""
    if not results:
        return []
    first = results[0]
    parts: list[tuple[str, list[tuple[str, list[Figures]]]]] = [
        (_("By age"), [(str(AGES[age]), [one.by_age[age] for one in results]) for age in first.by_age]),
        (
            _("With and without a wheelchair"),
            [
                (_("With a wheelchair"), [one.wheelchair for one in results]),
                (_("Without a wheelchair"), [one.others for one in results]),
            ],
        ),
        (_("By place"), [(area or "—", [one.by_area[area] for one in results]) for area in first.by_area]),
    ]
    columns = [{"label": _("Group")}, {"label": _("Asked for"), "num": True}]
    columns += [{"label": one.policy, "num": True} for one in results]
    return [
        {
            "title": title,
            "columns": columns,
            "rows": [
                [name, str(figures[0].asked), *(_share(one) for one in figures)]
                for name, figures in rows
                if figures[0].asked
            ],
        }
        for title, rows in parts
    ]


def _share(figures: Figures) -> str:
    if figures.served_per_mille is None:
        return "—"
    served = f"{_number(figures.served_per_mille / 10)} %"
    if figures.wait_median_seconds is None:
        return served
    return _("%(served)s, wait %(minutes)s min") % {
        "served": served,
        "minutes": _number(round(figures.wait_median_seconds / 60)),
    }
