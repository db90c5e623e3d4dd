"""The declared layout of the resident record (住民記録) that files are read and written by."""

from functools import cache
from pathlib import Path

from yui.kernel.tables.public import ColumnMap, load_column_map

LAYOUT_FILE = Path(__file__).parent / "layouts" / "resident_record.yaml"


@cache
def resident_record_layout() -> ColumnMap:
    """Our own layout; an installation may give another map with the same column ids."""
    return load_column_map(LAYOUT_FILE)
