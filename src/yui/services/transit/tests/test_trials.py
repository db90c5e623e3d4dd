"""Trials: asked for, reckoned one policy after the other by the worker, kept as counts; past rides without names."""

import datetime as dt
import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import time_machine

from yui.kernel.access.public import Actor, ActorKind, PermissionRefused, acting_as
from yui.kernel.jobs.public import drain
from yui.kernel.journal.models import Entry
from yui.services.transit.booking import End, Wanted, cancel_ride, request_ride
from yui.services.transit.contracts import Category, Definition, TransitRefused, Wish
from yui.services.transit.models import Surroundings, Trial
from yui.services.transit.rules import Rider
from yui.services.transit.simulation.demand import DayOptions, read_trace, write_trace
from yui.services.transit.simulation.policies import Comparison, comparison_in, comparison_out
from yui.services.transit.simulation.surroundings import HEADINGS, AgeGroup, UnreadableFile
from yui.services.transit.simulation.tests.days import POLICY, SPOTS
from yui.services.transit.tests.conftest import NOON, VILLAGE, a_car
from yui.services.transit.trials import (
    DemandSource,
    begin_trial,
    keep_surroundings,
    made_up_day,
    past_day,
    results_of,
)
from yui.supply.public import accept_offer

TABLE = "\n".join(
    [
        ",".join(HEADINGS),
        *(
            f"{spot.kind},{spot.name},{spot.place.latitude},{spot.place.longitude},"
            f"{','.join(map(str, spot.residents)) if any(spot.residents) else ',,,'},"
            for spot in SPOTS
        ),
    ]
)
TWO = Comparison((POLICY, replace(POLICY, name="二台", cars=(replace(POLICY.cars[0], count=2),))))


def test_a_trial_is_reckoned_policy_by_policy_and_keeps_no_rides(village: Definition) -> None:
    keep_surroundings(TABLE)
    keep_surroundings(TABLE)
    assert Surroundings.objects.count() == 1
    trips = made_up_day(DayOptions(rides=12, seed=2))
    public_id = begin_trial(
        service=VILLAGE.code, source=DemandSource.MADE_UP, trips=trips, comparison=TWO, seed=2
    )
    waiting = Trial.objects.get(public_id=public_id)
    assert read_trace(waiting.demand) == trips
    assert results_of(waiting) == ()
    drain()
    done = Trial.objects.get(public_id=public_id)
    assert done.finished_at is not None
    assert done.demand == ""
    one, two = results_of(done)
    assert (one.policy, two.policy) == ("戸口", "二台")
    assert one.all.asked == two.all.asked == 12
    assert two.service_seconds == 2 * one.service_seconds
    again = begin_trial(
        service=VILLAGE.code, source=DemandSource.MADE_UP, trips=trips, comparison=TWO, seed=2
    )
    drain()
    assert json.dumps(Trial.objects.get(public_id=again).results) == json.dumps(done.results)
    assert Entry.objects.filter(act="transit.trial.finished").count() == 2


def test_policies_go_to_plain_values_and_back() -> None:
    assert comparison_in(comparison_out(TWO)) == TWO


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ({"policies": []}, "policies"),
        ({"policies": [comparison_out(TWO)["policies"][0]] * 2}, "policies"),
        ({"speed": 1}, "comparison"),
        ({"rates": {"yen_per_km": -1}}, "numbers"),
    ],
)
def test_a_comparison_that_cannot_be_is_refused(change: dict[str, object], item: str) -> None:
    with pytest.raises(TransitRefused) as refused:
        comparison_in({**comparison_out(TWO), **change})
    assert refused.value.text.code == item


@pytest.mark.parametrize(
    ("name", "value"), [("count", 0), ("seats", 0), ("closes", "08:00:00"), ("count", 1000)]
)
def test_cars_that_cannot_be_are_refused(name: str, value: object) -> None:
    plain = comparison_out(TWO)
    plain["policies"][0]["cars"][0][name] = value
    with pytest.raises(TransitRefused) as refused:
        comparison_in(plain)
    assert refused.value.text.code == "cars"


def test_without_surroundings_there_is_no_made_up_day(village: Definition) -> None:
    with pytest.raises(TransitRefused) as refused:
        made_up_day(DayOptions(rides=5))
    assert refused.value.text.code == "no_surroundings"
    with pytest.raises(UnreadableFile, match="column"):
        keep_surroundings("nothing")


def a_ride(number: int, wish: Wish, at: dt.datetime | None, *categories: Category) -> UUID:
    answer = request_ride(
        Wanted(
            key=f"{number}",
            service=VILLAGE.code,
            rider=uuid4(),
            origin=End(stop="1"),
            destination=End(stop="2"),
            riders=(Rider(frozenset(categories or (Category.ADULT,))),),
            wish=wish,
            at=at,
        )
    )
    if answer.offers:
        accept_offer(offer=answer.offers[0].public_id)
    return answer.demand


def test_past_rides_come_back_as_numbers(village: Definition, noon: time_machine.Traveller) -> None:
    a_car()
    taken_back = a_ride(1, Wish.PICKUP_FROM, NOON + dt.timedelta(hours=2))
    a_ride(2, Wish.NOW, None, Category.SENIOR, Category.WHEELCHAIR)
    cancel_ride(demand=taken_back)
    trips = past_day(VILLAGE.code, NOON.date())
    assert [(trip.wish, trip.at // 3600, trip.age, trip.wheelchairs) for trip in trips] == [
        (Wish.NOW, 12, AgeGroup.FROM_65, 1),
        (Wish.PICKUP_FROM, 14, AgeGroup.FROM_15, 0),
    ]
    assert [trip.cancelled is None for trip in trips] == [True, False]
    assert [trip.id for trip in trips] == ["00001", "00002"]
    assert read_trace(write_trace(trips)) == trips
    with pytest.raises(TransitRefused) as refused:
        past_day(VILLAGE.code, NOON.date() - dt.timedelta(days=1))
    assert refused.value.text.code == "no_rides"


def test_who_may_not_manage_begins_no_trial(village: Definition) -> None:
    resident = Actor(ActorKind.RESIDENT, "account", subject=uuid4())
    with acting_as(resident), pytest.raises(PermissionRefused):
        begin_trial(service=VILLAGE.code, source=DemandSource.TRACE, trips=(), comparison=TWO, seed=1)
