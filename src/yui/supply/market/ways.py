"""Travel times of a board between all places that its plan has to do with, worked out once."""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from uuid import UUID

import numpy as np
import numpy.typing as npt

from yui.engines.travel.public import Place
from yui.supply import models
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

    Shape:
        ``seconds``: (places and room, the same), int64.
    """

    def __init__(self, board: models.Board, closed: frozenset[int]) -> None:
        self.set_up, self.closed = board.set_up, closed
        self.number: dict[Place, int] = {}
        self.seconds: npt.NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)

    def add(self, board: models.Board, places: Iterable[Place]) -> None:
        """Make places known. Those that are keep their number, and plans that were made keep their matrix."""
        new = {place for place in places if place not in self.number}
        if not new:
            return
        for place in sorted(new, key=lambda one: (one.latitude, one.longitude)):
            self.number[place] = len(self.number)
        found = times_between(board, list(self.number), self.closed).seconds
        if len(found) > len(self.seconds):
            self.seconds = np.zeros((len(found) + _ROOM,) * 2, dtype=np.int64)
        # Rows of places that were known are written as they are.
        self.seconds[: len(found), : len(found)] = found

    def between(self, one: Place, other: Place) -> int:
        """Seconds from one place to another."""
        return int(self.seconds[self.number[one], self.number[other]])


def ways_of(board: models.Board, closed: frozenset[int], places: Iterable[Place]) -> Ways:
    """The travel times of a board with these roads closed, these places among them.

    Its row was read in the scope of the active body, so these are that body's roads.
    """
    wanted = set(places)
    with _lock:
        known = _kept.get(board.pk)
        if (
            known is None
            or not _still(known, board.set_up, closed)
            or len(known.number) > 2 * len(wanted) + 500
        ):
            known = Ways(board, closed)
        known.add(board, wanted)
        _kept[board.pk] = known
        _kept.move_to_end(board.pk)
        while len(_kept) > _BOARDS:
            _kept.popitem(last=False)
        return known


def _still(known: Ways, set_up: UUID, closed: frozenset[int]) -> bool:
    return (known.set_up, known.closed) == (set_up, closed)
