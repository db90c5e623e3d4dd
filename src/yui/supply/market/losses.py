"""A promise that cannot be kept as it was told gives way by as little as may be, and whoever it concerns is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone

from yui.engines.dispatch.public import Plan, Request, break_down, with_times
from yui.kernel.jobs.public import publish
from yui.kernel.journal.public import EntryDraft, record_many
from yui.supply import models
from yui.supply.contracts import DemandState, PlanCause
from yui.supply.market.keeping import changed_routes, check_plan, keep, made
from yui.supply.market.reckoning import Reckoning
from yui.supply.market.state import Carried, Market, is_done
from yui.supply.stored import instant

MOVED, LOST = "supply.promise.moved", "supply.promise.lost"


@dataclass(frozen=True)
class Change:
    """What became of one offer.

    Attributes:
        times: as told from now on; empty when nobody can serve it any more.
        is_later: than told before; else only another car comes.
    """

    one: Carried
    times: tuple[int, ...]
    latest: tuple[int, ...]
    is_later: bool


def recover(
    market: Market,
    now: int,
    cause: PlanCause,
    because: str,
    *,
    withdrawn: str = "",
    touched: Collection[str] = (),
) -> tuple[Market, dict[UUID, DemandState]]:
    """A plan in which everybody is served as soon as may be, on roads as they are and without a shift that is lost.

    Args:
        because: code of the reason that is told.
        withdrawn: the shift that serves no longer, from now.
        touched: shifts to whose riders something happened; their routes are kept in any case.

    Returns:
        The market with that plan in force; and how those promises now stand that are kept otherwise, later or not.
    """
    reckoning = Reckoning(market, now, by_report=withdrawn)
    names = [name for name in reckoning.working() if name != withdrawn]
    replanned = with_times(_only_promises(market, reckoning.plan(names)), reckoning.ways.seconds)
    plan, stranded = replanned.plan, list(replanned.stranded)
    boarding: dict[str, int] = {}
    stays = [one.offer for one in market.stays(withdrawn)]
    if withdrawn and not stays:
        # The lost car may have been too late for its own promises already.
        both = _joined(plan, _only_promises(market, reckoning.plan([withdrawn])))
        driven = with_times(both, reckoning.ways.seconds)
        replanned = break_down(driven.plan, withdrawn, now, reckoning.ways.number[market.where(withdrawn)])
        plan, stranded = replanned.plan, [*stranded, *driven.stranded, *replanned.stranded]
        boarding = {offer: _boarded(market, offer) - 1 for offer in reckoning.driven(withdrawn).aboard}
    if withdrawn:
        turn = replace(market.shifts[withdrawn], withdrawn=True)
        market = replace(market, shifts={**market.shifts, withdrawn: turn})
    changes = _changes(market, reckoning, plan, boarding, [*stranded, *stays])
    planned = reckoning.routes(plan, boarding) | ({withdrawn: market.past(withdrawn)} if stays else {})
    routes = changed_routes(market, planned) | {name: planned[name] for name in touched if name in planned}
    check_plan(market, now, routes, [plan], [*stranded, *stays])
    if not routes and not changes and not withdrawn:
        return market, {}
    return _told(
        keep(market, routes, cause, {one.one.offer: _stands(one) for one in changes}), changes, cause, because
    )


def _only_promises(market: Market, plan: Plan) -> Plan:
    """A plan in which only what was accepted has to be carried; an offer that cannot be as it was made lapses."""
    requests = tuple(replace(one, kept=market.carried[one.id].accepted) for one in plan.problem.requests)
    return replace(plan, problem=replace(plan.problem, requests=requests))


def _joined(plan: Plan, other: Plan) -> Plan:
    """Two plans of different shifts as one."""
    shift = 2 * len(plan.problem.requests)
    problem = replace(
        plan.problem,
        requests=(*plan.problem.requests, *other.problem.requests),
        vehicles=(*plan.problem.vehicles, *other.problem.vehicles),
    )
    routes = tuple(tuple(stop if stop < 0 else stop + shift for stop in route) for route in other.routes)
    return Plan(problem, (*plan.routes, *routes), (*plan.locked, *other.locked), (*plan.leave, *other.leave))


def _boarded(market: Market, offer: str) -> int:
    """The step with which somebody boarded last."""
    return min(
        stop[1]
        for route in market.routes.values()
        for stop in route
        if stop[0] == offer and is_done(stop) and stop[1] < 1
    )


def _changes(
    market: Market, reckoning: Reckoning, plan: Plan, boarding: Mapping[str, int], stranded: list[str]
) -> list[Change]:
    """Whom to tell what."""
    aboard = reckoning.aboard() - boarding.keys()
    carriers = {stop[0]: name for name, route in market.routes.items() for stop in route if not is_done(stop)}
    begins: dict[str, dict[bool, int]] = {}
    found = []
    carrier = {}
    for name, visits in plan.visits().items():
        for visit in visits:
            begins.setdefault(visit.request, {})[visit.dropoff] = visit.begins
            carrier[visit.request] = name
    for request in plan.problem.requests:
        one = market.carried[request.id]
        if request.id not in begins or not one.accepted:
            continue
        times = _times(one, begins[request.id], request.id in aboard)
        latest = reckoning.later(request, aboard)
        if request.id in boarding:
            found.append(Change(one, times, _fetched_again(market, request, one, times), True))
        elif latest:
            found.append(Change(one, times, latest, True))
        elif carrier[request.id] != carriers.get(request.id):
            found.append(Change(one, one.times, one.latest, False))
    return [*found, *(Change(market.carried[offer], (), (), True) for offer in stranded)]


def _times(one: Carried, begins: Mapping[bool, int], is_aboard: bool) -> tuple[int, ...]:
    fetched = one.times[0] if is_aboard else begins[False]
    return (fetched, begins[True]) if one.last else (fetched,)


def _fetched_again(market: Market, request: Request, one: Carried, times: tuple[int, ...]) -> tuple[int, ...]:
    """By when somebody is fetched where their car stands, and brought."""
    return times[0] + market.board.window_seconds, max(request.dropoff.closes, one.latest[-1])


def _stands(change: Change) -> Carried:
    """An offer after a change of it."""
    one = change.one
    if not change.times:
        return replace(one, state=DemandState.FAILED if one.accepted else one.state, expires=0)
    longest = max(one.longest, change.times[-1] - change.times[0]) if one.longest is not None else None
    return replace(
        one, times=change.times, latest=change.latest, longest=longest if change.is_later else one.longest
    )


def _told(
    market: Market, changes: list[Change], cause: PlanCause, because: str
) -> tuple[Market, dict[UUID, DemandState]]:
    """Keep what was told anew, journal it, and let whoever listens know."""
    models.PromiseChange.objects.bulk_create(
        models.PromiseChange(
            offer_id=change.one.row,
            version=market.version,
            times=list(change.times),
            latest=list(change.latest),
            because=because,
        )
        for change in changes
        if change.is_later
    )
    lost = [change.one.demand for change in changes if not change.times and change.one.accepted]
    for row in models.Demand.objects.filter(pk__in=lost):
        row.state = DemandState.FAILED.value
        row.save(update_fields=["state"])
    promises = [change for change in changes if change.one.accepted]
    record_many([made(market, cause), *(_entry(change, market.version, because) for change in promises)])
    for change in promises:
        if change.one.person is not None:
            publish(
                MOVED if change.times else LOST,
                subject=change.one.person,
                effective_on=timezone.localdate(instant(change.one.times[0])),
                key=f"{change.one.public_id}:{market.version}",
                demand=str(change.one.public_id),
                because=because,
            )
    return market, {change.one.public_id: _stands(change).state for change in promises}


def _entry(change: Change, version: int, because: str) -> EntryDraft:
    later = max((now - was for now, was in zip(change.times, change.one.times, strict=False)), default=0)
    return EntryDraft(
        MOVED if change.times else LOST,
        change.one.person,
        "demand",
        str(change.one.public_id),
        reason=because,
        details={"plan": version, "later_seconds": max(later, 0)},
    )
