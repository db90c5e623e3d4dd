"""What there is to choose from: bodies, systems, and what each option costs each of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MESSAGES = {
    "wrong_shape": "{what} has the shape {shape} where {expected} is needed; hand over one value for each.",
    "not_whole_yen": "{what} is {found}; hand over whole yen as int64.",
    "out_of_range": "{what} must lie between {low} and {high}, but is {value}.",
    "unordered_bodies": "Bodies must stand in the order of their prefectures, each prefecture with at least one body.",
    "nothing_offered": "{system} of {body} has no option that is offered; offer at least one of its own.",
    "must_move_too_much": "{body} must move {moves} systems and can move {limit}; raise its limit or let it keep some.",
    "must_use_vendor": "{body} is offered nothing but vendors for {system}; with vendor limits offer one more option.",
    "core_of_one": "A bill of a single member cannot be split.",
    "many_platforms": "The Talmud rule is for one platform, and there are {platforms}; take the least core.",
    "unknown_rule": "There is no rule {rule}; the rules are {rules}.",
    "nobody_to_send": "No specialist can reach any place; raise the travel limit.",
    "no_plan": "No plan was found in {seconds} s; give it more time.",
}

INDIVIDUAL, STANDARD, JOINT, FIRST_VENDOR = 0, 1, 2, 3
"""Options in their order: each vendor follows, and the national system is last."""
NOT_OFFERED = 10**13
"""The price of what cannot be had; sums of it stay within 64 bits for a whole nation."""


class CostingError(ValueError):
    """What was handed over is no problem of costs.

    Attributes:
        code: A key of :data:`MESSAGES`.
        values: What the message names.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(MESSAGES[code].format(**values))
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Commons:
    """Systems that bodies run alone or share.

    *Individual* is what a body runs today; staying with it is no move. *Standard* is an own instance of standardised
    software. A *joint* system serves one prefecture, a *vendor's* or the *national* one whoever joins.

    Attributes:
        bodies, systems, vendors: Their names.
        prefecture: Of each body, numbered from 0, in rising order.
        yearly_yen: What a body pays in a year for each option, moving and misfit included; :data:`NOT_OFFERED` where it
            cannot be had.
        joint_yen, vendor_yen, national_yen: What the shared system itself costs in a year, however many use it.
        least_vendors: If any vendor's system is used, at least so many are, so that there is competition.

    Shape:
        ``prefecture``: ``(bodies,)``; ``yearly_yen``: ``(systems, options, bodies)``; ``joint_yen``:
        ``(systems, prefectures)``; ``vendor_yen``: ``(systems, vendors)``; ``national_yen``: ``(systems,)``; all int64.
    """

    bodies: tuple[str, ...]
    systems: tuple[str, ...]
    vendors: tuple[str, ...]
    prefecture: NDArray[np.int64]
    yearly_yen: NDArray[np.int64]
    joint_yen: NDArray[np.int64]
    vendor_yen: NDArray[np.int64]
    national_yen: NDArray[np.int64]
    least_vendors: int = 1

    def __post_init__(self) -> None:
        systems, bodies, vendors = len(self.systems), len(self.bodies), len(self.vendors)
        if self.prefecture.shape != (bodies,):
            raise CostingError(
                "wrong_shape", what="prefecture", shape=self.prefecture.shape, expected=(bodies,)
            )
        steps = np.diff(self.prefecture, prepend=0)
        if self.prefecture[0] != 0 or not np.isin(steps, (0, 1)).all():
            raise CostingError("unordered_bodies")
        shapes = {
            "yearly_yen": (systems, FIRST_VENDOR + vendors + 1, bodies),
            "joint_yen": (systems, self.prefectures),
            "vendor_yen": (systems, vendors),
            "national_yen": (systems,),
        }
        for name, expected in shapes.items():
            values = getattr(self, name)
            if values.shape != expected:
                raise CostingError("wrong_shape", what=name, shape=values.shape, expected=expected)
            if values.dtype != np.int64:
                raise CostingError("not_whole_yen", what=name, found=values.dtype)
            low, high = values.min(initial=0), values.max(initial=0)
            if low < 0 or high > NOT_OFFERED:
                raise CostingError(
                    "out_of_range", what=name, low=0, high=NOT_OFFERED, value=low if low < 0 else high
                )
        own = self.yearly_yen[:, :JOINT].min(axis=1)
        if (nothing := own >= NOT_OFFERED).any():
            system, body = np.argwhere(nothing)[0]
            raise CostingError("nothing_offered", system=self.systems[system], body=self.bodies[body])

    @property
    def prefectures(self) -> int:
        """How many there are."""
        return int(self.prefecture[-1]) + 1

    @property
    def national(self) -> int:
        """The number of the national option."""
        return FIRST_VENDOR + len(self.vendors)

    @property
    def starts(self) -> NDArray[np.intp]:
        """The first body of each prefecture."""
        return np.flatnonzero(np.diff(self.prefecture, prepend=-1))

    def option_name(self, option: int) -> str:
        """What an option is called."""
        if option == self.national:
            return "national"
        names = ("individual", "standard", "joint", *(f"vendor {name}" for name in self.vendors))
        return names[option]


@dataclass(frozen=True)
class Plan:
    """Who uses what.

    Attributes:
        option: Of each system and body.
        joint, vendor, national: Which shared systems there are.
        cost_yen: Of everybody, in a year.
        bound_yen: No plan costs less.

    Shape:
        ``option``: ``(systems, bodies)``; ``joint``: ``(systems, prefectures)``; ``vendor``: ``(systems, vendors)``;
        ``national``: ``(systems,)``.
    """

    option: NDArray[np.integer]
    joint: NDArray[np.bool_]
    vendor: NDArray[np.bool_]
    national: NDArray[np.bool_]
    cost_yen: int
    bound_yen: int

    @property
    def gap(self) -> float:
        """By which share of its cost the plan could at most be cheaper."""
        return (self.cost_yen - self.bound_yen) / self.cost_yen if self.cost_yen else 0.0

    @property
    def moves(self) -> NDArray[np.int64]:
        """How many systems each body leaves."""
        return (self.option != INDIVIDUAL).sum(axis=0)

    def contracts(self, commons: Commons) -> NDArray[np.int64]:
        """How many systems of bodies each vendor runs."""
        return np.array(
            [(self.option == FIRST_VENDOR + number).sum() for number in range(len(commons.vendors))],
            np.int64,
        )


def own_yen(commons: Commons, plan: Plan) -> NDArray[np.int64]:
    """What bodies pay for what they use, without a part of what the shared systems themselves cost.

    Shape:
        ``(systems, bodies)``.
    """
    return np.take_along_axis(commons.yearly_yen, plan.option[:, None].astype(np.intp), axis=1)[:, 0]


def shared_yen(commons: Commons, plan: Plan) -> int:
    """What the shared systems themselves cost."""
    return int(
        commons.joint_yen[plan.joint].sum()
        + commons.vendor_yen[plan.vendor].sum()
        + commons.national_yen[plan.national].sum()
    )
