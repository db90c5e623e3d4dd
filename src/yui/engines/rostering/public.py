"""The door of the rostering engine.

Example:
    >>> day = Shift("day", start=540, end=1080, minutes=480)
    >>> contract = Contract(max_minutes=960, rest=660)
    >>> staff = (Worker("abe", contract), Worker("ito", contract, days_off=(1,)))
    >>> covers = tuple(Cover(number, "day", required=1, under=100, over=10) for number in range(4))
    >>> wish = Wish("ito", 0, "day", on=False, weight=3)
    >>> problem = Problem(4, (day,), staff, covers, (wish,))
    >>> roster = clear(problem, rounds(100))
    >>> roster.shifts["ito"], roster.objective, roster.proven
    ((None, None, 'day', 'day'), 0, True)
    >>> check(problem, roster.shifts)
    []
    >>> left = after_absence(problem, roster.shifts, {"ito": [2]}, change_weight=20)
    >>> anew = clear(left, rounds(100))
    >>> for change in changes(roster.shifts, anew.shifts):
    ...     print(change.worker, change.day, change.before, change.after)
    abe 0 day None
    abe 2 None day
    ito 0 None day
    ito 2 day None
"""

from yui.engines.rostering.checking import Fault, check
from yui.engines.rostering.explaining import Explanation, Obstacle, Refusal, Shortage, explain
from yui.engines.rostering.problem import (
    Contract,
    Cover,
    Problem,
    Promise,
    Roster,
    RosteringError,
    Shift,
    Wish,
    Worker,
    cost,
)
from yui.engines.rostering.search import Progress
from yui.engines.rostering.solving import Change, after_absence, changes, clear, improve, rounds

__all__ = [
    "Change",
    "Contract",
    "Cover",
    "Explanation",
    "Fault",
    "Obstacle",
    "Problem",
    "Progress",
    "Promise",
    "Refusal",
    "Roster",
    "RosteringError",
    "Shift",
    "Shortage",
    "Wish",
    "Worker",
    "after_absence",
    "changes",
    "check",
    "clear",
    "cost",
    "explain",
    "improve",
    "rounds",
]
