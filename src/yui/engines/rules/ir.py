"""The typed form of a card: what every back end reads, and nothing about how it is run.

The tree holds no Python objects but numbers, strings, dates and months, and no node reaches outside the card.
A back end walks :attr:`Rules.definitions` in order: each definition uses only facts, tables and earlier
definitions, so each is one column (Python list, SQL select expression, Polars expression).
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum, StrEnum

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
    """A kind of value, for an enum with its members (stable identifiers)."""

    kind: Kind
    members: tuple[str, ...] = ()


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
    """The entry of a dated table in force in the month decided."""

    name: str


class MonthWord(StrEnum):
    """Words for the month decided: the month itself, its first and its last day."""

    MONTH = "月"
    FIRST_DAY = "月初"
    LAST_DAY = "月末"


@dataclass(frozen=True, slots=True)
class MonthConstant(Node):
    """The month decided, or its first or last day."""

    word: MonthWord


@dataclass(frozen=True, slots=True)
class DateCall(Node):
    """A word of the legal date vocabulary applied to a date."""

    function: str
    argument: Node
    years: int | None


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
    """

    name: str
    key: str
    type: Type
    level: Level
    ask: Text


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One value of a dated table.

    Attributes:
        in_force_from: First month it applies to.
        known_from: Day from which it could be known (publication); None when always known.
        by: The act that set it.
    """

    in_force_from: Month
    known_from: date | None
    value: int
    by: str


@dataclass(frozen=True, slots=True)
class Table:
    """A dated table: one value at any month, each from its month until the next."""

    name: str
    type: Type
    cite: str
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
        pay: The monthly amount in yen; None for "nothing".
    """

    when: Node | None
    pay: Node | None
    cite: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything of a card that decides."""

    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    definitions: tuple[Definition, ...]
    rows: tuple[Row, ...]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The named conditions in the order of the card's dependencies."""
        return tuple(item for item in self.definitions if isinstance(item, Condition))


def children(node: Node) -> Iterator[Node]:
    """The expressions directly inside an expression."""
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


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
