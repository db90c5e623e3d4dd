"""A programme laid out for readers: dated tables side by side, what changed between versions, cases in words.

The words are those of the cards as they are written, so that a page shows what a legal officer wrote.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from ruamel.yaml import YAML

from yui.engines.rules.public import Card, Case, Language, Text, write_value
from yui.procedures.programmes.catalogue import Place, load, load_table

Written = Mapping[str, Any]
ABSENT = "—"


@dataclass(frozen=True)
class WrittenCondition:
    """A condition with the expression it stands for, its two sentences and its article."""

    name: str
    expression: str
    yes: Text
    no: Text
    cite: str


@dataclass(frozen=True)
class Version:
    """One version of a programme, checked and as it is written."""

    card: Card
    written: Written

    @property
    def period(self) -> str:
        """The months it decides: ``2022-06–2024-09``, ``2024-10–``."""
        until = self.card.in_force_until
        return f"{self.card.in_force_from}–{until.plus(-1) if until else ''}"

    @property
    def by_unit(self) -> bool:
        """Whether it decides about each unit, or about the group as one."""
        return bool(self.written.get("decides", "unit") == "unit")

    @property
    def conditions(self) -> list[WrittenCondition]:
        """The conditions in the order in which they are written."""
        return [
            WrittenCondition(name, str(one["is"]), Text(**one["yes"]), Text(**one["no"]), str(one["cite"]))
            for name, one in self.written.get("conditions", {}).items()
        ]

    @property
    def results(self) -> list[tuple[str, str, str]]:
        """Named values and ranks in the order in which they are written: name, expression, article."""
        values = [(name, _is(one), str(one["cite"])) for name, one in self.written.get("values", {}).items()]
        ranks = [(name, _rank(one), str(one["cite"])) for name, one in self.written.get("ranks", {}).items()]
        return values + ranks

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """The decision table: if, pay, name of the result, article."""
        return [
            (str(row["if"]), str(row["pay"]), row.get("as", {}).get("ja", ""), str(row["cite"]))
            for row in self.written["decide"]
        ]


@dataclass(frozen=True)
class Sheet:
    """A table for people: labels on top and in the first column.

    Attributes:
        name, cite: Of a table with keys, its name and article; empty where the tables of one value stand together.
        head: The labels on top; the first is that of the first column.
        cites: Where tables stand together, the article of each row.
        notes: The act behind each date.
    """

    name: str
    cite: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """A part of a card that one version says otherwise than the version before; empty where it is absent."""

    part: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class CaseInWords:
    """A case with its situation: the facts it states itself, by the names they have in the card."""

    case: Case
    situation: tuple[str, ...]


def versions_of(place: Place) -> list[Version]:
    """Every version of a programme, oldest first.

    Raises:
        BrokenProgramme: its cards have mistakes.
    """
    loaded = load(place)
    return [Version(card, _written(loaded.texts[str(card.in_force_from)])) for card in loaded.programme.cards]


def sheets_of(versions: Sequence[Version]) -> list[Sheet]:
    """All dated tables, the versions side by side: those of one value together, the others each by itself."""
    names = dict.fromkeys(
        name for version in reversed(versions) for name in version.written.get("tables", ())
    )
    entries = {name: _entries(versions, name) for name in names}
    plain = [name for name in names if all("value" in entry.written for entry in entries[name])]
    sheets = [_together(versions, plain, entries)] if plain else []
    for name in names:
        if name not in plain:
            sheets += _keyed(versions, name, entries[name])
    return sheets


def differences_of(older: Version, newer: Version) -> list[Difference]:
    """What a version says otherwise than the one before, apart from the values of tables."""
    found = []
    for part, text in (("facts", _fact), ("values", _is), ("conditions", _is), ("ranks", _rank)):
        before, after = older.written.get(part, {}), newer.written.get(part, {})
        for name in dict.fromkeys([*after, *before]):
            old, new = (text(one[name]) if name in one else "" for one in (before, after))
            if old != new:
                found.append(Difference(part, name, old, new))
    before_rows, after_rows = ([f"{row[0]} → {row[1]}" for row in one.rows] for one in (older, newer))
    found += [Difference("decide", "", row, "") for row in before_rows if row not in after_rows]
    found += [Difference("decide", "", "", row) for row in after_rows if row not in before_rows]
    return found


def cases_in_words(place: Place, language: Language | str = Language.JA) -> list[CaseInWords]:
    """The cases of a programme with what each states beyond what is given for all.

    Raises:
        BrokenProgramme: its cards or cases have mistakes.
    """
    table, facts = load_table(place), _facts(place)
    found = []
    for case, written in zip(table.cases, _written(table.text).get("cases", ()), strict=True):
        lines = _stated(written.get("group") or {}, "group", facts, language)
        for unit in written.get("units") or ():
            stated = {key: value for key, value in unit.items() if key != "id"}
            lines.append(f"{unit['id']}: " + "、".join(_stated(stated, "unit", facts, language)))
        found.append(CaseInWords(case, tuple(lines)))
    return found


def given_in_words(place: Place, language: Language | str = Language.JA) -> list[str]:
    """The facts that hold in every case of a programme unless it says otherwise."""
    given, facts = _written(load_table(place).text).get("given") or {}, _facts(place)
    return [
        line
        for level in ("group", "unit")
        for line in _stated(given.get(level) or {}, level, facts, language)
    ]


_Facts = Mapping[tuple[str, str], tuple[str, Written]]


def _facts(place: Place) -> _Facts:
    """The facts of all versions by level and key: what each is called, and as it is written."""
    return {
        (fact["of"], fact["key"]): (name, fact)
        for text in load(place).texts.values()
        for name, fact in _written(text)["facts"].items()
    }


@dataclass(frozen=True)
class _Entry:
    since: str
    version: Version
    table: Written
    written: Written


def _entries(versions: Sequence[Version], name: str) -> list[_Entry]:
    return [
        _Entry(str(entry["from"]), version, version.written["tables"][name], entry)
        for version in versions
        if name in version.written.get("tables", {})
        for entry in version.written["tables"][name]["values"]
    ]


def _dates(versions: Sequence[Version], entries: Iterable[_Entry]) -> list[str]:
    """When something changes: the first month of each entry within its version, and of each version."""
    return sorted(
        {max(entry.since, str(entry.version.card.in_force_from)) for entry in entries}
        | {str(version.card.in_force_from) for version in versions}
    )


def _at(entries: Sequence[_Entry], date: str) -> _Entry | None:
    """The entry in force in a month, of the version in force in that month."""
    decided_by = [
        entry
        for entry in entries
        if entry.since <= date
        and str(entry.version.card.in_force_from) <= date
        and (entry.version.card.in_force_until is None or date < str(entry.version.card.in_force_until))
    ]
    return decided_by[-1] if decided_by else None


def _together(
    versions: Sequence[Version], names: Sequence[str], entries: Mapping[str, list[_Entry]]
) -> Sheet:
    dates = _dates(versions, (entry for name in names for entry in entries[name]))
    rows = []
    for name in names:
        cells = [_at(entries[name], date) for date in dates]
        values = [_number(cell.table, cell.written["value"]) if cell else ABSENT for cell in cells]
        rows.append((name, *values))
    notes = dict.fromkeys(_note(entry) for name in names for entry in entries[name])
    cites = tuple(str(entries[name][-1].table["cite"]) for name in names)
    return Sheet("", "", ("", *dates), tuple(rows), tuple(sorted(notes)), cites)


def _keyed(versions: Sequence[Version], name: str, entries: Sequence[_Entry]) -> list[Sheet]:
    cite, keys = entries[-1].table["cite"], [str(key) for key in entries[-1].table["keys"]]
    notes = tuple(dict.fromkeys(_note(entry) for entry in entries))
    if len(keys) > 1:
        return [
            _crossed(f"{name} {entry.since}–", cite, keys, entry, note)
            for entry, note in zip(entries, map(_note, entries), strict=True)
        ]
    dates = _dates(versions, entries)
    columns = [
        {step: _number(entry.table, value) for step, value in entry.written["rows"]} if entry else {}
        for entry in (_at(entries, date) for date in dates)
    ]
    steps = dict.fromkeys(step for entry in entries for step, _value in entry.written["rows"])
    ordered = sorted(steps) if all(isinstance(step, int) for step in steps) else list(steps)
    rows = tuple((_step(step), *(column.get(step, ABSENT) for column in columns)) for step in ordered)
    return [Sheet(name, cite, (keys[0], *dates), rows, notes)]


def _crossed(name: str, cite: str, keys: list[str], entry: _Entry, note: str) -> Sheet:
    """A table of several keys: the last one across, the others down."""
    values = {tuple(row[:-1]): _number(entry.table, row[-1]) for row in entry.written["rows"]}
    axes = [list(dict.fromkeys(key[place] for key in values)) for place in range(len(keys))]
    rows = tuple(
        (" / ".join(map(_step, down)), *(values.get((*down, across), ABSENT) for across in axes[-1]))
        for down in product(*axes[:-1])
    )
    head = (f"{' / '.join(keys[:-1])} ＼ {keys[-1]}", *map(_step, axes[-1]))
    return Sheet(name, cite, head, rows, (note,))


def _step(step: object) -> str:
    return f"{step:,}" if isinstance(step, int) else str(step)


def _number(table: Written, value: object) -> str:
    if table["type"] == "yen" and isinstance(value, int):
        return f"{value:,}円"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _note(entry: _Entry) -> str:
    known = entry.written.get("known_from")
    return f"{entry.since}–: {entry.written['by']}" + (f"（{known}）" if known else "")


def _fact(fact: Written) -> str:
    return f"{fact['key']} ({fact['type']})"


def _is(definition: Written) -> str:
    return str(definition["is"])


def _rank(rank: Written) -> str:
    return f"{rank['among']}: {', '.join(map(str, rank['by']))}"


def _stated(stated: Written, level: str, facts: _Facts, language: Language | str) -> list[str]:
    return [
        f"{facts[level, key][0]} {_plain(value, facts[level, key][1], language)}"
        for key, value in stated.items()
    ]


def _plain(value: object, fact: Written, language: Language | str) -> str:
    japanese = Language(language) is not Language.EN
    match value:
        case None:
            return "不明" if japanese else "unknown"
        case bool():
            return ("はい" if value else "いいえ") if japanese else ("yes" if value else "no")
        case int():
            return write_value(value, language, is_yen=True) if fact["type"] == "yen" else f"{value:,}"
        case [least, most]:
            return f"{_plain(least, fact, language)}〜{_plain(most, fact, language)}"
    return next((name for name, code in fact.get("choices", {}).items() if code == value), str(value))


@cache
def _written(text: str) -> Written:
    """A card or a table of cases as it is written; the checked form keeps no expressions to read."""
    content: Written = YAML(typ="safe").load(text)
    return content
