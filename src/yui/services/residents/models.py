"""What the desk keeps: which copies were issued. Never their content; that is in the record, with its two dates."""

import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yui.kernel.tenancy.public import TenantModel
from yui.services.residents.contracts import ApplicantKind, CertificateForm


class CertificateIssue(TenantModel):
    """A copy of the resident record (住民票の写し) that was issued: who issued it, about whom, with which items.

    ``token`` is that of the page it was asked on, so one page gives one copy. The PDF is made again from the record as
    of ``as_of``, known at ``issued_at``; ``sha256`` proves that it is the same.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField()
    token = models.UUIDField()
    form = models.CharField(max_length=20, choices=[(f.value, f.value) for f in CertificateForm])
    persons = ArrayField(models.UUIDField())
    household = models.UUIDField()
    items = ArrayField(models.CharField(max_length=20), default=list)
    applicant = models.CharField(max_length=20, choices=[(a.value, a.value) for a in ApplicantKind])
    as_of = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "number"], name="certificate_number_once"),
            models.UniqueConstraint(fields=["body", "token"], name="certificate_token_once"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"copy {self.number}"
