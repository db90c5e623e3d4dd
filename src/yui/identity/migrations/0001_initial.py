"""Accounts and staff assignments."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from yui.kernel.tenancy.public import EnableTenancy, GrantRead, current_body_id

# Lets an account read its own assignments in every body, so that a person who works for several can choose.
# The account is set local to a transaction, exactly like the body.
OWN_ROWS = """
CREATE POLICY identity_staffassignment_own ON identity_staffassignment FOR SELECT
USING (account_id = (SELECT nullif(current_setting('yui.account_id', true), '')::bigint))
"""


class Migration(migrations.Migration):
    """The first tables of identity."""

    initial = True
    dependencies: ClassVar = [("tenancy", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("issuer", models.CharField(max_length=255)),
                ("subject", models.CharField(max_length=255)),
                (
                    "kind",
                    models.CharField(choices=[("resident", "resident"), ("staff", "staff")], max_length=10),
                ),
                ("label", models.CharField(blank=True, default="", max_length=100)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "home_body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.body",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("last_sign_in_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject"), name="account_issuer_subject"),
                    models.CheckConstraint(
                        condition=Q(kind="staff") | Q(label=""), name="account_resident_unnamed"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="StaffAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=current_body_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.body",
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("role_code", models.CharField(max_length=60)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("granted_by", models.CharField(max_length=100)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [models.Index(fields=["body", "account"], name="staff_assignment_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                        name="staff_assignment_valid_range",
                    )
                ],
            },
        ),
        GrantRead("Account", write=True),
        EnableTenancy("StaffAssignment"),
        migrations.RunSQL(OWN_ROWS, "DROP POLICY identity_staffassignment_own ON identity_staffassignment"),
    ]
