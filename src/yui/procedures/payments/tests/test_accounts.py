"""The account register: two dates, checks, masks, journal."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction

from yui.kernel.access.public import Actor
from yui.kernel.journal.public import list_about
from yui.procedures.payments.contracts import AccountKind, AccountRefused, AccountSource
from yui.procedures.payments.models import PayeeAccount
from yui.procedures.payments.public import (
    end_account,
    find_account,
    list_accounts,
    list_paying_accounts,
    register_account,
    register_paying_account,
    yucho_account,
)
from yui.procedures.payments.tests.conftest import account_input, give_account

OCTOBER = dt.date(2026, 10, 1)


def test_account_is_kept_as_banks_write_it_and_shown_masked(payee: UUID) -> None:
    account = find_account(payee, on=OCTOBER)
    assert account is not None
    assert (account.holder_kana, account.masked_number) == ("ｲﾅｷﾞ ﾊﾅｺ", "****432")
    assert (account.bank_name, account.branch_code) == ("ゆうちょ", "018")
    assert "0765432" not in repr(account)
    assert PayeeAccount.objects.get().number == "0765432"


def test_as_of_a_day_as_known_then(payee: UUID, clock: time_machine.Traveller) -> None:
    before = dt.datetime.now(dt.UTC)
    clock.shift(dt.timedelta(days=5))
    give_account(payee, valid_from=dt.date(2026, 9, 1), number="1111111")
    masked = [
        find_account(payee, on=day, known_at=known).masked_number  # type: ignore[union-attr]
        for day, known in (
            (dt.date(2026, 8, 1), None),
            (OCTOBER, None),
            (OCTOBER, before),
        )
    ]
    assert masked == ["****432", "****111", "****432"]
    assert find_account(payee, on=dt.date(2026, 3, 31)) is None
    assert [view.masked_number for view in list_accounts(payee)] == ["****111", "****432"]


def test_account_for_a_while_gives_way_to_the_one_before(payee: UUID) -> None:
    register_account(
        payee=payee,
        account=account_input(number="2222222"),
        source=AccountSource.PUBLIC_MONEY_ACCOUNT,
        valid_from=OCTOBER,
        valid_until=dt.date(2026, 11, 1),
    )
    numbers = [
        find_account(payee, on=day).masked_number  # type: ignore[union-attr]
        for day in (OCTOBER, dt.date(2026, 10, 31), dt.date(2026, 11, 1))
    ]
    assert numbers == ["****222", "****222", "****432"]


def test_ended_account_is_gone_from_that_day(payee: UUID) -> None:
    assert end_account(payee=payee, valid_from=OCTOBER, source=AccountSource.APPLICATION)
    assert find_account(payee, on=dt.date(2026, 9, 30)) is not None
    assert find_account(payee, on=OCTOBER) is None
    assert not end_account(payee=payee, valid_from=OCTOBER, source=AccountSource.APPLICATION)


def test_same_statement_adds_nothing(payee: UUID) -> None:
    give_account(payee)
    give_account(payee, number="０７６５４３２", holder_kana="イナギ ハナコ")
    assert PayeeAccount.objects.count() == 1


def test_statements_cannot_be_changed_or_removed(payee: UUID) -> None:
    for change in (PayeeAccount.objects.filter(payee=payee).delete, lambda: _rename(payee)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def _rename(payee: UUID) -> None:
    PayeeAccount.objects.filter(payee=payee).update(number="9999999")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bank_code": "9999"}, "bank_code"),
        ({"branch_code": "999"}, "branch_code"),
        ({"kind": AccountKind.TIME}, "kind"),
        ({"number": "12345678"}, "number"),
        ({"number": "12-3456"}, "number"),
        ({"number": ""}, "number"),
        ({"holder_kana": "稲城花子"}, "holder_kana"),
        ({"holder_kana": " "}, "holder_kana"),
        ({"holder_kana": "ガ" * 16}, "holder_kana"),
    ],
)
def test_wrong_account_is_refused_by_item(cashier: Actor, change: dict[str, object], field: str) -> None:
    with pytest.raises(AccountRefused) as refusal:
        give_account(uuid4(), **change)
    assert refusal.value.field == field
    assert str(refusal.value)
    assert not PayeeAccount.objects.exists()


def test_reads_and_writes_are_journalled_without_personal_data(payee: UUID) -> None:
    find_account(payee, on=OCTOBER, reason="counter_request")
    entries = list_about(payee)
    assert [entry.act for entry in entries] == ["payments.account.read", "payments.account.registered"]
    assert entries[0].reason == "counter_request"
    assert "765432" not in str([entry.details for entry in entries])


def test_paying_account_is_replaced_by_a_later_statement(till: None) -> None:
    register_paying_account(
        code="main",
        originator_code="９９０",
        originator_name="ユイミシ",
        account=account_input(bank_code="0001", branch_code="001", number="7654321"),
    )
    (account,) = list_paying_accounts()
    assert (account.originator_code, account.masked_number) == ("990", "****321")
    with pytest.raises(AccountRefused):
        register_paying_account(
            code="main", originator_code="12345678901", originator_name="ユイ", account=account_input()
        )


@pytest.mark.parametrize(
    ("symbol", "number", "branch", "kind", "account"),
    [
        ("10180", "7654321", "018", AccountKind.ORDINARY, "0765432"),
        ("14260", "12345671", "428", AccountKind.ORDINARY, "1234567"),
        ("19980", "11", "998", AccountKind.ORDINARY, "0000001"),
        ("00170", "123456", "019", AccountKind.CURRENT, "0123456"),
    ],
)
def test_passbook_numbers_become_transfer_numbers(
    symbol: str, number: str, branch: str, kind: AccountKind, account: str
) -> None:
    found = yucho_account(symbol, number, "ハナコ")
    assert (found.bank_code, found.branch_code, found.kind, found.number) == (
        "9900",
        branch,
        kind,
        account,
    )


@pytest.mark.parametrize(
    ("symbol", "number"), [("1018", "11"), ("10180", "12"), ("20180", "11"), ("10180", "")]
)
def test_other_numbers_are_no_passbook(symbol: str, number: str) -> None:
    with pytest.raises(AccountRefused):
        yucho_account(symbol, number, "ハナコ")
