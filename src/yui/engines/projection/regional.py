"""What must hold in the published table of the regional projections of 2023, before anything is worked out from it.

Source:
    国立社会保障・人口問題研究所, 日本の地域別将来推計人口（令和5（2023）年推計）, result tables 1 and 2-1 to 2-4: 1,884
    regions, their sums for the 20 designated cities and the 47 prefectures, 2020 to 2050 in steps of five years.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yui.engines.projection.errors import ProjectionError

KINDS = {"a": 47, "1": 20, "0": 198, "2": 769, "3": 916, "9": 1}
"""Rows of each kind: prefecture, designated city, ward, city, town or village, and the 13 of 浜通り together."""
MEASURES = ("total", "0-14", "15-64", "65+")


@dataclass(frozen=True)
class RegionalTable:
    """The table as it is read.

    Attributes:
        codes: Five digits for each row; the first two are the prefecture's.
        kinds: A key of :data:`KINDS` for each row.
        years: The first one is the census.
        people: Whole persons.

    Shape:
        ``people``: ``(rows, years, 4)``, the measures in the order of :data:`MEASURES`.
    """

    codes: Sequence[str]
    kinds: Sequence[str]
    years: Sequence[int]
    people: NDArray[np.integer]

    def __post_init__(self) -> None:
        expected = (len(self.codes), len(self.years), len(MEASURES))
        if self.people.shape != expected or len(self.kinds) != len(self.codes):
            raise ProjectionError("wrong_shape", what="people", shape=self.people.shape, expected=expected)


@dataclass(frozen=True)
class Fault:
    """Something in the table that cannot be.

    Attributes:
        code: ``rows_of_kind``, ``ages``, ``ages_at_census``, ``below_zero``, ``parts`` or ``census``.
        where: The kind, or the code of the row; ``nation`` for the country.
        year, measure: Where in the row; the fault of a whole row has neither.
        expected, found: What should be there, and what is.
    """

    code: str
    where: str
    year: int | None
    measure: str | None
    expected: int
    found: int


def check_regional(
    table: RegionalTable,
    *,
    nation: NDArray[np.integer] | None = None,
    census: NDArray[np.integer] | None = None,
) -> tuple[Fault, ...]:
    """What is wrong with the table; nothing, for the official one.

    Regions must add up to their designated city or prefecture and these to the nation, but for rounding: half a
    person for each that is added and for the sum. Ages must add up to the total; at the census some may have no age.

    Shape:
        ``nation``: ``(years, 4)``, the medium variant; ``census``: ``(rows,)``, people counted.
    """
    faults = []
    found = Counter(table.kinds)
    for kind in sorted({*KINDS, *found}):
        if found[kind] != KINDS.get(kind, 0):
            faults.append(Fault("rows_of_kind", kind, None, None, KINDS.get(kind, 0), found[kind]))
    people = table.people.astype(np.int64)
    ages = people[..., 1:].sum(axis=-1)
    off = ages != people[..., 0]
    off[:, 0] = ages[:, 0] > people[:, 0, 0]
    for row, year in np.argwhere(off):
        code = "ages" if year else "ages_at_census"
        expected, sums = int(people[row, year, 0]), int(ages[row, year])
        faults.append(Fault(code, table.codes[row], table.years[year], "total", expected, sums))
    for row, year, measure in np.argwhere(people < 0):
        value = int(people[row, year, measure])
        faults.append(Fault("below_zero", table.codes[row], table.years[year], MEASURES[measure], 0, value))
    if census is not None:
        for (row,) in np.argwhere(people[:, 0, 0] != census):
            faults.append(
                Fault(
                    "census",
                    table.codes[row],
                    table.years[0],
                    "total",
                    int(census[row]),
                    int(people[row, 0, 0]),
                )
            )
    whole_of = wholes(table.codes, table.kinds)
    for whole in sorted(set(whole_of)):
        parts = people[[row for row, of in enumerate(whole_of) if of == whole]]
        if whole < 0 and nation is None:
            continue
        expected_values = people[whole] if whole >= 0 else np.asarray(nation, np.int64)
        sums = parts.sum(axis=0)
        where = table.codes[whole] if whole >= 0 else "nation"
        for year, measure in np.argwhere(2 * np.abs(sums - expected_values) > len(parts) + 1):
            faults.append(
                Fault(
                    "parts",
                    where,
                    table.years[year],
                    MEASURES[measure],
                    int(expected_values[year, measure]),
                    int(sums[year, measure]),
                )
            )
    return tuple(faults)


def wholes(codes: Sequence[str], kinds: Sequence[str]) -> list[int]:
    """For each row the row that it is a part of; −1 for the prefectures, which are parts of the nation.

    A ward belongs to the designated city whose code comes last before its own; the special wards of Tokyo, where no
    such city is, to their prefecture.
    """
    prefectures = {
        code[:2]: row for row, (code, kind) in enumerate(zip(codes, kinds, strict=True)) if kind == "a"
    }
    cities = sorted(
        (code, row) for row, (code, kind) in enumerate(zip(codes, kinds, strict=True)) if kind == "1"
    )
    found = []
    for code, kind in zip(codes, kinds, strict=True):
        if kind == "a":
            found.append(-1)
            continue
        whole = prefectures[code[:2]]
        if kind == "0":
            before = [row for other, row in cities if other[:2] == code[:2] and other < code]
            whole = before[-1] if before else whole
        found.append(whole)
    return found
