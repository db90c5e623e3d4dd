"""Tables of payments. What money depends on is also guarded in the database: once only, second person,
no step backwards, nothing frozen ever changed."""

from functools import reduce
from operator import or_
from typing import ClassVar
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from yui.kernel.tenancy.public import TenantForeignKey, TenantModel
from yui.procedures.payments.contracts import (
    AccountKind,
    AccountSource,
    ItemOutcome,
    OrderState,
    ReturnReason,
    RunState,
)


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]  # type: ignore[attr-defined]


def _one_of(field: str, enum: type, *, blank: bool = False) -> Q:
    values = [member.value for member in enum]  # type: ignore[attr-defined]
    return Q(**{f"{field}__in": [*values, ""] if blank else values})


def _append_only() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def _changed(*fields: str) -> pgtrigger.Q:
    changes = (pgtrigger.Q(**{f"old__{field}__df": pgtrigger.F(f"new__{field}")}) for field in fields)
    return reduce(or_, changes)


class PayeeAccount(TenantModel):
    """A statement, made on one day, of where a person is paid from another day on (口座登録).

    Statements are only added. For a day as known at an instant, the statement recorded last before that
    instant whose validity includes the day counts. One with ``closes`` says there is no account any more.
    """

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    payee = models.UUIDField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)
    source = models.CharField(max_length=30, choices=_choices(AccountSource))
    closes = models.BooleanField(default=False)
    bank_code = models.CharField(max_length=4, blank=True)
    branch_code = models.CharField(max_length=3, blank=True)
    kind_code = models.CharField(max_length=1, blank=True, choices=_choices(AccountKind))
    number = models.CharField(max_length=7, blank=True)
    holder_kana = models.CharField(max_length=30, blank=True)

    class Meta:
        triggers: ClassVar = [_append_only()]
        indexes: ClassVar = [
            models.Index(fields=["body", "payee", "-recorded_at"], name="payee_account_latest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="payee_account_range",
            ),
            models.CheckConstraint(
                condition=Q(closes=True, number="")
                | Q(
                    closes=False,
                    bank_code__regex=r"^[0-9]{4}$",
                    branch_code__regex=r"^[0-9]{3}$",
                    kind_code__in=["1", "2", "4", "9"],
                    number__regex=r"^[0-9]{7}$",
                )
                & ~Q(holder_kana=""),
                name="payee_account_complete",
            ),
            models.CheckConstraint(condition=_one_of("source", AccountSource), name="payee_account_source"),
        ]

    def __str__(self) -> str:
        return f"account {self.public_id}"


class PayingAccount(TenantModel):
    """An account the body pays from, with what the bank calls the body (委託者). Only added to, like the
    payees' accounts; the row recorded last under a code counts."""

    code = models.CharField(max_length=30)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=100)
    originator_code = models.CharField(max_length=10)
    originator_name = models.CharField(max_length=40)
    bank_code = models.CharField(max_length=4)
    branch_code = models.CharField(max_length=3)
    kind_code = models.CharField(max_length=1, choices=_choices(AccountKind))
    number = models.CharField(max_length=7)

    class Meta:
        triggers: ClassVar = [_append_only()]
        indexes: ClassVar = [
            models.Index(fields=["body", "code", "-recorded_at"], name="paying_account_latest")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    originator_code__regex=r"^[0-9]{1,10}$",
                    bank_code__regex=r"^[0-9]{4}$",
                    branch_code__regex=r"^[0-9]{3}$",
                    kind_code__in=["1", "2", "9"],
                    number__regex=r"^[0-9]{7}$",
                ),
                name="paying_account_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"paying account {self.code}"


class PaymentOrder(TenantModel):
    """One amount that the body owes one person because of one decision (支給)."""

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    key = models.CharField(max_length=200)
    programme_code = models.CharField(max_length=50)
    case_reference = models.CharField(max_length=64)
    payee = models.UUIDField()
    amount_yen = models.BigIntegerField()
    due_on = models.DateField()
    period_label = models.CharField(max_length=100, blank=True)
    legal_ground = models.CharField(max_length=200, blank=True)
    ordered_by = models.CharField(max_length=100)
    ordered_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=20, choices=_choices(OrderState), default=OrderState.OPEN.value)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="same_debt", fields=["key", "payee", "amount_yen", "programme_code", "case_reference"]
            ),
            pgtrigger.FSM(
                name="order_steps",
                field="state",
                transitions=[
                    ("open", "in_run"),
                    ("in_run", "open"),
                    ("in_run", "paid"),
                    ("in_run", "returned"),
                    ("paid", "returned"),
                    ("returned", "open"),
                    ("open", "withdrawn"),
                    ("returned", "withdrawn"),
                ],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["body", "case_reference"], name="payment_order_case"),
            models.Index(fields=["body", "payee"], name="payment_order_payee"),
            models.Index(fields=["body", "due_on"], name="payment_order_open", condition=Q(state="open")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "key"], name="payment_order_key_once"),
            # Ten digits are what a bank file can say.
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0, amount_yen__lt=10_000_000_000), name="payment_order_amount"
            ),
            models.CheckConstraint(condition=_one_of("state", OrderState), name="payment_order_state"),
        ]

    def __str__(self) -> str:
        return f"order {self.public_id}"


class CoveredEntitlement(TenantModel):
    """One entitlement, for example one child's allowance for one month, that an order settles."""

    order = TenantForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="covered")
    key = models.CharField(max_length=200)
    released = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "key"], condition=Q(released=False), name="entitlement_covered_once"
            )
        ]

    def __str__(self) -> str:
        return self.key


class PaymentRun(TenantModel):
    """One file of payments on its way through two persons to the bank (支払回)."""

    public_id = models.UUIDField(default=uuid4, editable=False, unique=True)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=_choices(RunState), default=RunState.PREPARED.value)
    value_on = models.DateField()
    paying_account = TenantForeignKey(PayingAccount, on_delete=models.PROTECT, related_name="+")
    prepared_by = models.CharField(max_length=100)
    prepared_at = models.DateTimeField(default=timezone.now)
    frozen_by = models.CharField(max_length=100, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=100, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    file = models.BinaryField(null=True, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="frozen_file",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__frozen_at__isnull=False)
                & _changed(
                    "file", "file_sha256", "value_on", "number", "paying_account", "prepared_by", "frozen_by"
                ),
            ),
            pgtrigger.FSM(
                name="run_steps",
                field="state",
                transitions=[
                    ("prepared", "frozen"),
                    ("frozen", "approved"),
                    ("approved", "exported"),
                    ("exported", "settled"),
                    ("prepared", "cancelled"),
                    ("frozen", "cancelled"),
                    ("approved", "cancelled"),
                ],
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "number"], name="payment_run_number_once"),
            models.CheckConstraint(condition=_one_of("state", RunState), name="payment_run_state"),
            models.CheckConstraint(
                condition=Q(approved_by="")
                | (~Q(approved_by=F("prepared_by")) & ~Q(approved_by=F("frozen_by"))),
                name="payment_run_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "exported", "settled"]) | ~Q(approved_by=""),
                name="payment_run_approved",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "cancelled"])
                | (Q(file__isnull=False, frozen_at__isnull=False) & ~Q(file_sha256="")),
                name="payment_run_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.number}"


class PaymentRunItem(TenantModel):
    """One order's place in a run. An order has at most one that is pending or paid: it is paid once."""

    run = TenantForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="items")
    order = TenantForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="items")
    sequence = models.PositiveIntegerField()
    attempt = models.PositiveSmallIntegerField()
    account = TenantForeignKey(PayeeAccount, on_delete=models.PROTECT, related_name="+")
    amount_yen = models.BigIntegerField()
    frozen = models.BooleanField(default=False)
    outcome = models.CharField(
        max_length=20, choices=_choices(ItemOutcome), default=ItemOutcome.PENDING.value
    )

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="frozen_item",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__frozen=True)
                & _changed("run", "order", "sequence", "attempt", "account", "amount_yen", "frozen"),
            ),
            pgtrigger.FSM(
                name="item_steps",
                field="outcome",
                transitions=[
                    ("pending", "paid"),
                    ("pending", "returned"),
                    ("pending", "removed"),
                    ("paid", "returned"),
                ],
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "run", "sequence"], name="run_item_sequence_once"),
            models.UniqueConstraint(fields=["body", "run", "order"], name="run_item_order_once_per_run"),
            models.UniqueConstraint(
                fields=["body", "order"],
                condition=Q(outcome__in=["pending", "paid"]),
                name="run_item_order_paid_once",
            ),
            models.CheckConstraint(condition=_one_of("outcome", ItemOutcome), name="run_item_outcome"),
        ]

    def __str__(self) -> str:
        return f"item {self.sequence}"


class PaymentResult(TenantModel):
    """What the bank said of one payment: paid, or returned and why. A return may follow a payment."""

    item = TenantForeignKey(PaymentRunItem, on_delete=models.PROTECT, related_name="results")
    outcome = models.CharField(max_length=20, choices=_choices(ItemOutcome))
    reason = models.CharField(max_length=30, blank=True, choices=_choices(ReturnReason))
    on = models.DateField()
    recorded_by = models.CharField(max_length=100)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers: ClassVar = [_append_only()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "item", "outcome"], name="payment_result_once"),
            models.CheckConstraint(
                condition=Q(outcome="paid", reason="")
                | (Q(outcome="returned") & _one_of("reason", ReturnReason)),
                name="payment_result_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"result {self.outcome}"
