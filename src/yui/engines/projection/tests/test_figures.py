"""Figures that were published, recomputed to the digit to which they were rounded."""

from dataclasses import replace

import numpy as np
import pytest

from yui.engines.projection.public import (
    MEASURES,
    Joined,
    ProjectionError,
    Series,
    check_figure,
    compare,
    explain_ratio,
    extrapolate,
    fit_elasticity_of_change,
    join,
    need_by_people,
    steepness,
)
from yui.engines.projection.tests.figures import (
    AGES,
    COUNTED,
    IPSS_2017,
    IPSS_2023,
    NATION,
    YEARS,
    series,
)

MAN = 10_000


def in_man(people, digits=0):
    return round(people / MAN, digits)


# The eight identities of the outlook


@pytest.mark.parametrize(
    ("low", "high", "printed", "computed"),
    [
        (0, None, 10_469, 10_468.6),
        (15, 65, 5_540, 5_540.2),
        (65, 75, 1_455, 1_454.7),
        (15, 75, 6_995, 6_994.9),
    ],
)
def test_people_in_2050(low, high, printed, computed):
    people = series("", low, high).at(2050)
    assert in_man(people) == printed
    assert in_man(people, 1) == computed


@pytest.mark.parametrize(
    ("low", "high", "year", "counted", "digits", "less", "share", "share_digits"),
    [
        (15, 65, 2022, 7_421, 0, -1_881, -25, 0),
        (15, 65, 2022, 7_421, 1, -1_880.8, -25.3, 1),
        (15, 75, 2022, 9_108, 1, -2_113.1, -23, 0),
        (15, 75, 2022, 9_108, 1, -2_113.1, -23.2, 1),
        (0, None, 2008, 12_808, -1, -2_340, -18, 0),
        (0, None, 2008, 12_808, 1, -2_339.4, -18.3, 1),
    ],
)
def test_change_until_2050_since_a_count(low, high, year, counted, digits, less, share, share_digits):
    projected = series("people", low, high)
    actual = Series(COUNTED, "00000", "people", {year: counted * MAN, 2024: 1})
    change, of_it = join(actual, projected, projected_from=2025).change(year, 2050)
    assert in_man(change, digits) == less
    assert round(of_it * 100, share_digits) == share


def test_parts_of_2022_add_up():
    assert 7_421 + 1_687 == 9_108


def test_no_age_is_lost():
    assert (
        AGES.total(NATION, 0, 15) + AGES.total(NATION, 15, 65) + AGES.total(NATION, 65) == NATION.sum(1)
    ).all()


def test_bounds_inside_a_group_are_refused():
    with pytest.raises(ProjectionError, match="16 is no bound"):
        AGES.total(NATION, 16, 65)


# Regions

HOKKAIDO = {2020: (5224614, 556526, 2988800, 1679288), 2050: (3820016, 324909, 1867276, 1627831)}
SAPPORO_2050 = (1745608, 156097, 902487, 687024)
YUBARI = {2020: (7334, 411, 3095, 3828), 2050: (2154, 82, 798, 1274)}


@pytest.mark.parametrize("row", [*HOKKAIDO.values(), SAPPORO_2050, *YUBARI.values()])
def test_ages_of_a_region_add_up(row):
    assert dict(zip(MEASURES, row, strict=True))["total"] == sum(row[1:])


def test_a_point_of_the_prefectures():
    (_, _, working, old), (_, _, working_then, old_then) = HOKKAIDO.values()
    assert round((working_then / working - 1) * 100, 1) == -37.5
    assert round((old_then / old - 1) * 100, 1) == -3.1


# Releases do not mix

IN_2017 = Series(IPSS_2017, "00000", "people", {2040: 11_092 * MAN, 2045: 10_642 * MAN})


@pytest.mark.parametrize(("year", "right", "wrong"), [(2040, 11_284, 11_092), (2045, 10_880, 10_642)])
def test_a_figure_of_another_release_is_refused(year, right, wrong):
    held = series("people")
    check_figure(held, year, right, unit=MAN)
    with pytest.raises(ProjectionError, match=r"It is a figure of IPSS 2017") as error:
        check_figure(held, year, wrong, unit=MAN, others=[IN_2017])
    assert error.value.code == "other_figure"
    with pytest.raises(ProjectionError, match="Name the release"):
        check_figure(held, year, wrong, unit=MAN)


def test_a_series_takes_only_its_own_release():
    held = series("people")
    with pytest.raises(ProjectionError, match="cannot take values of IPSS 2017"):
        held.extended(IPSS_2017, {2055: 1})
    with pytest.raises(ProjectionError, match="2040 is given twice"):
        held.extended(IPSS_2023, {2040: 11_092 * MAN})
    assert held.extended(IPSS_2023, {2055: 99_000_000}).at(2055) == 99_000_000
    with pytest.raises(ProjectionError, match="no value for 2055"):
        held.at(2055)


def test_a_joint_has_no_gap_and_two_sides():
    counted = Series(COUNTED, "00000", "people", {2022: 74_210_000, 2024: 73_728_000})
    projected = series("people", 15, 65)
    joined = join(counted, projected, projected_from=2025)
    assert isinstance(joined, Joined)
    assert joined.at(2025) == projected.at(2025)
    assert joined.at(2024) == 73_728_000
    with pytest.raises(ProjectionError, match="2023 is in neither"):
        join(counted, projected, projected_from=2024)
    with pytest.raises(ProjectionError, match="cannot take"):
        join(projected, projected, projected_from=2025)
    with pytest.raises(ProjectionError, match="cannot take"):
        join(counted, Series(IPSS_2023, "01000", "people", {2025: 1}), projected_from=2025)


# Everything goes on as between 2020 and 2025, children for each person of 20 to 44


@pytest.mark.parametrize(
    ("year", "total", "working", "old"),
    [(2030, -0.5, -0.4, -0.7), (2040, -2.3, -1.4, -2.9), (2050, -4.1, -3.4, -4.3)],
)
def test_going_on_as_before_falls_short_of_the_official_projection(year, total, working, old):
    people = NATION[:, None, None, :].astype(float)
    course = extrapolate(people[0], people[1], 5, ages=replace(AGES, bearing=(20, 45)))[:, 0, 0]
    step = YEARS.index(year)
    off = [
        (AGES.total(course[step - 1], *ages) / AGES.total(NATION[step], *ages) - 1) * 100
        for ages in ((0, None), (15, 65), (65, None))
    ]
    assert off == pytest.approx(
        [total, working, old], abs=0.055
    )  # one lies at −0.346 and was printed as −0.4


# Need against supply


def test_care_workers():
    years, need = (2023, 2025, 2040), (2_328_460, 2_426_079, 2_802_578)
    gaps = compare(years, need, (2_182_387, 2_205_248, 2_153_892), base=2_105_877)
    assert [gap.more_than_base for gap in gaps] == [222_583, 320_202, 696_701]
    assert gaps[-1].missing == 648_686


def test_local_staff_in_2045():
    (gap,) = compare([2045], [83.9], [65.4], base=1)
    assert round(gap.fill * 100, 1) == 77.9  # printed 78.0, from figures that were not yet rounded
    assert 65.35 / 83.95 < 0.780 < 65.45 / 83.85


@pytest.mark.parametrize(
    ("people", "staff", "ratio", "elasticity"), [(-9.2, -9.1, 0.99, 0.989), (-37.0, -24.2, 0.65, 0.600)]
)
def test_elasticity_of_staff(people, staff, ratio, elasticity):
    """The ratio of the two percentages is no elasticity where changes are large: as a power it misses the staff."""
    assert round(staff / people, 2) == ratio
    fit = fit_elasticity_of_change(1, 1 + people / 100, 1, 1 + staff / 100)
    assert round(fit.value, 3) == elasticity
    need = need_by_people(100, np.array([1, 1 + people / 100]), fit.value)
    assert need[1] == pytest.approx(100 + staff)


@pytest.mark.parametrize(
    ("applicants", "hired", "printed"),
    [(46_156, 3_683, 12.5), (47_661, 17_029, 2.8), (121_132, 35_981, 3.4)],
)
def test_applicants_for_each_teacher(applicants, hired, printed):
    assert round(explain_ratio((applicants, 1), (hired, 1)).before, 1) == printed


def test_teachers_ratio_fell_because_hiring_rose():
    change = explain_ratio((46_156, 47_661), (3_683, 17_029))
    assert change.by_lower > 1  # applicants rose a little: on their own they would have raised it
    assert change.by_upper < 0
    assert change.by_upper + change.by_lower == pytest.approx(1)


def test_drivers():
    assert round((231_938 / 291_516 - 1) * 100, 1) == -20.4


def test_drivers_missing_in_2040():
    (gap,) = compare([2040], [413.2], [413.2 - 99.8], base=0)
    assert round(gap.missing, 1) == 99.8
    assert round(gap.missing_share * 100, 1) == 24.2


# Printed thresholds of services


@pytest.mark.parametrize(
    ("half", "four_fifths", "slope"),
    [
        (3_500, 5_500, 3.1),
        (17_500, 22_500, 5.5),
        (22_500, 27_500, 6.9),
        (77_500, 92_500, 7.8),
        (17_500, 42_500, 1.6),
    ],
)
def test_steepness_of_printed_thresholds(half, four_fifths, slope):
    assert round(steepness(half, four_fifths), 1) == slope
