"""One person: as of any day, as known at any instant, and through time."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from yui.registries.people.contracts import EventView, ResidentNotFound, ResidentView
from yui.registries.people.mapping import event_views
from yui.registries.people.models import Person, ResidentEvent, ResidentRecord
from yui.registries.people.queries.visibility import (
    hidden_person_ids,
    journal_hidden,
    journal_reads,
    records_at,
    split_visible,
    views_of,
)

_NOT_FOUND = "Nobody with this id is found here on that day."


def find_resident(
    person: UUID,
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    reason: str,
    legal_ground: str = "",
) -> ResidentView | None:
    """One person as true on a day and known at an instant, or None; see ``get_resident``."""
    rows = list(records_at(as_of, known_at).filter(person__public_id=person))
    visible, hidden = split_visible(rows)
    journal_hidden(hidden, reason=reason, legal_ground=legal_ground)
    if not visible:
        return None
    journal_reads("people.resident.read", [person], reason=reason, legal_ground=legal_ground)
    return views_of(visible)[0]


def get_resident(
    person: UUID,
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    reason: str,
    legal_ground: str = "",
) -> ResidentView:
    """One person as true on a day and known at an instant.

    Args:
        person: public id.
        as_of: the day asked about; today when None.
        known_at: what was known then; now when None.
        reason: a short code of why, for the journal.
        legal_ground: the article that allows it.

    Raises:
        ResidentNotFound: unknown, not known on that day, or protected from this reader; these look alike.
    """
    found = find_resident(person, as_of=as_of, known_at=known_at, reason=reason, legal_ground=legal_ground)
    if found is None:
        raise ResidentNotFound(_NOT_FOUND)
    return found


def list_residents(
    persons: Iterable[UUID],
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    reason: str,
    legal_ground: str = "",
) -> list[ResidentView]:
    """Several persons at once, in the order given; those not found are left out."""
    wanted = list(dict.fromkeys(persons))
    rows = {
        row.person.public_id: row for row in records_at(as_of, known_at).filter(person__public_id__in=wanted)
    }
    visible, hidden = split_visible(rows[person] for person in wanted if person in rows)
    journal_hidden(hidden, reason=reason, legal_ground=legal_ground)
    journal_reads(
        "people.resident.read",
        (row.person.public_id for row in visible),
        reason=reason,
        legal_ground=legal_ground,
    )
    return views_of(visible)


def list_resident_over_time(
    person: UUID, *, known_at: dt.datetime | None = None, reason: str, legal_ground: str = ""
) -> list[ResidentView]:
    """Every stretch of days of one person, oldest first, as known at an instant.

    Raises:
        ResidentNotFound: as ``get_resident``.
    """
    rows = ResidentRecord.objects.filter(person__public_id=person).select_related("person", "household")
    rows = (
        rows.filter(recorded__upper_inf=True)
        if known_at is None
        else rows.filter(recorded__contains=known_at)
    )
    visible, hidden = split_visible(rows.order_by("valid"))
    journal_hidden(hidden[:1], reason=reason, legal_ground=legal_ground)
    if not visible:
        raise ResidentNotFound(_NOT_FOUND)
    journal_reads("people.resident.read", [person], reason=reason, legal_ground=legal_ground)
    return views_of(visible)


def list_events(person: UUID, *, reason: str, legal_ground: str = "") -> list[EventView]:
    """Every change of a person's record, newest first; none for somebody who is not to be found."""
    rows = list(
        ResidentRecord.objects.filter(person__public_id=person).select_related("person").order_by("id")
    )
    visible, hidden = split_visible(rows)
    journal_hidden(hidden[:1], reason=reason, legal_ground=legal_ground)
    if not visible:
        return []
    journal_reads("people.resident.read", [person], reason=reason, legal_ground=legal_ground)
    # The cancellation of a birth or move in leaves no row of its own.
    ids = {row.event_id for row in visible}
    events = ResidentEvent.objects.filter(Q(pk__in=ids) | Q(cancels__in=ids))
    hidden_ids = hidden_person_ids()
    return [_without(view, hidden_ids) for view in event_views(events.order_by("-recorded_at", "-id"))]


def list_events_of_day(day: dt.date, *, limit: int = 100) -> list[EventView]:
    """Changes entered on a day, newest first. Ids and kinds only: no personal data, so nobody's data are journalled.

    Changes that concern only persons who are not to be found by the reader are left out.
    """
    begin = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    rows = ResidentEvent.objects.filter(recorded_at__gte=begin, recorded_at__lt=begin + dt.timedelta(days=1))
    if hidden_ids := hidden_person_ids():
        # Somebody visible, or nobody in particular (an import).
        rows = rows.exclude(Q(person_ids__contained_by=list(hidden_ids)) & ~Q(person_ids=[]))
    hidden = set(Person.objects.filter(pk__in=hidden_ids).values_list("public_id", flat=True))
    return [
        replace(view, persons=tuple(person for person in view.persons if person not in hidden))
        for view in event_views(rows.order_by("-recorded_at", "-id")[:limit])
    ]


def get_event(event: UUID, *, reason: str, legal_ground: str = "") -> EventView:
    """One change of the resident record.

    Raises:
        ResidentNotFound: unknown, or everyone it concerns is protected from this reader.
    """
    found = ResidentEvent.objects.filter(public_id=event).first()
    if found is None:
        raise ResidentNotFound("No change with this id is found here.")
    view = _without(event_views([found])[0], hidden_person_ids())
    if found.person_ids and not view.persons:
        raise ResidentNotFound("No change with this id is found here.")
    journal_reads("people.resident.read", view.persons, reason=reason, legal_ground=legal_ground)
    return view


def _without(view: EventView, hidden_ids: set[int]) -> EventView:
    if not hidden_ids:
        return view
    hidden = set(Person.objects.filter(pk__in=hidden_ids).values_list("public_id", flat=True))
    return replace(view, persons=tuple(person for person in view.persons if person not in hidden))
