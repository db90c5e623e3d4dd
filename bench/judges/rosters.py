"""Judges rosters by the benchmark's own file: nothing of the engine, nothing of its peers.

Source:
    Rules as the benchmark states them: Curtois and Qu, Computational results on new staff scheduling benchmark
    instances, 2014. Runs that reach an end of the period need no least length.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any


def read_roster(path: Path) -> dict[str, Any]:
    """An instance as its file says it."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def judge_roster(
    instance: Mapping[str, Any], rows: Mapping[str, Sequence[str | None]]
) -> tuple[int, list[str]]:
    """What a roster costs by the file, and every rule that it breaks."""
    days = instance["nDays"]
    shifts = {shift["id"]: shift for shift in instance["shifts"]}
    order = list(shifts)
    broken, cost = [], 0
    if set(rows) != {person["id"] for person in instance["staffs"]}:
        return 0, ["other people"]
    for person in instance["staffs"]:
        name, row = person["id"], rows[person["id"]]
        worked = [day for day in range(days) if row[day] is not None]
        if len(row) != days:
            broken.append(f"{name}: {len(row)} days")
        for shift, most in zip(order, person["maxShifts"], strict=True):
            if sum(one == shift for one in row) > most:
                broken.append(f"{name}: more than {most} of {shift}")
        minutes = sum(shifts[row[day]]["length"] for day in worked)
        if not person["minTotalMinutes"] <= minutes <= person["maxTotalMinutes"]:
            broken.append(f"{name}: {minutes} minutes")
        for day in worked:
            if day in person["daysOff"]:
                broken.append(f"{name}: works on day {day}")
            if day + 1 in worked and row[day + 1] in (shifts[row[day]]["forbiddenFollowingShifts"] or ()):
                broken.append(f"{name}: {row[day + 1]} after {row[day]} on day {day + 1}")
        at = 0
        for works, run in groupby(range(days), worked.__contains__):
            length = len(list(run))
            inside = at > 0 and at + length < days
            least = person["minConsecutiveShifts"] if works else person["minConsecutiveDaysOff"]
            if (inside and length < least) or (works and length > person["maxConsecutiveShifts"]):
                broken.append(f"{name}: {length} days {'worked' if works else 'off'} from day {at}")
            at += length
        weekends = sum(bool({week + 5, week + 6} & set(worked)) for week in range(0, days, 7))
        if weekends > person["maxWeekends"]:
            broken.append(f"{name}: {weekends} weekends")
        cost += sum(
            wish["weight"] for wish in person["onRequests"] or () if row[wish["day"]] != wish["shift"]
        )
        cost += sum(
            wish["weight"] for wish in person["offRequests"] or () if row[wish["day"]] == wish["shift"]
        )
    for day, needs in enumerate(instance["covers"]):
        for shift, need in zip(order, needs, strict=True):
            there = sum(row[day] == shift for row in rows.values())
            cost += need["weightIfUnder"] * max(need["requirement"] - there, 0)
            cost += need["weightIfOver"] * max(there - need["requirement"], 0)
    return cost, broken
