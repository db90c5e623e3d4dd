"""Importing a published list into the register of the active body, and publishing it again."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from yui.kernel.access.public import require
from yui.kernel.journal.public import record
from yui.kernel.tables.public import Remark, RemarkKind, write_rejects, write_table
from yui.kernel.tenancy.public import current_body
from yui.registries.facilities.contracts import FacilityKind, FileReport, Verdict
from yui.registries.facilities.datasets import layout_of_kind
from yui.registries.facilities.examining import Examined, examine_file
from yui.registries.facilities.messages import REMARKS
from yui.registries.facilities.models import Facility

_BATCH = 1000


def import_facilities(
    path: Path, *, dry_run: bool, kind: FacilityKind | None = None, rejects: Path | None = None
) -> FileReport:
    """Import a list of facilities for the active body.

    A facility known from an earlier import is brought up to date, one told again is left alone, one that is no
    longer in the list stays and is counted in the report.

    Args:
        path: the file as published.
        dry_run: only say what would happen.
        kind: what it lists, when its headings leave it open.
        rejects: where to write refused rows; nothing is written when there are none.

    Raises:
        NoActiveBody: outside any scope.
        PermissionRefused: the actor may not import lists.
    """
    require("facilities.list.import")
    body = current_body()
    examined = examine_file(path, as_of=timezone.localdate(), kind=kind, body_code=body.code)
    if examined.report.verdict is Verdict.REFUSED:
        return examined.report
    with transaction.atomic():
        report = _store(examined, path.name, dry_run=dry_run)
        if not dry_run:
            record(
                "facilities.list.imported",
                object_kind="facility_list",
                object_id=str(report.kind),
                details={
                    "added": report.added,
                    "changed": report.changed,
                    "unchanged": report.unchanged,
                    "refused": report.refused,
                },
            )
    if rejects is not None and examined.refused and not dry_run:
        write_rejects(rejects, examined.header, examined.refused)
    return report


def _store(examined: Examined, file_name: str, *, dry_run: bool) -> FileReport:
    kind = examined.report.kind
    known = {facility.source_key: facility for facility in Facility.objects.filter(kind=kind)}
    new: list[Facility] = []
    changed: list[Facility] = []
    now = timezone.now()
    fields: set[str] = set()
    for draft in examined.drafts:
        values: dict[str, Any] = draft.stored()
        facility = known.pop(draft.source_key, None)
        if facility is None:
            new.append(Facility(**values, source_file=file_name, imported_at=now))
        elif facility.fingerprint != values["fingerprint"]:
            values |= {"source_file": file_name, "imported_at": now}
            fields |= set(values)
            for name, value in values.items():
                setattr(facility, name, value)
            changed.append(facility)
    if not dry_run:
        Facility.objects.bulk_create(new, batch_size=_BATCH)
        if changed:
            Facility.objects.bulk_update(changed, sorted(fields), batch_size=_BATCH)
    remarks = examined.report.remarks
    if known:
        remarks += (Remark(RemarkKind.DOUBTED, "gone", len(known), sentence=REMARKS["gone"]),)
    return replace(
        examined.report,
        verdict=Verdict.IMPORTABLE if dry_run else Verdict.IMPORTED,
        added=len(new),
        changed=len(changed),
        unchanged=len(examined.drafts) - len(new) - len(changed),
        remarks=remarks,
    )


def export_facilities(path: Path, kind: FacilityKind) -> int:
    """Write the active body's facilities of a kind as the standard list of that kind, UTF-8 with BOM.

    Returns:
        The number of facilities written.
    """
    body = current_body()
    facilities = Facility.objects.filter(kind=kind).order_by("source_key")
    return write_table(path, layout_of_kind(kind), _rows(facilities, body.code, body.name))


def _rows(facilities: Iterable[Facility], body_code: str, body_name: str) -> Iterable[dict[str, object]]:
    for facility in facilities:
        values = {
            name: getattr(facility, name) for name in _EXPORTED if getattr(facility, name) not in ("", None)
        }
        # What could not be read as declared is published as it was written.
        yield {
            "lg_code": body_code,
            "government": body_name,
            **values,
            **facility.details,
            **facility.as_written,
        }


_EXPORTED = (
    "local_id", "name", "kana", "english_name", "common_name", "address", "building", "town_code", "postal_code",
    "latitude", "longitude", "phone", "extension", "fax", "organisation_number", "organisation_name", "open_days",
    "opens_at", "closes_at", "hours_note", "capacity", "description", "description_en", "access", "parking",
    "accessibility", "image", "image_licence", "url", "note",
)  # fmt: skip
