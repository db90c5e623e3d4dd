"""Between a database row, the facts of a timeline and the views that cross the door."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from yui.kernel.calendar.public import PartialDate
from yui.kernel.text.public import search_key
from yui.registries.people.contracts import (
    Address,
    BecameBy,
    ChangeWarning,
    Citizenship,
    EndedBy,
    EventKind,
    EventView,
    PersonName,
    Relationship,
    ResidentView,
    Sex,
)
from yui.registries.people.models import Household, Person, ResidentEvent, ResidentRecord
from yui.registries.people.timeline import Span

FRAME = frozenset({"id", "body_id", "person_id", "event_id", "valid", "recorded"})
"""Columns of a record that say whose and when, not what."""

FACT_COLUMNS: tuple[str, ...] = tuple(
    field.attname for field in ResidentRecord._meta.local_fields if field.attname not in FRAME
)


def name_facts(name: PersonName) -> dict[str, str]:
    """The columns of a name, with the keys that searching compares."""
    return {
        "family_name": name.family_name,
        "given_name": name.given_name,
        "family_kana": name.family_kana,
        "given_kana": name.given_kana,
        "former_family_name": name.former_family_name,
        "former_family_kana": name.former_family_kana,
        "name_key": search_key(name.family_name) + search_key(name.given_name),
        "kana_key": search_key(name.family_kana) + search_key(name.given_kana),
    }


def birth_facts(born_on: PartialDate, born_text: str) -> dict[str, Any]:
    """The columns of a day of birth."""
    if born_on.year is None:
        day, precision = None, "n"
    else:
        day = born_on.earliest()
        precision = "d" if born_on.day else "m" if born_on.month else "y"
    return {"born_on": day, "born_precision": precision, "born_text": born_text}


def partial_date(day: dt.date | None, precision: str) -> PartialDate:
    """The day of birth of two columns."""
    if day is None:
        return PartialDate.unknown()
    return PartialDate(
        day.year, day.month if precision in "dm" else None, day.day if precision == "d" else None
    )


def address_facts(address: Address, body_code: str) -> dict[str, str]:
    """The columns of an address."""
    return {
        "lg_code": address.lg_code or body_code,
        "town_code": address.town_code,
        "town": address.town,
        "block": address.block,
        "building": address.building,
        "postal_code": address.postal_code,
    }


def citizenship_facts(citizenship: Citizenship) -> dict[str, Any]:
    """The columns of nationality, residence and family register."""
    return {
        "nationality": citizenship.nationality,
        "residence_status": citizenship.residence_status,
        "residence_until": citizenship.residence_until,
        "domicile": citizenship.domicile,
        "domicile_head": citizenship.domicile_head,
    }


def span_of(row: ResidentRecord) -> Span:
    """A record as a span of its person's timeline."""
    return Span(row.valid.lower, row.valid.upper, {name: getattr(row, name) for name in FACT_COLUMNS}, row.id)


def row_of(span: Span, *, person_id: int, event_id: int, at: dt.datetime) -> ResidentRecord:
    """A span as a record still to be written."""
    return ResidentRecord(
        person_id=person_id,
        event_id=event_id,
        valid=DateRange(span.lower, span.upper),
        recorded=DateTimeTZRange(at, None),
        **span.facts,
    )


def resident_view(row: ResidentRecord, *, protected: bool) -> ResidentView:
    """A record as it crosses the door; person and household must have been selected with it."""
    person, household = row.person, row.household
    return ResidentView(
        person=person.public_id,
        person_number=person.person_number,
        household=household.public_id,
        household_number=household.household_number,
        name=PersonName(
            family_name=row.family_name,
            given_name=row.given_name,
            family_kana=row.family_kana,
            given_kana=row.given_kana,
            former_family_name=row.former_family_name,
            former_family_kana=row.former_family_kana,
        ),
        born_on=partial_date(row.born_on, row.born_precision),
        born_text=row.born_text,
        sex=Sex(row.sex),
        relationship=Relationship(row.relationship),
        relationship_text=row.relationship_text,
        address=Address(
            town=row.town,
            block=row.block,
            building=row.building,
            postal_code=row.postal_code,
            town_code=row.town_code,
            lg_code=row.lg_code,
        ),
        became_resident_on=row.became_resident_on,
        became_resident_by=BecameBy(row.became_resident_by),
        address_since_on=row.address_since_on,
        notified_on=row.notified_on,
        previous_address=row.previous_address,
        citizenship=Citizenship(
            nationality=row.nationality,
            residence_status=row.residence_status,
            residence_until=row.residence_until,
            domicile=row.domicile,
            domicile_head=row.domicile_head,
        ),
        resident_code=row.resident_code,
        ended_on=row.ended_on,
        ended_by=EndedBy(row.ended_by) if row.ended_by else None,
        valid_from=row.valid.lower,
        valid_until=row.valid.upper,
        recorded_from=row.recorded.lower,
        recorded_until=row.recorded.upper,
        version=person.version,
        protected=protected,
    )


def event_views(events: Iterable[ResidentEvent], *, repeated: bool = False) -> list[EventView]:
    """Events as they cross the door; three queries however many there are."""
    events = list(events)
    persons = _public_ids(Person, {pk for event in events for pk in event.person_ids})
    households = _public_ids(Household, {pk for event in events for pk in event.household_ids})
    own = [event.pk for event in events]
    undone_by = dict(ResidentEvent.objects.filter(cancels__in=own).values_list("cancels_id", "public_id"))
    undoes = dict(
        ResidentEvent.objects.filter(
            pk__in=[event.cancels_id for event in events if event.cancels_id]
        ).values_list("pk", "public_id")
    )
    return [
        EventView(
            event=event.public_id,
            kind=EventKind(event.kind),
            effective_on=event.effective_on,
            notified_on=event.notified_on,
            reason=event.reason,
            destination=event.destination,
            recorded_at=event.recorded_at,
            recorded_by=event.recorded_by,
            persons=tuple(persons[pk] for pk in event.person_ids if pk in persons),
            households=tuple(households[pk] for pk in event.household_ids if pk in households),
            cancels=undoes.get(event.cancels_id) if event.cancels_id else None,
            cancelled_by=undone_by.get(event.pk),
            warnings=tuple(ChangeWarning(warning) for warning in event.warnings),
            repeated=repeated,
        )
        for event in events
    ]


def _public_ids(model: type[Person] | type[Household], ids: set[int]) -> Mapping[int, Any]:
    return dict(model.objects.filter(pk__in=ids).values_list("pk", "public_id")) if ids else {}
