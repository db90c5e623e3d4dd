"""What is to be carried and by what: frozen values outside, typed arrays inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

FAR = 1 << 50
"""A time or length beyond everything that may be reckoned with; sums of a whole route of it stay within 64 bits."""
KEPT = 1 << 52
"""What dropping a promise costs: a thousand of them still fit into 64 bits."""
LOST = 1 << 42
"""What it costs that a promise is not carried as it is: no thousand of them outweigh one that would be dropped."""
DEAREST = 1 << 40
"""The highest penalty of a request that is no promise."""


class DispatchError(ValueError):
    """What was handed over is no problem that could be solved.

    Attributes:
        code: ``place``, ``window``, ``load``, ``capacity``, ``penalty``, ``matrix``,
            ``identifier`` or ``route``.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Stop:
    """A place to be at.

    Attributes:
        place: its row of the matrix of times.
        opens: service begins not before.
        closes: service begins at the latest then.
        service: how long it takes.
    """

    place: int
    opens: int = 0
    closes: int = FAR
    service: int = 0

    def examine(self, places: int) -> None:
        """Look whether it makes sense.

        Raises:
            DispatchError: ``place`` or ``window``.
        """
        if not 0 <= self.place < places:
            raise DispatchError("place", f"Place {self.place} is not in the matrix of {places}.")
        if not -FAR <= self.opens <= self.closes <= FAR or self.service < 0:
            raise DispatchError("window", "A stop closes before it opens, or its service is negative.")


@dataclass(frozen=True)
class Request:
    """Somebody or something to be carried from one stop to another in one vehicle.

    Attributes:
        id: of the caller.
        load: units of each kind of capacity while on board; a wheelchair that takes two seats counts as both.
        ride_limit: at most between leaving the pickup and beginning service at the dropoff.
        needs: skills that the vehicle must have.
        penalty: what leaving it out costs; above everything that a way could cost, so that nobody is left for
            a shorter way, and at most ``DEAREST``. Whose penalty is higher is served first.
        kept: a promise: no plan leaves it out.
    """

    id: str
    pickup: Stop
    dropoff: Stop
    load: Mapping[str, int] = field(default_factory=lambda: {"seats": 1})
    ride_limit: int = FAR
    needs: frozenset[str] = frozenset()
    penalty: int = 1 << 40
    kept: bool = False

    def examine(self, places: int) -> None:
        """Look whether it makes sense.

        Raises:
            DispatchError: ``place``, ``window``, ``load`` or ``penalty``.
        """
        for stop in (self.pickup, self.dropoff):
            stop.examine(places)
        if any(units < 0 for units in self.load.values()) or self.ride_limit < 0:
            raise DispatchError("load", f"Request {self.id} carries less than nothing.")
        if not 0 <= self.penalty <= DEAREST:
            raise DispatchError("penalty", f"The penalty of request {self.id} is out of bounds.")


@dataclass(frozen=True)
class Pause:
    """A rest wherever the vehicle is, with nobody on board, begun within a window."""

    opens: int
    closes: int
    length: int


@dataclass(frozen=True)
class Vehicle:
    """What carries, on one shift.

    Attributes:
        start: where and when the shift may begin.
        end: where and by when it is over.
        capacity: units of each kind.
        longest: of the route, from leaving the start to reaching the end.
        cost: of using it at all.
        pauses: in their order.
        out: whether it has set out: it comes home even if it carries nobody any more.
    """

    id: str
    start: Stop
    end: Stop
    capacity: Mapping[str, int] = field(default_factory=lambda: {"seats": 4})
    longest: int = FAR
    skills: frozenset[str] = frozenset()
    cost: int = 0
    pauses: tuple[Pause, ...] = ()
    out: bool = False


@dataclass(frozen=True, eq=False)
class Problem:
    """Requests, vehicles, and how long and how dear it is between places.

    Units:
        Times and costs are whole numbers of the caller's choice (seconds; thousandths of a minute), the same
        everywhere.

    Shape:
        ``times`` and ``costs``: (places, places), int64; ``costs`` is ``times`` when left out.

    Raises:
        DispatchError: see its codes.
    """

    requests: tuple[Request, ...]
    vehicles: tuple[Vehicle, ...]
    times: Ints
    costs: Ints | None = None

    def __post_init__(self) -> None:
        for name in ("times", "costs"):
            matrix = getattr(self, name)
            if matrix is None:
                object.__setattr__(self, "costs", self.times)
                continue
            if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.shape != self.times.shape:
                raise DispatchError(
                    "matrix", "The matrices of times and costs are not square and equal in size."
                )
            if matrix.size and (matrix.min() < 0 or matrix.max() > FAR):
                raise DispatchError("matrix", "A time or a cost is negative or too large.")
            whole_ways = np.ascontiguousarray(matrix, dtype=np.int64)
            # Compiled code tells arrays that can be written to from those that can't; there is one kind only.
            object.__setattr__(self, name, whole_ways if whole_ways.flags.writeable else whole_ways.copy())
        for kind, members in (("request", self.requests), ("vehicle", self.vehicles)):
            if len({member.id for member in members}) != len(members):
                raise DispatchError("identifier", f"Two of the {kind}s have the same identifier.")
        for request in self.requests:
            request.examine(len(self.times))
        for stop in (stop for one in self.vehicles for stop in (one.start, one.end)):
            stop.examine(len(self.times))
        for vehicle in self.vehicles:
            if any(units < 0 for units in vehicle.capacity.values()):
                raise DispatchError("capacity", f"Vehicle {vehicle.id} holds less than nothing.")
            for pause in vehicle.pauses:
                if not pause.opens <= pause.closes or pause.length < 0:
                    raise DispatchError("window", f"A pause of vehicle {vehicle.id} ends before it begins.")


class Arrays(NamedTuple):
    """A problem as the compiled code reads it.

    Stops are numbered: each vehicle's start and end in turns, the pauses, and from ``base`` (even) on each request's
    pickup and dropoff in turns. A pause has place -1: it is taken wherever the vehicle is.

    Shape:
        By stop ``(base + 2n,)``; ``load`` ``(n, kinds)``; ``capacity`` ``(m, kinds)``; ``fits`` ``(n, m)``; ``pauses``
        ``(m + 1,)``, the first pause of each vehicle; ``out`` ``(m,)``.
    """

    base: int
    times: Ints
    costs: Ints
    place: Ints
    opens: Ints
    closes: Ints
    service: Ints
    load: Ints
    ride_limit: Ints
    penalty: Ints
    capacity: Ints
    longest: Ints
    vehicle_cost: Ints
    fits: npt.NDArray[np.bool_]
    pauses: Ints
    out: npt.NDArray[np.bool_]


def arrays_of(problem: Problem) -> Arrays:
    """The arrays of a problem."""
    requests, vehicles = problem.requests, problem.vehicles
    kinds = kinds_of(problem)
    pauses = [pause for vehicle in vehicles for pause in vehicle.pauses]
    first = np.cumsum([2 * len(vehicles), *(len(vehicle.pauses) for vehicle in vehicles)])
    stops = [stop for vehicle in vehicles for stop in (vehicle.start, vehicle.end)]
    stops += [Stop(-1, pause.opens, pause.closes, pause.length) for pause in pauses]
    stops += [Stop(-1)] * (len(stops) % 2)
    base = len(stops)
    stops += [stop for one in requests for stop in (one.pickup, one.dropoff)]
    return Arrays(
        base=base,
        times=problem.times,
        costs=problem.times if problem.costs is None else problem.costs,
        place=whole([stop.place for stop in stops]),
        opens=whole([stop.opens for stop in stops]),
        closes=whole([stop.closes for stop in stops]),
        service=whole([stop.service for stop in stops]),
        load=whole([loads(one, kinds) for one in requests]).reshape(len(requests), len(kinds)),
        ride_limit=whole([one.ride_limit for one in requests]),
        penalty=whole([penalty(one) for one in requests]),
        capacity=whole([[one.capacity.get(kind, 0) for kind in kinds] for one in vehicles]).reshape(
            len(vehicles), len(kinds)
        ),
        longest=whole([one.longest for one in vehicles]),
        vehicle_cost=whole([one.cost for one in vehicles]),
        fits=np.array([fits(one, vehicles) for one in requests], dtype=np.bool_).reshape(
            len(requests), len(vehicles)
        ),
        pauses=whole(first),
        out=np.array([one.out for one in vehicles], dtype=np.bool_),
    )


def kinds_of(problem: Problem) -> list[str]:
    """Every kind of capacity that somebody takes or has."""
    found = {kind for one in problem.requests for kind in one.load}
    return sorted(found | {kind for one in problem.vehicles for kind in one.capacity})


def loads(request: Request, kinds: Sequence[str]) -> list[int]:
    """Units that a request takes of each kind."""
    return [request.load.get(kind, 0) for kind in kinds]


def fits(request: Request, vehicles: Sequence[Vehicle]) -> list[bool]:
    """Whether each vehicle has what the request needs."""
    if not request.needs:
        return [True] * len(vehicles)
    return [request.needs <= vehicle.skills for vehicle in vehicles]


def penalty(request: Request) -> int:
    """What leaving a request out costs; nothing outweighs a promise."""
    return KEPT if request.kept else request.penalty


def whole(numbers: object) -> Ints:
    """Numbers as an array of the compiled code."""
    return np.asarray(numbers, dtype=np.int64)
