"""Rules of a ride: may it be booked, where may it begin and end, what does it cost.

Pure decisions: the service's definition and a day go in, an answer with its reason comes out.
"""

import datetime as dt
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from yui.kernel.calendar.public import holiday_name
from yui.services.transit.contracts import Category, Definition, Fares, Licence, Pattern, Stop

JAPAN = ZoneInfo("Asia/Tokyo")
TAXI_SHARE_PERCENT = 80
"""What 自家用有償旅客運送 may cost at most, as a share of the taxi fare of the area (目安).

Source:
    国土交通省通達「自家用有償旅客運送における対価」 as amended in 2024: about eight tenths; before, a half.
"""
DYNAMIC_PERCENT = 50
"""How far a changing fare may go above or below the ordinary one; its mean over a period may not exceed that one."""
SHORTAGE_PERCENT = 5
"""Share of an area's taxis that the simple way (簡便法) counts as lacking on Friday and Saturday nights."""
MATCHING_GOAL_PERCENT = 90
"""Share of ride requests to be accepted in every span of hours.

Source:
    規制改革推進会議答申 (2024-05-31).
"""


SESSION = dt.timedelta(minutes=30)
"""Who asks again within it is still looking for the same ride: one request (配車依頼) and not two.

To be checked: the 答申 counts sessions of an app and leaves open how long one is.
"""
EXPIRY_WARNINGS = (30, 60)
"""Days before its last day at which a licence, an inspection or an insurance is said to end soon."""


class Refused(StrEnum):
    """Why a ride cannot be booked as asked."""

    NOT_YET_OPEN = "not_yet_open"
    TOO_LATE = "too_late"
    CLOSED_DAY = "closed_day"
    OUTSIDE_HOURS = "outside_hours"
    OUTSIDE_AREA = "outside_area"
    STOPS_ONLY = "stops_only"
    PARTY_TOO_LARGE = "party_too_large"
    SAME_PLACE = "same_place"


def hours_on(definition: Definition, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    """The spans in which the service runs on a day, in order; empty when it does not."""
    return sorted(
        (
            dt.datetime.combine(day, hours.opens, JAPAN),
            dt.datetime.combine(day, hours.closes, JAPAN),
        )
        for hours in definition.hours
        if day.weekday() in hours.weekdays and (hours.on_holidays or not holiday_name(day))
    )


def check_time(definition: Definition, pickup_at: dt.datetime, now: dt.datetime) -> Refused | None:
    """Whether a ride may be booked now for a pick-up at an instant; None when it may."""
    day = pickup_at.astimezone(JAPAN).date()
    spans = hours_on(definition, day)
    if not spans:
        return Refused.CLOSED_DAY
    if not any(opens <= pickup_at < closes for opens, closes in spans):
        return Refused.OUTSIDE_HOURS
    opens_on = day - dt.timedelta(days=definition.booking.opens_days)
    if now < dt.datetime.combine(opens_on, dt.time(), JAPAN):
        return Refused.NOT_YET_OPEN
    if pickup_at - now < dt.timedelta(minutes=definition.booking.closes_minutes):
        return Refused.TOO_LATE
    return None


def next_pickup(definition: Definition, now: dt.datetime, days: int = 14) -> dt.datetime | None:
    """The first instant from now for which a ride may be booked; None when there is none within so many days."""
    first = now + dt.timedelta(minutes=definition.booking.closes_minutes)
    for ahead in range(min(days, definition.booking.opens_days) + 1):
        for opens, closes in hours_on(definition, now.astimezone(JAPAN).date() + dt.timedelta(days=ahead)):
            if max(first, opens) < closes:
                return max(first, opens)
    return None


def may_be_met_at_the_door(definition: Definition, categories: Collection[Category]) -> bool:
    """Whether a rider of these categories is picked up anywhere in the area and not only at meeting points."""
    return definition.pattern is Pattern.DOOR_TO_DOOR or bool(definition.door & set(categories))


def in_area(definition: Definition, latitude: float, longitude: float) -> bool:
    """Whether a place lies in the area of the service (even-odd rule; its edge counts as inside)."""
    inside = False
    ring = definition.area
    for (a_lat, a_lon), (b_lat, b_lon) in zip(ring, ring[1:] + ring[:1], strict=True):
        across = (b_lon - a_lon) * (latitude - a_lat) - (b_lat - a_lat) * (longitude - a_lon)
        between = min(a_lat, b_lat) <= latitude <= max(a_lat, b_lat)
        if across == 0 and between and min(a_lon, b_lon) <= longitude <= max(a_lon, b_lon):
            return True
        if (a_lat > latitude) != (b_lat > latitude) and (across < 0) == (b_lat < a_lat):
            inside = not inside
    return inside


def check_places(
    definition: Definition,
    origin: tuple[float, float] | Stop,
    destination: tuple[float, float] | Stop,
    categories: Collection[Category],
) -> Refused | None:
    """Whether a ride may go between two places; None when it may.

    Source:
        道路運送法 article 78 item 2 as the ministry applies it: such a ride begins or ends in the area.
        To be checked: the article of the 施行規則 that says so.
    """
    if origin == destination:
        return Refused.SAME_PLACE
    ends = (origin, destination)
    if not may_be_met_at_the_door(definition, categories) and not all(isinstance(end, Stop) for end in ends):
        return Refused.STOPS_ONLY
    within = [
        in_area(definition, end.latitude, end.longitude)
        if isinstance(end, Stop)
        else in_area(definition, *end)
        for end in ends
    ]
    one_is_enough = definition.licence in (Licence.VACANT_AREA, Licence.WELFARE)
    if not (any(within) if one_is_enough else all(within)):
        return Refused.OUTSIDE_AREA
    return None


# Fares


@dataclass(frozen=True)
class Rider:
    """One person of a party, with what a fare depends on."""

    categories: frozenset[Category] = frozenset({Category.ADULT})
    has_pass: bool = False


def fares_on(definition: Definition, day: dt.date) -> Fares:
    """The fares in force on a day.

    Raises:
        LookupError: none is yet.
    """
    known = [fares for fares in definition.fares if fares.valid_from <= day]
    if not known:
        raise LookupError(f"The service {definition.code} has no fares on {day}.")
    return max(known, key=lambda fares: fares.valid_from)


@dataclass(frozen=True)
class FarePart:
    """What one rider of a party pays, and why.

    Attributes:
        full_yen: the fare of the way before any discount for the rider.
        is_shared: it is the lower fare of a car that others share.
        category: whose discount counted; None without one.
        percent: of the full fare that is left.
        has_pass: a pass was shown, so nothing is paid.
        yen: to be paid.
    """

    full_yen: int
    is_shared: bool
    category: Category | None
    percent: int
    has_pass: bool
    yen: int


def fare_yen(
    fares: Fares,
    riders: Iterable[Rider],
    *,
    zones: tuple[str, str] = ("", ""),
    shared: bool = False,
) -> int:
    """What a party pays for a ride.

    Args:
        zones: of where it begins and ends.
        shared: whether others are on board for a part of it.

    Raises:
        LookupError: no fare is set between the zones.
    """
    return sum(part.yen for part in fare_parts(fares, riders, zones=zones, shared=shared))


def fare_parts(
    fares: Fares,
    riders: Iterable[Rider],
    *,
    zones: tuple[str, str] = ("", ""),
    shared: bool = False,
) -> list[FarePart]:
    """What a fare is made of, rider by rider; the arguments and errors of ``fare_yen``."""
    return [_part(fares, rider, zones, shared) for rider in riders]


def _part(fares: Fares, rider: Rider, zones: tuple[str, str], shared: bool) -> FarePart:
    if rider.has_pass:
        return FarePart(0, False, None, 0, True, 0)
    if fares.flat_yen is not None:
        full = fares.flat_yen
    elif zones in fares.zones:
        full = fares.zones[zones]
    elif zones[::-1] in fares.zones:
        full = fares.zones[zones[::-1]]
    else:
        raise LookupError(f"No fare is set between the zones {zones[0]} and {zones[1]}.")
    is_shared = shared and fares.shared_yen is not None and fares.shared_yen < full
    if is_shared and fares.shared_yen is not None:
        full = fares.shared_yen
    best = min(
        (discount for discount in fares.discounts if discount.category in rider.categories),
        key=lambda discount: discount.percent,
        default=None,
    )
    percent = best.percent if best else 100
    # Whole numbers only: the share first, then up to the next multiple.
    yen = -(-full * percent // (100 * fares.rounding_yen)) * fares.rounding_yen
    return FarePart(full, is_shared, best.category if best else None, percent, False, yen)


class FareProblem(StrEnum):
    """What is wrong with fares of 自家用有償旅客運送."""

    ABOVE_TAXI = "above_taxi"
    DYNAMIC_TOO_FAR = "dynamic_too_far"
    DYNAMIC_MEAN = "dynamic_mean"


def check_fare_level(fare: int, taxi_fare: int) -> FareProblem | None:
    """Whether a fare is about what 自家用有償旅客運送 may cost; above it the local council has to agree to it.

    Args:
        fare: of the ride; where several ride together, the sum of what they pay.
        taxi_fare: the highest of the area for the same way.

    Source:
        国土交通省通達「自家用有償旅客運送者が利用者から収受する対価の取扱いについて」
        (平成18年国自旅第144号, as amended).
        To be checked: the wording on shared rides after the amendment of 2024.
    """
    return FareProblem.ABOVE_TAXI if fare * 100 > taxi_fare * TAXI_SHARE_PERCENT else None


def check_dynamic_fares(ordinary: int, charged: Sequence[int]) -> FareProblem | None:
    """Whether fares that change with demand keep within half above and below, and on the mean at the ordinary one."""
    low, high = ordinary * (100 - DYNAMIC_PERCENT), ordinary * (100 + DYNAMIC_PERCENT)
    if any(not low <= fare * 100 <= high for fare in charged):
        return FareProblem.DYNAMIC_TOO_FAR
    return FareProblem.DYNAMIC_MEAN if sum(charged) > ordinary * len(charged) else None


# Ride share (自家用車活用事業)


def matching_percent(requests: int, taxi_accepts: int, private_accepts: int) -> float | None:
    """Share of requests that a taxi or a private car accepted; None without requests.

    Source:
        規制改革推進会議答申 (2024-05-31): (accepted by taxis + by private cars) / requests, one per session of the app.
    """
    return 100 * (taxi_accepts + private_accepts) / requests if requests else None


def vehicles_lacking(
    requests: int | Fraction, accepts: int | Fraction, rides_per_vehicle: int | Fraction
) -> int:
    """Vehicles needed in one span of hours to lift the share of accepted requests to the goal.

    Args:
        rides_per_vehicle: that one vehicle accepts in the span; above zero.

    Source:
        国土交通省 on 自家用車活用事業 (2024-04-26): the vehicles that are needed to secure a matching rate of 90 %.
        To be checked: how the ministry rounds, and how many rides it reckons for one vehicle.
    """
    lacking = Fraction(requests) * MATCHING_GOAL_PERCENT / 100 - accepts
    return max(0, math.ceil(lacking / Fraction(rides_per_vehicle)))


def vehicles_lacking_simply(taxis: int, weekday: int, hour: int) -> int:
    """The same by the simple way (簡便法): Friday and Saturday from 16:00 to before 6:00 of the next day.

    Source:
        国土交通省 on 自家用車活用事業 (2024-04): 5 % of the taxis of an area outside the twelve large ones; a
        municipality may report another number.

    Args:
        weekday: 0 is Monday.
        hour: of that day, 0 to 23.
    """
    night = (weekday in (4, 5) and hour >= 16) or (weekday in (5, 6) and hour < 6)
    return math.ceil(taxis * SHORTAGE_PERCENT / 100) if night else 0


# Drivers and vehicles


class Unfit(StrEnum):
    """Why a driver or a vehicle may not go out."""

    LICENCE_EXPIRED = "licence_expired"
    NOT_QUALIFIED = "not_qualified"
    INSPECTION_EXPIRED = "inspection_expired"
    INSURANCE_EXPIRED = "insurance_expired"
    NO_ROLL_CALL = "no_roll_call"
    ALCOHOL = "alcohol"
    UNWELL = "unwell"


@dataclass(frozen=True)
class DriverFacts:
    """What is registered of a driver.

    Attributes:
        second_class: 第二種運転免許.
        trained_on: day of the course that the minister recognises (大臣認定講習); None when not taken.
    """

    licence_until: dt.date
    second_class: bool
    trained_on: dt.date | None


@dataclass(frozen=True)
class VehicleFacts:
    """What is registered of a vehicle: last days of the inspection (車検) and of the insurance."""

    inspection_until: dt.date
    insurance_until: dt.date


@dataclass(frozen=True)
class RollCall:
    """The call before a driver goes out (運行前点呼): milligrams of alcohol a litre of breath, and how they feel."""

    alcohol_mg_per_l: float
    well: bool


def days_of_warning(until: dt.date, day: dt.date) -> int | None:
    """Which warning a last day deserves: 0 when it is over, 30 or 60 when it ends within so many days, else None."""
    if until < day:
        return 0
    return next((days for days in EXPIRY_WARNINGS if until - day <= dt.timedelta(days=days)), None)


def unfit(
    driver: DriverFacts, vehicle: VehicleFacts, roll_call: RollCall | None, licence: Licence, day: dt.date
) -> list[Unfit]:
    """Everything that keeps a driver and a vehicle from going out on a day; empty when they may.

    Source:
        道路運送法施行規則 article 51-22, paragraph 1 (the check for drink, illness and tiredness before a ride).
        国土交通省 on 自家用有償旅客運送: a second-class licence, or a first-class one with the recognised course.
        To be checked: the article on licences, and whether any alcohol at all keeps a driver in.
    """
    found = []
    if driver.licence_until < day:
        found.append(Unfit.LICENCE_EXPIRED)
    trained = driver.trained_on is not None and driver.trained_on <= day
    if not driver.second_class and (licence is Licence.GENERAL or not trained):
        found.append(Unfit.NOT_QUALIFIED)
    if vehicle.inspection_until < day:
        found.append(Unfit.INSPECTION_EXPIRED)
    if vehicle.insurance_until < day:
        found.append(Unfit.INSURANCE_EXPIRED)
    if roll_call is None:
        found.append(Unfit.NO_ROLL_CALL)
    else:
        if roll_call.alcohol_mg_per_l > 0:
            found.append(Unfit.ALCOHOL)
        if not roll_call.well:
            found.append(Unfit.UNWELL)
    return found
