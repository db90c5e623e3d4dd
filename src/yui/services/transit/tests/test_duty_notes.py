"""What a phone tells late: in its order, at the time it happened, once, and never lost."""

import datetime as dt
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import time_machine

from yui.kernel.access.public import Actor, ActorKind, PermissionRefused, acting_as
from yui.services.transit.booking import End, Wanted, cancel_ride, get_ride, request_ride
from yui.services.transit.contracts import Category, Definition, DutyAct, Means, TransitRefused
from yui.services.transit.driving import (
    Tap,
    get_duty,
    is_over,
    note_tap,
    on_board,
    on_break_since,
    troubles_of,
)
from yui.services.transit.fleet import record_roll_call
from yui.services.transit.models import Duty, DutyNote
from yui.services.transit.rules import Rider
from yui.services.transit.tests.conftest import NOON, VILLAGE, a_car
from yui.supply.models import Settlement, StepDone
from yui.supply.public import DemandState, accept_offer, withdraw_shift

Clock = time_machine.Traveller
BOARDED, ALIGHTED, NO_SHOW = DutyAct.BOARDED, DutyAct.ALIGHTED, DutyAct.NO_SHOW


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


@pytest.fixture
def duty(village: Definition) -> Duty:
    """A duty on the road."""
    public_id = a_car()
    record_roll_call(duty=public_id, alcohol_mg_per_l=0, well=True)
    return get_duty(public_id)


def ride(rider: UUID | None = None, **change: object) -> UUID:
    wanted = Wanted(
        key=str(uuid4()),
        service=VILLAGE.code,
        rider=rider or uuid4(),
        origin=End(stop="1"),
        destination=End(stop="2"),
        riders=(Rider(frozenset({Category.ADULT})),),
    )
    answer = request_ride(replace(wanted, **change))
    accept_offer(offer=answer.offers[0].public_id)
    return answer.demand


def tap(
    duty: Duty, act: DutyAct, demand: UUID | None = None, step: int | None = None, **more: object
) -> DutyNote:
    steps = {BOARDED: 0, NO_SHOW: 0, ALIGHTED: 1}
    place = step if step is not None else steps.get(act)
    return note_tap(duty, Tap(str(more.pop("key", uuid4())), act, demand, place, **more))


def test_an_hour_without_a_line_is_told_as_it_happened(duty: Duty, noon: Clock) -> None:
    demand = ride()
    noon.shift(minutes(60))
    boarded = tap(duty, BOARDED, demand, ago=minutes(50))
    alighted = tap(duty, ALIGHTED, demand, ago=minutes(40), told_yen=400)
    assert (boarded.at, alighted.at) == (NOON + minutes(10), NOON + minutes(20))
    assert list(StepDone.objects.order_by("step").values_list("at", flat=True)) == [boarded.at, alighted.at]
    assert alighted.due_yen == 400
    assert alighted.recorded_at == NOON + minutes(60)
    assert troubles_of(duty) == []


def test_a_lying_clock_moves_nothing_out_of_its_bounds(duty: Duty, noon: Clock) -> None:
    first, second = ride(), ride()
    noon.shift(minutes(30))
    # Before the duty, then before what was noted before it, then in the future.
    early = tap(duty, BOARDED, first, ago=dt.timedelta(days=400))
    assert early.at == duty.from_at
    late = tap(duty, BOARDED, second, ago=minutes(10))
    assert late.at == NOON + minutes(20)
    back = tap(duty, ALIGHTED, first, ago=minutes(25))
    assert back.at > late.at
    ahead = tap(duty, ALIGHTED, second, ago=minutes(-600))
    assert ahead.at == NOON + minutes(30)


def test_what_is_sent_again_changes_nothing(duty: Duty, noon: Clock) -> None:
    demand = ride()
    for _again in range(3):
        tap(duty, BOARDED, demand, key="one")
        tap(duty, BOARDED, demand)
        noon.shift(minutes(1))
    for _again in range(3):
        note = tap(duty, ALIGHTED, demand, key="two", means=Means.TICKET)
        assert note.due_yen == 400
    assert DutyNote.objects.count() == 2
    assert Settlement.objects.get().amount_yen == 400
    assert troubles_of(duty) == []


def test_another_way_of_paying_is_kept_for_the_office(duty: Duty) -> None:
    demand = ride()
    tap(duty, BOARDED, demand)
    tap(duty, ALIGHTED, demand)
    assert tap(duty, ALIGHTED, demand, means=Means.TICKET).refused == "noted_otherwise"
    assert Settlement.objects.get().means == "cash"


def test_what_was_cancelled_meanwhile_is_kept_and_said(duty: Duty, noon: Clock) -> None:
    gone, stays = ride(), ride()
    cancel_ride(demand=gone)
    noon.shift(minutes(40))
    notes = [
        tap(duty, BOARDED, gone, ago=minutes(30), key="gone"),
        tap(duty, BOARDED, stays, ago=minutes(29)),
        tap(duty, ALIGHTED, gone, ago=minutes(20), told_yen=400),
        tap(duty, ALIGHTED, stays, ago=minutes(19)),
    ]
    assert [note.refused for note in notes] == ["cancelled", "", "cancelled", ""]
    assert tap(duty, BOARDED, gone, key="gone").pk == notes[0].pk
    assert get_ride(gone).demand.state is DemandState.CANCELLED
    assert get_ride(stays).demand.state is DemandState.DONE
    assert [note.pk for note in troubles_of(duty)] == [notes[0].pk, notes[2].pk]


def test_a_ride_that_another_car_was_given_is_kept_and_said(duty: Duty, noon: Clock) -> None:
    demand = ride()
    other = get_duty(a_car("2号車"))
    record_roll_call(duty=other.public_id, alcohol_mg_per_l=0, well=True)
    withdraw_shift(shift=duty.shift, because="breakdown")
    assert tap(duty, BOARDED, demand).refused == "other_car"
    assert tap(other, BOARDED, demand).refused == ""
    # The first car's phone comes back last.
    assert tap(duty, BOARDED, demand).refused != ""
    assert tap(other, ALIGHTED, demand).due_yen == 400


def test_steps_out_of_order_and_no_roll_call_do_not_count(duty: Duty) -> None:
    demand = ride()
    assert tap(duty, ALIGHTED, demand).refused == "step_order"
    record_roll_call(duty=duty.public_id, alcohol_mg_per_l=0.15, well=True)
    assert tap(duty, BOARDED, demand).refused == "no_roll_call"
    record_roll_call(duty=duty.public_id, alcohol_mg_per_l=0, well=True)
    assert tap(duty, NO_SHOW, demand).refused == ""
    assert tap(duty, BOARDED, demand).refused == "noted_otherwise"
    assert get_ride(demand).demand.state is DemandState.NO_SHOW
    with pytest.raises(TransitRefused):
        tap(duty, BOARDED, uuid4())


def test_who_shares_the_car_is_known_from_the_notes(duty: Duty, noon: Clock) -> None:
    first, second, third = ride(), ride(), ride()
    tap(duty, BOARDED, first)
    assert on_board(duty) == {first: False}
    noon.shift(minutes(1))
    tap(duty, BOARDED, second)
    assert on_board(duty) == {first: True, second: True}
    noon.shift(minutes(10))
    assert tap(duty, ALIGHTED, first, told_yen=400).due_yen == 200
    assert [note.demand for note in troubles_of(duty)] == [first]
    noon.shift(minutes(1))
    assert tap(duty, ALIGHTED, second, told_yen=200).due_yen == 200
    noon.shift(minutes(1))
    tap(duty, BOARDED, third)
    assert on_board(duty) == {third: False}
    noon.shift(minutes(10))
    assert tap(duty, ALIGHTED, third).due_yen == 400


def test_breaks_begin_and_end_once(duty: Duty, noon: Clock) -> None:
    assert on_break_since(duty) is None
    begun = tap(duty, DutyAct.BREAK_BEGUN)
    noon.shift(minutes(5))
    assert tap(duty, DutyAct.BREAK_BEGUN).pk == begun.pk
    assert on_break_since(duty) == begun.at
    tap(duty, DutyAct.BREAK_ENDED)
    assert on_break_since(duty) is None
    assert not is_over(duty)
    record_roll_call(duty=duty.public_id, alcohol_mg_per_l=0, well=True, after=True)
    assert is_over(duty)


def test_only_its_driver_and_the_board_open_a_duty(duty: Duty) -> None:
    stranger = Actor(ActorKind.STAFF, str(uuid4()), "", frozenset({"supply.step.report"}))
    with acting_as(stranger), pytest.raises(PermissionRefused):
        get_duty(duty.public_id)
    with acting_as(Actor(ActorKind.STAFF, str(uuid4()))), pytest.raises(PermissionRefused):
        tap(duty, DutyAct.BREAK_BEGUN)
