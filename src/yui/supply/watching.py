"""What whoever watches a board sees beside its plan: its shifts, its roads, how soon somebody could be served.

Nothing here names a person, and nothing is written.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from django.utils import timezone

from yui.engines.dispatch.public import DispatchError, Obstacle, Refusal, Request, Stop, quote
from yui.supply import models
from yui.supply.contracts import BoardView, Reason, RoadsView, ShiftView, Step
from yui.supply.market.reckoning import Reckoning
from yui.supply.market.state import market_of
from yui.supply.queries import get_board
from yui.supply.roads import network_of_map
from yui.supply.stored import instant, place_in, seconds_of

_KEPT = 8
_kept: OrderedDict[int, RoadsView] = OrderedDict()
_lock = Lock()


def board_of(code: str, *, from_at: dt.datetime, until_at: dt.datetime) -> BoardView:
    """A board with its shifts that touch a span.

    Raises:
        UnknownSupply: there is no such board.
    """
    board = get_board(code)
    now = timezone.now()
    shut = models.Closure.objects.filter(board=board, from_at__lte=now).exclude(until_at__lte=now)
    rows = models.Shift.objects.filter(board=board, until_at__gt=from_at, from_at__lt=until_at)
    return BoardView(
        plan_version=board.plan_version,
        window=dt.timedelta(seconds=board.window_seconds),
        closed=frozenset(shut.values_list("road", flat=True)),
        shifts=tuple(
            ShiftView(
                row.public_id,
                row.name,
                row.from_at,
                row.until_at,
                place_in(row.start),
                row.withdrawn_at,
                row.withdrawn_because,
            )
            for row in rows.order_by("from_at", "id")
        ),
    )


def roads_of(code: str) -> RoadsView | None:
    """The newest road map a board reckons with; None where it reckons by the crow.

    Raises:
        UnknownSupply: there is no such board.
    """
    known = models.RoadMap.objects.filter(code=get_board(code).road_map).order_by("-recorded_at")
    newest = known.values_list("id", "sha256", "source", "licence").first()
    if newest is None:
        return None
    with _lock:
        found = _kept.pop(newest[0], None)
        _kept[newest[0]] = found = found or RoadsView(
            newest[1], newest[2], newest[3], network_of_map(newest[0])
        )
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def soonest(code: str, wanted: Sequence[tuple[Step, Step]]) -> list[dt.datetime | Reason]:
    """When each of these rides for one could begin if it were asked for now, or why it could not.

    Nothing is asked for and nothing is kept free: each is quoted alone against the plan in force.

    Raises:
        UnknownSupply: there is no such board.
    """
    now = seconds_of(timezone.now())
    reckoning = Reckoning(market_of(get_board(code)), now, [step for pair in wanted for step in pair])
    number = reckoning.ways.number

    def stop(step: Step) -> Stop:
        return Stop(number[step.place], seconds_of(step.from_at), seconds_of(step.until_at), step.seconds)

    if not reckoning.working():
        return [Reason(Obstacle.SHIFT_ENDS.value)] * len(wanted)
    try:
        plan = reckoning.plan(reckoning.working())
        answers = [
            quote(plan, Request(f"look-{at}", stop(pickup), stop(dropoff)), 1)
            for at, (pickup, dropoff) in enumerate(wanted)
        ]
    except DispatchError:
        # A car is late: the next plan is being made, and until then nobody knows.
        return [Reason("plan_lost")] * len(wanted)
    return [
        Reason(one.obstacle.value, {"seconds": one.by})
        if isinstance(one, Refusal)
        else instant(one[0].picked)
        for one in answers
    ]


__all__ = ["board_of", "roads_of", "soonest"]
