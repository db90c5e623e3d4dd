"""Promises: Curtois' rosters 1–4 optimal in 10 s, 5–11 within 2 % of the best known and 12, 14 within 5 % in 60 s.

The instances are not part of the repository: they are published at schedulingbenchmarks.org, and as JSON among the
models of PyCSP3 (github.com/xcsp3team/PyCSP3-models, realistic/NurseRostering/data). Each roster is judged by a checker
that reads the file itself. Beside the engine stands, with the same seconds, the whole roster as one CP-SAT model with
eight workers. The engine uses one core and counts seconds of the processor; CP-SAT uses all cores and counts those of
the clock, and what it took of the processor is shown.

Usage: ./yui bench rostering [--data DIR] [--only N ...] [--no-peer] [--quick]
    DIR/NurseRostering-NN.json are used where they are there; without DIR, an instance made up here.
"""

import argparse
import random
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.judges.rosters import judge_roster, read_roster
from bench.peers.cp_sat_roster import cp_sat_roster

from yui.engines.rostering.public import Contract, Cover, Problem, Roster, Shift, Wish, Worker, clear

BEST_KNOWN = {
    1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300, 9: 439, 10: 4631, 11: 3443, 12: 4040,
    14: 1278,
}  # fmt: skip
"""Least cost known to us. 1–7 and 9–12: github.com/ORProjects/NRP.

8: that list has 1308; 1300 is commonly cited as the best known. 14: 1278 is also the bound that the engine proves.
"""
SECONDS = {number: 10.0 if number <= 4 else 60.0 for number in BEST_KNOWN}
ALLOWED = {number: 0.0 if number <= 4 else 5.0 if number >= 12 else 2.0 for number in BEST_KNOWN}
"""Per cent above the best known."""


def main() -> int:
    """Solve, judge, compare; 0 when every promise is met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", type=int, nargs="+", help="numbers of instances")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a made-up instance; promises no speed")
    options = parser.parse_args()
    clear(problem_of(make_instance(4, 7)), lambda: 1.0)  # Compiles, or reads what was compiled.
    if options.quick or options.data is None:
        return made_up(2.0 if options.quick else 30.0, peer=not options.no_peer)
    numbers = [
        number
        for number in options.only or BEST_KNOWN
        if number in BEST_KNOWN and (options.data / f"NurseRostering-{number:02d}.json").exists()
    ]
    if not numbers:
        print(f"No instance in {options.data}: NurseRostering-01.json and so on.", file=sys.stderr)
        return 2
    head = f"{'':>3}{'best':>7}{'engine':>8}{'bound':>7}{'gap %':>7}{'s':>6}"
    print(head + f"{'CP-SAT':>9}{'bound':>7}{'gap %':>7}{'s':>6}")
    broken, gaps = 0, {}
    for number in numbers:
        instance = read_roster(options.data / f"NurseRostering-{number:02d}.json")
        best = BEST_KNOWN[number]
        roster, spent = solve(instance, SECONDS[number])
        value, wrong = judge_roster(instance, roster.shifts)
        broken += len(wrong) + (value != roster.objective) + (roster.bound > best)
        gaps[number] = 100 * (value / best - 1)
        line = f"{number:>3}{best:>7}{value:>8}{roster.bound:>7}{gaps[number]:>7.2f}{spent:>6.1f}"
        if not options.no_peer:
            line += alone(instance, SECONDS[number], best)
        print(line, "; ".join(wrong[:3]), flush=True)
    met = promise("rostering_broken", broken, "rules", 0)
    for group in sorted({(SECONDS[number], ALLOWED[number]) for number in numbers}):
        members = [number for number in numbers if (SECONDS[number], ALLOWED[number]) == group]
        name = f"rostering_{members[0]}_to_{members[-1]}_{group[0]:g}s_worst_gap"
        met &= promise(name, max(gaps[number] for number in members), "%", group[1])
    return 0 if met else 1


def solve(instance: dict[str, Any], seconds: float) -> tuple[Roster, float]:
    """The engine's roster, and the seconds of the processor it took."""
    began = time.process_time()
    roster = clear(problem_of(instance), lambda: (time.process_time() - began) / seconds)
    return roster, time.process_time() - began


def alone(instance: dict[str, Any], seconds: float, best: int | None) -> str:
    """What CP-SAT alone makes of it, as the end of a row."""
    began = time.process_time()
    rows, bound = cp_sat_roster(instance, seconds)
    spent = time.process_time() - began
    if rows is None:
        return f"{'none':>9}{bound:>7}{'':>7}{spent:>6.1f}"
    value, wrong = judge_roster(instance, rows)
    gap = f"{100 * (value / best - 1):.2f}" if best else ""
    return f"{value:>9}{bound:>7}{gap:>7}{spent:>6.1f}" + ("" if not wrong else f" breaks {len(wrong)}")


def problem_of(instance: dict[str, Any]) -> Problem:
    """An instance of the benchmark in the engine's words."""
    shifts = tuple(
        Shift(
            one["id"],
            0,
            one["length"],
            one["length"],
            not_before=tuple(one["forbiddenFollowingShifts"] or ()),
        )
        for one in instance["shifts"]
    )
    ids = [shift.id for shift in shifts]
    workers, wishes = [], []
    for person in instance["staffs"]:
        contract = Contract(
            person["maxTotalMinutes"],
            person["minTotalMinutes"],
            min_run=person["minConsecutiveShifts"],
            max_run=person["maxConsecutiveShifts"],
            min_off=person["minConsecutiveDaysOff"],
            max_weekends=person["maxWeekends"],
            max_shifts=dict(zip(ids, person["maxShifts"], strict=True)),
        )
        workers.append(Worker(person["id"], contract, days_off=tuple(person["daysOff"])))
        for key, on in (("onRequests", True), ("offRequests", False)):
            wishes += [Wish(person["id"], w["day"], w["shift"], on, w["weight"]) for w in person[key] or ()]
    covers = tuple(
        Cover(day, shift, need["requirement"], need["weightIfUnder"], need["weightIfOver"])
        for day, needs in enumerate(instance["covers"])
        for shift, need in zip(ids, needs, strict=True)
    )
    weeks = range(0, instance["nDays"], 7)
    weekends = tuple((week + 5, week + 6) for week in weeks)
    return Problem(instance["nDays"], shifts, tuple(workers), covers, tuple(wishes), weekends=weekends)


def make_instance(people: int, days: int, seed: int = 1) -> dict[str, Any]:
    """A made-up instance in the format of the benchmark: early, late and night, whole weeks."""
    chance = random.Random(seed)
    shifts = [
        {"id": "E", "length": 480, "forbiddenFollowingShifts": None},
        {"id": "L", "length": 480, "forbiddenFollowingShifts": ["E"]},
        {"id": "N", "length": 600, "forbiddenFollowingShifts": ["E", "L"]},
    ]
    staffs = []
    for number in range(people):
        wishes = [
            {"day": chance.randrange(days), "shift": chance.choice("ELN"), "weight": chance.randint(1, 3)}
            for _ in range(days // 4)
        ]
        staffs.append(
            {
                "id": f"w{number:02d}",
                "maxShifts": [days, days, chance.choice((0, days // 6))],
                "minTotalMinutes": 240 * days,
                "maxTotalMinutes": 320 * days,
                "minConsecutiveShifts": 2,
                "maxConsecutiveShifts": 5,
                "minConsecutiveDaysOff": 2,
                "maxWeekends": max(1, days // 14),
                "daysOff": [chance.randrange(days)],
                "onRequests": wishes[::2],
                "offRequests": wishes[1::2],
            }
        )
    covers = [
        [
            {"requirement": chance.randint(low, high) * people // 20, "weightIfUnder": 100, "weightIfOver": 1}
            for low, high in ((4, 6), (3, 5), (1, 2))
        ]
        for _ in range(days)
    ]
    return {"nDays": days, "shifts": shifts, "staffs": staffs, "covers": covers}


def made_up(seconds: float, *, peer: bool) -> int:
    """An instance of our own: does the judge agree, and how far is the bound?"""
    instance = make_instance(20, 28)
    roster, spent = solve(instance, seconds)
    value, wrong = judge_roster(instance, roster.shifts)
    print(f"made up: engine {value}, bound {roster.bound}, {spent:.1f} s {'; '.join(wrong[:3])}")
    if peer:
        print(f"  CP-SAT alone, its bound, gap, s: {alone(instance, seconds, value)}")
    return 0 if promise("rostering_quick_broken", len(wrong) + (value != roster.objective), "rules", 0) else 1


def promise(name: str, value: float, unit: str, target: float) -> bool:
    """Print a promise; whether it is met."""
    met = value <= target
    shown = f"{value}" if isinstance(value, int) else f"{value:.2f}"
    print(f"promise {name} {shown} {unit} target {target:g} {'met' if met else 'short'}", flush=True)
    return met


if __name__ == "__main__":
    sys.exit(main())
