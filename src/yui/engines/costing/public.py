"""The door of the costing engine.

Example:
    >>> import numpy as np
    >>> yen = np.array([[[90, 80], [85, 75], [40, 45], [30, 30], [60, 60]]])  # one system, two bodies
    >>> commons = Commons(
    ...     ("a", "b"), ("tax",), ("v",), np.array([0, 0]), yen, np.array([[30]]), np.array([[100]]), np.array([999])
    ... )
    >>> plan = choose(commons)
    >>> [commons.option_name(option) for option in plan.option[0]], plan.cost_yen
    (['joint', 'joint'], 115)
    >>> pay = Alliance(("a", "b"), yen[0, 1], yen[0, 2][:, None], np.array([30]), np.array([100, 900]))
    >>> split(pay, "talmud").share_yen
    array([15, 15])
    >>> [objection.members for objection in objections(pay, split(pay, "population").pay_yen)]
    []
"""

from yui.engines.costing.capacity import Limits, choose_within
from yui.engines.costing.checking import Fault, check
from yui.engines.costing.choosing import choose
from yui.engines.costing.phasing import LATE, STAYS, Capacity, Late, Phasing, phase
from yui.engines.costing.problem import (
    FIRST_VENDOR,
    INDIVIDUAL,
    JOINT,
    NOT_OFFERED,
    STANDARD,
    Commons,
    CostingError,
    Plan,
    own_yen,
    shared_yen,
)
from yui.engines.costing.rotation import Pool, Rotation, Stint, Terms, rotate
from yui.engines.costing.scenarios import Outcome, Prices, Scenario, lock_in, outcome, price
from yui.engines.costing.sharing import (
    RULES,
    Alliance,
    Objection,
    Rule,
    Split,
    least_core,
    objections,
    shapley,
    split,
    subsidy,
    talmud,
    worst_group,
)

__all__ = [
    "FIRST_VENDOR",
    "INDIVIDUAL",
    "JOINT",
    "LATE",
    "NOT_OFFERED",
    "RULES",
    "STANDARD",
    "STAYS",
    "Alliance",
    "Capacity",
    "Commons",
    "CostingError",
    "Fault",
    "Late",
    "Limits",
    "Objection",
    "Outcome",
    "Phasing",
    "Plan",
    "Pool",
    "Prices",
    "Rotation",
    "Rule",
    "Scenario",
    "Split",
    "Stint",
    "Terms",
    "check",
    "choose",
    "choose_within",
    "least_core",
    "lock_in",
    "objections",
    "outcome",
    "own_yen",
    "phase",
    "price",
    "rotate",
    "shapley",
    "shared_yen",
    "split",
    "subsidy",
    "talmud",
    "worst_group",
]
