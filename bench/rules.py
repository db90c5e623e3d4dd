"""Promise: 児童手当 by our cards agrees with the peer, or differs by one of four reviewed readings of the law.

The peer is openfisca-japan (AGPL), installed into an environment of its own under the state folder and asked through
JSON; nothing of it is imported or kept. The same run takes the household cases its package ships, and households drawn
around every boundary of the law. A difference counts as explained only when replacing the law by one or more of the
four readings below reproduces the peer's amount to the yen.

Speed is compared for one household in Python, and in bulk for a made-up population (bench/population.py): 児童手当
alone, and all programmes that both have. The peer works out incomes for each programme from one gross income; our
cards are given them as facts. So the second ratio compares two ways of answering one question, not two engines.

Usage: ./yui bench rules [--quick] [--households N] [--people N] [--seed N]
"""

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations, permutations, product
from pathlib import Path
from typing import Any

import polars as pl
from peers.environment import ask_peer, peer_python
from population import DAY, persons
from situations import frames

import yui.services
from yui.engines.rules.bulk.frames import compile_frames
from yui.engines.rules.public import Card, Month, birthday_month_end, first_fiscal_year_end, load_card
from yui.services.child_allowance import rules

DATES = [
    date(2024, 10, 1),
    date(2025, 2, 28),
    date(2025, 3, 31),
    date(2025, 4, 1),
    date(2026, 4, 2),
    date(2026, 11, 20),
]
IN_BULK = {
    "child_allowance": "児童手当",
    "child_rearing_allowance": "児童扶養手当_最大",
    "special_child_rearing_allowance": "特別児童扶養手当_最大",
    "disabled_child_welfare_allowance": "障害児福祉手当",
    "special_disability_allowance": "特別障害者手当_最大",
    "high_school_tuition_support": "高等学校等就学支援金_最大",
    "high_school_grant": "高等学校奨学給付金_最大",
    "resident_tax": "住民税",
    "disaster_condolence_grant": "災害弔慰金",
    "disaster_disability_grant": "災害障害見舞金_最大",
    "disaster_relief_loan": "災害援護資金",
    "living_reconstruction_grant": "被災者生活再建支援制度",
}
"""The programmes that both have, and the peer's variable for each."""
CLAIMANT = rules.ClaimantFacts(lives_in_japan=True, public_servant=False, main_earner=True)


@dataclass(frozen=True)
class Reading:
    """One way in which the peer departs from the law, as reviewed."""

    name: str
    peer: str
    law: str
    article: str


READINGS = (
    Reading(
        "count_by_age",
        "counts siblings of an age up to 22",
        "counts them to the first 31 March on or after reaching 22",
        "児童手当法第6条第1項（22歳に達する日以後の最初の3月31日まで）",
    ),
    Reading(
        "three_by_day",
        "ends the amount for under three on the day of the birthday",
        "pays it through the month of the birthday, also for births on the 1st",
        "児童手当法第6条第1項（月の初日に生まれた児童の特則）・第9条",
    ),
    Reading(
        "ties_by_age",
        "orders siblings by whole years, equal ages in any order",
        "orders them by date of birth",
        "児童手当法第6条第1項（年長者から数える）",
    ),
    Reading(
        "paid_at_birth",
        "pays and counts a child from the day of birth",
        "pays and counts from the month after",
        "児童手当法第8条第2項・第9条第1項",
    ),
)


def age_on(born: date, on: date) -> int:
    """Whole years by the birthday, as the peer counts them."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def totals(births: Sequence[date], on: date, readings: frozenset[str]) -> set[int]:
    """Totals for a household with some of the readings in place of the law; more than one when the order is open.

    Written apart from the cards on purpose: without readings it is a second opinion on them.
    """
    first = on.replace(day=1)
    here = [born for born in births if born <= on and ("paid_at_birth" in readings or born < first)]
    counted = [
        born
        for born in here
        if (
            age_on(born, on) <= 22 if "count_by_age" in readings else first_fiscal_year_end(born, 22) >= first
        )
    ]
    found = set()
    for order in orders(counted, on, "ties_by_age" in readings):
        total = 0
        for place, born in enumerate(order, start=1):
            if first_fiscal_year_end(born, 18) < first:
                continue
            young = (
                age_on(born, on) < 3 if "three_by_day" in readings else birthday_month_end(born, 3) >= first
            )
            total += 30_000 if place >= 3 else 15_000 if young else 10_000
        found.add(total)
    return found


def orders(births: list[date], on: date, by_age: bool) -> Iterable[list[date]]:
    """The order of birth, or every order that keeps older whole years first."""
    ordered = sorted(births)
    if not by_age:
        return [ordered]
    groups: dict[int, list[date]] = {}
    for born in ordered:
        groups.setdefault(age_on(born, on), []).append(born)
    ways = [[list(way) for way in permutations(group)] for _, group in sorted(groups.items(), reverse=True)]
    return (list(chain(*way)) for way in product(*ways))


def explanation(births: Sequence[date], on: date, peer: int) -> tuple[str, ...] | None:
    """The fewest readings that give the peer's amount; None when none do."""
    names = [reading.name for reading in READINGS]
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            if peer in totals(births, on, frozenset(chosen)):
                return chosen
    return None


def family(births: Sequence[date]) -> rules.FamilyFacts:
    """The household as facts: everything but the births is as plain as the peer assumes it."""
    children = [
        rules.ChildFacts(
            child_id=f"{number:03}",
            born_on=born,
            supervised=True,
            shares_livelihood=True,
            lives_apart=False,
            in_facility=False,
            in_japan_or_studying_abroad=True,
            supported_after_18=True,
        )
        for number, born in enumerate(births)
    ]
    return rules.FamilyFacts(CLAIMANT, children)


def draw(chance: random.Random, on: date, count: int) -> list[list[date]]:
    """Households whose children are born anywhere or near a boundary, none later than the day."""
    near: list[date] = []
    for age in (0, 3, 15, 18, 22):
        year = on.year - age
        for centre in (
            date(year, 4, 1),
            date(year - 1, 4, 1),
            date(year, on.month, 1),
            date(year, on.month, min(on.day, 28)),
        ):
            near += [centre + timedelta(days=shift) for shift in (-2, -1, 0, 1, 2)]
        near += [date(year if year % 4 == 0 else year - year % 4, 2, 29), date(year, on.month, 28)]
    near = [born for born in near if born <= on]

    def one() -> date:
        if chance.random() < 0.5:
            return chance.choice(near)
        return on - timedelta(days=chance.randrange(365 * 25))

    households = []
    for _ in range(count):
        births = [one() for _ in range(chance.choice((1, 1, 2, 2, 3, 3, 4, 5)))]
        if chance.random() < 0.1:
            births.append(births[-1])  # twins
        if chance.random() < 0.1:
            # Two of one age on either side of the line between the fiscal years that reach 18.
            line = date(Month.of(on).fiscal_year - 18, 4, 1)
            pair = (
                line - timedelta(days=chance.randrange(60)),
                line + timedelta(days=chance.randrange(1, 60)),
            )
            births += [born for born in pair if born <= on]
        chance.shuffle(births)
        households.append(births)
    return households


def our_total(births: Sequence[date], on: date) -> int:
    """What our cards decide for the household in the month of the day."""
    return rules.decide(Month.of(on), family(births)).total_yen


def compare(
    label: str, households: Sequence[tuple[Sequence[date], date, int]]
) -> tuple[int, Counter[tuple[str, ...]], list[str]]:
    """Counts agreements, explained differences by reading, and lists what remains."""
    agree, explained, remaining = 0, Counter[tuple[str, ...]](), []
    for births, on, peer in households:
        ours = our_total(births, on)
        shown = f"{label}: {on} births {' '.join(map(str, births))}: ours {ours:,}, peer {peer:,}"
        if totals(births, on, frozenset()) != {ours}:
            remaining.append(f"{shown} — our own second opinion gives {totals(births, on, frozenset())}")
        elif ours == peer:
            agree += 1
        elif (readings := explanation(births, on, peer)) is not None:
            explained[readings] += 1
        else:
            remaining.append(shown)
    return agree, explained, remaining


def cpu_per_household(work: Any, households: Sequence[tuple[Sequence[date], date]], repeats: int) -> float:
    """Median CPU seconds per household of some runs over all of them."""
    seconds = []
    for _ in range(repeats):
        began = time.process_time()
        for item in households:
            work(item)
        seconds.append(time.process_time() - began)
    return statistics.median(seconds) / len(households)


def in_bulk(python: Path, people: int, runs: int, seed: int) -> list[tuple[str, float, float]]:
    """CPU seconds for a population, ours and the peer's: of 児童手当 alone, and of all programmes that both have."""
    population = persons(round(people / 2.34), seed).with_columns(
        pl.col("household").set_sorted(), person=pl.int_range(pl.len(), dtype=pl.Int32)
    )
    files = Path(yui.services.__path__[0]).glob("*/cards/*/[0-9]*.yaml")
    cards = {card.id: card for card in map(load_card, files) if card.decides(Month.of(DAY))}
    sets = {"児童手当": ["child_allowance"], f"{len(IN_BULK)} programmes": list(IN_BULK)}
    columns = population.select("household", "role", "income", "grade", pl.col("born_on").to_physical())
    request = {
        "on": DAY,
        "runs": runs,
        "sets": {name: [IN_BULK[card] for card in ids] for name, ids in sets.items()},
        "persons": columns.to_dict(as_series=False),
    }
    theirs = ask_peer(python, "speed", request)
    return [
        (
            name,
            statistics.median(decided_in(population, [cards[card] for card in ids]) for _ in range(runs)),
            statistics.median(theirs[name]),
        )
        for name, ids in sets.items()
    ]


def decided_in(population: pl.DataFrame, cards: Sequence[Card]) -> float:
    """CPU seconds from the population to all decisions with their conditions, in memory."""
    began = time.process_time()
    for card in cards:
        compile_frames(card, Month.of(DAY))(*frames(card, population)).collect(engine="in-memory")
    return time.process_time() - began


def main() -> int:
    """Runs the comparison and says whether the promises hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--households", type=int, help="households drawn (default 30,000; quick 1,200)")
    parser.add_argument("--people", type=int, help="people in bulk (default 1,000,000; quick 20,000)")
    parser.add_argument("--seed", type=int, default=20241001)
    parser.add_argument(
        "--data", help="not used: everything is drawn from the seed or read from the peer's package"
    )
    options = parser.parse_args()
    count = options.households or (1_200 if options.quick else 30_000)
    repeats = 3 if options.quick else 7
    python = peer_python()

    shipped = [
        (
            [date.fromisoformat(born) for born in case["births"]],
            date.fromisoformat(case["on"]),
            int(case["amount"]),
        )
        for case in ask_peer(python, "cases")
    ]
    chance = random.Random(options.seed)
    batches = [{"on": on, "households": draw(chance, on, -(-count // len(DATES)))} for on in DATES]
    simulated = [ask_peer(python, "bulk", batches) for _ in range(repeats)]
    drawn = [
        (births, batch["on"], amount)
        for batch, amounts in zip(batches, simulated[0]["amounts"], strict=True)
        for births, amount in zip(batch["households"], amounts, strict=True)
    ]

    results = {"shipped cases": compare("shipped", shipped), "drawn households": compare("drawn", drawn)}
    print("児童手当, our cards beside openfisca-japan\n")
    print(f"{'':18}{'compared':>9}{'agree':>8}{'differ by law':>15}{'unexplained':>13}")
    for label, (agree, explained, remaining) in results.items():
        size = agree + explained.total() + len(remaining)
        print(f"{label:18}{size:>9,}{agree:>8,}{explained.total():>15,}{len(remaining):>13,}")
    print("\nReviewed readings (a household may need several):")
    every = results["shipped cases"][1] + results["drawn households"][1]
    for reading in READINGS:
        cases = sum(number for names, number in every.items() if reading.name in names)
        print(
            f"  {reading.name:14} {cases:>6,}  peer {reading.peer};\n{'':25}the law {reading.law}: {reading.article}"
        )
        shown = next((item for item in drawn if explanation_of(item) == (reading.name,)), None)
        if shown:
            births, on, peer = shown
            print(
                f"{'':25}e.g. {on}, born {', '.join(map(str, births))}: ours {our_total(births, on):,}, peer {peer:,}"
            )
    for line in [line for _, _, remaining in results.values() for line in remaining][:20]:
        print(f"  UNEXPLAINED {line}")

    some = drawn[:: max(1, len(drawn) // 600)]
    grouped = [
        {"on": on, "households": [births for births, day, _ in some if day == on]}
        for on in DATES
        if any(day == on for _, day, _ in some)
    ]
    families = [(family(births), Month.of(on)) for births, on, _ in some]
    for facts, month in families[:50]:
        rules.decide(month, facts)
    ours = cpu_per_household(lambda item: rules.decide(item[1], item[0]), families, repeats)
    bare = cpu_per_household(
        lambda item: totals(item[0], item[1], frozenset()), [(b, on) for b, on, _ in some], repeats
    )
    one = statistics.median(ask_peer(python, "single", grouped)["seconds"] for _ in range(repeats)) / len(
        some
    )
    bulk = statistics.median(result["seconds"] for result in simulated) / len(drawn)
    measured = [
        ("ours, one by one, every condition and reason kept", ours, ""),
        ("peer, one by one", one, f"ratio {one / ours:.1f}"),
        (f"peer, {len(drawn):,} in six simulations", bulk, f"ratio {bulk / ours:.2f}"),
        ("floor: the sum alone in plain Python, no reasons", bare, f"ours is {ours / bare:.1f} times that"),
    ]
    print(f"\nCPU per household, µs (median of {repeats} runs)")
    for label, seconds, note in measured:
        print(f"  {label:50}{seconds * 1e6:10.1f}   {note}".rstrip())
    people = options.people or (20_000 if options.quick else 1_000_000)
    bulk_runs = in_bulk(python, people, 3, options.seed)
    print(
        f"\nCPU seconds for {people:,} persons in bulk (median of 3 runs), with every condition of ours kept"
    )
    for label, our_seconds, their_seconds in bulk_runs:
        print(
            f"  {label:20}ours {our_seconds:8.3f}   peer {their_seconds:8.3f}   ratio {their_seconds / our_seconds:.1f}"
        )
    print()

    promises = [
        ("shipped-differences-unexplained", len(results["shipped cases"][2]), "cases", 0),
        ("drawn-differences-unexplained", len(results["drawn households"][2]), "households", 0),
    ]
    for name, value, unit, target in promises:
        print(f"promise {name} {value} {unit} target {target} {'met' if value <= target else 'short'}")
    ratio = one / ours
    print(f"promise one-household-cpu-ratio {ratio:.1f} times target 2 {'met' if ratio >= 2 else 'short'}")
    ratios = [ratio >= 2]
    # A small population says nothing about bulk.
    for name, target, (_, our_seconds, their_seconds) in zip(
        ("bulk-child-allowance-cpu-ratio", "bulk-programmes-cpu-ratio"), (5, 30), bulk_runs, strict=True
    ):
        if not options.quick:
            ratios.append(their_seconds >= target * our_seconds)
            value = their_seconds / our_seconds
            print(f"promise {name} {value:.1f} times target {target} {'met' if ratios[-1] else 'short'}")
    return 0 if all(ratios) and all(value <= target for _, value, _, target in promises) else 1


def explanation_of(item: tuple[Sequence[date], date, int]) -> tuple[str, ...] | None:
    """The readings behind a difference; None when there is none."""
    births, on, peer = item
    return None if our_total(births, on) == peer else explanation(births, on, peer)


if __name__ == "__main__":
    sys.exit(main())
