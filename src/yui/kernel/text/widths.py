"""Full-width Latin letters, digits and symbols as ordinary ones."""

import re

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WIDE_DIGITS = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}


def fold_digits(text: str) -> str:
    """Return the text with full-width digits as ASCII digits; all else is kept.

    Example:
        >>> fold_digits("１２３番地")
        '123番地'
    """
    return text.translate(_WIDE_DIGITS)


def fold_width(text: str) -> str:
    """Return the text with full-width ASCII and the ideographic space as ordinary characters.

    Kana, kanji and compatibility characters such as ① or ㈱ are kept, unlike under NFKC.

    Example:
        >>> fold_width("Ａ－１　山田①")
        'A-1 山田①'
    """
    return text.translate(_WIDE)


def squeeze_spaces(text: str) -> str:
    """Return the text without outer spaces and with each inner run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()
