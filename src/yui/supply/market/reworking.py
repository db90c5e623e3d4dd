"""The few routes that one event touches, worked out anew."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TypeVar

from yui.engines.dispatch.public import DispatchError
from yui.supply.contracts import DemandState, PlanCause, StepKind
from yui.supply.market.keeping import check_plan, keep
from yui.supply.market.losses import recover
from yui.supply.market.reckoning import Reckoning
from yui.supply.market.state import Carried, Market, Route, is_done

T = TypeVar("T")


def because_of(market: Market, now: int) -> str:
    """Why a plan that could be driven can't be any more, as far as is known."""
    return "road_closed" if market.closed(now) else "late"


def settled(market: Market, now: int, work: Callable[[Market], T]) -> T:
    """Do what changes nothing yet on a plan that can be driven; where it can't any more, it is mended first."""
    try:
        return work(market)
    except DispatchError:
        mended, _touched = recover(market, now, PlanCause.LATE, because_of(market, now))
        return work(mended)


def carrying(market: Market, offers: Collection[str]) -> list[str]:
    """The shifts that have a stop of these offers ahead of them."""
    return [
        name
        for name, route in market.routes.items()
        if any(stop[0] in offers and not is_done(stop) for stop in route)
    ]


def rework(
    market: Market, now: int, cause: PlanCause, names: Collection[str], gone: Collection[str] = ()
) -> Market:
    """Work some routes out anew, of whose riders something became known, and make that the plan in force.

    Args:
        market: in which it is known already; the offers that it concerns are in one of these routes, or in none.
        gone: offers that have no place any more.
    """
    reckoning = Reckoning(market, now)
    going = [name for name in names if not market.shifts[name].withdrawn]
    driving = [name for name in going if not _is_stayed_in(market, name)]
    try:
        plans = [reckoning.sound(reckoning.plan([name])) for name in driving]
        routes: dict[str, Route] = {}
        for plan in plans:
            routes |= reckoning.routes(plan)
        check_plan(market, now, routes, plans, gone)
    except DispatchError:
        return recover(market, now, cause, because_of(market, now), touched=names)[0]
    standing = {name: [*market.past(name), *market.ahead(name, now)] for name in names if name not in driving}
    return keep(market, routes | standing, cause)


def with_state(market: Market, offers: Collection[Carried], state: DemandState, **change: object) -> Market:
    """A market in which a demand, by its offers, has come so far."""
    carried = {one.offer: replace(one, state=state, **change) for one in offers}  # type: ignore[arg-type]
    return replace(market, carried={**market.carried, **carried})


def _is_stayed_in(market: Market, name: str) -> bool:
    """Whether a shift is one to stay in, which goes nowhere: of whoever leaves it the others notice nothing."""
    steps = [
        market.carried[stop[0]].steps[0] for stop in market.routes.get(name, ()) if stop[0] in market.carried
    ]
    return any(step.kind is StepKind.STAY for step in steps)
