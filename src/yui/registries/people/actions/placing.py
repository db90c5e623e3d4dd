"""Steps that several changes share: facts of a newcomer, a place in a household, a new head."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from yui.registries.people import rules
from yui.registries.people.actions.draft import Draft
from yui.registries.people.contracts import (
    BecameBy,
    ChangeWarning,
    Member,
    NewResident,
    Refusal,
    Relationship,
)
from yui.registries.people.mapping import birth_facts, citizenship_facts, name_facts, partial_date
from yui.registries.people.models import Household, Person
from yui.registries.people.texts import refuse
from yui.registries.people.timeline import Facts, Span, change

HEAD_TEXT = "世帯主"


def new_facts(
    new: NewResident,
    address: Mapping[str, str],
    household: Household,
    *,
    on: dt.date,
    by: BecameBy,
    notified_on: dt.date | None,
    previous_address: str = "",
) -> dict[str, Any]:
    """All items of somebody who becomes a resident."""
    return {
        **name_facts(new.name),
        **birth_facts(new.born_on, new.born_text),
        **address,
        **citizenship_facts(new.citizenship),
        "sex": new.sex.value,
        "household_id": household.pk,
        "relationship": new.relationship.value,
        "relationship_text": new.relationship_text or _text_of(new.relationship),
        "became_resident_on": on,
        "became_resident_by": by.value,
        "address_since_on": on,
        "notified_on": notified_on,
        "previous_address": previous_address,
        "resident_code": new.resident_code,
        "ended_on": None,
        "ended_by": "",
    }


def check_items(facts: Facts) -> tuple[ChangeWarning, ...]:
    """Check every text among some facts against the layout."""
    return rules.check_text_items({item: value for item, value in facts.items() if isinstance(value, str)})


def place(
    draft: Draft, person: Person, member: Member, household: Household, extra: Facts | None = None
) -> None:
    """Give a person a place in a household (and other items) from the day of the change on."""
    text = member.relationship_text or _text_of(member.relationship)
    items = {
        "household_id": household.pk,
        "relationship": member.relationship.value,
        "relationship_text": text,
        **(extra or {}),
    }
    if member.relationship_text == "" and household.pk == draft.resident_span(person).facts["household_id"]:
        span = draft.resident_span(person)
        if span.facts["relationship"] == member.relationship.value:
            # The same relationship without new words keeps the words it has.
            items["relationship_text"] = span.facts["relationship_text"]
    draft.warnings.update(check_items(items))
    draft.put(person, change(draft.after[person.pk], draft.on, items))


def name_head(
    draft: Draft,
    remaining: Mapping[int, Span],
    new_head: UUID | None,
    members: Sequence[Member],
    *,
    needed: bool,
) -> None:
    """Let one of those who remain become head, and the others stand in new relationships to them.

    Args:
        remaining: who lives in the household after somebody left.
        needed: the head has left.
    """
    if needed and new_head is None and len(remaining) == 1:
        new_head = draft.persons[next(iter(remaining))].public_id
    if needed and new_head is None and remaining:
        refuse(Refusal.HEAD_NEEDED, "new_head")
    if new_head is None:
        if members:
            relate(draft, remaining, members)
        return
    head = draft.person(new_head)
    if head.pk not in remaining:
        refuse(Refusal.NEW_HEAD_NOT_MEMBER, "new_head")
    check_head(draft, head, remaining)
    household = draft.households[remaining[head.pk].facts["household_id"]]
    place(
        draft,
        head,
        Member(person=new_head, relationship=Relationship.HEAD, relationship_text=HEAD_TEXT),
        household,
    )
    relate(draft, remaining, [member for member in members if member.person != new_head])


def relate(draft: Draft, remaining: Mapping[int, Span], members: Sequence[Member]) -> None:
    """Give members of one household other relationships."""
    for member in members:
        person = draft.person(member.person)
        if person.pk not in remaining:
            refuse(Refusal.NOT_MEMBER, "members")
        place(draft, person, member, draft.households[remaining[person.pk].facts["household_id"]])


def check_head(draft: Draft, head: Person, members: Mapping[int, Span]) -> None:
    """A child becomes head only where nobody older lives."""

    def born(span: Span) -> Any:
        return partial_date(span.facts["born_on"], span.facts["born_precision"])

    others = [born(span) for pk, span in members.items() if pk != head.pk]
    rules.check_head_age(born(members[head.pk]), others, draft.on)


def _text_of(relationship: Relationship) -> str:
    return HEAD_TEXT if relationship is Relationship.HEAD else ""
