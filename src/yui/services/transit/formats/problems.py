"""What can be wrong with a feed, by file, line and column."""

from dataclasses import dataclass
from enum import StrEnum


class FaultSeverity(StrEnum):
    """How much a problem matters: readers refuse the feed, readers may differ, good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class FeedFault(StrEnum):
    """Kinds of problems.

    Source:
        General Transit Feed Specification, Schedule reference (revised 2026-04-27), https://gtfs.org;
        静的バス情報フォーマット（GTFS-JP）, https://www.gtfs.jp.
    """

    # How the files are written
    BYTE_ORDER_MARK = "byte_order_mark"
    CP932 = "cp932"
    UNREADABLE_ENCODING = "unreadable_encoding"
    UNREADABLE_TABLE = "unreadable_table"
    UNREADABLE_GEOJSON = "unreadable_geojson"
    IN_A_FOLDER = "in_a_folder"
    UNEVEN_ROW = "uneven_row"
    REPEATED_COLUMN = "repeated_column"
    # What is there
    MISSING_FILE = "missing_file"
    MISSING_COLUMN = "missing_column"
    MISSING_VALUE = "missing_value"
    FORBIDDEN_FILE = "forbidden_file"
    FORBIDDEN_VALUE = "forbidden_value"
    UNKNOWN_FILE = "unknown_file"
    UNKNOWN_COLUMN = "unknown_column"
    # What the values say
    UNREADABLE_NUMBER = "unreadable_number"
    UNREADABLE_TIME = "unreadable_time"
    UNREADABLE_DATE = "unreadable_date"
    UNREADABLE_VALUE = "unreadable_value"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_CHOICE = "unknown_choice"
    LINE_BREAK = "line_break"
    SPACE_AROUND = "space_around"
    DUPLICATE_KEY = "duplicate_key"
    BAD_REFERENCE = "bad_reference"
    # GTFS-JP alone
    MISSING_READING = "missing_reading"
    NOT_A_CORPORATE_NUMBER = "not_a_corporate_number"

    @property
    def severity(self) -> FaultSeverity:
        if self in _NOTICES:
            return FaultSeverity.NOTICE
        return FaultSeverity.WARNING if self in _WARNINGS else FaultSeverity.ERROR


_NOTICES = frozenset({FeedFault.BYTE_ORDER_MARK, FeedFault.UNKNOWN_FILE, FeedFault.UNKNOWN_COLUMN})
_WARNINGS = frozenset(
    {FeedFault.CP932, FeedFault.IN_A_FOLDER, FeedFault.SPACE_AROUND, FeedFault.NOT_A_CORPORATE_NUMBER}
)


@dataclass(frozen=True)
class Problem:
    """One thing wrong.

    Attributes:
        file: its name in the feed.
        line: counted from 1, as an editor shows it; None for a whole file.
        column: its name; None for a whole row. Several share a key, with spaces between.
        value: what was found there.
    """

    code: FeedFault
    file: str
    line: int | None = None
    column: str | None = None
    value: str = ""
