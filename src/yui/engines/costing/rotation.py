"""A pool of specialists who go round: who works where and when, so that the need that matters most is covered.

What is decided is a *stint*: one specialist at one place from one quarter on for some quarters. A specialist has no
more places at a time than allowed, does not come back to a place without a quarter in between, and goes no farther
than allowed. Each place gets at least some quarters of somebody. HiGHS finds the stints and proves how good they are.

Source:
    Huangfu and Hall (2018), Parallelizing the dual revised simplex method, Mathematical Programming Computation 10, on
    HiGHS, which scipy ships.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from yui.engines.costing.problem import CostingError


@dataclass(frozen=True)
class Pool:
    """Specialists, places and their needs.

    Attributes:
        specialists, places, skills: Their names.
        has: Which skills each specialist has; ``(specialists, skills)``.
        need: What covering a need is worth in each quarter; 0 for no need; ``(places, skills, quarters)``.
        travel: From each specialist's home to each place, in minutes; ``(specialists, places)``.
        own_staff: Digital staff that each place has itself; ``(places,)``.
    """

    specialists: tuple[str, ...]
    places: tuple[str, ...]
    skills: tuple[str, ...]
    has: NDArray[np.bool_]
    need: NDArray[np.float64]
    travel: NDArray[np.float64]
    own_staff: NDArray[np.int64]

    def __post_init__(self) -> None:
        specialists, places, skills = len(self.specialists), len(self.places), len(self.skills)
        shapes = {
            "has": (specialists, skills),
            "need": (places, skills, self.need.shape[-1]),
            "travel": (specialists, places),
            "own_staff": (places,),
        }
        for name, expected in shapes.items():
            if getattr(self, name).shape != expected:
                raise CostingError(
                    "wrong_shape", what=name, shape=getattr(self, name).shape, expected=expected
                )


@dataclass(frozen=True)
class Terms:
    """How specialists work.

    Attributes:
        lengths: Of a stint, in quarters.
        at_once: How many places a specialist has at most.
        least_quarters: How many quarters of somebody each place gets at least, of all specialists together.
        farthest: In minutes.
        start: What beginning a stint costs, in the unit of needs.
        minute: What a minute of travel costs for each quarter, in the unit of needs.
    """

    lengths: tuple[int, ...] = (2, 3, 4)
    at_once: int = 2
    least_quarters: int = 2
    farthest: float = 90.0
    start: float = 0.0
    minute: float = 0.0


@dataclass(frozen=True)
class Stint:
    """One specialist at one place; quarters are numbered from 0, ``until`` is not part of it."""

    specialist: str
    place: str
    begins: int
    until: int


@dataclass(frozen=True)
class Rotation:
    """Who works where and when.

    Attributes:
        stints: In the order of specialists and quarters: each one's way.
        value: Of the needs that are covered, less starts and travel.
        bound: No rotation is worth more.
        covered: Worth of the needs that are covered; ``(places,)``. By it the cost of the pool can be shared.
        needed: Worth of all needs; ``(places,)``.
        quarters: Quarters of specialists; ``(places,)``.
        alone: Places with at most one person of their own and, in some quarter, no specialist.
    """

    stints: tuple[Stint, ...]
    value: float
    bound: float
    covered: NDArray[np.float64]
    needed: NDArray[np.float64]
    quarters: NDArray[np.int64]
    alone: tuple[str, ...]

    @property
    def gap(self) -> float:
        """By which share of its value a rotation could at most be better."""
        return (self.bound - self.value) / abs(self.value) if self.value else 0.0


def rotate(pool: Pool, terms: Terms, *, gap: float = 0.005, seconds: float = 20.0) -> Rotation:
    """The best rotation, or one near it.

    Args:
        pool: Specialists and places.
        terms: How specialists work.
        gap: Stops when the rotation is proven to be this near the best, as a share of its value.
        seconds: Stops after this time, with what is found by then. Only if it is not reached is the answer the same on
            every machine.

    Raises:
        CostingError: no specialist reaches any place, or nothing was found in time or can be found.
    """
    quarters = pool.need.shape[-1]
    stints = [
        (who, where, begins, begins + length)
        for who, where in np.argwhere(pool.travel <= terms.farthest).tolist()
        for length in terms.lengths
        for begins in range(quarters - length + 1)
    ]
    if not stints:
        raise CostingError("nobody_to_send")
    needs = np.argwhere(pool.need > 0).tolist()
    number_of = {tuple(need): len(stints) + number for number, need in enumerate(needs)}
    rows: list[
        tuple[list[int], list[float], float]
    ] = []  # columns, values and the most that they may add up to
    busy, near = defaultdict(list), defaultdict(list)
    coming, at = defaultdict(list), defaultdict(list)
    for number, (who, where, begins, until) in enumerate(stints):
        coming[where].append(number)
        for quarter in range(begins, until):
            busy[who, quarter].append(number)
            at[where, quarter].append(number)
        for quarter in range(begins, min(until + 1, quarters)):
            near[who, where, quarter].append(number)
    rows += [(columns, [1.0] * len(columns), terms.at_once) for columns in busy.values()]
    rows += [(columns, [1.0] * len(columns), 1.0) for columns in near.values()]
    for place in range(len(pool.places)):
        columns = coming[place]
        lengths = [float(stints[one][2] - stints[one][3]) for one in columns]
        rows.append((columns, lengths, -float(terms.least_quarters)))
    for (place, skill, quarter), number in number_of.items():
        able = [one for one in at[place, quarter] if pool.has[stints[one][0], skill]]
        rows.append(([number, *able], [1.0] + [-1.0] * len(able), 0.0))
    gain = np.array(
        [
            -terms.start - terms.minute * pool.travel[who, where] * (until - begins)
            for who, where, begins, until in stints
        ]
        + [pool.need[tuple(need)] for need in needs]
    )
    found = milp(
        -gain,
        constraints=_constraint(rows, len(gain)),
        integrality=np.arange(len(gain)) < len(stints),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )
    if found.x is None:
        raise CostingError("no_plan", seconds=seconds)
    chosen = [stint for stint, taken in zip(stints, found.x, strict=False) if taken > 0.5]
    return _rotation(
        pool, terms, sorted(chosen, key=lambda one: (one[0], one[2], one[1])), -found.mip_dual_bound
    )


def _constraint(rows: list[tuple[list[int], list[float], float]], width: int) -> LinearConstraint:
    lengths = [len(columns) for columns, _, _ in rows]
    row = np.repeat(np.arange(len(rows)), lengths)
    column = np.concatenate([np.array(columns, int) for columns, _, _ in rows])
    value = np.concatenate([np.array(values, float) for _, values, _ in rows])
    matrix = coo_array((value, (row, column)), shape=(len(rows), width)).tocsr()
    return LinearConstraint(matrix, -np.inf, np.array([most for _, _, most in rows]))


def _rotation(pool: Pool, terms: Terms, chosen: list[tuple[int, int, int, int]], bound: float) -> Rotation:
    """Everything that is told, worked out again from the stints alone."""
    places, quarters = len(pool.places), pool.need.shape[-1]
    able = np.zeros(pool.need.shape, bool)
    present = np.zeros((places, quarters), bool)
    worked = np.zeros(places, np.int64)
    cost = 0.0
    for who, where, begins, until in chosen:
        able[where, pool.has[who], begins:until] = True
        present[where, begins:until] = True
        worked[where] += until - begins
        cost += terms.start + terms.minute * pool.travel[who, where] * (until - begins)
    covered = np.where(able, pool.need, 0).sum(axis=(1, 2))
    value = float(covered.sum() - cost)
    alone = np.flatnonzero((pool.own_staff <= 1) & ~present.all(axis=1))
    return Rotation(
        tuple(
            Stint(pool.specialists[who], pool.places[where], begins, until)
            for who, where, begins, until in chosen
        ),
        value,
        max(bound, value),
        covered,
        pool.need.sum(axis=(1, 2)),
        worked,
        tuple(pool.places[place] for place in alone),
    )
