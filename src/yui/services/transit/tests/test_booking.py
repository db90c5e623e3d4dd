"""Rides from the wish to the fare; cars, drivers and what keeps them in; definitions from files."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine

from yui.engines.travel.public import Place
from yui.kernel.access.public import Actor, ActorKind, PermissionRefused, acting_as
from yui.services.transit.booking import (
    End,
    Wanted,
    accept_ride,
    cancel_ride,
    end_proxy,
    get_ride,
    list_rides_of,
    register_proxy,
    request_ride,
    settle_ride,
)
from yui.services.transit.contracts import Category, Definition, TransitRefused, Wish
from yui.services.transit.definitions import define_service, get_service, list_services_on, read_definition
from yui.services.transit.fleet import (
    DutyInput,
    record_roll_call,
    register_driver,
    register_duty,
    register_vehicle,
)
from yui.services.transit.models import Duty, Ride, RollCallRecord, ServiceVersion
from yui.services.transit.rules import JAPAN, Rider, Unfit
from yui.services.transit.tests.conftest import NOON, VILLAGE, a_car
from yui.supply.public import DemandState, StepAct, StepReport, accept_offer, report_step

GRANDMOTHER, DAUGHTER, STRANGER = (uuid4() for _ in range(3))


def wanted(key: str = "r", **change: object) -> Wanted:
    ride = Wanted(
        key=key,
        service=VILLAGE.code,
        rider=GRANDMOTHER,
        origin=End(stop="1"),
        destination=End(stop="2"),
        riders=(Rider(frozenset({Category.SENIOR})),),
    )
    return replace(ride, **change)


def resident(person: UUID) -> Actor:
    return Actor(ActorKind.RESIDENT, str(person), "", frozenset(), subject=person)


def test_a_daughter_books_and_the_ride_ends_with_a_fare(
    village: Definition, noon: time_machine.Traveller
) -> None:
    duty = a_car()
    assert record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True) == []
    with acting_as(resident(DAUGHTER)), pytest.raises(PermissionRefused):
        request_ride(wanted())
    register_proxy(rider=GRANDMOTHER, proxy=DAUGHTER)
    with acting_as(resident(DAUGHTER)):
        answer = request_ride(wanted())
        accept_offer(offer=answer.offers[0].public_id)
    with acting_as(resident(GRANDMOTHER)):
        (ride,) = list_rides_of(GRANDMOTHER)
        assert (ride.demand.state, ride.quoted_yen, ride.party) == (DemandState.PROMISED, 400, 1)
        assert get_ride(ride.demand.public_id) == ride
    shift = Duty.objects.get(public_id=duty).shift
    for step in (0, 1):
        noon.shift(600)
        report_step(
            shift=shift,
            report=StepReport(f"k{step}", answer.demand, step, StepAct.SERVED, dt.datetime.now(dt.UTC)),
        )
    assert settle_ride(demand=answer.demand, means="cash") == 400
    end_proxy(rider=GRANDMOTHER, proxy=DAUGHTER)
    with acting_as(resident(DAUGHTER)), pytest.raises(PermissionRefused):
        get_ride(answer.demand)


def test_whom_the_rider_named_sees_and_cancels_what_the_rider_booked_alone(village: Definition) -> None:
    a_car()
    register_proxy(rider=GRANDMOTHER, proxy=DAUGHTER)
    with acting_as(resident(GRANDMOTHER)):
        answer = request_ride(wanted())
    for forbidden in (
        lambda: get_ride(answer.demand),
        lambda: list_rides_of(GRANDMOTHER),
        lambda: accept_ride(demand=answer.demand, offer=answer.offers[0].public_id),
        lambda: cancel_ride(demand=answer.demand),
    ):
        with acting_as(resident(STRANGER)), pytest.raises(PermissionRefused):
            forbidden()
    with acting_as(resident(DAUGHTER)):
        accept_ride(demand=answer.demand, offer=answer.offers[0].public_id)
        assert get_ride(answer.demand).demand.state is DemandState.PROMISED
        assert [ride.rider for ride in list_rides_of(GRANDMOTHER)] == [GRANDMOTHER]
        cancel_ride(demand=answer.demand)
        assert get_ride(answer.demand).demand.state is DemandState.CANCELLED
    # A stranger's own ride is no way to somebody else's offer.
    with acting_as(resident(STRANGER)):
        own = request_ride(wanted("own", rider=STRANGER))
    with acting_as(resident(GRANDMOTHER)):
        hers = request_ride(wanted("hers"))
    with acting_as(resident(STRANGER)), pytest.raises(PermissionRefused):
        accept_ride(demand=own.demand, offer=hers.offers[0].public_id)


def test_who_shares_the_car_pays_less(village: Definition, noon: time_machine.Traveller) -> None:
    shift = Duty.objects.get(public_id=a_car()).shift
    first, second = (
        request_ride(wanted(key, rider=rider)) for key, rider in (("a", GRANDMOTHER), ("b", STRANGER))
    )
    for answer in (first, second):
        accept_offer(offer=answer.offers[0].public_id)
    for step in (0, 1):
        for answer in (first, second):
            noon.shift(300)
            report = StepReport(
                f"{answer.demand}:{step}", answer.demand, step, StepAct.SERVED, dt.datetime.now(dt.UTC)
            )
            report_step(shift=shift, report=report)
    assert [settle_ride(demand=answer.demand, means="cash") for answer in (first, second)] == [200, 200]


def test_nobody_pays_with_a_pass(village: Definition, noon: time_machine.Traveller) -> None:
    shift = Duty.objects.get(public_id=a_car()).shift
    answer = request_ride(wanted(riders=(Rider(frozenset({Category.ADULT}), has_pass=True),)))
    accept_offer(offer=answer.offers[0].public_id)
    for step in (0, 1):
        noon.shift(600)
        report_step(
            shift=shift,
            report=StepReport(f"k{step}", answer.demand, step, StepAct.SERVED, dt.datetime.now(dt.UTC)),
        )
    assert settle_ride(demand=answer.demand, means="cash") == 0


def test_a_wheelchair_takes_its_place_and_longer(village: Definition) -> None:
    a_car(wheelchairs=1)
    chair = Rider(frozenset({Category.WHEELCHAIR, Category.DISABLED}))
    # From the door: who uses a wheelchair may be met there.
    answer = request_ride(wanted(origin=End(place=Place(35.02, 135.02)), riders=(chair,)))
    offer = answer.offers[0]
    assert offer.price_yen == 200
    assert (get_ride(answer.demand).wheelchairs, get_ride(answer.demand).demand.steps[0].seconds) == (1, 150)
    accept_offer(offer=offer.public_id)
    refused = request_ride(wanted("two", riders=(chair, chair)))
    assert refused.reasons[0].code == "no_room"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"origin": End(stop="9")}, "no_stop"),
        ({"destination": End(stop="1")}, "same_place"),
        ({"riders": ()}, "party_too_large"),
        ({"riders": (Rider(),) * 5}, "party_too_large"),
        ({"riders": (Rider(),), "origin": End(place=Place(35.02, 135.02))}, "stops_only"),
        ({"wish": Wish.PICKUP_FROM}, "no_time"),
        ({"wish": Wish.PICKUP_FROM, "at": NOON + dt.timedelta(hours=7)}, "outside_hours"),
        ({"wish": Wish.PICKUP_FROM, "at": NOON + dt.timedelta(days=4)}, "closed_day"),
        ({"wish": Wish.PICKUP_FROM, "at": NOON + dt.timedelta(days=8)}, "not_yet_open"),
        ({"wish": Wish.PICKUP_FROM, "at": NOON - dt.timedelta(minutes=1)}, "too_late"),
        ({"wish": Wish.ARRIVE_BY, "at": NOON - dt.timedelta(minutes=1)}, "too_late"),
        ({"service": "nothing"}, "no_service"),
    ],
)
def test_rides_that_cannot_be_booked(village: Definition, change: dict[str, object], code: str) -> None:
    a_car()
    with pytest.raises(TransitRefused) as refused:
        request_ride(wanted(**change))
    assert refused.value.text.code == code
    assert Ride.objects.count() == 0


def test_who_has_to_arrive_in_time_does(village: Definition) -> None:
    a_car()
    at = NOON + dt.timedelta(hours=2)
    answer = request_ride(wanted(wish=Wish.ARRIVE_BY, at=at))
    assert all(offer.times[1] <= at for offer in answer.offers)
    assert answer.offers


def test_a_ride_for_another_day_waits_for_its_cars(village: Definition) -> None:
    a_car()
    answer = request_ride(wanted(wish=Wish.PICKUP_FROM, at=NOON + dt.timedelta(days=1)))
    assert not answer.offers
    assert answer.reasons[0].code == "shift_ends"


def test_cancelling_is_for_whom_it_concerns(village: Definition) -> None:
    a_car()
    answer = request_ride(wanted())
    with acting_as(resident(STRANGER)), pytest.raises(PermissionRefused):
        cancel_ride(demand=answer.demand)
    with acting_as(resident(GRANDMOTHER)):
        cancel_ride(demand=answer.demand)
        cancel_ride(demand=answer.demand)
        assert get_ride(answer.demand).demand.state is DemandState.CANCELLED
    with pytest.raises(TransitRefused):
        cancel_ride(demand=uuid4())


# Cars and drivers


def duty_of(driver: UUID, vehicle: UUID, *, hours: int = 4) -> DutyInput:
    return DutyInput(VILLAGE.code, driver, vehicle, NOON, NOON + dt.timedelta(hours=hours), Place(35, 135))


def a_driver(**change: object) -> UUID:
    return register_driver(
        **{"name": "運転 二郎", "licence_until": dt.date(2028, 1, 1), "second_class": True} | change
    )


def a_vehicle(plate: str = "1", **change: object) -> UUID:
    day = dt.date(2027, 3, 31)
    facts = {"name": "2号車", "seats": 4, "wheelchairs": 0, "inspection_until": day, "insurance_until": day}
    return register_vehicle(plate=plate, **facts | change)


@pytest.mark.parametrize(
    ("driver", "vehicle", "code"),
    [
        ({"licence_until": dt.date(2026, 11, 24)}, {}, "licence_expired"),
        ({"second_class": False}, {}, "not_qualified"),
        ({}, {"inspection_until": dt.date(2026, 11, 24)}, "inspection_expired"),
        ({}, {"insurance_until": dt.date(2026, 11, 24)}, "insurance_expired"),
    ],
)
def test_who_may_not_go_out_gets_no_duty(
    village: Definition, driver: dict[str, object], vehicle: dict[str, object], code: str
) -> None:
    with pytest.raises(TransitRefused) as refused:
        register_duty(duty_of(a_driver(**driver), a_vehicle(**vehicle)))
    assert refused.value.text.code == code
    assert Duty.objects.count() == 0


def test_nobody_is_in_two_places(village: Definition) -> None:
    driver, vehicle = a_driver(), a_vehicle()
    duty = register_duty(duty_of(driver, vehicle))
    assert register_duty(duty_of(driver, vehicle)) == duty
    for other in (duty_of(driver, a_vehicle("2")), duty_of(a_driver(), vehicle)):
        with pytest.raises(TransitRefused) as refused:
            register_duty(other)
        assert refused.value.text.code == "duty_overlaps"
    with pytest.raises(TransitRefused):
        register_duty(duty_of(uuid4(), vehicle))


def test_a_roll_call_is_kept_whatever_it_says(village: Definition) -> None:
    duty = a_car()
    assert record_roll_call(duty=duty, alcohol_mg_per_l=0.05, well=True) == [Unfit.ALCOHOL]
    assert record_roll_call(duty=duty, alcohol_mg_per_l=0, well=False) == [Unfit.UNWELL]
    assert record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True) == []
    assert RollCallRecord.objects.count() == 3
    with pytest.raises(TransitRefused):
        record_roll_call(duty=uuid4(), alcohol_mg_per_l=0, well=True)


# Definitions

FILE = """\
code: yui_bus
name_ja: 結バス
name_kana: ゆいばす
name_en: Yui Bus
operator_ja: 稲架町
operator_number: "1000020999024"
licence: vacant_area
pattern: meeting_points
valid_from: 2026-04-01
area: [[34.9, 134.9], [34.9, 135.1], [35.1, 135.1]]
hours: [{weekdays: [0, 1, 2], opens: "08:30", closes: "18:30"}]
booking: {opens_days: 7, closes_minutes: 30}
limits: {wait_minutes: 15}
fares:
  - valid_from: 2026-04-01
    zones: {A - B: 300, A - A: 200}
    discounts: [{category: child, percent: 50}]
stops:
  - {code: "1", name: 役場, kana: やくば, latitude: 35.0, longitude: 135.0, zone: A}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "bus.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_service_is_read_kept_by_version_and_asked_for_a_day(
    body: object, staff: object, tmp_path: Path
) -> None:
    first = read_definition(written(tmp_path, FILE))
    assert first.fares[0].zones == {("A", "B"): 300, ("A", "A"): 200}
    define_service(first)
    define_service(first)
    later = replace(first, valid_from=dt.date(2027, 4, 1), phone="0120-000-000")
    define_service(later)
    assert ServiceVersion.objects.count() == 2
    assert get_service("yui_bus", dt.date(2027, 3, 31)) == first
    assert list_services_on(dt.date(2027, 4, 1)) == [later]
    assert list_services_on(dt.date(2026, 3, 31)) == []
    with pytest.raises(TransitRefused):
        get_service("yui_bus", dt.date(2026, 3, 31))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("licence: vacant_area", "licence: bus", "licence"),
        ("percent: 50", "percent: half", "fares.0.discounts.0.percent"),
        ("code: yui_bus", "code: yui_bus\ncolour: red", "colour"),
        ('closes: "18:30"', 'closes: "08:00"', "hours"),
        ("area: [[34.9, 134.9], [34.9, 135.1], [35.1, 135.1]]", "area: [[34.9, 134.9]]", "area"),
        ("    zones: {A - B: 300, A - A: 200}\n", "", "fares"),
        ("valid_from: 2026-04-01\n    zones", "valid_from: 2026-05-01\n    zones", "fares_from"),
        ("code: yui_bus", "code: [", "no_yaml"),
    ],
)
def test_a_file_with_a_mistake_says_where(tmp_path: Path, old: str, new: str, where: str) -> None:
    with pytest.raises(TransitRefused) as refused:
        read_definition(written(tmp_path, FILE.replace(old, new)))
    text = refused.value.text
    assert where in (text.code, text.params.get("item"))


def test_holidays_are_japanese_days() -> None:
    assert NOON.astimezone(JAPAN).hour == 12
