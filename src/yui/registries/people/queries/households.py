"""Households: on a day, through time, and the children in them."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from yui.registries.people.contracts import (
    HouseholdPeriod,
    HouseholdView,
    Relationship,
    ResidentNotFound,
    ResidentView,
)
from yui.registries.people.mapping import resident_view
from yui.registries.people.models import Household, ResidentRecord
from yui.registries.people.queries.visibility import (
    hidden_person_ids,
    journal_hidden,
    journal_reads,
    protected_among,
    records_at,
    split_visible,
    views_of,
)

_NOT_FOUND = "No household with this id is found here on that day."


def household_as_of(
    household: UUID,
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    reason: str,
    legal_ground: str = "",
) -> HouseholdView:
    """A household on a day, as known at an instant. Protected members are left out for ordinary readers.

    Raises:
        ResidentNotFound: unknown, or everyone who lives in it is protected from this reader.
    """
    found = _find_household(household)
    rows = records_at(as_of, known_at).filter(household=found, ended_on__isnull=True)
    visible, hidden = split_visible(rows)
    journal_hidden(hidden, reason=reason, legal_ground=legal_ground)
    if hidden and not visible:
        raise ResidentNotFound(_NOT_FOUND)
    journal_reads(
        "people.household.read",
        (row.person.public_id for row in visible),
        reason=reason,
        legal_ground=legal_ground,
    )
    return _household_view(found, views_of(visible), as_of or timezone.localdate())


def find_household_of(
    person: UUID,
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    reason: str,
    legal_ground: str = "",
) -> HouseholdView | None:
    """The household a person lives in, or None; see ``get_household_of``."""
    rows = records_at(as_of, known_at).filter(person__public_id=person, ended_on__isnull=True)
    visible, hidden = split_visible(rows)
    journal_hidden(hidden, reason=reason, legal_ground=legal_ground)
    if not visible:
        return None
    return household_as_of(
        visible[0].household.public_id,
        as_of=as_of,
        known_at=known_at,
        reason=reason,
        legal_ground=legal_ground,
    )


def get_household_of(
    person: UUID,
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    reason: str,
    legal_ground: str = "",
) -> HouseholdView:
    """The household a person lives in on a day.

    Raises:
        ResidentNotFound: unknown, not a resident on that day, or protected from this reader.
    """
    found = find_household_of(
        person, as_of=as_of, known_at=known_at, reason=reason, legal_ground=legal_ground
    )
    if found is None:
        raise ResidentNotFound(_NOT_FOUND)
    return found


def list_children_of_household(
    household: UUID,
    *,
    born_from: dt.date,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    reason: str,
    legal_ground: str = "",
) -> list[ResidentView]:
    """Members born on or after a day (at the latest possible day of a partly unknown date), eldest first.

    Raises:
        ResidentNotFound: as ``household_as_of``.
    """
    view = household_as_of(
        household, as_of=as_of, known_at=known_at, reason=reason, legal_ground=legal_ground
    )
    children = [
        member
        for member in view.members
        if member.born_on.year is not None and member.born_on.latest() >= born_from
    ]
    return sorted(children, key=lambda member: (member.born_on.earliest(), member.person_number))


def list_household_over_time(
    household: UUID, *, known_at: dt.datetime | None = None, reason: str, legal_ground: str = ""
) -> list[HouseholdPeriod]:
    """Every stretch of days on which the household did not change, oldest first, as known at an instant.

    Raises:
        ResidentNotFound: unknown, or everyone who ever lived in it is protected from this reader.
    """
    found = _find_household(household)
    rows: QuerySet[ResidentRecord] = ResidentRecord.objects.filter(household=found, ended_on__isnull=True)
    rows = (
        rows.filter(recorded__upper_inf=True)
        if known_at is None
        else rows.filter(recorded__contains=known_at)
    )
    visible, hidden = split_visible(rows.select_related("person", "household"))
    journal_hidden({row.person_id: row for row in hidden}.values(), reason=reason, legal_ground=legal_ground)
    if not visible:
        raise ResidentNotFound(_NOT_FOUND)
    journal_reads(
        "people.household.read",
        (row.person.public_id for row in visible),
        reason=reason,
        legal_ground=legal_ground,
    )
    protected = protected_among({row.person_id for row in visible})
    edges = sorted(
        {row.valid.lower for row in visible} | {row.valid.upper for row in visible if row.valid.upper}
    )
    periods: list[HouseholdPeriod] = []
    for start, end in zip(edges, [*edges[1:], None], strict=True):
        members = [
            resident_view(row, protected=row.person_id in protected)
            for row in visible
            if row.valid.lower <= start and (row.valid.upper is None or start < row.valid.upper)
        ]
        periods.append(
            HouseholdPeriod(
                valid_from=start, valid_until=end, household=_household_view(found, members, start)
            )
        )
    return periods


def is_whole_household(
    household: UUID,
    persons: Iterable[UUID],
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
) -> bool:
    """Whether nobody lived in a household on a day besides these persons, whoever asks.

    For the sentence that certifies a copy, which must be true and the same for every reader: a member whom the
    reader must not find counts, but is neither named nor given out.
    """
    rows = records_at(as_of, known_at).filter(household__public_id=household, ended_on__isnull=True)
    return not rows.exclude(person__public_id__in=list(persons)).exists()


def find_household_by_number(household_number: str) -> UUID | None:
    """The public id of a household by its number (世帯番号).

    None when there is none, or when everybody who ever lived in it is protected from this reader.
    """
    found = Household.objects.filter(household_number=household_number).first()
    if found is None:
        return None
    hidden_ids = hidden_person_ids()
    if hidden_ids:
        members = set(ResidentRecord.objects.filter(household=found).values_list("person_id", flat=True))
        if members and members <= hidden_ids:
            return None
    return found.public_id


def _find_household(household: UUID) -> Household:
    found = Household.objects.filter(public_id=household).first()
    if found is None:
        raise ResidentNotFound(_NOT_FOUND)
    return found


def _household_view(household: Household, members: Iterable[ResidentView], day: dt.date) -> HouseholdView:
    ordered = sorted(
        members,
        key=lambda member: (
            member.relationship is not Relationship.HEAD,
            member.born_on.earliest(),
            member.person_number,
        ),
    )
    return HouseholdView(
        household=household.public_id,
        household_number=household.household_number,
        as_of=day,
        members=tuple(ordered),
        version=household.version,
    )
