"""Every model and enum has its word in the glossary, once, and no word is left of something that is gone."""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from ruamel.yaml import YAML

import yui

SOURCE = Path(yui.__file__).parent
ROOT = SOURCE.parent.parent
GLOSSARY = ROOT / "docs" / "glossary.yaml"
ASKED = ("id", "en", "ja", "reading", "source")
MAY_BE_EMPTY = ("source",)
READING = re.compile(r"^[ぁ-ヿ・（）、 ]+$")  # kana, as dictionaries sort it
ENUMS = ("Enum", "StrEnum", "IntEnum", "Flag", "TextChoices", "IntegerChoices")


@dataclass(frozen=True)
class Term:
    """A class whose name is a word of our language."""

    name: str
    app: str
    where: str


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def app_of(path: Path) -> str:
    """The folder of an app, or of a room of the kernel or engines; identity and supply are floors of one app."""
    parts = path.relative_to(SOURCE).parts
    return parts[0] if parts[0] in ("identity", "supply") else parts[1].removesuffix(".py")


def enums() -> list[Term]:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            bases = [ast.unparse(base).split(".")[-1] for base in getattr(node, "bases", ())]
            if isinstance(node, ast.ClassDef) and set(bases) & set(ENUMS):
                where = f"{path.relative_to(SOURCE)}:{node.lineno}"
                found.append(Term(snake(node.name), app_of(path), where))
    return found


def models() -> list[Term]:
    return [
        Term(snake(model.__name__), config.label, f"{model.__module__}.{model.__name__}")
        for config in apps.get_app_configs()
        if config.name.startswith("yui.")
        for model in config.get_models()
    ]


def wanted() -> dict[str, Term]:
    """The id each class needs: its name, or ``app.name`` where two classes share a name."""
    terms = enums() + models()
    names = Counter(term.name for term in terms)
    return {term.name if names[term.name] == 1 else f"{term.app}.{term.name}": term for term in terms}


@pytest.fixture(scope="module")
def entries() -> list[dict[str, str]]:
    return list(YAML(typ="safe").load(GLOSSARY))


def test_every_model_and_enum_has_an_entry(entries: list[dict[str, str]]) -> None:
    known = {entry["id"] for entry in entries}
    missing = {name: term.where for name, term in wanted().items() if name not in known}
    assert missing == {}, "add them to docs/glossary.yaml: id, en, ja, reading, source, not"


def test_no_id_stands_twice(entries: list[dict[str, str]]) -> None:
    counted = Counter(entry["id"] for entry in entries)
    assert [name for name, times in counted.items() if times > 1] == []


def test_entries_are_whole(entries: list[dict[str, str]]) -> None:
    for entry in entries:
        assert set(ASKED) <= set(entry) <= {*ASKED, "not"}, entry["id"]
        assert [key for key in ASKED if not entry[key] and key not in MAY_BE_EMPTY] == [], entry["id"]
        assert READING.match(entry["reading"]), f"{entry['id']}: the reading is not kana"


def test_no_entry_is_left_over(entries: list[dict[str, str]]) -> None:
    """A word that names no class must be one that the code, the pages or the manual use."""
    texts = [
        path.read_text(encoding="utf-8").lower()
        for folder, suffixes in ((SOURCE, {".py", ".html", ".yaml", ".md"}), (ROOT / "docs", {".md"}))
        for path in folder.rglob("*")
        if path.suffix in suffixes and "_build" not in path.parts and path.name != "glossary.md"
    ]
    everything = "\n".join(texts)
    classes = set(wanted())

    def is_used(entry: dict[str, str]) -> bool:
        word = entry["id"]
        spoken = (word, word.replace("_", " "), word.replace("_", "-"), word.replace("_", ""))
        return any(form in everything for form in spoken) or any(
            part in everything for part in re.split("[・（）]", entry["ja"]) if len(part) > 1
        )

    assert [e["id"] for e in entries if e["id"] not in classes and not is_used(e)] == []
