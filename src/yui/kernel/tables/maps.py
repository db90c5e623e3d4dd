"""Reading column maps from YAML, with errors that name file, line and key."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from yui.kernel.tables.contracts import Column, ColumnMap, ColumnType
from yui.kernel.tables.headings import fold_heading

_MAP_KEYS = {"id", "title", "english", "version", "source", "base", "columns"}
_COLUMN_KEYS = {
    "id", "label", "english", "type", "aliases", "mandatory", "length", "pattern", "codes", "fill", "note",
}  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


class ColumnMapError(ValueError):
    """A column map file is not usable; the message says where and why."""


def load_column_map(source: Path | str) -> ColumnMap:
    """Read a column map from a YAML file.

    A map may name another file beside it as its ``base``: an id alone in ``columns`` then takes that column over
    as it is, a mapping with the id of a base column changes the keys it names, and a map without ``columns`` has
    the base's.

    Args:
        source: path of the file.

    Returns:
        The declared columns.

    Raises:
        ColumnMapError: the file is missing, not YAML, has an unknown or missing key, a wrong
            value, or two columns with the same id or heading.
    """
    path = Path(source)
    return _read_map(_load_document(path), str(path), path.parent)


def parse_column_map(text: str, name: str = "column map") -> ColumnMap:
    """Read a column map from YAML text; see ``load_column_map``. It cannot have a base."""
    try:
        document = YAML().load(text)
    except YAMLError as error:
        raise ColumnMapError(f"{name}: is not valid YAML ({error}).") from error
    return _read_map(document, name, None)


def _load_document(path: Path) -> Any:
    try:
        return YAML().load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ColumnMapError(f"{path}: cannot be read ({error.strerror}).") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise ColumnMapError(f"{path}: is not valid YAML in UTF-8 ({error}).") from error


def _read_map(document: Any, name: str, folder: Path | None) -> ColumnMap:
    has_base = isinstance(document, Mapping) and "base" in document
    _check_keys(document, _MAP_KEYS, {"id", "title"} if has_base else {"id", "title", "columns"}, name)
    items = _gather(document, name, folder)
    columns = tuple(_read_column(item, f"{name}, column {number}") for number, item in enumerate(items, 1))
    _check_unique(columns, name)
    return ColumnMap(
        id=str(document["id"]),
        title=str(document["title"]),
        english=str(document.get("english", "")),
        version=str(document.get("version", "1")),
        source=str(document.get("source", "")),
        columns=columns,
    )


def _gather(document: Any, name: str, folder: Path | None) -> list[Any]:
    """The column entries of a map, those of its base put in."""
    shared: dict[str, Any] = {}
    if "base" in document:
        if folder is None:
            raise ColumnMapError(f"{name}: only a map in a file can have a base.")
        path = folder / str(document["base"])
        shared = {str(item["id"]): item for item in _gather(_load_document(path), str(path), folder)}
    items = document.get("columns", list(shared))
    if not isinstance(items, list) or not items:
        raise ColumnMapError(f"{name}: columns must be a list with at least one column.")
    gathered = []
    for item in items:
        if isinstance(item, str):
            if item not in shared:
                raise ColumnMapError(f"{name}: the base has no column {item}.")
            gathered.append(shared[item])
        elif isinstance(item, Mapping) and str(item.get("id")) in shared:
            gathered.append({**shared[str(item["id"])], **item})
        else:
            gathered.append(item)
    return gathered


def _read_column(item: Any, where: str) -> Column:
    _check_keys(item, _COLUMN_KEYS, {"id", "label"}, where)
    where = f"{where} ({item['id']})"
    if not _ID.match(str(item["id"])):
        raise ColumnMapError(f"{where}: id must be lower snake case.")
    try:
        kind = ColumnType(str(item.get("type", "text")))
    except ValueError as error:
        known = ", ".join(ColumnType)
        raise ColumnMapError(f"{where}: type must be one of {known}.") from error
    pattern = str(item.get("pattern", ""))
    try:
        re.compile(pattern)
    except re.error as error:
        raise ColumnMapError(f"{where}: pattern is not a regular expression ({error}).") from error
    codes = item.get("codes") or {}
    aliases = item.get("aliases") or []
    if not isinstance(codes, Mapping):
        raise ColumnMapError(f"{where}: codes must map each code to its meaning.")
    if any(not isinstance(code, str) for code in codes):
        raise ColumnMapError(f'{where}: write every code in quotes ("1"), else YAML reads it as a number.')
    if not isinstance(aliases, list):
        raise ColumnMapError(f"{where}: aliases must be a list.")
    return Column(
        id=str(item["id"]),
        label=str(item["label"]),
        english=str(item.get("english", "")),
        type=kind,
        aliases=tuple(str(alias) for alias in aliases),
        mandatory=_boolean(item.get("mandatory", False), f"{where}: mandatory"),
        length=None if item.get("length") is None else _count(item["length"], f"{where}: length"),
        pattern=pattern,
        codes={str(code): str(meaning) for code, meaning in codes.items()},
        fill=_count(item.get("fill", 0), f"{where}: fill"),
        note=str(item.get("note", "")),
    )


def _check_keys(item: Any, known: set[str], needed: set[str], where: str) -> None:
    if not isinstance(item, Mapping):
        raise ColumnMapError(f"{where}: must be a mapping of keys to values.")
    unknown = sorted(str(key) for key in set(item) - known)
    if unknown:
        raise ColumnMapError(
            f"{where}: unknown key {', '.join(unknown)}; known are {', '.join(sorted(known))}."
        )
    missing = sorted(needed - set(item))
    if missing:
        raise ColumnMapError(f"{where}: {', '.join(missing)} is missing.")


def _check_unique(columns: tuple[Column, ...], name: str) -> None:
    ids: set[str] = set()
    labels: dict[str, str] = {}
    for column in columns:
        if column.id in ids:
            raise ColumnMapError(f"{name}: the column id {column.id} stands twice.")
        ids.add(column.id)
        folded = fold_heading(column.label)
        if folded in labels:
            raise ColumnMapError(f"{name}: {column.id} and {labels[folded]} have the same label.")
        labels[folded] = column.id


def _boolean(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise ColumnMapError(f"{where} must be true or false.")
    return value


def _count(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ColumnMapError(f"{where} must be a whole number, 0 or more.")
    return value
