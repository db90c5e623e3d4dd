"""Ages, fiscal years and months of a birthday, day by day."""

import doctest
from datetime import date, timedelta
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.rules import grammar, legal_dates
from yui.engines.rules.legal_dates import (
    DATE_FUNCTIONS,
    Month,
    birthday_month_end,
    earliest_argument,
    first_day_of_following_month,
    first_fiscal_year_end,
    last_day_of_grace,
    months_between,
    reaches_age_on,
)

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
ages = st.integers(0, 100)


def test_month_reads_and_writes() -> None:
    assert str(Month.parse("2024-10").plus(3)) == "2025-01"
    assert Month.of(date(2024, 2, 29)).last_day == date(2024, 2, 29)
    assert [Month(2024, 3).fiscal_year, Month(2024, 4).fiscal_year] == [2023, 2024]
    assert Month(9999, 12).last_day == date.max
    assert [str(month) for month in months_between(Month(2024, 12), Month(2025, 2))] == ["2024-12", "2025-01"]


@pytest.mark.parametrize("text", ["2024", "2024-13", "2024-1", "24-10", "2024/10", "２０２４-10", "2024-00"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month"):
        Month.parse(text)


@given(days, ages)
def test_age_is_reached_the_day_before_the_birthday(born: date, age: int) -> None:
    reached = reaches_age_on(born, age)
    following = reached + timedelta(days=1)
    if (born.month, born.day) == (2, 29) and following.month == 3:
        assert (following.month, following.day) == (3, 1)
    else:
        assert following == date(born.year + age, born.month, born.day)


@given(days, ages)
def test_fiscal_year_end_is_the_first_on_or_after(born: date, age: int) -> None:
    reached, end = reaches_age_on(born, age), first_fiscal_year_end(born, age)
    assert (end.month, end.day) == (3, 31)
    assert reached <= end < date(reached.year + 1, reached.month, min(reached.day, 28)) + timedelta(days=4)


def test_cohorts_run_from_2_april_to_1_april() -> None:
    cohort = {first_fiscal_year_end(date(2008, 4, 2) + timedelta(days=day), 15) for day in range(365)}
    assert cohort == {date(2024, 3, 31)}
    assert first_fiscal_year_end(date(2008, 4, 1), 15) == date(2023, 3, 31)
    assert first_fiscal_year_end(date(2009, 4, 2), 15) == date(2025, 3, 31)


@given(days, st.integers(1, 100))
def test_birthday_month(born: date, age: int) -> None:
    end = birthday_month_end(born, age)
    assert (end.year, end.month) == (born.year + age, born.month)
    assert (end + timedelta(days=1)).day == 1


@given(days)
def test_following_month(day: date) -> None:
    first = first_day_of_following_month(day)
    assert first.day == 1
    assert 1 <= (first - day).days <= 31


def test_grace_does_not_count_the_day_and_skips_closed_days() -> None:
    assert last_day_of_grace(date(2026, 10, 20), 15) == date(2026, 11, 4)
    assert last_day_of_grace(date(2026, 10, 20), 15, lambda day: day.day in (4, 5)) == date(2026, 11, 6)


@given(st.sampled_from(sorted(DATE_FUNCTIONS)), days, days, st.integers(0, 100))
def test_the_vocabulary_is_monotone(name: str, first: date, second: date, years: int) -> None:
    function = DATE_FUNCTIONS[name]
    arguments = (years,) if function.counts else ()
    earlier, later = sorted((first, second))
    assert function.run(earlier, *arguments) <= function.run(later, *arguments)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(DATE_FUNCTIONS)), st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 100)
)
def test_threshold_is_the_earliest_date_that_reaches(name: str, limit: date, years: int) -> None:
    function = DATE_FUNCTIONS[name]
    arguments = (years,) if function.counts else ()
    threshold = earliest_argument(name, years if function.counts else None, limit)
    assert function.run(threshold, *arguments) >= limit
    assert function.run(threshold - timedelta(days=1), *arguments) < limit


@pytest.mark.parametrize("module", [legal_dates, grammar])
def test_examples_in_docstrings(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
