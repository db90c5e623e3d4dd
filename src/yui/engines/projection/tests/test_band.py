import numpy as np
import pytest

from yui.engines.projection.public import (
    FIVE_YEAR_AGES,
    PastErrors,
    ProjectionError,
    accuracy,
    band,
    draws,
    step_errors,
)

WIDTH = len(FIVE_YEAR_AGES)
ALL, YOUNG, OLD = (0, None), (0, 5), (65, None)


def course(regions=12, steps=3):
    chance = np.random.default_rng(3)
    return np.rint(chance.uniform(10, 900, (steps + 1, regions, 2, WIDTH)))


def no_errors(fields=2, regions=12):
    return np.zeros((fields, regions, 2, WIDTH))


def test_without_past_errors_there_is_one_course():
    people, classes = course(), np.repeat([0, 1], 6)
    found = draws(people, classes, PastErrors(no_errors(), classes), groups=(ALL, OLD), number=70)
    assert found.shape == (4, 2, 12, 70)
    for group, ages in enumerate((ALL, OLD)):
        expected = FIVE_YEAR_AGES.total(people, *ages).sum(axis=-1)
        np.testing.assert_allclose(found[:, group], np.repeat(expected[..., None], 70, axis=2), rtol=1e-5)


def test_an_error_stays_with_its_cohort():
    people, classes = course(), np.zeros(12, int)
    errors = no_errors(fields=1)
    errors[..., 4] = np.log(1.5)  # those of 20 to 24, in each step
    found = draws(
        people, classes, PastErrors(errors, classes), groups=((20, 25), (25, 30), (30, 35)), number=1
    )
    expected = FIVE_YEAR_AGES.total(people, 20, 25).sum(axis=-1)
    np.testing.assert_allclose(found[1:, 0, :, 0], expected[1:] * 1.5, rtol=1e-5)
    at_25, at_30 = (people[..., x].sum(axis=-1) for x in (5, 6))
    np.testing.assert_allclose(found[2, 1, :, 0], at_25[2] * 1.5, rtol=1e-5)
    np.testing.assert_allclose(found[1, 1, :, 0], at_25[1], rtol=1e-5)
    np.testing.assert_allclose(found[3, 2, :, 0], at_30[3] * 1.5, rtol=1e-5)


def test_missing_women_are_missing_children():
    people, classes = course(), np.zeros(12, int)
    errors = no_errors(fields=1)
    errors[:, :, 1, FIVE_YEAR_AGES.mothers] = np.log(0.5)
    found = draws(people, classes, PastErrors(errors, classes), groups=(YOUNG,), number=1)
    expected = people[1, ..., 0].sum(axis=-1) / 2
    np.testing.assert_allclose(found[1, 0, :, 0], expected, rtol=1e-5)


def test_errors_of_totals_move_all_ages_alike():
    people, classes = course(steps=1), np.zeros(12, int)
    errors = np.full((1, 12, 1, 1), np.log(1.1))
    found = draws(people, classes, PastErrors(errors, classes), groups=((5, None),), number=2)
    expected = FIVE_YEAR_AGES.total(people, 5).sum(axis=-1)
    np.testing.assert_allclose(found[1, 0, :, 0], expected[1] * 1.1, rtol=1e-5)


def test_regions_draw_from_their_own_class_and_share_a_field():
    people, classes = course(steps=1), np.repeat([0, 1], 6)
    errors = np.zeros((2, 12, 1, 1))
    errors[0, :6], errors[0, 6:], errors[1, :6], errors[1, 6:] = 0.1, 0.2, -0.1, -0.2
    found = draws(people, classes, PastErrors(errors, classes), groups=((5, None),), number=60)
    expected = FIVE_YEAR_AGES.total(people, 5).sum(axis=-1)[1]
    error = np.log(found[1, 0] / expected[:, None])
    assert {tuple(np.round(column, 3)) for column in error.T} == {
        (0.1,) * 6 + (0.2,) * 6,
        (-0.1,) * 6 + (-0.2,) * 6,
    }


def test_a_seed_gives_the_same_courses():
    people, classes = course(), np.zeros(12, int)
    past = PastErrors(np.random.default_rng(0).normal(0, 0.1, (2, 12, 2, WIDTH)), classes)
    first, again, other = (draws(people, classes, past, number=5, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    longer = draws(people, classes, past, number=80, seed=1)
    np.testing.assert_allclose(longer[..., :5], first)


def test_the_band_is_numpys_quantile():
    courses = np.random.default_rng(0).random((2, 3, 101), np.float32)
    np.testing.assert_allclose(
        band(courses, (0.0, 0.123, 1.0)), np.quantile(courses, (0.0, 0.123, 1.0), axis=-1), rtol=1e-5
    )


def test_too_few_errors_are_no_band():
    people = course()
    with pytest.raises(ProjectionError, match="Size class 1 has no past errors"):
        draws(people, np.repeat([0, 1], 6), PastErrors(no_errors(), np.array([0] * 8 + [1] * 4)))
    with pytest.raises(ProjectionError, match="errors has the shape"):
        PastErrors(no_errors(), np.zeros(3, int))


def test_step_errors_are_what_each_step_adds():
    projected, counted = np.array([[100.0, 100], [100, 0]]), np.array([[110.0, 90], [121, 5]])
    found = step_errors(projected, counted)
    np.testing.assert_allclose(found[0], np.log([1.1, 0.9]))
    np.testing.assert_allclose(found[1], [np.log(1.1), -np.log(0.9)])  # nobody projected: no error seen


def test_accuracy_by_size_class():
    small, large = accuracy(np.full(4, 100.0), np.array([90.0, 110, 105, 105]), np.array([0, 0, 1, 1]))
    assert (small.size_class, small.count) == (0, 2)
    assert small.mean == pytest.approx(0)
    assert small.mean_absolute == pytest.approx(0.1)
    assert (large.low, large.high) == (pytest.approx(0.05), pytest.approx(0.05))
