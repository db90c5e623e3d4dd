"""Tables of evidence. Nothing in them is ever changed: a new version, a correction, a publication is a new row."""

from typing import ClassVar
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from yui.evidence.charts.forms import FigureStatus
from yui.evidence.contracts import Absence, Direction, EntryState, PeriodKind
from yui.kernel.tenancy.public import Body, TenantForeignKey, TenantModel

SHA256 = r"^[0-9a-f]{64}$"


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]  # type: ignore[attr-defined]


def _append_only() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class DefinitionVersion(TenantModel):
    """One version of what an indicator of a body says (指標の定義).

    ``targets`` holds values by the code of their period; ``people`` the columns of the formula that count people.
    """

    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    owner = models.CharField(max_length=100)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    question_ja = models.TextField()
    question_en = models.TextField()
    population_ja = models.CharField(max_length=300)
    population_en = models.CharField(max_length=300)
    unit_ja = models.CharField(max_length=40)
    unit_en = models.CharField(max_length=40)
    caveats_ja = models.TextField(blank=True)
    caveats_en = models.TextField(blank=True)
    formula = models.CharField(max_length=500)
    direction = models.CharField(max_length=10, choices=_choices(Direction))
    digits = models.PositiveSmallIntegerField()
    targets = models.JSONField(default=dict)
    people = models.JSONField(default=list)
    fewest = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "code", "version"], name="definition_version_once"),
            models.CheckConstraint(condition=Q(version__gt=0, digits__lte=9), name="definition_numbers"),
            models.CheckConstraint(
                condition=~Q(owner="")
                & ~Q(title_ja="")
                & ~Q(question_ja="")
                & ~Q(population_ja="")
                & ~Q(unit_ja="")
                & ~Q(formula=""),
                name="definition_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class ProjectionVintage(TenantModel):
    """One release of a projection, with what it is known to say (将来推計の版).

    ``figures`` holds values by indicator, area and period.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    variant = models.CharField(max_length=200)
    base_on = models.DateField()
    population = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    figures = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "code"], name="vintage_once"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(population="") & ~Q(source=""), name="vintage_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Snapshot(TenantModel):
    """The rows that figures were computed from, to the byte: aggregated or of no person (入力データ).

    The database itself compares ``sha256`` with the content.
    """

    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "sha256"], name="snapshot_once"),
            models.CheckConstraint(condition=Q(sha256__regex=SHA256), name="snapshot_sha256"),
        ]

    def __str__(self) -> str:
        return self.sha256


class Observation(TenantModel):
    """One figure as it was known from ``recorded_at`` on (観測値).

    The one recorded last of the same definition, area, period, status and vintage counts; a correction is a new row.
    ``period_until`` is the first day after the period.
    """

    definition = TenantForeignKey(DefinitionVersion, on_delete=models.PROTECT, related_name="observations")
    area_code = models.CharField(max_length=6)
    period_kind = models.CharField(max_length=20, choices=_choices(PeriodKind))
    period_from = models.DateField()
    period_until = models.DateField()
    status = models.CharField(max_length=20, choices=_choices(FigureStatus))
    vintage = TenantForeignKey(
        ProjectionVintage, on_delete=models.PROTECT, null=True, blank=True, related_name="observations"
    )
    value = models.DecimalField(max_digits=24, decimal_places=9, null=True, blank=True)
    absence = models.CharField(max_length=20, blank=True, choices=_choices(Absence))
    source = models.CharField(max_length=300)
    retrieved_on = models.DateField()
    snapshot = TenantForeignKey(Snapshot, on_delete=models.PROTECT, related_name="observations")
    query_name = models.CharField(max_length=100)
    query_version = models.CharField(max_length=20)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(value__isnull=False, absence="")
                | Q(value__isnull=True, absence__in=[one.value for one in Absence]),
                name="observation_value_or_why_not",
            ),
            models.CheckConstraint(
                condition=Q(status=FigureStatus.PROJECTION.value, vintage__isnull=False)
                | Q(
                    status__in=[one.value for one in FigureStatus if one is not FigureStatus.PROJECTION],
                    vintage__isnull=True,
                ),
                name="observation_vintage",
            ),
            models.CheckConstraint(condition=Q(area_code__regex=r"^[0-9]{6}$"), name="observation_area"),
            models.CheckConstraint(condition=Q(period_until__gt=F("period_from")), name="observation_period"),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(query_name="") & ~Q(query_version="") & ~Q(recorded_by=""),
                name="observation_traced",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["body", "definition", "area_code", "period_from", "-recorded_at"],
                name="observation_latest",
            )
        ]

    def __str__(self) -> str:
        return f"observation {self.pk}"


class HandEntry(TenantModel):
    """A figure that somebody entered by hand; a second person looks before it counts (手入力の値).

    ``row`` is the row of data as a data file writes it.
    """

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    definition = TenantForeignKey(DefinitionVersion, on_delete=models.PROTECT, related_name="entries")
    row = models.JSONField()
    state = models.CharField(max_length=10, choices=_choices(EntryState), default=EntryState.ENTERED.value)
    entered_by = models.CharField(max_length=100)
    entered_at = models.DateTimeField(default=timezone.now)
    looked_by = models.CharField(max_length=100, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="same_entry", exclude=["state", "looked_by", "looked_at"]),
            pgtrigger.Protect(
                name="looked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=[EntryState.CONFIRMED.value, EntryState.REFUSED.value]),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=EntryState.ENTERED.value, looked_by="", looked_at__isnull=True)
                | Q(state__in=[EntryState.CONFIRMED.value, EntryState.REFUSED.value], looked_at__isnull=False)
                & ~Q(looked_by="")
                & ~Q(looked_by=F("entered_by")),
                name="entry_second_look",
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.public_id}"


class Publication(models.Model):
    """What a body has published of one version of an indicator: whole files, for everybody to read (公表).

    It belongs to no wall: every reader sees every row, and a body can only add rows of its own. ``files`` holds the
    text of every file of the folder by its name; ``sha256`` is that of ``SHA256SUMS``.
    """

    publisher = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(default=timezone.now)
    definition_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    files = models.JSONField()

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publisher", "code", "version", "number"], name="publication_number_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=SHA256, definition_sha256__regex=SHA256), name="publication_sha256"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["code", "version", "-number"], name="publication_latest")]

    def __str__(self) -> str:
        return f"{self.code} {self.version} no. {self.number}"
