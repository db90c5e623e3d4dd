"""Versions of a programme, and when a decision changes by the passing of time alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from math import ceil

from yui.engines.rules import ir
from yui.engines.rules.card import Card
from yui.engines.rules.compiling import evaluate
from yui.engines.rules.interpreting import Interpreter
from yui.engines.rules.legal_dates import DATE_FUNCTIONS, Month
from yui.engines.rules.logic import bounds
from yui.engines.rules.outcomes import Group, Outcome
from yui.engines.rules.spans import OLDEST

_DATES = (ir.Kind.DATE, ir.Kind.MONTH)
OF_THE_MONTH = (ir.MonthWord.MONTH, ir.MonthWord.FIRST_DAY, ir.MonthWord.LAST_DAY)


@dataclass(frozen=True)
class Programme:
    """All versions of a card, oldest first. Versions are never removed: any past month can be decided again.

    Raises:
        ValueError: the versions belong to different programmes, or their months overlap or leave a gap.
    """

    cards: tuple[Card, ...]

    def __post_init__(self) -> None:
        if len({card.id for card in self.cards}) != 1:
            raise ValueError(
                "A programme consists of versions of one card; these have different identifiers."
            )
        for earlier, later in zip(self.cards, self.cards[1:], strict=False):
            if earlier.in_force_until != later.in_force_from:
                raise ValueError(
                    f"One version of “{earlier.id}” ends at {earlier.in_force_until}, the next begins at "
                    f"{later.in_force_from}; each must begin where the one before ends."
                )

    @classmethod
    def of(cls, cards: Iterable[Card]) -> "Programme":
        """Orders versions by the month they take force."""
        return cls(tuple(sorted(cards, key=lambda card: card.in_force_from.index)))

    def card(self, month: Month) -> Card:
        """The version in force in a month.

        Raises:
            LookupError: no version covers the month.
        """
        for card in self.cards:
            if card.decides(month):
                return card
        raise LookupError(
            f"No version of “{self.cards[0].programme.en}” covers {month}; the oldest begins at "
            f"{self.cards[0].in_force_from}."
        )

    def covers(self, month: Month) -> bool:
        """Whether some version is in force in a month."""
        return any(card.decides(month) for card in self.cards)


@dataclass(frozen=True, slots=True)
class CriticalDate:
    """A first of a month from which a unit's decision differs though no fact changed.

    Attributes:
        on: The first day of the first month with the new decision.
        conditions: Names of the conditions that turned (empty when only an amount or the card changed).
        before, after: The outcomes of the month before and of the month.
    """

    on: date
    unit_id: str
    conditions: tuple[str, ...]
    before: Outcome
    after: Outcome


def critical_dates(card: Card, group: Group, start: Month, until: Month) -> list[CriticalDate]:
    """When the decisions about a group change by the passing of time, under one version of a programme.

    Args:
        card: The card; months it does not decide are left out.
        group: What is known of the group.
        start: The first month looked at: a change from the month before it counts.
        until: The first month no longer looked at.
    Returns:
        The changes in order of date and unit. A change of a condition that leaves effect and amount as they are is
        listed too: its sentence changes.
    Complexity:
        Two decisions per date found in the card for this group, not one per month.
    """
    found: list[CriticalDate] = []
    for index in sorted(set(_candidates(card, group, start, until))):
        if start.index <= index < until.index:
            month = Month.from_index(index)
            if card.decides(month) and card.decides(month.plus(-1)):
                found += _changes(card, group, month)
    return found


def _changes(card: Card, group: Group, month: Month) -> Iterator[CriticalDate]:
    old, new = evaluate(card, month.plus(-1), group), evaluate(card, month, group)
    for before, after in sorted(zip(old, new, strict=True), key=lambda pair: pair[0].unit_id):
        turned = tuple(name for name in after.conditions if before.conditions[name] != after.conditions[name])
        if turned or (before.effect, before.amount_yen) != (after.effect, after.amount_yen):
            yield CriticalDate(month.first_day, after.unit_id, turned, before, after)


def _candidates(card: Card, group: Group, start: Month, until: Month) -> Iterator[int]:
    """Indexes of months in which something may turn: around every date the card compares with the month decided,
    where a table changes or an age, and what recurs every year."""
    for table in card.rules.tables:
        yield from (entry.in_force_from.index for entry in table.entries)
    yield from recurring_months(card, start, until)
    interpreter = Interpreter(card, card.in_force_from, group)
    for word, months_moved, node in month_comparisons(card):
        for unit in _places(node, group):
            for end in bounds(interpreter.value(node, unit)):
                if end is not None:
                    yield from _turning(word, months_moved, end if isinstance(end, Month) else Month.of(end))
    for age in ages(card):
        for unit in _places(age.argument, group):
            for end in bounds(interpreter.value(age.argument, unit)):
                if end is not None:
                    yield from _birthdays(age.day, end, start, until)


def _places(node: ir.Node, group: Group) -> range:
    """The units for which an expression has to be looked at."""
    return range(len(group.units)) if node.level is ir.Level.UNIT else range(1)


def _turning(word: ir.MonthWord, months_moved: int, end: Month) -> Iterator[int]:
    """Months in which a comparison of a word for the month decided with a date in ``end`` may turn."""
    for index in range(end.index - months_moved, end.index + months_moved + 2):
        if word in OF_THE_MONTH:
            yield index
        else:
            yield from (Month(index // 12 + shift, 4).index for shift in (-1, 0, 1))


def _birthdays(day: ir.Node, born: date, start: Month, until: Month) -> Iterator[int]:
    """Months in which an age on a day that follows from the month decided may turn, within the time looked at."""
    of_the_month = isinstance(day, ir.MonthConstant) and day.word in OF_THE_MONTH
    for index in range(start.index, min(until.index, start.index + 12 * OLDEST)):
        number = index % 12 + 1
        if number in (born.month, born.month % 12 + 1) if of_the_month else number == 4:
            yield index


@lru_cache(maxsize=64)
def month_comparisons(card: Card) -> tuple[tuple[ir.MonthWord, int, ir.Node], ...]:
    """Every comparison of a word for the month decided with a date that is the same whatever month is decided: the
    word, by how many months it is moved, the other side."""
    return tuple(
        (word, sum(map(_months_moved, ir.walk(_written_out(card, side)))), other)
        for node in _date_comparisons(card)
        for side, other in ((node.left, node.right), (node.right, node.left))
        if not _words(card, other)
        for word in _words(card, side)
    )


@lru_cache(maxsize=64)
def ages(card: Card) -> tuple[ir.AgeOn, ...]:
    """Every age on a day, but those that :func:`recurring_months` looks after."""
    return tuple(node for node in _nodes(card) if isinstance(node, ir.AgeOn) and not _moves(card, node))


@lru_cache(maxsize=64)
def recurring_months(card: Card, start: Month, until: Month) -> frozenset[int]:
    """Indexes of the months, within the time looked at, in which something may turn that recurs with the calendar.

    A comparison of two words for the month decided does: 月初 passes 月後(年度初, 7) each November. Where a fact is
    part of it, and where an age is reckoned on a day some time from the month decided, any month may be one.
    """
    comparisons = [
        node for node in _date_comparisons(card) if _words(card, node.left) and _words(card, node.right)
    ]
    moving = [node for node in _nodes(card) if isinstance(node, ir.AgeOn) and _moves(card, node)]
    if moving or any(node.level is not ir.Level.CONSTANT for node in comparisons):
        return frozenset(range(start.index, until.index))
    months = (Month.from_index(index) for index in range(start.index - 1, until.index) if comparisons)
    decided = [(month, Interpreter(card, month, Group({}, []))) for month in months if card.decides(month)]
    found = [(month, [reading.value(node, 0) for node in comparisons]) for month, reading in decided]
    return frozenset(month.index for (_month, before), (month, after) in pairwise(found) if before != after)


def _moves(card: Card, age: ir.AgeOn) -> bool:
    """Whether an age is reckoned on another day than the first or last of the month decided, but one that moves with
    it."""
    return not isinstance(age.day, ir.MonthConstant) and bool(_words(card, age.day) & {*OF_THE_MONTH})


def _nodes(card: Card) -> Iterator[ir.Node]:
    """Every expression of a card, and all inside."""
    for definition in card.rules.definitions:
        for expression in ir.expressions(definition):
            yield from ir.walk(expression)
    for row in card.rules.rows:
        for expression in filter(None, (row.when, row.pay)):
            yield from ir.walk(expression)


def _date_comparisons(card: Card) -> Iterator[ir.Compare]:
    """Every comparison of two dates or months."""
    for node in _nodes(card):
        if isinstance(node, ir.Compare) and node.left.type.kind in _DATES:
            yield node


def _words(card: Card, node: ir.Node) -> set[ir.MonthWord]:
    """The words for the month decided that a date is made of."""
    return {part.word for part in ir.walk(_written_out(card, node)) if isinstance(part, ir.MonthConstant)}


def _written_out(card: Card, node: ir.Node) -> ir.Node:
    """An expression with the named dates in it written out."""
    if isinstance(node, ir.NameRef) and node.type.kind in _DATES:
        (value,) = (item for item in card.rules.definitions if item.name == node.name)
        (node,) = ir.expressions(value)
        return _written_out(card, node)
    return ir.rebuilt(node, lambda inner: _written_out(card, inner))


def _months_moved(node: ir.Node) -> int:
    """By how many months, rounded up, a word of the legal date vocabulary moves a date at most."""
    if not isinstance(node, ir.DateCall):
        return 0
    months = {"年数": 12, "月数": 1, "日数": 1 / 28}
    return ceil((node.number or 0) * months.get(DATE_FUNCTIONS[node.function].counts, 0)) + 1
