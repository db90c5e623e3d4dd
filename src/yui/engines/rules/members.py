"""What holds of each member of a group, where a condition or an amount is made of what holds of all of them.

It is kept with the decision beside the condition vector, so that a decision about a household can say whose income was
too high for as long as the decision itself is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yui.engines.rules import ir
from yui.engines.rules.card import PLACEHOLDER, Card
from yui.engines.rules.interpreting import Interpreter
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.outcomes import Group, Members
from yui.engines.rules.texts import Language


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is gathered from the units.

    Attributes:
        name: The definition that is gathered; of an expression, the definition that gathers it.
        key: What the value of each unit is kept under.
        node: The gathering.
    """

    name: str
    key: str
    node: ir.Gather


def gathered_by(card: Card, node: ir.Node) -> tuple[Gathered, ...]:
    """What an expression of a card gathers, also through the values it names; a condition it names is a reason of
    its own."""
    return tuple(dict.fromkeys(_within(card, node)))


def condition_of(card: Card, gathered: Gathered) -> ir.Condition | None:
    """The condition that is gathered, when it is a named one: its sentences say what holds of a member."""
    item = gathered.node.item
    found = _definitions(card)[item.name] if isinstance(item, ir.NameRef) else None
    return found if isinstance(found, ir.Condition) else None


def members_of(card: Card, month: Month, group: Group, known_on: date | None = None) -> Members:
    """What holds of each member, as far as conditions and amounts that are kept are made of it.

    Args:
        card: The card that decides.
        month: The month decided about.
        group: What is known.
        known_on: The day as of which tables are read.
    """
    kept = _kept(card)
    if not kept:
        return {}
    reading = Interpreter(card, month, group, known_on)
    mentioned = sorted({name for gathered in kept for name in _mentioned(card, gathered)})
    return {
        unit.id: {name: reading.named(name, place) for name in mentioned}
        | {gathered.key: reading.value(gathered.node.item, place) for gathered in kept}
        for place, unit in enumerate(group.units)
    }


@lru_cache(maxsize=512)
def _kept(card: Card) -> tuple[Gathered, ...]:
    nodes = [condition.expression for condition in card.rules.conditions]
    nodes += [row.pay for row in card.rules.rows if row.pay]
    return tuple(dict.fromkeys(gathered for node in nodes for gathered in gathered_by(card, node)))


@lru_cache(maxsize=512)
def _definitions(card: Card) -> Mapping[str, ir.Definition]:
    return {item.name: item for item in card.rules.definitions}


@lru_cache(maxsize=512)
def _all(card: Card) -> Mapping[ir.Gather, Gathered]:
    """Everything a card gathers; an expression without a name is counted within what gathers it."""
    places = [(item.name, part) for item in card.rules.definitions for part in ir.expressions(item)]
    places += [("", row.pay) for row in card.rules.rows if row.pay]
    found: dict[ir.Gather, Gathered] = {}
    for name, expression in places:
        for node in ir.walk(expression):
            if isinstance(node, ir.Gather) and node not in found:
                item = node.item
                found[node] = (
                    Gathered(item.name, item.name, node)
                    if isinstance(item, ir.NameRef)
                    else Gathered(name, f"{name}#{len(found)}", node)
                )
    return found


def _within(card: Card, node: ir.Node) -> Iterator[Gathered]:
    match node:
        case ir.Gather():
            yield _all(card)[node]
        case ir.NameRef(name=name):
            item = _definitions(card)[name]
            for expression in () if isinstance(item, ir.Condition) else ir.expressions(item):
                yield from _within(card, expression)
        case _:
            for child in ir.children(node):
                yield from _within(card, child)


def _mentioned(card: Card, gathered: Gathered) -> list[str]:
    """The values of a unit that the sentences of a gathered condition mention."""
    condition = condition_of(card, gathered)
    if condition is None:
        return []
    sentences = "".join(text.spoken(tongue) for text in (condition.yes, condition.no) for tongue in Language)
    definitions = _definitions(card)
    return [
        name
        for name in PLACEHOLDER.findall(sentences)
        if name in definitions and ir.level_of(definitions[name]) is ir.Level.UNIT
    ]
