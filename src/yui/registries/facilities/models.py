"""The register of facilities of a body."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from yui.kernel.tenancy.public import TenantModel
from yui.registries.facilities.contracts import FacilityKind


class Facility(TenantModel):
    """A place that a body publishes: where it is, when it is open, and what only its kind has.

    ``source_key`` tells it apart within its body and kind, so that a list imported again finds it. ``details``
    holds the columns of its kind, ``extra`` columns that no layout knows, ``as_written`` cells that could not be
    read as their column declares; nothing of the list is lost.

    Source: GIF 施設, 自治体標準オープンデータセット.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in FacilityKind])
    source_key = models.CharField(max_length=200)
    local_id = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    kana = models.TextField(blank=True)
    english_name = models.TextField(blank=True)
    common_name = models.TextField(blank=True)
    area_code = models.CharField(max_length=6, blank=True)
    town_code = models.CharField(max_length=7, blank=True)
    postal_code = models.CharField(max_length=7, blank=True)
    address = models.TextField(blank=True)
    building = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    extension = models.TextField(blank=True)
    fax = models.CharField(max_length=20, blank=True)
    organisation_number = models.CharField(max_length=13, blank=True)
    organisation_name = models.TextField(blank=True)
    open_days = models.TextField(blank=True)
    opens_at = models.CharField(max_length=5, blank=True)
    closes_at = models.CharField(max_length=5, blank=True)
    hours_note = models.TextField(blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    description = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    access = models.TextField(blank=True)
    parking = models.TextField(blank=True)
    accessibility = models.TextField(blank=True)
    image = models.TextField(blank=True)
    image_licence = models.TextField(blank=True)
    url = models.TextField(blank=True)
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    as_written = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(max_length=64)
    source_file = models.CharField(max_length=200)
    imported_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "facilities"
        ordering: ClassVar = ["kind", "source_key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "kind", "source_key"], name="facility_once_in_body"),
            models.UniqueConstraint(fields=["public_id"], name="facility_public_id"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="facility_position_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
