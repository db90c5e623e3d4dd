"""Cashiers and approvers with open sessions, and a town whose money is due."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from yui.identity.models import Account
from yui.identity.public import AccountKind, grant_role, register_account
from yui.identity.sessions import ASSURANCE, BACKEND, BODY
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.calendar.public import BusinessCalendar, business_day_on_or_after
from yui.kernel.tenancy.public import BodyRef
from yui.procedures.payments.contracts import AccountInput, AccountSource, OrderView
from yui.procedures.payments.contracts import AccountKind as BankKind
from yui.procedures.payments.public import order_payment, register_paying_account
from yui.procedures.payments.public import register_account as state_account

CLERK = system_actor("tests.treasury", ["identity.role.grant"])


def account_input(**changes: object) -> AccountInput:
    facts: dict[str, object] = {
        "bank_code": "0001",
        "branch_code": "001",
        "kind": BankKind.ORDINARY,
        "number": "1234567",
        "holder_kana": "イナギ ハナコ",
    }
    return AccountInput(**(facts | changes))  # type: ignore[arg-type]


@pytest.fixture
def soon() -> dt.date:
    return business_day_on_or_after(timezone.localdate() + dt.timedelta(days=7), BusinessCalendar.BANK)


@pytest.fixture
def today_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the day, banks are open: for tests that need results on the day of payment itself."""
    monkeypatch.setattr("yui.procedures.payments.bank_file.is_business_day", lambda day, calendar: True)


@pytest.fixture
def sign_in(body: BodyRef) -> Callable[[str], Client]:
    """A client with an open session of a member of staff with the given role."""

    def open_as(role: str) -> Client:
        label = f"{role} 一郎"
        account = register_account(
            issuer="https://op.example", subject=f"{role}-{uuid4()}", kind=AccountKind.STAFF, label=label
        )
        with acting_as(CLERK):
            grant_role(account=account.public_id, role_code=role, valid_from=dt.date(2024, 4, 1))
        client = Client()
        client.force_login(Account.objects.get(public_id=account.public_id), backend=BACKEND)
        session = client.session
        session[ASSURANCE], session[BODY] = "high", body.code
        session.save()
        return client

    return open_as


@pytest.fixture
def cashier(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("cashier")


@pytest.fixture
def approver(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("cashier_approver")


@pytest.fixture
def till(body: BodyRef) -> None:
    with acting_as(CLERK):
        register_paying_account(
            code="main", originator_code="1", originator_name="ユイミシ", account=account_input()
        )


def give_account(payee: UUID, **changes: object) -> None:
    with acting_as(CLERK):
        state_account(
            payee=payee,
            account=account_input(**changes),
            source=AccountSource.APPLICATION,
            valid_from=dt.date(2020, 4, 1),
        )


def place_order(payee: UUID, due_on: dt.date, key: str = "") -> OrderView:
    with acting_as(CLERK):
        return order_payment(
            key=key or f"child_allowance:{payee}",
            programme_code="child_allowance",
            case_reference="case-1",
            payee=payee,
            amount_yen=30_000,
            due_on=due_on,
            period_label="2026-08/2026-09",
        )


@pytest.fixture
def payee(till: None) -> UUID:
    """Somebody with an account and money due today."""
    person = uuid4()
    give_account(person)
    place_order(person, timezone.localdate())
    return person
