"""The on-demand bus of the smallest village: its service, cars and drivers, and what is ridden today.

Everything goes through the doors that a village's own staff use. What happens at the car is noted at the moment the
sample is opened: who is on board then is on board for whoever looks.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.utils import timezone

from yui.engines.travel.public import Place
from yui.identity.public import AccountKind, register_account
from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.services.transit.public import (
    Category,
    Definition,
    DutyAct,
    DutyInput,
    End,
    Rider,
    Tap,
    TransitRefused,
    Wanted,
    Wish,
    define_service,
    find_driver,
    find_duty,
    hours_on,
    keep_surroundings,
    list_services_on,
    note_in_car,
    read_definition,
    record_roll_call,
    register_driver,
    register_duty,
    register_proxy,
    register_vehicle,
    request_ride,
)
from yui.supply.public import accept_offer, import_road_map, open_board

DAYS_AHEAD = 7
_ROADS = "roads"
_NAMES = UUID("6d3f1f6e-0a57-4d0a-9d0c-2b2c5a3a9f10")


class Car(NamedTuple):
    """A car of the village, and who drives it when."""

    plate: str
    name: str
    seats: int
    wheelchairs: int
    turns: tuple[tuple[str, int, int], ...]


CARS = (
    Car("結 500 あ 00-01", "なえ1号", 8, 1, (("nawashiro-driver-1", 7, 14), ("nawashiro-driver-2", 14, 20))),
    Car("結 500 あ 00-02", "なえ2号", 4, 0, (("nawashiro-driver-3", 9, 17),)),
    Car("結 800 あ 00-03", "なえ3号", 3, 1, ()),
)
DRIVERS = ("nawashiro-driver-1", "nawashiro-driver-2", "nawashiro-driver-3")


def set_up_bus(definition: Path, roads: Path, surroundings: Path) -> None:
    """Open the service, on the streets of the sample; what is open stays as it is."""
    if list_services_on(timezone.localdate()):
        return
    service = read_definition(definition)
    import_road_map(code=_ROADS, path=roads, source="結県（見本）", licence="CC0")
    define_service(service)
    open_board(code=service.code, road_map=_ROADS)
    keep_surroundings(surroundings.read_text(encoding="utf-8"))


def go_on_duty(people: Mapping[str, Any], issuer: str) -> None:
    """Put drivers on the cars for the coming days, and call those who are on duty now. Once a day.

    Args:
        people: who can sign in, by identifier.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    (service,) = list_services_on(today)
    drivers = {name: _driver(people[name], issuer, today) for name in DRIVERS}
    base = next(stop for stop in service.stops if stop.code == "hall")
    next_spring = dt.date(today.year + 1, 3, 31)
    for car in CARS:
        vehicle = register_vehicle(
            plate=car.plate,
            name=car.name,
            seats=car.seats,
            wheelchairs=car.wheelchairs,
            inspection_until=next_spring,
            insurance_until=next_spring,
        )
        for day in (today + dt.timedelta(days=ahead) for ahead in range(DAYS_AHEAD)):
            for driver, begins, ends in car.turns:
                duty = register_duty(
                    DutyInput(
                        service=service.code,
                        driver=drivers[driver],
                        vehicle=vehicle,
                        from_at=_at(day, begins),
                        until_at=_at(day, ends),
                        base=Place(base.latitude, base.longitude),
                    )
                )
                if _at(day, begins) <= now < _at(day, ends):
                    record_roll_call(duty=duty, alcohol_mg_per_l=0.0, well=True)


def _at(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def _driver(person: Mapping[str, Any], issuer: str, today: dt.date) -> UUID:
    account = register_account(
        issuer=issuer, subject=person["id"], kind=AccountKind.STAFF, label=person["name"]
    )
    return find_driver(str(account.public_id)) or register_driver(
        name=person["name"],
        account=str(account.public_id),
        licence_until=dt.date(today.year + 2, 6, 1),
        second_class=person["id"] == DRIVERS[0],
        trained_on=None if person["id"] == DRIVERS[0] else dt.date(2026, 3, 14),
    )


def ride_today(people: Mapping[str, UUID]) -> None:
    """Today's rides: one done, two in one car of whom the first is on board, one refused; one booked for tomorrow.

    Outside the hours of the bus only tomorrow's. What was booked today already stays as it is.

    Args:
        people: residents of the village by the identifiers of the story.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    (service,) = list_services_on(today)
    mother, daughter = people["rider-at-82"], people["rider-daughter"]
    farmer, chair = people["three-generations-grandfather"], people["rider-wheelchair"]
    register_proxy(rider=mother, proxy=daughter)
    tomorrow = today + dt.timedelta(days=1)
    senior, wheelchair = frozenset({Category.SENIOR}), frozenset({Category.SENIOR, Category.WHEELCHAIR})
    day = _Day(service, today)
    day.book("tomorrow", farmer, "hamlet-1", "shop", senior, Wish.PICKUP_FROM, _at(tomorrow, 10))
    if not any(
        opens <= now and now + dt.timedelta(minutes=45) < closes for opens, closes in hours_on(service, today)
    ):
        return
    if done := day.book("done", farmer, "hamlet-1", "clinic", senior, Wish.NOW):
        day.note(done, DutyAct.BOARDED, 0)
        day.note(done, DutyAct.ALIGHTED, 1)
    far, on_the_way = _stop(service, "奥苗代"), _stop(service, "種池")
    with acting_as(Actor(ActorKind.RESIDENT, "sample", subject=daughter)):
        first = day.book("under_way", mother, far, "clinic", senior, Wish.NOW, car=CARS[0].name)
    day.book("pooled", chair, on_the_way, "clinic", wheelchair, Wish.NOW)
    if first:
        day.note(first, DutyAct.BOARDED, 0)
    too_soon = now + dt.timedelta(minutes=6)
    day.book("refused", farmer, _stop(service, "籾山"), far, senior, Wish.ARRIVE_BY, too_soon)


def _stop(service: Definition, name: str) -> str:
    return next(stop.code for stop in service.stops if stop.name == name)


class _Day:
    """Rides of one day, each booked once."""

    def __init__(self, service: Definition, day: dt.date) -> None:
        self.service, self.day = service, day
        self._shifts: dict[UUID, UUID] = {}

    def book(
        self,
        name: str,
        rider: UUID,
        origin: str,
        destination: str,
        categories: frozenset[Category],
        wish: Wish,
        at: dt.datetime | None = None,
        car: str = "",
    ) -> UUID | None:
        """Ask for a ride and take the first offer, or that of a car.

        Returns:
            The demand; None when it is refused or was asked for before.
        """
        wanted = Wanted(
            key=f"sample:{self.day}:{name}",
            service=self.service.code,
            rider=rider,
            origin=End(stop=origin),
            destination=End(stop=destination),
            riders=(Rider(categories),),
            wish=wish,
            at=at,
        )
        try:
            answer = request_ride(wanted)
        except TransitRefused:
            return None
        if not answer.offers:
            return None
        offer = next((one for one in answer.offers if one.shift_name == car), answer.offers[0])
        accept_offer(offer=offer.public_id)
        self._shifts[answer.demand] = offer.shift
        return answer.demand

    def note(self, demand: UUID, act: DutyAct, step: int) -> None:
        """What the driver notes at the car now."""
        if duty := find_duty(self._shifts[demand]):
            key = str(uuid5(_NAMES, f"{demand}:{step}"))
            note_in_car(duty, Tap(key=key, act=act, demand=demand, step=step))
