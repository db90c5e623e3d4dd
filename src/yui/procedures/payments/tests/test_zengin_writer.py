"""Writing bank files: the bytes, and every refusal."""

import os
from datetime import date
from pathlib import Path

import pytest

from yui.procedures.payments.tests.bank_files import (
    GOLDEN_BYTES,
    GOLDEN_FILE,
    GOLDEN_ROWS,
    bulk_file,
    debit,
    header,
    salary,
    transfer,
)
from yui.procedures.payments.zengin import (
    AccountKind,
    Batch,
    Business,
    DebitResult,
    Header,
    NewCode,
    Newline,
    ProblemCode,
    Transfer,
    TransferDesignation,
    ZenginFile,
    ZenginRefused,
    read,
    write,
)
from yui.procedures.payments.zengin.layout import RecordKind, layout_for


def test_hand_typed_file_is_reproduced_byte_for_byte() -> None:
    assert all(len(row.encode("cp932")) == 120 for row in GOLDEN_ROWS)
    assert write(GOLDEN_FILE) == GOLDEN_BYTES


def test_a_file_made_by_others_is_reproduced_byte_for_byte() -> None:
    """Optional: the public sample of another implementation, typed here as facts."""
    folder = os.environ.get("YUI_SHARED_DATA")
    if not folder:
        pytest.skip("YUI_SHARED_DATA names no folder of public sample files")
    theirs = (Path(folder) / "zengin" / "sougou-furikomi.txt").read_bytes()
    facts = ZenginFile(
        (
            Batch(
                Header(
                    business=Business.BULK_TRANSFER,
                    originator_code="9190129006",
                    originator_name="ﾓｼﾞ ｼﾖｳ",
                    on=date(2026, 3, 11),
                    bank_code="9913",
                    bank_name="ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ",
                    branch_code="960",
                    account_kind=AccountKind.ORDINARY,
                    account_number="9685875",
                ),
                (
                    Transfer(
                        bank_code="9891",
                        bank_name="ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ",
                        branch_code="993",
                        branch_name="ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ",
                        clearing_house_code="9674",
                        account_kind=AccountKind.ORDINARY,
                        account_number="9801390",
                        name="ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ",
                        amount_yen=54_878,
                        new_code=NewCode.OTHER,
                        customer_code_1="ｱ",
                        customer_code_2="ﾃｽﾄ ﾊﾅｺ",
                        designation=TransferDesignation.LETTER,
                        identification="ｱ",
                    ),
                    Transfer(
                        bank_code="9850",
                        branch_code="968",
                        branch_name="ﾀﾞ",
                        clearing_house_code="9230",
                        account_kind=AccountKind.ORDINARY,
                        account_number="9046801",
                        name="ﾓｼﾞ ｼﾖｳ",
                        amount_yen=60_137,
                        new_code=NewCode.CHANGED,
                        customer_code_2="ﾃｽﾄ",
                        designation=TransferDesignation.LETTER,
                        identification="ｱ",
                    ),
                ),
            ),
        ),
        Newline.CR,
    )
    assert write(facts) == theirs
    assert read(theirs, near=date(2026, 3, 1)) == facts


@pytest.mark.parametrize("newline", list(Newline))
def test_line_break_follows_every_record(newline: Newline) -> None:
    data = write(bulk_file(transfer(), newline=newline))
    assert len(data) == 4 * (120 + len(newline.value))
    assert data.endswith(b" " + newline.value)


def test_several_batches_each_have_their_own_trailer() -> None:
    data = write(
        ZenginFile((Batch(header(), (transfer(),)), Batch(header(), (transfer(), transfer()))), Newline.NONE)
    )
    kinds = "".join(chr(data[start]) for start in range(0, len(data), 120))
    assert kinds == "1281228" + "9"
    assert data[6 * 120 + 1 : 6 * 120 + 19] == b"000002" + b"000000080000"


@pytest.mark.parametrize(
    "business",
    [Business.SALARY, Business.BONUS, Business.OFFICIALS_SALARY, Business.OFFICIALS_BONUS],
)
def test_salary_has_its_own_tail(business: Business) -> None:
    data = write(ZenginFile((Batch(header(business), (salary(),)),), Newline.NONE))
    assert data[1:3] == business.encode()
    assert data[120 + 91 : 120 + 120] == b"0000000123" + b" " * 19


def test_direct_debit_request_has_zero_results() -> None:
    data = write(ZenginFile((Batch(header(Business.DIRECT_DEBIT), (debit(),)),), Newline.NONE))
    assert data[120 + 38 : 120 + 42] == b"    "
    assert data[120 + 111 : 120 + 112] == b"0"
    assert data[240 + 19 : 240 + 55] == b"0" * 36


def test_direct_debit_results_are_totalled() -> None:
    items = (debit(DebitResult.COLLECTED), debit(DebitResult.NO_FUNDS), debit(DebitResult.COLLECTED))
    data = write(ZenginFile((Batch(header(Business.DIRECT_DEBIT), items),), Newline.NONE))
    trailer = data[4 * 120 :]
    assert trailer[1:55] == b"000003000000015600000002000000010400000001000000005200"


BANK, PARTY, AMOUNT = 1, 50, 80
REFUSALS = [
    ({"bank_code": "1"}, ProblemCode.CODE_LENGTH, BANK),
    ({"bank_code": ""}, ProblemCode.REQUIRED, BANK),
    ({"bank_code": "00A1"}, ProblemCode.NOT_DIGITS, BANK),
    ({"branch_code": "１２３"}, ProblemCode.NOT_DIGITS, 20),
    ({"account_number": "12345678"}, ProblemCode.TOO_LARGE, 43),
    ({"account_number": ""}, ProblemCode.REQUIRED, 43),
    ({"account_number": "-123456"}, ProblemCode.NOT_DIGITS, 43),
    ({"account_kind": AccountKind.TIME}, ProblemCode.UNKNOWN_CODE, 42),
    ({"name": ""}, ProblemCode.REQUIRED, PARTY),
    ({"name": "   "}, ProblemCode.REQUIRED, PARTY),
    ({"name": "ﾖｰｺ"}, ProblemCode.FORBIDDEN_CHARACTER, PARTY + 1),
    ({"name": "ｷｬﾉﾝ"}, ProblemCode.FORBIDDEN_CHARACTER, PARTY + 1),
    ({"name": "ﾔﾏﾀﾞ,ﾀﾛｳ"}, ProblemCode.FORBIDDEN_CHARACTER, PARTY + 4),
    ({"name": "ヤマダ"}, ProblemCode.FORBIDDEN_CHARACTER, PARTY),
    ({"name": "yamada"}, ProblemCode.FORBIDDEN_CHARACTER, PARTY),
    ({"name": "ｦｵ"}, ProblemCode.FORBIDDEN_CHARACTER, PARTY),
    ({"name": "ﾞｶ"}, ProblemCode.LEADING_VOICING_MARK, PARTY),
    ({"name": "ﾜﾞ"}, ProblemCode.LEADING_VOICING_MARK, PARTY + 1),
    ({"name": "ｶﾟ"}, ProblemCode.LEADING_VOICING_MARK, PARTY + 1),
    ({"name": "ｶﾞ" * 15 + "ｷ"}, ProblemCode.TOO_LONG, PARTY),
    ({"bank_name": "ﾐｽﾞﾎ.", "name": "ｱ"}, ProblemCode.FORBIDDEN_CHARACTER, 9),
    ({"amount_yen": -1}, ProblemCode.NEGATIVE, AMOUNT),
    ({"amount_yen": 10_000_000_000}, ProblemCode.TOO_LARGE, AMOUNT),
    ({"identification": "YY"}, ProblemCode.TOO_LONG, 112),
]


@pytest.mark.parametrize(("change", "code", "offset"), REFUSALS)
def test_what_does_not_fit_is_refused_with_its_place(
    change: dict[str, object], code: ProblemCode, offset: int
) -> None:
    with pytest.raises(ZenginRefused) as refusal:
        write(bulk_file(transfer(), transfer(**change)))
    first = refusal.value.problems[0]
    assert (first.code, first.record_number, first.offset) == (code, 3, offset)


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(ZenginRefused) as refusal:
        write(bulk_file(transfer(bank_code="1", name="ﾖｰｺ"), transfer(amount_yen=-5)))
    found = {(problem.record_number, problem.field) for problem in refusal.value.problems}
    assert found == {(2, "bank_code"), (2, "name"), (3, "amount_yen")}


def test_salary_names_admit_no_latin_and_no_symbol() -> None:
    for name in ("ABC", "ﾖ-ｺ", "ｶ)ﾊｻﾞ"):
        with pytest.raises(ZenginRefused):
            write(ZenginFile((Batch(header(Business.SALARY), (salary(name=name),)),)))


def test_edi_text_admits_what_names_do_not() -> None:
    text = bulk_file(transfer(identification="Y", customer_code_1="ﾎｼﾞﾖ/ｦ", customer_code_2="\\1000"))
    assert write(text)[120 + 91 : 120 + 113] == "ﾎｼﾞﾖ/ｦ    \\1000     7Y".encode("cp932")


def test_items_of_another_business_and_mixed_headers_are_refused() -> None:
    with pytest.raises(ZenginRefused) as refusal:
        write(ZenginFile((Batch(header(), (salary(),)), Batch(header(Business.BONUS), ()))))
    codes = {problem.code for problem in refusal.value.problems}
    assert codes == {ProblemCode.WRONG_ITEM, ProblemCode.MIXED_BUSINESSES}


def test_total_beyond_twelve_digits_is_refused() -> None:
    most = transfer(amount_yen=9_999_999_999)
    with pytest.raises(ZenginRefused) as refusal:
        write(bulk_file(*[most] * 101))
    assert [problem.field for problem in refusal.value.problems] == ["total_yen"]


def test_empty_file_is_refused() -> None:
    with pytest.raises(ZenginRefused):
        write(ZenginFile(()))


def test_account_data_stays_out_of_repr() -> None:
    shown = repr(transfer()) + repr(header())
    assert "765432" not in shown
    assert "ｲﾅｷﾞ" not in shown
    assert "1234567" not in shown


@pytest.mark.parametrize("business", list(Business))
def test_offsets_are_those_of_the_standard(business: Business) -> None:
    data = layout_for(business, RecordKind.DATA).by_name
    assert [data[name].offset for name in ("bank_code", "branch_code", "account_number", "name")] == [
        1,
        20,
        43,
        50,
    ]
    assert data["amount_yen"].offset == 80
    head = layout_for(business, RecordKind.HEADER).by_name
    assert [head[name].offset for name in ("originator_name", "on", "bank_code", "account_kind")] == [
        14,
        54,
        58,
        95,
    ]
