"""Comparing a table with its declared columns: typed values, problems by row and column, a report."""

from collections.abc import Mapping, Sequence
from typing import Literal

from yui.kernel.tables.cells import problem_of, read_cell
from yui.kernel.tables.contracts import (
    Checked,
    CheckedRow,
    ColumnMap,
    Problem,
    RefusedRow,
    Remark,
    RemarkKind,
    Row,
    Table,
    TableError,
    Value,
)
from yui.kernel.tables.headings import match_headings
from yui.kernel.tables.messages import TYPE_NAMES, problem
from yui.kernel.text.public import Message

_LISTED_ROWS = 20


def check_table(
    table: Table,
    columns: ColumnMap,
    *,
    doubtful: Literal["refuse", "keep"] = "refuse",
    found: Mapping[str, int] | None = None,
) -> Checked:
    """Read every cell as declared.

    Args:
        table: a table from ``read_table``.
        columns: the declared columns.
        doubtful: what happens to an optional cell that is not as declared: ``refuse`` refuses its row,
            ``keep`` keeps its text aside (``CheckedRow.doubtful``) and takes the row over. A mandatory
            cell always refuses its row.
        found: positions of the columns when they are known already.

    Returns:
        Rows to take over, rows refused with all their reasons, and the remarks.

    Raises:
        TableError: a mandatory column is missing.
    """
    found = match_headings(table.header, columns) if found is None else found
    missing = [column.label for column in columns.columns if column.mandatory and column.id not in found]
    if missing:
        headings = ", ".join(cell for cell in table.header if cell)[:300]
        raise TableError("columns_missing", labels=", ".join(missing), found=headings)
    told = _Tally(columns)
    extra = [
        (position, heading or f"#{position + 1}")
        for position, heading in enumerate(table.header)
        if position not in set(found.values())
    ]
    rows: list[CheckedRow] = []
    refused: list[RefusedRow] = []
    for row in table.rows:
        checked = _check_row(row, columns, found, len(table.header), extra, doubtful == "keep", told)
        if isinstance(checked, RefusedRow):
            refused.append(checked)
        else:
            rows.append(checked)
    remarks = told.remarks(refused)
    unknown = [
        heading
        for position, heading in extra
        if any(position < len(row.cells) and row.cells[position].strip() for row in table.rows)
    ]
    if unknown:
        labels = ", ".join(unknown[:12]) + (" …" if len(unknown) > 12 else "")
        remarks.append(Remark(RemarkKind.DOUBTED, "unknown_columns", len(unknown), params={"labels": labels}))
    absent = len(columns.columns) - len(found)
    if absent:
        remarks.append(Remark(RemarkKind.READ, "absent_columns", params={"count": absent}))
    return Checked(columns, found, tuple(rows), tuple(refused), tuple(remarks))


def _check_row(
    row: Row,
    columns: ColumnMap,
    found: Mapping[str, int],
    width: int,
    extra: Sequence[tuple[int, str]],
    keep: bool,
    told: "_Tally",
) -> CheckedRow | RefusedRow:
    if len(row.cells) > width:
        reason = problem("surplus_cells", count=len(row.cells), columns=width)
        return RefusedRow(row, (Problem("", "", reason),))
    values: dict[str, Value] = {}
    aside: dict[str, str] = {}
    problems: list[Problem] = []
    for column in columns.columns:
        position = found.get(column.id)
        if position is None:
            continue
        reading = read_cell(column, row.cells[position])
        values[column.id] = reading.value
        if reading.problem and keep and not column.mandatory:
            aside[column.id] = row.cells[position].strip()
            told.note("kept_as_text", column.id, row.number)
        elif reading.problem:
            problems.append(problem_of(column, reading.problem))
        for mend in reading.mends:
            told.note(mend, column.id, row.number)
    if problems:
        return RefusedRow(row, tuple(problems))
    rest = {
        heading: row.cells[position].strip() for position, heading in extra if row.cells[position].strip()
    }
    return CheckedRow(row.number, values, aside, rest)


class _Tally:
    """Counts mends by column, so that a report has one line for a thousand equal mends."""

    def __init__(self, columns: ColumnMap) -> None:
        self._columns = columns
        self._rows: dict[tuple[str, str], list[int]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def note(self, code: str, column_id: str, row: int) -> None:
        key = (code, column_id)
        self._counts[key] = self._counts.get(key, 0) + 1
        rows = self._rows.setdefault(key, [])
        if len(rows) < _LISTED_ROWS:
            rows.append(row)

    def remarks(self, refused: Sequence[RefusedRow]) -> list[Remark]:
        result = []
        for (code, column_id), count in self._counts.items():
            column = self._columns.by_id[column_id]
            kind = RemarkKind.DOUBTED if code == "kept_as_text" else RemarkKind.MENDED
            params: dict[str, str | int] = {"label": column.label}
            if code == "kept_as_text":
                params["type"] = str(Message("type", TYPE_NAMES[column.type]))
            result.append(Remark(kind, code, count, tuple(self._rows[code, column_id]), params))
        grouped: dict[tuple[str, str], list[int]] = {}
        texts: dict[tuple[str, str], Problem] = {}
        for item in refused:
            for each in item.problems:
                grouped.setdefault((each.label, each.code), []).append(item.row.number)
                texts[each.label, each.code] = each
        for key, numbers in grouped.items():
            params = {"label": texts[key].label or "—", "reason": texts[key].text}
            result.append(
                Remark(
                    RemarkKind.REFUSED, "refused_rows", len(numbers), tuple(numbers[:_LISTED_ROWS]), params
                )
            )
        return result
