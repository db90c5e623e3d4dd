"""The operator's registers: cars and drivers with their last days, accidents, complaints."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yui.kernel.access.public import requires
from yui.kernel.forms.public import FormRefused, handle_form
from yui.services.transit.apps import MANAGE
from yui.services.transit.contracts import Register, TransitRefused
from yui.services.transit.definitions import list_services_on
from yui.services.transit.fleet import register_driver, register_vehicle
from yui.services.transit.models import Accident, Complaint, Driver, Duty, Vehicle
from yui.services.transit.registers import (
    AccidentInput,
    ComplaintInput,
    accidents_between,
    change_driver,
    complaints_between,
    drivers_on,
    let_driver_go,
    list_expiries,
    record_accident,
    record_complaint,
    retire_vehicle,
    vehicles_on,
)
from yui.services.transit.rules import days_of_warning
from yui.services.transit.views.office_forms import AccidentForm, ComplaintForm, DriverForm, VehicleForm

REGISTERS = {
    Register.INSPECTION: gettext_lazy("Inspection of the car"),
    Register.INSURANCE: gettext_lazy("Insurance of the car"),
    Register.LICENCE: gettext_lazy("Driving licence"),
}
KEPT = dt.timedelta(days=731)
"""How far back accidents and complaints are listed: what must be kept longest is kept for two years."""


def _warning(until: dt.date, today: dt.date) -> dict[str, Any]:
    """A last day with its mark, in words and not by colour alone."""
    days = days_of_warning(until, today)
    words = {0: _("Over"), 30: _("Within 30 days"), 60: _("Within 60 days")}
    kinds = {0: "refused", 30: "action", 60: "waiting"}
    return {
        "until": until,
        "words": words.get(days, "") if days is not None else "",
        "kind": kinds.get(days or 0, ""),
    }


@requires(MANAGE)
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """Cars and drivers of today, and what ends soon."""
    today = timezone.localdate()
    context = {
        "title": _("Cars and drivers"),
        "tabs": _tabs("transit:office"),
        "expiries": [
            {"what": REGISTERS[one.kind], "name": one.name, **_warning(one.until, today)}
            for one in list_expiries(today)
        ],
        "cars": [
            {
                "name": car.name,
                "plate": car.plate,
                "seats": car.seats,
                "wheelchairs": car.wheelchairs,
                "inspection": _warning(car.inspection_until, today),
                "insurance": _warning(car.insurance_until, today),
                "href": reverse("transit:vehicle", args=[car.public_id]),
            }
            for car in vehicles_on(today)
        ],
        "drivers": [
            {
                "name": driver.name,
                "licence": _warning(driver.licence_until, today),
                "second_class": driver.second_class,
                "trained_on": driver.trained_on,
                "href": reverse("transit:driver", args=[driver.public_id]),
            }
            for driver in drivers_on(today)
        ],
    }
    return render(request, "transit/office.html", context)


def _tabs(current: str) -> list[dict[str, Any]]:
    places = (
        ("transit:office", _("Cars and drivers")),
        ("transit:accidents", _("Accidents")),
        ("transit:complaints", _("Complaints")),
    )
    return [{"label": label, "href": reverse(name), "current": name == current} for name, label in places]


def _crumbs(name: str = "transit:office", label: str = "") -> list[tuple[str, str]]:
    return [(label or _("Cars and drivers"), reverse(name))]


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def vehicle(request: HttpRequest, vehicle: UUID | None = None) -> HttpResponse:
    """Enter a car, or what changed of it."""
    row = Vehicle.objects.filter(public_id=vehicle, retired_on=None).first() if vehicle else None
    if vehicle and row is None:
        raise Http404
    names = ("plate", "name", "seats", "wheelchairs", "inspection_until", "insurance_until")
    form = VehicleForm.from_request(
        request, initial={name: getattr(row, name) for name in names} if row else {}
    )
    if row:
        form.fields["plate"].disabled = True

    def keep(valid: VehicleForm) -> str:
        register_vehicle(**{name: valid.cleaned_data[name] for name in names})
        messages.success(request, _("The car is on the register."))
        return reverse("transit:office")

    context = {
        "title": row.name if row else _("Register a car"),
        "crumbs": _crumbs(),
        "leave": reverse("transit:retire_vehicle", args=[row.public_id]) if row else "",
        "leave_label": _("Take this car off the register"),
    }
    return handle_form(request, form, template="transit/office_form.html", then=keep, context=context)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def driver(request: HttpRequest, driver: UUID | None = None) -> HttpResponse:
    """Enter a driver, or a renewed licence or the recognised course."""
    row = Driver.objects.filter(public_id=driver, left_on=None).first() if driver else None
    if driver and row is None:
        raise Http404
    names = ("name", "account", "second_class", "licence_until", "trained_on")
    form = DriverForm.from_request(
        request, initial={name: getattr(row, name) for name in names} if row else {}
    )
    if row:
        form.fields["name"].disabled = form.fields["account"].disabled = True

    def keep(valid: DriverForm) -> str:
        data = valid.cleaned_data
        licence = {name: data[name] for name in ("second_class", "licence_until", "trained_on")}
        if row:
            change_driver(driver=row.public_id, **licence)
        else:
            if data["account"] and Driver.objects.filter(account=data["account"], left_on=None).exists():
                raise FormRefused(_("This account belongs to another driver."), "account")
            register_driver(name=data["name"], account=data["account"], **licence)
        messages.success(request, _("The driver is on the register."))
        return reverse("transit:office")

    context = {
        "title": row.name if row else _("Register a driver"),
        "crumbs": _crumbs(),
        "leave": reverse("transit:let_driver_go", args=[row.public_id]) if row else "",
        "leave_label": _("Take this driver off the register"),
    }
    return handle_form(request, form, template="transit/office_form.html", then=keep, context=context)


@requires(MANAGE)
@require_POST
def leave_vehicle(request: HttpRequest, vehicle: UUID) -> HttpResponse:
    """Take a car off the register."""
    try:
        retire_vehicle(vehicle=vehicle)
        messages.success(request, _("The car is off the register."))
    except TransitRefused as refused:
        messages.error(request, str(refused.text))
    return redirect("transit:office")


@requires(MANAGE)
@require_POST
def leave_driver(request: HttpRequest, driver: UUID) -> HttpResponse:
    """Take a driver off the register."""
    try:
        let_driver_go(driver=driver)
        messages.success(request, _("The driver is off the register."))
    except TransitRefused as refused:
        messages.error(request, str(refused.text))
    return redirect("transit:office")


@requires(MANAGE)
@require_safe
def accidents(request: HttpRequest) -> HttpResponse:
    """Accidents of two years."""
    now = timezone.now()
    rows = [
        {
            "when": timezone.localtime(one.at),
            "car": one.duty.vehicle.name,
            "driver": one.duty.driver.name,
            "place": one.place,
            "is_grave": one.is_grave,
            "is_open": not (one.cause and one.prevention),
            "href": reverse("transit:accident", args=[one.public_id]),
        }
        for one in accidents_between(now - KEPT, now + dt.timedelta(seconds=1))
    ]
    context = {"title": _("Accidents"), "tabs": _tabs("transit:accidents"), "accidents": rows}
    return render(request, "transit/accidents.html", context)


def _newest(rows: Any, public_id: UUID | None) -> Any:
    found = rows.filter(public_id=public_id).order_by("-recorded_at", "-pk").first() if public_id else None
    if public_id and found is None:
        raise Http404
    return found


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def accident(request: HttpRequest, accident: UUID | None = None) -> HttpResponse:
    """Record an accident, or what is known of it since."""
    row = _newest(Accident.objects.select_related("duty"), accident)
    names = (
        "place", "others", "summary", "cause", "prevention", "is_grave", "deaths", "injured",
    )  # fmt: skip
    initial = {name: getattr(row, name) for name in names} if row else {"deaths": 0, "injured": 0}
    if row:
        here = timezone.localtime(row.at)
        initial |= {"duty": row.duty.public_id, "day": here.date(), "time": here.time()}
    since = timezone.now() - KEPT
    duties = Duty.objects.select_related("vehicle", "driver").filter(
        from_at__gte=since, from_at__lte=timezone.now()
    )
    form = AccidentForm.from_request(request, duties=list(duties.order_by("-from_at", "pk")), initial=initial)

    def keep(valid: AccidentForm) -> str:
        data = valid.cleaned_data
        at = timezone.make_aware(dt.datetime.combine(data["day"], data["time"]))
        given = AccidentInput(duty=UUID(data["duty"]), at=at, **{name: data[name] for name in names})
        try:
            record_accident(given, public_id=accident)
        except TransitRefused as refused:
            raise FormRefused(str(refused.text), "day") from None
        messages.success(request, _("The accident is recorded."))
        if given.is_grave:
            messages.warning(
                request, _("A grave accident is reported to the transport office without delay.")
            )
        return reverse("transit:accidents")

    context = {
        "title": _("Record of an accident"),
        "crumbs": _crumbs("transit:accidents", _("Accidents")),
        "lead": _("Kept for two years. Nothing is overwritten: what you record now counts from now on."),
    }
    return handle_form(request, form, template="transit/office_form.html", then=keep, context=context)


@requires(MANAGE)
@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """Complaints of two years."""
    today = timezone.localdate()
    rows = [
        {
            "when": one.received_on,
            "content": one.content,
            "handled_by": one.handled_by,
            "is_open": not one.answer,
            "href": reverse("transit:complaint", args=[one.public_id]),
        }
        for one in complaints_between(today - KEPT, today + dt.timedelta(days=1))
    ]
    context = {"title": _("Complaints"), "tabs": _tabs("transit:complaints"), "complaints": rows}
    return render(request, "transit/complaints.html", context)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: HttpRequest, complaint: UUID | None = None) -> HttpResponse:
    """Record a complaint, or what was answered since."""
    row = _newest(Complaint.objects.all(), complaint)
    names = ("service", "received_on", "content", "cause", "answer", "improvement", "handled_by")
    initial = {name: getattr(row, name) for name in names} if row else {"received_on": timezone.localdate()}
    services = {one.code: one.name_ja for one in list_services_on(timezone.localdate())}
    if row:
        services.setdefault(row.service, row.service)
    form = ComplaintForm.from_request(request, services=services, initial=initial)

    def keep(valid: ComplaintForm) -> str:
        try:
            record_complaint(
                ComplaintInput(**{name: valid.cleaned_data[name] for name in names}), public_id=complaint
            )
        except TransitRefused as refused:
            raise FormRefused(str(refused.text), "received_on") from None
        messages.success(request, _("The complaint is recorded."))
        return reverse("transit:complaints")

    context = {
        "title": _("Record of a complaint"),
        "crumbs": _crumbs("transit:complaints", _("Complaints")),
        "lead": _("Kept for a year. Nothing is overwritten: what you record now counts from now on."),
    }
    return handle_form(request, form, template="transit/office_form.html", then=keep, context=context)
