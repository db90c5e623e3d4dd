"""Schedules: how ages and intervals are counted, what is due, what a mistake in a card is called."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.rules.public import (
    CardError,
    FactError,
    Given,
    Month,
    Person,
    Schedule,
    Span,
    Window,
    WindowState,
    due,
    explain_window,
    load_schedule,
    load_schedule_cases,
    run_schedule_case,
    schedule_table,
    upcoming,
)
from yui.engines.rules.schedules.ages import AgePoint, Interval, interval_ends_on, reaches_months_on

# A made-up schedule that uses the whole language. Each entry is on one line, so that a test can name its line.
# ruff: noqa: E501
CARD = """\
schedule: town_jabs
programme: {ja: 町の接種, en: Jabs of the town, easy: 町の ワクチン}
law: {id: X, title: 接種条例, amended_by: 令和5年条例第1号, address: "https://example.jp"}
in_force: {from: 2023-04, until: 2030-04}
known_from: 2023-01-10
confidence: primary
facts:
  性別: {key: sex, choices: {女性: female, 男性: male}, ask: {ja: 性別は, en: Sex?, easy: どちら}}
between:
  生: {least: 27日, cite: 条例第9条}
series:
  drops:
    name: {ja: 飲む薬, en: Drops, easy: くすり}
    cite: 条例第1条
    products: {two: {ja: 二回の薬, en: two-dose drops, easy: に}, three: {ja: 三回の薬, en: three-dose drops, easy: さん}, old: {ja: 昔の薬, en: old drops, easy: むかし}}
    begin_with: [two, three]
    courses:
      - {product: two, cite: 条例第2条, age: {from: 出生6週0日後, until: 出生24週0日後}, doses: [{}, {after: {1: 27日}}]}
      - {product: three, cite: 条例第2条, age: {from: 出生6週0日後, until: 出生32週0日後}, doses: [{}, {after: {1: 27日}}, {after: {2: 27日}}]}
  late:
    name: {ja: 遅い始め, en: Late start, easy: おそい}
    cite: 条例第3条
    courses:
      - cite: 条例第3条
        started: {until: 生後7月}
        age: {from: 生後2月, until: 生後60月}
        doses:
          - {part: 初回, standard: [{from: 生後2月, until: 生後7月}]}
          - {part: 初回, after: {1: 27日}, skip_past: 生後12月}
          - {part: 初回, after: {2: 27日}, skip_past: 生後24月, skip_if: {dose: 2, past: 生後11月}}
          - {part: 追加, age: {from: 生後12月}, after: {3: 7月, 前回: 60日}, standard: [{after: 3, from: 7月, until: 13月}]}
      - {cite: 条例第3条, started: {from: 生後7月の翌日, until: 生後60月}, age: {from: 生後2月, until: 生後60月}, doses: [{}]}
  live_a: {name: {ja: 生甲, en: Live A, easy: な}, cite: 条例第4条, kind: 生, courses: [{cite: 条例第4条, age: {until: 1歳}, doses: [{}]}]}
  live_b: {name: {ja: 生乙, en: Live B, easy: な}, cite: 条例第4条, kind: 生, note: {ja: 注意, en: Note., easy: ちゅうい}, courses: [{cite: 条例第4条, age: {from: 生後3月, until: 生後24月}, doses: [{}]}]}
  new: {name: {ja: 新, en: New, easy: しん}, cite: 条例第5条, instead_of: [former, other], courses: [{cite: 条例第5条, age: {from: 生後2月, until: 生後90月}, doses: [{}, {after: {1: 6月}}]}]}
  former: {name: {ja: 旧, en: Former, easy: きゅう}, cite: 条例第5条, courses: [{cite: 条例第5条, age: {from: 生後2月, until: 生後90月}, doses: [{}, {after: {1: 6月}}]}]}
  other: {name: {ja: 別, en: Other, easy: べつ}, cite: 条例第5条, courses: [{cite: 条例第5条, age: {from: 生後2月, until: 生後90月}, doses: [{}]}]}
  girls:
    name: {ja: 女子, en: Girls, easy: おんな}
    cite: 条例第6条
    who: [{fact: 性別, is: 女性, no: {ja: 女子だけです。, en: Girls only., easy: 女の 子だけです。}}]
    courses: [{cite: 条例第6条, age: {from: 12歳の年度初, until: 16歳の年度末}, doses: [{standard: [{from: 13歳の年度初, until: 13歳の年度末}]}, {after: {1: 1月}}]}]
  cohort: {name: {ja: 年代, en: Cohort, easy: とし}, cite: 条例第7条, born: {from: 2007-04-02, until: 2040-01-01, outside: {ja: 役場へ。, en: Ask the town., easy: やくば}}, courses: [{cite: 条例第7条, age: {from: 9歳, until: 13歳}, doses: [{}]}]}
"""
TOWN = Schedule((load_schedule(CARD),))
BORN = date(2024, 5, 10)

MISTAKES = [
    # (passage, replaced by, code, text that the column points at)
    ("from: 出生6週0日後, until: 出生24週0日後", "from: 6週, until: 出生24週0日後", "bad_age", "6週"),
    ("生: {least: 27日", "生: {least: 4週", "bad_interval", "4週"),
    ("age: {from: 生後3月, until: 生後24月}", "age: {from: 生後24月, until: 生後3月}", "window_order", "{from: 生後24月"),
    ("standard: [{after: 3, from: 7月, until: 13月}]", "standard: [{after: 3, from: 13月, until: 7月}]", "window_order", "{after: 3"),
    ("{from: 2007-04-02, until: 2040-01-01", "{from: 2040-01-01, until: 2007-04-02", "window_order", "{from: 2040"),
    ("after: {2: 27日}, skip_past", "after: {3: 27日}, skip_past", "not_earlier", "27日"),
    ("after: {3: 7月, 前回: 60日}", "after: {3: 7月, 次回: 60日}", "not_earlier", "60日"),
    ("skip_if: {dose: 2", "skip_if: {dose: 3", "not_earlier", "3, past"),
    ("{after: 3, from: 7月", "{after: 4, from: 7月", "not_earlier", "4, from"),
    ("kind: 生, note", "kind: 死, note", "undefined_name", "死"),
    ("instead_of: [former, other]", "instead_of: [former, new]", "undefined_name", "new"),
    ("begin_with: [two, three]", "begin_with: [two, four]", "undefined_name", "four"),
    ("product: three, cite", "product: four, cite", "undefined_name", "four"),
    ("fact: 性別", "fact: 年齢", "undefined_name", "年齢"),
    ("is: 女性", "is: 女", "undefined_name", "女, no"),
    ("part: 追加", "part: 二期", "wrong_form", "二期"),
    ("age: {until: 1歳}", "age: {from: 1歳}", "missing_item", "{from"),
    ("in_force: {from: 2023-04, until: 2030-04}", "in_force: {from: 2023-04, until: 2023-04}", "period_order", "{from"),
    ("confidence: primary", "confidence: sure", "confidence", "sure"),
    ("confidence: primary", "confidence: general", "missing_check", "general"),
    ("cite: 条例第1条", "cite: 町", "bad_citation", "町"),
    ("known_from", "knwn_from", "unknown_item", "knwn_from"),
    ("known_from: 2023-01-10", "known_from: [1", "yaml", ": primary"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "at"), MISTAKES)
def test_a_mistake_is_named_and_placed(old: str, new: str, code: str, at: str) -> None:
    text = CARD.replace(old, new, 1)
    with pytest.raises(CardError) as caught:
        load_schedule(text)
    found = [problem for problem in caught.value.problems if problem.code == code]
    assert found, caught.value
    assert text.splitlines()[found[0].line - 1][found[0].column - 1 :].startswith(at)
    changed = [
        n
        for n, pair in enumerate(zip(text.splitlines(), CARD.splitlines(), strict=True), 1)
        if pair[0] != pair[1]
    ]
    assert code == "yaml" or [found[0].line] == changed


def test_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "jabs.yaml"
    path.write_text(CARD.replace("27日", "二十七日"), encoding="utf-8")
    with pytest.raises(CardError, match=r"jabs\.yaml"):
        load_schedule(path)


@pytest.mark.parametrize(
    ("text", "born", "day"),
    [
        # The examples of the notice of 11 March 2014 and of the ministry's questions on rotavirus.
        ("生後1月", "2013-04-01", "2013-04-30"),
        ("生後6月", "2013-04-01", "2013-09-30"),
        ("生後1月", "2013-01-31", "2013-02-28"),
        ("生後2月", "2020-07-31", "2020-09-30"),
        ("1歳", "2020-04-01", "2021-03-31"),
        ("1歳", "2024-02-29", "2025-02-28"),
        ("生後12月", "2024-02-29", "2025-02-28"),
        ("4歳", "2024-02-29", "2028-02-28"),
        ("生後2月", "2026-12-31", "2027-02-28"),
        ("出生6週0日後", "2020-08-01", "2020-09-12"),
        ("出生6週0日後", "2020-08-19", "2020-09-30"),
        ("出生14週6日後", "2026-05-10", "2026-08-22"),
        ("出生28日後", "2026-05-10", "2026-06-07"),
        ("生後7月の翌日", "2026-05-10", "2026-12-10"),
        ("12歳の年度初", "2014-04-01", "2025-04-01"),
        ("12歳の年度初", "2014-04-02", "2026-04-01"),
        ("6歳の年度末", "2020-04-01", "2026-03-31"),
        ("6歳の年度末", "2020-04-02", "2027-03-31"),
    ],
)
def test_ages_are_counted_as_the_ministry_says(text: str, born: str, day: str) -> None:
    assert AgePoint(text).day(date.fromisoformat(born)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "given_on", "day"),
    [
        ("6日", "2022-04-01", "2022-04-08"),
        ("20日", "2022-04-01", "2022-04-22"),
        ("27日", "2022-04-01", "2022-04-29"),
        ("1月", "2026-01-31", "2026-03-01"),
        ("3月", "2023-04-01", "2023-07-01"),
        ("3月", "2023-11-30", "2024-03-01"),
        ("6月", "2023-05-01", "2023-11-01"),
    ],
)
def test_intervals_are_counted_as_the_ministry_says(text: str, given_on: str, day: str) -> None:
    assert Interval(text).after(date.fromisoformat(given_on)) == date.fromisoformat(day)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 400), st.integers(0, 200))
def test_a_later_birth_never_reaches_an_age_earlier(born: date, days: int, months: int) -> None:
    later = born + timedelta(days=days)
    assert reaches_months_on(later, months) >= reaches_months_on(born, months)
    assert interval_ends_on(later, months) >= interval_ends_on(born, months)


def now(series: str, on: str, *doses: Given, sex: str | None = "female", born: date | None = BORN) -> Window:
    """The first window of a series."""
    person = Person(born, {"sex": sex})
    return next(one for one in due(TOWN, person, doses, date.fromisoformat(on)) if one.series.key == series)


def dose(series: str, on: str | None, product: str | None = None, counts: bool | None = None) -> Given:
    return Given(series, date.fromisoformat(on) if on else None, product, counts)


def test_there_is_a_window_for_every_product_one_may_begin_with() -> None:
    windows = [w for w in due(TOWN, Person(BORN, {}), [], date(2024, 11, 1)) if w.series.key == "drops"]
    assert [(w.product, w.state, w.total) for w in windows] == [
        ("two", WindowState.OVER, 2),
        ("three", WindowState.OPEN, 3),
    ]


def test_the_product_of_the_first_dose_is_asked_and_followed() -> None:
    asked = now("drops", "2024-08-01", dose("drops", "2024-07-01"))
    assert (asked.state, [one.key for one in asked.missing]) == (WindowState.QUESTION, ["drops.product"])
    followed = now("drops", "2024-08-01", dose("drops", "2024-07-01", "three"))
    assert (followed.state, followed.product, followed.total) == (WindowState.OPEN, "three", 3)
    assert now("drops", "2024-08-01", dose("drops", "2024-07-01", "old")).state is WindowState.REFERRED


def test_the_course_follows_from_the_age_at_the_first_dose() -> None:
    early = now("late", "2025-03-01", dose("late", "2024-12-09"))
    late = now("late", "2025-03-01", dose("late", "2024-12-10"))
    assert (early.total, early.state, late.total, late.state) == (4, WindowState.OPEN, 1, WindowState.DONE)


def test_doses_that_are_past_are_left_out() -> None:
    first, second = dose("late", "2024-12-09"), dose("late", "2025-04-11")
    assert now("late", "2025-05-09", first).dose.number == 2  # type: ignore[union-attr]
    # Twelve months are past: the second is left out, the third waits for nothing that was not given.
    assert now("late", "2025-05-10", first).dose.number == 3  # type: ignore[union-attr]
    # The second was given after eleven months: the third is left out, and its interval with it.
    booster = now("late", "2025-05-10", first, second)
    assert booster.dose is not None
    assert (booster.dose.number, booster.lawful) == (4, Span(date(2025, 6, 11), date(2029, 5, 9)))


def test_a_dose_given_too_early_is_referred_until_someone_has_decided() -> None:
    first, second = dose("late", "2024-07-10"), dose("late", "2024-08-06")
    window = now("late", "2024-09-01", first, second)
    assert (window.state, window.irregular) == (WindowState.REFERRED, date(2024, 8, 6))
    assert window.lawful == Span(date(2024, 8, 7), date(2025, 5, 9))
    counted = now("late", "2024-09-01", first, dose("late", "2024-08-06", counts=True))
    not_counted = now("late", "2024-09-01", first, dose("late", "2024-08-06", counts=False))
    assert counted.dose
    assert counted.dose.number == 3
    assert not_counted.dose
    assert not_counted.dose.number == 2
    assert now("late", "2024-08-06", first, second).state is WindowState.REFERRED
    assert now("late", "2024-08-05", first, second).state is WindowState.WAITING


def test_vaccines_of_one_kind_keep_their_interval_or_are_given_on_one_day() -> None:
    window = now("live_b", "2024-09-01", dose("live_a", "2024-08-20"))
    assert (window.state, window.lawful) == (
        WindowState.WAITING,
        Span(date(2024, 9, 17), date(2026, 5, 9)),
    )
    assert "条例第9条" in explain_window(window).cite
    assert now("live_b", "2024-09-01", dose("live_a", None)).state is WindowState.QUESTION
    same = (dose("live_a", "2024-08-20"), dose("live_b", "2024-08-20"))
    assert now("live_b", "2024-08-20", *same).state is WindowState.DONE
    near = (dose("live_a", "2024-08-20"), dose("live_b", "2024-09-16"))
    assert now("live_b", "2024-10-01", *near).state is WindowState.REFERRED


def test_who_began_what_was_replaced_goes_on_with_it() -> None:
    assert now("new", "2024-08-01").state is WindowState.OPEN
    assert now("former", "2024-08-01").state is WindowState.NOT_CONCERNED
    begun = dose("former", "2024-08-01")
    assert now("new", "2024-09-01", begun).state is WindowState.NOT_CONCERNED
    assert now("former", "2024-09-01", begun).state is WindowState.WAITING
    assert now("other", "2024-09-01", begun).state is WindowState.OPEN
    mixed = (begun, dose("new", "2024-08-20"))
    assert {now(key, "2024-09-01", *mixed).state for key in ("new", "former", "other")} == {
        WindowState.REFERRED
    }


def test_an_unknown_fact_is_a_question_and_never_a_guess() -> None:
    born = date(2012, 4, 1)
    assert now("girls", "2024-06-01", born=born).state is WindowState.OPEN
    asked = now("girls", "2024-06-01", born=born, sex=None)
    assert (asked.state, [one.key for one in asked.missing]) == (WindowState.QUESTION, ["sex"])
    assert asked.lawful == Span(date(2023, 4, 1), date(2028, 3, 31))
    assert now("girls", "2024-06-01", born=born, sex="male").state is WindowState.NOT_CONCERNED
    assert now("girls", "2029-06-01", born=born, sex=None).state is WindowState.OVER
    assert [one.key for one in now("live_a", "2024-06-01", born=None).missing] == ["born_on"]
    assert [one.key for one in now("late", "2024-09-01", dose("late", None)).missing] == ["late.1"]
    assert now("live_a", "2026-06-01", dose("live_a", None)).state is WindowState.OVER
    assert now("cohort", "2024-06-01", born=date(2007, 4, 1)).state is WindowState.REFERRED
    with pytest.raises(FactError, match="female, male"):
        now("girls", "2024-06-01", born=born, sex="woman")


SITUATIONS = st.tuples(
    st.dates(date(2023, 6, 1), date(2024, 6, 1)),
    st.lists(
        st.tuples(
            st.sampled_from(["drops", "late", "live_a", "live_b", "former", "new"]),
            st.integers(30, 600),
            st.sampled_from(["two", "three"]),
        ),
        max_size=4,
    ),
)


@settings(max_examples=40, deadline=None)
@given(SITUATIONS, st.integers(0, 900))
def test_every_change_of_a_window_is_foreseen(
    situation: tuple[date, list[tuple[str, int, str]]], age: int
) -> None:
    born, given_ = situation
    doses = [Given(key, born + timedelta(days=days), product) for key, days, product in given_]
    person = Person(born, {"sex": "female"})
    start = born + timedelta(days=max([age, *(days for _, days, _ in given_)]) + 1)
    until = start + timedelta(days=120)
    expected = []
    for number in range(120):
        day = start + timedelta(days=number)
        old, new = (due(TOWN, person, doses, one) for one in (day - timedelta(days=1), day))
        expected += [(day, b.series.key) for a, b in zip(old, new, strict=True) if a.said != b.said]
    found = [(one.on, one.after.series.key) for one in upcoming(TOWN, person, doses, start, until)]
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(SITUATIONS, st.integers(0, 2000))
def test_every_window_has_its_sentences(situation: tuple[date, list[tuple[str, int, str]]], age: int) -> None:
    born, given_ = situation
    doses = [Given(key, born + timedelta(days=days), product) for key, days, product in given_]
    for window in due(TOWN, Person(born, {}), doses, born + timedelta(days=age)):
        said = explain_window(window)
        for text in (said.reason, *(question for _, question in said.questions)):
            assert all(
                part and "{" not in part and "9999" not in part for part in (text.ja, text.en, text.easy)
            )
        assert said.cite
        assert bool(said.questions) == (window.state is WindowState.QUESTION)
        if window.state in (WindowState.OPEN, WindowState.WAITING):
            assert window.lawful is not None
            assert (window.on in window.lawful) == (window.state is WindowState.OPEN)


def test_versions_follow_one_another() -> None:
    later = load_schedule(CARD.replace("from: 2023-04, until: 2030-04", "from: 2030-04"))
    both = Schedule.of([later, TOWN.cards[0]])
    assert [card.in_force_from for card in both.cards] == [Month(2023, 4), Month(2030, 4)]
    assert both.card(date(2030, 4, 1)) is later
    with pytest.raises(LookupError, match="2023-04"):
        both.card(date(2023, 3, 31))
    with pytest.raises(ValueError, match="begin where"):
        Schedule.of(
            [TOWN.cards[0], load_schedule(CARD.replace("from: 2023-04, until: 2030-04", "from: 2031-04"))]
        )
    with pytest.raises(ValueError, match="different identifiers"):
        Schedule.of([TOWN.cards[0], load_schedule(CARD.replace("town_jabs", "x"))])


CASES = """\
cases:
  - title: 翌日から
    cite: 条例第4条
    source: 条文から計算
    born: 2024-05-10
    given: {live_a: [{on: 2024-08-20}]}
    on: 2024-09-01
    expect:
      live_b: {state: waiting, dose: 1, total: 1, lawful: [2024-09-17, 2026-05-09], ask: []}
"""


def test_a_case_is_read_and_run() -> None:
    (case,) = load_schedule_cases(CASES, TOWN)
    assert [expected == got for expected, got in run_schedule_case(case, TOWN)] == [True]
    (wrong,) = load_schedule_cases(CASES.replace("2024-09-17", "2024-09-18"), TOWN)
    assert [expected == got for expected, got in run_schedule_case(wrong, TOWN)] == [False]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("state: waiting", "state: late", "wrong_form"),
        ("live_b:", "live_c:", "unknown_item"),
        ("[2024-09-17, 2026-05-09]", "[2024-09-17]", "wrong_form"),
        ("on: 2024-09-01", "on: 2031-09-01", "wrong_form"),
        ("    source: 条文から計算\n", "", "missing_item"),
        ("given: {live_a:", "given: {live_x:", "unknown_item"),
    ],
)
def test_a_mistake_in_a_case_is_named(old: str, new: str, code: str) -> None:
    with pytest.raises(CardError) as caught:
        load_schedule_cases(CASES.replace(old, new), TOWN)
    assert code in {problem.code for problem in caught.value.problems}


def test_the_table_shows_every_dose() -> None:
    table = schedule_table(TOWN.cards[0])
    doses = sum(len(course.doses) for one in TOWN.cards[0].series.values() for course in one.courses)
    assert len(table.splitlines()) == 2 + doses
    assert "1回目が生後7月の翌日〜生後60月" in table
