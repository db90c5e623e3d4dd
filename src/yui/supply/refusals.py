"""Who is refused how often: nobody is to be left standing more often than others."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from yui.kernel.access.public import require
from yui.supply.contracts import DemandState
from yui.supply.models import Demand
from yui.supply.queries import get_board

FEWEST = 10
"""A group of fewer requests is not told: one could guess who it was."""
OTHERS = "others"
"""Whoever is in no group."""


@dataclass(frozen=True)
class RefusalRate:
    """How often those of a group were refused.

    Attributes:
        group: a need or a kind of load ("wheelchairs"), a group of the service's own, or ``OTHERS``.
        asked: requests; None when too few to be told.
        refused: of them, those whose last answer was that there is nothing; None likewise.
    """

    group: str
    asked: int | None
    refused: int | None

    @property
    def percent(self) -> float | None:
        """Share of the requests that were refused; None when it is not told."""
        return 100 * self.refused / self.asked if self.asked and self.refused is not None else None


def refusals(
    board_code: str,
    *,
    from_at: dt.datetime,
    until_at: dt.datetime,
    groups: Callable[[Collection[UUID]], dict[UUID, Collection[str]]] | None = None,
) -> list[RefusalRate]:
    """How often what was asked for in a span of time was refused, by group. It names no person.

    Args:
        groups: of the service's own, by demand; a demand may be in several. Left out, a demand is in one group for
            each of its needs and for each kind of load besides seats.

    Raises:
        UnknownSupply: there is no such board.
        PermissionRefused: ``supply.board.manage`` is missing.
    """
    require("supply.board.manage")
    rows = list(
        Demand.objects.filter(board=get_board(board_code), asked_at__gte=from_at, asked_at__lt=until_at)
        .exclude(state=DemandState.CANCELLED.value, offers__isnull=True)
        .values_list("public_id", "state", "load", "needs")
        .distinct()
    )
    own = groups([row[0] for row in rows]) if groups else None
    asked, refused = Counter[str](), Counter[str]()
    for demand, state, load, needs in rows:
        kinds = {kind for kind, units in load.items() if units and kind != "seats"}
        found = set(own.get(demand, ())) if own is not None else {*needs, *kinds}
        for group in found or {OTHERS}:
            asked[group] += 1
            refused[group] += state == DemandState.REFUSED.value
    return [
        RefusalRate(group, count, refused[group]) if count >= FEWEST else RefusalRate(group, None, None)
        for group, count in sorted(asked.items(), key=lambda one: (one[0] == OTHERS, one[0]))
    ]
