"""When the decisions about many groups change next though no fact does.

The months in which something may turn follow from the dates that the card compares with the month decided; they are
read off in columns. Each group is then decided in those months, all of them in one frame, in which the month is a
column like any other. What turns nowhere between two of them is decided alike in both, so that the next change is
where two that follow one another differ.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

import polars as pl

from yui.engines.rules import ir
from yui.engines.rules.bulk import layout
from yui.engines.rules.bulk.columns import whole
from yui.engines.rules.bulk.frames import MONTH, Decide, Plan, compile_months
from yui.engines.rules.bulk.groups import Framed, decide_groups, decided, frame_groups
from yui.engines.rules.bulk.layout import AMOUNT, EFFECT, GROUP_ID, UNIT_ID
from yui.engines.rules.card import Card
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.outcomes import Group
from yui.engines.rules.spans import OLDEST
from yui.engines.rules.timeline import OF_THE_MONTH, Programme, ages, month_comparisons, recurring_months

HORIZONS = (24, 240, 12 * 130)
"""Months looked at one after another, since most dates are near; nobody's decision changes by time alone after a
life."""


def next_dates(
    programme: Programme, groups: Sequence[Group], after: Month
) -> tuple[dict[int, date], frozenset[int]]:
    """The first day of the first month after a month from which a decision about a group changes though no fact does.

    A version of the rules that takes force is such a change.

    Args:
        groups: What is known of each; facts that only some versions ask for may be among them.
    Returns:
        The dates by the place of the group, without those for whom nothing changes any more; and the places of groups
        that do not fit into columns, and have to be looked at one by one.
    Raises:
        FactError: two versions meet, and a fact has a value that one of them does not allow.
    """
    found: dict[int, date] = {}
    apart: set[int] = set()
    for card in programme.cards:
        if card.in_force_until is not None and card.in_force_until <= after:
            continue
        places = [place for place in range(len(groups)) if place not in found and place not in apart]
        rest = [groups[place] for place in places]
        if after < card.in_force_from:
            for place in _reformed(programme, card, rest):
                found[places[place]] = card.in_force_from.first_day
        framed = frame_groups(card, rest)
        apart |= {places[place] for place in framed.apart}
        for place, month in _turned(card, framed, after):
            found.setdefault(places[place], month.first_day)
    return found, frozenset(apart - found.keys())


def _reformed(programme: Programme, card: Card, groups: Sequence[Group]) -> list[int]:
    """The places of groups about which a version that takes force decides otherwise than the one before."""
    last = card.in_force_from.plus(-1)
    if not programme.covers(last):
        return []
    before = _decided(programme.card(last), last, groups)
    after = _decided(card, card.in_force_from, groups)
    both = before.join(after, on=[GROUP_ID, UNIT_ID], how="full", coalesce=True, suffix="_after")
    differ = [pl.col(name).ne_missing(pl.col(f"{name}_after")) for name in (EFFECT, AMOUNT)]
    return both.filter(pl.any_horizontal(differ))[GROUP_ID].unique().to_list()


def _decided(card: Card, month: Month, groups: Sequence[Group]) -> pl.DataFrame:
    return decide_groups(card, month, frame_groups(card, groups))


def _turned(card: Card, framed: Framed, after: Month) -> Iterator[tuple[int, Month]]:
    """The next month in which something turns, by place, under one version."""
    groups, units = framed.groups, framed.units
    start = max(after.plus(1), card.in_force_from)
    for months in HORIZONS:
        until = min(after.plus(months), card.in_force_until or after.plus(months))
        if groups.is_empty() or until <= start:
            continue
        found = _first_turns(card, groups, units, start, until)
        for place, index in found.rows():
            yield place, Month.from_index(index)
        groups, units = (frame.join(found, on=GROUP_ID, how="anti") for frame in (groups, units))
        start = until


def _first_turns(
    card: Card, groups: pl.DataFrame, units: pl.DataFrame, start: Month, until: Month
) -> pl.DataFrame:
    """Groups decided otherwise in some month than in the month before, and the first such month of each."""
    base = max(start.plus(-1), card.in_force_from)
    may = _turning(card)(groups, units, start, until).filter(pl.col(MONTH) > base.index)
    bases = may.select(pl.col(GROUP_ID).unique()).with_columns(
        pl.lit(base.index, may.schema[MONTH]).alias(MONTH)
    )
    looked_at = pl.concat([bases, may]).sort(GROUP_ID, MONTH).with_row_index("look")
    looked_at = looked_at.with_columns(pl.col("look").cast(pl.Int64))
    looks, units_then = (
        looked_at.join(frame, on=GROUP_ID, how="inner", maintain_order="left")
        .drop(GROUP_ID)
        .rename({"look": GROUP_ID})
        for frame in (groups, units)
    )
    parts = []
    for first, end in _of_one_table(card, until):
        then = pl.col(MONTH).is_between(first.index, end.index, closed="left")
        part, units_part = (frame.filter(then).set_sorted(GROUP_ID) for frame in (looks, units_then))
        if not part.is_empty():
            parts.append(decided(card, _months(card, first), part, units_part.drop(MONTH)))
    if not parts:
        return pl.DataFrame(schema={GROUP_ID: pl.Int64, MONTH: pl.Int32})
    said = pl.concat(parts).rename({GROUP_ID: "look"}).join(looked_at, on="look")
    said = said.sort(GROUP_ID, UNIT_ID, MONTH)
    same = [pl.col(name).eq_missing(pl.col(name).shift()) for name in (GROUP_ID, UNIT_ID)]
    differ = [pl.col(name).ne_missing(pl.col(name).shift()) for name in (EFFECT, AMOUNT)]
    turned = said.filter(pl.all_horizontal(same) & pl.any_horizontal(differ))
    return turned.group_by(GROUP_ID).agg(pl.col(MONTH).min())


@lru_cache(maxsize=64)
def _months(card: Card, month: Month) -> Decide:
    return compile_months(card, month)


def _of_one_table(card: Card, until: Month) -> list[tuple[Month, Month]]:
    """The months of a version up to one, parted where a table changes."""
    changes = {entry.in_force_from for table in card.rules.tables for entry in table.entries}
    first = card.in_force_from
    starts = sorted({first, *(month for month in changes if first < month < until)})
    return list(zip(starts, [*starts[1:], until], strict=True))


class _Turning:
    """The months in which something may turn for a group, as ``critical_dates`` looks for them.

    Around every date that the card compares with the month decided, where a table changes, where an age does, and
    what recurs every year.
    """

    def __init__(self, card: Card) -> None:
        self._card = card
        self._plan = Plan(card, layout.fixed(card, card.in_force_from))
        self._changes = {entry.in_force_from.index for table in card.rules.tables for entry in table.entries}
        columns: dict[str, pl.Expr] = {}
        self._around: list[tuple[str, ir.MonthWord, int]] = []
        self._births: list[tuple[str, bool]] = []
        for word, months_moved, node in month_comparisons(card):
            columns[name := f"d{len(columns)}"] = _index(self._plan.column(node), node.type)
            self._around.append((name, word, months_moved))
        for age in ages(card):
            columns[name := f"d{len(columns)}"] = self._plan.column(age.argument)
            of_the_month = isinstance(age.day, ir.MonthConstant) and age.day.word in OF_THE_MONTH
            self._births.append((name, of_the_month))
        self._columns = columns

    def __call__(self, groups: pl.DataFrame, units: pl.DataFrame, start: Month, until: Month) -> pl.DataFrame:
        """Each group and month once, from one month to before another."""
        seen = self._plan.run(groups.lazy(), units.lazy(), every_unit=True)
        dates = seen.select(GROUP_ID, **self._columns).collect()
        parts = [
            dates.select(GROUP_ID, _turns(pl.col(name), word, moved).alias(MONTH))
            for name, word, moved in self._around
        ]
        parts += [
            dates.select(GROUP_ID, _birthdays(pl.col(name), of_the_month, start, until).alias(MONTH))
            for name, of_the_month in self._births
        ]
        changes = sorted(self._changes | recurring_months(self._card, start, until))
        parts.append(groups.select(GROUP_ID, pl.lit(changes, pl.List(pl.Int64)).alias(MONTH)))
        inside = pl.col(MONTH).is_between(start.index, until.index, closed="left")
        months = pl.concat(part.explode(MONTH).filter(inside) for part in parts)
        return months.select(GROUP_ID, pl.col(MONTH).cast(pl.Int32)).unique()


@lru_cache(maxsize=16)
def _turning(card: Card) -> _Turning:
    return _Turning(card)


def _index(value: pl.Expr, of: ir.Type) -> pl.Expr:
    """The month a date lies in, or the month itself."""
    months = value.dt.year() * 12 + value.dt.month() - 1 if of.kind is ir.Kind.DATE else value
    return months.cast(pl.Int64)


def _turns(end: pl.Expr, word: ir.MonthWord, months_moved: int) -> pl.Expr:
    """Months in which a comparison of a word for the month decided with a date in a month may turn."""
    first, last = end - months_moved, end + months_moved + 1
    if word in OF_THE_MONTH:
        return pl.int_ranges(first, last + 1)
    return pl.int_ranges(first // 12 - 1, last // 12 + 2) * 12 + 3


def _birthdays(born: pl.Expr, of_the_month: bool, start: Month, until: Month) -> pl.Expr:
    """Months in which an age on a day that follows from the month decided may turn."""
    until = min(until, start.plus(12 * OLDEST))
    year = pl.int_ranges(whole(start.year - 1), whole(until.year + 1)) * 12
    number = born.dt.month().cast(pl.Int64)
    if not of_the_month:
        return pl.when(born.is_not_null()).then(year + 3)
    return pl.concat_list(year + (number - 1), year + number)
