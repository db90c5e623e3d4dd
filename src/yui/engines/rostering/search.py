"""Finding rosters: one worker after the other, then diving into the linear program, then some workers anew."""

from collections.abc import Callable, Sequence
from math import ceil

import numpy as np

from yui.engines.rostering.master import TINY, Master
from yui.engines.rostering.tables import Path, Tables

Progress = Callable[[], float]
"""How much of the budget is used; the search ends at 1."""
SURE = 0.9
"""A share of a roster in the mixture from which it is decided along with others."""
AT_ONCE = 16
"""A dive decides one of so many workers at a time, and one more."""
ROUNDS = 10
"""Of new columns after each decision of a dive."""
FEW = 8
"""Workers who are rostered anew together, at least."""
GROW, SHRINK = 1.1, 0.95
"""How their number follows from what came out."""
EVEN = 0.5
"""How often only a better roster is looked for."""


class Search:
    """A search under way.

    Attributes:
        best: The best roster so far; ``cost`` is what it costs.
        bound: No roster costs less.
    """

    def __init__(self, tables: Tables, progress: Progress, seed: int) -> None:
        self.tables, self.progress, self.chance = tables, progress, np.random.default_rng(seed)
        self.best: list[Path] = []
        self.cost = 0
        self.bound = 0  # Weights are not negative.

    def over(self) -> bool:
        """Whether to stop: nothing is left to gain, or to spend."""
        return self.cost <= self.bound or self.progress() >= 1

    def run(self) -> None:
        """The whole search; what was taken before is where it starts."""
        if not self.best:
            self.begin()
        self.prove()
        self.renew()

    def begin(self) -> None:
        """Each worker in turn takes the best roster given those of the others, until nobody gains."""
        tables = self.tables
        paths = [hand.cheapest(hand.local)[1] for hand in tables.hands]
        there = tables.counts(enumerate(paths))
        self.take(paths)
        while True:
            before = self.cost
            for number, hand in enumerate(tables.hands):
                there[hand.met(paths[number])] -= 1
                paths[number] = hand.cheapest(hand.prices(tables.worth(there)))[1]
                there[hand.met(paths[number])] += 1
            self.take(paths)
            if self.cost == before or self.over():
                return

    def take(self, paths: Sequence[Path]) -> bool:
        """Keeps a roster if none so far is better."""
        cost = self.tables.cost(paths)
        if self.best and cost > self.cost:
            return False
        self.best, self.cost = list(paths), cost
        return True

    def prove(self) -> None:
        """Solves the linear program of all workers, which gives the bound, and dives into it."""
        master = self._master(range(len(self.tables.hands)))
        whole = master.generate(self.over, np.inf)
        if master.bound > 0:
            # Costs are whole numbers; the program reckons with so many digits.
            self.bound = max(self.bound, ceil(master.bound - TINY * max(1.0, master.bound)))
        if whole:
            self._dive(master, self.cost - 1)

    def renew(self) -> None:
        """Rosters some workers anew, the others as they are, again and again."""
        everybody = len(self.tables.hands)
        least = size = float(min(FEW, everybody))
        while not self.over():
            free = np.sort(self.chance.choice(everybody, int(size), replace=False)).tolist()
            master = self._master(free)
            # One that costs the same is taken as well, half of the time: from there others are within reach.
            goal = self.cost - self._others(master) - int(self.chance.random() < EVEN)
            master.generate(self.over, goal)
            if master.bound > goal + TINY:
                # With so few there is none; more of them next time.
                size = min(size * GROW, everybody)
            elif not self._dive(master, goal):
                size = max(size * SHRINK, least)

    def _others(self, master: Master) -> int:
        """What the rosters of those who are not in a program cost by themselves."""
        return sum(
            hand.cost(path)
            for number, (hand, path) in enumerate(zip(self.tables.hands, self.best, strict=True))
            if number not in master.columns
        )

    def _master(self, workers: Sequence[int]) -> Master:
        """The program for these workers, with the rosters that they have."""
        free = set(workers)
        others = ((number, path) for number, path in enumerate(self.best) if number not in free)
        master = Master(self.tables, workers, self.tables.counts(others))
        for worker in workers:
            master.add(worker, self.best[worker])
        return master

    def _dive(self, master: Master, goal: int) -> bool:
        """Decides one roster after the other; whether one came out that is as good as the best at least.

        Args:
            master: Its columns complete.
            goal: What it may cost, the rosters of those who are not in it left aside.
        """
        paths = list(self.best)
        while master.workers:
            shares = {worker: master.shares(worker) for worker in master.workers}
            # Those whose mixture is nearly one roster; else the nearest to it, a few at once while many are left.
            lots = {worker: self.chance.random() for worker in master.workers}
            near = sorted(lots, key=lambda one: (-max(shares[one]), lots[one]))
            few = 1 + len(near) // AT_ONCE
            decided = {
                worker: master.columns[worker][shares[worker].index(max(shares[worker]))].path
                for number, worker in enumerate(near)
                if number < few or max(shares[worker]) > SURE
            }
            for worker, path in decided.items():
                paths[worker] = path
                goal -= self.tables.hands[worker].cost(path)
            master = master.narrowed(decided)
            master.generate(self._some_rounds(), goal)
            if master.bound > goal + TINY:
                return False
        return self.take(paths)

    def _some_rounds(self) -> Callable[[], bool]:
        left = ROUNDS

        def over() -> bool:
            nonlocal left
            left -= 1
            return left < 0 or self.over()

        return over
