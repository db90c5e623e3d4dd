"""Bank accounts of the sample: real banks and branches, invented account numbers."""

from typing import NamedTuple

from yui.shell.sample.figures import read_table
from yui.shell.sample.structures import Person

ORDINARY = "1"
"""預金種目 1, an ordinary account."""

# All numbers begin with 99, so that nobody mistakes a listing for real accounts.
_FIRST_NUMBER = 9_900_000
_NUMBERS = 100_000
_STEP = 7_919


class Account(NamedTuple):
    """Where somebody's allowance is paid to."""

    person_number: int
    bank_code: str
    branch_code: str
    account_type: str
    account_number: str
    holder_kana: str


class AccountBook:
    """Gives every resident at most one account; no two of them alike."""

    def __init__(self) -> None:
        """Read the list of branches."""
        self._branches = [(row["bank_code"], row["branch_code"]) for row in read_table("bank_branches.csv")]

    def account(self, person: Person, serial: int) -> Account:
        """Return the account of the resident with this serial in the prefecture."""
        turn, branch = divmod(serial, len(self._branches))
        bank_code, branch_code = self._branches[branch]
        return Account(
            person_number=person.number,
            bank_code=bank_code,
            branch_code=branch_code,
            account_type=ORDINARY,
            account_number=f"{_FIRST_NUMBER + turn * _STEP % _NUMBERS:07}",
            holder_kana="　".join(part for part in (person.family_kana, person.given_kana) if part),
        )
