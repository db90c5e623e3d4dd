"""Household changes (世帯変更) without a move: split, merge, another head, other relationships."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from yui.registries.people import rules
from yui.registries.people.actions.draft import Draft, Request, perform
from yui.registries.people.actions.moves import split_members
from yui.registries.people.actions.placing import check_head, name_head, place, relate
from yui.registries.people.contracts import EventKind, EventView, Member, Refusal, Relationship
from yui.registries.people.texts import refuse


def split_household(
    *,
    members: Sequence[Member],
    effective_on: dt.date,
    new_head: UUID | None = None,
    staying: Sequence[Member] = (),
    household_number: str = "",
    notified_on: dt.date | None = None,
    reason: str = "",
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Let some members make a household of their own at the same address (世帯分離).

    Args:
        members: who leaves and their relationships in the new household, one of them its head.
        effective_on: the day of the change.
        new_head: who becomes head of those who stay when the head leaves.
        staying: relationships of those who stay, where they change.
        household_number: of the new household; given out when empty.
        notified_on, reason, key, seen: as in ``record_birth``.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """

    def plan(draft: Draft) -> None:
        _check_dates(draft, notified_on)
        rules.check_heads([member.relationship for member in members])
        _, leaving, remaining = split_members(draft, [member.person for member in members])
        if not remaining:
            refuse(Refusal.NOTHING_CHANGES)
        for member in members:
            if member.relationship is Relationship.HEAD:
                check_head(draft, draft.person(member.person), leaving)
        target = draft.new_household(household_number)
        for member in members:
            place(draft, draft.person(member.person), member, target)
        head_leaves = any(span.facts["relationship"] == Relationship.HEAD for span in leaving.values())
        name_head(draft, remaining, new_head, staying, needed=head_leaves)
        draft.subjects = [draft.person(member.person).pk for member in members]

    content = ["split", list(members), new_head, list(staying), household_number]
    request = _request(effective_on, notified_on, reason, key, seen, content)
    return perform(request, plan, persons=_named(members, staying, new_head))


def merge_households(
    *,
    into: UUID,
    members: Sequence[Member],
    effective_on: dt.date,
    new_head: UUID | None = None,
    staying: Sequence[Member] = (),
    notified_on: dt.date | None = None,
    reason: str = "",
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Let members of one household join another at the same address (世帯合併).

    When all of them go, the household they leave is closed.

    Args:
        into: the household they join.
        members: who joins, and in which relationship to its head.
        effective_on: the day of the change.
        new_head: who becomes head of those who stay behind when their head goes.
        staying: relationships of those who stay behind, or of members of ``into``, where they change.
        notified_on, reason, key, seen: as in ``record_birth``.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """

    def plan(draft: Draft) -> None:
        _check_dates(draft, notified_on)
        home, leaving, remaining = split_members(draft, [member.person for member in members])
        target = draft.household(into)
        if target.pk == home.pk:
            refuse(Refusal.SAME_HOUSEHOLD, "into")
        there = draft.members_on(target)
        if not there:
            refuse(Refusal.HEAD_NEEDED, "into")
        for member in members:
            place(draft, draft.person(member.person), member, target)
        head_leaves = any(span.facts["relationship"] == Relationship.HEAD for span in leaving.values())
        behind = [member for member in staying if draft.person(member.person).pk in remaining]
        name_head(draft, remaining, new_head, behind, needed=head_leaves)
        relate(draft, there, [member for member in staying if member not in behind])
        draft.subjects = [draft.person(member.person).pk for member in members]

    content = ["merge", into, list(members), new_head, list(staying)]
    request = _request(effective_on, notified_on, reason, key, seen, content)
    return perform(request, plan, persons=_named(members, staying, new_head), households=[into])


def change_head(
    *,
    household: UUID,
    new_head: UUID,
    members: Sequence[Member],
    effective_on: dt.date,
    notified_on: dt.date | None = None,
    reason: str = "",
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Make another member the head (世帯主変更).

    Args:
        household: whose head changes.
        new_head: the member who becomes head.
        members: relationships of the others to the new head; the former head's must be among them.
        effective_on: the day of the change.
        notified_on, reason, key, seen: as in ``record_birth``.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """

    def plan(draft: Draft) -> None:
        _check_dates(draft, notified_on)
        home = draft.household(household)
        here = draft.members_on(home)
        head = draft.person(new_head)
        if head.pk in here and here[head.pk].facts["relationship"] == Relationship.HEAD:
            refuse(Refusal.NOTHING_CHANGES, "new_head")
        name_head(draft, here, new_head, members, needed=True)
        draft.subjects = [head.pk]

    request = _request(
        effective_on, notified_on, reason, key, seen, ["head", household, new_head, list(members)]
    )
    return perform(request, plan, persons=_named(members, (), new_head), households=[household])


def change_relationships(
    *,
    household: UUID,
    members: Sequence[Member],
    effective_on: dt.date,
    notified_on: dt.date | None = None,
    reason: str = "",
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Let members stand in other relationships to the head (続柄変更).

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """

    def plan(draft: Draft) -> None:
        _check_dates(draft, notified_on)
        if not members:
            refuse(Refusal.NOBODY, "members")
        relate(draft, draft.members_on(draft.household(household)), members)
        draft.subjects = [draft.person(member.person).pk for member in members]

    request = _request(
        effective_on, notified_on, reason, key, seen, ["relationships", household, list(members)]
    )
    return perform(request, plan, persons=_named(members, (), None), households=[household])


def _check_dates(draft: Draft, notified_on: dt.date | None) -> None:
    rules.check_effective(draft.on, draft.today)
    rules.check_notified(notified_on, draft.on, draft.today)


def _named(members: Sequence[Member], staying: Sequence[Member], new_head: UUID | None) -> list[UUID]:
    return [member.person for member in (*members, *staying)] + ([new_head] if new_head else [])


def _request(
    effective_on: dt.date,
    notified_on: dt.date | None,
    reason: str,
    key: str,
    seen: Mapping[UUID, int] | None,
    content: object,
) -> Request:
    return Request(
        kind=EventKind.HOUSEHOLD_CHANGE,
        effective_on=effective_on,
        notified_on=notified_on,
        reason=reason,
        key=key,
        seen=seen,
        content=content,
    )
