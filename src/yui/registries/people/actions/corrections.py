"""Corrections of what was recorded wrongly, and cancellations of whole changes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yui.kernel.calendar.public import PartialDate
from yui.registries.people import rules
from yui.registries.people.actions.draft import Draft, Request, perform
from yui.registries.people.actions.placing import check_items
from yui.registries.people.contracts import (
    BecameBy,
    Citizenship,
    EventKind,
    EventView,
    PersonName,
    Refusal,
    Relationship,
    Sex,
)
from yui.registries.people.mapping import birth_facts, name_facts, partial_date, span_of
from yui.registries.people.models import Person, ResidentEvent, ResidentRecord
from yui.registries.people.texts import refuse
from yui.registries.people.timeline import Span, Timeline, change, correct, span_on

_NAMES = frozenset(
    {"family_name", "given_name", "family_kana", "given_kana", "former_family_name", "former_family_kana"}
)
_TEXTS = frozenset(
    {
        "relationship_text", "town_code", "town", "block", "building", "postal_code", "previous_address",
        "domicile", "domicile_head", "nationality", "residence_status", "resident_code", "born_text",
    }
)  # fmt: skip
_DATES = frozenset({"became_resident_on", "address_since_on", "notified_on", "residence_until"})
_ENUMS: Mapping[str, type] = {"sex": Sex, "relationship": Relationship, "became_resident_by": BecameBy}
CORRECTABLE = _NAMES | _TEXTS | _DATES | frozenset(_ENUMS) | {"born_on"}
"""Items a correction may name, by their ids in the layout."""


def correct_record(
    *,
    person: UUID,
    items: Mapping[str, Any],
    reason: str,
    effective_on: dt.date | None = None,
    until: dt.date | None = None,
    notified_on: dt.date | None = None,
    key: str = "",
    seen: Mapping[UUID, int] | None = None,
) -> EventView:
    """Correct items of a record (訂正・修正); what was recorded stays visible as known before.

    Args:
        person: whose record.
        items: new values by item id of the layout (``CORRECTABLE``); ``born_on`` is a ``PartialDate``, other
            dates are dates, coded items their enums.
        reason: why; mandatory.
        effective_on: the day from which the new values are true; the first known day when None.
        until: the day on which they stop being true (exclusive); None lets them hold until a later change of the
            same items.
        notified_on, key, seen: as in ``record_birth``.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """
    if not reason.strip():
        refuse(Refusal.REASON_MISSING, "reason")
    if unknown := sorted(set(items) - CORRECTABLE):
        refuse(Refusal.UNKNOWN_ITEM, unknown[0])

    def plan(draft: Draft) -> None:
        rules.check_notified(notified_on, dt.date.min, draft.today)
        target = draft.person(person)
        timeline = draft.after[target.pk]
        if not timeline:
            refuse(Refusal.UNKNOWN_PERSON)
        start = effective_on or timeline[0].lower
        rules.check_effective(start, draft.today)
        if span_on(timeline, start) is None:
            refuse(Refusal.TOO_EARLY, "effective_on")
        values = _columns(span_on(timeline, start), items)
        draft.warnings.update(check_items(values))
        # Without an end the values hold until a later change of the same items, which stands.
        spread = change(timeline, start, values) if until is None else correct(timeline, start, until, values)
        corrected = _reach_back(timeline, spread, values)
        _check_whole(corrected)
        draft.put(target, corrected)
        draft.subjects = [target.pk]
        draft.check_composition = "relationship" in items

    request = Request(
        kind=EventKind.CORRECTION,
        effective_on=effective_on or _first_day(person),
        notified_on=notified_on,
        reason=reason,
        key=key,
        seen=seen,
        content=[person, sorted(items.items()), effective_on, until],
    )
    return perform(request, plan, persons=[person])


def cancel_event(
    *, event: UUID, reason: str, key: str = "", seen: Mapping[UUID, int] | None = None
) -> EventView:
    """Cancel a change (取消): from now on we know again what we knew before it.

    Nothing is deleted: what the change recorded stays visible as known in between. Only the newest change of the
    persons concerned can be cancelled.

    Args:
        event: the change to cancel.
        reason: why; mandatory.
        key, seen: as in ``record_birth``.

    Raises:
        ResidentChangeRefused: see ``Refusal``; nothing was changed.
    """
    if not reason.strip():
        refuse(Refusal.REASON_MISSING, "reason")
    found = ResidentEvent.objects.filter(public_id=event).first()
    if found is None:
        refuse(Refusal.UNKNOWN_EVENT)
    if found.kind in (EventKind.CANCELLATION, EventKind.IMPORT):
        refuse(Refusal.NOT_CANCELLABLE)

    def plan(draft: Draft) -> None:
        if ResidentEvent.objects.filter(cancels=found).exists():
            refuse(Refusal.ALREADY_CANCELLED)
        for pk in found.person_ids:
            draft.put(draft.persons[pk], _known_before(found, pk, draft.after[pk]))
        draft.cancels = found
        draft.subjects = list(found.person_ids)

    request = Request(
        kind=EventKind.CANCELLATION,
        effective_on=found.effective_on,
        reason=reason,
        key=key,
        seen=seen,
        content=[event],
    )
    persons = Person.objects.filter(pk__in=found.person_ids).values_list("public_id", flat=True)
    return perform(request, plan, persons=list(persons))


def _known_before(event: ResidentEvent, person_id: int, current: Timeline) -> Timeline:
    """A person's timeline as known just before an event, provided nothing was recorded since."""
    at = event.recorded_at
    rows = list(ResidentRecord.objects.filter(person_id=person_id).order_by("valid"))
    if any(row.recorded.lower > at or (row.recorded.upper and row.recorded.upper > at) for row in rows):
        refuse(Refusal.LATER_EVENT)
    still = {span.row_id for span in current}
    spans = [span_of(row) for row in rows if row.recorded.lower < at]
    before = {row.pk for row in rows if row.recorded.upper is None or row.recorded.upper == at}
    return tuple(
        span if span.row_id in still else Span(span.lower, span.upper, span.facts)
        for span in spans
        if span.row_id in before
    )


def _columns(span: Span | None, items: Mapping[str, Any]) -> dict[str, Any]:
    """Items of the layout as columns, each checked."""
    facts = span.facts if span else {}
    values: dict[str, Any] = {}
    for item, value in items.items():
        if item in _ENUMS:
            try:
                values[item] = _ENUMS[item](value).value
            except ValueError:
                refuse(Refusal.NUMBER_INVALID, item)
        elif item in _DATES:
            values[item] = value
        elif item != "born_on":
            values[item] = str(value)
    if {"born_on", "born_text"} & set(items):
        known = partial_date(facts["born_on"], facts["born_precision"])
        born = items.get("born_on", known)
        if not isinstance(born, PartialDate):
            born = PartialDate.of(born)
        values.update(birth_facts(born, str(items.get("born_text", facts["born_text"]))))
    if _NAMES & set(items):
        parts = {name: str(items.get(name, facts[name])) for name in _NAMES}
        name = PersonName(**parts)
        rules.check_name(name)
        values.update(name_facts(name))
    return values


def _reach_back(before: Timeline, after: Timeline, values: Mapping[str, Any]) -> Timeline:
    """When the first day as a resident is corrected, the record begins on the right day."""
    became = values.get("became_resident_on")
    if became is None or before[0].facts["became_resident_on"] != before[0].lower:
        return after
    kept = [span for span in after if span.upper is None or span.upper > became]
    if not kept:
        return after
    first = kept[0]
    return (Span(became, first.upper, first.facts), *kept[1:]) if first.lower != became else after


def _check_whole(timeline: Timeline) -> None:
    """What is judged of several items together must hold in every span."""
    for span in timeline:
        facts = span.facts
        rules.check_born(partial_date(facts["born_on"], facts["born_precision"]), facts["became_resident_on"])
        rules.check_citizenship(
            Citizenship(
                nationality=facts["nationality"],
                residence_status=facts["residence_status"],
                residence_until=facts["residence_until"],
            )
        )


def _first_day(person: UUID) -> dt.date:
    first = (
        ResidentRecord.objects.filter(person__public_id=person, recorded__upper_inf=True)
        .order_by("valid")
        .first()
    )
    if first is None:
        refuse(Refusal.UNKNOWN_PERSON)
    return first.valid.lower
