"""Lets a day of the sample happen: each event goes through the registry's own actions, once."""

from collections.abc import Iterable
from functools import singledispatch
from uuid import UUID

from yui.kernel.calendar.public import PartialDate
from yui.registries.people.public import (
    Address,
    Citizenship,
    Member,
    NewResident,
    PersonName,
    Relationship,
    Sex,
    find_household_by_number,
    list_persons_by_number,
    record_birth,
    record_death,
    record_move_in,
    record_move_out,
    record_move_within,
)
from yui.shell.sample.events import Birth, Death, MoveIn, MoveOut, MoveWithin, Newcomer, Place, Standing


@singledispatch
def play(event: object) -> None:
    """Record one event of the sample; recording it again changes nothing.

    Raises:
        ResidentChangeRefused: the registry refuses it.
    """
    raise TypeError(f"No way to play a {type(event).__name__}.")


@play.register
def _(event: Birth) -> None:
    people = list_persons_by_number([event.mother_number])
    record_birth(
        child=_newcomer(event.child),
        mother=people.get(event.mother_number),
        household=find_household_by_number(event.household_number),
        notified_on=event.notified_on,
        key=f"sample:birth:{event.household_number}:{event.on}:{event.child.given_name}",
    )


@play.register
def _(event: Death) -> None:
    people = list_persons_by_number([event.person_number, *(one.person_number for one in event.remaining)])
    new_head = event.remaining[0].person_number if event.head_died and event.remaining else ""
    record_death(
        person=people[event.person_number],
        effective_on=event.on,
        new_head=people.get(new_head),
        members=_members(event.remaining[1:], people) if new_head else [],
        notified_on=event.notified_on,
        key=f"sample:death:{event.person_number}",
    )


@play.register
def _(event: MoveIn) -> None:
    record_move_in(
        newcomers=[_newcomer(one) for one in event.people],
        effective_on=event.on,
        address=_address(event.place),
        previous_address=event.previous_address,
        notified_on=event.notified_on,
        key=f"sample:move_in:{event.on}:{event.place.block}:{event.people[0].given_name}",
    )


@play.register
def _(event: MoveOut) -> None:
    people = list_persons_by_number(event.person_numbers)
    record_move_out(
        persons=[people[number] for number in event.person_numbers],
        effective_on=event.on,
        destination=event.destination,
        notified_on=event.notified_on,
        key=f"sample:move_out:{event.household_number}:{event.on}",
    )


@play.register
def _(event: MoveWithin) -> None:
    people = list_persons_by_number(event.person_numbers)
    record_move_within(
        persons=[people[number] for number in event.person_numbers],
        effective_on=event.on,
        address=_address(event.place),
        notified_on=event.notified_on,
        key=f"sample:move_within:{event.household_number}:{event.on}",
    )


def _newcomer(one: Newcomer) -> NewResident:
    return NewResident(
        name=PersonName(
            family_name=one.family_name,
            given_name=one.given_name,
            family_kana=one.family_kana,
            given_kana=one.given_kana,
        ),
        born_on=PartialDate.of(one.born_on),
        sex=Sex(one.sex),
        relationship=Relationship(one.relationship),
        relationship_text=one.relationship_text,
        citizenship=Citizenship(domicile=one.domicile, domicile_head=one.domicile_head),
    )


def _address(place: Place) -> Address:
    return Address(
        town_code=place.town_code,
        town=place.town,
        block=place.block,
        building=place.building,
        postal_code=place.postal_code,
    )


def _members(standings: Iterable[Standing], people: dict[str, UUID]) -> list[Member]:
    return [
        Member(
            person=people[one.person_number],
            relationship=Relationship(one.relationship),
            relationship_text=one.relationship_text,
        )
        for one in standings
    ]
