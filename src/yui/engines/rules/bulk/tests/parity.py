"""What a back end that speaks SQL is given and has to give back, for groups that the Python back end decides too."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yui
from yui.engines.rules import ir
from yui.engines.rules.bulk import layout
from yui.engines.rules.bulk.tests.drawing import as_columns
from yui.engines.rules.bulk.tests.words import WORDS
from yui.engines.rules.card import Card
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.logic import bounds
from yui.engines.rules.public import FactValue, Group, evaluate
from yui.engines.rules.tests.cards import CARD, HOUSEHOLD, vocabulary

FILES = sorted(Path(yui.__file__).parent.glob("services/*/cards/*/[0-9]*.yaml"))
SOURCES: dict[str, str | Path] = {
    "heating_aid": CARD,
    "water_charge": HOUSEHOLD,
    "every_word": WORDS,
    "vocabulary": vocabulary(),
    **{f"{path.parent.name}-{path.stem}": path for path in FILES},
}
"""The made-up cards, and all versions of all cards there are."""
SQL_TYPES = {ir.Kind.DATE: "date", ir.Kind.BOOL: "boolean", ir.Kind.ENUM: "text"}
Decided = dict[tuple[int, str], tuple[str, int | None, int, dict[str, bool | None], tuple[Any, ...]]]
"""Effect, amount, row, conditions, and the bounds of each value, by number of the group and identifier of the unit."""


def tables(
    card: Card, groups: Sequence[Group]
) -> Iterator[tuple[str, dict[str, str], list[tuple[Any, ...]]]]:
    """The relations to read: name, SQL type of each column, rows."""
    kinds = {fact.key: SQL_TYPES.get(fact.type.kind, "bigint") for fact in card.rules.facts}
    kinds |= {layout.GROUP_ID: "bigint", layout.UNIT_ID: "text"}
    for name, columns in zip(("groups", "units"), as_columns(card, groups), strict=True):
        if name == "groups" or layout.reads_units(card):
            yield name, {key: kinds[key] for key in columns}, list(zip(*columns.values(), strict=True))


def statements(card: Card, groups: Sequence[Group], kind: str = "TABLE") -> Iterator[str]:
    """The SQL that makes and fills the relations, in a form that every engine takes."""
    for name, columns, rows in tables(card, groups):
        typed = (f'"{key}" {type_}' for key, type_ in columns.items())
        yield f"CREATE {kind} {name} ({', '.join(typed)})"
        for start in range(0, len(rows), 1000):
            written = (f"({', '.join(map(_written, row))})" for row in rows[start : start + 1000])
            yield f"INSERT INTO {name} VALUES {', '.join(written)}"


def _written(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, bool | int) else f"'{value}'"


def decided(card: Card, month: Month, groups: Sequence[Group]) -> Decided:
    """What the Python back end decides."""
    names = [item.name for item in layout.value_columns(card).values()]
    return {
        (number, outcome.unit_id): (
            outcome.effect.value,
            outcome.amount_yen,
            outcome.row,
            dict(outcome.conditions),
            tuple(tuple(map(_plain, bounds(outcome.values[name]))) for name in names),
        )
        for number, group in enumerate(groups)
        for outcome in evaluate(card, month, group)
    }


def _plain(value: FactValue) -> Any:
    return value.index if isinstance(value, Month) else value


def read(card: Card, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Decided:
    """What a SELECT with values gave, in the form of :func:`decided`."""
    found: Decided = {}
    for each in rows:
        row = dict(zip(names, each, strict=True))
        key = (row[layout.GROUP_ID], str(row.get(layout.UNIT_ID, "")))
        assert key not in found, "one row for each"
        found[key] = (
            row[layout.EFFECT],
            row[layout.AMOUNT],
            row[layout.ROW],
            layout.unpack(card, *(row[name] for name in layout.vectors(card))),
            tuple((row[name], row.get(f"{name}_most", row[name])) for name in layout.value_columns(card)),
        )
    return found


def same(found: Decided, expected: Decided) -> None:
    """Fails with the first difference, so that it can be read."""
    for key, outcome in expected.items():
        assert found.get(key) == outcome, key
    assert len(found) == len(expected)
