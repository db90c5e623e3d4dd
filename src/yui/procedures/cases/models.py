"""Tables of cases. What was applied for and decided is never overwritten: a change is a new row."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from yui.kernel.tenancy.public import TenantForeignKey, TenantModel
from yui.procedures.cases.contracts import CaseState, NoticeKind, Result


def _never_changes() -> list[pgtrigger.Protect]:
    return [pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]


class Case(TenantModel):
    """One procedure for one person, from the event that started it to its end (一件)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    procedure = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    person = models.UUIDField()
    subject = models.UUIDField(null=True)
    event_code = models.CharField(max_length=100)
    event_on = models.DateField()
    facts = models.JSONField(default=dict)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in CaseState])
    needs_officer = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "procedure", "key"], name="case_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["body", "person", "-opened_at"], name="case_by_person"),
            models.Index(fields=["body", "subject"], name="case_by_subject"),
            models.Index(
                fields=["body", "opened_at"], name="case_for_officer", condition=models.Q(needs_officer=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.public_id}"


class Application(TenantModel):
    """What a person applied for (申請), one immutable version; a correction is the next number."""

    case = TenantForeignKey(Case, on_delete=models.PROTECT, related_name="applications")
    number = models.PositiveIntegerField()
    values = models.JSONField()
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by_kind = models.CharField(max_length=20)
    submitted_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = _never_changes()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "case", "number"], name="application_number_once")
        ]

    def __str__(self) -> str:
        return f"application {self.number}"


class Decision(TenantModel):
    """What was decided (決定), with every condition and its value; a later decision supersedes, never overwrites."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = TenantForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    result = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Result])
    reasons = models.JSONField()
    rule_version = models.CharField(max_length=100)
    effective_from = models.DateField(null=True)
    effective_until = models.DateField(null=True)
    details = models.JSONField(default=dict)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by_kind = models.CharField(max_length=20)
    decided_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = _never_changes()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "case", "number"], name="decision_number_once")
        ]

    def __str__(self) -> str:
        return f"decision {self.number} {self.result}"


class Notice(TenantModel):
    """Something a resident is told, with its reasons as they were then."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = TenantForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    person = models.UUIDField()
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in NoticeKind])
    reasons = models.JSONField()
    sent_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["body", "person", "-sent_at"], name="notice_by_person")]

    def __str__(self) -> str:
        return f"notice {self.kind}"
