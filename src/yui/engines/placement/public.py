"""The door of the placement engine.

Example:
    >>> nursery = Facility("sakura", {"1": 1})
    >>> first = Child("hana", "1", ("sakura",), {"sakura": 40})
    >>> second = Child("ren", "1", ("sakura",), {"sakura": 38})
    >>> city = City((nursery,), (Family("a", (first,)), Family("b", (second,))))
    >>> placement = place(city)
    >>> placement.seats
    {'hana': 'sakura', 'ren': None}
    >>> refusal = explain(city, placement)["b"][0]
    >>> refusal.code, refusal.own.points, refusal.last.points, refusal.short
    ('outranked', 38, 40, 2)
    >>> check(city, placement).coalitions
    ()
"""

from yui.engines.placement.acceptance import place
from yui.engines.placement.auditing import Certificate, audit
from yui.engines.placement.checking import Coalition, Fault, Findings, check
from yui.engines.placement.explaining import Admission, Refusal, Standing, admissions, explain
from yui.engines.placement.policy import (
    Change,
    StabilityPrice,
    changes,
    compare_priorities,
    stability_price,
)
from yui.engines.placement.problem import (
    Child,
    City,
    Facility,
    Family,
    Placement,
    PlacementError,
    Seat,
    priority,
)
from yui.engines.placement.wishes import Rule, joint_choices

__all__ = [
    "Admission",
    "Certificate",
    "Change",
    "Child",
    "City",
    "Coalition",
    "Facility",
    "Family",
    "Fault",
    "Findings",
    "Placement",
    "PlacementError",
    "Refusal",
    "Rule",
    "Seat",
    "StabilityPrice",
    "Standing",
    "admissions",
    "audit",
    "changes",
    "check",
    "compare_priorities",
    "explain",
    "joint_choices",
    "place",
    "priority",
    "stability_price",
]
