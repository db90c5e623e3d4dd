"""What a policy does before it is decided: the price of stability, and who moves when points change."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from yui.engines.placement.acceptance import Table, place
from yui.engines.placement.market import market_of
from yui.engines.placement.problem import City, Placement, PlacementError

NODES = 10_000
"""Branches after which the search for the most children placed stops."""


@dataclass(frozen=True)
class StabilityPrice:
    """What is lost, and what is kept, by not placing as many as possible.

    Attributes:
        placed: Children with a seat in the placement that follows priorities.
        most: Children with a seat when priorities are ignored and only lists, capacities and holders count.
        bound: No placement seats more; equal to ``most`` when that is proven.
        blocking: Families with reason to object in the placement of ``most``.
    """

    placed: int
    most: int
    bound: int
    blocking: int


@dataclass(frozen=True)
class Change:
    """A child whose seat differs between two placements.

    Attributes:
        gains: Whether the family now has a choice that it wants more.
    """

    child: str
    before: str | None
    after: str | None
    gains: bool


def stability_price(city: City, placement: Placement) -> StabilityPrice:
    """How many more children could be placed if nobody's priority counted, and how many families it would wrong."""
    market = market_of(city)
    options = [
        (family, choice) for family, choices in enumerate(market.choices) for choice in range(len(choices))
    ]
    rows, columns, counts, gain = [], [], [], np.zeros(len(options))
    for column, (family, choice) in enumerate(options):
        rows.append(family)
        columns.append(column)
        counts.append(1)
        for seat, ranks, _ in market.choices[family][choice]:
            rows.append(len(market.families) + seat)
            columns.append(column)
            counts.append(len(ranks))
            gain[column] += len(ranks)
    ones = np.ones(len(market.families))
    most = np.append(ones, market.capacity)
    least = np.append(ones, np.zeros(len(market.capacity)))
    matrix = csr_array((counts, (rows, columns)), shape=(len(most), len(options)))
    found = milp(
        -gain,
        constraints=LinearConstraint(matrix, least, most),
        integrality=np.ones(len(options)),
        bounds=Bounds(0, 1),
        options={"node_limit": NODES},
    )
    if found.x is None:
        raise PlacementError("nothing_found", nodes=NODES)
    chosen = [0] * len(market.families)
    for (family, choice), share in zip(options, found.x, strict=True):
        if share > 0.5:
            chosen[family] = choice
    table = Table.of(market, chosen)
    bound = int(np.floor(-found.mip_dual_bound + 1e-6))
    return StabilityPrice(placement.placed, table.placed(), bound, len(table.blocking()))


def changes(city: City, before: Placement, after: Placement) -> tuple[Change, ...]:
    """Children whose seat differs between two placements of one city, in order of their ids.

    A family may want the new seats of its children more although one of them loses.
    """
    found = []
    for family in city.families:
        last = len(family.children[0].choices)
        rank_before, rank_after = (
            last if choice is None else choice
            for choice in (before.choices[family.id], after.choices[family.id])
        )
        found += [
            Change(child.id, before.seats[child.id], after.seats[child.id], rank_after < rank_before)
            for child in family.children
            if before.seats[child.id] != after.seats[child.id]
        ]
    return tuple(sorted(found, key=lambda change: change.child))


def compare_priorities(before: City, after: City) -> tuple[Change, ...]:
    """Who changes seat when only points and tie keys differ.

    Raises:
        PlacementError: the two differ in more than that.
    """
    if _wishes(before) != _wishes(after):
        raise PlacementError("other_applicants")
    return changes(before, place(before), place(after))


def _wishes(city: City) -> object:
    facilities = {facility.id: dict(facility.seats) for facility in city.facilities}
    families = {
        family.id: tuple((child.id, child.grade, child.choices, child.holds) for child in family.children)
        for family in city.families
    }
    return facilities, families
