"""Generated code against the slow reading, three-valued logic, replay and explanation."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.rules import arithmetic, ir, logic
from yui.engines.rules.interpreting import Interpreter
from yui.engines.rules.public import (
    Ask,
    Between,
    Card,
    Effect,
    FactError,
    Group,
    Month,
    Outcome,
    Programme,
    Unit,
    critical_dates,
    evaluate,
    explain,
    load_card,
)
from yui.engines.rules.tests.cards import CARD, HOUSEHOLD, RECURRING, changed, recurring

CARD_READ, HOUSEHOLD_READ = load_card(CARD), load_card(HOUSEHOLD)
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


@st.composite
def households(draw: st.DrawFn) -> Group:
    anywhere = st.dates(date(1920, 1, 1), date(2030, 12, 31))
    partly = st.builds(lambda year: Between(date(year, 1, 1), date(year, 12, 31)), st.integers(1930, 2025))
    units = [
        Unit(
            str(number),
            {
                "born_on": draw(st.one_of(anywhere, anywhere, partly, st.none())),
                "income_yen": draw(st.one_of(st.integers(-5_000_000, 10**10), st.none())),
                "student": draw(st.sampled_from([True, False, False, None])),
            },
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    facts = {
        "tenure": draw(st.sampled_from(["owned", "rented", None])),
        "floor_m2": draw(st.one_of(st.none(), st.integers(0, 300))),
        "plot_m2": draw(st.one_of(st.none(), st.integers(0, 300))),
        "notified_on": draw(st.one_of(anywhere, st.none())),
    }
    return Group(facts, units)


@given(groups(), months)
@settings(max_examples=300, deadline=None)
def test_generated_code_agrees_with_the_slow_reading(group: Group, month: Month) -> None:
    agrees(CARD_READ, group, month)


@given(households(), months)
@settings(max_examples=300, deadline=None)
def test_generated_code_agrees_about_a_group_as_one(group: Group, month: Month) -> None:
    agrees(HOUSEHOLD_READ, group, month)


def agrees(card: Card, group: Group, month: Month) -> None:
    interpreter = Interpreter(card, month, group)
    outcomes = evaluate(card, month, group)
    assert len(outcomes) == (1 if card.rules.about is ir.Level.GROUP else len(group.units))
    for unit, outcome in enumerate(outcomes):
        assert set(outcome.conditions) | set(outcome.values) == {item.name for item in card.rules.kept}
        for item in card.rules.kept:
            kept = outcome.conditions if isinstance(item, ir.Condition) else outcome.values
            assert kept[item.name] == interpreter.named(item.name, unit), item.name
        rows = [
            (row, True if row.when is None else interpreter.value(row.when, unit)) for row in card.rules.rows
        ]
        possible = []
        for row, holds in rows:
            if holds is not False:
                possible.append(0 if row.pay is None else interpreter.value(row.pay, unit))
            if holds:
                break
        if len(set(possible)) == 1 and possible[0].__class__ is int:
            assert outcome.amount_yen == possible[0]
            assert not outcome.ask
        else:
            assert outcome.effect is Effect.UNDETERMINED
            assert outcome.ask


def household(**facts: Any) -> Outcome:
    adults = [
        Unit("1", {"born_on": date(1980, 4, 1), "income_yen": 3_456_789, "student": False}),
        Unit("2", {"born_on": date(1990, 4, 2), "income_yen": -400_000, "student": False}),
        Unit("3", {"born_on": date(2015, 1, 1), "income_yen": 0, "student": True}),
    ]
    known = {"tenure": "rented", "floor_m2": 90, "plot_m2": 179, "notified_on": date(2024, 4, 1)}
    (outcome,) = evaluate(HOUSEHOLD_READ, Month(2024, 6), Group({**known, **facts}, adults))
    return outcome


def test_a_household_is_decided_to_the_yen() -> None:
    outcome = household()
    # Two adults: 3,456,789 - 530,000 = 2,926,789; 7.64 percent are 223,606.6796; 90 of 179 are 50.3 percent.
    assert outcome.values == {
        "大人の人数": 2,
        "世帯の所得": 2_926_789,
        "正確な所得割": 2_926_789 * 573,
        "所得割": 223_600,
        "敷地の割合": 50,
        "月の割": 18_634,
        "賦課額": 224_300,
    }
    assert outcome.amount_yen == 224_300
    assert "¥224,300 is due" in explain(outcome, "en").headline
    assert explain(outcome, "ja").headline == "2024年度分の水の負担金：224,300円です。"
    assert household(floor_m2=88).amount_yen == 18_634 + 700
    assert household(tenure="owned").amount_yen == 224_500


def test_a_plot_of_nothing_is_unknown_and_asked_for() -> None:
    outcome = household(plot_m2=0)
    assert outcome.effect is Effect.UNDETERMINED
    assert outcome.ask == (Ask("floor_m2"), Ask("plot_m2"))
    assert household(plot_m2=None).ask == (Ask("plot_m2"),)


def test_of_an_age_before_birth_the_birthday_is_asked_for() -> None:
    group = Group({}, [Unit("1", {"born_on": date(2024, 4, 2), "income_yen": 0, "student": False})])
    (outcome,) = evaluate(HOUSEHOLD_READ, Month(2023, 4), group)
    assert Ask("born_on", "1") in outcome.ask


def test_age_counts_from_the_birthday() -> None:
    def age(born: date, on: date) -> Any:
        return arithmetic.age_on(born, on)

    assert age(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert age(date(2004, 2, 29), date(2022, 3, 1)) == 18
    assert age(date(2004, 4, 1), date(2022, 4, 1)) == 18
    assert age(date(2022, 4, 2), date(2022, 4, 1)) is None
    assert age(Between(date(2004, 1, 1), date(2004, 12, 31)), date(2022, 4, 1)) == Between(17, 18)


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


@pytest.mark.parametrize(
    ("facts", "unit", "message"),
    [
        ({"incme": 1}, {}, "knows no fact “incme”"),
        ({"income_yen": 1.5}, {}, "must be a int"),
        ({"income_yen": True}, {}, "must be a int"),
        ({"income_yen": 2**63}, {}, "between 0 and 100,000,000,000"),
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


@given(households(), months)
@settings(max_examples=60, deadline=None)
def test_no_critical_date_is_missed_about_a_group(group: Group, start: Month) -> None:
    none_missed(HOUSEHOLD_READ, group, start, start.plus(30))


@given(groups(), months)
@settings(max_examples=60, deadline=None)
def test_no_critical_date_is_missed_about_units(group: Group, start: Month) -> None:
    none_missed(CARD_READ, group, start, start.plus(30))


def test_what_recurs_every_year_is_found_every_year() -> None:
    group = Group(KNOWN, [person(1, date(1950, 1, 1))])
    changes = critical_dates(
        load_card(recurring(RECURRING["between two words"])), group, Month(2025, 5), Month(2028, 5)
    )
    assert [str(change.on) for change in changes] == [
        "2025-11-01", "2026-04-01", "2026-11-01", "2027-04-01", "2027-11-01", "2028-04-01",
    ]  # fmt: skip
    assert {change.conditions for change in changes} == {("借りている",)}


@pytest.mark.parametrize("condition", RECURRING.values(), ids=RECURRING)
@given(group=groups(), start=months)
@settings(max_examples=20, deadline=None)
def test_no_date_that_recurs_is_missed(condition: str, group: Group, start: Month) -> None:
    none_missed(load_card(recurring(condition)), group, start, start.plus(30))


def none_missed(card: Card, group: Group, start: Month, until: Month) -> None:
    """Month by month, whatever changes is on a date that was found."""
    found = {
        (change.on, change.unit_id, change.conditions) for change in critical_dates(card, group, start, until)
    }
    expected = set()
    for index in range(start.index, until.index):
        month = Month.from_index(index)
        if not card.decides(month) or not card.decides(month.plus(-1)):
            continue
        pairs = zip(evaluate(card, month.plus(-1), group), evaluate(card, month, group), strict=True)
        for before, after in pairs:
            turned = tuple(
                name for name, value in after.conditions.items() if value != before.conditions[name]
            )
            if turned or (before.effect, before.amount_yen) != (after.effect, after.amount_yen):
                expected.add((month.first_day, after.unit_id, turned))
    assert found == expected


def test_versions_must_follow_one_another() -> None:
    later = load_card(changed("from: 2023-04, until: 2026-04", "from: 2026-04"))
    programme = Programme.of([later, CARD_READ])
    assert programme.card(Month(2026, 4)) is later
    assert programme.card(Month(2026, 3)) is CARD_READ
    with pytest.raises(LookupError, match="the oldest begins at 2023-04"):
        programme.card(Month(2023, 3))
    with pytest.raises(ValueError, match="each must begin where the one before ends"):
        Programme.of([CARD_READ, load_card(changed("from: 2023-04, until: 2026-04", "from: 2026-05"))])
