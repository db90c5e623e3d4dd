"""What the layout alone cannot see: banks, branches, business days, doubles."""

from datetime import date

import pytest

from yui.procedures.payments.tests.bank_files import TRANSFER_DAY, bulk_file, transfer
from yui.procedures.payments.zengin import Problem, ProblemCode, Severity, ZenginFile, check
from yui.procedures.payments.zengin.banks import find_branch, list_banks, register_version

TODAY = date(2026, 10, 1)


def found(file: ZenginFile, today: date = TODAY) -> list[Problem]:
    return check(file, today=today, find_branch=find_branch, is_business_day=lambda day: day.weekday() < 5)


def codes(file: ZenginFile, today: date = TODAY) -> list[tuple[ProblemCode, int]]:
    return [(problem.code, problem.record_number) for problem in found(file, today)]


def test_sound_file_has_no_problem() -> None:
    assert found(bulk_file(transfer())) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bank_code": "9999"}, ProblemCode.UNKNOWN_BANK),
        ({"branch_code": "999"}, ProblemCode.UNKNOWN_BRANCH),
        ({"amount_yen": 0}, ProblemCode.AMOUNT_ZERO),
        ({"amount_yen": 9_999_999_999}, ProblemCode.AMOUNT_AT_LIMIT),
        ({"name": "ﾖｰｺ"}, ProblemCode.FORBIDDEN_CHARACTER),
    ],
)
def test_doubtful_items(change: dict[str, object], code: ProblemCode) -> None:
    assert codes(bulk_file(transfer(), transfer(**change))) == [(code, 3)]


def test_duplicate_is_a_warning_even_with_another_padding() -> None:
    double = found(bulk_file(transfer(), transfer(), transfer(account_number="0765432")))
    assert [(p.code, p.record_number, dict(p.details)) for p in double] == [
        (ProblemCode.DUPLICATE, 3, {"first": 2}),
        (ProblemCode.DUPLICATE, 4, {"first": 2}),
    ]
    assert {p.severity for p in double} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 10, 17), ProblemCode.NOT_A_BUSINESS_DAY),
        (date(2026, 9, 30), ProblemCode.DAY_IS_PAST),
    ],
)
def test_transfer_day(on: date, code: ProblemCode) -> None:
    assert codes(bulk_file(transfer(), on=on)) == [(code, 1)]


def test_names_are_compared_with_the_register_when_asked() -> None:
    def spell(kana: str) -> str:
        return {"ミズホ": "ﾐｽﾞﾎ", "トウキヨウ": "ﾄｳｷﾖｳ", "ユウチヨ": "ﾕｳﾁﾖ"}.get(kana, "ｾﾞﾛｲﾁﾊﾁ")

    file = bulk_file(transfer(bank_name="ﾐｽﾞﾎ"))
    problems = check(
        file, today=TODAY, find_branch=find_branch, is_business_day=lambda day: True, spell=spell
    )
    assert [(p.code, p.field) for p in problems] == [(ProblemCode.NAME_DIFFERS, "bank_name")]


def test_register_is_there_offline() -> None:
    banks = dict(list_banks())
    assert banks["0001"] == "みずほ"
    assert banks["9900"] == "ゆうちょ"
    branch = find_branch("9900", "018")
    assert branch
    assert branch.branch_code == "018"
    assert find_branch("0001", "000") is None
    assert register_version()
    assert TRANSFER_DAY.weekday() == 3
