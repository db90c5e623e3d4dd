"""Records to bytes: ``1 2… 8`` per batch, ``9`` at the end, totals computed."""

from yui.procedures.payments.zengin.fields import Value, encode_field
from yui.procedures.payments.zengin.layout import Layout, RecordKind, layout_for
from yui.procedures.payments.zengin.problems import Problem, ProblemCode, ZenginRefused
from yui.procedures.payments.zengin.records import (
    Batch,
    Business,
    Debit,
    DebitResult,
    Item,
    Salary,
    Transfer,
    ZenginFile,
)


def write(file: ZenginFile) -> bytes:
    """Return the bytes of a file, the same for the same records on every machine.

    Raises:
        ZenginRefused: when anything does not fit the format; it carries every problem found.
    """
    data, problems = encode(file)
    if problems:
        raise ZenginRefused(problems)
    return data


def encode(file: ZenginFile) -> tuple[bytes, list[Problem]]:
    """Return the bytes and the problems found on the way; bytes with problems are not for use."""
    problems: list[Problem] = []
    if not file.batches:
        return b"", [Problem(ProblemCode.EMPTY_FILE)]
    business = file.batches[0].header.business
    rows: list[bytes] = []
    for batch in file.batches:
        if batch.header.business is not business:
            problems.append(Problem(ProblemCode.MIXED_BUSINESSES, len(rows) + 1))
        rows.extend(_batch_rows(batch, len(rows), problems))
    rows.append(_row(layout_for(business, RecordKind.END), RecordKind.END, {}, len(rows) + 1, problems))
    newline = file.newline.value
    return b"".join(row + newline for row in rows), problems


def _batch_rows(batch: Batch, before: int, problems: list[Problem]) -> list[bytes]:
    header, business = batch.header, batch.header.business
    values: dict[str, Value] = {
        field.name: getattr(header, field.name, None)
        for field in layout_for(business, RecordKind.HEADER).fields
        if field.name
    }
    layout = layout_for(business, RecordKind.HEADER)
    rows = [_row(layout, RecordKind.HEADER, values, before + 1, problems)]
    layout = layout_for(business, RecordKind.DATA)
    names = [name for name in layout.by_name if name != "record_kind"]
    for number, item in enumerate(batch.items, start=before + 2):
        if type(item) is not item_type(business):
            problems.append(Problem(ProblemCode.WRONG_ITEM, number))
            continue
        values = {name: getattr(item, name) for name in names}
        rows.append(_row(layout, RecordKind.DATA, values, number, problems))
    number = before + len(batch.items) + 2
    trailer = layout_for(business, RecordKind.TRAILER)
    rows.append(_row(trailer, RecordKind.TRAILER, totals(batch), number, problems))
    return rows


def _row(
    layout: Layout, kind: RecordKind, values: dict[str, Value], number: int, problems: list[Problem]
) -> bytes:
    values["record_kind"] = kind
    return b"".join(encode_field(field, values.get(field.name), number, problems) for field in layout)


def item_type(business: Business) -> type[Item]:
    """Return the class of the data records of a business."""
    return Debit if business is Business.DIRECT_DEBIT else Salary if business.is_salary else Transfer


def totals(batch: Batch) -> dict[str, Value]:
    """Return what the trailer of a batch must say.

    The result totals of a direct debit stay zero in a request, where no record has a result yet.
    """
    answered = [item for item in batch.items if isinstance(item, Debit) and item.result is not None]
    collected = [item for item in answered if item.result is DebitResult.COLLECTED]
    collected_yen = sum(item.amount_yen for item in collected)
    return {
        "record_count": len(batch.items),
        "total_yen": batch.total_yen,
        "collected_count": len(collected),
        "collected_yen": collected_yen,
        "uncollected_count": len(answered) - len(collected),
        "uncollected_yen": sum(item.amount_yen for item in answered) - collected_yen,
    }
