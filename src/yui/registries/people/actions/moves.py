"""Moves in, out and within the municipality."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from yui.registries.people import rules
from yui.registries.people.actions.draft import Draft, Request, perform
from yui.registries.people.actions.placing import HEAD_TEXT, check_items, name_head, new_facts, place
from yui.registries.people.contracts import (
    Address,
    BecameBy,
    EndedBy,
    EventKind,
    EventView,
    Member,
    NewResident,
    Refusal,
    Relationship,
)
from yui.registries.people.mapping import address_facts
from yui.registries.people.models import Household, Person
from yui.registries.people.texts import refuse
from yui.registries.people.timeline import Span, begin, end, span_on

_ADDRESS = ("lg_code", "town_code", "town", "block", "building", "postal_code")


def record_move_in(
    *,
    newcomers: Sequence[NewResident],
    effective_on: dt.date,
    address: Address | None = None,
    household: UUID | None = None,
    household_number: str = "",
    previous_address: str = "",
    became_by: BecameBy = BecameBy.MOVE_IN,
    notified_on: dt.date | None = None,
    reason: str = "",
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Record a move in (転入) of one or more people, into a new household or one that is there.

    Args:
        newcomers: who comes; somebody known from before is named by ``person``.
        effective_on: 転入した年月日.
        address: where to; may be left out when joining a household, whose address it then is.
        household: the household they join; None makes a new one.
        household_number: of a new household; given out when empty.
        previous_address: 従前の住所.
        became_by: another ground than the move (職権, その他).
        notified_on, reason, key, seen: as in ``record_birth``.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """
    request = Request(
        kind=EventKind.MOVE_IN,
        effective_on=effective_on,
        notified_on=notified_on,
        reason=reason,
        key=key,
        seen=seen,
        content=[list(newcomers), address, household, household_number, previous_address, became_by],
    )

    def plan(draft: Draft) -> None:
        rules.check_effective(effective_on, draft.today)
        rules.check_notified(notified_on, effective_on, draft.today)
        if not newcomers:
            refuse(Refusal.NOBODY, "newcomers")
        for new in newcomers:
            rules.check_new_resident(new, effective_on)
        if address is not None:
            rules.check_address(address, draft.body_code)
        if household is not None:
            home = draft.household(household)
            members = draft.members_on(home)
            facts_of_address = _address_of(draft, address, members)
        else:
            if address is None:
                refuse(Refusal.ADDRESS_MISSING, "town")
            facts_of_address = address_facts(address, draft.body_code)
            home = draft.new_household(household_number)
            rules.check_heads([new.relationship for new in newcomers])
        for new in newcomers:
            facts = new_facts(
                new,
                facts_of_address,
                home,
                on=effective_on,
                by=became_by,
                notified_on=notified_on,
                previous_address=previous_address,
            )
            draft.warnings.update(check_items(facts))
            person = _returning(draft, new) if new.person else draft.new_person(new.person_number)
            draft.put(person, begin(draft.after[person.pk], effective_on, facts))
            draft.subjects.append(person.pk)

    return perform(
        request,
        plan,
        persons=[new.person for new in newcomers if new.person],
        households=[household] if household else [],
    )


def _returning(draft: Draft, new: NewResident) -> Person:
    """Somebody known from before who is not a resident on that day or later."""
    person = draft.person(new.person) if new.person else None
    if person is None:
        refuse(Refusal.UNKNOWN_PERSON)
    if any(
        span.facts["ended_on"] is None and (span.upper is None or span.upper > draft.on)
        for span in draft.after[person.pk]
    ):
        refuse(Refusal.ALREADY_RESIDENT)
    if any(span.facts["ended_by"] == EndedBy.DEATH for span in draft.after[person.pk]):
        refuse(Refusal.NOT_RESIDENT)
    return person


def _address_of(draft: Draft, address: Address | None, members: Mapping[int, Span]) -> dict[str, str]:
    """The address given, else that of the household that is joined."""
    if address is not None:
        return address_facts(address, draft.body_code)
    pattern = _head_of(members) or next(iter(members.values()), None)
    if pattern is None:
        refuse(Refusal.ADDRESS_MISSING, "town")
    return {name: pattern.facts[name] for name in _ADDRESS}


def _head_of(members: Mapping[int, Span]) -> Span | None:
    return next((span for span in members.values() if span.facts["relationship"] == Relationship.HEAD), None)


def record_move_out(
    *,
    persons: Sequence[UUID],
    effective_on: dt.date,
    destination: str = "",
    new_head: UUID | None = None,
    members: Sequence[Member] = (),
    notified_on: dt.date | None = None,
    reason: str = "",
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Record a move out (転出) of members of one household; it may be announced ahead (転出予定).

    Args:
        persons: who leaves.
        effective_on: the first day on which they are no residents; may lie in the future.
        destination: 転出先.
        new_head: who becomes head when the head leaves and several people remain.
        members: relationships of the others to the new head, where they change.
        notified_on, reason, key, seen: as in ``record_birth``.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """
    request = Request(
        kind=EventKind.MOVE_OUT,
        effective_on=effective_on,
        notified_on=notified_on,
        reason=reason,
        destination=destination,
        key=key,
        seen=seen,
        content=[list(persons), new_head, list(members)],
    )

    def plan(draft: Draft) -> None:
        rules.check_effective(effective_on, draft.today, may_be_future=True)
        rules.check_notified(notified_on, effective_on, draft.today, may_precede=True)
        rules.check_text_items({"previous_address": destination})
        _, leaving, remaining = split_members(draft, persons)
        for pk in leaving:
            draft.put(draft.persons[pk], end(draft.after[pk], effective_on, EndedBy.MOVE_OUT.value))
        name_head(draft, remaining, new_head, members, needed=_head_of(leaving) is not None)
        draft.subjects = [draft.person(person).pk for person in dict.fromkeys(persons)]

    involved = [*persons, *([new_head] if new_head else []), *(member.person for member in members)]
    return perform(request, plan, persons=involved)


def record_move_within(
    *,
    persons: Sequence[UUID],
    effective_on: dt.date,
    address: Address,
    household: UUID | None = None,
    members: Sequence[Member] = (),
    new_head: UUID | None = None,
    notified_on: dt.date | None = None,
    reason: str = "",
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Record a move within the municipality (転居) of members of one household.

    A whole household keeps its number. Some of its members make a new household, or join ``household``; then
    ``members`` says in which relationships they stand there.

    Args:
        persons: who moves.
        effective_on: 転居をした年月日.
        address: the new address.
        household: another household they join.
        members: relationships in the household of arrival, and of those who stay to their new head.
        new_head: who becomes head of those who stay when the head moves.
        notified_on, reason, key, seen: as in ``record_birth``.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """
    request = Request(
        kind=EventKind.MOVE_WITHIN,
        effective_on=effective_on,
        notified_on=notified_on,
        reason=reason,
        key=key,
        seen=seen,
        content=[list(persons), address, household, list(members), new_head],
    )

    def plan(draft: Draft) -> None:
        rules.check_effective(effective_on, draft.today)
        rules.check_notified(notified_on, effective_on, draft.today)
        rules.check_address(address, draft.body_code)
        home, moving, staying = split_members(draft, persons)
        new_address = address_facts(address, draft.body_code)
        if all(
            all(span.facts[name] == value for name, value in new_address.items()) for span in moving.values()
        ):
            refuse(Refusal.SAME_ADDRESS, "town")
        items = {**new_address, "address_since_on": effective_on, "notified_on": notified_on}
        draft.warnings.update(check_items(items))
        target = _target(draft, home, household, staying)
        places = {member.person: member for member in members}
        for pk, span in moving.items():
            person = draft.persons[pk]
            member = places.get(person.public_id) or _place_after(
                person, span, alone=target.pk != home.pk and household is None and len(moving) == 1
            )
            place(draft, person, member, target, items)
        _settle_those_who_stay(draft, home, target, moving, staying, new_head, list(places.values()))
        draft.subjects = [draft.person(person).pk for person in dict.fromkeys(persons)]

    involved = [*persons, *([new_head] if new_head else []), *(member.person for member in members)]
    return perform(request, plan, persons=involved, households=[household] if household else [])


def split_members(
    draft: Draft, persons: Sequence[UUID]
) -> tuple[Household, dict[int, Span], dict[int, Span]]:
    """The one household the persons live in on the day, who of it is named and who is not."""
    if not persons:
        refuse(Refusal.NOBODY, "persons")
    chosen = {draft.person(person).pk for person in persons}
    homes = {draft.resident_span(draft.persons[pk]).facts["household_id"] for pk in chosen}
    if len(homes) > 1:
        refuse(Refusal.NOT_MEMBER, "persons")
    home = draft.households[homes.pop()]
    members = draft.members_on(home)
    return (
        home,
        {pk: span for pk, span in members.items() if pk in chosen},
        {pk: span for pk, span in members.items() if pk not in chosen},
    )


def _target(draft: Draft, home: Household, household: UUID | None, staying: Mapping[int, Span]) -> Household:
    if household is not None:
        target = draft.household(household)
        if target.pk == home.pk and staying:
            refuse(Refusal.SAME_HOUSEHOLD, "household")
        if target.pk != home.pk and not draft.members_on(target):
            refuse(Refusal.HEAD_NEEDED, "household")
        return target
    return draft.new_household() if staying else home


def _place_after(person: Person, span: Span, *, alone: bool) -> Member:
    """Somebody who moves out alone heads the new household; everyone else keeps the relationship."""
    if alone:
        return Member(person=person.public_id, relationship=Relationship.HEAD, relationship_text=HEAD_TEXT)
    return Member(
        person=person.public_id,
        relationship=Relationship(span.facts["relationship"]),
        relationship_text=span.facts["relationship_text"],
    )


def _settle_those_who_stay(
    draft: Draft,
    home: Household,
    target: Household,
    moving: Mapping[int, Span],
    staying: Mapping[int, Span],
    new_head: UUID | None,
    members: Sequence[Member],
) -> None:
    if target.pk == home.pk:
        return
    others = [member for member in members if draft.person(member.person).pk not in moving]
    here = [member for member in others if draft.person(member.person).pk in staying]
    there = [member for member in others if member not in here]
    name_head(draft, staying, new_head, here, needed=_head_of(moving) is not None)
    for member in there:
        person = draft.person(member.person)
        span = span_on(draft.after[person.pk], draft.on)
        if span is None or span.facts["household_id"] != target.pk:
            refuse(Refusal.NOT_MEMBER, "members")
        place(draft, person, member, target)
