"""A day of demand replayed under one policy, minute by minute, through the engine that runs the real service.

Every ride is answered when it is asked for and told a span in which the car comes; a changed plan is improved, and no
promise is broken; rides are taken back, and riders are not there. What the cars did is read from their stops alone.
"""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from yui.engines.dispatch.public import (
    Plan,
    Problem,
    Refusal,
    Request,
    Stop,
    Vehicle,
    accept,
    advance,
    check,
    empty_plan,
    forget_past,
    improve,
    no_show,
    quote,
    rounds,
    without,
)
from yui.engines.travel.public import Place, Times, TravelTimes, metres_between
from yui.services.transit.contracts import Pattern, Wish
from yui.services.transit.contracts import Stop as MeetingPoint
from yui.services.transit.simulation.demand import Trip
from yui.services.transit.simulation.policies import Cars, Policy

CYCLE = 60
"""Seconds between two looks at the plan."""
EFFORT = 6
"""Bursts of improvement after a change: counted, not timed, so that every machine makes the same plan."""
_WARMTH = 0.02
_WALK_DETOUR = 1.3
_MOST_PLACES = 1_500
DAY_ENDS = 26 * 3600


class Fate(StrEnum):
    """What became of a ride that was asked for in a simulation."""

    SERVED = "served"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    NOT_THERE = "not_there"


class Unplanned(StrEnum):
    """Why a ride is refused before the plan is asked: the rules of the policy."""

    OUTSIDE_HOURS = "outside_hours"
    TOO_LATE = "too_late"
    NO_STOP_NEAR = "no_stop_near"
    SAME_STOP = "same_stop"
    NO_ROAD = "no_road"


@dataclass(frozen=True)
class Town:
    """Where the day takes place.

    Attributes:
        travel: how long ways take.
        stops: meeting points.
        base: where cars begin and end.
    """

    travel: TravelTimes
    stops: tuple[MeetingPoint, ...]
    base: Place


@dataclass
class Story:
    """One ride, as far as it has come.

    Attributes:
        fate: None while it is open.
        reason: of a refusal, an ``Obstacle`` of the engine or ``Unplanned``.
        told: when the car was told to come; -1 before.
        picked: when it came; -1 before.
        boarded: when everybody was on board.
        dropped: when it was there.
        walk: metres to and from meeting points.
    """

    trip: Trip
    fate: Fate | None = None
    reason: str = ""
    told: int = -1
    picked: int = -1
    boarded: int = -1
    dropped: int = -1
    walk: int = 0

    @property
    def ready(self) -> int:
        """From when the rider waits: when they asked, the time they fixed, or the time they were told."""
        if self.trip.wish is Wish.ARRIVE_BY:
            return self.told
        return self.trip.at


@dataclass(frozen=True)
class CarNow:
    """A car at one moment: its last stop or the one it drives to, who is on board, what is ahead."""

    name: str
    aboard: int
    ahead: int


@dataclass(frozen=True)
class Board:
    """A look at the day: for whoever watches it."""

    now: int
    asked: int
    served: int
    refused: int
    waiting: int
    cars: tuple[CarNow, ...]


@dataclass(frozen=True)
class CarDay:
    """What one car did.

    Attributes:
        seconds_in_service: of its shift.
        seconds_driven: with and without riders.
        metres: driven.
        rider_seconds: riders on board times seconds, stops included.
    """

    name: str
    seconds_in_service: int
    seconds_driven: int
    metres: int
    rider_seconds: int


@dataclass
class Replay:
    """A run of one policy on one day. Step through ``minutes``; then ``stories`` and ``cars`` say what became of it.

    Args:
        seed: of chance in the search for better plans.
        effort: bursts of improvement after a change; 0 for answers only.
        check_every: in so many cycles a plan is judged by the engine's independent check.

    Raises:
        UnsoundPlan: from ``minutes``, when a plan breaks a limit.
    """

    town: Town
    trips: Sequence[Trip]
    policy: Policy
    seed: int = 1
    effort: int = EFFORT
    check_every: int = 20
    stories: dict[str, Story] = field(init=False)
    cars: tuple[CarDay, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        self.stories = {trip.id: Story(trip) for trip in self.trips}
        self._ends: dict[str, tuple[int, int] | str] = {}
        self._places: dict[Place, int] = {self.town.base: 0}
        self._walks = _Walks(self.town.stops, self.policy)
        ends = {trip.id: self._ends_of(trip) for trip in self.trips}
        # Doors of a large real trace are set down on a coarser net, or the matrix would not fit.
        for digits in (7, 4, 3, 2):
            self._places = {self.town.base: 0}
            for trip_id, found in ends.items():
                self._ends[trip_id] = (
                    found
                    if isinstance(found, str)
                    else (self._number(found[0], digits), self._number(found[1], digits))
                )
            if len(self._places) <= _MOST_PLACES:
                break
        self._times: Times = self.town.travel.between(list(self._places))
        self._seconds = self._times.seconds.astype(np.int64)
        self._vehicles = _vehicles(self.policy.cars)
        self._trace: dict[str, dict[tuple[str, bool], tuple[int, int]]] = {
            one.id: {} for one in self._vehicles
        }
        self._opens = min((one.start.opens for one in self._vehicles), default=0)
        self._closes = max((one.end.closes for one in self._vehicles), default=0)

    def _ends_of(self, trip: Trip) -> tuple[Place, Place] | str:
        story = self.stories[trip.id]
        if self.policy.pattern is Pattern.DOOR_TO_DOOR or (
            trip.wheelchairs and self.policy.wheelchairs_at_door
        ):
            return trip.origin, trip.destination
        found = [self._walks.nearest(place) for place in (trip.origin, trip.destination)]
        if any(one is None for one in found):
            return Unplanned.NO_STOP_NEAR.value
        (start, walk), (end, further) = (one for one in found if one is not None)
        if start == end:
            return Unplanned.SAME_STOP.value
        story.walk = walk + further
        return start, end

    def _number(self, place: Place, digits: int) -> int:
        coarse = Place(round(place.latitude, digits), round(place.longitude, digits))
        return self._places.setdefault(coarse, len(self._places))

    def minutes(self) -> Iterator[Board]:
        """Replay the day; a look at it after each cycle."""
        for plan, now in self._cycles():
            yield self._board(plan, now)

    def run(self) -> "Replay":
        """Replay the whole day at once."""
        for _cycle in self._cycles():
            pass
        return self

    def _cycles(self) -> Iterator[tuple[Plan, int]]:
        plan = empty_plan(Problem((), self._vehicles, self._seconds))
        coming = sorted(self.trips, key=lambda trip: (trip.asked, trip.id))
        back = sorted(
            (trip for trip in self.trips if trip.cancelled is not None), key=lambda trip: trip.cancelled or 0
        )
        now, cycle = self._opens // CYCLE * CYCLE, 0
        if coming:
            now = min(now, max(coming[0].asked, 0) // CYCLE * CYCLE)
        while now < DAY_ENDS and (coming or back or any(plan.routes) or self._someone_rides(now)):
            if coming and not any(plan.routes) and coming[0].asked >= now + CYCLE:
                # Nothing is going on: go on to the next ride that is asked for.
                now = coming[0].asked // CYCLE * CYCLE
                plan = advance(plan, now)
            before = plan
            while coming and coming[0].asked < now + CYCLE:
                plan = self._answer(plan, coming.pop(0))
            while back and (back[0].cancelled or 0) < now + CYCLE:
                plan = self._take_back(plan, self.stories[back.pop(0).id])
            if self.effort and plan is not before:
                # As in the running service, a plan that changed is looked at once more.
                seed = self.seed * 100_003 + now // CYCLE
                plan = improve(plan, rounds(self.effort), seed=seed, warmth=_WARMTH, recombine=False)
            now, cycle = now + CYCLE, cycle + 1
            plan = self._nobody_there(advance(plan, now), now)
            if cycle % self.check_every == 0 and (faults := check(plan)):
                raise UnsoundPlan(f"{len(faults)} limits are broken, the first: {faults[0]}")
            self._note(plan)
            yield plan, now
            plan = forget_past(plan)
        self.cars = tuple(self._car_day(vehicle) for vehicle in self._vehicles)
        for story in self.stories.values():
            self._close(story)

    def _someone_rides(self, now: int) -> bool:
        """Whether a car is still on its way to where somebody gets off; the plan has done with it."""
        return any(story.dropped > now for story in self.stories.values())

    # Asking

    def _answer(self, plan: Plan, trip: Trip) -> Plan:
        story = self.stories[trip.id]
        if trip.cancelled is not None and trip.cancelled <= max(trip.asked, 0):
            return plan
        request = self._request(trip, max(trip.asked, 0))
        if isinstance(request, str):
            story.fate, story.reason = Fate.REFUSED, request
            return plan
        found = quote(plan, request, 1)
        if isinstance(found, Refusal):
            story.fate, story.reason = Fate.REFUSED, found.obstacle.value
            return plan
        story.told = found[0].picked
        window = self.policy.window_minutes * 60
        promised = replace(
            request,
            pickup=replace(
                request.pickup,
                opens=max(request.pickup.opens, story.told),
                closes=min(request.pickup.closes, story.told + window),
            ),
            dropoff=replace(request.dropoff, closes=min(request.dropoff.closes, found[0].dropped + window)),
        )
        return accept(plan, promised, found[0])

    def _request(self, trip: Trip, now: int) -> Request | str:
        """What the engine is asked, or which rule of the policy is in the way."""
        ends = self._ends[trip.id]
        if isinstance(ends, str):
            return ends
        start, end = ends
        direct = int(self._seconds[start, end])
        if direct > DAY_ENDS:
            return Unplanned.NO_ROAD.value
        limits = self.policy.limits
        longest = math.ceil(direct * limits.ride_factor) + 60 * limits.ride_extra_minutes
        wait = 60 * limits.wait_minutes
        if trip.wish is Wish.ARRIVE_BY:
            first = max(trip.at - longest - wait, now, self._opens)
            if first + direct > trip.at:
                return Unplanned.TOO_LATE.value
            last, arrive_by = trip.at, trip.at
        else:
            first = max(trip.at, now, self._opens if trip.wish is Wish.NOW else 0)
            last = min(first + wait, self._closes)
            arrive_by = min(last + longest, self._closes)
        if not self._opens <= first < self._closes or arrive_by > self._closes:
            return Unplanned.OUTSIDE_HOURS.value
        boarding = limits.boarding_seconds + (limits.wheelchair_seconds if trip.wheelchairs else 0)
        load = {"seats": trip.seats} | ({"wheelchairs": trip.wheelchairs} if trip.wheelchairs else {})
        return Request(
            trip.id,
            Stop(start, first, last, boarding),
            Stop(end, first, arrive_by, boarding),
            load,
            ride_limit=longest,
            kept=True,
        )

    # What happens on the way

    def _take_back(self, plan: Plan, story: Story) -> Plan:
        """A ride is taken back. A car that drives there already learns it only at the door."""
        number = plan.number.get(story.trip.id)
        if story.fate is not None or (number is None and story.told >= 0):
            return plan
        if number is not None:
            where = int(plan.state.vehicle[number])
            if 2 * number in plan.routes[where][: plan.locked[where]]:
                return plan
            plan = without(plan, story.trip.id)
        story.fate = Fate.CANCELLED
        return plan

    def _nobody_there(self, plan: Plan, now: int) -> Plan:
        """Cars that find nobody go on; known a cycle ahead, since within it the car would set out for the next stop."""
        for vehicle, route in enumerate(plan.routes):
            for row in range(plan.locked[vehicle]):
                stop = route[row]
                if stop < 0 or stop % 2:
                    continue
                story = self.stories[plan.problem.requests[stop // 2].id]
                begins = int(plan.state.begin[vehicle, row + 1])
                away = not story.trip.comes or (
                    story.trip.cancelled is not None and story.trip.cancelled < begins
                )
                if away and story.fate is None and begins <= now + CYCLE:
                    story.fate = Fate.NOT_THERE if story.trip.comes is False else Fate.CANCELLED
                    if stop + 1 in route[: plan.locked[vehicle]]:
                        # It was asked for where the car stood, which has set out already.
                        continue
                    # Routes have changed: look again.
                    return self._nobody_there(no_show(plan, story.trip.id), now)
        return plan

    def _note(self, plan: Plan) -> None:
        """Write down what is past or being driven to, once."""
        for number, (car, visits) in enumerate(plan.visits().items()):
            for visit in visits[: plan.locked[number]]:
                self._trace[car].setdefault((visit.request, visit.dropoff), (visit.begins, visit.place))
                story = self.stories[visit.request]
                if visit.dropoff and story.dropped < 0:
                    story.dropped = visit.begins
                elif not visit.dropoff and story.picked < 0:
                    story.picked = visit.begins
                    limits = self.policy.limits
                    extra = limits.wheelchair_seconds if story.trip.wheelchairs else 0
                    story.boarded = visit.begins + limits.boarding_seconds + extra

    def _close(self, story: Story) -> None:
        """What is neither refused, taken back nor found empty was served, or its day was too short to say."""
        if story.fate is None and story.dropped >= 0:
            story.fate = Fate.SERVED
        elif story.fate is None and story.trip.cancelled is not None:
            story.fate = Fate.CANCELLED
        elif story.fate is None:
            raise UnsoundPlan(f"Ride {story.trip.id} was promised and not brought.")

    def _board(self, plan: Plan, now: int) -> Board:
        stories = self.stories.values()
        cars = []
        for number, (name, visits) in enumerate(plan.visits().items()):
            aboard = sum(
                self.stories[visit.request].trip.seats * (-1 if visit.dropoff else 1)
                for visit in visits
                if visit.begins <= now and self.stories[visit.request].fate is None
            )
            cars.append(CarNow(name, aboard, len(visits) - plan.locked[number]))
        return Board(
            now=now,
            asked=sum(story.told >= 0 or story.fate is not None for story in stories),
            served=sum(0 <= story.dropped <= now and story.fate is None for story in stories),
            refused=sum(story.fate is Fate.REFUSED for story in stories),
            waiting=sum(
                story.told >= 0 and story.fate is None and not 0 <= story.picked <= now for story in stories
            ),
            cars=tuple(cars),
        )

    def _car_day(self, vehicle: Vehicle) -> CarDay:
        """What a car did, from its stops."""
        place, driven, metres, ridden = 0, 0, 0, 0
        since: dict[str, int] = {}
        for (name, dropoff), (begins, goal) in self._trace[vehicle.id].items():
            driven += int(self._seconds[place, goal])
            metres += int(self._times.metres[place, goal])
            place = goal
            if not dropoff:
                since[name] = begins
            elif self.stories[name].fate is None:
                ridden += (begins - since[name]) * self.stories[name].trip.seats
        driven += int(self._seconds[place, 0])
        metres += int(self._times.metres[place, 0])
        return CarDay(vehicle.id, vehicle.end.closes - vehicle.start.opens, driven, metres, ridden)


class UnsoundPlan(RuntimeError):
    """A plan of the engine breaks a limit: its figures would not be true."""


class _Walks:
    """The nearest meeting point to each place."""

    def __init__(self, stops: Sequence[MeetingPoint], policy: Policy) -> None:
        self.places = [Place(stop.latitude, stop.longitude) for stop in stops]
        self.latitude = np.array([place.latitude for place in self.places])
        self.longitude = np.array([place.longitude for place in self.places])
        self.most = policy.walk_metres
        self._known: dict[Place, tuple[Place, int] | None] = {}

    def nearest(self, place: Place) -> tuple[Place, int] | None:
        """The nearest stop and the metres to walk there; None when it is too far."""
        if place not in self._known:
            self._known[place] = self._look(place)
        return self._known[place]

    def _look(self, place: Place) -> tuple[Place, int] | None:
        if not self.places:
            return None
        away = _WALK_DETOUR * metres_between(
            np.array([place.latitude]), np.array([place.longitude]), self.latitude, self.longitude
        )
        best = int(away.argmin())
        metres = round(float(away[best]))
        return (self.places[best], metres) if metres <= self.most else None


def _vehicles(cars: Sequence[Cars]) -> tuple[Vehicle, ...]:
    found: list[Vehicle] = []
    for kind in cars:
        for _number in range(kind.count):
            capacity = {"seats": kind.seats} | ({"wheelchairs": kind.wheelchairs} if kind.wheelchairs else {})
            opens, closes = seconds(kind.opens), seconds(kind.closes)
            found.append(Vehicle(f"{len(found) + 1}", Stop(0, opens, closes), Stop(0, 0, closes), capacity))
    return tuple(found)


def seconds(time: dt.time) -> int:
    """Seconds of the day."""
    return time.hour * 3600 + time.minute * 60 + time.second


__all__ = [
    "Board",
    "CarDay",
    "CarNow",
    "Fate",
    "Replay",
    "Story",
    "Town",
    "Unplanned",
    "UnsoundPlan",
    "seconds",
]
