"""Whether two ways to write an address mean the same place. Pure."""

import re
import unicodedata

_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)(?=丁目|番|号|条|線|地割)")
_ONES = re.compile(r"[〇一二三四五六七八九]+(?=丁目|番|号|条|線|地割)")
_UNITS = re.compile(r"丁目|番地の|番地|番|号室|号棟|号|の(?=\d)")
_DASHES = re.compile(r"[-\u2010-\u2015\u2212\u30fc\uff0d\uff70]")


def fold_address(text: str) -> str:
    """The form of an address that is compared: width, kanji numerals, 丁目番地号 and dashes folded.

    Example:
        >>> fold_address("本町一丁目２番地３　コーポ山田１０１号室") == fold_address("本町1-2-3コーポ山田101")
        True
    """
    folded = unicodedata.normalize("NFKC", text)
    folded = _TENS.sub(
        lambda m: str(
            (int(m[1].translate(_KANJI_DIGITS) or 1)) * 10 + int(m[2].translate(_KANJI_DIGITS) or 0)
        ),
        folded,
    )
    folded = _ONES.sub(lambda m: m[0].translate(_KANJI_DIGITS), folded)
    folded = _DASHES.sub("-", folded)
    folded = _UNITS.sub("-", folded)
    folded = re.sub(r"\s+", "", folded).replace("大字", "").replace("字", "").casefold()
    folded = re.sub(r"-+", "-", folded)
    # A dash that ends a number says nothing: 3- and 3, 1-2-コーポ and 1-2コーポ.
    return re.sub(r"-(?!\d)", "", folded)


def same_address(given: str, town: str, block: str, building: str) -> bool:
    """Whether an address as a card carries it (with prefecture and municipality) is the recorded one.

    The building may be missing on either side.
    """
    wanted = fold_address(given)
    with_building, without = fold_address(town + block + building), fold_address(town + block)
    if wanted.endswith((with_building, without)):
        return True
    # A building named on the card only: nothing but it may follow the number.
    position = wanted.rfind(without)
    rest = wanted[position + len(without) :] if position >= 0 else ""
    return position >= 0 and not building and bool(rest) and not rest[0].isdigit() and rest[0] != "-"
