"""Tables of transit. Rides themselves are demands of ``yui.supply``; what only a bus service knows is here."""

from typing import ClassVar
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from yui.kernel.tenancy.public import TenantForeignKey, TenantModel
from yui.services.transit.contracts import DutyAct, Means, Wish


def _append_only() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class ServiceVersion(TenantModel):
    """How a service of transit works from a day on, as it was decided (運行の定め). The one recorded last counts."""

    code = models.CharField(max_length=40)
    valid_from = models.DateField()
    definition = models.JSONField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        indexes: ClassVar = [
            models.Index(
                fields=["body", "code", "-valid_from", "-recorded_at"], name="transit_version_latest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from}"


class Vehicle(TenantModel):
    """A vehicle that carries passengers (自家用有償旅客運送自動車登録簿)."""

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    plate = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    seats = models.PositiveSmallIntegerField()
    wheelchairs = models.PositiveSmallIntegerField(default=0)
    inspection_until = models.DateField()
    insurance_until = models.DateField()
    entered_on = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "plate"], condition=Q(retired_on__isnull=True), name="vehicle_plate_once"
            ),
            models.CheckConstraint(condition=Q(seats__gt=0), name="vehicle_seats"),
        ]

    def __str__(self) -> str:
        return f"vehicle {self.public_id}"


class Driver(TenantModel):
    """A person who drives passengers (運転者台帳). ``account`` is what they sign in with."""

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    name = models.CharField(max_length=60)
    account = models.CharField(max_length=100, blank=True)
    second_class = models.BooleanField(default=False)
    licence_until = models.DateField()
    trained_on = models.DateField(null=True, blank=True)
    entered_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "account"],
                condition=~Q(account="") & Q(left_on__isnull=True),
                name="driver_account_once",
            )
        ]

    def __str__(self) -> str:
        return f"driver {self.public_id}"


class Duty(TenantModel):
    """A driver on a vehicle for one span of a service (乗務). ``shift`` is its shift on the board."""

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    service = models.CharField(max_length=40)
    driver = TenantForeignKey(Driver, on_delete=models.PROTECT, related_name="duties")
    vehicle = TenantForeignKey(Vehicle, on_delete=models.PROTECT, related_name="duties")
    shift = models.UUIDField(unique=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="duty_span")
        ]
        indexes: ClassVar = [models.Index(fields=["body", "service", "from_at"], name="duty_by_time")]

    def __str__(self) -> str:
        return f"duty {self.public_id}"


class RollCallRecord(TenantModel):
    """The call before or after a duty (点呼記録簿): how the driver was, what the meter said, what they were told.

    Source:
        道路運送法施行規則 article 51-22, paragraph 1 (kept for a year).
    """

    duty = TenantForeignKey(Duty, on_delete=models.PROTECT, related_name="roll_calls")
    after = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    alcohol_mg_per_l = models.DecimalField(max_digits=4, decimal_places=2)
    well = models.BooleanField()
    instruction = models.CharField(max_length=200, blank=True)
    odometer_km = models.PositiveIntegerField(null=True, blank=True)
    called_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(alcohol_mg_per_l__gte=0), name="roll_call_alcohol")
        ]
        indexes: ClassVar = [models.Index(fields=["body", "duty"], name="roll_call_of_duty")]

    def __str__(self) -> str:
        return f"roll call {self.pk}"


class DutyNote(TenantModel):
    """One thing a driver noted of a duty, with what came of it (乗務記録).

    ``at`` is when it happened as far as can be known, ``recorded_at`` when it was heard of: a phone without a line
    tells up to hours later. ``refused`` is why it did not count; what did not count is kept all the same.

    Source:
        道路運送法施行規則 article 51-22, paragraph 2 (kept for a year).
    """

    duty = TenantForeignKey(Duty, on_delete=models.PROTECT, related_name="notes")
    key = models.CharField(max_length=100)
    act = models.CharField(max_length=20, choices=[(act.value, act.value) for act in DutyAct])
    demand = models.UUIDField(null=True, blank=True)
    step = models.SmallIntegerField(null=True, blank=True)
    place = models.CharField(max_length=100, blank=True)
    party = models.PositiveSmallIntegerField(default=0)
    wheelchairs = models.PositiveSmallIntegerField(default=0)
    means = models.CharField(max_length=20, blank=True, choices=[(one.value, one.value) for one in Means])
    due_yen = models.PositiveIntegerField(null=True, blank=True)
    told_yen = models.PositiveIntegerField(null=True, blank=True)
    refused = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "duty", "key"], name="duty_note_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["body", "duty", "at"], name="duty_note_by_time")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Accident(TenantModel):
    """An accident of a vehicle as it was recorded (事故の記録). The one recorded last under a ``public_id`` counts.

    Source:
        道路運送法施行規則 article 51-25, paragraph 2 (kept for two years); a grave one is reported without delay
        (道路運送法 article 79-10).
    """

    public_id = models.UUIDField(default=uuid4, editable=False)
    duty = TenantForeignKey(Duty, on_delete=models.PROTECT, related_name="accidents")
    at = models.DateTimeField()
    place = models.CharField(max_length=200)
    others = models.CharField(max_length=200, blank=True)
    summary = models.TextField()
    cause = models.TextField(blank=True)
    prevention = models.TextField(blank=True)
    is_grave = models.BooleanField(default=False)
    deaths = models.PositiveSmallIntegerField(default=0)
    injured = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        indexes: ClassVar = [models.Index(fields=["body", "-at"], name="accident_by_time")]

    def __str__(self) -> str:
        return f"accident {self.public_id}"


class Complaint(TenantModel):
    """What somebody complained of and what was answered (苦情処理簿). The last recorded under a ``public_id`` counts.

    Source:
        道路運送法施行規則 article 51-30, paragraph 2 (kept for a year).
    """

    public_id = models.UUIDField(default=uuid4, editable=False)
    service = models.CharField(max_length=40)
    received_on = models.DateField()
    content = models.TextField()
    cause = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    improvement = models.TextField(blank=True)
    handled_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        indexes: ClassVar = [models.Index(fields=["body", "-received_on"], name="complaint_by_day")]

    def __str__(self) -> str:
        return f"complaint {self.public_id}"


class Ride(TenantModel):
    """A booking of a ride (予約): whose, by whom, which riders, from where to where. ``demand`` is it on the board."""

    demand = models.UUIDField(unique=True)
    service = models.CharField(max_length=40)
    rider = models.UUIDField()
    booked_by = models.CharField(max_length=100)
    booked_at = models.DateTimeField(default=timezone.now)
    wish = models.CharField(max_length=20, choices=[(wish.value, wish.value) for wish in Wish])
    wished_at = models.DateTimeField()
    riders = models.JSONField()
    origin = models.CharField(max_length=40)
    destination = models.CharField(max_length=40)
    quoted_yen = models.PositiveIntegerField()

    class Meta:
        triggers: ClassVar = [_append_only()]
        indexes: ClassVar = [
            models.Index(fields=["body", "rider", "-wished_at"], name="ride_of_rider"),
            models.Index(fields=["body", "service", "wished_at"], name="ride_by_time"),
        ]

    def __str__(self) -> str:
        return f"ride {self.demand}"


class Proxy(TenantModel):
    """Somebody who may book for a rider, as the rider said at the desk (代理予約の届出)."""

    rider = models.UUIDField()
    proxy = models.UUIDField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "rider", "proxy"],
                condition=Q(valid_until__isnull=True),
                name="proxy_once",
            ),
            models.CheckConstraint(condition=~Q(rider=F("proxy")), name="proxy_of_another"),
        ]

    def __str__(self) -> str:
        return f"proxy {self.pk}"


class Surroundings(TenantModel):
    """Who lives where by small area and age group, and where people go (人口と行き先の表). The latest counts."""

    table = models.TextField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]

    def __str__(self) -> str:
        return f"surroundings {self.pk}"


class Trial(TenantModel):
    """Policies compared on a day of demand before they start (試行).

    ``demand`` holds the rides of the day, without names, until all is done, and is empty from then on; ``results`` are
    counts and sums.
    """

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    service = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    about = models.JSONField()
    demand = models.TextField(blank=True)
    results = models.JSONField(default=list)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.CharField(max_length=100)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(demand=""), name="trial_keeps_no_rides"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["body", "-asked_at"], name="trial_newest")]

    def __str__(self) -> str:
        return f"trial {self.public_id}"
