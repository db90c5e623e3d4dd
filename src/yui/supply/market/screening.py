"""Who could serve a demand best: looked for among all shifts at once, then worked out to the second for the best few.

The shifts are taken in groups, each with a plan of the engine that this process keeps as long as no route in it changes
and no car in it sets out or arrives. What is offered comes from the plan of that one shift as it is now.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from yui.engines.dispatch.public import DispatchError, Obstacle, Offer, Plan, Refusal, Request, quote
from yui.supply.market.reckoning import Driven, Reckoning
from yui.supply.market.state import Route

_TOGETHER = 16
_SPARE = 3
"""Shifts that are looked at beyond those wanted: by now one or another may have set out elsewhere."""
_BOARDS = 16
_OBSTACLES = tuple(Obstacle)


@dataclass(frozen=True)
class Placed:
    """An offer by a shift, with the plan of that shift alone that it was made of."""

    offer: Offer
    plan: Plan


@dataclass(frozen=True)
class _Group:
    routes: dict[str, Route | None]
    driven: dict[str, Driven]
    plan: Plan

    def holds(self, reckoning: Reckoning, name: str) -> bool:
        """Whether a shift in it is still as it was."""
        same = reckoning.market.routes.get(name) is self.routes[name]
        return same and self.driven[name].until > reckoning.now


_kept: OrderedDict[int, dict[tuple[str, ...], _Group]] = OrderedDict()


def offers_for(reckoning: Reckoning, request: Request, wanted: int) -> list[Placed] | Refusal:
    """The cheapest offers, each of another shift, the cheapest first; or why there is none.

    Raises:
        DispatchError: a route can't be driven as it is, or is late.
    """
    found = _screened(reckoning, request, wanted + _SPARE)
    if isinstance(found, Refusal):
        return found
    placed: list[Placed] = []
    for _cost, name in found:
        alone = reckoning.sound(reckoning.plan([name]))
        offers = quote(alone, request, 1)
        if not isinstance(offers, Refusal):
            placed.append(Placed(offers[0], alone))
        if len(placed) == wanted:
            break
    if placed:
        return sorted(placed, key=lambda one: one.offer.cost)
    # What was kept is too old to choose by.
    _kept.pop(reckoning.market.board.pk, None)
    again = _screened(reckoning, request, 1)
    if isinstance(again, Refusal):
        return again
    raise DispatchError("route", "A route is not as it was reckoned.")


def _screened(reckoning: Reckoning, request: Request, wanted: int) -> list[tuple[int, str]] | Refusal:
    found: list[tuple[int, str]] = []
    nearest = Refusal(Obstacle.NO_SKILL)
    for group in _groups(reckoning):
        offers = quote(group.plan, request, wanted)
        if isinstance(offers, Refusal):
            nearest = max(nearest, offers, key=lambda one: (_OBSTACLES.index(one.obstacle), -one.by))
        else:
            found += [(one.cost, one.vehicle) for one in offers]
    return sorted(found)[:wanted] or nearest


def _groups(reckoning: Reckoning) -> Sequence[_Group]:
    board = reckoning.market.board.pk
    known = _kept.get(board, {})
    groups = {}
    working = reckoning.working()
    for at in range(0, len(working), _TOGETHER):
        names = tuple(working[at : at + _TOGETHER])
        groups[names] = _group(reckoning, names, known.get(names))
    _kept[board] = groups
    _kept.move_to_end(board)
    while len(_kept) > _BOARDS:
        _kept.popitem(last=False)
    return list(groups.values())


def _group(reckoning: Reckoning, names: tuple[str, ...], known: _Group | None) -> _Group:
    """A group as it is now; only what changed in it is worked out anew.

    Raises:
        DispatchError: a route in it can't be driven any more.
    """
    if known is not None and known.plan.problem.times is not reckoning.ways.seconds:
        known = None
    kept = [name for name in names if known is not None and known.holds(reckoning, name)]
    if known is not None and len(kept) == len(names):
        return known
    driven = {
        name: known.driven[name] if known and name in kept else reckoning.driven(name) for name in names
    }
    plan = reckoning.together(list(driven.values()))
    _ = plan.state
    return _Group({name: reckoning.market.routes.get(name) for name in names}, driven, plan)
