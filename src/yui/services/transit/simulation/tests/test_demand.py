"""Days of demand: drawn by seed from who lives where, written to a trace and read back; mistakes by their line."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.services.transit.contracts import Wish
from yui.services.transit.simulation.demand import (
    TRACE_HEADINGS,
    DayOptions,
    make_day,
    read_trace,
    write_trace,
)
from yui.services.transit.simulation.surroundings import (
    HEADINGS,
    AgeGroup,
    PlaceKind,
    Spot,
    UnreadableFile,
    read_surroundings,
)
from yui.services.transit.simulation.tests.days import HALL, SPOTS, UPPER

ROW = "08:00,pickup_from,09:00,36.0,138.0,36.1,138.1,上,from_75,2,1,,yes"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), rides=st.integers(1, 200))
def test_a_day_has_as_many_rides_as_wanted_and_survives_a_trace(seed: int, rides: int) -> None:
    day = make_day(SPOTS, DayOptions(rides, seed, cancel_percent=20, no_show_percent=20))
    assert len(day) == rides
    assert day == make_day(SPOTS, DayOptions(rides, seed, cancel_percent=20, no_show_percent=20))
    assert read_trace(write_trace(day)) == day
    assert len({trip.id for trip in day}) == rides
    assert all(trip.origin != trip.destination for trip in day)


def test_who_is_older_asks_more_and_nobody_comes_from_where_nobody_lives() -> None:
    day = make_day(SPOTS, DayOptions(2_000, 1, cancel_percent=10, no_show_percent=5))
    ages = Counter(trip.age for trip in day)
    # 45 of 150 are 75 and older, and ask ten times as often as others of 65.
    assert ages[AgeGroup.FROM_75] > 2 * sum(ages[age] for age in AgeGroup if age != AgeGroup.FROM_75)
    assert {trip.area for trip in day} == {"上", "下"}
    assert 100 < sum(trip.cancelled is not None for trip in day) < 300
    assert 40 < sum(not trip.comes for trip in day) < 170
    assert all(trip.cancelled is None or trip.cancelled > trip.asked for trip in day)
    assert Counter(trip.wish for trip in day).keys() == set(Wish)


def test_no_day_where_nobody_lives_or_nothing_is() -> None:
    empty = (Spot(PlaceKind.HOME, "上", UPPER), Spot(PlaceKind.HALL, "役場", HALL))
    for spots in (empty, SPOTS[:2]):
        with pytest.raises(ValueError, match="lives there"):
            make_day(spots, DayOptions(10))
    with pytest.raises(ValueError, match="rides"):
        make_day(SPOTS, DayOptions(0))


def test_surroundings_are_read() -> None:
    rows = ["home,上,36.0,138.02,5,20,20,30,", "clinic,診療所,36.0,138.01,,,,,2.5"]
    home, clinic = read_surroundings("\n".join([",".join(HEADINGS), *rows]))
    assert (home.kind, home.name, home.residents) == (PlaceKind.HOME, "上", (5, 20, 20, 30))
    assert (clinic.kind, clinic.pull, clinic.residents) == (PlaceKind.CLINIC, 2.5, (0, 0, 0, 0))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("house,上,36,138,1,1,1,1,", "kind is none of"),
        ("home,,36,138,1,1,1,1,", "name is empty"),
        ("home,上,136,138,1,1,1,1,", "latitude is not on the earth"),
        ("home,上,x,138,1,1,1,1,", "latitude is no number"),
        ("home,上,36,138,-1,1,1,1,", "under_15 is less than 0"),
        ("shop,店,36,138,1,,,,", "only a place of kind home"),
        ("shop,店,36,138,,,,,-2", "pull is out of bounds"),
        ("shop,店,36,138,,,,,", "nobody lives here"),
        ("home,上,36,138,1,1,1,1,", "no place to go to"),
    ],
)
def test_a_mistake_in_surroundings_is_named(row: str, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read_surroundings(f"{','.join(HEADINGS)}\n{row}\n")


@pytest.mark.parametrize(
    ("cell", "value", "why"),
    [
        ("asked_at", "8", "asked_at is no time"),
        ("asked_at", "25:00", "asked_at is no time of a day"),
        ("wish", "soon", "wish is none of"),
        ("wished_at", "", "wished_at is no time"),
        ("origin_latitude", "north", "origin_latitude is no number"),
        ("age", "82", "age is none of"),
        ("seats", "0", "seats is less than 1"),
        ("wheelchairs", "3", "more than seats"),
        ("cancelled_at", "07:00", "cancelled_at is before asked_at"),
        ("came", "maybe", "came is none of"),
    ],
)
def test_a_mistake_in_a_trace_is_named_without_what_it_says(cell: str, value: str, why: str) -> None:
    cells = dict(zip(TRACE_HEADINGS, ROW.split(","), strict=True)) | {cell: value}
    text = f"{','.join(TRACE_HEADINGS)}\n{ROW}\n{','.join(cells.values())}\n"
    with pytest.raises(UnreadableFile, match=why) as refused:
        read_trace(text)
    assert refused.value.mistakes[0].startswith("line 3")
    assert len(refused.value.mistakes) == 1


def test_a_file_without_its_columns_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="column wish is missing"):
        read_trace("asked_at\n08:00\n")
    with pytest.raises(UnreadableFile, match="no row"):
        read_trace(",".join(TRACE_HEADINGS) + "\n")
