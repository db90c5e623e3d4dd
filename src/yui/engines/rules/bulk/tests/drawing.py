"""Groups drawn for any card from what the card itself says: its facts, and the numbers and days it compares them with.

Half of all values lie on a boundary or one step beside it: the steps and values of tables, numbers written out, and
the days and months that conditions compare with. Units share birthdays, groups have no units or hundreds of them, and
some facts are unknown.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yui.engines.rules import ir
from yui.engines.rules.bulk.layout import GROUP_ID, UNIT_ID
from yui.engines.rules.card import Card
from yui.engines.rules.compiling import evaluate
from yui.engines.rules.folding import Folding
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.outcomes import FactValue, Group, Unit

MANY = 500
"""Units of the one institution among the groups."""
NOTABLE_DAYS = ((3, 31), (4, 1), (4, 2), (1, 1), (1, 2), (2, 28), (2, 29), (3, 1), (12, 31), (10, 1))
OLDEST, YOUNGEST = date(1905, 1, 1), date(2032, 12, 31)

Columns = dict[str, list[Any]]
_Facts = Mapping[str, FactValue]
_Situation = tuple[_Facts, list[_Facts]]


def months_of(card: Card) -> list[Month]:
    """Months worth deciding: the card's first and last, those around each change of a table, and a few plain ones."""
    first = card.in_force_from
    last = card.in_force_until.plus(-1) if card.in_force_until else max(first.plus(24), Month(2027, 4))
    changes = [entry.in_force_from for table in card.rules.tables for entry in table.entries]
    near = {month.plus(shift) for month in [*changes, Month(2026, 4), Month(2026, 11)] for shift in (-1, 0)}
    return sorted(month for month in near | {first, last} if first <= month <= last)


def draw_groups(card: Card, seed: int, count: int) -> list[Group]:
    """So many groups, the same for one seed; the last has :data:`MANY` units where the card has any.

    Each is a variation of an earlier one, chosen so that every row of the decision table is reached about equally
    often: chance alone would hardly ever meet ten conditions at once.
    """
    chance = random.Random(seed)
    drawing = _Drawing(card, chance)
    months = months_of(card)
    reached: dict[int, list[_Situation]] = defaultdict(list)
    groups: list[Group] = []
    for number in range(count):
        size = MANY if number == count - 1 else chance.choice((0, 1, 1, 2, 3, 4, 6))
        start = chance.choice(reached[chance.choice(sorted(reached))]) if reached else ({}, [])
        group = drawing.group(size, start)
        for unit, outcome in enumerate(evaluate(card, chance.choice(months), group) if size != MANY else ()):
            of_units = group.units[unit : unit + 1] if outcome.unit_id else group.units
            reached[outcome.row].append((group.facts, [unit.facts for unit in of_units]))
        groups.append(group)
    return groups


def as_columns(card: Card, groups: Sequence[Group]) -> tuple[Columns, Columns]:
    """The relations ``groups`` and ``units`` that back ends read, as columns of Python values.

    Groups are numbered from 0; units keep their identifiers; months are their index.
    """
    of_groups: Columns = {GROUP_ID: list(range(len(groups)))}
    of_units: Columns = {
        GROUP_ID: [number for number, group in enumerate(groups) for _ in group.units],
        UNIT_ID: [unit.id for group in groups for unit in group.units],
    }
    for fact in card.rules.facts:
        if fact.level is ir.Level.GROUP:
            of_groups[fact.key] = [_plain(group.facts.get(fact.key)) for group in groups]
        else:
            of_units[fact.key] = [
                _plain(unit.facts.get(fact.key)) for group in groups for unit in group.units
            ]
    return of_groups, of_units


def _plain(value: FactValue) -> Any:
    return value.index if isinstance(value, Month) else value


@dataclass(frozen=True)
class _Marks:
    """What a card compares with."""

    numbers: list[int]
    days: list[date]
    months: list[int]

    @classmethod
    def of(cls, card: Card) -> "_Marks":
        numbers, days, months = {0, 1}, set(), set()
        for table in card.rules.tables:
            for entry in table.entries:
                numbers.update(entry.values)
                numbers.update(step for axis in entry.axes for step in axis if isinstance(step, int))
        for month in months_of(card):
            folding = Folding(card.rules, month)
            for value in (
                literal.value for node in _written(card) for literal in _literals(folding.fold(node))
            ):
                if isinstance(value, Month):
                    months.add(value.index)
                elif isinstance(value, date):
                    days.add(value)
                elif isinstance(value, int) and not isinstance(value, bool):
                    numbers.add(value)
        return cls(sorted(numbers), sorted(days), sorted(months))


def _written(card: Card) -> Iterator[ir.Node]:
    for item in card.rules.definitions:
        yield from ir.expressions(item)
    for row in card.rules.rows:
        yield from (node for node in (row.when, row.pay) if node)


def _literals(node: ir.Node) -> Iterator[ir.Literal]:
    return (part for part in ir.walk(node) if isinstance(part, ir.Literal))


class _Drawing:
    def __init__(self, card: Card, chance: random.Random) -> None:
        self._facts = {
            level: [fact for fact in card.rules.facts if fact.level is level]
            for level in (ir.Level.GROUP, ir.Level.UNIT)
        }
        self._units = any(fact.level is ir.Level.UNIT for fact in card.rules.facts)
        self._units = self._units or card.rules.about is ir.Level.UNIT
        self._chance = chance
        self._marks = _Marks.of(card)

    def group(self, size: int, start: _Situation) -> Group:
        """One group, a variation of a situation; in two of three everything is known, in the great one nearly so."""
        unknown = 0.005 if size == MANY else self._chance.choice((0.0, 0.0, 0.1))
        facts, of_units = start
        names = [f"{number}" for number in range(1, size + 1)]
        self._chance.shuffle(names)
        units: list[Unit] = []
        for name in names if self._units else ():
            unlike = self._chance.choice((0.1, 0.3))
            like = self._chance.choice(of_units) if of_units else {}
            values = self._values(ir.Level.UNIT, like, unlike, unknown)
            if units and self._chance.random() < 0.15:
                twin = self._chance.choice(units).facts
                values |= {key: value for key, value in twin.items() if isinstance(value, date)}
            units.append(Unit(name, values))
        return Group(self._values(ir.Level.GROUP, facts, 0.2, unknown), units)

    def _values(self, level: ir.Level, like: _Facts, unlike: float, unknown: float) -> dict[str, FactValue]:
        return {fact.key: self._varied(fact, like, unlike, unknown) for fact in self._facts[level]}

    def _varied(self, fact: ir.Fact, like: _Facts, unlike: float, unknown: float) -> FactValue:
        if self._chance.random() < unknown:
            return None
        value = like.get(fact.key)
        return self._value(fact) if value is None or self._chance.random() < unlike else value

    def _value(self, fact: ir.Fact) -> FactValue:
        chance = self._chance
        marked = chance.random() < 0.5
        match fact.type.kind:
            case ir.Kind.BOOL:
                return chance.random() < 0.5
            case ir.Kind.ENUM:
                return chance.choice(fact.type.members)
            case ir.Kind.MONTH:
                centre = chance.choice(self._marks.months or [Month(2025, 4).index])
                return Month.from_index(centre + chance.randint(*((-1, 1) if marked else (-40, 40))))
            case ir.Kind.DATE:
                return self._day(marked)
        if marked:
            near = chance.choice(self._marks.numbers) + chance.choice((-1, 0, 0, 1))
            return min(max(near, fact.least), fact.most)
        return self._number(fact)

    def _day(self, marked: bool) -> date:
        chance = self._chance
        if marked and self._marks.days:
            near = chance.choice(self._marks.days) + timedelta(days=chance.choice((-1, 0, 0, 1)))
            return min(max(near, OLDEST), YOUNGEST)
        year = chance.randint(OLDEST.year, YOUNGEST.year)
        if chance.random() < 0.5:
            month, day = chance.choice(NOTABLE_DAYS)
            leap = year % 4 == 0 and year != 1900
            return date(year, month, day if (month, day) != (2, 29) or leap else 28)
        return OLDEST + timedelta(days=chance.randint(0, (YOUNGEST - OLDEST).days))

    def _number(self, fact: ir.Fact) -> int:
        """Any size of number is as likely as any other; bounds themselves are drawn too."""
        chance = self._chance
        if chance.random() < 0.05:
            return chance.choice((fact.least, fact.most))
        reach = max(fact.most, -fact.least, 1)
        size = int(10 ** chance.uniform(0, len(str(reach))))
        return min(max(chance.choice((size, -size) if fact.least < 0 else (size,)), fact.least), fact.most)
