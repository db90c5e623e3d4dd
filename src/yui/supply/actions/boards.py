"""Setting up what serves: boards, shifts, closed roads."""

import datetime as dt
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.supply.contracts import ShiftInput, SupplyRefused
from yui.supply.models import Board, Closure, Shift
from yui.supply.queries import get_board
from yui.supply.stored import breaks_out, place_out

MANAGE = "supply.board.manage"


def open_board(
    *,
    code: str,
    road_map: str = "",
    kilometres_per_hour: float = 25,
    detour: float = 1.3,
    offer_seconds: int = 120,
    window_seconds: int = 600,
) -> None:
    """Set up a board of the active body, or change how it reckons.

    Args:
        road_map: code of an imported map; empty for the straight line with ``detour`` at ``kilometres_per_hour``.
        offer_seconds: how long an offer keeps its place free.
        window_seconds: how much later than planned a promised pick-up may come to be; told to the rider as a span.
    """
    require(MANAGE)
    changes = {
        "road_map": road_map,
        "kilometres_per_hour": kilometres_per_hour,
        "detour": detour,
        "offer_seconds": offer_seconds,
        "window_seconds": window_seconds,
    }
    Board.objects.update_or_create(code=code, defaults={**changes, "set_up": uuid4()})
    record("supply.board.opened", object_kind="board", object_id=code)


def register_shift(*, board: str, shift: ShiftInput) -> UUID:
    """A span in which something can serve. Said again with the same key, it changes nothing.

    Raises:
        SupplyRefused: the key stands for another span, or a capacity is no whole number above zero.
    """
    require(MANAGE)
    if shift.until_at <= shift.from_at:
        raise SupplyRefused(Message("shift_span", gettext_noop("A shift ends after it begins.")))
    if not shift.capacity or any(units < 1 for units in shift.capacity.values()):
        raise SupplyRefused(Message("shift_capacity", gettext_noop("A shift can carry at least one.")))
    for rest in shift.breaks:
        ends_at = rest.until_at + dt.timedelta(seconds=rest.seconds)
        if not shift.from_at <= rest.from_at <= rest.until_at or ends_at > shift.until_at:
            raise SupplyRefused(Message("shift_break", gettext_noop("A break lies outside its shift.")))
    found = Shift.objects.filter(board=get_board(board), key=shift.key).first()
    if found is None:
        try:
            with transaction.atomic():
                found = _new_shift(board, shift)
        except IntegrityError:
            # Two clicks at once: the other one made it.
            found = Shift.objects.get(board=get_board(board), key=shift.key)
    if (found.from_at, found.until_at) != (shift.from_at, shift.until_at):
        told = gettext_noop("A shift of this key is registered for another time.")
        raise SupplyRefused(Message("shift_key", told))
    return found.public_id


def _new_shift(board: str, shift: ShiftInput) -> Shift:
    made = Shift.objects.create(
        board=get_board(board),
        key=shift.key,
        name=shift.name,
        from_at=shift.from_at,
        until_at=shift.until_at,
        start=place_out(shift.start),
        end=place_out(shift.end),
        capacity=dict(shift.capacity),
        skills=sorted(shift.skills),
        breaks=breaks_out(shift.breaks),
    )
    changed(board)
    record("supply.shift.registered", object_kind="shift", object_id=made.public_id)
    return made


def close_road(
    *, board: str, road: int, from_at: dt.datetime | None = None, until_at: dt.datetime | None = None
) -> None:
    """Close a road of the board's map, from now or a later instant, until another or until opened."""
    require(MANAGE)
    Closure.objects.create(
        board=get_board(board),
        road=road,
        from_at=from_at or timezone.now(),
        until_at=until_at,
        recorded_by=current_actor().public_id,
    )
    changed(board)
    record("supply.road.closed", object_kind="board", object_id=board, details={"road": road})


def open_road(*, board: str, road: int) -> None:
    """Open a road again from now on."""
    require(MANAGE)
    now = timezone.now()
    shut = Closure.objects.filter(board=get_board(board), road=road)
    shut.filter(from_at__lt=now).exclude(until_at__lte=now).update(until_at=now)
    shut.filter(from_at__gte=now).delete()
    changed(board)
    record("supply.road.opened", object_kind="board", object_id=board, details={"road": road})


def changed(board: str) -> None:
    """Note that what plans of a board depend on has changed."""
    Board.objects.filter(code=board).update(set_up=uuid4())
