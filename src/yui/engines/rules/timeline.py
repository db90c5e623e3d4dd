"""Versions of a programme, and when a decision changes by the passing of time alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from yui.engines.rules import ir
from yui.engines.rules.card import Card
from yui.engines.rules.compiling import evaluate
from yui.engines.rules.interpreting import Interpreter
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.logic import bounds
from yui.engines.rules.outcomes import Group, Outcome


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
    for index in sorted(set(_candidates(card, group))):
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


def _candidates(card: Card, group: Group) -> Iterator[int]:
    """Indexes of months in which something may turn: around every date the card compares with the month decided."""
    for table in card.rules.tables:
        yield from (entry.in_force_from.index for entry in table.entries)
    interpreter = Interpreter(card, card.in_force_from, group)
    for node in _month_comparisons(card):
        for unit in range(len(group.units)):
            for end in bounds(interpreter.value(node, unit)):
                if end is not None:
                    index = end.index if isinstance(end, Month) else Month.of(end).index
                    yield from (index, index + 1)


def _month_comparisons(card: Card) -> Iterator[ir.Node]:
    """The other side of every comparison with the month decided."""
    for definition in card.rules.definitions:
        for expression in ir.expressions(definition):
            for node in ir.walk(expression):
                if isinstance(node, ir.Compare):
                    if isinstance(node.left, ir.MonthConstant):
                        yield node.right
                    elif isinstance(node.right, ir.MonthConstant):
                        yield node.left
