"""The reject file: row, item, reason, text of the reason, the whole row as it was, and every cell under its heading.

Mended, the same file can be imported again: headings that the layout does not know are passed over.
"""

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from yui.kernel.tables.public import ColumnMap
from yui.registries.people.imports.checks import Problem
from yui.registries.people.imports.reading import LINE, Incoming
from yui.registries.people.imports.reasons import TEXTS


def write_rejects(
    path: Path, incoming: Incoming, problems: Mapping[int, Sequence[Problem]], column_map: ColumnMap
) -> None:
    """Write every rejected row, in the order of the file, readable by its owner only."""
    rows: list[tuple[int, list[str]]] = []
    rejected = incoming.source[list(problems)]
    lines = rejected[LINE]
    for line, whole, found in zip(lines, rejected.drop(LINE).iter_rows(), problems.values(), strict=True):
        rows.append((line, [*_explained(found, column_map), _joined(whole, incoming), *whole]))
    width = len(incoming.header)
    for aside in incoming.set_aside:
        cells = [*aside.cells[:width], *[""] * (width - len(aside.cells))]
        rows.append((aside.line, [*_explained([("", aside.reason)], column_map), aside.raw, *cells]))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        headings = [
            _("Row in the file"),
            _("Items at fault"),
            _("Reason code"),
            _("Explanation of the reason"),
            _("Row as received"),
        ]
        writer.writerow([*headings, *incoming.header])
        for line, cells in sorted(rows, key=lambda row: row[0]):
            writer.writerow([line, *cells])


def _explained(found: Sequence[Problem], column_map: ColumnMap) -> list[str]:
    labels = {column.id: column.label for column in column_map.columns}
    return [
        " / ".join(dict.fromkeys(labels.get(item, "") for item, _reason in found)),
        " / ".join(dict.fromkeys(reason.value for _item, reason in found)),
        " ".join(dict.fromkeys(str(TEXTS[reason]) for _item, reason in found)),
    ]


def _joined(cells: Sequence[str], incoming: Incoming) -> str:
    """The row as one text; cells that need it in quotation marks."""
    delimiter = incoming.delimiter
    return delimiter.join(
        '"' + cell.replace('"', '""') + '"' if delimiter in cell or '"' in cell or "\n" in cell else cell
        for cell in cells
    )
