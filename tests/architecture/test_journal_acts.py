"""Every act that code journals has a text that a resident understands, and every text is used."""

import ast
from pathlib import Path

import yui
from yui.kernel.services import all_acts

SOURCE = Path(yui.__file__).parent
WRITERS = {"record", "record_for_each", "EntryDraft", "record_read"}


def journalled() -> set[str]:
    """Act codes written as literals in the code."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in WRITERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def test_every_act_has_a_text() -> None:
    assert journalled() - set(all_acts()) == set()
