"""The programmes of the installed services."""

import datetime as dt
import logging
from functools import lru_cache
from pathlib import Path

from yui.engines.rules.public import Card, Case, Month, Programme
from yui.kernel.services import ServiceConfig, list_services
from yui.procedures.programmes.catalogue import (
    SCHEDULES,
    BrokenProgramme,
    Mistake,
    Place,
    find_places,
    load_cases_of,
    load_programme,
    load_schedule_cases_of,
)

_log = logging.getLogger(__name__)


class UnknownProgramme(LookupError):
    """No installed service has a programme of this identifier."""


@lru_cache(maxsize=1)
def _places() -> dict[str, Place]:
    """Every programme once; :func:`list_mistakes` tells when a second service has one of the same name."""
    places = find_places(Path(service.path) for service in list_services())
    return {place.programme: place for place in reversed(places)}


def list_places() -> list[Place]:
    """Where every programme is kept, by identifier."""
    return sorted(_places().values(), key=lambda place: place.programme)


@lru_cache(maxsize=1)
def list_schedules() -> list[Place]:
    """Where every schedule (what is due at which age) is kept, by identifier."""
    return find_places((Path(service.path) for service in list_services()), SCHEDULES)


def get_place(programme: str) -> Place:
    """Where one programme is kept.

    Raises:
        UnknownProgramme: no installed service has it.
    """
    if programme not in _places():
        known = ", ".join(sorted(_places()))
        raise UnknownProgramme(f"No programme is called {programme}. There are: {known}.")
    return _places()[programme]


def list_programmes() -> list[Programme]:
    """Every usable programme by identifier. Broken ones are told by :func:`list_mistakes`."""
    found = []
    for place in list_places():
        try:
            found.append(load_programme(place))
        except BrokenProgramme as broken:
            _log.error("The programme %s cannot be used. %s", place.programme, broken)
    return found


def get_programme(programme: str) -> Programme:
    """All versions of one programme.

    Raises:
        UnknownProgramme: no installed service has it.
        BrokenProgramme: its cards have mistakes.
    """
    return load_programme(get_place(programme))


def card_as_of(programme: Programme, month: Month, known_on: dt.date | None) -> Card:
    """The version that decides about a month, if it was published by a day.

    Raises:
        LookupError: no version covers the month, or it was published later.
    """
    card = programme.card(month)
    if known_on is not None and card.known_from is not None and known_on < card.known_from:
        raise LookupError(
            f"The rules in force from {card.in_force_from} were published on {card.known_from}, after {known_on}. "
            "Ask about an earlier month or a later day."
        )
    return card


def cases_of(programme: str) -> tuple[Case, ...]:
    """The table of cases of one programme; empty when it has none.

    Raises:
        UnknownProgramme: no installed service has it.
        BrokenProgramme: its cards or cases have mistakes.
    """
    return load_cases_of(get_place(programme))


def service_of(programme: str) -> ServiceConfig:
    """The service that keeps a programme.

    Raises:
        UnknownProgramme: no installed service has it.
    """
    folder = get_place(programme).folder.parent.parent
    return next(service for service in list_services() if Path(service.path) == folder)


def list_mistakes() -> list[Mistake]:
    """Everything wrong with the cards, schedules and cases of the installed services, by programme."""
    found = []
    for place in find_places(Path(service.path) for service in list_services()):
        if place != _places()[place.programme]:
            text = (
                f"「{place.programme}」は別の業務（{_places()[place.programme].service}）にもあります。"
                f" Another service, {_places()[place.programme].service}, has a programme of this name too."
            )
            found.append(Mistake(place.programme, place.folder, (), text))
            continue
        try:
            load_cases_of(place)
        except BrokenProgramme as broken:
            found += broken.mistakes
    for place in list_schedules():
        try:
            load_schedule_cases_of(place)
        except BrokenProgramme as broken:
            found += broken.mistakes
    return found
