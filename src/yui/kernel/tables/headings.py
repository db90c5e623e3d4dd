"""Comparing headings: what differs only in width, case, spaces or kind of dash is the same heading."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from yui.kernel.tables.contracts import ColumnMap

# U+2010–U+2015, minus signs, long vowel marks and box-drawing lines stand for one another in real
# headings ("都道府県コ―ド" is written with U+2015 in a published file).
_DASHES = re.compile("[-\u2010-\u2015\u2212\u2500\u2501\u30fc\uff0d\uff70~\u301c\uff5e]")
_SPACE = re.compile(r"\s+")
_CLOSING = re.compile(r"[.。:：*※]+$")


def fold_heading(text: str) -> str:
    """Return the form of a heading that is compared.

    Example:
        >>> fold_heading("都道府県コ\u2015ド") == fold_heading("都道府県コード")
        True
        >>> fold_heading(" 料金（基本）") == fold_heading("料金(基本)")
        True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _DASHES.sub("-", folded)
    folded = _SPACE.sub("", folded)
    return _CLOSING.sub("", folded) or folded


def match_headings(headings: Sequence[str], column_map: ColumnMap) -> Mapping[str, int]:
    """Find the position of each declared column among the headings of a file.

    The label wins over alternative spellings, an earlier alternative over a later one, the
    leftmost heading over its repetition. One heading serves one column.

    Args:
        headings: the headings of the file, left to right.
        column_map: the declared columns.

    Returns:
        Column id → position (from 0); columns the file does not carry are absent.
    """
    positions: dict[str, int] = {}
    for position, heading in enumerate(headings):
        folded = fold_heading(heading)
        if folded:
            positions.setdefault(folded, position)
    found: dict[str, int] = {}
    taken: set[int] = set()
    spellings = {column.id: [fold_heading(text) for text in column.headings] for column in column_map.columns}
    for rank in range(max((len(names) for names in spellings.values()), default=0)):
        for column_id, names in spellings.items():
            if column_id in found or rank >= len(names):
                continue
            place = positions.get(names[rank])
            if place is not None and place not in taken:
                found[column_id] = place
                taken.add(place)
    return {column_id: found[column_id] for column_id in column_map.ids if column_id in found}
