"""Accepted rows from the temporary tables into the tables of facts, sets of rows at a time."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.db.backends.utils import CursorWrapper

from yui.kernel.journal.public import pseudonyms_of, record, record_for_each
from yui.kernel.tenancy.public import current_body
from yui.registries.people.imports.staging import ITEMS, filling
from yui.registries.people.models import ResidentEvent
from yui.registries.people.sealing import sealer

LOADED = (
    "household_number", "my_number", "ended_on", "person_id", "person_public_id", "person_is_new", "household_id",
    "household_public_id", "household_is_new",
)  # fmt: skip
"""What loading wants to see of a row here; all else waits in the temporary table."""
LEGAL_GROUND = "住民基本台帳法施行令12条3項"


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


def load(
    cursor: CursorWrapper, accepted: pl.DataFrame, rejected: list[int], event: ResidentEvent, how: How
) -> Loaded:
    """Load checked rows from the temporary table ``incoming``.

    Args:
        accepted: the columns ``LOADED`` of the same rows.
        rejected: ids of the persons whose rows stay where they are; none of them has an accepted row as well.
    """
    parameters: dict[str, Any] = {
        "body": current_body().id,
        "event": event.pk,
        "at": event.recorded_at,
        "effective_on": how.effective_on,
        "as_correction": how.as_correction,
        "rejected": rejected,
    }
    _add_households(cursor, accepted)
    new = accepted.filter("person_is_new")
    if new.height:
        _add_persons(cursor, new, event, parameters)
    changed = 0 if new.height == accepted.height else _load_changed(cursor, parameters, event)
    _load_my_numbers(cursor, accepted, event)
    return Loaded(new=new.height, changed=changed, unchanged=accepted.height - new.height - changed)


def _add_households(cursor: CursorWrapper, accepted: pl.DataFrame) -> None:
    fresh = accepted.filter("household_is_new").unique("household_id", maintain_order=True)
    fresh = fresh.select("household_number", id="household_id", public_id="household_public_id")
    with filling(cursor, "incoming_household", ("id", "public_id", "household_number"), fresh):
        pass
    cursor.execute(
        "INSERT INTO people_household (id, body_id, public_id, household_number, version)"
        " SELECT id, %s, public_id, household_number, 0 FROM incoming_household",
        [current_body().id],
    )


def _add_persons(
    cursor: CursorWrapper, new: pl.DataFrame, event: ResidentEvent, parameters: dict[str, Any]
) -> None:
    """People the registry does not know, their records, and an entry in the journal for each."""
    with ThreadPoolExecutor(1) as aside:
        # Made and put in the journal's order here while the database is busy with the records.
        fresh = map(bytes.fromhex, new["person_public_id"])
        named = aside.submit(copy_context().run, lambda: sorted(pseudonyms_of(fresh)))
        cursor.execute(_ADD_PERSONS, parameters)
        cursor.execute(
            _ADD_RECORDS.format(ended_on="NULL::date", ended_by="''", valid=_LIVING, where=_LIVES), parameters
        )
        if new["ended_on"].is_not_null().any():
            cursor.execute(
                _ADD_RECORDS.format(ended_on="i.ended_on", ended_by="i.ended_by", valid=_GONE, where=_ENDED),
                parameters,
            )
        record_for_each(
            "people.resident.imported",
            subjects=named.result(),
            reason="import",
            legal_ground=LEGAL_GROUND,
            details={"event": str(event.public_id)},
        )


_ACCEPTED = "WITH accepted AS (SELECT * FROM incoming WHERE person_id <> ALL (%(rejected)s::bigint[]))"

_ADD_PERSONS = f"""{_ACCEPTED}
INSERT INTO people_person (id, body_id, public_id, person_number, version)
SELECT person_id, %(body)s, person_public_id, person_number, 0 FROM accepted WHERE person_is_new
"""

_ITEM_LIST = ", ".join(ITEMS)
_SINCE = "greatest(i.became_resident_on, i.address_since_on)"
_LIVING = f"daterange({_SINCE}, i.ended_on)"
_LIVES = f"(i.ended_on IS NULL OR {_SINCE} < i.ended_on)"
_GONE = "daterange(i.ended_on, NULL)"
_ENDED = "i.ended_on IS NOT NULL"


def _values(source: str) -> str:
    return ", ".join(
        "{" + item + "}" if item in ("ended_on", "ended_by") else f"{source}.{item}" for item in ITEMS
    )


_ADD_RECORDS = (
    f"""{_ACCEPTED}
INSERT INTO people_residentrecord (body_id, person_id, household_id, event_id, valid, recorded, {_ITEM_LIST})
SELECT %(body)s, i.person_id, i.household_id, %(event)s, """
    + "{valid}"
    + f""", tstzrange(%(at)s, NULL), {_values("i")}
FROM accepted i
WHERE i.person_is_new AND """
    + "{where}"
)

# Somebody known: the newest known span against the row. Without a current span (a cancelled birth) all is new.
_FIND_CHANGED = f"""
CREATE TEMPORARY TABLE changing ON COMMIT DROP AS {_ACCEPTED}
SELECT i.*, r.id AS row_id, r.household_id AS left_id,
       lower(r.valid) AS known_from,
       CASE WHEN r.id IS NULL THEN {_SINCE}
            WHEN %(as_correction)s THEN lower(r.valid)
            WHEN i.ended_on IS NOT NULL AND r.ended_on IS NULL THEN greatest(i.ended_on, lower(r.valid))
            WHEN {_SINCE} > lower(r.valid) THEN {_SINCE}
            ELSE greatest(%(effective_on)s, lower(r.valid)) END AS start,
       greatest(%(at)s, coalesce(lower(r.recorded), %(at)s) + interval '1 microsecond') AS at
FROM accepted i
LEFT JOIN people_residentrecord r
    ON r.body_id = %(body)s AND r.person_id = i.person_id AND upper_inf(r.recorded) AND upper_inf(r.valid)
WHERE NOT i.person_is_new
  AND (r.id IS NULL OR i.household_id <> r.household_id
       OR ROW({", ".join(f"i.{item}" for item in ITEMS)})
          IS DISTINCT FROM ROW({", ".join(f"r.{item}" for item in ITEMS)}))
"""

_LOCK_KNOWN = f"""{_ACCEPTED}
SELECT count(*) FROM (
    SELECT 1 FROM people_person
    WHERE body_id = %(body)s AND id IN (SELECT person_id FROM accepted WHERE NOT person_is_new)
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
       {", ".join(f"r.{item}" for item in ITEMS)}
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


def _load_changed(cursor: CursorWrapper, parameters: dict[str, Any], event: ResidentEvent) -> int:
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


def _load_my_numbers(cursor: CursorWrapper, accepted: pl.DataFrame, event: ResidentEvent) -> None:
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
    with filling(cursor, "incoming_number", ("person_id", "key_id", "sealed", "blind_index"), frame):
        pass
    parameters: dict[str, Any] = {"body": current_body().id, "at": event.recorded_at}
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
