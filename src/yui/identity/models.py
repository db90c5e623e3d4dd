"""Accounts, which belong to nobody in particular, and the roles a body gives them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yui.identity.contracts import AccountKind
from yui.kernel.tenancy.public import Body, TenantModel


class Account(models.Model):
    """One person's sign-in at one provider: the pair (issuer, subject). There are no passwords.

    A resident's name is never kept here, because this table is shared by all bodies.
    """

    USERNAME_FIELD = "public_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_anonymous = False
    is_authenticated = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in AccountKind])
    label = models.CharField(max_length=100, blank=True, default="")
    is_active = models.BooleanField(default=True)
    home_body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_sign_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="account_issuer_subject"),
            models.CheckConstraint(
                condition=Q(kind=AccountKind.STAFF.value) | Q(label=""), name="account_resident_unnamed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class StaffAssignment(TenantModel):
    """A body gives an account a role from a day until a day (exclusive), or until further notice."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role_code = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    granted_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="staff_assignment_valid_range",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["body", "account"], name="staff_assignment_account")]

    def __str__(self) -> str:
        return str(self.public_id)
