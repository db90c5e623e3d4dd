"""Holidays against the Cabinet Office's list, business days, statutory periods, school years."""

import csv
import os
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yui.kernel.calendar.public import (
    BusinessCalendar,
    SchoolGrade,
    SchoolStage,
    add_business_days,
    attains_age_on,
    business_day_on_or_after,
    business_day_on_or_before,
    compulsory_schooling_ends_on,
    deadline,
    enters_elementary_on,
    fiscal_year_born_range,
    holiday_name,
    holidays_of,
    is_business_day,
    next_business_day,
    previous_business_day,
    school_cohort,
    school_grade,
)

OFFICE, BANK = BusinessCalendar.OFFICE, BusinessCalendar.BANK
DAYS = st.dates(date(1950, 1, 1), date(2098, 12, 31))
CALENDARS = st.sampled_from(BusinessCalendar)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2019, 4, 30), "国民の休日"),
        (date(2019, 5, 1), "天皇の即位の日"),
        (date(2019, 5, 2), "国民の休日"),
        (date(2019, 5, 6), "振替休日"),
        (date(2019, 10, 22), "即位礼正殿の儀が行われる日"),
        (date(2019, 12, 23), None),  # No 天皇誕生日 in 2019.
        (date(2020, 2, 24), "振替休日"),
        (date(2020, 5, 6), "振替休日"),  # Third day after the Sunday holiday.
        (date(2020, 7, 20), None),
        (date(2020, 7, 23), "海の日"),
        (date(2020, 7, 24), "スポーツの日"),
        (date(2020, 8, 10), "山の日"),
        (date(2020, 10, 12), None),
        (date(2021, 7, 22), "海の日"),
        (date(2021, 7, 23), "スポーツの日"),
        (date(2021, 8, 8), "山の日"),
        (date(2021, 8, 9), "振替休日"),
        (date(2024, 11, 4), "振替休日"),
        (date(2026, 9, 22), "国民の休日"),
        # jpholiday invents 4 May in these years.
        (date(1960, 5, 4), None),
        (date(1985, 5, 4), None),
        (date(1988, 5, 4), "国民の休日"),
        (date(1973, 2, 12), None),
        (date(1959, 4, 10), "結婚の儀"),
        (date(1989, 2, 24), "大喪の礼"),
    ],
)
def test_key_holidays(day: date, name: str | None) -> None:
    assert holiday_name(day) == name


def test_number_of_holidays_a_year() -> None:
    # Counted in the list 「国民の祝日・休日」 the Cabinet Office publishes.
    counts = {1955: 9, 1966: 11, 1973: 14, 1990: 19, 2000: 15, 2015: 17, 2018: 20, 2019: 22, 2020: 18}
    counts |= {2021: 17, 2022: 16, 2023: 17, 2024: 21, 2025: 19, 2026: 18, 2027: 17}
    assert {year: len(holidays_of(year)) for year in counts} == counts


def test_every_day_agrees_with_the_cabinet_office() -> None:
    shared = os.environ.get("YUI_SHARED_DATA")
    path = Path(shared, "calendar", "syukujitsu.csv") if shared else None
    if path is None or not path.is_file():
        pytest.skip("YUI_SHARED_DATA does not point to a folder with calendar/syukujitsu.csv")
    with path.open(encoding="cp932", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    published = {date(*map(int, day.split("/"))): name for day, name in rows}
    years = Counter(day.year for day in published)
    ours = {day for year in years for day in holidays_of(year)}
    assert ours == set(published)
    assert len(published) >= 1067


def test_years_without_known_holidays_are_refused() -> None:
    for year in (1948, 2100):
        with pytest.raises(ValueError, match="1949 to 2099"):
            holidays_of(year)


@pytest.mark.parametrize(
    ("day", "office", "bank"),
    [
        (date(2024, 12, 27), True, True),
        (date(2024, 12, 30), False, True),
        (date(2025, 12, 29), False, True),
        (date(2024, 12, 31), False, False),
        (date(2025, 1, 2), False, False),
        (date(2025, 1, 3), False, False),
        (date(2025, 1, 6), True, True),
        (date(2024, 5, 3), False, False),
        (date(2024, 5, 11), False, False),
        (date(2024, 5, 12), False, False),
    ],
)
def test_offices_and_banks(day: date, office: bool, bank: bool) -> None:
    assert (is_business_day(day, OFFICE), is_business_day(day, BANK)) == (office, bank)


def test_moving_by_business_days() -> None:
    assert next_business_day(date(2024, 12, 27)) == date(2025, 1, 6)
    assert next_business_day(date(2024, 12, 27), BANK) == date(2024, 12, 30)
    assert previous_business_day(date(2025, 1, 6)) == date(2024, 12, 27)
    assert add_business_days(date(2024, 4, 26), 3) == date(2024, 5, 2)
    assert add_business_days(date(2024, 4, 27), 1) == date(2024, 4, 30)
    assert add_business_days(date(2024, 4, 27), 0) == date(2024, 4, 30)
    assert add_business_days(date(2025, 1, 6), -1, BANK) == date(2024, 12, 30)
    # Child allowance on the 15th: a closed day moves the payment forward.
    assert business_day_on_or_before(date(2025, 6, 15), BANK) == date(2025, 6, 13)
    assert business_day_on_or_after(date(2025, 6, 13)) == date(2025, 6, 13)


@given(DAYS, st.integers(1, 40), CALENDARS)
def test_business_days_counted_one_by_one(day: date, count: int, calendar: BusinessCalendar) -> None:
    end = add_business_days(day, count, calendar)
    between = [day + timedelta(n) for n in range(1, (end - day).days + 1)]
    assert sum(is_business_day(d, calendar) for d in between) == count
    assert is_business_day(end, calendar)
    if is_business_day(day, calendar):
        assert add_business_days(end, -count, calendar) == day


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        # The first day is not counted (article 140).
        (date(2024, 6, 3), {"days": 14}, date(2024, 6, 17)),
        (date(2024, 6, 3), {"weeks": 2}, date(2024, 6, 17)),
        # Months and years by the calendar (article 143).
        (date(2024, 6, 3), {"months": 1}, date(2024, 7, 3)),
        (date(2024, 1, 30), {"months": 1}, date(2024, 2, 29)),
        (date(2024, 1, 31), {"months": 1}, date(2024, 2, 29)),
        (date(2022, 12, 31), {"months": 2}, date(2023, 2, 28)),
        (date(2024, 2, 29), {"months": 1}, date(2024, 4, 1)),  # 31 March 2024 is a Sunday.
        (date(2024, 2, 29), {"years": 1}, date(2025, 2, 28)),
        # 28 February 2023: counting begins 1 March, so the year ends with February 2024.
        (date(2023, 2, 28), {"years": 1}, date(2024, 2, 29)),
        # The last day is closed (article 142).
        (date(2024, 5, 1), {"days": 2}, date(2024, 5, 7)),
        (date(2024, 12, 14), {"days": 15}, date(2025, 1, 6)),
    ],
)
def test_statutory_periods(start: date, length: dict[str, int], end: date) -> None:
    assert deadline(start, **length) == end


def test_the_fifteen_days_after_a_move_or_birth() -> None:
    # Born 2024-11-20 (Wednesday): the fifteenth day after is 5 December.
    assert deadline(date(2024, 11, 20), days=15) == date(2024, 12, 5)
    # Koseki Act article 43 counts the day of birth: fourteen days end on 3 December.
    assert deadline(date(2024, 11, 20), days=14, counts_first_day=True) == date(2024, 12, 3)


def test_periods_without_anything_to_do_on_the_last_day_stay() -> None:
    assert deadline(date(2024, 5, 1), days=2, closed_on=None) == date(2024, 5, 3)
    assert deadline(date(2024, 12, 16), days=14, closed_on=BANK) == date(2024, 12, 30)


@pytest.mark.parametrize("lengths", [{}, {"days": 1, "months": 1}, {"days": 0}, {"months": -1}])
def test_a_period_has_one_length(lengths: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        deadline(date(2024, 1, 1), **lengths)


@given(DAYS, st.integers(1, 110))
def test_an_age_is_a_period_that_counts_the_day_of_birth(birth: date, years: int) -> None:
    assert deadline(birth, years=years, counts_first_day=True, closed_on=None) == attains_age_on(birth, years)


@given(DAYS, st.integers(1, 200), CALENDARS)
def test_deadlines_fall_on_open_days_and_grow(start: date, days: int, calendar: BusinessCalendar) -> None:
    end = deadline(start, days=days, closed_on=calendar)
    assert is_business_day(end, calendar)
    assert start < end <= deadline(start, days=days + 1, closed_on=calendar)


@pytest.mark.parametrize(
    ("birth", "enters", "leaves"),
    [
        (date(2018, 4, 1), date(2024, 4, 1), date(2033, 3, 31)),
        (date(2018, 4, 2), date(2025, 4, 1), date(2034, 3, 31)),
        (date(2019, 3, 31), date(2025, 4, 1), date(2034, 3, 31)),
        (date(2020, 2, 29), date(2026, 4, 1), date(2035, 3, 31)),
    ],
)
def test_compulsory_schooling(birth: date, enters: date, leaves: date) -> None:
    assert enters_elementary_on(birth) == enters
    assert compulsory_schooling_ends_on(birth) == leaves
    assert birth in fiscal_year_born_range(school_cohort(birth))


@pytest.mark.parametrize(
    ("birth", "on", "grade"),
    [
        (date(2018, 4, 1), date(2024, 3, 31), None),
        (date(2018, 4, 1), date(2024, 4, 1), (SchoolStage.ELEMENTARY, 1)),
        (date(2018, 4, 2), date(2024, 4, 1), None),
        (date(2012, 4, 2), date(2025, 3, 31), (SchoolStage.ELEMENTARY, 6)),
        (date(2012, 4, 2), date(2025, 4, 1), (SchoolStage.JUNIOR_HIGH, 1)),
        (date(2009, 4, 2), date(2025, 3, 31), (SchoolStage.JUNIOR_HIGH, 3)),
        (date(2009, 4, 2), date(2025, 4, 1), (SchoolStage.HIGH, 1)),
        (date(2007, 4, 1), date(2025, 3, 31), (SchoolStage.HIGH, 3)),
        (date(2007, 4, 1), date(2025, 4, 1), None),
    ],
)
def test_grades(birth: date, on: date, grade: tuple[SchoolStage, int] | None) -> None:
    assert school_grade(birth, on) == (SchoolGrade(*grade) if grade else None)


@given(DAYS)
def test_school_begins_on_the_first_school_year_after_attaining_six(birth: date) -> None:
    day_after_six = attains_age_on(birth, 6) + timedelta(1)
    enters = enters_elementary_on(birth)
    assert day_after_six <= enters
    assert enters.replace(year=enters.year - 1) < day_after_six
    ends = compulsory_schooling_ends_on(birth)
    assert ends.replace(year=ends.year - 1) < attains_age_on(birth, 15) <= ends
