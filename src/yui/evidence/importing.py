"""Figures from a file: CSV or workbook with the columns of a data file, refused rows kept whole."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from yui.evidence.actions.recording import find_fault, keep
from yui.evidence.apps import RECORD
from yui.evidence.charts.forms import FigureStatus
from yui.evidence.contracts import Absence, DataRow, Definition, Period, Query, Recorded
from yui.evidence.queries import definition_row
from yui.evidence.stored import definition_of
from yui.kernel.access.public import require
from yui.kernel.tables.public import (
    CheckedRow,
    Column,
    ColumnMap,
    ColumnType,
    Problem,
    RefusedRow,
    check_table,
    read_table,
    write_rejects,
)
from yui.kernel.text.public import Message, gettext_noop

FROM_FILE = Query("file_import", "1")


def layout_of(definition: Definition) -> ColumnMap:
    """The columns of a file for an indicator: seven that every file has, and those of its formula."""
    code = ColumnType.CODE
    statuses = {one.value: one.value for one in FigureStatus}
    columns = (
        Column("area", "団体コード", "area", code, fill=6, pattern=r"\d{6}", mandatory=True),
        Column("period", "期間", "period", ColumnType.TEXT, length=30, mandatory=True),
        Column("status", "種別", "status", code, codes=statuses, mandatory=True),
        Column("vintage", "推計の版", "vintage", ColumnType.TEXT, length=40),
        Column("absence", "値がない理由", "absence", code, codes={one.value: one.value for one in Absence}),
        Column("source", "出典", "source", ColumnType.TEXT, length=300, mandatory=True),
        Column("retrieved_on", "取得日", "retrieved on", ColumnType.DATE, mandatory=True),
        *(
            Column(name, name, name, ColumnType.TEXT, pattern=r"-?[0-9]+(\.[0-9]{1,9})?", length=24)
            for name in definition.columns
        ),
    )
    return ColumnMap("figures", "指標の値", "figures", "1", "", columns)


def import_figures(
    code: str, path: Path, *, version: int | None = None, dry_run: bool = False, rejects: Path | None = None
) -> tuple[Recorded | None, tuple[RefusedRow, ...]]:
    """Take figures over from a file. Rows that cannot be kept are refused whole; the others are taken over.

    Args:
        dry_run: only say what would happen.
        rejects: where refused rows are written; nothing is written when there are none.

    Returns:
        What became of the good rows, None when there are none; and the refused ones.

    Raises:
        TableError: the file is no such table.
        EvidenceRefused: the good rows cannot be kept together.
        PermissionRefused: ``evidence.figure.record`` is missing.
    """
    require(RECORD)
    definition = definition_of(definition_row(code, version))
    table = read_table(path)
    checked = check_table(table, layout_of(definition))
    cells = {row.number: row for row in table.rows}
    rows, refused = [], list(checked.refused)
    for one in checked.rows:
        try:
            row = _row(definition, one)
            fault = find_fault(definition, row)
        except ValueError:
            fault = Message(
                "no_period", gettext_noop("A period is FY2024, 2024, 2024-05 or 2024-05-01..2024-05-07.")
            )
        if fault is None:
            rows.append(row)
        else:
            refused.append(RefusedRow(cells[one.number], (Problem("", "", fault),)))
    recorded = None
    if rows:
        with transaction.atomic():
            recorded = keep(code, rows, query=FROM_FILE, version=definition.version)
            if dry_run:
                transaction.set_rollback(True)
    if rejects is not None and refused:
        write_rejects(rejects, table.header, refused)
    return recorded, tuple(sorted(refused, key=lambda one: one.row.number))


def _row(definition: Definition, checked: CheckedRow) -> DataRow:
    values = checked.values
    retrieved_on = values["retrieved_on"]
    if not isinstance(retrieved_on, dt.date):
        raise TypeError("A date was read.")
    absence = values.get("absence")
    return DataRow(
        area=str(values["area"]),
        period=Period.read(str(values["period"])),
        inputs={
            name: Decimal(str(values[name])) for name in definition.columns if values.get(name) is not None
        },
        source=str(values["source"]),
        retrieved_on=retrieved_on,
        status=FigureStatus(str(values["status"])),
        vintage=str(values.get("vintage") or ""),
        absence=Absence(str(absence)) if absence else None,
    )
