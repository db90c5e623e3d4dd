"""What the nodes of the typed form are as Polars expressions.

Polars' own logic is three-valued with NULL as unknown. Its numbers wrap around silently, so each has 64 bits, which
the checker has proved to be enough.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from itertools import product
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

import numpy as np
import polars as pl

from yui.engines.rules import ir
from yui.engines.rules.bulk.layout import UNKNOWN, YES
from yui.engines.rules.legal_dates import Month

Bounds = tuple[pl.Expr, pl.Expr]
"""The least and the most a number can be."""
Operator = Callable[[Any, Any], Any]

COMPARE: Mapping[ir.Comparison, Operator] = {
    ir.Comparison.AT_LEAST: ge,
    ir.Comparison.AT_MOST: le,
    ir.Comparison.ABOVE: gt,
    ir.Comparison.BELOW: lt,
    ir.Comparison.EQUAL: eq,
    ir.Comparison.DIFFER: ne,
}
ARITHMETIC: Mapping[ir.Operation, Operator] = {
    ir.Operation.ADD: add,
    ir.Operation.SUBTRACT: sub,
    ir.Operation.MULTIPLY: mul,
}
DTYPES: Mapping[ir.Kind, type[pl.DataType]] = {
    ir.Kind.YEN: pl.Int64,
    ir.Kind.INTEGER: pl.Int64,
    ir.Kind.DATE: pl.Date,
    ir.Kind.MONTH: pl.Int32,
    ir.Kind.BOOL: pl.Boolean,
}
BRANCHES = 16
"""Up to so many steps of a table are compared one by one, which is faster than searching them."""
DENSE = 2**16
"""Up to so many values a table gets one for every whole number of a key, which needs no comparing at all."""


def dtype_of(of: ir.Type) -> pl.DataType | type[pl.DataType]:
    """The Polars type of the values of a type."""
    return pl.Enum(of.members) if of.kind is ir.Kind.ENUM else DTYPES[of.kind]


def fact_column(fact: ir.Fact) -> pl.Expr:
    """A fact as it is read; a value that the card does not allow is unknown."""
    value = pl.col(fact.key).cast(dtype_of(fact.type), strict=False)
    if fact.type.kind in (ir.Kind.YEN, ir.Kind.INTEGER):
        return pl.when(value.is_between(fact.least, fact.most)).then(value)
    return value


def whole(value: int) -> pl.Expr:
    """A number; a bare literal would be of 32 bits."""
    return pl.lit(value, pl.Int64)


def literal(of: ir.Type, value: Any) -> pl.Expr:
    """A value that is the same for all."""
    return pl.lit(value.index if isinstance(value, Month) else value, dtype_of(of))


def as_text(column: pl.Expr) -> pl.Expr:
    """Identifiers and choices are ordered as text."""
    return column.cast(pl.String)


def chosen(conditions: Sequence[pl.Expr], values: Sequence[pl.Expr]) -> pl.Expr:
    """The value beside the first condition that is true; unknown when none is."""
    chain: Any = pl
    for condition, value in zip(conditions, values, strict=True):
        chain = chain.when(condition).then(value)
    expression: pl.Expr = chain
    return expression


def vector(conditions: Sequence[pl.Expr]) -> pl.Expr:
    """Two bits for each condition; put together in bytes, then in ever wider words, since narrow ones are faster."""
    words = []
    for start in range(0, len(conditions), 4):
        byte = pl.lit(0, pl.UInt8)
        for place, condition in enumerate(conditions[start : start + 4]):
            no, yes, unknown = (pl.lit(bits << 2 * place, pl.UInt8) for bits in (0, YES, UNKNOWN))
            byte |= pl.when(condition).then(yes).when(~condition).then(no).otherwise(unknown)
        words.append(byte)
    for bits, wider in ((8, pl.UInt16), (16, pl.UInt32), (32, pl.Int64)):
        if len(words) > 1:
            words = [
                reduce(
                    add,
                    [word.cast(wider) * pl.lit(1 << place * bits, wider) for place, word in enumerate(pair)],
                )
                for pair in (words[start : start + 2] for start in range(0, len(words), 2))
            ]
    return words[0].cast(pl.Int64) if words else whole(0)


def rounded(rounding: ir.Rounding, value: pl.Expr, by: pl.Expr | int, unit: int) -> pl.Expr:
    """The quotient made whole, times a unit.

    Polars divides whole numbers towards minus infinity, as the law's rounding down does.
    """
    if isinstance(by, int):
        if by == 1:
            return value
        by = whole(by)
    match rounding:
        case ir.Rounding.DOWN:
            found = value // by
        case ir.Rounding.UP:
            found = -(-value // by)
        case ir.Rounding.HALF_UP:
            found = (value * 2 + by) // (by * 2)
    return found if unit == 1 else found * whole(unit)


def extreme(greatest: bool, one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """The greater or the smaller of two; unknown when either is."""
    if other.meta.is_literal():
        one, other = other, one
    first = one >= other if greatest else one <= other
    if one.meta.is_literal():
        return pl.when(first).then(one).otherwise(other)
    # Where the comparison is unknown, so is one of the two; the other must not be taken for it.
    return pl.when(first).then(one).when(first.is_not_null()).then(other)


def either(holds: pl.Expr, one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """One of two values by a condition; known also under an unknown condition when both are known and equal."""
    return pl.when(holds).then(one).when(holds.is_not_null() | (one == other)).then(other)


def worked_out(constant: pl.Expr) -> pl.Expr:
    """What an expression that reads no column comes to."""
    found = pl.select(constant).to_series()
    return pl.lit(found.item(), found.dtype)


def running_sum(value: pl.Expr) -> pl.Expr:
    """The sum of a column up to each row, unknown values left out; NumPy's is several times faster than Polars'."""
    return value.cast(pl.Int64).fill_null(0).map_batches(_running_sum, return_dtype=pl.Int64)


def _running_sum(values: pl.Series) -> pl.Series:
    return pl.Series(np.cumsum(values.to_numpy()))


def grid(keys: Sequence[pl.Expr], axes: Sequence[Sequence[int | str]], values: Sequence[int]) -> pl.Expr:
    """The value at the greatest step that is not above a number, at a choice; unknown where there is none.

    A key is brought to a place on its axis, all places to one in a list of values, and that is read there. On the way
    a number below the first step has the place 0, where nothing is.
    """
    place, size, steps = pl.lit(0, pl.UInt32), 1, []
    for key, axis in zip(keys, axes, strict=True):
        on_axis, of_axis = _places(key, axis, DENSE // size)
        place = place * pl.lit(len(of_axis), pl.UInt32) + on_axis
        size *= len(of_axis)
        steps.append(of_axis)
    stepped: Iterable[tuple[int | None, ...]] = product(*(range(len(axis)) for axis in axes))
    at = dict(zip(stepped, values, strict=True))
    return pl.lit(pl.Series([at.get(each) for each in product(*steps)], dtype=pl.Int64)).gather(place)


def _places(key: pl.Expr, axis: Sequence[int | str], most: int) -> tuple[pl.Expr, list[int | None]]:
    """The place of a key, and for every place there is the step of the axis that it stands for."""
    numbers, count = [step for step in axis if isinstance(step, int)], len(axis)
    if not numbers:
        choice = key.cast(pl.Enum([str(step) for step in axis]))
        return choice.to_physical().cast(pl.UInt32), list(range(count))
    first, last = numbers[0], numbers[-1]
    if last - first + 2 <= most:
        above, below = (pl.lit(place, pl.UInt32) for place in (last - first + 1, 0))
        between = (key - whole(first - 1)).cast(pl.UInt32, wrap_numerical=True)
        steps = (bisect_right(numbers, number) - 1 for number in range(first, last + 1))
        return pl.when(key >= last).then(above).when(key < first).then(below).otherwise(between), [
            None,
            *steps,
        ]
    if count <= BRANCHES:
        ways = [*(key >= step for step in reversed(numbers)), key < first]
        place = chosen(ways, [pl.lit(number, pl.UInt8) for number in range(count, -1, -1)])
    else:
        found = pl.lit(pl.Series(numbers, dtype=pl.Int64)).search_sorted(key, side="right")
        place = pl.when(key.is_not_null()).then(found)
    return place.cast(pl.UInt32), [None, *range(count)]


def compared(comparison: ir.Comparison, left: Bounds, right: Bounds) -> pl.Expr:
    """A comparison of numbers known within bounds: yes or no where all they can be agree."""
    (least, most), (other_least, other_most) = left, right
    above, at_least = least > other_most, least >= other_most
    below, at_most = most < other_least, most <= other_least
    yes, no = {
        ir.Comparison.AT_LEAST: (at_least, below),
        ir.Comparison.AT_MOST: (at_most, above),
        ir.Comparison.ABOVE: (above, at_most),
        ir.Comparison.BELOW: (below, at_least),
        ir.Comparison.EQUAL: (at_least & at_most, above | below),
        ir.Comparison.DIFFER: (above | below, at_least & at_most),
    }[comparison]
    return pl.when(yes).then(True).when(no).then(False)


def age_on(born: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Whole years on a day; unknown when the date lies after it."""
    birthday, today = (each.dt.month().cast(pl.Int16) * 100 + each.dt.day() for each in (born, day))
    years = day.dt.year() - born.dt.year() - (birthday > today).cast(pl.Int32)
    return pl.when(born <= day).then(years.cast(pl.Int64))


def month_word_of(month: pl.Expr, word: ir.MonthWord) -> pl.Expr:
    """What a word for the month decided stands for (:func:`~yui.engines.rules.folding.month_word`), of its index."""
    year = (month - 3) // 12
    first_day = pl.date(month // 12, month % 12 + 1, 1)
    return {
        ir.MonthWord.MONTH: month,
        ir.MonthWord.FIRST_DAY: first_day,
        ir.MonthWord.LAST_DAY: first_day.dt.month_end(),
        ir.MonthWord.YEAR_START: pl.date(year, 4, 1),
        ir.MonthWord.YEAR_END: pl.date(year + 1, 3, 31),
        ir.MonthWord.ASSESSMENT_DAY: pl.date(year, 1, 1),
    }[word]


# The legal date vocabulary; each word is defined in yui.engines.rules.legal_dates.


def _months_later(day: pl.Expr, months: int) -> pl.Expr:
    """The corresponding day, or the last of the month where there is none: Polars and 民法第143条 agree."""
    return day.dt.offset_by(f"{months}mo")


def _days_later(day: pl.Expr, days: int) -> pl.Expr:
    return day + pl.duration(days=days)


def _reaches(born: pl.Expr, age: int) -> pl.Expr:
    """The day before the birthday; a birthday that a common year lacks has been moved to the day before it."""
    birthday = _months_later(born, 12 * age)
    return pl.when(birthday.dt.day() == born.dt.day()).then(_days_later(birthday, -1)).otherwise(birthday)


def _year_end(born: pl.Expr, age: int) -> pl.Expr:
    reached = _reaches(born, age)
    return pl.date(reached.dt.year() + (reached.dt.month() > 3).cast(pl.Int32), 3, 31)


DATE_FUNCTIONS: Mapping[str, Callable[[pl.Expr, int], pl.Expr]] = {
    "到達日": _reaches,
    "最初の年度末": _year_end,
    "誕生月末": lambda born, age: _months_later(born, 12 * age).dt.month_end(),
    "翌月初": lambda day, _: _days_later(day.dt.month_end(), 1),
    "月後": _months_later,
    "月前": lambda day, months: _months_later(day, -months),
    "日後": _days_later,
    "日前": lambda day, days: _days_later(day, -days),
}
