"""The journal's tables. The run-time role may only add to them; a trigger stops everyone else."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from yui.kernel.tenancy.public import TenantModel


def _append_only(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class ClockNow(Now):
    """The time of the statement rather than of the transaction, so that entries of one transaction keep order."""

    def as_postgresql(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]
        """Render as ``clock_timestamp()``."""
        return super().as_sql(compiler, connection, template="clock_timestamp()", **extra)


class Entry(TenantModel):
    """One thing that happened: who did what, to what, concerning whom, why and on which legal ground."""

    at = models.DateTimeField(db_default=ClockNow())
    act = models.CharField(max_length=100)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=100)
    subject = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=50, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    legal_ground = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "entries"
        triggers: ClassVar = [_append_only("append_only")]
        indexes: ClassVar = [
            models.Index(
                fields=["body", "subject", "-id"],
                name="journal_by_subject",
                condition=models.Q(subject__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.act}"


class Seal(TenantModel):
    """A signed batch: the Merkle root of some entries, chained to the seal before it.

    ``last_entry_id`` is the highest number sealed so far; all batches of one run of the sealer have one time.
    """

    number = models.PositiveBigIntegerField()
    entry_ids = models.JSONField()
    last_entry_id = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    head = models.BinaryField(max_length=32)
    key_id = models.CharField(max_length=16)
    signature = models.BinaryField(max_length=64)

    class Meta:
        triggers: ClassVar = [_append_only("append_only")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["body", "number"], name="seal_number_once")]

    def __str__(self) -> str:
        return f"seal {self.number}"


class Deposit(TenantModel):
    """Another body's seal head, kept here so that its owner cannot rewrite history unseen.

    The other body may read it (second policy of the table), never change it.
    """

    of_body_code = models.CharField(max_length=13)
    number = models.PositiveBigIntegerField()
    head = models.BinaryField(max_length=32)
    received_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        triggers: ClassVar = [_append_only("append_only")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "of_body_code", "number"], name="deposit_once")
        ]
        indexes: ClassVar = [models.Index(fields=["of_body_code", "number"], name="deposit_of_body")]

    def __str__(self) -> str:
        return f"deposit of {self.of_body_code} {self.number}"
