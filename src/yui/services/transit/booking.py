"""Booking a ride: for oneself, for somebody who said so, or at the phone desk."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from django.utils import timezone

from yui.engines.travel.public import Place, StraightLine
from yui.kernel.access.public import PermissionRefused, allowed, current_actor, require
from yui.kernel.journal.public import EntryDraft, record, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.services.transit.apps import BOOK, READ
from yui.services.transit.contracts import Category, Definition, Stop, TransitRefused, Wish
from yui.services.transit.definitions import get_service
from yui.services.transit.models import Proxy, Ride
from yui.services.transit.rules import (
    JAPAN,
    Refused,
    Rider,
    check_places,
    check_time,
    fare_yen,
    fares_on,
    hours_on,
    next_pickup,
)
from yui.supply.public import (
    Answer,
    DemandInput,
    DemandView,
    Step,
    StepKind,
    accept_offer,
    ask,
    cancel_demand,
    get_demand,
    settle,
    was_shared,
)


@dataclass(frozen=True)
class End:
    """Where a ride begins or ends: a meeting point, or a door.

    Attributes:
        stop: its code; empty for a door.
        place: of the door; None for a meeting point.
    """

    stop: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class Wanted:
    """A ride as it is asked for.

    Attributes:
        key: sent twice it is the same ride.
        at: for ``PICKUP_FROM`` and ``ARRIVE_BY``.
        riders: everybody who rides along.
    """

    key: str
    service: str
    rider: UUID
    origin: End
    destination: End
    riders: tuple[Rider, ...]
    wish: Wish = Wish.NOW
    at: dt.datetime | None = None


@dataclass(frozen=True)
class RideView:
    """A booked ride: what was wished, what is promised, what it costs."""

    demand: DemandView
    service: str
    rider: UUID
    origin: str
    destination: str
    wish: Wish
    wished_at: dt.datetime
    party: int
    wheelchairs: int
    quoted_yen: int


def may_book_for(rider: UUID) -> bool:
    """Whether the actor may book for a person: themselves, somebody who named them, or at the desk."""
    own = current_actor().subject
    return own == rider or allowed(BOOK) or (own is not None and rider in riders_of(own))


def riders_of(proxy: UUID) -> list[UUID]:
    """For whom somebody may book besides themselves."""
    today = timezone.localdate()
    named = Proxy.objects.filter(proxy=proxy, valid_from__lte=today).exclude(valid_until__lte=today)
    return list(named.order_by("pk").values_list("rider", flat=True))


def proxies_of(rider: UUID) -> list[UUID]:
    """Who may book for somebody besides themselves."""
    today = timezone.localdate()
    named = Proxy.objects.filter(rider=rider, valid_from__lte=today).exclude(valid_until__lte=today)
    return list(named.order_by("pk").values_list("proxy", flat=True))


def register_proxy(*, rider: UUID, proxy: UUID) -> None:
    """Note that a rider lets somebody book for them, as they said at the desk. Said again, it changes nothing."""
    require(BOOK)
    if rider == proxy:
        raise TransitRefused(Message("own_proxy", gettext_noop("Nobody needs leave to book for themselves.")))
    Proxy.objects.get_or_create(
        rider=rider,
        proxy=proxy,
        valid_until=None,
        defaults={"valid_from": timezone.localdate(), "recorded_by": current_actor().public_id},
    )
    record("transit.proxy.registered", subject=rider, object_kind="person")


def end_proxy(*, rider: UUID, proxy: UUID) -> None:
    """Note that a rider no longer lets somebody book for them."""
    require(BOOK)
    Proxy.objects.filter(rider=rider, proxy=proxy, valid_until=None).update(valid_until=timezone.localdate())
    record("transit.proxy.ended", subject=rider, object_kind="person")


def request_ride(wanted: Wanted) -> Answer:
    """Ask for a ride: offers that are kept free for a while, or why there is none.

    Raises:
        TransitRefused: the service does not go there, then or for them; the sentence says why.
        PermissionRefused: the actor may not book for this rider.
    """
    if not may_book_for(wanted.rider):
        raise PermissionRefused(BOOK)
    now = timezone.now()
    day = timezone.localdate(wanted.at or now)
    service = get_service(wanted.service, day)
    categories = frozenset(category for rider in wanted.riders for category in rider.categories)
    ends = [_end(service, end) for end in (wanted.origin, wanted.destination)]
    if not 1 <= len(wanted.riders) <= service.limits.party:
        _refuse(Refused.PARTY_TOO_LARGE)
    if problem := check_places(service, ends[0], ends[1], categories):
        _refuse(problem)
    steps, wished_at = _steps(service, wanted, ends, now)
    chairs = sum(Category.WHEELCHAIR in rider.categories for rider in wanted.riders)
    zones = tuple(end.zone if isinstance(end, Stop) else "" for end in ends)
    price = fare_yen(fares_on(service, day), wanted.riders, zones=(zones[0], zones[1]))
    direct = (
        (steps[1].until_at - steps[0].until_at)
        if wanted.wish is not Wish.ARRIVE_BY
        else _longest(service, ends)
    )
    answer = ask(
        board=service.code,
        demand=DemandInput(
            key=wanted.key,
            kind="ride",
            steps=steps,
            load={"seats": len(wanted.riders)} | ({"wheelchairs": chairs} if chairs else {}),
            person=wanted.rider,
            proxy=current_actor().subject if current_actor().subject != wanted.rider else None,
            longest=direct,
            asked_at=now,
        ),
        price_yen=price,
    )
    ride = Ride(
        demand=answer.demand,
        service=service.code,
        rider=wanted.rider,
        booked_by=current_actor().public_id,
        wish=wanted.wish.value,
        wished_at=wished_at,
        riders=[[sorted(rider.categories), rider.has_pass] for rider in wanted.riders],
        origin=wanted.origin.stop,
        destination=wanted.destination.stop,
        quoted_yen=price,
    )
    # Sent twice it is the same ride, and stays as it was at first.
    Ride.objects.bulk_create([ride], ignore_conflicts=True)
    return answer


def _end(service: Definition, end: End) -> Stop | tuple[float, float]:
    if end.place is not None:
        return end.place.latitude, end.place.longitude
    found = next((stop for stop in service.stops if stop.code == end.stop), None)
    if found is None:
        raise TransitRefused(Message("no_stop", gettext_noop("There is no such meeting point.")))
    return found


def _place(end: Stop | tuple[float, float]) -> Place:
    return Place(end.latitude, end.longitude) if isinstance(end, Stop) else Place(*end)


def _longest(service: Definition, ends: Sequence[Stop | tuple[float, float]]) -> dt.timedelta:
    """How long a rider may be on board: so many times the direct way, and some minutes."""
    direct = int(StraightLine().between([_place(end) for end in ends]).seconds[0, 1])
    limits = service.limits
    return dt.timedelta(seconds=math.ceil(direct * limits.ride_factor) + 60 * limits.ride_extra_minutes)


def _steps(
    service: Definition, wanted: Wanted, ends: Sequence[Stop | tuple[float, float]], now: dt.datetime
) -> tuple[tuple[Step, Step], dt.datetime]:
    """The windows of a wish, within the hours of the service; and the instant that was wished.

    Raises:
        TransitRefused: the service does not run then, or takes no booking for it now.
    """
    longest, wait = _longest(service, ends), dt.timedelta(minutes=service.limits.wait_minutes)
    if wanted.wish is Wish.NOW:
        wished = next_pickup(service, now, days=0)
        if wished is None:
            _refuse(
                Refused.OUTSIDE_HOURS if hours_on(service, timezone.localdate(now)) else Refused.CLOSED_DAY
            )
        first = wished
    elif wanted.at is None:
        raise TransitRefused(Message("no_time", gettext_noop("Say when the ride is to be.")))
    elif wanted.wish is Wish.PICKUP_FROM:
        first = wished = wanted.at
    else:
        wished = wanted.at
        earliest = now + dt.timedelta(minutes=service.booking.closes_minutes)
        opens = min((span[0] for span in hours_on(service, timezone.localdate(wished))), default=wished)
        first = max(wished - longest - wait, earliest, opens)
        if first >= wished:
            _refuse(Refused.TOO_LATE)
    if problem := check_time(service, first, now):
        _refuse(problem)
    closes = next(
        span[1] for span in hours_on(service, first.astimezone(JAPAN).date()) if span[0] <= first < span[1]
    )
    last_pickup = min(wished if wanted.wish is Wish.ARRIVE_BY else first + wait, closes)
    last_dropoff = wished if wanted.wish is Wish.ARRIVE_BY else min(last_pickup + longest, closes)
    chairs = any(Category.WHEELCHAIR in rider.categories for rider in wanted.riders)
    boarding = service.limits.boarding_seconds + (service.limits.wheelchair_seconds if chairs else 0)
    names = [end.name if isinstance(end, Stop) else "" for end in ends]
    return (
        Step(StepKind.PICKUP, _place(ends[0]), first, last_pickup, boarding, names[0]),
        Step(StepKind.DROPOFF, _place(ends[1]), first, max(last_dropoff, last_pickup), boarding, names[1]),
    ), wished


def _refuse(problem: Refused) -> NoReturn:
    raise TransitRefused(REFUSED[problem])


def cancel_ride(*, demand: UUID) -> None:
    """Take a ride back until the car is there.

    Raises:
        SupplyRefused: it has begun or is over.
        PermissionRefused: it is not the actor's to cancel.
    """
    cancel_demand(demand=demand, acts_for=_rider_of(demand))


def accept_ride(*, demand: UUID, offer: UUID) -> DemandView:
    """Accept an offer of a ride: for oneself, for somebody who said that one may, or at the desk.

    Raises:
        OfferGone: it is no longer kept free.
        UnknownSupply: there is no such offer.
        PermissionRefused: it is not the actor's to accept.
    """
    return accept_offer(offer=offer, acts_for=_rider_of(demand))


def _rider_of(demand: UUID) -> UUID:
    """The rider of a ride that the actor may answer for.

    Raises:
        PermissionRefused: they may not.
    """
    ride = _ride(demand)
    if not may_book_for(ride.rider):
        raise PermissionRefused(BOOK)
    return ride.rider


def _ride(demand: UUID) -> Ride:
    found = Ride.objects.filter(demand=demand).first()
    if found is None:
        raise TransitRefused(Message("no_ride", gettext_noop("There is no such ride.")))
    return found


def get_ride(demand: UUID) -> RideView:
    """One ride; journalled when it is somebody else's.

    Raises:
        TransitRefused: there is none.
        PermissionRefused: it is somebody else's, and nothing lets the actor see it.
    """
    return _views([_ride(demand)])[0]


def list_rides_of(rider: UUID, *, days: int = 30) -> list[RideView]:
    """A person's rides, the newest first."""
    since = timezone.now() - dt.timedelta(days=days)
    return _views(list(Ride.objects.filter(rider=rider, wished_at__gte=since).order_by("-wished_at", "-pk")))


def _views(rows: Sequence[Ride]) -> list[RideView]:
    acts_for = {rider for rider in {row.rider for row in rows} if may_book_for(rider)}
    if {row.rider for row in rows} - acts_for:
        require(READ)
    own = current_actor().subject
    record_many(
        EntryDraft("transit.ride.read", row.rider, "ride", str(row.demand))
        for row in rows
        if row.rider != own
    )
    return [_view(row, row.rider if row.rider in acts_for else None) for row in rows]


def _view(row: Ride, acts_for: UUID | None) -> RideView:
    kinds = Counter(category for categories, _has_pass in row.riders for category in categories)
    return RideView(
        demand=get_demand(row.demand, acts_for),
        service=row.service,
        rider=row.rider,
        origin=row.origin,
        destination=row.destination,
        wish=Wish(row.wish),
        wished_at=row.wished_at,
        party=len(row.riders),
        wheelchairs=kinds[Category.WHEELCHAIR.value],
        quoted_yen=row.quoted_yen,
    )


def settle_ride(*, demand: UUID, means: str) -> int:
    """Settle a ride that was served: the shared fare where others were on board; what is to be paid, in yen.

    Raises:
        SupplyRefused: it was not served.
        TransitRefused: there is no such ride.
    """
    ride = _ride(demand)
    service = get_service(ride.service, timezone.localdate(ride.wished_at))
    riders = [Rider(frozenset(map(Category, categories)), has_pass) for categories, has_pass in ride.riders]
    stops = {stop.code: stop.zone for stop in service.stops}
    due = fare_yen(
        fares_on(service, timezone.localdate(ride.wished_at)),
        riders,
        zones=(stops.get(ride.origin, ""), stops.get(ride.destination, "")),
        shared=was_shared(demand),
    )
    settle(demand=demand, amount_yen=due, means=means if due else "free")
    return due


REFUSED = {
    Refused.NOT_YET_OPEN: Message("not_yet_open", gettext_noop("That day cannot be booked yet.")),
    Refused.TOO_LATE: Message("too_late", gettext_noop("It is too late to book for that time.")),
    Refused.CLOSED_DAY: Message("closed_day", gettext_noop("The service does not run on that day.")),
    Refused.OUTSIDE_HOURS: Message("outside_hours", gettext_noop("The service does not run at that time.")),
    Refused.OUTSIDE_AREA: Message("outside_area", gettext_noop("The service does not go there.")),
    Refused.STOPS_ONLY: Message(
        "stops_only", gettext_noop("This service goes from meeting point to meeting point.")
    ),
    Refused.PARTY_TOO_LARGE: Message("party_too_large", gettext_noop("So many cannot be booked at once.")),
    Refused.SAME_PLACE: Message("same_place", gettext_noop("The ride begins and ends at the same place.")),
}
"""The sentence for each reason why a ride cannot be booked as asked."""
