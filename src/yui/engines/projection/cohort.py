"""The cohort-component engine with a pool of migrants, as the regional projections of 2023 use it.

Those who leave a region enter one pool; each region takes its share of the pool. So nobody who leaves one place is
lost, and what one place gains another one does not get. In a step of time, for region i, sex s, age group x::

    leaving[i, s, x]      = people[i, s, x] · departure[i, s, x]
    pool[s, x]            = Σ_i leaving[i, s, x] + abroad[s, x]
    people'[i, s, x + 1]  = people[i, s, x] · survival[i, s, x] − leaving[i, s, x] + arrival[i, s, x] · pool[s, x]
    people'[i, s, 0]      = children_per_woman[i] · Σ_{x bearing} people'[i, women, x] · child_share[i, s]

The open age group takes those who reach it and those who stay in it. If the nation's own projection is given, each sex
and age of all regions is multiplied by one factor so that the regions add up to it (raking).

Source:
    国立社会保障・人口問題研究所, 日本の地域別将来推計人口（令和5（2023）年推計）, on its method; 小池司朗 (2016),
    人口問題研究 72-3, on the pool model against net migration.
"""

from dataclasses import dataclass, replace

import numpy as np

from yui.engines.projection.ages import FIVE_YEAR_AGES, Ages, Floats
from yui.engines.projection.errors import ProjectionError

NEAR = 1e-9
"""How far shares that must add up to 1 may be off."""


@dataclass(frozen=True)
class Assumptions:
    """What is assumed for each step. All shares refer to the people at the beginning of the step.

    Shape:
        ``survival``, ``departure``, ``arrival``: ``(steps, regions, sexes, ages)``; ``children_per_woman``:
        ``(steps, regions)``; ``child_share``: ``(steps, regions, sexes)``; ``abroad``: ``(steps, sexes, ages)``.
        There are two sexes, men first, or one when both are counted together (then both count for the children).

    Attributes:
        survival: Share that is alive at the end of the step.
        departure: Share that leaves for another region.
        arrival: Share of the pool that comes here; over the regions the shares add up to 1.
        children_per_woman: Children of the first age group for each woman of the bearing ages, at the end of the step.
        child_share: Which part of these children is of each sex.
        abroad: People who enter the pool from other countries, less those who leave it for them.
    """

    survival: Floats
    departure: Floats
    arrival: Floats
    children_per_woman: Floats
    child_share: Floats
    abroad: Floats
    ages: Ages = FIVE_YEAR_AGES

    def __post_init__(self) -> None:
        steps, regions, sexes, ages = self.survival.shape
        shapes = {
            "survival": (steps, regions, sexes, len(self.ages)),
            "departure": (steps, regions, sexes, ages),
            "arrival": (steps, regions, sexes, ages),
            "children_per_woman": (steps, regions),
            "child_share": (steps, regions, sexes),
            "abroad": (steps, sexes, ages),
        }
        for name, expected in shapes.items():
            values = getattr(self, name)
            if values.shape != expected:
                raise ProjectionError("wrong_shape", what=name, shape=values.shape, expected=expected)
            lowest, highest = values.min(), values.max()
            if (
                name in ("survival", "departure", "arrival", "child_share")
                and not 0 <= lowest <= highest <= 1 + NEAR
            ):
                raise ProjectionError("not_a_share", what=name, value=lowest if lowest < 0 else highest)
            if name == "children_per_woman" and not lowest >= 0:
                raise ProjectionError("negative", what=name, value=lowest)
        if (stays := (self.survival - self.departure).min()) < -NEAR:
            raise ProjectionError("negative", what="survival less departure", value=stays)
        for name, axis, over in (("arrival", 1, "regions"), ("child_share", 2, "sexes")):
            sums = getattr(self, name).sum(axis=axis)
            if np.abs(sums - 1).max() > NEAR * max(regions, 1):
                raise ProjectionError(
                    "not_a_whole", what=name, over=over, value=sums.flat[np.abs(sums - 1).argmax()]
                )


def project(base: Floats, assumptions: Assumptions, *, nation: Floats | None = None) -> Floats:
    """People at the beginning and after each step.

    Shape:
        ``base``: ``(regions, sexes, ages)``; ``nation``: ``(steps, sexes, ages)``; the result:
        ``(steps + 1, regions, sexes, ages)``, float64.

    Raises:
        ProjectionError: a shape does not fit, or there is nobody to be raked to the nation's figure.

    Complexity:
        One pass over the assumptions; memory for the result and two tables of one step.
    """
    steps, *one = assumptions.survival.shape
    if base.shape != tuple(one):
        raise ProjectionError("wrong_shape", what="base", shape=base.shape, expected=tuple(one))
    mothers = assumptions.ages.mothers
    people = np.empty((steps + 1, *one))
    people[0] = base
    leaving, moved = np.empty(one), np.empty(one)
    for step in range(steps):
        before, after = people[step], people[step + 1]
        np.multiply(before, assumptions.departure[step], out=leaving)
        pool = leaving.sum(axis=0)
        pool += assumptions.abroad[step]
        np.multiply(before, assumptions.survival[step], out=moved)
        moved -= leaving
        np.multiply(assumptions.arrival[step], pool, out=leaving)
        moved += leaving
        after[..., 1:] = moved[..., :-1]
        after[..., -1] += moved[..., -1]
        if nation is not None:
            _rake(after[..., 1:], nation[step, :, 1:], step)
        children = assumptions.children_per_woman[step] * after[:, -1, mothers].sum(axis=-1)
        after[..., 0] = children[:, None] * assumptions.child_share[step]
        if nation is not None:
            _rake(after[..., :1], nation[step, :, :1], step)
    return people


def _rake(people: Floats, nation: Floats, step: int) -> None:
    sums = people.sum(axis=0)
    if (missing := (sums == 0) & (nation != 0)).any():
        raise ProjectionError("nothing_to_rake", step=step, nation=nation[missing][0])
    people *= np.divide(nation, sums, out=np.ones_like(sums), where=sums != 0)


# What-if: assumptions under which a published result comes out, and changes to them


def calibrate(
    published: Floats, survival: Floats, departure: Floats, *, ages: Ages = FIVE_YEAR_AGES
) -> Assumptions:
    """Assumptions under which :func:`project` gives the published result, whatever survival and departures are.

    Survival and departures are not published for regions, or come from another table. Given some, the rest follows:
    who is there at the end and did not survive and stay must have arrived. Where fewer are there than would have
    survived and stayed, more are taken to have left.

    Shape:
        ``published``: ``(steps + 1, regions, sexes, ages)``; ``survival`` and ``departure``: anything that can be
        broadcast to ``(steps, regions, sexes, ages)``.

    Raises:
        ProjectionError: a region has children and no women of the bearing ages.
    """
    published = np.asarray(published, float)
    before, after = published[:-1], published[1:]
    survival = np.array(np.broadcast_to(survival, before.shape), float)
    departure = np.array(np.broadcast_to(departure, before.shape), float)
    ended = np.empty_like(
        before
    )  # what is left of each group at the end; the open group is split by who survived
    ended[..., :-2] = after[..., 1:-1]
    lived = (before * survival)[..., -2:]
    reached = lived.sum(axis=-1)
    part = np.divide(lived[..., 0], reached, out=np.ones_like(reached), where=reached != 0)
    ended[..., -2] = after[..., -1] * part
    ended[..., -1] = after[..., -1] - ended[..., -2]
    remaining = np.divide(ended, before, out=np.ones_like(ended), where=before != 0)
    departure = np.minimum(np.maximum(departure, survival - remaining), survival)
    arrived = np.maximum(ended - before * (survival - departure), 0)
    coming, leaving = arrived.sum(axis=1), (before * departure).sum(axis=1)
    even = 1 / before.shape[1]  # nobody comes: whose share of nothing it is does not matter
    arrival = np.divide(arrived, coming[:, None], out=np.full_like(arrived, even), where=coming[:, None] != 0)
    women = after[:, :, -1, ages.mothers].sum(axis=-1)
    born = after[..., 0].sum(axis=-1)
    if (motherless := (women == 0) & (born > 0)).any():
        step, row = np.argwhere(motherless)[0]
        raise ProjectionError("no_mothers", row=row, step=step, children=born[step, row])
    ratio = np.divide(born, women, out=np.zeros_like(born), where=women != 0)
    sexes = before.shape[2]
    share = np.divide(
        after[..., 0], born[..., None], out=np.full_like(after[..., 0], 1 / sexes), where=born[..., None] != 0
    )
    return Assumptions(survival, departure, arrival, ratio, share, coming - leaving, ages)


def change(
    assumptions: Assumptions,
    *,
    fertility: float | Floats = 1.0,
    mortality: float | Floats = 1.0,
    departures: float | Floats = 1.0,
    arrivals: float | Floats = 1.0,
) -> Assumptions:
    """The same world with other children, deaths or moves; 1 changes nothing.

    Mortality multiplies the rate of dying, so that survival s becomes s to that power and stays a share. The pool is
    divided, not made: if one region draws 10 % more, the others draw a little less, and drawing more everywhere changes
    nothing.

    Args:
        assumptions: The world as it is.
        fertility: For children per woman; a number or something for ``(steps, regions)``.
        mortality: For the rate of dying; a number or something for ``(steps, regions, sexes, ages)``.
        departures: For the share that leaves, which stays below the share that survives; likewise.
        arrivals: For the share of the pool; likewise.
    """
    for what, factor in (
        ("fertility", fertility),
        ("mortality", mortality),
        ("departures", departures),
        ("arrivals", arrivals),
    ):
        if np.min(factor) < 0:
            raise ProjectionError("negative", what=what, value=np.min(factor))
    survival = assumptions.survival if _is_one(mortality) else assumptions.survival**mortality
    departure = np.minimum(assumptions.departure * departures, survival)
    arrival = assumptions.arrival
    if not _is_one(arrivals):
        arrival = arrival * arrivals
        sums = arrival.sum(axis=1, keepdims=True)
        arrival = np.divide(arrival, sums, out=assumptions.arrival.copy(), where=sums != 0)
    ratio = assumptions.children_per_woman * fertility
    return replace(
        assumptions, survival=survival, departure=departure, arrival=arrival, children_per_woman=ratio
    )


def what_if(published: Floats, assumptions: Assumptions, changed: Assumptions) -> Floats:
    """The published result moved by what a change does to it; without a change it is the published result, to the bit.

    Args:
        published: What the assumptions were calibrated to, shaped as for :func:`calibrate`.
        assumptions: From :func:`calibrate`.
        changed: From :func:`change`.
    """
    base = np.asarray(published[0], float)
    return published + (project(base, changed) - project(base, assumptions))


def extrapolate(before: Floats, after: Floats, steps: int, *, ages: Ages = FIVE_YEAR_AGES) -> Floats:
    """What comes if each cohort goes on changing as it did between two counts, and children for each woman too.

    It needs two counts and nothing else, and is no official projection: set against the national one of 2023 it gives
    too few people, 2 % by 2040 and 4 % by 2050.

    Shape:
        ``before``, ``after``: ``(regions, sexes, ages)``; the result: ``(steps + 1, regions, sexes, ages)``, beginning
        with ``after``.

    Source:
        Hamilton and Perry (1962), A short method for projecting population by age from one decennial census to
        another, Social Forces 41.
    """
    people = np.empty((steps + 1, *after.shape))
    people[0] = after
    from_ages = np.concatenate((before[..., :-2], before[..., -2:].sum(axis=-1, keepdims=True)), axis=-1)
    ratio = np.divide(after[..., 1:], from_ages, out=np.ones_like(from_ages, float), where=from_ages != 0)
    mothers = ages.mothers
    women = after[:, -1, mothers].sum(axis=-1)[:, None]
    children = np.divide(after[..., 0], women, out=np.zeros(after.shape[:2]), where=women != 0)
    for step in range(steps):
        now, then = people[step], people[step + 1]
        then[..., 1:] = now[..., :-1]
        then[..., -1] += now[..., -1]
        then[..., 1:] *= ratio
        then[..., 0] = children * then[:, -1, mothers].sum(axis=-1)[:, None]
    return people


def _is_one(factor: float | Floats) -> bool:
    return bool(np.all(np.equal(factor, 1)))
