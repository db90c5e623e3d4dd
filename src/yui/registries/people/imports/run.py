"""Importing a file of resident records from end to end, in one transaction."""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.tables.public import ColumnMap
from yui.kernel.tenancy.public import current_body
from yui.registries.people.contracts import EventKind, ImportReport
from yui.registries.people.imports.checks import (
    Problem,
    check_incoming,
    reasons_count,
    tidy_incoming,
    type_incoming,
)
from yui.registries.people.imports.loading import LEGAL_GROUND, LOADED, How, Loaded, load
from yui.registries.people.imports.reading import Incoming, read_incoming
from yui.registries.people.imports.reasons import Reason
from yui.registries.people.imports.rejects import write_rejects
from yui.registries.people.imports.staging import INCOMING, filling, identify, temporary_tables
from yui.registries.people.layout import resident_record_layout
from yui.registries.people.models import MyNumber, Person, ResidentEvent
from yui.registries.people.sealing import sealer

PERMISSION = "people.record.import"
Progress = Callable[[str], None]


def import_residents(
    source: Path | bytes,
    *,
    name: str = "",
    column_map: ColumnMap | None = None,
    rejects: Path | None = None,
    dry_run: bool = False,
    effective_on: dt.date | None = None,
    as_correction: bool = False,
    allow_private_use: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import resident records of the active body from a CSV file or a workbook.

    All in one transaction: either every accepted row is in, or none. A row equal to what is known does nothing, so a
    second run does nothing twice. A row that differs becomes a new fact: from its own day (address, end of residence),
    else from ``effective_on``; with ``as_correction``, from the beginning of the known span.

    Args:
        source: path or bytes of the file.
        name: file name, where ``source`` is bytes.
        column_map: how the file spells the items; our own layout when None.
        rejects: where rejected rows are written, each with row, item, reason and the row whole.
        dry_run: do everything, report, and undo it.
        effective_on: from when changes without a day of their own count; today when None.
        as_correction: what differs had been wrong before.
        allow_private_use: accept private-use characters (外字) as they are.
        progress: told what is done now: read, check, load.

    Raises:
        ImportRefused: the file as a whole cannot be imported.
        PermissionRefused: ``people.record.import`` is missing.
        OSError: the file cannot be read or the reject file not written.
    """
    require(PERMISSION)
    column_map = column_map or resident_record_layout()
    seconds: dict[str, float] = {}
    tell = progress or (lambda _: None)
    with _timed("read", seconds, tell):
        data = source if isinstance(source, bytes) else source.read_bytes()
        incoming = read_incoming(data, name or getattr(source, "name", ""), column_map)
    with transaction.atomic():
        with temporary_tables() as cursor:
            _one_at_a_time(cursor)
            with _timed("check", seconds, tell):
                rows, problems = _check(cursor, incoming, column_map, allow_private_use=allow_private_use)
            with _timed("load", seconds, tell):
                how = How(effective_on or timezone.localdate(), as_correction)
                event, loaded = _load(cursor, rows, list(problems), how)
        if rejects is not None:
            write_rejects(rejects, incoming, problems, column_map)
        report = _report(incoming, problems, loaded, event, dry_run=dry_run, seconds=seconds)
        record(
            "people.file.imported",
            object_kind="resident_event",
            object_id=event.public_id if event else "",
            reason="import",
            legal_ground=LEGAL_GROUND,
            details={
                "rows": report.rows,
                "new": report.new,
                "changed": report.changed,
                "rejected": report.rejected,
            },
        )
        if dry_run:
            transaction.set_rollback(True)
    return report


@contextmanager
def _timed(step: str, seconds: dict[str, float], tell: Progress) -> Iterator[None]:
    tell(step)
    start = time.perf_counter()
    yield
    seconds[step] = time.perf_counter() - start


def _one_at_a_time(cursor: CursorWrapper) -> None:
    """Two imports of one body wait for one another: each compares with what the other has left."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [current_body().code])


def _check(
    cursor: CursorWrapper, incoming: Incoming, column_map: ColumnMap, *, allow_private_use: bool
) -> tuple[pl.DataFrame, dict[int, list[Problem]]]:
    """Check the rows while they are on their way into ``incoming``; all rows, and what is wrong with some."""
    text = tidy_incoming(incoming.frame, column_map)
    known_heads = _find_heads(cursor, text["household_number"].unique().to_list())
    with ThreadPoolExecutor(1) as aside:
        ids = aside.submit(identify, cursor, text)
        rows = type_incoming(text).hstack(ids.result())
    with filling(cursor, "incoming", INCOMING, rows):
        problems = check_incoming(
            text,
            rows,
            column_map,
            body_code=current_body().code,
            today=timezone.localdate(),
            known_heads=known_heads,
            allow_private_use=allow_private_use,
        )
    _reject_taken_numbers(rows, problems)
    return rows, problems


def _load(
    cursor: CursorWrapper, rows: pl.DataFrame, rejected: list[int], how: How
) -> tuple[ResidentEvent | None, Loaded]:
    if len(rejected) == rows.height:
        return None, Loaded(0, 0, 0)
    event = ResidentEvent.objects.create(
        kind=EventKind.IMPORT.value,
        effective_on=how.effective_on,
        recorded_at=timezone.now(),
        recorded_by=current_actor().public_id,
    )
    accepted = rows.select(LOADED).filter(~pl.int_range(pl.len()).is_in(rejected))
    persons = rows["person_id"].gather(rejected).to_list()
    return event, load(cursor, accepted, persons, event, how)


def _find_heads(cursor: CursorWrapper, households: list[str]) -> list[tuple[str, str]]:
    """Heads the registry knows today for these households."""
    if not Person.objects.exists():
        return []
    cursor.execute(
        "SELECT h.household_number, p.person_number FROM people_residentrecord r"
        " JOIN people_household h ON h.body_id = r.body_id AND h.id = r.household_id"
        " JOIN people_person p ON p.body_id = r.body_id AND p.id = r.person_id"
        " WHERE upper_inf(r.recorded) AND upper_inf(r.valid) AND r.ended_on IS NULL"
        " AND r.relationship = 'head' AND h.household_number = ANY(%s)",
        [households],
    )
    return list(cursor.fetchall())


def _reject_taken_numbers(rows: pl.DataFrame, problems: dict[int, list[Problem]]) -> None:
    """My Numbers that another person of the registry has."""
    given = rows.select("_row", "person_number", "my_number").filter(
        (pl.col("my_number") != "") & ~pl.col("_row").is_in(list(problems))
    )
    if not given.height or not MyNumber.objects.exists():
        return
    blind = sealer(current_body().code).blind_index
    indexes = {blind(number): (row, person) for row, person, number in given.iter_rows()}
    held = MyNumber.objects.filter(blind_index__in=list(indexes), recorded__upper_inf=True)
    for index, holder in held.values_list("blind_index", "person__person_number"):
        row, person = indexes[bytes(index)]
        if person != holder:
            problems[row] = [("my_number", Reason.MY_NUMBER_TAKEN)]


def _report(
    incoming: Incoming,
    problems: Mapping[int, list[Problem]],
    loaded: Loaded,
    event: ResidentEvent | None,
    *,
    dry_run: bool,
    seconds: dict[str, float],
) -> ImportReport:
    found = [*problems.values(), *([("", aside.reason)] for aside in incoming.set_aside)]
    return ImportReport(
        rows=incoming.rows,
        new=loaded.new,
        changed=loaded.changed,
        unchanged=loaded.unchanged,
        rejected=len(found),
        reasons=reasons_count(found),
        encoding=incoming.encoding,
        dry_run=dry_run,
        event=event.public_id if event and (loaded.new or loaded.changed) and not dry_run else None,
        seconds=seconds,
    )
