"""The account register: statements are added, never changed."""

import datetime as dt
from uuid import UUID

from yui.kernel.access.public import current_actor
from yui.kernel.journal.public import record
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
    values = _checked(account, _PAYEE_KINDS)
    if valid_until is not None and valid_until <= valid_from:
        raise AccountRefused(
            Message("account_range", gettext_noop("The last day must come after the first.")), "valid_until"
        )
    known = accounts_on([payee], valid_from).get(payee)
    wanted = {
        **values,
        "holder_kana": _holder(account.holder_kana, _NAME_BYTES),
        "source": source.value,
        "valid_until": valid_until,
    }
    if known is not None and all(getattr(known, name) == value for name, value in wanted.items()):
        return account_view(known)
    row = PayeeAccount.objects.create(
        payee=payee, valid_from=valid_from, recorded_by=current_actor().public_id, **wanted
    )
    record(
        "payments.account.registered",
        subject=payee,
        object_kind="payee_account",
        object_id=row.public_id,
        reason=reason,
        legal_ground=legal_ground,
        details={"source": source.value, "bank": row.bank_code},
    )
    return account_view(row)


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
