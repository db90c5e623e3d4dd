"""Writing resident records to a file in the declared layout."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from yui.kernel.access.public import require
from yui.kernel.journal.public import pseudonyms_of, record, record_for_each
from yui.kernel.tables.public import ColumnMap, write_table
from yui.kernel.tenancy.public import current_body
from yui.registries.people.layout import resident_record_layout
from yui.registries.people.mapping import partial_date
from yui.registries.people.models import MyNumber, ResidentRecord
from yui.registries.people.queries.my_numbers import PERMISSION as MY_NUMBER_READ
from yui.registries.people.queries.visibility import hidden_person_ids, records_at
from yui.registries.people.sealing import sealer

PERMISSION = "people.record.export"


def export_residents(
    path: Path,
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    include_former: bool = False,
    include_my_number: bool = False,
    column_map: ColumnMap | None = None,
    reason: str,
    legal_ground: str,
) -> int:
    """Write the residents of the active body as of a day, one row each, and journal everybody written.

    Protected persons are left out unless the exporter may see them. My Numbers are left out unless asked for.

    Args:
        path: the CSV file to make.
        as_of: the day; today when None.
        known_at: what was known then; now when None.
        include_former: also those who have died or moved out.
        include_my_number: also My Numbers; needs ``people.my_number.read``.
        column_map: another layout with the same item ids.
        reason: a short code of why.
        legal_ground: the article that allows handing out the file.

    Returns:
        How many rows were written.

    Raises:
        PermissionRefused: ``people.record.export``, or for My Numbers ``people.my_number.read``, is missing.
    """
    require(PERMISSION)
    if include_my_number:
        require(MY_NUMBER_READ)
    rows = records_at(as_of, known_at).exclude(person_id__in=hidden_person_ids())
    if not include_former:
        rows = rows.filter(ended_on__isnull=True)
    record_for_each(
        "people.resident.exported",
        subjects=pseudonyms_of(rows.values_list("person__public_id", flat=True)),
        reason=reason,
        legal_ground=legal_ground,
    )
    numbers = _my_numbers() if include_my_number else {}
    ordered = rows.order_by("household__household_number", "person__person_number")
    count = write_table(
        path, column_map or resident_record_layout(), (_cells(row, numbers) for row in _read(ordered))
    )
    path.chmod(0o600)
    record(
        "people.file.exported",
        reason=reason,
        legal_ground=legal_ground,
        details={
            "rows": count,
            "as_of": (as_of or timezone.localdate()).isoformat(),
            "my_numbers": include_my_number,
        },
    )
    return count


def _read(rows: Any) -> Iterator[ResidentRecord]:
    yield from rows.iterator(chunk_size=5000)


def _my_numbers() -> Mapping[int, str]:
    seal = sealer(current_body().code)
    kept = MyNumber.objects.filter(recorded__upper_inf=True).select_related("person")
    return {one.person_id: seal.open(one.key_id, bytes(one.sealed), one.person.public_id) for one in kept}


def _cells(row: ResidentRecord, numbers: Mapping[int, str]) -> dict[str, Any]:
    cells = {item: getattr(row, item) for item in resident_record_layout().ids if hasattr(row, item)}
    cells["person_number"] = row.person.person_number
    cells["household_number"] = row.household.household_number
    cells["born_on"] = partial_date(row.born_on, row.born_precision).isoformat()
    cells["my_number"] = numbers.get(row.person_id, "")
    return cells
