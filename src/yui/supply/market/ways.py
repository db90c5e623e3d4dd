"""Travel times of a board between all places that its plan has to do with, worked out once."""

from collections import OrderedDict
from collections.abc import Collection, Iterable
from threading import Lock
from uuid import UUID

import numpy as np
import numpy.typing as npt

from yui.engines.travel.public import Place
from yui.supply import models
from yui.supply.market.state import Market
from yui.supply.roads import times_between

_ROOM = 64
"""Places that can still be added before the matrix is made anew."""
_BOARDS = 16
_kept: OrderedDict[int, "Ways"] = OrderedDict()
_lock = Lock()


class Ways:
    """Seconds between places, which are numbered as they become known.

    Attributes:
        seconds: the matrix; rows beyond the known places are zero and belong to nobody yet.
        offers: whose places are known.

    Shape:
        ``seconds``: (places and room, the same), int64.
    """

    def __init__(self, board: models.Board, closed: frozenset[int]) -> None:
        self.set_up, self.closed = board.set_up, closed
        self.number: dict[Place, int] = {}
        self.offers: frozenset[str] = frozenset()
        self.seconds: npt.NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)

    def add(self, board: models.Board, places: Iterable[Place]) -> None:
        """Make places known. Those that are keep their number, and plans that were made keep their matrix."""
        new = {place for place in places if place not in self.number}
        if not new:
            return
        before = list(self.number)
        added = sorted(new, key=lambda one: (one.latitude, one.longitude))
        there = times_between(board, before, self.closed, added).seconds
        back = times_between(board, added, self.closed, [*before, *added]).seconds
        known, count = len(before), len(before) + len(added)
        if count > len(self.seconds):
            wider = np.zeros((count + _ROOM,) * 2, dtype=np.int64)
            wider[:known, :known] = self.seconds[:known, :known]
            self.seconds = wider
        self.seconds[:known, known:count] = there
        self.seconds[known:count, :count] = back
        self.number |= {place: known + at for at, place in enumerate(added)}

    def between(self, one: Place, other: Place) -> int:
        """Seconds from one place to another."""
        return int(self.seconds[self.number[one], self.number[other]])


def ways_of(market: Market, now: int, new: Collection[Place]) -> Ways:
    """The travel times of a board as its roads are at an instant, between all places of its plan and some new ones.

    Its row was read in the scope of the active body, so these are that body's roads.
    """
    board, closed = market.board, market.closed(now)
    places = list(new)
    with _lock:
        known = _kept.get(board.pk)
        if (
            known is None
            or not _still(known, board.set_up, closed)
            or len(known.number) > 4 * (len(market.shifts) + len(market.carried)) + 500
        ):
            known = Ways(board, closed)
            # They stay as they are as long as the board is set up in the same way.
            places += [place for turn in market.shifts.values() for place in (turn.start, turn.end)]
        offers = frozenset(market.carried)
        places += [step.place for offer in offers - known.offers for step in market.carried[offer].steps]
        known.add(board, places)
        known.offers = offers
        _kept[board.pk] = known
        _kept.move_to_end(board.pk)
        while len(_kept) > _BOARDS:
            _kept.popitem(last=False)
        return known


def _still(known: Ways, set_up: UUID, closed: frozenset[int]) -> bool:
    return (known.set_up, known.closed) == (set_up, closed)
