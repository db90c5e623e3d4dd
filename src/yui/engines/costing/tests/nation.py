"""Made-up bodies and systems, and the same question as one mixed-integer programme for HiGHS."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from yui.engines.costing.public import FIRST_VENDOR, INDIVIDUAL, JOINT, NOT_OFFERED, Commons


def made_up(seed, *, bodies=7, prefectures=2, systems=3, vendors=2, least_vendors=1, missing=0.1):
    chance = np.random.default_rng(seed)
    prefecture = np.sort(
        np.concatenate((np.arange(prefectures), chance.integers(0, prefectures, bodies - prefectures)))
    )
    yearly = chance.integers(10, 100, (systems, FIRST_VENDOR + vendors + 1, bodies))
    yearly[:, JOINT:] //= 2
    missed = chance.random(yearly.shape) < missing
    missed[:, 1] = False  # a standard system of one's own can always be had
    yearly[missed] = NOT_OFFERED
    return Commons(
        tuple(f"b{n}" for n in range(bodies)),
        tuple(f"s{n}" for n in range(systems)),
        tuple(f"v{n}" for n in range(vendors)),
        prefecture,
        yearly,
        chance.integers(0, 120, (systems, prefectures)),
        chance.integers(0, 200, (systems, vendors)),
        chance.integers(0, 300, systems),
        least_vendors,
    )


def optimum(commons, limits=None):
    """The least cost as HiGHS finds it, or None if nothing is possible."""
    systems, options, bodies = commons.yearly_yen.shape
    vendors, prefectures = len(commons.vendors), commons.prefectures
    x = np.arange(systems * options * bodies).reshape(systems, options, bodies)
    there = x.size + np.arange(systems * (prefectures + vendors + 1)).reshape(systems, -1)
    active = there[-1, -1] + 1 + np.arange(systems)  # whether a system has any vendor
    width = active[-1] + 1
    cost = np.zeros(width)
    cost[x] = commons.yearly_yen
    cost[there] = np.column_stack((commons.joint_yen, commons.vendor_yen, commons.national_yen))
    rows, low, high = [], [], []

    def add(columns, values, least, most):
        row = np.zeros(width)
        row[columns] = values
        rows.append(row)
        low.append(least)
        high.append(most)

    for s in range(systems):
        for b in range(bodies):
            add(x[s, :, b], 1, 1, 1)
            add([x[s, JOINT, b], there[s, commons.prefecture[b]]], [1, -1], -np.inf, 0)
            for k in range(vendors + 1):
                add([x[s, FIRST_VENDOR + k, b], there[s, prefectures + k]], [1, -1], -np.inf, 0)
        for k in range(vendors):
            add([there[s, prefectures + k], active[s]], [1, -1], -np.inf, 0)
        if vendors:
            columns = [*there[s, prefectures : prefectures + vendors], active[s]]
            add(columns, [1] * vendors + [-commons.least_vendors], 0, np.inf)
    if limits is not None:
        for b in range(bodies):
            if limits.moves is not None:
                add(x[:, INDIVIDUAL + 1 :, b].ravel(), 1, -np.inf, limits.moves[b])
        for k in range(vendors):
            if limits.contracts is not None:
                add(x[:, FIRST_VENDOR + k].ravel(), 1, -np.inf, limits.contracts[k])
        if limits.national is not None:
            add(there[:, -1], 1, -np.inf, limits.national)
    upper = np.ones(width)
    upper[x[commons.yearly_yen >= NOT_OFFERED]] = 0
    found = milp(
        np.where(cost >= NOT_OFFERED, 0, cost),
        constraints=LinearConstraint(np.array(rows), low, high),
        integrality=np.ones(width),
        bounds=Bounds(0, upper),
        options={"mip_rel_gap": 0},
    )
    return None if found.x is None else round(found.fun)
