"""Reading the YAML of a card with the place of everything in it.

Nothing is decided here about meaning: this module gives plain mappings, lists and scalars with their line and
column, and collects what is missing or of the wrong form. Words are read as YAML 1.2 reads them ("no" and "on" are
text); the parser is libyaml's, which reads a large table twenty times faster than one written in Python.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from yaml import CBaseLoader
from yaml.error import MarkedYAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from yui.engines.rules.legal_dates import Month
from yui.engines.rules.problems import CardError, Problem, problem
from yui.engines.rules.texts import Language, Text

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUTHS = {
    word: truth for truth in (True, False) for word in (str(truth), str(truth).lower(), str(truth).upper())
}
WHOLE = re.compile(r"[-+]?[0-9][0-9_]*\Z")
DECIMAL = re.compile(r"[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9_]+)([eE][-+]?[0-9]+)?\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
RATIO = re.compile(r"[0-9]+(\.[0-9]+%?|%|/[0-9]+)?\Z")
CITATION_WORDS = ("条", "附則", "告示", "通知", "通達", "要綱", "別表", "ガイドライン")


def exact(text: str) -> Fraction:
    """A number as it is written: whole, decimal, percent or a ratio of whole numbers.

    Raises:
        ValueError: the text is none of these, or negative.
    Example:
        >>> exact("7.64%"), exact("1/6"), exact("1_000")
        (Fraction(191, 2500), Fraction(1, 6), Fraction(1000, 1))
    """
    plain = text.strip().replace("_", "")
    if not RATIO.match(plain):
        raise ValueError(f"“{text}” is not a number; write it like 0.0764, 7.64% or 1/6.")
    return Fraction(plain[:-1]) / 100 if plain.endswith("%") else Fraction(plain)


class Items(dict[Any, Any]):
    """A mapping of the YAML; ``places`` has the line and column of each key and of its content, counted from 0."""

    places: dict[Any, tuple[tuple[int, int], tuple[int, int]]]


class Elements(list[Any]):
    """A list of the YAML; ``places`` has the line and column of each element, counted from 0."""

    places: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of the YAML with its place (line and column counted from 1) and what it is called."""

    value: Any
    line: int
    column: int
    where: str


class Reader:
    """Takes parts out of a card and notes what is wrong with them.

    Attributes:
        problems: What was found so far. Reading goes on after a mistake, so that all are reported at once.
    """

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self._lines = text.splitlines()
        try:
            top = CBaseLoader(text).get_single_node()
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise CardError([problem("yaml", line, column, detail=error.problem or "")]) from error
        content = _content(top) if top else None
        if not isinstance(content, Items):
            raise CardError([problem("not_a_card", 1, 1)])
        self.root = Spot(content, 1, 1, "カード")

    def note(self, code: str, spot: Spot, offset: int = 0, **details: object) -> None:
        """Notes a mistake at a spot (or so many characters into it)."""
        found = problem(code, spot.line, spot.column + offset, **details)
        if found not in self.problems:
            self.problems.append(found)

    def item(self, spot: Spot, name: str, *, required: bool = True) -> Spot | None:
        """One item of a mapping; None when it is absent."""
        if not isinstance(spot.value, Items):
            self.note(
                "wrong_form",
                spot,
                where=spot.where,
                wanted_ja="「項目: 内容」の形",
                wanted_en="items with contents",
            )
            return None
        if name not in spot.value:
            if required:
                self.note("missing_item", spot, where=spot.where, item=name)
            return None
        return self._inside(spot, name, f"{spot.where} {name}" if spot is not self.root else name)

    def items(self, spot: Spot | None) -> Iterator[tuple[str, Spot]]:
        """The items of a mapping, each called by its own name."""
        if spot is None:
            return
        if not isinstance(spot.value, Items):
            self.note(
                "wrong_form",
                spot,
                where=spot.where,
                wanted_ja="「名前: 内容」の形",
                wanted_en="names with contents",
            )
            return
        for name in spot.value:
            yield str(name), self._inside(spot, name, str(name))

    def elements(self, spot: Spot | None) -> list[Spot]:
        """The elements of a list."""
        if spot is None:
            return []
        if not isinstance(spot.value, Elements):
            self.note(
                "wrong_form", spot, where=spot.where, wanted_ja="一覧（- で始まる行）", wanted_en="a list"
            )
            return []
        return [self._inside(spot, number, f"{spot.where} {number + 1}") for number in range(len(spot.value))]

    def allow(self, spot: Spot, *names: str) -> None:
        """Notes items that the language does not know."""
        if isinstance(spot.value, Items):
            for name in spot.value:
                if name not in names:
                    key = self._inside(spot, name, spot.where, key=True)
                    self.note("unknown_item", key, where=spot.where, item=name, allowed=", ".join(names))

    def text(self, spot: Spot | None) -> str:
        """A non-empty string; dates and numbers are given back as they were written."""
        if spot is None:
            return ""
        if isinstance(spot.value, Items | Elements | None | bool) or not str(spot.value).strip():
            self.note("wrong_form", spot, where=spot.where, wanted_ja="文字", wanted_en="text")
            return ""
        return str(spot.value).strip()

    def choice(self, spot: Spot | None, *allowed: str) -> str:
        """One of a few words."""
        word = self.text(spot)
        if spot is not None and word and word not in allowed:
            self.note(
                "wrong_form",
                spot,
                where=spot.where,
                wanted_ja="・".join(allowed) + "のいずれか",
                wanted_en=f"one of {', '.join(allowed)}",
            )
            return ""
        return word

    def whole(self, spot: Spot | None) -> int | None:
        """A whole number that is not negative."""
        if spot is None:
            return None
        if isinstance(spot.value, bool) or not isinstance(spot.value, int):
            self.note("not_whole", spot, value=spot.value)
            return None
        if spot.value < 0:
            self.note("negative", spot, where=spot.where)
            return None
        return int(spot.value)

    def signed(self, spot: Spot | None) -> int | None:
        """A whole number of any sign."""
        if spot is None:
            return None
        if isinstance(spot.value, bool) or not isinstance(spot.value, int):
            self.note("not_whole", spot, value=spot.value)
            return None
        return int(spot.value)

    def ratio(self, spot: Spot | None) -> Fraction | None:
        """An exact ratio: 0.0764, 7.64% or 1/6."""
        if spot is None:
            return None
        try:
            return exact(str(spot.value))
        except (ValueError, ZeroDivisionError):
            self.note("bad_ratio", spot, value=spot.value)
            return None

    def month(self, spot: Spot | None) -> Month | None:
        """A month written YYYY-MM."""
        if spot is None:
            return None
        try:
            return Month.parse(str(spot.value))
        except ValueError:
            self.note("bad_month", spot, value=spot.value)
            return None

    def day(self, spot: Spot | None) -> date | None:
        """A date written YYYY-MM-DD."""
        if spot is None:
            return None
        if type(spot.value) is date:
            return spot.value
        try:
            return date.fromisoformat(str(spot.value))
        except ValueError:
            self.note("bad_date", spot, value=spot.value)
            return None

    def sentences(self, spot: Spot | None) -> Text:
        """A sentence in all languages."""
        if spot is None:
            return Text("", "", "")
        self.allow(spot, *Language)
        parts = {}
        for language in Language:
            part = self.item(spot, language, required=False)
            if part is None or not self.text(part):
                self.note("missing_sentence", spot, where=spot.where, language=language.value)
                continue
            parts[language.value] = self.text(part)
        return Text(*(parts.get(language.value, "") for language in Language))

    def citation(self, spot: Spot) -> str:
        """The article a part of the card rests on."""
        cite = self.item(spot, "cite", required=False)
        if cite is None or cite.value is None:
            self.note("missing_citation", spot, where=spot.where)
            return ""
        text = self.text(cite)
        if text and not any(word in text for word in CITATION_WORDS):
            self.note("bad_citation", cite, where=spot.where, value=text)
        return text

    def _inside(self, spot: Spot, name: Any, where: str, *, key: bool = False) -> Spot:
        place = spot.value.places[name]
        line, column = place if isinstance(spot.value, Elements) else place[0 if key else 1]
        value = spot.value[name]
        # A quoted text begins after its quotation mark; a folded one on the line below, indented unknown to us.
        if (
            isinstance(value, str)
            and line < len(self._lines)
            and self._lines[line][column : column + 1] in ("'", '"')
        ):
            column += 1
        return Spot(value, line + 1, column + 1, where)


def _content(node: Node) -> Any:
    match node:
        case ScalarNode():
            return node.value if node.style else _word(node.value)
        case SequenceNode():
            elements = Elements(map(_content, node.value))
            elements.places = [_place(each) for each in node.value]
            return elements
        case MappingNode():
            items = Items()
            items.places = {}
            for key_node, inside in node.value:
                line, column = _place(key_node)
                key = _content(key_node)
                if isinstance(key, Items | Elements):
                    raise CardError([problem("yaml", line + 1, column + 1, detail="a name is not a word")])
                if key in items:
                    raise CardError([problem("duplicate_item", line + 1, column + 1, item=key)])
                items[key] = _content(inside)
                items.places[key] = (line, column), _place(inside)
            return items
    raise TypeError(f"YAML has no {type(node).__name__}.")


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line, node.start_mark.column


def _word(text: str) -> Any:
    """A word without quotation marks: nothing, a truth, a number, a day, or text."""
    if text in NULLS:
        return None
    if text in TRUTHS:
        return TRUTHS[text]
    if text[0] in "+-.0123456789":
        if WHOLE.match(text):
            return int(text.replace("_", ""))
        if DECIMAL.match(text):
            return float(text.replace("_", ""))
        if DAY.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                return text
    return text


def fingerprint(content: Any) -> str:
    """The version of a card: a digest of what it says, whatever its comments and layout.

    Two cards have one version exactly when every amount, article, condition and sentence agrees.
    """
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(b"yui rule card 1\n" + canonical.encode()).hexdigest()
