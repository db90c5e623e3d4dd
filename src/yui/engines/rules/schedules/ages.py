"""Ages and intervals as the acts on immunisation and check-ups count them.

Every point of age is monotone: a later birth never gives an earlier day. The day a point names belongs to the
window on both sides: 「生後二月から生後六十月に至るまで」 begins with the day two months are reached and ends with
the day sixty are.

Source:
    年齢計算ニ関スル法律 (明治35年法律第50号); 民法第140条, 第143条; 厚生労働省健康局結核感染症課事務連絡
    「定期の予防接種における対象者の解釈について」(平成26年3月11日,
    https://www.mhlw.go.jp/bunya/kenkou/kekkaku-kansenshou21/dl/140624-01.pdf); weeks: 厚生労働省
    「ロタウイルスワクチンに関するQ&A」 Q5; months of an interval: 厚生科学審議会予防接種基本方針部会 (第52回) 資料5.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from yui.engines.rules.legal_dates import ONE_DAY, Month, first_fiscal_year_end, reaches_age_on

POINT = re.compile(
    r"(?:出生(?:(?P<weeks>\d+)週)?(?P<days>\d+)日後|生後(?P<months>\d+)月|(?P<years>\d+)歳(?P<year>の年度[初末])?)"
    r"(?P<next>の翌日)?\Z"
)
INTERVAL = re.compile(r"(?:(?P<days>\d+)日|(?P<months>\d+)月)\Z")


def reaches_months_on(born_on: date, months: int) -> date:
    """生後N月に至った日: the day before the corresponding day, the last day of the month where there is none.

    Source:
        平成26年3月11日事務連絡 (born on 1 April 2013: 生後1月 is 30 April); ロタウイルスQ&A Q5 (born on 31 July:
        生後2月 is 30 September).
    Example:
        >>> reaches_months_on(date(2013, 4, 1), 3), reaches_months_on(date(2020, 7, 31), 2)
        (datetime.date(2013, 6, 30), datetime.date(2020, 9, 30))
        >>> reaches_months_on(date(2024, 2, 29), 12)
        datetime.date(2025, 2, 28)
    """
    month = Month.of(born_on).plus(months)
    if born_on.day > month.last_day.day:
        return month.last_day
    return date(month.year, month.number, born_on.day) - ONE_DAY


def interval_ends_on(day: date, months: int) -> date:
    """N月の間隔をおいた日: the corresponding day; where there is none, the first of the month after.

    The interval has passed at the end of the day before, which is the last day of a month too short.

    Source:
        厚生科学審議会予防接種基本方針部会 (第52回) 資料5 (three months after 30 November: 1 March).
    Example:
        >>> interval_ends_on(date(2023, 4, 1), 3), interval_ends_on(date(2023, 11, 30), 3)
        (datetime.date(2023, 7, 1), datetime.date(2024, 3, 1))
    """
    return reaches_months_on(day, months) + ONE_DAY


@dataclass(frozen=True, slots=True)
class AgePoint:
    """A day of a life as an act names it, for example 生後2月, 出生6週0日後, 11歳, 12歳の年度初, 生後7月の翌日.

    Attributes:
        text: As written in a card.
    """

    text: str

    def __post_init__(self) -> None:
        if not POINT.match(self.text):
            raise ValueError(f"“{self.text}” is not an age; write it like 生後2月, 出生6週0日後 or 11歳.")

    def day(self, born_on: date) -> date:
        """The day, for a person born on a day.

        Example:
            >>> born = date(2014, 4, 1)
            >>> [str(AgePoint(text).day(born)) for text in ("出生6週0日後", "11歳", "12歳の年度初")]
            ['2014-05-13', '2025-03-31', '2025-04-01']
        """
        match = POINT.match(self.text)
        assert match is not None
        part = match.groupdict()
        if part["days"]:
            found = born_on + timedelta(weeks=int(part["weeks"] or 0), days=int(part["days"]))
        elif part["months"]:
            found = reaches_months_on(born_on, int(part["months"]))
        elif part["year"]:
            end = first_fiscal_year_end(born_on, int(part["years"]))
            found = end if part["year"].endswith("末") else date(end.year - 1, 4, 1)
        else:
            found = reaches_age_on(born_on, int(part["years"]))
        return found + ONE_DAY if part["next"] else found

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Interval:
    """「N日の間隔をおいて」: so many days or months that lie between, both ends not counted.

    Attributes:
        text: As written in a card: 27日, 6月.
    """

    text: str

    def __post_init__(self) -> None:
        if not INTERVAL.match(self.text):
            raise ValueError(f"“{self.text}” is not an interval; write it like 27日 or 6月.")

    def after(self, day: date) -> date:
        """The first day after the interval.

        Example:
            >>> str(Interval("27日").after(date(2026, 4, 1))), str(Interval("6月").after(date(2026, 8, 30)))
            ('2026-04-29', '2027-03-01')
        """
        match = INTERVAL.match(self.text)
        assert match is not None
        if match["days"]:
            return day + timedelta(days=int(match["days"]) + 1)
        return interval_ends_on(day, int(match["months"]))

    def words(self) -> tuple[str, str]:
        """The interval in Japanese and in English."""
        number, unit = int(self.text[:-1]), self.text[-1]
        name = ("day" if unit == "日" else "month") + ("" if number == 1 else "s")
        return f"{number}日" if unit == "日" else f"{number}か月", f"{number} {name}"

    def __str__(self) -> str:
        return self.text
