"""A whole body in columns decides, dates and compares as one group after another does."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from yui.engines.rules.bulk.public import (
    Differences,
    decide_groups,
    differences_of,
    frame_groups,
    next_dates,
    sums_of,
    turns_of,
)
from yui.engines.rules.bulk.tests.drawing import draw_groups
from yui.engines.rules.public import (
    Between,
    Card,
    Effect,
    FactError,
    FactValue,
    Group,
    Month,
    Outcome,
    Programme,
    Unit,
    asked_by,
    evaluate,
)
from yui.procedures.programmes.contracts import Concerned
from yui.procedures.programmes.dates import FEW, next_date, next_dates_of
from yui.procedures.programmes.queries import get_programme, list_programmes

APRIL = Month(2027, 4)


@pytest.fixture(params=[programme.cards[0].id for programme in list_programmes()])
def programme(request: pytest.FixtureRequest) -> Programme:
    """Each programme there is."""
    return get_programme(request.param)


def concerned(place: int, group: Group) -> Concerned:
    return Concerned(UUID(int=place), lambda _month: group)


def some_of(card: Card, seed: int, count: int = 60) -> list[Group]:
    """Drawn groups without the institution of hundreds, some with a date known within bounds."""
    chance, groups = random.Random(seed), draw_groups(card, seed, count + 1)[:-1]
    return [_blurred(group) if chance.random() < 0.2 else group for group in groups]


def _blurred(group: Group) -> Group:
    def blur(facts: dict[str, FactValue]) -> dict[str, FactValue]:
        return {
            key: Between(dt.date(value.year, 1, 1), dt.date(value.year, 12, 31))
            if type(value) is dt.date
            else value
            for key, value in facts.items()
        }

    return Group(
        blur(dict(group.facts)), [replace(unit, facts=blur(dict(unit.facts))) for unit in group.units]
    )


def family(chance: random.Random) -> Group:
    """A claimant with all one needs to be paid, and children of all ages; now and then something is unknown."""

    def perhaps(value: FactValue) -> FactValue:
        return None if chance.random() < 0.03 else value

    children = []
    for number in range(chance.choice((0, 1, 1, 2, 2, 3, 4))):
        born = dt.date(2003, 1, 1) + dt.timedelta(days=chance.randrange(24 * 365))
        facts: dict[str, FactValue] = {
            "born_on": perhaps(born),
            "supervised": perhaps(True),
            "shares_livelihood": True,
            "lives_apart": perhaps(False),
            "care_apart_declared": False,
            "in_facility": perhaps(chance.random() < 0.05),
            "in_japan_or_studying_abroad": True,
            "supported_after_18": perhaps(chance.random() < 0.7),
            "entitled_from": Month.of(born).plus(1),
            "entitled_through": Month(9999, 12),
        }
        if chance.random() < 0.05:
            facts["born_on"] = Between(dt.date(born.year, 1, 1), dt.date(born.year, 12, 31))
        children.append(Unit(f"{number:03}", facts))
    return Group({"lives_in_japan": perhaps(True), "public_servant": False, "main_earner": True}, children)


def families(seed: int, count: int) -> list[Group]:
    chance = random.Random(seed)
    return [family(chance) for _ in range(count)]


def accepted(programme: Programme, group: Group) -> bool:
    """Whether every version allows the facts: the choices of some have changed."""
    try:
        for card in programme.cards:
            evaluate(card, card.in_force_from, asked_by(card, group))
    except FactError:
        return False
    return True


def one_by_one(card: Card, month: Month, groups: Sequence[Group]) -> list[list[Outcome]]:
    return [evaluate(card, month, asked_by(card, group)) for group in groups]


def test_decides_as_one_by_one(programme: Programme) -> None:
    for card in programme.cards:
        month = max(card.in_force_from, card.in_force_until.plus(-1)) if card.in_force_until else APRIL
        groups = some_of(card, seed=4)
        found = decide_groups(card, month, frame_groups(card, groups))
        assert {row[:2]: row[2:] for row in found.rows()} == {
            (place, one.unit_id): (one.effect.value, one.amount_yen)
            for place, outcomes in enumerate(one_by_one(card, month, groups))
            for one in outcomes
        }


def test_finds_the_next_dates_one_by_one_finds(programme: Programme) -> None:
    card = programme.cards[-1]
    groups = [group for group in some_of(card, seed=5, count=FEW + 30) if accepted(programme, group)]
    if card.id == "child_allowance":
        groups = families(5, 300)
    assert len(groups) > FEW
    everyone = [concerned(place, group) for place, group in enumerate(groups)]
    for after in {card.in_force_from.plus(-1), card.in_force_from, Month(2026, 11)}:
        found = next_dates_of(programme, everyone, after)
        assert found == {one.person: next_date(programme, one, after) for one in everyone}


def test_families_have_dates_in_columns() -> None:
    """What the test above compares is worth comparing: most families have a date, and few are looked at apart."""
    found, apart = next_dates(get_programme("child_allowance"), families(5, 300), Month(2026, 11))
    assert len(found) > 150
    assert 0 < len(apart) < 60
    assert not apart & found.keys()


def test_a_version_that_takes_force_is_a_date() -> None:
    programme = get_programme("child_allowance")
    groups = [
        Group(
            {
                "lives_in_japan": True,
                "public_servant": False,
                "main_earner": True,
                "income_yen": 0,
                "deductions_yen": 0,
                "dependants": 1,
                "elderly_dependants": 0,
            },
            one.units,
        )
        for one in families(6, 80)
    ]
    everyone = [concerned(place, group) for place, group in enumerate(groups)]
    found = next_dates_of(programme, everyone, Month(2024, 8))
    assert list(found.values()).count(dt.date(2024, 10, 1)) > 10
    assert found == {one.person: next_date(programme, one, Month(2024, 8)) for one in everyone}


def test_figures_and_differences_are_those_of_one_by_one() -> None:
    card, groups = get_programme("child_allowance").cards[-1], families(7, 200)
    months = [Month(2026, number) for number in (3, 4, 5)]
    framed = frame_groups(card, groups)
    decisions = [decide_groups(card, month, framed) for month in months]
    outcomes = [one_by_one(card, month, groups) for month in months]
    for frame, known in zip(decisions, outcomes, strict=True):
        flat = [one for group in known for one in group]
        sums = sums_of(frame)
        assert (sums.units, sums.yen) == (len(flat), sum(one.amount_yen or 0 for one in flat))
        assert sums.paid == sum(one.effect is Effect.PAYMENT for one in flat)
        assert sums.undetermined == sum(one.effect is Effect.UNDETERMINED for one in flat) > 0
    march, april = ([one for group in known for one in group] for known in outcomes[:2])
    pairs = list(zip(march, april, strict=True))
    turns = turns_of(decisions[0], decisions[1])
    assert turns.changing == sum(
        (old.effect, old.amount_yen) != (new.effect, new.amount_yen) for old, new in pairs
    )
    assert turns.end == sum(old.effect is Effect.PAYMENT is not new.effect for old, new in pairs) > 0
    assert turns.begin == sum(new.effect is Effect.PAYMENT is not old.effect for old, new in pairs)

    expected = {"more": 0, "less": 0, "same": 0, "undetermined": 0, "more_yen": 0, "less_yen": 0}
    for place in range(len(groups)):
        one, other = (outcomes[month][place] for month in (0, 1))
        gain = sum(each.amount_yen or 0 for each in other) - sum(each.amount_yen or 0 for each in one)
        if any(each.effect is Effect.UNDETERMINED for each in (*one, *other)):
            expected["undetermined"] += 1
            continue
        expected["more" if gain > 0 else "less" if gain < 0 else "same"] += 1
        expected["more_yen"] += max(gain, 0)
        expected["less_yen"] += max(-gain, 0)
    assert differences_of(decisions[:1], decisions[1:2], len(groups)) == Differences(**expected)
    assert expected["less"] > 0
    assert expected["same"] > sum(not group.units for group in groups) > 0


@pytest.mark.parametrize("wrong", [{"born_on": "2020-01-01"}, {"supervised": 1}])
def test_a_wrong_fact_is_refused_as_by_one(wrong: dict[str, FactValue]) -> None:
    card, groups = get_programme("child_allowance").cards[-1], families(8, 5)
    groups.append(Group({}, [Unit("1", wrong)]))
    framed = frame_groups(card, groups)
    assert 5 in framed.apart
    with pytest.raises(FactError):
        decide_groups(card, APRIL, framed)


def test_units_that_cannot_be_told_apart_are_refused() -> None:
    card = get_programme("child_allowance").cards[-1]
    with pytest.raises(FactError, match="same identifier"):
        decide_groups(card, APRIL, frame_groups(card, [Group({}, [Unit("1", {}), Unit("1", {})])]))


def test_no_groups() -> None:
    card = get_programme("child_allowance").cards[-1]
    assert decide_groups(card, APRIL, frame_groups(card, [])).is_empty()
    assert next_dates(get_programme("child_allowance"), [], APRIL) == ({}, frozenset())
