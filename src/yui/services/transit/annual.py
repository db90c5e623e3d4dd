"""The figures of a fiscal year that an operator reports (輸送実績報告書).

Source:
    旅客自動車運送事業等報告規則 (昭和39年運輸省令第21号) article 2-2: by 31 May, for each kind of 自家用有償旅客運送,
    of the year from 1 April to 31 March. To be checked: the items of form 6 (第6号様式), which were not at hand;
    these are the ones that reports of passenger transport ask for.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone

from yui.kernel.access.public import require
from yui.kernel.calendar.public import fiscal_year_end, fiscal_year_start
from yui.services.transit.apps import MANAGE
from yui.services.transit.contracts import DutyAct, Licence, TransitRefused
from yui.services.transit.definitions import get_service
from yui.services.transit.models import Duty, DutyNote, RollCallRecord
from yui.services.transit.registers import accidents_between, complaints_between, drivers_on, vehicles_on
from yui.services.transit.triplog import distance_km


@dataclass(frozen=True)
class YearOfKind:
    """What one kind of transport did in a fiscal year.

    Attributes:
        vehicles: that went out in it.
        drivers: who did.
        vehicle_days: days on which a vehicle went out, over all vehicles (延実働車両数).
        rides: bookings that were brought to their end.
        distance_km: by the meters.
        unread: duties whose meter was not read before and after, so that their way is missing above.
        unpriced: rides without a fare that could be worked out, so that it is missing in ``yen``.
    """

    licence: Licence
    services: tuple[str, ...]
    vehicles: int
    drivers: int
    vehicle_days: int
    duties: int
    rides: int
    riders: int
    wheelchairs: int
    distance_km: int
    unread: int
    minutes: int
    yen: int
    unpriced: int
    accidents: int
    grave: int
    deaths: int
    injured: int
    complaints: int


@dataclass(frozen=True)
class Year:
    """A fiscal year of a body: the registers on its last day, or today when it is not over, and each kind's work."""

    year: int
    as_of: dt.date
    vehicles: int
    wheelchair_vehicles: int
    drivers: int
    kinds: tuple[YearOfKind, ...]


def year_report(year: int) -> Year:
    """The figures of a fiscal year, by kind of transport.

    Raises:
        PermissionRefused: ``transit.service.manage`` is missing.
    """
    require(MANAGE)
    as_of = min(fiscal_year_end(year), timezone.localdate())
    duties = list(Duty.objects.filter(_begun_in(year)).select_related("vehicle", "driver"))
    kinds: dict[Licence, list[Duty]] = {}
    for duty in duties:
        kinds.setdefault(_licence(duty.service, as_of), []).append(duty)
    cars = vehicles_on(as_of)
    return Year(
        year=year,
        as_of=as_of,
        vehicles=len(cars),
        wheelchair_vehicles=sum(car.wheelchairs > 0 for car in cars),
        drivers=len(drivers_on(as_of)),
        kinds=tuple(_of_kind(licence, kinds[licence], year) for licence in Licence if licence in kinds),
    )


def _begun_in(year: int) -> Q:
    begins, ends = (
        timezone.make_aware(dt.datetime.combine(fiscal_year_start(one), dt.time()))
        for one in (year, year + 1)
    )
    return Q(from_at__gte=begins, from_at__lt=ends)


def _licence(service: str, day: dt.date) -> Licence:
    try:
        return get_service(service, day).licence
    except TransitRefused:
        return Licence.GENERAL


def _of_kind(licence: Licence, duties: list[Duty], year: int) -> YearOfKind:
    services = tuple(sorted({duty.service for duty in duties}))
    ended = DutyNote.objects.filter(duty__in=duties, refused="", act=DutyAct.ALIGHTED.value).aggregate(
        rides=Count("pk"),
        riders=Sum("party", default=0),
        wheelchairs=Sum("wheelchairs", default=0),
        yen=Sum("due_yen", default=0),
        unpriced=Count("pk", filter=Q(due_yen=None)),
    )
    before, after = _calls(duties)
    ways = [distance_km(before.get(duty.pk, []), after.get(duty.pk, [])) for duty in duties]
    begins, ends = (
        timezone.make_aware(dt.datetime.combine(fiscal_year_start(one), dt.time()))
        for one in (year, year + 1)
    )
    accidents = [one for one in accidents_between(begins, ends) if one.duty.service in services]
    complaints = complaints_between(fiscal_year_start(year), fiscal_year_start(year + 1))
    return YearOfKind(
        licence=licence,
        services=services,
        vehicles=len({duty.vehicle_id for duty in duties}),
        drivers=len({duty.driver_id for duty in duties}),
        vehicle_days=len({(duty.vehicle_id, timezone.localdate(duty.from_at)) for duty in duties}),
        duties=len(duties),
        distance_km=sum(way for way in ways if way is not None),
        unread=sum(way is None for way in ways),
        minutes=sum(int((duty.until_at - duty.from_at).total_seconds() // 60) for duty in duties),
        accidents=len(accidents),
        grave=sum(one.is_grave for one in accidents),
        deaths=sum(one.deaths for one in accidents),
        injured=sum(one.injured for one in accidents),
        complaints=sum(one.service in services for one in complaints),
        **ended,
    )


def _calls(duties: list[Duty]) -> tuple[dict[int, list[RollCallRecord]], dict[int, list[RollCallRecord]]]:
    found: tuple[dict[int, list[RollCallRecord]], dict[int, list[RollCallRecord]]] = ({}, {})
    for call in RollCallRecord.objects.filter(duty__in=duties).order_by("at", "pk"):
        found[call.after].setdefault(call.duty_id, []).append(call)
    return found
