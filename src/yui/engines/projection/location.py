"""From which size on a place usually has a service: the printed rule, and a smoother one beside it.

The printed rule takes municipalities in bands of population and looks for the smallest band of which more than a given
share has the service. A lucky band makes it jump, and several bands can be candidates. The smooth one lets the chance
rise with the logarithm of the population (``logit p = a + b · ln people``), says how sure it is, and has one threshold.
The free one lets it rise in any way; where the two differ much, the smooth one should not be believed.

Source:
    国土交通省, 国土のグランドデザイン2050 (2014), 参考資料, on the rule and the shares of 50 % and 80 %; Firth (1993),
    Bias reduction of maximum likelihood estimates, Biometrika 80, on the fit where services are separated by size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import isotonic_regression

from yui.engines.projection.ages import Floats
from yui.engines.projection.errors import ProjectionError

BANDS = ((10_000, 1_000), (100_000, 5_000), (None, 50_000))
"""Until which population bands have which width."""
TYPICAL = 0.5
"""Below this chance a size is no longer typical of places with the service."""


# The printed rule


@dataclass(frozen=True)
class Band:
    """Municipalities of a size.

    Attributes:
        low, high: From and until which population.
        places, having: How many there are, and how many of them have the service.
    """

    low: int
    high: int
    places: int
    having: int

    @property
    def centre(self) -> int:
        """What is printed."""
        return (self.low + self.high) // 2

    @property
    def share(self) -> float:
        return self.having / self.places


@dataclass(frozen=True)
class PrintedThreshold:
    """The printed rule's answer.

    Attributes:
        share: That had to be exceeded.
        population: Centre of the smallest band whose share exceeds it; ``None`` if there is none.
        candidates: Centres of all bands at which the share begins to exceed it. More than one means that the rule
            does not give a clear answer.
    """

    share: float
    population: int | None
    candidates: tuple[int, ...]


def bands(
    people: Floats, has_service: NDArray[np.bool_], widths: Sequence[tuple[int | None, int]] = BANDS
) -> tuple[Band, ...]:
    """Municipalities counted by size; bands without any are left out.

    Shape:
        Both ``(places,)``.
    """
    low = np.zeros(len(people), np.int64)
    width = np.zeros(len(people), np.int64)
    for until, one in reversed(widths):
        inside = slice(None) if until is None else people < until
        low[inside] = np.asarray(people)[inside] // one * one
        width[inside] = one
    found = []
    for one in np.unique(low):
        of_band = low == one
        found.append(
            Band(int(one), int(one + width[of_band][0]), int(of_band.sum()), int(has_service[of_band].sum()))
        )
    return tuple(found)


def printed_threshold(counted: Sequence[Band], share: float) -> PrintedThreshold:
    """The smallest band whose share exceeds the given one."""
    above = [band.share > share for band in counted]
    candidates = tuple(
        band.centre
        for band, now, before in zip(counted, above, [False, *above[:-1]], strict=True)
        if now and not before
    )
    return PrintedThreshold(share, candidates[0] if candidates else None, candidates)


def steepness(population_50: float, population_80: float) -> float:
    """The slope that two printed thresholds amount to; very steep ones come from lucky bands, not from behaviour."""
    return float(np.log(4) / np.log(population_80 / population_50))


# The smooth rule


@dataclass(frozen=True)
class Estimate:
    """A value and the interval that holds it with 95 % confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """``logit p = constant + slope · ln people``.

    Attributes:
        covariance: Of constant and slope; ``(2, 2)``.
        places, having: How many municipalities were looked at, and how many of them have the service.
    """

    constant: float
    slope: float
    covariance: Floats
    places: int
    having: int

    @property
    def formula(self) -> str:
        """The estimation, as it is printed beside the figures."""
        error = float(np.sqrt(self.covariance[1, 1]))
        return (
            f"logit p = {self.constant:.3f} + {self.slope:.3f} · ln people; standard error of the slope {error:.3f}, "
            f"{self.places} places, {self.having} with the service"
        )

    def chance(self, people: float) -> Estimate:
        """How likely a place of this size has the service."""
        row = np.array([1.0, np.log(people)])
        logit = self.constant + self.slope * row[1]
        reach = _NORMAL * np.sqrt(row @ self.covariance @ row)
        return Estimate(*(float(_expit(one)) for one in (logit, logit - reach, logit + reach)))

    def threshold(self, share: float) -> Estimate:
        """From which population on the chance exceeds a share; the interval by the delta method on the logarithm."""
        log = (np.log(share / (1 - share)) - self.constant) / self.slope
        row = np.array([-1.0, -log]) / self.slope
        reach = _NORMAL * np.sqrt(row @ self.covariance @ row)
        return Estimate(*(float(np.exp(one)) for one in (log, log - reach, log + reach)))


def fit_location(people: Floats, has_service: NDArray[np.bool_]) -> Curve:
    """The smooth curve, by Firth's penalised likelihood, which has an answer even where size separates the places.

    Shape:
        Both ``(places,)``; people above 0.

    Raises:
        ProjectionError: all or none of the places have the service, or the share falls with size.
    """
    having = np.asarray(has_service, float)
    if having.min() == having.max():
        raise ProjectionError("one_sided", found=len(having), having=int(having.sum()))
    logs = np.log(np.asarray(people, float))
    middle = logs.mean()
    rows = np.column_stack((np.ones_like(logs), logs - middle))
    beta = np.zeros(2)
    for _ in range(200):
        chance = _expit(rows @ beta)
        weight = chance * (1 - chance)
        covariance = np.linalg.inv(rows.T @ (rows * weight[:, None]))
        leverage = weight * np.einsum("ij,jk,ik->i", rows, covariance, rows)
        move = covariance @ (rows.T @ (having - chance + leverage * (0.5 - chance)))
        largest = np.abs(move).max()
        beta += move * min(1.0, 2.0 / largest) if largest else 0
        if largest < 1e-10:
            break
    if beta[1] <= 0:
        raise ProjectionError("not_rising")
    back = np.array([[1.0, -middle], [0.0, 1.0]])
    return Curve(
        float(beta[0] - beta[1] * middle),
        float(beta[1]),
        back @ covariance @ back.T,
        len(having),
        int(having.sum()),
    )


def free_curve(people: Floats, has_service: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The share that fits best among all that do not fall with size: sizes, and the share from each on.

    Shape:
        Both ``(places,)``; the results ``(steps,)``, sizes and shares rising.
    """
    sizes, where, places = np.unique(np.asarray(people, float), return_inverse=True, return_counts=True)
    having = np.bincount(where, weights=np.asarray(has_service, float))
    share = isotonic_regression(having / places, weights=places).x
    first = np.flatnonzero(np.diff(share, prepend=-1) > 0)
    return sizes[first], share[first]


def free_threshold(
    people: Floats, has_service: NDArray[np.bool_], share: float, *, draws: int = 500, seed: int = 0
) -> Estimate | None:
    """From which population on the free curve exceeds a share; the interval from places drawn again and again.

    Gives ``None`` where it never does. An interval may end in infinity: some draws never reach the share.
    """

    def first(chosen: NDArray[np.integer] | slice) -> float:
        sizes, shares = free_curve(people[chosen], has_service[chosen])
        above = np.flatnonzero(shares > share)
        return float(sizes[above[0]]) if len(above) else np.inf

    people, has_service = np.asarray(people, float), np.asarray(has_service)
    value = first(slice(None))
    if value == np.inf:
        return None
    chance = np.random.default_rng(seed)
    again = np.sort([first(chance.integers(len(people), size=len(people))) for _ in range(draws)])
    return Estimate(value, float(again[int(0.025 * draws)]), float(again[int(0.975 * draws)]))


# Places that lose the size


@dataclass(frozen=True)
class ScaleLost:
    """A place whose size will no longer be typical of places with the service. It is no forecast of a closure.

    Attributes:
        place: Its number among the places.
        now, then: The chance with its interval.
        clear: Whether the whole interval lies below what is typical.
    """

    place: int
    now: Estimate
    then: Estimate

    @property
    def clear(self) -> bool:
        return self.then.high < TYPICAL


def scale_no_longer_typical(curve: Curve, people_now: Floats, people_then: Floats) -> tuple[ScaleLost, ...]:
    """Places where the chance is at least one half now and will be less.

    Shape:
        Both ``(places,)``.
    """
    found = []
    for place, (now, then) in enumerate(zip(people_now, people_then, strict=True)):
        before = curve.chance(now)
        after = curve.chance(then) if then > 0 else Estimate(0.0, 0.0, 0.0)
        if before.value >= TYPICAL > after.value:
            found.append(ScaleLost(place, before, after))
    return tuple(found)


_NORMAL = float(stats.norm.ppf(0.975))


def _expit(values: Floats | float) -> Floats:
    return 1 / (1 + np.exp(-np.asarray(values)))
