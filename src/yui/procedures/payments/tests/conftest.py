"""A town's money: fixtures and builders for the tests of payments."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
import time_machine

from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.tenancy.public import BodyRef
from yui.procedures.payments.contracts import AccountInput, AccountKind, AccountSource, OrderView
from yui.procedures.payments.public import order_payment, register_account, register_paying_account

TODAY = dt.datetime(2026, 10, 1, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
VALUE_ON = dt.date(2026, 10, 15)

CASHIER = Actor(ActorKind.STAFF, "00000000-0000-4000-8000-0000000000c1")
APPROVER = Actor(ActorKind.STAFF, "00000000-0000-4000-8000-0000000000c2")


def account_input(**changes: object) -> AccountInput:
    facts: dict[str, object] = {
        "bank_code": "9900",
        "branch_code": "018",
        "kind": AccountKind.ORDINARY,
        "number": "765432",
        "holder_kana": "いなぎ　はなこ",
    }
    return AccountInput(**(facts | changes))  # type: ignore[arg-type]


def give_account(payee: UUID, valid_from: dt.date = dt.date(2026, 4, 1), **changes: object) -> None:
    register_account(
        payee=payee,
        account=account_input(**changes),
        source=AccountSource.APPLICATION,
        valid_from=valid_from,
    )


def place_order(payee: UUID, key: str = "", **changes: object) -> OrderView:
    facts: dict[str, object] = {
        "key": key or f"child_allowance:{payee}:2026-10",
        "programme_code": "child_allowance",
        "case_reference": f"case-{payee}",
        "payee": payee,
        "amount_yen": 30_000,
        "due_on": VALUE_ON,
        "period_label": "2026-08/2026-09",
    }
    return order_payment(**(facts | changes))  # type: ignore[arg-type]


def open_till() -> None:
    """Register the account the town pays from."""
    register_paying_account(
        code="main",
        originator_code="9900000001",
        originator_name="ユイミシ カイケイカンリシャ",
        account=account_input(bank_code="0001", branch_code="001", number="1234567"),
    )


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TODAY, tick=True) as coordinates:
        yield coordinates


@pytest.fixture
def cashier(clock: object, body: BodyRef) -> Iterator[Actor]:
    """The cashier acts in the body's scope, on 1 October 2026."""
    with acting_as(CASHIER):
        yield CASHIER


@pytest.fixture
def till(cashier: Actor) -> None:
    open_till()


@pytest.fixture
def as_approver() -> Callable[[], AbstractContextManager[Actor]]:
    return lambda: acting_as(APPROVER)


@pytest.fixture
def payee(cashier: Actor) -> UUID:
    """Somebody with an account."""
    person = uuid4()
    give_account(person)
    return person
