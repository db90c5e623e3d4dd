"""From bytes to a grid of text cells: what kind of file it is, its encoding and its delimiter."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import PurePath

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from yui.kernel.tables.contracts import Remark, RemarkKind, TableError
from yui.kernel.text.public import NotTextProblem, TextProblem, decode_bytes

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = (",", "\t", ";", "|")
_DELIMITER_NAMES = {",": ",", "\t": "TAB", ";": ";", "|": "|"}
_LARGEST_BYTES = 1 << 30
_SAMPLE_RECORDS = 60


@dataclass
class Grid:
    """The cells of a file as text, before anything is known about headings.

    ``records[i]`` is row ``i + 1`` as a spreadsheet shows it.
    """

    form: str
    records: list[list[str]]
    encoding: str = ""
    delimiter: str = ""
    remarks: list[Remark] = field(default_factory=list)

    def note(self, kind: RemarkKind, code: str, **params: str | int) -> None:
        """Add a remark about the file as a whole."""
        self.remarks.append(Remark(kind, code, params=params))


def open_grid(data: bytes, name: str) -> Grid:
    """Find out what the bytes are and cut them into cells.

    Raises:
        TableError: the bytes are no table, or one that cannot be read.
    """
    if not data.strip():
        raise TableError("empty_file")
    if data.startswith(_OLE):
        return _open_workbook(data, name, "xls")
    if data.startswith(_ZIP):
        return _open_zip(data, name)
    return _open_text(data)


def _open_zip(data: bytes, name: str) -> Grid:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = [item for item in archive.infolist() if not item.is_dir()]
    except zipfile.BadZipFile as error:
        raise TableError("broken_workbook") from error
    names = {item.filename for item in members}
    if "[Content_Types].xml" in names:
        return _open_workbook(data, name, "xlsx")
    if "content.xml" in names:
        return _open_workbook(data, name, "ods")
    if len(members) != 1:
        raise TableError("zip_content", count=len(members))
    if members[0].file_size > _LARGEST_BYTES:
        raise TableError("too_large", limit=_LARGEST_BYTES >> 20)
    with archive, archive.open(members[0]) as stream:
        # The size a ZIP declares can lie; never read more than the limit.
        content = stream.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise TableError("too_large", limit=_LARGEST_BYTES >> 20)
    grid = open_grid(content, members[0].filename)
    grid.remarks.insert(0, Remark(RemarkKind.READ, "zip", params={"member": members[0].filename}))
    return grid


def _open_workbook(data: bytes, name: str, form: str) -> Grid:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            sheets = [
                (sheet_name, workbook.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False))
                for sheet_name in workbook.sheet_names
            ]
    except PasswordError as error:
        raise TableError("encrypted_workbook") from error
    except (CalamineError, OSError, ValueError) as error:
        raise TableError("broken_workbook") from error
    filled = [(sheet_name, rows) for sheet_name, rows in sheets if any(any(row) for row in rows)]
    if not filled:
        raise TableError("no_rows")
    sheet_name, rows = filled[0]
    grid = Grid(form, [[_text_of(cell) for cell in row] for row in rows])
    grid.note(RemarkKind.READ, "workbook", form=form, sheet=sheet_name)
    if PurePath(name).suffix.lower() in (".csv", ".txt", ".tsv"):
        grid.note(RemarkKind.MENDED, "workbook_called_csv")
    if len(filled) > 1:
        grid.note(RemarkKind.DOUBTED, "other_sheets", sheets=", ".join(title for title, _ in filled[1:]))
    return grid


def _text_of(cell: object) -> str:
    """A workbook cell as the text a CSV export would carry, dates as ISO."""
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case time():
            return cell.strftime("%H:%M" if cell.second == 0 else "%H:%M:%S")
        case timedelta():
            minutes = int(cell.total_seconds() // 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case _:
            return str(cell).replace("\x00", "")


def _open_text(data: bytes) -> Grid:
    try:
        decoded = decode_bytes(data)
    except NotTextProblem as error:
        raise TableError("not_a_table", form=error.kind) from error
    except TextProblem as error:
        raise TableError("encoding", detail=str(error)) from error
    head = decoded.text.lstrip()[:200].lower()
    if head.startswith(("<!doctype", "<html", "<?xml")):
        raise TableError("not_a_table", form="HTML/XML")
    if head.startswith(("{", "[{")):
        raise TableError("not_a_table", form="JSON")
    delimiter = _sniff_delimiter(decoded.text)
    records, loose = _split_records(decoded.text, delimiter)
    grid = Grid("csv", records, decoded.encoding, delimiter)
    grid.note(
        RemarkKind.READ, "text_file", encoding=decoded.encoding.upper(), delimiter=_DELIMITER_NAMES[delimiter]
    )
    if decoded.had_bom:
        grid.note(RemarkKind.READ, "byte_order_mark")
    for warning in decoded.warnings:
        grid.note(RemarkKind.DOUBTED, "encoding_warning", detail=str(warning))
    if loose:
        grid.remarks.append(Remark(RemarkKind.MENDED, "loose_quotes", 1, (loose,)))
    broken = [number for number, cells in enumerate(records, 1) if any("\n" in cell for cell in cells)]
    if broken:
        grid.remarks.append(Remark(RemarkKind.READ, "line_breaks", len(broken), tuple(broken[:20])))
    return grid


def _sniff_delimiter(text: str) -> str:
    """The delimiter that cuts most records into the same, largest number of cells; a comma when in doubt."""
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        widths: Counter[int] = Counter()
        try:
            for cells, _ in zip(reader, range(_SAMPLE_RECORDS), strict=False):
                if any(cell.strip() for cell in cells):
                    widths[len(cells)] += 1
        except csv.Error:
            continue
        if not widths:
            continue
        width, share = widths.most_common(1)[0]
        if width > 1 and (score := (share / widths.total(), width)) > best_score:
            best, best_score = delimiter, score
    return best


def _split_records(text: str, delimiter: str) -> tuple[list[list[str]], int]:
    """Cut text into records; the second result is the first row with loose quotation marks, 0 = none.

    Raises:
        TableError: a quotation mark is never closed.
    """
    csv.field_size_limit(1 << 24)
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        return _normal_breaks(records), 0
    except csv.Error as error:
        row = len(records) + 1
        if "unexpected end of data" in str(error):
            raise TableError("open_quote", row=row) from error
    return _normal_breaks(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))), row


def _normal_breaks(records: Sequence[list[str]]) -> list[list[str]]:
    return [
        [cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell for cell in cells]
        for cells in records
    ]
