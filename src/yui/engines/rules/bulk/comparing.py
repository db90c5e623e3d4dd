"""Decisions about many groups beside one another: what differs, and what it comes to."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from yui.engines.rules.bulk.layout import AMOUNT, EFFECT, GROUP_ID, UNIT_ID
from yui.engines.rules.outcomes import Effect

OPEN = pl.col(EFFECT) == Effect.UNDETERMINED.value
PAID = pl.col(EFFECT) == Effect.PAYMENT.value


@dataclass(frozen=True)
class Sums:
    """What the decisions of one month come to.

    Attributes:
        units: How many were decided about.
        yen: The sum of all amounts.
        paid, undetermined: Units with an amount, and units that the rules leave open.
    """

    units: int
    yen: int
    paid: int
    undetermined: int


@dataclass(frozen=True)
class Turns:
    """What differs from the month before.

    Attributes:
        changing: Units with another effect or amount, or that were not decided about before.
        begin, end: Units that have an amount and had none, and the other way round.
    """

    changing: int
    begin: int
    end: int


@dataclass(frozen=True)
class Differences:
    """What one set of decisions brings groups that another does not.

    Attributes:
        more, less, same: Groups by the sum of their amounts.
        undetermined: Groups of whom one of the two leaves something open; they are in none of the others.
        more_yen, less_yen: What the others get more and less together.
    """

    more: int
    less: int
    same: int
    undetermined: int
    more_yen: int
    less_yen: int


def sums_of(decisions: pl.DataFrame) -> Sums:
    """What the decisions of a month come to."""
    yen, paid, undetermined = decisions.select(
        pl.col(AMOUNT).sum(), PAID.sum().alias("paid"), OPEN.sum().alias("open")
    ).row(0)
    return Sums(decisions.height, yen, paid, undetermined)


def turns_of(before: pl.DataFrame, after: pl.DataFrame) -> Turns:
    """What the decisions of a month change of those of the month before."""
    was_paid = pl.col(f"{EFFECT}_before").eq_missing(Effect.PAYMENT.value)
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in (EFFECT, AMOUNT)]
    both = after.join(before, on=[GROUP_ID, UNIT_ID], how="left", suffix="_before")
    row = both.select(
        changing=pl.any_horizontal(differs).sum(),
        begin=(PAID & ~was_paid).sum(),
        end=(~PAID & was_paid).sum(),
    )
    return Turns(*row.row(0))


def differences_of(one: Iterable[pl.DataFrame], other: Iterable[pl.DataFrame], groups: int) -> Differences:
    """What the other decisions bring groups, all months together.

    Args:
        one, other: The decisions of each month about the same groups.
        groups: How many groups there are; some may have no unit.
    """
    found = pl.DataFrame({GROUP_ID: pl.int_range(groups, eager=True)})
    for name, decisions in (("one", one), ("other", other)):
        summed = (
            pl.concat(decisions)
            .group_by(GROUP_ID)
            .agg(pl.col(AMOUNT).sum().alias(name), OPEN.any().alias(f"{name}_open"))
        )
        found = found.join(summed, on=GROUP_ID, how="left")
    settled = found.filter(~(pl.col("one_open") | pl.col("other_open")).fill_null(False))
    gain = pl.col("other").fill_null(0) - pl.col("one").fill_null(0)
    more, less, same, more_yen, less_yen = settled.select(
        (gain > 0).sum().alias("more"),
        (gain < 0).sum().alias("less"),
        (gain == 0).sum().alias("same"),
        gain.clip(lower_bound=0).sum().alias("more_yen"),
        (-gain).clip(lower_bound=0).sum().alias("less_yen"),
    ).row(0)
    return Differences(more, less, same, groups - settled.height, more_yen, less_yen)
