"""The same choice under other prices, and what a plan does to each body."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yui.engines.costing.choosing import taken
from yui.engines.costing.problem import (
    FIRST_VENDOR,
    INDIVIDUAL,
    JOINT,
    NOT_OFFERED,
    Commons,
    CostingError,
    Plan,
    own_yen,
)
from yui.engines.costing.sharing import Alliance, Rule, split


@dataclass(frozen=True)
class Prices:
    """What options cost, in parts that scenarios change.

    Attributes:
        commons: Everything else; its ``yearly_yen`` marks what is not offered and is replaced.
        running_yen: Licences, operation, lines; in a year.
        cloud_usd: What is paid for in dollars; in a year, in whole dollars.
        moving_yen: Once.
        misfit_yen: What it costs in a year that the work must follow the system.

    Shape:
        All ``(systems, options, bodies)``, int64.
    """

    commons: Commons
    running_yen: NDArray[np.int64]
    cloud_usd: NDArray[np.int64]
    moving_yen: NDArray[np.int64]
    misfit_yen: NDArray[np.int64]


@dataclass(frozen=True)
class Scenario:
    """What could be otherwise.

    Attributes:
        yen_per_usd: The exchange rate.
        misfit: What the misfit is multiplied by.
        years: Over how many years moving is paid off.
        taking_part: Which bodies may use shared systems, ``(systems, bodies)`` or ``(bodies,)``; ``None`` for all.
    """

    yen_per_usd: float
    misfit: float = 1.0
    years: int = 5
    taking_part: NDArray[np.bool_] | None = None


def price(prices: Prices, scenario: Scenario) -> Commons:
    """The problem under a scenario; parts are rounded to whole yen each."""
    yearly = prices.running_yen + np.rint(prices.cloud_usd * scenario.yen_per_usd).astype(np.int64)
    yearly += np.rint(prices.moving_yen / scenario.years).astype(np.int64)
    yearly += np.rint(prices.misfit_yen * scenario.misfit).astype(np.int64)
    np.copyto(yearly, NOT_OFFERED, where=prices.commons.yearly_yen >= NOT_OFFERED)
    if scenario.taking_part is not None:
        alone = ~np.broadcast_to(scenario.taking_part, (len(prices.commons.systems), yearly.shape[2]))
        np.copyto(yearly[:, JOINT:], NOT_OFFERED, where=alone[:, None])
    return replace(prices.commons, yearly_yen=np.minimum(yearly, NOT_OFFERED))


@dataclass(frozen=True)
class Outcome:
    """What a plan does to each body.

    Attributes:
        before_yen: What each pays in a year as it is.
        after_yen: What each pays under the plan, its part of shared systems included.
        nation_yen: What the nation pays: national systems, systems kept for competition that nobody uses, and what the
            rule leaves unpaid.
        transfer_yen: What each would have to be given so that nobody pays more than before.
        losers: The bodies that would pay more, with how much; the largest loss first.

    Shape:
        ``(bodies,)`` each.
    """

    before_yen: NDArray[np.int64]
    after_yen: NDArray[np.int64]
    nation_yen: int
    transfer_yen: NDArray[np.int64]
    losers: tuple[tuple[str, int], ...]

    @property
    def total_yen(self) -> int:
        """Of nation and bodies together."""
        return int(self.after_yen.sum()) + self.nation_yen


def outcome(
    commons: Commons, plan: Plan, population: NDArray[np.int64], rule: Rule, *, unit_yen: int = 1
) -> Outcome:
    """Who wins and who loses, with the cost of each shared system split among its users by a rule.

    National systems are the nation's; joint and vendors' systems are paid for by those who use them. For the rules that
    go by savings, a user's saving is against the cheaper of what it runs today and a standard system of its own.

    Raises:
        CostingError: a system that is used today has no price.
    """
    own = own_yen(commons, plan)
    before = commons.yearly_yen[:, INDIVIDUAL]
    if (before >= NOT_OFFERED).any():
        system, body = np.argwhere(before >= NOT_OFFERED)[0]
        raise CostingError("nothing_offered", system=commons.systems[system], body=commons.bodies[body])
    alone = commons.yearly_yen[:, :JOINT].min(axis=1)
    after = own.sum(axis=0)
    nation = int(commons.national_yen[plan.national].sum())
    for users, system, fixed in _shared(commons, plan):
        if not len(users):
            nation += fixed
            continue
        alliance = Alliance(
            tuple(commons.bodies[user] for user in users),
            alone[system, users],
            own[system, users][:, None],
            np.array([fixed]),
            population[users],
        )
        bill = split(alliance, rule, unit_yen=unit_yen, chosen=np.zeros(len(users), np.int64))
        after[users] += bill.share_yen
        nation += bill.remainder_yen
    change = after - before.sum(axis=0)
    losing = np.flatnonzero(change > 0)
    ranked = losing[np.argsort(-change[losing], kind="stable")]
    losers = tuple((commons.bodies[body], int(change[body])) for body in ranked)
    return Outcome(before.sum(axis=0), after, nation, np.maximum(change, 0), losers)


def _shared(commons: Commons, plan: Plan) -> list[tuple[NDArray[np.intp], int, int]]:
    """Users, system and cost of each joint and vendor's system."""
    found = []
    for system, option in enumerate(plan.option):
        for prefecture in np.flatnonzero(plan.joint[system]):
            users = np.flatnonzero((option == JOINT) & (commons.prefecture == prefecture))
            found.append((users, system, int(commons.joint_yen[system, prefecture])))
        for vendor in np.flatnonzero(plan.vendor[system]):
            users = np.flatnonzero(option == FIRST_VENDOR + vendor)
            found.append((users, system, int(commons.vendor_yen[system, vendor])))
    return found


def lock_in(commons: Commons, plan: Plan, leaving_yen: NDArray[np.int64]) -> NDArray[np.int64]:
    """What the cheapest way out costs each body in the first year, above what it pays now.

    Args:
        commons: The problem.
        plan: What is used now.
        leaving_yen: What leaving costs, in conversion of data and ending the contract; ``(systems, bodies)``.

    Shape:
        ``(systems, bodies)``; :data:`NOT_OFFERED` where there is no way out.
    """
    others = commons.yearly_yen.copy()
    joint = plan.joint[:, commons.prefecture]
    np.copyto(others[:, JOINT], NOT_OFFERED, where=~joint)
    there = np.concatenate((plan.vendor, plan.national[:, None]), axis=1)
    others[:, FIRST_VENDOR:][~there] = NOT_OFFERED
    for option in range(others.shape[1]):
        others[:, option][plan.option == option] = NOT_OFFERED
    cheapest = others.min(axis=1)
    cost = leaving_yen + np.maximum(cheapest - taken(commons.yearly_yen, plan.option), 0)
    return np.where(cheapest >= NOT_OFFERED, NOT_OFFERED, cost)
