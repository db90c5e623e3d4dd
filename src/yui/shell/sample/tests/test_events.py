"""The days after the day of the sample."""

from collections import Counter
from datetime import date, timedelta

import pytest

from yui.kernel.calendar.public import is_business_day
from yui.shell.sample.events import Birth, Death, Event, MoveIn, MoveOut, MoveWithin, day_of_events
from yui.shell.sample.generator import DEFAULT_DAY, generate

RESIDENTS = 20_000


@pytest.fixture(scope="module")
def year() -> dict[date, list[Event]]:
    days = [DEFAULT_DAY + timedelta(days=number) for number in range(1, 366)]
    return {day: day_of_events(7, "yuimi", day, RESIDENTS) for day in days}


def test_a_day_is_the_same_whatever_was_asked_before(year: dict[date, list[Event]]) -> None:
    from yui.shell.sample.events import _course

    day = DEFAULT_DAY + timedelta(days=3)
    _course.cache_clear()
    assert day_of_events(7, "992011", day, RESIDENTS) == year[day]


def test_nothing_happens_before_the_sample() -> None:
    assert day_of_events(7, "yuimi", DEFAULT_DAY, RESIDENTS) == []


def test_an_unknown_municipality_is_refused() -> None:
    with pytest.raises(LookupError, match="has no municipality"):
        day_of_events(7, "131016", DEFAULT_DAY, RESIDENTS)


def test_a_year_has_plausible_numbers(year: dict[date, list[Event]]) -> None:
    population = 15_873
    counts = Counter(type(event) for events in year.values() for event in events)
    assert 0.004 < counts[Birth] / population < 0.008
    assert 0.011 < counts[Death] / population < 0.021
    assert 0.012 < counts[MoveIn] / population < 0.04
    assert 0.012 < counts[MoveOut] / population < 0.04
    assert counts[MoveWithin]


def test_events_agree_with_the_register_and_touch_a_household_once(year: dict[date, list[Event]]) -> None:
    homes = {
        str(home.number): {str(person.number): person for person in home.members}
        for district in generate(seed=7, residents=RESIDENTS)[0].all_districts()
        for home in district.households
    }
    touched: Counter[str] = Counter()
    for day, events in year.items():
        for event in events:
            assert event.notified_on == day
            if isinstance(event, MoveIn):
                assert [person.relationship for person in event.people].count("head") == 1
                assert all(person.born_on <= event.on for person in event.people)
                continue
            home = homes[event.household_number]
            touched[event.household_number] += 1
            if isinstance(event, Birth):
                mother = home[event.mother_number]
                assert mother.sex == 2
                assert event.father_number in home
                assert day - timedelta(days=14) < event.on <= day
                assert 17 < (event.on.toordinal() - mother.born) / 365.25 < 46
            elif isinstance(event, Death):
                assert event.person_number in home
                assert {s.person_number for s in event.remaining} == set(home) - {event.person_number}
                heads = [s for s in event.remaining if s.relationship == "head"]
                assert len(heads) == bool(event.remaining)
                assert all(home[s.person_number].age >= 18 for s in heads)
            else:
                assert set(event.person_numbers) <= set(home)
    assert set(touched.values()) == {1}


def test_moves_come_on_office_days(year: dict[date, list[Event]]) -> None:
    for day, events in year.items():
        if not is_business_day(day):
            assert not any(isinstance(event, MoveIn | MoveOut | MoveWithin) for event in events)
    spring = sum(len(events) for day, events in year.items() if day.month in (3, 4))
    autumn = sum(len(events) for day, events in year.items() if day.month in (10, 11))
    assert spring > autumn
