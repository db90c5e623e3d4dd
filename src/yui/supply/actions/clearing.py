"""Places that an engine has matched: rooms, shifts, seats in a class. Who stays where becomes a promise."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import EntryDraft, record_many
from yui.kernel.text.public import Message, gettext_noop
from yui.supply import models
from yui.supply.actions.answering import ANSWER, demand_of, locked_board
from yui.supply.contracts import (
    DemandInput,
    DemandState,
    DemandView,
    PlanCause,
    Reason,
    StepKind,
    SupplyRefused,
)
from yui.supply.market.keeping import keep, made
from yui.supply.market.state import Carried, Market, Route, Turn, carried_of, market_of
from yui.supply.queries import demand_views
from yui.supply.stored import reasons_out, seconds_of


@transaction.atomic
def clear_board(
    *,
    board: str,
    demands: Sequence[DemandInput],
    places: Mapping[str, UUID],
    reasons: Mapping[str, Reason],
    price_yen: int = 0,
) -> list[DemandView]:
    """Record who takes which place for the whole span of their one step, and why others take none.

    A demand whose key is known already stays as it is.

    Args:
        demands: each of one step, a stay.
        places: by the key of a demand, the shift that it stays in.
        reasons: by key, why it stays in none.

    Returns:
        The demands, in their order.

    Raises:
        SupplyRefused: a demand is none, has neither a place nor a reason, or does not fit where it is to stay. Then
            nothing is recorded.
    """
    require(ANSWER)
    row = locked_board(board)
    market = market_of(row)
    known = {
        one.key: one for one in models.Demand.objects.filter(board=row, key__in=[one.key for one in demands])
    }
    new = {one.key: demand_of(row, one) for one in demands if one.key not in known}
    for one in demands:
        if [step.kind for step in one.steps] != [StepKind.STAY] or (one.key in places) == (
            one.key in reasons
        ):
            told = gettext_noop("A stay is one step, with either a place or the reason why there is none.")
            raise SupplyRefused(Message("stay", told))
        if one.key in reasons and one.key in new:
            new[one.key].state = DemandState.REFUSED.value
            new[one.key].reasons = reasons_out([reasons[one.key]])
    # All are open first, as every demand was, before its offer is promised.
    models.Demand.objects.bulk_create(new.values())
    carried, routes = _promised(
        market, {key: one for key, one in new.items() if key in places}, places, price_yen
    )
    _check(market, carried, routes)
    said = [
        EntryDraft("supply.demand.registered", one.person, "demand", str(one.public_id))
        for one in new.values()
    ]
    if routes:
        said.append(made(keep(market, routes, PlanCause.CLEARED, carried), PlanCause.CLEARED))
    record_many(said)
    return demand_views([(known | new)[one.key] for one in demands])


def _promised(
    market: Market, demands: Mapping[str, models.Demand], places: Mapping[str, UUID], price_yen: int
) -> tuple[dict[str, Carried], dict[str, Route]]:
    """Offers that are accepted as they are made, and the routes with them."""
    now = timezone.now()
    offers = []
    for key, demand in demands.items():
        turn = market.shifts.get(str(places[key]))
        if turn is None or turn.withdrawn:
            raise SupplyRefused(Message("no_shift", gettext_noop("There is no such shift.")))
        begins = seconds_of(demand.earliest_at)
        offers.append(
            models.Offer(
                demand=demand,
                shift_id=turn.row,
                times=[begins],
                price_yen=price_yen,
                made_at=now,
                expires_at=now,
            )
        )
    models.Offer.objects.bulk_create(offers)
    models.Assignment.objects.bulk_create(
        models.Assignment(
            demand=one.demand, offer=one, accepted_at=now, accepted_by=current_actor().public_id
        )
        for one in offers
    )
    carried: dict[str, Carried] = {}
    routes: dict[str, Route] = {}
    for key, offer in zip(demands, offers, strict=True):
        name = str(places[key])
        offer.demand.state = DemandState.PROMISED.value
        offer.demand.save(update_fields=["state"])
        one = carried_of(market.board, offer, accepted=True)
        carried[one.offer] = one
        routes[name] = [*routes.get(name, market.routes.get(name, [])), [one.offer, 0, one.times[0]]]
    return carried, routes


def _check(market: Market, carried: Mapping[str, Carried], routes: Mapping[str, Route]) -> None:
    """Let only stays pass that lie within their shift, find there what they need, and have room at every instant.

    Raises:
        SupplyRefused: one does not.
    """
    known = {**market.carried, **carried}
    for name, route in routes.items():
        turn = market.shifts[name]
        stays = [known[stop[0]] for stop in route if stop[0] in known and known[stop[0]].state in _COUNT]
        for one in stays:
            begins, ends = _span(one)
            outside = begins < turn.from_at or ends > turn.until_at
            if outside or not one.needs <= turn.skills or not _has_room(turn, stays, begins):
                told = gettext_noop("Somebody does not fit where they are to stay: %(shift)s.")
                raise SupplyRefused(Message("does_not_fit", told, {"shift": turn.name}))


_COUNT = (DemandState.OPEN, DemandState.PROMISED, DemandState.UNDER_WAY)


def _span(one: Carried) -> tuple[int, int]:
    return seconds_of(one.steps[0].from_at), seconds_of(one.steps[0].until_at)


def _has_room(turn: Turn, stays: Sequence[Carried], at: int) -> bool:
    """Whether all who stay at an instant have room; it can only lack when somebody comes."""
    taken: dict[str, int] = {}
    for one in stays:
        begins, ends = _span(one)
        if begins <= at < ends:
            for kind, units in one.load.items():
                taken[kind] = taken.get(kind, 0) + units
    return all(units <= turn.capacity.get(kind, 0) for kind, units in taken.items())
