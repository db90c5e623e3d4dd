"""Births and deaths."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from yui.registries.people import rules
from yui.registries.people.actions.draft import Draft, Request, perform
from yui.registries.people.actions.placing import check_items, name_head, new_facts
from yui.registries.people.contracts import (
    BecameBy,
    EndedBy,
    EventKind,
    EventView,
    Member,
    NewResident,
    Refusal,
    Relationship,
    Sex,
)
from yui.registries.people.mapping import partial_date
from yui.registries.people.models import Household, Person
from yui.registries.people.texts import refuse
from yui.registries.people.timeline import begin, end, span_on


def record_birth(
    *,
    child: NewResident,
    mother: UUID | None = None,
    household: UUID | None = None,
    notified_on: dt.date | None = None,
    reason: str = "",
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Record a birth (出生): the child becomes a resident on the day of birth.

    Args:
        child: who was born; the day of birth must be complete.
        mother: a person of the registry, when known; her sex and age are checked.
        household: where the child lives; the mother's when None.
        notified_on: 届出日.
        reason: a remark for the record.
        key: names the form that was sent; the same key does nothing twice.
        seen: versions of persons and households as the clerk saw them.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """
    if not child.born_on.is_exact:
        refuse(Refusal.BIRTH_NOT_EXACT, "born_on")
    born = child.born_on.exact()
    request = Request(
        kind=EventKind.BIRTH,
        effective_on=born,
        notified_on=notified_on,
        reason=reason,
        key=key,
        seen=seen,
        content=[child, mother, household],
    )

    def plan(draft: Draft) -> None:
        rules.check_effective(born, draft.today)
        rules.check_notified(notified_on, born, draft.today)
        rules.check_new_resident(child, born)
        mother_row = draft.person(mother) if mother else None
        if mother_row is not None:
            _check_mother(draft, mother_row, born)
        home = _home_of_birth(draft, mother_row, household)
        members = draft.members_on(home)
        if not members:
            refuse(Refusal.HEAD_NEEDED, "household")
        if child.relationship is Relationship.HEAD:
            refuse(Refusal.TWO_HEADS, "relationship")
        pattern = next(
            (span for span in members.values() if span.facts["relationship"] == Relationship.HEAD), None
        ) or next(iter(members.values()))
        address = {name: pattern.facts[name] for name in _ADDRESS}
        facts = new_facts(child, address, home, on=born, by=BecameBy.BIRTH, notified_on=notified_on)
        draft.warnings.update(check_items(facts))
        person = draft.new_person(child.person_number)
        draft.put(person, begin((), born, facts))
        draft.subjects = [person.pk]

    return perform(
        request,
        plan,
        persons=[mother] if mother else [],
        households=[household] if household else [],
    )


_ADDRESS = ("lg_code", "town_code", "town", "block", "building", "postal_code")


def _check_mother(draft: Draft, mother: Person, born: dt.date) -> None:
    span = span_on(draft.after[mother.pk], born) or next(iter(draft.after[mother.pk]), None)
    if span is None:
        refuse(Refusal.UNKNOWN_PERSON, "mother")
    rules.check_mother(
        born, partial_date(span.facts["born_on"], span.facts["born_precision"]), Sex(span.facts["sex"])
    )


def _home_of_birth(draft: Draft, mother: Person | None, household: UUID | None) -> Household:
    if household is not None:
        return draft.household(household)
    if mother is None:
        refuse(Refusal.UNKNOWN_HOUSEHOLD, "household")
    return draft.households[draft.resident_span(mother).facts["household_id"]]


def record_death(
    *,
    person: UUID,
    effective_on: dt.date,
    new_head: UUID | None = None,
    members: Sequence[Member] = (),
    notified_on: dt.date | None = None,
    reason: str = "",
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Record a death (死亡): the person is no resident from that day on.

    When the head dies and several people remain, a new head is needed; a single one becomes head without asking.

    Args:
        person: who died.
        effective_on: the day of death.
        new_head: the member who becomes head.
        members: relationships of the others to the new head, where they change.
        notified_on, reason, key, seen: as in ``record_birth``.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """
    request = Request(
        kind=EventKind.DEATH,
        effective_on=effective_on,
        notified_on=notified_on,
        reason=reason,
        key=key,
        seen=seen,
        content=[person, new_head, list(members)],
    )

    def plan(draft: Draft) -> None:
        rules.check_effective(effective_on, draft.today)
        rules.check_notified(notified_on, effective_on, draft.today)
        dead = draft.person(person)
        span = draft.resident_span(dead)
        home = draft.households[span.facts["household_id"]]
        remaining = {pk: member for pk, member in draft.members_on(home).items() if pk != dead.pk}
        draft.put(dead, end(draft.after[dead.pk], effective_on, EndedBy.DEATH.value))
        was_head = span.facts["relationship"] == Relationship.HEAD
        name_head(draft, remaining, new_head, members, needed=was_head)
        draft.subjects = [dead.pk]

    involved = [person, *([new_head] if new_head else []), *(member.person for member in members)]
    return perform(request, plan, persons=involved)
