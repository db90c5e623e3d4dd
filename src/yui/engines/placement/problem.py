"""What is to be placed and where: facilities with seats, families with children who want them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

MESSAGES = {
    "duplicate_facility": "The facility {facility} is given twice; give each once.",
    "negative_capacity": "The facility {facility} has {capacity} seats of grade {grade}; seats cannot be negative.",
    "duplicate_family": "The family {family} is given twice; give each once.",
    "empty_family": "The family {family} has no children; leave it out.",
    "duplicate_child": "The child {child} is given twice; a child belongs to one family.",
    "unequal_choices": "Siblings of {family} list {lengths} choices; the n-th of each make the n-th joint choice.",
    "unknown_facility": "The child {child} names the facility {facility}, which is not there.",
    "empty_choice": "Choice {position} of the family {family} names no facility; leave it out.",
    "repeated_choice": "The family {family} lists the same choice at {first} and {second}; list each once.",
    "seat_given_up": "Choice {position} of {family} leaves {child} without a seat who holds one; name a facility.",
    "missing_points": "The child {child} has no points for the facility {facility} that it names.",
    "unequal_ties": "The child {child} has {length} tie keys where others have {expected}; give all the same keys.",
    "undecided_tie": "{first} and {second} are equal at {facility} in points and tie keys; add a key, such as a lot.",
    "faulty_placement": "The placement cannot be audited: {fault} ({who}); hand over one that passes the check.",
    "nothing_found": "No placement was found within {nodes} branches; the city is too large for this question.",
    "other_applicants": "The two cities differ in more than points and tie keys; compare the same applicants.",
    "too_many_holders": "{holders} children hold {capacity} seats of grade {grade} at {facility}; correct one of them.",
}


class PlacementError(ValueError):
    """What was handed over is no placement problem.

    Attributes:
        code: A key of :data:`MESSAGES`.
        values: What the message names.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(MESSAGES[code].format(**values))
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Facility:
    """A place with seats.

    Attributes:
        seats: How many of each grade, those that are held included; a grade that is not named has none.
    """

    id: str
    seats: Mapping[str, int]


@dataclass(frozen=True)
class Child:
    """One who wants a seat, or holds one.

    Attributes:
        grade: Of the seat.
        choices: Facilities, the most wanted first. The n-th choices of siblings are one joint choice, and ``None`` in
            it means no seat for this child (see :func:`yui.engines.placement.wishes.joint_choices`).
        points: By facility; more goes first. Needed for each facility that is chosen.
        ties: What decides between equal points, the first key first, more going first; the same keys for all.
        holds: The facility where the child has a seat now. It keeps that seat unless it gets a choice, and nobody gets
            the seat before. With no choices the seat is simply kept.
    """

    id: str
    grade: str
    choices: tuple[str | None, ...] = ()
    points: Mapping[str, int] = field(default_factory=dict)
    ties: tuple[int, ...] = ()
    holds: str | None = None


@dataclass(frozen=True)
class Family:
    """Children who are placed together: all by one joint choice, or none."""

    id: str
    children: tuple[Child, ...]


@dataclass(frozen=True)
class City:
    """The whole problem.

    Raises:
        PlacementError: it cannot be used as it stands.
    """

    facilities: tuple[Facility, ...]
    families: tuple[Family, ...]

    def __post_init__(self) -> None:
        _check(self)

    def children(self) -> Iterator[Child]:
        for family in self.families:
            yield from family.children


class Seat(NamedTuple):
    """A kind of seat: they are alike within a facility and grade."""

    facility: str
    grade: str


@dataclass(frozen=True)
class Placement:
    """Who gets what.

    Attributes:
        seats: By child the facility, or ``None``.
        choices: By family how far down its list it came, from 0; ``None`` when no choice was met (it then holds what
            it held before).
    """

    seats: Mapping[str, str | None]
    choices: Mapping[str, int | None]

    @property
    def placed(self) -> int:
        """How many children have a seat."""
        return sum(facility is not None for facility in self.seats.values())


def priority(child: Child, facility: str) -> tuple[bool, int, tuple[int, ...]]:
    """What a facility goes by: who holds a seat there, then points, then tie keys; the greater goes first.

    Nothing else decides. Two children of one grade who are equal in all of it are an error of the input, unless they
    are siblings: between them the order of their ids decides, which changes nothing for others.
    """
    points = child.points.get(facility, 0)
    return child.holds == facility, points, child.ties


def _check(city: City) -> None:
    seats = {}
    for facility in city.facilities:
        if facility.id in seats:
            raise PlacementError("duplicate_facility", facility=facility.id)
        seats[facility.id] = facility.seats
        for grade, capacity in facility.seats.items():
            if capacity < 0:
                raise PlacementError(
                    "negative_capacity", facility=facility.id, grade=grade, capacity=capacity
                )
    families: set[str] = set()
    children: set[str] = set()
    for family in city.families:
        if family.id in families:
            raise PlacementError("duplicate_family", family=family.id)
        families.add(family.id)
        for child in family.children:
            if child.id in children:
                raise PlacementError("duplicate_child", child=child.id)
            children.add(child.id)
            _check_child(child, seats)
        _check_choices(family)
    _check_holders(city, seats)
    _check_ties(city)


def _check_child(child: Child, seats: Mapping[str, Mapping[str, int]]) -> None:
    if child.holds is not None and child.holds not in seats:
        raise PlacementError("unknown_facility", child=child.id, facility=child.holds)
    for facility in set(child.choices):
        if facility is None:
            continue
        if facility not in seats:
            raise PlacementError("unknown_facility", child=child.id, facility=facility)
        if facility not in child.points and child.holds != facility:
            raise PlacementError("missing_points", child=child.id, facility=facility)


def _check_choices(family: Family) -> None:
    if not family.children:
        raise PlacementError("empty_family", family=family.id)
    lengths = [len(child.choices) for child in family.children]
    if len(set(lengths)) > 1:
        raise PlacementError("unequal_choices", family=family.id, lengths=lengths)
    seen: dict[tuple[str | None, ...], int] = {}
    for position, choice in enumerate(zip(*(child.choices for child in family.children), strict=True)):
        if choice in seen:
            raise PlacementError("repeated_choice", family=family.id, first=seen[choice], second=position)
        seen[choice] = position
        if None not in choice:
            continue
        if set(choice) == {None}:
            raise PlacementError("empty_choice", family=family.id, position=position)
        for child, facility in zip(family.children, choice, strict=True):
            if facility is None and child.holds is not None:
                raise PlacementError("seat_given_up", family=family.id, child=child.id, position=position)


def _check_holders(city: City, seats: Mapping[str, Mapping[str, int]]) -> None:
    holders = Counter(Seat(child.holds, child.grade) for child in city.children() if child.holds is not None)
    for (facility, grade), number in sorted(holders.items()):
        capacity = seats[facility].get(grade, 0)
        if number > capacity:
            raise PlacementError(
                "too_many_holders", facility=facility, grade=grade, holders=number, capacity=capacity
            )


def _check_ties(city: City) -> None:
    expected: int | None = None
    seen: dict[tuple[object, ...], tuple[str, str]] = {}
    for family in city.families:
        for child in family.children:
            wanted = {facility for facility in child.choices if facility is not None}
            if not wanted:
                continue
            if expected is None:
                expected = len(child.ties)
            elif len(child.ties) != expected:
                raise PlacementError(
                    "unequal_ties", child=child.id, length=len(child.ties), expected=expected
                )
            for facility in wanted - {child.holds}:
                key = (facility, child.grade, priority(child, facility))
                other, other_family = seen.setdefault(key, (child.id, family.id))
                if other_family != family.id:
                    first, second = sorted((other, child.id))
                    raise PlacementError("undecided_tie", first=first, second=second, facility=facility)
