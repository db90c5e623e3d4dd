"""Whether a plan is one: it reads the plan by itself and shares no code with those who make plans."""

from dataclasses import dataclass

import numpy as np

from yui.engines.costing.capacity import Limits
from yui.engines.costing.problem import FIRST_VENDOR, INDIVIDUAL, JOINT, NOT_OFFERED, Commons, Plan


@dataclass(frozen=True)
class Fault:
    """What is wrong with a plan.

    Attributes:
        code: ``not_offered``, ``not_there``, ``too_few_vendors``, ``too_many_moves``, ``too_many_contracts``,
            ``too_many_national``, ``wrong_cost`` or ``wrong_bound``.
        where: The system, body or vendor.
    """

    code: str
    where: str


def check(commons: Commons, plan: Plan, limits: Limits | None = None) -> tuple[Fault, ...]:
    """What is wrong with a plan; nothing, for one of ours."""
    limits = limits or Limits()
    faults = []
    cost = 0
    for s, system in enumerate(commons.systems):
        for b, body in enumerate(commons.bodies):
            option = int(plan.option[s, b])
            price = int(commons.yearly_yen[s, option, b])
            cost += price
            if price >= NOT_OFFERED:
                faults.append(Fault("not_offered", f"{system} {body}"))
            there = True
            if option == JOINT:
                there = bool(plan.joint[s, commons.prefecture[b]])
            elif option == commons.national:
                there = bool(plan.national[s])
            elif option >= FIRST_VENDOR:
                there = bool(plan.vendor[s, option - FIRST_VENDOR])
            if not there:
                faults.append(Fault("not_there", f"{system} {body}"))
        if 0 < plan.vendor[s].sum() < commons.least_vendors:
            faults.append(Fault("too_few_vendors", system))
        cost += int(commons.national_yen[s]) * bool(plan.national[s])
        cost += sum(int(yen) for yen, there in zip(commons.joint_yen[s], plan.joint[s], strict=True) if there)
        cost += sum(
            int(yen) for yen, there in zip(commons.vendor_yen[s], plan.vendor[s], strict=True) if there
        )
    if limits.moves is not None:
        for b, body in enumerate(commons.bodies):
            if np.count_nonzero(plan.option[:, b] != INDIVIDUAL) > limits.moves[b]:
                faults.append(Fault("too_many_moves", body))
    if limits.contracts is not None:
        for v, vendor in enumerate(commons.vendors):
            if np.count_nonzero(plan.option == FIRST_VENDOR + v) > limits.contracts[v]:
                faults.append(Fault("too_many_contracts", vendor))
    if limits.national is not None and np.count_nonzero(plan.national) > limits.national:
        faults.append(Fault("too_many_national", "nation"))
    if cost != plan.cost_yen:
        faults.append(Fault("wrong_cost", str(cost)))
    if plan.bound_yen > plan.cost_yen:
        faults.append(Fault("wrong_bound", str(plan.bound_yen)))
    return tuple(faults)
