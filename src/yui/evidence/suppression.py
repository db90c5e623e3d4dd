"""Small-cell suppression: small counts of people are not told, nor what would give them away.

A row is withheld when one of its counts is at least one and below the least that is told. Where a total is told, a
single row withheld below it would be the total less the others; so the next smallest is withheld with it, and as many
as it takes until what is withheld together is no small count either. Where no row is left to withhold, the total is.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Cell = TypeVar("Cell", bound=Hashable)


def withheld(
    counts: Mapping[Cell, Sequence[int]], totals: Mapping[Cell, Sequence[Cell]], *, fewest: int
) -> frozenset[Cell]:
    """Which rows must not be told.

    Args:
        counts: the counts of people of each row, in the same order for all.
        totals: rows that are the sums of others, with those of the others that have counts.
        fewest: a count from 1 to below it is small; 0 withholds nothing.
    """
    hidden = {cell for cell, values in counts.items() if any(0 < value < fewest for value in values)}
    sums = [(total, tuple(parts)) for total, parts in totals.items() if total in counts]
    while True:
        more = next(
            (cell for total, parts in sums if (cell := _next(counts, total, parts, hidden, fewest))), None
        )
        if more is None:
            return frozenset(hidden)
        hidden.add(more[0])


def _next(
    counts: Mapping[Cell, Sequence[int]], total: Cell, parts: tuple[Cell, ...], hidden: set[Cell], fewest: int
) -> tuple[Cell] | None:
    """One more row to withhold, so that this sum gives nothing away; in a tuple, as a row may be anything."""
    gone = [cell for cell in parts if cell in hidden]
    shown = [cell for cell in parts if cell not in hidden]
    if total in hidden:
        # All parts told give their total.
        return (_least(counts, shown),) if not gone and shown else None
    if not gone:
        return None
    together = [sum(column) for column in zip(*(counts[cell] for cell in gone), strict=True)]
    if len(gone) > 1 and all(value == 0 or value >= fewest for value in together):
        return None
    tellable = [cell for cell in shown if any(counts[cell])]
    return (_least(counts, tellable),) if tellable else (total,)


def _least(counts: Mapping[Cell, Sequence[int]], cells: Sequence[Cell]) -> Cell:
    return min(cells, key=lambda cell: (sum(counts[cell]) or float("inf"), str(cell)))
