"""The Polars back end: a card and a month as expressions over two frames, for a whole country.

The frame of units, the units of a group together, gets what they read of their group. Each definition that is needed
becomes one column of it; a column lies one layer above the columns it reads, so that each is computed once. What is
summed or counted over the units of a group is a running sum, of which the last of a group less the last of the group
before is taken: that costs a tenth of an aggregation. When the card decides about the group, the sums are joined to the
frame of groups, in which everything else is computed.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Protocol

import polars as pl

from yui.engines.rules import ir
from yui.engines.rules.bulk import layout
from yui.engines.rules.bulk.columns import (
    ARITHMETIC,
    COMPARE,
    DATE_FUNCTIONS,
    Bounds,
    age_on,
    as_text,
    chosen,
    compared,
    either,
    extreme,
    fact_column,
    grid,
    literal,
    month_word_of,
    rounded,
    running_sum,
    vector,
    whole,
    worked_out,
)
from yui.engines.rules.bulk.layout import GROUP_ID, UNIT_ID
from yui.engines.rules.card import Card
from yui.engines.rules.folding import Folding
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.outcomes import Effect

EFFECTS = pl.Enum([effect.value for effect in Effect])
MONTH = "month_decided"
"""The column of the groups that names the month of each (``Month.index``), where one frame spans several months."""
LAST, PLACE = "last", "place_of_group"
"""Whether a unit is the last of its group, and which group it is of, counted from 0."""
NOTHING = -(2**62)
"""Stands for "nothing is paid" among amounts, which all lie nearer to zero (``spans.LIMIT``)."""


class Decide(Protocol):
    """Decides about all groups or units of two frames."""

    def __call__(self, groups: pl.LazyFrame, units: pl.LazyFrame | None = None) -> pl.LazyFrame:
        """The frame of decisions."""


def compile_frames(
    card: Card, month: Month, *, known_on: date | None = None, with_values: bool = False
) -> Decide:
    """A function from the frames of groups and units to the frame of decisions, each as ``evaluate`` decides it.

    Nothing is computed before the result is collected, with whichever engine. Rows may come in any order, and leave in
    any order; a ``group_id`` that is marked as sorted (``set_sorted``) saves the ordering.

    Args:
        card: The card in force in the month.
        month: The month decided about.
        known_on: Replays the decision with the tables as they were known on a day.
        with_values: Also returns the values and ranks that are kept.
    Returns:
        A function of the two frames described in :mod:`~yui.engines.rules.bulk.layout`; the second may be left out
        where the card reads no units. The effect is a Polars ``Enum`` (:data:`EFFECTS`); choices may be text or any
        kind of category.
    Raises:
        LookupError: the card is not in force in the month, or a table was not known yet.
    """
    return _deciding(Plan(card, layout.fixed(card, month, known_on)), with_values)


def compile_months(card: Card, month: Month) -> Decide:
    """Like :func:`compile_frames`, for groups each of which is decided in a month of its own (:data:`MONTH`).

    Args:
        card: The card in force in all of these months.
        month: One of them. Every table has to have the same values in all of them as in this one.
    Raises:
        LookupError: the card is not in force in the month.
    """
    fixed = layout.fixed(card, month)
    return _deciding(Plan(card, _Unfixed(fixed.rules, fixed.month)), False)


def _deciding(plan: "Plan", with_values: bool) -> Decide:
    result = plan.result(with_values)

    def decide(groups: pl.LazyFrame, units: pl.LazyFrame | None = None) -> pl.LazyFrame:
        return plan.run(groups, units).select(**result)

    return decide


class _Unfixed(Folding):
    """Takes the tables of a month and leaves the month itself open."""

    def fold(self, node: ir.Node) -> ir.Node:
        return node if isinstance(node, ir.MonthConstant) else super().fold(node)


@dataclass(frozen=True)
class _Rank:
    """The columns for the least and the most a place can be, and what they are made of."""

    layer: int
    least: str
    most: str
    member: pl.Expr
    key: pl.Expr


class Plan:
    """Writes typed nodes as expressions, and keeps the columns they read.

    A column is ``f`` (a fact), ``c`` (computed) or ``t`` (a sum over the units of the group) and a number.
    """

    def __init__(self, card: Card, folding: Folding) -> None:
        self._card = card
        self._about = card.rules.about
        self._folding = folding
        self._spans_months = isinstance(folding, _Unfixed)
        self._definitions = {item.name: item for item in card.rules.definitions}
        self._facts = {(fact.level, fact.key): f"f{place}" for place, fact in enumerate(card.rules.facts)}
        self._layer = dict.fromkeys((GROUP_ID, UNIT_ID, MONTH, *self._facts.values()), 0)
        self._of_unit = {name for (level, _), name in self._facts.items() if level is ir.Level.UNIT}
        self._of_unit.add(UNIT_ID)
        self._reads: dict[str, set[str]] = {}
        self._columns: dict[str, pl.Expr] = {}
        self._sums: dict[str, str] = {}
        self._totals: dict[str, str] = {}
        self._ranks: dict[str, _Rank] = {}
        self._made: dict[ir.Node, pl.Expr] = {}

    # What is computed

    def result(self, with_values: bool) -> dict[str, pl.Expr]:
        """The columns of the result, over those of the plan."""
        card, rows = self._card, self._card.rules.rows
        places = [pl.lit(place, pl.Int8) for place in range(len(rows))]
        whens = [pl.lit(True) if row.when is None else self.column(row.when) for row in rows]
        pays = [whole(NOTHING) if row.pay is None else self.column(row.pay) for row in rows]
        first = self._add(chosen([when.fill_null(True) for when in whens], places))
        last = self._add(chosen(whens, places))
        amount = self._add(chosen(whens, pays))
        # Rows before the last possible one hold perhaps or not at all; each that may hold has to give the same.
        differs = [
            when.is_null() & (place < last) & pay.ne_missing(amount)
            for when, pay, place in zip(whens[:-1], pays, places, strict=False)
        ]
        undetermined = self._add(reduce(or_, differs, amount.is_null()))
        ways = [undetermined, amount == NOTHING, pl.lit(True)]
        effects = (Effect.UNDETERMINED, Effect.NO_PAYMENT, Effect.PAYMENT)
        columns = {name: pl.col(name) for name in layout.identifiers(card)}
        columns[layout.EFFECT] = chosen(ways, [pl.lit(effect.value, EFFECTS) for effect in effects])
        columns[layout.AMOUNT] = chosen(ways, [pl.lit(None, pl.Int64), whole(0), amount])
        columns[layout.ROW] = pl.when(undetermined).then(first).otherwise(last).cast(pl.Int32)
        for name, conditions in layout.vectors(card).items():
            columns[name] = vector([self.column(condition.expression) for condition in conditions])
        for name, item in layout.value_columns(card).items() if with_values else ():
            if isinstance(item, ir.Rank):
                columns[name], columns[f"{name}_most"] = self._rank(item)
            else:
                columns[name] = self.column(item.expression)
        return columns

    def column(self, node: ir.Node) -> pl.Expr:
        """The value of an expression of the card, over the frame that :meth:`run` returns."""
        return self._once(self._folding.fold(node))

    def _once(self, node: ir.Node) -> pl.Expr:
        """A folded node as a column; a constant stays as it is."""
        match node:
            case ir.FactRef(level=level, key=key):
                return pl.col(self._facts[(level, key)])
            case ir.NameRef(name=name) if not isinstance(item := self._definitions[name], ir.Rank):
                return self.column(item.expression)
            case ir.UnitId():
                return as_text(pl.col(UNIT_ID))
        if node.level is ir.Level.CONSTANT and not isinstance(node, ir.MonthConstant):
            same = self._expression(node)
            return same if same.meta.root_names() else worked_out(same)
        if node not in self._made:
            self._made[node] = self._add(self._expression(node))
        return self._made[node]

    def _add(self, expression: pl.Expr) -> pl.Expr:
        name = f"c{len(self._layer)}"
        self._place(name, expression)
        self._columns[name] = expression
        return pl.col(name)

    def _place(self, name: str, *read: pl.Expr) -> None:
        """A new column, one layer above those it reads; it is the unit's when any of them is."""
        reads = {root for expression in read for root in expression.meta.root_names()}
        self._reads[name] = reads
        self._layer[name] = 1 + max((self._layer[root] for root in reads), default=0)
        if reads & self._of_unit:
            self._of_unit.add(name)

    def _rank(self, rank: ir.Rank) -> Bounds:
        if rank.name not in self._ranks:
            by = rank.by[0]
            member, key = self.column(rank.among), self.column(by)
            key = as_text(key) if by.type.kind is ir.Kind.ENUM else key
            least, most = (f"c{len(self._layer)}_{end}" for end in ("least", "most"))
            for name in (least, most):
                self._place(name, member, key, pl.col(UNIT_ID))
            self._ranks[rank.name] = _Rank(self._layer[least], least, most, member, key)
        found = self._ranks[rank.name]
        return pl.col(found.least), pl.col(found.most)

    def _gather(self, node: ir.Gather) -> pl.Expr:
        """An expression over the sum of an item of the units, and how many of them are known."""
        item = self._once(node.item)
        total = self._sum(f"sum {item}", running_sum(item))
        size, known = (self._sum(f"count {each}", each.cum_count()) for each in (pl.col(UNIT_ID), item))
        match node.gathering:
            case ir.Gathering.SUM | ir.Gathering.COUNT:
                return pl.when(known == size).then(total)
            case ir.Gathering.ANY:
                return pl.when(total > 0).then(True).when(known == size).then(False)
            case ir.Gathering.EVERY:
                return pl.when(total < known).then(False).when(known == size).then(True)

    def _sum(self, called: str, running: pl.Expr) -> pl.Expr:
        """What a running sum grows by in the group: a column of the group, whatever is summed."""
        if called not in self._sums:
            through = self._add(running).meta.output_name()
            name = self._sums[called] = f"t{len(self._layer)}"
            self._place(name, pl.col(through))
            self._of_unit.discard(name)
            self._totals[name] = through
        return pl.col(self._sums[called])

    # Running

    def run(
        self, groups: pl.LazyFrame, units: pl.LazyFrame | None, *, every_unit: bool = False
    ) -> pl.LazyFrame:
        """The frame of what is decided about, with all columns of the plan; or of every unit there is."""
        of_group = (GROUP_ID, MONTH) if self._spans_months else (GROUP_ID,)
        groups = groups.select(*of_group, **self._allowed(ir.Level.GROUP))
        if not layout.reads_units(self._card):
            return self._with(groups, set(self._layer))
        if units is None:
            raise ValueError(f"The card “{self._card.id}” reads units; give their frame as well.")
        units = units.select(GROUP_ID, UNIT_ID, **self._allowed(ir.Level.UNIT))
        if self._about is ir.Level.UNIT:
            return self._with_units(units, groups, set(self._layer))
        early = self._read_by_units()
        units = self._with_units(units, groups, early)
        totals = {name: _total(pl.col(through)) for name, through in self._totals.items()}
        if totals:
            of_units = (
                units.select(GROUP_ID, LAST, *self._totals.values()).filter(LAST).select(GROUP_ID, **totals)
            )
            groups = groups.join(of_units, on=GROUP_ID, how="left", maintain_order="left")
            groups = groups.with_columns(pl.col(*totals).fill_null(0))
        groups = self._with(groups, self._layer.keys() - self._of_unit - self._totals.keys())
        if every_unit:
            groups = groups.join(units.select(GROUP_ID, *self._of_unit), on=GROUP_ID, how="left")
        return groups

    def _read_by_units(self) -> set[str]:
        """The columns of units, and those of the group that they are computed from, facts and all."""
        found: set[str] = set()
        new = self._of_unit
        while new:
            found |= new
            new = set().union(*(self._reads.get(name, ()) for name in new)) - found
        return found

    def _with_units(self, units: pl.LazyFrame, groups: pl.LazyFrame, names: set[str]) -> pl.LazyFrame:
        """The frame of units with some of the columns, and with what these read of the groups."""
        units = units.sort(GROUP_ID) if self._totals else units
        given = [*self._facts.values(), *([MONTH] if self._spans_months else [])]
        read = [name for name in given if name in names - self._of_unit]
        if read:
            units = units.join(groups.select(GROUP_ID, *read), on=GROUP_ID, how="left", maintain_order="left")
        is_last = (pl.col(GROUP_ID) != pl.col(GROUP_ID).shift(-1)).fill_null(True)
        units = units.with_columns(is_last.alias(LAST), pl.col(GROUP_ID).rle_id().alias(PLACE))
        return self._with(units, names)

    def _with(self, frame: pl.LazyFrame, names: AbstractSet[str]) -> pl.LazyFrame:
        """The frame with some of the columns, layer by layer."""
        columns = {name: self._columns[name] for name in names & self._columns.keys()}
        for name in names & self._totals.keys():
            columns[name] = _total(pl.col(self._totals[name]).filter(pl.col(LAST))).gather(pl.col(PLACE))
        for layer in range(1, 1 + max(self._layer.values())):
            of_layer = {name: column for name, column in columns.items() if self._layer[name] == layer}
            frame = frame.with_columns(**of_layer) if of_layer else frame
            for rank in self._ranks.values():
                if rank.layer == layer and rank.least in names:
                    frame = _with_rank(frame, rank)
        return frame

    def _allowed(self, level: ir.Level) -> dict[str, pl.Expr]:
        facts = [fact for fact in self._card.rules.facts if fact.level is level]
        return {self._facts[(level, fact.key)]: fact_column(fact) for fact in facts}

    # Expressions

    def _expression(self, node: ir.Node) -> pl.Expr:
        """The expression of a folded node; what of it is the group's is a column, computed for fewer rows."""
        column = self._once

        def part(inner: ir.Node) -> pl.Expr:
            of_its_own = ir.NameRef | ir.FactRef | ir.UnitId | ir.MonthConstant
            apart = inner.level is not node.level or isinstance(inner, of_its_own)
            return self._once(inner) if apart else self._expression(inner)

        match node:
            case ir.Literal(type=of, value=value):
                return literal(of, value)
            case ir.MonthConstant(word=word):
                return month_word_of(pl.col(MONTH), word)
            case ir.NameRef() | ir.FactRef() | ir.UnitId():
                return column(node)
            case ir.DateCall(function=function, argument=argument, number=number):
                return DATE_FUNCTIONS[function](part(argument), number or 0)
            case ir.AgeOn(argument=argument, day=day):
                return age_on(part(argument), part(day))
            case ir.Grid(keys=keys, axes=axes, values=values):
                return grid([column(key) for key in keys], axes, values)
            case ir.Compare(comparison=comparison, left=left, right=right):
                if self._is_rank(left) or self._is_rank(right):
                    return compared(comparison, self._bounds(left), self._bounds(right))
                return COMPARE[comparison](part(left), part(right))
            case ir.Arithmetic(operation=operation, left=left, right=right):
                return ARITHMETIC[operation](part(left), part(right))
            case ir.Round(rounding=rounding, item=item, divisor=divisor, unit=unit):
                if divisor is None:
                    return rounded(rounding, part(item), item.type.scale * unit, unit)
                by = whole(item.type.scale * unit) * column(divisor)
                return rounded(rounding, part(item), pl.when(by != 0).then(by), unit)
            case ir.Extreme(greatest=greatest, left=left, right=right):
                return extreme(greatest, column(left), column(right))
            case ir.Choose(condition=condition, then=then, otherwise=otherwise):
                return either(column(condition), column(then), column(otherwise))
            case ir.Gather():
                return self._gather(node)
            case ir.Not(item=item):
                return ~part(item)
            case ir.All(items=items):
                return reduce(and_, map(part, items))
            case ir.Either(items=items):
                return reduce(or_, map(part, items))
        raise TypeError(f"{type(node).__name__} has to be folded before it is compiled.")

    def _is_rank(self, node: ir.Node) -> bool:
        return isinstance(node, ir.NameRef) and isinstance(self._definitions[node.name], ir.Rank)

    def _bounds(self, node: ir.Node) -> Bounds:
        if isinstance(node, ir.NameRef) and isinstance(item := self._definitions[node.name], ir.Rank):
            return self._rank(item)
        value = self._once(node)
        return value, value


def _total(through: pl.Expr) -> pl.Expr:
    """What a running sum grows by in each group, of its values at the ends of the groups.

    The sum over all groups may wrap around in 64 bits. A difference of two is right nevertheless.
    """
    return through - through.shift(1, fill_value=0)


def _with_rank(frame: pl.LazyFrame, rank: _Rank) -> pl.LazyFrame:
    """Places by counting who surely, and who possibly, is counted and comes first.

    A unit with an unknown key surely precedes nobody and possibly everybody: unknown keys are sorted first.
    """
    member, key, new = pl.col("member"), pl.col("key"), pl.col("new")
    sure, place = pl.col("sure"), pl.col("place")
    possible = frame.with_row_index("index").filter(rank.member.fill_null(True))
    ordered = possible.select(
        "index", GROUP_ID, member=rank.member.fill_null(False), key=rank.key, tie=as_text(pl.col(UNIT_ID))
    ).sort(GROUP_ID, "key", "tie")
    counted = ordered.with_columns(
        new=(pl.col(GROUP_ID) != pl.col(GROUP_ID).shift()).fill_null(True),
        sure=(member & key.is_not_null()).cast(pl.Int64),
        place=pl.int_range(pl.len(), dtype=pl.Int64),
    )
    before = pl.when(new).then(sure.cum_sum() - sure).forward_fill()
    start = pl.when(new).then(place).forward_fill()
    end = pl.when(new.shift(-1, fill_value=True)).then(place).backward_fill()
    least = chosen([sure == 1, member, pl.lit(True)], [sure.cum_sum() - before, whole(1), whole(0)])
    most = pl.when(key.is_null()).then(end).otherwise(place) - start + 1
    places = counted.select("index", least.alias(rank.least), most.alias(rank.most))
    frame = frame.with_row_index("index").join(places, on="index", how="left", maintain_order="left")
    return frame.drop("index").with_columns(pl.col(rank.least, rank.most).fill_null(0))
