"""Months as values, fiscal years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.calendar.public import (
    Month,
    first_of_next_month,
    fiscal_year,
    fiscal_year_born_range,
    fiscal_year_end,
    fiscal_year_start,
    legal_age,
    month_of,
    months_between,
)

MONTHS = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_facts() -> None:
    february = Month(2024, 2)
    assert (february.first_day, february.last_day) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (february.next, february.previous) == (Month(2024, 3), Month(2024, 1))
    assert february - 2 == Month(2023, 12)
    assert date(2024, 2, 29) in february
    assert date(2025, 2, 1) not in february
    assert list(Month(2024, 11).until(Month(2025, 2))) == [Month(2024, 11), Month(2024, 12), Month(2025, 1)]
    assert list(february.until(february)) == []
    assert february.day(29) == date(2024, 2, 29)
    assert max(Month(2023, 12), Month(2024, 1)) == Month(2024, 1)
    assert len({Month(2024, 1), Month.of(date(2024, 1, 31))}) == 1


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-0", "24-01", "2024/01", "2024-1", "202401", "", "二〇二四-01"]
)
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_month_functions() -> None:
    assert months_between(date(2024, 1, 31), date(2024, 2, 1)) == 1
    assert months_between(Month(2024, 10), date(2024, 4, 30)) == -6
    assert first_of_next_month(date(2024, 12, 31)) == date(2025, 1, 1)
    assert month_of(date(2024, 12, 31)) == Month(2024, 12)


@given(MONTHS, st.integers(-600, 600))
def test_arithmetic_is_invertible(month: Month, distance: int) -> None:
    assert (month + distance) - month == distance
    assert (month + distance) - distance == month
    assert Month.parse(str(month)) == month


@given(DAYS)
def test_months_tile_the_calendar(day: date) -> None:
    month = month_of(day)
    assert day in month
    assert month.last_day + timedelta(1) == month.next.first_day == first_of_next_month(day)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 3, 31), 2024),
        (date(2025, 4, 1), 2025),
        (date(2024, 12, 31), 2024),
        (date(2025, 1, 1), 2024),
    ],
)
def test_fiscal_year(day: date, year: int) -> None:
    assert fiscal_year(day) == year
    assert fiscal_year_start(year) <= day <= fiscal_year_end(year)


def test_births_of_one_cohort() -> None:
    cohort = fiscal_year_born_range(2018)
    assert date(2018, 4, 1) not in cohort
    assert date(2018, 4, 2) in cohort
    assert date(2019, 4, 1) in cohort
    assert date(2019, 4, 2) not in cohort


@given(DAYS)
def test_a_cohort_is_of_one_legal_age_at_the_end_of_each_fiscal_year(birth: date) -> None:
    year = fiscal_year(birth - timedelta(1))
    assert birth in fiscal_year_born_range(year)
    # Attained by 31 March before the seventh school year begins: six for the whole cohort.
    assert legal_age(birth, fiscal_year_end(year + 6)) == 6
