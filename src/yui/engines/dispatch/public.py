"""The door of the dispatch engine.

Example:
    >>> import numpy as np
    >>> times = np.array([[0, 10], [10, 0]])
    >>> bus = Vehicle("bus", Stop(0), Stop(0))
    >>> plan = empty_plan(Problem((), (bus,), times))
    >>> ride = Request("ride", Stop(0, closes=30), Stop(1), {"seats": 2}, ride_limit=15)
    >>> offer, = quote(plan, ride)
    >>> offer.vehicle, offer.cost, offer.dropped
    ('bus', 20, 10)
    >>> plan = accept(plan, ride, offer)
    >>> check(plan), [visit.request for visit in plan.visits()["bus"]]
    ([], ['ride', 'ride'])
"""

from yui.engines.dispatch.checking import Fault, check, check_routes
from yui.engines.dispatch.disruption import Later, Replanned, break_down, late, no_show, with_times
from yui.engines.dispatch.improving import Progress, improve, make_room, rounds
from yui.engines.dispatch.plan import Plan, Visit, empty_plan, plan_of
from yui.engines.dispatch.problem import FAR, DispatchError, Pause, Problem, Request, Stop, Vehicle
from yui.engines.dispatch.quoting import Obstacle, Offer, Refusal, accept, keep, quote, without
from yui.engines.dispatch.rolling import advance, forget_past

__all__ = [
    "FAR",
    "DispatchError",
    "Fault",
    "Later",
    "Obstacle",
    "Offer",
    "Pause",
    "Plan",
    "Problem",
    "Progress",
    "Refusal",
    "Replanned",
    "Request",
    "Stop",
    "Vehicle",
    "Visit",
    "accept",
    "advance",
    "break_down",
    "check",
    "check_routes",
    "empty_plan",
    "forget_past",
    "improve",
    "keep",
    "late",
    "make_room",
    "no_show",
    "plan_of",
    "quote",
    "rounds",
    "warm",
    "with_times",
    "without",
]


def warm() -> None:
    """Compile everything once, into the cache on disk: at installation, never while somebody waits."""
    import numpy as np

    bus = Vehicle("bus", Stop(0), Stop(0), pauses=(Pause(0, FAR, 1),))
    plan = empty_plan(Problem((), (bus,), np.array([[0, 10], [10, 0]])))
    for name in ("a", "b"):
        ride = Request(name, Stop(0), Stop(1), {"seats": 2})
        found = quote(plan, ride)
        if not isinstance(found, Refusal):
            plan = accept(plan, ride, found[0])
    quote(plan, Request("c", Stop(0, closes=0), Stop(1, closes=0), ride_limit=1))
    improve(advance(plan, 5), rounds(2))
