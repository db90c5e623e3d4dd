"""Who the people are: names, dates of birth, addresses, and since when they live here.

Second pass over a district. Everything follows from the composition: a child born before the
parents came moved in with them, a spouse came with the marriage, elders were here first.
"""

from collections.abc import Callable
from datetime import date
from random import Random

from yui.kernel.calendar.public import fiscal_year, fiscal_year_born_range
from yui.shell.sample.composition import MAN, WOMAN
from yui.shell.sample.figures import OLDEST
from yui.shell.sample.foreign import ForeignResidents
from yui.shell.sample.geography import Municipality, towns
from yui.shell.sample.housing import Housing, invented_places
from yui.shell.sample.naming import Names
from yui.shell.sample.structures import Household, Person

_DAYS_A_YEAR = 365.2425
_GROWN_DAYS = 6_600
# Foreign residents have a resident record since this day (住民基本台帳法改正の施行日).
FIRST_FOREIGN_RECORD = date(2012, 7, 9).toordinal()
_AGE_AT_ARRIVAL = (
    (3,) * 4 + (8,) * 4 + (14,) * 4 + (18,) * 8 + (20,) * 8 + (22,) * 12 + (24,) * 8 + (26,) * 10 + (28,) * 9
    + (30,) * 8 + (33,) * 7 + (37,) * 6 + (42,) * 4 + (50,) * 3 + (58,) * 2 + (63,) * 2 + (70,) * 1
)  # fmt: skip
_PAYING_PARENT_IS_FATHER = 0.86
_ACCOUNT_ON_FILE = 0.94
_PROTECTED_LONE_PARENT = 0.025

_FIRST, _SECOND, _THIRD = 0, 1, 2
# The generation of every role when elders live with the head, and when they do not.
_WITH_ELDERS = {
    "parent": _FIRST, "parents_spouse": _FIRST, "head": _SECOND, "spouse": _SECOND,
    "sibling": _SECOND, "relative": _SECOND, "cohabitant": _SECOND, "child": _THIRD, "grown_child": _THIRD,
}  # fmt: skip
_WITHOUT_ELDERS = {
    "head": _FIRST, "spouse": _FIRST, "sibling": _FIRST, "cohabitant": _FIRST, "relative": _SECOND,
    "child": _SECOND, "grown_child": _SECOND, "childs_spouse": _SECOND, "grandchild": _THIRD,
}  # fmt: skip
_MARRIED_IN = ("spouse", "childs_spouse", "parents_spouse")


class Calendar:
    """Birthday ranges for every age on one day."""

    def __init__(self, on: date) -> None:
        """Work out on which days a person of each age on `on` can have been born.

        `allowance_from` is the first birthday with which somebody still is a child for the allowance:
        children count until the 31 March after they turn 18 (児童手当法 第三条第一項).
        """
        self.on = on.toordinal()
        self.year = on.year
        self.allowance_from = fiscal_year_born_range(fiscal_year(on) - 18).from_on.toordinal()
        self.first: list[int] = []
        self.days: list[int] = []
        for age in range(OLDEST + 2):
            first = self._day(on, on.year - age - 1) + 1
            self.first.append(first)
            self.days.append(self._day(on, on.year - age) + 1 - first)

    @staticmethod
    def _day(on: date, year: int) -> int:
        try:
            return on.replace(year=year).toordinal()
        except ValueError:
            return date(year, 2, 28).toordinal()


class Biographies:
    """Fills in the households of the districts of one municipality."""

    def __init__(self, seed: int, place: Municipality, names: Names, calendar: Calendar) -> None:
        """Prepare what all districts share: clans of the towns, places people come from."""
        self.place = place
        self.names = names
        self.calendar = calendar
        self._foreign = ForeignResidents(place, calendar.on)
        # Reproducible on purpose; nothing here is secret.
        rng = Random(f"{seed}/{place.slug}/lore")  # noqa: S311
        self._given = {
            sex: [names.given_table(sex, calendar.year - age) for age in range(OLDEST + 1)]
            for sex in (MAN, WOMAN)
        }
        self._clans = {
            town.code: [rng.choice(names.surnames) for _ in range(4)] for town in towns(place.slug)
        }
        self._origins = invented_places(place, 1500, 0.0, rng)
        self._domiciles = invented_places(place, 2500, 0.72, rng)

    def write(self, households: list[Household], part: int, parts: int, rng: Random) -> None:
        """Complete every household of one district."""
        housing = Housing(self.place, part, parts, rng)
        random = rng.random
        for household in households:
            if household.story:
                self._arrived(household, random)
                self._registered(household, random)
                continue
            if random() < self._foreign.chance:
                self._foreign.settle(household, rng)
            housing.settle(household)
            self._born(household, random)
            if household.members[0].nationality == "JPN":
                self._named(household, random)
            self._arrived(household, random)
            self._registered(household, random)
            self._entitled(household, random)

    def _born(self, household: Household, random: Callable[[], float]) -> None:
        first, days = self.calendar.first, self.calendar.days
        older: Person | None = None
        for person in household.members:
            age = person.age
            person.born = first[age] + int(random() * days[age])
            role = person.role
            if role == "child" or role == "grandchild" or role == "grown_child":
                if older is not None:
                    if older.age == age:
                        # Brothers and sisters of the same age are twins.
                        person.born = older.born
                    elif older.age == age + 1 and person.born - older.born < 300:
                        # The younger one's year ends at least 365 days after the older one's birth.
                        earliest = older.born + 300
                        person.born = earliest + int(random() * (first[age] + days[age] - earliest))
                older = person

    def _named(self, household: Household, random: Callable[[], float]) -> None:
        names = self.names
        if random() < self.place.clan_share:
            family, family_kana = self._clans[household.town.code][int(random() * 4)]
        else:
            family, family_kana = names.surnames[int(random() * len(names.surnames))]
        taken = ""
        for person in household.members:
            if person.nationality != "JPN":
                continue
            table = self._given[person.sex][person.age]
            given, given_kana = table[int(random() * len(table))]
            while given in taken:
                given, given_kana = table[int(random() * len(table))]
            taken += given + " "
            person.given = given
            person.given_kana = given_kana
            if person.role == "cohabitant":
                person.family, person.family_kana = names.surnames[int(random() * len(names.surnames))]
            else:
                person.family = family
                person.family_kana = family_kana
                if person.sex == WOMAN and person.role == "spouse" and random() < 0.006:
                    person.former, person.former_kana = names.surnames[int(random() * len(names.surnames))]

    def _arrival(self, person: Person, random: Callable[[], float]) -> int:
        age = _AGE_AT_ARRIVAL[int(random() * 100)]
        if age >= person.age:
            age = int(random() * person.age)
        return min(person.born + int((age + random()) * _DAYS_A_YEAR), self.calendar.on)

    def _arrived(self, household: Household, random: Callable[[], float]) -> None:
        """Decide since when each is a resident, and since when they have this address."""
        members = household.members
        today = self.calendar.on
        native = self.place.native_share
        head = members[0]
        if len(members) == 1:
            if head.nationality != "JPN":
                recent = today - 2900 + int(random() * 2700)
                head.became = max(self._arrival(head, random), recent, FIRST_FOREIGN_RECORD)
                settled = head.became
            elif random() < native:
                head.became = head.born
                grown = head.born + _GROWN_DAYS
                stayed = head.age < 20 or random() < 0.3
                settled = head.born if stayed else grown + int(random() * max(0, today - grown))
            else:
                head.became = self._arrival(head, random)
                settled = head.became + (int(random() * (today - head.became)) if random() < 0.4 else 0)
            self._note(head, settled, random)
            return
        generation = _WITHOUT_ELDERS
        for person in members:
            if person.role == "parent":
                generation = _WITH_ELDERS
                break
        latest, earliest = [0, 0, 0], [0, 0, 0]
        for level in (_FIRST, _SECOND, _THIRD):
            founder: Person | None = None
            for person in members:
                if generation[person.role] != level:
                    continue
                if person.role in _MARRIED_IN and founder is not None:
                    person.became = self._wedding(person, founder, members, random)
                    if person.became < founder.became:
                        person.became = founder.became
                    elif random() < native * 0.6:
                        person.became = person.born
                elif level == _FIRST:
                    if person.nationality != "JPN":
                        person.became = today - 200 - int(random() * 4400)
                    else:
                        person.became = person.born if random() < native else self._arrival(person, random)
                    if founder is not None and person.role == "sibling":
                        person.became = max(person.born, founder.became)
                else:
                    person.became = max(person.born, earliest[level - 1])
                if person.nationality != "JPN":
                    person.became = max(person.became, person.born, FIRST_FOREIGN_RECORD)
                if founder is None:
                    founder = person
                latest[level] = max(latest[level], person.became)
                earliest[level] = min(earliest[level] or person.became, person.became)
            if not latest[level]:
                latest[level], earliest[level] = latest[level - 1], earliest[level - 1]
        # Nobody founded this household before growing up.
        grown = max(person.born for person in members if generation[person.role] == _FIRST) + _GROWN_DAYS
        settled = min(max(latest[_FIRST], grown), today)
        if generation is _WITHOUT_ELDERS and random() < 0.45:
            settled += int(random() * (today - settled))
        for person in members:
            self._note(person, settled, random)

    def _wedding(
        self, spouse: Person, partner: Person, members: list[Person], random: Callable[[], float]
    ) -> int:
        younger = max(spouse.born, partner.born)
        wedding = younger + int((22 + random() * 11) * _DAYS_A_YEAR)
        oldest = min(
            (person.born for person in members if person.born > younger + 6500), default=self.calendar.on
        )
        return max(min(wedding, oldest - 200 - int(random() * 500), self.calendar.on), younger + _GROWN_DAYS)

    def _note(self, person: Person, settled: int, random: Callable[[], float]) -> None:
        became = person.became
        person.became_by = "birth" if became == person.born else "move_in"
        person.since = settled if settled > became else became
        person.notified = min(person.since + int(random() * 14), self.calendar.on)

    def _registered(self, household: Household, random: Callable[[], float]) -> None:
        """Relationship, domicile, head of the family register, previous address."""
        members = household.members
        head = members[0]
        domiciles = self._domiciles
        domicile = domiciles[int(random() * len(domiciles))]
        origin = ""
        shared_head = ""
        for position, person in enumerate(members):
            person.relationship = _relationship(person, head)
            if person.became_by == "move_in":
                if person.nationality != "JPN" and random() < 0.6:
                    origin = "国外"
                elif not origin or random() < 0.1:
                    origin = self._origins[int(random() * len(self._origins))]
                person.previous = origin
            if person.nationality != "JPN":
                continue
            role = person.role
            if role in ("head", "parent", "grown_child", "sibling", "cohabitant") or not shared_head:
                partner = members[position + 1] if position + 1 < len(members) else None
                married = partner is not None and partner.role in _MARRIED_IN
                if married and partner is not None and partner.sex == MAN:
                    shared_head = f"{partner.family}　{partner.given}"
                elif married or (household.kind == "lone_parent" and role == "head") or role == "parent":
                    shared_head = f"{person.family}　{person.given}"
                elif role == "grown_child" and shared_head:
                    pass
                elif person.age > 55 and random() < 0.6:
                    shared_head = f"{person.family}　{person.given}"
                else:
                    table = self._given[MAN][min(person.age + 29, OLDEST)]
                    shared_head = f"{person.family}　{table[int(random() * len(table))][0]}"
                if role == "cohabitant" or (role == "parent" and random() < 0.5):
                    domicile = domiciles[int(random() * len(domiciles))]
            person.domicile = domicile
            person.domicile_head = shared_head

    def children_of(self, household: Household) -> list[Person]:
        """Return the children a household receives the child allowance for."""
        first = self.calendar.allowance_from
        return [p for p in household.members if p.born >= first and p.role in ("child", "grandchild")]

    def _entitled(self, household: Household, random: Callable[[], float]) -> None:
        """Say who receives the child allowance and which lone parents are protected."""
        if not self.children_of(household):
            return
        parents = [
            person
            for person in household.members
            if person.role in ("head", "spouse", "grown_child", "childs_spouse")
        ]
        if household.kind == "three_generations" and any(
            person.role == "grandchild" for person in household.members
        ):
            parents = [person for person in parents if person.role in ("grown_child", "childs_spouse")]
        parents = [person for person in parents if person.age > 18][:2]
        if not parents:
            return
        claimant = parents[0]
        if len(parents) == 2 and (claimant.sex == MAN) != (random() < _PAYING_PARENT_IS_FATHER):
            claimant = parents[1]
        household.claimant = claimant
        if random() < _ACCOUNT_ON_FILE:
            household.accounts.append(claimant)
        if household.kind == "lone_parent" and claimant.sex == WOMAN and random() < _PROTECTED_LONE_PARENT:
            household.protected = "domestic_violence"


_PLAIN_RELATIONSHIPS = {
    "head": ("head", "世帯主", "世帯主"),
    "spouse": ("spouse", "夫", "妻"),
    "child": ("child", "子", "子"),
    "grown_child": ("child", "子", "子"),
    "childs_spouse": ("other_relative", "子の夫", "子の妻"),
    "grandchild": ("grandchild", "子の子", "子の子"),
    "parent": ("parent", "父", "母"),
    "parents_spouse": ("parent", "父", "母"),
    "relative": ("other_relative", "縁故者", "縁故者"),
    "cohabitant": ("cohabitant", "同居人", "同居人"),
}
_SIBLING_WORDS = {(MAN, True): "兄", (MAN, False): "弟", (WOMAN, True): "姉", (WOMAN, False): "妹"}
_RELATIONSHIPS = {
    (role, sex): f"{words[0]},{words[sex]}"
    for role, words in _PLAIN_RELATIONSHIPS.items()
    for sex in (MAN, WOMAN)
}


def _relationship(person: Person, head: Person) -> str:
    """Return code and text of the relationship, as the two neighbouring cells of the register."""
    if person.role == "sibling":
        return f"sibling,{_SIBLING_WORDS[person.sex, person.born < head.born]}"
    return _RELATIONSHIPS[person.role, person.sex]
