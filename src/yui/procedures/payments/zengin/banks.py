"""The banks and branches that exist, from the ``zengin-code`` package (offline snapshot).

A snapshot knows no dates: a branch closed last month may still be in it, one opened last week may not.
An unknown branch therefore says "not in the register of <version>", and the register is updated with
the package.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from zengin_code import Bank

YUCHO = "9900"
"""ゆうちょ銀行: its branches are numbers, its account numbers seven digits made from the passbook's eight."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of one bank.

    Attributes:
        bank_kana: Full-width kana as the register spells it, small kana already written large.
    """

    bank_code: str
    bank_name: str
    bank_kana: str
    branch_code: str
    branch_name: str
    branch_kana: str


def bank_exists(bank_code: str) -> bool:
    """Whether the register knows this bank."""
    return bank_code in Bank.all


def find_branch(bank_code: str, branch_code: str) -> Branch | None:
    """Return a branch, or None when the register does not know it."""
    bank = Bank.all.get(bank_code)
    branch = bank.branches.get(branch_code) if bank else None
    if branch is None:
        return None
    return Branch(bank.code, bank.name, bank.kana, branch.code, branch.name, branch.kana)


def list_banks() -> Iterator[tuple[str, str]]:
    """Yield code and name of every bank, by code."""
    for code in sorted(Bank.all):
        yield code, Bank.all[code].name


@cache
def register_version() -> str:
    """Return the version of the register, for messages."""
    return version("zengin-code")
