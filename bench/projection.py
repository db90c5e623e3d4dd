"""Promises: 1,884 regions projected over 6 steps in 20 ms, and 1,000 courses around the result with their band in 5 s.

Beside the engine stand the same recursion as a plain loop over regions, sexes and ages, and the floor: the time in
which numpy copies as many bytes as the engine has to read and write. Seconds are of the processor. The population is
made up: sizes as uneven as those of municipalities, 20 ages of two sexes, a result that is rounded to whole persons.

Usage: ./yui bench projection [--quick] [--runs N]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from yui.engines.projection.public import (
    FIVE_YEAR_AGES,
    Assumptions,
    PastErrors,
    band,
    calibrate,
    change,
    draws,
    project,
    what_if,
)

REGIONS, STEPS, SEXES, AGES = 1_884, 6, 2, len(FIVE_YEAR_AGES)
GROUPS = ((0, None), (0, 15), (15, 65), (65, None))
SURVIVAL = np.concatenate((np.linspace(0.999, 0.95, 14), np.linspace(0.93, 0.2, 6)))
DEPARTURE = np.concatenate((np.full(3, 0.06), np.full(4, 0.2), np.linspace(0.12, 0.02, 13)))


def main() -> int:
    """Measure, print the table and the promises; 0 when all are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few regions and courses; promises no speed")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--data", help="not needed: the population is made up")
    options = parser.parse_args()
    regions, number, runs = (60, 100, 1) if options.quick else (REGIONS, 1_000, options.runs)
    published = made_up(regions)
    world, calibrating = timed(lambda: calibrate(published, SURVIVAL, DEPARTURE))
    base, nation = published[0], published[1:].sum(axis=1)

    print(f"{regions:,} regions × {SEXES} sexes × {AGES} ages × {STEPS} steps{'':>16}{'ms':>10}")

    def row(label: str, seconds: float) -> None:
        print(f"  {label:60}{seconds * 1_000:>10.2f}", flush=True)

    result, seconds = often(lambda: project(base, world), runs)
    row("projected", seconds)
    row("  and raked to the nation", often(lambda: project(base, world, nation=nation), runs)[1])
    row("floor: numpy copies what is read and written", often(copying(world, result), runs)[1])
    looped, slow = timed(lambda: loop(base, world))
    row("plain loop", slow)
    row("calibrated to the published result", calibrating)
    fewer = change(world, departures=0.9)
    row("what if one in ten fewer leaves", often(lambda: what_if(published, world, fewer), runs)[1])

    off_loop = float(np.abs(looped - result).max())
    off_published = int((np.rint(result) != published).sum())

    chance = np.random.default_rng(2)
    size = published[0].sum(axis=(1, 2))
    classes = np.digitize(size, np.quantile(size, (0.2, 0.4, 0.6, 0.8)))
    past = PastErrors(chance.normal(0, 0.02, (3, regions, SEXES, AGES)), classes)
    courses, drawing = timed(lambda: draws(published, classes, past, groups=GROUPS, number=number))
    limits, ranking = timed(lambda: band(courses))
    row(f"{number:,} courses of {len(GROUPS)} age groups", drawing)
    row("  and their band", ranking)
    last = limits[:, -1, 0].sum(axis=1)
    print(f"\n  people at the end, all regions: {last[0]:,.0f} to {last[2]:,.0f}, middle {last[1]:,.0f}\n")

    promises: list[tuple[str, Any, str, Any, bool]] = [
        ("projection_off_plain_loop", f"{off_loop:.1e}", "persons", 1e-6, off_loop <= 1e-6),
        ("projection_off_published", off_published, "cells", 0, off_published == 0),
    ]
    if not options.quick:
        promises += [
            ("projection_ms", f"{seconds * 1_000:.1f}", "ms", 20, seconds <= 0.020),
            (
                "projection_1000_draws",
                f"{drawing + ranking:.2f}",
                "s",
                5,
                drawing + ranking <= 5,
            ),
        ]
    for name, value, unit, target, met in promises:
        print(f"promise {name} {value} {unit} target {target} {'met' if met else 'short'}")
    return 0 if all(met for *_, met in promises) else 1


def made_up(regions: int) -> np.ndarray:
    """A published result: ``(steps + 1, regions, sexes, ages)``, whole persons."""
    chance = np.random.default_rng(1)
    people = np.empty((STEPS + 1, regions, SEXES, AGES))
    size = chance.lognormal(10.0, 1.3, regions).clip(300, 4e6)
    people[0] = size[:, None, None] * chance.dirichlet(np.full(SEXES * AGES, 40.0), regions).reshape(
        people[0].shape
    )
    for step in range(STEPS):
        moving = SURVIVAL * (1 + chance.normal(-0.01, 0.05, (regions, SEXES, AGES)))
        moved = people[step] * moving
        people[step + 1, ..., 1:] = moved[..., :-1]
        people[step + 1, ..., -1] += moved[..., -1]
        women = people[step + 1, :, -1, FIVE_YEAR_AGES.mothers].sum(axis=-1)
        people[step + 1, ..., 0] = women[:, None] * chance.uniform(0.08, 0.12, (regions, SEXES))
    return np.rint(people)


def loop(base: np.ndarray, world: Assumptions) -> np.ndarray:
    """The same in plain Python."""
    steps, regions, sexes, ages = world.survival.shape
    survival, departure, arrival = (one.tolist() for one in (world.survival, world.departure, world.arrival))
    children, share, abroad = (
        one.tolist() for one in (world.children_per_woman, world.child_share, world.abroad)
    )
    people = [base.tolist()]
    mothers = range(ages)[world.ages.mothers]
    for t in range(steps):
        now = people[-1]
        then = [[[0.0] * ages for _ in range(sexes)] for _ in range(regions)]
        for s in range(sexes):
            for x in range(ages):
                pool = abroad[t][s][x]
                for i in range(regions):
                    pool += now[i][s][x] * departure[t][i][s][x]
                to = min(x + 1, ages - 1)
                for i in range(regions):
                    stayed = now[i][s][x] * (survival[t][i][s][x] - departure[t][i][s][x])
                    then[i][s][to] += stayed + arrival[t][i][s][x] * pool
        for i in range(regions):
            born = children[t][i] * sum(then[i][-1][x] for x in mothers)
            for s in range(sexes):
                then[i][s][0] = born * share[t][i][s]
        people.append(then)
    return np.array(people)


def copying(world: Assumptions, result: np.ndarray) -> Callable[[], None]:
    """Copies half as many bytes as there are to be read and written, which moves all of them."""
    moved = world.survival.nbytes + world.departure.nbytes + world.arrival.nbytes + 2 * result.nbytes
    source, target = np.ones(moved // 16), np.empty(moved // 16)
    return lambda: np.copyto(target, source)


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
