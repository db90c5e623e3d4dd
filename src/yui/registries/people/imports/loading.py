"""Accepted rows into the tables of facts: COPY into temporary tables, then sets of rows at a time.

PostgreSQL refuses COPY into a table under row-level security, so rows arrive in a temporary table and go on by
``INSERT … SELECT``, which the policies check.
"""

import datetime as dt
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection
from psycopg.copy import QueuedLibpqWriter

from yui.kernel.journal.public import pseudonyms_of, record, record_for_each
from yui.kernel.tenancy.public import current_body
from yui.registries.people.mapping import FACT_COLUMNS
from yui.registries.people.models import Household, Person, ResidentEvent
from yui.registries.people.sealing import sealer

LEGAL_GROUND = "住民基本台帳法施行令12条3項"
_DATES = frozenset(
    {
        "born_on", "became_resident_on", "address_since_on", "notified_on", "residence_until", "ended_on", "since",
    }
)  # fmt: skip
_ITEMS = tuple(column for column in FACT_COLUMNS if column != "household_id")
_COPIED = (
    "person_id", "household_id", "person_number", "person_public_id", "is_new", "since", *_ITEMS
)  # fmt: skip
_TEMPORARY = ("incoming", "incoming_household", "incoming_number", "changing", "changing_number")
_NULL = "\\N"


@dataclass(frozen=True)
class Loaded:
    """How many rows were new, changed and as they were."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class How:
    """How changed rows are understood.

    Attributes:
        effective_on: changes without a day of their own count from here.
        as_correction: what changed had been wrong from the beginning of the known facts.
    """

    effective_on: dt.date
    as_correction: bool = False


def load(accepted: pl.DataFrame, event: ResidentEvent, how: How) -> Loaded:
    """Load checked rows; must run inside the transaction of the import."""
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as aside:
        # Plans of one statement over all rows: no compiling, and room to hash in memory.
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '256MB'")
        accepted = _identify(cursor, accepted)
        _copy(cursor, "incoming", _COPIED, accepted)
        parameters: dict[str, Any] = {
            "body": current_body().id,
            "event": event.pk,
            "at": event.recorded_at,
            "effective_on": how.effective_on,
            "as_correction": how.as_correction,
        }
        new = accepted["is_new"].sum()
        if new:
            # Made here while the database is busy with the records.
            fresh = map(bytes.fromhex, accepted.filter("is_new")["person_public_id"])
            named = aside.submit(copy_context().run, pseudonyms_of, fresh)
            cursor.execute(_ADD_PERSONS, parameters)
            cursor.execute(
                _ADD_RECORDS.format(ended_on="NULL::date", ended_by="''", valid=_LIVING, where=_LIVES),
                parameters,
            )
            if accepted["ended_on"].is_not_null().any():
                cursor.execute(
                    _ADD_RECORDS.format(
                        ended_on="i.ended_on", ended_by="i.ended_by", valid=_GONE, where=_ENDED
                    ),
                    parameters,
                )
            record_for_each(
                "people.resident.imported",
                subjects=named.result(),
                reason="import",
                legal_ground=LEGAL_GROUND,
                details={"event": str(event.public_id)},
            )
        changed = 0 if new == accepted.height else _load_changed(cursor, parameters, event)
        _load_my_numbers(cursor, accepted, event)
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{table}" for table in _TEMPORARY))
    return Loaded(new=int(new), changed=changed, unchanged=accepted.height - int(new) - changed)


def _identify(cursor: Any, accepted: pl.DataFrame) -> pl.DataFrame:
    """Give every row the ids of its person and household, known or fresh; make the fresh households.

    Ids are taken from the sequences beforehand: joining rows with tables that were empty a moment ago, and of which
    the planner therefore knows nothing, costs more than writing them.
    """
    persons = _known(cursor, Person, "person_number", accepted["person_number"])
    homes = accepted["household_number"].unique(maintain_order=True)
    known_homes = _known(cursor, Household, "household_number", homes)
    fresh = homes.filter(~homes.is_in(known_homes["household_number"].implode()))
    fresh_homes = pl.DataFrame(
        {
            "household_number": fresh,
            "id": _take_ids(cursor, Household, fresh.len()),
            "public_id": new_public_ids(fresh.len()),
        }
    )
    _copy(cursor, "incoming_household", ("id", "public_id", "household_number"), fresh_homes)
    cursor.execute(
        "INSERT INTO people_household (id, body_id, public_id, household_number, version)"
        " SELECT id, %s, public_id, household_number, 0 FROM incoming_household",
        [current_body().id],
    )
    rows = accepted.join(persons, on="person_number", how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("id").is_null().alias("is_new"))
    new = rows.filter("is_new").select("person_number")
    new = new.with_columns(_take_ids(cursor, Person, new.height), new_public_ids(new.height))
    home_ids = pl.concat([known_homes.drop("public_id"), fresh_homes.drop("public_id")])
    return (
        rows.drop("id", "public_id")
        .join(pl.concat([persons, new]), on="person_number", maintain_order="left")
        .rename({"id": "person_id", "public_id": "person_public_id"})
        .join(home_ids.rename({"id": "household_id"}), on="household_number", maintain_order="left")
    )


def _known(
    cursor: Any, model: type[Person] | type[Household], column: str, numbers: pl.Series
) -> pl.DataFrame:
    """The ids of those numbers that the registry has already."""
    schema = {column: pl.String, "id": pl.Int64, "public_id": pl.String}
    if not model.objects.exists():
        return pl.DataFrame(schema=schema)
    cursor.execute(
        f"SELECT {column}, id, public_id::text FROM {model._meta.db_table} WHERE {column} = ANY(%s)",
        [numbers.to_list()],
    )
    return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def _take_ids(cursor: Any, model: type[Person] | type[Household], count: int) -> pl.Series:
    """Fresh ids from a table's sequence, which others may be using at the same time."""
    if not count:
        return pl.Series("id", [], dtype=pl.Int64)
    cursor.execute(
        f"SELECT string_agg(nextval('{model._meta.db_table}_id_seq')::text, ' ') FROM generate_series(1, %s)",
        [count],
    )
    return pl.Series("id", cursor.fetchone()[0].split(" ")).cast(pl.Int64)


def new_public_ids(count: int) -> pl.Series:
    """Many UUIDs of version 7 as text, ascending, so that they fill their index from left to right."""
    stamp = f"{time.time_ns() // 1_000_000:012x}"
    random = os.urandom(8 * count).hex()
    # Twelve bits count on inside the millisecond, as RFC 9562 section 6.2 allows; more rows share a count.
    counts = pl.Series([f"{stamp}7{n:03x}8" for n in range(4096)], dtype=pl.String)
    beginnings = counts.gather(pl.int_range(count, eager=True) * 4096 // max(count, 1))
    endings = pl.Series([random[n : n + 15] for n in range(0, 16 * count, 16)], dtype=pl.String)
    return (beginnings + endings).alias("public_id")


def _copy(cursor: Any, table: str, columns: tuple[str, ...], frame: pl.DataFrame) -> None:
    types = {
        "id": "bigint",
        "person_id": "bigint",
        "household_id": "bigint",
        "is_new": "boolean",
        "person_public_id": "uuid",
        "public_id": "uuid",
        "sealed": "text",
        "blind_index": "text",
    }
    declared = ", ".join(
        f"{column} {'date' if column in _DATES else types.get(column, 'text')}"
        + (' COLLATE "C"' if column in ("person_number", "household_number") else "")
        for column in columns
    )
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({declared}) ON COMMIT DROP")
    statement = f"COPY {table} FROM STDIN (FORMAT csv, NULL '{_NULL}')"
    # A thread of its own sends one slice while the next is written.
    with cursor.copy(statement, writer=QueuedLibpqWriter(cursor.cursor)) as copy:
        for rows in frame.select(columns).iter_slices(10_000):
            copy.write(rows.write_csv(include_header=False, null_value=_NULL))


_ADD_PERSONS = """
INSERT INTO people_person (id, body_id, public_id, person_number, version)
SELECT person_id, %(body)s, person_public_id, person_number, 0 FROM incoming WHERE is_new
"""

_ITEM_LIST = ", ".join(_ITEMS)
_LIVING = "daterange(i.since, i.ended_on)"
_LIVES = "(i.ended_on IS NULL OR i.since < i.ended_on)"
_GONE = "daterange(i.ended_on, NULL)"
_ENDED = "i.ended_on IS NOT NULL"


def _values(source: str) -> str:
    return ", ".join(
        "{" + item + "}" if item in ("ended_on", "ended_by") else f"{source}.{item}" for item in _ITEMS
    )


_ADD_RECORDS = (
    f"""
INSERT INTO people_residentrecord (body_id, person_id, household_id, event_id, valid, recorded, {_ITEM_LIST})
SELECT %(body)s, i.person_id, i.household_id, %(event)s, """
    + "{valid}"
    + f""", tstzrange(%(at)s, NULL), {_values("i")}
FROM incoming i
WHERE i.is_new AND """
    + "{where}"
)

# Somebody known: the newest known span against the row. Without a current span (a cancelled birth) all is new.
_FIND_CHANGED = f"""
CREATE TEMPORARY TABLE changing ON COMMIT DROP AS
SELECT i.*, r.id AS row_id, r.household_id AS left_id,
       lower(r.valid) AS known_from,
       CASE WHEN r.id IS NULL THEN i.since
            WHEN %(as_correction)s THEN lower(r.valid)
            WHEN i.ended_on IS NOT NULL AND r.ended_on IS NULL THEN greatest(i.ended_on, lower(r.valid))
            WHEN i.since > lower(r.valid) THEN i.since
            ELSE greatest(%(effective_on)s, lower(r.valid)) END AS start,
       greatest(%(at)s, coalesce(lower(r.recorded), %(at)s) + interval '1 microsecond') AS at
FROM incoming i
LEFT JOIN people_residentrecord r
    ON r.body_id = %(body)s AND r.person_id = i.person_id AND upper_inf(r.recorded) AND upper_inf(r.valid)
WHERE NOT i.is_new
  AND (r.id IS NULL OR i.household_id <> r.household_id
       OR ROW({", ".join(f"i.{item}" for item in _ITEMS)})
          IS DISTINCT FROM ROW({", ".join(f"r.{item}" for item in _ITEMS)}))
"""

_LOCK_KNOWN = """
SELECT count(*) FROM (
    SELECT 1 FROM people_person
    WHERE body_id = %(body)s AND id IN (SELECT person_id FROM incoming WHERE NOT is_new)
    ORDER BY id FOR NO KEY UPDATE) AS locked
"""

_CLOSE = """
UPDATE people_residentrecord r SET recorded = tstzrange(lower(r.recorded), c.at)
FROM changing c WHERE r.body_id = %(body)s AND r.person_id = c.person_id AND r.id = c.row_id
"""

_KEEP_BEGINNING = f"""
INSERT INTO people_residentrecord
    (body_id, person_id, household_id, event_id, valid, recorded, {_ITEM_LIST})
SELECT r.body_id, r.person_id, r.household_id, %(event)s, daterange(c.known_from, c.start), tstzrange(c.at, NULL),
       {", ".join(f"r.{item}" for item in _ITEMS)}
FROM changing c
JOIN people_residentrecord r ON r.body_id = %(body)s AND r.person_id = c.person_id AND r.id = c.row_id
WHERE c.start > c.known_from
"""

_ADD_CHANGED = (
    f"""
INSERT INTO people_residentrecord
    (body_id, person_id, household_id, event_id, valid, recorded, {_ITEM_LIST})
SELECT %(body)s, i.person_id, i.household_id, %(event)s, """
    + "{valid}"
    + f""", tstzrange(i.at, NULL), {_values("i")}
FROM changing i WHERE """
    + "{where}"
)

_COUNT_VERSIONS = """
UPDATE people_person SET version = version + 1
WHERE body_id = %(body)s AND id IN (SELECT person_id FROM changing);
UPDATE people_household SET version = version + 1
WHERE body_id = %(body)s AND id IN (SELECT household_id FROM changing UNION SELECT left_id FROM changing)
"""


def _load_changed(cursor: Any, parameters: dict[str, Any], event: ResidentEvent) -> int:
    cursor.execute(_LOCK_KNOWN, parameters)
    cursor.execute(_FIND_CHANGED, parameters)
    changed: int = cursor.rowcount
    if not changed:
        return 0
    cursor.execute(_CLOSE, parameters)
    cursor.execute(_KEEP_BEGINNING, parameters)
    living = {"ended_on": "NULL::date", "ended_by": "''", "valid": "daterange(i.start, i.ended_on)"}
    cursor.execute(
        _ADD_CHANGED.format(**living, where="i.ended_on IS NULL OR i.start < i.ended_on"), parameters
    )
    gone = {
        "ended_on": "i.ended_on",
        "ended_by": "i.ended_by",
        "valid": "daterange(greatest(i.start, i.ended_on), NULL)",
    }
    cursor.execute(_ADD_CHANGED.format(**gone, where="i.ended_on IS NOT NULL"), parameters)
    for statement in _COUNT_VERSIONS.split(";"):
        cursor.execute(statement, parameters)
    cursor.execute("SELECT person_public_id FROM changing")
    record_for_each(
        "people.resident.imported",
        subjects=pseudonyms_of(subject for (subject,) in cursor.fetchall()),
        reason="import",
        legal_ground=LEGAL_GROUND,
        details={"event": str(event.public_id)},
    )
    return changed


# My Number


def _load_my_numbers(cursor: Any, accepted: pl.DataFrame, event: ResidentEvent) -> None:
    """Seal the numbers of the file; unchanged ones (by blind index) are left alone."""
    given = accepted.filter(pl.col("my_number") != "").select("person_id", "person_public_id", "my_number")
    if not given.height:
        return
    seal = sealer(current_body().code).seal
    sealed = [seal(number, UUID(person)) for person, number in given.select(given.columns[1:]).iter_rows()]
    frame = given.select("person_id").with_columns(
        pl.Series("key_id", [one.key_id for one in sealed]),
        pl.Series("sealed", ["\\x" + one.sealed.hex() for one in sealed]),
        pl.Series("blind_index", ["\\x" + one.blind_index.hex() for one in sealed]),
    )
    _copy(cursor, "incoming_number", ("person_id", "key_id", "sealed", "blind_index"), frame)
    parameters = {"body": current_body().id, "at": event.recorded_at}
    cursor.execute(_FIND_NUMBERS, parameters)
    cursor.execute(_CLOSE_NUMBERS, parameters)
    cursor.execute(_ADD_NUMBERS, parameters)
    if cursor.rowcount:
        record(
            "people.my_number.imported",
            object_kind="resident_event",
            object_id=event.public_id,
            reason="import",
            legal_ground="番号法",
            details={"numbers": cursor.rowcount},
        )


_FIND_NUMBERS = """
CREATE TEMPORARY TABLE changing_number ON COMMIT DROP AS
SELECT i.person_id, i.key_id, i.sealed::bytea AS sealed, i.blind_index::bytea AS blind_index, m.id AS row_id
FROM incoming_number i
LEFT JOIN people_mynumber m ON m.body_id = %(body)s AND m.person_id = i.person_id AND upper_inf(m.recorded)
WHERE m.id IS NULL OR m.blind_index <> i.blind_index::bytea
"""

_CLOSE_NUMBERS = """
UPDATE people_mynumber m
SET recorded = tstzrange(lower(m.recorded), greatest(%(at)s, lower(m.recorded) + interval '1 microsecond'))
FROM changing_number c WHERE m.body_id = %(body)s AND m.id = c.row_id
"""

_ADD_NUMBERS = """
INSERT INTO people_mynumber (body_id, person_id, recorded, key_id, sealed, blind_index)
SELECT %(body)s, person_id, tstzrange(%(at)s, NULL), key_id, sealed, blind_index FROM changing_number
"""
