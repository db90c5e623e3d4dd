"""Fixes a card to one month: what depends on the month only becomes a constant.

"The fiscal year in which the child reaches 18 has not ended" then is one comparison of the birth date with a
date, which is why a bulk back end needs no date arithmetic per person.
"""

from dataclasses import dataclass
from datetime import date

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
                    return ir.Literal(kind, ir.Level.CONSTANT, entry.values[0])
                return ir.Grid(kind, level, tuple(map(self.fold, keys)), entry.axes, entry.values)
            case ir.MonthConstant(type=kind, word=word):
                return ir.Literal(kind, ir.Level.CONSTANT, month_word(word, self.month))
            case ir.Compare():
                return self._compare(node)
        return ir.rebuilt(node, self.fold)

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
            value = next((item for item in self.rules.definitions if item.name == node.name), None)
            node = value.expression if isinstance(value, ir.Value) else node
        return node if isinstance(node, ir.DateCall) else None
