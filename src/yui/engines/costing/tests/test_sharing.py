from itertools import chain, combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from yui.engines.costing.public import (
    RULES,
    Alliance,
    CostingError,
    least_core,
    objections,
    shapley,
    split,
    subsidy,
    talmud,
    worst_group,
)


def alliance(alone, own, fixed, population=None):
    own = np.array(own)
    own = own[:, None] if own.ndim == 1 else own
    members = tuple(f"m{n}" for n in range(len(alone)))
    people = np.arange(1, len(alone) + 1) * 100 if population is None else np.array(population)
    return Alliance(members, np.array(alone), own, np.atleast_1d(np.array(fixed)), people)


def made_up(seed, members=5, platforms=1):
    chance = np.random.default_rng(seed)
    alone = chance.integers(20, 200, members)
    own = chance.integers(0, 120, (members, platforms))
    saved = np.maximum(alone[:, None] - own, 0).sum(axis=0)
    fixed = (saved * chance.uniform(0.2, 0.95, platforms)).astype(int)
    return alliance(alone, own, fixed, chance.integers(500, 60_000, members))


def groups(members, proper=True):
    sizes = range(1, members if proper else members + 1)
    for group in chain.from_iterable(combinations(range(members), size) for size in sizes):
        inside = np.zeros(members, bool)
        inside[list(group)] = True
        yield inside


def nucleolus(claims, estate):
    """The nucleolus of the bankruptcy game by linear programmes, the largest complaints first."""
    members = len(claims)
    value = {tuple(group): max(0.0, estate - claims[~group].sum()) for group in groups(members)}
    settled: dict[tuple[bool, ...], float] = {}
    while True:
        sums = np.array([[1.0] * members, *(list(map(float, group)) for group in settled)])
        if np.linalg.matrix_rank(sums) == members:
            return np.linalg.lstsq(sums, np.array([estate, *settled.values()]), rcond=None)[0]
        open_groups = [group for group in value if group not in settled]
        rows = [[*(-np.array(group, float)), -1.0] for group in open_groups]
        found = linprog(
            [0.0] * members + [1.0],
            A_ub=rows,
            b_ub=[-value[group] for group in open_groups],
            A_eq=np.column_stack((sums, np.zeros(len(sums)))),
            b_eq=[estate, *settled.values()],
            bounds=(None, None),
        )
        excess = found.x[-1]
        for group, price in zip(open_groups, found.ineqlin.marginals, strict=True):
            if price < -1e-9:
                settled[group] = value[group] - excess


# The Talmud rule


@pytest.mark.parametrize(
    ("estate", "awards"),
    [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))],
)
def test_the_three_estates_of_the_talmud(estate, awards):
    assert talmud(np.array([100, 200, 300]), estate) == pytest.approx(awards)


@given(st.integers(0, 10_000), st.integers(2, 6))
@settings(max_examples=60, deadline=None)
def test_the_talmud_rule_is_the_nucleolus(seed, members):
    chance = np.random.default_rng(seed)
    claims = chance.integers(1, 100, members).astype(float)
    estate = float(np.round(claims.sum() * chance.uniform(0.05, 0.95), 2))
    np.testing.assert_allclose(talmud(claims, estate), nucleolus(claims, estate), atol=1e-6)


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=30), st.floats(0, 1))
def test_the_talmud_rule_gives_all_and_nobody_more_than_its_claim(claims, share):
    claims = np.array(claims)
    awards = talmud(claims, share * claims.sum())
    assert awards.sum() == pytest.approx(share * claims.sum())
    assert (awards >= -1e-9).all()
    assert (awards <= claims + 1e-9).all()


# The Shapley value


@given(st.integers(0, 10_000), st.integers(1, 2))
@settings(max_examples=25, deadline=None)
def test_shapley_is_the_mean_over_all_orders(seed, platforms):
    one = made_up(seed, 4, platforms)
    mean = np.zeros(4)
    for order in permutations(range(4)):
        there = np.zeros(4, bool)
        before = 0
        for member in order:
            there[member] = True
            after = one.cost_yen(there)
            mean[member] += (after - before) / 24
            before = after
    found = shapley(one)
    assert found == pytest.approx(mean)
    assert found.sum() == pytest.approx(one.cost_yen())


def test_members_that_are_alike_pay_alike():
    one = alliance([100, 100, 50], [20, 20, 10], 60)
    first, second, _ = shapley(one)
    assert first == pytest.approx(second)


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_with_one_platform_shapley_and_talmud_are_in_the_core(seed):
    one = made_up(seed)
    for pay in (shapley(one), split(one, "talmud").pay_yen, split(one, "shapley").pay_yen):
        for group in groups(5):
            assert pay[group].sum() <= one.cost_yen(group) + 1e-6


def test_drawn_orders_are_near_and_in_the_core():
    one = made_up(3, members=12)
    exactly = shapley(one, orders=200_000, seed=1)
    found = shapley(one, orders=5_000, seed=2)
    np.testing.assert_allclose(found, exactly, atol=2)
    assert found.sum() == pytest.approx(one.cost_yen())
    assert worst_group(one, found)[1] <= 1e-6
    assert np.array_equal(found, shapley(one, orders=5_000, seed=2))


# Rules in use, and their remainder


def test_half_equally_half_by_population_in_whole_thousands():
    """As a joint office in Niigata does it: each share rounded down to 1,000 yen."""
    people = np.array([12_345, 6_789, 500])
    one = alliance([9_000_000] * 3, [0] * 3, 1_000_000, people)
    found = split(one, "mixed", unit_yen=1_000)
    exact = [500_000 / 3 + 500_000 * n / people.sum() for n in people]
    assert found.share_yen.tolist() == [int(share // 1_000) * 1_000 for share in exact]
    assert found.remainder_yen == 1_000_000 - found.share_yen.sum() == 1_000
    assert 0 < found.remainder_yen < 3_000


@given(st.integers(0, 10_000), st.sampled_from(RULES), st.sampled_from([1, 10]), st.integers(1, 2))
@settings(max_examples=80, deadline=None)
def test_shares_and_remainder_are_the_cost(seed, rule, unit, platforms):
    one = made_up(seed, platforms=platforms)
    if rule == "talmud" and platforms > 1:
        return
    found = split(one, rule, unit_yen=unit)
    assert (found.share_yen % unit == 0).all()
    assert found.pay_yen.sum() + found.remainder_yen == one.cost_yen()
    assert 0 <= found.remainder_yen < unit * len(one.members)


def test_each_platform_is_paid_by_its_users():
    one = alliance([100, 100, 100, 30], [[10, 90], [90, 10], [90, 10], [40, 40]], [20, 41])
    found = split(one, "equal")
    assert found.share_yen.tolist() == [20, 20, 20, 0]
    assert found.remainder_yen == 1
    assert found.pay_yen.tolist() == [30, 30, 30, 30]


def test_a_platform_that_does_not_pay_leaves_the_rest_unpaid():
    one = alliance([50, 50], [20, 40], 100)
    assert one.chosen().tolist() == [-1, -1]
    found = split(one, "talmud", chosen=np.zeros(2, int))
    assert found.share_yen.tolist() == [30, 10]
    assert found.remainder_yen == 60


def test_what_cannot_be_split_is_refused():
    with pytest.raises(CostingError, match="there are 2"):
        split(made_up(1, platforms=2), "talmud")
    with pytest.raises(CostingError, match="no rule by_lot"):
        split(made_up(1), "by_lot")
    with pytest.raises(CostingError, match="single member"):
        least_core(alliance([10], [1], 1))
    with pytest.raises(CostingError, match="population has the shape"):
        alliance([10, 10], [1, 1], 1, [5])


# Stability


def test_those_who_would_rather_leave_are_named():
    one = alliance([100, 40, 40], [10, 10, 10], 90, [100, 800, 100])
    (member,) = objections(one, split(one, "population").pay_yen)
    assert (member.code, member.members, member.pay_yen, member.on_their_own_yen) == (
        "member",
        ("m1",),
        82,
        40,
    )
    assert member.gain_yen == 42
    assert objections(one, split(one, "talmud").pay_yen) == ()
    (everybody,) = objections(one, split(one, "talmud").pay_yen + np.array([1, 0, 0]))
    assert everybody.code == "everybody"


@given(st.integers(0, 10_000), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_the_worst_group_is_the_worst_of_all(seed, platforms):
    one = made_up(seed, platforms=platforms)
    pay = np.random.default_rng(seed + 1).integers(0, 150, 5)
    for proper in (False, True):
        gain = max(pay[group].sum() - one.cost_yen(group) for group in groups(5, proper))
        group, found = worst_group(one, pay, proper=proper)
        assert found == gain == pay[group].sum() - one.cost_yen(group)


@given(st.integers(0, 10_000), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_the_least_core_is_that_of_all_groups(seed, platforms):
    one = made_up(seed, platforms=platforms)
    rows = [[*map(float, group), -1.0] for group in groups(5)]
    found = linprog(
        [0.0] * 5 + [1.0],
        A_ub=rows,
        b_ub=[one.cost_yen(group) for group in groups(5)],
        A_eq=[[1.0] * 5 + [0.0]],
        b_eq=[one.cost_yen()],
        bounds=(None, None),
    )
    pay, excess = least_core(one)
    assert excess == pytest.approx(found.fun, abs=1e-4)
    assert pay.sum() == pytest.approx(one.cost_yen())
    assert max(pay[group].sum() - one.cost_yen(group) for group in groups(5)) <= excess + 1e-4
    if platforms == 1:
        assert excess <= 1e-6  # there is always a stable split


EMPTY = alliance([9, 9, 9], [[1, 1, 9], [1, 9, 1], [9, 1, 1]], [8, 8, 8])
"""Three members, three platforms, each good for two of them: whoever is the third always finds a better partner."""


def test_an_empty_core_is_seen_and_what_mends_it():
    assert EMPTY.cost_yen() == 19
    pay, excess = least_core(EMPTY)
    assert excess == pytest.approx(8 / 3)
    assert pay.sum() == pytest.approx(19)
    stable, missing = subsidy(EMPTY)
    assert missing == pytest.approx(4)
    assert stable.sum() == pytest.approx(15)
    assert worst_group(EMPTY, stable)[1] <= 1e-9
    (group,) = objections(EMPTY, split(EMPTY, "least_core").pay_yen)
    assert (group.code, len(group.members), group.on_their_own_yen) == ("group", 2, 10)


@given(st.integers(0, 10_000), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_a_subsidy_is_needed_exactly_where_the_core_is_empty(seed, platforms):
    one = made_up(seed, platforms=platforms)
    stable, missing = subsidy(one)
    assert worst_group(one, stable)[1] <= 1e-6 * one.cost_yen()
    assert stable.sum() + missing == pytest.approx(one.cost_yen())
    assert (missing > 1e-4) == (least_core(one)[1] > 1e-4)
