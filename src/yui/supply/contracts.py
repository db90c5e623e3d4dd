"""What crosses the door of supply."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from yui.engines.travel.public import Place, RoadNetwork
from yui.kernel.text.public import Message


class StepKind(StrEnum):
    """What a step of a demand is.

    Somebody or something is picked up and dropped off; somebody is visited where they are; a place (a room, a shift, a
    seat in a class) is taken for the whole span from its beginning to its end.
    """

    PICKUP = "pickup"
    DROPOFF = "dropoff"
    VISIT = "visit"
    STAY = "stay"


class DemandState(StrEnum):
    """How far a demand has come. ``OPEN`` waits for an answer or for the choice of an offer."""

    OPEN = "open"
    REFUSED = "refused"
    PROMISED = "promised"
    UNDER_WAY = "under_way"
    DONE = "done"
    NO_SHOW = "no_show"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepAct(StrEnum):
    """What happened at a step, as whoever serves it reports."""

    SERVED = "served"
    NO_SHOW = "no_show"
    FAILED = "failed"


class PlanCause(StrEnum):
    """Why a plan took the place of the one before."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    IMPROVED = "improved"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"
    ROADS = "roads"
    LATE = "late"
    CLEARED = "cleared"


@dataclass(frozen=True)
class Step:
    """One thing to do for a demand: be at a place within a window and stay a while.

    Attributes:
        from_at: not before.
        until_at: at the latest begun.
        seconds: of service (boarding, a ramp).
        name: what people call the place.
    """

    kind: StepKind
    place: Place
    from_at: dt.datetime
    until_at: dt.datetime
    seconds: int = 0
    name: str = ""


@dataclass(frozen=True)
class DemandInput:
    """What somebody wants.

    Attributes:
        key: said twice, it is the same demand: a double click, a phone that sends again.
        kind: the service's word for it ("ride").
        steps: in their order.
        load: units of each kind of capacity while it is on board ("seats": 2).
        needs: what the supply must have ("ramp").
        person: the resident it is for; None when not known by name.
        proxy: who asks for them, and may, as the service has made sure.
        longest: between leaving the first step and reaching the last.
        asked_at: when it was asked for, which waiting is counted from.
    """

    key: str
    kind: str
    steps: tuple[Step, ...]
    load: Mapping[str, int]
    needs: frozenset[str] = frozenset()
    person: UUID | None = None
    proxy: UUID | None = None
    longest: dt.timedelta | None = None
    asked_at: dt.datetime | None = None


@dataclass(frozen=True)
class Break:
    """A rest of a shift: so long, begun within the window, with nobody on board."""

    from_at: dt.datetime
    until_at: dt.datetime
    seconds: int


@dataclass(frozen=True)
class ShiftInput:
    """One span in which a supply works.

    Attributes:
        key: said twice, it is the same shift.
        name: what people call it ("1号車").
        capacity: by kind ("seats": 8, "wheelchairs": 1).
        seats_per_wheelchair: seats that one unit of another kind takes away, by kind.
    """

    key: str
    name: str
    from_at: dt.datetime
    until_at: dt.datetime
    start: Place
    end: Place
    capacity: Mapping[str, int]
    skills: frozenset[str] = frozenset()
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why something cannot be done, as data: a code and the values of its sentence."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class OfferView:
    """A promise not yet made; what it holds is kept free until it expires."""

    public_id: UUID
    demand: UUID
    shift: UUID
    shift_name: str
    times: tuple[dt.datetime, ...]
    price_yen: int
    expires_at: dt.datetime
    accepted_at: dt.datetime | None


@dataclass(frozen=True)
class Answer:
    """What is said to a demand: offers, the best first, or why there is none."""

    demand: UUID
    offers: tuple[OfferView, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class ChangeView:
    """What somebody was told anew because a promise could not be kept as it was.

    Attributes:
        told_at: when.
        because: why: ``late``, ``road_closed``, or the code that a shift was withdrawn with.
        times: when each step is promised from then on; empty when nobody can serve it any more.
        latest: by when each step is served at the latest.
    """

    told_at: dt.datetime
    because: str
    times: tuple[dt.datetime, ...]
    latest: tuple[dt.datetime, ...]


@dataclass(frozen=True)
class DemandView:
    """A demand with what was promised of it and what came of it.

    Attributes:
        promised: when each step was promised at first; empty before an offer is accepted.
        planned: when each step is now planned.
        served: when each step was served; None where it was not yet.
        shift: who serves it now; None before the promise.
        changes: what was told anew since, the last last.
    """

    public_id: UUID
    kind: str
    state: DemandState
    person: UUID | None
    steps: tuple[Step, ...]
    load: Mapping[str, int]
    needs: frozenset[str]
    promised: tuple[dt.datetime, ...]
    planned: tuple[dt.datetime, ...]
    served: tuple[dt.datetime | None, ...]
    shift: UUID | None
    price_yen: int | None
    reasons: tuple[Reason, ...]
    changes: tuple[ChangeView, ...] = ()

    @property
    def told(self) -> tuple[dt.datetime, ...]:
        """When each step is promised as was told last; empty before the promise, or when it is lost."""
        return self.changes[-1].times if self.changes else self.promised


@dataclass(frozen=True)
class StopView:
    """One planned step of a route.

    Attributes:
        offered: only offered so far; its place is kept free until the offer expires.
    """

    demand: UUID
    step: int
    kind: StepKind
    place: Place
    name: str
    arrive_at: dt.datetime
    done: bool
    offered: bool = False


@dataclass(frozen=True)
class RouteView:
    """What one shift does, in its order.

    Attributes:
        withdrawn_at: since when it can serve no longer; None while it can.
        because: why, by its code.
    """

    shift: UUID
    name: str
    stops: tuple[StopView, ...]
    withdrawn_at: dt.datetime | None = None
    because: str = ""


@dataclass(frozen=True)
class PlanView:
    """A whole plan: a value that never changes; the next one has the next number."""

    version: int
    made_at: dt.datetime
    cause: PlanCause
    routes: tuple[RouteView, ...]


@dataclass(frozen=True)
class ShiftView:
    """A shift as it is registered.

    Attributes:
        start: where it begins.
        withdrawn_at: since when it can serve no longer; None while it can.
    """

    public_id: UUID
    name: str
    from_at: dt.datetime
    until_at: dt.datetime
    start: Place
    withdrawn_at: dt.datetime | None
    withdrawn_because: str


@dataclass(frozen=True)
class BoardView:
    """A board as whoever watches it sees it.

    Attributes:
        plan_version: number of the plan in force; 0 before the first.
        window: how much later than told a promised pick-up may come to be.
        closed: roads of its map that are closed now.
    """

    plan_version: int
    window: dt.timedelta
    closed: frozenset[int]
    shifts: tuple[ShiftView, ...]


@dataclass(frozen=True, eq=False)
class RoadsView:
    """A road map of a board.

    Attributes:
        version: another one with every map.
        source: as it is to be named beside a map.
    """

    version: str
    source: str
    licence: str
    network: RoadNetwork


@dataclass(frozen=True)
class StepReport:
    """What whoever serves reports of one step.

    Attributes:
        key: of the report; sent twice (a phone back from an hour without signal) it counts once.
        at: when it happened, by the clock of whoever reports.
    """

    key: str
    demand: UUID
    step: int
    act: StepAct
    at: dt.datetime


class SupplyRefused(ValueError):
    """What was asked cannot be done; nothing was changed.

    Attributes:
        text: the sentence for whoever asked.
    """

    def __init__(self, text: Message, *reasons: Reason) -> None:
        super().__init__(str(text))
        self.text = text
        self.reasons = reasons


class UnknownSupply(SupplyRefused):
    """There is no such board, demand, shift or offer in this body."""


class OfferGone(SupplyRefused):
    """The offer has expired or was answered otherwise; ask again."""


class WrongOrder(SupplyRefused):
    """A report that does not fit what is known: a step before the one it follows, an end after the end."""


class NotServed(SupplyRefused):
    """No plan can take it: the reasons say what stands in the way."""


Steps = Sequence[Step]
