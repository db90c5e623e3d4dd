"""The register of organisations. Public facts of the whole country: no body owns a row."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yui.registries.organisations.contracts import OrganisationKind


class Organisation(models.Model):
    """A corporation or public body under its corporate number (GIF 法人), as published last."""

    number = models.CharField(max_length=13, unique=True)
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in OrganisationKind])
    name = models.CharField(max_length=300)
    kana = models.CharField(max_length=600, blank=True)
    english_name = models.CharField(max_length=600, blank=True)
    area_code = models.CharField(max_length=6, blank=True, db_index=True)
    address = models.CharField(max_length=1000, blank=True)
    postal_code = models.CharField(max_length=7, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    successor_number = models.CharField(max_length=13, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9]{13}$"), name="organisation_number_form"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="organisation_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
