"""Registers, ride records, the report of a day and of a year: what they say is what happened, and adds up."""

import csv
import datetime as dt
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from yui.kernel.access.public import Actor, ActorKind, PermissionRefused, acting_as
from yui.services.transit.annual import year_report
from yui.services.transit.contracts import (
    Category,
    Definition,
    DutyAct,
    Licence,
    Means,
    Register,
    TransitRefused,
)
from yui.services.transit.driving import get_duty
from yui.services.transit.fleet import record_roll_call, register_driver, register_vehicle
from yui.services.transit.indicators import shortage
from yui.services.transit.models import Accident, Driver, Duty, DutyNote, Ride, Vehicle
from yui.services.transit.registers import (
    AccidentInput,
    ComplaintInput,
    accidents_between,
    change_driver,
    complaints_between,
    let_driver_go,
    list_expiries,
    record_accident,
    record_complaint,
    retire_vehicle,
)
from yui.services.transit.rules import Rider
from yui.services.transit.tests.conftest import NOON, VILLAGE, a_car
from yui.services.transit.tests.test_duty_notes import ALIGHTED, BOARDED, NO_SHOW, minutes, ride, tap
from yui.services.transit.tests.test_pages import SignIn, sign_in, text  # noqa: F401 - a fixture
from yui.services.transit.triplog import added_up, day_report
from yui.supply.models import Demand, Settlement

Clock = time_machine.Traveller
TODAY = NOON.date()
PARTY = (Rider(frozenset({Category.SENIOR})), Rider(frozenset({Category.WHEELCHAIR})))


def rows_of(client: Client, name: str, *args: object) -> list[dict[str, str]]:
    answer = client.get(reverse(name, args=args))
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))


@pytest.fixture
def driven(village: Definition, noon: Clock) -> Duty:
    """A duty of 40 km on which two parties shared the car, one rider did not come, and one paid with tickets."""
    duty = get_duty(a_car())
    record_roll_call(
        duty=duty.public_id, alcohol_mg_per_l=0, well=True, odometer_km=1000, instruction="凍結に注意"
    )
    alone, first, second, gone = ride(), ride(riders=PARTY), ride(), ride()
    noon.shift(minutes(2))
    tap(duty, BOARDED, alone)
    noon.shift(minutes(8))
    tap(duty, ALIGHTED, alone, means=Means.TICKET)
    tap(duty, DutyAct.BREAK_BEGUN)
    noon.shift(minutes(15))
    tap(duty, DutyAct.BREAK_ENDED)
    for act, demand in (
        (BOARDED, first),
        (BOARDED, second),
        (NO_SHOW, gone),
        (ALIGHTED, first),
        (ALIGHTED, second),
    ):
        noon.shift(minutes(1))
        tap(duty, act, demand)
    tap(duty, BOARDED, gone)
    noon.shift(minutes(30))
    record_roll_call(duty=duty.public_id, alcohol_mg_per_l=0, well=True, after=True, odometer_km=1040)
    return duty


# Records and reports


def test_the_day_adds_up(driven: Duty, sign_in: SignIn) -> None:  # noqa: F811
    (log,) = day_report(VILLAGE.code, TODAY)
    settled = Settlement.objects.aggregate(yen=Sum("amount_yen"))["yen"]
    by_means = dict(Settlement.objects.values_list("means").annotate(yen=Sum("amount_yen")))
    assert log.sums.yen == added_up([log.sums]).yen == settled == 400 + 200 * 3
    assert log.sums.yen_by_means == by_means == {"cash": 600, "ticket": 400}
    assert (log.sums.rides, log.sums.riders, log.sums.wheelchairs, log.sums.no_shows) == (3, 4, 1, 1)
    assert (log.sums.distance_km, log.sums.break_minutes, log.sums.minutes) == (40, 15, 60)
    assert log.sums.unpriced == 0
    operator = sign_in("transit_operator")
    *duties, total = rows_of(operator, "transit:day_csv", VILLAGE.code, TODAY.isoformat())
    assert sum(int(row["金額（円）"]) for row in duties) == int(total["金額（円）"]) == settled
    notes = rows_of(operator, "transit:duty_csv", driven.public_id)
    assert sum(int(row["金額（円）"] or 0) for row in notes) == settled
    assert [row["実績にならない理由"] for row in notes].count("noted_otherwise") == 1
    page = text(operator.get(reverse("transit:day", args=[VILLAGE.code, TODAY.isoformat()])))
    assert "1,000円" in page
    for wrong in ("x", "2026-13-01"):
        assert operator.get(reverse("transit:day", args=[VILLAGE.code, wrong])).status_code == 404
    assert sign_in("transit_driver").get(reverse("transit:reports")).status_code == 403


def test_the_ride_record_names_no_rider_and_says_what_a_fare_is_made_of(
    driven: Duty,
    sign_in: SignIn,  # noqa: F811
) -> None:
    page = text(sign_in("transit_operator").get(reverse("transit:duty_record", args=[driven.public_id])))
    assert "凍結に注意" in page
    assert "相乗りの運賃 200円" in page
    assert "区間の運賃 400円" in page
    assert "40 km" in page
    assert "前に別の内容が記録されています" in page
    for rider in Ride.objects.values_list("rider", flat=True):
        assert str(rider) not in page
    assert (
        sign_in("transit_driver").get(reverse("transit:duty_record", args=[driven.public_id])).status_code
        == 403
    )


def test_a_year_counts_what_its_days_count(driven: Duty, sign_in: SignIn) -> None:  # noqa: F811
    record_accident(AccidentInput(driven.public_id, NOON, "県道", "縁石に接触", injured=1))
    record_complaint(ComplaintInput(VILLAGE.code, TODAY, "迎えが遅い", "受付 花子"))
    year = year_report(2026)
    (kind,) = year.kinds
    assert kind.licence is VILLAGE.licence
    assert (year.vehicles, year.wheelchair_vehicles, year.drivers) == (1, 1, 1)
    assert (kind.vehicles, kind.drivers, kind.vehicle_days, kind.duties) == (1, 1, 1, 1)
    assert (kind.rides, kind.riders, kind.wheelchairs, kind.yen) == (3, 4, 1, 1000)
    assert (kind.distance_km, kind.unread, kind.unpriced, kind.minutes) == (40, 0, 0, 360)
    assert (kind.accidents, kind.grave, kind.deaths, kind.injured, kind.complaints) == (1, 0, 0, 1, 1)
    assert year_report(2025).kinds == ()
    operator = sign_in("transit_operator")
    lines = {row["項目"]: row for row in rows_of(operator, "transit:year_csv", 2026)}
    assert set(lines["運賃収入（円）"].values()) == {"運賃収入（円）", "1000"}
    assert "途中経過" in text(operator.get(reverse("transit:year", args=[2026])))
    assert operator.get(reverse("transit:year", args=[2027])).status_code == 404


def test_a_way_is_not_known_without_both_readings(village: Definition) -> None:
    duty = a_car()
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True, odometer_km=10)
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True, after=True)
    (log,) = day_report(VILLAGE.code, TODAY)
    assert log.sums.distance_km is None
    assert year_report(2026).kinds[0].unread == 1


# Registers


def test_what_ends_soon_is_told_in_time(village: Definition) -> None:
    in_days = {
        days: register_driver(name=f"{days}日後", licence_until=TODAY + dt.timedelta(days=days))
        for days in (-1, 0, 30, 31, 60, 61)
    }
    register_vehicle(
        plate="結 1", name="古い車", seats=4, wheelchairs=0,
        inspection_until=TODAY + dt.timedelta(days=10), insurance_until=TODAY + dt.timedelta(days=90),
    )  # fmt: skip
    found = list_expiries(TODAY)
    warnings = {one.of: one.warning for one in found if one.kind is Register.LICENCE}
    assert warnings == {in_days[-1]: 0, in_days[0]: 30, in_days[30]: 30, in_days[31]: 60, in_days[60]: 60}
    assert [one.warning for one in found if one.kind is Register.INSPECTION] == [30]
    assert [one.until for one in found] == sorted(one.until for one in found)


def test_a_licence_is_renewed_and_who_leaves_has_no_duty_ahead(village: Definition, noon: Clock) -> None:
    duty = Duty.objects.get(public_id=a_car())
    driver, car = duty.driver.public_id, duty.vehicle.public_id
    until = dt.date(2031, 1, 1)
    change_driver(driver=driver, licence_until=until, second_class=False, trained_on=TODAY)
    assert Driver.objects.get().licence_until == until
    for leave in (lambda: retire_vehicle(vehicle=car), lambda: let_driver_go(driver=driver)):
        with pytest.raises(TransitRefused):
            leave()
    noon.shift(dt.timedelta(days=1))
    retire_vehicle(vehicle=car)
    let_driver_go(driver=driver)
    assert Vehicle.objects.get().retired_on == Driver.objects.get().left_on == TODAY + dt.timedelta(days=1)
    for gone in (driver, uuid4()):
        with pytest.raises(TransitRefused):
            change_driver(driver=gone, licence_until=until, second_class=False, trained_on=None)


def test_accidents_and_complaints_are_added_to_and_never_overwritten(
    village: Definition, noon: Clock
) -> None:
    duty = a_car()
    given = AccidentInput(duty, NOON, "県道", "縁石に接触")
    accident = record_accident(given)
    noon.shift(60)
    record_accident(
        AccidentInput(duty, NOON, "県道", "縁石に接触", cause="脇見", prevention="研修", injured=1),
        public_id=accident,
    )
    complaint = record_complaint(ComplaintInput(VILLAGE.code, TODAY, "迎えが遅い", "受付 花子"))
    record_complaint(
        ComplaintInput(VILLAGE.code, TODAY, "迎えが遅い", "受付 花子", answer="お詫びした"),
        public_id=complaint,
    )
    (one,) = accidents_between(NOON, NOON + minutes(1))
    assert (one.cause, one.injured, Accident.objects.count()) == ("脇見", 1, 2)
    (other,) = complaints_between(TODAY, TODAY + dt.timedelta(days=1))
    assert other.answer == "お詫びした"
    with pytest.raises(DatabaseError), transaction.atomic():
        Accident.objects.update(cause="")
    for wrong in (
        lambda: record_accident(given, public_id=uuid4()),
        lambda: record_accident(AccidentInput(uuid4(), NOON, "", "")),
        lambda: record_accident(AccidentInput(duty, NOON + minutes(10), "", "")),
        lambda: record_complaint(ComplaintInput(VILLAGE.code, TODAY + dt.timedelta(days=1), "", "")),
    ):
        with pytest.raises(TransitRefused):
            wrong()
    with acting_as(Actor(ActorKind.STAFF, str(uuid4()))), pytest.raises(PermissionRefused):
        accidents_between(NOON, NOON)


def test_the_registers_are_kept_on_their_pages(village: Definition, sign_in: SignIn) -> None:  # noqa: F811
    operator = sign_in("transit_operator")

    def day(name: str, year: str = "2030") -> dict[str, str]:
        parts = {"era": "ce", "year": year, "month": "3", "day": "31"}
        return {f"{name}_{part}": value for part, value in parts.items()}

    def send(page: str, args: list[UUID], /, **values: str) -> int:
        return operator.post(reverse(page, args=args), {"form_token": str(uuid4()), **values}).status_code

    car = {"plate": "結 500 あ 1", "name": "1号車", "seats": "8", "wheelchairs": "1"}
    assert send("transit:new_vehicle", [], **car) == 422
    assert send("transit:new_vehicle", [], **car, **day("inspection_until"), **day("insurance_until")) == 303
    assert send("transit:new_driver", [], name="運転 一郎", account="a", **day("licence_until")) == 303
    assert send("transit:new_driver", [], name="運転 二郎", account="a", **day("licence_until")) == 422
    vehicle, driver = Vehicle.objects.get(), Driver.objects.get()
    assert (
        send("transit:driver", [driver.public_id], second_class="on", **day("licence_until", "2031")) == 303
    )
    driver.refresh_from_db()
    assert (driver.second_class, driver.licence_until.year, driver.name, driver.account) == (
        True,
        2031,
        "運転 一郎",
        "a",
    )
    changed = {**car, "seats": "6", **day("inspection_until", "2032"), **day("insurance_until")}
    assert send("transit:vehicle", [vehicle.public_id], **changed) == 303
    page = text(operator.get(reverse("transit:office")))
    assert "1号車" in page
    assert "運転 一郎" in page
    assert Vehicle.objects.get().seats == 6
    duty = a_car("2号車")
    accident = {
        "duty": str(duty), **day("day", "2026"), "time": "11:30", "place": "県道", "summary": "接触",
        "deaths": "0", "injured": "0",
    }  # fmt: skip
    assert send("transit:new_accident", [], **{**accident, "day_year": "2099"}) == 422
    assert send("transit:new_accident", [], **accident, is_grave="on") == 303
    recorded = Accident.objects.get()
    assert "県道" in text(operator.get(reverse("transit:accident", args=[recorded.public_id])))
    assert send("transit:accident", [recorded.public_id], **accident, cause="脇見", prevention="研修") == 303
    assert "記入済み" in text(operator.get(reverse("transit:accidents")))
    complaint = {
        "service": VILLAGE.code,
        **day("received_on", "2026"),
        "content": "遅い",
        "handled_by": "受付",
    }
    assert send("transit:new_complaint", [], **complaint) == 303
    assert "未回答" in text(operator.get(reverse("transit:complaints")))
    assert send("transit:let_driver_go", [driver.public_id]) == 302
    assert send("transit:retire_vehicle", [vehicle.public_id]) == 302
    for name in ("transit:vehicle", "transit:driver", "transit:accident", "transit:complaint"):
        assert operator.get(reverse(name, args=[uuid4()])).status_code == 404
        assert sign_in("transit_driver").get(reverse(name, args=[uuid4()])).status_code == 403


# Where vehicles lack


def asked(count: int, refused: int, wished_at: dt.datetime, **change: object) -> None:
    """Rides as they lie in the tables once they were answered."""
    for number in range(count):
        demand = ride_row(wished_at, state="refused" if number < refused else "done", **change)
        assert demand


def ride_row(wished_at: dt.datetime, *, state: str, rider: UUID | None = None, origin: str = "1") -> UUID:
    from yui.supply.models import Board

    row = Demand.objects.create(
        board=Board.objects.get(code=VILLAGE.code), key=str(uuid4()), kind="ride", steps=[], load={"seats": 1},
        asked_at=wished_at, earliest_at=wished_at, latest_at=wished_at, state="open",
    )  # fmt: skip
    Demand.objects.filter(pk=row.pk).update(state="promised" if state == "done" else state)
    Ride.objects.create(
        demand=row.public_id, service=VILLAGE.code, rider=rider or uuid4(), booked_by="x", booked_at=wished_at,
        wish="now", wished_at=wished_at, riders=[[["adult"], False]], origin=origin, destination="2", quoted_yen=400,
    )  # fmt: skip
    return row.public_id


def test_vehicles_lacking_by_hour_of_the_week(village: Definition, noon: Clock, sign_in: SignIn) -> None:  # noqa: F811
    a_car()  # One car on Wednesday from 11:00 to 17:00.
    span = {"from_on": TODAY - dt.timedelta(days=6), "until_on": TODAY + dt.timedelta(days=1)}
    at_noon, at_three = NOON, NOON + dt.timedelta(hours=3)
    asked(20, 8, at_noon)
    asked(10, 0, at_three, origin="2")
    asked(9, 9, NOON + dt.timedelta(hours=1))
    # Who asks again within half an hour is one request, and its last answer counts.
    again = uuid4()
    ride_row(at_noon + minutes(1), state="refused", rider=again)
    ride_row(at_noon + minutes(20), state="refused", rider=again)
    found = shortage(VILLAGE.code, **span)
    hours = {(one.weekday, one.hour): one for one in found.hours}
    noon_hour, three, one_o_clock = hours[2, 12], hours[2, 15], hours[2, 13]
    # 18.9 of 21 are the goal, 12 had a car, one car took 12 in its hour: one more is enough.
    assert (noon_hour.requests, noon_hour.accepts, noon_hour.lacking) == (21, 12, 1)
    assert noon_hour.percent == pytest.approx(100 * 12 / 21)
    assert (three.requests, three.percent, three.lacking, three.is_below) == (10, 100, 0, False)
    assert (one_o_clock.requests, one_o_clock.accepts, one_o_clock.lacking) == (None, None, None)
    assert hours[3, 12].requests == 0
    assert [one.hour for one in found.short] == [12]
    assert found.percent == pytest.approx(100 * 22 / 31)
    zone = {stop.code: stop.zone for stop in VILLAGE.stops}["2"]
    there = {(one.weekday, one.hour): one for one in shortage(VILLAGE.code, zone=zone, **span).hours}
    assert (there[2, 15].requests, there[2, 12].requests) == (10, 0)
    noon.shift(dt.timedelta(days=1))
    operator = sign_in("transit_operator")
    here = reverse("transit:shortage", args=[VILLAGE.code])
    page = text(operator.get(here, {"weeks": "2", "taxis": "100"}))
    assert "最も低いのは水曜日12時台の57%です" in page
    assert "不足車両数は5台です" in page
    (low, hidden, full) = rows_of(operator, "transit:shortage_csv", VILLAGE.code)
    assert (low["配車依頼件数"], low["不足車両数"]) == ("21", "1")
    assert (hidden["配車依頼件数"], hidden["承諾件数"]) == ("10未満", "")
    assert full["マッチング率（%）"] == "100.0"
    assert operator.get(here, {"zone": "nowhere"}).status_code == 404
    assert operator.get(reverse("transit:shortage", args=["nothing"])).status_code == 404
    assert sign_in("transit_driver").get(here).status_code == 403


def test_kinds_of_transport_are_told_apart() -> None:
    from yui.services.transit.views.reports import LICENCES

    assert set(LICENCES) == set(Licence)


def test_notes_are_never_changed(driven: Duty) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        DutyNote.objects.update(due_yen=0)
