"""From a seed to the sample prefecture: districts of about 2,500 people, one after the other.

A district is generated from the seed and its position alone, so that memory stays flat at any
size, any district can be made again on its own, and the result is the same byte for byte on every
machine (no clock, no hash order, no transcendental function).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from yui.shell.sample.biography import Biographies, Calendar
from yui.shell.sample.composition import Composition
from yui.shell.sample.figures import age_counts, people_before, share_of
from yui.shell.sample.geography import Municipality, municipalities
from yui.shell.sample.naming import Names
from yui.shell.sample.numbers import Numbers
from yui.shell.sample.record import RecordWriter, days_as_text
from yui.shell.sample.story import story_households
from yui.shell.sample.structures import Household, Person

DEFAULT_SEED = 2026
DEFAULT_DAY = date(2026, 10, 1)
DEFAULT_RESIDENTS = sum(place.residents for place in municipalities())
LEAST_RESIDENTS = 3_000
"""Below this the smallest village cannot hold its hand-written households."""

_DISTRICT = 2_500
_OLDEST_DAY = date(1895, 1, 1)
_BEDS = 80
# Beds in homes for the elderly per resident of 75 and more.
_BEDS_PER_ELDER = 0.045


@dataclass(frozen=True)
class District:
    """A piece of a municipality: its households, complete and numbered."""

    index: int
    households: list[Household]


@dataclass(frozen=True)
class Plan:
    """How many people each municipality gets, and the number of its first."""

    seed: int
    on: date
    residents: tuple[int, ...]

    @classmethod
    def of(cls, seed: int = DEFAULT_SEED, residents: int | None = None, on: date = DEFAULT_DAY) -> "Plan":
        """Divide `residents` over the municipalities in proportion to their default sizes.

        Raises:
            ValueError: fewer residents than the sample needs.
        """
        total = DEFAULT_RESIDENTS if residents is None else residents
        if total < LEAST_RESIDENTS:
            raise ValueError(
                f"The sample prefecture needs at least {LEAST_RESIDENTS:,} residents, not {total:,}: its smallest "
                "village would otherwise lose the households of the demo. Ask for more."
            )
        sizes = [place.residents * total // DEFAULT_RESIDENTS for place in municipalities()]
        sizes[0] += total - sum(sizes)
        return cls(seed, on, tuple(sizes))


class Roll:
    """The residents of one municipality of a plan, generated district by district."""

    def __init__(self, plan: Plan, place: Municipality, names: Names) -> None:
        """Prepare a municipality; nothing is generated yet."""
        self._names = names
        self.plan = plan
        self.place = place
        self.position = municipalities().index(place)
        self.residents = plan.residents[self.position]
        self.first_serial = sum(plan.residents[: self.position])
        self.districts = max(1, round(self.residents / _DISTRICT))
        self.counts = age_counts(place.slug, self.residents, plan.on.year)

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar(self.plan.on)

    @cached_property
    def _biographies(self) -> Biographies:
        return Biographies(self.plan.seed, self.place, self._names, self._calendar)

    @cached_property
    def records(self) -> RecordWriter:
        """The writer of this municipality's lines."""
        return RecordWriter(
            self.place,
            self.position,
            Numbers(self.plan.seed * 7_777_777),
            self.first_serial,
            days_as_text(_OLDEST_DAY, self.plan.on),
            _OLDEST_DAY.toordinal(),
        )

    def _beds(self, index: int) -> int:
        """Return the beds of the home in a district: whole homes, spread evenly over the districts."""
        elders = sum(sum(column[75:]) for column in self.counts)
        wanted = int(elders * _BEDS_PER_ELDER)
        homes = round(wanted / _BEDS)
        if not homes:
            return 0
        here = homes * (index + 1) // self.districts - homes * index // self.districts
        return here * _BEDS

    def district(self, index: int) -> District:
        """Generate one district."""
        rng = Random(f"{self.plan.seed}/{self.place.slug}/{index}")  # noqa: S311 (reproducible, nothing secret)
        stock = share_of(self.counts, index, self.districts)
        stories = story_households(self.place, self._calendar, stock, rng) if index == 0 else []
        households = stories + Composition(stock, self.place, rng).compose(self._beds(index))
        self._biographies.write(households, index, self.districts, rng)
        serial = people_before(self.counts, index, self.districts) + 1
        for household in households:
            serial = self.records.number(household, serial)
        return District(index, households)

    def serial(self, person: Person) -> int:
        """Return the serial of a numbered person in the whole prefecture."""
        return self.first_serial + self.records.serial(person.number)

    def children_of(self, household: Household) -> list[Person]:
        """Return the children a household receives the child allowance for."""
        return self._biographies.children_of(household)

    def all_districts(self) -> Iterator[District]:
        """Generate all districts in turn."""
        for index in range(self.districts):
            yield self.district(index)


def generate(seed: int = DEFAULT_SEED, residents: int | None = None, on: date = DEFAULT_DAY) -> list[Roll]:
    """Return the municipalities of the sample, largest first; people are made while they are read.

    Args:
        seed: same seed, same people.
        residents: size of the prefecture; by default the sizes of `data/municipalities.csv`.
        on: the day on which the register stands.

    Raises:
        ValueError: fewer residents than the sample needs.

    Example:
        >>> [roll.residents for roll in generate(seed=1)]
        [60000, 12000, 3000, 600]
    """
    plan = Plan.of(seed, residents, on)
    names = Names(seed)
    return [Roll(plan, place, names) for place in municipalities()]
