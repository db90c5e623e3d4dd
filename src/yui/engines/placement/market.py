"""The problem in numbers: seats, ranks at seats, and what each choice claims."""

from collections import defaultdict
from typing import NamedTuple

from yui.engines.placement.problem import Child, City, Placement, Seat, priority


class Claim(NamedTuple):
    """What a choice asks of one kind of seat.

    Attributes:
        seat: Its number.
        ranks: Of the family's children who would sit there, the best first; a rank stands for a child.
        worst: The last of them: when it is admitted, all are.
    """

    seat: int
    ranks: tuple[int, ...]
    worst: int


Choice = tuple[Claim, ...]


class Market(NamedTuple):
    """A city in numbers; families, children and seats are numbered in the order of their ids.

    Attributes:
        families: Ids.
        children: Ids.
        family: Of each child.
        seats: Ids.
        capacity: Of each seat.
        order: By seat the children who list or hold it, the best first; a child's place in it is its rank there.
        holders: By seat how many hold it; they are the first of the order.
        choices: By family; the last is to keep what is held, which may be nothing, and is always possible.
        size: By family how many children it has.
        source: By family its number in the city that was handed over.
    """

    families: list[str]
    children: list[str]
    family: list[int]
    seats: list[Seat]
    capacity: list[int]
    order: list[list[int]]
    holders: list[int]
    choices: list[list[Choice]]
    size: list[int]
    source: list[int]

    def placement(self, city: City, chosen: list[int]) -> Placement:
        """The placement in which each family has the choice of that number."""
        seats: dict[str, str | None] = {}
        choices: dict[str, int | None] = {}
        for number, choice in enumerate(chosen):
            family = city.families[self.source[number]]
            met = choice < len(self.choices[number]) - 1
            choices[family.id] = choice if met else None
            for child in family.children:
                seats[child.id] = child.choices[choice] if met else child.holds
        return Placement(dict(sorted(seats.items())), choices)

    def chosen(self, placement: Placement) -> list[int]:
        """The number of the choice that each family has."""
        met = (placement.choices[family] for family in self.families)
        return [
            len(choices) - 1 if choice is None else choice
            for choice, choices in zip(met, self.choices, strict=True)
        ]


def market_of(city: City) -> Market:
    """Numbers everything; equal cities give equal markets, in whatever order their parts are given."""
    source = sorted(range(len(city.families)), key=lambda number: city.families[number].id)
    families = [city.families[number] for number in source]
    members = [(child, number) for number, family in enumerate(families) for child in family.children]
    members.sort(key=lambda member: member[0].id)
    number_of = {child.id: number for number, (child, _) in enumerate(members)}
    wanted: dict[Seat, list[tuple[tuple[bool, int, tuple[int, ...]], int]]] = defaultdict(list)
    holders: dict[Seat, int] = defaultdict(int)
    for number, (child, _) in enumerate(members):
        for facility in {*child.choices, child.holds} - {None}:
            assert facility is not None
            wanted[Seat(facility, child.grade)].append((priority(child, facility), number))
        if child.holds is not None:
            holders[Seat(child.holds, child.grade)] += 1
    seats = sorted(wanted)
    order = []
    rank: dict[tuple[int, str], int] = {}
    for seat in seats:
        # Sorting keeps the order of ids among equals, and they are siblings.
        ordered = [number for _, number in sorted(wanted[seat], key=lambda one: one[0], reverse=True)]
        order.append(ordered)
        rank.update(((number, seat.facility), place) for place, number in enumerate(ordered))
    capacity = {facility.id: facility.seats for facility in city.facilities}
    number_of_seat = {seat: number for number, seat in enumerate(seats)}

    def claims(children: tuple[Child, ...], names: tuple[str | None, ...]) -> Choice:
        asked: dict[int, list[int]] = {}
        for child, name in zip(children, names, strict=True):
            if name is not None:
                seat = number_of_seat[Seat(name, child.grade)]
                asked.setdefault(seat, []).append(rank[number_of[child.id], name])
        return tuple(
            Claim(seat, tuple(sorted(ranks)), max(ranks))
            if len(ranks) > 1
            else Claim(seat, tuple(ranks), ranks[0])
            for seat, ranks in sorted(asked.items())
        )

    choices = []
    for family in families:
        rows = [*zip(*(child.choices for child in family.children), strict=True)]
        rows.append(tuple(child.holds for child in family.children))
        choices.append([claims(family.children, row) for row in rows])
    return Market(
        families=[family.id for family in families],
        children=[child.id for child, _ in members],
        family=[number for _, number in members],
        seats=seats,
        capacity=[capacity[seat.facility].get(seat.grade, 0) for seat in seats],
        order=order,
        holders=[holders[seat] for seat in seats],
        choices=choices,
        size=[len(family.children) for family in families],
        source=source,
    )
