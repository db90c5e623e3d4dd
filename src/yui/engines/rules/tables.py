"""Reading the dated tables of a card: their keys, their rows by month, and what is wrong with them."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm, prod

from yui.engines.rules import ir
from yui.engines.rules.checking import Names
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.reading import Reader, Spot

Axes = tuple[tuple[int | str, ...], ...]
KEY_WORDS = {"integer": ir.INTEGER, "yen": ir.YEN}


@dataclass(frozen=True, slots=True)
class TableKeys:
    """What a table is read at.

    Attributes:
        types: The type of each key.
        facts: For each key the name of the fact whose choices it has, or the word for its kind.
        choices: For each key the identifier by the name of a choice; None for numbers.
    """

    types: tuple[ir.Type, ...] = ()
    facts: tuple[str, ...] = ()
    choices: tuple[dict[str, str] | None, ...] = ()

    def shown(self, place: int, step: int | str) -> str:
        """A step as the card writes it."""
        names = {identifier: name for name, identifier in (self.choices[place] or {}).items()}
        return names.get(str(step), str(step))

    @classmethod
    def read(cls, reader: Reader, names: Names, table: str, spot: Spot | None) -> "TableKeys":
        """Reads the item ``keys``, noting what cannot be one."""
        types: list[ir.Type] = []
        facts: list[str] = []
        choices: list[dict[str, str] | None] = []
        for element in reader.elements(spot):
            word = reader.text(element)
            if word in KEY_WORDS:
                types.append(KEY_WORDS[word])
                choices.append(None)
            elif names.members.get(word):
                types.append(names.facts[word].type)
                choices.append(names.members[word])
                names.used.add(word)
            else:
                reader.note("bad_key", element, name=table, key=word)
                continue
            facts.append(word)
        return cls(tuple(types), tuple(facts), tuple(choices))


def read_entries(
    reader: Reader, name: str, kind: str, keys: TableKeys, spot: Spot | None, start: Month | None
) -> tuple[list[ir.TableEntry], int]:
    """Reads the item ``values``.

    Args:
        start: The first month the card decides, from which the table must have an entry.
    Returns:
        The entries, and the scale their values are counted in.
    """
    found: list[tuple[Month, ir.TableEntry, list[Fraction]]] = []
    ends: Month | None = None
    for row in reader.elements(spot):
        reader.allow(row, "from", "until", "known_from", "rows" if keys.types else "value", "by")
        month = reader.month(reader.item(row, "from"))
        known = reader.day(reader.item(row, "known_from", required=False))
        by = reader.text(reader.item(row, "by"))
        axes, values = _contents(reader, name, kind, keys, row)
        if month is None or not values:
            continue
        # Two entries from one month are right when the later one became known later (a correction).
        last = found[-1][1] if found else None
        corrected = (
            last and last.in_force_from == month and known and last.known_from and known > last.known_from
        )
        if (last and not last.in_force_from < month and not corrected) or (ends and month < ends):
            reader.note("table_order", row, name=name, month=month)
        if ends and ends < month:
            reader.note("table_gap", row, name=name, start=ends, until=month)
        ends = reader.month(reader.item(row, "until", required=False))
        found.append((month, ir.TableEntry(month, known, by, axes, ()), values))
    if spot is not None and not spot.value:
        reader.note("empty_table", spot, name=name)
    elif spot is not None and found and start and start < found[0][0]:
        reader.note("table_gap", spot, name=name, start=start, until=found[0][0])
    scale = lcm(*(value.denominator for _, _, values in found for value in values))
    return [
        ir.TableEntry(
            entry.in_force_from, entry.known_from, entry.by, entry.axes, tuple(int(v * scale) for v in values)
        )
        for _, entry, values in found
    ], scale


def _contents(
    reader: Reader, name: str, kind: str, keys: TableKeys, row: Spot
) -> tuple[Axes, list[Fraction]]:
    """The steps and values of one entry; no values after noting a mistake."""
    if not keys.types:
        value = _value(reader, kind, reader.item(row, "value"))
        return (), [] if value is None else [value]
    cells: dict[tuple[int | str, ...], Fraction] = {}
    rows = reader.item(row, "rows")
    doubled: list[tuple[int | str, ...]] = []
    for line in reader.elements(rows):
        parts = reader.elements(line)
        if len(parts) != len(keys.types) + 1:
            reader.note("bad_row", line, name=name, form=", ".join((*keys.facts, "値 value")))
            return (), []
        steps = [_step(reader, name, keys, place, part) for place, part in enumerate(parts[:-1])]
        value = _value(reader, kind, parts[-1])
        if value is None or None in steps:
            return (), []
        at = tuple(step for step in steps if step is not None)
        if at in cells:
            doubled.append(at)
        cells[at] = value
    if rows is None or not cells:
        return (), []
    axes: Axes = tuple(_axis(keys, place, cells) for place in range(len(keys.types)))
    whole = list(product(*axes))
    missing = [at for at in whole if at not in cells] + doubled
    if missing or len(cells) != prod(map(len, axes)):
        shown = "、".join("・".join(map(keys.shown, range(len(at)), at)) for at in missing[:5])
        reader.note("incomplete_table", rows, name=name, missing=shown)
        return (), []
    return axes, [cells[at] for at in whole]


def _axis(keys: TableKeys, place: int, cells: dict[tuple[int | str, ...], Fraction]) -> tuple[int | str, ...]:
    """Numbers that occur, ascending; of a choice all that there are, so that a missing one is found."""
    choices = keys.choices[place]
    if choices is not None:
        return tuple(choices.values())
    return tuple(sorted({at[place] for at in cells}, key=int))


def _step(reader: Reader, name: str, keys: TableKeys, place: int, part: Spot) -> int | str | None:
    choices = keys.choices[place]
    if choices is None:
        return reader.signed(part)
    word = reader.text(part)
    if word not in choices:
        reader.note("bad_step", part, name=name, value=word, fact=keys.facts[place])
        return None
    return choices[word]


def _value(reader: Reader, kind: str, spot: Spot | None) -> Fraction | None:
    if kind == "ratio":
        return reader.ratio(spot)
    value = reader.whole(spot)
    return None if value is None else Fraction(value)
