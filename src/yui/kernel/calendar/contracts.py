"""What crosses the door of ``kernel.calendar`` beside plain dates: dates with unknown parts."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Self

from yui.kernel.text.public import TextProblem


class DateProblem(TextProblem):
    """A text that cannot be read as one date, or a date that cannot be written as asked."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, the month or everything may be unknown (不詳).

    Not ordered: two of them may overlap. Compare their bounds instead, for example
    ``a.latest() < b.earliest()`` for "certainly before".

    Attributes:
        year: Year of the Gregorian calendar, None when nothing is known.
        month: None when unknown; then the day is unknown too.
        day: None when unknown.

    Raises:
        ValueError: There is no such day, or a part is known below an unknown one.

    Example:
        >>> PartialDate(1948, 3).isoformat(), PartialDate(1948, 2).latest()
        ('1948-03-00', datetime.date(1948, 2, 29))
    """

    year: int | None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if (self.year is None and self.month is not None) or (self.month is None and self.day is not None):
            raise ValueError("A part of a date cannot be known where the larger part is unknown.")
        # Building the bound checks year, month and day in one go.
        date(self.year or 1, self.month or 1, self.day or 1)
        if 0 in (self.year, self.month, self.day):
            raise ValueError("Unknown parts of a date are None, not 0.")

    @classmethod
    def of(cls, day: date) -> Self:
        """Return a fully known date."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def unknown(cls) -> Self:
        """Return the date of which nothing is known."""
        return cls(None)

    @classmethod
    def fromisoformat(cls, text: str) -> Self:
        """Read ``YYYY-MM-DD`` with zeros for unknown parts, as :meth:`isoformat` writes it.

        Raises:
            ValueError: The text is not of that form or there is no such day.
        """
        parts = text.split("-")
        if [len(p) for p in parts] != [4, 2, 2] or not text.isascii() or not "".join(parts).isdecimal():
            raise ValueError("A date is written YYYY-MM-DD, with 00 for an unknown month or day.")
        year, month, day = (int(p) or None for p in parts)
        return cls(year, month, day)

    @property
    def is_exact(self) -> bool:
        """Whether all parts are known."""
        return self.day is not None

    def exact(self) -> date:
        """Return the date as a plain one.

        Raises:
            ValueError: A part is unknown.
        """
        if self.year is None or self.month is None or self.day is None:
            raise ValueError("The day of this date is unknown.")
        return date(self.year, self.month, self.day)

    def earliest(self) -> date:
        """Return the first day it can be."""
        return date.min if self.year is None else date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        """Return the last day it can be."""
        if self.year is None:
            return date.max
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def isoformat(self) -> str:
        """Return ``YYYY-MM-DD`` with zeros for unknown parts."""
        return f"{self.year or 0:04d}-{self.month or 0:02d}-{self.day or 0:02d}"

    @property
    def text(self) -> str:
        """The date in its era, unknown parts as 不詳 (昭和23年3月日不詳); before eras apply, ISO."""
        from .eras import format_era

        try:
            return format_era(self)
        except DateProblem:
            return self.isoformat()

    def __str__(self) -> str:
        return self.isoformat()
