"""Plans made anew: for less driving, or because a car or a road was lost."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from yui.engines.dispatch.public import DispatchError, Progress, improve
from yui.kernel.access.public import require
from yui.kernel.journal.public import record, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.supply import models
from yui.supply.actions.answering import locked_board
from yui.supply.contracts import DemandState, PlanCause, UnknownSupply
from yui.supply.market.keeping import changed_routes, check_plan, keep, made
from yui.supply.market.losses import recover
from yui.supply.market.reckoning import Reckoning
from yui.supply.market.reworking import because_of
from yui.supply.market.state import market_of
from yui.supply.queries import get_board
from yui.supply.stored import seconds_of

MANAGE = "supply.board.manage"
_WARMTH = 0.02
"""How far a search strays from a plan that is good already; what was measured best in a day of a town."""


def improve_board(*, board: str, progress: Progress, seed: int = 1) -> bool:
    """Look for a better plan in the background, and make it the one in force where nothing changed meanwhile.

    Nobody waits: the board is locked only to write. No promise is broken. A plan that can't be driven any more, since a
    road was closed by the clock or a car is late, is mended first, and whoever it concerns is told.

    Returns:
        Whether a better plan is in force.
    """
    row = get_board(board)
    now = seconds_of(timezone.now())
    market = market_of(row)
    try:
        reckoning = Reckoning(market, now)
        plan = reckoning.sound(reckoning.whole())
        better = improve(plan, progress, seed, warmth=_WARMTH, recombine=False)
        if better is plan:
            return False
        routes = changed_routes(market, reckoning.routes(better))
        check_plan(market, now, routes, [better])
    except DispatchError:
        _mend(board)
        return False
    with transaction.atomic():
        row = locked_board(board)
        if (row.plan_row, row.set_up) != (market.plan_row, market.set_up):
            return False
        market = keep(replace(market, board=row), routes, PlanCause.IMPROVED)
        record_many([made(market, PlanCause.IMPROVED)])
    return True


@transaction.atomic
def _mend(board: str) -> None:
    market, now = market_of(locked_board(board)), seconds_of(timezone.now())
    recover(market, now, PlanCause.LATE, because_of(market, now))


@transaction.atomic
def withdraw_shift(*, shift: UUID, because: str) -> Mapping[UUID, DemandState]:
    """A shift can serve no longer, from now: others take over what it promised and whom it has on board.

    Args:
        because: code of the reason, which whoever it concerns is told.

    Returns:
        The demands that are served otherwise or later, and those that cannot be served, by how they now stand; none
        when it was withdrawn before.

    Raises:
        UnknownSupply: there is no such shift.
    """
    require(MANAGE)
    row = models.Shift.objects.select_related("board").filter(public_id=shift).first()
    if row is None:
        raise UnknownSupply(Message("no_shift", gettext_noop("There is no such shift.")))
    board = locked_board(row.board.code)
    row.refresh_from_db()
    if row.withdrawn_at is not None:
        return {}
    market = market_of(board)
    row.withdrawn_at, row.withdrawn_because = timezone.now(), because
    row.save(update_fields=["withdrawn_at", "withdrawn_because"])
    record("supply.shift.withdrawn", object_kind="shift", object_id=row.public_id, reason=because)
    board.set_up = uuid4()
    if str(shift) not in market.shifts:
        board.save(update_fields=["set_up"])
        return {}
    now = seconds_of(timezone.now())
    return recover(market, now, PlanCause.WITHDRAWN, because, withdrawn=str(shift))[1]


@transaction.atomic
def reckon_roads(*, board: str) -> Mapping[UUID, DemandState]:
    """Make the plan anew after roads were closed or opened. See ``withdraw_shift``."""
    require(MANAGE)
    market, now = market_of(locked_board(board)), seconds_of(timezone.now())
    return recover(market, now, PlanCause.ROADS, because_of(market, now))[1]
