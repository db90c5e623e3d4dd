"""What every number of a card can be, from the bounds of its facts: the proof that nothing leaves 64 bits.

Back ends that count in 64 bits and wrap silently are safe because of this, and a table read at a number is known to
have an entry for it.
"""

from dataclasses import dataclass

from yui.engines.rules import ir

GROUP_LIMIT = 10_000
"""Most units a group may have."""
LIMIT = 2**61
"""Numbers stay below this, which leaves a factor of two for rounding halves in 64 bits."""
OLDEST = 150


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the most a number can be, both inclusive."""

    least: int
    most: int


class Spans:
    """Bounds of numbers, remembered by the name of facts, tables and definitions."""

    def __init__(self) -> None:
        self._facts: dict[str, Span] = {}
        self._tables: dict[str, Span] = {}
        self._defined: dict[str, Span] = {}

    def add_fact(self, fact: ir.Fact) -> None:
        """Takes the bounds that a fact states."""
        self._facts[fact.key] = Span(fact.least, fact.most)

    def add_table(self, table: ir.Table) -> None:
        """Takes the least and the greatest value a table ever had."""
        values = [value for entry in table.entries for value in entry.values] or [0]
        self._tables[table.name] = Span(min(values), max(values))

    def define(self, name: str, node: ir.Node | None) -> None:
        """Takes the bounds of a named value; without an expression, those of a place in a group."""
        self._defined[name] = Span(0, GROUP_LIMIT) if node is None else self.of(node)

    def fits(self, node: ir.Node) -> bool:
        """Whether an expression, and every number on the way to it, stays within the limit."""
        for part in ir.walk(node):
            if part.type.kind not in (ir.Kind.YEN, ir.Kind.INTEGER):
                continue
            span = self.of(part)
            if not -LIMIT < span.least <= span.most < LIMIT:
                return False
            if isinstance(part, ir.Round):
                divisor = self.of(part.divisor).most if part.divisor else 1
                if part.item.type.scale * part.unit * divisor >= LIMIT:
                    return False
        return True

    def of(self, node: ir.Node) -> Span:
        """The bounds of a number."""
        match node:
            case ir.Literal(value=int(value)):
                return Span(value, value)
            case ir.FactRef(key=key):
                return self._facts.get(key, Span(0, 0))
            case ir.TableRef(name=name):
                return self._tables[name]
            case ir.NameRef(name=name):
                return self._defined.get(name, Span(0, 0))
            case ir.AgeOn():
                return Span(0, OLDEST)
            case ir.Arithmetic(operation=operation, left=left, right=right):
                return _combined(operation, self.of(left), self.of(right))
            case ir.Round(item=item, divisor=divisor, unit=unit):
                return _rounded(
                    self.of(item), item.type.scale, self.of(divisor) if divisor else Span(1, 1), unit
                )
            case ir.Extreme(greatest=greatest, left=left, right=right):
                one, other, pick = self.of(left), self.of(right), max if greatest else min
                return Span(pick(one.least, other.least), pick(one.most, other.most))
            case ir.Choose(then=then, otherwise=otherwise):
                one, other = self.of(then), self.of(otherwise)
                return Span(min(one.least, other.least), max(one.most, other.most))
            case ir.Gather(gathering=ir.Gathering.SUM, item=item):
                span = self.of(item)
                return Span(min(0, span.least) * GROUP_LIMIT, max(0, span.most) * GROUP_LIMIT)
            case ir.Gather():
                return Span(0, GROUP_LIMIT)
        return Span(0, 0)


def _combined(operation: ir.Operation, left: Span, right: Span) -> Span:
    if operation is ir.Operation.ADD:
        return Span(left.least + right.least, left.most + right.most)
    if operation is ir.Operation.SUBTRACT:
        return Span(left.least - right.most, left.most - right.least)
    corners = [one * other for one in (left.least, left.most) for other in (right.least, right.most)]
    return Span(min(corners), max(corners))


def _rounded(item: Span, scale: int, divisor: Span, unit: int) -> Span:
    """Whatever way it is rounded, the result lies less than one unit outside the exact bounds."""
    divisors = {max(1, divisor.least), max(1, divisor.most)}
    exact = [end // (scale * by) for end in (item.least, item.most) for by in divisors]
    below = min(exact)
    # A sum that cannot be negative stays so when it is rounded.
    return Span(max(0, below - unit) if item.least >= 0 else below - unit, max(exact) + unit)
