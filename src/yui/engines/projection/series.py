"""Series that say which release they are from, and refuse figures of another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from yui.engines.projection.errors import ProjectionError


@dataclass(frozen=True)
class Release:
    """Where figures come from. Two that differ in anything cannot stand in one series.

    Attributes:
        name: Of the statistic and its edition, for example ``IPSS 2023``.
        variant: For example ``medium fertility, medium mortality``; empty for counts.
        base_year: Of the last count that it rests on.
        population: Who is counted, for example ``total, foreigners included``.
        projected: Whether the figures are projected or counted.
    """

    name: str
    variant: str
    base_year: int
    population: str
    projected: bool = True

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.variant, f"base {self.base_year}", self.population)))


@dataclass(frozen=True)
class Series:
    """Figures of one release.

    Attributes:
        release: Of all of them.
        area: Of which place, by its code.
        measure: What is counted, for example ``people of 15 to 64``.
        values: By year.
    """

    release: Release
    area: str
    measure: str
    values: Mapping[int, float]

    def at(self, year: int) -> float:
        """The value of a year.

        Raises:
            ProjectionError: there is none.
        """
        if year not in self.values:
            raise ProjectionError("unknown_year", held=self.release, year=year, years=sorted(self.values))
        return self.values[year]

    def extended(self, release: Release, values: Mapping[int, float]) -> "Series":
        """With more years of the same release.

        Raises:
            ProjectionError: the values are of another release, or a year is there already.
        """
        if release != self.release:
            raise ProjectionError("other_release", held=self.release, given=release)
        for year in values:
            if year in self.values:
                raise ProjectionError("year_twice", year=year)
        return replace(self, values={**self.values, **values})


@dataclass(frozen=True)
class Joined:
    """Counts continued by a projection, with the year from which it is projected."""

    counted: Series
    projected: Series
    projected_from: int

    def at(self, year: int) -> float:
        """The count before the joint, the projection from it on."""
        return (self.projected if year >= self.projected_from else self.counted).at(year)

    def change(self, since: int, until: int) -> tuple[float, float]:
        """By how much, and by what share of the earlier value, it changes between two years."""
        before, after = self.at(since), self.at(until)
        return after - before, after / before - 1


def join(counted: Series, projected: Series, *, projected_from: int) -> Joined:
    """One line of two series of the same thing.

    Raises:
        ProjectionError: they are about different things, or a year at the joint is in neither.
    """
    if (counted.area, counted.measure) != (projected.area, projected.measure) or counted.release.projected:
        raise ProjectionError("other_release", held=counted.release, given=projected.release)
    for series, year in ((counted, projected_from - 1), (projected, projected_from)):
        if year not in series.values:
            raise ProjectionError(
                "join_gap", actual=max(counted.values), projected=min(projected.values), year=year
            )
    return Joined(counted, projected, projected_from)


def check_figure(
    held: Series, year: int, printed: float, *, unit: int = 1, others: Iterable[Series] = ()
) -> None:
    """Refuses a printed figure that is said to be of a release and is not.

    Args:
        held: The series of that release.
        year: Of the figure.
        printed: In units; 11,284 with a unit of 10,000 for 112.84 million.
        unit: How many people are one.
        others: Series of other releases, to say whose figure it is.

    Raises:
        ProjectionError: it differs from the series by more than rounding.
    """
    if abs(held.at(year) / unit - printed) <= 0.5:
        return
    owners = [
        str(one.release)
        for one in others
        if year in one.values and abs(one.values[year] / unit - printed) <= 0.5
    ]
    hint = f"It is a figure of {' and '.join(owners)}." if owners else "Name the release that it is from."
    raise ProjectionError(
        "other_figure",
        given=f"{printed:,g}",
        year=year,
        held=held.release,
        published=f"{held.at(year) / unit:,.1f}",
        hint=hint,
    )
