"""What crosses the door of ``kernel.tables``: the declared columns of a foreign table.

A *column map* is a YAML file that says which items a table carries, how their headings are
spelled, which type and code list each has, and which are mandatory. The same map reads a file
(``check_table``), writes one (``write_table``) and prints the layout for people.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from yui.kernel.tables.messages import REFUSALS, REMARKS
from yui.kernel.text.public import Message


class ColumnType(StrEnum):
    """How the text of a cell is understood. Values are stable and stand in the YAML files."""

    TEXT = "text"  # kept as received, no folding, no trimming inside
    CODE = "code"  # digits and letters; full width folded; leading zeros matter
    INTEGER = "integer"  # thousands commas and full width accepted
    YEN = "yen"  # integer yen; ¥, 円 and commas accepted
    DATE = "date"  # a whole day; wareki accepted; ISO text out
    PARTIAL_DATE = "partial_date"  # YYYY-MM-DD with unknown parts as 00
    BOOLEAN = "boolean"  # ○ × 有 無 あり なし 1 0
    TIME = "time"  # HH:MM, 24:00 permitted
    PHONE = "phone"  # digits and hyphens
    LATITUDE = "latitude"  # degrees, WGS 84 / JGD2011
    LONGITUDE = "longitude"  # degrees, WGS 84 / JGD2011
    URL = "url"  # http or https


_NO_CODES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Column:
    """One declared item of a table.

    Attributes:
        id: stable identifier in code (lower snake case).
        label: Japanese heading as written on export.
        english: English name for people.
        type: how a cell is understood.
        aliases: other spellings of the heading seen in real files. Width, case, spaces and kinds
            of dashes need no alias: they are folded before comparing.
        mandatory: an empty cell is a problem.
        length: longest permitted value in characters, after folding; None = no limit.
        pattern: regular expression the whole folded value must match; "" = none.
        codes: permitted values and their Japanese meaning; empty = no list. A cell may carry the
            code or its meaning, the code is what comes out.
        fill: left-fill with zeros to this width (spreadsheets drop leading zeros); 0 = never.
        note: a sentence for the printed layout.
    """

    id: str
    label: str
    english: str = ""
    type: ColumnType = ColumnType.TEXT
    aliases: tuple[str, ...] = ()
    mandatory: bool = False
    length: int | None = None
    pattern: str = ""
    codes: Mapping[str, str] = field(default_factory=lambda: _NO_CODES)
    fill: int = 0
    note: str = ""

    @cached_property
    def regex(self) -> "re.Pattern[str] | None":
        """The compiled pattern, or None when there is none."""
        return re.compile(self.pattern) if self.pattern else None

    @property
    def headings(self) -> tuple[str, ...]:
        """Label first, then the other spellings, then the id itself."""
        return (self.label, *self.aliases, self.id)


@dataclass(frozen=True)
class ColumnMap:
    """The declared columns of one kind of table, in export order.

    Attributes:
        id: stable identifier (``resident_record``).
        title: Japanese name for people.
        english: English name for people.
        version: edition of the layout.
        source: where the layout is published, "" for one of our own.
        columns: the items in export order.
    """

    id: str
    title: str
    english: str
    version: str
    source: str
    columns: tuple[Column, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Column]:
        """Columns by their id."""
        return MappingProxyType({column.id: column for column in self.columns})

    @property
    def ids(self) -> tuple[str, ...]:
        """Column ids in export order."""
        return tuple(column.id for column in self.columns)

    @property
    def labels(self) -> tuple[str, ...]:
        """Japanese headings in export order."""
        return tuple(column.label for column in self.columns)


class Mark(StrEnum):
    """What a ○ △ × cell says. △ is neither yes nor no and must not become one of them."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class RemarkKind(StrEnum):
    """What happened to the part of the file a remark is about."""

    READ = "read"  # how the file was understood
    MENDED = "mended"  # a fault without loss of meaning, put right
    DOUBTED = "doubted"  # kept, but a person should look
    REFUSED = "refused"  # not taken over


@dataclass(frozen=True)
class Remark:
    """One line of a file's report.

    Attributes:
        kind: read, mended, doubted or refused.
        code: stable code of the message.
        count: how many rows (or cells) it concerns; 0 = the file as a whole.
        rows: the first row numbers, as a spreadsheet shows them.
        params: values for the message; never cell values of a person.
        sentence: English text with places, marked for translation, when the code is the caller's own.
    """

    kind: RemarkKind
    code: str
    count: int = 0
    rows: tuple[int, ...] = ()
    params: Mapping[str, str | int] = field(default_factory=dict)
    sentence: str = ""

    @property
    def text(self) -> str:
        """The sentence in the active language."""
        sentence = self.sentence or REMARKS[self.code]
        return str(Message(self.code, sentence, {"count": self.count, **self.params}))


@dataclass(frozen=True)
class Problem:
    """Why a cell is not accepted; names the column, never the value."""

    column: str
    label: str
    reason: Message

    @property
    def code(self) -> str:
        """Stable code of the reason."""
        return self.reason.code

    @property
    def text(self) -> str:
        """The reason in the active language."""
        return str(self.reason)


class TableError(ValueError):
    """A file is refused as a whole.

    Attributes:
        code: stable code of the reason.
        params: values for the message.
    """

    def __init__(self, code: str, /, **params: str | int) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    @property
    def text(self) -> str:
        """The reason and what to do, in the active language."""
        return str(Message(self.code, REFUSALS[self.code], self.params))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Row:
    """One data row.

    Attributes:
        number: row number as a spreadsheet shows it (a record with line breaks counts once).
        cells: the cells as received; as many as the table has headings, more when the file had more.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A foreign table after reading, with everything that was done to it.

    Attributes:
        name: file name.
        form: ``csv``, ``xlsx``, ``xls`` or ``ods``.
        encoding: of a text file, "" for a workbook.
        delimiter: of a text file, "" for a workbook.
        preamble: title and comment lines above the headings.
        header: one heading per column, "" where the file gives none.
        rows: data rows.
        footer: rows below the data that are no data (notes, totals).
        remarks: what was read and mended.
    """

    name: str
    form: str
    encoding: str
    delimiter: str
    preamble: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    footer: tuple[Row, ...]
    remarks: tuple[Remark, ...]


Value = object


@dataclass(frozen=True)
class CheckedRow:
    """A row that may be taken over.

    Attributes:
        number: row number in the file.
        values: typed values by column id; None where the cell is empty. Columns the file lacks are absent.
        doubtful: raw text by column id of optional cells that could not be read as declared.
        extra: raw text by heading of filled cells that no declared column claims.
    """

    number: int
    values: Mapping[str, Value]
    doubtful: Mapping[str, str]
    extra: Mapping[str, str]


@dataclass(frozen=True)
class RefusedRow:
    """A row that may not be taken over, whole, with its reasons."""

    row: Row
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Checked:
    """A table compared with its declared columns."""

    columns: ColumnMap
    found: Mapping[str, int]
    rows: tuple[CheckedRow, ...]
    refused: tuple[RefusedRow, ...]
    remarks: tuple[Remark, ...]
