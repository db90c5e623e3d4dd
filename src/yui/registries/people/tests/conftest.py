"""People to try changes on."""

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.calendar.public import PartialDate
from yui.registries.people.public import (
    Address,
    EventView,
    NewResident,
    PersonName,
    Relationship,
    Sex,
    record_move_in,
)

ADDRESS = Address(town="本町一丁目", block="1番地1", postal_code="9990001")


@pytest.fixture(autouse=True)
def today() -> Iterator[dt.date]:
    """The clock starts at noon on 1 June 2026 and goes on by itself."""
    import time_machine

    with time_machine.travel(dt.datetime(2026, 6, 1, 3, tzinfo=dt.UTC), tick=True):
        yield dt.date(2026, 6, 1)


@pytest.fixture
def clerk() -> Iterator[Actor]:
    """An ordinary clerk: no permission on protected persons or My Number."""
    actor = Actor(ActorKind.STAFF, "00000000-0000-4000-8000-000000000002")
    with acting_as(actor):
        yield actor


def newcomer(
    given: str,
    relationship: Relationship = Relationship.HEAD,
    *,
    family: str = "山田",
    born: str = "1990-05-05",
    sex: Sex = Sex.FEMALE,
    **more: object,
) -> NewResident:
    """Somebody to move in."""
    return NewResident(
        name=PersonName(family_name=family, given_name=given, family_kana="ヤマダ", given_kana="ハナ"),
        born_on=PartialDate.fromisoformat(born),
        sex=sex,
        relationship=relationship,
        **more,
    )


@pytest.fixture
def move_in() -> Callable[..., EventView]:
    """Move people in."""

    def go(*newcomers: NewResident, on: dt.date = dt.date(2020, 4, 1), **more: object) -> EventView:
        more.setdefault("address", ADDRESS)
        return record_move_in(newcomers=newcomers, effective_on=on, **more)

    return go


@pytest.fixture
def family(body: object, clerk: Actor, move_in: Callable[..., EventView]) -> list[UUID]:
    """Mother (head), father, child; moved in on 1 April 2020."""
    event = move_in(
        newcomer("花"),
        newcomer("太郎", Relationship.SPOUSE, sex=Sex.MALE, born="1988-01-02"),
        newcomer("一", Relationship.CHILD, sex=Sex.MALE, born="2015-10-10"),
    )
    return list(event.persons)
