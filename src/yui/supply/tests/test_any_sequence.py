"""Whatever is asked, accepted, cancelled, reported, lost or closed in whatever order, the plan keeps every limit.

Judged from what crosses the door alone, by the travel engine's own times; nothing here knows how plans are made.
"""

import datetime as dt
from itertools import count
from uuid import UUID

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from yui.engines.dispatch.public import rounds
from yui.engines.travel.public import OnRoads, Place, Road, network_of
from yui.supply.models import Demand
from yui.supply.public import (
    Break,
    DemandInput,
    DemandState,
    DemandView,
    PlanView,
    RouteView,
    ShiftInput,
    Step,
    StepAct,
    StepKind,
    StepReport,
    StopView,
    accept_offer,
    ask,
    cancel_demand,
    close_road,
    get_demand,
    improve_board,
    keep_road_map,
    list_changes,
    list_open_offers,
    open_board,
    open_road,
    plan_of,
    reckon_roads,
    register_shift,
    report_step,
    withdraw_shift,
)

pytestmark = pytest.mark.usefixtures("body", "staff")

NOON = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
SERVICE, WINDOW = 30, dt.timedelta(seconds=600)
# A ring of stops about 500 m apart: with one road closed there is still the other way round.
RING = 10
STOPS = [
    Place(35.0 + 0.0045 * min(n, RING - n), 135.0 + (0.005 if 0 < n < RING / 2 else 0.0)) for n in range(RING)
]
NETWORK = network_of([Road(n, [n, (n + 1) % RING], 20) for n in range(RING)], dict(enumerate(STOPS)))
BOARDS = count()
stops = st.integers(0, RING - 1)
# How many minutes from now, waiting how many, how many riders, with a wheelchair; which offer is accepted.
WISH = (
    st.integers(0, 60),
    st.integers(5, 40),
    st.integers(1, 2),
    st.booleans(),
    st.sampled_from([0, 0, 1, 3]),
)


class Town(RuleBasedStateMachine):
    """A board in an afternoon."""

    def __init__(self) -> None:
        super().__init__()
        self.board = f"board{next(BOARDS)}"
        self.clock = time_machine.travel(NOON, tick=False)
        self.now = self.clock.start()
        self.capacity: dict[UUID, dict[str, int]] = {}
        self.ends: dict[UUID, int] = {}
        self.demands: dict[UUID, DemandInput] = {}
        self.told: dict[UUID, int] = {}
        self.closed: set[int] = set()
        self.lost: set[UUID] = set()
        self.mishap = False

    def teardown(self) -> None:
        """The clock goes on."""
        self.clock.stop()

    @initialize(seats=st.lists(st.integers(2, 4), min_size=3, max_size=3), start=stops, rest=st.booleans())
    def opened(self, seats: list[int], start: int, rest: bool) -> None:
        """Cars stand ready, one of which takes a break."""
        open_board(code=self.board, road_map="ring", offer_seconds=120, window_seconds=600)
        pause = Break(NOON + dt.timedelta(minutes=40), NOON + dt.timedelta(minutes=80), 600)
        for number, places in enumerate(seats):
            car = ShiftInput(
                key=f"car{number}",
                name=f"car{number}",
                from_at=NOON,
                until_at=NOON + dt.timedelta(hours=3),
                start=STOPS[(start + 3 * number) % RING],
                end=STOPS[start],
                capacity={"seats": places, "wheelchairs": 1},
                skills=frozenset({"ramp"} if number else ()),
                breaks=(pause,) if rest and not number else (),
            )
            self.capacity[register_shift(board=self.board, shift=car)] = dict(car.capacity)

    # What people do

    @rule(wishes=st.lists(st.tuples(*[stops, st.integers(1, RING - 1), *WISH]), min_size=1, max_size=3))
    def ask_for_rides(self, wishes: list[tuple[int, int, int, int, int, bool, int]]) -> None:
        """Some ask, and accept one of their offers or leave them be."""
        for origin, way, after, wait, seats, chair, offered in wishes:
            begins = self._now() + dt.timedelta(minutes=after)
            until = begins + dt.timedelta(minutes=wait)
            brought = until + dt.timedelta(minutes=25)
            wanted = DemandInput(
                key=f"{len(self.demands)}",
                kind="ride",
                steps=(
                    Step(StepKind.PICKUP, STOPS[origin], begins, until, SERVICE),
                    Step(StepKind.DROPOFF, STOPS[(origin + way) % RING], begins, brought, SERVICE),
                ),
                load={"seats": seats} | ({"wheelchairs": 1} if chair else {}),
                needs=frozenset({"ramp"} if chair else ()),
                longest=dt.timedelta(minutes=25),
            )
            answer = ask(board=self.board, demand=wanted, price_yen=300)
            self.demands[answer.demand] = wanted
            assert bool(answer.offers) != bool(answer.reasons)
            if offered < len(answer.offers):
                accept_offer(offer=answer.offers[offered].public_id)

    @precondition(lambda self: self._in(DemandState.OPEN))
    @rule(which=st.integers(0, 99))
    def accept_in_time(self, which: int) -> None:
        """An offer that is open is kept, whatever happened meanwhile."""
        for demand in self._in(DemandState.OPEN):
            if offers := list_open_offers(demand):
                assert accept_offer(offer=offers[which % len(offers)].public_id).state is DemandState.PROMISED

    @precondition(lambda self: self._in(DemandState.OPEN, DemandState.PROMISED))
    @rule(which=st.integers(0, 99))
    def cancel(self, which: int) -> None:
        """Somebody changes their mind."""
        known = self._in(DemandState.OPEN, DemandState.PROMISED)
        cancel_demand(demand=known[which % len(known)])

    @rule(minutes=st.sampled_from([0.5, 1, 2.5, 5, 10]))
    def time_passes(self, minutes: float) -> None:
        """Offers expire, cars set out."""
        self.now.shift(dt.timedelta(minutes=minutes))

    @rule(
        car=st.integers(0, 2),
        late=st.sampled_from([0, 0, 0, 45, 400]),
        there=st.booleans(),
        steps=st.integers(1, 3),
    )
    def drive(self, car: int, late: int, there: bool, steps: int) -> None:
        """A driver comes to the next stops and says so, on time or not; at the first perhaps nobody is."""
        shift = list(self.capacity)[car % len(self.capacity)]
        for _step in range(steps):
            route = (
                next((one for one in self._plan().routes if one.shift == shift), None)
                if self._plan()
                else None
            )
            ahead = [stop for stop in (route.stops if route else ()) if not stop.done and not stop.offered]
            if not ahead or (route and route.withdrawn_at):
                return
            arrives = max(self._now(), ahead[0].arrive_at + dt.timedelta(seconds=late))
            self.now.shift(arrives - self._now())
            act = StepAct.SERVED if there or ahead[0].step != 0 else StepAct.NO_SHOW
            report = StepReport(
                f"{self.board}:{ahead[0].demand}:{ahead[0].step}",
                ahead[0].demand,
                ahead[0].step,
                act,
                arrives,
            )
            self.mishap |= arrives > ahead[0].arrive_at
            report_step(shift=shift, report=report)
            late = 0

    # What goes wrong

    @precondition(
        lambda self: len(self._in(DemandState.PROMISED, DemandState.UNDER_WAY)) > 2 and len(self.lost) < 2
    )
    @rule()
    def break_down(self) -> None:
        """A car that has something to do drives no further."""
        self.mishap = True
        busy = [route for route in self._plan_routes() if not route.withdrawn_at]
        shift = max(busy, key=lambda route: len(route.stops)).shift
        self.lost.add(shift)
        withdraw_shift(shift=shift, because="breakdown")

    @rule(road=stops)
    def close_or_open(self, road: int) -> None:
        """A road is closed, or opened again."""
        self.mishap = True
        if self.closed:
            open_road(board=self.board, road=self.closed.pop())
        else:
            close_road(board=self.board, road=road)
            self.closed.add(road)
        reckon_roads(board=self.board)

    @rule(seed=st.integers(1, 3))
    def improve(self, seed: int) -> None:
        """The worker looks for less driving."""
        improve_board(board=self.board, progress=rounds(5), seed=seed)

    # What always holds

    @invariant()
    def promises_are_kept(self) -> None:
        """Nothing is told anew unless something went wrong, and nobody is forgotten or carried twice."""
        if not self.capacity:
            return
        changes = list_changes(self.board, since=NOON)
        assert self.mishap or len(changes) == self.told.get(UUID(int=0), 0), changes
        self.told[UUID(int=0)] = len(changes)
        plan = self._plan()
        if plan is None:
            return
        found: dict[UUID, list[int]] = {}
        held: dict[UUID, int] = {}
        for route in plan.routes:
            for stop in route.stops:
                if not stop.done and stop.offered:
                    held[stop.demand] = held.get(stop.demand, 0) + 1
                elif not stop.done:
                    assert route.withdrawn_at is None
                    found.setdefault(stop.demand, []).append(stop.step)
        for demand in self.demands:
            view = get_demand(demand)
            steps = sorted(found.get(demand, []))
            if view.state is DemandState.PROMISED:
                assert steps == [0, 1]
                assert view.planned[0] >= view.told[0] - dt.timedelta(seconds=0)
            elif view.state is DemandState.UNDER_WAY:
                assert steps == [1] or (len(steps) == 2 and steps[0] < 0 and steps[1] == 1)
            else:
                assert not steps
            if view.state is DemandState.OPEN:
                assert held.get(demand, 0) >= 2 * len(list_open_offers(demand))
        self.mishap = False

    @invariant()
    def routes_can_be_driven(self) -> None:
        """Every stop is reached in time, with room on board, by a car that can; within what was told last."""
        plan = self._plan() if self.capacity else None
        if plan is None:
            return
        roads = OnRoads(NETWORK, closed=frozenset(self.closed))
        ways = roads.between(STOPS).seconds
        for route in plan.routes:
            aboard: dict[UUID, dt.datetime] = {}
            before: StopView | None = None
            for stop in route.stops:
                wanted, view = self.demands[stop.demand], None
                self._load(route.shift, wanted, stop, aboard)
                if stop.done or stop.offered:
                    before = None if stop.offered else stop
                    continue
                view = get_demand(stop.demand)
                # What the clock has passed was driven on the roads as they were then.
                if before is not None and not before.done and stop.arrive_at > self._now():
                    way = int(ways[STOPS.index(before.place), STOPS.index(stop.place)])
                    least = before.arrive_at + dt.timedelta(seconds=SERVICE + way)
                    assert stop.arrive_at >= least
                self._in_time(view, wanted, stop)
                before = stop

    def _load(
        self, shift: UUID, wanted: DemandInput, stop: StopView, aboard: dict[UUID, dt.datetime]
    ) -> None:
        if stop.step > 0:
            aboard.pop(stop.demand, None)
            return
        state = Demand.objects.values_list("state", flat=True).get(public_id=stop.demand)
        if state in ("no_show", "failed", "cancelled"):
            return
        aboard[stop.demand] = stop.arrive_at
        if stop.offered or stop.done:
            return
        for kind, room in self.capacity[shift].items():
            assert sum(self.demands[one].load.get(kind, 0) for one in aboard) <= room
        assert not wanted.needs or shift != next(iter(self.capacity))

    def _in_time(self, view: DemandView, wanted: DemandInput, stop: StopView) -> None:
        at, last = min(max(stop.step, 0), 1), view.changes[-1] if view.changes else None
        latest = last.latest[at] if last else min(wanted.steps[at].until_at, view.promised[at] + WINDOW)
        assert stop.arrive_at <= latest
        if stop.step == 0:
            assert stop.arrive_at >= (last.times if last else view.promised)[0]
        if stop.step == 1 and view.served[0] is None and last is None and wanted.longest:
            assert stop.arrive_at - view.planned[0] <= wanted.longest + dt.timedelta(seconds=SERVICE)

    def _now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    def _plan_routes(self) -> tuple[RouteView, ...]:
        plan = self._plan()
        return plan.routes if plan else ()

    def _plan(self) -> PlanView | None:
        return plan_of(self.board)

    def _in(self, *states: DemandState) -> list[UUID]:
        wanted = [state.value for state in states]
        rows = Demand.objects.filter(board__code=self.board, state__in=wanted).order_by("pk")
        return list(rows.values_list("public_id", flat=True))


@pytest.fixture
def ring() -> object:
    """The roads."""
    return keep_road_map(code="ring", network=NETWORK, source="drawn", licence="CC0")


def test_no_sequence_breaks_a_limit_or_a_promise(ring: object) -> None:
    run(
        Town,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
