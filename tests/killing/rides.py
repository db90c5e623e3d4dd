"""A bus in the city of a demo, a rider's way to a seat in it, and what must be in the database of it all."""

import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.journeys.demo import ROOT
from tests.killing.families import CITY
from tests.killing.machine import Machine
from tests.killing.truth import Truth
from tests.killing.walker import Letter, Page, Walker

SERVICE = "killed-bus"
_BEGIN = f"""
import datetime as dt, os, sys
from dataclasses import replace
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yui.config.settings")
django.setup()
from uuid import UUID
from yui.engines.travel.public import Place
from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.services import all_permissions
from yui.kernel.tenancy.public import body_scope
clerk = Actor(ActorKind.STAFF, str(UUID(int=7)), "", frozenset(all_permissions()))
now = dt.datetime.now(dt.UTC)
with body_scope("{CITY}"), acting_as(clerk):
"""
_OPEN = f"""
    from yui.services.transit.contracts import Hours
    from yui.services.transit.definitions import define_service
    from yui.services.transit.tests.test_rules import BUS, HALL
    from yui.supply.public import ShiftInput, open_board, register_shift
    always = Hours(frozenset(range(7)), dt.time(), dt.time(23, 59), on_holidays=True)
    define_service(replace(BUS, code="{SERVICE}", hours=(always,), booking=replace(BUS.booking, closes_minutes=0)))
    open_board(code="{SERVICE}", offer_seconds=600)
    home = Place(HALL.latitude, HALL.longitude)
    for name in ("1号車", "2号車"):
        register_shift(board="{SERVICE}", shift=ShiftInput(
            name, name, now - dt.timedelta(hours=1), now + dt.timedelta(hours=9), home, home, {{"seats": 8}}))
"""
_SETTLE = """
    from yui.services.transit.booking import settle_ride
    from yui.supply.public import StepAct, StepReport, get_demand, report_step
    demand = UUID(sys.argv[1])
    shift = get_demand(demand).shift
    for step in (0, 1):
        report_step(shift=shift, report=StepReport(f"{demand}:{step}", demand, step, StepAct.SERVED, now))
    print(settle_ride(demand=demand, means="cash"))
"""


def open_bus(machine: Machine) -> None:
    """Two cars drive in the city from now on, day and night."""
    done = _run(machine, _BEGIN + _OPEN)
    assert done.wait(120) == 0


def settling(machine: Machine, demand: UUID) -> "subprocess.Popen[bytes]":
    """Somebody is brought and pays, by a process of its own."""
    return _run(machine, _BEGIN + _SETTLE, str(demand))


def _run(machine: Machine, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, env=machine.demo.environment
    )


# What the rider does


def wish(rider: Walker, origin: str = "1", destination: str = "2") -> Letter:
    """The booking page, filled in."""
    page = rider.get("/transit/rides/new/")
    stops = {"origin": f"{SERVICE}:{origin}", "destination": f"{SERVICE}:{destination}"}
    return Letter(page, page.form(holding="origin"), {"service": SERVICE, "wish": "now", **stops})


def choice(page: Page) -> Letter:
    """The first offer of the page that shows them."""
    return Letter(page, next(form for form in page.forms if "offer" in form.values))


def cancelling(page: Page) -> Letter:
    """The ride's page, about to be taken back."""
    return Letter(page, page.form(action="/cancel/"))


def demand_of(page: Page) -> UUID:
    """The ride that a page is about."""
    return UUID(page.path.split("/")[3])


# What must be so


@dataclass(frozen=True)
class RideTruth:
    """Questions to the database about rides, past our own code."""

    truth: Truth

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return self.truth.machine.rows(sql, *values)

    def in_force(self) -> dict[str, list[list[Any]]]:
        """The routes of the plan in force, put together from what was kept of each."""
        routes: dict[str, list[list[Any]]] = {}
        versions = []
        for version, whole, changed in self.rows(
            "SELECT p.version, p.whole, p.routes FROM supply_plan p JOIN supply_board b ON b.id = p.board_id"
            " WHERE b.code = %s ORDER BY p.version",
            SERVICE,
        ):
            versions.append(version)
            routes = dict(changed) if whole else routes | changed
        board = "SELECT plan_version FROM supply_board WHERE code = %s"
        assert versions == list(range(1, self.truth.machine.value(board, SERVICE) + 1))
        return routes

    def check(self, demand: UUID, state: str) -> None:
        """A ride was asked for once, accepted once at most, and is in the plan once or not at all."""
        of_demand = "FROM supply_demand d WHERE d.public_id = %s"
        row, found = self.rows(f"SELECT d.id, d.state {of_demand}", demand)[0]
        assert found == state
        self.truth.one("rides", "SELECT id FROM transit_ride WHERE demand = %s", demand)
        self.truth.check_journalled("supply.demand.registered", demand)
        accepted = self.rows(
            "SELECT o.public_id FROM supply_assignment a JOIN supply_offer o ON o.id = a.offer_id"
            " WHERE a.demand_id = %s",
            row,
        )
        offers = {
            str(one) for (one,) in self.rows("SELECT public_id FROM supply_offer WHERE demand_id = %s", row)
        }
        stops = [stop for route in self.in_force().values() for stop in route if stop[0] in offers]
        if state == "open":
            assert not accepted
            assert sorted(stop[1] for stop in stops) == [0] * len(offers) + [1] * len(offers)
            return
        assert len(accepted) == 1
        self.truth.check_journalled("supply.offer.accepted", accepted[0][0])
        if state == "cancelled":
            assert stops == []
            self.truth.check_journalled("supply.demand.cancelled", demand)
        else:
            assert sorted(stop[:2] for stop in stops) == [[str(accepted[0][0]), 0], [str(accepted[0][0]), 1]]

    def check_paid(self, demand: UUID, yen: int) -> None:
        """Each step was noted once, and the fare was settled once."""
        of_demand = "JOIN supply_demand d ON d.id = x.demand_id WHERE d.public_id = %s"
        assert self.rows(f"SELECT x.step FROM supply_stepdone x {of_demand} ORDER BY x.step", demand) == [
            (0,),
            (1,),
        ]
        assert self.rows(f"SELECT x.amount_yen FROM supply_settlement x {of_demand}", demand) == [(yen,)]
        self.truth.check_journalled("supply.demand.settled", demand)
