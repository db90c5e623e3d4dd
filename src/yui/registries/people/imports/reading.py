"""From bytes to columns of text. Rows that cannot be cut into cells are set aside whole."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

import polars as pl
from django.utils.translation import gettext as _

from yui.kernel.tables.public import ColumnMap, TableError, match_headings, read_table
from yui.kernel.text.public import TextProblem, decode_bytes
from yui.registries.people.imports.reasons import ImportRefused, Reason

LINE = "_line"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_ENCODINGS = ("utf-8", "cp932", "euc-jp")
# So many lines are tried at once when some cannot be decoded.
_BLOCK = 500


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
    lines, encoding, set_aside = _decode(data)
    first = lines[0].decode()
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    header = next(csv.reader([first], delimiter=delimiter), [])
    positions = _positions(header, column_map)
    cut = _cut if b'"' in data else _cut_plain
    source, more = cut(lines, len(header), delimiter)
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


def _decode(data: bytes) -> tuple[list[bytes], str, list[SetAside]]:
    """The lines in UTF-8, the encoding they had, and those with bytes that are no characters of it (blank now).

    They stay bytes: making 200,000 texts of them takes longer than cutting them into cells.
    """
    if not data.strip():
        raise ImportRefused(_("The file is empty. Ask for it again."))
    body = data.removeprefix(b"\xef\xbb\xbf")
    # As an editor counts them, which takes a lone CR for an end of line too.
    lines = body.splitlines()
    encoding, damaged = "utf-8", _damaged(lines, "utf-8")
    if len(damaged) > len(lines) / 100:
        try:
            decoded = decode_bytes(data)
        except TextProblem:
            found = {encoding: _damaged(lines, encoding) for encoding in _ENCODINGS}
            encoding, damaged = min(found.items(), key=lambda one: len(one[1]))
            if len(damaged) > len(lines) / 2 or 0 in damaged:
                raise ImportRefused(
                    _("The text is neither UTF-8, CP932 nor EUC-JP. Save it as UTF-8 CSV.")
                ) from None
        else:
            return decoded.text.encode().splitlines(), decoded.encoding, []
    set_aside = []
    for place in damaged:
        raw = lines[place].decode(encoding, "backslashreplace")
        set_aside.append(SetAside(place + 1, raw, next(csv.reader([raw]), []), Reason.UNENCODABLE))
        lines[place] = b""
    if encoding != "utf-8":
        lines = [line.decode(encoding).encode() for line in lines]
    return lines, encoding, set_aside


def _damaged(lines: list[bytes], encoding: str) -> list[int]:
    """The places of the lines that hold bytes without a character."""

    def readable(part: bytes) -> bool:
        try:
            part.decode(encoding)
        except UnicodeDecodeError:
            return False
        return True

    found: list[int] = []
    for start in range(0, len(lines), _BLOCK):
        block = lines[start : start + _BLOCK]
        if not readable(b"\n".join(block)):
            found += [start + place for place, line in enumerate(block) if not readable(line)]
    return found


def _cut(lines: list[bytes], width: int, delimiter: str) -> tuple[pl.DataFrame, list[SetAside]]:
    """Cut lines into cells: all at once where no quotation mark stands, by the csv module elsewhere."""
    quoted = [place for place, line in enumerate(lines) if b'"' in line and place]
    if not quoted:
        return _cut_plain(lines, width, delimiter)
    if any(lines[place].count(b'"') % 2 for place in quoted):
        # A cell goes over several lines: only a reader that keeps count can follow.
        return _cut_records(lines, width, delimiter)
    texts = [lines[place].decode() for place in quoted]
    records = csv.reader(texts, delimiter=delimiter)
    numbers = [place + 1 for place in quoted]
    source, set_aside = _sort_out(zip(numbers, texts, records, strict=False), width)
    for place in quoted:
        lines[place] = b""
    plain, more = _cut_plain(lines, width, delimiter)
    return pl.concat([plain, source]).sort(LINE), more + set_aside


def _cut_plain(lines: list[bytes], width: int, delimiter: str) -> tuple[pl.DataFrame, list[SetAside]]:
    between, right = delimiter.encode(), width - 1
    fits = [line.count(between) == right and line != b"" for line in lines]
    fits[0] = False
    set_aside: list[SetAside] = []
    for place, fit in enumerate(fits):
        if place and lines[place] and not fit:
            raw = lines[place].decode()
            set_aside.append(SetAside(place + 1, raw, raw.split(delimiter), Reason.COLUMN_COUNT))
    good = list(compress(lines, fits))
    if not good:
        return _empty(width), set_aside
    cells = pl.read_csv(
        b"\n".join(good),
        has_header=False,
        separator=delimiter,
        quote_char=None,
        infer_schema=False,
        empty_string_is_null=False,
        new_columns=[f"c{i}" for i in range(width)],
    )
    numbers = pl.int_range(1, len(lines) + 1, dtype=pl.Int64, eager=True).filter(pl.Series(fits))
    return cells.with_columns(numbers.alias(LINE)), set_aside


def _cut_records(lines: list[bytes], width: int, delimiter: str) -> tuple[pl.DataFrame, list[SetAside]]:
    reader = csv.reader(io.StringIO(b"\n".join(lines).decode(), newline=""), delimiter=delimiter)
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
