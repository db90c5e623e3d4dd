"""Ages, by the law on counting them and by birthdays.

The two differ. In law an age is attained at the end of the day **before** the birthday, and that day
already counts as the day of attaining it. In daily life, and in statutes that say so, one turns a year
older on the birthday itself. Each function's name says which of the two it follows.
"""

from datetime import date

from .fiscal import fiscal_year, fiscal_year_end
from .months import end_of_months


def attains_age_on(birth: date, age: int) -> date:
    """Return the day on which somebody attains an age in the sense of the law (満…歳に達する日).

    It is the day before the birthday: somebody born on 1 April attains six on 31 March, and somebody
    born on 29 February attains it on 28 February whether or not the year is a leap year. Age 0 is
    attained at birth.

    Raises:
        ValueError: The age is negative.

    Source:
        年齢計算ニ関スル法律 (明治35年法律第50号), paragraphs 1 and 2, with Civil Code (民法), article 143:
        the day of birth is the first counted day.

    Example:
        >>> attains_age_on(date(2000, 2, 29), 15)
        datetime.date(2015, 2, 28)
        >>> attains_age_on(date(2018, 4, 1), 6)
        datetime.date(2024, 3, 31)
    """
    if age < 0:
        raise ValueError("An age cannot be negative.")
    return birth if age == 0 else end_of_months(birth, 12 * age)


def legal_age(birth: date, on: date) -> int:
    """Return the age attained in the sense of the law by the end of the day ``on``.

    Raises:
        ValueError: ``on`` lies before the birth.

    Source:
        年齢計算ニ関スル法律 (明治35年法律第50号).
    """
    age = birthday_age(birth, on)
    return age + 1 if attains_age_on(birth, age + 1) <= on else age


def birthday_age(birth: date, on: date) -> int:
    """Return the age as counted by birthdays, as people state it.

    Somebody born on 29 February turns a year older on 1 March in common years.

    Raises:
        ValueError: ``on`` lies before the birth.
    """
    if on < birth:
        raise ValueError("The day asked about lies before the day of birth.")
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def fiscal_year_end_after_age(birth: date, age: int) -> date:
    """Return the first 31 March on or after the day an age is attained.

    In statutes: …歳に達する日以後の最初の三月三十一日.

    Somebody born on 1 April attains the age on 31 March, so that very day is the answer.

    Raises:
        ValueError: The age is negative.

    Source:
        The wording of, for example, 児童手当法 (昭和46年法律第73号), article 3, paragraph 1; the day by
        年齢計算ニ関スル法律.
    """
    return fiscal_year_end(fiscal_year(attains_age_on(birth, age)))
