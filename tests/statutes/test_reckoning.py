"""The rules engine and the calendar of the kernel reckon ages, fiscal years and periods alike.

The engine stands on nothing and so has its own functions; two answers to one legal question would be a defect.
"""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.rules import public as engine
from yui.kernel.calendar import public as kernel

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(days, st.integers(1, 99))
def test_ages_and_fiscal_years(born: date, age: int) -> None:
    assert engine.reaches_age_on(born, age) == kernel.attains_age_on(born, age)
    assert engine.first_fiscal_year_end(born, age) == kernel.fiscal_year_end_after_age(born, age)


@given(days)
def test_the_following_month(day: date) -> None:
    assert engine.first_day_of_following_month(day) == kernel.first_of_next_month(day)
    assert engine.Month.of(day).fiscal_year == kernel.fiscal_year(day)


@settings(deadline=None)
@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(1, 60))
def test_periods_and_closed_days(day: date, length: int) -> None:
    def is_closed(one: date) -> bool:
        return not kernel.is_business_day(one)

    assert engine.last_day_of_grace(day, length, is_closed) == kernel.deadline(day, days=length)
