import numpy as np
import pytest

from yui.engines.projection.public import (
    ProjectionError,
    compare,
    explain_ratio,
    fit_elasticity,
    fit_elasticity_of_change,
    labour_demand,
    labour_supply,
    need_by_people,
    need_by_use,
    supply_by_cohort,
    supply_by_share,
)


def test_a_known_elasticity_is_found():
    chance = np.random.default_rng(1)
    people = chance.lognormal(10, 1, 400)
    need = 3 * people**0.65 * np.exp(chance.normal(0, 0.1, 400))
    fit = fit_elasticity(people, need)
    assert fit.low < 0.65 < fit.high
    assert fit.high - fit.low < 0.05
    assert fit.explained > 0.9
    assert np.exp(fit.constant) == pytest.approx(3, rel=0.5)


def test_the_interval_is_right_nineteen_times_of_twenty():
    chance = np.random.default_rng(2)
    held = 0
    for _ in range(300):
        people = chance.lognormal(10, 1, 15)
        fit = fit_elasticity(people, people**0.8 * np.exp(chance.normal(0, 0.3, 15)))
        held += fit.low < 0.8 < fit.high
    assert 0.91 < held / 300 < 0.99


def test_the_formula_is_printed():
    fit = fit_elasticity(np.array([1.0, 2, 4]), np.array([3.0, 6, 12]))
    assert fit.formula == (
        "ln need = 1.099 + 1.000 · ln people; 95 % interval 1.000 to 1.000, 3 observations, R² 1.000"
    )
    change = fit_elasticity_of_change(1, 0.63, 1, 0.758)
    assert (
        change.formula
        == "Δ ln need = 0.600 · Δ ln people; 95 % interval -inf to inf, 1 observations, R² 1.000"
    )


def test_what_says_nothing_is_refused():
    with pytest.raises(ProjectionError, match="needs at least 3"):
        fit_elasticity(np.array([1.0, 2]), np.array([1.0, 2]))
    with pytest.raises(ProjectionError, match="same size"):
        fit_elasticity(np.ones(5), np.arange(1.0, 6))
    with pytest.raises(ProjectionError, match="must not be below 0"):
        fit_elasticity(np.array([0.0, 1, 2]), np.arange(1.0, 4))
    with pytest.raises(ProjectionError, match="same size"):
        fit_elasticity_of_change(1, 1, 1, 2)
    with pytest.raises(ProjectionError):
        explain_ratio((1, 2), (1, 2))


def test_need_and_supply():
    people = np.array([100.0, 50])
    assert need_by_people(10, people, 1).tolist() == [10, 5]
    assert need_by_people(10, people, 0).tolist() == [10, 10]
    assert supply_by_share(8, people).tolist() == [8, 4]
    assert need_by_use(np.array([0.0, 0.5]), np.array([[10.0, 20], [0, 40]]), 2).tolist() == [5, 10]


def test_workers_grow_older():
    found = supply_by_cohort(
        np.array([10.0, 20, 30]), np.array([0.9, 0.5, 0.1]), np.array([[5.0, 0, 0], [0, 1, 0]])
    )
    assert found[1].tolist() == [5, 9, 13]
    assert found[2] == pytest.approx([0, 5.5, 5.8])


def test_labour_market():
    people = np.ones((2, 2, 3)) * 10
    assert labour_supply(people, np.full((1, 2, 3), 0.5)).tolist() == [30, 30]
    demand = labour_demand(100, np.array([0.1, 0.0]), np.array([0.0, 0.1]))
    assert demand == pytest.approx([100, 110, 100])


def test_a_gap_is_not_the_increase_needed():
    (gap,) = compare([2040], [120], [90], base=100)
    assert (gap.more_than_base, gap.missing, gap.missing_share, gap.fill) == (20, 30, 0.25, 0.75)
