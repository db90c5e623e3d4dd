import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.projection.public import (
    Ages,
    Assumptions,
    ProjectionError,
    calibrate,
    change,
    project,
    what_if,
)
from yui.engines.projection.tests.figures import AGES, NATION

WIDE = Ages(open_from=60)


def made_up(seed, *, steps=3, regions=4, sexes=2, ages=WIDE):
    chance = np.random.default_rng(seed)
    shape = steps, regions, sexes, len(ages)
    survival = chance.uniform(0.6, 1, shape)
    arrival = chance.random(shape)
    share = chance.random((steps, regions, sexes))
    assumptions = Assumptions(
        survival=survival,
        departure=survival * chance.uniform(0, 0.5, shape),
        arrival=arrival / arrival.sum(axis=1, keepdims=True),
        children_per_woman=chance.uniform(0.1, 0.4, shape[:2]),
        child_share=share / share.sum(axis=2, keepdims=True),
        abroad=chance.uniform(-5, 20, (steps, sexes, len(ages))),
        ages=ages,
    )
    return chance.integers(0, 1_000, shape[1:]).astype(float), assumptions


def person_by_person(base, world):
    """The recursion as it is written in the reference, one cell after the other."""
    steps, regions, sexes, ages = world.survival.shape
    people = [base]
    for t in range(steps):
        now, then = people[-1], np.zeros((regions, sexes, ages))
        for s in range(sexes):
            for x in range(ages):
                pool = world.abroad[t, s, x] + sum(
                    now[i, s, x] * world.departure[t, i, s, x] for i in range(regions)
                )
                for i in range(regions):
                    stayed = now[i, s, x] * (world.survival[t, i, s, x] - world.departure[t, i, s, x])
                    then[i, s, min(x + 1, ages - 1)] += stayed + world.arrival[t, i, s, x] * pool
        for i in range(regions):
            women = sum(then[i, sexes - 1, x] for x in range(3, 10))
            for s in range(sexes):
                then[i, s, 0] = world.children_per_woman[t, i] * women * world.child_share[t, i, s]
        people.append(then)
    return np.stack(people)


@given(st.integers(0, 1_000), st.integers(1, 2))
@settings(max_examples=20, deadline=None)
def test_tables_give_what_cells_give(seed, sexes):
    base, world = made_up(seed, sexes=sexes)
    np.testing.assert_allclose(project(base, world), person_by_person(base, world), rtol=1e-12, atol=1e-9)


def test_nobody_is_lost_in_the_pool():
    base, world = made_up(1)
    everyone = Assumptions(
        survival=np.ones_like(world.survival),
        departure=world.departure,
        arrival=world.arrival,
        children_per_woman=np.zeros_like(world.children_per_woman),
        child_share=world.child_share,
        abroad=np.zeros_like(world.abroad),
        ages=WIDE,
    )
    people = project(base, everyone)
    assert people.sum(axis=(1, 2, 3)) == pytest.approx([base.sum()] * 4)


@given(st.integers(0, 1_000))
@settings(max_examples=20, deadline=None)
def test_raked_regions_add_up_to_the_nation(seed):
    base, world = made_up(seed)
    nation = project(base, world)[1:].sum(axis=1) * 1.03
    people = project(base, world, nation=nation)
    np.testing.assert_allclose(people[1:].sum(axis=1), nation, rtol=1e-12)


def test_nobody_cannot_be_raked():
    base, world = made_up(1, regions=1)
    base[0, 0, 3] = 0
    empty = Assumptions(
        world.survival,
        world.departure,
        world.arrival,
        world.children_per_woman,
        world.child_share,
        np.zeros_like(world.abroad),
        WIDE,
    )
    with pytest.raises(ProjectionError, match="nobody of a sex and age"):
        project(base, empty, nation=np.ones((3, 2, len(WIDE))))


# What-if


def published(seed, regions=5):
    """Whole persons, small places among them, some without anybody of an age."""
    base, world = made_up(seed, regions=regions)
    return np.rint(project(base / 10, world)).clip(0)


@given(st.integers(0, 1_000), st.floats(0.3, 1), st.floats(0, 0.3))
@settings(max_examples=50, deadline=None)
def test_the_baseline_is_the_published_result(seed, survival, departure):
    result = published(seed)
    world = calibrate(result, survival, departure, ages=WIDE)
    np.testing.assert_allclose(project(result[0], world), result, rtol=1e-12, atol=1e-9)
    assert np.array_equal(np.rint(project(result[0], world)), result)
    assert np.array_equal(what_if(result, world, change(world)), result)


def test_the_nation_is_a_region_too():
    result = NATION[:, None, None, :]
    world = calibrate(result, np.linspace(1, 0.5, len(AGES)), 0.02, ages=AGES)
    assert np.array_equal(np.rint(project(result[0].astype(float), world)), result)


def test_more_children_are_more_children_and_nothing_else_at_first():
    result = published(3)
    world = calibrate(result, 0.9, 0.1, ages=WIDE)
    more = what_if(result, world, change(world, fertility=1.1))
    np.testing.assert_allclose(more[1, ..., 0], result[1, ..., 0] * 1.1)
    np.testing.assert_allclose(more[1, ..., 1:], result[1, ..., 1:])
    np.testing.assert_allclose(more[2, ..., 1] >= result[2, ..., 1] - 1e-9, True)


def test_a_step_may_have_a_change_of_its_own():
    result = published(4)
    world = calibrate(result, 0.9, 0.1, ages=WIDE)
    factor = np.ones((3, 1))
    factor[2] = 0.5
    less = what_if(result, world, change(world, fertility=factor))
    np.testing.assert_allclose(less[:3], result[:3])
    np.testing.assert_allclose(less[3, ..., 0], result[3, ..., 0] / 2)


def test_mortality_stays_a_share():
    _, world = made_up(5)
    fewer = change(world, mortality=0.5)
    assert (fewer.survival >= world.survival).all()
    assert (fewer.survival <= 1).all()
    more = change(world, mortality=30)
    assert (more.departure <= more.survival).all()


def test_departures_and_arrivals_conserve_people():
    result = published(6)
    world = calibrate(result, 0.9, 0.1, ages=WIDE)
    first = np.ones((5, 1, 1))
    first[0] = 0.5
    nobody_born = {"fertility": 0}
    base = project(result[0], change(world, **nobody_born))
    for moved in (
        change(world, departures=first, **nobody_born),
        change(world, arrivals=2 - first, **nobody_born),
    ):
        other = project(result[0], moved)
        assert other[1].sum() == pytest.approx(base[1].sum())
        assert other[1, 0].sum() > base[1, 0].sum()
        assert other[1, 1:].sum() < base[1, 1:].sum()


def test_drawing_more_everywhere_changes_nothing():
    result = published(7)
    world = calibrate(result, 0.9, 0.1, ages=WIDE)
    np.testing.assert_allclose(change(world, arrivals=3).arrival, world.arrival)


def test_children_without_women_are_refused():
    result = published(8)
    result[1, 2, 1, WIDE.mothers] = 0
    result[1, 2, :, 0] = 3, 0
    with pytest.raises(ProjectionError, match=r"Row 2 has 3\.0 children in step 0"):
        calibrate(result, 0.9, 0.1, ages=WIDE)


# What is refused


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("survival", 1.2, "not_a_share"),
        ("departure", -0.1, "not_a_share"),
        ("departure", 0.99, "negative"),
        ("arrival", 0.9, "not_a_whole"),
        ("child_share", 0.9, "not_a_whole"),
        ("children_per_woman", -1, "negative"),
    ],
)
def test_impossible_assumptions_are_refused(name, value, code):
    _, world = made_up(9)
    parts = {field: getattr(world, field).copy() for field in world.__dataclass_fields__ if field != "ages"}
    parts[name].flat[0] = value
    with pytest.raises(ProjectionError) as error:
        Assumptions(**parts, ages=WIDE)
    assert error.value.code == code


def test_shapes_are_checked():
    base, world = made_up(10)
    with pytest.raises(ProjectionError, match="base has the shape"):
        project(base[:2], world)
    with pytest.raises(ProjectionError, match="abroad has the shape"):
        Assumptions(
            world.survival,
            world.departure,
            world.arrival,
            world.children_per_woman,
            world.child_share,
            world.abroad[:1],
            WIDE,
        )
    with pytest.raises(ProjectionError, match="below 0"):
        change(world, fertility=-1)
