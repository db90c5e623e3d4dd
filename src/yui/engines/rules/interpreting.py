"""The slow reading of the typed form: the reference other back ends are checked against, and what to ask.

It walks the tree as it stands, without folding, so an error in folding or in generated code shows as a difference.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from yui.engines.rules import arithmetic, ir, logic
from yui.engines.rules.card import Card
from yui.engines.rules.folding import month_word
from yui.engines.rules.legal_dates import DATE_FUNCTIONS, Month
from yui.engines.rules.outcomes import Ask, Group

COMPARE: dict[ir.Comparison, Callable[[Any, Any], bool | None]] = {
    ir.Comparison.AT_LEAST: logic.at_least,
    ir.Comparison.AT_MOST: logic.at_most,
    ir.Comparison.ABOVE: logic.above,
    ir.Comparison.BELOW: logic.below,
    ir.Comparison.EQUAL: logic.equal,
    ir.Comparison.DIFFER: logic.differ,
}
ARITHMETIC: dict[ir.Operation, Callable[[Any, Any], Any]] = {
    ir.Operation.ADD: arithmetic.add,
    ir.Operation.SUBTRACT: arithmetic.subtract,
    ir.Operation.MULTIPLY: arithmetic.multiply,
}
ROUNDINGS: dict[ir.Rounding, Callable[[Any, int, int, Any], Any]] = {
    ir.Rounding.DOWN: arithmetic.round_down,
    ir.Rounding.UP: arithmetic.round_up,
    ir.Rounding.HALF_UP: arithmetic.round_half_up,
}
GATHERINGS: dict[ir.Gathering, Callable[[list[Any]], Any]] = {
    ir.Gathering.SUM: arithmetic.total,
    ir.Gathering.COUNT: arithmetic.count,
    ir.Gathering.ANY: logic.any_of,
    ir.Gathering.EVERY: logic.all_of,
}


class Interpreter:
    """Values of everything in a card for one group in one month.

    Args:
        found: Values that are known already, by the name of a definition and the place of the unit (0 for the group).
    """

    def __init__(
        self,
        card: Card,
        month: Month,
        group: Group,
        known_on: date | None = None,
        found: Mapping[tuple[str, int], Any] | None = None,
    ) -> None:
        self._card = card
        self._month = month
        self._group = group
        self._known_on = known_on
        self._definitions = {item.name: item for item in card.rules.definitions}
        self._of_units = {item.name for item in card.rules.definitions if ir.level_of(item) is ir.Level.UNIT}
        self._found: dict[tuple[str, int], Any] = dict(found or {})
        self._gathered: dict[ir.Gather, Any] = {}
        self._asked: dict[tuple[str, int], tuple[Ask, ...]] = {}

    def named(self, name: str, unit: int) -> Any:
        """The value of a definition for a unit (its place in the group)."""
        unit = unit if name in self._of_units else 0
        if (name, unit) not in self._found:
            item = self._definitions[name]
            if isinstance(item, ir.Rank):
                everyone = range(len(self._group.units))
                members = [self.value(item.among, other) for other in everyone]
                keys = [[self.value(key, other) for key in item.by] for other in everyone]
                for other, place in enumerate(logic.rank(members, keys)):
                    self._found[(name, other)] = place
            else:
                self._found[(name, unit)] = self.value(item.expression, unit)
        return self._found[(name, unit)]

    def value(self, node: ir.Node, unit: int) -> Any:
        """The value of an expression for a unit; None when unknown."""
        match node:
            case ir.Literal(value=value):
                return value
            case ir.FactRef(level=ir.Level.GROUP, key=key):
                return self._group.facts.get(key)
            case ir.FactRef(key=key):
                return self._group.units[unit].facts.get(key)
            case ir.UnitId():
                return self._group.units[unit].id
            case ir.NameRef(name=name):
                return self.named(name, unit)
            case ir.TableRef(name=name, keys=keys):
                entry = self._card.tables[name].entry(self._month, self._known_on)
                at = [self.value(key, unit) for key in keys]
                return arithmetic.look_up(entry.axes, entry.values, *at)
            case ir.MonthConstant(word=word):
                return month_word(word, self._month)
            case ir.DateCall(function=function, argument=argument, number=number):
                given = () if number is None else (number,)
                return logic.map_date(DATE_FUNCTIONS[function].run, self.value(argument, unit), *given)
            case ir.AgeOn(argument=argument, day=day):
                return arithmetic.age_on(self.value(argument, unit), self.value(day, unit))
            case ir.Compare(comparison=comparison, left=left, right=right):
                return COMPARE[comparison](self.value(left, unit), self.value(right, unit))
            case ir.Arithmetic(operation=operation, left=left, right=right):
                return ARITHMETIC[operation](self.value(left, unit), self.value(right, unit))
            case ir.Round(rounding=rounding, item=item, divisor=divisor, unit=multiple):
                by = 1 if divisor is None else self.value(divisor, unit)
                return ROUNDINGS[rounding](self.value(item, unit), item.type.scale, multiple, by)
            case ir.Extreme(greatest=greatest, left=left, right=right):
                pick = arithmetic.greater if greatest else arithmetic.smaller
                return pick(self.value(left, unit), self.value(right, unit))
            case ir.Choose(condition=condition, then=then, otherwise=otherwise):
                holds = self.value(condition, unit)
                return arithmetic.choose(holds, self.value(then, unit), self.value(otherwise, unit))
            case ir.Gather(gathering=gathering, item=item):
                if node not in self._gathered:
                    everyone = range(len(self._group.units))
                    self._gathered[node] = GATHERINGS[gathering](
                        [self.value(item, other) for other in everyone]
                    )
                return self._gathered[node]
            case ir.Not(item=item):
                return logic.negate(self.value(item, unit))
            case ir.All(items=items):
                return logic.all_of([self.value(item, unit) for item in items])
            case ir.Either(items=items):
                return logic.any_of([self.value(item, unit) for item in items])
        raise TypeError(f"The typed form has no {type(node).__name__}.")

    def asks(self, node: ir.Node, unit: int) -> Iterator[Ask]:
        """The facts that keep an expression from being known for a unit."""
        value = self.value(node, unit)
        if value is not None and not isinstance(value, logic.Between):
            return
        match node:
            case ir.FactRef(level=ir.Level.GROUP, key=key):
                yield Ask(key)
            case ir.FactRef(key=key):
                yield Ask(key, self._group.units[unit].id)
            case ir.NameRef(name=name):
                yield from self._named_asks(name, unit if name in self._of_units else 0)
            case ir.Gather(item=item):
                for other in range(len(self._group.units)):
                    yield from self.asks(item, other)
            case ir.Choose(condition=condition, then=then, otherwise=otherwise):
                holds = self.value(condition, unit)
                yield from self.asks(condition, unit)
                yield from self.asks(then, unit) if holds is not False else ()
                yield from self.asks(otherwise, unit) if holds is not True else ()
            case _:
                found = [ask for child in ir.children(node) for ask in self.asks(child, unit)]
                # Unknown though all of its parts are known (an age before birth, a division by nothing): one of the
                # facts behind it must be wrong, so all are asked for again.
                yield from found or self._behind(node, unit)

    def _behind(self, node: ir.Node, unit: int) -> Iterator[Ask]:
        """Every fact an expression is made of for a unit, known or not."""
        match node:
            case ir.FactRef(level=ir.Level.GROUP, key=key):
                yield Ask(key)
            case ir.FactRef(key=key):
                yield Ask(key, self._group.units[unit].id)
            case ir.NameRef(name=name):
                for expression in ir.expressions(self._definitions[name]):
                    yield from self._behind(expression, unit)
            case ir.Gather(item=item):
                for other in range(len(self._group.units)):
                    yield from self._behind(item, other)
            case _:
                for child in ir.children(node):
                    yield from self._behind(child, unit)

    def _named_asks(self, name: str, unit: int) -> tuple[Ask, ...]:
        if (name, unit) not in self._asked:
            item = self._definitions[name]
            found = (
                self._rank_asks(item, unit) if isinstance(item, ir.Rank) else self.asks(item.expression, unit)
            )
            self._asked[(name, unit)] = tuple(dict.fromkeys(found))
        return self._asked[(name, unit)]

    def _rank_asks(self, rank: ir.Rank, unit: int) -> Iterator[Ask]:
        """Whoever may stand before the unit without it being known leaves the place open."""
        own = [self.value(key, unit) for key in rank.by]
        for other in range(len(self._group.units)):
            member = self.value(rank.among, other)
            if other == unit:
                yield from self.asks(rank.among, other)
                continue
            before = logic.precedes([self.value(key, other) for key in rank.by], own)
            if member is not False and before is not False and logic.all_of((member, before)) is None:
                yield from self.asks(rank.among, other)
                for key in rank.by:
                    yield from self.asks(key, other)
                    yield from self.asks(key, unit)
