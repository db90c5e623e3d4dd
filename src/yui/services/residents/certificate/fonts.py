"""Which font has the glyph of each character, variation sequences included.

A typesetter falls back without a word: to the base form of a variation sequence, or to a box. On a certificate either
is a wrong name. So every character is looked up in the fonts' own tables first, and set in a font that has it.

Source:
    Unicode Technical Standard 37 (variation sequences); OpenType cmap, format 14. Collections must not be mixed:
    Moji_Joho (IPAmj) counts from U+E0102, Adobe-Japan1 (Noto) uses U+E0100; the table of each font decides.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings
from fontTools.ttLib import TTFont

from yui.kernel.text.public import graphemes

PREFERRED = (
    "IPAmjMincho",
    "Noto Serif CJK JP",
    "Noto Serif JP",
    "BIZ UDMincho",
    "IPAexMincho",
    "IPAMincho",
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "BIZ UDGothic",
)
"""Families looked at in this order, after those of the installation's own folders."""

_REGULAR = 400


@dataclass(frozen=True)
class Run:
    """A stretch of text set in one font."""

    family: str
    text: str


class GlyphsMissing(LookupError):
    """No font found here has some characters.

    Attributes:
        characters: what is missing, each with its variation selector.
    """

    def __init__(self, characters: Sequence[str]) -> None:
        super().__init__(" ".join("+".join(f"U+{ord(c):04X}" for c in g) for g in characters))
        self.characters = tuple(characters)


@dataclass(frozen=True)
class Font:
    """A font file found on this machine, and what it can show."""

    family: str
    path: str
    plain: frozenset[int]
    varied: frozenset[tuple[int, int]]

    def has(self, grapheme: str) -> bool:
        """Whether the font has the glyph of one character as a reader sees it."""
        points = [ord(character) for character in grapheme]
        for position, point in enumerate(points):
            if _is_selector(point):
                if position == 0 or (points[position - 1], point) not in self.varied:
                    return False
            elif point not in self.plain:
                return False
        return True


def split_runs(text: str, fonts: Sequence[Font]) -> list[Run]:
    """Set each character in the first font that has it.

    Raises:
        GlyphsMissing: no font has some of them.
    """
    runs: list[Run] = []
    missing: list[str] = []
    for grapheme in graphemes(text):
        font = next((font for font in fonts if font.has(grapheme)), None)
        if font is None:
            missing.append(grapheme)
        elif runs and runs[-1].family == font.family:
            runs[-1] = Run(font.family, runs[-1].text + grapheme)
        else:
            runs.append(Run(font.family, grapheme))
    if missing:
        raise GlyphsMissing(list(dict.fromkeys(missing)))
    return runs


def find_fonts(needed: Iterable[str] = ()) -> list[Font]:
    """Usable fonts, best first; one that lacks any of the ``needed`` characters comes after those that have them all.

    Fonts of the installation's own folders (``YUI_FONTS``) come before those of the system.
    """
    folders = tuple(settings.FONT_FOLDERS)
    fonts = list(_fonts(folders, bool(getattr(settings, "FONT_SYSTEM", True))))
    points = [character for character in dict.fromkeys("".join(needed)) if not character.isspace()]
    return sorted(fonts, key=lambda font: not all(font.has(point) for point in points))


def font_folders() -> list[str]:
    """The installation's own folders that exist."""
    return [folder for folder in settings.FONT_FOLDERS if folder and Path(folder).is_dir()]


@lru_cache(maxsize=8)
def _fonts(folders: tuple[str, ...], system: bool) -> tuple[Font, ...]:
    paths = [Path(folder) for folder in folders if folder and Path(folder).is_dir()]
    faces = typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=paths).fonts()
    ranked: dict[str, tuple[int, str, int]] = {}
    for face in faces:
        if face.path is None:
            continue
        own = any(
            os.path.commonpath([face.path, folder]) == str(folder) for folder in map(os.path.abspath, paths)
        )
        if face.style != "normal" or face.weight != _REGULAR or not (own or face.family in PREFERRED):
            continue
        rank = -1 if own else PREFERRED.index(face.family)
        if face.family not in ranked or rank < ranked[face.family][0]:
            ranked[face.family] = (rank, face.path, face.index)
    ordered = sorted(ranked.items(), key=lambda item: (item[1][0], item[0]))
    return tuple(_read(family, path, index) for family, (_, path, index) in ordered)


def _read(family: str, path: str, index: int) -> Font:
    with TTFont(path, fontNumber=index, lazy=True) as font:
        table = font["cmap"]
        varied = {
            (point, selector)
            for subtable in table.tables
            if subtable.format == 14
            for selector, pairs in subtable.uvsDict.items()
            for point, _glyph in pairs
        }
        return Font(family, path, frozenset(table.getBestCmap() or {}), frozenset(varied))


def _is_selector(point: int) -> bool:
    return 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF
