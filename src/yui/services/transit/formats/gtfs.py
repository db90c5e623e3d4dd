"""GTFS feeds, whole: read from a zip or a folder, write, compare. Nothing a feed holds is lost.

Source:
    General Transit Feed Specification, Schedule reference, https://gtfs.org.
"""

import csv
import io
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .checking import check
from .feed import LOCATIONS, Feed, Row, Table, table_of
from .problems import FaultSeverity, FeedFault, Problem
from .schema import ColumnSpec, schema
from .translations import Translation, translations
from .values import meaning

__all__ = [
    "FaultSeverity",
    "Feed",
    "FeedFault",
    "Problem",
    "Reading",
    "Row",
    "Table",
    "Translation",
    "check",
    "differences",
    "equal_in_meaning",
    "read",
    "table_of",
    "translations",
    "write",
    "write_folder",
]

#: More than any feed of a Japanese operator unpacks to; a zip that promises more is refused before it is opened.
LARGEST_FEED_BYTES = 2_000_000_000
# One moment for every file inside, so that equal feeds make equal bytes.
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Reading:
    """A feed as read, and what was wrong with it, in the order of the files."""

    feed: Feed
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.code.severity is FaultSeverity.ERROR)


def read(source: Path | bytes, *, japan: bool = False) -> Reading:
    """Read a feed and check it.

    A table that cannot be read as one is kept among the other files, so that writing the feed loses nothing.

    Args:
        source: a folder, a zip file, or the bytes of a zip file.
        japan: whether to ask for what GTFS-JP asks beyond GTFS.

    Raises:
        ValueError: The source is neither a folder nor a zip file, or unpacks to too much.
    """
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    files: dict[str, bytes] = {}
    for name, content in sorted(_contents(source, problems).items()):
        table = _table(name, content, problems) if name.endswith(".txt") and "/" not in name else None
        if table is None:
            files[name] = content
        else:
            tables[name.removesuffix(".txt")] = table
    feed = Feed(tables, files)
    return Reading(feed, (*problems, *check(feed, japan=japan)))


def write(feed: Feed) -> bytes:
    """Write a feed as a zip file: UTF-8 without a byte order mark, the same bytes for the same feed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(_files(feed).items()):
            entry = zipfile.ZipInfo(name, _ZIP_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def write_folder(feed: Feed, folder: Path) -> None:
    """Write a feed as files of a folder, which is made if it is not there.

    Raises:
        ValueError: A file of the feed would land outside the folder.
    """
    for name, content in _files(feed).items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise ValueError(f"The feed has a file named {name!r}, which leads out of its folder.")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def equal_in_meaning(a: Feed, b: Feed) -> bool:
    """Tell whether two feeds say the same.

    The order of rows and columns, the spelling of numbers, times and colours, space around values, and the
    difference between an empty and a missing column or table do not count. Defaults do: an empty
    ``pickup_type`` is not taken for 0.
    """
    return not differences(a, b)


def differences(a: Feed, b: Feed) -> tuple[str, ...]:
    """Return the names of the files in which two feeds say different things, sorted."""
    tables = {
        f"{name}.txt"
        for name in a.tables.keys() | b.tables.keys()
        if _meaning(name, a.rows(name)) != _meaning(name, b.rows(name))
    }
    files = {
        name
        for name in a.files.keys() | b.files.keys()
        if _other_meaning(name, a.files.get(name)) != _other_meaning(name, b.files.get(name))
    }
    return tuple(sorted(tables | files))


def _meaning(table: str, rows: tuple[Row, ...]) -> Counter[frozenset[Hashable]]:
    known: Mapping[str, ColumnSpec] = schema()[table].columns if table in schema() else {}
    kinds = {name: spec.kind for name, spec in known.items()}
    return Counter(
        frozenset(
            (name, meaning(kinds.get(name, "text"), value)) for name, value in row.items() if value.strip()
        )
        for row in rows
    )


def _other_meaning(name: str, content: bytes | None) -> object:
    if content is None or name != LOCATIONS:
        return content
    try:
        collection = json.loads(content)
        return {**collection, "features": sorted(collection["features"], key=lambda each: str(each["id"]))}
    except (ValueError, KeyError, TypeError, RecursionError):
        return content


def _files(feed: Feed) -> dict[str, bytes]:
    return {**{f"{name}.txt": _text(table) for name, table in feed.tables.items()}, **feed.files}


def _text(table: Table) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([row.get(name, "") for name in table.columns] for row in table.rows)
    return target.getvalue().encode()


def _contents(source: Path | bytes, problems: list[Problem]) -> dict[str, bytes]:
    if isinstance(source, Path) and source.is_dir():
        return {path.name: path.read_bytes() for path in sorted(source.iterdir()) if path.is_file()}
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            entries = [entry for entry in archive.infolist() if not _clutter(entry)]
            if sum(entry.file_size for entry in entries) > LARGEST_FEED_BYTES:
                raise ValueError(
                    f"The feed unpacks to more than {LARGEST_FEED_BYTES} bytes and was not read."
                )
            contents = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
        raise ValueError(f"This is neither a folder nor a zip file that can be read: {error}.") from error
    folders = {name.partition("/")[0] if "/" in name else "" for name in contents}
    if len(folders) == 1 and folders != {""}:
        folder = folders.pop()
        problems.append(Problem(FeedFault.IN_A_FOLDER, folder))
        return {name.removeprefix(f"{folder}/"): content for name, content in contents.items()}
    return contents


def _clutter(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS puts beside every file it packs."""
    return entry.is_dir() or entry.filename.startswith("__MACOSX/")


def _table(name: str, content: bytes, problems: list[Problem]) -> Table | None:
    text = _decoded(name, content, problems)
    if text is None:
        return None
    # Strict, because a stray quotation mark would otherwise swallow the rows that follow it.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    lines: list[int] = []
    try:
        columns = tuple(column.strip() for column in next(reader, []))
        if len(set(columns)) < len(columns):
            problems.append(Problem(FeedFault.REPEATED_COLUMN, name, 1, " ".join(columns)))
            return None
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                if len(cells) != len(columns):
                    problems.append(
                        Problem(FeedFault.UNEVEN_ROW, name, line, value=",".join(cells[len(columns) :]))
                    )
                    if any(cells[len(columns) :]):
                        return None
                rows.append(dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=False)))
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(FeedFault.UNREADABLE_TABLE, name, reader.line_num, value=str(error)))
        return None
    return Table(columns, tuple(rows), tuple(lines))


def _decoded(name: str, content: bytes, problems: list[Problem]) -> str | None:
    if content.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem(FeedFault.BYTE_ORDER_MARK, name, 1))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError:
        problems.append(Problem(FeedFault.UNREADABLE_ENCODING, name))
        return None
    problems.append(Problem(FeedFault.CP932, name))
    return text
