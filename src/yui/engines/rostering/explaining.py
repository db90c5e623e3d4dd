"""Why a cover is short and why a wish was refused: codes and values; sentences are written by who shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from yui.engines.rostering.checking import check, check_worker
from yui.engines.rostering.problem import Cover, Problem, RosteringError, Wish, granted, present
from yui.engines.rostering.tables import Tables

Rows = Mapping[str, tuple[str | None, ...]]
FIRST = (
    "skill",
    "day_off",
    "absent",
    "promise",
    "max_shifts",
    "max_minutes",
    "max_weekends",
    "rest",
    "not_before",
)
"""Of several rules that stand in the way, the one that is named."""


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of one worker doing one thing on one day.

    Attributes:
        code: Of the rule that would be broken if nothing else were changed (see
            :class:`yui.engines.rostering.checking.Fault`); ``skill`` also where the cover asks for one that the worker
            does not hold. ``working``: no rule, but another shift is worked then. ``cost``: no rule either.
        extra: What it would cost in all to let the worker do it, the rest of the worker's own roster fitted to it
            and everybody else as they are; ``None``: the contract allows it in no way. Zero or less where it could be
            had for nothing, so that the roster can still be bettered.
    """

    worker: str
    code: str
    extra: int | None


@dataclass(frozen=True)
class Shortage:
    """A cover that is short.

    Attributes:
        missing: How many.
        obstacles: For each worker who is not there, in the order of workers.
    """

    cover: Cover
    missing: int
    obstacles: tuple[Obstacle, ...]

    def workers(self, code: str) -> tuple[str, ...]:
        """Whom this keeps away."""
        return tuple(one.worker for one in self.obstacles if one.code == code)


@dataclass(frozen=True)
class Refusal:
    """A wish that was refused, and what stood in the way of the cheapest manner to grant it."""

    wish: Wish
    obstacle: Obstacle


@dataclass(frozen=True)
class Explanation:
    """Everything in a roster that somebody may ask about."""

    shortages: tuple[Shortage, ...]
    refusals: tuple[Refusal, ...]


def explain(problem: Problem, shifts: Rows) -> Explanation:
    """Why covers are short and wishes refused.

    Raises:
        RosteringError: the roster breaks a hard rule.
    """
    if faults := check(problem, shifts):
        raise RosteringError(
            "faulty_roster", fault=faults[0].code, worker=faults[0].worker, day=faults[0].day
        )
    asking = _Asking(problem, shifts)
    shortages = []
    for cover in problem.covers:
        missing = cover.required - present(problem, shifts, cover)
        if missing > 0 and cover.under > 0:
            shortages.append(Shortage(cover, missing, tuple(asking.about_cover(cover))))
    refusals = (
        Refusal(wish, asking.about_wish(wish)) for wish in problem.wishes if not granted(wish, shifts)
    )
    return Explanation(tuple(shortages), tuple(refusals))


class _Asking:
    """A roster that is asked about."""

    def __init__(self, problem: Problem, shifts: Rows) -> None:
        self.problem, self.shifts = problem, shifts
        self.tables = Tables(problem)
        self.paths = self.tables.paths_of(shifts)
        self.there = self.tables.counts(enumerate(self.paths))
        self.number = {worker.id: number for number, worker in enumerate(problem.workers)}

    def about_cover(self, cover: Cover) -> Iterable[Obstacle]:
        for worker in self.problem.workers:
            if cover.skill is not None and not worker.holds(cover.skill, cover.day):
                yield Obstacle(worker.id, "skill", None)
            elif self.shifts[worker.id][cover.day] != cover.shift:
                yield self._obstacle(worker.id, cover.day, [cover.shift])

    def about_wish(self, wish: Wish) -> Obstacle:
        every: list[str | None] = [shift.id for shift in self.problem.shifts]
        meant: list[str | None] = every if wish.shift is None else [wish.shift]
        choices = meant if wish.on else [one for one in [*every, None] if one not in meant]
        return self._obstacle(wish.worker, wish.day, choices)

    def _obstacle(self, worker: str, day: int, choices: list[str | None]) -> Obstacle:
        """What stands in the way of the cheapest of these."""
        tables, number = self.tables, self.number[worker]
        hand, path = tables.hands[number], self.paths[number]
        there = self.there.copy()
        there[hand.met(path)] -= 1
        prices = hand.prices(tables.worth(there))
        now = float(prices[tables.every_day, path].sum())
        asked = [tables.off if one is None else tables.number[one] for one in choices]
        others = np.ones(tables.off + 1, dtype=bool)
        others[asked] = False
        prices[day, others] = np.inf
        cost, way = hand.cheapest(prices)
        if cost == np.inf:
            return Obstacle(worker, min((self._broken(worker, day, one) for one in choices), key=_rank), None)
        chosen = None if way[day] == tables.off else self.problem.shifts[way[day]].id
        return Obstacle(worker, self._broken(worker, day, chosen), round(cost - now))

    def _broken(self, worker: str, day: int, shift: str | None) -> str:
        """The rule that this change alone would break."""
        row = list(self.shifts[worker])
        was, row[day] = row[day], shift
        faults = check_worker(self.problem, self.problem.workers[self.number[worker]], tuple(row))
        if faults:
            return min((fault.code for fault in faults), key=_rank)
        return "working" if was is not None and shift is not None else "cost"


def _rank(code: str) -> tuple[int, str]:
    return FIRST.index(code) if code in FIRST else len(FIRST), code
