"""Rows on their way into the registry: their ids, and the temporary tables that COPY fills.

PostgreSQL refuses COPY into a table under row-level security, so rows arrive in a temporary table and go on by
``INSERT … SELECT``, which the policies check.
"""

import io
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.copy import QueuedLibpqWriter

from yui.registries.people.mapping import FACT_COLUMNS
from yui.registries.people.models import Person, ResidentRecord

ITEMS = tuple(column for column in FACT_COLUMNS if column != "household_id")
_TABLES = ("incoming", "incoming_household", "incoming_number", "changing", "changing_number")
INCOMING = ("person_id", "household_id", "person_number", "person_public_id", "person_is_new", *ITEMS)
_LENGTHS = {
    field.attname: length
    for model in (Person, ResidentRecord)
    for field in model._meta.local_fields
    if (length := field.max_length) is not None
}
# The lengths of the tables of facts, so that they are checked here, while the rows travel, and not once more later.
_TYPES = (
    {item: f"varchar({length})" for item, length in _LENGTHS.items()}
    | {
        "id": "bigint",
        "person_id": "bigint",
        "household_id": "bigint",
        "person_is_new": "boolean",
        "person_public_id": "uuid",
        "public_id": "uuid",
        "person_number": f'varchar({_LENGTHS["person_number"]}) COLLATE "C"',
        "household_number": 'text COLLATE "C"',
    }
    | dict.fromkeys(
        ("born_on", "became_resident_on", "address_since_on", "notified_on", "residence_until", "ended_on"),
        "date",
    )
)
# No row that holds a control character is accepted, so this is never the value of a cell.
_NULL = "\x01"


@contextmanager
def temporary_tables() -> Iterator[CursorWrapper]:
    """A cursor for the transaction of one import, which leaves no temporary table behind."""
    with connection.cursor() as cursor:
        # Plans of one statement over all rows, of which the planner has no statistics: hashing in memory, no compiling.
        cursor.execute("SET LOCAL jit = off; SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '256MB'")
        yield cursor
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{table}" for table in _TABLES))


@contextmanager
def filling(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: pl.DataFrame) -> Iterator[None]:
    """A new temporary table of these rows. They travel until the block ends; meanwhile the cursor is busy."""
    declared = ", ".join(f"{column} {_TYPES.get(column, 'text')}" for column in columns)
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({declared}) ON COMMIT DROP")
    rows = _shortened(rows.select(columns))
    statement = f"COPY {table} FROM STDIN (FORMAT csv, NULL '{_NULL}')"
    # A thread of its own sends what is written here.
    with cursor.copy(statement, writer=QueuedLibpqWriter(cursor.cursor)) as copy:
        for part in rows.iter_slices(10_000):
            lines = io.BytesIO()
            part.write_csv(lines, include_header=False, null_value=_NULL)
            # Text of PostgreSQL holds no NUL; a row that has one is rejected.
            copy.write(lines.getvalue().replace(b"\0", b""))
        yield


def _shortened(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with cells cut off that no table would take: their rows are rejected, and wait here like the others."""
    bounded = [item for item in rows.columns if item in _LENGTHS and rows.schema[item] == pl.String]
    longest = rows.select(pl.col(bounded).str.len_chars().max()).to_dict(as_series=False)
    cut = [item for item, (length,) in longest.items() if (length or 0) > _LENGTHS[item]]
    return rows.with_columns(pl.col(item).str.head(_LENGTHS[item]) for item in cut)


def identify(cursor: CursorWrapper, rows: pl.DataFrame) -> pl.DataFrame:
    """The ids of every row's person and household and whether they are new, row by row.

    Ids are taken from the sequences beforehand: joining rows with tables that were empty a moment ago, and of which
    the planner therefore knows nothing, costs more than writing them.
    """
    found = []
    for kind in ("person", "household"):
        numbers = rows.select(f"{kind}_number")
        ids = _ids(cursor, kind, numbers.to_series().unique(maintain_order=True))
        found.append(
            numbers.join(ids, on=f"{kind}_number", how="left", maintain_order="left").drop(f"{kind}_number")
        )
    return pl.concat(found, how="horizontal")


def _ids(cursor: CursorWrapper, kind: str, numbers: pl.Series) -> pl.DataFrame:
    """The ids of persons or households, known or fresh, by their numbers."""
    schema = {
        f"{kind}_number": pl.String,
        f"{kind}_id": pl.Int64,
        f"{kind}_public_id": pl.String,
        f"{kind}_is_new": pl.Boolean,
    }
    known = pl.DataFrame(schema=schema)
    cursor.execute(f"SELECT EXISTS (SELECT FROM people_{kind})")
    if cursor.fetchone()[0]:
        cursor.execute(
            f"SELECT {kind}_number, id, public_id::text, false FROM people_{kind} WHERE {kind}_number = ANY(%s)",
            [numbers.to_list()],
        )
        known = pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
    fresh = numbers.filter(~numbers.is_in(known[f"{kind}_number"].implode()))
    count = fresh.len()
    made = [fresh, _take_ids(cursor, kind, count), _public_ids(count), pl.repeat(True, count, eager=True)]
    return pl.concat([known, pl.DataFrame(made, schema=schema)])


def _take_ids(cursor: CursorWrapper, kind: str, count: int) -> pl.Series:
    """Fresh ids from a table's sequence, which others may be using at the same time."""
    cursor.execute(
        f"SELECT string_agg(nextval('people_{kind}_id_seq')::text, ' ') FROM generate_series(1, %s)", [count]
    )
    taken = pl.Series(cursor.fetchone(), dtype=pl.String)
    return taken.drop_nulls().str.split(" ").explode(empty_as_null=False).cast(pl.Int64)


def _public_ids(count: int) -> pl.Series:
    """Many UUIDs of version 7 as text, ascending, so that they fill their index from left to right."""
    stamp = f"{time.time_ns() // 1_000_000:012x}"
    random = os.urandom(8 * count).hex()
    # Twelve bits count on inside the millisecond, as RFC 9562 section 6.2 allows; more rows share a count.
    counts = pl.Series([f"{stamp}7{n:03x}8" for n in range(4096)], dtype=pl.String)
    beginnings = counts.gather(pl.int_range(count, eager=True) * 4096 // max(count, 1))
    endings = pl.Series([random[n : n + 15] for n in range(0, 16 * count, 16)], dtype=pl.String)
    return beginnings + endings
