"""The records of a bank file as values: what is said, without padding, widths or totals.

Attribute names are those of ``layout``; a trailer is not a record here because it is always computed.
Account numbers and names stay out of ``repr`` so that a stray log line never carries them.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum


class Business(StrEnum):
    """種別コード: which business a file asks the bank to do."""

    SALARY = "11"
    BONUS = "12"
    BULK_TRANSFER = "21"
    OFFICIALS_SALARY = "71"
    OFFICIALS_BONUS = "72"
    DIRECT_DEBIT = "91"

    @property
    def is_salary(self) -> bool:
        """Whether records carry the salary layout, which has no designation and no EDI."""
        return self in _SALARY_BUSINESSES


_SALARY_BUSINESSES = frozenset(
    {Business.SALARY, Business.BONUS, Business.OFFICIALS_SALARY, Business.OFFICIALS_BONUS}
)


class AccountKind(StrEnum):
    """預金種目 (appendix 3 of the standard); each field admits only some of them."""

    ORDINARY = "1"
    CURRENT = "2"
    TAX_RESERVE = "3"
    SAVINGS = "4"
    NOTICE = "5"
    TIME = "6"
    INSTALMENT_TIME = "7"
    INSTALMENT_SAVINGS = "8"
    OTHER = "9"


class NewCode(StrEnum):
    """新規コード: tells the bank that the payee's account is new to it or was changed."""

    OTHER = "0"
    FIRST = "1"
    CHANGED = "2"


class TransferDesignation(StrEnum):
    """振込指定区分: how the transfer is sent; many banks ask for ``UNUSED``."""

    UNUSED = "0"
    WIRE = "7"
    LETTER = "8"


class DebitResult(StrEnum):
    """振替結果コード: what became of one debit (section 16 of the standard)."""

    COLLECTED = "0"
    NO_FUNDS = "1"
    NO_ACCOUNT = "2"
    STOPPED_BY_HOLDER = "3"
    NO_MANDATE = "4"
    STOPPED_BY_ORIGINATOR = "8"
    OTHER = "9"


class Newline(Enum):
    """What follows each 120-byte record."""

    NONE = b""
    CRLF = b"\r\n"
    LF = b"\n"
    CR = b"\r"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """ヘッダー・レコード: who asks, for which day, from (or, for a debit, into) which account.

    Attributes:
        originator_code: The code the bank gave the originator (委託者コード), up to 10 digits.
        originator_name: In bank kana, at most 40 bytes.
        on: The transfer or debit day. The file carries month and day only.
    """

    business: Business
    originator_code: str
    originator_name: str
    on: date
    bank_code: str
    bank_name: str = ""
    branch_code: str
    branch_name: str = ""
    account_kind: AccountKind | None = None
    account_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """データ・レコード of 総合振込: one payee, one amount.

    Attributes:
        clearing_house_code: 手形交換所番号, unused today; empty is written as zeros.
        customer_code_1: 顧客コード1. Together with the second it is one 20-byte EDI text when
            ``identification`` is ``Y``.
    """

    bank_code: str
    bank_name: str = ""
    branch_code: str
    branch_name: str = ""
    clearing_house_code: str = ""
    account_kind: AccountKind
    account_number: str = field(repr=False)
    name: str = field(repr=False)
    amount_yen: int
    new_code: NewCode = NewCode.OTHER
    customer_code_1: str = ""
    customer_code_2: str = ""
    designation: TransferDesignation | None = None
    identification: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Salary:
    """データ・レコード of 給与振込 and 賞与振込: its tail is not that of 総合振込."""

    bank_code: str
    bank_name: str = ""
    branch_code: str
    branch_name: str = ""
    clearing_house_code: str = ""
    account_kind: AccountKind
    account_number: str = field(repr=False)
    name: str = field(repr=False)
    amount_yen: int
    new_code: NewCode = NewCode.OTHER
    employee_number: str = ""
    department_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Debit:
    """データ・レコード of 預金口座振替: an account to be debited.

    Attributes:
        result: ``None`` in a request (written as ``0``); set by the bank in a results file.
    """

    bank_code: str
    bank_name: str = ""
    branch_code: str
    branch_name: str = ""
    account_kind: AccountKind
    account_number: str = field(repr=False)
    name: str = field(repr=False)
    amount_yen: int
    new_code: NewCode = NewCode.OTHER
    customer_number: str = ""
    result: DebitResult | None = None


Item = Transfer | Salary | Debit


@dataclass(frozen=True, slots=True)
class Batch:
    """One header with its data records; the trailer follows from them."""

    header: Header
    items: tuple[Item, ...]

    @property
    def total_yen(self) -> int:
        """Sum of the amounts."""
        return sum(item.amount_yen for item in self.items)


@dataclass(frozen=True, slots=True)
class ZenginFile:
    """A whole file: one or more batches of the same business, then the end record."""

    batches: tuple[Batch, ...]
    newline: Newline = Newline.CRLF
