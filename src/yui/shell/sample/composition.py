"""Who lives with whom: from a stock of men and women by age to households.

The stock decides: every person of the age table is used exactly once, so the age pyramid of the
result is the table itself. Children are placed first (they must have parents), then grown
children, couples, homes for the elderly; who is left lives alone. Shares follow the national
household figures listed in `data/README.md`, shifted by the habits of the municipality.
"""

from collections.abc import Callable
from random import Random

from yui.shell.sample.figures import OLDEST, AgeCounts
from yui.shell.sample.geography import Municipality
from yui.shell.sample.structures import Household, Person

MAN, WOMAN = 1, 2
YOUNGEST_MOTHER_GAP, OLDEST_MOTHER_GAP = 19, 44
"""Difference of completed ages that keeps every mother between 18 and 45 at birth."""

_CHILDREN_AT_HOME = 18
_SIBLINGS = (0,) * 36 + (1,) * 45 + (2,) * 15 + (3,) * 4
_TWIN_CHANCE = 0.010
_SIBLING_GAPS = (1,) * 12 + (2,) * 32 + (3,) * 27 + (4,) * 14 + (5,) * 8 + (6,) * 5 + (7,) * 2
_AGE_AT_FIRST_BIRTH = (
    (19,) * 2 + (21,) * 4 + (23,) * 8 + (25,) * 13 + (26,) * 8 + (27,) * 10 + (28,) * 10 + (29,) * 9
    + (30,) * 9 + (31,) * 7 + (32,) * 6 + (33,) * 5 + (35,) * 5 + (37,) * 3 + (40,) * 1
)  # fmt: skip
_HUSBAND_OLDER_BY = (
    (-5,) * 2 + (-4,) * 2 + (-3,) * 4 + (-2,) * 7 + (-1,) * 10 + (0,) * 16 + (1,) * 15 + (2,) * 13
    + (3,) * 10 + (4,) * 7 + (5,) * 5 + (6,) * 3 + (7,) * 2 + (8,) * 2 + (10,) * 2
)  # fmt: skip

# Chance that a person of that age without own children at home lives with the parents.
_WITH_PARENTS = (
    (18, 0.80), (20, 0.60), (23, 0.50), (25, 0.40), (30, 0.29), (35, 0.25), (40, 0.27), (45, 0.31), (50, 0.36),
    (60, 0.20)
)  # fmt: skip
# Chance that a man not yet placed lives with a wife and nobody else.
_WITH_WIFE = (
    (20, 0.02), (25, 0.15), (30, 0.28), (35, 0.32), (45, 0.36), (55, 0.48), (60, 0.62), (65, 0.72), (75, 0.80),
    (85, 0.68), (95, 0.35)
)  # fmt: skip
# Chance to live in a home for the elderly.
_IN_HOME = ((70, 0.002), (75, 0.008), (80, 0.022), (85, 0.06), (90, 0.13), (95, 0.22), (100, 0.30))


def step(points: tuple[tuple[int, float], ...], age: int) -> float:
    """Return the value of the last point at or below `age`; nothing before the first."""
    value = 0.0
    for start, share in points:
        if age < start:
            break
        value = share
    return value


_WITH_PARENTS_AT = [step(_WITH_PARENTS, age) for age in range(OLDEST + 1)]
_WITH_WIFE_AT = [step(_WITH_WIFE, age) for age in range(OLDEST + 1)]
_IN_HOME_AT = [step(_IN_HOME, age) for age in range(OLDEST + 1)]


def take(cells: list[int], target: int, low: int, high: int) -> int:
    """Take one person as near `target` as there is between `low` and `high`; -1 when there is none."""
    low = max(low, 0)
    high = min(high, OLDEST)
    target = min(max(target, low), high)
    if low > high:
        return -1
    if cells[target]:
        cells[target] -= 1
        return target
    for distance in range(1, high - low + 1):
        age = target + distance
        if age <= high and cells[age]:
            cells[age] -= 1
            return age
        age = target - distance
        if age >= low and cells[age]:
            cells[age] -= 1
            return age
    return -1


class Composition:
    """One district being divided into households."""

    def __init__(self, stock: AgeCounts, place: Municipality, rng: Random) -> None:
        """Take over `stock`, which is used up by `compose`."""
        self.men, self.women = stock
        self.place = place
        self.rng = rng
        self.random: Callable[[], float] = rng.random
        self.households: list[Household] = []

    def compose(self, beds: int) -> list[Household]:
        """Return the households of the district in random order; `beds` is the size of its home."""
        if beds:
            self._fill_home(beds)
        self._families()
        self._grown_children()
        self._couples()
        self._others()
        self._singles()
        self.rng.shuffle(self.households)
        return self.households

    def _child_of_age(self, age: int) -> Person | None:
        boys, girls = self.men[age], self.women[age]
        if not boys + girls:
            return None
        if self.random() * (boys + girls) < boys:
            self.men[age] -= 1
            return Person(MAN, age, "child")
        self.women[age] -= 1
        return Person(WOMAN, age, "child")

    def _fill_home(self, beds: int) -> None:
        candidates: list[tuple[int, int]] = []
        weights: list[float] = []
        for sex, cells in ((MAN, self.men), (WOMAN, self.women)):
            for age in range(70, OLDEST + 1):
                if cells[age]:
                    candidates.append((sex, age))
                    # Men of that age more often have a wife at home who cares for them.
                    weights.append(cells[age] * _IN_HOME_AT[age] * (0.7 if sex == MAN else 1.0))
        if not candidates:
            return
        for sex, age in self.rng.choices(candidates, weights, k=beds):
            found = take(self.men if sex == MAN else self.women, age, 70, OLDEST)
            if found >= 0:
                self.households.append(Household("institution", [Person(sex, found, "head")]))

    def _siblings_of(self, youngest: Person) -> tuple[list[Person], int]:
        """Return the children of one family, oldest first, and the age of the oldest ever born."""
        random = self.random
        children = [youngest]
        age = youngest.age
        for _ in range(_SIBLINGS[int(random() * 100)]):
            gap = 0 if random() < _TWIN_CHANCE else _SIBLING_GAPS[int(random() * 100)]
            age += gap
            if age > 23:
                age -= gap
                break
            if age >= _CHILDREN_AT_HOME and random() > _WITH_PARENTS_AT[age] + 0.1:
                continue
            child = self._child_of_age(age)
            if child is None:
                age -= gap
            else:
                children.append(child)
        if len(children) == 1 and random() < 2 * _TWIN_CHANCE:
            twin = self._child_of_age(youngest.age)
            if twin is not None:
                children.append(twin)
        children.reverse()
        return children, age

    def _families(self) -> None:
        random, men, women = self.random, self.men, self.women
        lone_mothers = self.place.single_parent
        for youngest_age in range(_CHILDREN_AT_HOME):
            while (youngest := self._child_of_age(youngest_age)) is not None:
                children, oldest = self._siblings_of(youngest)
                chance = random()
                # The register knows one lone father for about seven lone mothers.
                mother = -1
                low, high = oldest + YOUNGEST_MOTHER_GAP, youngest_age + OLDEST_MOTHER_GAP
                if chance > lone_mothers / 7:
                    mother = take(women, oldest + _AGE_AT_FIRST_BIRTH[int(random() * 100)], low, high)
                father = -1
                if mother < 0:
                    father = take(men, oldest + 31, oldest + YOUNGEST_MOTHER_GAP, youngest_age + 55)
                elif chance > lone_mothers * 8 / 7:
                    husband = mother + _HUSBAND_OLDER_BY[int(random() * 100)]
                    father = take(men, husband, max(low, mother - 12), mother + 20)
                if mother < 0 and father < 0:
                    self._with_grandparents(children, oldest)
                    continue
                self._parents_home(children, mother, father)

    def _parents_home(self, children: list[Person], mother: int, father: int) -> None:
        parents: list[Person] = []
        if father >= 0:
            parents.append(Person(MAN, father, "head"))
        if mother >= 0:
            parents.append(Person(WOMAN, mother, "spouse" if parents else "head"))
        if self.random() < self.place.three_generations and self._with_elders(parents, children):
            return
        kind = "family" if len(parents) == 2 else "lone_parent"
        self.households.append(Household(kind, parents + children))

    def _with_elders(self, parents: list[Person], children: list[Person]) -> bool:
        """Add the parents of the head; they head the household while they are not too old."""
        random = self.random
        base = parents[0].age
        chance = random()
        elders: list[Person] = []
        if chance < 0.85:
            target = base + _AGE_AT_FIRST_BIRTH[int(random() * 100)]
            grandmother = take(self.women, target, base + YOUNGEST_MOTHER_GAP, base + OLDEST_MOTHER_GAP)
            if grandmother >= 0:
                elders.append(Person(WOMAN, grandmother, "parent"))
        if chance < 0.45 or chance >= 0.85 or not elders:
            wife = elders[0].age if elders else base + 27
            target = wife + _HUSBAND_OLDER_BY[int(random() * 100)]
            low = max(base + YOUNGEST_MOTHER_GAP, wife - 10)
            grandfather = take(self.men, target, low, wife + 15)
            if grandfather >= 0:
                elders.insert(0, Person(MAN, grandfather, "parent"))
        if not elders:
            return False
        if elders[0].age < 75 and random() < 0.6:
            elders[0].role = "head"
            if len(elders) == 2:
                elders[1].role = "spouse"
            parents[0].role = "grown_child"
            for spouse in parents[1:]:
                spouse.role = "childs_spouse"
            for child in children:
                child.role = "grandchild"
            members = elders + parents + children
        else:
            for elder in elders[1:]:
                elder.role = "parents_spouse"
            members = parents + children + elders
        self.households.append(Household("three_generations", members))
        return True

    def _with_grandparents(self, children: list[Person], oldest: int) -> None:
        for child in children:
            child.role = "grandchild"
        grandmother = take(self.women, oldest + 56, oldest + 2 * YOUNGEST_MOTHER_GAP, OLDEST)
        if grandmother >= 0:
            self.households.append(Household("grandparents", [Person(WOMAN, grandmother, "head"), *children]))
            return
        grandfather = take(self.men, oldest + 58, oldest + 2 * YOUNGEST_MOTHER_GAP, OLDEST)
        if grandfather >= 0:
            self.households.append(Household("grandparents", [Person(MAN, grandfather, "head"), *children]))
            return
        # No adult left who could be a parent: the children join relatives who already have a home.
        for child in children:
            child.role = "relative"
        host = next((h for h in reversed(self.households) if h.kind in ("family", "three_generations")), None)
        if host is None:
            children[0].role = "head"
            self.households.append(Household("cohabiting", children))
        else:
            host.members += children

    def _grown_children(self) -> None:
        random, men, women = self.random, self.men, self.women
        for age in range(_CHILDREN_AT_HOME, 64):
            stay = min(0.9, _WITH_PARENTS_AT[age] * self.place.lives_with_parents)
            due = int((men[age] * stay * 1.12) + women[age] * stay * 0.88 + random())
            for _ in range(due):
                child = self._child_of_age(age)
                if child is None:
                    break
                children = [child]
                oldest = age
                if random() < 0.24:
                    older = age + _SIBLING_GAPS[int(random() * 100)]
                    sibling = self._child_of_age(older)
                    if sibling is not None:
                        children.insert(0, sibling)
                        oldest = older
                low, high = oldest + YOUNGEST_MOTHER_GAP, age + OLDEST_MOTHER_GAP
                target = oldest + _AGE_AT_FIRST_BIRTH[int(random() * 100)]
                mother = -1 if random() < 0.12 else take(women, target, low, high)
                widowed = 0.22 + max(0, mother - 65) * 0.018
                father = -1
                if mother < 0 or random() > widowed:
                    husband = (mother if mother >= 0 else target) + _HUSBAND_OLDER_BY[int(random() * 100)]
                    father = take(men, husband, max(low, husband - 10), husband + 12)
                if mother < 0 and father < 0:
                    for lonely in children:
                        lonely.role = "head"
                        self.households.append(Household("single", [lonely]))
                    continue
                self._grown_home(children, mother, father)

    def _grown_home(self, children: list[Person], mother: int, father: int) -> None:
        parents: list[Person] = []
        if father >= 0:
            parents.append(Person(MAN, father, "head"))
        if mother >= 0:
            parents.append(Person(WOMAN, mother, "spouse" if parents else "head"))
        if parents[0].age >= 78 and self.random() < 0.7:
            parents[0].role = "parent"
            for spouse in parents[1:]:
                spouse.role = "parents_spouse"
            children[0].role = "head"
            for sibling in children[1:]:
                sibling.role = "sibling"
            self.households.append(Household("grown_children", children + parents))
            return
        for child in children:
            child.role = "grown_child"
        members = parents + children
        kind = "grown_children"
        if self.random() < self.place.three_generations * 0.8:
            base = parents[0].age
            target = base + _AGE_AT_FIRST_BIRTH[int(self.random() * 100)]
            elder = take(self.women, target, base + YOUNGEST_MOTHER_GAP, base + OLDEST_MOTHER_GAP)
            if elder >= 0:
                members.append(Person(WOMAN, elder, "parent"))
                kind = "three_generations"
        self.households.append(Household(kind, members))

    def _couples(self) -> None:
        random, men, women = self.random, self.men, self.women
        elder_chance = self.place.three_generations * 0.6
        for age in range(OLDEST, 19, -1):
            due = int(men[age] * _WITH_WIFE_AT[age] + random())
            for _ in range(due):
                target = age - _HUSBAND_OLDER_BY[int(random() * 100)]
                wife = take(women, target, max(19, age - 13), age + 7)
                if wife < 0:
                    break
                men[age] -= 1
                members = [Person(MAN, age, "head"), Person(WOMAN, wife, "spouse")]
                if 45 <= age < 75 and random() < elder_chance:
                    older = age + _AGE_AT_FIRST_BIRTH[int(random() * 100)]
                    elder = take(women, older, age + YOUNGEST_MOTHER_GAP, age + OLDEST_MOTHER_GAP)
                    if elder >= 0:
                        members.append(Person(WOMAN, elder, "parent"))
                self.households.append(Household("couple", members))

    def _others(self) -> None:
        """Brothers and sisters who share a home, and people who live together without kinship."""
        random = self.random
        for age in range(25, 85):
            for cells, sex in ((self.men, MAN), (self.women, WOMAN)):
                due = int(cells[age] * 0.04 + random())
                for _ in range(due):
                    if not cells[age]:
                        break
                    kin = random() < 0.45
                    other_sex = sex if random() < 0.4 else MAN + WOMAN - sex
                    others = self.men if other_sex == MAN else self.women
                    cells[age] -= 1
                    gap = _SIBLING_GAPS[int(random() * 100)]
                    other = take(others, age - gap, age - (8 if kin else 12), age - (1 if kin else -5))
                    members = [Person(sex, age, "head")]
                    kind = "single"
                    if other >= 0:
                        kind = "siblings" if kin else "cohabiting"
                        members.append(Person(other_sex, other, "sibling" if kin else "cohabitant"))
                    self.households.append(Household(kind, members))

    def _singles(self) -> None:
        for sex, cells in ((MAN, self.men), (WOMAN, self.women)):
            for age, count in enumerate(cells):
                for _ in range(count):
                    self.households.append(Household("single", [Person(sex, age, "head")]))
                cells[age] = 0
