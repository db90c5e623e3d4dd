import datetime as dt
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from yui.identity.actions import grant_role, register_account
from yui.identity.contracts import AccountKind, AccountView
from yui.identity.models import Account
from yui.identity.sessions import ASSURANCE, BACKEND, BODY, SUBJECT
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.services import Role
from yui.kernel.tenancy.public import body_scope

HERE, THERE = "999016", "999024"
GRANTOR = system_actor("test", ["identity.role.grant", "identity.account.close"])


@pytest.fixture
def roles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two roles of our own, whatever the services declare."""
    known = {
        "clerk": Role("clerk", "Clerk", frozenset({"residents.record.read", "residents.record.change"})),
        "cashier": Role("cashier", "Cashier", frozenset({"payments.run.approve"})),
    }
    monkeypatch.setattr("yui.identity.actions.all_roles", lambda: known)
    monkeypatch.setattr("yui.identity.queries.all_roles", lambda: known)


@pytest.fixture
def clerk_account(db: None) -> AccountView:
    return register_account(
        issuer="https://op.example", subject="clerk", kind=AccountKind.STAFF, label="佐藤 実"
    )


@pytest.fixture
def grant(roles: None) -> Callable[..., UUID]:
    """Give an account a role in a body."""

    def give(account: AccountView, body: str = HERE, role: str = "clerk", **days: dt.date) -> UUID:
        with body_scope(body), acting_as(GRANTOR):
            days.setdefault("valid_from", dt.date(2024, 4, 1))
            return grant_role(account=account.public_id, role_code=role, **days).public_id

    return give


@pytest.fixture
def enter(client: Client) -> Callable[..., Client]:
    """A test client with an open session of an account, as the sign-in leaves it."""

    def open_as(account: AccountView, body: str | None = None, subject: UUID | None = None) -> Client:
        client.force_login(Account.objects.get(public_id=account.public_id), backend=BACKEND)
        session = client.session
        session[ASSURANCE] = "high"
        if body:
            session[BODY] = body
        if subject:
            session[SUBJECT] = str(subject)
        session.save()
        return client

    return open_as
