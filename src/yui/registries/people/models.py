"""Tables of the resident registry. Nothing here is overwritten: what no longer holds is closed, never changed."""

import os
import time
import uuid
from enum import StrEnum
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from yui.kernel.tenancy.public import TenantForeignKey, TenantModel
from yui.registries.people.contracts import BecameBy, EndedBy, EventKind, Relationship, Sex

_KEEP = "RAISE EXCEPTION 'A fact is never overwritten: only recorded may be closed in %', TG_TABLE_NAME;"


def new_public_id() -> uuid.UUID:
    """A UUID of version 7: its beginning is the time, so that an index of many new ones stays compact."""
    value = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 2 << 62)


def _only_closing(name: str) -> pgtrigger.Trigger:
    """Let an update do one thing: end ``recorded`` of a row that is still what we know."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF NOT upper_inf(OLD.recorded) OR upper_inf(NEW.recorded) OR isempty(NEW.recorded)
               OR lower(OLD.recorded) <> lower(NEW.recorded)
               OR to_jsonb(NEW) - 'recorded' <> to_jsonb(OLD) - 'recorded' THEN
                {_KEEP}
            END IF;
            RETURN NEW;
        """,
    )


def _no_delete(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete)


def _choices(enum: type[StrEnum]) -> list[tuple[str, str]]:
    return [(choice.value, choice.value) for choice in enum]


class Person(TenantModel):
    """Somebody of whom the body keeps records. ``version`` counts the changes, so that a stale page is seen."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person_number = models.CharField(max_length=15, db_collation="C")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "person_number"], name="person_number_once")
        ]
        triggers: ClassVar = [
            _no_delete("no_delete"),
            pgtrigger.ReadOnly(name="fixed", fields=["id", "body", "public_id", "person_number"]),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Household(TenantModel):
    """People who share a home and a living (世帯). Its members are those whose record names it."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    household_number = models.CharField(max_length=15, db_collation="C")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "household_number"], name="household_number_once")
        ]
        triggers: ClassVar = [
            _no_delete("no_delete"),
            pgtrigger.ReadOnly(name="fixed", fields=["id", "body", "public_id", "household_number"]),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class ResidentEvent(TenantModel):
    """A change of the resident record (異動): what happened, when it took effect, when and by whom it was entered."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=_choices(EventKind))
    effective_on = models.DateField()
    notified_on = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    destination = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)
    # Ids of the rows concerned; an import names none, its records name it.
    person_ids = ArrayField(models.BigIntegerField(), default=list)
    household_ids = ArrayField(models.BigIntegerField(), default=list)
    idempotency_key = models.CharField(max_length=100, null=True)
    request_digest = models.BinaryField(max_length=32, null=True)
    cancels = TenantForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    warnings = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "idempotency_key"], name="resident_event_key_once"),
            models.UniqueConstraint(fields=["body", "cancels"], name="resident_event_cancelled_once"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class ResidentRecord(TenantModel):
    """All items of one resident record on the days ``valid``, as known during ``recorded``.

    The rows of a person that are known now cover every day from the first on without gap or overlap; from the
    day of death or moving out they carry ``ended_on``. A trigger of the table proves the absence of overlaps.
    """

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    household = TenantForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    event = TenantForeignKey(ResidentEvent, on_delete=models.PROTECT, related_name="+", db_index=False)
    valid = DateRangeField()
    recorded = DateTimeRangeField()
    family_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_kana = models.CharField(max_length=100, blank=True)
    given_kana = models.CharField(max_length=100, blank=True)
    former_family_name = models.CharField(max_length=100, blank=True)
    former_family_kana = models.CharField(max_length=100, blank=True)
    # Folded forms that searching compares; names themselves are never folded. In collation C a prefix is a range,
    # which row-level security lets an index serve (LIKE it does not: its operator is not leakproof).
    name_key = models.CharField(max_length=400, blank=True, db_collation="C")
    kana_key = models.CharField(max_length=400, blank=True, db_collation="C")
    # The earliest day it can be; the precision says which parts are known.
    born_on = models.DateField(null=True)
    born_precision = models.CharField(max_length=1, choices=[(p, p) for p in "dmyn"])
    born_text = models.CharField(max_length=50, blank=True)
    sex = models.CharField(max_length=1, choices=_choices(Sex))
    relationship = models.CharField(max_length=20, choices=_choices(Relationship))
    relationship_text = models.CharField(max_length=50, blank=True)
    lg_code = models.CharField(max_length=6)
    town_code = models.CharField(max_length=7, blank=True)
    town = models.CharField(max_length=120)
    block = models.CharField(max_length=60, blank=True)
    building = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=7, blank=True)
    became_resident_on = models.DateField()
    became_resident_by = models.CharField(max_length=20, choices=_choices(BecameBy))
    address_since_on = models.DateField(null=True)
    notified_on = models.DateField(null=True)
    previous_address = models.CharField(max_length=300, blank=True)
    domicile = models.CharField(max_length=300, blank=True)
    domicile_head = models.CharField(max_length=200, blank=True)
    nationality = models.CharField(max_length=3)
    residence_status = models.CharField(max_length=60, blank=True)
    residence_until = models.DateField(null=True)
    resident_code = models.CharField(max_length=11, blank=True)
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=20, blank=True, choices=_choices(EndedBy))

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["body", "born_on"], name="resident_born"),
            # Readings are asked for most; a name alone is looked for among the body's entries of this index.
            models.Index(fields=["body", "kana_key", "name_key"], name="resident_names"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by="")
                | (Q(ended_on__isnull=False) & ~Q(ended_by="")),
                name="resident_ended_whole",
            )
        ]
        triggers: ClassVar = [_only_closing("only_closing"), _no_delete("no_delete")]

    def __str__(self) -> str:
        return f"record {self.id}"


class NumberSeries(TenantModel):
    """The last number given out by this registry in one series, ``person`` (宛名番号) or ``household`` (世帯番号)."""

    series = models.CharField(max_length=10)
    last = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "number series"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "series"], name="number_series_once")
        ]

    def __str__(self) -> str:
        return self.series


class ProtectionMeasure(TenantModel):
    """A protection measure (DV等支援措置): on these days the person must not be found by ordinary roles.

    Source:
        住民基本台帳事務処理要領 第5-10; a measure lasts a year and is reviewed before it is extended.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()
    recorded = DateTimeRangeField()
    review_on = models.DateField()
    ground = models.CharField(max_length=60)
    registered_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_only_closing("only_closing"), _no_delete("no_delete")]

    def __str__(self) -> str:
        return f"measure {self.public_id}"


class MyNumber(TenantModel):
    """A My Number (個人番号), sealed. ``blind_index`` finds an equal number without opening any.

    Source:
        番号法 (平成25年法律第27号) article 12 (security control).
    """

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded = DateTimeRangeField()
    key_id = models.CharField(max_length=16)
    sealed = models.BinaryField(max_length=64)
    blind_index = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "blind_index"], name="my_number_once", condition=Q(recorded__upper_inf=True)
            ),
            models.UniqueConstraint(
                fields=["body", "person"], name="my_number_one_each", condition=Q(recorded__upper_inf=True)
            ),
        ]
        triggers: ClassVar = [_only_closing("only_closing"), _no_delete("no_delete")]

    def __str__(self) -> str:
        return f"number of person {self.person_id}"


class ResidentAccountLink(TenantModel):
    """An account that signs in is this person, found by the four attributes at its first sign-in."""

    account = models.UUIDField()
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "account"], name="account_link_once")
        ]

    def __str__(self) -> str:
        return str(self.account)
