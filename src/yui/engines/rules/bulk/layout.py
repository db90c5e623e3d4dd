"""The relations that bulk back ends read and write, the same for SQL and Polars.

Read are two relations, with one column for each fact of the card, named by its key:

- ``groups (group_id bigint, …)``: one row for each group;
- ``units (group_id bigint, unit_id text or bigint, …)``: one row for each unit; left out when :func:`reads_units`
  says so. A group has as many units as there are rows, also none; ``unit_id`` is never NULL and differs between any
  two units of a group. Identifiers are compared as text, character by character, whatever they are stored as.

Dates are ``date``; months whole numbers (``Month.index``); choices text (their identifiers); yen and whole numbers
``bigint``; conditions ``boolean``. NULL is unknown. A value that the card does not allow (outside the bounds of a
number, not among the choices) counts as unknown: nobody is there to be asked, and it must decide nothing. A unit whose
group has no row is decided with everything about the group unknown. Dates known within bounds are for the Python back
end only.

Written is one row for each unit, or for each group when the card decides about the group:

=================  ==========================================================================================
``group_id``       as read
``unit_id``        as read; left out when the card decides about the group
``effect``         ``payment``, ``no_payment`` or ``undetermined``
``amount_yen``     ``bigint``: 0 when nothing is paid, NULL when undetermined
``row``            ``integer``: place of the deciding row in the card's table, counted from 0; when undetermined the
                   first row that may hold
``conditions``     ``bigint``: the condition vector, two bits for each condition that is kept (0 no, 1 yes, 2 unknown),
                   condition *i* at bits 2*i* and 2*i* + 1; from the 32nd condition on in ``conditions_2`` and so on
``v0``, ``v1``, …  on request: each value and rank that is kept, in order (numbers as ``bigint`` of their scale, months
                   as their index); of a rank the least and, in ``v3_most``, the most it can be
=================  ==========================================================================================
"""

from datetime import date

from yui.engines.rules import ir
from yui.engines.rules.card import Card
from yui.engines.rules.folding import Folding
from yui.engines.rules.legal_dates import Month

GROUP_ID, UNIT_ID, EFFECT, AMOUNT, ROW = "group_id", "unit_id", "effect", "amount_yen", "row"
YES, UNKNOWN = 1, 2
"""The two bits of a condition in a vector; no is 0."""
PER_VECTOR = 31
"""Conditions in one vector: 62 bits, so that it is a positive number of 64 bits."""


def fixed(card: Card, month: Month, known_on: date | None = None) -> Folding:
    """What a month makes constant in a card.

    Raises:
        LookupError: the card is not in force in the month.
    """
    if not card.decides(month):
        raise LookupError(
            f"This version of “{card.programme.en}” does not decide {month}; use the one that does."
        )
    return Folding(card.rules, month, known_on)


def reads_units(card: Card) -> bool:
    """Whether there is a relation of units to read."""
    rules = card.rules
    return rules.about is ir.Level.UNIT or any(fact.level is ir.Level.UNIT for fact in rules.facts)


def identifiers(card: Card) -> tuple[str, ...]:
    """The columns that say what a row of the result is about."""
    return (GROUP_ID, UNIT_ID) if card.rules.about is ir.Level.UNIT else (GROUP_ID,)


def vectors(card: Card) -> dict[str, tuple[ir.Condition, ...]]:
    """The column of each condition vector, and the conditions in it; one column at least."""
    kept = card.rules.conditions
    starts = range(0, max(len(kept), 1), PER_VECTOR)
    return {
        "conditions" if number == 1 else f"conditions_{number}": kept[start : start + PER_VECTOR]
        for number, start in enumerate(starts, start=1)
    }


def value_columns(card: Card) -> dict[str, ir.Value | ir.Rank]:
    """The column of each value and rank that is kept; a rank has a second one, ending in ``_most``."""
    kept = (item for item in card.rules.kept if not isinstance(item, ir.Condition))
    return {f"v{number}": item for number, item in enumerate(kept)}


def unpack(card: Card, *stored: int) -> dict[str, bool | None]:
    """The conditions of a decision as they were kept: with the version of the card, all its explanation needs.

    Args:
        card: The version that decided.
        stored: The vectors in the order of their columns.
    Returns:
        The value of each condition by name, in the order of the card, as in ``Outcome.conditions``.
    Raises:
        ValueError: these are not vectors of this card.
    Example:
        A card with the conditions 高齢, 障害 and 対象: ``unpack(card, 0b10_00_01)`` is
        ``{"高齢": True, "障害": False, "対象": None}``.
    """
    columns = vectors(card).values()
    bits = {
        condition.name: vector >> 2 * place & 3
        for vector, conditions in zip(stored, columns, strict=False)
        for place, condition in enumerate(conditions)
    }
    if (
        len(stored) != len(columns)
        or not all(
            0 <= vector < 4 ** len(conditions) for vector, conditions in zip(stored, columns, strict=False)
        )
        or max(bits.values(), default=0) > UNKNOWN
    ):
        raise ValueError(
            f"This is not a condition vector of version {card.version[:12]} of “{card.programme.en}”. "
            "Unpack it with the version that is stored beside it."
        )
    return {name: None if value == UNKNOWN else value == YES for name, value in bits.items()}
