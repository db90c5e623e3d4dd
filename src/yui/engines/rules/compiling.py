"""The Python back end: one function per card and month, generated from the typed form.

Each definition becomes one column (a list over the units of a group), in the order of the card. The text that is
executed is built from the closed typed form only; nothing a card's author wrote reaches it except through
literals and identifiers made here.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache, partial
from typing import Any

from yui.engines.rules import arithmetic, ir, logic
from yui.engines.rules.card import Card
from yui.engines.rules.folding import Folding
from yui.engines.rules.interpreting import Interpreter
from yui.engines.rules.legal_dates import DATE_FUNCTIONS, Month
from yui.engines.rules.logic import Between
from yui.engines.rules.members import members_of
from yui.engines.rules.outcomes import Ask, Effect, Group, Outcome
from yui.engines.rules.spans import GROUP_LIMIT

COMPARISON_NAMES = {
    ir.Comparison.AT_LEAST: "at_least",
    ir.Comparison.AT_MOST: "at_most",
    ir.Comparison.ABOVE: "above",
    ir.Comparison.BELOW: "below",
    ir.Comparison.EQUAL: "equal",
    ir.Comparison.DIFFER: "differ",
}
OPERATION_NAMES = {
    ir.Operation.ADD: "add",
    ir.Operation.SUBTRACT: "subtract",
    ir.Operation.MULTIPLY: "multiply",
}
ROUNDING_NAMES = {
    ir.Rounding.DOWN: "round_down",
    ir.Rounding.UP: "round_up",
    ir.Rounding.HALF_UP: "round_half_up",
}
GATHERING_NAMES = {
    ir.Gathering.SUM: "total",
    ir.Gathering.COUNT: "count",
    ir.Gathering.ANY: "any_of",
    ir.Gathering.EVERY: "all_of",
}
LOGIC = {
    name: getattr(logic, name)
    for name in (*COMPARISON_NAMES.values(), "negate", "all_of", "any_of", "map_date", "rank")
} | {
    name: getattr(arithmetic, name)
    for name in (
        *OPERATION_NAMES.values(), *ROUNDING_NAMES.values(),
        "total", "count", "smaller", "greater", "choose", "look_up", "age_on",
    )
}  # fmt: skip
PYTHON_TYPES = {
    ir.Kind.YEN: int,
    ir.Kind.INTEGER: int,
    ir.Kind.DATE: date,
    ir.Kind.MONTH: Month,
    ir.Kind.BOOL: bool,
    ir.Kind.ENUM: str,
}

Columns = Sequence[Sequence[Any]]
Program = Callable[[Sequence[Any], Sequence[str], int], tuple[Columns, Columns, Columns]]


class FactError(ValueError):
    """A fact given to a card has a key the card does not know or a value of the wrong type."""


class _Writing:
    """Writes expressions as Python text, naming the columns they use."""

    def __init__(self, card: Card) -> None:
        self.constants: dict[str, Any] = {}
        self.lines = ["def decide(facts, ids, size):"]
        self.fact_names = {
            (fact.level, fact.key): f"fact{number}" for number, fact in enumerate(card.rules.facts)
        }
        self.names = {item.name: f"name{number}" for number, item in enumerate(card.rules.definitions)}
        self.levels = {item.name: ir.level_of(item) for item in card.rules.definitions}

    def text(self, node: ir.Node, used: dict[str, None]) -> str:
        """The Python expression; ``used`` gathers the unit columns it reads."""

        def inner(part: ir.Node) -> str:
            return self.text(part, used)

        match node:
            case ir.Literal(value=value):
                return self._constant(value)
            case ir.FactRef(level=level, key=key):
                return self._column(self.fact_names[(level, key)], level, used)
            case ir.UnitId():
                return self._column("ids", ir.Level.UNIT, used)
            case ir.NameRef(name=name):
                return self._column(self.names[name], self.levels[name], used)
            case ir.DateCall(function=function, argument=argument, number=number):
                run = self._constant(DATE_FUNCTIONS[function].run)
                return f"map_date({run}, {inner(argument)}{'' if number is None else f', {number}'})"
            case ir.AgeOn(argument=argument, day=day):
                return f"age_on({inner(argument)}, {inner(day)})"
            case ir.Grid(keys=keys, axes=axes, values=values):
                table = f"{self._constant(axes)}, {self._constant(values)}"
                return f"look_up({table}, {', '.join(map(inner, keys))})"
            case ir.Round(rounding=rounding, item=item, divisor=divisor, unit=unit):
                by = f", {inner(divisor)}" if divisor else ""
                return f"{ROUNDING_NAMES[rounding]}({inner(item)}, {item.type.scale}, {unit}{by})"
            case ir.Extreme(greatest=greatest, left=left, right=right):
                return f"{'greater' if greatest else 'smaller'}({inner(left)}, {inner(right)})"
            case ir.Choose(condition=condition, then=then, otherwise=otherwise):
                return f"choose({inner(condition)}, {inner(then)}, {inner(otherwise)})"
            case ir.Gather(gathering=gathering, item=item):
                # On a line of its own before the line being written, or it would be gathered anew for each unit.
                name = f"gathered{len(self.lines)}"
                self.lines.append(f"    {name} = {GATHERING_NAMES[gathering]}({self.over_units(item)})")
                return name
            case ir.Compare(comparison=comparison, left=left, right=right):
                return f"{COMPARISON_NAMES[comparison]}({inner(left)}, {inner(right)})"
            case ir.Arithmetic(operation=operation, left=left, right=right):
                return f"{OPERATION_NAMES[operation]}({inner(left)}, {inner(right)})"
            case ir.Not(item=item):
                return f"negate({inner(item)})"
            case ir.All(items=items):
                return f"all_of(({', '.join(map(inner, items))},))"
            case ir.Either(items=items):
                return f"any_of(({', '.join(map(inner, items))},))"
        raise TypeError(f"{type(node).__name__} has to be folded before it is compiled.")

    def _constant(self, value: Any) -> str:
        name = f"constant{len(self.constants)}"
        self.constants[name] = value
        return name

    def _column(self, name: str, level: ir.Level, used: dict[str, None]) -> str:
        if level is not ir.Level.UNIT:
            return name
        used[name] = None
        return f"{name}_"

    def over_units(self, node: ir.Node) -> str:
        """The column of an expression over all units."""
        used: dict[str, None] = {}
        text = self.text(node, used)
        if not used:
            return f"[{text}] * size"
        if len(used) == 1:
            (name,) = used
            return f"[{text} for {name}_ in {name}]"
        return f"[{text} for {', '.join(f'{name}_' for name in used)} in zip({', '.join(used)})]"


@lru_cache(maxsize=512)
def compile_card(card: Card, month: Month, known_on: date | None = None) -> Program:
    """The decision function of a card for a month, as its tables were known on a day.

    Raises:
        LookupError: the card is not in force in the month, or a table had no value yet.
    """
    if not card.decides(month):
        until = f" until {card.in_force_until}" if card.in_force_until else ""
        raise LookupError(
            f"This version of “{card.programme.en}” is in force from {card.in_force_from}{until}, not in {month}. "
            "Use the version of that month."
        )
    rules = card.rules
    folding = Folding(rules, month, known_on)
    writing = _Writing(card)
    lines = writing.lines
    lines += [f"    {name} = facts[{number}]" for number, name in enumerate(writing.fact_names.values())]
    for item in rules.definitions:
        name = writing.names[item.name]
        if isinstance(item, ir.Rank):
            keys = ", ".join(writing.over_units(folding.fold(key)) for key in item.by)
            lines.append(f"    {name} = rank({writing.over_units(item.among)}, list(zip({keys})))")
        elif item.expression.level is ir.Level.UNIT:
            lines.append(f"    {name} = {writing.over_units(folding.fold(item.expression))}")
        else:
            lines.append(f"    {name} = {writing.text(folding.fold(item.expression), {})}")
    if rules.about is ir.Level.GROUP:
        lines.append("    size = 1  # everything from here on is the group's, as a column of one")
    named = [
        writing.names[item.name]
        if ir.level_of(item) is ir.Level.UNIT
        else f"[{writing.names[item.name]}] * size"
        for item in rules.kept
    ]
    whens = [
        "[True] * size" if row.when is None else writing.over_units(folding.fold(row.when))
        for row in rules.rows
    ]
    pays = [
        "[0] * size" if row.pay is None else writing.over_units(folding.fold(row.pay)) for row in rules.rows
    ]
    lines.append(f"    return {_tuple(named)}, {_tuple(whens)}, {_tuple(pays)}")
    space: dict[str, Any] = {**LOGIC, **writing.constants}
    exec(compile("\n".join(lines), f"<card {card.version[:12]} {month}>", "exec"), space)  # noqa: S102 - our own text, made from the closed typed form
    program: Program = space["decide"]
    return program


def _tuple(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)}{',' if parts else ''})"


def evaluate(card: Card, month: Month, group: Group, known_on: date | None = None) -> list[Outcome]:
    """Decides about every unit of a group for a month.

    Args:
        card: The card in force in the month.
        month: The month decided about.
        group: What is known of the group and its units.
        known_on: Replays the decision with the tables as they were known on a day.
    Returns:
        One outcome per unit, in the order of the units; or one about the group, with an empty unit identifier.
        The order of the units changes no outcome.
    Raises:
        FactError: a fact has an unknown key or a value of the wrong type, or two units have one identifier.
        LookupError: the card is not in force in the month, or a table was not known yet.
    """
    program = compile_card(card, month, known_on)
    ids = [unit.id for unit in group.units]
    if len(set(ids)) != len(ids):
        raise FactError("Two units of one group have the same identifier; give each its own.")
    if len(ids) > GROUP_LIMIT:
        raise FactError(f"A group has at most {GROUP_LIMIT} units; this one has {len(ids)}.")
    names, whens, pays = program(_gather(card, group), ids, len(ids))
    rows = card.rules.rows
    of_conditions, of_values = _kept(card)
    interpreter: Interpreter | None = None
    members = partial(members_of, card, month, group, known_on)
    outcomes = []
    for unit, unit_id in enumerate([""] if card.rules.about is ir.Level.GROUP else ids):
        possible = []
        for row, when in enumerate(whens):
            if when[unit] is not False:
                possible.append(row)
                if when[unit]:
                    break
        results = {(rows[row].pay is None, pays[row][unit]) for row in possible}
        ask: tuple[Ask, ...] = ()
        (nothing, amount), row = next(iter(results)), possible[-1]
        if len(results) == 1 and amount is not None and amount.__class__ is not Between:
            effect = Effect.NO_PAYMENT if nothing else Effect.PAYMENT
        else:
            interpreter = interpreter or Interpreter(card, month, group, known_on, _found(card, names))
            ask = _asks(card, interpreter, possible, unit)
            effect, amount, row = Effect.UNDETERMINED, None, possible[0]
        conditions: dict[str, bool | None] = {name: names[place][unit] for name, place in of_conditions}
        values: dict[str, Any] = {name: names[place][unit] for name, place in of_values}
        cite = rows[row].cite
        outcomes.append(
            Outcome(
                unit_id, month, effect, amount, row, cite, conditions, values, ask, card, known_on, members
            )
        )
    return outcomes


def _asks(card: Card, interpreter: Interpreter, possible: Sequence[int], unit: int) -> tuple[Ask, ...]:
    found: set[Ask] = set()
    for row in possible:
        for node in (card.rules.rows[row].when, card.rules.rows[row].pay):
            if node is not None:
                found.update(interpreter.asks(node, unit))
    places = {(fact.key, fact.level is ir.Level.UNIT): place for place, fact in enumerate(card.rules.facts)}
    return tuple(sorted(found, key=lambda ask: (places[(ask.key, bool(ask.unit_id))], ask.unit_id)))


_Places = tuple[tuple[str, int], ...]


@lru_cache(maxsize=512)
def _kept(card: Card) -> tuple[_Places, _Places]:
    """The conditions, and the values and ranks, that are kept: name and place among them."""
    kept = [(item.name, place, isinstance(item, ir.Condition)) for place, item in enumerate(card.rules.kept)]
    conditions, others = (
        tuple((name, place) for name, place, is_condition in kept if is_condition is wanted)
        for wanted in (True, False)
    )
    return conditions, others


def _found(card: Card, names: Columns) -> dict[tuple[str, int], Any]:
    """What was kept, by name and place of the unit."""
    return {
        (name, unit): value
        for each in _kept(card)
        for name, place in each
        for unit, value in enumerate(names[place])
    }


@lru_cache(maxsize=512)
def _asked(card: Card) -> tuple[tuple[ir.Fact, bool, type], ...]:
    """The facts of a card, whether each is the group's, and its type in Python."""
    return tuple(
        (fact, fact.level is ir.Level.GROUP, PYTHON_TYPES[fact.type.kind]) for fact in card.rules.facts
    )


def _gather(card: Card, group: Group) -> list[Any]:
    """The facts as columns in the order of the card, each checked."""
    _refuse_unknown(card, "group", group.facts, card.group_keys)
    for unit in group.units:
        _refuse_unknown(card, "unit", unit.facts, card.unit_keys)
    columns: list[Any] = []
    for fact, is_of_group, wanted in _asked(card):
        key = fact.key
        column = [group.facts.get(key)] if is_of_group else [unit.facts.get(key) for unit in group.units]
        columns.append(column[0] if is_of_group else column)
        for value in column:
            # The usual cases in few comparisons; all others are looked at closely.
            if value is None or (value.__class__ is wanted and wanted is not int and wanted is not str):
                continue
            if wanted is not int or value.__class__ is not int or not fact.least <= value <= fact.most:
                _check(fact, value)
    return columns


def _refuse_unknown(card: Card, level: str, facts: Mapping[str, Any], known: AbstractSet[str]) -> None:
    if not facts.keys() <= known:
        raise FactError(
            f"The card “{card.id}” knows no fact “{min(facts.keys() - known)}” of the {level}; check its spelling."
        )


def _check(fact: ir.Fact, value: Any) -> None:
    if value.__class__ is Between and fact.type.kind not in (ir.Kind.BOOL, ir.Kind.ENUM):
        _check(fact, value.least)
        _check(fact, value.most)
        return
    if value.__class__ is not PYTHON_TYPES[fact.type.kind]:
        wanted = PYTHON_TYPES[fact.type.kind].__name__
        raise FactError(f"The fact “{fact.key}” must be a {wanted}, not a {type(value).__name__}.")
    if fact.type.members and value not in fact.type.members:
        raise FactError(f"The fact “{fact.key}” must be one of {', '.join(fact.type.members)}.")
    if value.__class__ is int and not fact.least <= value <= fact.most:
        raise FactError(f"The fact “{fact.key}” must lie between {fact.least:,} and {fact.most:,}.")
