"""Writing areas: what the package brings, official files, areas of a sample or another country."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from yui.kernel.tables.public import read_table, write_rejects
from yui.kernel.text.public import Message, gettext_noop
from yui.registries.areas.bundled import bundled_areas
from yui.registries.areas.contracts import AreaChangeView, AreaRef, ImportOutcome
from yui.registries.areas.merging import Plan, lay_over
from yui.registries.areas.models import Area, AreaChange, Town
from yui.registries.areas.queries import list_areas
from yui.registries.areas.sources import FileKind, ReadFile, TownRow, changes_by_hand, read_official

_LISTED_CODES = 12
_BATCH = 5000


@transaction.atomic
def load_bundled() -> ImportOutcome:
    """Bring areas up to what the installed package knows, and the changes noted by hand.

    The migrations do it once; run it again after the package was updated.
    """
    hand = changes_by_hand()
    told = bundled_areas()
    plan = lay_over(list_areas(), told)
    _store(plan)
    history = lay_over(list_areas(codes={area.code for area in hand.areas}), hand.areas, past=True)
    _store(history)
    added = _store_changes(hand.changes)
    return ImportOutcome(
        added=plan.added + history.added + added,
        changed=plan.changed + history.changed,
        unchanged=plan.unchanged + history.unchanged + len(hand.changes) - added,
        refused=0,
        counts=_count(told),
        remarks=_contradictions(plan) + _contradictions(history),
    )


@transaction.atomic
def add_areas(areas: Iterable[AreaRef]) -> int:
    """Add or correct areas that no official file carries, such as those of the sample prefecture.

    Returns:
        How many are new or changed.
    """
    told = list(areas)
    plan = lay_over(list_areas(codes={area.code for area in told}), told)
    _store(plan)
    return plan.added + plan.changed


def import_areas(path: Path, *, dry_run: bool, rejects: Path | None = None) -> ImportOutcome:
    """Import an official file: Address Base Registry (mt_pref, mt_city, …_pos, mt_town) or the converter.

    A second run of the same file changes nothing.

    Args:
        path: CSV, or a ZIP of one.
        dry_run: only say what would happen.
        rejects: where to write refused rows; nothing is written when there are none.

    Raises:
        TableError: the file is none of these.
    """
    read = read_official(read_table(path))
    with transaction.atomic():
        outcome = _HANDLERS[read.kind](read)
        if dry_run:
            transaction.set_rollback(True)
    if rejects is not None and read.refused:
        write_rejects(rejects, read.header, read.refused)
    return outcome


def _import_areas(read: ReadFile) -> ImportOutcome:
    plan = lay_over(list_areas(), read.areas)
    _store(plan)
    told = {area.code for area in read.areas}
    kinds = {area.kind for area in read.areas}
    in_force = [area for area in list_areas(kinds=kinds) if area.valid_until is None]
    # Codes beyond 47 prefectures are the sample's; a file of one prefecture says nothing about the others.
    prefectures = {code[:2] for code in told}
    absent = [area.code for area in in_force if area.code not in told and area.code[:2] in prefectures]
    remarks = _contradictions(plan)
    if absent and read.kind is FileKind.MUNICIPALITIES:
        sentence = gettext_noop(
            "In force here but not in the file (%(count)s): %(codes)s. Nothing was ended."
        )
        remarks += (_codes_remark("absent", sentence, absent),)
    return ImportOutcome(
        plan.added,
        plan.changed,
        plan.unchanged,
        len(read.refused),
        _count(read.areas),
        read.remarks + remarks,
    )


def _import_positions(read: ReadFile) -> ImportOutcome:
    changed: list[Area] = []
    known: set[str] = set()
    for area in Area.objects.filter(code__in=read.points, valid_until__isnull=True):
        known.add(area.code)
        latitude, longitude = read.points[area.code]
        if (area.latitude, area.longitude) != (latitude, longitude):
            area.latitude, area.longitude = latitude, longitude
            changed.append(area)
    Area.objects.bulk_update(changed, ["latitude", "longitude"], batch_size=_BATCH)
    remarks = read.remarks
    if unknown := sorted(set(read.points) - known):
        sentence = gettext_noop("Points of codes that are not in force here (%(count)s): %(codes)s.")
        remarks += (_codes_remark("unknown", sentence, unknown),)
    return ImportOutcome(
        0, len(changed), len(known) - len(changed), len(read.refused), {"points": len(read.points)}, remarks
    )


def _import_history(read: ReadFile) -> ImportOutcome:
    history = read.history
    plan = lay_over(list_areas(codes={area.code for area in history.areas}), history.areas, past=True)
    _store(plan)
    added = _store_changes(history.changes)
    remarks = read.remarks + _contradictions(plan)
    if history.unexplained:
        sentence = gettext_noop(
            "Steps between censuses for which the file gives no day (%(count)s): %(codes)s."
        )
        codes = [f"{before} → {after} ({year})" for before, after, year in history.unexplained]
        remarks += (_codes_remark("unexplained", sentence, codes),)
    return ImportOutcome(
        plan.added + added,
        plan.changed,
        plan.unchanged + len(history.changes) - added,
        0,
        {"versions": len(history.areas), "changes": len(history.changes)},
        remarks,
    )


def _import_towns(read: ReadFile) -> ImportOutcome:
    codes = {town.area_code for town in read.towns}
    known = {(town.area_code, town.town_code): town for town in Town.objects.filter(area_code__in=codes)}
    new: dict[tuple[str, str], Town] = {}
    changed: list[Town] = []
    unchanged = 0
    for row in read.towns:
        key = (row.area_code, row.town_code)
        stored = known.get(key)
        if stored is None:
            new[key] = Town(area_code=row.area_code, town_code=row.town_code, **row.values)
        elif _differs(stored, row):
            for name, value in row.values.items():
                setattr(stored, name, value)
            changed.append(stored)
        else:
            unchanged += 1
    Town.objects.bulk_create(new.values(), batch_size=_BATCH)
    if changed:
        Town.objects.bulk_update(changed, list(read.towns[0].values), batch_size=_BATCH)
    return ImportOutcome(
        len(new), len(changed), unchanged, len(read.refused), {"towns": len(read.towns)}, read.remarks
    )


def _differs(stored: Town, row: TownRow) -> bool:
    return any(getattr(stored, name) != value for name, value in row.values.items())


_HANDLERS: dict[FileKind, Callable[[ReadFile], ImportOutcome]] = {
    FileKind.PREFECTURES: _import_areas,
    FileKind.MUNICIPALITIES: _import_areas,
    FileKind.POSITIONS: _import_positions,
    FileKind.CONVERTER: _import_history,
    FileKind.TOWNS: _import_towns,
}


def _store(plan: Plan) -> None:
    """Replace the versions of every code that changed."""
    Area.objects.filter(code__in=plan.versions).delete()
    Area.objects.bulk_create(
        [Area(**asdict(area)) for versions in plan.versions.values() for area in versions], batch_size=_BATCH
    )


def _store_changes(changes: Sequence[AreaChangeView]) -> int:
    before = AreaChange.objects.count()
    AreaChange.objects.bulk_create(
        [AreaChange(**asdict(change)) for change in changes], batch_size=_BATCH, ignore_conflicts=True
    )
    return AreaChange.objects.count() - before


def _count(areas: Iterable[AreaRef]) -> dict[str, int]:
    return dict(Counter(area.kind.value for area in areas))


def _contradictions(plan: Plan) -> tuple[str, ...]:
    if not plan.contradictions:
        return ()
    sentence = gettext_noop("The file contradicts what is known, left as it was (%(count)s): %(codes)s.")
    return (_codes_remark("contradiction", sentence, plan.contradictions),)


def _codes_remark(code: str, sentence: str, codes: Sequence[str]) -> str:
    listed = ", ".join(codes[:_LISTED_CODES]) + (" …" if len(codes) > _LISTED_CODES else "")
    return str(Message(code, sentence, {"count": len(codes), "codes": listed}))
