from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from yui.engines.costing.public import CostingError, Pool, Terms, rotate


def made_up(seed=1, specialists=3, places=3, skills=2, quarters=4):
    chance = np.random.default_rng(seed)
    has = chance.random((specialists, skills)) < 0.6
    has[np.arange(specialists), chance.integers(0, skills, specialists)] = True
    return Pool(
        tuple(f"w{n}" for n in range(specialists)),
        tuple(f"p{n}" for n in range(places)),
        tuple(f"k{n}" for n in range(skills)),
        has,
        chance.integers(0, 6, (places, skills, quarters)).astype(float),
        chance.integers(10, 120, (specialists, places)).astype(float),
        chance.integers(0, 4, places),
    )


TERMS = Terms(lengths=(2, 3), at_once=1, least_quarters=0, farthest=100, start=0.5, minute=0.01)


def keeps(pool, terms, stints):
    """Whether stints (who, where, begins, until) keep the terms."""
    quarters = pool.need.shape[-1]
    for who, quarter in product(range(len(pool.specialists)), range(quarters)):
        if sum(s[0] == who and s[2] <= quarter < s[3] for s in stints) > terms.at_once:
            return False
    for one, other in combinations(stints, 2):
        if one[:2] == other[:2]:
            first, second = sorted((one, other), key=lambda s: s[2])
            if second[2] <= first[3]:
                return False
    return all(
        sum(s[3] - s[2] for s in stints if s[1] == place) >= terms.least_quarters
        for place in range(len(pool.places))
    )


def worth(pool, terms, stints):
    able = np.zeros(pool.need.shape, bool)
    for who, where, begins, until in stints:
        able[where, pool.has[who], begins:until] = True
    costs = sum(terms.start + terms.minute * pool.travel[s[0], s[1]] * (s[3] - s[2]) for s in stints)
    return pool.need[able].sum() - costs


def best_of_all(pool, terms):
    quarters = pool.need.shape[-1]
    stints = [
        (who, where, begins, begins + length)
        for who, where in product(range(len(pool.specialists)), range(len(pool.places)))
        if pool.travel[who, where] <= terms.farthest
        for length in terms.lengths
        for begins in range(quarters - length + 1)
    ]
    return max(
        worth(pool, terms, chosen)
        for many in range(5)
        for chosen in combinations(stints, many)
        if keeps(pool, terms, chosen)
    )


def numbers(pool, rotation):
    return [
        (pool.specialists.index(s.specialist), pool.places.index(s.place), s.begins, s.until)
        for s in rotation.stints
    ]


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_best_of_all(seed):
    pool = made_up(seed, specialists=2, places=2)
    found = rotate(pool, TERMS, gap=0)
    assert found.value == pytest.approx(best_of_all(pool, TERMS))
    assert found.bound == pytest.approx(found.value)


@pytest.mark.parametrize("seed", range(6))
def test_terms_are_kept_and_the_value_is_what_it_says(seed):
    pool = made_up(seed, specialists=4, places=5, skills=3, quarters=8)
    terms = replace(TERMS, at_once=2, least_quarters=2, farthest=150)
    found = rotate(pool, terms, gap=0.01)
    stints = numbers(pool, found)
    assert keeps(pool, terms, stints)
    assert found.value == pytest.approx(worth(pool, terms, stints))
    assert -1e-9 <= found.gap <= 0.011
    assert (found.covered <= found.needed).all()
    assert found.quarters.sum() == sum(s.until - s.begins for s in found.stints)
    assert found.quarters.min() >= 2


def test_places_that_hang_on_one_person_are_named():
    pool = made_up(2, specialists=1, places=3)
    pool = replace(pool, own_staff=np.array([1, 0, 5]), travel=np.array([[10.0, 300, 300]]))
    pool.need[0] = 5.0
    pool.has[:] = True
    found = rotate(pool, replace(TERMS, lengths=(4,)), gap=0)
    assert [stint.place for stint in found.stints] == ["p0"]
    assert found.alone == ("p1",)


def test_what_cannot_be_is_refused():
    pool = made_up(3)
    with pytest.raises(CostingError, match="No specialist can reach"):
        rotate(pool, replace(TERMS, farthest=1))
    with pytest.raises(CostingError, match="No plan was found"):
        rotate(pool, replace(TERMS, least_quarters=99))
    with pytest.raises(CostingError, match="travel has the shape"):
        replace(pool, travel=pool.travel[:1])
