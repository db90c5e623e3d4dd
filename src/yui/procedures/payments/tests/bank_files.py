"""Bank files of invented people, typed by hand, for the tests of the format."""

from datetime import date

from yui.procedures.payments.zengin import (
    AccountKind,
    Batch,
    Business,
    Debit,
    DebitResult,
    Header,
    NewCode,
    Newline,
    Salary,
    Transfer,
    TransferDesignation,
    ZenginFile,
)

TRANSFER_DAY = date(2026, 10, 15)


def header(business: Business = Business.BULK_TRANSFER, **changes: object) -> Header:
    """A town's own account at みずほ銀行, 東京営業部."""
    facts: dict[str, object] = {
        "business": business,
        "originator_code": "9900000001",
        "originator_name": "ﾕｲﾐｼ ｶｲｹｲｶﾝﾘｼﾔ",
        "on": TRANSFER_DAY,
        "bank_code": "0001",
        "bank_name": "ﾐｽﾞﾎ",
        "branch_code": "001",
        "branch_name": "ﾄｳｷﾖｳ",
        "account_kind": AccountKind.ORDINARY,
        "account_number": "1234567",
    }
    return Header(**(facts | changes))  # type: ignore[arg-type]


def transfer(**changes: object) -> Transfer:
    """A child allowance of two children to an account at ゆうちょ銀行."""
    facts: dict[str, object] = {
        "bank_code": "9900",
        "bank_name": "ﾕｳﾁﾖ",
        "branch_code": "018",
        "branch_name": "ｾﾞﾛｲﾁﾊﾁ",
        "account_kind": AccountKind.ORDINARY,
        "account_number": "765432",
        "name": "ｲﾅｷﾞ ﾊﾅｺ",
        "amount_yen": 40_000,
        "new_code": NewCode.FIRST,
        "customer_code_1": "0000000001",
        "customer_code_2": "0000000007",
        "designation": TransferDesignation.WIRE,
    }
    return Transfer(**(facts | changes))  # type: ignore[arg-type]


def salary(**changes: object) -> Salary:
    """One official's salary."""
    facts: dict[str, object] = {
        "bank_code": "0001",
        "branch_code": "001",
        "account_kind": AccountKind.ORDINARY,
        "account_number": "7654321",
        "name": "ｻﾅｴ ﾀﾛｳ",
        "amount_yen": 312_400,
        "employee_number": "0000000123",
    }
    return Salary(**(facts | changes))  # type: ignore[arg-type]


def debit(result: DebitResult | None = None, **changes: object) -> Debit:
    """One month of school lunch to be collected."""
    facts: dict[str, object] = {
        "bank_code": "0001",
        "branch_code": "001",
        "account_kind": AccountKind.ORDINARY,
        "account_number": "1112223",
        "name": "ﾊｻﾞ ｼﾞﾛｳ",
        "amount_yen": 5_200,
        "customer_number": "00000000000000000042",
        "result": result,
    }
    return Debit(**(facts | changes))  # type: ignore[arg-type]


def bulk_file(*items: Transfer, newline: Newline = Newline.NONE, **changes: object) -> ZenginFile:
    """A file of one bulk-transfer batch."""
    return ZenginFile((Batch(header(**changes), items),), newline)


# Typed column by column from the published layout, not produced by the code under test.
GOLDEN_ROWS = [
    "1"
    "21"
    "0"
    "9900000001"
    "ﾕｲﾐｼ ｶｲｹｲｶﾝﾘｼﾔ                          "
    "1015"
    "0001"
    "ﾐｽﾞﾎ           "
    "001"
    "ﾄｳｷﾖｳ          "
    "1"
    "1234567"
    "                 ",
    "2"
    "9900"
    "ﾕｳﾁﾖ           "
    "018"
    "ｾﾞﾛｲﾁﾊﾁ        "
    "0000"
    "1"
    "0765432"
    "ｲﾅｷﾞ ﾊﾅｺ                      "
    "0000040000"
    "1"
    "0000000001"
    "0000000007"
    "7"
    " "
    "       ",
    "2"
    "0001"
    "               "
    "001"
    "               "
    "0000"
    "2"
    "0000001"
    "ｶ)ﾅﾜｼﾛｼﾖｳｶｲ                   "
    "0000015000"
    "0"
    "          "
    "          "
    "0"
    " "
    "       ",
    "8000002000000055000" + " " * 101,
    "9" + " " * 119,
]
GOLDEN_FILE = bulk_file(
    transfer(),
    transfer(
        bank_code="0001",
        bank_name="",
        branch_code="001",
        branch_name="",
        account_kind=AccountKind.CURRENT,
        account_number="1",
        name="ｶ)ﾅﾜｼﾛｼﾖｳｶｲ",
        amount_yen=15_000,
        new_code=NewCode.OTHER,
        customer_code_1="",
        customer_code_2="",
        designation=None,
    ),
    newline=Newline.CRLF,
)
GOLDEN_BYTES = b"".join(row.encode("cp932") + b"\r\n" for row in GOLDEN_ROWS)
