"""How wrong past projections were, and the band that follows for the present one.

The errors of past releases against later censuses are taken as they were, without a formula for their shape. They
are handed over as *fields*: the error that one release made in one step of time, everywhere at once. A draw picks a
field for each step, and for each region an error that a region of its size class had in that field. So a draw keeps
what was wrong everywhere at the same time (births, foreigners) and what was wrong only in places.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yui.engines.projection.ages import FIVE_YEAR_AGES, Ages, Floats
from yui.engines.projection.errors import ProjectionError

BLOCK = 64
"""How many courses are gathered before they are written where the courses of a region lie side by side."""
LEAST_ERRORS = 5
"""Fewer past errors of a size class than this are no band."""


@dataclass(frozen=True)
class Accuracy:
    """How far past values were off in one size class.

    Attributes:
        size_class: Of the regions.
        count: How many regions.
        mean: Of the errors; above 0 where more people came to be than were projected.
        mean_absolute: Of the sizes of the errors.
        low, high: Between which four of five errors lie.
    """

    size_class: int
    count: int
    mean: float
    mean_absolute: float
    low: float
    high: float


@dataclass(frozen=True)
class PastErrors:
    """Errors of past releases, step by step.

    Shape:
        ``errors``: ``(fields, regions, sexes, ages)``, or with 1 for sexes and ages where only totals are known;
        ``size_classes``: ``(regions,)``, whole numbers.

    Units:
        ``errors``: logarithms of count over projection, each beyond the error of the step before (see
        :func:`step_errors`).
    """

    errors: Floats
    size_classes: NDArray[np.integer]

    def __post_init__(self) -> None:
        if self.errors.ndim != 4 or self.errors.shape[1] != len(self.size_classes):
            raise ProjectionError(
                "wrong_shape",
                what="errors",
                shape=self.errors.shape,
                expected=("fields", len(self.size_classes), "sexes or 1", "ages or 1"),
            )


def accuracy(projected: Floats, counted: Floats, size_classes: NDArray[np.integer]) -> tuple[Accuracy, ...]:
    """How far a past release was off, by size class, in shares of the projected value.

    Shape:
        All ``(regions,)``.
    """
    error = counted / projected - 1
    found = []
    for size_class in np.unique(size_classes):
        of_class = error[size_classes == size_class]
        low, high = np.quantile(of_class, (0.1, 0.9))
        found.append(
            Accuracy(
                int(size_class),
                len(of_class),
                float(of_class.mean()),
                float(np.abs(of_class).mean()),
                float(low),
                float(high),
            )
        )
    return tuple(found)


def step_errors(projected: Floats, counted: Floats) -> Floats:
    """What went wrong in each step of one release: its logarithmic error less that of the step before.

    Where nobody was projected or counted, no error is seen.

    Shape:
        Both ``(steps, ...)``, after the base year; the result likewise.
    """
    seen = (projected > 0) & (counted > 0)
    error = np.log(np.where(seen, counted, 1) / np.where(seen, projected, 1))
    return np.diff(error, axis=0, prepend=0)


def draws(
    published: Floats,
    size_classes: NDArray[np.integer],
    past: PastErrors,
    *,
    groups: tuple[tuple[int, int | None], ...] = ((0, None),),
    number: int = 1_000,
    seed: int = 0,
    ages: Ages = FIVE_YEAR_AGES,
) -> Floats:
    """Courses that the population could take if errors are like those of the past.

    An error stays with its cohort: whoever left unforeseen at 20 is missing at 25, and so are the children.

    Args:
        published: The projection around which the courses lie.
        size_classes: Of its regions, numbered as those of the past errors.
        past: What went wrong before.
        groups: Ages to be added up, from and until; ``None`` for no upper bound.
        number: How many courses.
        seed: The same seed gives the same courses.
        ages: The age groups of ``published``.

    Shape:
        ``published``: ``(steps + 1, regions, sexes, ages)``; the result: ``(steps + 1, groups, regions, number)``,
        float32.

    Raises:
        ProjectionError: a size class has too few past errors.
    """
    steps, regions, sexes, width = (published.shape[0] - 1, *published.shape[1:])
    order, start, count = _sources(size_classes, past)
    errors = np.broadcast_to(past.errors[:, order], (*past.errors.shape[:2], sexes, width))
    factor = np.exp(errors).astype(np.float32).reshape(len(errors), len(order), sexes * width)
    chance = np.random.default_rng(seed)
    belongs, bears = _members(groups, sexes, ages)
    people = published.astype(np.float32)
    oldest = people[:-1, ..., -2:]
    old = oldest.sum(axis=-1, keepdims=True)
    weight = np.divide(oldest, old, out=np.full_like(oldest, 0.5), where=old != 0)
    flat = people.reshape(steps + 1, regions, sexes * width)
    women = flat @ bears
    result = np.empty((steps + 1, len(groups), regions, number), np.float32)
    result[0] = (flat[0] @ belongs).T[..., None]
    factors, moved, course = (np.empty((regions, sexes, width), np.float32) for _ in range(3))
    all_moved, all_course = moved.reshape(flat[0].shape), course.reshape(flat[0].shape)
    block = np.empty((BLOCK, steps, regions, len(groups)), np.float32)
    for first in range(0, number, BLOCK):
        many = min(BLOCK, number - first)
        for n in range(many):
            factors[:] = 1
            fields = chance.integers(len(factor), size=steps)
            places = start + (chance.random((steps, regions)) * count).astype(np.intp)
            for step in range(steps):
                moved[..., 0] = 1
                moved[..., 1:-1] = factors[..., :-2]
                moved[..., -1] = (
                    factors[..., -2] * weight[step, ..., 0] + factors[..., -1] * weight[step, ..., 1]
                )
                all_moved *= factor[fields[step]].take(places[step], axis=0)
                np.multiply(flat[step + 1], all_moved, out=all_course)
                bearing = all_course @ bears
                births = np.divide(
                    bearing, women[step + 1], out=np.ones_like(bearing), where=women[step + 1] != 0
                )
                moved[..., 0] *= births[:, None]
                course[..., 0] *= births[:, None]
                np.matmul(all_course, belongs, out=block[n, step])
                factors[:] = moved
        result[1:, ..., first : first + many] = block[:many].transpose(1, 3, 2, 0)
    return result


def band(courses: Floats, quantiles: tuple[float, ...] = (0.1, 0.5, 0.9)) -> Floats:
    """Between which values a share of the courses lies.

    Shape:
        ``(..., number)`` becomes ``(quantiles, ...)``.
    """
    last = courses.shape[-1] - 1
    ranked = np.sort(courses, axis=-1)
    found = []
    for quantile in quantiles:
        low = int(np.floor(quantile * last))
        part = np.float32(quantile * last - low)
        found.append(ranked[..., low] * (1 - part) + ranked[..., min(low + 1, last)] * part)
    return np.stack(found)


def _members(groups: tuple[tuple[int, int | None], ...], sexes: int, ages: Ages) -> tuple[Floats, Floats]:
    """Which sexes and ages, in a row, belong to each group, and which are the women who bear children."""
    belongs = np.zeros((sexes, len(ages), len(groups)), np.float32)
    for number, group in enumerate(groups):
        belongs[:, ages.between(*group), number] = 1
    bears = np.zeros((sexes, len(ages)), np.float32)
    bears[-1, ages.mothers] = 1
    return belongs.reshape(-1, len(groups)), bears.reshape(-1)


def _sources(
    size_classes: NDArray[np.integer], past: PastErrors
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Past regions in order of class, and for each region where its class begins and how many it has."""
    order = np.argsort(past.size_classes, kind="stable")
    ranked = past.size_classes[order]
    start = np.searchsorted(ranked, size_classes, side="left")
    count = np.searchsorted(ranked, size_classes, side="right") - start
    if (few := count < LEAST_ERRORS).any():
        raise ProjectionError("no_errors", size_class=size_classes[few][0])
    return order, start, count
