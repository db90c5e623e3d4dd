"""The account register: statements are added, never changed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from yui.kernel.access.public import current_actor
from yui.kernel.journal.public import EntryDraft, record, record_many
from yui.kernel.text.public import (
    BankField,
    BankKanaProblem,
    Message,
    bank_kana,
    fit_bank_kana,
    fold_digits,
    gettext_noop,
)
from yui.procedures.payments.contracts import (
    AccountInput,
    AccountKind,
    AccountRefused,
    AccountSource,
    AccountStatement,
    AccountView,
    PayingAccountView,
)
from yui.procedures.payments.models import PayeeAccount, PayingAccount
from yui.procedures.payments.queries import account_view, accounts_on, list_paying_accounts
from yui.procedures.payments.zengin.banks import bank_exists, find_branch

_NAME_BYTES, _ORIGINATOR_BYTES = 30, 40
_PAYEE_KINDS = frozenset({AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.SAVINGS, AccountKind.OTHER})
_PAYING_KINDS = frozenset({AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.OTHER})


def register_account(
    *,
    payee: UUID,
    account: AccountInput,
    source: AccountSource,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    reason: str = "",
    legal_ground: str = "",
) -> AccountView:
    """State where a person is paid from a day on. Stating the same again adds nothing.

    Args:
        payee: The person's public id in the registry; the account must be the person's own.
        source: A public money account is used only where the person asked for it in an application.
        valid_until: Exclusive; None for "until stated otherwise".

    Raises:
        AccountRefused: The bank, branch, kind, number or name is not one a transfer can reach.
    """
    statement = AccountStatement(
        payee=payee, account=account, source=source, valid_from=valid_from, valid_until=valid_until
    )
    register_accounts(statements=[statement], reason=reason, legal_ground=legal_ground)
    return account_view(accounts_on([payee], valid_from)[payee])


@transaction.atomic
def register_accounts(
    *, statements: Sequence[AccountStatement], reason: str = "", legal_ground: str = ""
) -> int:
    """State many accounts at once, all or none; returns how many were new. See ``register_account``.

    Raises:
        AccountRefused: One of them cannot be taken.
    """
    actor = current_actor().public_id
    by_day: dict[dt.date, list[AccountStatement]] = defaultdict(list)
    for statement in statements:
        by_day[statement.valid_from].append(statement)
    rows = []
    for valid_from, stated in by_day.items():
        known = accounts_on([statement.payee for statement in stated], valid_from)
        for statement in stated:
            values = _payee_values(statement)
            before = known.get(statement.payee)
            if before is None or any(getattr(before, name) != value for name, value in values.items()):
                row = PayeeAccount(payee=statement.payee, valid_from=valid_from, recorded_by=actor, **values)
                known[statement.payee] = row
                rows.append(row)
    PayeeAccount.objects.bulk_create(rows, batch_size=2000)
    record_many(
        EntryDraft(
            "payments.account.registered",
            row.payee,
            "payee_account",
            str(row.public_id),
            reason,
            legal_ground,
            {"source": row.source, "bank": row.bank_code},
        )
        for row in rows
    )
    return len(rows)


def _payee_values(statement: AccountStatement) -> dict[str, str | dt.date | None]:
    if statement.valid_until is not None and statement.valid_until <= statement.valid_from:
        raise AccountRefused(
            Message("account_range", gettext_noop("The last day must come after the first.")), "valid_until"
        )
    return {
        **_checked(statement.account, _PAYEE_KINDS),
        "holder_kana": _holder(statement.account.holder_kana, _NAME_BYTES),
        "source": statement.source.value,
        "valid_until": statement.valid_until,
    }


@transaction.atomic
def end_account(*, payee: UUID, valid_from: dt.date, source: AccountSource, reason: str = "") -> bool:
    """State that a person has no account from a day on; returns whether there was one."""
    if payee not in accounts_on([payee], valid_from):
        return False
    row = PayeeAccount.objects.create(
        payee=payee,
        valid_from=valid_from,
        closes=True,
        source=source.value,
        recorded_by=current_actor().public_id,
    )
    record(
        "payments.account.ended",
        subject=payee,
        object_kind="payee_account",
        object_id=row.public_id,
        reason=reason,
    )
    return True


@transaction.atomic
def register_paying_account(
    *, code: str, originator_code: str, originator_name: str, account: AccountInput
) -> PayingAccountView:
    """State which account the body pays from under a code, and what the bank calls the body.

    Args:
        code: Short name such as ``main``; runs are prepared by it.
        originator_code: 委託者コード, given by the bank, up to ten digits.
        originator_name: Reading of the body's name as agreed with the bank; at most 40 places.

    Raises:
        AccountRefused: An item is not one a bank file can hold.
    """
    originator_code = fold_digits(originator_code).strip()
    if not (originator_code.isascii() and originator_code.isdigit() and len(originator_code) <= 10):
        raise AccountRefused(
            Message("originator_code", gettext_noop("The originator code has up to ten digits.")),
            "originator_code",
        )
    wanted = {
        **_checked(account, _PAYING_KINDS),
        "originator_code": originator_code,
        "originator_name": _holder(originator_name, _ORIGINATOR_BYTES),
    }
    known = PayingAccount.objects.filter(code=code).order_by("-recorded_at", "-id").first()
    if known is None or any(getattr(known, name) != value for name, value in wanted.items()):
        PayingAccount.objects.create(code=code, recorded_by=current_actor().public_id, **wanted)
        record("payments.paying_account.registered", object_kind="paying_account", object_id=code)
    return next(view for view in list_paying_accounts() if view.code == code)


def _checked(account: AccountInput, kinds: frozenset[AccountKind]) -> dict[str, str]:
    bank, branch = fold_digits(account.bank_code).strip(), fold_digits(account.branch_code).strip()
    number = fold_digits(account.number).strip()
    if not bank_exists(bank):
        raise AccountRefused(
            Message("unknown_bank", gettext_noop("There is no bank with this code."), {}), "bank_code"
        )
    if find_branch(bank, branch) is None:
        raise AccountRefused(
            Message("unknown_branch", gettext_noop("This bank has no branch with this code.")), "branch_code"
        )
    if account.kind not in kinds:
        raise AccountRefused(
            Message("account_kind", gettext_noop("Transfers to this kind of account are not possible.")),
            "kind",
        )
    if not (number.isascii() and number.isdigit() and len(number) <= 7):
        raise AccountRefused(
            Message("account_number", gettext_noop("An account number has up to seven digits.")), "number"
        )
    return {
        "bank_code": bank,
        "branch_code": branch,
        "kind_code": account.kind.value,
        "number": number.zfill(7),
    }


def _holder(reading: str, places: int) -> str:
    try:
        name = bank_kana(" ".join(reading.split()))
        fit_bank_kana(name, places, BankField.PARTY_NAME)
    except BankKanaProblem as problem:
        raise AccountRefused(problem.message, "holder_kana") from problem
    if not name:
        raise AccountRefused(
            Message("holder_missing", gettext_noop("Give the holder's name in kana.")), "holder_kana"
        )
    return name
