"""Who pays how much of what is shared, by the rules in use and by those that nobody has a reason to leave.

*Members* could use one or several *platforms*, each with a fixed cost. A group of members on its own would pay the
least that it can, with platforms of its own or none. A split is *stable* if no group pays more than that.

With one platform, what members save by it are claims on what is left after its cost: a bankruptcy. Then stable splits
always exist, the Shapley value is one, and the nucleolus, which makes the largest complaint of any group as small as
can be, is the rule of the Talmud. With several platforms there may be no stable split; then the least core says by how
much the worst-off group is short, and :func:`subsidy` what somebody outside has to add.

Source:
    O'Neill (1982), Mathematical Social Sciences 2, and Aumann and Maschler (1985), Journal of Economic Theory 36, on
    bankruptcy and the Talmud; Shapley (1953); Maschler, Peleg and Shapley (1979), Mathematics of Operations Research 4,
    on the least core; Goemans and Skutella (2004), Journal of Algorithms 50, on sharing the cost of facilities.
"""

from dataclasses import dataclass
from itertools import permutations
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

from yui.engines.costing.problem import CostingError

Rule = Literal["equal", "population", "mixed", "shapley", "talmud", "least_core"]
RULES: tuple[Rule, ...] = get_args(Rule)
EXACT_MEMBERS = 7
"""Up to so many members the Shapley value goes through all orders of joining."""
ORDERS = 20_000


@dataclass(frozen=True)
class Alliance:
    """Members who could share platforms.

    Attributes:
        members: Their names.
        alone_yen: What each pays without any platform; ``(members,)``.
        own_yen: What each pays for itself on each platform; ``(members, platforms)``.
        fixed_yen: What each platform costs, however many use it; ``(platforms,)``.
        population: Of each member; ``(members,)``.
    """

    members: tuple[str, ...]
    alone_yen: NDArray[np.int64]
    own_yen: NDArray[np.int64]
    fixed_yen: NDArray[np.int64]
    population: NDArray[np.int64]

    def __post_init__(self) -> None:
        members, platforms = len(self.members), len(self.fixed_yen)
        shapes = {"alone_yen": (members,), "own_yen": (members, platforms), "population": (members,)}
        for name, expected in shapes.items():
            if getattr(self, name).shape != expected:
                raise CostingError(
                    "wrong_shape", what=name, shape=getattr(self, name).shape, expected=expected
                )

    def prices(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each set of platforms, none first, what each member pays for itself, and what the set costs.

        Shape:
            ``(2 ** platforms, members)`` and ``(2 ** platforms,)``.
        """
        prices, fixed = self.alone_yen[None], np.zeros(1, np.int64)
        for own, cost in zip(self.own_yen.T, self.fixed_yen, strict=True):
            prices = np.concatenate((prices, np.minimum(prices, own)))
            fixed = np.concatenate((fixed, fixed + cost))
        return prices, fixed

    def cost_yen(self, group: NDArray[np.bool_] | None = None) -> int:
        """The least that a group, or all members, pay on their own."""
        prices, fixed = self.prices()
        return int(((prices if group is None else prices[:, group]).sum(axis=1) + fixed).min())

    def chosen(self) -> NDArray[np.int64]:
        """Which platform each member uses in the cheapest choice of all; −1 for none."""
        prices, fixed = self.prices()
        best = int((prices.sum(axis=1) + fixed).argmin())
        there = [one for one in range(len(self.fixed_yen)) if best >> one & 1]
        options = np.column_stack((self.alone_yen, self.own_yen[:, there]))
        return np.array([-1, *there])[options.argmin(axis=1)]


@dataclass(frozen=True)
class Split:
    """Who pays what.

    Attributes:
        rule: By which rule.
        share_yen: Of each member, of what the platforms cost; a multiple of the unit.
        pay_yen: Of each member, its own cost included.
        remainder_yen: What is left unpaid: by rounding, and by rules that go by savings if the platforms cost more than
            they save. It is nobody's until it is said who pays it.

    Shape:
        ``(members,)`` each.
    """

    rule: Rule
    share_yen: NDArray[np.int64]
    pay_yen: NDArray[np.int64]
    remainder_yen: int


def split(
    alliance: Alliance,
    rule: Rule,
    *,
    unit_yen: int = 1,
    equal_share: float = 0.5,
    chosen: NDArray[np.int64] | None = None,
    orders: int = ORDERS,
    seed: int = 0,
) -> Split:
    """The bill, each share rounded down to a unit.

    Args:
        alliance: Who shares what.
        rule: ``equal``, ``population`` or ``mixed`` divide each platform's cost among its users, the last one a part
            equally and the rest by population. ``shapley`` asks what each member adds when members join one after the
            other in any order. ``talmud`` divides what one platform saves. ``least_core`` makes the worst-off group as
            little worse off as can be.
        unit_yen: 1,000 for shares in whole thousands, as some joint offices have it.
        equal_share: Of ``mixed``.
        chosen: Which platform each member uses, −1 for none; if it is not said, as in the cheapest choice.
        orders: For ``shapley`` with many members.
        seed: For ``shapley`` with many members.

    Raises:
        CostingError: there is no such rule, or ``talmud`` with several platforms.
    """
    chosen = alliance.chosen() if chosen is None else chosen
    uses = chosen >= 0
    own = np.where(uses, alliance.own_yen[np.arange(len(chosen)), chosen], alliance.alone_yen)
    total = int(alliance.fixed_yen[np.unique(chosen[uses])].sum())
    if rule in ("equal", "population", "mixed"):
        weights = {"equal": 1.0, "population": 0.0, "mixed": equal_share}
        exact = np.zeros(len(chosen))
        for platform in np.unique(chosen[uses]):
            users = chosen == platform
            people = alliance.population[users]
            part = weights[rule] / users.sum() + (1 - weights[rule]) * people / people.sum()
            exact[users] = alliance.fixed_yen[platform] * part
    elif rule == "shapley":
        exact = shapley(alliance, orders=orders, seed=seed) - own
    elif rule == "talmud":
        if alliance.own_yen.shape[1] != 1:
            raise CostingError("many_platforms", platforms=alliance.own_yen.shape[1])
        exact = nucleolus(alliance) - own
    elif rule == "least_core":
        exact = least_core(alliance)[0] - own
    else:
        raise CostingError("unknown_rule", rule=rule, rules=", ".join(RULES))
    # A share that is whole but for the last bit of floating point must not lose a unit.
    share = (np.floor(exact / unit_yen + 1e-9) * unit_yen).astype(np.int64)
    return Split(rule, share, own + share, total - int(share.sum()))


# Rules that go by savings


def nucleolus(alliance: Alliance) -> NDArray[np.float64]:
    """What members of one platform pay so that the largest complaint of any group is as small as can be."""
    saving = np.maximum(alliance.alone_yen - alliance.own_yen[:, 0], 0)
    estate = max(int(saving.sum()) - int(alliance.fixed_yen[0]), 0)
    return alliance.alone_yen - talmud(saving, estate)


def talmud(claims: NDArray[np.int64] | NDArray[np.float64], estate: float) -> NDArray[np.float64]:
    """Divides an estate among claims as in the Talmud: half the claims first, equally; then half the losses, equally.

    Shape:
        ``(claims,)``; the awards add up to the estate.
    """
    half, whole = claims / 2, float(claims.sum())
    if estate <= whole / 2:
        return _equal_awards(half, estate)
    return claims - _equal_awards(half, whole - estate)


def _equal_awards(claims: NDArray[np.float64], estate: float) -> NDArray[np.float64]:
    """Everybody gets the same, but nobody more than its claim."""
    ranked = np.sort(claims)
    left = estate - np.concatenate(([0.0], np.cumsum(ranked)[:-1]))
    level = left / np.arange(len(ranked), 0, -1)
    reached = np.flatnonzero(level <= ranked)
    return np.minimum(claims, level[reached[0]] if len(reached) else np.inf)


def shapley(alliance: Alliance, *, orders: int = ORDERS, seed: int = 0) -> NDArray[np.float64]:
    """What each member adds to the cost on average, over all orders of joining, or over many drawn ones.

    Drawn orders give a split that is stable whenever the true one must be: with one platform each order's is.
    """
    members = len(alliance.members)
    prices, fixed = alliance.prices()
    if members <= EXACT_MEMBERS:
        drawn = np.array(list(permutations(range(members))))
    else:
        chance = np.random.default_rng(seed)
        drawn = chance.permuted(np.tile(np.arange(members), (orders, 1)), axis=1)
    total = np.zeros(members)
    for first in range(0, len(drawn), 1_000):
        part = drawn[first : first + 1_000]
        cost = np.full(part.shape, np.inf)
        for own, cost_of_set in zip(prices.astype(float), fixed, strict=True):
            np.minimum(cost, np.cumsum(own[part], axis=1) + cost_of_set, out=cost)
        added = np.diff(cost, axis=1, prepend=0)
        total += np.bincount(part.ravel(), weights=added.ravel(), minlength=members)
    return total / len(drawn)


def least_core(alliance: Alliance) -> tuple[NDArray[np.float64], float]:
    """The split with the least excess, and the excess: by how much the worst-off group pays more than on its own.

    The excess is at most 0 if there is a stable split. With one platform it is the nucleolus, which is in the least
    core. With several, groups are added as they complain; the worst one is found by trying each set of platforms.

    Raises:
        CostingError: there is one member only.
    """
    members = len(alliance.members)
    if members < 2:
        raise CostingError("core_of_one")
    if alliance.own_yen.shape[1] == 1:
        pay = nucleolus(alliance)
        return pay, worst_group(alliance, pay, proper=True)[1]
    whole = alliance.cost_yen()
    groups = list(np.eye(members, dtype=bool))
    costs = [float(alliance.cost_yen(group)) for group in groups]
    scale = max(whole, 1)
    while True:
        rows = np.column_stack((np.array(groups, float), -np.ones(len(groups))))
        found = linprog(
            np.append(np.zeros(members), 1.0),
            A_ub=rows,
            b_ub=np.array(costs) / scale,
            A_eq=np.append(np.ones(members), 0.0)[None],
            b_eq=[whole / scale],
            bounds=(None, None),
        )
        pay, excess = found.x[:members] * scale, found.x[members] * scale
        group, complaint = worst_group(alliance, pay, proper=True)
        if complaint <= excess + 1e-7 * scale or any(np.array_equal(group, known) for known in groups):
            return pay, float(excess)
        groups.append(group)
        costs.append(float(alliance.cost_yen(group)))


def subsidy(alliance: Alliance) -> tuple[NDArray[np.float64], float]:
    """What members can pay without a group that would rather leave, and what is then missing.

    It is the dual of choosing platforms: nobody pays more than alone, and on no platform do members together pay more
    above their own costs than it costs. Where nothing is missing the split is stable.
    """
    members, platforms = alliance.own_yen.shape
    scale = max(alliance.cost_yen(), 1)
    pairs = members * platforms
    pair = np.arange(pairs)
    pays, above = pair // platforms, members + pair
    rows = np.concatenate((pair, pair, pairs + pair % platforms))
    columns = np.concatenate((pays, above, above))
    values = np.concatenate((np.ones(pairs), -np.ones(pairs), np.ones(pairs)))
    found = linprog(
        np.concatenate((-np.ones(members), np.zeros(pairs))),
        A_ub=coo_array((values, (rows, columns)), shape=(pairs + platforms, members + pairs)).tocsr(),
        b_ub=np.concatenate((alliance.own_yen.ravel(), alliance.fixed_yen)) / scale,
        bounds=[(None, yen / scale) for yen in alliance.alone_yen] + [(0, None)] * pairs,
    )
    pay = found.x[:members] * scale
    missing = alliance.cost_yen() - float(pay.sum())
    return pay, missing if missing > 1e-7 * scale else 0.0


# Whether anybody has a reason to leave


@dataclass(frozen=True)
class Objection:
    """Members who would pay less on their own.

    Attributes:
        code: ``member`` for one, ``group`` for several, ``everybody`` if all pay more than all have to.
        members: Who.
        pay_yen: What they pay.
        on_their_own_yen: What they would pay.
    """

    code: Literal["member", "group", "everybody"]
    members: tuple[str, ...]
    pay_yen: int
    on_their_own_yen: int

    @property
    def gain_yen(self) -> int:
        """What they gain by leaving."""
        return self.pay_yen - self.on_their_own_yen


def objections(alliance: Alliance, pay_yen: NDArray[np.int64]) -> tuple[Objection, ...]:
    """Who has a reason to leave: each member that has one, and the group with the most to gain. None: it is stable."""
    prices, fixed = alliance.prices()
    alone = (prices + fixed[:, None]).min(axis=0)
    found = [
        Objection("member", (alliance.members[one],), int(pay_yen[one]), int(alone[one]))
        for one in np.flatnonzero(pay_yen > alone)
    ]
    group, gain = worst_group(alliance, pay_yen)
    if gain > 0 and group.sum() > 1:
        code: Literal["group", "everybody"] = "everybody" if group.all() else "group"
        members = tuple(name for name, inside in zip(alliance.members, group, strict=True) if inside)
        found.append(Objection(code, members, int(pay_yen[group].sum()), alliance.cost_yen(group)))
    return tuple(found)


def worst_group(
    alliance: Alliance, pay_yen: NDArray[np.number], *, proper: bool = False
) -> tuple[NDArray[np.bool_], float]:
    """The group that gains most by leaving, and its gain; below 0 for a loss.

    Given the platforms that a group would have, it wants everybody in it who pays more now than its own cost there.

    Args:
        alliance: Who shares what.
        pay_yen: What each pays now.
        proper: Whether the group of all members is left out.
    """
    prices, fixed = alliance.prices()
    best, worst = None, -np.inf
    for own, cost in zip(prices, fixed, strict=True):
        gain = pay_yen - own
        group = gain > 0
        if not group.any():
            group[gain.argmax()] = True
        if proper and group.all():
            group[gain.argmin()] = False
        value = float(gain[group].sum() - cost)
        if value > worst:
            best, worst = group, value
    assert best is not None  # there is at least the empty set of platforms
    return best, worst
