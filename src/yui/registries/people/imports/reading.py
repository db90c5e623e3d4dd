"""From bytes to columns of text. Rows that cannot be cut into cells are set aside whole."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl
from django.utils.translation import gettext as _

from yui.kernel.tables.public import ColumnMap, TableError, match_headings, read_table
from yui.kernel.text.public import TextProblem, decode_bytes
from yui.registries.people.imports.reasons import ImportRefused, Reason

LINE = "_line"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_ENCODINGS = ("cp932", "euc-jp")
# What the error handler "surrogateescape" makes of a byte that is no character.
_NO_CHARACTER = re.compile("[\udc80-\udcff]")


@dataclass
class SetAside:
    """A row that could not be cut into cells.

    Attributes:
        line: as an editor counts it.
        raw: the row as text; bytes that are no characters as ``\\xNN``.
        cells: as far as it could be cut.
    """

    line: int
    raw: str
    cells: Sequence[str]
    reason: Reason


@dataclass
class Incoming:
    """A file as columns.

    Attributes:
        header: headings as they stand in the file.
        frame: text columns named by item id, and ``_line``; items the file lacks are empty.
        source: every cell of the file by position (``c0``, ``c1`` …), row by row with ``frame``.
        set_aside: rows that are not in the frame.
    """

    header: list[str]
    frame: pl.DataFrame
    source: pl.DataFrame
    encoding: str
    delimiter: str = ","
    set_aside: list[SetAside] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All data rows of the file."""
        return self.frame.height + len(self.set_aside)


def read_incoming(data: bytes, name: str, column_map: ColumnMap) -> Incoming:
    """Read a CSV or a workbook.

    Raises:
        ImportRefused: no such file can be imported, or mandatory columns are missing.
    """
    if data.startswith(_WORKBOOKS):
        return _read_workbook(data, name, column_map)
    text, encoding, set_aside = _decode(data)
    first, _newline, _rest = text.partition("\n")
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    header = next(csv.reader([first.rstrip("\r")], delimiter=delimiter), [])
    positions = _positions(header, column_map)
    source, more = _cut(text, len(header), delimiter)
    return Incoming(
        header, _named(source, positions, column_map), source, encoding, delimiter, [*set_aside, *more]
    )


def _positions(header: Sequence[str], column_map: ColumnMap) -> dict[str, int]:
    positions = dict(match_headings(header, column_map))
    missing = [
        column.label for column in column_map.columns if column.mandatory and column.id not in positions
    ]
    if missing:
        raise ImportRefused(
            _(
                "Mandatory columns are missing: %(labels)s. Nothing was imported; check the headings or the map."
            )
            % {"labels": "、".join(missing)}
        )
    return positions


def _named(source: pl.DataFrame, positions: dict[str, int], column_map: ColumnMap) -> pl.DataFrame:
    return source.select(
        LINE,
        *(
            pl.col(f"c{positions[item]}").alias(item) if item in positions else pl.lit("").alias(item)
            for item in column_map.ids
        ),
    )


def _read_workbook(data: bytes, name: str, column_map: ColumnMap) -> Incoming:
    known = {heading for column in column_map.columns for heading in column.headings}
    try:
        table = read_table(data, name=name, known=known)
    except TableError as error:
        raise ImportRefused(error.text) from error
    header = list(table.header)
    width = len(header)
    rows = [[*row.cells[:width], *[""] * (width - len(row.cells))] for row in table.rows]
    source = pl.DataFrame(
        {f"c{i}": [row[i] for row in rows] for i in range(width)}
        | {LINE: [row.number for row in table.rows]},
        schema={f"c{i}": pl.String for i in range(width)} | {LINE: pl.Int64},
    )
    return Incoming(header, _named(source, _positions(header, column_map), column_map), source, table.form)


def _decode(data: bytes) -> tuple[str, str, list[SetAside]]:
    """The text, its encoding, and lines with bytes that are no characters of it (left blank in the text)."""
    if not data.strip():
        raise ImportRefused(_("The file is empty. Ask for it again."))
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        pass
    lines = body.count(b"\n") + 1
    damaged = _decode_damaged(body, "utf-8")
    if len(damaged[2]) <= lines / 100:
        return damaged
    try:
        decoded = decode_bytes(data)
    except TextProblem:
        best = min(
            (damaged, *(_decode_damaged(body, other) for other in _ENCODINGS)), key=lambda one: len(one[2])
        )
        if len(best[2]) > lines / 2 or (best[2] and best[2][0].line == 1):
            raise ImportRefused(
                _("The text is neither UTF-8, CP932 nor EUC-JP. Save it as UTF-8 CSV.")
            ) from None
        return best
    return decoded.text, decoded.encoding, []


def _decode_damaged(data: bytes, encoding: str) -> tuple[str, str, list[SetAside]]:
    """Decode, and set aside the lines that hold bytes without a character."""
    text = data.decode(encoding, "surrogateescape")
    set_aside: list[SetAside] = []
    kept: list[str] = []
    line, done = 1, 0
    while hit := _NO_CHARACTER.search(text, done):
        start = text.rfind("\n", 0, hit.start()) + 1
        line += text.count("\n", done, start)
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        raw = (
            text[start:end]
            .encode(encoding, "surrogateescape")
            .decode(encoding, "backslashreplace")
            .rstrip("\r")
        )
        set_aside.append(SetAside(line, raw, next(csv.reader([raw]), []), Reason.UNENCODABLE))
        kept.append(text[done:start])
        done = end
    kept.append(text[done:])
    return "".join(kept), encoding, set_aside


def _cut(text: str, width: int, delimiter: str) -> tuple[pl.DataFrame, list[SetAside]]:
    """Cut text into cells: whole lines at once where no quotation mark stands, by the csv module elsewhere."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = pl.DataFrame({"raw": pl.Series(text.split("\n")[1:], dtype=pl.String)}).with_row_index(LINE, 2)
    lines = lines.with_columns(pl.col(LINE).cast(pl.Int64)).filter(pl.col("raw") != "")
    if '"' not in text:
        return _cut_plain(lines, width, delimiter)
    quotes = pl.col("raw").str.count_matches('"', literal=True)
    if lines.select((quotes % 2 == 1).any()).item():
        # A cell goes over several lines: only a reader that keeps count can follow.
        return _cut_records(text, width, delimiter)
    plain, aside = _cut_plain(lines.filter(quotes == 0), width, delimiter)
    quoted, more = _cut_quoted(lines.filter(quotes > 0), width, delimiter)
    return pl.concat([plain, quoted]).sort(LINE), aside + more


def _cut_plain(lines: pl.DataFrame, width: int, delimiter: str) -> tuple[pl.DataFrame, list[SetAside]]:
    right = pl.col("raw").str.count_matches(delimiter, literal=True) == width - 1
    counted = lines.with_columns(right.alias("right"))
    wrong = counted.filter(~pl.col("right"))
    set_aside = [
        SetAside(line, raw, raw.split(delimiter), Reason.COLUMN_COUNT)
        for line, raw in wrong.select(LINE, "raw").iter_rows()
    ]
    good = counted.filter("right") if wrong.height else lines
    if not good.height:
        return _empty(width), set_aside
    cells = pl.read_csv(
        good.select(pl.col("raw").str.join("\n")).item().encode(),
        has_header=False,
        separator=delimiter,
        quote_char=None,
        infer_schema=False,
        new_columns=[f"c{i}" for i in range(width)],
    )
    return cells.fill_null("").with_columns(good[LINE]), set_aside


def _cut_quoted(lines: pl.DataFrame, width: int, delimiter: str) -> tuple[pl.DataFrame, list[SetAside]]:
    records = csv.reader(lines["raw"].to_list(), delimiter=delimiter)
    return _sort_out(zip(lines[LINE].to_list(), lines["raw"].to_list(), records, strict=False), width)


def _cut_records(text: str, width: int, delimiter: str) -> tuple[pl.DataFrame, list[SetAside]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records: list[tuple[int, str, list[str]]] = []
    start = 1
    for cells in reader:
        if cells and start > 1:
            records.append((start, delimiter.join(cells), cells))
        start = reader.line_num + 1
    return _sort_out(records, width)


def _sort_out(
    records: "Sequence[tuple[int, str, list[str]]] | zip[tuple[int, str, list[str]]]", width: int
) -> tuple[pl.DataFrame, list[SetAside]]:
    good: list[list[object]] = []
    set_aside: list[SetAside] = []
    for line, raw, cells in records:
        if len(cells) == width:
            good.append([*cells, line])
        else:
            set_aside.append(SetAside(line, raw, cells, Reason.COLUMN_COUNT))
    if not good:
        return _empty(width), set_aside
    schema = {f"c{i}": pl.String for i in range(width)} | {LINE: pl.Int64}
    return pl.DataFrame(good, schema=schema, orient="row"), set_aside


def _empty(width: int) -> pl.DataFrame:
    return pl.DataFrame(schema={f"c{i}": pl.String for i in range(width)} | {LINE: pl.Int64})
