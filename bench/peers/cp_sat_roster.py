"""The whole roster in one CP-SAT model: a variable for each person, day and shift."""

from collections.abc import Mapping
from typing import Any

from ortools.sat.python import cp_model


def cp_sat_roster(
    instance: Mapping[str, Any], seconds: float, workers: int = 8
) -> tuple[dict[str, list[str | None]] | None, int]:
    """The roster it finds in so many seconds of the clock, and its bound."""
    model = cp_model.CpModel()
    days = range(instance["nDays"])
    shifts = [shift["id"] for shift in instance["shifts"]]
    length = [shift["length"] for shift in instance["shifts"]]
    terms = []
    x: dict[tuple[str, int, str], cp_model.IntVar] = {}
    for person in instance["staffs"]:
        name = person["id"]
        for day in days:
            for shift in shifts:
                x[name, day, shift] = model.new_bool_var("")
        works = [model.new_bool_var("") for _ in days]
        for day in days:
            model.add(sum(x[name, day, shift] for shift in shifts) == works[day])
            if day in person["daysOff"]:
                model.add(works[day] == 0)
        for shift, most in zip(shifts, person["maxShifts"], strict=True):
            model.add(sum(x[name, day, shift] for day in days) <= most)
        minutes = sum(
            x[name, day, shift] * each for day in days for shift, each in zip(shifts, length, strict=True)
        )
        model.add_linear_constraint(minutes, person["minTotalMinutes"], person["maxTotalMinutes"])
        for shift in instance["shifts"]:
            for after in shift["forbiddenFollowingShifts"] or ():
                for day in days[:-1]:
                    model.add_at_most_one(x[name, day, shift["id"]], x[name, day + 1, after])
        longest = person["maxConsecutiveShifts"]
        for day in days[: max(0, len(days) - longest)]:
            model.add(sum(works[day : day + longest + 1]) <= longest)
        for least, literals in (
            (person["minConsecutiveShifts"], works),
            (person["minConsecutiveDaysOff"], [~one for one in works]),
        ):
            for run in range(1, least):
                for day in range(len(days) - run - 1):
                    middle = [~one for one in literals[day + 1 : day + 1 + run]]
                    model.add_bool_or([literals[day], *middle, literals[day + run + 1]])
        weekends = []
        for week in range(0, len(days), 7):
            weekend = model.new_bool_var("")
            weekends.append(weekend)
            model.add_implication(works[week + 5], weekend)
            model.add_implication(works[week + 6], weekend)
        model.add(sum(weekends) <= person["maxWeekends"])
        terms += [
            one["weight"] * (1 - x[name, one["day"], one["shift"]]) for one in person["onRequests"] or ()
        ]
        terms += [one["weight"] * x[name, one["day"], one["shift"]] for one in person["offRequests"] or ()]
    people = [person["id"] for person in instance["staffs"]]
    for day, needs in enumerate(instance["covers"]):
        for shift, need in zip(shifts, needs, strict=True):
            short, more = (model.new_int_var(0, len(people) + need["requirement"], "") for _ in range(2))
            there = sum(x[name, day, shift] for name in people)
            model.add(there + short - more == need["requirement"])
            terms += [need["weightIfUnder"] * short, need["weightIfOver"] * more]
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    bound = round(max(0, solver.best_objective_bound))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, bound
    rows = {
        name: [next((s for s in shifts if solver.boolean_value(x[name, day, s])), None) for day in days]
        for name in people
    }
    return rows, bound
