"""Promises: a town's on-demand cars serve more with less driving, answer at once, and keep what they told.

The town is made up from a seed: 10 by 10 km, 300 stops around four centres, 25 km/h on ways 1.3 times the crow's way,
3,000 requests from 7 to 19 h with three peaks, parties of one to three, 3 in 100 with a wheelchair (a space of its own,
two minutes to board). A car has 8 seats and one wheelchair space. Who asks is told at once: fetched within 20 minutes,
there within half again the direct way and 10 minutes more. A car's next stop stays once it drives to it.

Every request is answered by a quote when it is made; in each cycle the plan is then improved for a fixed time of the
processor. What the cars did is judged from their trace alone. Beside it stand the same hours with answers only, and
with VROOM and OR-Tools in the slot of the improvement (:mod:`bench.peers.slots`).

Usage: ./yui bench live [--seeds N ...] [--day] [--no-peers] [--quick]
"""

import argparse
import bisect
import gc
import math
import random
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.judges.days import Ride, judge_day

from yui.engines.dispatch.public import (
    Plan,
    Problem,
    Progress,
    Refusal,
    Request,
    Stop,
    Vehicle,
    accept,
    advance,
    check,
    empty_plan,
    forget_past,
    improve,
    make_room,
    quote,
    warm,
)

if TYPE_CHECKING:
    from bench.peers.slots import Slot

HOUR = 3600
STOPS = 300
METRES_PER_SECOND = 25 / 3.6 / 1.3
BOARDING, BOARDING_WHEELCHAIR = 20, 120
WAIT = 20 * 60
CYCLE = 30
WARMTH = 0.02
ROOM, ROOM_WHEELCHAIR = 0.05, 0.5
AGAIN = 4
"""Cycles in which room for a wheelchair is looked for once more, before the rider is refused."""


@dataclass
class Town:
    """Stops, ways in seconds (the last place is nowhere: it costs nothing to end a shift), and who wants to ride."""

    times: np.ndarray
    rides: list[Ride] = field(default_factory=list)


def main() -> int:
    """Drive the peak, and the whole day when asked; print and promise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5], help="towns; the first is shown whole"
    )
    parser.add_argument("--day", action="store_true", help="the whole day with 10, 50 and 200 cars as well")
    parser.add_argument("--seconds", type=float, default=0.17, help="of improvement in a cycle")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--quick", action="store_true", help="half an hour with few cars; promises no speed")
    parser.add_argument("--data", help="not needed: the town is made up")
    options = parser.parse_args()
    warm()
    town = make_town(options.seeds[0])
    peak = peak_of(town)
    print(f"{'':34}{'served':>8}{'wait':>7}{'drive':>8}{'CPU s':>8}{'wheelchair':>12}{'broken':>8}")
    print(f"{'':34}{'%':>8}{'min':>7}{'min':>8}{'a cycle':>8}{'refused %':>12}{'':>8}")
    if options.quick:
        few = [ride for ride in peak if ride.asked < 7.5 * HOUR]
        day = drive(town, few, 6, 0.02)
        tell("half an hour, 6 cars", day)
        return 0 if promise("live_quick_broken", day.broken, "promises", 0) else 1
    tell(f"peak {len(peak)}, 40 cars, answers only", drive(town, peak, 40, 0.0))
    day = drive(town, peak, 40, options.seconds)
    tell(f"peak {len(peak)}, 40 cars, improved", day)
    if not options.no_peers:
        beside(town, peak, options.seconds)
    others = [make_town(seed) for seed in options.seeds[1:]]
    peaks = [day, *(drive(other, peak_of(other), 40, options.seconds) for other in others)]
    for seed, other in zip(options.seeds[1:], peaks[1:], strict=True):
        tell(f"the peak of town {seed}", other)
    broken = sum(one.broken for one in peaks)
    if options.day:
        for cars in (10, 50, 200):
            for seconds in (0.0, options.seconds):
                whole = drive(town, town.rides, cars, seconds)
                tell(
                    f"day {len(town.rides)}, {cars} cars, {'improved' if seconds else 'answers only'}", whole
                )
                broken += whole.broken
    p50, p99 = quotes(town)
    wheelchairs, rest = (
        sum((getattr(one, of) for one in peaks), Refused()) for of in ("wheelchairs", "others")
    )
    print(f"{len(peaks)} peaks: refused {wheelchairs} riders with a wheelchair, {rest} others")
    met = promise("live_served", day.served, "%", 90.0, least=True)
    met &= promise("live_driving_per_served", day.driving, "min", 7.8)
    met &= promise("live_cycle", day.cycle, "s", 0.25)
    met &= promise("live_broken", broken, "promises", 0)
    met &= promise("live_wheelchair_refused_beyond_others", wheelchairs.share - rest.share, "points", 1.0)
    print(f"quote with three alternatives at 200 cars: p50 {p50:.3f} ms, p99 {p99:.3f} ms")
    met &= promise("live_quote_p99", p99, "ms", 0.3)
    return 0 if met else 1


def peak_of(town: Town) -> list[Ride]:
    """The rides asked for before ten."""
    return [ride for ride in town.rides if ride.asked < 10 * HOUR]


def beside(town: Town, peak: list[Ride], seconds: float) -> None:
    """The same hours with a peer in the slot.

    VROOM's time is its own: at its lowest level it is about that of the slot, at the middle one several times that.
    """
    from bench.peers.slots import OrTools, Vroom

    for level in (1, 3):
        vroom = Vroom(town.times, level)
        tell(f"  VROOM x{level} in the slot", drive(town, peak, 40, seconds, vroom), vroom)
        vroom.close()
    peer = OrTools()
    tell("  OR-Tools in the slot", drive(town, peak, 40, seconds, peer), peer)


def make_town(seed: int) -> Town:
    """The town of the description above."""
    chance = random.Random(seed)
    centres = [(3300, 3300), (6700, 3500), (3500, 6700), (6500, 6500)]
    spots = []
    while len(spots) < STOPS:
        x, y = chance.choice(centres)
        spot = (chance.gauss(x, 1200), chance.gauss(y, 1200))
        if all(0 <= side <= 10_000 for side in spot):
            spots.append(spot)
    times = np.zeros((STOPS + 1, STOPS + 1), dtype=np.int64)
    for a, (x, y) in enumerate(spots):
        for b, (u, v) in enumerate(spots):
            times[a, b] = math.ceil(math.hypot(x - u, y - v) / METRES_PER_SECOND)
    # Three peaks on a level ground; 944 of 3,000 before ten.
    shape = [
        0.55 + 1.1 * math.exp(-(((m / 60 - 8.2) / 0.8) ** 2)) + 0.7 * math.exp(-(((m / 60 - 12.3) / 0.9) ** 2))
        + 0.9 * math.exp(-(((m / 60 - 17.0) / 0.9) ** 2))
        for m in range(7 * 60, 19 * 60)
    ]  # fmt: skip
    asked = _moments(shape[:180], 944, 7 * HOUR, chance) + _moments(shape[180:], 2056, 10 * HOUR, chance)
    rides = []
    for number, when in enumerate(sorted(asked)):
        a, b = chance.randrange(STOPS), chance.randrange(STOPS)
        while times[a, b] < 180:
            b = chance.randrange(STOPS)
        wheelchair = chance.random() < 0.03
        seats = chance.choices((1, 2, 3), (70, 22, 8))[0]
        load = {"wheelchairs": 1, "seats": seats - 1} if wheelchair else {"seats": seats}
        pickup_by = when + WAIT
        rides.append(
            Ride(
                id=f"{number}",
                asked=when,
                pickup=a,
                dropoff=b,
                pickup_by=pickup_by,
                dropoff_by=pickup_by + int(1.5 * times[a, b]) + 600,
                boarding=BOARDING_WHEELCHAIR if wheelchair else BOARDING,
                load=load,
            )
        )
    return Town(times, rides)


def _moments(shape: list[float], count: int, begin: int, chance: random.Random) -> list[int]:
    edges = np.cumsum(shape).tolist()
    return [
        begin + 60 * bisect.bisect(edges, chance.random() * edges[-1]) + chance.randrange(60)
        for _ in range(count)
    ]


def request_of(ride: Ride) -> Request:
    """What the engine is asked."""
    return Request(
        ride.id,
        Stop(ride.pickup, ride.asked, ride.pickup_by, ride.boarding),
        Stop(ride.dropoff, ride.asked, ride.dropoff_by, ride.boarding),
        ride.load,
        kept=True,
    )


def cars_of(count: int) -> tuple[Vehicle, ...]:
    """Cars at stops all over the town."""
    chance = random.Random(99)
    return tuple(
        Vehicle(
            f"car {number}",
            Stop(chance.randrange(STOPS), 7 * HOUR),
            Stop(STOPS, 7 * HOUR, 24 * HOUR),
            {"seats": 8, "wheelchairs": 1},
        )
        for number in range(count)
    )


class Refused(NamedTuple):
    """Riders refused among those who asked."""

    refused: int = 0
    asked: int = 0

    def __add__(self, other: object) -> "Refused":
        return Refused(*(a + b for a, b in zip(self, other, strict=True)))

    def __str__(self) -> str:
        return f"{self.refused} of {self.asked} ({self.share:.1f} %)"

    @property
    def share(self) -> float:
        """In hundred."""
        return 100 * self.refused / max(self.asked, 1)


@dataclass(frozen=True)
class Outcome:
    """What became of a day."""

    served: float
    wait: float
    driving: float
    cycle: float
    wheelchairs: Refused
    others: Refused
    broken: int


def drive(town: Town, rides: list[Ride], cars: int, seconds: float, peer: "Slot | None" = None) -> Outcome:
    """One day: answer each request, improve in each cycle, note what every car does.

    Args:
        seconds: of improvement in a cycle.
        peer: improves instead of the engine; then no room is made either.
    """
    making_room = seconds > 0 and peer is None
    plan = empty_plan(Problem((), cars_of(cars), town.times))
    trace: dict[str, dict[tuple[str, bool], int]] = {car.id: {} for car in plan.problem.vehicles}
    taken: list[Ride] = []
    listed: list[tuple[Ride, int]] = []
    waiting, cycles, spent = iter([*rides, None]), 0, 0.0
    ride, now = next(waiting), 7 * HOUR
    while ride is not None or any(plan.routes):
        started = time.process_time()
        while ride is not None and ride.asked < now + CYCLE:
            request = request_of(ride)
            found = quote(plan, request, 3)
            if not isinstance(found, Refusal):
                plan = accept(plan, request, found[0])
                taken.append(ride)
            elif making_room and (
                roomier := make_room(plan, request, within(room_for(ride)), seed=cycles + 1)
            ):
                plan = roomier
                taken.append(ride)
            elif making_room and "wheelchairs" in ride.load:
                listed.append((ride, AGAIN))
            ride = next(waiting)
        still, listed = listed, []
        for other, times in still:
            request = request_of(replace(other, asked=now))
            if roomier := make_room(plan, request, within(ROOM_WHEELCHAIR), seed=cycles + 1):
                plan = roomier
                taken.append(other)
            elif times > 1:
                listed.append((other, times - 1))
        if peer is not None:
            plan = peer(plan, seconds)
        elif seconds and plan.problem.requests:
            plan = improve(plan, within(seconds), seed=cycles + 1, warmth=WARMTH, recombine=False)
        now += CYCLE
        plan = advance(plan, now)
        spent += time.process_time() - started
        cycles += 1
        if cycles % 20 == 0 and (faults := check(plan)):
            raise SystemExit(f"A plan is not sound: {faults[:3]}")
        _note(plan, trace)
        started = time.process_time()
        plan = forget_past(plan)
        spent += time.process_time() - started
    spent += peer.elsewhere if peer else 0.0
    return outcome(town, rides, taken, trace, cars, spent / cycles)


def within(seconds: float) -> Progress:
    """A share of so many seconds of the processor from now."""
    begun = time.process_time()
    return lambda: (time.process_time() - begun) / seconds


def room_for(ride: Ride) -> float:
    """How long room is looked for before somebody is refused; a wheelchair space is rarer, and worth more of it."""
    return ROOM_WHEELCHAIR if "wheelchairs" in ride.load else ROOM


def _note(plan: Plan, trace: dict[str, dict[tuple[str, bool], int]]) -> None:
    """Write down what is past or being driven to, once."""
    for number, (car, visits) in enumerate(plan.visits().items()):
        for visit in visits[: plan.locked[number]]:
            trace[car].setdefault((visit.request, visit.dropoff), visit.begins)


def outcome(
    town: Town,
    rides: list[Ride],
    taken: list[Ride],
    trace: dict[str, dict[tuple[str, bool], int]],
    cars: int,
    cycle: float,
) -> Outcome:
    """Judge the traces and count."""
    starts = {car.id: car.start.place for car in cars_of(cars)}
    broken, driven, picked = judge_day(
        town.times, {ride.id: ride for ride in taken}, trace, starts, {"seats": 8, "wheelchairs": 1}
    )
    for line in broken[:5]:
        print("  broken:", line)
    names = {ride.id for ride in taken}

    def refused(those: list[Ride]) -> Refused:
        return Refused(sum(ride.id not in names for ride in those), len(those))

    return Outcome(
        served=100 * len(taken) / len(rides),
        wait=float(np.mean([picked[ride.id] - ride.asked for ride in taken if ride.id in picked])) / 60,
        driving=driven / 60 / max(len(taken), 1),
        cycle=cycle,
        wheelchairs=refused([ride for ride in rides if "wheelchairs" in ride.load]),
        others=refused([ride for ride in rides if "wheelchairs" not in ride.load]),
        broken=len(broken),
    )


def quotes(town: Town) -> tuple[float, float]:
    """Milliseconds of the processor for a quote in a busy plan of 200 cars: median, and the 99th of a hundred.

    Each is the median of three turns, so that what else the machine does is not counted.
    """
    plan = empty_plan(Problem((), cars_of(200), town.times))
    busy = [replace(ride, asked=8 * HOUR) for ride in town.rides if 8 * HOUR <= ride.asked < 8.75 * HOUR]
    for ride in busy:
        request = request_of(replace(ride, pickup_by=8 * HOUR + WAIT, dropoff_by=10 * HOUR))
        found = quote(plan, request, 3)
        if not isinstance(found, Refusal):
            plan = accept(plan, request, found[0])
    asked = [replace(ride, id=f"new {ride.id}") for ride in town.rides if 8 * HOUR <= ride.asked < 9.5 * HOUR]
    took = []
    gc.collect()
    gc.disable()
    for ride in asked:
        request = request_of(ride)
        turns = []
        for _ in range(3):
            started = time.process_time_ns()
            quote(plan, request, 3)
            turns.append((time.process_time_ns() - started) / 1e6)
        took.append(sorted(turns)[1])
    gc.enable()
    return float(np.percentile(took, 50)), float(np.percentile(took, 99))


def tell(label: str, day: Outcome, peer: "Slot | None" = None) -> None:
    """One line of the table."""
    wheelchair = f"{day.wheelchairs.share:.1f} / {day.others.share:.1f}"
    refused = f"  {peer.refused} of {peer.asked} answers refused" if peer else ""
    print(
        f"{label:34}{day.served:>8.1f}{day.wait:>7.1f}{day.driving:>8.2f}{day.cycle:>8.3f}{wheelchair:>12}"
        f"{day.broken:>8}{refused}",
        flush=True,
    )


def promise(name: str, value: float, unit: str, target: float, *, least: bool = False) -> bool:
    """Print a promise; whether it is met."""
    met = value >= target if least else value <= target
    shown = f"{value}" if isinstance(value, int) else f"{value:.3f}"
    print(f"promise {name} {shown} {unit} target {target:g} {'met' if met else 'short'}", flush=True)
    return met


if __name__ == "__main__":
    sys.exit(main())
