"""Legal reckoning of dates: ages, fiscal years, months of a birthday, "from the following month".

Every function here is monotone: a later birth date never gives an earlier result. The engine relies on that to
turn "is this still before the end of the fiscal year" into one comparison of the birth date with a constant.

Source:
    年齢計算ニ関スル法律 (明治35年法律第50号), 民法 (明治29年法律第89号) 第140条, 第143条.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, total_ordering
from typing import Any

ONE_DAY = timedelta(days=1)


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, for example the month an allowance is paid for (2024-10)."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12 or not 1 <= self.year <= 9999:
            raise ValueError(
                f"{self.year}-{self.number} is not a month; write it as YYYY-MM, for example 2024-10."
            )

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Reads ``YYYY-MM``.

        Raises:
            ValueError: the text has another form.
        """
        parts = text.split("-")
        if (
            len(parts) != 2
            or [len(part) for part in parts] != [4, 2]
            or not all(p.isascii() and p.isdigit() for p in parts)
        ):
            raise ValueError(f"“{text}” is not a month; write it as YYYY-MM, for example 2024-10.")
        return cls(int(parts[0]), int(parts[1]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month a day lies in."""
        return cls(day.year, day.month)

    @property
    def index(self) -> int:
        """Months since year 0: consecutive months have consecutive numbers."""
        return self.year * 12 + self.number - 1

    @classmethod
    def from_index(cls, index: int) -> "Month":
        """The month with this :attr:`index`."""
        return cls(index // 12, index % 12 + 1)

    def plus(self, months: int) -> "Month":
        """The month so many months later (earlier when negative)."""
        return Month.from_index(self.index + months)

    @property
    def first_day(self) -> date:
        """月初: the first day of the month."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """月末: the last day of the month."""
        return date.max if self.index == LAST_MONTH_INDEX else self.plus(1).first_day - ONE_DAY

    @property
    def fiscal_year(self) -> int:
        """年度: the April year the month belongs to."""
        return self.year if self.number >= 4 else self.year - 1

    def __lt__(self, other: "Month") -> bool:
        return self.index < other.index if isinstance(other, Month) else NotImplemented

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


LAST_MONTH_INDEX = 9999 * 12 + 11


def months_between(start: Month, until: Month) -> list[Month]:
    """Every month from ``start`` (inclusive) until ``until`` (exclusive)."""
    return [Month.from_index(index) for index in range(start.index, until.index)]


def reaches_age_on(born_on: date, age: int) -> date:
    """到達日: the day at whose end a person has the age, that is the day before the birthday.

    A person born on 29 February has no corresponding day in a common year; the period then ends with the last
    day of the month (28 February), as for a person born on 1 March.

    Source:
        年齢計算ニ関スル法律; 民法第143条第2項. 「達する日」 counts from the day of birth, so it is the day before.
    Example:
        >>> reaches_age_on(date(2008, 4, 1), 18)
        datetime.date(2026, 3, 31)
        >>> reaches_age_on(date(2004, 2, 29), 18)
        datetime.date(2022, 2, 28)
    """
    try:
        return date(born_on.year + age, born_on.month, born_on.day) - ONE_DAY
    except ValueError:
        return date(born_on.year + age, 2, 28)


def first_fiscal_year_end(born_on: date, age: int) -> date:
    """最初の年度末: the first 31 March on or after the day the age is reached.

    The cohort runs from 2 April to the 1 April that follows: a child born on 1 April reaches the age on
    31 March and belongs to the older cohort (早生まれ).

    Source:
        「N歳に達する日以後の最初の三月三十一日」 as in 児童手当法第3条第1項.
    Example:
        >>> first_fiscal_year_end(date(2008, 4, 1), 18), first_fiscal_year_end(date(2008, 4, 2), 18)
        (datetime.date(2026, 3, 31), datetime.date(2027, 3, 31))
    """
    reached = reaches_age_on(born_on, age)
    return date(reached.year if reached.month <= 3 else reached.year + 1, 3, 31)


def birthday_month_end(born_on: date, age: int) -> date:
    """誕生月末: the last day of the month of the birthday.

    A monthly amount that ends when an age is reached is paid through the month in which it is reached. Counting
    ages strictly, a child born on the 1st would reach it a month early (on the last day of the month before);
    the law therefore says that for those children the years must have *passed* since the day of birth, which
    gives everyone the whole month of the birthday.

    Source:
        児童手当法第6条第1項 「月の初日に生まれた児童については、出生の日から三年を経過しない児童」.
    Example:
        >>> birthday_month_end(date(2023, 11, 1), 3), birthday_month_end(date(2023, 11, 30), 3)
        (datetime.date(2026, 11, 30), datetime.date(2026, 11, 30))
    """
    return Month(born_on.year + age, born_on.month).last_day


def first_day_of_following_month(day: date) -> date:
    """翌月初: the first day of the month after the month the day lies in (「翌月から」)."""
    return Month.of(day).plus(1).first_day


def months_later(day: date, months: int) -> date:
    """月後: the corresponding day so many months later; the last day of that month where there is none.

    Source:
        民法第143条第2項 (応当日; 応当する日がないときは、その月の末日).
    Example:
        >>> months_later(date(2026, 8, 31), 6), months_later(date(2026, 8, 31), -6)
        (datetime.date(2027, 2, 28), datetime.date(2026, 2, 28))
    """
    month = Month.of(day).plus(months)
    return date(month.year, month.number, min(day.day, month.last_day.day))


def days_later(day: date, days: int) -> date:
    """日後: so many days later."""
    return day + timedelta(days=days)


def last_day_of_grace(event_on: date, days: int, is_closed: Callable[[date], bool] | None = None) -> date:
    """The last day of a period of so many days after an event.

    The day of the event is not counted. When the last day is a day the office is closed, the next open day is
    the last day.

    Args:
        event_on: The day of the event.
        days: Length of the period in days.
        is_closed: Says of a day whether the office is closed. Without it every day counts as open.
    Source:
        民法第140条 (初日不算入); 地方自治法第4条の2第4項 (休日の翌日をもつてその期限とみなす).
    Example:
        >>> last_day_of_grace(date(2026, 10, 20), 15)
        datetime.date(2026, 11, 4)
    """
    last = event_on + timedelta(days=days)
    while is_closed is not None and is_closed(last):
        last += ONE_DAY
    return last


@dataclass(frozen=True, slots=True)
class DateFunction:
    """One word of the legal date vocabulary that cards may use.

    Attributes:
        name: The word as written in a card.
        run: The monotone function behind it.
        counts: What the number after the date counts in Japanese (年数, 月数, 日数); empty when none follows.
    """

    name: str
    run: Callable[..., date]
    counts: str


DATE_FUNCTIONS = {
    function.name: function
    for function in (
        DateFunction("到達日", reaches_age_on, "年数"),
        DateFunction("最初の年度末", first_fiscal_year_end, "年数"),
        DateFunction("誕生月末", birthday_month_end, "年数"),
        DateFunction("翌月初", first_day_of_following_month, ""),
        DateFunction("月後", months_later, "月数"),
        DateFunction("月前", lambda day, months: months_later(day, -months), "月数"),
        DateFunction("日後", days_later, "日数"),
        DateFunction("日前", lambda day, days: days_later(day, -days), "日数"),
    )
}


@lru_cache(maxsize=4096)
def earliest_argument(name: str, number: int | None, at_least: date) -> date:
    """The earliest date whose result under a vocabulary function is on or after ``at_least``.

    ``f(born) >= at_least`` is then the same as ``born >= earliest_argument(...)``. Found by bisection, so that
    each function is written once only.
    """
    run = DATE_FUNCTIONS[name].run
    arguments: tuple[Any, ...] = () if number is None else (number,)
    # No function moves a date by more than so many years and one or two.
    reach = 366 * ((number or 0) + 2)
    low = max(at_least.toordinal() - reach, 366 * 200)
    high = at_least.toordinal() + reach
    while low < high:
        middle = (low + high) // 2
        if run(date.fromordinal(middle), *arguments) >= at_least:
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low)
