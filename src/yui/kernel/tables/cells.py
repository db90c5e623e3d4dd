"""Reading one cell as its column declares; every change of spelling is told, nothing is guessed."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from yui.kernel.calendar.public import DateProblem, PartialDate, parse_japanese_date
from yui.kernel.tables.contracts import Column, ColumnType, Mark, Problem, Value
from yui.kernel.tables.headings import fold_heading
from yui.kernel.tables.messages import problem
from yui.kernel.text.public import Message, NumberProblem, parse_integer, parse_yen

_YES = frozenset(
    {"○", "〇", "◯", "●", "◎", "有", "有り", "あり", "はい", "1", "true", "yes", "y", "可", "該当", "対象"}
)
_NO = frozenset(
    {"×", "✕", "✖", "╳", "無", "無し", "なし", "いいえ", "0", "false", "no", "n", "不可", "非該当", "対象外"}
)
_PARTLY = frozenset({"△", "▲", "一部"})
_NIL = frozenset({"-", "―", "ー", "－", "‐", "−", "・", "…", "***"})

_DASH = re.compile("[\u2010-\u2015\u2212\u2500\u30fc\uff0d\uff70]")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?\Z")
_PHONE = re.compile(r"\+?[\d()\-. ]+\Z")
_DEGREES = re.compile(r"[-+]?\d{1,3}(\.\d+)?\Z")
_URL = re.compile(r"(https?)://[^\s/]+\.[^\s]+\Z", re.IGNORECASE)
_BARE_URL = re.compile(r"(www\.|[a-z0-9-]+(\.[a-z0-9-]+)*\.(jp|com|net|org|info)(/|\Z))", re.IGNORECASE)
_ERA = re.compile(r"明治|大正|昭和|平成|令和|[明大昭平令MTSHR]\.?\s*(?:元|\d)", re.IGNORECASE)
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
LOST = "\ufffd"


@dataclass(frozen=True)
class Reading:
    """A cell after reading: a value or the reason there is none, and what was put right."""

    value: Value = None
    problem: Message | None = None
    mends: tuple[str, ...] = ()


def read_cell(column: Column, raw: str) -> Reading:
    """Read a cell as its column declares.

    Text keeps every character inside; other types are folded to half width first. ``Reading.value`` is
    ``str``, ``int``, ``float``, ``datetime.date`` or ``Mark``, or None for an empty cell.
    """
    text = raw.strip()
    mends = ("trimmed",) if text != raw else ()
    if not text:
        return Reading(problem=problem("empty") if column.mandatory else None)
    if LOST in text:
        return Reading(problem=problem("unreadable_character"))
    if text in _NIL and column.type not in (ColumnType.TEXT, ColumnType.CODE):
        return Reading(problem=problem("empty") if column.mandatory else None)
    reading = _READERS[column.type](column, text)
    if reading.problem:
        return reading
    if reading.value is None and column.mandatory:
        return Reading(problem=problem("empty"))
    if isinstance(reading.value, str) and (fault := _check_text(column, reading.value)):
        return fault
    return Reading(reading.value, None, mends + reading.mends)


def problem_of(column: Column, reason: Message) -> Problem:
    """The problem of a cell as it stands in a report."""
    return Problem(column.id, column.label, reason)


def _check_text(column: Column, value: str) -> Reading | None:
    # A variation selector belongs to the character before it and takes no space of its own.
    length = len(_SELECTORS.sub("", value))
    if column.length is not None and length > column.length:
        return Reading(problem=problem("too_long", limit=column.length))
    if column.codes and value not in column.codes:
        return Reading(problem=problem("not_in_list"))
    if column.regex and not column.regex.fullmatch(value):
        return Reading(problem=problem("pattern"))
    return None


def _fold(text: str) -> tuple[str, tuple[str, ...]]:
    folded = unicodedata.normalize("NFKC", text).strip()
    return folded, ("folded_width",) if folded != text else ()


def _read_text(column: Column, text: str) -> Reading:
    return Reading(text)


def _read_code(column: Column, text: str) -> Reading:
    folded, mends = _fold(text)
    if column.codes and folded not in column.codes:
        wanted = fold_heading(text)
        for code, meaning in column.codes.items():
            if wanted in (fold_heading(meaning), code.casefold()):
                return Reading(code, None, ("meaning_for_code",))
    if column.fill and folded.isdigit() and len(folded) < column.fill:
        return Reading(folded.zfill(column.fill), None, (*mends, "zeros_filled"))
    return Reading(folded, None, mends)


def _read_integer(column: Column, text: str) -> Reading:
    try:
        value = parse_yen(text) if column.type is ColumnType.YEN else parse_integer(text)
    except NumberProblem as error:
        return Reading(problem=error.message)
    folded, mends = _fold(text)
    if not re.fullmatch(r"-?[0-9]+", folded):
        mends = (*mends, "thousands")
    return Reading(value, None, mends)


def _read_day(column: Column, text: str) -> Reading:
    reading = _read_partial(column, text)
    if not isinstance(reading.value, str):
        return reading
    found = PartialDate.fromisoformat(reading.value)
    if not found.is_exact:
        return Reading(problem=problem("inexact_date"))
    return Reading(found.exact(), None, reading.mends)


def _read_partial(column: Column, text: str) -> Reading:
    try:
        found, warnings = parse_japanese_date(text)
    except DateProblem as error:
        return Reading(problem=error.message)
    value = found.isoformat()
    if warnings:
        return Reading(value, None, ("odd_date",))
    if value == text:
        return Reading(value)
    return Reading(
        value, None, ("era_date",) if _ERA.match(unicodedata.normalize("NFKC", text)) else ("lenient_date",)
    )


def _read_mark(column: Column, text: str) -> Reading:
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    for words, mark in ((_YES, Mark.YES), (_NO, Mark.NO), (_PARTLY, Mark.PARTLY)):
        if text in words or word in words:
            return Reading(mark)
    return Reading(problem=problem("not_a_mark"))


def _read_time(column: Column, text: str) -> Reading:
    folded, mends = _fold(text)
    folded = re.sub(r"(\d{1,2})時(\d{1,2})分\Z", r"\1:\2", folded)
    folded = re.sub(r"(\d{1,2})時\Z", r"\1:00", folded)
    found = _TIME.match(folded)
    if not found:
        return Reading(problem=problem("not_a_time"))
    hour, minute = int(found[1]), int(found[2])
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return Reading(problem=problem("not_a_time"))
    value = f"{hour:02}:{minute:02}"
    return Reading(value, None, (*mends, "respelled") if value != folded else mends)


def _read_phone(column: Column, text: str) -> Reading:
    folded, mends = _fold(_DASH.sub("-", text))
    folded = re.sub(r"\s*-\s*", "-", folded)
    if not _PHONE.match(folded) or " " in folded.strip():
        return Reading(problem=problem("not_a_phone"))
    value = re.sub(r"-+", "-", folded.replace("(", "-").replace(")", "-").replace(".", "-")).strip("-")
    digits = value.replace("-", "")
    if digits.startswith("+81"):
        value, digits = "0" + value[3:].lstrip("-"), "0" + digits[3:]
    if not digits.startswith("0") or len(digits) not in (10, 11):
        return Reading(problem=problem("not_a_phone"))
    return Reading(value, None, (*mends, "respelled") if value != folded else mends)


def _read_degrees(column: Column, text: str) -> Reading:
    folded, mends = _fold(text)
    if not _DEGREES.match(folded):
        return Reading(problem=problem("not_degrees"))
    value = float(folded)
    limit = 90 if column.type is ColumnType.LATITUDE else 180
    if not -limit <= value <= limit:
        return Reading(problem=problem("out_of_range"))
    return Reading(value, None, mends)


def _read_url(column: Column, text: str) -> Reading:
    folded, mends = _fold(text)
    if _URL.match(folded):
        return Reading(folded, None, mends)
    if _BARE_URL.match(folded) and not re.search(r"\s", folded):
        return Reading("https://" + folded, None, (*mends, "respelled"))
    return Reading(problem=problem("not_a_url"))


_READERS: dict[ColumnType, Callable[[Column, str], Reading]] = {
    ColumnType.TEXT: _read_text,
    ColumnType.CODE: _read_code,
    ColumnType.INTEGER: _read_integer,
    ColumnType.YEN: _read_integer,
    ColumnType.DATE: _read_day,
    ColumnType.PARTIAL_DATE: _read_partial,
    ColumnType.BOOLEAN: _read_mark,
    ColumnType.TIME: _read_time,
    ColumnType.PHONE: _read_phone,
    ColumnType.LATITUDE: _read_degrees,
    ColumnType.LONGITUDE: _read_degrees,
    ColumnType.URL: _read_url,
}
