"""Fixes a card to one month: what depends on the month only becomes a constant, and what a constant decides is decided.

"The fiscal year in which the child reaches 18 has not ended" then is one comparison of the birth date with a
date, which is why a bulk back end needs no date arithmetic per person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

from yui.engines.rules import ir
from yui.engines.rules.legal_dates import ONE_DAY, Month, earliest_argument

MIRRORED = {
    ir.Comparison.AT_LEAST: ir.Comparison.AT_MOST,
    ir.Comparison.AT_MOST: ir.Comparison.AT_LEAST,
    ir.Comparison.ABOVE: ir.Comparison.BELOW,
    ir.Comparison.BELOW: ir.Comparison.ABOVE,
    ir.Comparison.EQUAL: ir.Comparison.EQUAL,
    ir.Comparison.DIFFER: ir.Comparison.DIFFER,
}
# f(d) > c is f(d) >= c + 1 day, and so on: (days to add, whether the result is negated).
AS_AT_LEAST = {
    ir.Comparison.AT_LEAST: (0, False),
    ir.Comparison.ABOVE: (1, False),
    ir.Comparison.BELOW: (0, True),
    ir.Comparison.AT_MOST: (1, True),
}

OPERATORS: Mapping[ir.Comparison | ir.Operation, Callable[[Any, Any], Any]] = {
    ir.Comparison.AT_LEAST: ge,
    ir.Comparison.AT_MOST: le,
    ir.Comparison.ABOVE: gt,
    ir.Comparison.BELOW: lt,
    ir.Comparison.EQUAL: eq,
    ir.Comparison.DIFFER: ne,
    ir.Operation.ADD: add,
    ir.Operation.SUBTRACT: sub,
    ir.Operation.MULTIPLY: mul,
}


def month_word(word: ir.MonthWord, month: Month) -> date | Month:
    """What a word for the month decided stands for in a month."""
    year = month.fiscal_year
    values: dict[ir.MonthWord, date | Month] = {
        ir.MonthWord.MONTH: month,
        ir.MonthWord.FIRST_DAY: month.first_day,
        ir.MonthWord.LAST_DAY: month.last_day,
        ir.MonthWord.YEAR_START: date(year, 4, 1),
        ir.MonthWord.YEAR_END: date(year + 1, 3, 31),
        ir.MonthWord.ASSESSMENT_DAY: date(year, 1, 1),
    }
    return values[word]


@dataclass(frozen=True)
class Folding:
    """What a month and a state of knowledge make constant."""

    rules: ir.Rules
    month: Month
    known_on: date | None = None

    def fold(self, node: ir.Node) -> ir.Node:
        """The expression for this month; same value, same unknowns."""
        match node:
            case ir.TableRef(type=kind, level=level, name=name, keys=keys):
                table = next(table for table in self.rules.tables if table.name == name)
                entry = table.entry(self.month, self.known_on)
                if not keys:
                    return _constant(kind, entry.values[0])
                return ir.Grid(kind, level, tuple(map(self.fold, keys)), entry.axes, entry.values)
            case ir.MonthConstant(type=kind, word=word):
                return _constant(kind, month_word(word, self.month))
            case ir.NameRef(level=ir.Level.CONSTANT, name=name):
                item = self._definitions[name]
                meant = None if isinstance(item, ir.Rank) else self.fold(item.expression)
                return _constant(node.type, meant.value) if isinstance(meant, ir.Literal) else node
            case ir.Compare():
                return _decided(self._compare(node))
        return _decided(ir.rebuilt(node, self.fold))

    @cached_property
    def _definitions(self) -> dict[str, ir.Definition]:
        return {item.name: item for item in self.rules.definitions}

    def _compare(self, node: ir.Compare) -> ir.Node:
        left, right, comparison = self.fold(node.left), self.fold(node.right), node.comparison
        if isinstance(left, ir.Literal):
            left, right, comparison = right, left, MIRRORED[comparison]
        call = self._date_call(left)
        if (
            call
            and isinstance(right, ir.Literal)
            and isinstance(right.value, date)
            and comparison in AS_AT_LEAST
        ):
            days, negated = AS_AT_LEAST[comparison]
            threshold = earliest_argument(call.function, call.number, right.value + days * ONE_DAY)
            limit = ir.Literal(ir.DATE, ir.Level.CONSTANT, threshold)
            reached = ir.Comparison.BELOW if negated else ir.Comparison.AT_LEAST
            return ir.Compare(node.type, node.level, reached, self.fold(call.argument), limit)
        return ir.Compare(node.type, node.level, comparison, left, right)

    def _date_call(self, node: ir.Node) -> ir.DateCall | None:
        """The call itself, or the call a named value stands for."""
        if isinstance(node, ir.NameRef):
            value = self._definitions.get(node.name)
            node = value.expression if isinstance(value, ir.Value) else node
        return node if isinstance(node, ir.DateCall) else None


def _constant(kind: ir.Type, value: Any) -> ir.Literal:
    return ir.Literal(kind, ir.Level.CONSTANT, value)


def _decided(node: ir.Node) -> ir.Node:
    """A folded expression as far as its constants decide it; what is the unit's stays the unit's."""
    found = _by_constants(node)
    return found if node.level is not ir.Level.UNIT or found.level is ir.Level.UNIT else node


def _by_constants(node: ir.Node) -> ir.Node:
    match node:
        case (
            ir.Compare(comparison=operator, left=ir.Literal(value=left), right=ir.Literal(value=right))
            | ir.Arithmetic(operation=operator, left=ir.Literal(value=left), right=ir.Literal(value=right))
        ):
            return _constant(node.type, OPERATORS[operator](left, right))
        case ir.Choose(condition=ir.Literal(value=holds), then=then, otherwise=otherwise):
            return replace(then if holds else otherwise, type=node.type)
        case ir.Not(item=ir.Literal(value=holds)):
            return _constant(ir.BOOL, not holds)
        case ir.All(items=items) | ir.Either(items=items):
            settling = isinstance(node, ir.Either)
            known = [item.value for item in items if isinstance(item, ir.Literal)]
            left_open = tuple(item for item in items if not isinstance(item, ir.Literal))
            if settling in known or not left_open:
                return _constant(ir.BOOL, settling if settling in known else not settling)
            return left_open[0] if len(left_open) == 1 else replace(node, items=left_open)
    return node
