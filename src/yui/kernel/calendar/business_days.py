"""National holidays and the days on which offices and banks are open."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

FIRST_YEAR, LAST_YEAR = 1949, 2099
"""Years the holiday library answers for: from the first full year of the holidays act, equinoxes computed."""

_DAY = timedelta(days=1)


class BusinessCalendar(StrEnum):
    """Who has to be open for a day to be a business day."""

    OFFICE = "office"
    """Government offices: closed on Saturdays, Sundays, holidays and 29 December to 3 January.

    Source:
        行政機関の休日に関する法律 (昭和63年法律第91号), article 1, paragraph 1; for local governments
        地方自治法 (昭和22年法律第67号), article 4-2, paragraph 2, and each body's ordinance.
    """
    BANK = "bank"
    """Banks: closed on Saturdays, Sundays, holidays and 31 December to 3 January.

    Source:
        銀行法 (昭和56年法律第59号), article 15, paragraph 1; 銀行法施行令 (昭和57年政令第40号), article 5,
        paragraph 1.
    """


_YEAR_END_CLOSED_FROM = {BusinessCalendar.OFFICE: 29, BusinessCalendar.BANK: 31}


def holidays_of(year: int) -> Mapping[date, str]:
    """Return the national holidays of a calendar year with their Japanese names, in order.

    Substitute holidays (振替休日), days between two holidays (国民の休日) and the one-off days of
    single years are among them. Years to come follow the law as it stands.

    Raises:
        ValueError: The year is outside 1949 to 2099.

    Source:
        国民の祝日に関する法律 (昭和23年法律第178号), articles 2 and 3.
    """
    return dict(_holidays(year))


@lru_cache(maxsize=256)
def _holidays(year: int) -> Mapping[date, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Holidays are known for the years {FIRST_YEAR} to {LAST_YEAR}, not for {year}.")
    # Imported here: the library carries every country, and many callers only want ages or months.
    from holidays.countries.japan import Japan

    return dict(sorted(Japan(years=year, language="ja").items()))


def holiday_name(day: date) -> str | None:
    """Return the Japanese name of the national holiday on a day, or None on any other day.

    Raises:
        ValueError: The year is outside 1949 to 2099.
    """
    return _holidays(day.year).get(day)


def is_business_day(day: date, calendar: BusinessCalendar = BusinessCalendar.OFFICE) -> bool:
    """Tell whether offices, or banks, are open on a day.

    Raises:
        ValueError: The year is outside 1949 to 2099.
    """
    closed_for_new_year = (day.month == 12 and day.day >= _YEAR_END_CLOSED_FROM[calendar]) or (
        day.month == 1 and day.day <= 3
    )
    return day.weekday() < 5 and not closed_for_new_year and day not in _holidays(day.year)


def next_business_day(day: date, calendar: BusinessCalendar = BusinessCalendar.OFFICE) -> date:
    """Return the first business day after ``day``."""
    return business_day_on_or_after(day + _DAY, calendar)


def previous_business_day(day: date, calendar: BusinessCalendar = BusinessCalendar.OFFICE) -> date:
    """Return the last business day before ``day``."""
    return business_day_on_or_before(day - _DAY, calendar)


def business_day_on_or_after(day: date, calendar: BusinessCalendar = BusinessCalendar.OFFICE) -> date:
    """Return ``day`` where it is a business day, else the next one: how deadlines move."""
    while not is_business_day(day, calendar):
        day += _DAY
    return day


def business_day_on_or_before(day: date, calendar: BusinessCalendar = BusinessCalendar.OFFICE) -> date:
    """Return ``day`` where it is a business day, else the one before: how many payment days move."""
    while not is_business_day(day, calendar):
        day -= _DAY
    return day


def add_business_days(day: date, count: int, calendar: BusinessCalendar = BusinessCalendar.OFFICE) -> date:
    """Return the ``count``-th business day after ``day``, which itself is not counted.

    A negative count goes back. With 0 the answer is ``day``, or the next business day where it is none.

    Example:
        >>> add_business_days(date(2024, 12, 27), 1)
        datetime.date(2025, 1, 6)
        >>> add_business_days(date(2024, 12, 27), 1, BusinessCalendar.BANK)
        datetime.date(2024, 12, 30)
    """
    if count == 0:
        return business_day_on_or_after(day, calendar)
    step = next_business_day if count > 0 else previous_business_day
    for _ in range(abs(count)):
        day = step(day, calendar)
    return day
