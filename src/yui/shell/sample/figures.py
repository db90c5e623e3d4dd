"""Ages and sexes of the sample's municipalities, from published figures.

The census gives the shape of 2020 for municipalities of the same size; the national table moves
every age band to the year of the sample. Both are small files in `data/` (sources: its README).
"""

import csv
from functools import cache
from importlib.resources import files
from itertools import pairwise

OLDEST = 104
"""Highest age given to anyone; the open band 100+ is spread over 100 to 104."""

# How the open band 100+ thins out; close to the survival of the life table at these ages.
_CENTENARIANS = (0.50, 0.26, 0.13, 0.07, 0.04)

AgeCounts = tuple[list[int], list[int]]
"""Residents by completed age 0..OLDEST: men, women."""


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file of this package."""
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _national() -> dict[int, list[int]]:
    rows = read_table("national_ages.csv")
    return {int(row.pop("year")): [int(value) for value in row.values()] for row in rows}


def national_growth(year: int) -> list[float]:
    """Return, for each band 0-4 … 80-84, 85+, the nation's people in `year` per one of 2020."""
    table = _national()
    years = sorted(table)
    year = min(max(year, years[0]), years[-1])
    growth: list[float] = []
    for before, after in pairwise(years):
        if before <= year <= after:
            part = (year - before) / (after - before)
            growth = [
                (low + (high - low) * part) / base
                for low, high, base in zip(table[before], table[after], table[years[0]], strict=True)
            ]
            break
    return growth


def band_weights(profile: str, year: int) -> tuple[list[float], list[float]]:
    """Return the weight of each of the 21 five-year bands (0-4 … 100+) for men and women."""
    growth = national_growth(year)
    weights: list[list[float]] = []
    for sex in ("1", "2"):
        row = next(r for r in read_table("age_profiles.csv") if r["profile"] == profile and r["sex"] == sex)
        counts = [int(value) for key, value in row.items() if key not in ("profile", "municipalities", "sex")]
        weights.append([count * growth[min(band, 17)] for band, count in enumerate(counts)])
    return weights[0], weights[1]


def _single_years(bands: list[float]) -> list[float]:
    """Spread five-year bands over single years, leaning each band towards its neighbours."""
    years: list[float] = []
    for band, total in enumerate(bands[:-1]):
        before = bands[band - 1] if band else total
        after = bands[band + 1]
        slope = max(-0.4, min(0.4, (after - before) / (10 * total))) if total else 0.0
        if band == 19:
            slope = -0.4
        years += [total / 5 * (1 + slope * (step - 2)) for step in range(5)]
    return years + [bands[-1] * share for share in _CENTENARIANS]


def age_counts(profile: str, residents: int, year: int) -> AgeCounts:
    """Return whole numbers of men and women by age that add up to exactly `residents`."""
    men, women = band_weights(profile, year)
    cells = _single_years(men) + _single_years(women)
    scale = residents / sum(cells)
    exact = [cell * scale for cell in cells]
    counts = [int(value) for value in exact]
    by_remainder = sorted(range(len(cells)), key=lambda cell: (counts[cell] - exact[cell], cell))
    for cell in by_remainder[: residents - sum(counts)]:
        counts[cell] += 1
    return counts[: OLDEST + 1], counts[OLDEST + 1 :]


def share_of(counts: AgeCounts, part: int, parts: int) -> AgeCounts:
    """Return one of `parts` nearly equal shares of `counts`; all shares add up to it exactly."""
    shares: list[list[int]] = []
    cell = 0
    for column in counts:
        share = []
        for count in column:
            # A phase of its own for every cell, or all rare ages would end up in the last share.
            phase = cell * 7919 % parts
            share.append((count * (part + 1) + phase) // parts - (count * part + phase) // parts)
            cell += 1
        shares.append(share)
    return shares[0], shares[1]


def people_before(counts: AgeCounts, part: int, parts: int) -> int:
    """Return how many people the shares before `part` hold together."""
    cells = [count for column in counts for count in column]
    return sum((count * part + cell * 7919 % parts) // parts for cell, count in enumerate(cells))
