from dataclasses import replace

import numpy as np
import pytest

from yui.engines.projection.public import (
    KINDS,
    ProjectionError,
    RegionalTable,
    check_regional,
    wholes,
)

YEARS = (2020, 2025, 2030, 2035, 2040, 2045, 2050)


def made_up():
    """A table with as many rows of each kind as the official one."""
    chance = np.random.default_rng(1)
    codes, kinds = [], []
    towns = iter(range(KINDS["3"]))
    cities = iter(range(KINDS["2"]))
    for prefecture in range(1, 48):
        codes.append(f"{prefecture:02}000")
        kinds.append("a")
        if prefecture == 13:
            codes += [f"13{number}" for number in range(101, 124)]
            kinds += ["0"] * 23
        if prefecture <= 10:  # two designated cities, with 17 or 18 wards between them
            for city, wards in (("100", 9), ("130", 9 if prefecture <= 5 else 8)):
                codes.append(f"{prefecture:02}{city}")
                kinds.append("1")
                codes += [f"{prefecture:02}{int(city) + number}" for number in range(1, wards + 1)]
                kinds += ["0"] * wards
        if prefecture == 7:
            codes.append("07999")
            kinds.append("9")
        for first, kind, left in ((201, "2", cities), (301, "3", towns)):
            many = KINDS[kind] // 47 + (prefecture <= KINDS[kind] % 47)
            for number, _ in zip(range(many), left, strict=False):
                codes.append(f"{prefecture:02}{first + number}")
                kinds.append(kind)
    whole = np.array(wholes(codes, kinds))
    people = chance.integers(0, 900, (len(codes), len(YEARS), 4))
    people[..., 0] = people[..., 1:].sum(axis=-1)
    for kind in ("1", "a"):
        for row in [row for row, one in enumerate(kinds) if one == kind]:
            people[row] = people[whole == row].sum(axis=0)
    return RegionalTable(codes, kinds, YEARS, people), people[whole == -1].sum(axis=0)


@pytest.fixture(scope="module")
def official():
    return made_up()


def test_as_many_rows_as_were_published(official):
    table, _ = official
    assert len(table.codes) == sum(KINDS.values()) == 1_951
    assert sum(KINDS[kind] for kind in "0239") == 1_884
    assert KINDS["0"] == 23 + 175
    assert KINDS["3"] == 736 + 180


def test_a_sound_table_has_no_fault(official):
    table, nation = official
    assert check_regional(table, nation=nation, census=table.people[:, 0, 0]) == ()


def test_wards_are_parts_of_their_city_and_special_wards_of_tokyo():
    codes = ["13000", "13101", "14000", "14100", "14101", "14118", "14130", "14131", "14201"]
    assert wholes(codes, list("a0a100102")) == [-1, 0, -1, 2, 3, 3, 2, 6, 2]


def planted(table, row, year, measure, by):
    people = table.people.copy()
    people[row, year, measure] += by
    return replace(table, people=people)


def test_each_planted_fault_is_found(official):
    table, nation = official
    row = table.codes.index("13101")
    found = check_regional(planted(table, row, 2, 2, 50), nation=nation)
    assert {(fault.code, fault.where, fault.year) for fault in found} == {
        ("ages", "13101", 2030),
        ("parts", "13000", 2030),
    }
    prefecture = table.codes.index("47000")
    found = check_regional(planted(table, prefecture, 6, 3, 900), nation=nation)
    assert {fault.code for fault in found} == {"ages", "parts"}
    assert {fault.where for fault in found} == {"47000", "nation"}
    below = check_regional(planted(table, row, 1, 1, -2_000))
    assert "below_zero" in {fault.code for fault in below}


def test_sums_may_be_off_by_rounding_and_no_more(official):
    table, nation = official
    allowed = (len([row for row, of in enumerate(wholes(table.codes, table.kinds)) if of == -1]) + 1) // 2
    for by, faults in ((allowed, 0), (allowed + 1, 1)):
        off = nation.copy()
        off[3, 2] += by
        assert len(check_regional(table, nation=off)) == faults


def test_people_of_unknown_age_are_allowed_at_the_census_only(official):
    table, _ = official
    row = table.codes.index("13101")
    assert check_regional(planted(table, row, 0, 0, 9)) == ()
    assert [fault.code for fault in check_regional(planted(table, row, 0, 0, -9))] == ["ages_at_census"]
    assert [fault.code for fault in check_regional(planted(table, row, 1, 0, 9))] == ["ages"]


def test_the_census_is_where_it_begins(official):
    table, _ = official
    census = table.people[:, 0, 0].copy()
    census[5] += 1
    (fault,) = check_regional(table, census=census)
    assert (fault.code, fault.where, fault.expected - fault.found) == ("census", table.codes[5], 1)


def test_a_missing_row_is_missed(official):
    table, _ = official
    short = RegionalTable(table.codes[:-1], table.kinds[:-1], table.years, table.people[:-1])
    assert ("rows_of_kind", "3", 915) in {
        (fault.code, fault.where, fault.found) for fault in check_regional(short)
    }


def test_a_table_of_another_shape_is_refused(official):
    table, _ = official
    with pytest.raises(ProjectionError, match="people has the shape"):
        RegionalTable(table.codes, table.kinds, table.years, table.people[..., :3])
