"""The timeline against a day-by-day oracle, and the database against remembered answers."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yui.registries.people import timeline as tl
from yui.registries.people.public import (
    Address,
    ResidentChangeRefused,
    cancel_event,
    correct_record,
    find_resident,
    record_death,
    record_move_in,
    record_move_out,
    record_move_within,
)
from yui.registries.people.tests.conftest import newcomer

START = dt.date(2020, 1, 1)
days = st.integers(0, 30).map(lambda n: START + dt.timedelta(days=n))
HORIZON = [START + dt.timedelta(days=n) for n in range(40)]
steps = st.lists(
    st.tuples(
        st.sampled_from(["change", "correct", "end"]),
        days,
        st.integers(1, 12),
        st.sampled_from(["town", "block", "sex", "domicile"]),
        st.integers(0, 3),
    ),
    max_size=8,
)


@given(steps)
def test_timeline_against_days(operations):
    line: tl.Timeline = (tl.Span(START, None, {"town": 0, "block": 0, "sex": 0, "domicile": 0}),)
    by_day = {day: dict(line[0].facts) for day in HORIZON}
    for kind, day, length, item, value in operations:
        if kind == "change":
            line = tl.change(line, day, {item: value})
            group = tl.group_of(item)
            origin = {one: by_day[day].get(one) for one in group}
            for later in HORIZON[HORIZON.index(day) :]:
                if any(by_day[later].get(one) != origin[one] for one in group):
                    break
                by_day[later] = {**by_day[later], item: value}
        else:
            until = day + dt.timedelta(days=length) if kind == "correct" else None
            line = tl.correct(line, day, until, {item: value})
            for later in HORIZON:
                if day <= later and (until is None or later < until):
                    by_day[later] = {**by_day[later], item: value}
        assert tl.is_gapless(line)
    for day in HORIZON:
        span = tl.span_on(line, day)
        assert span is not None
        assert {"ended_on": None, **span.facts} == {"ended_on": None, **by_day[day]}


def test_difference_names_rows():
    line = (tl.Span(START, None, {"town": 0}, 7),)
    closed, added = tl.difference(line, tl.change(line, HORIZON[3], {"town": 1}))
    assert closed == [7]
    assert [(span.lower, span.upper, span.facts["town"]) for span in added] == [
        (START, HORIZON[3], 0),
        (HORIZON[3], None, 1),
    ]


moves = st.lists(
    st.tuples(
        st.sampled_from(["within", "out", "death", "name", "cancel", "return"]),
        st.integers(0, 60),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves)
def test_what_was_known_never_changes(django_db_reset_sequences_none, body, clerk, operations):
    """After every change, every earlier answer still stands: as of that day, as known then."""
    first = record_move_in(newcomers=[newcomer("花")], effective_on=START, address=Address(town="一町"))
    person = first.persons[0]
    events = [first]
    remembered: list[tuple[dt.datetime, dict[dt.date, object]]] = []

    def facts(day, known_at=None):
        view = find_resident(person, as_of=day, known_at=known_at, reason="test")
        return view and (view.address.town, view.name.given_name, view.ended_on, view.household)

    probes = [START + dt.timedelta(days=n) for n in (-1, 0, 10, 25, 45, 70)]
    for kind, offset, number in operations:
        day = START + dt.timedelta(days=offset)
        known_at = events[-1].recorded_at
        remembered.append((known_at, {probe: facts(probe) for probe in probes}))
        try:
            match kind:
                case "within":
                    event = record_move_within(
                        persons=[person], effective_on=day, address=Address(town=f"{number}町")
                    )
                case "out":
                    event = record_move_out(persons=[person], effective_on=day)
                case "death":
                    event = record_death(person=person, effective_on=day)
                case "name":
                    event = correct_record(
                        person=person, items={"given_name": f"名{number}"}, effective_on=day, reason="訂正"
                    )
                case "cancel":
                    event = cancel_event(event=events[number % len(events)].event, reason="取消")
                case _:
                    event = record_move_in(
                        newcomers=[newcomer("花", person=person)],
                        effective_on=day,
                        address=Address(town="再町"),
                    )
        except ResidentChangeRefused:
            continue
        events.append(event)
        for instant, answers in remembered:
            assert {probe: facts(probe, instant) for probe in probes} == answers


@pytest.fixture
def django_db_reset_sequences_none(db):
    """Hypothesis repeats inside one test transaction; each example makes its own person."""
