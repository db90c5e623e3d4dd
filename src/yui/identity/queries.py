"""Reads: accounts, their roles in a body, and the bodies an account works for."""

import datetime as dt
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from yui.identity.contracts import AccountKind, AccountView, AssignmentView
from yui.identity.models import Account, StaffAssignment
from yui.kernel.services import all_roles
from yui.kernel.tenancy.public import BodyRef, list_bodies


def account_view(account: Account) -> AccountView:
    """The account as other packages see it."""
    return AccountView(
        public_id=account.public_id,
        kind=AccountKind(account.kind),
        label=account.label,
        is_active=account.is_active,
        last_sign_in_at=account.last_sign_in_at,
    )


def assignment_view(assignment: StaffAssignment) -> AssignmentView:
    """The assignment as other packages see it."""
    return AssignmentView(
        public_id=assignment.public_id,
        account=account_view(assignment.account),
        role_code=assignment.role_code,
        valid_from=assignment.valid_from,
        valid_until=assignment.valid_until,
        granted_by=assignment.granted_by,
    )


def find_account(public_id: UUID) -> AccountView | None:
    """The account with this number, or None."""
    account = Account.objects.filter(public_id=public_id).first()
    return account_view(account) if account else None


def list_staff(on: dt.date | None = None) -> list[AssignmentView]:
    """The roles given in the active body; with ``on``, those in force that day."""
    assignments = StaffAssignment.objects.select_related("account").order_by(
        "account__label", "role_code", "id"
    )
    if on is not None:
        assignments = _in_force(assignments, on)
    return [assignment_view(assignment) for assignment in assignments]


def staff_permissions(account: Account, on: dt.date) -> frozenset[str] | None:
    """What the account may do for the active body on a day; None when it has no role here."""
    codes = list(
        _in_force(StaffAssignment.objects.filter(account=account), on).values_list("role_code", flat=True)
    )
    if not codes:
        return None
    roles = all_roles()
    return frozenset().union(*(roles[code].permissions for code in codes if code in roles))


def list_own_bodies(account: Account, on: dt.date | None = None) -> list[BodyRef]:
    """The bodies in which the account has a role on a day (today), for it to choose from."""
    on = on or timezone.localdate()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Opens exactly this account's rows in every body (second policy of the table), until the end of
            # this block only.
            cursor.execute("SELECT set_config('yui.account_id', %s, true)", [str(account.pk)])
        # The base manager, since no body is active and `objects` would rightly refuse.
        own = _in_force(StaffAssignment._base_manager.filter(account=account), on)
        ids = set(own.values_list("body_id", flat=True))
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('yui.account_id', '', true)")
    return [body for body in list_bodies(on=on) if body.id in ids]


def _in_force(assignments: QuerySet[StaffAssignment], on: dt.date) -> QuerySet[StaffAssignment]:
    return assignments.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on), valid_from__lte=on)
