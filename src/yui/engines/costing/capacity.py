"""The cheapest choice when nobody can move everything at once: bodies, vendors and the nation have limits.

The limits of bodies and vendors get prices (Lagrange multipliers). With prices instead of limits, the exact choice of
:mod:`yui.engines.costing.choosing` applies again, and what it costs is a bound: no plan within the limits is cheaper.
The nation's limit needs no price, because the value of a national system is known for each system. The prices are
changed until the limits are nearly kept; each choice on the way is mended into a plan that keeps them all.

Source:
    Fisher (1981), The Lagrangian relaxation method for solving integer programming problems, Management Science 27.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yui.engines.costing.choosing import Numbers, Open, cheapest, finish, offered, open_sets, taken, try_sets
from yui.engines.costing.problem import (
    FIRST_VENDOR,
    INDIVIDUAL,
    JOINT,
    NOT_OFFERED,
    Commons,
    CostingError,
    Plan,
)

GAP = 0.001
ROUNDS = 200
MEND_EVERY = 3
PATIENCE = 6
"""Rounds without a better bound after which the steps are halved."""
HOPEFUL = 4
"""For each contract that is left so many bodies are asked."""
AIM = 0.004
"""How far above the bound the best is taken to lie at most; it sets the length of steps."""
FADING = 0.7
"""What is left of a step's length in the next."""
SETTLING = 2
"""How often first prices are looked for."""
MENDING = 4
"""How often shared systems that no longer pay are closed and the bodies choose anew."""


@dataclass(frozen=True)
class Limits:
    """What can be done in the time that is planned; ``None`` for no limit.

    Attributes:
        moves: How many systems each body can leave; ``(bodies,)``.
        contracts: How many systems of bodies each vendor can take on; ``(vendors,)``.
        national: How many national systems can be built.
    """

    moves: NDArray[np.int64] | None = None
    contracts: NDArray[np.int64] | None = None
    national: int | None = None


def choose_within(commons: Commons, limits: Limits, *, gap: float = GAP, rounds: int = ROUNDS) -> Plan:
    """A plan within the limits, with the bound that tells how far from the best it can be.

    Args:
        commons: The problem.
        limits: What can be done.
        gap: Stops when the plan is proven to be this near the best, as a share of its cost.
        rounds: Stops after so many changes of prices.

    Raises:
        CostingError: some body must move more than it can, or is offered nothing but vendors while these have limits.
    """
    relaxed = _Relaxed(commons, limits)
    bound, there, option = relaxed.choose()
    best = relaxed.mend(there)
    value, pace, waiting = bound, 1.0, 0
    for number in range(1, rounds):
        if best.cost_yen - bound <= gap * best.cost_yen:
            break
        if not relaxed.reprice(option, min(best.cost_yen, bound + AIM * abs(bound)) - value, pace):
            break
        value, there, option = relaxed.choose()
        waiting = 0 if value > bound else waiting + 1
        bound = max(bound, value)
        if waiting == PATIENCE:
            pace, waiting = pace / 2, 0
        if number % MEND_EVERY == 0:
            plan = relaxed.mend(there)
            best = plan if plan.cost_yen < best.cost_yen else best
    safe = int(np.ceil(bound - 1e-9 * abs(bound)))  # worked out in floating point; costs are whole
    return finish(commons, Open(best.joint, best.vendor, best.national), best.option, max(safe, 0))


class _Relaxed:
    """The problem with prices for limits.

    Attributes:
        move_price: For each body, of one move.
        contract_price: For each vendor, of one contract.
    """

    def __init__(self, commons: Commons, limits: Limits) -> None:
        self.commons = commons
        self.exact = commons.yearly_yen.astype(np.float64)
        systems, bodies, vendors = len(commons.systems), len(commons.bodies), len(commons.vendors)
        self.moves = np.full(bodies, systems) if limits.moves is None else np.minimum(limits.moves, systems)
        everything = systems * bodies
        self.contracts = np.full(vendors, everything) if limits.contracts is None else limits.contracts
        self.limited = self.contracts < everything
        self.national = systems if limits.national is None else limits.national
        self._check()
        self.move_price = np.zeros(bodies)
        self.contract_price = np.zeros(vendors)
        self.length = [0.0, 0.0]
        self._begin()

    def _check(self) -> None:
        commons = self.commons
        forced = (commons.yearly_yen[:, INDIVIDUAL] >= NOT_OFFERED).sum(axis=0)
        if (over := forced > self.moves).any():
            body = int(np.flatnonzero(over)[0])
            raise CostingError(
                "must_move_too_much", body=commons.bodies[body], moves=forced[body], limit=self.moves[body]
            )

    def _begin(self) -> None:
        """First prices: with all shared systems there, each limit in turn gets the price at which it is just kept."""
        systems, bodies = len(self.commons.systems), np.arange(len(self.commons.bodies))
        beyond = np.clip(systems - self.moves - 1, 0, systems - 1)
        prices = self.exact.copy()
        for _ in range(SETTLING):
            saving = self.exact[:, INDIVIDUAL] - cheapest(prices[:, INDIVIDUAL + 1 :])[1]
            price = np.clip(np.sort(saving, axis=0)[beyond, bodies], 0, NOT_OFFERED / 100)
            self.move_price = np.where(self.moves < systems, price, 0.0)
            prices[:, INDIVIDUAL] = self.exact[:, INDIVIDUAL] - self.move_price
            for vendor in np.flatnonzero(self.limited):
                theirs = self.exact[:, FIRST_VENDOR + vendor]
                prices[:, FIRST_VENDOR + vendor] = NOT_OFFERED
                worth = (cheapest(prices)[1] - theirs).ravel()
                last = max(worth.size - self.contracts[vendor] - 1, 0)
                price = np.clip(np.partition(worth, last)[last], 0, NOT_OFFERED / 100)
                self.contract_price[vendor] = price
                prices[:, FIRST_VENDOR + vendor] = theirs + price

    def prices(self) -> Numbers:
        """What options cost with the prices of limits: a move costs more, or staying that much less."""
        prices = self.exact.copy()
        prices[:, INDIVIDUAL] -= self.move_price
        vendors = len(self.contract_price)
        prices[:, FIRST_VENDOR : FIRST_VENDOR + vendors] += self.contract_price[:, None]
        return prices

    def choose(self) -> tuple[float, Open, NDArray[np.integer]]:
        """The bound, the shared systems and the options of the cheapest choice at these prices."""
        prices = self.prices()
        tried = try_sets(self.commons, prices)
        worth = tried.cost[0] - tried.cost[1]
        national = np.zeros(len(worth), bool)
        national[np.argsort(-worth, kind="stable")[: self.national]] = True
        national &= worth > 0
        there = open_sets(self.commons, prices, tried, national)
        option, _ = cheapest(offered(self.commons, prices, there))
        systems = len(self.commons.systems)
        value = (
            np.where(national, tried.cost[1], tried.cost[0]).sum()
            + self.move_price @ (systems - self.moves)
            - self.contract_price @ self.contracts
        )
        return float(value), there, option

    def reprice(self, option: NDArray[np.integer], short: float, pace: float) -> bool:
        """Raises the prices of limits that are broken and lowers those of others; whether there was anything to change.

        Args:
            option: The cheapest choice at the prices as they are.
            short: By how much its value lies below what is aimed at.
            pace: Longer or shorter steps.
        """
        moved = (option != INDIVIDUAL).sum(axis=0) - self.moves.astype(float)
        vendors = len(self.contracts)
        used = np.bincount(option.ravel(), minlength=FIRST_VENDOR + vendors + 1)
        excess = used[FIRST_VENDOR : FIRST_VENDOR + vendors] - self.contracts.astype(float)
        moved[(self.move_price == 0) & (moved < 0)] = 0
        excess[(self.contract_price == 0) & (excess < 0)] = 0
        # A vendor's price touches all bodies, a body's only itself: each kind has a length of step of its own.
        # Its square shrinks slowly only: a kind that happens to keep its limits must not be thrown far off them.
        for kind, (price, off) in enumerate(((self.move_price, moved), (self.contract_price, excess))):
            self.length[kind] = max(off @ off, FADING * self.length[kind], 1.0)
            price += pace * max(short, 0) / self.length[kind] * off / 2
            np.maximum(price, 0, out=price)
        return bool(moved.any() or excess.any())

    def mend(self, there: Open) -> Plan:
        """A plan that keeps the limits, with these shared systems or fewer."""
        for _ in range(MENDING):
            option = self._assign(there)
            fewer = self._close(there, option)
            if all(np.array_equal(one, other) for one, other in zip(there, fewer, strict=True)):
                break
            there = fewer
        else:
            option = self._assign(there)
        return finish(self.commons, self._used(there, option), option)

    def _assign(self, there: Open) -> NDArray[np.integer]:
        """Each body moves where it saves most, as far as it can; vendors keep those who would lose most."""
        exact = offered(self.commons, self.exact, there)
        priced = exact[:, INDIVIDUAL + 1 :].copy()
        vendors = slice(FIRST_VENDOR - 1, FIRST_VENDOR - 1 + len(self.contract_price))
        priced[:, vendors] += self.contract_price[:, None]
        moving, price = cheapest(priced)
        option = np.where(self._most(exact[:, INDIVIDUAL] - price), moving + 1, INDIVIDUAL).astype(np.int8)
        return self._fill(exact, self._within_contracts(exact, option))

    def _most(self, saving: Numbers) -> NDArray[np.bool_]:
        """For each body the systems that save most, as many as it can move, if they save anything."""
        rank = np.argsort(np.argsort(-saving.T, axis=1, kind="stable"), axis=1, kind="stable").T
        return (rank < self.moves) & (saving > 0)

    def _within_contracts(self, exact: Numbers, option: NDArray[np.integer]) -> NDArray[np.integer]:
        unlimited = exact.copy()
        unlimited[:, FIRST_VENDOR : FIRST_VENDOR + len(self.limited)][:, self.limited] = NOT_OFFERED
        other, regret = cheapest(unlimited)
        for vendor in np.flatnonzero(self.limited):
            system, body = np.nonzero(option == FIRST_VENDOR + vendor)
            excess = len(system) - self.contracts[vendor]
            if excess > 0:
                lost = regret[system, body] - exact[system, FIRST_VENDOR + vendor, body]
                leaving = np.argsort(lost, kind="stable")[:excess]
                if (lost[leaving] >= NOT_OFFERED / 2).any():
                    worst = leaving[lost[leaving].argmax()]
                    raise CostingError(
                        "must_use_vendor",
                        body=self.commons.bodies[body[worst]],
                        system=self.commons.systems[system[worst]],
                    )
                option[system[leaving], body[leaving]] = other[system[leaving], body[leaving]]
        return option

    def _fill(self, exact: Numbers, option: NDArray[np.integer]) -> NDArray[np.integer]:
        """Uses what is left of the limits: the largest savings first."""
        left_moves = self.moves - (option != INDIVIDUAL).sum(axis=0)
        used = np.bincount(option.ravel(), minlength=exact.shape[1])
        left = np.full(exact.shape[1], option.size)
        left[FIRST_VENDOR : FIRST_VENDOR + len(self.contracts)] = (
            self.contracts - used[FIRST_VENDOR : FIRST_VENDOR + len(self.contracts)]
        )
        open_options = np.flatnonzero(left > 0)
        open_options = open_options[open_options != INDIVIDUAL]
        choice, price = cheapest(exact[:, open_options])
        saving = taken(exact, option) - price
        saving[(option == INDIVIDUAL) & (left_moves <= 0)] = 0
        system, body = np.nonzero(saving > 0)
        ranked = np.argsort(-saving[system, body], kind="stable")
        target = open_options[choice[system, body]][ranked]
        hopeful = np.ones(len(ranked), bool)
        for to in open_options:  # of those who want one of few contracts, only the first have hope
            hopeful[np.flatnonzero(target == to)[HOPEFUL * left[to] :]] = False
        for one, to in zip(ranked[hopeful], target[hopeful], strict=True):
            s, b = system[one], body[one]
            at = option[s, b]
            if left[to] > 0 and (at != INDIVIDUAL or left_moves[b] > 0):
                left[to] -= 1
                left[at] += FIRST_VENDOR <= at < FIRST_VENDOR + len(self.contracts)
                left_moves[b] -= at == INDIVIDUAL
                option[s, b] = to
        return option

    def _close(self, there: Open, option: NDArray[np.integer]) -> Open:
        """Without the shared systems whose users would together rather do without them."""
        commons = self.commons
        exact = offered(commons, self.exact, there)
        exact[:, FIRST_VENDOR : FIRST_VENDOR + len(self.limited)][:, self.limited] = NOT_OFFERED
        for number in range(INDIVIDUAL + 1, exact.shape[1]):
            exact[:, number][option == number] = NOT_OFFERED
        lost = exact.min(axis=1) - taken(self.exact, option)
        joint = np.add.reduceat(np.where(option == JOINT, lost, 0), commons.starts, axis=1)
        by_vendor = [
            np.where(option == FIRST_VENDOR + v, lost, 0).sum(axis=1) for v in range(len(commons.vendors))
        ]
        vendor = np.stack(by_vendor, axis=1) if by_vendor else np.zeros_like(commons.vendor_yen, float)
        keep = there.vendor & (vendor >= commons.vendor_yen)
        keep[keep.sum(axis=1) < commons.least_vendors] = False
        national = np.where(option == commons.national, lost, 0).sum(axis=1)
        return Open(
            there.joint & (joint > commons.joint_yen),
            keep,
            there.national & (national > commons.national_yen),
        )

    def _used(self, there: Open, option: NDArray[np.integer]) -> Open:
        """Without the shared systems that nobody uses, as far as competition allows."""
        commons = self.commons
        joint = np.add.reduceat(option == JOINT, commons.starts, axis=1) > 0
        vendors = range(len(commons.vendors))
        vendor = np.array([[(row == FIRST_VENDOR + v).any() for v in vendors] for row in option], bool)
        vendor = vendor.reshape(there.vendor.shape)
        lonely = vendor.any(axis=1) & (vendor.sum(axis=1) < commons.least_vendors)
        vendor[lonely] = there.vendor[lonely]
        return Open(there.joint & joint, vendor, there.national & (option == commons.national).any(axis=1))
