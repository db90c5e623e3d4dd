"""Rosters against brute force, rules against the checker, and what is said about both."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.rostering.checking import check_worker
from yui.engines.rostering.public import (
    Contract,
    Cover,
    Fault,
    Problem,
    Promise,
    Roster,
    RosteringError,
    Shift,
    Wish,
    Worker,
    after_absence,
    changes,
    check,
    clear,
    cost,
    explain,
    improve,
    rounds,
)

EARLY = Shift("early", 420, 960, 480)
LATE = Shift("late", 780, 1320, 480, not_before=("early",))
NIGHT = Shift("night", 1020, 1980, 900, needs=("nurse",))
SHIFTS = (EARLY, LATE, NIGHT)
FREE = Contract(max_minutes=99_999)


def one(contract: Contract = FREE, days: int = 7, **worker: object) -> Problem:
    """A problem with one worker and one weekend, days 5 and 6."""
    weekends = ((5, 6),) if days >= 7 else ()
    return Problem(days, SHIFTS, (Worker("abe", contract, **worker),), (), weekends=weekends)  # type: ignore[arg-type]


def rows(text: str) -> dict[str, tuple[str | None, ...]]:
    """Shifts by their first letters, ``.`` for a day off."""
    return {"abe": tuple({"e": "early", "l": "late", "n": "night", ".": None}[letter] for letter in text)}


# Every rule, broken once


@pytest.mark.parametrize(
    ("problem", "days", "fault"),
    [
        (one(days_off=(2,)), "..e....", Fault("day_off", "abe", 2)),
        (one(absences=(2,)), "..e....", Fault("absent", "abe", 2)),
        (one(), "..n....", Fault("skill", "abe", 2)),
        (one(skills={"nurse": 2}), ".nn....", Fault("skill", "abe", 2)),
        (one(replace(FREE, rest=661), skills={"nurse": None}), "n.e.le.", Fault("not_before", "abe", 5)),
        (one(replace(FREE, rest=661)), "ll.....", None),
        (one(replace(FREE, rest=661), skills={"nurse": None}), "ne.....", Fault("rest", "abe", 1, -120, 661)),
        (
            one(replace(FREE, rest=1500), skills={"nurse": None}),
            "n.e....",
            Fault("rest", "abe", 2, 1320, 1500),
        ),
        (one(replace(FREE, rest=661), before=("late",)), "e......", Fault("rest", "abe", 0, 540, 661)),
        (one(replace(FREE, min_minutes=1441)), "eee....", Fault("min_minutes", "abe", None, 1440, 1441)),
        (one(replace(FREE, max_minutes=1439)), "ee.e...", Fault("max_minutes", "abe", 3, 1440, 1439)),
        (one(replace(FREE, min_run=2)), ".e..ee.", Fault("min_run", "abe", 1, 1, 2)),
        (one(replace(FREE, min_run=2)), "e.....e", None),
        (one(replace(FREE, min_run=2), absences=(2,)), ".e.e...", None),
        (one(replace(FREE, min_run=2), before=(None, "early")), ".......", Fault("min_run", "abe", 0, 1, 2)),
        (one(replace(FREE, max_run=3)), "eeee...", Fault("max_run", "abe", 0, 4, 3)),
        (
            one(replace(FREE, max_run=3), before=("early", "early")),
            "ee.....",
            Fault("max_run", "abe", 0, 4, 3),
        ),
        (one(replace(FREE, min_off=2)), "ee.ee..", Fault("min_off", "abe", 2, 1, 2)),
        (one(replace(FREE, min_off=2), before=("early", None)), "ee.....", Fault("min_off", "abe", 0, 1, 2)),
        (one(replace(FREE, max_weekends=0)), "......e", Fault("max_weekends", "abe", 6, 1, 0)),
        (one(replace(FREE, max_shifts={"late": 1})), "l.l....", Fault("max_shifts", "abe", 2, 2, 1)),
        (replace(one(), promises=(Promise("abe", 3, "early"),)), ".......", Fault("promise", "abe", 3)),
        (replace(one(), promises=(Promise("abe", 3, "early", 5),)), ".......", None),
        (one(), "......", Fault("wrong_days", "abe", None, 6, 7)),
    ],
)
def test_each_rule_is_named(problem: Problem, days: str, fault: Fault | None) -> None:
    found = check(problem, rows(days))
    assert (fault in found) if fault else not found


def test_strangers_are_named() -> None:
    found = check(one(days=1), {"ito": (None,)})
    assert found == [Fault("missing_worker", "abe"), Fault("unknown_worker", "ito")]
    assert check(one(days=1), {"abe": ("noon",)}) == [Fault("unknown_shift", "abe", 0)]


# Against brute force

CONTRACTS = st.builds(
    Contract,
    max_minutes=st.sampled_from((1440, 1920, 9999)),
    min_minutes=st.sampled_from((0, 480, 960)),
    rest=st.sampled_from((0, 660, 700, 1500)),
    min_run=st.integers(1, 2),
    max_run=st.integers(2, 3),
    min_off=st.integers(1, 3),
    max_weekends=st.sampled_from((None, 0, 1)),
    max_shifts=st.dictionaries(st.sampled_from(("early", "late", "night")), st.integers(0, 2)),
)
DAYS = 5


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    day = st.integers(0, DAYS - 1)
    shift = st.sampled_from(("early", "late", "night"))
    workers = tuple(
        Worker(
            name,
            draw(CONTRACTS),
            draw(st.dictionaries(st.just("nurse"), st.sampled_from((None, 2, 4)))),
            tuple(draw(st.sets(day, max_size=1))),
            tuple(draw(st.sets(day, max_size=1))),
            tuple(draw(st.lists(st.sampled_from((None, "early", "late", "night")), max_size=3))),
        )
        for name in ("abe", "ito")[: draw(st.integers(1, 2))]
    )
    names = st.sampled_from([worker.id for worker in workers])
    covers = st.builds(
        Cover,
        day,
        shift,
        st.integers(0, 2),
        st.integers(0, 9),
        st.integers(0, 3),
        st.sampled_from((None, "nurse")),
    )
    wishes = st.builds(Wish, names, day, st.one_of(st.none(), shift), st.booleans(), st.integers(0, 4))
    promises = st.builds(Promise, names, day, st.one_of(st.none(), shift), st.sampled_from((None, 1, 5)))
    return Problem(
        DAYS,
        SHIFTS,
        workers,
        tuple(draw(st.lists(covers, max_size=6))),
        tuple(draw(st.lists(wishes, max_size=3))),
        tuple(draw(st.lists(promises, max_size=2, unique_by=lambda one: (one.worker, one.day)))),
        ((1, 2), (3, 4)),
    )


def least(problem: Problem) -> int | None:
    """What the best roster costs, by trying all of them."""
    allowed = []
    for worker in problem.workers:
        every = product((None, "early", "late", "night"), repeat=problem.days)
        allowed.append([days for days in every if not check_worker(problem, worker, days)])
    names = [worker.id for worker in problem.workers]
    return min(
        (cost(problem, dict(zip(names, choice, strict=True))) for choice in product(*allowed)), default=None
    )


@settings(max_examples=40, deadline=None)
@given(problems())
def test_nothing_is_better_than_the_bound_and_nothing_breaks_a_rule(problem: Problem) -> None:
    if any(
        not any(
            not check_worker(problem, worker, days)
            for days in product((None, "early", "late", "night"), repeat=problem.days)
        )
        for worker in problem.workers
    ):
        with pytest.raises(RosteringError, match="No roster"):
            clear(problem, rounds(5))
        return
    roster = clear(problem, rounds(60))
    assert check(problem, roster.shifts) == []
    assert roster.objective == cost(problem, roster.shifts)
    if len(problem.workers) == 1 or problem.workers[1].contract.max_minutes < 1500:
        best = least(problem)
        assert best is not None
        assert roster.bound <= best == roster.objective


@settings(max_examples=15, deadline=None)
@given(problems(), st.integers(0, DAYS - 1), st.integers(0, DAYS - 1))
def test_after_an_absence_no_rule_is_broken_and_the_past_stays(
    problem: Problem, day: int, since: int
) -> None:
    try:
        roster = clear(problem, rounds(10))
    except RosteringError:
        return
    left = after_absence(problem, roster.shifts, {"abe": [day]}, change_weight=5, since=since)
    past = {worker: days[:since] for worker, days in roster.shifts.items()}
    possible = [
        any(
            not check_worker(left, worker, (*past[worker.id], *days))
            for days in product((None, "early", "late", "night"), repeat=DAYS - since)
        )
        for worker in left.workers
    ]
    if not all(possible) or day < since:
        return
    anew = clear(left, rounds(20))
    assert check(left, anew.shifts) == []
    assert anew.shifts["abe"][day] is None
    assert all(change.day >= since for change in changes(roster.shifts, anew.shifts))


# A ward


def ward(workers: int = 6, days: int = 14) -> Problem:
    """Enough work for everybody, and wishes that can't all be granted."""
    contract = Contract(
        4320, 2400, rest=660, min_run=2, max_run=5, min_off=2, max_weekends=1, max_shifts={"night": 3}
    )
    staff = tuple(
        Worker(f"w{number}", contract, {"nurse": None} if number % 2 else {}, (number,))
        for number in range(workers)
    )
    covers = tuple(
        Cover(day, shift, 1, 100, 1, "nurse" if shift == "night" else None)
        for day in range(days)
        for shift in ("early", "late", "night")
    )
    wishes = tuple(Wish(f"w{number}", 6, None, False, 1 + number) for number in range(workers))
    return Problem(days, SHIFTS, staff, covers, wishes, weekends=((5, 6), (12, 13)))


def test_the_same_seed_gives_the_same_roster_and_more_effort_none_that_is_worse() -> None:
    problem = ward()
    first = clear(problem, rounds(80))
    assert first == clear(problem, rounds(80))
    better = improve(problem, first, rounds(40), seed=2)
    assert better.bound <= better.objective <= first.objective
    assert check(problem, better.shifts) == []


def test_an_absence_changes_as_little_as_the_weight_asks_for() -> None:
    problem = ward()
    roster = clear(problem, rounds(80))
    absent = next(worker for worker, days in roster.shifts.items() if days[8] is not None)
    left = after_absence(problem, roster.shifts, {absent: [8]}, change_weight=10, since=8)
    anew = clear(left, rounds(80))
    moved = [change for change in changes(roster.shifts, anew.shifts) if change.worker != absent]
    dear = after_absence(problem, roster.shifts, {absent: [8]}, change_weight=1000, since=8)
    assert len(moved) <= 6
    assert len(changes(roster.shifts, clear(dear, rounds(80)).shifts)) == 1  # The absence itself.


def test_everything_short_and_every_refusal_has_its_reason() -> None:
    staff = (
        Worker("abe", replace(FREE, rest=661)),
        Worker("ito", FREE, {"nurse": None}, days_off=(0,)),
        Worker("ono", replace(FREE, max_minutes=480), {"nurse": 1}),
    )
    covers = (Cover(0, "night", 3, 100), Cover(1, "early", 3, 100))
    wishes = (
        Wish("ito", 0, "early", True, 1),
        Wish("abe", 1, None, False, 2),
        Wish("ono", 1, "late", True, 3),
    )
    problem = Problem(2, SHIFTS, staff, covers, wishes)
    shifts = {"abe": ("late", "late"), "ito": (None, "early"), "ono": (None, "early")}
    told = explain(problem, shifts)
    night, early = told.shortages
    assert (night.missing, early.missing) == (3, 1)
    assert {one.worker: (one.code, one.extra) for one in night.obstacles} == {
        "abe": ("skill", None),
        "ito": ("day_off", None),
        "ono": ("max_minutes", None),  # A night counts 900.
    }
    # With the late shift of the day before given up, abe could come; that saves what one is worth.
    assert [(one.worker, one.code, one.extra) for one in early.obstacles] == [("abe", "rest", -100)]
    assert [(one.wish.worker, one.obstacle.code, one.obstacle.extra) for one in told.refusals] == [
        ("ito", "day_off", None),
        ("abe", "cost", -2),
        ("ono", "working", 97),
    ]
    assert early.workers("rest") == ("abe",)


# Bad input


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("no_days", lambda: one(days=0)),
        ("duplicate", lambda: Problem(1, (EARLY, EARLY), (), ())),
        ("duplicate", lambda: Problem(1, SHIFTS, (Worker("abe", FREE), Worker("abe", FREE)), ())),
        ("bad_shift", lambda: Problem(1, (Shift("x", 600, 500, 60),), (), ())),
        ("bad_shift", lambda: Problem(1, (Shift("x", 0, 60, 61),), (), ())),
        ("unknown_shift", lambda: Problem(1, (LATE,), (), ())),
        ("bad_contract", lambda: one(Contract(100, 200))),
        ("bad_contract", lambda: one(replace(FREE, min_run=8))),
        ("bad_contract", lambda: one(replace(FREE, min_off=0))),
        ("negative", lambda: one(replace(FREE, rest=-1))),
        ("unknown_shift", lambda: one(replace(FREE, max_shifts={"noon": 1}))),
        ("unknown_shift", lambda: one(before=("noon",))),
        ("unknown_day", lambda: one(days_off=(7,))),
        ("unknown_day", lambda: replace(one(), covers=(Cover(7, "early", 1, 1),))),
        ("negative", lambda: replace(one(), covers=(Cover(0, "early", 1, -1),))),
        ("unknown_worker", lambda: replace(one(), wishes=(Wish("ito", 0, None, True, 1),))),
        ("two_promises", lambda: replace(one(), promises=(Promise("abe", 0, None),) * 2)),
        ("split_weekend", lambda: replace(one(), weekends=((5, 0),))),
        ("split_weekend", lambda: replace(one(), weekends=((),))),
        ("shared_weekend", lambda: replace(one(), weekends=((4, 5), (5, 6)))),
    ],
)
def test_bad_input_is_named(code: str, make: object) -> None:
    with pytest.raises(RosteringError) as caught:
        make()  # type: ignore[operator]
    assert caught.value.code == code


def test_a_contract_without_a_roster_and_a_faulty_roster_are_refused() -> None:
    with pytest.raises(RosteringError, match="abe"):
        clear(one(replace(FREE, min_minutes=10_000)), rounds(1))
    with pytest.raises(RosteringError, match="day_off"):
        improve(one(days_off=(0,)), Roster(rows("e......"), 0, 0), rounds(1))
    with pytest.raises(RosteringError, match="skill"):
        explain(one(), rows("n......"))


def test_a_problem_without_workers_is_one() -> None:
    problem = Problem(1, SHIFTS, (), (Cover(0, "early", 2, 10),))
    assert clear(problem, rounds(5)) == Roster({}, 20, 20)
