"""An independent check: it reads the city and the placement as they are, and shares nothing with the solvers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from yui.engines.placement.problem import Child, City, Family, Placement, Seat, priority

Present = Mapping[Seat, list[Child]]


@dataclass(frozen=True)
class Fault:
    """A placement that may not be.

    Attributes:
        code: ``missing_child``, ``unknown_child``, ``not_a_choice`` (the seats of a family are none of its choices, or
            not the one named), ``lost_seat`` (a holder is worse off) or ``over_capacity``.
        who: The child, family, or facility and grade.
    """

    code: str
    who: str


@dataclass(frozen=True)
class Coalition:
    """A family and a choice that it wants more than what it got, and whose seats would admit it by priority.

    Source:
        Blocking coalition as in Sun, Yamada, Takenami, Moriwaki, Yokoo: Stable matchings in practice, AAAI 2024.

    Attributes:
        choice: Number of the joint choice, from 0.
        displaced: Children of lower priority who sit there (justified envy); empty where seats are unused (waste).
    """

    family: str
    choice: int
    displaced: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """What the check found.

    Attributes:
        faults: Empty in every placement that may be used.
        coalitions: Empty in a stable placement; not looked for while there are faults.
    """

    faults: tuple[Fault, ...]
    coalitions: tuple[Coalition, ...]

    @property
    def blocking_families(self) -> tuple[str, ...]:
        """Families that have reason to object, each once, in order."""
        return tuple(sorted({coalition.family for coalition in self.coalitions}))


def check(city: City, placement: Placement) -> Findings:
    """Tests capacities, holders and choices, and looks for every blocking coalition."""
    faults = _strangers(city, placement)
    if faults:
        return Findings(tuple(faults), ())
    present: dict[Seat, list[Child]] = defaultdict(list)
    for child in city.children():
        facility = placement.seats[child.id]
        if facility is not None:
            present[Seat(facility, child.grade)].append(child)
    capacity = {
        Seat(facility.id, grade): number
        for facility in city.facilities
        for grade, number in facility.seats.items()
    }
    faults += [
        Fault("over_capacity", f"{seat.facility} {seat.grade}")
        for seat, children in present.items()
        if len(children) > capacity.get(seat, 0)
    ]
    for family in city.families:
        faults += _faults_of(family, placement)
    if faults:
        return Findings(tuple(sorted(faults, key=lambda fault: (fault.code, fault.who))), ())
    coalitions = [
        found for family in city.families for found in _coalitions(family, placement, present, capacity)
    ]
    return Findings((), tuple(sorted(coalitions, key=lambda coalition: (coalition.family, coalition.choice))))


def _strangers(city: City, placement: Placement) -> list[Fault]:
    children = {child.id for child in city.children()}
    return [
        *(Fault("missing_child", child) for child in sorted(children - set(placement.seats))),
        *(Fault("unknown_child", child) for child in sorted(set(placement.seats) - children)),
    ]


def _faults_of(family: Family, placement: Placement) -> list[Fault]:
    got = [placement.seats[child.id] for child in family.children]
    position = placement.choices.get(family.id)
    if position is None:
        right = got == [child.holds for child in family.children]
    else:
        right = 0 <= position < len(family.children[0].choices) and got == [
            child.choices[position] for child in family.children
        ]
    faults = [] if right else [Fault("not_a_choice", family.id)]
    for child, facility in zip(family.children, got, strict=True):
        if child.holds is not None and facility != child.holds and facility not in child.choices:
            faults.append(Fault("lost_seat", child.id))
    return faults


def _coalitions(
    family: Family, placement: Placement, present: Present, capacity: Mapping[Seat, int]
) -> list[Coalition]:
    own = {child.id for child in family.children}
    position = placement.choices.get(family.id)
    found = []
    for choice in range(len(family.children[0].choices) if position is None else position):
        joining: dict[Seat, list[Child]] = defaultdict(list)
        for child in family.children:
            facility = child.choices[choice]
            if facility is not None:
                joining[Seat(facility, child.grade)].append(child)
        displaced: list[str] = []
        for seat, children in joining.items():
            others = [child for child in present.get(seat, ()) if child.id not in own]
            queue = sorted(
                [*others, *children], key=lambda child: priority(child, seat.facility), reverse=True
            )
            refused = {child.id for child in queue[capacity.get(seat, 0) :]}
            if refused & own:
                break
            displaced += sorted(refused)
        else:
            found.append(Coalition(family.id, choice, tuple(displaced)))
    return found
