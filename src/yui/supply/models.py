"""Tables of supply. A plan is a value: a change is the next plan, and the board counts them."""

from typing import ClassVar
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from yui.kernel.tenancy.public import TenantForeignKey, TenantModel
from yui.supply.contracts import DemandState, PlanCause, StepAct


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]  # type: ignore[attr-defined]


def _append_only() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class RoadMap(TenantModel):
    """A road network that was read from a file, packed as arrays (道路網).

    Maps are only added; the one recorded last under a code counts.
    """

    code = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)
    arrays = models.BinaryField()

    class Meta:
        triggers: ClassVar = [_append_only()]
        indexes: ClassVar = [models.Index(fields=["body", "code", "-recorded_at"], name="road_map_latest")]

    def __str__(self) -> str:
        return f"map {self.code}"


class Board(TenantModel):
    """One market where demand meets supply and one plan serves both: the village bus, the visits of a day (需給盤).

    ``plan_version`` is the number of the plan in force; who locks the row may make the next. ``plan_row`` is its row: a
    plan that was rolled back had another, and what a process remembers of that is not taken for this one.
    ``whole_version`` is the last plan that was kept whole. ``set_up`` changes with all else that plans depend on:
    shifts, roads, settings.
    """

    code = models.CharField(max_length=40)
    plan_version = models.PositiveIntegerField(default=0)
    plan_row = models.BigIntegerField(null=True, blank=True)
    whole_version = models.PositiveIntegerField(default=0)
    set_up = models.UUIDField(default=uuid4)
    road_map = models.CharField(max_length=40, blank=True)
    kilometres_per_hour = models.FloatField(default=25)
    detour = models.FloatField(default=1.3)
    offer_seconds = models.PositiveIntegerField(default=120)
    window_seconds = models.PositiveIntegerField(default=600)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "code"], name="board_once"),
            models.CheckConstraint(
                condition=Q(kilometres_per_hour__gt=0, detour__gte=1), name="board_straight_line"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Closure(TenantModel):
    """A road of a board's map that is closed for a span of time (通行止め)."""

    board = TenantForeignKey(Board, on_delete=models.PROTECT, related_name="closures")
    road = models.BigIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")), name="closure_span"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["body", "board", "from_at"], name="closure_by_time")]

    def __str__(self) -> str:
        return f"road {self.road} closed"


class Shift(TenantModel):
    """One span in which somebody or something can serve: a car with its driver on a morning (稼働枠).

    ``withdrawn_at`` says that it can serve no longer from then on: a breakdown, an illness.
    """

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    board = TenantForeignKey(Board, on_delete=models.PROTECT, related_name="shifts")
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=60)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    start = models.JSONField()
    end = models.JSONField()
    capacity = models.JSONField()
    skills = models.JSONField(default=list)
    breaks = models.JSONField(default=list)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=40, blank=True)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="same_shift", exclude=["withdrawn_at", "withdrawn_because"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "board", "key"], name="shift_once"),
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="shift_span"),
        ]
        indexes: ClassVar = [models.Index(fields=["body", "board", "until_at"], name="shift_by_end")]

    def __str__(self) -> str:
        return f"shift {self.public_id}"


class Demand(TenantModel):
    """What somebody wants, where and when (需要). ``proxy`` asked for them, and may accept and cancel too."""

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    board = TenantForeignKey(Board, on_delete=models.PROTECT, related_name="demands")
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    person = models.UUIDField(null=True, blank=True)
    proxy = models.UUIDField(null=True, blank=True)
    steps = models.JSONField()
    load = models.JSONField()
    needs = models.JSONField(default=list)
    longest_seconds = models.PositiveIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.CharField(max_length=100)
    earliest_at = models.DateTimeField()
    latest_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=_choices(DemandState), default=DemandState.OPEN.value)
    reasons = models.JSONField(default=list)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="same_demand", exclude=["state", "reasons"]),
            pgtrigger.FSM(
                name="demand_steps",
                field="state",
                transitions=[
                    ("open", "promised"),
                    ("open", "refused"),
                    ("open", "cancelled"),
                    ("refused", "open"),
                    ("promised", "under_way"),
                    ("promised", "no_show"),
                    ("promised", "failed"),
                    ("promised", "cancelled"),
                    ("under_way", "done"),
                    ("under_way", "failed"),
                ],
            ),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["body", "board", "key"], name="demand_once")]
        indexes: ClassVar = [
            models.Index(fields=["body", "board", "latest_at"], name="demand_by_end"),
            models.Index(fields=["body", "person", "-asked_at"], name="demand_of_person"),
            models.Index(fields=["body", "board", "asked_at"], name="demand_by_asking"),
        ]

    def __str__(self) -> str:
        return f"demand {self.public_id}"


class Offer(TenantModel):
    """A promise that was offered: who comes when, at what price, kept free until it expires (提案)."""

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    demand = TenantForeignKey(Demand, on_delete=models.PROTECT, related_name="offers")
    shift = TenantForeignKey(Shift, on_delete=models.PROTECT, related_name="+")
    times = models.JSONField()
    price_yen = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [_append_only()]
        indexes: ClassVar = [models.Index(fields=["body", "demand"], name="offer_of_demand")]

    def __str__(self) -> str:
        return f"offer {self.public_id}"


class Assignment(TenantModel):
    """An offer that was accepted: from now on a promise (割当て). A demand has at most one."""

    demand = TenantForeignKey(Demand, on_delete=models.PROTECT, related_name="assignments")
    offer = TenantForeignKey(Offer, on_delete=models.PROTECT, related_name="assignments")
    accepted_at = models.DateTimeField(default=timezone.now)
    accepted_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [models.UniqueConstraint(fields=["body", "demand"], name="assignment_once")]

    def __str__(self) -> str:
        return f"assignment of {self.demand_id}"


class PromiseChange(TenantModel):
    """What was told anew of an offer because it could not be kept as it was: later, or not at all (約束の変更).

    ``times`` are those told now and ``latest`` those at the latest, in seconds; both are empty when nobody can serve it
    any more. ``because`` is the code of the reason. The one recorded last counts.
    """

    offer = TenantForeignKey(Offer, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    times = models.JSONField(default=list)
    latest = models.JSONField(default=list)
    because = models.CharField(max_length=40)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers: ClassVar = [_append_only()]
        indexes: ClassVar = [models.Index(fields=["body", "offer"], name="change_of_offer")]

    def __str__(self) -> str:
        return f"change of {self.offer_id}"


class Plan(TenantModel):
    """One plan of a board, as it was in force from ``made_at`` until the next (計画).

    ``routes`` holds those that differ from the plan before, or all of them when it is ``whole``.
    """

    board = TenantForeignKey(Board, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=100)
    cause = models.CharField(max_length=20, choices=_choices(PlanCause))
    routes = models.JSONField()
    whole = models.BooleanField(default=True)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "board", "version"], name="plan_version_once")
        ]

    def __str__(self) -> str:
        return f"plan {self.version}"


class StepDone(TenantModel):
    """What was reported of one step of a demand: served, nobody came, failed (実績).

    Steps below zero are transfers: who was on board of a car that broke down was taken over by another.
    """

    demand = TenantForeignKey(Demand, on_delete=models.PROTECT, related_name="done")
    shift = TenantForeignKey(Shift, on_delete=models.PROTECT, related_name="+")
    step = models.SmallIntegerField()
    act = models.CharField(max_length=20, choices=_choices(StepAct))
    at = models.DateTimeField()
    key = models.CharField(max_length=100)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "demand", "step"], name="step_done_once"),
            models.UniqueConstraint(fields=["body", "key"], name="step_report_once"),
        ]

    def __str__(self) -> str:
        return f"step {self.step} of {self.demand_id}"


class Settlement(TenantModel):
    """What was paid for a demand that was served, and how (精算)."""

    demand = TenantForeignKey(Demand, on_delete=models.PROTECT, related_name="settlements")
    amount_yen = models.PositiveIntegerField()
    means = models.CharField(max_length=20)
    settled_at = models.DateTimeField(default=timezone.now)
    settled_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [models.UniqueConstraint(fields=["body", "demand"], name="settlement_once")]

    def __str__(self) -> str:
        return f"settlement of {self.demand_id}"
