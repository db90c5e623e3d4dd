"""Small cities for the tests."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from hypothesis import strategies as st

from yui.engines.placement.public import Child, City, Facility, Family, Placement, check, joint_choices

GRADES = ("0", "1")


def city_of(
    chance: random.Random,
    *,
    families: int = 5,
    facilities: int = 3,
    most_siblings: int = 2,
    citywide: bool = False,
) -> City:
    """A city with narrow capacities, siblings of every rule, and some who hold seats."""
    names = [f"n{number}" for number in range(facilities)]
    free = {name: {grade: chance.randint(0, 2) for grade in GRADES} for name in names}
    made = []
    lots = chance.sample(range(1000), families * 3)
    for number in range(families):
        size = chance.randint(1, most_siblings)
        lists = [chance.sample(names, chance.randint(1, facilities)) for _ in range(size)]
        columns = joint_choices(
            lists,
            chance.choice(["same_facility", "all_or_none", "any"]),
            together_first=chance.random() < 0.5,
        )
        base = chance.randint(0, 3)
        children = []
        for place, column in enumerate(columns):
            grade = chance.choice(GRADES)
            holds = None
            if chance.random() < 0.15 and None not in column:
                holds = next(
                    (name for name in chance.sample(names, facilities) if free[name][grade] > 0), None
                )
                if holds:
                    free[holds][grade] -= 1
            points = {name: base if citywide else chance.randint(0, 3) for name in names}
            lot = lots[number] if citywide else lots.pop()
            children.append(Child(f"c{number}{place}", grade, column, points, (lot,), holds))
        made.append(Family(f"f{number}", tuple(children)))
    seats = {name: dict(free[name]) for name in names}
    for family in made:
        for child in family.children:
            if child.holds:
                seats[child.holds][child.grade] += 1
    return City(tuple(Facility(name, seats[name]) for name in names), tuple(made))


@st.composite
def cities(draw, **sizes) -> City:
    """Cities of any kind; the whole city hangs on one drawn number, which a failure reports."""
    return city_of(random.Random(draw(st.integers(0, 2**32))), **sizes)


def all_placements(city: City) -> Iterator[Placement]:
    """Every placement that keeps capacities."""
    lists = [[*range(len(family.children[0].choices)), None] for family in city.families]
    for chosen in product(*lists):
        seats = {}
        for family, choice in zip(city.families, chosen, strict=True):
            for child in family.children:
                seats[child.id] = child.holds if choice is None else child.choices[choice]
        placement = Placement(
            seats, {family.id: choice for family, choice in zip(city.families, chosen, strict=True)}
        )
        if not check(city, placement).faults:
            yield placement


def singles_of(city: City) -> City:
    """The same children, each a family of its own, none of whom holds a seat."""
    families = []
    for child in city.children():
        choices = tuple(dict.fromkeys(choice for choice in child.choices if choice is not None))
        families.append(Family(child.id, (replace(child, choices=choices, holds=None),)))
    return City(city.facilities, tuple(families))
