"""From a grid of cells to a table: which rows are title, headings, data, notes below."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise
from pathlib import Path

from yui.kernel.tables.contracts import Remark, RemarkKind, Row, Table, TableError
from yui.kernel.tables.headings import fold_heading
from yui.kernel.tables.opening import Grid, open_grid

_LISTED_ROWS = 20
_SEARCHED_RECORDS = 40
_LONGEST_HEADING = 60
_NUMERIC = re.compile(r"[-+¥]?[\d,.:/%円]*\d[\d,.:/%円\-+ ]*\Z")
_NIL = frozenset({"", "-", "―", "ー", "－", "・", "…", "*", "***", "x", "X"})
_URL = re.compile(r"(https?://|www\.)", re.IGNORECASE)
_NOTE = re.compile(r"[※★☆*＊注(（「出資]")
_TOTAL = re.compile(r"(合計|総合計|総計|小計|計|total)\Z", re.IGNORECASE)
_LINKDATA_TYPE = re.compile(
    r"#(object_type_xsd|property_context|link|lang|attribution|license|file_name|down)", re.I
)


def read_table(
    source: Path | str | bytes, *, name: str = "", known: Collection[str] = (), headings: Sequence[str] = ()
) -> Table:
    """Read a table as it comes: CSV of any usual encoding and delimiter, xlsx, xls, ods, or a ZIP of one.

    Args:
        source: path of the file, or its bytes.
        name: file name for the report; the path's own when empty.
        known: headings that are expected; with them the heading row is found more surely.
        headings: headings of a file that has none by agreement; its first row is data then.

    Returns:
        The table with a remark for everything that was read, mended or doubted.

    Raises:
        TableError: the file cannot be read as a table; the text says why and what to do.
    """
    if isinstance(source, bytes):
        data = source
    else:
        path = Path(source)
        name = name or path.name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise TableError("missing_file", name=path.name) from error
    return shape_table(open_grid(data, name), name, known=known, headings=headings)


def shape_table(grid: Grid, name: str, *, known: Collection[str] = (), headings: Sequence[str] = ()) -> Table:
    """Tell title, headings, data and notes of a grid apart; see ``read_table``."""
    remarks = list(grid.remarks)
    if not any(_filled(cells) for cells in grid.records):
        raise TableError("no_rows")
    if headings:
        usual = Counter(len(cells) for cells in grid.records).most_common(1)[0][0]
        if usual != len(headings):
            raise TableError("wrong_width", found=usual, wanted=len(headings))
        grid.records.insert(0, list(headings))
        first = last = 0
    else:
        first, last = _find_header(grid.records, {fold_heading(text) for text in known})
    linkdata = _is_property_line(grid.records[first])
    header = _join_headings(grid.records[first : last + 1])
    if linkdata:
        header[0] = "#property"
        remarks.append(Remark(RemarkKind.READ, "linkdata"))
    if last > first:
        remarks.append(Remark(RemarkKind.MENDED, "joined_header", last - first + 1, (first + 1, last + 1)))
    if any("\n" in cell for cells in grid.records[first : last + 1] for cell in cells):
        remarks.append(Remark(RemarkKind.MENDED, "heading_breaks"))
    preamble = tuple(
        " ".join(cell.strip() for cell in cells if cell.strip())
        for cells in grid.records[:first]
        if _filled(cells)
    )
    if preamble:
        remarks.append(Remark(RemarkKind.MENDED, "preamble", len(preamble), params={"count": len(preamble)}))
    # Row numbers are those a spreadsheet shows, so headings put in by us do not count.
    number_of_first = last + (1 if headings else 2)
    body = [
        Row(number, tuple(cells)) for number, cells in enumerate(grid.records[last + 1 :], number_of_first)
    ]
    body = _drop_rows(body, header, remarks, linkdata)
    header = _trim_header(header, body, remarks)
    body, footer = _split_footer(body, remarks)
    if not body:
        raise TableError("header_only", headings="\t".join(header))
    rows = _level_rows(body, len(header), remarks)
    _doubt_blocks(rows, header, remarks)
    remarks.insert(
        len(grid.remarks),
        Remark(RemarkKind.READ, "header", params={"row": first + 1, "columns": len(header)}),
    )
    remarks.insert(len(grid.remarks) + 1, Remark(RemarkKind.READ, "rows", params={"count": len(rows)}))
    return Table(
        name=name,
        form=grid.form,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        preamble=preamble,
        header=tuple(header),
        rows=tuple(rows),
        footer=tuple(footer),
        remarks=tuple(remarks),
    )


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _is_numeric(cell: str) -> bool:
    return bool(_NUMERIC.match(unicodedata.normalize("NFKC", cell).strip()))


def _is_heading(cell: str) -> bool:
    text = cell.strip()
    return bool(text) and len(text) <= _LONGEST_HEADING and not _is_numeric(text) and not _URL.match(text)


def _is_property_line(cells: Sequence[str]) -> bool:
    return bool(cells) and cells[0].startswith("#property") and not cells[0].startswith("#property_context")


def _find_header(records: Sequence[Sequence[str]], known: Collection[str]) -> tuple[int, int]:
    """First and last record (from 0) of the headings.

    Raises:
        TableError: no row looks like headings.
    """
    searched = list(enumerate(records[:_SEARCHED_RECORDS]))
    for index, cells in searched:
        if _is_property_line(cells):
            return index, index
    if known:
        hits = {
            index: sum(1 for cell in cells if cell.strip() and fold_heading(cell) in known)
            for index, cells in searched
        }
        best = max(hits, key=lambda index: (hits[index], -index))
        if hits[best] >= 2 or (hits[best] == 1 and _filled(records[best]) <= 2):
            return best, _last_heading_row(records, best)
    usual = Counter(_filled(cells) for cells in records if _filled(cells)).most_common(1)[0][0]
    for index, cells in searched:
        filled = [cell for cell in cells if cell.strip()]
        if not filled or filled[0].startswith("#") or len(filled) < max(1, usual * 0.5):
            continue
        if usual > 1 and len(filled) < 2:
            continue
        distinct = len({fold_heading(cell) for cell in filled})
        if all(_is_heading(cell) for cell in filled) and distinct >= 0.6 * len(filled):
            return index, _last_heading_row(records, index)
    raise TableError("no_header")


def _last_heading_row(records: Sequence[Sequence[str]], first: int) -> int:
    """The last record of headings that stand over several rows.

    A row continues the headings when it leaves the first column open, carries no number, fills a
    gap or a part of the row above, and numbers follow below it.
    """
    last = first
    if not _has_gap(records[first]):
        return last
    while last + 1 < len(records) and last - first < 3:
        cells = records[last + 1]
        filled = [cell for cell in cells if cell.strip()]
        below = records[last + 2 : last + 6]
        continues = (
            bool(filled)
            and not cells[0].strip()
            and len(filled) <= 0.8 * max(1, len(records[first]))
            and all(_is_heading(cell) and len(cell) <= 20 for cell in filled)
            and any(_is_numeric(cell) for row in below for cell in row)
        )
        if not continues:
            break
        last += 1
    return last


def _has_gap(cells: Sequence[str]) -> bool:
    marks = [bool(cell.strip()) for cell in cells]
    if not any(marks):
        return False
    end = len(marks) - marks[::-1].index(True)
    return not all(marks[:end])


def _join_headings(rows: Sequence[Sequence[str]]) -> list[str]:
    """One heading per column; a merged heading is repeated over the columns it covers."""
    width = max(len(cells) for cells in rows)
    parts: list[list[str]] = [[] for _ in range(width)]
    for level, cells in enumerate(rows):
        carried = ""
        for column in range(width):
            text = _one_line(cells[column]) if column < len(cells) else ""
            below = any(column < len(row) and row[column].strip() for row in rows[level + 1 :])
            if text:
                carried = text
            elif below and carried and level < len(rows) - 1 and not parts[column]:
                text = carried
            else:
                carried = carried if below else ""
            if text:
                parts[column].append(text)
    return ["_".join(part) for part in parts]


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text.strip())


def _drop_rows(
    body: Sequence[Row], header: Sequence[str], remarks: list[Remark], linkdata: bool
) -> list[Row]:
    blank: list[int] = []
    repeated: list[int] = []
    kept: list[Row] = []
    folded = [fold_heading(cell) for cell in header]
    while folded and not folded[-1]:
        folded.pop()
    for row in body:
        if not _filled(row.cells):
            blank.append(row.number)
        elif linkdata and _LINKDATA_TYPE.match(row.cells[0]):
            continue
        elif len(folded) > 1 and [fold_heading(cell) for cell in row.cells[: len(folded)]] == folded:
            repeated.append(row.number)
        else:
            kept.append(row)
    if blank and kept:
        remarks.append(_rows_remark(RemarkKind.MENDED, "blank_rows", blank))
    if repeated:
        remarks.append(_rows_remark(RemarkKind.MENDED, "repeated_header", repeated))
    return kept


def _trim_header(header: list[str], body: Sequence[Row], remarks: list[Remark]) -> list[str]:
    """Drop columns at the end that have neither heading nor content, and say which inside lack a heading."""
    named = max((index for index, cell in enumerate(header) if cell.strip()), default=-1) + 1
    if not named:
        raise TableError("no_header")
    widest = max((len(row.cells) for row in body), default=named)
    filled_to = (
        max((index for row in body for index, cell in enumerate(row.cells) if cell.strip()), default=-1) + 1
    )
    if len(header) > max(widest, named) and body:
        count = len(header) - widest
        remarks.append(Remark(RemarkKind.MENDED, "wide_header", params={"count": count}))
    elif max(len(header), widest) > max(named, filled_to):
        count = max(len(header), widest) - max(named, filled_to)
        remarks.append(Remark(RemarkKind.MENDED, "empty_columns", params={"count": count}))
    # Content beyond the headings in most rows is a column without heading; in few rows it is a slip.
    beyond = Counter(
        index for row in body for index, cell in enumerate(row.cells) if index >= named and cell.strip()
    )
    width = max([named, *(index + 1 for index, count in beyond.items() if count >= 0.5 * len(body))])
    header = (header + [""] * width)[:width]
    unnamed = [
        index + 1
        for index, cell in enumerate(header)
        if not cell.strip() and any(index < len(row.cells) and row.cells[index].strip() for row in body)
    ]
    if unnamed:
        columns = ", ".join(map(str, unnamed))
        remarks.append(
            Remark(RemarkKind.DOUBTED, "unnamed_columns", len(unnamed), params={"columns": columns})
        )
    counts = Counter(fold_heading(cell) for cell in header if cell.strip())
    twice = [cell for cell in dict.fromkeys(header) if cell.strip() and counts[fold_heading(cell)] > 1]
    if twice:
        labels = ", ".join(twice)
        remarks.append(Remark(RemarkKind.DOUBTED, "repeated_heading", len(twice), params={"labels": labels}))
    return header


def _split_footer(body: list[Row], remarks: list[Remark]) -> tuple[list[Row], list[Row]]:
    usual = Counter(_filled(row.cells) for row in body).most_common(1)[0][0] if body else 0
    end = len(body)
    while end:
        row = body[end - 1]
        filled = [cell.strip() for cell in row.cells if cell.strip()]
        lead = unicodedata.normalize("NFKC", re.sub(r"\s", "", filled[0]))
        is_note = len(filled) == 1 and usual >= 3 and bool(_NOTE.match(filled[0]))
        if not is_note and not (len(filled) < usual + 1 and _TOTAL.match(lead)):
            break
        end -= 1
    footer = body[end:]
    if footer:
        remarks.append(_rows_remark(RemarkKind.MENDED, "footer", [row.number for row in footer]))
    return body[:end], footer


def _level_rows(body: Sequence[Row], width: int, remarks: list[Remark]) -> list[Row]:
    short: list[int] = []
    surplus: list[int] = []
    rows: list[Row] = []
    for row in body:
        cells = row.cells
        if len(cells) < width:
            short.append(row.number)
            cells = cells + ("",) * (width - len(cells))
        elif len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                surplus.append(row.number)
            else:
                cells = cells[:width]
        rows.append(Row(row.number, cells))
    if short:
        remarks.append(_rows_remark(RemarkKind.MENDED, "short_rows", short))
    if surplus:
        remarks.append(_rows_remark(RemarkKind.DOUBTED, "surplus_cells", surplus))
    return rows


def _doubt_blocks(rows: Sequence[Row], header: Sequence[str], remarks: list[Remark]) -> None:
    """Point at rows after a gap that look like the headings of another block."""
    numeric_columns = [
        column
        for column in range(len(header))
        if sum(_is_numeric(row.cells[column]) for row in rows) > 0.6 * max(1, len(rows))
    ]
    if len(numeric_columns) < 2:
        return
    for before, row in pairwise(rows):
        gap = row.number - before.number > 1
        cells = [row.cells[column].strip() for column in numeric_columns]
        if gap and all(_is_heading(cell) and cell not in _NIL for cell in cells):
            remarks.append(Remark(RemarkKind.DOUBTED, "second_block", 1, (row.number,)))
            return


def _rows_remark(kind: RemarkKind, code: str, numbers: Sequence[int], **params: str | int) -> Remark:
    return Remark(kind, code, len(numbers), tuple(numbers[:_LISTED_ROWS]), params)
