"""Tables of transit. Rides themselves are demands of ``yui.supply``; what only a bus service knows is here."""

from typing import ClassVar
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from yui.kernel.tenancy.public import TenantForeignKey, TenantModel
from yui.services.transit.contracts import Wish


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
    """The call before or after a duty (点呼記録簿): who was asked, how they were, what the meter said."""

    duty = TenantForeignKey(Duty, on_delete=models.PROTECT, related_name="roll_calls")
    after = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    alcohol_mg_per_l = models.DecimalField(max_digits=4, decimal_places=2)
    well = models.BooleanField()
    called_by = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(alcohol_mg_per_l__gte=0), name="roll_call_alcohol")
        ]
        indexes: ClassVar = [models.Index(fields=["body", "duty"], name="roll_call_of_duty")]

    def __str__(self) -> str:
        return f"roll call {self.pk}"


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
