"""From a run's items to the records of a bank file."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache

from yui.kernel.calendar.public import BusinessCalendar, is_business_day
from yui.kernel.text.public import BankField, BankKanaProblem, fit_bank_kana
from yui.procedures.payments.models import PayingAccount, PaymentRun, PaymentRunItem
from yui.procedures.payments.zengin import (
    AccountKind,
    Batch,
    Business,
    Header,
    NewCode,
    Problem,
    Transfer,
    ZenginFile,
    check,
)
from yui.procedures.payments.zengin.banks import find_branch


def transfer_file(
    run: PaymentRun, items: Sequence[PaymentRunItem], paid_before: Mapping[int, int]
) -> ZenginFile:
    """Return the records of a run, the same for the same rows.

    The two customer codes carry the item's and the run's number, so an answer finds its payment.

    Args:
        paid_before: For the items (by id) whose payee was paid before: the id of the account used then.
    """
    return ZenginFile((Batch(_header(run, run.paying_account), tuple(_transfers(run, items, paid_before))),))


def is_bank_business_day(day: dt.date) -> bool:
    """Whether banks carry out transfers on a day."""
    return is_business_day(day, BusinessCalendar.BANK)


def problems_of(file: ZenginFile, today: dt.date) -> list[Problem]:
    """Return everything wrong or doubtful about a file that is to leave today."""
    return check(file, today=today, find_branch=find_branch, is_business_day=is_bank_business_day)


def _header(run: PaymentRun, account: PayingAccount) -> Header:
    bank_name, branch_name = _office_names(account.bank_code, account.branch_code)
    return Header(
        business=Business.BULK_TRANSFER,
        originator_code=account.originator_code,
        originator_name=account.originator_name,
        on=run.value_on,
        bank_code=account.bank_code,
        bank_name=bank_name,
        branch_code=account.branch_code,
        branch_name=branch_name,
        account_kind=AccountKind(account.kind_code),
        account_number=account.number,
    )


def _transfers(
    run: PaymentRun, items: Sequence[PaymentRunItem], paid_before: Mapping[int, int]
) -> list[Transfer]:
    transfers = []
    for item in items:
        account = item.account
        bank_name, branch_name = _office_names(account.bank_code, account.branch_code)
        before = paid_before.get(item.pk)
        new = NewCode.FIRST if before is None else NewCode.OTHER if before == account.pk else NewCode.CHANGED
        transfers.append(
            Transfer(
                bank_code=account.bank_code,
                bank_name=bank_name,
                branch_code=account.branch_code,
                branch_name=branch_name,
                account_kind=AccountKind(account.kind_code),
                account_number=account.number,
                name=account.holder_kana,
                amount_yen=item.amount_yen,
                new_code=new,
                customer_code_1=f"{item.sequence:010d}",
                customer_code_2=f"{run.number:010d}",
            )
        )
    return transfers


@lru_cache(maxsize=4096)
def _office_names(bank_code: str, branch_code: str) -> tuple[str, str]:
    """Return the names beside the codes. They identify nothing, so a name banks cannot write is left out."""
    branch = find_branch(bank_code, branch_code)
    return (_office_name(branch.bank_kana), _office_name(branch.branch_kana)) if branch else ("", "")


def _office_name(kana: str) -> str:
    try:
        return fit_bank_kana(kana, 15, BankField.BANK_NAME, shorten=True).rstrip()
    except BankKanaProblem:
        return ""
