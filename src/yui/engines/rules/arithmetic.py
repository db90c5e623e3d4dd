"""Exact arithmetic on whole numbers and ratios, tables read at their keys, and ages.

Every function takes values that are known, unknown (``None``) or known within bounds. Nothing here can leave 64 bits:
the checker has proved that from the bounds of the facts.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from yui.engines.rules.logic import Between, between, bounds


def add(left: Any, right: Any) -> Any:
    """Sum of two numbers; unknown when either is."""
    if left is None or right is None:
        return None
    if left.__class__ is int and right.__class__ is int:
        return left + right
    (left_least, left_most), (right_least, right_most) = bounds(left), bounds(right)
    return between(left_least + right_least, left_most + right_most)


def subtract(left: Any, right: Any) -> Any:
    """Difference of two numbers; unknown when either is."""
    if left is None or right is None:
        return None
    if left.__class__ is int and right.__class__ is int:
        return left - right
    (left_least, left_most), (right_least, right_most) = bounds(left), bounds(right)
    return between(left_least - right_most, left_most - right_least)


def multiply(left: Any, right: Any) -> Any:
    """Product of two numbers; unknown when either is."""
    if left is None or right is None:
        return None
    if left.__class__ is int and right.__class__ is int:
        return left * right
    corners = [one * other for one in bounds(left) for other in bounds(right)]
    return between(min(corners), max(corners))


def smaller(left: Any, right: Any) -> Any:
    """The smaller of two; unknown when either is."""
    if left is None or right is None:
        return None
    (left_least, left_most), (right_least, right_most) = bounds(left), bounds(right)
    return between(min(left_least, right_least), min(left_most, right_most))


def greater(left: Any, right: Any) -> Any:
    """The greater of two; unknown when either is."""
    if left is None or right is None:
        return None
    (left_least, left_most), (right_least, right_most) = bounds(left), bounds(right)
    return between(max(left_least, right_least), max(left_most, right_most))


def choose(condition: bool | None, then: Any, otherwise: Any) -> Any:
    """One of two values; under an unknown condition known only when both are the same."""
    if condition is None:
        return then if then == otherwise else None
    return then if condition else otherwise


def round_down(value: Any, scale: int, unit: int, divisor: Any = 1) -> Any:
    """切捨て of ``value / scale / divisor`` to a multiple of ``unit``; unknown when anything is, or by zero."""
    return _rounded(lambda number, by: number // by, value, scale, unit, divisor)


def round_up(value: Any, scale: int, unit: int, divisor: Any = 1) -> Any:
    """切上げ of ``value / scale / divisor`` to a multiple of ``unit``; unknown when anything is, or by zero."""
    return _rounded(lambda number, by: -(-number // by), value, scale, unit, divisor)


def round_half_up(value: Any, scale: int, unit: int, divisor: Any = 1) -> Any:
    """四捨五入 of ``value / scale / divisor`` to a multiple of ``unit``; unknown when anything is, or by zero."""
    return _rounded(lambda number, by: (2 * number + by) // (2 * by), value, scale, unit, divisor)


def _rounded(run: Callable[[int, int], int], value: Any, scale: int, unit: int, divisor: Any) -> Any:
    if value is None or divisor is None:
        return None
    if value.__class__ is int and divisor.__class__ is int:
        return run(value, scale * unit * divisor) * unit if divisor else None
    ends, by = bounds(value), bounds(divisor)
    if by[0] <= 0:
        return None
    corners = [run(end, scale * unit * other) * unit for end in ends for other in by]
    return between(min(corners), max(corners))


def total(values: Sequence[Any]) -> Any:
    """Sum over the units of a group; unknown when any part is."""
    result: Any = 0
    for value in values:
        result = add(result, value)
    return result


def count(values: Sequence[bool | None]) -> int | None:
    """How many units a condition holds for; unknown when it is for any."""
    return None if None in values else sum(1 for value in values if value)


def look_up(axes: Sequence[Sequence[Any]], values: Sequence[int], *keys: Any) -> Any:
    """The entry of a table at its keys: the greatest step not above a number, the entry of a choice.

    A key known within bounds gives the bounds of all entries it may find.
    """
    places = [0]
    for axis, key in zip(axes, keys, strict=True):
        if key is None:
            return None
        steps: Iterable[int]
        if key.__class__ is str:
            steps = (axis.index(key),)
        else:
            least, most = bounds(key)
            first = bisect_right(axis, least) - 1
            if first < 0:
                return None
            steps = range(first, bisect_right(axis, most))
        places = [place * len(axis) + step for place in places for step in steps]
    found = [values[place] for place in places]
    return found[0] if len(found) == 1 else between(min(found), max(found))


def age_on(value: Any, day: date) -> Any:
    """Whole years from a date to a day; unknown when the date lies, or may lie, after the day."""
    if value is None:
        return None
    if value.__class__ is Between:
        youngest, oldest = age_on(value.most, day), age_on(value.least, day)
        return None if youngest is None else between(youngest, oldest)
    if value > day:
        return None
    return day.year - value.year - ((day.month, day.day) < (value.month, value.day))
