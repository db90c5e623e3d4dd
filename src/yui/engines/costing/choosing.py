"""The cheapest choice, exactly: a joint system serves one prefecture, so few combinations are left to try.

Without limits on capacity systems do not touch one another. For one system, each set of vendors and the national system
is tried (2 to the power of vendors + 1); given the set, each prefecture decides on its joint system for itself.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from yui.engines.costing.problem import (
    FIRST_VENDOR,
    INDIVIDUAL,
    JOINT,
    NOT_OFFERED,
    STANDARD,
    Commons,
    Plan,
    own_yen,
    shared_yen,
)

Numbers = NDArray[Any]
"""Yen as int64, or as float64 with the prices of limits."""


class Open(NamedTuple):
    """Which shared systems there are; shapes as in :class:`yui.engines.costing.problem.Plan`."""

    joint: NDArray[np.bool_]
    vendor: NDArray[np.bool_]
    national: NDArray[np.bool_]


class Tried(NamedTuple):
    """The best sets for each system, without and with the national system.

    Shape:
        ``cost``: ``(2, systems)``; ``chosen``: ``(2, systems)``, a bit for each vendor.
    """

    cost: Numbers
    chosen: NDArray[np.int64]


def choose(commons: Commons) -> Plan:
    """The plan that costs everybody together the least.

    Complexity:
        ``2 ** (vendors + 1)`` passes over systems × bodies; fine up to about ten vendors.
    """
    tried = try_sets(commons, commons.yearly_yen)
    national = tried.cost[1] < tried.cost[0]
    return finish(commons, open_sets(commons, commons.yearly_yen, tried, national))


def finish(
    commons: Commons, there: Open, option: NDArray[np.integer] | None = None, bound: int | None = None
) -> Plan:
    """A plan with its cost: everybody takes the cheapest that there is, unless it is said who takes what."""
    if option is None:
        option, _ = cheapest(offered(commons, commons.yearly_yen, there))
    plan = Plan(option, *there, cost_yen=0, bound_yen=0)
    cost = int(own_yen(commons, plan).sum()) + shared_yen(commons, plan)
    return Plan(option, *there, cost_yen=cost, bound_yen=cost if bound is None else min(bound, cost))


def offered(commons: Commons, prices: Numbers, there: Open) -> Numbers:
    """Prices of what there is; :data:`NOT_OFFERED` for what is closed; ``(systems, options, bodies)``."""
    found = prices.copy()
    found[:, JOINT][~there.joint[:, commons.prefecture]] = NOT_OFFERED
    closed = ~np.concatenate((there.vendor, there.national[:, None]), axis=1)
    found[:, FIRST_VENDOR:][closed] = NOT_OFFERED
    return found


def cheapest(prices: Numbers) -> tuple[NDArray[np.int8], Numbers]:
    """The first of the cheapest options, and its price; ``(systems, bodies)`` each."""
    price = prices[:, 0].copy()
    option = np.zeros(price.shape, np.int8)
    for number in range(1, prices.shape[1]):
        np.copyto(option, number, where=prices[:, number] < price)
        np.minimum(price, prices[:, number], out=price)
    return option, price


def taken(prices: Numbers, option: NDArray[np.integer]) -> Numbers:
    """The price of the option that is taken."""
    price = prices[:, 0].copy()
    for number in range(1, prices.shape[1]):
        np.copyto(price, prices[:, number], where=option == number)
    return price


def try_sets(commons: Commons, prices: Numbers) -> Tried:
    """Each set of vendors, without and with the national system.

    Args:
        commons: The problem.
        prices: ``commons.yearly_yen``, or prices changed by multipliers.
    """
    systems = len(commons.systems)
    cost = np.full((2, systems), np.iinfo(np.int64).max // 2, prices.dtype)
    chosen = np.zeros((2, systems), np.int64)
    vendors, starts = len(commons.vendors), commons.starts
    joint_fixed = commons.joint_yen.astype(prices.dtype)
    gain = np.empty_like(prices[:, 0])

    def leaf(best: Numbers, fixed: Numbers, bits: int, national: int) -> None:
        np.subtract(best, prices[:, JOINT], out=gain)
        np.maximum(gain, 0, out=gain)
        saved = np.add.reduceat(gain, starts, axis=1) - joint_fixed
        total = best.sum(axis=1) + fixed - np.maximum(saved, 0).sum(axis=1)
        better = total < cost[national]
        cost[national][better] = total[better]
        chosen[national][better] = bits

    def visit(vendor: int, best: Numbers, fixed: Numbers, bits: int, national: int) -> None:
        if vendor == vendors:
            if bits == 0 or bits.bit_count() >= commons.least_vendors:
                leaf(best, fixed, bits, national)
            return
        visit(vendor + 1, best, fixed, bits, national)
        joined = np.minimum(best, prices[:, FIRST_VENDOR + vendor])
        visit(vendor + 1, joined, fixed + commons.vendor_yen[:, vendor], bits | 1 << vendor, national)

    own = np.minimum(prices[:, INDIVIDUAL], prices[:, STANDARD])
    nothing = np.zeros(systems, prices.dtype)
    visit(0, own, nothing, 0, 0)
    everywhere = np.minimum(own, prices[:, commons.national])
    visit(0, everywhere, nothing + commons.national_yen, 0, 1)
    return Tried(cost, chosen)


def open_sets(commons: Commons, prices: Numbers, tried: Tried, national: NDArray[np.bool_]) -> Open:
    """The shared systems of the best sets, joint ones included."""
    systems = np.arange(len(commons.systems))
    bits = tried.chosen[national.astype(np.intp), systems]
    vendor = (bits[:, None] >> np.arange(len(commons.vendors)) & 1).astype(bool)
    none = np.zeros((len(systems), commons.prefectures), bool)
    _, best = cheapest(offered(commons, prices, Open(none, vendor, national)))
    gain = np.maximum(best - prices[:, JOINT], 0)
    joint = np.add.reduceat(gain, commons.starts, axis=1) > commons.joint_yen
    return Open(joint, vendor, national)
