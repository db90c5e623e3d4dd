"""Whatever dies between the wish for a ride and its fare: no promise is lost or kept twice, and money is paid once."""

from collections.abc import Callable

import pytest

from tests.killing import rides
from tests.killing.accidents import Accidents, LossyWay
from tests.killing.families import CITY, Family
from tests.killing.machine import Machine
from tests.killing.rides import RideTruth
from tests.killing.truth import Truth
from tests.killing.walker import Walker


@pytest.fixture(scope="module")
def bus(machine: Machine) -> None:
    """Two cars in the city; the others' tests go on without them."""
    rides.open_bus(machine)


@pytest.fixture
def rider(bus: None, visit: Callable[..., Walker], couples: list[Family]) -> Walker:
    """A resident who has signed in."""
    walker = visit(transport=LossyWay())
    walker.sign_in(couples[0].parent, "resident", CITY)
    return walker


@pytest.mark.parametrize(
    "accident",
    ["the answer is lost", "killed after the commit", "killed before the commit", "sent twice at once"],
)
def test_asked_accepted_and_cancelled_once(
    accident: str, machine: Machine, truth: Truth, rider: Walker
) -> None:
    meet = Accidents(machine).ways[accident]
    told = RideTruth(truth)

    offers = meet("ride wished", rider, rides.wish(rider))
    demand = rides.demand_of(offers)
    told.check(demand, "open")

    booked = meet("ride accepted", rider, rides.choice(offers))
    assert booked.path == f"/transit/rides/{demand}/", booked
    told.check(demand, "promised")

    cancelled = meet("ride cancelled", rider, rides.cancelling(booked))
    assert "cancelled" in cancelled.text.lower(), cancelled
    told.check(demand, "cancelled")


def test_the_worker_dies_while_it_improves_the_plan(machine: Machine, truth: Truth, rider: Walker) -> None:
    told, booked = RideTruth(truth), []
    for origin, destination in (("1", "2"), ("2", "1"), ("1", "2"), ("2", "1")):
        offers = rider.send(rides.wish(rider, origin, destination))
        page = rider.send(rides.choice(offers))
        booked.append(rides.demand_of(page))
    with machine.connect() as held, held.transaction():
        # Whatever it has found, it gets as far as the journal and waits there; within half a minute it begins.
        held.execute("LOCK TABLE journal_entry IN SHARE MODE")
        machine.await_backends("wait_event_type = 'Lock' AND strpos(query, 'journal_entry') > 0", seconds=180)
        machine.kill_job_worker()
    for demand in booked:
        told.check(demand, "promised")
    truth.check_jobs()
    for demand in booked:
        told.check(demand, "promised")


def test_a_fare_is_paid_once(machine: Machine, truth: Truth, rider: Walker) -> None:
    told = RideTruth(truth)
    demand = rides.demand_of(rider.send(rides.choice(rider.send(rides.wish(rider)))))
    with machine.connect() as held, held.transaction():
        held.execute("LOCK TABLE supply_settlement IN SHARE MODE")
        first = rides.settling(machine, demand)
        machine.await_backends(
            "wait_event_type = 'Lock' AND strpos(query, 'supply_settlement') > 0", seconds=180
        )
        first.kill()
        first.wait()
    told.check(demand, "promised")
    for _time in range(2):
        assert rides.settling(machine, demand).wait(180) == 0
    told.check_paid(
        demand, truth.machine.value("SELECT quoted_yen FROM transit_ride WHERE demand = %s", demand)
    )
