"""Reading dates as people and files write them."""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from kanjize import kanji2number

from yui.kernel.text.public import Message, gettext_noop

from .contracts import DateProblem, PartialDate
from .eras import SOLAR_CALENDAR_FROM, era_bounds, format_era

_ERA_NAMES = {
    spelling: name
    for name, letter in (("明治", "M"), ("大正", "T"), ("昭和", "S"), ("平成", "H"), ("令和", "R"))
    for spelling in (name, name[0], letter)
}
_ERA = r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令MTSHR])\.?"
_UNKNOWN = r"(?:不詳|不明|未詳)"
_MONTH_AND_DAY = (
    r"(?:(?P<month>\d{1,2})(?:月|[./-]|$)(?:(?P<day>\d{1,2})日?)?)?"
    rf"(?:月?日?{_UNKNOWN})*"
)
_IN_ERA = re.compile(
    rf"{_ERA}(?P<year>元|\d{{1,3}})(?:年?\((?:西暦)?(?P<also>\d{{4}})年?\)年?|年|[./-]|$){_MONTH_AND_DAY}"
)
_WESTERN = re.compile(
    rf"(?:西暦)?(?P<year>\d{{4}})(?:年?\((?P<also>{_ERA}(?:元|\d{{1,3}}))年?\)年?|年|[./-]|$){_MONTH_AND_DAY}"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
_COMPACT_ERA = re.compile(rf"{_ERA}(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_YEAR_LAST = re.compile(r"(?P<first>\d{1,2})[./-](?P<second>\d{1,2})[./-](?P<year>\d{4})")

_KANJI_NUMERALS = re.compile("[〇零一二三四五六七八九十百千壱弐参拾廿卅]+")
# One separator for what forms and keyboards give; two circles stand for zero, only one is a numeral.
_SPELLINGS = str.maketrans({**dict.fromkeys("‐‑‒–—―−ー", "-"), "・": ".", "○": "〇"})
_TIME = re.compile(r"[T ]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.0+)?)?")
_WEEKDAY = re.compile(r"(?:\([日月火水木金土](?:曜日?)?(?:\.?祝日?)?\)|[日月火水木金土]曜日?)$")
_NOTHING_KNOWN = re.compile(rf"(?:生?年月日)?{_UNKNOWN}|0000-?00-?00")
_SPACES = re.compile(r"\s+")


class DateOrder(StrEnum):
    """Which comes first in a date whose year stands last."""

    MONTH_FIRST = "month_first"
    """3/1/2023 is 1 March."""
    DAY_FIRST = "day_first"
    """3/1/2023 is 3 January."""


def parse_japanese_date(
    text: str, *, order: DateOrder | None = None
) -> tuple[PartialDate, tuple[Message, ...]]:
    """Read one date, leniently, and say what was odd about it.

    Eras by name, kanji or letter (令和7年3月31日, 令7.3.31, R7.3.31, R070331, ㋿7年…), the Gregorian year
    (2023/3/1, 2023年3月1日, 20230301), both together (令和5年（2023年）3月1日), kanji numerals, full-width
    digits, 元年, unknown parts (令和5年3月, 昭和23年3月日不詳, 1948-03-00, 不詳), a weekday or a time behind.

    A date under an era that had ended or not begun (平成31年5月1日, 昭和64年1月8日) is on real documents; it
    is read as the day it means, with a warning. Nothing is guessed: where two readings are possible the
    text is refused.

    Args:
        text: The text of one cell or field.
        order: How to read 3/1/2023; without it such a date is refused.

    Returns:
        The date, and what a person should know about the reading, in order.

    Raises:
        DateProblem: The text holds no date, no single one, an impossible or an ambiguous one.

    Example:
        >>> parse_japanese_date("R7.3.31")[0].isoformat()
        '2025-03-31'
        >>> [w.code for w in parse_japanese_date("平成31年5月1日")[1]]
        ['date_era_ended']
    """
    warnings: list[Message] = []
    cleaned = _clean(text, warnings)
    if not cleaned:
        raise _problem("date_empty", gettext_noop("There is no date here."))
    if _NOTHING_KNOWN.fullmatch(cleaned):
        return PartialDate.unknown(), tuple(warnings)
    if match := _COMPACT_ERA.fullmatch(cleaned) or _IN_ERA.fullmatch(cleaned):
        found = _read_era(match, warnings)
    elif match := _COMPACT.fullmatch(cleaned) or _WESTERN.fullmatch(cleaned):
        found = _read_western(match)
    elif match := _YEAR_LAST.fullmatch(cleaned):
        found = _read_year_last(match, order)
    else:
        raise _unreadable(cleaned)
    return found, tuple(warnings)


def _clean(text: str, warnings: list[Message]) -> str:
    """Return the text in one spelling, without time, weekday and spaces."""
    folded = unicodedata.normalize("NFKC", text).strip().translate(_SPELLINGS)
    if time := _TIME.search(folded):
        if time.end() != len(folded):
            raise _unreadable(folded)
        if any(int(part or 0) for part in time.groups()):
            warnings.append(Message("date_time_dropped", gettext_noop("The time of day was left out.")))
        folded = folded[: time.start()]
    folded = _SPACES.sub("", folded).upper()
    folded = _KANJI_NUMERALS.sub(_arabic, folded)
    folded = re.sub(r"(?:生まれ|生)$", "", folded)
    approximate = re.sub(r"(?:頃|ころ|ごろ)$", "", folded)
    if approximate != folded:
        warnings.append(Message("date_approximate", gettext_noop("The date is given as approximate (頃).")))
    return _WEEKDAY.sub("", approximate)


def _arabic(match: re.Match[str]) -> str:
    numeral = match[0].replace("廿", "二十").replace("卅", "三十")
    try:
        return str(kanji2number(numeral))
    except ValueError:
        return match[0]


def _read_era(match: re.Match[str], warnings: list[Message]) -> PartialDate:
    era = _ERA_NAMES[match["era"]]
    year = 1 if match["year"] == "元" else int(match["year"])
    if year == 0:
        raise _problem("date_impossible", gettext_noop("There is no such day."))
    since, last = era_bounds(era)
    found = _partial(since.year + year - 1, match)
    also = match.groupdict().get("also")
    if also and int(also) != found.year:
        raise _contradiction()
    if found.earliest() < SOLAR_CALENDAR_FROM:
        # Months and days of the old calendar are not those of ours; the year is right but for its ends.
        warnings.append(
            Message(
                "date_old_calendar",
                gettext_noop("Before 1873 Japan kept another calendar; only the year was taken."),
            )
        )
        return PartialDate(found.year)
    if last is not None and found.earliest() > last:
        warnings.append(_era_warning("date_era_ended", found))
    elif found.latest() < since:
        warnings.append(_era_warning("date_era_not_begun", found))
    return found


def _era_warning(code: str, found: PartialDate) -> Message:
    # Only the era is named, since the whole date may be somebody's birthday.
    proper = re.split(r"\d|元", format_era(found))[0]
    if code == "date_era_ended":
        sentence = gettext_noop(
            "The era written here had ended by that day; it was read as the day meant, in %(era)s."
        )
    else:
        sentence = gettext_noop(
            "The era written here had not begun on that day; it was read as the day meant, in %(era)s."
        )
    return Message(code, sentence, {"era": proper})


def _read_western(match: re.Match[str]) -> PartialDate:
    found = _partial(int(match["year"]), match)
    if match.groupdict().get("also"):
        year = match["also"].removeprefix(match["era"]).lstrip(".")
        since, _ = era_bounds(_ERA_NAMES[match["era"]])
        if since.year + (1 if year == "元" else int(year)) - 1 != found.year:
            raise _contradiction()
    return found


def _read_year_last(match: re.Match[str], order: DateOrder | None) -> PartialDate:
    if order is None:
        raise _problem(
            "date_order",
            gettext_noop(
                "It is not clear which number is the month. Write the year first, for example 2023/3/1, "
                "or declare the order of the column."
            ),
        )
    first, second = int(match["first"]), int(match["second"])
    month, day = (first, second) if order is DateOrder.MONTH_FIRST else (second, first)
    return _build(int(match["year"]), month, day)


def _partial(year: int, match: re.Match[str]) -> PartialDate:
    # 00 is how registers write an unknown month or day.
    month = int(match["month"] or 0) or None
    day = int(match["day"] or 0) or None
    return _build(year, month, day)


def _build(year: int, month: int | None, day: int | None) -> PartialDate:
    try:
        return PartialDate(year, month, day)
    except ValueError:
        raise _problem("date_impossible", gettext_noop("There is no such day.")) from None


def _unreadable(cleaned: str) -> DateProblem:
    """Return the refusal that tells most about a text of none of the known forms."""
    if re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{1,2}|\d{6}", cleaned):
        return _problem(
            "date_short_year",
            gettext_noop("The year has two digits. Write it with four, or with its era, for example R5.3.1."),
        )
    if re.fullmatch(r"\d{1,2}(?:月|[./-])\d{1,2}日?", cleaned):
        return _problem("date_without_year", gettext_noop("The date has no year."))
    if "年度" in cleaned:
        return _problem("date_fiscal_year", gettext_noop("This is a fiscal year, not a date."))
    if re.search(r"[~〜]|から", cleaned):
        return _problem("date_range", gettext_noop("This is a period or several dates, not one date."))
    return _problem(
        "date_unreadable",
        gettext_noop("This cannot be read as a date. Write it like 2023-03-01 or 令和5年3月1日."),
    )


def _contradiction() -> DateProblem:
    return _problem(
        "date_contradiction", gettext_noop("The era and the year in brackets name different years.")
    )


def _problem(code: str, sentence: str) -> DateProblem:
    return DateProblem(Message(code, sentence))


def parse_exact_date(text: str, *, order: DateOrder | None = None) -> date:
    """Read one fully known date, leniently, ignoring warnings.

    Raises:
        DateProblem: As :func:`parse_japanese_date`, or a part of the date is unknown.
    """
    found, _ = parse_japanese_date(text, order=order)
    if not found.is_exact:
        raise _problem("date_incomplete", gettext_noop("The day is missing; a complete date is needed here."))
    return found.exact()
