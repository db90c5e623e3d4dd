"""Pieces of SQL that hold no matter which card they are made for.

A number has 64 bits, except within dates, whose parts have 32, and choices, which are numbered in the order of their
characters: text is compared and moved only where it is read and written.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from itertools import product
from typing import Any

from sqlglot import exp

from yui.engines.rules import ir
from yui.engines.rules.bulk.layout import GROUP_ID, UNKNOWN, YES
from yui.engines.rules.legal_dates import Month

Bounds = tuple[exp.Expr, exp.Expr]
"""The least and the most a value can be."""

COMPARE: dict[ir.Comparison, type[exp.Binary]] = {
    ir.Comparison.AT_LEAST: exp.GTE,
    ir.Comparison.AT_MOST: exp.LTE,
    ir.Comparison.ABOVE: exp.GT,
    ir.Comparison.BELOW: exp.LT,
    ir.Comparison.EQUAL: exp.EQ,
    ir.Comparison.DIFFER: exp.NEQ,
}
ARITHMETIC: dict[ir.Operation, type[exp.Binary]] = {
    ir.Operation.ADD: exp.Add,
    ir.Operation.SUBTRACT: exp.Sub,
    ir.Operation.MULTIPLY: exp.Mul,
}


def column(name: str) -> exp.Expr:
    """A column of the stage before."""
    return exp.column(name)


def small(value: int) -> exp.Expr:
    """A small number, as parts of dates are."""
    return exp.Literal.number(value)


def whole(value: int) -> exp.Expr:
    """A number of 64 bits."""
    return exp.cast(exp.Literal.number(value), "bigint")


def literal(value: Any, kind: ir.Type) -> exp.Expr:
    """A value of the card."""
    if kind.kind is ir.Kind.ENUM:
        return small(sorted(kind.members).index(value))
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, int):
        return whole(value)
    if isinstance(value, Month):
        return whole(value.index)
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    return exp.Literal.string(value)


def operate(operator: type[exp.Binary], left: exp.Expr, right: exp.Expr, **more: bool) -> exp.Expr:
    """An operator between any two expressions.

    The operators of sqlglot leave out parentheses that count, as in ``a - (b - c)``; they do for columns only.
    """
    return operator(this=_operand(left), expression=_operand(right), **more)


def _operand(expression: exp.Expr) -> exp.Expr:
    compound = isinstance(expression, exp.Binary | exp.Unary | exp.Predicate)
    return exp.paren(expression) if compound and not isinstance(expression, exp.Paren) else expression.copy()


plus, minus, times = (partial(operate, each) for each in (exp.Add, exp.Sub, exp.Mul))


def known(value: exp.Expr) -> exp.Expr:
    """Whether a value is known."""
    return exp.not_(unknown(value))


def unknown(value: exp.Expr) -> exp.Expr:
    """Whether a value is unknown."""
    return operate(exp.Is, value, exp.null())


def perhaps(condition: exp.Expr) -> exp.Expr:
    """Whether a condition may hold."""
    return exp.func("COALESCE", condition, exp.true()) if condition.find(exp.Column) else condition


def case(branches: Iterable[tuple[exp.Expr, exp.Expr]]) -> exp.Expr:
    """The value of the first branch whose condition is true, unknown when none is; "true" itself is "else"."""
    found = exp.Case(ifs=[])
    for when, then in branches:
        if when == exp.true():
            found.set("default", then.copy())
            break
        found.append("ifs", exp.If(this=when.copy(), true=then.copy()))
    return found if found.args["ifs"] else found.args["default"]


def count(condition: exp.Expr) -> exp.Expr:
    """In how many rows a condition surely holds."""
    return exp.Count(this=case([(condition, small(1))]))


def over_group(aggregate: exp.Expr) -> exp.Expr:
    """Over all units of the group."""
    return exp.Window(this=aggregate, partition_by=[column(GROUP_ID)])


def through_unit(aggregate: exp.Expr, order: Sequence[exp.Expr]) -> exp.Expr:
    """Over the units of the group up to and including the unit, unknown keys first."""
    return exp.Window(
        this=aggregate,
        partition_by=[column(GROUP_ID)],
        order=exp.Order(expressions=[exp.Ordered(this=key.copy(), nulls_first=True) for key in order]),
        spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"),
    )


def aggregated(expression: exp.Expr) -> exp.Expr:
    """What was over all units of the group, for a query with one row for each group."""
    return expression.transform(lambda node: node.this if isinstance(node, exp.Window) else node)


def allowed(fact: ir.Fact, value: exp.Expr) -> exp.Expr:
    """A fact where it is what the card says it can be, else unknown."""
    match fact.type.kind:
        case ir.Kind.YEN | ir.Kind.INTEGER:
            value = exp.cast(value, "bigint")
            return case([(value.between(whole(fact.least), whole(fact.most)), value)])
        case ir.Kind.ENUM:
            members = enumerate(sorted(fact.type.members))
            return case((value.eq(exp.Literal.string(member)), small(number)) for number, member in members)
        case ir.Kind.MONTH:
            return exp.cast(value, "bigint")
    return value


def written(value: exp.Expr, kind: ir.Type) -> exp.Expr:
    """A value as it is given out: of a choice its identifier."""
    if kind.kind is not ir.Kind.ENUM:
        return value
    members = enumerate(sorted(kind.members))
    return case((value.eq(small(number)), exp.Literal.string(member)) for number, member in members)


def negated(condition: exp.Expr) -> exp.Expr:
    """Not; of what is the same for all, known at once."""
    if isinstance(condition, exp.Boolean):
        return exp.true() if condition == exp.false() else exp.false()
    return exp.not_(condition)


def every(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """And, without what is always true."""
    rest = [each for each in conditions if each != exp.true()]
    return exp.false() if exp.false() in rest else exp.and_(*rest) if rest else exp.true()


def some(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """Or, without what is always false."""
    rest = [each for each in conditions if each != exp.false()]
    return exp.true() if exp.true() in rest else exp.or_(*rest) if rest else exp.false()


def vector(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """The condition vector."""
    found = whole(0)
    for place, value in enumerate(conditions):
        bits = (YES << 2 * place, UNKNOWN << 2 * place, 0)
        if value != exp.false():
            bit = case(zip((value, unknown(value), exp.true()), map(whole, bits), strict=True))
            found = plus(found, bit)
    return found


def stepped(key: exp.Expr, axis: Sequence[int], values: Sequence[exp.Expr]) -> exp.Expr:
    """The value of the greatest step not above a number, unknown below the first."""
    return case((key >= whole(step), value) for step, value in zip(axis[::-1], values[::-1], strict=True))


def place(key: exp.Expr, axis: Sequence[int]) -> exp.Expr:
    """The place of the greatest step not above a number; of steps that follow one another it is reckoned."""
    branches = [(key >= whole(axis[-1]), small(len(axis) - 1))]
    first = len(axis) - 1
    while first:
        last = first - 1
        first = last
        while first and axis[first - 1] == axis[first] - 1 and axis[last + 1] == axis[last] + 1:
            first -= 1
        value = small(last)
        if first < last:
            value = exp.cast(minus(key, whole(axis[first] - first)), "int")
        branches.append((key >= whole(axis[first]), value))
    return case(branches)


def grid(
    places: Sequence[exp.Expr], orders: Sequence[Sequence[int | None]], values: Sequence[int], first: int
) -> exp.Expr:
    """A table as a list, at a position reckoned from the place of each key.

    Args:
        orders: Which step of each key is at which place; none where the table has no such step.
        values: The values, the last key running fastest.
        first: The position at which lists begin.
    """
    position, sizes = small(first), [sum(step is not None for step in order) for order in orders]
    for number, at in enumerate(places, start=1):
        position = plus(position, times(at, small(math.prod(map(len, orders[number:])))))
    cells: list[exp.Expr] = []
    for steps in product(*orders):
        at_step = 0
        for size, step in zip(sizes, steps, strict=True):
            at_step = at_step * size + (step or 0)
        cells.append(exp.null() if None in steps else exp.Literal.number(values[at_step]))
    cells_of = exp.cast(exp.Array(expressions=cells), "array<bigint>")
    return exp.Bracket(this=exp.paren(cells_of), expressions=[position])


def compared(comparison: ir.Comparison, left: Bounds, right: Bounds) -> exp.Expr:
    """A comparison of numbers known within bounds: yes or no where all they can be agree."""
    (least, most), (other_least, other_most) = left, right
    above, at_least = least > other_most, least >= other_most
    below, at_most = most < other_least, most <= other_least
    same, apart = exp.and_(at_least, at_most), exp.or_(above, below)
    yes, no = {
        ir.Comparison.AT_LEAST: (at_least, below),
        ir.Comparison.AT_MOST: (at_most, above),
        ir.Comparison.ABOVE: (above, at_most),
        ir.Comparison.BELOW: (below, at_least),
        ir.Comparison.EQUAL: (same, apart),
        ir.Comparison.DIFFER: (apart, same),
    }[comparison]
    return case([(yes, exp.true()), (no, exp.false())])


def part(unit: str, day: exp.Expr) -> exp.Expr:
    """The year, month or day of a date."""
    return exp.cast(exp.Extract(this=exp.var(unit), expression=day), "int")


def months_later(day: exp.Expr, months: int) -> exp.Expr:
    """月後: the corresponding day, or the last of the month where there is none (民法第143条; engines agree)."""
    moved = exp.DateAdd(this=day.copy(), expression=small(months), unit=exp.var("MONTH"))
    return exp.cast(moved, "date")


def age_on(born: exp.Expr, day: exp.Expr) -> exp.Expr:
    """満年齢: whole years from one day to another, unknown when that lies before."""
    birthday, today = (
        plus(times(part("MONTH", each), small(100)), part("DAY", each)) for each in (born, day)
    )
    years = minus(part("YEAR", day), part("YEAR", born))
    before_birthday = case([(operate(exp.GT, birthday, today), small(1)), (exp.true(), small(0))])
    age = exp.cast(minus(years, before_birthday), "bigint")
    return case([(operate(exp.LTE, born, day), age)])
