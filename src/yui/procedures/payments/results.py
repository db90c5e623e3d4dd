"""Reading what a bank sends back: our own table, or a file in the bank's format listing returned money.

A bank says nothing of a transfer that arrived. What it returns is told by letter, on its web pages or in a
file, and no common format exists for that. The table (CSV or Excel) is what a clerk types or turns a
bank's list into. A file in the format of 総合振込 is taken where a bank lists the transfers it returns in
the layout they were sent in, with the customer codes they were given.
"""

import datetime as dt
from functools import cache
from pathlib import Path

from yui.kernel.tables.public import (
    ColumnMap,
    TableError,
    check_table,
    load_column_map,
    read_table,
)
from yui.kernel.text.public import Message, TextProblem, gettext_noop
from yui.procedures.payments.contracts import ItemOutcome, ResultLine, ResultsRefused, ReturnReason, RunView
from yui.procedures.payments.zengin import Transfer, ZenginRefused, read

_RECORD_LENGTH = 120


@cache
def result_layout() -> ColumnMap:
    """Return the declared columns of the results table."""
    return load_column_map(Path(__file__).parent / "layouts" / "payment_result.yaml")


def read_results(content: bytes, *, run: RunView, name: str = "", near: dt.date) -> list[ResultLine]:
    """Return what a file says of a run's payments; whether it fits the run is checked when it is recorded.

    Args:
        name: The file's name, for telling Excel from CSV.
        near: Today; it supplies the year that the bank's format leaves out.

    Raises:
        ResultsRefused: The file is neither form, names another run, or has lines that cannot be read.
    """
    if content[:3] in (b"121", b"111") and len(content.split(b"\n", 1)[0].strip(b"\r")) >= _RECORD_LENGTH:
        return _read_returned_transfers(content, run, near)
    try:
        checked = check_table(read_table(content, name=name), result_layout())
    except TableError as error:
        raise ResultsRefused(Message("results_unreadable", "%(reason)s", {"reason": error.text})) from error
    except TextProblem as error:
        raise ResultsRefused(error.message) from error
    reasons = [
        Message(
            "result_line",
            gettext_noop("Row %(row)s, %(label)s: %(reason)s"),
            {"row": row.row.number, "label": problem.label, "reason": problem.text},
        )
        for row in checked.refused
        for problem in row.problems
    ]
    lines = []
    for row in checked.rows:
        values = row.values
        if values["run_number"] != run.number:
            reasons.append(
                Message(
                    "other_run",
                    gettext_noop("Row %(row)s belongs to run %(other)s, not to run %(run)s."),
                    {"row": row.number, "other": str(values["run_number"]), "run": run.number},
                )
            )
            continue
        reason = values.get("reason")
        lines.append(
            ResultLine(
                sequence=int(str(values["sequence"])),
                outcome=ItemOutcome(str(values["outcome"])),
                on=_day(values["result_on"]),
                reason=ReturnReason(str(reason)) if reason else None,
                amount_yen=None if values.get("amount_yen") is None else int(str(values["amount_yen"])),
                line=row.number,
            )
        )
    if reasons:
        raise refused(reasons)
    return lines


def refused(reasons: list[Message]) -> ResultsRefused:
    """Return the refusal of results with the reason of each line."""
    message = Message(
        "results_refused",
        gettext_noop("The results do not fit this run (%(count)s lines). Nothing was recorded."),
        {"count": len(reasons)},
    )
    return ResultsRefused(message, tuple(reasons))


def _day(value: object) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def _read_returned_transfers(content: bytes, run: RunView, near: dt.date) -> list[ResultLine]:
    try:
        file = read(content, near=near)
    except ZenginRefused as error:
        reasons = [
            Message("bank_file", "%(reason)s", {"reason": problem.message}) for problem in error.problems
        ]
        raise refused(reasons) from error
    lines, reasons = [], []
    for number, item in enumerate((item for batch in file.batches for item in batch.items), start=1):
        codes = (item.customer_code_1, item.customer_code_2) if isinstance(item, Transfer) else ("", "")
        if not all(code.isdigit() for code in codes) or int(codes[1]) != run.number:
            reasons.append(
                Message(
                    "no_reference",
                    gettext_noop(
                        "Data record %(row)s does not carry the customer codes of run %(run)s; "
                        "enter this return in the table instead."
                    ),
                    {"row": number, "run": run.number},
                )
            )
            continue
        lines.append(
            ResultLine(
                sequence=int(codes[0]),
                outcome=ItemOutcome.RETURNED,
                on=near,
                reason=ReturnReason.OTHER,
                amount_yen=item.amount_yen,
                line=number,
            )
        )
    if reasons:
        raise refused(reasons)
    return lines
