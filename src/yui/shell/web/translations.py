"""Translations: which words pages and messages use, and turning catalogues into what gettext reads.

A catalogue stands beside the code that uses it (``…/locale/ja/LC_MESSAGES/django.po``) and is compiled by Babel, so
that no machine needs GNU gettext. Compiled files are never committed.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import yui

SOURCE = Path(yui.__file__).parent
LANGUAGE = "ja"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


@dataclass(frozen=True)
class Use:
    """One place that shows a message.

    Attributes:
        path: the file, relative to the package.
        line: the line in it.
        context: tells apart equal English words that differ in Japanese; "" for none.
        text: the English message.
        plural: its English plural, "" when it has none.
    """

    path: Path
    line: int
    context: str
    text: str
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What the catalogue finds it by."""
        return self.context, self.text


def list_catalogues(source: Path = SOURCE) -> list[Path]:
    """Every catalogue of the package."""
    return sorted(source.glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/django.po"))


def compile_all(source: Path = SOURCE, *, force: bool = False) -> list[Path]:
    """Compile every catalogue that changed since it was last compiled.

    Returns:
        The catalogues that were compiled now.
    """
    stale = [path for path in list_catalogues(source) if force or _is_stale(path)]
    for path in stale:
        _compile(path)
    return stale


def _compile(path: Path) -> None:
    # Only a changed catalogue needs Babel, and starting without it is quicker.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written_at = path.stat().st_mtime_ns
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGE)
    # Several processes may start at once; each puts a whole file in place.
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".new")
    with os.fdopen(descriptor, "wb") as file:
        write_mo(file, catalogue)
    Path(name).chmod(0o644)
    os.utime(name, ns=(written_at, written_at))
    Path(name).replace(path.with_suffix(".mo"))


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns != path.stat().st_mtime_ns


def list_uses(source: Path = SOURCE) -> Iterator[Use]:
    """Every message that code and templates of the package show, tests left out."""
    for path in sorted(source.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield from _uses(path, path.read_bytes(), source)
    for path in sorted(source.glob("**/templates/**/*")):
        if path.suffix in (".html", ".txt", ".xml"):
            yield from _uses(path, _as_code(path), source)


def _as_code(path: Path) -> bytes:
    """A template as calls of gettext, line by line, by Django's own converter."""
    from django.utils.translation.template import templatize

    return templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode()


def _uses(path: Path, code: bytes, source: Path) -> Iterator[Use]:
    from babel.messages.extract import extract

    for line, message, _comments, context in extract("python", BytesIO(code), keywords=KEYWORDS):
        texts = (message,) if isinstance(message, str) else message
        if texts and texts[0]:
            plural = texts[1] if len(texts) > 1 else ""
            yield Use(path.relative_to(source), line, context or "", texts[0], plural)


def read_translations(source: Path = SOURCE) -> dict[tuple[str, str], dict[Path, Sequence[str]]]:
    """What each catalogue says for each message; empty texts are left out."""
    from babel.messages.pofile import read_po

    found: dict[tuple[str, str], dict[Path, Sequence[str]]] = {}
    for path in list_catalogues(source):
        with path.open("rb") as file:
            for message in read_po(file, locale=LANGUAGE, abort_invalid=True):
                english = message.id if isinstance(message.id, str) else message.id[0]
                japanese = (
                    (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
                )
                if english and all(japanese) and not message.fuzzy:
                    found.setdefault((message.context or "", english), {})[path] = japanese
    return found


def list_missing(source: Path = SOURCE) -> list[Use]:
    """Every message without a Japanese text, once, at the first place that shows it."""
    known = read_translations(source)
    missing: dict[tuple[str, str], Use] = {}
    for use in list_uses(source):
        if use.key not in known:
            missing.setdefault(use.key, use)
    return list(missing.values())


def home_of(use: Use, source: Path = SOURCE) -> Path:
    """The catalogue a message belongs into: the one of the nearest folder that has a catalogue or is an app."""
    for folder in (source / use.path).parents:
        if (folder / "locale").is_dir() or (folder / "apps.py").exists() or folder == source:
            return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
    raise ValueError(f"{use.path} does not lie in {source}.")
