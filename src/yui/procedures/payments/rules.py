"""Decisions about payments that need no database."""

import re

from yui.kernel.text.public import Message, gettext_noop
from yui.procedures.payments.contracts import AccountInput, AccountKind, AccountRefused
from yui.procedures.payments.zengin.banks import YUCHO


def masked(number: str) -> str:
    """Return an account number of which only the last three digits can be read.

    Example:
        >>> masked("1234567")
        '****567'
    """
    return "*" * max(len(number) - 3, 0) + number[-3:]


def yucho_account(symbol: str, number: str, holder_kana: str) -> AccountInput:
    """Return the transfer account that belongs to the symbol and number printed in a ゆうちょ passbook.

    An ordinary savings account has a symbol beginning with 1: the branch is the symbol's second and third
    digit followed by 8, the account number is the passbook's number without its last digit. A transfer
    account (振替口座) has a symbol beginning with 0: the branch ends in 9 and the kind is a current account.

    Args:
        symbol: 記号, five digits; a sixth after a dash is a check digit and is not part of it.
        number: 番号, two to eight digits for savings (ending in 1), one to six for a transfer account.

    Raises:
        AccountRefused: The two cannot be a symbol and number of a passbook.

    Source:
        ゆうちょ銀行「記号番号から振込用の店名・預金種目・口座番号への変換」, the bank's public table.

    Example:
        >>> account = yucho_account("10180", "7654321", "ヤマダ ハナコ")
        >>> account.branch_code, account.number
        ('018', '0765432')
    """
    if re.fullmatch(r"1[0-9]{3}0", symbol) and re.fullmatch(r"[0-9]{1,7}1", number):
        return AccountInput(
            bank_code=YUCHO,
            branch_code=f"{symbol[1:3]}8",
            kind=AccountKind.ORDINARY,
            number=number[:-1].zfill(7),
            holder_kana=holder_kana,
        )
    if re.fullmatch(r"0[0-9]{4}", symbol) and re.fullmatch(r"[0-9]{1,6}", number):
        return AccountInput(
            bank_code=YUCHO,
            branch_code=f"{symbol[1:3]}9",
            kind=AccountKind.CURRENT,
            number=number.zfill(7),
            holder_kana=holder_kana,
        )
    raise AccountRefused(
        Message(
            "yucho_symbol",
            gettext_noop(
                "This is no symbol and number of a Japan Post Bank passbook. The symbol has five digits; "
                "the number of a savings account ends in 1."
            ),
        ),
        "number",
    )
