"""What crosses the door of payments."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from yui.kernel.text.public import Message
from yui.procedures.payments.zengin import AccountKind, Problem

__all__ = [
    "AccountInput",
    "AccountKind",
    "AccountRefused",
    "AccountSource",
    "AccountStatement",
    "AccountView",
    "AlreadyOrdered",
    "ExportedFile",
    "FileRefused",
    "ItemOutcome",
    "ItemView",
    "NothingToPay",
    "OrderConflict",
    "OrderDraft",
    "OrderRefused",
    "OrderState",
    "OrderView",
    "PayingAccountView",
    "PaymentRefused",
    "ResultLine",
    "ResultsRefused",
    "ReturnReason",
    "RunPreview",
    "RunState",
    "RunView",
    "SecondPersonNeeded",
    "SkipReason",
    "SkippedOrder",
    "UnknownPayment",
    "WrongState",
]


class AccountSource(StrEnum):
    """How the body came to know an account.

    Source:
        公的給付の支給等の迅速かつ確実な実施のための預貯金口座の登録等に関する法律 (令和3年法律第38号)
        for ``public_money_account``; otherwise the payee's own application.
    """

    APPLICATION = "application"
    PUBLIC_MONEY_ACCOUNT = "public_money_account"


class OrderState(StrEnum):
    """Where one amount owed stands."""

    OPEN = "open"
    IN_RUN = "in_run"
    PAID = "paid"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class RunState(StrEnum):
    """Where a payment run stands.

    Preparing and approving are two persons' work: the accounting officer may pay only after confirming
    that the payment is lawful, within the budget and certain (地方自治法 232条の4 2項).
    """

    PREPARED = "prepared"
    FROZEN = "frozen"
    APPROVED = "approved"
    EXPORTED = "exported"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class ItemOutcome(StrEnum):
    """What became of one payment of a run."""

    PENDING = "pending"
    PAID = "paid"
    RETURNED = "returned"
    REMOVED = "removed"


class ReturnReason(StrEnum):
    """Why a bank gave money back (振込不能, 組戻)."""

    NO_SUCH_ACCOUNT = "no_such_account"
    ACCOUNT_CLOSED = "account_closed"
    NAME_MISMATCH = "name_mismatch"
    REFUSED_BY_PAYEE = "refused_by_payee"
    RECALLED = "recalled"
    BANK_TROUBLE = "bank_trouble"
    OTHER = "other"

    @property
    def needs_another_account(self) -> bool:
        """Whether paying again to the same account would only come back again."""
        return self in (ReturnReason.NO_SUCH_ACCOUNT, ReturnReason.ACCOUNT_CLOSED, ReturnReason.NAME_MISMATCH)


class SkipReason(StrEnum):
    """Why an amount that is due is not in a run."""

    NO_ACCOUNT = "no_account"
    UNKNOWN_BRANCH = "unknown_branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInput:
    """An account as it was stated.

    Attributes:
        holder_kana: The holder's reading in any kana; it is kept as banks write it.
    """

    bank_code: str
    branch_code: str
    kind: AccountKind
    number: str = field(repr=False)
    holder_kana: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatement:
    """One line of many accounts stated at once; see ``register_account``."""

    payee: UUID
    account: AccountInput
    source: AccountSource
    valid_from: dt.date
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account as it may be shown: the number is masked.

    Attributes:
        bank_name, branch_name: As the bank register has them today; empty when it no longer knows them.
        valid_until: Exclusive; None while nothing ends it.
    """

    public_id: UUID
    payee: UUID
    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    kind: AccountKind
    masked_number: str
    holder_kana: str = field(repr=False)
    source: AccountSource
    valid_from: dt.date
    valid_until: dt.date | None
    recorded_at: dt.datetime
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayingAccountView:
    """An account the body pays from."""

    code: str
    originator_code: str
    originator_name: str
    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    masked_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """One amount owed to one payee.

    Attributes:
        covers: The entitlements it settles, for example one per child and month.
        attempts: How often it was sent to a bank.
        settled_on: The day it was paid or came back.
    """

    public_id: UUID
    key: str
    programme_code: str
    case_reference: str
    payee: UUID
    amount_yen: int
    due_on: dt.date
    period_label: str
    covers: tuple[str, ...]
    state: OrderState
    attempts: int
    settled_on: dt.date | None
    return_reason: ReturnReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An amount to be ordered; the arguments of ``order_payment``."""

    key: str
    programme_code: str
    case_reference: str
    payee: UUID
    amount_yen: int
    due_on: dt.date
    period_label: str
    covers: tuple[str, ...]
    legal_ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedOrder:
    """An amount that is due but cannot go into a run yet."""

    order_id: UUID
    payee: UUID
    amount_yen: int
    reason: SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPreview:
    """What a run would hold if it were prepared now; nothing is written."""

    value_on: dt.date
    count: int
    total_yen: int
    by_programme: tuple[tuple[str, int, int], ...]
    skipped: tuple[SkippedOrder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A payment run.

    Attributes:
        number: Counts up within the body; it is in the bank file, so results find their run.
        file_sha256: Of the bytes for the bank, fixed when the run is frozen.
    """

    public_id: UUID
    number: int
    state: RunState
    value_on: dt.date
    paying_account: str
    count: int
    total_yen: int
    paid_count: int
    paid_yen: int
    returned_count: int
    returned_yen: int
    prepared_by: str
    prepared_at: dt.datetime
    frozen_by: str
    frozen_at: dt.datetime | None
    approved_by: str
    approved_at: dt.datetime | None
    exported_at: dt.datetime | None
    settled_at: dt.datetime | None
    file_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One payment of a run, with its masked account."""

    sequence: int
    order_id: UUID
    payee: UUID
    programme_code: str
    period_label: str
    amount_yen: int
    attempt: int
    outcome: ItemOutcome
    return_reason: ReturnReason | None
    account: AccountView


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """The bytes for the bank, the same at every download."""

    name: str
    content: bytes = field(repr=False)
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """What the bank says of one payment.

    Attributes:
        line: Where it stands in the file it came from, for messages.
        amount_yen: Compared with what was sent when given.
    """

    sequence: int
    outcome: ItemOutcome
    on: dt.date
    reason: ReturnReason | None = None
    amount_yen: int | None = None
    line: int = 0


class PaymentRefused(ValueError):
    """Something about money was refused; nothing was changed.

    Attributes:
        message: The sentence for a person, translated when shown; ``message.code`` names the reason.
    """

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message)

    @property
    def code(self) -> str:
        """The stable name of the reason."""
        return self.message.code

    def __str__(self) -> str:
        return str(self.message)


class AccountRefused(PaymentRefused):
    """An account cannot be taken as stated.

    Attributes:
        field: The item of ``AccountInput`` that is wrong; empty when it is none of them.
    """

    def __init__(self, message: Message, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class OrderRefused(PaymentRefused):
    """An amount cannot be ordered as asked."""


class OrderConflict(OrderRefused):
    """The same key was used before for something else."""


class AlreadyOrdered(OrderRefused):
    """An entitlement is already covered by another order."""


class NothingToPay(PaymentRefused):
    """No amount that is due can be paid; ``skipped`` says what stands in the way of each."""

    def __init__(self, message: Message, skipped: tuple[SkippedOrder, ...] = ()) -> None:
        self.skipped = skipped
        super().__init__(message)


class WrongState(PaymentRefused):
    """The run or order is not at the step where this can be done."""


class SecondPersonNeeded(PaymentRefused):
    """Who prepared or froze a run cannot approve it."""


class FileRefused(PaymentRefused):
    """The bank file would be wrong; ``problems`` says where."""

    def __init__(self, message: Message, problems: tuple[Problem, ...] = ()) -> None:
        self.problems = problems
        super().__init__(message)


class ResultsRefused(PaymentRefused):
    """The bank's answer does not fit the run; ``reasons`` says line by line why."""

    def __init__(self, message: Message, reasons: tuple[Message, ...] = ()) -> None:
        self.reasons = reasons
        super().__init__(message)


class UnknownPayment(LookupError):
    """No order, run or account of this body has this id."""
