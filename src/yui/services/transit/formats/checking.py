"""Checks of a whole feed: presence, values, keys, references, and the conditional rules."""

import json
from collections.abc import Iterator, Mapping

from stdnum.jp import cn

from .conditions import CONDITIONS, Facts, broken_file_conditions
from .feed import LOCATIONS, Feed, Table
from .problems import FeedFault, Problem
from .schema import FileSpec, schema
from .translations import READING, translations
from .values import fault

# The three kinds of places share one set of identifiers.
_PLACES = (("stops", "stop_id"), ("location_groups", "location_group_id"))


def check(feed: Feed, *, japan: bool = False) -> tuple[Problem, ...]:
    """Return what is wrong with a feed.

    Args:
        feed: any feed.
        japan: whether to ask for what GTFS-JP asks beyond GTFS: fares, readings in kana, the corporate number
            as the agency's identifier.
    """
    known = schema()
    problems = [*_files(feed, known, japan), *_locations(feed)]
    facts = Facts(feed)
    values = _identifiers(feed)
    for name, table in feed.tables.items():
        if name in known:
            spec = known[name]
            problems += _columns(spec, table, japan)
            problems += _values(spec, table)
            problems += _keys(spec, table)
            problems += _references(spec, table, values)
            problems += _conditions(name, table, facts)
    problems += _translated_records(feed)
    if japan:
        problems += _japan(feed)
    return tuple(problems)


def _files(feed: Feed, known: Mapping[str, FileSpec], japan: bool) -> Iterator[Problem]:
    for name, spec in known.items():
        if name not in feed.tables and _is_required(spec.presence, spec.japan, japan):
            yield Problem(FeedFault.MISSING_FILE, f"{name}.txt")
    for code, name in broken_file_conditions(feed):
        yield Problem(code, f"{name}.txt")
    for name in feed.tables:
        if name not in known:
            yield Problem(FeedFault.UNKNOWN_FILE, f"{name}.txt")
    for name in feed.files:
        if name != LOCATIONS and name.removesuffix(".txt") not in known:
            yield Problem(FeedFault.UNKNOWN_FILE, name)


def _is_required(presence: str, in_japan: str, japan: bool) -> bool:
    return presence == "required" or (japan and in_japan == "required")


def _columns(spec: FileSpec, table: Table, japan: bool) -> Iterator[Problem]:
    file = f"{spec.name}.txt"
    for name in table.columns:
        if name not in spec.columns:
            yield Problem(FeedFault.UNKNOWN_COLUMN, file, 1, name)
    for column in spec.columns.values():
        if not _is_required(column.presence, column.japan, japan):
            continue
        if column.name not in table.columns:
            yield Problem(FeedFault.MISSING_COLUMN, file, 1, column.name)
            continue
        for index, row in enumerate(table.rows):
            if not row[column.name].strip():
                yield Problem(FeedFault.MISSING_VALUE, file, table.line(index), column.name)


def _values(spec: FileSpec, table: Table) -> Iterator[Problem]:
    for column in table.columns:
        kind = spec.columns[column].kind if column in spec.columns else "text"
        # Feeds repeat themselves: each spelling is judged once.
        faults: dict[str, list[FeedFault]] = {
            value: codes
            for value in {row[column] for row in table.rows} - {""}
            if (codes := list(_faults(kind, value)))
        }
        if faults:
            for index, row in enumerate(table.rows):
                for code in faults.get(row[column], ()):
                    yield Problem(code, f"{spec.name}.txt", table.line(index), column, row[column])


def _faults(kind: str, value: str) -> Iterator[FeedFault]:
    if any(character in value for character in "\t\r\n"):
        yield FeedFault.LINE_BREAK
    elif value != value.strip():
        yield FeedFault.SPACE_AROUND
    if value.strip() and (code := fault(kind, value.strip())) is not None:
        yield code


def _keys(spec: FileSpec, table: Table) -> Iterator[Problem]:
    if not any(name in table.columns for name in spec.key):
        return
    seen: set[tuple[str, ...]] = set()
    for index, row in enumerate(table.rows):
        key = tuple(row.get(name, "").strip() for name in spec.key)
        if key in seen:
            yield Problem(
                FeedFault.DUPLICATE_KEY,
                f"{spec.name}.txt",
                table.line(index),
                " ".join(spec.key),
                " ".join(key),
            )
        seen.add(key)


def _identifiers(feed: Feed) -> Mapping[tuple[str, str], frozenset[str]]:
    """Values of every column that another one refers to, for the tables the feed has."""
    targets = {t for spec in schema().values() for column in spec.columns.values() for t in column.refers_to}
    values = {
        (table, column): frozenset(row.get(column, "").strip() for row in feed.rows(table)) - {""}
        for table, column in targets
        if table in feed.tables
    }
    if LOCATIONS in feed.files:
        values["locations", "id"] = frozenset(str(each.get("id", "")) for each in feed.locations())
    return values


def _references(
    spec: FileSpec, table: Table, values: Mapping[tuple[str, str], frozenset[str]]
) -> Iterator[Problem]:
    for column in spec.columns.values():
        if not column.refers_to or column.name not in table.columns:
            continue
        targets = [target for target in column.refers_to if target in values]
        if not targets:
            # One missing file, rather than one bad reference a row.
            if any(row[column.name].strip() for row in table.rows):
                name = column.refers_to[0][0]
                yield Problem(FeedFault.MISSING_FILE, LOCATIONS if name == "locations" else f"{name}.txt")
            continue
        good = frozenset[str]().union(*(values[target] for target in targets)) | {""}
        for index, row in enumerate(table.rows):
            if row[column.name].strip() not in good:
                yield Problem(
                    FeedFault.BAD_REFERENCE,
                    f"{spec.name}.txt",
                    table.line(index),
                    column.name,
                    row[column.name],
                )


def _conditions(name: str, table: Table, facts: Facts) -> Iterator[Problem]:
    conditions = [condition for condition in CONDITIONS if condition.file == name]
    if conditions:
        for index, row in enumerate(table.rows):
            broken = {
                (code, condition.column): None
                for condition in conditions
                if (code := condition.broken_by(row, facts)) is not None
            }
            for code, column in broken:
                yield Problem(code, f"{name}.txt", table.line(index), column, row.get(column, ""))


def _locations(feed: Feed) -> Iterator[Problem]:
    if LOCATIONS in feed.files:
        yield from _geojson(feed.files[LOCATIONS])
    seen = {str(each.get("id", "")) for each in feed.locations()}
    for name, column in _PLACES:
        for index, row in enumerate(feed.rows(name)):
            value = row.get(column, "").strip()
            # A table's own repetitions are told with its key.
            if value in seen:
                yield Problem(
                    FeedFault.DUPLICATE_KEY, f"{name}.txt", feed.tables[name].line(index), column, value
                )
        seen |= {row.get(column, "").strip() for row in feed.rows(name)} - {""}


def _geojson(content: bytes) -> Iterator[Problem]:
    try:
        features = json.loads(content)["features"]
        ids = [str(feature["id"]) for feature in features]
        shapes = {
            feature["geometry"]["type"]
            for feature in features
            if feature["properties"] is not None and feature["geometry"]["coordinates"]
        }
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        yield Problem(FeedFault.UNREADABLE_GEOJSON, LOCATIONS, value=str(error))
        return
    for shape in sorted(shapes - {"Polygon", "MultiPolygon"}):
        yield Problem(FeedFault.UNKNOWN_CHOICE, LOCATIONS, column="geometry.type", value=shape)
    for repeated in sorted({each for each in ids if ids.count(each) > 1}):
        yield Problem(FeedFault.DUPLICATE_KEY, LOCATIONS, column="id", value=repeated)


def _translated_records(feed: Feed) -> Iterator[Problem]:
    known = schema()
    records: dict[str, frozenset[str]] = {}
    for index, row in enumerate(feed.rows("translations")):
        table, record = row.get("table_name", "").strip(), row.get("record_id", "").strip()
        if not record or table not in known or not known[table].key:
            continue
        if table not in records:
            key = known[table].key[0]
            records[table] = frozenset(each.get(key, "").strip() for each in feed.rows(table))
        if record not in records[table]:
            line = feed.tables["translations"].line(index)
            yield Problem(FeedFault.BAD_REFERENCE, "translations.txt", line, "record_id", record)


def _japan(feed: Feed) -> Iterator[Problem]:
    for index, row in enumerate(feed.rows("agency")):
        # A suffix after an underscore tells several services of one corporation apart.
        number = row.get("agency_id", "").strip().partition("_")[0]
        if not cn.is_valid(number):
            line = feed.tables["agency"].line(index)
            yield Problem(
                FeedFault.NOT_A_CORPORATE_NUMBER, "agency.txt", line, "agency_id", row.get("agency_id", "")
            )
    read = [t for t in translations(feed) if t.language == READING and t.table == "stops"]
    by_record = {t.record_id.strip() for t in read if t.field == "stop_name"}
    by_value = {t.field_value for t in read if t.field == "stop_name"}
    for index, row in enumerate(feed.rows("stops")):
        if row.get("stop_id", "").strip() not in by_record and row.get("stop_name", "") not in by_value:
            line = feed.tables["stops"].line(index)
            yield Problem(FeedFault.MISSING_READING, "stops.txt", line, "stop_name", row.get("stop_name", ""))
