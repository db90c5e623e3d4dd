"""Three-valued logic, and values known only within bounds.

Unknown is ``None``. A date of which only the year is known is a :class:`Between`; a comparison with it is true or
false when every possible value agrees, and unknown otherwise. Each helper is a total function of its arguments,
so that other back ends can be checked against it row by row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Between:
    """A value of which only the bounds are known, both inclusive (for example "born in 2015")."""

    least: Any
    most: Any

    def __post_init__(self) -> None:
        if self.most < self.least:
            raise ValueError("The upper bound lies below the lower bound; exchange them.")


def bounds(value: Any) -> tuple[Any, Any]:
    """The least and the most a known value can be."""
    return (value.least, value.most) if value.__class__ is Between else (value, value)


def between(least: Any, most: Any) -> Any:
    """The value itself when the bounds meet, else the bounds."""
    return least if least == most else Between(least, most)


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Kleene "and": one false settles it, one unknown leaves it open."""
    result: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Kleene "or": one true settles it, one unknown leaves it open."""
    result: bool | None = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def negate(value: bool | None) -> bool | None:
    """Kleene "not": unknown stays unknown."""
    return None if value is None else not value


def at_least(left: Any, right: Any) -> bool | None:
    """``left >= right``."""
    if left is None or right is None:
        return None
    if left.__class__ is not Between and right.__class__ is not Between:
        return bool(left >= right)
    (left_least, left_most), (right_least, right_most) = bounds(left), bounds(right)
    if left_least >= right_most:
        return True
    return False if left_most < right_least else None


def at_most(left: Any, right: Any) -> bool | None:
    """``left <= right``."""
    return at_least(right, left)


def above(left: Any, right: Any) -> bool | None:
    """``left > right``."""
    return negate(at_least(right, left))


def below(left: Any, right: Any) -> bool | None:
    """``left < right``."""
    return negate(at_least(left, right))


def equal(left: Any, right: Any) -> bool | None:
    """``left = right``."""
    if left is None or right is None:
        return None
    if left.__class__ is not Between and right.__class__ is not Between:
        return bool(left == right)
    (left_least, left_most), (right_least, right_most) = bounds(left), bounds(right)
    return False if left_most < right_least or right_most < left_least else None


def differ(left: Any, right: Any) -> bool | None:
    """``left != right``."""
    return negate(equal(left, right))


def map_date(run: Any, value: Any, *arguments: int) -> Any:
    """Applies a monotone date function to a date, to the bounds of a date, or to an unknown."""
    if value is None:
        return None
    if value.__class__ is Between:
        return between(run(value.least, *arguments), run(value.most, *arguments))
    return run(value, *arguments)


def precedes(left: Sequence[Any], right: Sequence[Any]) -> bool | None:
    """Whether one key comes before another, compared part by part."""
    result: bool | None = False
    for left_part, right_part in zip(reversed(left), reversed(right), strict=True):
        result = any_of((below(left_part, right_part), all_of((equal(left_part, right_part), result))))
    return result


def rank(members: Sequence[bool | None], keys: Sequence[Sequence[Any]]) -> list[Any]:
    """Place of each member in the order of its key, counted from 1; 0 for those who are not members.

    The last part of the key must differ between any two, so that the order is total. With unknown keys or
    unknown membership a place is known only within bounds.

    Complexity:
        n log n when everything is known, n² otherwise (n = units of one group).
    """
    if all(member is not None for member in members) and not any(
        part is None or part.__class__ is Between for key in keys for part in key
    ):
        ordered = sorted(
            (index for index, member in enumerate(members) if member), key=lambda index: tuple(keys[index])
        )
        places = [0] * len(members)
        for place, index in enumerate(ordered, start=1):
            places[index] = place
        return places
    return [_place(index, members, keys) for index in range(len(members))]


def _place(index: int, members: Sequence[bool | None], keys: Sequence[Sequence[Any]]) -> Any:
    if members[index] is False:
        return 0
    surely = possibly = 1
    for other in range(len(members)):
        if other == index or members[other] is False:
            continue
        before = all_of((members[other], precedes(keys[other], keys[index])))
        surely += before is True
        possibly += before is not False
    return between(surely if members[index] else 0, possibly)
