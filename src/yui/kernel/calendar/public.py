"""The door of ``kernel.calendar``."""

from .ages import attains_age_on, birthday_age, fiscal_year_end_after_age, legal_age
from .fiscal import DateRange, fiscal_year, fiscal_year_born_range, fiscal_year_end, fiscal_year_start
from .months import Month, first_of_next_month, month_of, months_between

__all__ = [
    "DateRange",
    "Month",
    "attains_age_on",
    "birthday_age",
    "first_of_next_month",
    "fiscal_year",
    "fiscal_year_born_range",
    "fiscal_year_end",
    "fiscal_year_end_after_age",
    "fiscal_year_start",
    "legal_age",
    "month_of",
    "months_between",
]
