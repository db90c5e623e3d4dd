"""Promises: 2,000 children at 100 nurseries are placed in 0.1 s and 8,000 at 311 in 1 s; on 100 made-up cities of up to
2,000 children no fewer families could block, as CP-SAT proves; and every refusal has its reason.

Beside our placement stand *sort and seat* (points in order, each family takes the best that is left, which is how it is
done by hand) and, as the peer, CP-SAT alone on the whole question. What is measured is the time of the processor, of
all threads together. Cities are made up: nurseries in a plane, families who list two to five of those nearby, ages and
seats that do not match, points by household with a bonus that depends on the nursery, some children who hold a seat.

Usage: ./yui bench placement [--quick] [--cities N] [--runs N]
"""

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from ortools.sat.python import cp_model

from yui.engines.placement.public import (
    Certificate,
    Child,
    City,
    Facility,
    Family,
    Placement,
    Seat,
    audit,
    check,
    explain,
    joint_choices,
    place,
    priority,
    stability_price,
)

T = TypeVar("T")
AGES = (25, 30, 15, 15, 8, 7)
"""How many of a hundred ask for a seat of age 0, 1 … 5; seats are spread evenly, which leaves the small ones short."""
RULES = {"same_facility": 40, "all_or_none": 35, "any": 25}
PEER_EFFORT_SECONDS = 120
EFFORT, LARGE_EFFORT = 60.0, 10.0
"""Deterministic time for an audit; the large cities get less than proving everything takes."""


class Size(NamedTuple):
    """How large a city is, and what it goes by.

    Attributes:
        pairs: Families with two children, who are among the children.
        bonus: Points that a nursery may add, at most; 0 for one list of points for the city.
        holders: One child of so many holds a seat and asks for another; 0 for none.
    """

    children: int
    pairs: int
    nurseries: int
    seats: int
    bonus: int
    holders: int = 0

    def __str__(self) -> str:
        return f"{self.children:,} children, {self.nurseries} nurseries, bonus 0–{self.bonus}"


SMALL = [Size(2_000, 300, 100, 1_850, bonus) for bonus in (0, 3, 10)]
LARGE = [Size(8_000, 1_200, 311, 7_400, bonus) for bonus in (3, 10)]


def main() -> int:
    """Measure, print the tables and the promises; 0 when all are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small cities only; promises no speed")
    parser.add_argument("--cities", type=int, default=100, help="how many cities are audited")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", help="not needed: the cities are made up")
    options = parser.parse_args()
    if options.quick:
        speeds = show_speeds([Size(200, 30, 10, 185, 3)], runs=1, peer=True)
        return report(speeds, audit_cities(5, largest=300), quick=True)
    speeds = show_speeds([*SMALL, *LARGE], runs=options.runs, peer=False)
    show_speeds([SMALL[2]], runs=1, peer=True)
    return report(speeds, audit_cities(options.cities, largest=2_000), quick=False)


# Cities


def make_city(size: Size, seed: int) -> City:
    """A made-up city."""
    chance = random.Random(seed)
    where = [(chance.random(), chance.random()) for _ in range(size.nurseries)]
    names = [f"n{number:03d}" for number in range(size.nurseries)]
    grades = [str(age) for age in range(len(AGES))]
    seats = Counter((chance.choice(names), chance.choice(grades)) for _ in range(size.seats))
    lots = chance.sample(range(size.children), size.children)
    held: Counter[tuple[str, str]] = Counter()
    families = []
    numbers = iter(range(size.children))
    for family in range(size.children - size.pairs):
        home = chance.random(), chance.random()
        near = sorted(
            range(size.nurseries), key=lambda n: (where[n][0] - home[0]) ** 2 + (where[n][1] - home[1]) ** 2
        )
        nearby = [names[n] for n in near[:10]]
        first = chance.sample(nearby, min(chance.randint(2, 5), len(nearby)))
        columns = (tuple(first),)
        if family < size.pairs:
            second = first if chance.random() < 0.5 else chance.sample(nearby, len(first))
            rule = chance.choices(list(RULES), list(RULES.values()))[0]
            columns = joint_choices([first, second], rule)  # type: ignore[arg-type]
        base = chance.randint(20, 44)
        children = []
        for column in columns:
            grade = chance.choices(grades, AGES)[0]
            wanted = sorted({name for name in column if name is not None})
            points = {name: base + chance.randint(0, size.bonus) for name in wanted}
            holds = None
            others = [
                name for name in nearby if name not in wanted and held[name, grade] < seats[name, grade]
            ]
            if size.holders and others and None not in column and chance.randrange(size.holders) == 0:
                holds = chance.choice(others)
                held[holds, grade] += 1
            number = next(numbers)
            children.append(Child(f"c{number:05d}", grade, column, points, (lots[family],), holds))
        families.append(Family(f"f{family:05d}", tuple(children)))
    facilities = (Facility(name, {grade: seats[name, grade] for grade in grades}) for name in names)
    return City(tuple(facilities), tuple(families))


# Others who place


def sort_and_seat(city: City) -> Placement:
    """Families in the order of their best points; each takes its best choice that is still free."""
    left = Counter(
        {Seat(one.id, grade): seats for one in city.facilities for grade, seats in one.seats.items()}
    )
    left.subtract(Seat(child.holds, child.grade) for child in city.children() if child.holds is not None)
    seats: dict[str, str | None] = {child.id: child.holds for child in city.children()}
    choices: dict[str, int | None] = {}
    lists = {}
    for family in city.families:
        lists[family.id] = list(zip(*(child.choices for child in family.children), strict=True))

    def best(family: Family) -> tuple[int, tuple[int, ...]]:
        return max((max(child.points.values(), default=0), child.ties) for child in family.children)

    for family in sorted(city.families, key=best, reverse=True):
        choices[family.id] = None
        for number, names in enumerate(lists[family.id]):
            moves = [(c, name) for c, name in zip(family.children, names, strict=True) if name is not None]
            asked = Counter(Seat(name, child.grade) for child, name in moves if name != child.holds)
            if all(left[seat] >= wanted for seat, wanted in asked.items()):
                left.subtract(asked)
                left.update(
                    Seat(child.holds, child.grade) for child, name in moves if child.holds not in (None, name)
                )
                seats.update((child.id, name) for child, name in moves)
                choices[family.id] = number
                break
    return Placement(seats, choices)


def cp_sat_alone(city: City, seconds: float) -> tuple[int, int, str]:
    """The whole question in one model, 8 workers: blocking families found, the bound, the solver's word."""
    model = cp_model.CpModel()
    rows = {
        family.id: [
            *zip(*(child.choices for child in family.children), strict=True),
            tuple(child.holds for child in family.children),
        ]
        for family in city.families
    }
    chosen = {
        (family, n): model.new_bool_var("") for family, names in rows.items() for n in range(len(names))
    }
    sits: dict[tuple[str, Seat], list[cp_model.IntVar]] = {}
    there: dict[Seat, dict[str, tuple[Child, str]]] = {}
    for family in city.families:
        model.add_exactly_one(chosen[family.id, n] for n in range(len(rows[family.id])))
        for n, names in enumerate(rows[family.id]):
            for child, name in zip(family.children, names, strict=True):
                if name is not None:
                    seat = Seat(name, child.grade)
                    sits.setdefault((child.id, seat), []).append(chosen[family.id, n])
                    there.setdefault(seat, {})[child.id] = child, family.id
    capacity = {Seat(one.id, grade): seats for one in city.facilities for grade, seats in one.seats.items()}
    for seat, children in there.items():
        model.add(sum(x for child in children for x in sits[child, seat]) <= capacity[seat])
    blocks = {family.id: model.new_bool_var("") for family in city.families}
    for family in city.families:
        for n, names in enumerate(rows[family.id][:-1]):
            asked: dict[Seat, list[Child]] = {}
            for child, name in zip(family.children, names, strict=True):
                if name is not None:
                    asked.setdefault(Seat(name, child.grade), []).append(child)
            full = []
            for seat, children in asked.items():
                lowest = min(priority(child, seat.facility) for child in children)
                better = [
                    x
                    for child, home in there[seat].values()
                    if home != family.id and priority(child, seat.facility) > lowest
                    for x in sits[child.id, seat]
                ]
                full.append(model.new_bool_var(""))
                model.add(sum(better) + len(children) > capacity[seat]).only_enforce_if(full[-1])
            model.add_bool_or([*(chosen[family.id, k] for k in range(n + 1)), *full, blocks[family.id]])
    model.minimize(sum(blocks.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    return (
        round(solver.objective_value),
        round(solver.best_objective_bound),
        solver.status_name(status).lower(),
    )


# Measuring


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and the seconds of the processor."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


class Speed(NamedTuple):
    """One row of the first table."""

    size: Size
    seconds: float
    faults: int
    unexplained: int


def show_speeds(sizes: list[Size], *, runs: int, peer: bool) -> list[Speed]:
    """Times of one city each, beside sort and seat or the peer."""
    head = f"\n{'':50}{'seconds':>9}{'placed':>8}{'blocking':>10}"
    print(head)
    speeds = []
    for size in sizes:
        city = make_city(size, seed=1)
        results = [timed(lambda city=city: place(city)) for _ in range(runs)]
        placement, seconds = results[0][0], statistics.median(seconds for _, seconds in results)
        findings = check(city, placement)

        def row(label: str, seconds: float, placed: object, blocking: object) -> None:
            print(f"{label:50}{seconds:>9.3f}{placed!s:>8}{blocking!s:>10}", flush=True)

        row(str(size), seconds, placement.placed, len(findings.blocking_families))
        told, explaining = timed(lambda city=city, placement=placement: explain(city, placement))
        row("  every refusal explained", explaining, "", "")
        by_hand, sorting = timed(lambda city=city: sort_and_seat(city))
        row("  sort and seat", sorting, by_hand.placed, len(check(city, by_hand).blocking_families))
        price, pricing = timed(lambda city=city, placement=placement: stability_price(city, placement))
        row("  as many as possible", pricing, price.most, price.blocking)
        effort = LARGE_EFFORT if size in LARGE else EFFORT
        (bettered, certificate), auditing = timed(
            lambda city=city, placement=placement, effort=effort: audit(city, placement, effort=effort)
        )
        row(f"  audited: {words(certificate)}", auditing, bettered.placed, len(certificate.blocking))
        if certificate.blocking:
            print(f"    they are: {', '.join(certificate.blocking)}")
        if peer:
            (found, bound, word), alone = timed(lambda city=city: cp_sat_alone(city, PEER_EFFORT_SECONDS))
            row(f"  CP-SAT alone: {word}, bound {bound}", alone, "", found)
        speeds.append(Speed(size, seconds, len(findings.faults), count_unexplained(city, placement, told)))
    return speeds


def words(certificate: Certificate) -> str:
    """The certificate in short."""
    if certificate.most_proven:
        return "fewest and most proven"
    if certificate.fewest_proven:
        return f"fewest proven, at most {certificate.most} placed"
    return f"at least {certificate.least}"


def count_unexplained(city: City, placement: Placement, told: dict) -> int:  # type: ignore[type-arg]
    """Choices above the one that was met without a reason for each child in it."""
    missing = 0
    for family in city.families:
        met = placement.choices[family.id]
        reached = len(family.children[0].choices) if met is None else met
        wanted = {
            (child.id, n) for child in family.children for n in range(reached) if child.choices[n] is not None
        }
        missing += len(wanted - {(refusal.child, refusal.choice) for refusal in told[family.id]})
    return missing


class Audited(NamedTuple):
    """What became of the cities."""

    cities: int
    proven: int
    most_proven: int
    faults: int


def audit_cities(number: int, largest: int) -> Audited:
    """Cities of many sizes: placed, audited, checked."""
    chance = random.Random(2026)
    proven = most_proven = at_once = faults = 0
    least: Counter[int] = Counter()
    spent = []
    for seed in range(number):
        children = chance.randint(largest // 10, largest)
        size = Size(
            children,
            children * chance.randint(5, 20) // 100,
            max(children // 20, 3),
            children * chance.randint(80, 100) // 100,
            chance.choice((0, 3, 10)),
            chance.choice((0, 20)),
        )
        city = make_city(size, seed)
        first = place(city)
        (placement, certificate), seconds = timed(lambda city=city, first=first: audit(city, first))
        findings = check(city, placement)
        faults += len(findings.faults) + (findings.blocking_families != certificate.blocking)
        at_once += len(check(city, first).blocking_families) == certificate.least
        proven += certificate.fewest_proven
        most_proven += certificate.most_proven
        least[len(certificate.blocking)] += 1
        spent.append(seconds)
    print(f"\n{number} cities of up to {largest:,} children: the fewest blocking families proven in {proven}")
    print(f"  reached before the audit: {at_once}; most children proven as well: {most_proven}")
    print(f"  cities by blocking families: {', '.join(f'{n}: {least[n]}' for n in sorted(least))}")
    print(
        f"  seconds of audit: median {statistics.median(spent):.1f}, longest {max(spent):.1f}, all {sum(spent):.0f}"
    )
    return Audited(number, proven, most_proven, faults)


def report(speeds: list[Speed], audited: Audited, *, quick: bool) -> int:
    """Print the promises; 0 when all are met."""
    faults = audited.faults + sum(speed.faults for speed in speeds)
    unexplained = sum(speed.unexplained for speed in speeds)
    promises = [
        (
            "placement_fewest_blocking",
            audited.proven,
            "cities",
            audited.cities,
            audited.proven == audited.cities,
        ),
        ("placement_faults", faults, "faults", 0, faults == 0),
        ("placement_unexplained", unexplained, "refusals", 0, unexplained == 0),
    ]
    if not quick:
        for name, children, target in (("2000", 2_000, 0.1), ("8000", 8_000, 1.0)):
            slowest = max(speed.seconds for speed in speeds if speed.size.children == children)
            promises.append((f"placement_{name}_children", f"{slowest:.3f}", "s", target, slowest <= target))
    print()
    for name, value, unit, target, met in promises:
        print(f"promise {name} {value} {unit} target {target} {'met' if met else 'short'}")
    return 0 if all(met for *_, met in promises) else 1


if __name__ == "__main__":
    sys.exit(main())
