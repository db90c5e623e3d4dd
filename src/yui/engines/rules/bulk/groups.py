"""Groups as frames: many of them decided at once, each as :func:`~yui.engines.rules.public.evaluate` decides it.

What cannot stand in a column is not in the frames: a date known within bounds only, or a fact that the card refuses.
Those few groups are decided one by one, so that nobody is decided otherwise, or more silently, for being one of many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from yui.engines.rules import ir
from yui.engines.rules.bulk import layout
from yui.engines.rules.bulk.columns import DTYPES
from yui.engines.rules.bulk.frames import EFFECTS, Decide, compile_frames
from yui.engines.rules.bulk.layout import AMOUNT, EFFECT, GROUP_ID, UNIT_ID
from yui.engines.rules.card import Card
from yui.engines.rules.cases import asked_by
from yui.engines.rules.compiling import PYTHON_TYPES, evaluate
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.outcomes import Group
from yui.engines.rules.spans import GROUP_LIMIT

IDENTIFIERS = {GROUP_ID: pl.Int64(), UNIT_ID: pl.String()}
DECISIONS = {**IDENTIFIERS, EFFECT: EFFECTS, AMOUNT: pl.Int64()}
"""The columns of decisions: the place of the group among those given, the unit (empty when the card decides about the
group), effect and amount."""

_Facts = dict[ir.Level, list[tuple[ir.Fact, list[Any]]]]


@dataclass(frozen=True)
class Framed:
    """Groups, and the frames of them as :mod:`~yui.engines.rules.bulk.layout` describes them.

    Attributes:
        given: The groups.
        groups, units: ``group_id`` is the place of the group among those given, ascending.
        apart: The places of groups that are not in the frames and have to be decided one by one.
    """

    given: Sequence[Group]
    groups: pl.DataFrame
    units: pl.DataFrame
    apart: frozenset[int]


def frame_groups(card: Card, groups: Sequence[Group]) -> Framed:
    """The facts that a card asks for as columns; other facts that the groups may have are left out.

    Cards that ask for the same facts (``card.rules.facts``) decide about the same frames.
    """
    facts = _facts(card, groups)
    apart = _apart(groups, facts)
    placed = [(place, group) for place, group in enumerate(groups) if place not in apart]
    if apart:
        facts = _facts(card, [group for _, group in placed])
    of_groups: dict[str, list[Any]] = {GROUP_ID: [place for place, _ in placed]}
    of_units: dict[str, list[Any]] = {
        GROUP_ID: [place for place, group in placed for _ in group.units],
        UNIT_ID: [unit.id for _, group in placed for unit in group.units],
    }
    return Framed(
        groups, _frame(of_groups, facts[ir.Level.GROUP]), _frame(of_units, facts[ir.Level.UNIT]), apart
    )


def decide_groups(card: Card, month: Month, framed: Framed) -> pl.DataFrame:
    """Decides about many groups for a month.

    Args:
        card: The card in force in the month; it asks for the facts that are in the frames.
    Returns:
        A frame with the columns of :data:`DECISIONS`, one row for each unit (or group, when the card decides about the
        group), in any order.
    Raises:
        FactError: a fact has a value the card does not allow, or two units of a group have one identifier.
        LookupError: the card is not in force in the month.
    """
    found = decided(card, compiled(card, month), framed.groups, framed.units)
    if not framed.apart:
        return found
    rows = [
        (place, outcome.unit_id, outcome.effect.value, outcome.amount_yen)
        for place in sorted(framed.apart)
        for outcome in evaluate(card, month, asked_by(card, framed.given[place]))
    ]
    return pl.concat([found, pl.DataFrame(rows, schema=DECISIONS, orient="row")])


@lru_cache(maxsize=64)
def compiled(card: Card, month: Month) -> Decide:
    """What decides about a month; a body's batches ask for it again and again."""
    return compile_frames(card, month)


def decided(card: Card, decide: Decide, groups: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """What is decided about frames, as :data:`DECISIONS`."""
    unit = pl.col(UNIT_ID) if UNIT_ID in layout.identifiers(card) else pl.lit("").alias(UNIT_ID)
    return decide(groups.lazy(), units.lazy()).select(GROUP_ID, unit, EFFECT, AMOUNT).collect()


def _facts(card: Card, groups: Sequence[Group]) -> _Facts:
    """The values of each fact of groups and of their units, in order."""
    units = [unit.facts for group in groups for unit in group.units]
    of_level = {ir.Level.GROUP: [group.facts for group in groups], ir.Level.UNIT: units}
    return {
        level: [
            (fact, [each.get(fact.key) for each in known]) for fact in card.rules.facts if fact.level is level
        ]
        for level, known in of_level.items()
    }


def _apart(groups: Sequence[Group], facts: _Facts) -> frozenset[int]:
    """The places of groups of which something is not exact, or is not what the card allows."""
    places: dict[ir.Level, Sequence[int]] = {
        ir.Level.GROUP: range(len(groups)),
        ir.Level.UNIT: [place for place, group in enumerate(groups) for _ in group.units],
    }
    found = {place for place, group in enumerate(groups) if not _can_be_told_apart(group)}
    for level, columns in facts.items():
        for fact, values in columns:
            # Seldom is any value out of place, which the column as a whole tells at once.
            if not _all_allowed(fact, values):
                at = zip(places[level], values, strict=True)
                found.update(place for place, value in at if not _all_allowed(fact, [value]))
    return frozenset(found)


def _can_be_told_apart(group: Group) -> bool:
    return len({unit.id for unit in group.units}) == len(group.units) <= GROUP_LIMIT


def _all_allowed(fact: ir.Fact, values: Sequence[Any]) -> bool:
    wanted = PYTHON_TYPES[fact.type.kind]
    if not {*map(type, values)} <= {wanted, type(None)}:
        return False
    known = [value for value in values if value is not None] if wanted is int else []
    if known:
        return fact.least <= min(known) and max(known) <= fact.most
    return wanted is not str or {*values} <= {*fact.type.members, None}


def _frame(identifiers: dict[str, list[Any]], facts: Sequence[tuple[ir.Fact, list[Any]]]) -> pl.DataFrame:
    columns = [pl.Series(name, values, IDENTIFIERS[name]) for name, values in identifiers.items()]
    return pl.DataFrame(columns + [_column(*each) for each in facts]).set_sorted(GROUP_ID)


def _column(fact: ir.Fact, values: Sequence[Any]) -> pl.Series:
    if fact.type.kind is ir.Kind.MONTH:
        values = [None if value is None else value.index for value in values]
    return pl.Series(
        fact.key, values, pl.String if fact.type.kind is ir.Kind.ENUM else DTYPES[fact.type.kind]
    )
