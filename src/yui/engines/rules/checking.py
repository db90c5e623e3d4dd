"""Names, types and levels: turns the expressions of a card into the typed form."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fractions import Fraction
from math import lcm
from typing import Any

from yui.engines.rules import ir
from yui.engines.rules.grammar import RESERVED, ExpressionError, Term, parse_expression
from yui.engines.rules.legal_dates import DATE_FUNCTIONS
from yui.engines.rules.reading import Reader, Spot, exact
from yui.engines.rules.spans import Spans

KIND_NAMES = {
    ir.Kind.YEN: ("金額（円）", "an amount in yen"),
    ir.Kind.INTEGER: ("整数", "a whole number"),
    ir.Kind.DATE: ("日付", "a date"),
    ir.Kind.MONTH: ("年月", "a month"),
    ir.Kind.BOOL: ("条件（はい・いいえ）", "a condition (yes/no)"),
    ir.Kind.ENUM: ("区分", "a choice"),
    ir.Kind.ID: ("番号", "an identifier"),
}
UNIT_ID = "番号"
EXTREMES = {"小さい方": False, "大きい方": True}
CHOOSE, AGE_ON = "場合", "満年齢"
FORMS = {
    **{
        name: f"{name}(日付{', ' if each.counts else ''}{each.counts})"
        for name, each in DATE_FUNCTIONS.items()
    },
    **{name.value: f"{name}(数, 単位)" for name in ir.Rounding},
    **{name.value: f"{name}({'数' if name is ir.Gathering.SUM else '条件'})" for name in ir.Gathering},
    **{name: f"{name}(甲, 乙)" for name in EXTREMES},
    CHOOSE: f"{CHOOSE}(条件, 甲, 乙)",
    AGE_ON: f"{AGE_ON}(日付, 基準となる日)",
}
WORDS = frozenset({*RESERVED, *FORMS, *ir.MonthWord, UNIT_ID})
NUMBERS = (ir.Kind.YEN, ir.Kind.INTEGER)


@dataclass(slots=True)
class Names:
    """What the names of a card stand for, filled as the card is read."""

    facts: dict[str, ir.Fact] = field(default_factory=dict)
    tables: dict[str, ir.Table] = field(default_factory=dict)
    key_facts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    defined: dict[str, ir.NameRef] = field(default_factory=dict)
    members: dict[str, dict[str, str]] = field(default_factory=dict)
    ranks: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    spans: Spans = field(default_factory=Spans)
    used: set[str] = field(default_factory=set)

    def all(self) -> set[str]:
        """Every name of the card and every word of the language."""
        return {*self.facts, *self.tables, *self.defined, *WORDS}


def parse(reader: Reader, spot: Spot | None) -> Term | None:
    """Reads the text of an expression; None after noting a mistake."""
    text = str(spot.value) if spot is not None and isinstance(spot.value, int) else reader.text(spot)
    if spot is None or not text:
        return None
    try:
        return parse_expression(text)
    except ExpressionError as error:
        reader.note("bad_expression", spot, error.offset, text=text)
        return None


def names_in(term: Term) -> set[str]:
    """The names an expression mentions."""
    own = {term.text} if term.form == "name" else set()
    return own.union(*(names_in(part) for part in term.parts))


class Typing:
    """Gives each part of an expression its type and level, and notes what does not fit."""

    def __init__(self, reader: Reader, names: Names, spot: Spot) -> None:
        self._reader = reader
        self._names = names
        self._spot = spot

    def node(self, term: Term) -> ir.Node | None:
        """The typed form of an expression; None after noting a mistake."""
        match term.form:
            case "number":
                return number(exact(term.text))
            case "name":
                return self._name(term)
            case "call":
                return self._call(term)
            case "not":
                item = self._condition(term.parts[0])
                return item and ir.Not(ir.BOOL, item.level, item)
            case "and" | "or":
                items = [self._condition(part) for part in term.parts]
                if None in items:
                    return None
                found = tuple(item for item in items if item is not None)
                return (ir.All if term.form == "and" else ir.Either)(ir.BOOL, _level(found), found)
            case "compare":
                return self._compare(term)
            case _:
                return self._arithmetic(term)

    def _name(self, term: Term) -> ir.Node | None:
        name, names = term.text, self._names
        names.used.add(name)
        if name in names.facts:
            fact = names.facts[name]
            return ir.FactRef(fact.type, fact.level, fact.key)
        if name in names.tables:
            return self._table(term)
        if name in names.ranks:
            self._reader.note("rank_compared", self._spot, term.offset, name=name)
            return None
        if name in names.broken:
            return None
        if name in names.defined:
            return names.defined[name]
        if name in set(ir.MonthWord):
            word = ir.MonthWord(name)
            kind = ir.MONTH if word is ir.MonthWord.MONTH else ir.DATE
            return ir.MonthConstant(kind, ir.Level.CONSTANT, word)
        if name == UNIT_ID:
            return ir.UnitId(ir.ID, ir.Level.UNIT)
        self._undefined(term)
        return None

    def _undefined(self, term: Term) -> None:
        close = _closest(term.text, self._names.all())
        self._reader.note(
            "undefined_name",
            self._spot,
            term.offset,
            name=term.text,
            hint=f"「{close}」のことですか。"
            if close
            else "facts・tables・values・conditions・ranks のどこかに書いてください。",
            hint_en=f"Did you mean “{close}”?"
            if close
            else "Define it under facts, tables, values, conditions or ranks.",
        )

    def _call(self, term: Term) -> ir.Node | None:
        name, parts = term.text, term.parts
        if name in self._names.tables:
            self._names.used.add(name)
            return self._table(term)
        if name not in FORMS:
            self._undefined(term)
            return None
        if name in DATE_FUNCTIONS:
            return self._date_call(term)
        if name in set(ir.Rounding) and len(parts) in (1, 2):
            return self._round(term)
        if name in set(ir.Gathering) and len(parts) == 1:
            return self._gather(term)
        if name in EXTREMES and len(parts) == 2:
            both = self._alike(term, self.node(parts[0]), self.node(parts[1]))
            return both and ir.Extreme(both[0].type, _level(both), EXTREMES[name], *both)
        if name == CHOOSE and len(parts) == 3:
            condition = self._condition(parts[0])
            both = self._alike(term, self.node(parts[1]), self.node(parts[2]))
            if condition is None or both is None:
                return None
            return ir.Choose(both[0].type, _level((condition, *both)), condition, *both)
        if name == AGE_ON and len(parts) == 2:
            return self._age(term)
        self._arguments(term)
        return None

    def _arguments(self, term: Term) -> None:
        self._reader.note("wrong_arguments", self._spot, term.offset, name=term.text, form=FORMS[term.text])

    def _date_call(self, term: Term) -> ir.Node | None:
        function = DATE_FUNCTIONS[term.text]
        given = term.parts[1] if len(term.parts) > 1 else None
        if len(term.parts) != (2 if function.counts else 1) or (given and not given.text.isdecimal()):
            self._arguments(term)
            return None
        argument = self.node(term.parts[0])
        if argument is None or not self._is(argument, ir.Kind.DATE, term.parts[0]):
            return None
        return ir.DateCall(ir.DATE, argument.level, term.text, argument, int(given.text) if given else None)

    def _age(self, term: Term) -> ir.Node | None:
        argument, day = self.node(term.parts[0]), self.node(term.parts[1])
        if argument is None or day is None:
            return None
        if not self._is(argument, ir.Kind.DATE, term.parts[0]) or not self._is(
            day, ir.Kind.DATE, term.parts[1]
        ):
            return None
        if day.level is not ir.Level.CONSTANT:
            self._arguments(term)
            return None
        return ir.AgeOn(ir.INTEGER, argument.level, argument, day)

    def _round(self, term: Term) -> ir.Node | None:
        inside, unit = term.parts[0], term.parts[1] if len(term.parts) > 1 else None
        if unit and not (unit.form == "number" and unit.text.isdecimal() and int(unit.text)):
            self._arguments(term)
            return None
        divisor = None
        if inside.form == "arithmetic" and inside.text == "/" and inside.parts[1].form != "number":
            divisor = self.node(inside.parts[1])
            if divisor is None or not self._is_whole(divisor, inside.parts[1]):
                return None
            inside = inside.parts[0]
        item = self.node(inside)
        if item is None or not self._is_number(item, inside):
            return None
        kind = item.type.kind
        if divisor and divisor.type.kind is ir.Kind.YEN:
            kind = ir.Kind.INTEGER
        level = _level((item, divisor) if divisor else (item,))
        return ir.Round(
            ir.Type(kind), level, ir.Rounding(term.text), item, divisor, int(unit.text) if unit else 1
        )

    def _gather(self, term: Term) -> ir.Node | None:
        gathering, inside = ir.Gathering(term.text), term.parts[0]
        item = self.node(inside) if gathering is ir.Gathering.SUM else self._condition(inside)
        if item is None or (gathering is ir.Gathering.SUM and not self._is_number(item, inside)):
            return None
        if item.level is not ir.Level.UNIT:
            self._reader.note("gathers_nothing", self._spot, term.offset, name=term.text)
            return None
        kinds = {ir.Gathering.SUM: item.type, ir.Gathering.COUNT: ir.INTEGER}
        return ir.Gather(kinds.get(gathering, ir.BOOL), ir.Level.GROUP, gathering, item)

    def _table(self, term: Term) -> ir.Node | None:
        table, facts = self._names.tables[term.text], self._names.key_facts[term.text]
        if len(term.parts) != len(table.keys):
            form = f"{table.name}({', '.join(facts)})" if facts else table.name
            self._reader.note("wrong_arguments", self._spot, term.offset, name=term.text, form=form)
            return None
        keys = []
        for part, kind, fact in zip(term.parts, table.keys, facts, strict=True):
            key = self._member(part, fact) or self.node(part)
            if key is None:
                return None
            fits = (
                kind == key.type if kind.members else key.type.kind in NUMBERS and self._is_whole(key, part)
            )
            if not fits:
                if kind.members:
                    self._is(key, ir.Kind.ENUM, part)
                return None
            keys.append(key)
        level = _level(keys) if keys else ir.Level.CONSTANT
        node = ir.TableRef(table.type, level, table.name, tuple(keys))
        for place, key in enumerate(keys):
            first = max((entry.axes[place][0] for entry in table.entries), default=0)
            if isinstance(first, int) and self._names.spans.of(key).least < first:
                self._reader.note("below_table", self._spot, term.offset, name=table.name)
                return None
        return node

    def _compare(self, term: Term) -> ir.Node | None:
        left_term, right_term = term.parts
        left, right = self._choice(left_term, right_term), self._choice(right_term, left_term)
        if left is None or right is None:
            return None
        comparison = ir.Comparison(term.text)
        ordered = comparison not in (ir.Comparison.EQUAL, ir.Comparison.DIFFER)
        if ordered and left.type.kind in (ir.Kind.BOOL, ir.Kind.ENUM, ir.Kind.ID):
            self._mismatch(term, left, right)
            return None
        both = self._alike(term, left, right)
        return both and ir.Compare(ir.BOOL, _level(both), comparison, *both)

    def _choice(self, term: Term, other: Term) -> ir.Node | None:
        """A member of an enum is known by the fact it is compared with; a rank may stand here only."""
        if term.form == "name" and term.text in self._names.ranks & self._names.defined.keys():
            self._names.used.add(term.text)
            return self._names.defined[term.text]
        return self._member(term, other.text if other.form == "name" else "") or self.node(term)

    def _member(self, term: Term, fact: str) -> ir.Node | None:
        members = self._names.members.get(fact, {})
        if term.form == "name" and term.text in members:
            return ir.Literal(self._names.facts[fact].type, ir.Level.CONSTANT, members[term.text])
        return None

    def _alike(
        self, term: Term, left: ir.Node | None, right: ir.Node | None
    ) -> tuple[ir.Node, ir.Node] | None:
        """Two values of one type; numbers are brought to one scale."""
        if left is None or right is None:
            return None
        if left.type.kind in NUMBERS and right.type.kind in NUMBERS and self._mix(left, right):
            scale = lcm(left.type.scale, right.type.scale)
            kind = ir.Kind.YEN if ir.Kind.YEN in (left.type.kind, right.type.kind) else ir.Kind.INTEGER
            return rescaled(left, kind, scale), rescaled(right, kind, scale)
        if left.type == right.type and left.type.kind not in NUMBERS:
            return left, right
        self._mismatch(term, left, right)
        return None

    def _mix(self, left: ir.Node, right: ir.Node) -> bool:
        """Yen and a plain number meet only where the number is written out or both are of one kind."""
        return (
            left.type.kind is right.type.kind or isinstance(left, ir.Literal) or isinstance(right, ir.Literal)
        )

    def _arithmetic(self, term: Term) -> ir.Node | None:
        left, right = self.node(term.parts[0]), self.node(term.parts[1])
        if left is None or right is None:
            return None
        if term.text == "/":
            return self._divided(term, left, right)
        operation = ir.Operation(term.text)
        if operation is not ir.Operation.MULTIPLY:
            both = self._alike(term, left, right) if self._numbers(term, left, right) else None
            if both and all(isinstance(each, ir.Literal) for each in both):
                return _written(operation, *both)
            return both and ir.Arithmetic(both[0].type, _level(both), operation, *both)
        kinds = (left.type.kind, right.type.kind)
        if not self._numbers(term, left, right):
            return None
        if kinds == (ir.Kind.YEN, ir.Kind.YEN):
            self._mismatch(term, left, right)
            return None
        kind = ir.Kind.YEN if ir.Kind.YEN in kinds else ir.Kind.INTEGER
        scale = left.type.scale * right.type.scale
        return ir.Arithmetic(ir.Type(kind, scale=scale), _level((left, right)), operation, left, right)

    def _numbers(self, term: Term, left: ir.Node, right: ir.Node) -> bool:
        if left.type.kind in NUMBERS and right.type.kind in NUMBERS:
            return True
        self._mismatch(term, left, right)
        return False

    def _divided(self, term: Term, left: ir.Node, right: ir.Node) -> ir.Node | None:
        """Division by a number that is written out only changes what the value is counted in."""
        by = right.value if isinstance(right, ir.Literal) else None
        if (
            not isinstance(by, int)
            or by <= 0
            or right.type.scale != 1
            or not self._numbers(term, left, right)
        ):
            self._reader.note("division", self._spot, term.offset)
            return None
        return replace(left, type=replace(left.type, scale=left.type.scale * by))

    def _condition(self, term: Term) -> ir.Node | None:
        node = self.node(term)
        return node if node is not None and self._is(node, ir.Kind.BOOL, term) else None

    def _is_number(self, node: ir.Node, term: Term) -> bool:
        return node.type.kind is ir.Kind.YEN or self._is(node, ir.Kind.INTEGER, term)

    def _is_whole(self, node: ir.Node, term: Term) -> bool:
        if not self._is_number(node, term):
            return False
        if node.type.scale != 1:
            self._reader.note("not_rounded", self._spot, term.offset, where=term.text or self._spot.where)
        return node.type.scale == 1

    def _is(self, node: ir.Node, kind: ir.Kind, term: Term) -> bool:
        if node.type.kind is kind:
            return True
        where = term.text or self._spot.where
        self._reader.note("wrong_type", self._spot, term.offset, **kinds_told(where, kind, node.type.kind))
        return False

    def _mismatch(self, term: Term, left: ir.Node, right: ir.Node) -> None:
        (left_ja, left_en), (right_ja, right_en) = KIND_NAMES[left.type.kind], KIND_NAMES[right.type.kind]
        self._reader.note(
            "type_mismatch", self._spot, term.offset,
            left=left_ja, right=right_ja, left_en=left_en, right_en=right_en, operator=term.text,
        )  # fmt: skip


def number(value: Fraction) -> ir.Literal:
    """A number that is written out: its numerator, counted in its denominator."""
    return ir.Literal(ir.Type(ir.Kind.INTEGER, scale=value.denominator), ir.Level.CONSTANT, value.numerator)


def _written(operation: ir.Operation, left: ir.Node, right: ir.Node) -> ir.Literal:
    """The sum or difference of two numbers that are written out (there is no other way to write a negative one)."""
    one, other = (node.value if isinstance(node, ir.Literal) else 0 for node in (left, right))
    if not isinstance(one, int) or not isinstance(other, int):
        raise TypeError("Only numbers are added up as they are written.")
    sign = 1 if operation is ir.Operation.ADD else -1
    return ir.Literal(left.type, ir.Level.CONSTANT, one + sign * other)


def rescaled(node: ir.Node, kind: ir.Kind, scale: int) -> ir.Node:
    """The same number as a kind, counted in smaller parts."""
    factor = scale // node.type.scale
    if isinstance(node, ir.Literal) and isinstance(node.value, int):
        return ir.Literal(ir.Type(kind, scale=scale), node.level, node.value * factor)
    if factor == 1:
        return node
    by = ir.Literal(ir.INTEGER, ir.Level.CONSTANT, factor)
    return ir.Arithmetic(ir.Type(kind, scale=scale), node.level, ir.Operation.MULTIPLY, node, by)


def typed(reader: Reader, names: Names, spot: Spot, term: Term, *kinds: ir.Kind) -> ir.Node | None:
    """The typed form of an expression that must be of one of some kinds, and whose numbers stay within 64 bits."""
    node = Typing(reader, names, spot).node(term)
    if node is not None and not names.spans.fits(node):
        reader.note("too_large", spot, where=spot.where)
        return None
    if node is not None and kinds and node.type.kind not in kinds:
        reader.note("wrong_type", spot, **kinds_told(spot.where, kinds[0], node.type.kind))
        return None
    return node


def kinds_told(where: str, wanted: ir.Kind, found: ir.Kind) -> dict[str, Any]:
    """The details of a ``wrong_type`` problem."""
    (wanted_ja, wanted_en), (found_ja, found_en) = KIND_NAMES[wanted], KIND_NAMES[found]
    return {
        "where": where,
        "wanted": wanted_ja,
        "wanted_en": wanted_en,
        "found": found_ja,
        "found_en": found_en,
    }


def _level(nodes: Iterable[ir.Node]) -> ir.Level:
    return max((node.level for node in nodes), key=lambda level: level.value)


def _closest(name: str, known: set[str]) -> str:
    """A known name that differs from a misspelt one in little, or nothing."""
    found = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def unreachable(rows: list[Term | None]) -> list[int]:
    """Rows of a first-match table that can never decide, whatever its conditions are.

    Conditions are taken as independent of each other. Each is a column of a truth table held as one big number,
    so that a table over sixteen conditions is a few operations on numbers of 65,536 bits.

    Args:
        rows: The condition of each row; None for "otherwise".
    Complexity:
        2^(number of conditions) bits per row; tables over more than sixteen conditions are not examined.
    """
    atoms = sorted(set().union(*(names_in(row) for row in rows if row is not None)))
    if len(atoms) > 16:
        return []
    size = 1 << len(atoms)
    everything = (1 << size) - 1
    columns = {atom: _column(number, size) for number, atom in enumerate(atoms)}

    def cases(term: Term) -> int:
        match term.form:
            case "name":
                return columns[term.text]
            case "not":
                return everything & ~cases(term.parts[0])
            case "and":
                result = everything
                for part in term.parts:
                    result &= cases(part)
                return result
            case _:
                result = 0
                for part in term.parts:
                    result |= cases(part)
                return result

    left, found = everything, []
    for number, row in enumerate(rows):
        matched = everything if row is None else cases(row)
        if not matched & left:
            found.append(number)
        left &= ~matched
    return found


def _column(number: int, size: int) -> int:
    """The truth-table column of one condition: runs of 2^number zeros and ones."""
    run = 1 << number
    pattern, width = ((1 << run) - 1) << run, 2 * run
    while width < size:
        pattern |= pattern << width
        width *= 2
    return pattern
