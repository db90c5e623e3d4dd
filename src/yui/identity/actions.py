"""Writes: accounts at sign-in, and the roles that a body gives and takes."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yui.identity.contracts import (
    AccountKind,
    AccountView,
    AssignmentView,
    GrantRefused,
    SignInFailed,
    SignInProblem,
)
from yui.identity.models import Account, StaffAssignment
from yui.identity.queries import account_view, assignment_view
from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.services import all_roles
from yui.kernel.tenancy.public import BodyRef, current_body

LABEL_LENGTH = 100


def register_account(*, issuer: str, subject: str, kind: AccountKind, label: str = "") -> AccountView:
    """Make an account before its first sign-in, or return the one there is with the label brought up to date.

    Raises:
        GrantRefused: the pair belongs to an account of the other kind.
    """
    try:
        return account_view(_account_of(issuer, subject, kind, label))
    except SignInFailed as failure:
        raise GrantRefused(_("This sign-in already belongs to an account of the other kind.")) from failure


def account_at_sign_in(*, issuer: str, subject: str, kind: AccountKind, label: str = "") -> Account:
    """The account that has just proved itself; made at the first sign-in.

    Raises:
        SignInFailed: ACCOUNT_CLOSED, or WRONG_KIND when the pair came through the other door before.
    """
    account = _account_of(issuer, subject, kind, label)
    if not account.is_active:
        raise SignInFailed(SignInProblem.ACCOUNT_CLOSED)
    account.last_sign_in_at = timezone.now()
    account.save(update_fields=["last_sign_in_at"])
    return account


def _account_of(issuer: str, subject: str, kind: AccountKind, label: str) -> Account:
    label = label[:LABEL_LENGTH] if kind is AccountKind.STAFF else ""
    try:
        with transaction.atomic():
            account, made = Account.objects.get_or_create(
                issuer=issuer, subject=subject, defaults={"kind": kind.value, "label": label}
            )
    except IntegrityError:
        # Two first sign-ins at once: the other one made it.
        account, made = Account.objects.get(issuer=issuer, subject=subject), False
    if account.kind != kind.value:
        raise SignInFailed(SignInProblem.WRONG_KIND)
    if not made and label and label != account.label:
        account.label = label
        account.save(update_fields=["label"])
    return account


def remember_body(account: Account, body: BodyRef) -> None:
    """Take this body at the next sign-in without asking."""
    if account.home_body_id != body.id:
        account.home_body_id = body.id
        account.save(update_fields=["home_body"])


def close_account(*, account: UUID) -> None:
    """Let an account sign in no more; its open sessions end with their next request.

    Raises:
        GrantRefused: there is no such account.
        PermissionRefused: the actor may not.
    """
    require("identity.account.close")
    if not Account.objects.filter(public_id=account).update(is_active=False):
        raise GrantRefused(_("There is no account with this number."))


def grant_role(
    *, account: UUID, role_code: str, valid_from: dt.date, valid_until: dt.date | None = None
) -> AssignmentView:
    """Give a staff account a role in the active body from a day until a day (exclusive).

    Raises:
        GrantRefused: unknown account or role, no staff account, an empty span, or one that overlaps the same role.
        PermissionRefused: the actor may not.
    """
    require("identity.role.grant")
    if role_code not in all_roles():
        raise GrantRefused(
            _("There is no role “%(role)s”. Roles: %(roles)s.")
            % {"role": role_code, "roles": ", ".join(sorted(all_roles()))}
        )
    if valid_until is not None and valid_until <= valid_from:
        raise GrantRefused(_("The role must end after the day it begins."))
    with transaction.atomic():
        # Locking the account makes two grants at once wait for each other, so that neither misses the other.
        holder = Account.objects.select_for_update().filter(public_id=account).first()
        if holder is None or holder.kind != AccountKind.STAFF.value or not holder.is_active:
            raise GrantRefused(_("There is no open staff account with this number."))
        if _overlapping(holder, role_code, valid_from, valid_until):
            raise GrantRefused(_("The account already has this role for some of these days."))
        made = StaffAssignment.objects.create(
            account=holder,
            role_code=role_code,
            valid_from=valid_from,
            valid_until=valid_until,
            granted_by=current_actor().public_id,
        )
        record(
            "identity.role.granted",
            object_kind="assignment",
            object_id=made.public_id,
            details={"account": str(holder.public_id), "role": role_code, "body": current_body().code},
        )
    return assignment_view(made)


def end_role(*, assignment: UUID, on: dt.date) -> AssignmentView:
    """End a role in the active body: ``on`` is the first day without it.

    Raises:
        GrantRefused: there is no such assignment here, it has ended before, or it begins only later.
        PermissionRefused: the actor may not.
    """
    require("identity.role.grant")
    with transaction.atomic():
        held = StaffAssignment.objects.select_for_update().filter(public_id=assignment).first()
        if held is None:
            raise GrantRefused(_("There is no such role assignment in this body."))
        if on <= held.valid_from or (held.valid_until is not None and held.valid_until <= on):
            raise GrantRefused(_("That day is not within the days of the assignment."))
        held.valid_until = on
        held.save(update_fields=["valid_until"])
        record("identity.role.ended", object_kind="assignment", object_id=held.public_id)
    return assignment_view(held)


def _overlapping(holder: Account, role_code: str, start: dt.date, end: dt.date | None) -> bool:
    same = StaffAssignment.objects.filter(account=holder, role_code=role_code).exclude(valid_until__lte=start)
    return same.filter(valid_from__lt=end).exists() if end else same.exists()
