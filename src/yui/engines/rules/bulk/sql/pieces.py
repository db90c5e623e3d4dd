"""Pieces of SQL that hold no matter which card they are made for.

A number has 64 bits, except within dates, whose parts have 32.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
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


def literal(value: Any) -> exp.Expr:
    """A value of the card."""
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
            return case([(value.isin(*map(exp.Literal.string, fact.type.members)), value)])
        case ir.Kind.MONTH:
            return exp.cast(value, "bigint")
    return value


def vector(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """The condition vector."""
    found = whole(0)
    for place, value in enumerate(conditions):
        bits = (YES << 2 * place, UNKNOWN << 2 * place, 0)
        bit = case(zip((value, unknown(value), exp.true()), map(whole, bits), strict=True))
        found = plus(found, bit)
    return found


def grid(keys: Sequence[exp.Expr], axes: Sequence[Sequence[int | str]], values: Sequence[int]) -> exp.Expr:
    """A table at its keys: the greatest step not above a number, the step of a choice; unknown without one."""
    if not keys:
        return whole(values[0])
    key, axis = keys[0], axes[0]
    width = len(values) // len(axis)
    cells = [
        (literal(step), grid(keys[1:], axes[1:], values[place * width : (place + 1) * width]))
        for place, step in enumerate(axis)
    ]
    if isinstance(axis[0], str):
        return case((key.eq(step), cell) for step, cell in cells)
    return case((key >= step, cell) for step, cell in reversed(cells))


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
