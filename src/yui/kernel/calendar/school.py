"""School years: who starts school when, and in which grade a child is."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .fiscal import fiscal_year


class SchoolStage(StrEnum):
    """The schools a cohort passes through without repeating or skipping a year.

    Source:
        学校教育法 (昭和22年法律第26号), articles 32 (elementary, six years), 47 (junior high, three) and 56
        (high, three).
    """

    ELEMENTARY = "elementary"
    """小学校."""
    JUNIOR_HIGH = "junior_high"
    """中学校."""
    HIGH = "high"
    """高等学校; not compulsory, so this is the age group and says nothing of enrolment."""


_FIRST_YEAR = {SchoolStage.HIGH: 9, SchoolStage.JUNIOR_HIGH: 6, SchoolStage.ELEMENTARY: 0}
_LAST_YEAR = 11


@dataclass(frozen=True, slots=True)
class SchoolGrade:
    """A grade: the stage and the year within it, from 1."""

    stage: SchoolStage
    year: int


def school_cohort(birth: date) -> int:
    """Return the fiscal year a child's school cohort is born in: 2 April to the following 1 April.

    Source:
        学校教育法, article 17, paragraph 1, with 年齢計算ニ関スル法律: who is born on 1 April attains six
        on 31 March, so starts with those born in the twelve months before.
    """
    return fiscal_year(birth - timedelta(days=1))


def enters_elementary_on(birth: date) -> date:
    """Return the 1 April on which compulsory schooling begins.

    It is the start of the first school year on or after the day following the one of attaining six.

    Source:
        学校教育法, article 17, paragraph 1; 学校教育法施行規則 (昭和22年文部省令第11号), article 59.
    """
    return date(school_cohort(birth) + 7, 4, 1)


def compulsory_schooling_ends_on(birth: date) -> date:
    """Return the 31 March that ends the school year in which fifteen is attained.

    Source:
        学校教育法, article 17, paragraph 2.
    """
    return date(school_cohort(birth) + 16, 3, 31)


def school_grade(birth: date, on: date) -> SchoolGrade | None:
    """Return the grade of a child's cohort on a day, or None before elementary and after high school.

    Deferred or exempted children (article 18) and repeated years are not considered.

    Source:
        学校教育法, article 17; 学校教育法施行規則, article 59 (the school year runs 1 April to 31 March).

    Example:
        >>> school_grade(date(2018, 4, 1), date(2024, 4, 1))
        SchoolGrade(stage=<SchoolStage.ELEMENTARY: 'elementary'>, year=1)
    """
    years = fiscal_year(on) - school_cohort(birth) - 7
    if years > _LAST_YEAR:
        return None
    for stage, first in _FIRST_YEAR.items():
        if years >= first:
            return SchoolGrade(stage, years - first + 1)
    return None
