"""The problem as arrays, and the cheapest roster of each worker under any prices."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from yui.engines.rostering.patterns import Floats, Frame, Graph, Ints, kinds_of, unfold
from yui.engines.rostering.problem import Problem, RosteringError, Worker

Path = Ints
"""By day the number of the shift, or the number of shifts for a day without work."""


class Tables:
    """A problem, ready to compute with.

    Shape:
        ``required``, ``under``, ``over``, ``cell``: one for each cover; ``cell`` is its place in a table of shape
        ``(days, shifts + 1)``.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.off = len(problem.shifts)
        self.shape = (problem.days, self.off + 1)
        self.every_day = np.arange(problem.days)
        self.number = {shift.id: number for number, shift in enumerate(problem.shifts)}
        covers = problem.covers
        self.required = np.array([cover.required for cover in covers], dtype=np.int64)
        self.under = np.array([cover.under for cover in covers], dtype=np.int64)
        self.over = np.array([cover.over for cover in covers], dtype=np.int64)
        self.cell = np.array([c.day * (self.off + 1) + self.number[c.shift] for c in covers], dtype=np.int64)
        self.weekend = [-1] * problem.days
        for number, days in enumerate(problem.weekends):
            for day in days:
                self.weekend[day] = number
        self._graphs: dict[object, Graph] = {}
        self.hands = [Hand(self, worker) for worker in problem.workers]
        by_id = {hand.worker.id: hand for hand in self.hands}
        for wish in problem.wishes:
            by_id[wish.worker].mind_wish(wish.day, wish.shift, wish.on, wish.weight)
        for promise in problem.promises:
            by_id[promise.worker].mind_promise(promise.day, promise.shift, promise.weight)
        for hand in self.hands:
            if hand.cheapest(hand.local)[0] == np.inf:
                raise RosteringError("no_roster", worker=hand.worker.id)

    def graph(self, frame: Frame, worker: Worker) -> Graph:
        """The graph of a contract, made once for all who share it."""
        contract = worker.contract
        key = (
            frame,
            (contract.min_minutes, contract.max_minutes, contract.max_weekends),
            (contract.min_run, contract.max_run, contract.min_off),
        )
        if key not in self._graphs:
            self._graphs[key] = unfold(frame, contract)
        return self._graphs[key]

    def counts(self, paths: Iterable[tuple[int, Path]]) -> Ints:
        """How many count towards each cover, of these workers."""
        there = np.zeros(len(self.cell), dtype=np.int64)
        for number, path in paths:
            there[self.hands[number].met(path)] += 1
        return there

    def cover_cost(self, there: Ints) -> int:
        """What covers cost."""
        missing = self.required - there
        return int((self.under * np.maximum(missing, 0) + self.over * np.maximum(-missing, 0)).sum())

    def cost(self, paths: Sequence[Path]) -> int:
        """What a roster costs."""
        own = sum(hand.cost(path) for hand, path in zip(self.hands, paths, strict=True))
        return own + self.cover_cost(self.counts(enumerate(paths)))

    def worth(self, there: Ints) -> Floats:
        """What one more would save on each cover."""
        return np.where(there < self.required, self.under, -self.over).astype(np.float64)

    def paths_of(self, shifts: Mapping[str, tuple[str | None, ...]]) -> list[Path]:
        """A roster as arrays."""
        return [
            np.array([self.off if one is None else self.number[one] for one in shifts[hand.worker.id]])
            for hand in self.hands
        ]

    def shifts_of(self, paths: Sequence[Path]) -> dict[str, tuple[str | None, ...]]:
        """Arrays as a roster."""
        names = [*(shift.id for shift in self.problem.shifts), None]
        return {
            hand.worker.id: tuple(names[shift] for shift in path)
            for hand, path in zip(self.hands, paths, strict=True)
        }


class Hand:
    """A worker: what each shift on each day costs by wishes and promises, and the graph of what may be worked.

    Attributes:
        local: Shape ``(days, shifts + 1)``; infinite where something may not be.
        covers: Numbers of the covers that count this worker.
    """

    def __init__(self, tables: Tables, worker: Worker) -> None:
        self.tables, self.worker = tables, worker
        problem, limits = tables.problem, worker.contract.max_shifts
        self.local = np.zeros(tables.shape)
        for number, shift in enumerate(problem.shifts):
            for day in range(problem.days):
                if not worker.may_work(shift, day):
                    self.local[day, number] = np.inf
        # What was worked before still asks for rest, even if it is never worked again.
        worked = {tables.number[shift] for shift in worker.before if shift is not None}
        self.usable = sorted({*np.flatnonzero((self.local[:, :-1] < np.inf).any(axis=0)).tolist(), *worked})
        self.limits = {
            number: most
            for number in self.usable
            if (most := limits.get(problem.shifts[number].id, problem.days)) < problem.days
        }
        self.covers = np.array(
            [
                number
                for number, cover in enumerate(problem.covers)
                if (cover.skill is None or worker.holds(cover.skill, cover.day))
            ],
            dtype=np.int64,
        )
        self.followed: tuple[int, ...] = ()

    def mind_wish(self, day: int, shift: str | None, on: bool, weight: int) -> None:
        """Adds the cost of refusing a wish."""
        meant = np.zeros(self.tables.off + 1, dtype=bool)
        if shift is None:
            meant[:-1] = True
        else:
            meant[self.tables.number[shift]] = True
        self.local[day, meant != on] += weight

    def mind_promise(self, day: int, shift: str | None, weight: int | None) -> None:
        """Adds the cost of changing what was promised, or forbids it."""
        others = np.ones(self.tables.off + 1, dtype=bool)
        others[self.tables.off if shift is None else self.tables.number[shift]] = False
        self.local[day, others] += np.inf if weight is None else weight

    @cached_property
    def _cells(self) -> Ints:
        return self.tables.cell[self.covers]

    def met(self, path: Path) -> Ints:
        """The covers that this roster counts towards."""
        cells = self._cells
        width = self.tables.off + 1
        return self.covers[path[cells // width] == cells % width]

    def cost(self, path: Path) -> int:
        """What a roster costs by wishes and promises."""
        return int(self.local[self.tables.every_day, path].sum())

    def prices(self, worth: Floats) -> Floats:
        """What each shift costs when each cover is worth so much."""
        gain = np.bincount(self._cells, weights=worth[self.covers], minlength=self.local.size)
        return self.local - gain.reshape(self.local.shape)

    def cheapest(self, prices: Floats) -> tuple[float, Path]:
        """The cheapest roster that breaks no rule; infinite cost when there is none.

        Limits by shift are followed from the first time that one is overstepped.
        """
        while True:
            graph, members = self._unfolded
            by_class = np.stack([prices[:, of].min(axis=1) for of in members], axis=1)
            cost, classes = graph.cheapest(by_class)
            if cost == np.inf:
                return cost, np.full(self.tables.problem.days, self.tables.off)
            choice = np.stack([of[prices[:, of].argmin(axis=1)] for of in members], axis=1)
            path = choice[self.tables.every_day, classes]
            over = [shift for shift, most in self.limits.items() if np.count_nonzero(path == shift) > most]
            if not over:
                return cost, path
            self.followed = tuple(sorted({*self.followed, *over}))
            del self._unfolded

    @property
    def arcs(self) -> int:
        """Arcs of the graph: what finding a roster takes."""
        return len(self._unfolded[0].tail)

    @cached_property
    def _unfolded(self) -> tuple[Graph, list[Ints]]:
        tables, worker = self.tables, self.worker
        problem = tables.problem
        of, kinds = kinds_of(problem.shifts, worker.contract.rest, self.usable, self.followed)
        members = [
            np.array([shift for shift in self.usable if of[shift] == number], dtype=np.int64)
            for number in range(len(kinds.minutes))
        ]
        frame = Frame(
            problem.days,
            kinds,
            tuple(tables.weekend),
            tuple(sorted(worker.absences)),
            tuple(-1 if one is None else of[tables.number[one]] for one in worker.before),
            tuple(self.limits[shift] for shift in self.followed),
        )
        return tables.graph(frame, worker), [*members, np.array([tables.off])]
