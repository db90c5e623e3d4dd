"""What becomes of promises when something goes wrong; what is kept of plans; who is refused how often."""

import datetime as dt
from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction

from yui.engines.dispatch.public import DispatchError, Fault
from yui.kernel.access.public import Actor, ActorKind, PermissionRefused, acting_as
from yui.supply.actions import answering
from yui.supply.market import keeping, state
from yui.supply.models import Board, Offer, Plan
from yui.supply.public import (
    FEWEST,
    OTHERS,
    DemandState,
    accept_offer,
    ask,
    cancel_demand,
    get_demand,
    list_changes,
    open_board,
    plan_of,
    refusals,
    withdraw_shift,
)
from yui.supply.tests.test_supply import BOARD, NOON, promised, report, ride, shift

pytestmark = pytest.mark.usefixtures("body", "staff")


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def board() -> str:
    open_board(code=BOARD, kilometres_per_hour=15, detour=1.0)
    return BOARD


def forget() -> None:
    """As a process that knows nothing yet."""
    state._kept.markets.clear()


def test_whoever_waits_for_a_late_car_is_told_at_once(board: str, noon: time_machine.Traveller) -> None:
    car = shift("one")
    first, second = promised(ride("a", 1, 2)), promised(ride("b", 3, 5, wait=12))
    assert second.changes == ()
    noon.move_to(first.planned[0] + dt.timedelta(minutes=14))
    report(first, 0, car)
    now = get_demand(second.public_id)
    (change,) = now.changes
    assert change.because == "late"
    assert change.times == now.told
    assert now.told[0] > second.told[0]
    assert now.promised == second.promised
    # As little later as may be: half a minute to get on, on to the next stop, out, and on to the one after.
    assert now.planned[0] - dt.datetime.now(dt.UTC) < dt.timedelta(minutes=6)
    # Who is on board comes later as well.
    told = {demand for demand, _change in list_changes(board, since=NOON)}
    assert told == {first.public_id, second.public_id}


def test_a_lost_car_is_shown_and_whom_it_carried_is_told_why(board: str) -> None:
    first, _second = shift("one"), shift("two", 11)
    view = promised(ride("a", 1, 5, wait=5))
    assert view.shift == first
    withdraw_shift(shift=first, because="breakdown")
    (change,) = get_demand(view.public_id).changes
    assert (change.because, change.told_at) == ("breakdown", NOON)
    assert change.times[0] > view.promised[0] + dt.timedelta(minutes=10)
    plan = plan_of(board)
    assert plan is not None
    assert {route.name: (route.withdrawn_at, route.because) for route in plan.routes} == {
        "one": (NOON, "breakdown"),
        "two": (None, ""),
    }


@pytest.mark.parametrize("minutes", [10, 30, 90])
@pytest.mark.parametrize("fetched", [False, True])
def test_a_car_that_was_late_already_may_break_down(
    board: str, noon: time_machine.Traveller, *, fetched: bool, minutes: int
) -> None:
    first, _second = shift("one"), shift("two", 11)
    rides = [promised(ride(str(n), 1, 5, wait=30)) for n in range(3)]
    assert {view.shift for view in rides} == {first}
    noon.move_to(rides[0].planned[0])
    if fetched:
        report(rides[0], 0, first)
    # Nothing was heard of the car since, and some promises are past.
    noon.shift(dt.timedelta(minutes=minutes))
    withdraw_shift(shift=first, because="breakdown")
    for view in rides:
        now = get_demand(view.public_id)
        assert now.state in (DemandState.PROMISED, DemandState.UNDER_WAY, DemandState.FAILED)
        assert [change.because for change in now.changes][-1:] == ["breakdown"]


def test_an_offer_of_a_lost_car_lapses_unless_another_keeps_it(board: str) -> None:
    only = shift("one")
    answer = ask(board=board, demand=ride("a", 1, 5), price_yen=0)
    plan = plan_of(board)
    assert plan is not None
    assert [stop.offered for stop in plan.routes[0].stops] == [True, True]
    withdraw_shift(shift=only, because="breakdown")
    assert get_demand(answer.demand).state is DemandState.OPEN
    assert list_changes(board, since=NOON) == []


def test_every_process_sees_the_same_plan(board: str) -> None:
    shift("one"), shift("two", 6)
    views = [promised(ride(str(n), 1 + n, 8, after=3 * n, wait=40)) for n in range(4)]
    known = state.market_of(Board.objects.get())
    forget()
    fresh = state.market_of(Board.objects.get())
    assert fresh.routes == known.routes
    assert fresh.carried == known.carried
    # And one that knew an older plan reads only what changed.
    cancel_demand(demand=views[0].public_id)
    newest = state.market_of(Board.objects.get())
    state.remember(fresh)
    brought_up = state.market_of(Board.objects.get())
    assert (brought_up.routes, brought_up.carried) == (newest.routes, newest.carried)


def test_what_was_rolled_back_is_not_remembered(board: str) -> None:
    shift("one")
    kept = promised(ride("a", 1, 5))

    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        promised(ride("b", 2, 6))
        raise Undone
    other = promised(ride("c", 3, 7, wait=60))
    plan = plan_of(board)
    assert plan is not None
    assert {stop.demand for route in plan.routes for stop in route.stops} == {
        kept.public_id,
        other.public_id,
    }


def test_a_plan_is_kept_as_what_changed_and_now_and_then_whole(
    board: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_WHOLE", 4)
    shift("one"), shift("two", 6)
    for n in range(3):
        promised(ride(str(n), 1 + n, 8, after=3 * n, wait=40))
    known = state.market_of(Board.objects.get()).routes
    assert [plan.whole for plan in Plan.objects.order_by("version")] == [
        False,
        False,
        False,
        True,
        False,
        False,
    ]
    forget()
    assert state.market_of(Board.objects.get()).routes == known


def test_no_plan_gets_past_the_check(board: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shift("one")
    monkeypatch.setattr(keeping, "check", lambda plan: [Fault("window", "one")])
    with pytest.raises(DispatchError), transaction.atomic():
        ask(board=board, demand=ride("a", 1, 5), price_yen=0)
    assert (Plan.objects.count(), Offer.objects.count()) == (0, 0)


def test_others_are_moved_within_what_they_were_told_before_somebody_is_refused(
    board: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The search ends as soon as there is room.
    monkeypatch.setattr(answering, "_ROOM_SECONDS", 20)
    shift("one", 0, seats=1), shift("two", 10, seats=1)
    # The nearer car has taken whom the other one could take as well, just in time.
    first = ask(board=board, demand=ride("a", 4, 5, after=11, wait=2), price_yen=0)
    assert accept_offer(offer=first.offers[0].public_id).shift == first.offers[0].shift
    answer = ask(board=board, demand=ride("b", 1, 0, wait=4), price_yen=0)
    assert [offer.shift_name for offer in answer.offers] == ["one"]
    moved = get_demand(first.demand)
    assert moved.shift != first.offers[0].shift
    assert moved.changes == ()
    assert moved.promised[0] <= moved.planned[0] <= moved.promised[0] + dt.timedelta(minutes=2)


def test_how_often_whom_is_refused(board: str) -> None:
    shift("one")
    for n in range(FEWEST):
        ask(board=board, demand=ride(f"far{n}", 11, 0, wait=1), price_yen=0)
    few = ride("chair", 1, 2)
    chair = type(few)(**{**vars(few), "load": {"seats": 1, "wheelchairs": 1}})
    ask(board=board, demand=chair, price_yen=0)
    day = dt.timedelta(days=1)
    told = {one.group: one for one in refusals(board, from_at=NOON - day, until_at=NOON + day)}
    assert (told[OTHERS].asked, told[OTHERS].refused, told[OTHERS].percent) == (FEWEST, FEWEST, 100.0)
    # One wheelchair alone would tell whose it is.
    assert (told["wheelchairs"].asked, told["wheelchairs"].percent) == (None, None)
    assert refusals(board, from_at=NOON + day, until_at=NOON + 2 * day) == []
    nobody = Actor(ActorKind.RESIDENT, "r", "", frozenset(), subject=uuid4())
    with acting_as(nobody), pytest.raises(PermissionRefused):
        refusals(board, from_at=NOON, until_at=NOON + day)
