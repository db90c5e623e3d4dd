"""One model for what is not a ride: a carer's visits, parcels, rooms and shifts; all through the public door."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from uuid import UUID

import pytest
import time_machine

from yui.engines.placement.public import Child, City, Facility, Family, explain, place
from yui.engines.travel.public import Place
from yui.supply.public import (
    DemandInput,
    DemandState,
    Reason,
    ShiftInput,
    Step,
    StepAct,
    StepKind,
    StepReport,
    SupplyRefused,
    accept_offer,
    ask,
    cancel_demand,
    clear_board,
    get_demand,
    open_board,
    plan_of,
    register_shift,
    report_step,
    withdraw_shift,
)

pytestmark = pytest.mark.usefixtures("body", "staff")

NINE = dt.datetime(2026, 11, 25, 0, tzinfo=dt.UTC)
HOMES = [Place(35.0 + 0.009 * n, 135.0) for n in range(6)]


@pytest.fixture(autouse=True)
def nine() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


def hours(count: float) -> dt.datetime:
    return NINE + dt.timedelta(hours=count)


def shift(board: str, key: str, capacity: dict[str, int], skills: frozenset[str] = frozenset()) -> UUID:
    return register_shift(
        board=board, shift=ShiftInput(key, key, NINE, hours(8), HOMES[0], HOMES[0], capacity, skills)
    )


def test_a_carer_visits_one_home_after_another(nine: time_machine.Traveller) -> None:
    open_board(code="care", kilometres_per_hour=20, detour=1.0)
    carer = shift("care", "carer", {"visits": 1}, frozenset({"care_worker"}))
    shift("care", "helper", {"visits": 1})

    def visit(key: str, home: int, minutes: int) -> DemandInput:
        step = Step(StepKind.VISIT, HOMES[home], NINE, hours(3), 60 * minutes)
        return DemandInput(key, "visit", (step,), {"visits": 1}, needs=frozenset({"care_worker"}))

    views = [
        accept_offer(offer=ask(board="care", demand=visit(str(n), n, 40), price_yen=0).offers[0].public_id)
        for n in (1, 2, 3)
    ]
    assert {view.shift for view in views} == {carer}
    begins = sorted(get_demand(view.public_id).planned[0] for view in views)
    # Never two at a time: forty minutes there, and the way from one home to the next.
    assert all(later - earlier >= dt.timedelta(minutes=43) for earlier, later in pairwise(begins))
    (route,) = [route for route in plan_of("care").routes if route.stops]  # type: ignore[union-attr]
    assert [stop.step for stop in route.stops] == [0, 0, 0]
    first = route.stops[0]
    nine.shift(first.arrive_at - NINE)
    report = StepReport("r", first.demand, 0, StepAct.SERVED, first.arrive_at)
    assert report_step(shift=carer, report=report) is DemandState.DONE
    lost = withdraw_shift(shift=carer, because="illness")
    assert set(lost.values()) == {DemandState.FAILED}
    assert len(lost) == 2


def test_parcels_fill_a_van_by_volume() -> None:
    open_board(code="parcels", kilometres_per_hour=20, detour=1.0)
    shift("parcels", "van", {"litres": 500, "cold_litres": 50})

    def parcel(key: str, litres: int, kind: str = "litres") -> DemandInput:
        return DemandInput(
            key,
            "parcel",
            (
                Step(StepKind.PICKUP, HOMES[1], NINE, hours(0.5), 60),
                Step(StepKind.DROPOFF, HOMES[5], NINE, hours(2), 60),
            ),
            {kind: litres},
        )

    for key, litres, kind in (("a", 300, "litres"), ("b", 200, "litres"), ("c", 50, "cold_litres")):
        answer = ask(board="parcels", demand=parcel(key, litres, kind), price_yen=800)
        assert accept_offer(offer=answer.offers[0].public_id).state is DemandState.PROMISED
    refused = ask(board="parcels", demand=parcel("d", 501), price_yen=800)
    assert [reason.code for reason in refused.reasons] == ["no_room"]


def test_places_that_an_engine_matched_become_promises() -> None:
    open_board(code="nursery")
    room = shift("nursery", "sakura", {"seats": 1})
    city = City(
        (Facility("sakura", {"1": 1}),),
        tuple(
            Family(name, (Child(name, "1", ("sakura",), {"sakura": points}),))
            for name, points in (("hana", 40), ("ren", 38))
        ),
    )
    placed = place(city)
    refusals = {name: found[0] for name, found in explain(city, placed).items() if found}
    stays = [
        DemandInput(name, "seat", (Step(StepKind.STAY, HOMES[0], NINE, hours(8)),), {"seats": 1})
        for name in ("hana", "ren")
    ]
    places = {child: room for child, facility in placed.seats.items() if facility}
    reasons = {name: Reason(refusal.code, {"short": refusal.short}) for name, refusal in refusals.items()}
    for _twice in range(2):
        hana, ren = clear_board(board="nursery", demands=stays, places=places, reasons=reasons)
    assert (hana.state, hana.shift, hana.promised) == (DemandState.PROMISED, room, (NINE,))
    assert (ren.state, [reason.code for reason in ren.reasons]) == (DemandState.REFUSED, ["outranked"])
    # Another one does not fit as long as the seat is taken.
    late = DemandInput("aoi", "seat", stays[0].steps, {"seats": 1})
    with pytest.raises(SupplyRefused):
        clear_board(board="nursery", demands=[late], places={"aoi": room}, reasons={})
    cancel_demand(demand=hana.public_id)
    (aoi,) = clear_board(board="nursery", demands=[late], places={"aoi": room}, reasons={})
    assert aoi.shift == room
    assert withdraw_shift(shift=room, because="closed") == {aoi.public_id: DemandState.FAILED}
