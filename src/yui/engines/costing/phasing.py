"""When each body moves each system: the largest savings first, as far as staff and vendors can do it.

Whatever is moved early saves for longer. Each body can make so many moves in a period, and so can each vendor. What
does not fit into the periods is late, and it is told whether the vendor or the body's own staff held it up.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yui.engines.costing.choosing import taken
from yui.engines.costing.problem import FIRST_VENDOR, INDIVIDUAL, Commons, CostingError, Plan

LATE = -1
STAYS = -2


@dataclass(frozen=True)
class Capacity:
    """How many moves can be made in each period.

    Attributes:
        staff: By bodies; ``(bodies, periods)``.
        vendor: By vendors; ``(vendors, periods)``.
    """

    staff: NDArray[np.int64]
    vendor: NDArray[np.int64]


@dataclass(frozen=True)
class Late:
    """A move that does not fit.

    Attributes:
        reason: ``vendor`` if the vendor alone had no more capacity, ``staff`` if the body alone, ``both`` if there was
            no period in which both could.
    """

    system: str
    body: str
    reason: str


@dataclass(frozen=True)
class Phasing:
    """When what is moved.

    Attributes:
        period: Of each system and body, from 0; :data:`LATE` or :data:`STAYS`; ``(systems, bodies)``.
        saved: By the end of the last period, in yen per period and period.
        bound: No order saves more.
        late: What does not fit.
    """

    period: NDArray[np.int64]
    saved: int
    bound: int
    late: tuple[Late, ...]

    @property
    def gap(self) -> float:
        """By which share of the bound more could at most be saved."""
        return 1 - self.saved / self.bound if self.bound else 0.0


def phase(commons: Commons, plan: Plan, capacity: Capacity) -> Phasing:
    """An order for the moves of a plan.

    A move that saves nothing is made after all that do.

    Raises:
        CostingError: capacities are not given for each body and vendor.
    """
    periods = capacity.staff.shape[1]
    for name, values, rows in (
        ("staff", capacity.staff, len(commons.bodies)),
        ("vendor", capacity.vendor, len(commons.vendors)),
    ):
        if values.shape != (rows, periods):
            raise CostingError("wrong_shape", what=name, shape=values.shape, expected=(rows, periods))
    saving = np.maximum(commons.yearly_yen[:, INDIVIDUAL] - taken(commons.yearly_yen, plan.option), 0)
    system, body = np.nonzero(plan.option != INDIVIDUAL)
    option = plan.option[system, body]
    worth = saving[system, body]
    supplier = np.where((option >= FIRST_VENDOR) & (option < commons.national), option - FIRST_VENDOR, -1)
    order = np.argsort(-worth, kind="stable")
    period = np.full(plan.option.shape, STAYS)
    late = []
    saved = 0
    staff, vendor = capacity.staff.tolist(), capacity.vendor.tolist()
    for s, b, v, yen in zip(*(one[order].tolist() for one in (system, body, supplier, worth)), strict=True):
        own = staff[b]
        theirs = vendor[v] if v >= 0 else None
        for when in range(periods):
            if own[when] > 0 and (theirs is None or theirs[when] > 0):
                own[when] -= 1
                if theirs is not None:
                    theirs[when] -= 1
                period[s, b] = when
                saved += yen * (periods - when)
                break
        else:
            period[s, b] = LATE
            full, theirs_full = not any(own), theirs is not None and not any(theirs)
            reason = "both" if full == theirs_full else "staff" if full else "vendor"
            late.append(Late(commons.systems[s], commons.bodies[b], reason))
    by_staff = _best(worth, body, capacity.staff)
    limited = supplier >= 0
    by_vendor = _best(worth[limited], supplier[limited], capacity.vendor)
    by_vendor += int(worth[~limited].sum()) * periods
    return Phasing(period, saved, min(by_staff, by_vendor), tuple(late))


def _best(worth: NDArray[np.int64], group: NDArray[np.integer], capacity: NDArray[np.int64]) -> int:
    """What could be saved if only this capacity counted: each group's largest savings first."""
    periods = capacity.shape[1]
    order = np.lexsort((-worth, group))
    group, worth = group[order], worth[order]
    rank = np.arange(len(group)) - np.searchsorted(group, group, side="left")
    filled = np.cumsum(capacity, axis=1)
    when = (filled[group] <= rank[:, None]).sum(axis=1)
    return int((worth * (periods - when)).sum())
