"""A village with a bus, a driver and a few people."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
import time_machine

from yui.engines.travel.public import Place
from yui.services.transit.contracts import Definition
from yui.services.transit.definitions import define_service
from yui.services.transit.fleet import DutyInput, register_driver, register_duty, register_vehicle
from yui.services.transit.tests.test_rules import BUS, HALL
from yui.supply.public import open_board

# 12:00 on a Wednesday in Japan.
NOON = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
VILLAGE = replace(
    BUS,
    hours=tuple(replace(hours, opens=dt.time(8), closes=dt.time(18)) for hours in BUS.hours[:1]),
    booking=replace(BUS.booking, closes_minutes=0),
)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """The clock stands still at noon and can be shifted."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def village(body: object, staff: object, noon: object) -> Definition:
    """A service whose board is open; no car yet."""
    define_service(VILLAGE)
    open_board(code=VILLAGE.code)
    return VILLAGE


def a_car(name: str = "1号車", *, wheelchairs: int = 1, account: str = "") -> UUID:
    """A car with its driver on duty from 11:00 to 17:00; the duty."""
    driver = register_driver(
        name="運転 一郎", licence_until=dt.date(2028, 1, 1), second_class=True, account=account
    )
    vehicle = register_vehicle(
        plate=f"結 500 あ {name}",
        name=name,
        seats=8,
        wheelchairs=wheelchairs,
        inspection_until=dt.date(2027, 3, 31),
        insurance_until=dt.date(2027, 3, 31),
    )
    return register_duty(
        DutyInput(
            service=VILLAGE.code,
            driver=driver,
            vehicle=vehicle,
            from_at=NOON - dt.timedelta(hours=1),
            until_at=NOON + dt.timedelta(hours=5),
            base=Place(HALL.latitude, HALL.longitude),
        )
    )
