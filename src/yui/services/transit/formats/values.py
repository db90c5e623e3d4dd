"""Single values: whether they can be read, and what they mean however they are spelled."""

import datetime as dt
import re
import zoneinfo
from decimal import Decimal
from functools import cache

from .problems import FeedFault

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_TIME = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)", re.ASCII)
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_FORMS = {
    "color": re.compile(r"[0-9A-Fa-f]{6}"),
    "currency": re.compile(r"[A-Z]{3}"),
    "email": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "language": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"),
    "url": re.compile(r"https?://\S+", re.IGNORECASE),
}
_LIMITS = {"latitude": Decimal(90), "longitude": Decimal(180)}


def seconds_of(time: str) -> int | None:
    """Read a time of a service day, which may be past 24:00:00; None if it is no time.

    Example:
        >>> seconds_of("25:10:00")
        90600
    """
    match = _TIME.fullmatch(time.strip())
    return None if match is None else int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])


def date_of(value: str) -> dt.date | None:
    """Read a date as YYYYMMDD; None if there is no such day."""
    match = _DATE.fullmatch(value.strip())
    try:
        return None if match is None else dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def fault(kind: str, value: str) -> FeedFault | None:
    """Tell what keeps a value from being read as a kind of the schema; None if nothing does."""
    name, _, rest = kind.partition(" ")
    match name:
        case "time":
            return FeedFault.UNREADABLE_TIME if seconds_of(value) is None else None
        case "date":
            return FeedFault.UNREADABLE_DATE if date_of(value) is None else None
        case "choice":
            return None if value in rest.split() else FeedFault.UNKNOWN_CHOICE
        case "integer" | "number" | "amount" | "latitude" | "longitude":
            form = _INTEGER if name == "integer" else _NUMBER
            if not form.fullmatch(value):
                return FeedFault.UNREADABLE_NUMBER
            return None if _within(name, rest, Decimal(value)) else FeedFault.OUT_OF_RANGE
        case "timezone":
            return None if value in _timezones() else FeedFault.UNREADABLE_VALUE
        case _ if name in _FORMS:
            return None if _FORMS[name].fullmatch(value) else FeedFault.UNREADABLE_VALUE
    return None


def meaning(kind: str, value: str) -> object:
    """Return what a value means: equal for all spellings of a number or time, the text itself otherwise."""
    value = value.strip()
    if not value or fault(kind, value) is not None:
        return value
    match kind.partition(" ")[0]:
        case "time":
            return seconds_of(value)
        case "integer" | "number" | "amount" | "latitude" | "longitude":
            return Decimal(value)
        case "color" | "language":
            return value.lower()
    return value


def _within(name: str, rest: str, number: Decimal) -> bool:
    if name in _LIMITS:
        return abs(number) <= _LIMITS[name]
    word, _, bound = rest.partition(" ")
    match word:
        case "from":
            return number >= Decimal(bound)
        case "above":
            return number > Decimal(bound)
        case "not":
            return number != Decimal(bound)
    return True


@cache
def _timezones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
