"""Whose part made a decision about a group what it is."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from yui.engines.rules.interpreting import Interpreter
from yui.engines.rules.public import (
    Explanation,
    Group,
    Language,
    Member,
    Month,
    Outcome,
    Unit,
    evaluate,
    explain,
    load_card,
)
from yui.engines.rules.tests.cards import CARD, HOUSEHOLD, changed
from yui.engines.rules.tests.test_deciding import households

READ = load_card(HOUSEHOLD)
MONTH = Month(2024, 4)
HOME = {"tenure": "owned", "floor_m2": 100, "plot_m2": 300, "notified_on": date(2024, 4, 1)}


def person(name: str, born: int | None, income: int | None = 0, *, student: bool | None = False) -> Unit:
    day = born and date(born, 6, 1)
    return Unit(name, {"born_on": day, "income_yen": income, "student": student})


def explained(*units: Unit, language: str = "en", **more: Any) -> Explanation:
    (outcome,) = evaluate(READ, MONTH, Group({**HOME, **more}, units))
    return explain(outcome, language)


def behind(explanation: Explanation, condition: str) -> list[Member]:
    return [
        member for reason in explanation.reasons if reason.condition == condition for member in reason.members
    ]


def test_any_names_those_who_make_it_so() -> None:
    found = explained(person("x", 1980), person("y", 2015), person("z", 1990))
    assert behind(found, "大人がいる") == [Member("x", "adult (43)"), Member("z", "adult (33)")]
    assert behind(explained(person("y", 2015)), "大人がいる") == []


def test_every_names_those_who_break_it() -> None:
    """The ages are gathered as an expression, for which the card has no sentence; adults are counted in it too."""
    found = behind(explained(person("x", 1980), person("y", 2015)), "皆が若い")
    assert found == [Member("x", "This does not apply."), Member("x", "adult (43)")]


def test_of_something_open_it_names_whose_facts_are_missing() -> None:
    found = explained(person("x", None), person("y", 2015))
    assert behind(found, "大人がいる") == [Member("x", "Not confirmed yet: Born when?")]
    assert behind(explained(person("x", None), person("y", 1990)), "大人がいる") == [
        Member("y", "adult (33)")
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "世帯の所得：3,000,000円"),
        ("en", "世帯の所得: ¥3,000,000"),
        ("easy", "世帯の所得：3,000,000円"),
    ],
)
def test_an_amount_says_what_each_brings_to_it(language: str, text: str) -> None:
    found = explained(person("x", 1980, 3_000_000), person("y", 2015, -5), language=language)
    assert Member("x", text) in found.members
    assert "y" not in {member.unit_id for member in found.members if "世帯の所得" in member.text}


def test_a_refusal_brings_nobodys_amounts() -> None:
    assert explained(person("y", 2015, 3_000_000)).members == ()


def test_a_card_that_gathers_nothing_keeps_nothing_of_members() -> None:
    group = Group({}, [Unit("1", {"born_on": date(1950, 4, 2)})])
    (outcome,) = evaluate(load_card(CARD), MONTH, group)
    assert outcome.members() == {}
    assert all(reason.members == () for reason in explain(outcome, "ja").reasons)


def test_what_was_stored_before_members_were_is_still_explained() -> None:
    (outcome,) = evaluate(READ, MONTH, Group(HOME, [person("x", 1980)]))
    stored = outcome.as_json().replace('"members"', '"of_old"')
    found = explain(Outcome.from_json(stored, [READ]), "ja")
    assert (found.headline, behind(found, "大人がいる")) == (explain(outcome, "ja").headline, [])


def test_a_condition_that_is_named_is_a_reason_of_its_own() -> None:
    row = "{if: not 大人がいる, pay: nothing, cite: 条例第3条}"
    condition = "  間に合った: "
    both = (
        "  住める: {is: 大人がいる and 広い家である, cite: 条例第3条,"
        " yes: {ja: はい, en: Yes, easy: はい}, no: {ja: いいえ, en: No, easy: いいえ}}\n"
    )
    card = load_card(
        changed(row, row.replace("大人がいる", "住める"), changed(condition, both + condition, HOUSEHOLD))
    )
    (outcome,) = evaluate(card, MONTH, Group(HOME, [person("x", 1980)]))
    assert behind(explain(outcome, "en"), "住める") == []
    assert behind(explain(outcome, "en"), "大人がいる") == [Member("x", "adult (43)")]


@settings(max_examples=60, deadline=None)
@given(households())
def test_they_are_kept_with_the_decision_and_are_whom_the_slow_reading_finds(group: Group) -> None:
    (outcome,) = evaluate(READ, MONTH, group)
    again = Outcome.from_json(outcome.as_json(), [READ])
    for language in Language:
        assert explain(again, language) == explain(outcome, language)
    reading = Interpreter(READ, MONTH, group)
    adults = [unit.id for place, unit in enumerate(group.units) if reading.named("大人である", place)]
    if adults:
        assert [member.unit_id for member in behind(explain(outcome, "ja"), "大人がいる")] == adults
