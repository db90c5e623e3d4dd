"""What the fare of a booked ride is made of."""

from dataclasses import dataclass

from django.utils import timezone

from yui.services.transit.contracts import Category, TransitRefused
from yui.services.transit.definitions import get_service
from yui.services.transit.models import Ride
from yui.services.transit.rules import FarePart, Rider, fare_parts, fares_on


@dataclass(frozen=True)
class RideFare:
    """What is to be paid for a ride, alone and when others share the car."""

    alone: tuple[FarePart, ...]
    shared: tuple[FarePart, ...]

    @property
    def alone_yen(self) -> int:
        """Without others on board."""
        return sum(part.yen for part in self.alone)

    @property
    def shared_yen(self) -> int:
        """With others on board for a part of the way."""
        return sum(part.yen for part in self.shared)


def fare_of(ride: Ride) -> RideFare:
    """What a booked ride costs, by the fares of its day.

    Raises:
        LookupError: no fare is set for it.
        TransitRefused: there is no such service on its day.
    """
    day = timezone.localdate(ride.wished_at)
    service = get_service(ride.service, day)
    riders = [Rider(frozenset(map(Category, categories)), has_pass) for categories, has_pass in ride.riders]
    zone_of = {stop.code: stop.zone for stop in service.stops}
    zones = (zone_of.get(ride.origin, ""), zone_of.get(ride.destination, ""))
    fares = fares_on(service, day)
    alone, shared = (tuple(fare_parts(fares, riders, zones=zones, shared=one)) for one in (False, True))
    return RideFare(alone, shared)


def find_fare(ride: Ride) -> RideFare | None:
    """What a booked ride costs; None where no fare is set for it."""
    try:
        return fare_of(ride)
    except (LookupError, TransitRefused):
        return None
