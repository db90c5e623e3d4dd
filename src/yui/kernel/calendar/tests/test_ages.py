"""Ages: the law's reckoning against birthdays, leap days, 1 April."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.calendar.public import (
    attains_age_on,
    birthday_age,
    fiscal_year_end_after_age,
    legal_age,
)

BIRTHS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
LATER = st.integers(min_value=0, max_value=120 * 366)


@pytest.mark.parametrize(
    ("birth", "age", "attained"),
    [
        (date(2000, 1, 1), 15, date(2014, 12, 31)),
        (date(2000, 1, 1), 17, date(2016, 12, 31)),
        (date(2000, 2, 29), 15, date(2015, 2, 28)),  # No 応当日: the last day of the month.
        (date(2000, 2, 29), 16, date(2016, 2, 28)),  # There is one: the day before it.
        (date(2000, 2, 29), 20, date(2020, 2, 28)),
        (date(2000, 3, 1), 15, date(2015, 2, 28)),
        (date(2000, 3, 1), 16, date(2016, 2, 29)),
        (date(2018, 4, 1), 6, date(2024, 3, 31)),
        (date(2018, 4, 2), 6, date(2024, 4, 1)),
        (date(2018, 4, 1), 0, date(2018, 4, 1)),
        (date(1950, 1, 1), 75, date(2024, 12, 31)),
    ],
)
def test_day_an_age_is_attained(birth: date, age: int, attained: date) -> None:
    assert attains_age_on(birth, age) == attained


@pytest.mark.parametrize(
    ("birth", "on", "by_law", "by_birthday"),
    [
        (date(2000, 1, 1), date(2014, 12, 30), 14, 14),
        (date(2000, 1, 1), date(2014, 12, 31), 15, 14),
        (date(2000, 1, 1), date(2015, 1, 1), 15, 15),
        (date(2000, 1, 1), date(2016, 12, 30), 16, 16),
        (date(2000, 1, 1), date(2016, 12, 31), 17, 16),
        # The trap: adding a day to the birth and then years says 15 on 27 February.
        (date(2000, 2, 29), date(2015, 2, 27), 14, 14),
        (date(2000, 2, 29), date(2015, 2, 28), 15, 14),
        (date(2000, 2, 29), date(2015, 3, 1), 15, 15),
        (date(2000, 2, 29), date(2016, 2, 28), 16, 15),
        (date(2000, 2, 29), date(2016, 2, 29), 16, 16),
        (date(2007, 4, 1), date(2025, 3, 31), 18, 17),
        (date(2020, 5, 5), date(2020, 5, 5), 0, 0),
    ],
)
def test_the_two_ages(birth: date, on: date, by_law: int, by_birthday: int) -> None:
    assert (legal_age(birth, on), birthday_age(birth, on)) == (by_law, by_birthday)


@pytest.mark.parametrize(
    ("birth", "age", "end"),
    [
        (date(2007, 4, 1), 18, date(2025, 3, 31)),
        (date(2007, 4, 2), 18, date(2026, 3, 31)),
        (date(2007, 3, 31), 18, date(2025, 3, 31)),
        (date(2008, 2, 29), 15, date(2023, 3, 31)),
    ],
)
def test_first_fiscal_year_end_after_an_age(birth: date, age: int, end: date) -> None:
    assert fiscal_year_end_after_age(birth, age) == end


def test_refusals() -> None:
    with pytest.raises(ValueError, match="negative"):
        attains_age_on(date(2000, 1, 1), -1)
    for reckoning in (legal_age, birthday_age):
        with pytest.raises(ValueError, match="before the day of birth"):
            reckoning(date(2000, 1, 2), date(2000, 1, 1))


@given(BIRTHS, LATER)
def test_legal_age_is_the_greatest_age_attained(birth: date, days: int) -> None:
    on = birth + timedelta(days)
    age = legal_age(birth, on)
    assert attains_age_on(birth, age) <= on < attains_age_on(birth, age + 1)


@given(BIRTHS, LATER)
def test_legal_age_runs_one_day_ahead_of_birthdays(birth: date, days: int) -> None:
    on = birth + timedelta(days)
    ahead = legal_age(birth, on) - birthday_age(birth, on)
    assert ahead in (0, 1)
    if ahead:
        assert birthday_age(birth, on + timedelta(1)) == legal_age(birth, on)


@given(BIRTHS, st.integers(min_value=1, max_value=110))
def test_everyone_attains_an_age_the_day_before_the_birthday_where_there_is_one(
    birth: date, age: int
) -> None:
    attained = attains_age_on(birth, age)
    if (birth.month, birth.day) != (2, 29):
        assert attained + timedelta(1) == birth.replace(year=birth.year + age)
    else:
        assert (attained.month, attained.day) == (2, 28)
