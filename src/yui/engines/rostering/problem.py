"""What is to be rostered: shifts to cover, workers with their contracts, wishes, and what is promised already."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MESSAGES = {
    "duplicate": "{what} {id} is given twice; give each once.",
    "no_days": "A roster over {days} days cannot be made; give at least one day.",
    "bad_shift": "The shift {shift} starts at {start}, ends at {end} and counts {minutes} minutes; it must start in "
    "its day, end later, and count no more than it lasts.",
    "bad_contract": "The contract of {worker} says {what} from {least} to {most}; the least cannot be above the most.",
    "negative": "{what} of {where} is {value}; it cannot be negative.",
    "unknown_shift": "{where} names the shift {shift}, which is not there.",
    "unknown_worker": "{where} names the worker {worker}, who is not there.",
    "unknown_day": "{where} names day {day}; days are numbered from 0 to {last}.",
    "split_weekend": "A weekend is made of days {days}; they must follow one another.",
    "shared_weekend": "Day {day} belongs to two weekends; it can belong to one.",
    "two_promises": "{worker} is promised two things on day {day}; promise one.",
    "no_roster": "No roster meets the contract of {worker}: minutes, runs, weekends, rest and days off exclude one "
    "another; loosen one of them.",
    "faulty_roster": "The roster breaks a rule ({fault}, {worker}, day {day}); hand over one that passes the check.",
}


class RosteringError(ValueError):
    """What was handed over is no rostering problem, or no roster for it.

    Attributes:
        code: A key of :data:`MESSAGES`.
        values: What the message names.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(MESSAGES[code].format(**values))
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Shift:
    """A kind of shift: early, late, night.

    Units:
        Minutes; ``start`` and ``end`` from the midnight at which its day begins.

    Attributes:
        end: Beyond 1440 when it ends on a later day.
        minutes: What it counts towards the contract: without an unpaid break less than it lasts.
        needs: Skills that everybody on it must hold.
        not_before: Shifts that may not be worked on the day after, whatever the rest.
    """

    id: str
    start: int
    end: int
    minutes: int
    needs: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """What a worker may be asked to do. Nothing of it is known to the engine: law and agreements come in as numbers.

    A run is of days worked, or of days off, one after the other. The least lengths don't bind runs that reach the end
    of the roster, nor those that reach its beginning while nothing is known of the days before.

    Attributes:
        min_minutes: Over the whole roster, as counted by :attr:`Shift.minutes`.
        rest: Minutes from the end of a shift to the start of the next.
        min_run: Days worked in a run, at least; ``max_run`` at most.
        min_off: Days off in a run, at least.
        max_weekends: On which anything is worked; ``None``: no limit.
        max_shifts: By shift; no limit for one that is not named, and 0 for one that is never worked.
    """

    max_minutes: int
    min_minutes: int = 0
    rest: int = 0
    min_run: int = 1
    max_run: int = 7
    min_off: int = 1
    max_weekends: int | None = None
    max_shifts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Worker:
    """Somebody who works shifts.

    Attributes:
        skills: What the worker holds, with the first day on which it no longer holds; ``None``: beyond the roster.
        days_off: Fixed; they count as days off.
        absences: Days of sickness or leave. An absence cuts the roster: runs before and after it need no least
            length, as at its ends.
        before: The days before the first one, the last of them last: the shift worked, or ``None``. When empty,
            nothing is known, and nothing of it binds.
    """

    id: str
    contract: Contract
    skills: Mapping[str, int | None] = field(default_factory=dict)
    days_off: tuple[int, ...] = ()
    absences: tuple[int, ...] = ()
    before: tuple[str | None, ...] = ()

    def holds(self, skill: str, day: int) -> bool:
        """Whether the worker holds it on that day."""
        if skill not in self.skills:
            return False
        until = self.skills[skill]
        return until is None or day < until

    def may_work(self, shift: Shift, day: int) -> bool:
        """Whether nothing about this day alone speaks against it: days off, absence, skills, a shift never worked."""
        return (
            day not in self.days_off
            and day not in self.absences
            and self.contract.max_shifts.get(shift.id, 1) > 0
            and all(self.holds(skill, day) for skill in shift.needs)
        )


@dataclass(frozen=True)
class Cover:
    """How many are needed on a shift.

    Attributes:
        under: Cost of each who is missing.
        over: Cost of each beyond.
        skill: Only those who hold it on that day count; ``None``: everybody.
    """

    day: int
    shift: str
    required: int
    under: int
    over: int = 0
    skill: str | None = None


@dataclass(frozen=True)
class Wish:
    """What a worker would like on a day.

    Attributes:
        shift: Which; ``None`` stands for any work at all.
        on: To work it; otherwise not to.
        weight: Cost when it is refused.
    """

    worker: str
    day: int
    shift: str | None
    on: bool
    weight: int


@dataclass(frozen=True)
class Promise:
    """What a worker has been told already.

    Attributes:
        shift: ``None``: a day off.
        weight: Cost of changing it; ``None``: it may not be changed.
    """

    worker: str
    day: int
    shift: str | None
    weight: int | None = None


@dataclass(frozen=True)
class Problem:
    """The whole problem.

    Attributes:
        days: How many; numbered from 0.
        weekends: For each its days, which follow one another.

    Raises:
        RosteringError: it cannot be used as it stands.
    """

    days: int
    shifts: tuple[Shift, ...]
    workers: tuple[Worker, ...]
    covers: tuple[Cover, ...]
    wishes: tuple[Wish, ...] = ()
    promises: tuple[Promise, ...] = ()
    weekends: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class Roster:
    """Who works what.

    Attributes:
        shifts: By worker, for each day the shift or ``None``.
        objective: What it costs: covers, wishes and promises.
        bound: No roster costs less.
    """

    shifts: Mapping[str, tuple[str | None, ...]]
    objective: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether no roster can be better."""
        return self.objective == self.bound


def cost(problem: Problem, shifts: Mapping[str, tuple[str | None, ...]]) -> int:
    """What a roster costs: every cover that is short or over, every wish refused, every promise changed."""
    total = 0
    for cover in problem.covers:
        there = present(problem, shifts, cover)
        total += cover.under * max(cover.required - there, 0) + cover.over * max(there - cover.required, 0)
    total += sum(wish.weight for wish in problem.wishes if not granted(wish, shifts))
    return total + sum(
        promise.weight or 0
        for promise in problem.promises
        if shifts[promise.worker][promise.day] != promise.shift
    )


def present(problem: Problem, shifts: Mapping[str, tuple[str | None, ...]], cover: Cover) -> int:
    """How many count towards a cover."""
    return sum(
        shifts[worker.id][cover.day] == cover.shift
        and (cover.skill is None or worker.holds(cover.skill, cover.day))
        for worker in problem.workers
    )


def granted(wish: Wish, shifts: Mapping[str, tuple[str | None, ...]]) -> bool:
    """Whether a wish is fulfilled."""
    worked = shifts[wish.worker][wish.day]
    meant = worked is not None if wish.shift is None else worked == wish.shift
    return meant == wish.on


def _check(problem: Problem) -> None:
    if problem.days < 1:
        raise RosteringError("no_days", days=problem.days)
    _check_unique("The shift", (shift.id for shift in problem.shifts))
    _check_unique("The worker", (worker.id for worker in problem.workers))
    known = {shift.id for shift in problem.shifts}
    for shift in problem.shifts:
        _check_shift(shift, known)
    for worker in problem.workers:
        _check_worker(worker, known, problem.days)
    for cover in problem.covers:
        where = f"The cover of {cover.shift} on day {cover.day}"
        _check_shifts(where, (cover.shift,), known)
        _check_days(where, (cover.day,), problem.days)
        for what, value in (("required", cover.required), ("under", cover.under), ("over", cover.over)):
            _check_sign(what, where, value)
    _check_words(problem, known)
    _check_weekends(problem)


def _check_words(problem: Problem, known: set[str]) -> None:
    workers = {worker.id for worker in problem.workers}
    words: tuple[Wish | Promise, ...] = (*problem.wishes, *problem.promises)
    for word in words:
        where = f"The {type(word).__name__.lower()} of {word.worker} for day {word.day}"
        if word.worker not in workers:
            raise RosteringError("unknown_worker", where=where, worker=word.worker)
        _check_days(where, (word.day,), problem.days)
        _check_shifts(where, (word.shift,), known)
        _check_sign("weight", where, word.weight or 0)
    promised: set[tuple[str, int]] = set()
    for promise in problem.promises:
        if (promise.worker, promise.day) in promised:
            raise RosteringError("two_promises", worker=promise.worker, day=promise.day)
        promised.add((promise.worker, promise.day))


def _check_shift(shift: Shift, known: set[str]) -> None:
    if not (
        0 <= shift.start < 1440 and shift.start < shift.end and 0 < shift.minutes <= shift.end - shift.start
    ):
        raise RosteringError(
            "bad_shift", shift=shift.id, start=shift.start, end=shift.end, minutes=shift.minutes
        )
    _check_shifts(f"The shift {shift.id}", shift.not_before, known)


def _check_worker(worker: Worker, known: set[str], days: int) -> None:
    contract, where = worker.contract, f"The worker {worker.id}"
    for what, least, most in (
        ("minutes", contract.min_minutes, contract.max_minutes),
        ("days in a run", contract.min_run, contract.max_run),
        ("days in a run", 1, contract.min_run),
        ("days off in a run", 1, contract.min_off),
    ):
        if least > most:
            raise RosteringError("bad_contract", worker=worker.id, what=what, least=least, most=most)
    for what, value in (
        ("min_minutes", contract.min_minutes),
        ("rest", contract.rest),
        ("max_weekends", contract.max_weekends or 0),
        *((f"max_shifts of {shift}", most) for shift, most in contract.max_shifts.items()),
    ):
        _check_sign(what, where, value)
    _check_shifts(where, (*contract.max_shifts, *worker.before), known)
    _check_days(where, (*worker.days_off, *worker.absences), days)


def _check_weekends(problem: Problem) -> None:
    seen: set[int] = set()
    for weekend in problem.weekends:
        if not weekend or list(weekend) != list(range(weekend[0], weekend[0] + len(weekend))):
            raise RosteringError("split_weekend", days=weekend)
        _check_days("A weekend", weekend, problem.days)
        for day in weekend:
            if day in seen:
                raise RosteringError("shared_weekend", day=day)
            seen.add(day)


def _check_unique(what: str, ids: Iterable[str]) -> None:
    for id_, times in Counter(ids).items():
        if times > 1:
            raise RosteringError("duplicate", what=what, id=id_)


def _check_shifts(where: str, shifts: Iterable[str | None], known: set[str]) -> None:
    for shift in shifts:
        if shift is not None and shift not in known:
            raise RosteringError("unknown_shift", where=where, shift=shift)


def _check_days(where: str, days: Iterable[int], number: int) -> None:
    for day in days:
        if not 0 <= day < number:
            raise RosteringError("unknown_day", where=where, day=day, last=number - 1)


def _check_sign(what: str, where: str, value: int) -> None:
    if value < 0:
        raise RosteringError("negative", what=what, where=where, value=value)
