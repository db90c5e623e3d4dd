"""From asking to settling, and what happens when supply is lost."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import time_machine

from yui.engines.dispatch.public import rounds
from yui.engines.travel.public import Place, Road, network_of
from yui.kernel.access.public import Actor, ActorKind, PermissionRefused, acting_as
from yui.supply.models import Demand, Offer, Plan, StepDone
from yui.supply.public import (
    Answer,
    Break,
    DemandInput,
    DemandState,
    DemandView,
    OfferGone,
    ShiftInput,
    Step,
    StepAct,
    StepKind,
    StepReport,
    SupplyRefused,
    UnknownSupply,
    WrongOrder,
    accept_offer,
    ask,
    cancel_demand,
    close_road,
    get_demand,
    improve_board,
    keep_road_map,
    open_board,
    open_road,
    plan_of,
    reckon_roads,
    register_shift,
    report_step,
    settle,
    withdraw_shift,
)

pytestmark = pytest.mark.usefixtures("body", "staff")

NOON = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
BOARD = "bus"
# A street of stops 500 m apart: two minutes each at 15 km/h.
STREET = [Place(35.0 + n * 0.0045, 135.0) for n in range(12)]


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def board() -> str:
    open_board(code=BOARD, kilometres_per_hour=15, detour=1.0)
    return BOARD


def shift(
    key: str, start: int = 0, *, hours: int = 4, seats: int = 4, breaks: tuple[Break, ...] = ()
) -> UUID:
    return register_shift(
        board=BOARD,
        shift=ShiftInput(
            key=key,
            name=key,
            from_at=NOON - dt.timedelta(hours=1),
            until_at=NOON + dt.timedelta(hours=hours),
            start=STREET[start],
            end=STREET[start],
            capacity={"seats": seats, "wheelchairs": 1},
            breaks=breaks,
        ),
    )


def ride(
    key: str,
    origin: int,
    destination: int,
    *,
    after: int = 0,
    wait: int = 30,
    seats: int = 1,
    person: UUID | None = None,
) -> DemandInput:
    begins = NOON + dt.timedelta(minutes=after)
    return DemandInput(
        key=key,
        kind="ride",
        steps=(
            Step(StepKind.PICKUP, STREET[origin], begins, begins + dt.timedelta(minutes=wait), 30, "A"),
            Step(
                StepKind.DROPOFF,
                STREET[destination],
                begins,
                begins + dt.timedelta(minutes=wait + 60),
                30,
                "B",
            ),
        ),
        load={"seats": seats},
        longest=dt.timedelta(minutes=45),
        person=person,
    )


def promised(demand: DemandInput) -> DemandView:
    return accept_offer(offer=ask(board=BOARD, demand=demand, price_yen=300).offers[0].public_id)


def report(
    demand: DemandView, step: int, car: UUID, act: StepAct = StepAct.SERVED, minutes: int = 0
) -> DemandState:
    at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)
    return report_step(
        shift=car, report=StepReport(f"{demand.public_id}:{step}", demand.public_id, step, act, at)
    )


def test_asked_offered_accepted_served_settled(board: str, noon: time_machine.Traveller) -> None:
    car = shift("one")
    answer = ask(board=board, demand=ride("r", 2, 5), price_yen=300)
    (offer,) = answer.offers
    assert (offer.shift_name, offer.price_yen) == ("one", 300)
    # Four minutes to stop 2; half a minute to get on, six minutes on.
    assert [(at - NOON).total_seconds() for at in offer.times] == [
        pytest.approx(240, abs=2),
        pytest.approx(631, abs=4),
    ]
    view = accept_offer(offer=offer.public_id)
    assert (view.state, view.promised, view.shift) == (DemandState.PROMISED, offer.times, car)
    noon.shift(300)
    assert report(view, 0, car) is DemandState.UNDER_WAY
    noon.shift(400)
    assert report(view, 1, car) is DemandState.DONE
    settle(demand=view.public_id, amount_yen=300, means="cash")
    settle(demand=view.public_id, amount_yen=300, means="cash")
    with pytest.raises(SupplyRefused):
        settle(demand=view.public_id, amount_yen=400, means="cash")
    done = get_demand(view.public_id)
    assert [at is not None for at in done.served] == [True, True]
    plan = plan_of(board)
    assert plan is not None
    assert [stop.done for stop in plan.routes[0].stops] == [True, True]


def test_the_same_key_is_the_same_demand(board: str) -> None:
    shift("one")
    first, second = (ask(board=board, demand=ride("r", 2, 5), price_yen=300) for _ in range(2))
    assert first == second
    assert (Demand.objects.count(), Offer.objects.count()) == (1, 1)
    view = accept_offer(offer=first.offers[0].public_id)
    assert accept_offer(offer=first.offers[0].public_id) == view
    assert ask(board=board, demand=ride("r", 2, 5), price_yen=300) == Answer(view.public_id)


def test_offers_are_kept_free_until_they_expire(board: str, noon: time_machine.Traveller) -> None:
    shift("one", seats=1)
    first = ask(board=board, demand=ride("a", 2, 11, wait=5), price_yen=300)
    refused = ask(board=board, demand=ride("b", 1, 11, wait=5), price_yen=300)
    assert not refused.offers
    assert refused.reasons
    noon.shift(119)
    accept_offer(offer=first.offers[0].public_id)
    other = ask(board=board, demand=ride("c", 1, 2, wait=60), price_yen=300)
    noon.shift(121)
    with pytest.raises(OfferGone):
        accept_offer(offer=other.offers[0].public_id)
    # What expired is in no plan any more.
    again = ask(board=board, demand=ride("c", 1, 2, wait=60), price_yen=300)
    assert accept_offer(offer=again.offers[0].public_id).state is DemandState.PROMISED


def test_each_offer_is_of_another_car_and_one_is_taken(board: str) -> None:
    shift("one"), shift("two", 5)
    answer = ask(board=board, demand=ride("a", 4, 8), price_yen=300)
    assert {offer.shift_name for offer in answer.offers} == {"one", "two"}
    taken = accept_offer(offer=answer.offers[1].public_id)
    with pytest.raises(OfferGone):
        accept_offer(offer=answer.offers[0].public_id)
    plan = plan_of(board)
    assert plan is not None
    assert [(route.shift, len(route.stops)) for route in plan.routes if route.stops] == [(taken.shift, 2)]


def test_a_refusal_says_why_and_can_be_asked_again(board: str) -> None:
    shift("one")
    refused = ask(board=board, demand=ride("far", 11, 0, wait=5), price_yen=300)
    (reason,) = refused.reasons
    assert reason.code == "pickup_too_late"
    assert reason.values["shift"] == "one"
    assert 900 < int(str(reason.values["seconds"])) < 1100
    assert Demand.objects.get().state == "refused"
    shift("two", 10)
    assert ask(board=board, demand=ride("far", 11, 0, wait=5), price_yen=300).offers


def test_cancelling_makes_room_and_can_be_said_twice(board: str) -> None:
    shift("one", seats=1)
    view = promised(ride("a", 2, 11, wait=5))
    cancel_demand(demand=view.public_id)
    cancel_demand(demand=view.public_id)
    assert promised(ride("b", 2, 11, wait=5)).state is DemandState.PROMISED
    with pytest.raises(OfferGone):
        accept_offer(offer=Offer.objects.filter(demand__public_id=view.public_id).get().public_id)


def test_reports_in_the_wrong_order_change_nothing(board: str) -> None:
    car = shift("one")
    view = promised(ride("a", 2, 5))
    with pytest.raises(WrongOrder):
        report(view, 1, car)
    assert report(view, 0, car) is DemandState.UNDER_WAY
    # The phone sends again when it is back.
    assert report(view, 0, car) is DemandState.UNDER_WAY
    with pytest.raises(WrongOrder):
        report(view, 0, car, StepAct.NO_SHOW)
    with pytest.raises(SupplyRefused):
        cancel_demand(demand=view.public_id)
    with pytest.raises(SupplyRefused):
        settle(demand=view.public_id, amount_yen=300, means="cash")
    assert StepDone.objects.count() == 1
    with pytest.raises(UnknownSupply):
        report(view, 1, uuid4())


def test_whoever_does_not_come_is_left_and_the_car_goes_on(board: str) -> None:
    car = shift("one", seats=1)
    view = promised(ride("a", 2, 11, wait=5))
    assert report(view, 0, car, StepAct.NO_SHOW) is DemandState.NO_SHOW
    other = promised(ride("b", 3, 5, wait=15))
    plan = plan_of(board)
    assert plan is not None
    assert [stop.demand for stop in plan.routes[0].stops if not stop.done] == [other.public_id] * 2


def test_another_car_takes_over_who_waits_and_who_is_on_board(
    board: str, noon: time_machine.Traveller
) -> None:
    first, second = shift("one"), shift("two", 11)
    aboard = promised(ride("a", 1, 11))
    waiting = promised(ride("b", 3, 9))
    assert {aboard.shift, get_demand(waiting.public_id).shift} == {first}
    noon.shift(150)
    report(aboard, 0, first)
    noon.shift(60)
    moved = withdraw_shift(shift=first, because="breakdown")
    assert set(moved) == {aboard.public_id, waiting.public_id}
    assert withdraw_shift(shift=first, because="breakdown") == {}
    plan = plan_of(board)
    assert plan is not None
    (route,) = [route for route in plan.routes if route.shift == second]
    assert sorted((stop.demand, stop.step) for stop in route.stops) == sorted(
        [(aboard.public_id, -1), (aboard.public_id, 1), (waiting.public_id, 0), (waiting.public_id, 1)]
    )
    # The rider is taken over where the first car last was, and both now ride with the second.
    assert [stop.place for stop in route.stops if stop.step == -1] == [STREET[1]]
    for view in (aboard, waiting):
        now_with = get_demand(view.public_id)
        assert now_with.shift == second
        assert len(now_with.planned) == 2
        assert list(now_with.planned) == sorted(now_with.planned)
    for stop in route.stops:
        now = dt.datetime.now(dt.UTC)
        noon.shift(max((stop.arrive_at - now).total_seconds(), 0))
        view = aboard if stop.demand == aboard.public_id else waiting
        report(view, stop.step, second)
    assert {get_demand(one.public_id).state for one in (aboard, waiting)} == {DemandState.DONE}


def test_a_promise_that_nobody_can_keep_is_said_to_be_lost(board: str) -> None:
    car = shift("one")
    view = promised(ride("a", 1, 11))
    assert withdraw_shift(shift=car, because="illness") == {view.public_id: DemandState.FAILED}
    assert get_demand(view.public_id).state is DemandState.FAILED


def test_a_closed_road_makes_another_plan(board: str) -> None:
    places = dict(enumerate(STREET)) | {100: Place(35.0225, 135.03)}
    street = [Road(n, [n, n + 1], 15) for n in range(11)]
    keep_road_map(
        code="town",
        network=network_of([*street, Road(50, [4, 100, 5], 15)], places),
        source="drawn",
        licence="CC0",
    )
    open_board(code=BOARD, road_map="town", kilometres_per_hour=15, detour=1.0)
    shift("one")
    view = promised(ride("a", 2, 8))
    close_road(board=BOARD, road=4)
    moved = reckon_roads(board=BOARD)
    assert moved == {view.public_id: DemandState.PROMISED}
    later = get_demand(view.public_id)
    assert later.planned[1] > view.planned[1] + dt.timedelta(minutes=15)
    open_road(board=BOARD, road=4)
    reckon_roads(board=BOARD)
    assert get_demand(view.public_id).planned[1] == view.planned[1]


def test_improving_pools_riders_and_keeps_every_promise(board: str) -> None:
    shift("one"), shift("two", 11)
    views = [promised(ride(str(n), 1 + n % 3, 8 + n % 3, after=5 * n, wait=40)) for n in range(6)]
    before = {view.public_id: get_demand(view.public_id) for view in views}
    improve_board(board=board, progress=rounds(20))
    window = dt.timedelta(seconds=600)
    for one in before.values():
        now = get_demand(one.public_id)
        assert now.state is DemandState.PROMISED
        for told, planned in zip(one.promised, now.planned, strict=True):
            assert planned <= told + window
        assert now.planned[0] >= one.promised[0]


def test_a_better_plan_is_dropped_when_something_changed_meanwhile(board: str) -> None:
    shift("one"), shift("two", 11)
    for n in range(5):
        promised(ride(str(n), 1 + n, 8, after=3 * n, wait=40))
    asked = False

    def progress() -> float:
        nonlocal asked
        if not asked:
            asked = True
            promised(ride("meanwhile", 2, 6, wait=40))
            return 0.0
        return 1.0

    version = Plan.objects.count()
    assert not improve_board(board=board, progress=progress)
    assert Plan.objects.count() == version + 2


def test_a_break_is_taken_with_nobody_on_board(board: str) -> None:
    rest = Break(NOON + dt.timedelta(minutes=30), NOON + dt.timedelta(minutes=60), 900)
    shift("one", breaks=(rest,))
    first = promised(ride("a", 2, 5))
    second = promised(ride("b", 2, 5, after=40, wait=60))
    assert first.planned[1] < rest.from_at
    # Either before the break or after it, never in it.
    assert second.planned[0] >= rest.from_at


def test_what_cannot_be_understood(board: str) -> None:
    shift("one")
    good = ride("a", 1, 2)
    for bad in (
        DemandInput(**{**vars(good), "steps": good.steps[::-1]}),
        DemandInput(**{**vars(good), "load": {}}),
        DemandInput(**{**vars(good), "load": {"seats": -1}}),
        DemandInput(
            **{
                **vars(good),
                "steps": (
                    Step(StepKind.PICKUP, STREET[0], NOON, NOON - dt.timedelta(1)),
                    good.steps[1],
                ),
            }
        ),
    ):
        with pytest.raises(SupplyRefused):
            ask(board=board, demand=bad, price_yen=300)
    with pytest.raises(UnknownSupply):
        ask(board="nowhere", demand=good, price_yen=300)
    with pytest.raises(UnknownSupply):
        accept_offer(offer=uuid4())
    assert Demand.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"until_at": NOON - dt.timedelta(hours=2)},
        {"capacity": {}},
        {"capacity": {"seats": 0}},
        {"breaks": (Break(NOON, NOON + dt.timedelta(hours=4), 600),)},
    ],
)
def test_shifts_that_are_none(board: str, change: dict[str, object]) -> None:
    whole = ShiftInput("k", "k", NOON, NOON + dt.timedelta(hours=4), STREET[0], STREET[0], {"seats": 4})
    with pytest.raises(SupplyRefused):
        register_shift(board=board, shift=ShiftInput(**{**vars(whole), **change}))


def test_a_shift_said_twice_is_one(board: str) -> None:
    assert shift("one") == shift("one")
    with pytest.raises(SupplyRefused):
        shift("one", hours=5)


def test_somebody_elses_ride_is_not_ones_own(board: str) -> None:
    rider, other = uuid4(), uuid4()
    shift("one")
    with acting_as(Actor(ActorKind.RESIDENT, "r", "", frozenset(), subject=rider)):
        view = promised(ride("a", 2, 5, person=rider))
        assert get_demand(view.public_id) == view
    with acting_as(Actor(ActorKind.RESIDENT, "o", "", frozenset(), subject=other)):
        for forbidden in (
            lambda: get_demand(view.public_id),
            lambda: cancel_demand(demand=view.public_id),
            lambda: ask(board=board, demand=ride("b", 2, 5, person=rider), price_yen=300),
        ):
            with pytest.raises(PermissionRefused):
                forbidden()
