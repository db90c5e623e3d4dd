"""Reading bank files: everything comes back, and every fault is found where it is."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.procedures.payments.tests.bank_files import (
    GOLDEN_BYTES,
    GOLDEN_FILE,
    TRANSFER_DAY,
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
    NewCode,
    Newline,
    Problem,
    ProblemCode,
    Severity,
    TransferDesignation,
    ZenginFile,
    ZenginRefused,
    read,
    resolve_month_day,
    validate,
    write,
)

NEAR = TRANSFER_DAY


def faults(data: bytes) -> list[tuple[ProblemCode, int, int | None]]:
    return [(p.code, p.record_number, p.offset) for p in validate(data, near=NEAR)]


def test_golden_file_reads_back_with_padding_filled_in() -> None:
    read_back = read(GOLDEN_BYTES, near=NEAR)
    first, second = read_back.batches[0].items
    assert (first.account_number, second.account_number) == ("0765432", "0000001")
    assert first.name == "ｲﾅｷﾞ ﾊﾅｺ"
    assert read_back.batches[0].header == GOLDEN_FILE.batches[0].header
    assert write(read_back) == GOLDEN_BYTES


kana = st.text(alphabet="ｱｶｻﾀﾅﾊﾏﾔﾗﾜﾝABC019-.() ", min_size=1, max_size=30).map(str.strip).filter(bool)
digits = st.integers(0, 9_999_999).map("{:07d}".format)
transfers = st.builds(
    transfer,
    bank_code=st.integers(1, 9999).map("{:04d}".format),
    branch_code=st.integers(0, 999).map("{:03d}".format),
    bank_name=st.sampled_from(["", "ﾐｽﾞﾎ", "ﾕｳﾁﾖ"]),
    clearing_house_code=st.integers(0, 9999).map("{:04d}".format),
    account_kind=st.sampled_from(
        [AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.SAVINGS, AccountKind.OTHER]
    ),
    account_number=digits,
    name=kana,
    amount_yen=st.integers(0, 9_999_999_999),
    new_code=st.sampled_from(NewCode),
    designation=st.sampled_from(TransferDesignation),
    identification=st.sampled_from(["", "Y"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(transfers, max_size=4).map(tuple), min_size=1, max_size=3), st.sampled_from(Newline))
def test_what_is_written_is_read_back(batches: list[tuple], newline: Newline) -> None:
    file = ZenginFile(tuple(Batch(header(), items) for items in batches), newline)
    assert read(write(file), near=NEAR) == file


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_is_noticed_or_harmless_but_never_a_crash(data: st.DataObject) -> None:
    """One changed byte either is a fault or leaves a file that writes back the same facts."""
    at = data.draw(st.integers(0, len(GOLDEN_BYTES) - 1))
    byte = data.draw(st.integers(0, 255))
    damaged = GOLDEN_BYTES[:at] + bytes([byte]) + GOLDEN_BYTES[at + 1 :]
    problems = [p for p in validate(damaged, near=NEAR) if p.severity is Severity.ERROR]
    if not problems:
        assert read(write(read(damaged, near=NEAR)), near=NEAR) == read(damaged, near=NEAR)


def test_salary_and_debit_files_read_back() -> None:
    for business, item in (
        (Business.OFFICIALS_SALARY, salary(clearing_house_code="0000")),
        (Business.DIRECT_DEBIT, debit()),
    ):
        file = ZenginFile((Batch(header(business), (item,)),), Newline.LF)
        assert read(write(file), near=NEAR) == file


def test_debit_results_are_told_from_a_request_by_the_trailer() -> None:
    answered = tuple(debit(result) for result in DebitResult)
    file = ZenginFile((Batch(header(Business.DIRECT_DEBIT), answered),), Newline.CRLF)
    assert [item.result for item in read(write(file), near=NEAR).batches[0].items] == list(DebitResult)
    request = ZenginFile((Batch(header(Business.DIRECT_DEBIT), (debit(),)),))
    assert read(write(request), near=NEAR).batches[0].items[0].result is None


def test_debit_results_without_totals_are_a_fault() -> None:
    file = ZenginFile((Batch(header(Business.DIRECT_DEBIT), (debit(DebitResult.NO_FUNDS),)),), Newline.NONE)
    data = bytearray(write(file))
    data[240 + 19 : 240 + 55] = b"0" * 36
    assert (ProblemCode.TRAILER_RESULTS, 3, 19) in faults(bytes(data))


def rows(*kept: int) -> bytes:
    data = write(bulk_file(transfer(), transfer(name="ﾊｻﾞ ｼﾞﾛｳ")))
    return b"".join(data[120 * index : 120 * (index + 1)] for index in kept)


HEADER, FIRST, SECOND, TRAILER, END = range(5)
STRUCTURES = [
    ((), [(ProblemCode.EMPTY_FILE, 0, None)]),
    ((HEADER, FIRST, SECOND, TRAILER), [(ProblemCode.MISSING_END, 0, None)]),
    (
        (HEADER, FIRST, SECOND),
        [(ProblemCode.MISSING_TRAILER, 0, None), (ProblemCode.MISSING_END, 0, None)],
    ),
    (
        (HEADER, FIRST, SECOND, END),
        [(ProblemCode.MISSING_TRAILER, 0, None), (ProblemCode.ORDER_OF_RECORDS, 4, None)],
    ),
    ((HEADER, FIRST, SECOND, TRAILER, END, END), [(ProblemCode.AFTER_END, 6, None)]),
    (
        (FIRST, HEADER, FIRST, SECOND, TRAILER, END),
        [(ProblemCode.ORDER_OF_RECORDS, 1, None)],
    ),
    (
        (HEADER, FIRST, TRAILER, END),
        [(ProblemCode.TRAILER_COUNT, 3, 1), (ProblemCode.TRAILER_TOTAL, 3, 7)],
    ),
    (
        (HEADER, FIRST, SECOND, TRAILER, SECOND, END),
        [(ProblemCode.ORDER_OF_RECORDS, 5, None)],
    ),
    ((END,), [(ProblemCode.ORDER_OF_RECORDS, 1, None)]),
]


@pytest.mark.parametrize(("kept", "expected"), STRUCTURES)
def test_order_of_records(kept: tuple[int, ...], expected: list[object]) -> None:
    assert faults(rows(*kept)) == expected


def test_two_batches_are_in_order() -> None:
    assert faults(rows(HEADER, FIRST, SECOND, TRAILER, HEADER, FIRST, SECOND, TRAILER, END)) == []


def changed(at: int, new: bytes) -> bytes:
    data = bytearray(rows(HEADER, FIRST, SECOND, TRAILER, END))
    data[at : at + len(new)] = new
    return bytes(data)


BYTES = [
    (changed(120 + 80, b"    40000 "), (ProblemCode.NOT_DIGITS, 2, 80)),
    (changed(120 + 42, b"7"), (ProblemCode.UNKNOWN_CODE, 2, 42)),
    (changed(120 + 50, "ｯ".encode("cp932")), (ProblemCode.FORBIDDEN_CHARACTER, 2, 50)),
    (changed(120 + 50, "山".encode("cp932")), (ProblemCode.FORBIDDEN_CHARACTER, 2, 50)),
    (changed(120 + 52, "ﾞﾞ".encode("cp932")), (ProblemCode.LEADING_VOICING_MARK, 2, 52)),
    (changed(54, b"1301"), (ProblemCode.NO_SUCH_DATE, 1, 54)),
    (changed(54, b"0229"), (ProblemCode.NO_SUCH_DATE, 1, 54)),
    (changed(1, b"99"), (ProblemCode.UNKNOWN_BUSINESS, 1, 1)),
    (changed(3, b"1"), (ProblemCode.EBCDIC, 1, 3)),
    (changed(120, b"5"), (ProblemCode.UNKNOWN_RECORD_KIND, 2, 0)),
]


@pytest.mark.parametrize(("data", "expected"), BYTES)
def test_faults_name_record_and_byte(data: bytes, expected: object) -> None:
    assert expected in faults(data)


def test_record_lengths_and_line_breaks() -> None:
    data = write(bulk_file(transfer(), newline=Newline.CRLF))
    assert faults(data.rstrip(b"\r\n")) == []
    assert faults(data + b"\x1a") == []
    assert (ProblemCode.RECORD_LENGTH, 2, None) in faults(data[:122] + b" " + data[122:])
    assert (ProblemCode.MIXED_NEWLINES, 4, None) in faults(data[:-2] + b"\n")
    assert (ProblemCode.RECORD_LENGTH, 5, None) in faults(rows(*range(5))[:-1])
    assert faults(b"\xef\xbb\xbf" + data) == [(ProblemCode.BYTE_ORDER_MARK, 0, None)]
    assert faults(data.decode("cp932").encode("cp037", errors="replace")) == [(ProblemCode.EBCDIC, 0, None)]


def test_utf8_file_is_not_mistaken_for_a_bank_file() -> None:
    as_utf8 = write(bulk_file(transfer(), newline=Newline.LF)).decode("cp932").encode()
    assert (ProblemCode.RECORD_LENGTH, 1, None) in faults(as_utf8)


def test_read_raises_with_all_errors() -> None:
    with pytest.raises(ZenginRefused) as refusal:
        read(rows(HEADER, FIRST, TRAILER), near=NEAR)
    assert len(refusal.value.problems) == 3
    with translation.override("en"):
        assert "Record 3" in str(refusal.value)
    with translation.override("ja"):
        assert "レコード3" in str(refusal.value)


@pytest.mark.parametrize(
    ("month_day", "near", "expected"),
    [
        ("0105", date(2026, 12, 20), date(2027, 1, 5)),
        ("1228", date(2027, 1, 4), date(2026, 12, 28)),
        ("0615", date(2026, 6, 15), date(2026, 6, 15)),
        ("0229", date(2028, 1, 31), date(2028, 2, 29)),
        ("0229", date(2027, 1, 31), None),
        ("0229", date(2027, 12, 1), date(2028, 2, 29)),
        ("0431", date(2026, 4, 1), None),
        ("0000", date(2026, 4, 1), None),
        ("    ", date(2026, 4, 1), None),
    ],
)
def test_year_is_the_nearest(month_day: str, near: date, expected: date | None) -> None:
    assert resolve_month_day(month_day, near=near) == expected


def test_messages_carry_place_and_no_personal_data() -> None:
    problem = next(
        p for p in validate(changed(120 + 50, "ｯ".encode("cp932")), near=NEAR) if p.record_number == 2
    )
    assert isinstance(problem, Problem)
    for language, place in (("en", "byte 51, holder name"), ("ja", "51バイト目・口座名義")):
        with translation.override(language):
            assert place in problem.message
            assert "U+FF6F" in problem.message
            assert "ﾅｷﾞ" not in problem.message
