"""Dates in Japanese eras, written strictly."""

from datetime import date, timedelta
from enum import StrEnum

from japanera import EraDate
from kanjize import number2kanji

from yui.kernel.text.public import Message, gettext_noop

from .contracts import DateProblem, PartialDate

SOLAR_CALENDAR_FROM = date(1873, 1, 1)
"""The first day of the Gregorian calendar in Japan.

Source:
    明治5年太政官布告第337号 (改暦ノ布告).
"""

_MODERN_FROM = date(1868, 1, 1)


class EraStyle(StrEnum):
    """How an era date is written."""

    STANDARD = "standard"
    """令和元年5月1日: Arabic numerals, the first year as 元年."""
    KANJI = "kanji"
    """令和元年五月一日: kanji numerals."""
    SHORT = "short"
    """R1.5.1: initial and numerals, for narrow columns."""


def format_era(day: date | PartialDate, style: EraStyle = EraStyle.STANDARD) -> str:
    """Write a date in the era in force on that day.

    Unknown parts are written 不詳 (``-`` in the short style). A year or month in which the era changed is
    given in both eras, since which of them applies is unknown.

    Raises:
        DateProblem: The month or day lies before 1873, when Japan kept another calendar; or the year
            before 1868.

    Source:
        元号法 (昭和54年法律第43号), and the cabinet order of each era: the era begins with its first day.

    Example:
        >>> format_era(date(2019, 5, 1)), format_era(date(2019, 4, 30))
        ('令和元年5月1日', '平成31年4月30日')
        >>> format_era(date(2025, 3, 31), EraStyle.KANJI)
        '令和七年三月三十一日'
    """
    partial = day if isinstance(day, PartialDate) else PartialDate.of(day)
    if partial.year is None:
        return "-" if style is EraStyle.SHORT else "不詳"
    # A year of the old calendar is nearly ours; its months and days are not.
    if partial.latest() < _MODERN_FROM or (partial.month and partial.earliest() < SOLAR_CALENDAR_FROM):
        raise DateProblem(
            Message(
                "date_before_solar_calendar",
                gettext_noop(
                    "Dates before 1873 are not written in eras: Japan kept another calendar until then."
                ),
            )
        )
    bounds = (max(partial.earliest(), _MEIJI.since), partial.latest())
    years = dict.fromkeys(_era_year(d, style) for d in bounds)
    if style is EraStyle.SHORT:
        rest = f".{partial.month or '-'}.{partial.day or '-'}"
        return "/".join(years) + rest
    number = number2kanji if style is EraStyle.KANJI else str
    if partial.month is None:
        rest = "月日不詳"
    elif partial.day is None:
        rest = f"{number(partial.month)}月日不詳"
    else:
        rest = f"{number(partial.month)}月{number(partial.day)}日"
    return "・".join(years) + rest


def _era_year(day: date, style: EraStyle) -> str:
    era = EraDate.from_date(day).era
    year = day.year - era.since.year + 1
    if style is EraStyle.SHORT:
        return f"{era.english[0]}{year}"
    if year == 1:
        return f"{era.kanji}元年"
    return f"{era.kanji}{number2kanji(year) if style is EraStyle.KANJI else year}年"


def era_bounds(name: str) -> tuple[date, date | None]:
    """Return the first day of a modern era and its last day, None while it lasts.

    Args:
        name: 明治, 大正, 昭和, 平成 or 令和.
    """
    era = _ERAS[name]
    return era.since, None if era.until is None else era.until - timedelta(days=1)


_ERAS = {
    era.kanji: era
    for era in (
        EraDate.from_date(day).era
        for day in (date(1873, 1, 1), date(1920, 1, 1), date(1950, 1, 1), date(2000, 1, 1), date(2020, 1, 1))
    )
}
_MEIJI = _ERAS["明治"]
