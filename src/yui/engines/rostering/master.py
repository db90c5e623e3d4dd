"""The linear program over rosters: which mixture of them costs least, and what each cover is worth in it.

Each column is a roster of one worker; one is chosen for each. New columns are the cheapest rosters at the worth of the
covers; when none is cheaper than what the worker has, no mixture of any rosters is better, and its cost is a bound.

Source:
    Column generation with dual prices smoothed towards the best bound: Pessoa, Sadykov, Uchoa, Vanderbeck, INFORMS
    Journal on Computing 30 (2018).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from ortools.linear_solver import pywraplp

from yui.engines.rostering.patterns import Floats, Ints
from yui.engines.rostering.tables import Path, Tables

SMOOTH = 0.6
"""How far prices lean towards those of the best bound."""
TINY = 1e-6
NEAR = 16
"""Columns of a worker that are kept when others have been decided."""


class Column(NamedTuple):
    """A roster of a worker, its own cost, and the covers it counts towards."""

    variable: pywraplp.Variable
    path: Path
    cost: int
    met: Ints


class Master:
    """The program for some workers, while the rosters of the others are as they are.

    Attributes:
        bound: No choice of rosters costs less; what the rosters of the others cost by themselves is left aside.
        value: What the mixture costs.
    """

    def __init__(self, tables: Tables, workers: Sequence[int], others: Ints) -> None:
        """A program without columns.

        Args:
            tables: The problem.
            workers: Whose rosters are to be found.
            others: How many of the others count towards each cover.
        """
        self.tables, self.workers, self.others = tables, list(workers), others
        self.bound, self.value = -np.inf, np.inf
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        # Without preprocessing it goes on from the basis of the last solution.
        self.solver.SetSolverSpecificParametersAsString("use_preprocessing: false")
        self.goal = self.solver.Objective()
        self.one = {worker: self.solver.Constraint(1, 1) for worker in workers}
        self.needed = (tables.required - others).astype(np.float64)
        self.rows = [self.solver.Constraint(needed, needed) for needed in self.needed.tolist()]
        for row, under, over in zip(self.rows, tables.under.tolist(), tables.over.tolist(), strict=True):
            self._slack(row, 1, under)
            self._slack(row, -1, over)
        self.columns: dict[int, list[Column]] = {worker: [] for worker in workers}
        self._known: set[tuple[int, bytes]] = set()
        self._worth = np.zeros(len(self.rows))
        self._asked: Floats | None = None
        self.goal.SetMinimization()

    def _slack(self, row: pywraplp.Constraint, sign: int, cost: int) -> None:
        slack = self.solver.NumVar(0, self.solver.infinity(), "")
        row.SetCoefficient(slack, sign)
        self.goal.SetCoefficient(slack, cost)

    def add(self, worker: int, path: Path) -> bool:
        """Adds a column; whether it is new."""
        key = worker, path.tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        hand = self.tables.hands[worker]
        column = self.solver.NumVar(0, self.solver.infinity(), "")
        new = Column(column, path, hand.cost(path), hand.met(path))
        self.goal.SetCoefficient(column, float(new.cost))
        self.one[worker].SetCoefficient(column, 1)
        for cover in new.met.tolist():
            self.rows[cover].SetCoefficient(column, 1)
        self.columns[worker].append(new)
        return True

    def narrowed(self, decided: Mapping[int, Path]) -> "Master":
        """The program of the other workers when some are decided, with the columns that come near to being used."""
        others = self.others + self.tables.counts(decided.items())
        left = [worker for worker in self.workers if worker not in decided]
        master = Master(self.tables, left, others)
        master._asked = self._worth
        for worker in left:
            columns = self.columns[worker]
            reduced = np.array([column.cost - self._worth[column.met].sum() for column in columns])
            for number in np.argsort(reduced, kind="stable")[:NEAR].tolist():
                master.add(worker, columns[number].path)
        return master

    def generate(self, over: Callable[[], bool], enough: float) -> bool:
        """Adds columns until none is missing.

        Args:
            over: Asked each time whether to stop.
            enough: A bound beyond which nobody asks further.

        Returns:
            Whether the bound is the best there is, or enough.
        """
        while not over():
            self._solve()
            if self.bound >= min(enough, self.value - TINY):
                return True
            if not self._price(SMOOTH) and not self._price(0.0):
                return True
        self._solve()
        return False

    def _solve(self) -> None:
        self.solver.Solve()
        self.value = self.goal.Value()
        duals = np.array([row.dual_value() for row in self.rows])
        self._worth = np.clip(duals, -self.tables.over, self.tables.under)
        self._has = {worker: row.dual_value() for worker, row in self.one.items()}

    def _price(self, smooth: float) -> bool:
        """Adds the cheapest roster of each worker; whether any is new and cheaper than what the worker has.

        The worth of a cover lies between what one too many costs and what one too few costs; at any such worth the
        cheapest rosters together are a bound.
        """
        worth = self._worth
        asked = worth if self._asked is None else smooth * self._asked + (1 - smooth) * worth
        bound, better = float(asked @ self.needed), False
        for worker in self.workers:
            hand = self.tables.hands[worker]
            cost, path = hand.cheapest(hand.prices(asked))
            bound += cost
            if hand.cost(path) - worth[hand.met(path)].sum() - self._has[worker] < -TINY:
                better |= self.add(worker, path)
        if bound > self.bound:
            self.bound, self._asked = bound, asked
        return better

    def shares(self, worker: int) -> list[float]:
        """How much of each column is in the mixture that was found last."""
        return [column.variable.solution_value() for column in self.columns[worker]]
