"""Half-width kana for the files banks exchange (全銀フォーマット): one byte a character.

Source:
    全国銀行協会「全銀協標準通信プロトコル 適用業務およびレコード・フォーマット」(令和元年12月), 付録1
    使用文字一覧: JIS X 0201; no small kana, no long-vowel mark ｰ; which symbols and letters a field admits depends on
    the kind of field.
"""

import unicodedata
from enum import StrEnum
from functools import lru_cache

from .contracts import Message, TextProblem, gettext_noop
from .kana import to_katakana
from .widths import fold_width

_KANA = frozenset(chr(c) for c in range(0xFF71, 0xFF9E)) | {"ﾞ", "ﾟ"}
_DIGITS_AND_SPACE = frozenset("0123456789 ")
_LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MARKS = "ﾞﾟ"
_TAKES_VOICED_MARK = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
_TAKES_SEMI_VOICED_MARK = frozenset("ﾊﾋﾌﾍﾎ")

# What people type for a long vowel or a hyphen: ー and ｰ are in no field, the hyphen is.
_HYPHENS = dict.fromkeys("ーｰ-－‐‑‒–—―−", "-")
_VOICING = {"ﾞ": "ﾞ", "゛": "ﾞ", "\u3099": "ﾞ", "ﾟ": "ﾟ", "゜": "ﾟ", "\u309a": "ﾟ"}
_ENLARGED = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_EDI_SYMBOLS = {"「": "｢", "｢": "｢", "」": "｣", "｣": "｣", "¥": "\\", "￥": "\\"}


class BankField(StrEnum):
    """The kinds of name field in a bank file; each admits its own characters.

    Source:
        全銀協標準通信プロトコル (令和元年12月), 付録1 使用文字一覧.
    """

    BANK_NAME = "bank_name"
    """店舗名: names of banks and branches. Kana, A–Z, 0–9, space, ``-``."""
    PARTY_NAME = "party_name"
    """口座名・受取人名・委託者名 of transfers and direct debits. As bank names, also ``( ) .``."""
    PAYROLL_NAME = "payroll_name"
    """Names in salary and bonus transfers (給与・賞与振込). Kana, 0–9 and space only."""
    EDI = "edi"
    """EDI情報. As party names, also ｦ, ``\\``, ``/``, ｢ and ｣."""


_ADMITTED = {
    BankField.BANK_NAME: _KANA | _DIGITS_AND_SPACE | _LATIN | frozenset("-"),
    BankField.PARTY_NAME: _KANA | _DIGITS_AND_SPACE | _LATIN | frozenset("()-."),
    BankField.PAYROLL_NAME: _KANA | _DIGITS_AND_SPACE,
    BankField.EDI: _KANA | _DIGITS_AND_SPACE | _LATIN | frozenset("()-./\\｢｣ｦ"),
}


class BankKanaProblem(TextProblem):
    """A name that cannot be written in a bank file as it stands.

    Attributes:
        characters: The offending characters as they were given, each once, in order; empty when the name
            is only too long.
    """

    def __init__(self, message: Message, characters: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.characters = characters


def bank_kana(text: str, field: BankField = BankField.PARTY_NAME) -> str:
    """Write a reading in the half-width characters a bank file admits.

    Hiragana and full-width katakana become half-width, a voiced kana becomes two characters, small kana
    are enlarged, the long-vowel mark becomes ``-``, Latin letters become capitals and, outside EDI
    information, ヲ becomes ｵ. Nothing is guessed: kanji, ヰ, ヱ, ヷ, the middle dot, commas and whatever
    else the field does not admit are refused. Already converted text comes back unchanged.

    Raises:
        BankKanaProblem: A character the field does not admit, or a voicing mark after a kana that cannot
            carry it.

    Source:
        全銀協標準通信プロトコル (令和元年12月), 付録1 使用文字一覧.

    Example:
        >>> bank_kana("やまだ　キャノン")
        'ﾔﾏﾀﾞ ｷﾔﾉﾝ'
        >>> bank_kana("ヨーコ")
        'ﾖ-ｺ'
    """
    converted: list[str] = []
    offending: dict[str, None] = {}
    # Composed first, so that a decomposed が (か + U+3099) is one character to name in a refusal.
    for character in unicodedata.normalize("NFC", text):
        half = _half_width(character, field)
        stray_mark = half in _MARKS and not _carries(converted[-1][-1] if converted else "", half)
        if stray_mark or any(c not in _ADMITTED[field] for c in half):
            offending[character] = None
        else:
            converted.append(half)
    if offending:
        raise BankKanaProblem(
            Message(
                "bank_characters",
                gettext_noop(
                    "A bank file does not admit these characters here: %(characters)s. "
                    "Give the name in katakana without them."
                ),
                {"characters": " ".join(_visible(c) for c in offending)},
            ),
            tuple(offending),
        )
    return "".join(converted)


def fit_bank_kana(
    text: str, width: int, field: BankField = BankField.PARTY_NAME, *, shorten: bool = False
) -> str:
    """Write a reading for a field of fixed width: converted, left-aligned, filled with spaces.

    A voiced kana takes two places. A longer text is refused, since a shortened name can be somebody
    else's; only where the name does not identify anybody (a branch name beside its code) may the caller
    ask to ``shorten``, which never parts a kana from its mark.

    Raises:
        BankKanaProblem: The text is longer than ``width``, or holds a character the field does not admit.

    Example:
        >>> fit_bank_kana("ヤマダ", 6)
        'ﾔﾏﾀﾞ  '
    """
    converted = bank_kana(text, field)
    if len(converted) > width:
        if not shorten:
            raise BankKanaProblem(
                Message(
                    "bank_too_long",
                    gettext_noop(
                        "This name takes %(length)d places in a bank file, a voiced kana counting two, "
                        "but there is room for %(width)d. Shorten it as the bank book does."
                    ),
                    {"length": len(converted), "width": width},
                )
            )
        cut = width - 1 if converted[width] in _MARKS else width
        converted = converted[:cut]
    return converted.ljust(width)


def encode_bank(text: str) -> bytes:
    """Encode converted text, one byte a character (JIS X 0201).

    Raises:
        BankKanaProblem: A character outside JIS X 0201 as bank files use it.
    """
    admitted = _ADMITTED[BankField.EDI]
    offending = dict.fromkeys(c for c in text if c not in admitted)
    if offending:
        raise BankKanaProblem(
            Message(
                "bank_encoding",
                gettext_noop("These characters have no place in a bank file: %(characters)s."),
                {"characters": " ".join(_visible(c) for c in offending)},
            ),
            tuple(offending),
        )
    return text.encode("cp932")


def _full_to_half() -> dict[str, str]:
    """Return the full-width katakana that have a half-width form, voiced ones as two characters."""
    table = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
    for full, half in list(table.items()):
        if half in _TAKES_VOICED_MARK:
            table[unicodedata.normalize("NFC", full + "\u3099")] = half + "ﾞ"
        if half in _TAKES_SEMI_VOICED_MARK:
            table[unicodedata.normalize("NFC", full + "\u309a")] = half + "ﾟ"
    return table


_HALF = _full_to_half()


@lru_cache(maxsize=4096)
def _half_width(character: str, field: BankField) -> str:
    """Return the half-width form of one character, or one that no field admits."""
    mark = _HYPHENS.get(character) or _VOICING.get(character)
    if mark:
        return mark
    if field is BankField.EDI and character in _EDI_SYMBOLS:
        return _EDI_SYMBOLS[character]
    full = to_katakana(character).translate(_ENLARGED)
    if full == "ヲ" and field is not BankField.EDI:
        full = "オ"
    # Not NFKC for the rest: it would make 20 of ⑳ and キロ of ㌔, which nobody wrote.
    folded = fold_width(full)
    return _HALF.get(full) or (folded.upper() if folded.isascii() else folded)


def _carries(before: str, mark: str) -> bool:
    return before in (_TAKES_VOICED_MARK if mark == "ﾞ" else _TAKES_SEMI_VOICED_MARK)


def _visible(character: str) -> str:
    if character.isprintable() and not unicodedata.combining(character):
        return character
    return f"U+{ord(character):04X}"
