"""A valley with four places on one line, ten kilometres apart at most, and a day in it."""

import datetime as dt
from dataclasses import replace
from typing import Any

from yui.engines.travel.public import Place, StraightLine
from yui.services.transit.contracts import Limits, Pattern, Stop, Wish
from yui.services.transit.simulation.demand import Trip
from yui.services.transit.simulation.policies import Cars, Policy
from yui.services.transit.simulation.replay import Replay, Town
from yui.services.transit.simulation.surroundings import AgeGroup, PlaceKind, Spot

HALL, CLINIC, UPPER, LOWER = (Place(36.0, 138.0 + 0.01 * step) for step in range(4))
LINE = StraightLine(kilometres_per_hour=36, detour=1.0)
STOPS = (
    Stop("1", "役場", "やくば", HALL.latitude, HALL.longitude),
    Stop("2", "診療所", "しんりょうじょ", CLINIC.latitude, CLINIC.longitude),
    Stop("3", "上", "かみ", UPPER.latitude, UPPER.longitude),
)
TOWN = Town(LINE, STOPS, HALL)
ONE_CAR = (Cars(1, 4, 1, dt.time(8), dt.time(18)),)
POLICY = Policy(
    "戸口",
    Pattern.DOOR_TO_DOOR,
    ONE_CAR,
    limits=Limits(wait_minutes=15, boarding_seconds=60, wheelchair_seconds=120),
)
SPOTS = (
    Spot(PlaceKind.HOME, "上", UPPER, (5, 20, 20, 30)),
    Spot(PlaceKind.HOME, "下", LOWER, (10, 40, 10, 15)),
    Spot(PlaceKind.HALL, "役場", HALL),
    Spot(PlaceKind.CLINIC, "診療所", CLINIC),
    Spot(PlaceKind.SHOP, "店", Place(36.002, 138.012)),
)


def trip(number: int, asked: int, origin: Place, destination: Place, **changes: Any) -> Trip:
    """A ride wished for at once."""
    made = Trip(f"{number:05}", asked, Wish.NOW, asked, origin, destination, "上", AgeGroup.FROM_75)
    return replace(made, **changes)


def replayed(*trips: Trip, policy: Policy = POLICY, **options: Any) -> Replay:
    """The day at its end; each plan is judged."""
    return Replay(TOWN, trips, policy, check_every=1, **options).run()
