"""Months as values, and the arithmetic statutes do with them."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self, overload


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One calendar month of one year, such as October 2024.

    Ordered by time. ``month + 3`` and ``month - 3`` move by whole months; ``later - earlier`` is the
    number of months between them; ``day in month`` asks whether a date falls in it.

    Raises:
        ValueError: The year is outside 1 to 9999 or the month outside 1 to 12.

    Example:
        >>> Month(2024, 11) + 3
        Month(year=2025, month=2)
        >>> Month(2025, 2) - Month(2024, 11)
        3
        >>> str(Month(2024, 4))
        '2024-04'
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise ValueError(f"There is no month {self.month} of the year {self.year}.")

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month a date falls in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM``.

        Raises:
            ValueError: The text is not of that form or names no month.
        """
        year, dash, month = text.partition("-")
        if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isdecimal()):
            raise ValueError("A month is written YYYY-MM, for example 2024-10.")
        return cls(int(year), int(month))

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def next(self) -> Self:
        """The month after this one."""
        return self + 1

    @property
    def previous(self) -> Self:
        """The month before this one."""
        return self - 1

    def day(self, number: int) -> date:
        """Return the given day of the month.

        Raises:
            ValueError: The month has no such day.
        """
        return date(self.year, self.month, number)

    def until(self, end: Self) -> Iterator[Self]:
        """Yield the months from this one (inclusive) until ``end`` (exclusive)."""
        month = self
        while month < end:
            yield month
            month = month + 1

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __add__(self, months: int) -> Self:
        if not isinstance(months, int):
            return NotImplemented
        year, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        return type(self)(year, index + 1)

    @overload
    def __sub__(self, other: int) -> Self: ...

    @overload
    def __sub__(self, other: "Month") -> int: ...

    def __sub__(self, other: "int | Month") -> "Self | int":
        if isinstance(other, Month):
            return (self.year - other.year) * 12 + self.month - other.month
        if isinstance(other, int):
            return self + -other
        return NotImplemented

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def month_of(day: date) -> Month:
    """Return the month a date falls in."""
    return Month.of(day)


def months_between(start: date | Month, end: date | Month) -> int:
    """Return how many months lie from the month of ``start`` to the month of ``end``.

    Days within the months don't matter: 31 January to 1 February is one. Negative when ``end`` is in an
    earlier month.
    """
    first = start if isinstance(start, Month) else Month.of(start)
    last = end if isinstance(end, Month) else Month.of(end)
    return last - first


def first_of_next_month(day: date) -> date:
    """Return the first day of the month after the one ``day`` falls in.

    Most allowances begin in the month after the one of the request.
    """
    return (Month.of(day) + 1).first_day


def corresponding_day(day: date, months: int) -> date | None:
    """Return the 応当日, the same day number so many months on, or None where that month has no such day.

    Source:
        Civil Code (民法), article 143, paragraph 2.
    """
    target = Month.of(day) + months
    if day.day > target.last_day.day:
        return None
    return target.day(day.day)


def end_of_months(first_day: date, months: int) -> date:
    """Return the last day of a period of whole months whose first counted day is ``first_day``.

    The period ends the day before the 応当日, or on the last day of the final month where that month has
    no such day.

    Source:
        Civil Code (民法), article 143, paragraph 2.
    """
    target = corresponding_day(first_day, months)
    if target is None:
        return (Month.of(first_day) + months).last_day
    return target - timedelta(days=1)
