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
