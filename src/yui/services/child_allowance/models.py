"""Tables of the child allowance. A row that no longer holds is closed by ``recorded_until``, never changed."""

import uuid
from typing import ClassVar

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from yui.kernel.tenancy.public import TenantModel


def _only_closing() -> list[pgtrigger.Trigger]:
    """Let an update end ``recorded_until`` once and nothing else; refuse deletion."""
    return [
        pgtrigger.Trigger(
            name="only_closing",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func="""
                IF OLD.recorded_until IS NOT NULL OR NEW.recorded_until IS NULL
                   OR to_jsonb(NEW) - 'recorded_until' <> to_jsonb(OLD) - 'recorded_until' THEN
                    RAISE EXCEPTION 'A fact is never overwritten: only recorded_until may close in %', TG_TABLE_NAME;
                END IF;
                RETURN NEW;
            """,
        ),
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
    ]


class Recipient(TenantModel):
    """What a recipient (受給者) has stated that no register tells: public service, main earner."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.UUIDField()
    public_servant = models.BooleanField(null=True)
    main_earner = models.BooleanField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_until = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = _only_closing()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "person"], name="recipient_once", condition=Q(recorded_until__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"recipient {self.public_id}"


class Entitlement(TenantModel):
    """One child for whom one recipient is paid, from the first to the last month (支給事由).

    Months are kept as their first day. While ``through_month`` is empty the ground lasts. ``settled_through`` is
    the last month that was paid before Yui took over; nothing is ordered for it or for earlier ones.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.UUIDField()
    child = models.UUIDField()
    from_month = models.DateField()
    through_month = models.DateField(null=True)
    settled_through = models.DateField(null=True)
    case = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_until = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = _only_closing()
        constraints: ClassVar = [
            # Two people are never paid for the same child.
            models.UniqueConstraint(
                fields=["body", "child"],
                name="entitlement_child_once",
                condition=Q(recorded_until__isnull=True, through_month__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(through_month__isnull=True) | Q(through_month__gte=F("from_month")),
                name="entitlement_months",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["body", "recipient"], name="entitlement_by_recipient")]

    def __str__(self) -> str:
        return f"entitlement {self.public_id}"


class SupportDeclaration(TenantModel):
    """The recipient cares for and supports a child who is past 18 or lives apart (確認書, 別居監護申立書).

    It counts from ``from_month`` on (its first day); empty when it always did.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.UUIDField()
    child = models.UUIDField()
    from_month = models.DateField(null=True)
    case = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_until = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = _only_closing()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "child"], name="support_once", condition=Q(recorded_until__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"support {self.public_id}"


class PaymentDay(TenantModel):
    """The day of the month on which the body pays, from a day on (each municipality fixes its own)."""

    day = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(28)])
    valid_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "valid_from"], name="payment_day_once")
        ]

    def __str__(self) -> str:
        return f"day {self.day} from {self.valid_from}"
