"""A card: one programme as in force between two months, read from YAML and checked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from yui.engines.rules import ir
from yui.engines.rules.checking import (
    NUMBERS,
    UNIT_ID,
    WORDS,
    Names,
    kinds_told,
    names_in,
    parse,
    typed,
    unreachable,
)
from yui.engines.rules.grammar import Term
from yui.engines.rules.law import Law, read_confidence, read_law
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.problems import CardError
from yui.engines.rules.reading import Reader, Spot, fingerprint
from yui.engines.rules.tables import TableKeys, read_entries
from yui.engines.rules.texts import Text

# Far above what occurs, and low enough that sums over a group and products with rates stay exact.
USUAL_MOST = {ir.Kind.YEN: 10**11, ir.Kind.INTEGER: 10**5}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NAME = re.compile(r"[0-9]*[^\W\d]\w*\Z")


class Sense(StrEnum):
    """What an amount is to those it is decided for: paid to them (支給額), owed by them (賦課額), or a sum that others
    are measured against (基準額, 限度額)."""

    BENEFIT = "benefit"
    CHARGE = "charge"
    STANDARD = "standard"


class Period(StrEnum):
    """What an amount is for: one month (月額), a fiscal year (年額), or once (一時金)."""

    MONTH = "month"
    FISCAL_YEAR = "fiscal_year"
    ONCE = "once"


@dataclass(frozen=True, eq=False)
class Card:
    """One version of a programme, checked and ready to decide. Cards of one version are equal.

    Attributes:
        id: Stable identifier of the programme (``child_allowance``).
        version: Digest of everything the card says; stored with every decision.
        in_force_from: First month it decides.
        in_force_until: First month it no longer decides; None while in force.
        known_from: Day of publication of the act that made this version.
        confidence: ``primary`` (read in the text of the law), ``secondary`` (several official pages agree) or
            ``general`` (general knowledge).
        check: What is to be checked against the primary text.
        unit, group: What is decided about, and whom it belongs to.
        sense, period: What the amount is, and what it is for.
        payment_months: Months of the year in which the months before are paid; empty when not monthly.
        payment_cite: Their article.
        claim_days: Days after an event within which a claim counts as made on the day of the event.
        claim_cite: Its article.
        rules: The typed form.
    """

    id: str
    version: str
    programme: Text
    law: Law
    in_force_from: Month
    in_force_until: Month | None
    known_from: date | None
    confidence: str
    check: str
    unit: Text
    group: Text
    sense: Sense
    period: Period
    payment_months: tuple[int, ...]
    payment_cite: str
    claim_days: int
    claim_cite: str
    rules: ir.Rules = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Card) and other.version == self.version

    def __hash__(self) -> int:
        return hash(self.version)

    def decides(self, month: Month) -> bool:
        """Whether the card is in force in a month."""
        return self.in_force_from <= month and (self.in_force_until is None or month < self.in_force_until)

    @cached_property
    def tables(self) -> dict[str, ir.Table]:
        """The dated tables by name."""
        return {table.name: table for table in self.rules.tables}

    @cached_property
    def group_keys(self) -> frozenset[str]:
        """Keys of the facts of a group."""
        return frozenset(fact.key for fact in self.rules.facts if fact.level is ir.Level.GROUP)

    @cached_property
    def unit_keys(self) -> frozenset[str]:
        """Keys of the facts of a unit."""
        return frozenset(fact.key for fact in self.rules.facts if fact.level is ir.Level.UNIT)


def load_card(source: str | Path) -> Card:
    """Reads and checks a card.

    Args:
        source: The path of a YAML file, or the YAML text itself (anything with a line break).
    Raises:
        CardError: the card has mistakes; all are listed with line and column.
        OSError: the file cannot be read.
    """
    if isinstance(source, Path) or "\n" not in source:
        return _Loading(Path(source).read_text(encoding="utf-8"), str(source)).card()
    return _Loading(source, "").card()


class _Loading:
    def __init__(self, text: str, source: str) -> None:
        self.reader = Reader(text)
        self.names = Names()
        self.source = source

    def card(self) -> Card:
        reader, root = self.reader, self.reader.root
        reader.allow(
            root, "card", "programme", "law", "in_force", "known_from", "confidence", "check", "unit", "group",
            "decides", "sense", "period", "payment", "claim",
            "facts", "tables", "values", "conditions", "ranks", "decide",
        )  # fmt: skip
        period = reader.item(root, "in_force")
        start = reader.month(reader.item(period, "from")) if period else None
        until = reader.month(reader.item(period, "until", required=False)) if period else None
        if period and start and until and not start < until:
            reader.note("period_order", period)
        decides = reader.choice(reader.item(root, "decides", required=False), "unit", "group")
        about = ir.Level.GROUP if decides == "group" else ir.Level.UNIT
        facts = self._facts()
        tables = self._tables(start)
        definitions = self._definitions(about)
        rows = self._rows(about)
        self._unused()
        payment = reader.item(root, "payment", required=False)
        claim = reader.item(root, "claim", required=False)
        months = (
            [reader.whole(spot) for spot in reader.elements(reader.item(payment, "months"))]
            if payment
            else []
        )
        card = Card(
            id=reader.text(reader.item(root, "card")),
            version=fingerprint(root.value),
            programme=reader.sentences(reader.item(root, "programme")),
            law=read_law(reader),
            in_force_from=start or Month(1, 1),
            in_force_until=until,
            known_from=reader.day(reader.item(root, "known_from", required=False)),
            confidence=read_confidence(reader),
            check=reader.text(reader.item(root, "check", required=False)),
            unit=reader.sentences(reader.item(root, "unit")),
            group=reader.sentences(reader.item(root, "group")),
            sense=Sense(reader.choice(reader.item(root, "sense", required=False), *Sense) or Sense.BENEFIT),
            period=Period(
                reader.choice(reader.item(root, "period", required=False), *Period) or Period.MONTH
            ),
            payment_months=tuple(month for month in months if month is not None),
            payment_cite=reader.citation(payment) if payment else "",
            claim_days=(reader.whole(reader.item(claim, "days")) or 0) if claim else 0,
            claim_cite=reader.citation(claim) if claim else "",
            rules=ir.Rules(about, tuple(facts), tuple(tables), tuple(definitions), tuple(rows)),
        )
        if reader.problems:
            raise CardError(reader.problems, self.source)
        return card

    def _claim_name(self, name: str, spot: Spot) -> bool:
        if name in self.names.all() - {UNIT_ID} - WORDS:
            self.reader.note("duplicate_name", spot, name=name)
            return False
        if not NAME.match(name) or name in WORDS:
            self.reader.note("bad_name", spot, name=name)
            return False
        return True

    def _facts(self) -> list[ir.Fact]:
        reader = self.reader
        facts: list[ir.Fact] = []
        for name, spot in reader.items(reader.item(reader.root, "facts")):
            reader.allow(spot, "of", "key", "type", "choices", "least", "most", "ask")
            level = reader.choice(reader.item(spot, "of"), "group", "unit")
            kind = reader.choice(
                reader.item(spot, "type"), *(kind for kind in ir.Kind if kind is not ir.Kind.ID)
            )
            members: dict[str, str] = {}
            if kind == ir.Kind.ENUM:
                members = {
                    member: reader.text(key) for member, key in reader.items(reader.item(spot, "choices"))
                }
            key = reader.text(reader.item(spot, "key"))
            ask = reader.sentences(reader.item(spot, "ask"))
            if not self._claim_name(name, spot) or not level or not kind:
                continue
            if any(fact.key == key and fact.level.name.lower() == level for fact in facts):
                reader.note("duplicate_name", spot, name=key)
            belongs = ir.Level.GROUP if level == "group" else ir.Level.UNIT
            least, most = self._bounds(spot, ir.Kind(kind))
            fact = ir.Fact(
                name, key, ir.Type(ir.Kind(kind), tuple(members.values())), belongs, ask, least, most
            )
            self.names.facts[name] = fact
            self.names.spans.add_fact(fact)
            self.names.members[name] = members
            facts.append(fact)
        return facts

    def _bounds(self, spot: Spot, kind: ir.Kind) -> tuple[int, int]:
        if kind not in USUAL_MOST:
            return 0, 0
        least = self.reader.signed(self.reader.item(spot, "least", required=False)) or 0
        most = self.reader.whole(self.reader.item(spot, "most", required=False)) or USUAL_MOST[kind]
        if least > most:
            self.reader.note("bounds", spot, where=spot.where)
        return least, most

    def _tables(self, start: Month | None) -> list[ir.Table]:
        reader, names = self.reader, self.names
        for name, spot in reader.items(reader.item(reader.root, "tables", required=False)):
            reader.allow(spot, "cite", "type", "keys", "values")
            kind = reader.choice(reader.item(spot, "type"), ir.Kind.YEN, ir.Kind.INTEGER, "ratio")
            cite = reader.citation(spot)
            keys = TableKeys.read(reader, names, name, reader.item(spot, "keys", required=False))
            entries, scale = read_entries(reader, name, kind, keys, reader.item(spot, "values"), start)
            if self._claim_name(name, spot) and kind:
                yen = ir.Kind.YEN if kind == ir.Kind.YEN else ir.Kind.INTEGER
                table = ir.Table(name, ir.Type(yen, scale=scale), cite, keys.types, tuple(entries))
                names.tables[name] = table
                names.key_facts[name] = keys.facts
                names.spans.add_table(table)
        return list(names.tables.values())

    def _definitions(self, about: ir.Level) -> list[ir.Definition]:
        """Values, conditions and ranks, each after those it uses."""
        reader = self.reader
        found: dict[str, tuple[str, Spot]] = {}
        for section in ("values", "conditions", "ranks"):
            for name, spot in reader.items(reader.item(reader.root, section, required=False)):
                if section == "ranks":
                    self.names.ranks.add(name)
                if name in found:
                    reader.note("duplicate_name", spot, name=name)
                elif self._claim_name(name, spot):
                    found[name] = (section, spot)
        terms = {name: self._terms(section, spot) for name, (section, spot) in found.items()}
        uses = {
            name: set().union(*(names_in(term) for _, term in parts if term)) & found.keys()
            for name, parts in terms.items()
        }
        try:
            order = list(TopologicalSorter(uses).static_order())
        except CycleError as error:
            circle = error.args[1]
            reader.note("circular", found[circle[0]][1], names=" → ".join(circle))
            return []
        definitions = []
        for name in order:
            section, spot = found[name]
            definition = self._define(name, section, spot, terms[name])
            if definition is not None:
                definitions.append(definition)
        if about is ir.Level.GROUP:
            self._shown_for_group({item.name: item for item in definitions}, found)
        return definitions

    def _shown_for_group(
        self, definitions: dict[str, ir.Definition], found: dict[str, tuple[str, Spot]]
    ) -> None:
        """Sentences about the group cannot show what differs from unit to unit."""
        for item in definitions.values():
            if isinstance(item, ir.Condition) and ir.level_of(item) is not ir.Level.UNIT:
                for name in PLACEHOLDER.findall(item.yes.ja + item.no.ja):
                    if name in definitions and ir.level_of(definitions[name]) is ir.Level.UNIT:
                        spot = found[item.name][1]
                        self.reader.note("placeholder_level", spot, where=spot.where, name=name)

    def _terms(self, section: str, spot: Spot) -> list[tuple[Spot, Term | None]]:
        reader = self.reader
        if section != "ranks":
            reader.allow(spot, *(("is", "cite") if section == "values" else ("is", "cite", "yes", "no")))
            inside = reader.item(spot, "is")
            return [(inside, parse(reader, inside))] if inside else []
        reader.allow(spot, "among", "by", "ties", "cite")
        among = reader.item(spot, "among")
        parts = [(among, parse(reader, among))] if among else []
        return parts + [(key, parse(reader, key)) for key in reader.elements(reader.item(spot, "by"))]

    def _define(
        self, name: str, section: str, spot: Spot, terms: list[tuple[Spot, Term | None]]
    ) -> ir.Definition | None:
        reader, names = self.reader, self.names
        cite = reader.citation(spot)
        if section == "ranks":
            return self._rank(name, cite, spot, terms)
        kinds = (ir.Kind.BOOL,) if section == "conditions" else ()
        inside, term = terms[0] if terms else (spot, None)
        node = typed(reader, names, inside, term, *kinds) if term else None
        texts = [self._shown(spot, word) for word in ("yes", "no")] if section == "conditions" else []
        if node is None:
            # A name whose expression is wrong is still a name: its users get no second error.
            names.broken.add(name)
            return None
        names.defined[name] = ir.NameRef(node.type, node.level, name)
        names.spans.define(name, node)
        return (
            ir.Condition(name, cite, node, *texts) if section == "conditions" else ir.Value(name, cite, node)
        )

    def _rank(
        self, name: str, cite: str, spot: Spot, terms: list[tuple[Spot, Term | None]]
    ) -> ir.Rank | None:
        reader, names = self.reader, self.names
        nodes = [typed(reader, names, inside, term) if term else None for inside, term in terms]
        names.defined[name] = ir.NameRef(ir.INTEGER, ir.Level.UNIT, name)
        names.spans.define(name, None)
        ties = reader.item(spot, "ties", required=False)
        same = ""
        if ties is None:
            reader.note("rank_ties", spot, name=name)
        else:
            reader.allow(ties, "by", "because")
            same = reader.text(reader.item(ties, "because"))
            by = reader.item(ties, "by")
            if by is not None and reader.text(by) != UNIT_ID:
                reader.note("rank_ties", by, name=name)
        among, *keys = nodes if nodes else [None]
        if among is None or None in keys:
            return None
        if not isinstance(among, ir.NameRef) or among.type != ir.BOOL or among.level is not ir.Level.UNIT:
            reader.note("rank_among", terms[0][0], name=name)
            return None
        known = tuple(key for key in keys if key is not None)
        if len(known) != 1:
            reader.note("rank_key", spot, name=name)
            return None
        return ir.Rank(name, cite, among, (*known, ir.UnitId(ir.ID, ir.Level.UNIT)), same)

    def _shown(self, spot: Spot, word: str) -> Text:
        inside = self.reader.item(spot, word)
        text = self.reader.sentences(inside)
        values = set(self.reader.root.value.get("values") or ()) | set(
            self.reader.root.value.get("ranks") or ()
        )
        for sentence in (text.ja, text.en, text.easy):
            for name in PLACEHOLDER.findall(sentence):
                self.names.used.add(name)
                table = self.names.tables.get(name)
                if name not in values and (table is None or table.keys) and inside:
                    self.reader.note("unknown_placeholder", inside, where=spot.where, name=name)
        return text

    def _rows(self, about: ir.Level) -> list[ir.Row]:
        reader, rows = self.reader, []
        terms: list[Term | None] = []
        spots: list[Spot] = []
        whole = True
        table = reader.item(reader.root, "decide")
        for spot in reader.elements(table):
            reader.allow(spot, "if", "pay", "as", "cite")
            when, term = reader.item(spot, "if"), None
            node: ir.Node | None = None
            otherwise = when is not None and reader.text(when) == "otherwise"
            if when is not None and not otherwise:
                term = parse(reader, when)
                node = self._row_condition(when, term) if term else None
                whole = whole and node is not None
            pay = reader.item(spot, "pay")
            amount = self._amount(pay) if pay else None
            if any(part and part.level.value > about.value for part in (node, amount)):
                reader.note("row_level", spot)
            called = reader.item(spot, "as", required=False)
            rows.append(
                ir.Row(node, amount, reader.citation(spot), reader.sentences(called) if called else None)
            )
            terms.append(None if otherwise else term)
            spots.append(spot)
        if table is not None and (not terms or terms[-1] is not None):
            reader.note("no_otherwise", spots[-1] if spots else table)
        if whole:
            for number in unreachable(terms):
                reader.note("unreachable_row", spots[number])
        return rows

    def _row_condition(self, spot: Spot, term: Term) -> ir.Node | None:
        for part in _atoms(term):
            if (
                part.form != "name"
                or self.names.defined.get(part.text, ir.UnitId(ir.ID, ir.Level.UNIT)).type != ir.BOOL
            ):
                if part.form == "name" and part.text not in self.names.all():
                    continue
                self.reader.note("row_not_conditions", spot, part.offset, text=part.text)
                return None
        return typed(self.reader, self.names, spot, term, ir.Kind.BOOL)

    def _amount(self, spot: Spot) -> ir.Node | None:
        if self.reader.text(spot) == "nothing":
            return None
        term = parse(self.reader, spot)
        node = typed(self.reader, self.names, spot, term, *NUMBERS) if term else None
        if node is None:
            return None
        if node.type.scale != 1:
            self.reader.note("not_rounded", spot, where=spot.where)
        if node.type.kind is ir.Kind.INTEGER and not isinstance(node, ir.Literal):
            self.reader.note("wrong_type", spot, **kinds_told(spot.where, ir.Kind.YEN, ir.Kind.INTEGER))
        return node

    def _unused(self) -> None:
        if self.reader.problems:
            return
        for section in ("facts", "tables", "values", "conditions", "ranks"):
            for name, spot in self.reader.items(self.reader.item(self.reader.root, section, required=False)):
                if name not in self.names.used:
                    self.reader.note("unused", spot, name=name)


def _atoms(term: Term) -> Iterable[Term]:
    if term.form in ("and", "or", "not"):
        for part in term.parts:
            yield from _atoms(part)
    else:
        yield term
