"""Generated code against the slow reading, three-valued logic, replay and explanation."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.rules import ir, logic
from yui.engines.rules.interpreting import Interpreter
from yui.engines.rules.public import (
    Ask,
    Between,
    Effect,
    FactError,
    Group,
    Month,
    Outcome,
    Programme,
    Unit,
    YenOverflow,
    critical_dates,
    evaluate,
    explain,
    load_card,
)
from yui.engines.rules.tests.cards import CARD, changed

CARD_READ = load_card(CARD)
days = st.dates(date(1930, 1, 1), date(1990, 12, 31))
born = st.one_of(
    days,
    st.none(),
    st.builds(lambda year: Between(date(year, 1, 1), date(year, 12, 31)), st.integers(1930, 1990)),
)
three = st.sampled_from([True, False, None])
months = st.integers(Month(2023, 4).index, Month(2026, 3).index).map(Month.from_index)


@st.composite
def groups(draw: st.DrawFn) -> Group:
    units = [
        Unit(str(number), {"born_on": draw(born), "disabled": draw(three)})
        for number in range(draw(st.integers(0, 5)))
    ]
    facts = {
        "income_yen": draw(st.one_of(st.none(), st.integers(0, 5_000_000))),
        "members": draw(st.one_of(st.none(), st.integers(1, 5))),
        "tenure": draw(st.sampled_from(["owned", "rented", "rented", None])),
        "moved_in": draw(st.one_of(st.none(), months)),
    }
    return Group(facts, units)


@given(groups(), months)
@settings(max_examples=300, deadline=None)
def test_generated_code_agrees_with_the_slow_reading(group: Group, month: Month) -> None:
    interpreter = Interpreter(CARD_READ, month, group)
    for unit, outcome in enumerate(evaluate(CARD_READ, month, group)):
        for item in CARD_READ.rules.definitions:
            kept = outcome.conditions if isinstance(item, ir.Condition) else outcome.values
            assert kept[item.name] == interpreter.named(item.name, unit), item.name
        rows = [
            (row, True if row.when is None else interpreter.value(row.when, unit))
            for row in CARD_READ.rules.rows
        ]
        possible = []
        for row, holds in rows:
            if holds is not False:
                possible.append(0 if row.pay is None else interpreter.value(row.pay, unit))
            if holds:
                break
        if len(set(possible)) == 1:
            assert outcome.amount_yen == possible[0]
            assert not outcome.ask
        else:
            assert outcome.effect is Effect.UNDETERMINED
            assert outcome.ask


def possibilities(value: Any) -> list[Any]:
    if value is None:
        return [0, 3, 9]
    return list(range(value.least, value.most + 1)) if isinstance(value, Between) else [value]


numbers = st.one_of(
    st.none(),
    st.integers(0, 9),
    st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda pair: logic.between(min(pair), max(pair))),
)


@given(numbers, numbers)
@settings(deadline=None)
def test_comparisons_are_sure_exactly_when_all_possibilities_agree(left: Any, right: Any) -> None:
    tests = {
        logic.at_least: int.__ge__,
        logic.at_most: int.__le__,
        logic.above: int.__gt__,
        logic.below: int.__lt__,
        logic.equal: int.__eq__,
        logic.differ: int.__ne__,
    }
    for ours, plain in tests.items():
        answers = {plain(a, b) for a in possibilities(left) for b in possibilities(right)}
        answer = ours(left, right)
        if answer is not None:
            assert answers == {answer}
        elif left is not None and right is not None:
            assert answers == {True, False}


@given(st.lists(st.tuples(three, st.one_of(st.none(), st.integers(0, 3))), max_size=5))
@settings(deadline=None)
def test_places_hold_for_every_way_the_unknown_may_turn_out(
    units: list[tuple[bool | None, int | None]],
) -> None:
    found = logic.rank(
        [member for member, _ in units], [(key, number) for number, (_, key) in enumerate(units)]
    )
    worlds: list[list[tuple[bool, int]]] = [[]]
    for member, key in units:
        choices = [
            (m, k)
            for m in ([True, False] if member is None else [member])
            for k in (range(4) if key is None else [key])
        ]
        worlds = [[*world, choice] for world in worlds for choice in choices][:3000]
    for world in worlds:
        for number, (member, key) in enumerate(world):
            place = sum(m and (k, n) <= (key, number) for n, (m, k) in enumerate(world)) if member else 0
            least, most = logic.bounds(found[number])
            assert least <= place <= most


def test_nobody_overflows() -> None:
    group = Group({"income_yen": 0, "members": 2**62, "tenure": "rented", "moved_in": Month(2020, 1)}, [])
    with pytest.raises(YenOverflow):
        evaluate(CARD_READ, Month(2023, 4), group)


@pytest.mark.parametrize(
    ("facts", "unit", "message"),
    [
        ({"incme": 1}, {}, "knows no fact “incme”"),
        ({"income_yen": 1.5}, {}, "must be a int"),
        ({"income_yen": True}, {}, "must be a int"),
        ({"income_yen": 2**63}, {}, "too large"),
        ({"tenure": "tent"}, {}, "one of owned, rented"),
        ({}, {"born_on": "1950-01-01"}, "must be a date"),
        ({}, {"disabled": Between(False, True)}, "must be a bool"),
        ({}, {"income_yen": 1}, "of the unit"),
    ],
)
def test_wrong_facts_are_refused(facts: dict[str, Any], unit: dict[str, Any], message: str) -> None:
    with pytest.raises(FactError, match=message):
        evaluate(CARD_READ, Month(2023, 4), Group(facts, [Unit("1", unit)]))


def test_units_need_identifiers_of_their_own() -> None:
    with pytest.raises(FactError, match="same identifier"):
        evaluate(CARD_READ, Month(2023, 4), Group({}, [Unit("1", {}), Unit("1", {})]))


def person(number: int, born_on: Any, disabled: bool | None = False) -> Unit:
    return Unit(str(number), {"born_on": born_on, "disabled": disabled})


KNOWN = {"income_yen": 1_000_000, "members": 2, "tenure": "rented", "moved_in": Month(2020, 1)}


def test_tables_are_read_as_of_the_month_and_as_then_known() -> None:
    text = changed(
        "{from: 2024-04, value: 4000, by: 改正}",
        "{from: 2024-04, known_from: 2024-02-01, value: 4000, by: 改正}, "
        "{from: 2024-04, known_from: 2024-09-01, value: 4200, by: 訂正}",
    )
    card = load_card(text)
    group = Group(KNOWN, [person(1, date(1950, 1, 1))])

    def paid(month: Month, known_on: date | None = None) -> int | None:
        return evaluate(card, month, group, known_on)[0].amount_yen

    assert [paid(Month(2024, 3)), paid(Month(2024, 4))] == [3500, 4700]
    assert paid(Month(2024, 4), date(2024, 1, 31)) == 3500
    assert paid(Month(2024, 4), date(2024, 8, 31)) == 4500
    assert paid(Month(2024, 4), date(2024, 9, 1)) == 4700


def test_the_month_must_be_in_force() -> None:
    with pytest.raises(LookupError, match="from 2023-04 until 2026-04, not in 2026-04"):
        evaluate(CARD_READ, Month(2026, 4), Group({}, []))


def test_the_version_says_whether_a_card_says_the_same() -> None:
    assert load_card("# 注\n" + CARD).version == CARD_READ.version
    assert load_card("# 注\n" + CARD) == CARD_READ
    assert load_card(changed("value: 9000", "value: 9001")).version != CARD_READ.version
    assert load_card(changed("ja: 65歳以上", "ja: 六十五歳以上")).version != CARD_READ.version


def test_only_what_matters_is_asked() -> None:
    group = Group(
        {**KNOWN, "members": None},
        [person(1, None), person(2, date(1950, 1, 1)), person(3, date(2000, 1, 1))],
    )
    first, second, third = evaluate(CARD_READ, Month(2023, 4), group)
    assert first.ask == (Ask("born_on", "1"), Ask("members"))
    assert second.ask == (Ask("members"),)
    assert (third.effect, third.ask) == (Effect.NO_PAYMENT, ())


def test_an_outcome_is_kept_read_back_and_explained() -> None:
    group = Group(KNOWN, [person(1, date(1950, 1, 1)), person(2, date(1951, 1, 1))])
    for outcome in evaluate(CARD_READ, Month(2024, 4), group):
        again = Outcome.from_json(outcome.as_json(), [CARD_READ])
        assert again == outcome
        for language in ("ja", "en", "easy"):
            assert explain(again, language) == explain(outcome, language)
    first = explain(evaluate(CARD_READ, Month(2024, 4), group)[1], "en")
    assert first.headline == "Heating aid for April 2024: ¥4,500 is paid."
    assert [reason.text for reason in first.decisive] == [
        "Counts",
        "at most ¥2,000,000",
        "Rents",
        "first two",
    ]


def test_an_outcome_of_a_lost_version_says_so() -> None:
    outcome = evaluate(CARD_READ, Month(2024, 4), Group(KNOWN, [person(1, date(1950, 1, 1))]))[0]
    with pytest.raises(LookupError, match="not among those kept"):
        Outcome.from_json(outcome.as_json(), [load_card(changed("value: 9000", "value: 9001"))])


def test_critical_dates_are_found_from_the_card() -> None:
    group = Group(KNOWN, [person(1, date(1959, 6, 1)), person(2, date(1990, 1, 1))])
    changes = critical_dates(CARD_READ, group, Month(2023, 5), Month(2026, 4))
    assert [(str(change.on), change.conditions, change.after.amount_yen) for change in changes] == [
        ("2024-05-01", ("高齢", "対象"), 4500)
    ]


def test_versions_must_follow_one_another() -> None:
    later = load_card(changed("from: 2023-04, until: 2026-04", "from: 2026-04"))
    programme = Programme.of([later, CARD_READ])
    assert programme.card(Month(2026, 4)) is later
    assert programme.card(Month(2026, 3)) is CARD_READ
    with pytest.raises(LookupError, match="the oldest begins at 2023-04"):
        programme.card(Month(2023, 3))
    with pytest.raises(ValueError, match="each must begin where the one before ends"):
        Programme.of([CARD_READ, load_card(changed("from: 2023-04, until: 2026-04", "from: 2026-05"))])
