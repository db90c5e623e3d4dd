"""An independent check: it walks through each worker's days as they are, and shares nothing with the search."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from yui.engines.rostering.problem import Problem, Shift, Worker

Days = tuple[str | None, ...]


@dataclass(frozen=True)
class Fault:
    """A hard rule that a roster breaks.

    Attributes:
        code: ``missing_worker``, ``unknown_worker``, ``wrong_days`` (more or fewer than the problem has),
            ``unknown_shift``, ``day_off``, ``absent``, ``skill``, ``rest``, ``not_before`` (a shift that may not follow
            the day before), ``min_minutes``, ``max_minutes``, ``min_run``, ``max_run``, ``min_off``, ``max_weekends``,
            ``max_shifts`` or ``promise`` (one that may not be changed).
        worker: Whose roster breaks it.
        day: Where: the first day of a run, the later of two shifts, the day on which a limit is passed; ``None`` where
            the whole roster falls short.
        value: What it comes to: minutes, days, weekends or shifts.
        limit: What the rule says.
    """

    code: str
    worker: str
    day: int | None = None
    value: int | None = None
    limit: int | None = None


def check(problem: Problem, shifts: Mapping[str, Days]) -> list[Fault]:
    """Every hard rule that is broken, by worker and day; none in a roster that may be used."""
    workers = {worker.id for worker in problem.workers}
    faults = [Fault("missing_worker", worker) for worker in sorted(workers - shifts.keys())]
    faults += [Fault("unknown_worker", worker) for worker in sorted(shifts.keys() - workers)]
    for worker in problem.workers:
        if worker.id in shifts:
            faults += check_worker(problem, worker, shifts[worker.id])
    return faults


def check_worker(problem: Problem, worker: Worker, days: Days) -> list[Fault]:
    """The hard rules that the roster of one worker breaks."""
    kinds = {shift.id: shift for shift in problem.shifts}
    if len(days) != problem.days:
        return [Fault("wrong_days", worker.id, value=len(days), limit=problem.days)]
    strange = [
        Fault("unknown_shift", worker.id, day)
        for day, one in enumerate(days)
        if one is not None and one not in kinds
    ]
    return strange or list(_faults(problem, kinds, worker, days))


def _faults(problem: Problem, kinds: Mapping[str, Shift], worker: Worker, days: Days) -> Iterator[Fault]:
    yield from _daily(kinds, worker, days)
    yield from _rest(kinds, worker, days)
    yield from _totals(problem, kinds, worker, days)
    yield from _runs(worker, days)
    for promise in problem.promises:
        if promise.worker == worker.id and promise.weight is None and days[promise.day] != promise.shift:
            yield Fault("promise", worker.id, promise.day)


def _daily(kinds: Mapping[str, Shift], worker: Worker, days: Days) -> Iterator[Fault]:
    for day, worked in enumerate(days):
        if worked is None:
            continue
        if day in worker.days_off:
            yield Fault("day_off", worker.id, day)
        if day in worker.absences:
            yield Fault("absent", worker.id, day)
        for skill in kinds[worked].needs:
            until = worker.skills.get(skill, 0)
            if until is not None and day >= until:
                yield Fault("skill", worker.id, day)


def _rest(kinds: Mapping[str, Shift], worker: Worker, days: Days) -> Iterator[Fault]:
    """Between each shift and the next, those before the roster included."""
    history = len(worker.before)
    worked = [
        (day - history, kinds[one]) for day, one in enumerate((*worker.before, *days)) if one is not None
    ]
    for (day, first), (later, second) in pairwise(worked):
        if later < 0:
            continue
        pause = (later - day) * 1440 + second.start - first.end
        if pause < worker.contract.rest:
            yield Fault("rest", worker.id, later, pause, worker.contract.rest)
        if later == day + 1 and second.id in first.not_before:
            yield Fault("not_before", worker.id, later)


def _totals(problem: Problem, kinds: Mapping[str, Shift], worker: Worker, days: Days) -> Iterator[Fault]:
    contract = worker.contract
    total = 0
    passed = None
    counted: dict[str, int] = {}
    for day, worked in enumerate(days):
        if worked is None:
            continue
        total += kinds[worked].minutes
        if total > contract.max_minutes and passed is None:
            passed = day
        counted[worked] = counted.get(worked, 0) + 1
        most = contract.max_shifts.get(worked)
        if most is not None and counted[worked] == most + 1:
            yield Fault("max_shifts", worker.id, day, days.count(worked), most)
    if passed is not None:
        yield Fault("max_minutes", worker.id, passed, total, contract.max_minutes)
    if total < contract.min_minutes:
        yield Fault("min_minutes", worker.id, None, total, contract.min_minutes)
    if contract.max_weekends is not None:
        worked_on = [weekend for weekend in problem.weekends if any(days[day] is not None for day in weekend)]
        if len(worked_on) > contract.max_weekends:
            first = sorted(worked_on)[contract.max_weekends]
            day = next(day for day in first if days[day] is not None)
            yield Fault("max_weekends", worker.id, day, len(worked_on), contract.max_weekends)


def _runs(worker: Worker, days: Days) -> Iterator[Fault]:
    """Runs of work and of days off; absences and the ends of what is known cut them."""
    contract, history = worker.contract, len(worker.before)
    marks = ["work" if one is not None else "off" for one in (*worker.before, *days)]
    for day in worker.absences:
        marks[history + day] = "absent"
    runs = [(mark, len(list(group))) for mark, group in groupby(marks)]
    start = -history
    for number, (mark, length) in enumerate(runs):
        end = start + length
        cut = any(
            not 0 <= beside < len(runs) or runs[beside][0] == "absent" for beside in (number - 1, number + 1)
        )
        first = max(start, 0)
        if mark == "work" and end > 0 and length > max(contract.max_run, -start):
            yield Fault("max_run", worker.id, first, length, contract.max_run)
        # A run that ends with the last day known before is cut short, or not, by the first day here.
        if end >= 0 and not cut:
            if mark == "work" and length < contract.min_run:
                yield Fault("min_run", worker.id, first, length, contract.min_run)
            if mark == "off" and length < contract.min_off:
                yield Fault("min_off", worker.id, first, length, contract.min_off)
        start = end
