import datetime as dt
import uuid
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection, transaction

from yui.identity.actions import close_account, end_role, grant_role, register_account
from yui.identity.contracts import AccountKind, AccountView, GrantRefused, SignInFailed
from yui.identity.models import Account, StaffAssignment
from yui.identity.queries import list_own_bodies, list_staff, staff_permissions
from yui.kernel.access.public import PermissionRefused, acting_as, system_actor
from yui.kernel.journal.public import list_entries
from yui.kernel.tenancy.public import NoActiveBody, body_scope

from .conftest import GRANTOR, HERE, THERE

Grant = Callable[..., UUID]
APRIL, MAY, JUNE = dt.date(2025, 4, 1), dt.date(2025, 5, 1), dt.date(2025, 6, 1)


def model(account: AccountView) -> Account:
    return Account.objects.get(public_id=account.public_id)


def test_a_granted_role_gives_its_permissions_within_its_days(
    clerk_account: AccountView, grant: Grant
) -> None:
    grant(clerk_account, valid_from=APRIL, valid_until=MAY)
    with body_scope(HERE):
        account = model(clerk_account)
        assert staff_permissions(account, APRIL - dt.timedelta(1)) is None
        assert staff_permissions(account, APRIL) == {"residents.record.read", "residents.record.change"}
        assert staff_permissions(account, MAY) is None


def test_roles_add_up(clerk_account: AccountView, grant: Grant) -> None:
    grant(clerk_account)
    grant(clerk_account, role="cashier")
    with body_scope(HERE):
        assert "payments.run.approve" in (staff_permissions(model(clerk_account), MAY) or ())


def test_a_role_counts_only_in_its_body(clerk_account: AccountView, grant: Grant) -> None:
    grant(clerk_account, HERE)
    with body_scope(THERE):
        assert staff_permissions(model(clerk_account), MAY) is None
        assert list_staff() == []


def test_granting_is_journalled_without_names(clerk_account: AccountView, grant: Grant) -> None:
    made = grant(clerk_account)
    with body_scope(HERE):
        entry = next(e for e in list_entries() if e.act == "identity.role.granted")
    assert entry.object_id == str(made)
    assert entry.details["account"] == str(clerk_account.public_id)
    assert "佐藤" not in str(entry)


def test_granting_needs_the_permission(clerk_account: AccountView, roles: None) -> None:
    with body_scope(HERE), acting_as(system_actor("nobody")), pytest.raises(PermissionRefused):
        grant_role(account=clerk_account.public_id, role_code="clerk", valid_from=APRIL)


@pytest.mark.parametrize(
    "changes",
    [
        {"role_code": "emperor"},
        {"account": uuid.uuid4()},
        {"valid_until": APRIL},
        {"valid_until": APRIL - dt.timedelta(1)},
    ],
)
def test_a_wrong_grant_changes_nothing(
    clerk_account: AccountView, roles: None, changes: dict[str, object]
) -> None:
    values = {"account": clerk_account.public_id, "role_code": "clerk", "valid_from": APRIL} | changes
    with body_scope(HERE), acting_as(GRANTOR):
        with pytest.raises(GrantRefused):
            grant_role(**values)  # type: ignore[arg-type]
        assert list_staff() == []


def test_a_resident_gets_no_role(db: None, roles: None) -> None:
    resident = register_account(issuer="https://op.example", subject="r", kind=AccountKind.RESIDENT)
    with body_scope(HERE), acting_as(GRANTOR), pytest.raises(GrantRefused):
        grant_role(account=resident.public_id, role_code="clerk", valid_from=APRIL)


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (dt.date(2025, 4, 1), dt.date(2025, 5, 1), False),  # ends on the day the other begins
        (dt.date(2025, 4, 1), dt.date(2025, 5, 2), True),
        (dt.date(2025, 5, 31), None, True),
        (dt.date(2025, 6, 1), None, False),  # begins on the day the other ends
        (dt.date(2025, 4, 1), None, True),
    ],
)
def test_the_same_role_is_held_once_a_day(
    clerk_account: AccountView, grant: Grant, start: dt.date, end: dt.date | None, overlaps: bool
) -> None:
    grant(clerk_account, valid_from=MAY, valid_until=JUNE)
    if overlaps:
        with pytest.raises(GrantRefused, match=r"already|すでに"):
            grant(clerk_account, valid_from=start, valid_until=end)
    else:
        grant(clerk_account, valid_from=start, valid_until=end)


def test_ending_a_role(clerk_account: AccountView, grant: Grant) -> None:
    made = grant(clerk_account, valid_from=APRIL)
    with body_scope(THERE), acting_as(GRANTOR), pytest.raises(GrantRefused):
        end_role(assignment=made, on=MAY)
    with body_scope(HERE), acting_as(GRANTOR):
        with pytest.raises(GrantRefused):
            end_role(assignment=made, on=APRIL)
        end_role(assignment=made, on=MAY)
        assert [entry.public_id for entry in list_staff(on=APRIL)] == [made]
        assert list_staff(on=MAY) == []
        with pytest.raises(GrantRefused):
            end_role(assignment=made, on=JUNE)


def test_an_account_sees_its_own_bodies_and_nobody_elses(clerk_account: AccountView, grant: Grant) -> None:
    other = register_account(issuer="https://op.example", subject="other", kind=AccountKind.STAFF)
    grant(clerk_account, HERE)
    grant(clerk_account, THERE, valid_until=JUNE)
    grant(other, THERE)
    assert [body.code for body in list_own_bodies(model(clerk_account), on=MAY)] == [HERE, THERE]
    assert [body.code for body in list_own_bodies(model(clerk_account), on=JUNE)] == [HERE]
    assert [body.code for body in list_own_bodies(model(other), on=MAY)] == [THERE]


def test_the_second_policy_opens_nothing_by_itself(clerk_account: AccountView, grant: Grant) -> None:
    grant(clerk_account, HERE)
    with pytest.raises(NoActiveBody):
        StaffAssignment.objects.count()
    assert StaffAssignment._base_manager.count() == 0
    list_own_bodies(model(clerk_account))
    assert StaffAssignment._base_manager.count() == 0  # the setting does not outlive the question


def test_the_second_policy_lets_nothing_be_written(clerk_account: AccountView, grant: Grant) -> None:
    grant(clerk_account, HERE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('yui.account_id', %s, true)", [str(model(clerk_account).pk)])
        assert StaffAssignment._base_manager.count() == 1
        assert StaffAssignment._base_manager.update(role_code="cashier") == 0
        assert StaffAssignment._base_manager.all()._raw_delete("default") == 0


def test_an_account_is_made_once_and_keeps_its_kind(db: None) -> None:
    first = register_account(issuer="https://op.example", subject="x", kind=AccountKind.STAFF, label="古い")
    again = register_account(issuer="https://op.example", subject="x", kind=AccountKind.STAFF, label="新しい")
    assert again.public_id == first.public_id
    assert again.label == "新しい"
    with pytest.raises(GrantRefused):
        register_account(issuer="https://op.example", subject="x", kind=AccountKind.RESIDENT)
    elsewhere = register_account(issuer="https://other.example", subject="x", kind=AccountKind.RESIDENT)
    assert elsewhere.public_id != first.public_id


def test_a_residents_name_is_not_kept(db: None) -> None:
    made = register_account(
        issuer="https://op.example", subject="r", kind=AccountKind.RESIDENT, label="結城 さくら"
    )
    assert made.label == ""


def test_a_closed_account_cannot_sign_in(clerk_account: AccountView) -> None:
    from yui.identity.actions import account_at_sign_in

    with acting_as(GRANTOR):
        close_account(account=clerk_account.public_id)
        with pytest.raises(GrantRefused):
            close_account(account=uuid.uuid4())
    with pytest.raises(SignInFailed, match="account_closed"):
        account_at_sign_in(issuer="https://op.example", subject="clerk", kind=AccountKind.STAFF)
