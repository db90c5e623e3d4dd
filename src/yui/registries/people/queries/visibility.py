"""Who may see whom, as of which day and as known when."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from yui.kernel.access.public import allowed, current_actor
from yui.kernel.journal.public import pseudonyms_of, record_for_each
from yui.registries.people.contracts import ResidentView
from yui.registries.people.mapping import resident_view
from yui.registries.people.models import ProtectionMeasure, ResidentRecord

PROTECTED_READ = "people.protected.read"
RESIDENT_REGISTER_LAW = "住民基本台帳法"


def records_at(as_of: dt.date | None, known_at: dt.datetime | None) -> QuerySet[ResidentRecord]:
    """Every record that holds on a day, as known at an instant (None: today, now)."""
    day = as_of or timezone.localdate()
    known = Q(recorded__upper_inf=True) if known_at is None else Q(recorded__contains=known_at)
    return ResidentRecord.objects.filter(known, valid__contains=day).select_related("person", "household")


def protected_now() -> QuerySet[ProtectionMeasure]:
    """Measures in force today. Whatever day is asked about, today's danger decides."""
    return ProtectionMeasure.objects.filter(recorded__upper_inf=True, valid__contains=timezone.localdate())


def hidden_person_ids() -> set[int]:
    """Ids of persons the acting one must not find."""
    if allowed(PROTECTED_READ):
        return set()
    own = current_actor().subject
    measures = protected_now()
    if own is not None:
        measures = measures.exclude(person__public_id=own)
    return set(measures.values_list("person_id", flat=True))


def protected_among(person_ids: Iterable[int]) -> set[int]:
    """Which of these persons are protected today."""
    return set(protected_now().filter(person_id__in=list(person_ids)).values_list("person_id", flat=True))


def split_visible(rows: Iterable[ResidentRecord]) -> tuple[list[ResidentRecord], list[ResidentRecord]]:
    """Records the acting one may see, and those it must not find."""
    hidden_ids = hidden_person_ids()
    visible: list[ResidentRecord] = []
    hidden: list[ResidentRecord] = []
    for row in rows:
        (hidden if row.person_id in hidden_ids else visible).append(row)
    return visible, hidden


def views_of(rows: list[ResidentRecord]) -> list[ResidentView]:
    """Records as views, with the mark of protection."""
    protected = protected_among({row.person_id for row in rows}) if rows else set()
    return [resident_view(row, protected=row.person_id in protected) for row in rows]


def journal_reads(act: str, persons: Iterable[UUID], *, reason: str, legal_ground: str) -> None:
    """One entry for each person whose data are given out."""
    subjects = pseudonyms_of(dict.fromkeys(persons))
    if subjects:
        ground = legal_ground or RESIDENT_REGISTER_LAW
        record_for_each(act, subjects=subjects, object_kind="resident", reason=reason, legal_ground=ground)


def journal_hidden(rows: Iterable[ResidentRecord], *, reason: str, legal_ground: str) -> None:
    """One entry for each protected person who would have been found.

    It belongs to the caller's transaction, so a caller that answers "not found" must not roll back.
    """
    journal_reads(
        "people.protected.withheld",
        (row.person.public_id for row in rows),
        reason=reason,
        legal_ground=legal_ground,
    )
