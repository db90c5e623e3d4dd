"""Whole numbers and amounts as people and files write them."""

import re

from .contracts import Message, TextProblem, gettext_noop
from .widths import fold_width

_MINUS = str.maketrans(dict.fromkeys("▲△−‐‑‒–—―", "-"))
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?", re.ASCII)


class NumberProblem(TextProblem):
    """A text that is no whole number."""


def parse_integer(text: str) -> int:
    """Read a whole number: full-width digits, thousands commas, ▲ or △ for minus, a decimal part of zeros.

    Raises:
        NumberProblem: Anything else, including an empty text, misplaced commas, fractions, units and the
            ``-`` by which tables mean nil; what nil is worth is for the caller to say.

    Example:
        >>> parse_integer("▲１，２３４")
        -1234
    """
    folded = _plain(text)
    if not _NUMBER.fullmatch(folded):
        raise NumberProblem(
            Message("number_unreadable", gettext_noop("This is not a whole number. Write it like 1234."))
        )
    return int(folded.partition(".")[0].replace(",", ""))


def parse_yen(text: str) -> int:
    """Read an amount of yen, with or without ¥ and 円.

    Raises:
        NumberProblem: No whole number of yen; multiples such as 千円 are refused, not multiplied.

    Example:
        >>> parse_yen("¥32,500 "), parse_yen("△３００円")
        (32500, -300)
    """
    folded = _plain(text)
    # One sign of each kind at most, so that two amounts run together are not taken for one.
    match = re.fullmatch(r"(-?)[¥￥\\]?(-?[^¥￥\\円]*)円?(?:也)?", folded)
    if match is None or (match[1] and match[2].startswith("-")):
        raise NumberProblem(
            Message("yen_unreadable", gettext_noop("This is not an amount in yen. Write it like 32,500."))
        )
    return parse_integer(match[1] + match[2])


def _plain(text: str) -> str:
    # Not NFKC, which makes digits of ① and ² that nobody wrote as amounts.
    return "".join(fold_width(text).translate(_MINUS).split())
