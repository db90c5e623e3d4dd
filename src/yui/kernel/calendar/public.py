"""The door of ``kernel.calendar``."""

from .ages import attains_age_on, birthday_age, fiscal_year_end_after_age, legal_age
from .business_days import (
    BusinessCalendar,
    add_business_days,
    business_day_on_or_after,
    business_day_on_or_before,
    holiday_name,
    holidays_of,
    is_business_day,
    next_business_day,
    previous_business_day,
)
from .contracts import DateProblem, PartialDate
from .eras import EraStyle, format_era
from .fiscal import DateRange, fiscal_year, fiscal_year_born_range, fiscal_year_end, fiscal_year_start
from .months import Month, first_of_next_month, month_of, months_between
from .periods import deadline
from .reading import DateOrder, parse_exact_date, parse_japanese_date
from .school import (
    SchoolGrade,
    SchoolStage,
    compulsory_schooling_ends_on,
    enters_elementary_on,
    school_cohort,
    school_grade,
)

__all__ = [
    "BusinessCalendar",
    "DateOrder",
    "DateProblem",
    "DateRange",
    "EraStyle",
    "Month",
    "PartialDate",
    "SchoolGrade",
    "SchoolStage",
    "add_business_days",
    "attains_age_on",
    "birthday_age",
    "business_day_on_or_after",
    "business_day_on_or_before",
    "compulsory_schooling_ends_on",
    "deadline",
    "enters_elementary_on",
    "first_of_next_month",
    "fiscal_year",
    "fiscal_year_born_range",
    "fiscal_year_end",
    "fiscal_year_end_after_age",
    "fiscal_year_start",
    "format_era",
    "holiday_name",
    "holidays_of",
    "is_business_day",
    "legal_age",
    "month_of",
    "months_between",
    "next_business_day",
    "parse_exact_date",
    "parse_japanese_date",
    "previous_business_day",
    "school_cohort",
    "school_grade",
]
