"""Reading and writing foreign tables by declared column maps; the only door of ``kernel.tables``."""

from yui.kernel.tables.contracts import Column, ColumnMap, ColumnType
from yui.kernel.tables.headings import fold_heading, match_headings
from yui.kernel.tables.maps import ColumnMapError, load_column_map, parse_column_map

__all__ = [
    "Column",
    "ColumnMap",
    "ColumnMapError",
    "ColumnType",
    "fold_heading",
    "load_column_map",
    "match_headings",
    "parse_column_map",
]
