"""One visitor from typed nodes to SQL, and the plan of the stages its columns are computed in."""

from collections import Counter
from datetime import date
from typing import Literal

from sqlglot import exp

from yui.engines.rules import ir
from yui.engines.rules.bulk import layout
from yui.engines.rules.bulk.layout import GROUP_ID, UNIT_ID
from yui.engines.rules.bulk.sql import pieces
from yui.engines.rules.bulk.sql.pieces import (
    case,
    column,
    count,
    known,
    minus,
    operate,
    over_group,
    part,
    perhaps,
    plus,
    small,
    times,
    unknown,
    whole,
)  # fmt: skip
from yui.engines.rules.card import Card
from yui.engines.rules.folding import Folding
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.outcomes import Effect
from yui.engines.rules.spans import Spans

Dialect = Literal["postgres", "duckdb", "spark"]

NOTHING = -(2**62)
"""Stands for "nothing is paid" among amounts, which all lie nearer to zero (``spans.LIMIT``)."""


def compile_sql(
    card: Card,
    month: Month,
    dialect: Dialect,
    *,
    known_on: date | None = None,
    with_values: bool = False,
    groups: str = "groups",
    units: str = "units",
) -> str:
    """One SELECT that decides about all units or groups there are, each as ``evaluate`` decides about it.

    Args:
        card: The card in force in the month.
        month: The month decided about.
        dialect: Whose SQL.
        known_on: Replays the decision with the tables as they were known on a day.
        with_values: Also returns the values and ranks that are kept.
        groups, units: The relations to read; they and the result are described in
            :mod:`~yui.engines.rules.bulk.layout`.
    Raises:
        LookupError: the card is not in force in the month, or a table was not known yet.
    """
    writing = _Writing(card, layout.fixed(card, month, known_on), dialect)
    result = writing.inlined(writing.result(with_values))
    stages = [writing.base(groups, units), *writing.stages()]
    query = exp.select(*(exp.alias_(found, name, quoted=True) for name, found in result.items()))
    query = query.from_(f"stage{len(stages) - 1}")
    for place, stage in enumerate(stages):
        query = query.with_(f"stage{place}", _kept_apart(stage, dialect))
    return query.sql(dialect, pretty=True)


def _kept_apart(stage: exp.Select, dialect: Dialect) -> exp.Select:
    """A stage whose columns the planner does not write out wherever a later stage reads them, and those again there:
    in DuckDB twenty stages took half a minute to plan. Spark does not copy what is not cheap.

    In PostgreSQL the 0 is quoted: only then is it, before anything is planned, a constant of the type that OFFSET
    has, and a stage with any other OFFSET is not shared out among parallel workers.
    """
    match dialect:
        case "spark":
            return stage
        case "duckdb":
            return stage.offset(0)
        case "postgres":
            return stage.offset(exp.Literal.string("0"))


class _Writing:
    """Writes typed nodes as SQL, and keeps the columns they read: ``f`` (facts) or ``c`` (computed) and a number."""

    def __init__(self, card: Card, folding: Folding, dialect: Dialect) -> None:
        self._card = card
        self._folding = folding
        self._dialect = dialect
        self._definitions = {item.name: item for item in card.rules.definitions}
        self._facts = {(fact.level, fact.key): f"f{place}" for place, fact in enumerate(card.rules.facts)}
        self._computed: dict[exp.Expr, str] = {}
        self._gathered: set[str] = set()
        self._of_unit = {name for (level, _), name in self._facts.items() if level is ir.Level.UNIT}
        self._of_unit.add(UNIT_ID)
        self._named: dict[str, pieces.Bounds] = {}
        self._spans = Spans()
        for fact in card.rules.facts:
            self._spans.add_fact(fact)
        for table in card.rules.tables:
            self._spans.add_table(table)
        for item in card.rules.definitions:
            self._spans.define(item.name, None if isinstance(item, ir.Rank) else item.expression)

    # The plan

    def result(self, with_values: bool) -> dict[str, exp.Expr]:
        """The columns of the result, over the last stage."""
        card, rows = self._card, self._card.rules.rows
        whens = [exp.true() if row.when is None else self.once(self._folded(row.when)) for row in rows]
        pays = [whole(NOTHING) if row.pay is None else self.once(self._folded(row.pay)) for row in rows]
        places = [whole(place) for place in range(len(rows))]
        first = self.once(case(zip(map(perhaps, whens), places, strict=True)))
        last = self.once(case(zip(whens, places, strict=True)))
        amount = self.once(case(zip(whens, pays, strict=True)))
        # A row before the last possible one is possible when its condition is unknown; it has to give the same.
        others = (
            exp.and_(unknown(when), place < last, exp.NullSafeNEQ(this=pay, expression=amount))
            for when, place, pay in zip(whens[:-1], places, pays, strict=False)
        )
        undetermined = self.once(
            exp.or_(unknown(amount), exp.and_(first < last, exp.or_(exp.false(), *others)))
        )
        nothing, otherwise = amount.eq(whole(NOTHING)), exp.true()
        effects = [
            (undetermined, Effect.UNDETERMINED),
            (nothing, Effect.NO_PAYMENT),
            (otherwise, Effect.PAYMENT),
        ]
        columns = {name: column(name) for name in layout.identifiers(card)}
        columns[layout.EFFECT] = case((when, exp.Literal.string(effect)) for when, effect in effects)
        columns[layout.AMOUNT] = case([(undetermined, exp.null()), (nothing, whole(0)), (otherwise, amount)])
        columns[layout.ROW] = exp.cast(case([(undetermined, first), (otherwise, last)]), "int")
        for name, conditions in layout.vectors(card).items():
            columns[name] = pieces.vector(self._value(condition.name)[0] for condition in conditions)
        for name, item in layout.value_columns(card).items() if with_values else ():
            least, most = self._value(item.name)
            if isinstance(item, ir.Rank):
                columns[name], columns[f"{name}_most"] = least, most
            else:
                columns[name] = pieces.written(least, item.expression.type)
        return columns

    def inlined(self, result: dict[str, exp.Expr]) -> dict[str, exp.Expr]:
        """The result, after every column that is read in one place only has been written there: fewer stages.

        Windows are computed where they stand, and what they read is a column.
        """
        computed = {name: expression for expression, name in self._computed.items()}
        readers = [*computed.values(), *result.values()]
        places = Counter(read.name for reader in readers for read in reader.find_all(exp.Column))
        inside = {
            read.name
            for reader in readers
            if not reader.find(exp.Window)
            for read in reader.find_all(exp.Column)
        }
        moved = {
            name: expression
            for name, expression in computed.items()
            if places[name] == 1 and name in inside and not expression.find(exp.Window)
        }

        def written(expression: exp.Expr) -> exp.Expr:
            return expression.transform(
                lambda node: (
                    exp.paren(written(moved[node.name]))
                    if isinstance(node, exp.Column) and node.name in moved
                    else node
                )
            )

        self._computed = {written(found): name for name, found in computed.items() if name not in moved}
        return {name: written(found) for name, found in result.items()}

    def base(self, groups: str, units: str) -> exp.Select:
        """The identifiers and the facts."""
        card = self._card
        relations = {
            ir.Level.GROUP: exp.to_table(groups, dialect=self._dialect, alias="g"),
            ir.Level.UNIT: exp.to_table(units, dialect=self._dialect, alias="u"),
        }
        query = exp.select("u.group_id" if card.rules.about is ir.Level.UNIT else "g.group_id")
        query = query.from_(relations.pop(card.rules.about))
        if layout.reads_units(card):
            query = query.select("u.unit_id")
        ((level, other),) = relations.items()
        if layout.reads_units(card) if level is ir.Level.UNIT else card.group_keys:
            query = query.join(other, on="g.group_id = u.group_id", join_type="left")
        for fact in card.rules.facts:
            given = exp.column(fact.key, "u" if fact.level is ir.Level.UNIT else "g", quoted=True)
            query = query.select(exp.alias_(pieces.allowed(fact, given), self._facts[(fact.level, fact.key)]))
        return query

    def stages(self) -> list[exp.Select]:
        """The stages after the base, each with the columns it adds to the one before it."""
        stage = dict.fromkeys((GROUP_ID, UNIT_ID, *self._facts.values()), 0)
        reads = {name: _reads(expression) for expression, name in self._computed.items()}
        joined = self._card.rules.about is ir.Level.GROUP and layout.reads_units(self._card)
        early = {*self._of_unit, *(() if joined else reads)}
        for name in reversed(reads):
            early |= reads[name] if name in early else set()
        for name in reads:
            if name in early:
                stage[name] = 1 + max(stage[read] for read in reads[name])
        joint = 1 + max(stage.values()) if joined else 0
        for name in reads:
            if name not in early:
                after = max(joint, *(stage[read] for read in reads[name]))
                stage[name] = joint if name in self._gathered else 1 + after
        windows = {stage[name] for expression, name in self._computed.items() if expression.find(exp.Window)}
        windows.discard(joint)
        found = []
        for place in range(1, 1 + max(joint, *stage.values())):
            query = exp.select().from_(f"stage{place - 1}")
            if self._dialect == "postgres" and windows and min(windows) <= place < max(joint, *windows):
                # Sorted already; said, or the planner forgets it and sorts all columns once more for the next of them.
                query = query.order_by(exp.Ordered(this=column(GROUP_ID), nulls_first=False))
            new = {name: expression for expression, name in self._computed.items() if stage[name] == place}
            if place == joint:
                kept = [
                    name for name in stage if stage[name] < joint and name not in self._of_unit | {GROUP_ID}
                ]
                query = query.select(GROUP_ID).group_by(GROUP_ID)
                # What is the group's is the same in each of its rows.
                new = {name: exp.AnyValue(this=column(name)) for name in kept} | {
                    name: pieces.aggregated(expression) for name, expression in new.items()
                }
            else:
                query = query.select(exp.Star())
            found.append(query.select(*(exp.alias_(expression, name) for name, expression in new.items())))
        return found

    # Columns

    def once(self, expression: exp.Expr) -> exp.Expr:
        """The expression as a column, so that it may be read more than once; what costs no more stays as it is."""
        reads = _reads(expression)
        bare = expression.this if isinstance(expression, exp.Not) else expression
        if isinstance(bare, exp.Column) or not reads:
            return expression
        if expression not in self._computed:
            name = self._computed[expression] = f"c{len(self._computed)}"
            if reads & self._of_unit:
                self._of_unit.add(name)
        return column(self._computed[expression])

    def _value(self, name: str) -> pieces.Bounds:
        """The columns of a definition: the least and the most it can be, which differ for a rank only."""
        if name not in self._named:
            item = self._definitions[name]
            if isinstance(item, ir.Rank):
                self._named[name] = self._rank(item)
            else:
                value = self.once(self._folded(item.expression))
                self._named[name] = (value, value)
        return self._named[name]

    def _rank(self, rank: ir.Rank) -> pieces.Bounds:
        """Places by counting who surely, and who possibly, is counted and comes first.

        A unit with an unknown key surely precedes nobody and possibly everybody.
        """
        among, (by, _) = rank.among, rank.by
        member, key = self.once(self._folded(among)), self.once(self._folded(by))
        candidate = perhaps(member)
        sortable = self._by_character(key) if by.type.kind is ir.Kind.ID else key
        # Unknown keys first: whoever possibly precedes a known key then lies before it.
        order = (sortable, self._by_character(column(UNIT_ID)))
        sure = exp.and_(member, known(key))
        surely, possibly = (pieces.through_unit(count(each), order) for each in (sure, candidate))
        least = case([(sure, surely), (member, whole(1)), (exp.true(), whole(0))])
        anywhere = over_group(count(candidate))
        most = case([(exp.not_(candidate), whole(0)), (unknown(key), anywhere), (exp.true(), possibly)])
        return self.once(least), self.once(most)

    def _by_character(self, key: exp.Expr) -> exp.Expr:
        """Text to be ordered as Python orders it; only PostgreSQL has another order unless told so."""
        text = exp.cast(key, "text")
        if self._dialect != "postgres":
            return text
        return exp.Collate(this=text, expression=exp.to_identifier("C", quoted=True))

    def _gather(self, node: ir.Gather) -> exp.Expr:
        item = self._sql(node.item)
        if self._card.rules.about is ir.Level.GROUP:
            # The row of a group without units is no unit.
            item = case([(known(column(UNIT_ID)), item)])
        item = self.once(item)
        complete = over_group(exp.Count(this=item)).eq(over_group(exp.Count(this=column(UNIT_ID))))
        holds, fails = (over_group(count(each)) for each in (item, exp.not_(item)))
        # A sum of 64 bits is one of decimals in PostgreSQL, a sum of 32 is not.
        summed = exp.cast(item, "int") if self._is_small(node.item) else item
        total = exp.cast(over_group(exp.Sum(this=summed)), "bigint")
        branches: dict[ir.Gathering, list[tuple[exp.Expr, exp.Expr]]] = {
            ir.Gathering.SUM: [(complete, exp.func("COALESCE", total, whole(0)))],
            ir.Gathering.COUNT: [(complete, holds)],
            ir.Gathering.ANY: [(holds > 0, exp.true()), (complete, exp.false())],
            ir.Gathering.EVERY: [(fails > 0, exp.false()), (complete, exp.true())],
        }
        found = self.once(case(branches[node.gathering]))
        self._gathered.add(found.name)
        self._of_unit.discard(found.name)
        return found

    def _is_small(self, node: ir.Node) -> bool:
        """Whether a number fits into 32 bits, as its card has proved."""
        if node.type.kind not in (ir.Kind.YEN, ir.Kind.INTEGER):
            return False
        span = self._spans.of(node)
        return -(2**31) <= span.least <= span.most < 2**31

    # Expressions

    def _folded(self, node: ir.Node) -> exp.Expr:
        return self._sql(self._folding.fold(node))

    def _sql(self, node: ir.Node) -> exp.Expr:
        """The expression of a folded node."""
        match node:
            case ir.Literal(type=kind, value=value):
                return pieces.literal(value, kind)
            case ir.FactRef(level=level, key=key):
                return column(self._facts[(level, key)])
            case ir.UnitId():
                return column(UNIT_ID)
            case ir.NameRef(name=name):
                return self._value(name)[0]
            case ir.DateCall(function=function, argument=argument, number=number):
                return self._date_call(function, self.once(self._sql(argument)), number or 0)
            case ir.AgeOn(argument=argument, day=day):
                return pieces.age_on(self.once(self._sql(argument)), self._sql(day))
            case ir.Grid():
                return self._grid(node)
            case ir.Compare(comparison=comparison, left=left, right=right):
                if self._is_rank(left) or self._is_rank(right):
                    return pieces.compared(comparison, self._bounds(left), self._bounds(right))
                return operate(pieces.COMPARE[comparison], self._sql(left), self._sql(right))
            case ir.Arithmetic(operation=operation, left=left, right=right):
                return operate(pieces.ARITHMETIC[operation], self._sql(left), self._sql(right))
            case ir.Round():
                return self._round(node)
            case ir.Extreme(greatest=greatest, left=left, right=right):
                one, other = self.once(self._sql(left)), self.once(self._sql(right))
                if greatest:
                    return case([(one >= other, one), (one < other, other)])
                return case([(one <= other, one), (one > other, other)])
            case ir.Choose(condition=condition, then=then, otherwise=otherwise):
                holds = self.once(self._sql(condition))
                if isinstance(holds, exp.Boolean):
                    return self._sql(then if holds == exp.true() else otherwise)
                one, other = self.once(self._sql(then)), self.once(self._sql(otherwise))
                return case([(holds, one), (exp.not_(holds), other), (operate(exp.EQ, one, other), one)])
            case ir.Gather():
                return self._gather(node)
            case ir.Not(item=item):
                return pieces.negated(self._sql(item))
            case ir.All(items=items):
                return pieces.every(map(self._sql, items))
            case ir.Either(items=items):
                return pieces.some(map(self._sql, items))
        raise TypeError(f"{type(node).__name__} has to be folded before it is compiled.")

    def _grid(self, node: ir.Grid) -> exp.Expr:
        """A table at its keys; one of numbers alone by comparing, any other as a list."""
        keys = [self.once(self._sql(key)) for key in node.keys]
        if len(keys) == 1 and node.keys[0].type.kind is not ir.Kind.ENUM:
            steps = list(map(int, node.axes[0]))
            return pieces.stepped(keys[0], steps, [whole(value) for value in node.values])
        places: list[exp.Expr] = []
        orders: list[list[int | None]] = []
        for key, of, axis in zip(keys, node.keys, node.axes, strict=True):
            if of.type.kind is ir.Kind.ENUM:
                places.append(key)
                orders.append(
                    [axis.index(each) if each in axis else None for each in sorted(of.type.members)]
                )
            else:
                places.append(self.once(pieces.place(key, list(map(int, axis)))))
                orders.append(list(range(len(axis))))
        return pieces.grid(places, orders, node.values, 0 if self._dialect == "spark" else 1)

    def _is_rank(self, node: ir.Node) -> bool:
        return isinstance(node, ir.NameRef) and isinstance(self._definitions[node.name], ir.Rank)

    def _bounds(self, node: ir.Node) -> pieces.Bounds:
        if isinstance(node, ir.NameRef):
            return self._value(node.name)
        value = self.once(self._sql(node))
        return value, value

    def _round(self, node: ir.Round) -> exp.Expr:
        value, by = self._sql(node.item), whole(node.item.type.scale * node.unit)
        if node.divisor:
            by = self.once(exp.func("NULLIF", times(by, self._sql(node.divisor)), whole(0)))
        match node.rounding:
            case ir.Rounding.DOWN:
                rounded = self._floor(value, by)
            case ir.Rounding.UP:
                rounded = minus(whole(0), self._floor(minus(whole(0), value), by))
            case ir.Rounding.HALF_UP:
                rounded = self._floor(plus(times(value, whole(2)), by), times(by, whole(2)))
        return times(rounded, whole(node.unit))

    def _floor(self, value: exp.Expr, by: exp.Expr) -> exp.Expr:
        """Division towards minus infinity, whichever way the engine divides and whatever sign its remainder has."""
        value, by = self.once(value), self.once(by)
        remainder = operate(exp.Mod, plus(operate(exp.Mod, value, by), by), by)
        exact = minus(value, remainder)
        # PostgreSQL's DIV is one of decimals; its / is one of whole numbers.
        return (
            operate(exp.Div, exact, by, typed=True)
            if self._dialect == "postgres"
            else operate(exp.IntDiv, exact, by)
        )

    def _date_call(self, function: str, day: exp.Expr, number: int) -> exp.Expr:
        """A word of :mod:`~yui.engines.rules.legal_dates` applied to a date."""
        match function:
            case "到達日":
                return self._reaches(day, number)
            case "最初の年度末":
                reached = self.once(self._reaches(day, number))
                later = case([(part("MONTH", reached) <= small(3), small(0)), (exp.true(), small(1))])
                return exp.func("MAKE_DATE", plus(part("YEAR", reached), later), small(3), small(31))
            case "誕生月末":
                return minus(self._month_start(pieces.months_later(day, 12 * number + 1)), small(1))
            case "翌月初":
                return self._month_start(pieces.months_later(day, 1))
            case "月後":
                return pieces.months_later(day, number)
            case "月前":
                return pieces.months_later(day, -number)
            case "日後":
                return plus(day, small(number))
            case "日前":
                return minus(day, small(number))
        raise TypeError(f"The SQL back end does not know {function}.")

    def _reaches(self, born: exp.Expr, age: int) -> exp.Expr:
        """The day before the birthday; a birthday that a common year lacks has been moved to that day already."""
        birthday = self.once(pieces.months_later(born, 12 * age))
        exists = part("DAY", birthday).eq(part("DAY", born))
        return minus(birthday, case([(exists, small(1)), (exp.true(), small(0))]))

    def _month_start(self, day: exp.Expr) -> exp.Expr:
        day = self.once(day)
        return minus(day, minus(part("DAY", day), small(1)))


def _reads(expression: exp.Expr) -> set[str]:
    return {each.name for each in expression.find_all(exp.Column)}
