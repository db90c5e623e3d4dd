"""How routes become the plan in force: checked by plain code, kept as what changed, journalled."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from yui.engines.dispatch.public import DispatchError, Plan, check
from yui.kernel.access.public import current_actor
from yui.kernel.journal.public import EntryDraft
from yui.supply import models
from yui.supply.contracts import PlanCause
from yui.supply.market.state import Carried, Market, Route, is_done, remember

_WHOLE = 256
"""Plans of which only what changed is kept, before one is kept whole again."""


def changed_routes(market: Market, routes: Mapping[str, Route]) -> dict[str, Route]:
    """Those of some routes that differ from the plan in force."""
    return {name: route for name, route in routes.items() if route != market.routes.get(name, [])}


def check_plan(
    market: Market, now: int, routes: Mapping[str, Route], plans: Iterable[Plan], gone: Iterable[str] = ()
) -> None:
    """Let only a plan pass that keeps every limit, in which whoever held a place still does, once.

    Args:
        routes: that are to change.
        plans: of the engine, which they come from.
        gone: offers that need no place any more.

    Raises:
        DispatchError: it breaks a limit.
    """
    for plan in plans:
        if faults := check(plan):
            raise DispatchError(
                "route", f"The plan breaks {len(faults)} limits, the first: {faults[0].limit}."
            )
    before = _places(market, now, {name: market.routes.get(name, []) for name in routes})
    after = _places(market, now, routes)
    lost = before.keys() - after.keys() - set(gone)
    if lost or any(len(steps) != len(set(steps)) for steps in after.values()):
        raise DispatchError(
            "route", f"{len(lost)} of those who had a place have none any more, or one has two."
        )


def _places(market: Market, now: int, routes: Mapping[str, Route]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for route in routes.values():
        for stop in route:
            one = market.carried.get(stop[0])
            if stop[0] and not is_done(stop) and (one is None or one.holds(now)):
                found.setdefault(stop[0], []).append(stop[1])
    return found


def keep(
    market: Market,
    routes: Mapping[str, Route],
    cause: PlanCause,
    carried: Mapping[str, Carried] | None = None,
) -> Market:
    """Make some routes, and all others as they are, the plan in force of a locked board.

    Args:
        routes: those that differ, and those of whoever stands differently to them now.
        carried: who does.
    """
    board = market.board
    version = board.plan_version + 1
    whole = version - board.whole_version >= _WHOLE
    every = {**market.routes, **routes}
    row = models.Plan.objects.create(
        board=board,
        version=version,
        made_by=current_actor().public_id,
        cause=cause.value,
        routes=every if whole else dict(routes),
        whole=whole,
    )
    board.plan_version, board.plan_row = version, row.pk
    board.whole_version = version if whole else board.whole_version
    board.save(update_fields=["plan_version", "plan_row", "whole_version", "set_up"])
    return remember(
        replace(
            market,
            version=version,
            plan_row=row.pk,
            set_up=board.set_up,
            routes=every,
            carried={**market.carried, **(carried or {})},
        ).tidied()
    )


def made(market: Market, cause: PlanCause) -> EntryDraft:
    """What the journal says of a plan that was made."""
    return EntryDraft(
        "supply.plan.made",
        None,
        "board",
        market.board.code,
        details={"version": market.version, "cause": cause.value},
    )
