"""Promises: who of 1,741 bodies uses what of 120 systems is chosen exactly in 0.1 s, within limits in 3 s and proven to
0.1 %; a pool of 14 specialists goes round 43 places for 8 quarters, proven to 0.5 % in 20 s; shares are what they say.

Beside the exact choice stands HiGHS on small random nations, and the floor: the time in which numpy reads all prices
as often as sets of shared systems are tried. Beside the Talmud rule stand the rules in use: whom they leave worse off.
Seconds are of the processor, but for HiGHS, which counts its own of the clock.

All prices are made up. Of the cost of a body today only the size is real: 87 million yen a year and 2,450 yen for each
resident, which is what municipalities below 20,000 and the nation as a whole spent in fiscal year 2017.

Usage: ./yui bench costing [--quick] [--runs N]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from yui.engines.costing.public import (
    INDIVIDUAL,
    Alliance,
    Capacity,
    Commons,
    Limits,
    Pool,
    Rule,
    Terms,
    check,
    choose,
    choose_within,
    objections,
    outcome,
    phase,
    rotate,
    split,
    talmud,
)
from yui.engines.costing.tests.nation import made_up, optimum

BODIES, SYSTEMS, PREFECTURES, VENDORS = 1_741, 120, 47, 3
FIXED_YEN, RESIDENT_YEN = 87_000_000, 2_450
RULES: tuple[Rule, ...] = ("equal", "population", "mixed", "shapley", "talmud")
Promise = tuple[str, Any, str, Any, bool]


def main() -> int:
    """Measure, print the tables and the promises; 0 when all are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small nation; promises no speed")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", help="not needed: prices are made up")
    options = parser.parse_args()
    promises = [
        *small(5 if options.quick else 100),
        *nation(options.quick, 1 if options.quick else options.runs),
        *shares(10 if options.quick else 200),
        *talent(options.quick),
    ]
    print()
    for name, value, unit, target, met in promises:
        print(f"promise {name} {value} {unit} target {target} {'met' if met else 'short'}")
    return 0 if all(met for *_, met in promises) else 1


# Who uses what


def small(number: int) -> Iterator[Promise]:
    """Small random nations, by enumeration and by HiGHS."""
    off = wrong = 0
    for seed in range(number):
        commons = made_up(seed, vendors=seed % 4)
        off += choose(commons).cost_yen != optimum(commons)
        limited = made_up(seed, missing=0)
        limits = Limits(np.full(7, seed % 3 + 1), np.array([3, 5]), seed % 2)
        plan = choose_within(limited, limits, rounds=60)
        best = optimum(limited, limits)
        wrong += not plan.bound_yen <= best <= plan.cost_yen or check(limited, plan, limits) != ()
    print(f"{number} small nations: exact choice differs from HiGHS in {off}, bound or plan wrong in {wrong}")
    yield "costing_off_highs", off, "nations", 0, off == 0
    yield "costing_limits_wrong", wrong, "nations", 0, wrong == 0


def large(bodies: int, systems: int) -> tuple[Commons, np.ndarray]:
    """A made-up nation, and the population of its bodies."""
    chance = np.random.default_rng(1)
    prefecture = np.sort(
        np.concatenate((np.arange(PREFECTURES), chance.integers(0, PREFECTURES, bodies - PREFECTURES)))
    )
    people = chance.lognormal(10, 1.3, bodies).clip(300, 3.7e6)
    part = chance.dirichlet(np.full(systems, 1.5))[:, None]
    fixed, each = FIXED_YEN * part, RESIDENT_YEN * people * part
    shape = systems, bodies
    now = (fixed + each) * chance.lognormal(0, 0.25, shape)
    yearly = np.empty((systems, 4 + VENDORS, bodies))
    yearly[:, 0] = now
    yearly[:, 1] = now * chance.uniform(0.75, 1.15, shape)
    for option in range(2, 4 + VENDORS):
        fit = chance.lognormal(0, 0.2, shape)
        yearly[:, option] = now * 0.35 + each * 0.45 * fit + fixed * 0.2 * chance.lognormal(0, 0.5, shape)

    def whole(yen: np.ndarray) -> np.ndarray:
        return np.rint(yen).astype(np.int64)

    commons = Commons(
        tuple(f"b{number}" for number in range(bodies)),
        tuple(f"s{number}" for number in range(systems)),
        tuple(f"v{number}" for number in range(VENDORS)),
        prefecture,
        whole(yearly),
        whole(fixed * chance.uniform(3, 9, (systems, PREFECTURES))),
        whole(fixed * chance.uniform(30, 150, (systems, VENDORS))),
        whole(fixed[:, 0] * chance.uniform(60, 250, systems)),
    )
    return commons, people.astype(np.int64)


def nation(quick: bool, runs: int) -> Iterator[Promise]:
    """The whole nation, without and with limits, and what a plan does to bodies."""
    bodies, systems = (150, 12) if quick else (BODIES, SYSTEMS)
    commons, people = large(bodies, systems)
    today = commons.yearly_yen[:, INDIVIDUAL].sum()
    print(f"\n{bodies:,} bodies × {systems} systems{'':>30}{'seconds':>9}{'of today':>10}{'gap':>9}")

    def row(label: str, seconds: float, cost: float | None = None, gap: float | None = None) -> None:
        of_today = "" if cost is None else f"{cost / today:.1%}"
        print(
            f"  {label:52}{seconds:>9.3f}{of_today:>10}{'' if gap is None else f'{gap:.3%}':>9}", flush=True
        )

    plan, exact = often(lambda: choose(commons), runs)
    row("everything can move: exact", exact, plan.cost_yen, 0)
    passes = np.empty_like(commons.yearly_yen[:, 0])
    sets = 2 ** (VENDORS + 1)
    floor = often(lambda: [np.copyto(passes, commons.yearly_yen[:, n % 7]) for n in range(sets)], runs)[1]
    row(f"  floor: numpy reads a price of all bodies {sets} times", floor)
    faults = len(check(commons, plan))
    slowest, widest = 0.0, 0.0
    for moves in (40, 20, 10):
        most = min(moves, systems // 3)
        limits = Limits(moves=np.full(bodies, most))
        limited, seconds = timed(lambda limits=limits: choose_within(commons, limits))
        row(f"each body moves {most}", seconds, limited.cost_yen, limited.gap)
        faults += len(check(commons, limited, limits))
        taken = (limited.contracts(commons) * 0.8).astype(np.int64)
        both = Limits(np.full(bodies, most), taken, systems // 12)
        limited, more = timed(lambda limits=both: choose_within(commons, limits))
        row(
            f"  vendors take a fifth less, nation {systems // 12} systems",
            more,
            limited.cost_yen,
            limited.gap,
        )
        faults += len(check(commons, limited, both))
        slowest, widest = max(slowest, seconds, more), max(widest, limited.gap)

    periods = 10
    capacity = Capacity(
        np.full((bodies, periods), systems // 10),
        np.repeat(plan.contracts(commons)[:, None] // 12, periods, axis=1),
    )
    phased, seconds = timed(lambda: phase(commons, plan, capacity))
    moving = int((plan.option != INDIVIDUAL).sum())
    row(f"{moving:,} moves in {periods} half-years; late {len(phased.late):,}", seconds, None, phased.gap)
    for rule in RULES[:3] + RULES[4:]:
        found, seconds = timed(lambda rule=rule: outcome(commons, plan, people, rule, unit_yen=1_000))
        losing = f"{len(found.losers)} lose {found.transfer_yen.sum() / 1e6:,.0f} million yen"
        row(f"shared by the rule {rule}: {losing}", seconds, found.total_yen)
        faults += found.total_yen != plan.cost_yen
    yield "costing_faults", faults, "faults", 0, faults == 0
    if not quick:
        yield "costing_exact_s", f"{exact:.3f}", "s", 0.1, exact <= 0.1
        yield "costing_limits_s", f"{slowest:.2f}", "s", 3, slowest <= 3
        yield "costing_limits_gap", f"{widest:.3%}", "of the cost", "0.1%", widest <= 0.001


# Who pays


def shares(prefectures: int) -> Iterator[Promise]:
    """Made-up prefectures of 43 members with one platform: whom each rule leaves worse off, and by how much."""
    print(
        f"\n{prefectures} prefectures of 43: members worse off, and what they lose, as a share of the platform's cost"
    )
    print(f"  {'savings':18}{'cost':>6}" + "".join(f"{rule:>18}" for rule in RULES))
    unstable = 0
    for label, spread in (("follow size", 0.0), ("and fit", 0.5)):
        for part in (0.5, 0.7, 0.9):
            worse, loss = dict.fromkeys(RULES, 0.0), dict.fromkeys(RULES, 0.0)
            chance = np.random.default_rng(7)
            for _ in range(prefectures):
                people = chance.lognormal(9.8, 1.2, 43).clip(500, 2e6)
                saving = (0.4 * FIXED_YEN / 50 + 0.3 * RESIDENT_YEN / 50 * people) * chance.lognormal(
                    0, spread, 43
                )
                alone = (FIXED_YEN + RESIDENT_YEN * people) / 50 + saving
                alliance = Alliance(
                    tuple(map(str, range(43))),
                    np.rint(alone).astype(np.int64),
                    np.rint(alone - saving).astype(np.int64)[:, None],
                    np.array([int(part * saving.sum())]),
                    people.astype(np.int64),
                )
                for rule in RULES:
                    bill = split(alliance, rule, orders=2_000)
                    over = np.maximum(bill.pay_yen - alliance.alone_yen, 0)
                    worse[rule] += (over > 0).mean() / prefectures
                    loss[rule] += over.sum() / alliance.fixed_yen[0] / prefectures
                    if rule in ("shapley", "talmud"):
                        unstable += bool(objections(alliance, bill.pay_yen))
            cells = "".join(f"{f'{worse[rule]:.1%} / {loss[rule]:.1%}':>18}" for rule in RULES)
            print(f"  {label:18}{part:>6.0%}{cells}")
    claims = np.random.default_rng(3).lognormal(14, 1, BODIES)
    _, seconds = often(lambda: talmud(claims, claims.sum() / 3), 21)
    print(f"  Talmud rule for {BODIES:,} members: {seconds * 1_000:.2f} ms")
    yield "costing_unstable", unstable, "splits", 0, unstable == 0


# Who works where


def talent(quick: bool) -> Iterator[Promise]:
    """A made-up prefecture: places and homes in a plane, needs that come and go."""
    places, specialists, skills, quarters = (8, 3, 2, 4) if quick else (43, 14, 4, 8)
    chance = np.random.default_rng(5)
    where, home = chance.random((places, 2)) * 120, chance.random((specialists, 2)) * 120
    travel = np.linalg.norm(home[:, None] - where[None], axis=2)
    has = chance.random((specialists, skills)) < 0.45
    has[np.arange(specialists), chance.integers(0, skills, specialists)] = True
    wanted = chance.random((places, skills, 1)) < 0.6
    need = np.where(wanted & (chance.random((places, skills, quarters)) < 0.7), 1.0, 0.0)
    need *= chance.integers(1, 6, (places, skills, 1))
    pool = Pool(
        tuple(f"w{number}" for number in range(specialists)),
        tuple(f"p{number}" for number in range(places)),
        tuple(f"k{number}" for number in range(skills)),
        has,
        need,
        travel,
        chance.integers(0, 5, places),
    )
    terms = Terms(least_quarters=0 if quick else 2, farthest=75, start=0.5, minute=0.005)
    began = time.perf_counter()
    found = rotate(pool, terms, gap=0.005, seconds=20)
    seconds = time.perf_counter() - began
    print(
        f"\n{specialists} specialists, {places} places, {skills} skills, {quarters} quarters: "
        f"{len(found.stints)} stints in {seconds:.1f} s of the clock, gap {found.gap:.2%}, "
        f"{found.covered.sum() / found.needed.sum():.0%} of the need covered, "
        f"{len(found.alone)} places that hang on one person"
    )
    if not quick:
        yield "costing_rotation_gap", f"{found.gap:.2%}", "of the value", "0.5%", found.gap <= 0.005


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the seconds of the processor."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def often(work: Callable[[], Any], runs: int) -> tuple[Any, float]:
    """What it gives, and the median of its seconds."""
    work()
    results = [timed(work) for _ in range(runs)]
    return results[0][0], statistics.median(seconds for _, seconds in results)


if __name__ == "__main__":
    sys.exit(main())
