"""Tables of cases: what is read, what is refused and where, and which differences are found."""

from datetime import date

import pytest

from yui.engines.rules.cases import load_cases, run_cases
from yui.engines.rules.public import Between, CardError, Effect, Language, Month, Programme, load_card
from yui.engines.rules.tests.cards import CARD

TABLE = """\
given:
  group: {income_yen: 500000, members: 2, tenure: rented, moved_in: 2023-04}
  unit: {disabled: false}
cases:
  - title: 65歳は対象
    cite: 条例第3条
    source: 条文から計算 4000 + 500
    month: 2024-05
    units:
      - {id: "1", born_on: 1950-05-01}
      - {id: "2", born_on: 1990-05-01, disabled: null}
    expect:
      "1": {pay: 4500}
      "2": {pay: unknown, ask: [disabled]}
  - title: 収入が限度を超える
    cite: 条例第5条
    source: 条文から計算 1000000 * 2 < 2000001
    month: 2024-05
    group: {income_yen: 2000001}
    units:
      - {id: 1, born_on: [1950-01-01, 1950-12-31]}
    expect:
      1: {pay: nothing}
"""


def programme() -> Programme:
    return Programme.of([load_card(CARD)])


def test_a_table_of_cases_is_run() -> None:
    cases = load_cases(TABLE, programme())
    assert [case.line for case in cases] == [5, 15]
    assert cases[0].month == Month(2024, 5)
    assert cases[0].group.facts["tenure"] == "rented"
    assert [dict(unit.facts) for unit in cases[0].group.units] == [
        {"disabled": False, "born_on": date(1950, 5, 1)},
        {"disabled": None, "born_on": date(1990, 5, 1)},
    ]
    assert cases[1].group.units[0].facts["born_on"] == Between(date(1950, 1, 1), date(1950, 12, 31))
    findings = run_cases(cases, programme())
    assert [(finding.unit_id, finding.agrees) for finding in findings] == [
        ("1", True),
        ("2", True),
        ("1", True),
    ]


@pytest.mark.parametrize(
    ("old", "new", "got"),
    [
        ("{pay: 4500}", "{pay: 4501}", "4,500円"),
        ("{pay: 4500}", "{pay: nothing}", "4,500円"),
        ("ask: [disabled]", "ask: [born_on]", "未確定（disabled）"),
        ("1: {pay: nothing}", "1: {pay: unknown}", "なし"),
    ],
)
def test_a_difference_is_found(old: str, new: str, got: str) -> None:
    assert TABLE.count(old) == 1
    findings = run_cases(load_cases(TABLE.replace(old, new), programme()), programme())
    (difference,) = (finding for finding in findings if not finding.agrees)
    assert difference.got.written() == got


def test_answers_are_written_in_both_languages() -> None:
    answers = [finding.got for finding in run_cases(load_cases(TABLE, programme()), programme())]
    assert [one.written(Language.EN) for one in answers] == ["¥4,500", "undetermined (disabled)", "nothing"]
    assert answers[0].effect is Effect.PAYMENT


MISTAKES = [
    ("tenure: rented", "tenure: flat", "wrong_form", 2, "flat"),
    ("members: 2", "members: 2.5", "not_whole", 2, "2.5"),
    ("members: 2", "membres: 2", "unknown_item", 2, "membres"),
    ("moved_in: 2023-04", "moved_in: 2023-4", "bad_month", 2, "2023-4"),
    ("unit: {disabled: false}", "unit: {disabled: 0}", "wrong_form", 3, "0"),
    ("born_on: 1950-05-01", "born_on: 昭和25年", "bad_date", 10, "昭和25年"),
    ("[1950-01-01, 1950-12-31]", "[1950-12-31, 1950-01-01]", "wrong_form", 21, "[1950"),
    ('"2": {pay: unknown', '"3": {pay: unknown', "unknown_item", 14, "{pay"),
    ("{pay: 4500}", "{pay: -1}", "wrong_form", 13, "-1"),
    ("{pay: 4500}", "{ask: [disabled]}", "missing_item", 13, "{ask"),
    ("ask: [disabled]", "ask: [disable]", "undefined_name", 14, "[disable]"),
    ("cite: 条例第5条", "cite: 5", "bad_citation", 16, "5"),
    ("    source: 条文から計算 4000 + 500\n", "", "missing_item", 5, "title"),
    ("month: 2024-05\n    group", "month: 2026-04\n    group", "wrong_form", 18, "2026-04"),
    ("id: 1, born", 'id: "", born', "wrong_form", 21, '", born'),
    ('id: "2"', 'id: "1"', "duplicate_item", 11, "{id"),
    ("cases:", "case:", "missing_item", 1, "given"),
]


@pytest.mark.parametrize(("old", "new", "code", "line", "at"), MISTAKES, ids=lambda value: str(value)[:30])
def test_a_mistake_is_placed(old: str, new: str, code: str, line: int, at: str) -> None:
    assert TABLE.count(old) == 1
    text = TABLE.replace(old, new)
    with pytest.raises(CardError) as caught:
        load_cases(text, programme())
    found = next(problem for problem in caught.value.problems if problem.code == code)
    assert found.line == line, str(found)
    assert text.splitlines()[line - 1][found.column - 1 :].startswith(at), str(found)
    assert "{" not in found.ja + found.en
