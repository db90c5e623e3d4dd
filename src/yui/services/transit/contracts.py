"""What a service of transit is, as data: where, when, for whom, under which limits, at what price."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yui.kernel.text.public import Message


class Licence(StrEnum):
    """The ground on which passengers are carried for money.

    Source:
        道路運送法 (昭和26年法律第183号) article 4 (general passenger business), article 78 item 2
        (自家用有償旅客運送: 交通空白地, 福祉), article 78 item 3 (自家用車活用事業).
    """

    GENERAL = "general"
    VACANT_AREA = "vacant_area"
    WELFARE = "welfare"
    PRIVATE_CARS = "private_cars"


class Pattern(StrEnum):
    """How freely the vehicle moves (運行方式)."""

    FIXED_ROUTE = "fixed_route"
    DETOUR = "detour"
    MEETING_POINTS = "meeting_points"
    DOOR_TO_DOOR = "door_to_door"


class Wish(StrEnum):
    """What a rider fixes: leave as soon as possible, be picked up by or not before, arrive by."""

    NOW = "now"
    PICKUP_FROM = "pickup_from"
    ARRIVE_BY = "arrive_by"


class DutyAct(StrEnum):
    """What a driver notes of a duty, as the ride record asks for it (乗務記録)."""

    BOARDED = "boarded"
    ALIGHTED = "alighted"
    NO_SHOW = "no_show"
    BREAK_BEGUN = "break_begun"
    BREAK_ENDED = "break_ended"


class Means(StrEnum):
    """How a fare is paid at the car."""

    CASH = "cash"
    TICKET = "ticket"
    CASHLESS = "cashless"


class Register(StrEnum):
    """What has a last day in the registers of cars and drivers."""

    INSPECTION = "inspection"
    INSURANCE = "insurance"
    LICENCE = "licence"


class Category(StrEnum):
    """Whom a fare or a right to the door is for. One rider may be of several."""

    ADULT = "adult"
    CHILD = "child"
    INFANT = "infant"
    DISABLED = "disabled"
    SENIOR = "senior"
    CARE_CERTIFIED = "care_certified"
    WHEELCHAIR = "wheelchair"
    NO_LICENCE = "no_licence"


@dataclass(frozen=True)
class Hours:
    """When a service runs on some days of the week.

    Attributes:
        weekdays: 0 is Monday, 6 Sunday.
        opens: first pick-up.
        closes: last drop-off; later than ``opens``.
        on_holidays: whether it runs on national holidays that fall on these days.
    """

    weekdays: frozenset[int]
    opens: dt.time
    closes: dt.time
    on_holidays: bool = False


@dataclass(frozen=True)
class BookingWindow:
    """Until when and from when a ride can be booked.

    Attributes:
        opens_days: so many days before the ride, from midnight.
        closes_minutes: so many minutes before the pick-up; 0 takes bookings for now.
    """

    opens_days: int
    closes_minutes: int


@dataclass(frozen=True)
class Limits:
    """How long a rider may wait and be on board.

    Attributes:
        wait_minutes: at most between the wished and the actual pick-up.
        ride_factor: time on board over the direct time.
        ride_extra_minutes: added to that.
        boarding_seconds: at each stop.
        wheelchair_seconds: more with a wheelchair.
        party: riders in one booking.
    """

    wait_minutes: int = 20
    ride_factor: float = 1.5
    ride_extra_minutes: int = 10
    boarding_seconds: int = 30
    wheelchair_seconds: int = 120
    party: int = 4


@dataclass(frozen=True)
class Discount:
    """Less for some riders: a share of the fare, or a fare of its own.

    Attributes:
        category: for whom.
        percent: of the fare that is left; 0 is free.
    """

    category: Category
    percent: int


@dataclass(frozen=True)
class Fares:
    """What a ride costs, from a day on.

    Attributes:
        flat_yen: for one rider anywhere; None where zones are priced.
        zones: yen between two zones, by both their codes in either order.
        shared_yen: flat fare when others share the car; None for no such fare.
        discounts: the best one counts, one for a rider.
        rounding_yen: fares are rounded up to a multiple of it.
        passes: price of passes by code ("month": 3000); who shows one rides free.
    """

    valid_from: dt.date
    flat_yen: int | None = None
    zones: Mapping[tuple[str, str], int] = field(default_factory=dict)
    shared_yen: int | None = None
    discounts: tuple[Discount, ...] = ()
    rounding_yen: int = 10
    passes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Stop:
    """A meeting point.

    Attributes:
        code: stable.
        name: as on its sign.
        kana: its reading.
        zone: of the fares; empty where there is one price.
    """

    code: str
    name: str
    kana: str
    latitude: float
    longitude: float
    zone: str = ""


@dataclass(frozen=True)
class Definition:
    """One version of a service.

    Attributes:
        code: stable identifier of the service.
        area: the ring of its area (運送の区域), latitude and longitude, closed or not.
        door: who may be met at the door; everybody where the pattern is door to door.
        valid_from: first day of this version.
        fares: by their first day.
        stops: meeting points.
        phone: to book by, as dialled.
    """

    code: str
    name_ja: str
    name_kana: str
    name_en: str
    operator_ja: str
    operator_number: str
    licence: Licence
    pattern: Pattern
    valid_from: dt.date
    area: tuple[tuple[float, float], ...]
    hours: tuple[Hours, ...]
    booking: BookingWindow
    limits: Limits
    fares: tuple[Fares, ...]
    stops: tuple[Stop, ...]
    door: frozenset[Category] = frozenset()
    phone: str = ""
    address: str = ""


class TransitRefused(ValueError):
    """What was asked cannot be done; nothing was changed.

    Attributes:
        text: the sentence for whoever asked.
    """

    def __init__(self, text: Message) -> None:
        super().__init__(str(text))
        self.text = text
