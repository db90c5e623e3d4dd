from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.costing.public import (
    FIRST_VENDOR,
    INDIVIDUAL,
    JOINT,
    LATE,
    NOT_OFFERED,
    STAYS,
    Capacity,
    Commons,
    CostingError,
    Limits,
    Plan,
    check,
    choose,
    choose_within,
    own_yen,
    phase,
    shared_yen,
)
from yui.engines.costing.tests.nation import made_up, optimum

# Without limits


@given(st.integers(0, 10_000), st.integers(0, 3), st.integers(1, 2))
@settings(max_examples=40, deadline=None)
def test_the_choice_is_that_of_highs(seed, vendors, least_vendors):
    commons = made_up(seed, vendors=vendors, least_vendors=least_vendors)
    plan = choose(commons)
    assert check(commons, plan) == ()
    assert plan.cost_yen == plan.bound_yen == optimum(commons)


def test_one_system_at_a_time_gives_the_same():
    commons = made_up(1, systems=5)
    plan = choose(commons)
    alone = [
        choose(
            Commons(
                commons.bodies,
                (commons.systems[s],),
                commons.vendors,
                commons.prefecture,
                commons.yearly_yen[[s]],
                commons.joint_yen[[s]],
                commons.vendor_yen[[s]],
                commons.national_yen[[s]],
            )
        ).cost_yen
        for s in range(5)
    ]
    assert sum(alone) == plan.cost_yen


def test_a_shared_system_that_costs_nothing_more_is_used():
    commons = made_up(2, missing=0)
    cheap = replace(commons, national_yen=commons.national_yen * 0, yearly_yen=commons.yearly_yen.copy())
    cheap.yearly_yen[:, cheap.national] = 0
    plan = choose(cheap)
    assert plan.cost_yen == 0
    assert (plan.option == cheap.national).all()
    assert [cheap.option_name(n) for n in range(6)] == [
        "individual",
        "standard",
        "joint",
        "vendor v0",
        "vendor v1",
        "national",
    ]


# With limits


@given(st.integers(0, 10_000), st.integers(0, 3), st.integers(0, 8), st.integers(0, 2))
@settings(max_examples=40, deadline=None)
def test_the_bound_is_below_the_best_and_the_plan_above(seed, moves, contracts, national):
    commons = made_up(seed, missing=0)
    limits = Limits(np.full(7, moves), np.array([contracts, 2]), national)
    plan = choose_within(commons, limits, rounds=60)
    best = optimum(commons, limits)
    assert check(commons, plan, limits) == ()
    assert plan.bound_yen <= best <= plan.cost_yen
    if moves == 0:
        assert plan.cost_yen == best == commons.yearly_yen[:, INDIVIDUAL].sum()


@given(st.integers(0, 1_000))
@settings(max_examples=20, deadline=None)
def test_limits_that_nobody_meets_change_nothing(seed):
    commons = made_up(seed)
    plan = choose_within(commons, Limits(np.full(7, 9), np.array([99, 99]), 9))
    assert (plan.cost_yen, plan.gap) == (choose(commons).cost_yen, pytest.approx(0, abs=1e-3))
    assert choose_within(commons, Limits()).cost_yen == choose(commons).cost_yen


@given(st.integers(0, 1_000), st.integers(1, 3))
@settings(max_examples=20, deadline=None)
def test_competition_is_kept_within_limits(seed, moves):
    commons = made_up(seed, vendors=3, least_vendors=2, missing=0)
    limits = Limits(np.full(7, moves), np.array([4, 4, 4]))
    plan = choose_within(commons, limits, rounds=30)
    assert check(commons, plan, limits) == ()
    assert plan.bound_yen <= optimum(commons, limits) <= plan.cost_yen


def test_the_gap_is_small_where_there_are_many_bodies():
    commons = made_up(3, bodies=200, prefectures=8, systems=20, missing=0)
    limits = Limits(np.full(200, 6), np.array([300, 300]), 3)
    plan = choose_within(commons, limits)
    assert check(commons, plan, limits) == ()
    assert plan.gap < 0.01
    assert plan.moves.max() == 6
    assert plan.contracts(commons).max() <= 300


def test_who_must_move_more_than_it_can_is_named():
    commons = made_up(4, missing=0)
    commons.yearly_yen[:, INDIVIDUAL, 2] = NOT_OFFERED
    with pytest.raises(CostingError, match="b2 must move 3 systems and can move 2"):
        choose_within(commons, Limits(moves=np.full(7, 2)))


def test_a_body_that_must_move_moves():
    commons = made_up(5, missing=0)
    commons.yearly_yen[0, INDIVIDUAL, 2] = NOT_OFFERED
    limits = Limits(np.full(7, 1))
    plan = choose_within(commons, limits, rounds=60)
    assert check(commons, plan, limits) == ()
    assert plan.option[0, 2] != INDIVIDUAL
    assert plan.bound_yen <= optimum(commons, limits) <= plan.cost_yen


# The check can fail


def test_each_fault_is_found():
    commons = made_up(6, missing=0)
    plan = choose(commons)
    limits = Limits(np.zeros(7, int), np.zeros(2, int), 0)
    codes = {fault.code for fault in check(commons, plan, limits)}
    used = {int(option) for option in np.unique(plan.option)}
    assert "too_many_moves" in codes
    assert ("too_many_contracts" in codes) == bool(used & {3, 4})
    assert ("too_many_national" in codes) == bool(plan.national.any())
    nothing = Plan(plan.option * 0 + JOINT, plan.joint & False, plan.vendor, plan.national, 1, 2)
    assert {fault.code for fault in check(commons, nothing)} >= {"not_there", "wrong_cost", "wrong_bound"}
    commons.yearly_yen[0, int(plan.option[0, 0]), 0] = NOT_OFFERED
    assert "not_offered" in {fault.code for fault in check(commons, plan)}
    lonely = Plan(plan.option, plan.joint, np.array([[True, False]] * 3), plan.national, 0, 0)
    competing = replace(commons, least_vendors=2)
    assert "too_few_vendors" in {fault.code for fault in check(competing, lonely)}


# What is refused


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"prefecture": np.array([1, 0, 0, 0, 0, 1, 1])}, "unordered_bodies"),
        ({"prefecture": np.array([0, 0])}, "wrong_shape"),
        ({"joint_yen": np.zeros((3, 5), int)}, "wrong_shape"),
        ({"national_yen": np.zeros(3)}, "not_whole_yen"),
        ({"national_yen": np.full(3, -1)}, "out_of_range"),
        ({"vendor_yen": np.full((3, 2), NOT_OFFERED + 1)}, "out_of_range"),
    ],
)
def test_what_is_no_problem_is_refused(change, code):
    commons = made_up(7)
    with pytest.raises(CostingError) as error:
        replace(commons, **change)
    assert error.value.code == code


def test_a_body_without_any_option_of_its_own_is_refused():
    yearly = made_up(8).yearly_yen.copy()
    yearly[1, :JOINT, 3] = NOT_OFFERED
    with pytest.raises(CostingError, match="s1 of b3 has no option"):
        replace(made_up(8), yearly_yen=yearly)


# Phasing


def phased(seed, staff=1, vendor=2, periods=3):
    commons = made_up(seed, missing=0, systems=4)
    plan = choose(commons)
    capacity = Capacity(np.full((7, periods), staff), np.full((2, periods), vendor))
    return commons, plan, capacity, phase(commons, plan, capacity)


@given(st.integers(0, 1_000), st.integers(0, 3), st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_no_capacity_is_exceeded_and_each_move_is_told_of(seed, staff, vendor):
    commons, plan, _, found = phased(seed, staff, vendor)
    for when in range(3):
        assert ((found.period == when).sum(axis=0) <= staff).all()
        for v in range(2):
            assert ((found.period == when) & (plan.option == FIRST_VENDOR + v)).sum() <= vendor
    assert ((found.period == STAYS) == (plan.option == INDIVIDUAL)).all()
    assert len(found.late) == (found.period == LATE).sum()
    assert found.saved <= found.bound
    saving = commons.yearly_yen[:, INDIVIDUAL] - own_yen(commons, plan)
    done = found.period >= 0
    assert found.saved == (np.maximum(saving, 0)[done] * (3 - found.period[done])).sum()


def best_order(commons, plan, capacity):
    """The most that any order saves, from HiGHS."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    saving = np.maximum(commons.yearly_yen[:, INDIVIDUAL] - own_yen(commons, plan), 0)
    moves = np.argwhere(plan.option != INDIVIDUAL)
    periods = capacity.staff.shape[1]
    gain = np.array([saving[s, b] * (periods - t) for s, b in moves for t in range(periods)], float)
    rows, most = [], []
    cells = [(s, b, t) for s, b in moves for t in range(periods)]
    for s, b in moves:
        rows.append([float((x, y) == (s, b)) for x, y, _ in cells])
        most.append(1)
    for when in range(periods):
        for body in range(7):
            rows.append([float((y, t) == (body, when)) for _, y, t in cells])
            most.append(capacity.staff[body, when])
        for v in range(2):
            rows.append([float(t == when and plan.option[x, y] == FIRST_VENDOR + v) for x, y, t in cells])
            most.append(capacity.vendor[v, when])
    found = milp(
        -gain,
        constraints=LinearConstraint(np.array(rows), -np.inf, np.array(most)),
        integrality=np.ones(len(gain)),
        bounds=Bounds(0, 1),
    )
    return round(-found.fun)


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_of_phasing_is_above_the_best_and_the_order_near(seed):
    commons, plan, capacity, found = phased(seed)
    if (plan.option == INDIVIDUAL).all():
        return
    best = best_order(commons, plan, capacity)
    assert found.saved <= best <= found.bound
    assert found.saved >= 0.8 * best


def test_it_is_told_who_held_a_move_up():
    commons = made_up(9, missing=0, bodies=2, prefectures=1, systems=2)
    option = np.full((2, 2), FIRST_VENDOR)
    plan = Plan(option, np.zeros((2, 1), bool), np.ones((2, 2), bool), np.zeros(2, bool), 0, 0)
    for staff, vendor, reasons in ((1, 9, {"staff"}), (9, 1, {"vendor"}), (0, 0, {"both"})):
        found = phase(commons, plan, Capacity(np.full((2, 1), staff), np.full((2, 1), vendor)))
        assert {late.reason for late in found.late} == reasons
    with pytest.raises(CostingError, match="staff has the shape"):
        phase(commons, plan, Capacity(np.zeros((1, 1), int), np.zeros((2, 1), int)))


def test_the_cost_of_a_plan_is_its_parts():
    commons = made_up(10)
    plan = choose(commons)
    assert own_yen(commons, plan).sum() + shared_yen(commons, plan) == plan.cost_yen
