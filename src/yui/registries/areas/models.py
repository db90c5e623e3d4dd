"""Areas, what became of them, and town blocks. Reference data of the whole country: no body owns a row."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yui.registries.areas.contracts import AreaKind, ChangeKind


class Area(models.Model):
    """A prefecture, municipality or ward under one name and code for one span of days.

    A renaming ends one row and begins another under the same code. Spans of one code never overlap (an
    exclusion constraint in the database).
    """

    code = models.CharField(max_length=6)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in AreaKind])
    name = models.CharField(max_length=50)
    kana = models.CharField(max_length=100, blank=True)
    romaji = models.CharField(max_length=100, blank=True)
    county = models.CharField(max_length=50, blank=True)
    prefecture = models.CharField(max_length=10)
    city = models.CharField(max_length=50, blank=True)
    parent_code = models.CharField(max_length=6, null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["code", F("valid_from").asc(nulls_first=True)]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                name="area_valid_range",
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}$"), name="area_code_six_digits"),
        ]
        indexes: ClassVar = [models.Index(fields=["parent_code"], name="area_parent")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AreaChange(models.Model):
    """On a day one area, or a part of it, became (part of) another: merger, new status, renaming of the code."""

    effective_on = models.DateField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in ChangeKind])
    predecessor_code = models.CharField(max_length=6, db_index=True)
    successor_code = models.CharField(max_length=6, db_index=True)
    partial = models.BooleanField(default=False)
    source = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["effective_on", "predecessor_code", "successor_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["effective_on", "predecessor_code", "successor_code"], name="area_change_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor_code=F("successor_code")), name="area_change_between_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.predecessor_code} → {self.successor_code}"


class Town(models.Model):
    """A town block name (町字) of the Address Base Registry, the level between municipality and lot."""

    area_code = models.CharField(max_length=6)
    town_code = models.CharField(max_length=7)
    oaza = models.CharField(max_length=100, blank=True)
    oaza_kana = models.CharField(max_length=200, blank=True)
    chome = models.CharField(max_length=50, blank=True)
    chome_kana = models.CharField(max_length=100, blank=True)
    koaza = models.CharField(max_length=100, blank=True)
    koaza_kana = models.CharField(max_length=200, blank=True)
    residential_indication = models.BooleanField(default=False)
    postal_codes = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["area_code", "town_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "town_code"], name="town_code_in_area")
        ]

    def __str__(self) -> str:
        return f"{self.area_code}-{self.town_code}"
