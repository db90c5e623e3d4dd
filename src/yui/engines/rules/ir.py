"""The typed form of a card: what every back end reads, and nothing about how it is run.

The tree holds no Python objects but numbers, strings, dates and months, and no node reaches outside the card.
A back end walks :attr:`Rules.definitions` in order: each definition uses only facts, tables and earlier
definitions, so each is one column (Python list, SQL select expression, Polars expression).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import Enum, StrEnum
from typing import Any

from yui.engines.rules.legal_dates import Month
from yui.engines.rules.texts import Text


class Kind(StrEnum):
    """Kinds of value. There is no floating-point kind: money is whole yen in 64 bits."""

    YEN = "yen"
    INTEGER = "integer"
    DATE = "date"
    MONTH = "month"
    BOOL = "bool"
    ENUM = "enum"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of value.

    Attributes:
        kind: The kind.
        members: Of an enum, its stable identifiers.
        scale: Of a number, what it is counted in: a value ``v`` of scale ``s`` is the exact ratio ``v / s``. A rate of
            7.64 percent is 764 of scale 10,000; yen times that rate are a whole number of ten-thousandths of a yen.
            Facts and amounts have scale 1.
    """

    kind: Kind
    members: tuple[str, ...] = ()
    scale: int = 1


YEN, INTEGER, DATE, MONTH, BOOL, ID = (
    Type(kind) for kind in (Kind.YEN, Kind.INTEGER, Kind.DATE, Kind.MONTH, Kind.BOOL, Kind.ID)
)


class Level(Enum):
    """What a value belongs to: nothing (the same for all), the group, or each unit."""

    CONSTANT = 0
    GROUP = 1
    UNIT = 2


@dataclass(frozen=True, slots=True)
class Node:
    """A typed expression."""

    type: Type
    level: Level


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written in the card or folded into it for one month."""

    value: int | bool | str | date | Month


@dataclass(frozen=True, slots=True)
class FactRef(Node):
    """A fact of the group or the unit."""

    key: str


@dataclass(frozen=True, slots=True)
class UnitId(Node):
    """The identifier of the unit, which differs between any two units."""


@dataclass(frozen=True, slots=True)
class NameRef(Node):
    """A value, condition or rank defined earlier in the card."""

    name: str


@dataclass(frozen=True, slots=True)
class TableRef(Node):
    """The entry of a dated table in force in the month decided, read at its keys.

    A whole-number key finds the greatest step that is not above it; a choice finds its own entry. Unknown where a
    key is unknown or below the first step.
    """

    name: str
    keys: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid(Node):
    """A :class:`TableRef` with keys, fixed to one month: the steps of each key, and a value for each combination.

    Attributes:
        axes: For each key its steps, ascending whole numbers or choices.
        values: The values, the last key running fastest.
    """

    keys: tuple[Node, ...]
    axes: tuple[tuple[int | str, ...], ...]
    values: tuple[int, ...]


class MonthWord(StrEnum):
    """Words for the month decided, and for days that follow from it."""

    MONTH = "月"
    FIRST_DAY = "月初"
    LAST_DAY = "月末"
    YEAR_START = "年度初"
    YEAR_END = "年度末"
    ASSESSMENT_DAY = "賦課期日"


@dataclass(frozen=True, slots=True)
class MonthConstant(Node):
    """The month decided, its first or last day, the first or last day of its fiscal year, or the assessment day of
    local taxes (1 January before that year, 地方税法第39条・第318条・第359条)."""

    word: MonthWord


@dataclass(frozen=True, slots=True)
class DateCall(Node):
    """A word of the legal date vocabulary applied to a date, with its number of years, months or days."""

    function: str
    argument: Node
    number: int | None


@dataclass(frozen=True, slots=True)
class AgeOn(Node):
    """Whole years from a date to a day that is the same for all; unknown when the date lies after it."""

    argument: Node
    day: Node


class Comparison(StrEnum):
    """The six comparisons."""

    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"
    EQUAL = "="
    DIFFER = "!="


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A comparison of two values of one type."""

    comparison: Comparison
    left: Node
    right: Node


class Operation(StrEnum):
    """Arithmetic on whole numbers."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Sum, difference or product of whole numbers."""

    operation: Operation
    left: Node
    right: Node


class Rounding(StrEnum):
    """What happens to a part smaller than the unit, as acts of law say it."""

    DOWN = "切捨て"
    UP = "切上げ"
    HALF_UP = "四捨五入"


@dataclass(frozen=True, slots=True)
class Round(Node):
    """A number made whole in multiples of a unit.

    Attributes:
        item: What is rounded: ``v`` of its scale ``s`` stands for ``v / s``.
        divisor: What it is divided by before it is rounded (a whole number); unknown when zero.
        unit: The result is a multiple of this (100: 百円未満の端数). Negative numbers go towards minus infinity when
            rounded down, towards plus infinity when rounded up, and halves towards plus infinity.
    """

    rounding: Rounding
    item: Node
    divisor: Node | None
    unit: int


@dataclass(frozen=True, slots=True)
class Extreme(Node):
    """The smaller or the greater of two numbers or dates."""

    greatest: bool
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """One of two values by a condition; known also under an unknown condition when both are known and equal."""

    condition: Node
    then: Node
    otherwise: Node


class Gathering(StrEnum):
    """How a value of each unit becomes one of the group."""

    SUM = "合計"
    COUNT = "人数"
    ANY = "いずれか"
    EVERY = "全員"


@dataclass(frozen=True, slots=True)
class Gather(Node):
    """A value of the group made of a value of each of its units.

    A sum or a count is unknown when any part of it is; "any" and "every" are the three-valued or and and. Of no units
    they are 0, 0, no and yes.
    """

    gathering: Gathering
    item: Node


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Three-valued negation."""

    item: Node


@dataclass(frozen=True, slots=True)
class All(Node):
    """Three-valued conjunction."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either(Node):
    """Three-valued disjunction."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something one has to know about a group or a unit.

    Attributes:
        name: The name in the card.
        key: The stable identifier in code and columns.
        ask: The question to ask when it is not known.
        least, most: Of a number, what it can be. Back ends may rely on it: nothing computed from numbers within
            these bounds leaves 64 bits, which the checker has proved.
    """

    name: str
    key: str
    type: Type
    level: Level
    ask: Text
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class TableEntry:
    """What a dated table says from one month on.

    Attributes:
        in_force_from: First month it applies to.
        known_from: Day from which it could be known (publication); None when always known.
        by: The act that set it.
        axes, values: The steps of each key and a value for each combination, as in :class:`Grid`; without keys one
            value.
    """

    in_force_from: Month
    known_from: date | None
    by: str
    axes: tuple[tuple[int | str, ...], ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A dated table: one entry at any month, each from its month until the next.

    Attributes:
        keys: What it is read at: a whole number, an amount or a choice each.
    """

    name: str
    type: Type
    cite: str
    keys: tuple[Type, ...]
    entries: tuple[TableEntry, ...]

    def entry(self, month: Month, known_on: date | None = None) -> TableEntry:
        """The entry in force in a month, as far as it was known on a day (today's knowledge when None).

        Raises:
            LookupError: the table did not exist yet.
        """
        found = [
            entry
            for entry in self.entries
            if entry.in_force_from <= month
            and (known_on is None or entry.known_from is None or entry.known_from <= known_on)
        ]
        if not found:
            raise LookupError(
                f"Table {self.name} has no value for {month} as known on {known_on or 'any day'}."
            )
        return found[-1]


@dataclass(frozen=True, slots=True)
class Value:
    """A named intermediate value, kept with the decision for its explanation."""

    name: str
    cite: str
    expression: Node


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition with what it says when it holds and when it does not."""

    name: str
    cite: str
    expression: Node
    yes: Text
    no: Text


@dataclass(frozen=True, slots=True)
class Rank:
    """The place of a unit among the units of its group for which a condition holds.

    Attributes:
        among: The condition that says who is counted.
        by: The keys, the last of which is the unit's identifier: the order is total.
        same: Why it does no harm which of two equal units comes first.
    """

    name: str
    cite: str
    among: NameRef
    by: tuple[Node, ...]
    same: str


Definition = Value | Condition | Rank


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the decision table. The first row whose condition holds decides.

    Attributes:
        when: A condition over named conditions; None for "otherwise".
        pay: The amount in yen; None for "nothing".
        called: What the result is called (a stage, a class), where the act names it.
    """

    when: Node | None
    pay: Node | None
    cite: str
    called: Text | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything of a card that decides.

    Attributes:
        about: Whether it decides about each unit, or about the group as one (then no row reads a unit's own value).
    """

    about: Level
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    definitions: tuple[Definition, ...]
    rows: tuple[Row, ...]

    @property
    def kept(self) -> tuple[Definition, ...]:
        """The definitions whose values are kept with a decision: all, or those of the group when it decides about
        the group."""
        return tuple(item for item in self.definitions if level_of(item).value <= self.about.value)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The named conditions that are kept, in the order of the card's dependencies."""
        return tuple(item for item in self.kept if isinstance(item, Condition))


def level_of(definition: Definition) -> Level:
    """What a definition's value belongs to."""
    return Level.UNIT if isinstance(definition, Rank) else definition.expression.level


def children(node: Node) -> Iterator[Node]:
    """The expressions directly inside an expression."""
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """An expression of the same kind with a change made to each expression directly inside it."""
    new: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            new[field.name] = change(value)
        elif isinstance(value, tuple) and any(isinstance(item, Node) for item in value):
            new[field.name] = tuple(map(change, value))
    return replace(node, **new) if new else node


def walk(node: Node) -> Iterator[Node]:
    """An expression and all expressions inside it."""
    yield node
    for child in children(node):
        yield from walk(child)


def expressions(definition: Definition) -> tuple[Node, ...]:
    """The expressions a definition is made of."""
    if isinstance(definition, Rank):
        return (definition.among, *definition.by)
    return (definition.expression,)
