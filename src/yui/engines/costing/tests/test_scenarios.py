import numpy as np
import pytest

from yui.engines.costing.public import (
    INDIVIDUAL,
    JOINT,
    NOT_OFFERED,
    RULES,
    CostingError,
    Limits,
    Plan,
    Prices,
    Scenario,
    choose,
    choose_within,
    lock_in,
    outcome,
    price,
)
from yui.engines.costing.tests.nation import made_up

PEOPLE = np.array([900, 30_000, 5_000, 700, 60_000, 12_000, 8_000])


def prices(seed=1):
    commons = made_up(seed)
    chance = np.random.default_rng(seed)
    shape = commons.yearly_yen.shape
    parts = (chance.integers(0, 50, shape) for _ in range(4))
    return Prices(commons, *parts)


def test_a_scenario_changes_its_part_and_no_other():
    parts = prices()
    base = price(parts, Scenario(139))
    offered = parts.commons.yearly_yen < NOT_OFFERED
    dearer = price(parts, Scenario(160)).yearly_yen - base.yearly_yen
    assert dearer[offered] == pytest.approx((parts.cloud_usd * 21)[offered])
    worse = price(parts, Scenario(139, misfit=2.0)).yearly_yen - base.yearly_yen
    assert worse[offered] == pytest.approx(parts.misfit_yen[offered])
    assert (base.yearly_yen[~offered] == NOT_OFFERED).all()


def test_the_cloud_bill_of_the_pilots():
    """1.24 billion yen at 139 yen to the dollar are 1.42 at 160, as the pilots printed it, within their rounding."""
    low, high = (bill / 139 * 160 for bill in (12.35, 12.45))
    assert low < 14.25
    assert high > 14.15


def test_who_does_not_take_part_has_its_own():
    parts = prices()
    part = np.array([True, False, True, True, False, True, True])
    plan = choose(price(parts, Scenario(139, taking_part=part)))
    assert (plan.option[:, ~part] < JOINT).all()
    none = choose(price(parts, Scenario(139, taking_part=np.zeros((3, 7), bool))))
    assert not any(there.any() for there in (none.joint, none.vendor, none.national))
    assert none.cost_yen >= plan.cost_yen >= choose(price(parts, Scenario(139))).cost_yen


# Who wins and who loses


@pytest.mark.parametrize("rule", RULES[:5])
@pytest.mark.parametrize("limits", [None, Limits(np.full(7, 2), np.array([5, 5]), 1)])
def test_bills_and_the_nations_part_are_the_cost(rule, limits):
    for seed in range(6):
        commons = made_up(seed, missing=0)
        plan = choose(commons) if limits is None else choose_within(commons, limits, rounds=20)
        found = outcome(commons, plan, PEOPLE, rule)
        assert found.total_yen == plan.cost_yen
        assert found.before_yen.sum() == commons.yearly_yen[:, INDIVIDUAL].sum()
        change = found.after_yen - found.before_yen
        assert dict(found.losers) == {
            commons.bodies[body]: change[body] for body in np.flatnonzero(change > 0)
        }
        assert (found.after_yen - found.transfer_yen <= found.before_yen).all()
        assert (found.transfer_yen[change <= 0] == 0).all()
        assert [yen for _, yen in found.losers] == sorted((yen for _, yen in found.losers), reverse=True)


def test_nobody_loses_by_the_talmud_rule_in_the_cheapest_plan():
    for seed in range(30):
        commons = made_up(seed, missing=0)
        assert outcome(commons, choose(commons), PEOPLE, "talmud").losers == ()


def test_somebody_may_lose_by_population():
    losers = [
        outcome(commons, choose(commons), PEOPLE, "population").losers
        for commons in (made_up(seed, missing=0) for seed in range(30))
    ]
    assert any(losers)


def test_a_system_kept_for_competition_is_the_nations():
    commons = made_up(1, missing=0)
    option = np.ones((3, 7), int)
    plan = Plan(option, np.zeros((3, 2), bool), np.array([[True, False]] * 3), np.zeros(3, bool), 0, 0)
    assert outcome(commons, plan, PEOPLE, "equal").nation_yen == commons.vendor_yen[:, 0].sum()


def test_without_a_price_of_today_nobody_can_be_said_to_lose():
    commons = made_up(1, missing=0)
    commons.yearly_yen[0, INDIVIDUAL, 0] = NOT_OFFERED
    with pytest.raises(CostingError, match="s0 of b0"):
        outcome(commons, choose(commons), PEOPLE, "equal")


# The way out


def test_the_way_out_is_the_cheapest_of_what_is_there():
    commons = made_up(2, missing=0, systems=1)
    option = np.full((1, 7), JOINT)
    plan = Plan(option, np.ones((1, 2), bool), np.array([[True, False]]), np.zeros(1, bool), 0, 0)
    leaving = np.full((1, 7), 1_000)
    yearly = commons.yearly_yen[0]
    expected = 1_000 + np.maximum(yearly[[0, 1, 3]].min(axis=0) - yearly[JOINT], 0)
    assert lock_in(commons, plan, leaving)[0].tolist() == expected.tolist()
    commons.yearly_yen[0, [0, 1, 3], 0] = NOT_OFFERED
    assert lock_in(commons, plan, leaving)[0, 0] == NOT_OFFERED
