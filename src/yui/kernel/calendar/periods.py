"""Statutory periods: when a term of days, weeks, months or years ends."""

from datetime import date, timedelta

from .business_days import BusinessCalendar, business_day_on_or_after
from .months import end_of_months


def deadline(
    start_on: date,
    *,
    days: int | None = None,
    weeks: int | None = None,
    months: int | None = None,
    years: int | None = None,
    counts_first_day: bool = False,
    closed_on: BusinessCalendar | None = BusinessCalendar.OFFICE,
) -> date:
    """Return the last day of a period, at whose end the period ends.

    Args:
        start_on: The day of the event the period runs from.
        days: Length of the period; give exactly one of days, weeks, months and years, 1 or more.
        weeks: Length in weeks.
        months: Length in calendar months.
        years: Length in calendar years.
        counts_first_day: The statute counts the day of the event, or the period begins at midnight.
        closed_on: Whose closed days push the end to the next open day; None where nothing is to be done
            on the last day, so that it stays.

    Raises:
        ValueError: Not exactly one length was given, or it is below 1; or the year has no known holidays.

    Source:
        Civil Code (民法, 明治29年法律第89号), articles 140 (first day not counted), 141 (ends with the end
        of the last day), 142 (last day a holiday: the day after), 143 (by the calendar; no 応当日: last
        day of the month). For acts towards offices: 行政機関の休日に関する法律, article 2; 地方自治法,
        article 4-2, paragraph 4.

    Example:
        >>> deadline(date(2024, 1, 31), months=1)
        datetime.date(2024, 2, 29)
        >>> deadline(date(2024, 12, 14), days=15)
        datetime.date(2025, 1, 6)
    """
    lengths = [n for n in (days, weeks, months, years) if n is not None]
    if len(lengths) != 1 or lengths[0] < 1:
        raise ValueError("Give exactly one of days, weeks, months and years, 1 or more.")
    first_counted = start_on if counts_first_day else start_on + timedelta(days=1)
    if months is not None or years is not None:
        last = end_of_months(first_counted, months or 12 * (years or 0))
    else:
        last = first_counted + timedelta(days=(days or 7 * (weeks or 0)) - 1)
    return last if closed_on is None else business_day_on_or_after(last, closed_on)
