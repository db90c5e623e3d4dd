"""Names, types and levels: turns the expressions of a card into the typed form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from yui.engines.rules import ir
from yui.engines.rules.grammar import RESERVED, ExpressionError, Term, parse_expression
from yui.engines.rules.legal_dates import DATE_FUNCTIONS
from yui.engines.rules.reading import Reader, Spot

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
WORDS = frozenset({*RESERVED, *DATE_FUNCTIONS, *ir.MonthWord, UNIT_ID})
NUMBERS = (ir.Kind.YEN, ir.Kind.INTEGER)


@dataclass(slots=True)
class Names:
    """What the names of a card stand for, filled as the card is read."""

    facts: dict[str, ir.Fact] = field(default_factory=dict)
    tables: dict[str, ir.Type] = field(default_factory=dict)
    defined: dict[str, ir.NameRef] = field(default_factory=dict)
    members: dict[str, dict[str, str]] = field(default_factory=dict)
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
                return ir.Literal(ir.INTEGER, ir.Level.CONSTANT, int(term.text))
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
            return ir.TableRef(names.tables[name], ir.Level.CONSTANT, name)
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
        function = DATE_FUNCTIONS.get(term.text)
        if function is None:
            self._undefined(term)
            return None
        wanted = 2 if function.takes_years else 1
        years = term.parts[1] if len(term.parts) > 1 else None
        if len(term.parts) != wanted or (years is not None and years.form != "number"):
            form = f"{function.name}({'日付, 年数' if function.takes_years else '日付'})"
            self._reader.note("wrong_arguments", self._spot, term.offset, name=term.text, form=form)
            return None
        argument = self.node(term.parts[0])
        if argument is None or not self._is(argument, ir.Kind.DATE, term.parts[0]):
            return None
        return ir.DateCall(ir.DATE, argument.level, term.text, argument, int(years.text) if years else None)

    def _compare(self, term: Term) -> ir.Node | None:
        left_term, right_term = term.parts
        left, right = self._choice(left_term, right_term), self._choice(right_term, left_term)
        if left is None or right is None:
            return None
        comparison = ir.Comparison(term.text)
        ordered = comparison not in (ir.Comparison.EQUAL, ir.Comparison.DIFFER)
        numbers = left.type.kind in NUMBERS and right.type.kind in NUMBERS and self._mix(left, right)
        fits = numbers or left.type == right.type
        if not fits or (ordered and left.type.kind in (ir.Kind.BOOL, ir.Kind.ENUM, ir.Kind.ID)):
            self._mismatch(term, left, right)
            return None
        return ir.Compare(ir.BOOL, _level((left, right)), comparison, left, right)

    def _choice(self, term: Term, other: Term) -> ir.Node | None:
        """A member of an enum is known by the fact it is compared with."""
        members = self._names.members.get(other.text, {}) if other.form == "name" else {}
        if term.form == "name" and term.text in members:
            return ir.Literal(self._names.facts[other.text].type, ir.Level.CONSTANT, members[term.text])
        return self.node(term)

    def _mix(self, left: ir.Node, right: ir.Node) -> bool:
        """Yen and a plain number meet only where the number is written out or both are of one kind."""
        return left.type == right.type or isinstance(left, ir.Literal) or isinstance(right, ir.Literal)

    def _arithmetic(self, term: Term) -> ir.Node | None:
        left, right = self.node(term.parts[0]), self.node(term.parts[1])
        if left is None or right is None:
            return None
        kinds = (left.type.kind, right.type.kind)
        operation = ir.Operation(term.text)
        times = operation is ir.Operation.MULTIPLY
        yen_squared = times and kinds == (ir.Kind.YEN, ir.Kind.YEN)
        if not all(kind in NUMBERS for kind in kinds) or yen_squared or not (times or self._mix(left, right)):
            self._mismatch(term, left, right)
            return None
        result = ir.YEN if ir.Kind.YEN in kinds else ir.INTEGER
        return ir.Arithmetic(result, _level((left, right)), operation, left, right)

    def _condition(self, term: Term) -> ir.Node | None:
        node = self.node(term)
        return node if node is not None and self._is(node, ir.Kind.BOOL, term) else None

    def _is(self, node: ir.Node, kind: ir.Kind, term: Term) -> bool:
        if node.type.kind is kind:
            return True
        (wanted, wanted_en), (found, found_en) = KIND_NAMES[kind], KIND_NAMES[node.type.kind]
        where = term.text or self._spot.where
        self._reader.note(
            "wrong_type", self._spot, term.offset,
            where=where, wanted=wanted, wanted_en=wanted_en, found=found, found_en=found_en,
        )  # fmt: skip
        return False

    def _mismatch(self, term: Term, left: ir.Node, right: ir.Node) -> None:
        (left_ja, left_en), (right_ja, right_en) = KIND_NAMES[left.type.kind], KIND_NAMES[right.type.kind]
        self._reader.note(
            "type_mismatch", self._spot, term.offset,
            left=left_ja, right=right_ja, left_en=left_en, right_en=right_en, operator=term.text,
        )  # fmt: skip


def typed(reader: Reader, names: Names, spot: Spot, term: Term, *kinds: ir.Kind) -> ir.Node | None:
    """The typed form of an expression that must be of one of some kinds."""
    node = Typing(reader, names, spot).node(term)
    if node is not None and kinds and node.type.kind not in kinds:
        (wanted, wanted_en), (found, found_en) = KIND_NAMES[kinds[0]], KIND_NAMES[node.type.kind]
        reader.note(
            "wrong_type",
            spot,
            where=spot.where,
            wanted=wanted,
            wanted_en=wanted_en,
            found=found,
            found_en=found_en,
        )
        return None
    return node


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
