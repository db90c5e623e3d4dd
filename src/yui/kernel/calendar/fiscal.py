"""Fiscal years: 1 April to 31 March, named by the year they begin in."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from ``from_on`` (inclusive) until ``until_on`` (exclusive)."""

    from_on: date
    until_on: date

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day < self.until_on


def fiscal_year(day: date) -> int:
    """Return the fiscal year (年度) a day falls in: 31 March 2025 is in 2024.

    Source:
        財政法 (昭和22年法律第34号), article 11; 地方自治法 (昭和22年法律第67号), article 208, paragraph 1.
    """
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_start(year: int) -> date:
    """Return the first day of a fiscal year, 1 April."""
    return date(year, 4, 1)


def fiscal_year_end(year: int) -> date:
    """Return the last day of a fiscal year, 31 March of the following year."""
    return date(year + 1, 3, 31)


def fiscal_year_born_range(year: int) -> DateRange:
    """Return the birth dates that make up one school cohort: 2 April of ``year`` until 2 April of the next.

    Children born on 1 April belong to the cohort before, since they attain each age on 31 March.

    Source:
        学校教育法 (昭和22年法律第26号), article 17, paragraph 1; 年齢計算ニ関スル法律.
    """
    return DateRange(date(year, 4, 2), date(year + 1, 4, 2))
