"""Judges what cars did in a day from their traces alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ride:
    """Who wants to go where, and what they are told.

    Attributes:
        asked: when they ask; not picked up before.
        boarding: seconds to get on, and to get off.
    """

    id: str
    asked: int
    pickup: int
    dropoff: int
    pickup_by: int
    dropoff_by: int
    boarding: int
    load: Mapping[str, int]


def judge_day(
    times: Any,
    rides: Mapping[str, Ride],
    trace: Mapping[str, Mapping[tuple[str, bool], int]],
    starts: Mapping[str, int],
    capacity: Mapping[str, int],
) -> tuple[list[str], int, dict[str, int]]:
    """What was broken, seconds driven, and when each was picked up.

    Args:
        trace: for each car its stops in their order: whose, whether they got off; and when it began.
    """
    broken, driven, picked, there = [], 0, dict[str, int](), dict[str, int]()
    for car, stops in trace.items():
        place, free, aboard = starts[car], 0, dict[str, int]()
        for (name, dropoff), when in stops.items():
            ride = rides[name]
            goal = ride.dropoff if dropoff else ride.pickup
            way = int(times[place, goal])
            driven += way
            if free and when < free + way:
                broken.append(f"{car} was at {goal} by {when}, which is impossible")
            if dropoff:
                if name not in aboard or name in there:
                    broken.append(f"{name} got off what they were not on")
                aboard.pop(name, None)
                there[name] = when
            else:
                if name in picked:
                    broken.append(f"{name} was picked up twice")
                picked[name], aboard[name] = when, when
                for kind, most in capacity.items():
                    if sum(rides[other].load.get(kind, 0) for other in aboard) > most:
                        broken.append(f"{car} carried too much at {when}")
            if when > (ride.dropoff_by if dropoff else ride.pickup_by):
                broken.append(f"{name} was served later than told")
            if not dropoff and when < ride.asked:
                broken.append(f"{name} was picked up before asking")
            place, free = goal, when + ride.boarding
    broken += [f"{name} was promised and not brought" for name in rides if name not in there]
    return broken, driven, picked
