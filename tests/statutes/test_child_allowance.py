"""What lies beside the cases of 児童手当 (months, recipient), and what must hold for any family."""

import doctest
import itertools
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from yui.engines.rules.public import Between, Effect, Month, run_cases
from yui.procedures.programmes.public import cases_of
from yui.services.child_allowance import rules

TABLE = Path(__file__).with_name("child_allowance.yaml")
CLAIMANT = rules.ClaimantFacts(lives_in_japan=True, public_servant=False, main_earner=True)
CHILD = rules.ChildFacts(
    child_id="0",
    born_on=None,
    supervised=True,
    shares_livelihood=True,
    lives_apart=False,
    in_facility=False,
    in_japan_or_studying_abroad=True,
    supported_after_18=True,
)


@cache
def table() -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return content


def as_date(value: Any) -> date | Between | None:
    return Between(*value) if isinstance(value, list) else value


def child(number: int, facts: dict[str, Any]) -> rules.ChildFacts:
    given_facts = {key: value for key, value in facts.items() if key != "born"}
    for key in ("entitled_from", "entitled_through"):
        if key in given_facts:
            given_facts[key] = Month.parse(given_facts[key])
    return replace(CHILD, child_id=str(number), born_on=as_date(facts["born"]), **given_facts)


def claimant(facts: dict[str, Any]) -> rules.ClaimantFacts:
    known = dict(facts)
    if "income" in known:
        known |= {
            "income_yen": known.pop("income"),
            "deductions_yen": 0,
            "dependants": 0,
            "elderly_dependants": 0,
        }
    return replace(CLAIMANT, **known)


@pytest.mark.parametrize("row", table()["because"], ids=lambda row: row["case"])
def test_what_a_decision_rests_on(row: dict[str, Any]) -> None:
    cases = [case for case in cases_of("child_allowance") if case.title == row["case"]]
    outcome = run_cases(cases, rules.programme())[-1].outcome
    reasons = {reason.condition: reason.value for reason in rules.explain(outcome, "ja").decisive}
    assert reasons[row["condition"]] is row["holds"]


@pytest.mark.parametrize("row", table()["income_limits"]["rows"], ids=str)
def test_income_limits_to_the_yen(row: dict[str, int]) -> None:
    month = Month.parse(table()["income_limits"]["month"])
    expected = [
        (row["limit"] - 1, 10000),
        (row["limit"], 5000),
        (row["limit"] + 1, 5000),
        (row["upper"] - 1, 5000),
        (row["upper"], 0),
        (row["upper"] + 1, 0),
    ]
    for assessed, amount in expected:
        facts = replace(
            CLAIMANT,
            income_yen=assessed + 80_000 + 123_456,
            deductions_yen=123_456,
            dependants=row["dependants"],
            elderly_dependants=row["elderly"],
        )
        case = rules.FamilyFacts(facts, [child(0, {"born": date(2016, 6, 1)})])
        assert rules.decide(month, case).total_yen == amount, assessed


@pytest.mark.parametrize("case", table()["starts"], ids=lambda case: case["case"])
def test_first_month(case: dict[str, Any]) -> None:
    closed = set(case.get("closed", []))
    first = rules.entitlement_start(case["event"], case["claimed"], closed.__contains__)
    assert str(first) == case["first"]


def test_a_claim_before_its_event_is_refused() -> None:
    with pytest.raises(ValueError, match="before the event"):
        rules.entitlement_start(date(2026, 11, 2), date(2026, 11, 1))


@pytest.mark.parametrize("case", table()["payments"], ids=lambda case: case["paid"])
def test_payment_months(case: dict[str, Any]) -> None:
    paid = Month.parse(case["paid"])
    assert [str(month) for month in rules.payment_months(paid, paid.plus(1))[0].covers] == case["covers"]
    assert {str(rules.payment_month(Month.parse(month))) for month in case["covers"]} == {case["paid"]}


def test_every_month_is_paid_once() -> None:
    payments = rules.payment_months(Month(2022, 10), Month(2030, 4))
    months = [month.index for payment in payments for month in payment.covers]
    assert months == list(range(months[0], months[0] + len(months)))
    assert len(rules.payment_months(Month(2025, 4), Month(2026, 4))) == 6


@pytest.mark.parametrize("case", table()["recipients"], ids=lambda case: case["case"])
def test_recipient(case: dict[str, Any]) -> None:
    parents = [
        rules.ParentFacts(name, facts.get("supervises", True), facts["income"], facts.get("together", True))
        for name in ("a", "b")
        if (facts := case.get(name))
    ]
    for order in itertools.permutations(parents):
        choice = rules.choose_recipient(order, livelihoods_separate=case.get("separate", False))
        assert (choice.person_id, choice.ground.value, choice.cite) == (
            case["chosen"],
            case["ground"],
            case["law"],
        )


def test_income_year() -> None:
    assert [rules.income_year(Month(2024, number)) for number in (1, 5, 6, 9)] == [2022, 2022, 2023, 2023]


def test_months_before_the_oldest_card_are_refused() -> None:
    with pytest.raises(LookupError, match="2022-06"):
        rules.decide(Month(2022, 5), rules.FamilyFacts(CLAIMANT, []))


def test_what_is_coming() -> None:
    facts = rules.FamilyFacts(
        claimant({"income": 0}), [child(0, {"born": date(2008, 4, 2)}), child(1, {"born": date(2023, 11, 1)})]
    )
    changes = rules.next_changes(facts, Month(2024, 4), Month(2031, 5))
    seen = [
        (str(change.on), change.unit_id, change.before.amount_yen, change.after.amount_yen)
        for change in changes
    ]
    assert seen == [
        ("2024-04-01", "0", 10000, 0),
        ("2024-10-01", "0", 0, 10000),
        ("2026-12-01", "1", 15000, 10000),
        ("2027-04-01", "0", 10000, 0),
        ("2031-04-01", "0", 0, 0),
    ]


births = st.dates(date(1998, 1, 1), date(2027, 12, 31))
knowledge = st.one_of(
    births,
    st.none(),
    st.builds(lambda year: Between(date(year, 1, 1), date(year, 12, 31)), st.integers(1998, 2027)),
)
months = st.builds(Month, st.integers(2022, 2027), st.integers(7, 12))
yes_no = st.booleans()
three = st.sampled_from([True, False, None])


@st.composite
def children(
    draw: st.DrawFn, dates: st.SearchStrategy[Any] = births, facts: st.SearchStrategy[Any] = yes_no
) -> list[rules.ChildFacts]:
    return [
        replace(
            CHILD,
            child_id=str(number),
            born_on=draw(dates),
            supported_after_18=draw(facts),
            supervised=draw(st.sampled_from([True, True, True, draw(facts)])),
        )
        for number in range(draw(st.integers(1, 6)))
    ]


INCOME = claimant({"income": 0})


@given(months, children(knowledge, three), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_children_changes_nothing(
    month: Month, group: list[rules.ChildFacts], random: Any
) -> None:
    shuffled = random.sample(group, len(group))
    first = rules.decide(month, rules.FamilyFacts(INCOME, group))
    second = rules.decide(month, rules.FamilyFacts(INCOME, shuffled))
    assert all(first.of(one.child_id) == second.of(one.child_id) for one in group)


@given(months, children())
@settings(max_examples=150, deadline=None)
def test_another_child_never_lowers_the_total(month: Month, group: list[rules.ChildFacts]) -> None:
    fewer = rules.decide(month, rules.FamilyFacts(INCOME, group[:-1])).total_yen
    assert fewer <= rules.decide(month, rules.FamilyFacts(INCOME, group)).total_yen


@given(months, children(knowledge, three), st.data())
@settings(max_examples=150, deadline=None)
def test_learning_a_fact_never_overturns_what_was_sure(
    month: Month, group: list[rules.ChildFacts], data: st.DataObject
) -> None:
    before = rules.decide(month, rules.FamilyFacts(INCOME, group))
    learnt = [data.draw(st.just(one).map(lambda one: _learn(one, data))) for one in group]
    after = rules.decide(month, rules.FamilyFacts(INCOME, learnt))
    assert after.is_determined
    for old, new in zip(before.outcomes, after.outcomes, strict=True):
        if old.effect is not Effect.UNDETERMINED:
            assert (old.effect, old.amount_yen) == (new.effect, new.amount_yen)


def _learn(one: rules.ChildFacts, data: st.DataObject) -> rules.ChildFacts:
    born = one.born_on
    if born is None or isinstance(born, Between):
        least, most = (born.least, born.most) if born else (date(1998, 1, 1), date(2027, 12, 31))
        born = data.draw(st.dates(least, most))
    return replace(
        one,
        born_on=born,
        supported_after_18=data.draw(yes_no) if one.supported_after_18 is None else one.supported_after_18,
        supervised=data.draw(yes_no) if one.supervised is None else one.supervised,
    )


@given(months, children())
@settings(max_examples=100, deadline=None)
def test_changes_announced_are_the_changes_that_come(month: Month, group: list[rules.ChildFacts]) -> None:
    facts = rules.FamilyFacts(INCOME, group)
    until = month.plus(30)
    announced = {
        (change.on, change.unit_id)
        for change in rules.next_changes(facts, month, until)
        if (change.before.effect, change.before.amount_yen) != (change.after.effect, change.after.amount_yen)
    }
    seen = set()
    for index in range(month.index, until.index):
        now = Month.from_index(index)
        before, after = rules.decide(now.plus(-1), facts), rules.decide(now, facts)
        for old, new in zip(before.outcomes, after.outcomes, strict=True):
            if (old.effect, old.amount_yen) != (new.effect, new.amount_yen):
                seen.add((now.first_day, new.unit_id))
    assert announced == seen


def test_examples_in_docstrings() -> None:
    result = doctest.testmod(rules)
    assert result.attempted
    assert not result.failed
