"""The tables and columns that GTFS, GTFS-Flex, both versions of fares and GTFS-JP define.

They are declared in ``gtfs_files.csv`` and ``gtfs_columns.csv``. Presence is required, recommended, optional
or conditional (``conditions`` then says when). The column ``japan`` holds ``required`` where GTFS-JP asks for
what GTFS leaves open, and ``own`` for what GTFS-JP adds.

Source:
    General Transit Feed Specification, Schedule reference (revised 2026-04-27), https://gtfs.org;
    静的バス情報フォーマット（GTFS-JP）, https://www.gtfs.jp.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class ColumnSpec:
    """A column.

    Attributes:
        kind: what its values are, as ``values`` reads them.
        refers_to: (table, column) pairs; a value is in one of them.
    """

    name: str
    kind: str
    presence: str
    japan: str
    refers_to: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FileSpec:
    """A table.

    Attributes:
        key: columns that together name a row; empty if a whole row does.
        columns: by name.
    """

    name: str
    presence: str
    japan: str
    key: tuple[str, ...]
    columns: Mapping[str, ColumnSpec]


@cache
def schema() -> Mapping[str, FileSpec]:
    """Return every known table by its name without ``.txt``."""
    columns: dict[str, dict[str, ColumnSpec]] = {}
    for row in _read("gtfs_columns.csv"):
        targets = tuple((table, column) for table, _, column in _dotted(row["refers_to"]))
        columns.setdefault(row["file"], {})[row["column"]] = ColumnSpec(
            row["column"], row["type"], row["presence"], row["japan"], targets
        )
    return {
        row["file"]: FileSpec(
            row["file"], row["presence"], row["japan"], tuple(row["key"].split()), columns[row["file"]]
        )
        for row in _read("gtfs_files.csv")
    }


def _dotted(names: str) -> list[tuple[str, str, str]]:
    return [name.partition(".") for name in names.split()]


def _read(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
