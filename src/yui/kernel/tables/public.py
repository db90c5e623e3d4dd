"""Reading and writing foreign tables by declared column maps; the only door of ``kernel.tables``."""

from yui.kernel.tables.cells import Reading, read_cell
from yui.kernel.tables.checking import check_table
from yui.kernel.tables.contracts import (
    Checked,
    CheckedRow,
    Column,
    ColumnMap,
    ColumnType,
    Mark,
    Problem,
    RefusedRow,
    Remark,
    RemarkKind,
    Row,
    Table,
    TableError,
    Value,
)
from yui.kernel.tables.headings import fold_heading, match_headings
from yui.kernel.tables.maps import ColumnMapError, load_column_map, parse_column_map
from yui.kernel.tables.shape import read_table
from yui.kernel.tables.writing import write_rejects, write_table

__all__ = [
    "Checked",
    "CheckedRow",
    "Column",
    "ColumnMap",
    "ColumnMapError",
    "ColumnType",
    "Mark",
    "Problem",
    "Reading",
    "RefusedRow",
    "Remark",
    "RemarkKind",
    "Row",
    "Table",
    "TableError",
    "Value",
    "check_table",
    "fold_heading",
    "load_column_map",
    "match_headings",
    "parse_column_map",
    "read_cell",
    "read_table",
    "write_rejects",
    "write_table",
]
