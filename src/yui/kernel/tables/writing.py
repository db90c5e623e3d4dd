"""Writing tables: an export by a column map, and the file of refused rows."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from yui.kernel.tables.contracts import ColumnMap, Mark, RefusedRow, Value
from yui.kernel.tables.messages import REJECT_HEADINGS
from yui.kernel.text.public import Message

_MARKS = {Mark.YES: "○", Mark.PARTLY: "△", Mark.NO: "×"}


def write_table(path: Path, columns: ColumnMap, rows: Iterable[Mapping[str, Value]]) -> int:
    """Write rows by a column map as CSV in UTF-8 with BOM, CRLF line ends, Japanese labels as headings.

    The file is written beside its final place and moved there when it is whole.

    Args:
        path: the file to make; an existing one is replaced.
        columns: the layout.
        rows: values by column id; absent or None is written as an empty cell.

    Returns:
        The number of rows written.
    """
    count = 0
    with _Whole(path) as writer:
        writer.writerow(columns.labels)
        for row in rows:
            writer.writerow([_text_of(row.get(column_id)) for column_id in columns.ids])
            count += 1
    return count


def write_rejects(path: Path, header: Sequence[str], refused: Iterable[RefusedRow]) -> int:
    """Write refused rows whole, after their row number, columns and reasons.

    The first three columns are ours; a mended file can be imported again as it is, since columns that a
    layout does not know are passed over.

    Returns:
        The number of rows written.
    """
    count = 0
    with _Whole(path) as writer:
        writer.writerow([*(str(Message("heading", text)) for text in REJECT_HEADINGS), *header])
        for item in refused:
            labels = "；".join(dict.fromkeys(problem.label for problem in item.problems if problem.label))
            reasons = "；".join(
                f"{problem.label}: {problem.text}" if problem.label else problem.text
                for problem in item.problems
            )
            writer.writerow([item.row.number, labels, reasons, *item.row.cells])
            count += 1
    return count


def _text_of(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Mark):
        return _MARKS[value]
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


class _Whole:
    """A CSV file that exists whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(self._path.name + ".part")

    def __enter__(self) -> Any:
        self._file = self._part.open("w", encoding="utf-8-sig", newline="")
        return csv.writer(self._file)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._file.close()
        if error is None:
            self._part.replace(self._path)
        else:
            self._part.unlink()
