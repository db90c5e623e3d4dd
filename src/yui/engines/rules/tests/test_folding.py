"""What constants decide is decided, and nothing else is changed."""

from itertools import product

import pytest

from yui.engines.rules import ir
from yui.engines.rules.folding import Folding
from yui.engines.rules.legal_dates import Month
from yui.engines.rules.logic import all_of, any_of

GROUP, UNIT, CONSTANT = ir.Level.GROUP, ir.Level.UNIT, ir.Level.CONSTANT
FOLDING = Folding(ir.Rules(UNIT, (), (), (), ()), Month(2026, 11))
NOW = ir.MonthConstant(ir.MONTH, CONSTANT, ir.MonthWord.MONTH)


def fact(key: str, level: ir.Level = GROUP, of: ir.Type = ir.BOOL) -> ir.FactRef:
    return ir.FactRef(of, level, key)


def truth(value: bool) -> ir.Literal:
    return ir.Literal(ir.BOOL, CONSTANT, value)


def number(value: int, scale: int = 1) -> ir.Literal:
    return ir.Literal(ir.Type(ir.Kind.INTEGER, scale=scale), CONSTANT, value)


def valued(node: ir.Node, facts: dict[str, bool | None]) -> bool | None:
    match node:
        case ir.Literal(value=bool(value)):
            return value
        case ir.FactRef(key=key):
            return facts[key]
    raise AssertionError(node)


@pytest.mark.parametrize("form", [ir.All, ir.Either])
def test_a_known_part_settles_it_or_is_left_out(form: type[ir.All] | type[ir.Either]) -> None:
    join = all_of if form is ir.All else any_of
    parts = (truth(True), truth(False), fact("a"), fact("b"))
    for items in product(parts, repeat=3):
        folded = FOLDING.fold(form(ir.BOOL, GROUP, items))
        kept = [folded] if not isinstance(folded, ir.All | ir.Either) else folded.items
        for a, b in product((True, False, None), repeat=2):
            facts = {"a": a, "b": b}
            assert join(valued(node, facts) for node in kept) == join(valued(node, facts) for node in items)
        assert not any(isinstance(node, ir.Literal) for node in kept if len(kept) > 1)


def test_a_way_that_the_month_closes_is_gone() -> None:
    later = ir.Compare(
        ir.BOOL, CONSTANT, ir.Comparison.ABOVE, NOW, ir.Literal(ir.MONTH, CONSTANT, Month(2026, 12))
    )
    one, other = fact("one", of=ir.YEN), fact("other", of=ir.YEN)
    assert FOLDING.fold(later) == truth(False)
    assert FOLDING.fold(ir.Choose(ir.YEN, GROUP, later, one, other)) == other
    assert FOLDING.fold(ir.Choose(ir.YEN, GROUP, ir.Not(ir.BOOL, CONSTANT, later), one, other)) == one


def test_what_is_left_is_counted_as_before() -> None:
    """Half of either way: the way that is left is halved, too."""
    halved = ir.Type(ir.Kind.YEN, scale=2)
    choice = ir.Choose(halved, GROUP, truth(True), fact("one", of=ir.YEN), number(0))
    assert FOLDING.fold(choice) == fact("one", of=halved)


def test_what_is_the_units_stays_the_units() -> None:
    """Else a sum over the units would have nothing that differs from unit to unit."""
    choice = ir.Choose(ir.YEN, UNIT, truth(False), fact("own", UNIT, ir.YEN), number(0))
    both = ir.All(ir.BOOL, UNIT, (truth(False), fact("own", UNIT)))
    assert FOLDING.fold(choice) == choice
    assert FOLDING.fold(both) == both


def test_written_numbers_are_worked_out() -> None:
    for operation, expected in (
        (ir.Operation.ADD, 10),
        (ir.Operation.SUBTRACT, 4),
        (ir.Operation.MULTIPLY, 21),
    ):
        node = ir.Arithmetic(ir.INTEGER, CONSTANT, operation, number(7), number(3))
        assert FOLDING.fold(node) == number(expected)
    for comparison in ir.Comparison:
        found = FOLDING.fold(ir.Compare(ir.BOOL, CONSTANT, comparison, number(7), number(3)))
        assert found == truth(
            comparison in (ir.Comparison.AT_LEAST, ir.Comparison.ABOVE, ir.Comparison.DIFFER)
        )
