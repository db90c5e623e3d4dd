"""Protection measures (DV等支援措置): register, extend, end."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import F, Func, QuerySet, Value
from django.utils import timezone

from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.registries.people.contracts import ProtectionView, Refusal
from yui.registries.people.models import Person, ProtectionMeasure
from yui.registries.people.texts import refuse

PERMISSION = "people.protected.write"
LEGAL_GROUND = "住民基本台帳事務処理要領 第5-10"


def register_protection(
    *,
    person: UUID,
    valid_from: dt.date,
    review_on: dt.date,
    ground: str,
    valid_until: dt.date | None = None,
) -> ProtectionView:
    """Hide a person from ordinary readers from a day on.

    Args:
        person: whom to protect.
        valid_from: the first day; today or earlier takes effect at once.
        review_on: when the measure is looked at again; by the guideline within a year.
        ground: a short code of why (``domestic_violence``, ``stalking``, ``child_abuse``, ``other``).
        valid_until: the first day no longer protected; None until it is ended.

    Raises:
        ResidentChangeRefused: unknown person, a measure is in force already, or days in a wrong order.
        PermissionRefused: ``people.protected.write`` is missing.
    """
    require(PERMISSION)
    if review_on <= valid_from or (valid_until is not None and valid_until <= valid_from):
        refuse(Refusal.REVIEW_BEFORE_START, "review_on")
    with transaction.atomic():
        found = _lock(person)
        days = DateRange(valid_from, valid_until)
        if _known(found).filter(valid__overlap=days).exists():
            refuse(Refusal.ALREADY_PROTECTED)
        return _add(found, days, review_on, ground, "people.protection.registered")


def extend_protection(*, person: UUID, review_on: dt.date) -> ProtectionView:
    """Keep the measure in force and look at it again on a later day.

    Raises:
        ResidentChangeRefused: none is in force, or the day is not later than the present one.
        PermissionRefused: ``people.protected.write`` is missing.
    """
    require(PERMISSION)
    with transaction.atomic():
        found = _lock(person)
        measure = _in_force(found)
        if review_on <= measure.review_on:
            refuse(Refusal.REVIEW_BEFORE_START, "review_on")
        _close(measure)
        upper = measure.valid.upper
        # An end earlier than the new review would make the review pointless.
        days = DateRange(measure.valid.lower, None if upper is not None and upper <= review_on else upper)
        return _add(found, days, review_on, measure.ground, "people.protection.extended")


def end_protection(*, person: UUID, until: dt.date) -> ProtectionView:
    """End the measure in force; ``until`` is the first day no longer protected.

    Raises:
        ResidentChangeRefused: none is in force, or the day lies before its start.
        PermissionRefused: ``people.protected.write`` is missing.
    """
    require(PERMISSION)
    with transaction.atomic():
        found = _lock(person)
        measure = _in_force(found)
        if until <= measure.valid.lower:
            refuse(Refusal.REVIEW_BEFORE_START, "until")
        _close(measure)
        days = DateRange(measure.valid.lower, until)
        return _add(found, days, measure.review_on, measure.ground, "people.protection.ended")


def _lock(person: UUID) -> Person:
    found = Person.objects.select_for_update(no_key=True).filter(public_id=person).first()
    if found is None:
        refuse(Refusal.UNKNOWN_PERSON)
    return found


def _known(person: Person) -> QuerySet[ProtectionMeasure]:
    return ProtectionMeasure.objects.filter(person=person, recorded__upper_inf=True)


def _in_force(person: Person) -> ProtectionMeasure:
    found = _known(person).exclude(valid__fully_lt=DateRange(timezone.localdate(), None)).first()
    if found is None:
        refuse(Refusal.NOT_PROTECTED)
    return found


def _close(measure: ProtectionMeasure) -> None:
    at = max(timezone.now(), measure.recorded.lower + dt.timedelta(microseconds=1))
    closing = Func(
        Func(F("recorded"), function="lower"),
        Value(at),
        function="tstzrange",
        output_field=ProtectionMeasure._meta.get_field("recorded"),
    )
    ProtectionMeasure.objects.filter(pk=measure.pk).update(recorded=closing)


def _add(person: Person, days: DateRange, review_on: dt.date, ground: str, act: str) -> ProtectionView:
    measure = ProtectionMeasure.objects.create(
        person=person,
        valid=days,
        recorded=DateTimeTZRange(timezone.now(), None),
        review_on=review_on,
        ground=ground,
        registered_by=current_actor().public_id,
    )
    record(
        act,
        subject=person.public_id,
        object_kind="protection_measure",
        object_id=measure.public_id,
        reason="protection",
        legal_ground=LEGAL_GROUND,
    )
    return protection_view(measure, person)


def protection_view(measure: ProtectionMeasure, person: Person) -> ProtectionView:
    """A measure as it crosses the door."""
    return ProtectionView(
        measure=measure.public_id,
        person=person.public_id,
        valid_from=measure.valid.lower,
        valid_until=measure.valid.upper,
        review_on=measure.review_on,
        ground=measure.ground,
        registered_by=measure.registered_by,
    )
