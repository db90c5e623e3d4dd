"""What comes to the counter of a municipality on a day: births, deaths and moves, as plain data.

Rates: births follow the youngest band of the age table, deaths the yearly chances below, moves
the national mobility of about four in a hundred a year between municipalities. Every household
has at most one event, so that days can be played in any number without contradicting the register
as it stood on the day of the sample.

Sources:
    Chances of death: survival between 2020 and 2025 of the national projection
    (`data/national_ages.csv`), split over the open band. Mobility: Report on Internal Migration
    (5.2 million moves between municipalities a year).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from yui.kernel.calendar.public import is_business_day
from yui.shell.sample.composition import MAN, WOMAN, step
from yui.shell.sample.figures import OLDEST
from yui.shell.sample.generator import DEFAULT_DAY, Plan, Roll
from yui.shell.sample.geography import Municipality, Town, municipality, towns
from yui.shell.sample.housing import invented_places
from yui.shell.sample.naming import Name, Names
from yui.shell.sample.structures import Household, Person

_DEATHS_A_YEAR = (
    (0, 0.0018), (1, 0.0001), (15, 0.0003), (30, 0.0005), (40, 0.001), (50, 0.0028), (55, 0.0044), (60, 0.0068),
    (65, 0.0108), (70, 0.0167), (75, 0.0286), (80, 0.05), (85, 0.09), (90, 0.16), (95, 0.28), (100, 0.38),
)  # fmt: skip
_MORE_MEN = {MAN: 1.35, WOMAN: 0.75}
_HIGHEST_CHANCE = 0.6
# Households that leave, arrive and change address a year, for each household there is.
_LEAVE, _ARRIVE, _CHANGE_ADDRESS = 0.046, 0.042, 0.030
_READINESS_TO_MOVE = ((0, 0.0), (18, 0.9), (22, 1.0), (30, 0.55), (40, 0.22), (50, 0.12), (65, 0.06))
# Share of a year's moves by month: school and work begin in April.
_MONTHS = (0.70, 0.85, 2.20, 1.70, 0.85, 0.80, 0.90, 0.90, 0.85, 0.85, 0.70, 0.70)
_OFFICE_DAYS = 243
_MOTHERS = (
    (0, 0.0),
    (18, 0.06),
    (22, 0.3),
    (25, 0.8),
    (28, 1.0),
    (34, 0.7),
    (38, 0.3),
    (42, 0.05),
    (44, 0.0),
)
_TRIES = 4_000


@dataclass(frozen=True, kw_only=True)
class Place:
    """An address in the municipality."""

    town_code: str
    town: str
    block: str
    building: str
    postal_code: str


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody who enters the register; `relationship` is the code, with the text beside it."""

    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    sex: str
    born_on: date
    relationship: str
    relationship_text: str
    domicile: str
    domicile_head: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A member's place in the household after a change."""

    person_number: str
    relationship: str
    relationship_text: str


@dataclass(frozen=True, kw_only=True)
class Birth:
    """A child is born to a couple of the register (出生)."""

    on: date
    notified_on: date
    household_number: str
    mother_number: str
    father_number: str
    child: Newcomer


@dataclass(frozen=True, kw_only=True)
class Death:
    """A resident dies (死亡); `remaining` is the household afterwards, the new head first."""

    on: date
    notified_on: date
    household_number: str
    person_number: str
    head_died: bool
    remaining: tuple[Standing, ...]


@dataclass(frozen=True, kw_only=True)
class MoveIn:
    """A household arrives from another municipality (転入)."""

    on: date
    notified_on: date
    previous_address: str
    place: Place
    people: tuple[Newcomer, ...]


@dataclass(frozen=True, kw_only=True)
class MoveOut:
    """People leave for another municipality (転出); never the head alone."""

    on: date
    notified_on: date
    household_number: str
    person_numbers: tuple[str, ...]
    destination: str


@dataclass(frozen=True, kw_only=True)
class MoveWithin:
    """A household changes its address inside the municipality (転居)."""

    on: date
    notified_on: date
    household_number: str
    person_numbers: tuple[str, ...]
    place: Place


Event = Birth | Death | MoveIn | MoveOut | MoveWithin


def day_of_events(
    seed: int,
    municipality_code: str,
    on: date,
    residents: int | None = None,
    since: date = DEFAULT_DAY,
) -> list[Event]:
    """Return what is notified in a municipality of the sample on a day.

    Args:
        seed: of the sample.
        municipality_code: code or slug of the municipality.
        on: the day; a day up to `since` has no events.
        residents: size of the prefecture the sample was made with.
        since: the day of the sample.

    Raises:
        LookupError: the sample has no such municipality.
        ValueError: fewer residents than the sample needs.
    """
    place = municipality(municipality_code)
    return _course(seed, place.slug, residents, since).day(on)


@lru_cache(maxsize=8)
def _course(seed: int, slug: str, residents: int | None, since: date) -> "Course":
    plan = Plan.of(seed, residents, since)
    return Course(Roll(plan, municipality(slug), Names(seed)))


class Course:
    """The days of one municipality after the day of the sample, in order."""

    def __init__(self, roll: Roll) -> None:
        """Read the register once; a day costs little after that."""
        self._roll = roll
        self._place: Municipality = roll.place
        self._names = Names(roll.plan.seed)
        self._homes = [
            home
            for district in roll.all_districts()
            for home in district.households
            # The people of the story are left for the demo to act with.
            if not home.story and not home.protected
        ]
        # Nothing here is secret; the same seed has to give the same days.
        lore = Random(f"{roll.plan.seed}/{self._place.slug}/elsewhere")  # noqa: S311
        self._elsewhere = invented_places(self._place, 300, 0.0, lore)
        self._busy: set[int] = set()
        self._days: list[list[Event]] = []
        men, women = roll.counts
        self._births_a_year = (sum(men[:5]) + sum(women[:5])) / 5
        self._deaths_a_year = sum(
            column[age] * step(_DEATHS_A_YEAR, age) * _MORE_MEN[sex]
            for sex, column in ((MAN, men), (WOMAN, women))
            for age in range(OLDEST + 1)
        )

    def day(self, on: date) -> list[Event]:
        """Return the events of a day, playing all days before it."""
        position = (on - self._roll.plan.on).days - 1
        if position < 0:
            return []
        while len(self._days) <= position:
            day = self._roll.plan.on + timedelta(days=len(self._days) + 1)
            self._days.append(list(self._events(day)))
        return self._days[position]

    def _events(self, day: date) -> Iterator[Event]:
        rng = Random(f"{self._roll.plan.seed}/{self._place.slug}/{day.isoformat()}")  # noqa: S311
        for _ in range(_count(self._births_a_year / 365, rng)):
            yield from self._birth(day, rng)
        for _ in range(_count(self._deaths_a_year / 365, rng)):
            yield from self._death(day, rng)
        if not is_business_day(day):
            return
        # People come to the counter when it is open: a year's moves on its office days.
        moves = len(self._homes) * _MONTHS[day.month - 1] / _OFFICE_DAYS
        for _ in range(_count(moves * _ARRIVE, rng)):
            yield self._move_in(day, rng)
        for _ in range(_count(moves * _LEAVE, rng)):
            yield from self._move_out(day, rng)
        for _ in range(_count(moves * _CHANGE_ADDRESS, rng)):
            yield from self._move_within(day, rng)

    def _free_home(self, rng: Random) -> Household | None:
        home = self._homes[int(rng.random() * len(self._homes))]
        return None if home.number in self._busy else home

    def _birth(self, day: date, rng: Random) -> Iterator[Birth]:
        for _ in range(_TRIES):
            home = self._free_home(rng)
            if home is None or home.kind not in ("couple", "family"):
                continue
            father, mother = home.members[:2]
            if mother.nationality != "JPN" or father.nationality != "JPN" or mother.role != "spouse":
                continue
            youngest = max((person.born for person in home.members[2:]), default=0)
            if (
                mother.sex != WOMAN
                or rng.random() > step(_MOTHERS, mother.age)
                or day.toordinal() - youngest < 480
            ):
                continue
            self._busy.add(home.number)
            sex = MAN if rng.random() < 0.513 else WOMAN
            given, given_kana = self._given(sex, day.year, rng)
            # A birth is to be notified within 14 days (戸籍法 第四十九条第一項).
            born_on = day - timedelta(days=rng.randrange(0, 14))
            child = Newcomer(
                family_name=father.family,
                given_name=given,
                family_kana=father.family_kana,
                given_kana=given_kana,
                sex=str(sex),
                born_on=born_on,
                relationship="child",
                relationship_text="子",
                domicile=father.domicile,
                domicile_head=father.domicile_head,
            )
            yield Birth(
                on=born_on,
                notified_on=day,
                household_number=str(home.number),
                mother_number=str(mother.number),
                father_number=str(father.number),
                child=child,
            )
            return

    def _death(self, day: date, rng: Random) -> Iterator[Death]:
        for _ in range(_TRIES):
            home = self._free_home(rng)
            if home is None:
                continue
            person = home.members[int(rng.random() * len(home.members))]
            chance = step(_DEATHS_A_YEAR, person.age) * _MORE_MEN[person.sex]
            if rng.random() * _HIGHEST_CHANCE > chance:
                continue
            rest = [member for member in home.members if member is not person]
            if rest and not any(member.age >= 18 for member in rest):
                continue
            self._busy.add(home.number)
            yield Death(
                # To be notified within seven days of knowing it (戸籍法 第八十六条第一項).
                on=day - timedelta(days=rng.randrange(0, 7)),
                notified_on=day,
                household_number=str(home.number),
                person_number=str(person.number),
                head_died=person.role == "head",
                remaining=_after(home, person, rest),
            )
            return

    def _move_out(self, day: date, rng: Random) -> Iterator[MoveOut]:
        found = self._mover(rng)
        if found is None:
            return
        home, person = found
        alone = person.role == "grown_child" and len(home.members) > 2 and home.kind == "grown_children"
        leaving = [person] if alone else home.members
        yield MoveOut(
            on=day,
            notified_on=day,
            household_number=str(home.number),
            person_numbers=tuple(str(member.number) for member in leaving),
            destination=rng.choice(self._elsewhere),
        )

    def _move_within(self, day: date, rng: Random) -> Iterator[MoveWithin]:
        found = self._mover(rng)
        if found is None:
            return
        home, _ = found
        yield MoveWithin(
            on=day - timedelta(days=rng.randrange(0, 14)),
            notified_on=day,
            household_number=str(home.number),
            person_numbers=tuple(str(member.number) for member in home.members),
            place=self._address(rng),
        )

    def _mover(self, rng: Random) -> tuple[Household, Person] | None:
        for _ in range(_TRIES):
            home = self._free_home(rng)
            if home is None or home.kind in ("institution", "dormitory", "three_generations"):
                continue
            person = home.members[int(rng.random() * len(home.members))]
            if rng.random() < step(_READINESS_TO_MOVE, person.age):
                self._busy.add(home.number)
                return home, person
        return None

    def _move_in(self, day: date, rng: Random) -> MoveIn:
        surnames = self._names.surnames
        family = surnames[int(rng.random() * len(surnames))]
        domicile = rng.choice(self._elsewhere)
        age = 19 + int(rng.random() * rng.random() * 50)
        sex = MAN if rng.random() < 0.53 else WOMAN
        shape: list[tuple[int, int, str, str]] = [(sex, age, "head", "世帯主")]
        chance = rng.random()
        if chance > 0.62 and age >= 22:
            shape[0] = (MAN, age, "head", "世帯主")
            wife = max(20, age - rng.randrange(-3, 6))
            shape.append((WOMAN, wife, "spouse", "妻"))
            if chance > 0.80 and 24 <= wife <= 46:
                for child in sorted(
                    rng.sample(range(min(16, wife - 20)), 1 + (chance > 0.9 and wife > 25)), reverse=True
                ):
                    shape.append((MAN if rng.random() < 0.51 else WOMAN, child, "child", "子"))
        people: list[Newcomer] = []
        head = ""
        for person_sex, years, relationship, text in shape:
            given, given_kana = self._given(person_sex, day.year - years, rng)
            head = head or f"{family[0]}　{given}"
            people.append(
                Newcomer(
                    family_name=family[0],
                    given_name=given,
                    family_kana=family[1],
                    given_kana=given_kana,
                    sex=str(person_sex),
                    born_on=day - timedelta(days=int(years * 365.2425) + 20 + rng.randrange(300)),
                    relationship=relationship,
                    relationship_text=text,
                    domicile=domicile,
                    domicile_head=head,
                )
            )
        return MoveIn(
            # To be notified within 14 days of moving (住民基本台帳法 第二十二条第一項).
            on=day - timedelta(days=rng.randrange(0, 14)),
            notified_on=day,
            previous_address=domicile if rng.random() < 0.3 else rng.choice(self._elsewhere),
            place=self._address(rng),
            people=tuple(people),
        )

    def _given(self, sex: int, year: int, rng: Random) -> Name:
        table = self._names.given_table(sex, year)
        return table[int(rng.random() * len(table))]

    def _address(self, rng: Random) -> Place:
        places = towns(self._place.slug)
        town: Town = rng.choices(places, [town.weight for town in places])[0]
        # Numbers the generator seldom reaches, so that movers mostly find an empty plot.
        block = (
            f"{rng.randrange(61, 84)}番{rng.randrange(1, 27)}号"
            if town.residential
            else f"{rng.randrange(2100, 2300)}番地{rng.randrange(1, 10)}"
        )
        return Place(
            town_code=town.code, town=town.name, block=block, building="", postal_code=town.postal_code
        )


def _count(mean: float, rng: Random) -> int:
    """Return how many of many unlikely things happen, `mean` on average."""
    chances = 4 * int(mean) + 8
    return sum(rng.random() < mean / chances for _ in range(chances))


_AFTER_HEAD = {
    # The role seen from the head who left, and from the spouse who now heads the household.
    "child": ("child", "子", "子"),
    "grown_child": ("child", "子", "子"),
    "childs_spouse": ("other_relative", "子の夫", "子の妻"),
    "grandchild": ("grandchild", "子の子", "子の子"),
    "parent": ("other_relative", "夫の父", "夫の母"),
    "parents_spouse": ("other_relative", "夫の父", "夫の母"),
}


def _after(home: Household, gone: Person, rest: list[Person]) -> tuple[Standing, ...]:
    """Return the members after `gone` left: unchanged unless the head is gone."""
    if not rest:
        return ()
    if gone.role != "head":
        return tuple(_standing(person) for person in rest)
    spouse = next((person for person in rest if person.role == "spouse"), None)
    if spouse is not None:
        standings = [
            Standing(person_number=str(spouse.number), relationship="head", relationship_text="世帯主")
        ]
        for person in rest:
            if person is not spouse:
                code, his, hers = _AFTER_HEAD.get(person.role, ("other_relative", "縁故者", "縁故者"))
                text = his if person.sex == MAN else hers
                standings.append(
                    Standing(person_number=str(person.number), relationship=code, relationship_text=text)
                )
        return tuple(standings)
    head = max(
        rest, key=lambda person: (person.age >= 18, person.role in ("grown_child", "child"), person.age)
    )
    standings = [Standing(person_number=str(head.number), relationship="head", relationship_text="世帯主")]
    siblings = ("child", "grown_child") if head.role in ("child", "grown_child") else ()
    words = {(MAN, True): "兄", (MAN, False): "弟", (WOMAN, True): "姉", (WOMAN, False): "妹"}
    for person in rest:
        if person is head:
            continue
        if person.role in siblings:
            code, text = "sibling", words[person.sex, person.born < head.born]
        elif (head.role, person.role) in (("grown_child", "childs_spouse"), ("parent", "parents_spouse")):
            code, text = "spouse", "夫" if person.sex == MAN else "妻"
        elif head.role == "grown_child" and person.role == "grandchild":
            code, text = "child", "子"
        else:
            code, text = "other_relative", "縁故者"
        standings.append(
            Standing(person_number=str(person.number), relationship=code, relationship_text=text)
        )
    return tuple(standings)


def _standing(person: Person) -> Standing:
    code, text = person.relationship.split(",")
    return Standing(person_number=str(person.number), relationship=code, relationship_text=text)
