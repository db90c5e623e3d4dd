"""Promise: every programme decided about the whole country, each condition kept, in 90 seconds on two cores.

A made-up population (:mod:`population`) of 125 million people is decided file by file by two processes. For each
programme whose cards are installed, the facts are derived from the population (:mod:`situations`), and the decisions
are written as Parquet: identifier, effect, amount, row and the vector of all conditions. The floor is the same files
only decoded, and a plain copy of their columns in memory, in the same run.

Beside it: one household by all programmes in Python with everything needed to explain it, and the check of all cards.

Usage: ./yui bench nation [--people N] [--quick] [--data DIR]
"""

import argparse
import multiprocessing
import os
import resource
import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

# Two processes with one thread each use two cores better than one process with two threads.
os.environ["POLARS_MAX_THREADS"] = "1"
# Memory that is given back to the system has to be cleared anew each time: columns come and go, so keep it, in large
# pages. (Polars brings the allocator along; it reads this when it is loaded.)
os.environ["_RJEM_MALLOC_CONF"] = "thp:always,dirty_decay_ms:-1,muzzy_decay_ms:-1"

import polars as pl
from population import make
from situations import MONTH, SITUATIONS, frames, origin

import yui.services
from yui.engines.rules import ir
from yui.engines.rules.bulk.frames import Decide, compile_frames
from yui.engines.rules.bulk.layout import GROUP_ID, UNIT_ID
from yui.engines.rules.public import Card, Group, Month, Unit, evaluate, load_card

ROOT = Path(__file__).resolve().parent.parent
JAPAN = 125_000_000
PROCESSES = 2
FIRST_PERSON = 1_000_000
ROWS = 1 << 20
"""Decisions in a row group: all of a file, so that each amount that recurs is written once."""
CARDS = sorted(Path(yui.services.__path__[0]).glob("*/cards/*/[0-9]*.yaml"))


@dataclass
class Spent:
    """What one file cost.

    Attributes:
        people, written: Persons read, bytes written.
        decisions, seconds: Decisions made and seconds of the processor by programme.
    """

    people: int
    written: int
    decisions: Counter[str]
    seconds: Counter[str]


def main() -> int:
    """Makes the population where it is missing, decides, prints the table and the promises."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, help=f"default {JAPAN:,}; quick 200,000")
    parser.add_argument("--quick", action="store_true", help="a smoke run; promises no speed of the nation")
    parser.add_argument("--data", type=Path, help="folder for the population and the decisions")
    options = parser.parse_args()
    people = options.people or (200_000 if options.quick else JAPAN)
    folder = options.data or Path(os.environ.get("YUI_STATE", ROOT / ".yui")) / "bench" / "nation"
    files, made = clocked(lambda: make(folder / "population", people))
    size = sum(path.stat().st_size for path in files)
    print(f"{people:,} people in {len(files)} files of {size / 1e6:,.0f} MB, made in {made:.0f} s")
    facts = Counter(origin(card, fact) for card in cards() for fact in card.rules.facts)
    print(
        f"{len(cards())} programmes in {MONTH}, {sum(len(card.rules.conditions) for card in cards())} conditions; "
        f"of {facts.total()} facts {facts['kept']} follow from the population, {facts['drawn']} are drawn for each "
        f"person, {facts['constant']} are constant (bench/situations.py)"
    )
    if plain := [card.id for card in cards() if card.id not in SITUATIONS]:
        print(f"about all households, nothing being said of them in bench/situations.py: {', '.join(plain)}")

    _, checking = clocked(lambda: [load_card(path.read_text(encoding="utf-8")) for path in CARDS])
    seconds = household(files[0])
    output = folder / "decisions"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, context, initializer=cards) as pool:
        list(pool.map(floor, files[:PROCESSES]))
        floors, decoding = clocked(lambda: list(pool.map(floor, files)))
        spent, deciding = clocked(lambda: list(pool.map(decide, files, [output] * len(files))))
        peak = max(pool.map(peak_gb, range(8 * PROCESSES))) * PROCESSES + peak_gb(0)
    shutil.rmtree(output)

    by_programme = sum((item.seconds for item in spent), Counter[str]())
    persons = sum(item.people for item in spent)
    print("\nprocessor seconds by programme, facts and writing included")
    for name, used in by_programme.most_common():
        print(f"  {name:36}{used:9.2f}{used / persons * 1e9:9.1f} ns a resident")
    copied = statistics.median(item[1] for item in floors)
    print(
        f"\n{persons:,} residents × {len(cards())} programmes in {deciding:.1f} s "
        f"({by_programme.total():.1f} s of the processors): "
        f"{persons * len(cards()) / deciding / 1e6:,.0f} million residents × programmes a second, "
        f"{sum(item.decisions.total() for item in spent):,} decisions, "
        f"{sum(item.written for item in spent) / 1e9:.2f} GB written\n"
        f"floor: decoding the same files {decoding:.1f} s; a copy of their columns at {copied:.1f} GB/s would take "
        f"{sum(item[0] for item in floors) / copied / 1e9:.2f} s\n"
        f"one household by all programmes in Python: {seconds * 1000:.2f} ms; "
        f"check of {len(CARDS)} cards: {checking:.2f} s"
    )
    print()
    idle = len(cards()) - len(+sum((item.decisions for item in spent), Counter[str]()))
    promises = [("programmes_not_decided", idle, "programmes", 0.0)]
    if not options.quick:
        promises += [
            ("nation_seconds", deciding, "s", 90.0),
            ("nation_peak_gb", peak, "GB", 4.0),
            ("household_ms", seconds * 1000, "ms", 1.0),
            ("cards_check_seconds", checking, "s", 2.0),
        ]
    for name, value, unit, target in promises:
        print(f"promise {name} {value:.2f} {unit} target {target:g} {'met' if value <= target else 'short'}")
    return 0 if all(value <= target for _, value, _, target in promises) else 1


@cache
def cards() -> tuple[Card, ...]:
    """The version of each programme that decides the month."""
    return tuple(card for card in map(load_card, CARDS) if card.decides(MONTH))


@cache
def compiled(card: Card) -> Decide:
    """Expressions are built once for each card and month."""
    return compile_frames(card, MONTH)


def clocked(work: Callable[[], Any]) -> tuple[Any, float]:
    """A result and the seconds of the clock it took."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def read(path: Path) -> pl.DataFrame:
    """The persons of a file, numbered."""
    return pl.read_parquet(path).with_columns(
        pl.col("household").set_sorted(),
        person=(pl.int_range(pl.len(), dtype=pl.Int32) + FIRST_PERSON).set_sorted(),
    )


def decide(path: Path, output: Path) -> Spent:
    """All programmes about the persons of a file."""
    persons = read(path)
    spent = Spent(persons.height, 0, Counter(), Counter())
    for card in cards():
        began = time.process_time()
        decisions = compiled(card)(*frames(card, persons)).collect(engine="in-memory")
        if card.rules.about is ir.Level.UNIT:
            decisions = decisions.drop(GROUP_ID)
        target = output / f"{path.stem}-{card.id}.parquet"
        decisions.write_parquet(
            target, compression="zstd", compression_level=1, statistics=False, row_group_size=ROWS
        )
        spent.decisions[card.id] += decisions.height
        spent.written += target.stat().st_size
        spent.seconds[card.id] += time.process_time() - began
    return spent


def floor(path: Path) -> tuple[int, float]:
    """Decodes a file; the bytes of its columns, and the speed of a plain copy in billions of bytes a second."""
    size = int(pl.read_parquet(path).estimated_size())
    block, other = bytearray(64_000_000), bytearray(64_000_000)
    _, seconds = clocked(lambda: other.__setitem__(slice(None), block))
    return size, len(block) / seconds / 1e9


def peak_gb(_: int) -> float:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def household(path: Path) -> float:
    """Seconds of the processor for one household by all programmes in Python, with all that explains it."""
    persons = read(path).head(20_000)
    situations = [(card, groups_of(card, persons)) for card in cards()]
    for card, groups in situations:
        for group in groups[:3]:
            evaluate(card, MONTH, group)
    runs = []
    for number in range(200):
        began = time.process_time()
        for card, groups in situations:
            evaluate(card, MONTH, groups[number % len(groups)])
        runs.append(time.process_time() - began)
    return statistics.median(runs)


def groups_of(card: Card, persons: pl.DataFrame, many: int = 50) -> list[Group]:
    """The first groups of a programme as the Python back end reads them."""
    of_groups, of_units = frames(card, persons)
    groups = of_groups.head(many).collect().rows(named=True)
    units: dict[int, list[Unit]] = {group[GROUP_ID]: [] for group in groups}
    for row in of_units.collect().rows(named=True) if of_units is not None else ():
        if row[GROUP_ID] in units:
            units[row[GROUP_ID]].append(Unit(str(row[UNIT_ID]), facts_of(card, ir.Level.UNIT, row)))
    return [Group(facts_of(card, ir.Level.GROUP, group), units[group[GROUP_ID]]) for group in groups]


def facts_of(card: Card, level: ir.Level, row: dict[str, Any]) -> dict[str, Any]:
    """The facts of one row."""
    facts: Iterable[ir.Fact] = (fact for fact in card.rules.facts if fact.level is level)
    return {
        fact.key: Month.from_index(row[fact.key]) if fact.type.kind is ir.Kind.MONTH else row[fact.key]
        for fact in facts
    }


if __name__ == "__main__":
    sys.exit(main())
