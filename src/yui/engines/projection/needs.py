"""What is needed against what there will be: staff, teachers, drivers, carers, the labour market.

Need follows the people served, with an elasticity that is fitted and shown: ``need = base · (people / people then) ^
elasticity``. Supply is a share of the people of an age, or workers who grow older, leave and are joined by others. All
of it is arithmetic with the assumptions on the table; none of it repeats the models behind the figures that ministries
and institutes publish, which are compared by :func:`compare` as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from yui.engines.projection.ages import Floats
from yui.engines.projection.errors import ProjectionError

LEAST = 3


@dataclass(frozen=True)
class Elasticity:
    """By how many percent the need changes when the people change by one.

    Attributes:
        value: The elasticity.
        low, high: Where it lies with 95 % confidence; infinite where one observation says nothing about it.
        constant: Logarithm of the factor before the power; 0 for a fit to changes.
        observations: How many places or years.
        explained: Share of the variance that is explained.
    """

    value: float
    low: float
    high: float
    constant: float
    observations: int
    explained: float

    @property
    def formula(self) -> str:
        """The estimation, as it is printed beside the figures."""
        begin = f"ln need = {self.constant:.3f} + " if self.constant else "Δ ln need = "
        people = "ln people" if self.constant else "Δ ln people"
        return (
            f"{begin}{self.value:.3f} · {people}; 95 % interval {self.low:.3f} to {self.high:.3f}, "
            f"{self.observations} observations, R² {self.explained:.3f}"
        )


def fit_elasticity(people: Floats, need: Floats) -> Elasticity:
    """The elasticity across places at one time, by least squares on logarithms.

    Shape:
        Both ``(places,)``, above 0.

    Raises:
        ProjectionError: fewer than three places, or all of one size.
    """
    x, y = np.log(_positive("people", people)), np.log(_positive("need", need))
    if len(x) < LEAST:
        raise ProjectionError("too_few", what="An elasticity", least=LEAST, found=len(x))
    if np.ptp(x) == 0:
        raise ProjectionError("no_variation")
    slope = ((x - x.mean()) @ (y - y.mean())) / ((x - x.mean()) @ (x - x.mean()))
    constant = y.mean() - slope * x.mean()
    rest = y - constant - slope * x
    error = np.sqrt(rest @ rest / (len(x) - 2) / ((x - x.mean()) @ (x - x.mean())))
    return _elasticity(slope, error, len(x) - 2, constant, len(x), 1 - rest @ rest / _spread(y - y.mean()))


def fit_elasticity_of_change(
    people_before: Floats, people_after: Floats, need_before: Floats, need_after: Floats
) -> Elasticity:
    """The elasticity of changes over time: both logarithms, through no change at all.

    One place is enough for a value; it says nothing about how sure it is.

    Shape:
        All ``(places,)``, above 0.
    """
    x = np.log(_positive("people", people_after) / _positive("people", people_before))
    y = np.log(_positive("need", need_after) / _positive("need", need_before))
    if not (x @ x):
        raise ProjectionError("no_variation")
    slope = x @ y / (x @ x)
    rest = y - slope * x
    error = np.sqrt(rest @ rest / (len(x) - 1) / (x @ x)) if len(x) > 1 else np.inf
    return _elasticity(slope, error, len(x) - 1, 0.0, len(x), 1 - rest @ rest / _spread(y))


def need_by_people(base_need: float, people: Floats, elasticity: float) -> Floats:
    """What is needed while the people change.

    Shape:
        ``people``: ``(years,)``, the first being the year of ``base_need``; the result likewise.
    """
    return base_need * (people / people[0]) ** elasticity


def need_by_use(users_per_person: Floats, people: Floats, users_per_worker: float) -> Floats:
    """Workers for services that are used more at some ages.

    Shape:
        ``users_per_person``: ``(ages,)``; ``people``: ``(years, ages)``; the result: ``(years,)``.
    """
    return people @ users_per_person / users_per_worker


def supply_by_share(base_supply: float, people: Floats) -> Floats:
    """Workers who stay the same share of the people of their age.

    Shape:
        ``people``: ``(years,)``, of working age, the first being the year of ``base_supply``; the result likewise.
    """
    return base_supply * people / people[0]


def supply_by_cohort(workers: Floats, staying: Floats, joining: Floats) -> Floats:
    """Workers who grow older, stay or leave, and are joined by others.

    Shape:
        ``workers``: ``(ages,)``; ``staying``: ``(ages,)``, the share still there one age group later (in the open
        group: after as long); ``joining``: ``(steps, ages)``, by their age then; the result: ``(steps + 1, ages)``.
    """
    people = [np.asarray(workers, float)]
    for new in joining:
        stay = people[-1] * staying
        then = np.concatenate(([0.0], stay[:-1]))
        then[-1] += stay[-1]
        people.append(then + new)
    return np.stack(people)


def labour_supply(people: Floats, participation: Floats) -> Floats:
    """People in the labour market.

    Shape:
        Both ``(years, sexes, ages)`` or what can be broadcast to it; the result: ``(years,)``.
    """
    return (people * participation).sum(axis=(-2, -1))


def labour_demand(employed: float, growth: Floats, productivity: Floats) -> Floats:
    """People needed for an output that grows, with a productivity that grows.

    Shape:
        ``growth``, ``productivity``: ``(years,)``, yearly rates; the result: ``(years + 1,)``, beginning with
        ``employed``.
    """
    factors = (1 + growth) / (1 + productivity)
    return employed * np.concatenate(([1.0], np.cumprod(factors)))


@dataclass(frozen=True)
class Gap:
    """Need and supply of one year.

    Attributes:
        more_than_base: How many more are needed than there were in the base year. It is not the shortage.
        missing: How many are missing if supply comes as projected; below 0 for more than enough.
        missing_share: Of the need.
        fill: Supply as a share of the need.
    """

    year: int
    need: float
    supply: float
    more_than_base: float

    @property
    def missing(self) -> float:
        return self.need - self.supply

    @property
    def missing_share(self) -> float:
        return self.missing / self.need

    @property
    def fill(self) -> float:
        return self.supply / self.need


def compare(
    years: Sequence[int], need: Sequence[float], supply: Sequence[float], base: float
) -> tuple[Gap, ...]:
    """Need against supply, year by year; ``base`` is how many there were in the base year."""
    return tuple(
        Gap(year, one, other, one - base) for year, one, other in zip(years, need, supply, strict=True)
    )


@dataclass(frozen=True)
class RatioChange:
    """Why a ratio, such as of applicants to those hired, is another than before.

    Attributes:
        before, after: The ratio.
        by_upper, by_lower: Which part of its change in logarithms comes from above and from below the line; they add
            up to 1.
    """

    before: float
    after: float
    by_upper: float
    by_lower: float


def explain_ratio(upper: tuple[float, float], lower: tuple[float, float]) -> RatioChange:
    """Splits the change of ``upper / lower`` between two times into what each of the two did."""
    before, after = upper[0] / lower[0], upper[1] / lower[1]
    whole = np.log(after / before)
    if whole == 0:
        raise ProjectionError("no_variation")
    return RatioChange(
        before, after, float(np.log(upper[1] / upper[0]) / whole), float(-np.log(lower[1] / lower[0]) / whole)
    )


def _elasticity(
    slope: float, error: float, free: int, constant: float, observations: int, explained: float
) -> Elasticity:
    reach = float(stats.t.ppf(0.975, free) * error) if free > 0 else np.inf
    return Elasticity(
        float(slope),
        float(slope - reach),
        float(slope + reach),
        float(constant),
        observations,
        float(explained),
    )


def _spread(values: Floats) -> float:
    return float(values @ values) or 1.0


def _positive(what: str, values: Floats) -> Floats:
    values = np.atleast_1d(np.asarray(values, float))
    if not (values > 0).all():
        raise ProjectionError("negative", what=what, value=values.min())
    return values
