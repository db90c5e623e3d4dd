"""What was done: the ride record of a duty, the report of a day, the figures of a year."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from yui.kernel.access.public import allowed, requires
from yui.kernel.calendar.public import fiscal_year, fiscal_year_end, fiscal_year_start
from yui.services.transit.annual import Year, YearOfKind, year_report
from yui.services.transit.apps import MANAGE, REPORT
from yui.services.transit.contracts import Definition, DutyAct, Licence, Means, TransitRefused
from yui.services.transit.definitions import get_service, list_services_on
from yui.services.transit.driving import get_duty
from yui.services.transit.fares import find_fare
from yui.services.transit.models import DutyNote, Ride
from yui.services.transit.triplog import Sums, TripLog, added_up, day_report, trip_logs
from yui.services.transit.views import words
from yui.services.transit.views.drive import trouble

LICENCES = {
    Licence.GENERAL: gettext_lazy("General passenger transport"),
    Licence.VACANT_AREA: gettext_lazy("Paid transport in areas without service"),
    Licence.WELFARE: gettext_lazy("Paid welfare transport"),
    Licence.PRIVATE_CARS: gettext_lazy("Ride share with private cars"),
}


def csv_answer(name: str, heading: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table as a file that spreadsheets open: UTF-8 with BOM, CRLF."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([str(cell) for cell in heading])
    writer.writerows(["" if cell is None else str(cell) for cell in row] for row in rows)
    return HttpResponse(
        written.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@requires(MANAGE)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The reports there are, by service, day and year."""
    today = timezone.localdate()
    services = [
        {
            "name": one.name_ja,
            "day": reverse("transit:day", args=[one.code, today.isoformat()]),
            "shortage": reverse("transit:shortage", args=[one.code]),
        }
        for one in list_services_on(today)
    ]
    years = [
        {"label": _label_of(year), "href": reverse("transit:year", args=[year])}
        for year in range(fiscal_year(today), fiscal_year(today) - 3, -1)
    ]
    context = {"title": _("Ride reports"), "services": services, "years": years}
    return render(request, "transit/reports.html", context)


def _label_of(year: int) -> str:
    return _("Fiscal year %(year)d") % {"year": year}


# One duty


@requires(REPORT)
@require_safe
def duty(request: HttpRequest, duty: UUID, form: str = "") -> HttpResponse:
    """The ride record of one duty. It names the driver and no rider."""
    try:
        row = get_duty(duty)
    except TransitRefused:
        raise Http404 from None
    (log,) = trip_logs([row])
    if form:
        return csv_answer(
            f"duty-{timezone.localtime(row.from_at):%Y%m%d-%H%M}.csv", NOTE_HEADING, _note_rows(log)
        )
    rides = {one.demand: one for one in Ride.objects.filter(demand__in=[note.demand for note in log.notes])}
    context = {
        "title": _("Ride record of %(car)s") % {"car": row.vehicle.name},
        "crumbs": _crumbs(row.service, timezone.localdate(row.from_at)) if allowed(MANAGE) else [],
        "log": log,
        "facts": _facts(log),
        "calls": log.calls,
        "notes": [_note(note, rides) for note in log.notes if not note.refused],
        "troubles": [trouble(note) for note in log.notes if _is_trouble(note)],
        "accidents": log.accidents,
        "csv": reverse("transit:duty_csv", args=[duty]),
    }
    return render(request, "transit/duty_record.html", context)


def _is_trouble(note: DutyNote) -> bool:
    return bool(note.refused) or note.told_yen not in (None, note.due_yen)


def _facts(log: TripLog) -> list[dict[str, Any]]:
    row, sums = log.duty, log.sums
    here = timezone.localtime
    ended = f"{here(log.ended_at):%H:%M}" if log.ended_at else _("not yet")
    return [
        {"label": _("Driver"), "value": row.driver.name, "name": True},
        {"label": _("Car"), "value": f"{row.vehicle.name} ({row.vehicle.plate})"},
        {"label": _("Began and ended"), "value": f"{here(log.began_at):%Y-%m-%d %H:%M} – {ended}"},
        {"label": _("Distance"), "value": _km(sums.distance_km)},
        {"label": _("Breaks"), "value": _minutes(sums.break_minutes)},
        {"label": _("Rides and riders"), "value": _("Rides made: %(rides)d; riders: %(riders)d")
         % {"rides": sums.rides, "riders": sums.riders}},
        {"label": _("Fares"), "value": _takings(sums)},
    ]  # fmt: skip


def _km(distance: int | None) -> str:
    return f"{distance:,} km" if distance is not None else _("not known: the meter was not read both times")


def _minutes(count: int) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", count) % {"n": count}


def _means(code: str) -> Any:
    return words.MEANS[Means(code)] if code else _("Nothing paid")


def _takings(sums: Sums) -> str:
    parts = [f"{_means(code)} {words.yen(yen)}" for code, yen in sums.yen_by_means.items()]
    told = words.yen(sums.yen) + (f" ({' / '.join(parts)})" if parts else "")
    if sums.unpriced:
        told += " " + _("Without a fare that could be worked out: %(n)d") % {"n": sums.unpriced}
    return told


def _note(note: DutyNote, rides: dict[UUID, Ride]) -> dict[str, Any]:
    ride = rides.get(note.demand) if note.demand else None
    fare = find_fare(ride) if ride and note.act == DutyAct.ALIGHTED else None
    parts = (fare.shared if note.due_yen != fare.alone_yen else fare.alone) if fare else ()
    is_explained = note.due_yen is not None and sum(part.yen for part in parts) == note.due_yen
    return {
        "at": timezone.localtime(note.at),
        "heard_at": timezone.localtime(note.recorded_at) if _is_late(note) else None,
        "act": words.ACTS[DutyAct(note.act)] if not _took_over(note) else _("Take over from another car"),
        "place": note.place,
        "party": note.party,
        "wheelchairs": note.wheelchairs,
        "yen": note.due_yen,
        "means": _means(note.means) if note.due_yen is not None else "",
        "parts": [words.fare_words(part) for part in parts] if is_explained else [],
    }


def _took_over(note: DutyNote) -> bool:
    return note.act == DutyAct.BOARDED and (note.step or 0) < 0


def _is_late(note: DutyNote) -> bool:
    return note.recorded_at - note.at > dt.timedelta(minutes=2)


NOTE_HEADING = (
    gettext_lazy("Time"),
    gettext_lazy("Heard of at"),
    gettext_lazy("What"),
    gettext_lazy("Place"),
    gettext_lazy("Riders"),
    gettext_lazy("Places for wheelchairs"),
    gettext_lazy("Yen"),
    gettext_lazy("How it was paid"),
    gettext_lazy("Why it did not count"),
)


def _note_rows(log: TripLog) -> Iterable[Sequence[Any]]:
    for note in log.notes:
        yield (
            timezone.localtime(note.at).isoformat(timespec="seconds"),
            timezone.localtime(note.recorded_at).isoformat(timespec="seconds"),
            words.ACTS[DutyAct(note.act)],
            note.place,
            note.party,
            note.wheelchairs,
            note.due_yen,
            _means(note.means) if note.due_yen is not None else "",
            note.refused,
        )


# One day


def _crumbs(service: str, day: dt.date) -> list[tuple[str, str]]:
    return [
        (_("Ride reports"), reverse("transit:reports")),
        (date_format(day, "Y-m-d"), reverse("transit:day", args=[service, day.isoformat()])),
    ]


def _service(code: str, day: dt.date) -> Definition:
    try:
        return get_service(code, day)
    except TransitRefused:
        raise Http404 from None


@requires(MANAGE)
@require_safe
def day(request: HttpRequest, service: str, day: str, form: str = "") -> HttpResponse:
    """The report of a service's day: every duty, and what they come to."""
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    definition, logs = _service(service, date), day_report(service, date)
    total = added_up(log.sums for log in logs)
    if form:
        rows = [(log.duty.vehicle.name, log.duty.driver.name, *_sum_cells(log.sums)) for log in logs]
        return csv_answer(
            f"day-{service}-{date}.csv", DAY_HEADING, [*rows, (_("Total"), "", *_sum_cells(total))]
        )
    context = {
        "title": _("Report of %(day)s") % {"day": date_format(date, _("D, j N"))},
        "lead": f"{definition.name_ja} · {definition.operator_ja}",
        "crumbs": [(_("Ride reports"), reverse("transit:reports"))],
        "figures": [
            {"label": _("Rides made"), "value": total.rides, "note": _("Riders: %(n)d") % {"n": total.riders}},
            {"label": _("Did not come"), "value": total.no_shows},
            {"label": _("Fares"), "value": words.yen(total.yen), "note": _takings(total)},
            {"label": _("Distance"), "value": f"{total.distance_km:,} km" if total.distance_km is not None else "—",
             "note": "" if total.distance_km is not None else _km(None)},
        ],
        "logs": [
            {"href": reverse("transit:duty_record", args=[log.duty.public_id]), "car": log.duty.vehicle.name,
             "driver": log.duty.driver.name, "sums": log.sums, "km": log.sums.distance_km,
             "is_open": log.ended_at is None, "accidents": len(log.accidents)}
            for log in logs
        ],
        "total": total,
        "before": reverse("transit:day", args=[service, (date - dt.timedelta(days=1)).isoformat()]),
        "after": reverse("transit:day", args=[service, (date + dt.timedelta(days=1)).isoformat()]),
        "csv": reverse("transit:day_csv", args=[service, date.isoformat()]),
    }  # fmt: skip
    return render(request, "transit/day.html", context)


DAY_HEADING = (
    gettext_lazy("Car"),
    gettext_lazy("Driver"),
    gettext_lazy("Rides made"),
    gettext_lazy("Riders"),
    gettext_lazy("Did not come"),
    gettext_lazy("Distance in km"),
    gettext_lazy("Minutes on duty"),
    gettext_lazy("Yen"),
    gettext_lazy("Yen in cash"),
    gettext_lazy("Yen with tickets"),
    gettext_lazy("Yen without cash"),
    gettext_lazy("Rides without a fare"),
)


def _sum_cells(sums: Sums) -> tuple[Any, ...]:
    by_means = [sums.yen_by_means.get(means.value, 0) for means in (Means.CASH, Means.TICKET, Means.CASHLESS)]
    return (
        sums.rides, sums.riders, sums.no_shows, sums.distance_km, sums.minutes, sums.yen, *by_means, sums.unpriced,
    )  # fmt: skip


# One year


@requires(MANAGE)
@require_safe
def year(request: HttpRequest, year: int, form: str = "") -> HttpResponse:
    """The figures of a fiscal year, by kind of transport."""
    if not 2000 <= year <= fiscal_year(timezone.localdate()):
        raise Http404
    found = year_report(year)
    lines = _year_lines(found)
    if form:
        heading = (_("Figure"), *(LICENCES[kind.licence] for kind in found.kinds))
        return csv_answer(f"year-{year}.csv", heading, lines)
    context = {
        "title": _("Figures of transport, %(year)s") % {"year": _label_of(year)},
        "crumbs": [(_("Ride reports"), reverse("transit:reports"))],
        "year": found,
        "kinds": [LICENCES[kind.licence] for kind in found.kinds],
        "lines": [(label, [f"{value:,}" for value in values]) for label, *values in lines],
        "from_on": fiscal_year_start(year),
        "until_on": fiscal_year_end(year),
        "is_over": found.as_of == fiscal_year_end(year),
        "unread": sum(kind.unread for kind in found.kinds),
        "unpriced": sum(kind.unpriced for kind in found.kinds),
        "csv": reverse("transit:year_csv", args=[year]),
    }
    return render(request, "transit/year.html", context)


def _year_lines(year: Year) -> list[tuple[Any, ...]]:
    labels: dict[str, Any] = {
        "vehicles": _("Vehicles that went out"),
        "drivers": _("Drivers who went out"),
        "vehicle_days": _("Days on which vehicles went out, over all vehicles"),
        "duties": _("Duties"),
        "minutes": _("Minutes on duty"),
        "distance_km": _("Distance in km"),
        "rides": _("Rides made"),
        "riders": _("Riders"),
        "wheelchairs": _("Riders in a wheelchair"),
        "yen": _("Fares in yen"),
        "accidents": _("Accidents"),
        "grave": _("Grave accidents"),
        "deaths": _("Dead"),
        "injured": _("Injured"),
        "complaints": _("Complaints"),
    }
    return [(label, *(_of(kind, name) for kind in year.kinds)) for name, label in labels.items()]


def _of(kind: YearOfKind, name: str) -> int:
    return int(getattr(kind, name))
