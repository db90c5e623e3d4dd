"""Where each item stands in its 120 bytes. Offsets are computed from the lengths, never typed.

Source:
    Sections 4 (salary), 8 (bulk transfer), 15 and 16 (direct debit) of the standard. Which characters
    a text may hold is its appendix 1, kept in ``kernel.text``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yui.kernel.text.public import BankField
from yui.procedures.payments.zengin.records import Business

RECORD_LENGTH = 120


class RecordKind(StrEnum):
    """データ区分: the first byte of every record."""

    HEADER = "1"
    DATA = "2"
    TRAILER = "8"
    END = "9"


class FieldType(Enum):
    """属性: N is right-aligned and zero-filled, C left-aligned and space-filled."""

    NUMBER = "N"
    TEXT = "C"
    FILLER = "-"


@dataclass(frozen=True, slots=True)
class Field:
    """One item of a record.

    Attributes:
        name: Attribute of the record it comes from; empty for filler and computed items.
        offset: 0-based byte, filled in when the layout is assembled.
        exact: A code that must come in full length (``0009``), never padded by us.
        codes: The values this field admits, where the standard narrows a code list.
    """

    name: str
    label: str | Promise
    type: FieldType
    length: int
    characters: BankField | None = None
    required: bool = False
    exact: bool = False
    codes: frozenset[str] = frozenset()
    offset: int = 0


class Layout:
    """The items of one kind of record, in order, summing to 120 bytes."""

    def __init__(self, fields: Iterable[Field]) -> None:
        placed, offset = [], 0
        for field in fields:
            placed.append(replace(field, offset=offset))
            offset += field.length
        if offset != RECORD_LENGTH:
            raise ValueError(f"a layout of {offset} bytes instead of {RECORD_LENGTH}")
        self.fields = tuple(placed)
        self.by_name = {field.name: field for field in placed if field.name}

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)


def _number(
    name: str,
    label: str | Promise,
    length: int,
    *,
    required: bool = False,
    exact: bool = False,
    codes: str = "",
) -> Field:
    return Field(
        name, label, FieldType.NUMBER, length, required=required, exact=exact, codes=frozenset(codes)
    )


def _text(
    name: str, label: str | Promise, length: int, characters: BankField, *, required: bool = False
) -> Field:
    return Field(name, label, FieldType.TEXT, length, characters=characters, required=required)


def _filler(length: int) -> Field:
    return Field("", _("filler"), FieldType.FILLER, length)


_KIND = _number("record_kind", _("record kind"), 1, required=True)


def _header(names: BankField, *, debit: bool = False) -> Layout:
    return Layout(
        [
            _KIND,
            _number("business", _("business code"), 2, required=True, exact=True),
            _number("character_code", _("character code"), 1),
            _number("originator_code", _("originator code"), 10, required=True),
            _text("originator_name", _("originator name"), 40, names, required=True),
            _number("on", _("debit date") if debit else _("transfer date"), 4, required=True, exact=True),
            _number("bank_code", _("bank code"), 4, required=True, exact=True),
            _text("bank_name", _("bank name"), 15, BankField.BANK_NAME),
            _number("branch_code", _("branch code"), 3, required=True, exact=True),
            _text("branch_name", _("branch name"), 15, BankField.BANK_NAME),
            _number("account_kind", _("account kind"), 1, codes="129"),
            _number("account_number", _("account number"), 7),
            _filler(17),
        ]
    )


def _data(names: BankField, kinds: str, tail: list[Field], *, debit: bool = False) -> Layout:
    return Layout(
        [
            _KIND,
            _number("bank_code", _("bank code"), 4, required=True, exact=True),
            _text("bank_name", _("bank name"), 15, BankField.BANK_NAME),
            _number("branch_code", _("branch code"), 3, required=True, exact=True),
            _text("branch_name", _("branch name"), 15, BankField.BANK_NAME),
            _filler(4) if debit else _number("clearing_house_code", _("clearing house code"), 4),
            _number("account_kind", _("account kind"), 1, required=True, codes=kinds),
            _number("account_number", _("account number"), 7, required=True),
            _text("name", _("holder name"), 30, names, required=True),
            _number("amount_yen", _("amount"), 10, required=True),
            _number("new_code", _("new account code"), 1, codes="012"),
            *tail,
        ]
    )


_TOTALS = [
    _KIND,
    _number("record_count", _("record count"), 6, required=True),
    _number("total_yen", _("total amount"), 12, required=True),
]

_TRANSFER_HEADER = _header(BankField.PARTY_NAME)
_SALARY_HEADER = _header(BankField.PAYROLL_NAME)
_DEBIT_HEADER = _header(BankField.PARTY_NAME, debit=True)
_TRANSFER = _data(
    BankField.PARTY_NAME,
    "1249",
    [
        # The standard has two numbers here, or one EDI text when the identification is Y. Text holds both.
        _text("customer_code_1", _("customer code 1"), 10, BankField.EDI),
        _text("customer_code_2", _("customer code 2"), 10, BankField.EDI),
        _number("designation", _("transfer designation"), 1, codes="078"),
        _text("identification", _("identification"), 1, BankField.EDI),
        _filler(7),
    ],
)
_SALARY = _data(
    BankField.PAYROLL_NAME,
    "12",
    [
        _text("employee_number", _("employee number"), 10, BankField.EDI),
        _text("department_code", _("department code"), 10, BankField.EDI),
        _filler(9),
    ],
)
_DEBIT = _data(
    BankField.PARTY_NAME,
    "1239",
    [
        _text("customer_number", _("customer number"), 20, BankField.EDI),
        _number("result", _("debit result"), 1, codes="0123489"),
        _filler(8),
    ],
    debit=True,
)
_TRAILER = Layout([*_TOTALS, _filler(101)])
_DEBIT_TRAILER = Layout(
    [
        *_TOTALS,
        _number("collected_count", _("collected count"), 6),
        _number("collected_yen", _("collected amount"), 12),
        _number("uncollected_count", _("uncollected count"), 6),
        _number("uncollected_yen", _("uncollected amount"), 12),
        _filler(65),
    ]
)
_END = Layout([_KIND, _filler(119)])


def layout_for(business: Business, kind: RecordKind) -> Layout:
    """Return the layout of a record kind in a business."""
    debit, salary = business is Business.DIRECT_DEBIT, business.is_salary
    match kind:
        case RecordKind.HEADER:
            return _DEBIT_HEADER if debit else _SALARY_HEADER if salary else _TRANSFER_HEADER
        case RecordKind.DATA:
            return _DEBIT if debit else _SALARY if salary else _TRANSFER
        case RecordKind.TRAILER:
            return _DEBIT_TRAILER if debit else _TRAILER
        case RecordKind.END:
            return _END
