"""Why a child has this seat and not one it wanted more: codes and values; sentences are written by who shows them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from yui.engines.placement.problem import Child, City, Family, Placement, Seat, priority


@dataclass(frozen=True)
class Standing:
    """What a child has to show at a facility: points and tie keys."""

    points: int
    ties: tuple[int, ...]


@dataclass(frozen=True)
class Admission:
    """What became of the seats of one grade at one facility.

    Attributes:
        capacity: Seats.
        kept: Children who held a seat there before and stay.
        admitted: Children who came.
        last: The lowest standing among those who came; ``None`` if nobody did.
    """

    capacity: int
    kept: int
    admitted: int
    last: Standing | None

    @property
    def free(self) -> int:
        """Seats left."""
        return self.capacity - self.kept - self.admitted


@dataclass(frozen=True)
class Refusal:
    """Why one child did not get its part of a choice that its family wanted more than what it got.

    Attributes:
        choice: Number of the joint choice, from 0.
        code: ``no_seats``: the facility has none for the grade; ``holders``: those who held all seats stay;
            ``outranked``: all seats went to better standings, the lowest of which is ``last``; ``sibling``: the child
            itself would have been admitted, a sibling in the same choice not; ``together``: each would have been
            admitted, but not all of the siblings who ask for this grade here; ``unresolved``: the choice could be
            given, and the family is one of those that block (no placement was found that serves all of them).
        own: The child's standing there.
        last: The lowest standing that was admitted, siblings left aside; ``None`` where the code does not turn on it.
        short: Points that were missing to equal ``last``; 0 where a tie key decided.
        tie: Number of the tie key that decided, from 0; ``None`` where points did.
    """

    child: str
    facility: str
    choice: int
    code: str
    own: Standing
    last: Standing | None = None
    short: int | None = None
    tie: int | None = None


def admissions(city: City, placement: Placement) -> dict[Seat, Admission]:
    """For each facility and grade what was left and who came last, in order: the table that is published."""
    present = _present(city, placement)
    table = {}
    for facility in city.facilities:
        for grade, capacity in facility.seats.items():
            seat = Seat(facility.id, grade)
            children = present.get(seat, [])
            came = [child for child in children if child.holds != facility.id]
            last = _standing(came[-1], facility.id) if came else None
            table[seat] = Admission(capacity, len(children) - len(came), len(came), last)
    return dict(sorted(table.items()))


def explain(
    city: City, placement: Placement, families: Iterable[str] | None = None
) -> dict[str, tuple[Refusal, ...]]:
    """For each family, or those named, the refusals of each choice above the one it has, in order.

    The placement must be one without faults, see :func:`yui.engines.placement.checking.check`.
    """
    present = _present(city, placement)
    capacity = {
        Seat(facility.id, grade): seats
        for facility in city.facilities
        for grade, seats in facility.seats.items()
    }
    asked = None if families is None else set(families)
    return {
        family.id: tuple(
            refusal
            for choice in range(_reached(family, placement))
            for refusal in _refusals(family, choice, present, capacity)
        )
        for family in sorted(city.families, key=lambda family: family.id)
        if asked is None or family.id in asked
    }


def _present(city: City, placement: Placement) -> dict[Seat, list[Child]]:
    """Who sits where, the best standing first."""
    present: dict[Seat, list[Child]] = defaultdict(list)
    for child in city.children():
        facility = placement.seats[child.id]
        if facility is not None:
            present[Seat(facility, child.grade)].append(child)
    for seat, children in present.items():
        children.sort(key=lambda child: (priority(child, seat.facility), child.id), reverse=True)
    return present


def _reached(family: Family, placement: Placement) -> int:
    choice = placement.choices[family.id]
    return len(family.children[0].choices) if choice is None else choice


def _standing(child: Child, facility: str) -> Standing:
    _, points, ties = priority(child, facility)
    return Standing(points, ties)


def _refusals(
    family: Family, choice: int, present: dict[Seat, list[Child]], capacity: dict[Seat, int]
) -> list[Refusal]:
    own_ids = {child.id for child in family.children}
    asking = [
        (child, Seat(facility, child.grade))
        for child in family.children
        if (facility := child.choices[choice]) is not None
    ]
    others = {seat: [one for one in present.get(seat, ()) if one.id not in own_ids] for _, seat in asking}
    refusals = []
    for child, seat in asking:
        own = priority(child, seat.facility)
        above = sum(priority(one, seat.facility) > own for one in others[seat])
        if above + 1 > capacity.get(seat, 0):
            refusals.append(_refused_alone(child, seat, choice, others[seat]))
    if refusals:
        code = {refusal.child: refusal for refusal in refusals}
        return [code.get(child.id) or _refusal(child, seat, choice, "sibling") for child, seat in asking]
    short = set()
    for seat in {seat for _, seat in asking}:
        keys = [priority(child, seat.facility) for child, at in asking if at == seat]
        above = sum(priority(one, seat.facility) > min(keys) for one in others[seat])
        if above + len(keys) > capacity.get(seat, 0):
            short.add(seat)
    if not short:
        return [_refusal(child, seat, choice, "unresolved") for child, seat in asking]
    return [
        _refusal(child, seat, choice, "together" if seat in short else "sibling") for child, seat in asking
    ]


def _refusal(child: Child, seat: Seat, choice: int, code: str) -> Refusal:
    return Refusal(child.id, seat.facility, choice, code, _standing(child, seat.facility))


def _refused_alone(child: Child, seat: Seat, choice: int, others: list[Child]) -> Refusal:
    if not others:
        return _refusal(child, seat, choice, "no_seats")
    if others[-1].holds == seat.facility:
        return _refusal(child, seat, choice, "holders")
    own, last = _standing(child, seat.facility), _standing(others[-1], seat.facility)
    tie = None
    if own.points == last.points:
        tie = next(
            n for n, (mine, theirs) in enumerate(zip(own.ties, last.ties, strict=True)) if mine != theirs
        )
    return Refusal(
        child.id, seat.facility, choice, "outranked", own, last, short=last.points - own.points, tie=tie
    )
