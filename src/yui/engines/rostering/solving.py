"""Rosters: made, improved, and made anew after an absence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from yui.engines.rostering.checking import check
from yui.engines.rostering.problem import Problem, Promise, Roster, RosteringError
from yui.engines.rostering.search import Progress, Search
from yui.engines.rostering.tables import Tables


def clear(problem: Problem, progress: Progress, seed: int = 1) -> Roster:
    """The best roster found within the budget, and a bound that no roster beats.

    The same problem, seed and counted budget give the same roster. It ends early when the roster is proven to be best.

    Raises:
        RosteringError: somebody's contract allows no roster at all.
    """
    return _search(problem, progress, seed, None)


def improve(problem: Problem, roster: Roster, progress: Progress, seed: int = 1) -> Roster:
    """A roster at least as good as this one, which may be from :func:`clear` or from hand.

    Raises:
        RosteringError: the roster breaks a hard rule of the problem.
    """
    return _search(problem, progress, seed, roster)


def _search(problem: Problem, progress: Progress, seed: int, roster: Roster | None) -> Roster:
    if roster is not None and (faults := check(problem, roster.shifts)):
        raise RosteringError(
            "faulty_roster", fault=faults[0].code, worker=faults[0].worker, day=faults[0].day
        )
    tables = Tables(problem)
    search = Search(tables, progress, seed)
    if roster is not None:
        search.take(tables.paths_of(roster.shifts))
    search.run()
    return Roster(tables.shifts_of(search.best), search.cost, search.bound)


def rounds(count: int) -> Progress:
    """A budget that counts: so many steps of a search, the same whatever else the machine does.

    One step solves one linear program; how long that takes grows with the problem.
    """
    done = -1

    def used() -> float:
        nonlocal done
        done += 1
        return done / count

    return used


def after_absence(
    problem: Problem,
    shifts: Mapping[str, tuple[str | None, ...]],
    absences: Mapping[str, Iterable[int]],
    *,
    change_weight: int,
    since: int = 0,
) -> Problem:
    """The problem that is left when workers fall out: everything in the roster is promised.

    Clearing it covers what they leave with as few changes as the weight asks for. Their minutes are credited: what they
    were to work on those days is taken off their least minutes.

    Args:
        problem: As it was.
        shifts: What was told to everybody.
        absences: By worker the days.
        change_weight: Cost of changing one promise: above the weight of wishes, so that nothing is changed for them,
            and below what a missing worker costs, so that shifts are covered.
        since: Days before this one can no longer be changed.
    """
    length = {shift.id: shift.minutes for shift in problem.shifts}
    workers = []
    lost = set()
    for worker in problem.workers:
        days = tuple(absences.get(worker.id, ()))
        lost |= {(worker.id, day) for day in days}
        credit = sum(length[shift] for day in days if (shift := shifts[worker.id][day]) is not None)
        least = max(0, worker.contract.min_minutes - credit)
        contract = replace(worker.contract, min_minutes=least)
        workers.append(replace(worker, contract=contract, absences=tuple(sorted({*worker.absences, *days}))))
    firm = {(one.worker, one.day) for one in problem.promises if one.weight is None}
    promises = tuple(
        Promise(worker, day, shift, None if day < since or (worker, day) in firm else change_weight)
        for worker, row in shifts.items()
        for day, shift in enumerate(row)
        if (worker, day) not in lost
    )
    return replace(problem, workers=tuple(workers), promises=promises)


@dataclass(frozen=True)
class Change:
    """What one worker works on one day, before and after."""

    worker: str
    day: int
    before: str | None
    after: str | None


def changes(
    before: Mapping[str, tuple[str | None, ...]], after: Mapping[str, tuple[str | None, ...]]
) -> tuple[Change, ...]:
    """Everything that differs between two rosters of the same workers, in the order of workers and days."""
    return tuple(
        Change(worker, day, was, now)
        for worker, row in before.items()
        for day, (was, now) in enumerate(zip(row, after[worker], strict=True))
        if was != now
    )
