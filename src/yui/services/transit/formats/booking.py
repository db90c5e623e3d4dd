"""The booking window of a service in the words GTFS-Flex and GOFS share."""

import datetime as dt
from collections.abc import Mapping

from ..contracts import BookingWindow, Definition, Hours
from .publication import time_text, to_the_door

_DAY_MINUTES = 24 * 60
#: Limits that are numbers where values have types.
NUMBERS = ("booking_type", "prior_notice_duration_min", "prior_notice_last_day", "prior_notice_start_day")


def notice(booking: BookingWindow, hours: Hours) -> Mapping[str, str]:
    """Return the type of booking and its limits; what a type forbids is not there.

    At once (0) has no limits. Up to a day ahead (1) is counted in minutes to the pick-up. Longer (2) can only be
    said as a time of an earlier day, the same for all rides of a day: the latest that is early enough for the
    first of them.

    Raises:
        ValueError: Booking would close before it opens.
    """
    if booking.closes_minutes == 0:
        return {"booking_type": "0"}
    opens = {
        "prior_notice_start_day": str(booking.opens_days),
        "prior_notice_start_time": time_text(dt.time(0)),
    }
    if booking.closes_minutes < _DAY_MINUTES:
        return {"booking_type": "1", "prior_notice_duration_min": str(booking.closes_minutes), **opens}
    minutes = hours.opens.hour * 60 + hours.opens.minute - booking.closes_minutes
    last_day, last_minute = -(minutes // _DAY_MINUTES), minutes % _DAY_MINUTES
    if last_day > booking.opens_days:
        raise ValueError(
            f"Booking opens {booking.opens_days} days before the ride and closes {booking.closes_minutes} minutes "
            f"before it, which for a ride at {hours.opens:%H:%M} is earlier."
        )
    return {
        "booking_type": "2",
        "prior_notice_last_day": str(last_day),
        "prior_notice_last_time": time_text(dt.time(last_minute // 60, last_minute % 60)),
        **opens,
    }


def message(definition: Definition, language: str = "ja") -> str:
    """Say in a sentence or two until when to book, and where the vehicle stops."""
    opens, closes = definition.booking.opens_days, definition.booking.closes_minutes
    if language == "ja":
        until = "今すぐの利用も" if closes == 0 else f"{_length_ja(closes)}前まで"
        since = f"{opens}日前から" if opens else "当日"
        where = "" if to_the_door(definition) else "乗り降りは決められた乗り場です。"
        door = "対象の方は玄関先で乗り降りできます。" if definition.door and where else ""
        return f"{since}、{until}予約できます。{where}{door}"
    until = "up to right now" if closes == 0 else f"until {_length_en(closes)} before the ride"
    since = f"from {opens} days ahead" if opens else "on the day"
    where = "" if to_the_door(definition) else " The vehicle stops at its meeting points."
    door = " Some riders can be met at the door." if definition.door and where else ""
    return f"Book {since}, {until}.{where}{door}"


def _length_ja(minutes: int) -> str:
    return f"{minutes // 60}時間" if minutes % 60 == 0 else f"{minutes}分"


def _length_en(minutes: int) -> str:
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
