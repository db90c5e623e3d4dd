"""A feed in memory: its tables as text, and every other file as it came."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LOCATIONS = "locations.geojson"
Row = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """One file of the feed.

    Attributes:
        columns: in the order of the file.
        rows: text by column; a cell left empty is the empty string.
        lines: where each row stood in the file it was read from; empty for a table made here.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    lines: tuple[int, ...] = field(default=(), compare=False)

    def line(self, index: int) -> int:
        return self.lines[index] if self.lines else index + 2


@dataclass(frozen=True)
class Feed:
    """A whole feed.

    Attributes:
        tables: by the name of their file without ``.txt``.
        files: bytes of everything else, by name: ``locations.geojson``, files of no standard, and tables
            that could not be read.
    """

    tables: Mapping[str, Table]
    files: Mapping[str, bytes] = field(default_factory=dict)

    def rows(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table, none if the feed lacks it."""
        return self.tables[table].rows if table in self.tables else ()

    def locations(self) -> list[dict[str, Any]]:
        """Return the features of ``locations.geojson``, none if the feed lacks it or it cannot be read."""
        try:
            collection = json.loads(self.files.get(LOCATIONS, b"{}"))
            return [feature for feature in collection.get("features", []) if isinstance(feature, dict)]
        except (ValueError, AttributeError, TypeError, RecursionError):
            return []


def table_of(rows: Iterable[Row], always: tuple[str, ...] = ()) -> Table:
    """Make a table of rows.

    Args:
        rows: text by column; a column is written if any row has a value for it, in the order first seen.
        always: columns to write first, with values or without.
    """
    given = list(rows)
    seen = (name for row in given for name, value in row.items() if value)
    columns = tuple(dict.fromkeys((*always, *seen)))
    return Table(columns, tuple({name: row.get(name, "") for name in columns} for row in given))
