"""A font made for tests: every glyph is a box, and what it has is known exactly."""

from collections.abc import Iterable
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from yui.services.residents.certificate import contents, rendering


def form_text() -> str:
    """Every character that a form can need whatever the record says."""
    texts = (
        rendering.LAYOUT.read_text(encoding="utf-8"),
        Path(contents.__file__).read_text(encoding="utf-8"),
    )
    return "".join(map(chr, range(0x20, 0x7F))) + "\u3000令和平成昭和大正明治元" + "".join(texts)


def write_font(path: Path, family: str, text: str, varied: Iterable[tuple[str, str]] = ()) -> None:
    """Write a font that has the characters of a text and some variation sequences, and nothing else."""
    points = sorted({ord(character) for character in text if ord(character) >= 0x20})
    glyph_of = {point: f"u{point:05X}" for point in points}
    sequences = [
        (ord(base), ord(selector), f"{glyph_of[ord(base)]}.v{ord(selector):X}") for base, selector in varied
    ]
    glyphs = [".notdef", *glyph_of.values(), *(glyph for _, _, glyph in sequences)]
    pen = TTGlyphPen(None)
    for x, y in ((80, 0), (80, 800), (920, 800), (920, 0)):
        pen.lineTo((x, y)) if (x, y) != (80, 0) else pen.moveTo((x, y))
    pen.closePath()
    box = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap(glyph_of, uvs=sequences)
    builder.setupGlyf(dict.fromkeys(glyphs, box))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 80)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    # typst passes over a font without a full and a PostScript name.
    names = {
        "familyName": family,
        "styleName": "Regular",
        "fullName": family,
        "psName": family.replace(" ", ""),
    }
    builder.setupNameTable(names)
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWeightClass=400)
    builder.setupPost()
    builder.save(path)
