"""The schedules of the services: their cases, what holds for every birth, and their tables in the manual."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import yui
from yui.engines.rules.public import (
    Given,
    Person,
    Schedule,
    ScheduleCase,
    Window,
    WindowState,
    due,
    explain_window,
    load_schedule,
    load_schedule_cases,
    run_schedule_case,
    schedule_table,
)
from yui.procedures.programmes.catalogue import Place
from yui.procedures.programmes.chapters import chapter_of

FOLDERS = sorted((Path(yui.__file__).parent / "services").glob("*/schedules/*"))
FACTS = {
    "sex": "female",
    "hepatitis_b_at_birth": "not_received",
    "offers_one_month_check": "offered",
    "offers_three_to_six_months_check": "offered",
    "offers_nine_to_eleven_months_check": "offered",
    "offers_five_years_check": "offered",
}
NEXT = (WindowState.OPEN, WindowState.WAITING)


@cache
def schedule(folder: Path) -> Schedule:
    return Schedule.of(load_schedule(path) for path in folder.glob("*.yaml") if path.name != "cases.yaml")


CASES = [
    pytest.param(folder, case, id=f"{folder.name}:{case.title}")
    for folder in FOLDERS
    for case in load_schedule_cases(folder / "cases.yaml", schedule(folder))
]


@pytest.mark.parametrize(("folder", "case"), CASES)
def test_the_schedule_says_what_the_case_expects(folder: Path, case: ScheduleCase) -> None:
    answers = run_schedule_case(case, schedule(folder))
    assert [got for _, got in answers] == [expected for expected, _ in answers]


def test_every_schedule_has_cases_enough_and_is_called_by_its_month() -> None:
    assert [folder.name for folder in FOLDERS] == ["infant_health_check", "routine_immunisation"]
    for folder in FOLDERS:
        assert len([one for one in CASES if one.values[0] == folder]) >= 25
        names = sorted(path.stem for path in folder.glob("*.yaml") if path.name != "cases.yaml")
        assert names == [str(card.in_force_from) for card in schedule(folder).cards]
        assert {card.id for card in schedule(folder).cards} == {folder.name}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_manual_shows_every_version(folder: Path) -> None:
    chapter = chapter_of(Place(folder.name, folder.parent.parent.name, folder))
    for card in schedule(folder).cards:
        assert schedule_table(card) in chapter
        assert card.check in chapter
    for one in CASES:
        if one.values[0] == folder:
            assert f"| {one.values[1].title} |" in chapter


BIRTHS = st.dates(date(2016, 1, 1), date(2026, 10, 1))
DAYS = st.dates(date(2024, 4, 1), date(2027, 12, 31))


def windows(folder: Path, born: date, doses: list[Given], on: date) -> list[Window]:
    return due(schedule(folder), Person(born, FACTS), doses, on)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FOLDERS), BIRTHS, st.integers(1, 800), DAYS)
def test_a_later_birth_never_gives_an_earlier_window(folder: Path, born: date, days: int, on: date) -> None:
    older, younger = (windows(folder, one, [], on) for one in (born, born + timedelta(days=days)))
    for before, after in zip(older, younger, strict=True):
        if before.lawful and after.lawful:
            assert after.lawful.first >= before.lawful.first
            assert after.lawful.last >= before.lawful.last


def offered(folder: Path, born: date, days: list[int], on: date) -> tuple[list[Given], list[Window]]:
    """Doses given one after another, each on some day of its offered window, and what is due then."""
    doses: list[Given] = []
    for number in days:
        found = [one for one in windows(folder, born, doses, on) if one.state in NEXT and one.lawful]
        if not found:
            break
        window = found[number % len(found)]
        assert window.lawful is not None
        length = (window.lawful.last - max(on, window.lawful.first)).days + 1
        day = max(on, window.lawful.first) + timedelta(days=number % min(length, 400))
        doses.append(Given(window.series.key, day, window.product or None))
        on = day
    return doses, windows(folder, born, doses, on)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(FOLDERS), BIRTHS, DAYS, st.lists(st.integers(0, 5000), min_size=1, max_size=8))
def test_what_is_offered_is_accepted_when_given(folder: Path, born: date, on: date, days: list[int]) -> None:
    doses, found = offered(folder, born, days, on)
    for window in found:
        given_ = [dose for dose in doses if dose.series == window.series.key]
        if given_:
            assert window.state is not WindowState.REFERRED
            assert window.state is not WindowState.NOT_CONCERNED


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(FOLDERS), BIRTHS, DAYS, st.lists(st.integers(0, 5000), max_size=6))
def test_no_window_ends_before_it_begins(folder: Path, born: date, on: date, days: list[int]) -> None:
    for window in offered(folder, born, days, on)[1]:
        if window.state in NEXT:
            assert window.lawful is not None
            assert window.lawful.first <= window.lawful.last
            if window.standard is not None:
                assert window.lawful.first <= window.standard.first <= window.standard.last
                assert window.standard.last <= window.lawful.last
        said = explain_window(window)
        assert said.cite
        assert all((said.reason.ja, said.reason.en, said.reason.easy))
        assert "{" not in said.reason.ja + said.reason.en + said.reason.easy
