"""Plannings, confirmations and runs at the same moment, on real connections: nothing is ordered or paid twice.

These tests commit. They work in bodies of their own, whose rows no other test can see.
"""

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import time_machine
from django.db import connection, connections

from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.jobs.public import perform
from yui.kernel.services import all_permissions
from yui.kernel.tenancy.codes import local_government_check_digit
from yui.kernel.tenancy.public import BodyKind, body_scope, open_body
from yui.procedures.cases import public as procedures
from yui.procedures.cases.public import Event
from yui.procedures.payments import public as payments
from yui.procedures.payments.contracts import OrderState, PaymentRefused
from yui.procedures.payments.models import CoveredEntitlement, PaymentOrder
from yui.registries.people import public as people
from yui.registries.people.public import Address, Relationship, Sex
from yui.services.child_allowance.models import Entitlement
from yui.services.child_allowance.planning import plan_payments
from yui.services.child_allowance.tests.test_changes import ACCOUNT, AccountSource
from yui.services.child_allowance.tests.test_course import TODAY, _as, _resident

CLERK = Actor(ActorKind.STAFF, "00000000-0000-4000-8000-000000000001", "", frozenset(all_permissions()))
_numbers = iter(range(99_700, 99_800))


@pytest.fixture
def town(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    with django_db_blocker.unblock(), time_machine.travel(TODAY, tick=False):  # type: ignore[attr-defined]
        five = str(next(_numbers))
        code = five + local_government_check_digit(five)
        open_body(code=code, name=f"town {code}", kind=BodyKind.MUNICIPALITY, valid_from=dt.date(2000, 4, 1))
        yield code
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE args->>'body_code' = %s", [code])
        for each in connections.all():
            each.close()


@pytest.fixture
def father(town: str) -> UUID:
    """A father of new-born twins, who has been offered both claims."""
    with body_scope(town), acting_as(CLERK):
        event = people.record_move_in(
            newcomers=[
                _resident("太郎", dt.date(1990, 1, 1), Sex.MALE, Relationship.HEAD),
                _resident("花子", dt.date(1992, 1, 1), Sex.FEMALE, Relationship.SPOUSE),
            ],
            address=Address(town="結町", block="1-1"),
            effective_on=dt.date(2020, 4, 1),
            previous_address="東京都",
        )
        father, mother = event.persons
        for given in ("一", "二"):
            born = people.record_birth(
                child=_resident(given, dt.date(2026, 11, 20), Sex.FEMALE, Relationship.CHILD), mother=mother
            )
            procedures.open_from_event(
                event=Event("resident.birth.recorded", born.persons[0], born.effective_on)
            )
        payments.register_account(
            payee=father, account=ACCOUNT, source=AccountSource.APPLICATION, valid_from=dt.date(2020, 4, 1)
        )
        payments.register_paying_account(
            code="main", originator_code="1", originator_name="ユイミシ", account=ACCOUNT
        )
    return father


def together(work: Callable[[int], object], count: int) -> list[object]:
    """Do the same at once on connections of their own; a refusal by the payments is an answer too."""
    gate = threading.Barrier(count)

    def run(number: int) -> object:
        gate.wait()
        try:
            return work(number)
        except PaymentRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def check_ordered_once(town: str) -> None:
    """Every child and month stands in one living order, and the open and running amounts are what is due."""
    with body_scope(town):
        covered = list(CoveredEntitlement.objects.filter(released=False).values_list("key", flat=True))
        living = PaymentOrder.objects.exclude(state=OrderState.WITHDRAWN)
        assert len(covered) == len(set(covered))
        assert sum(living.values_list("amount_yen", flat=True)) == 15_000 * len(covered)


def confirm_both(town: str, father: UUID) -> None:
    with body_scope(town), acting_as(_as(father)):
        for case in procedures.list_cases_of(father):
            procedures.submit(case=case.public_id, version=case.version)


def test_twins_confirmed_in_two_tabs_at_once(town: str, father: UUID) -> None:
    with body_scope(town), acting_as(_as(father)):
        cases = procedures.list_cases_of(father)

    def confirm(number: int) -> object:
        case = cases[number]
        with body_scope(town), acting_as(_as(father)):
            return procedures.submit(case=case.public_id, version=case.version)

    together(confirm, 2)
    with body_scope(town):
        assert Entitlement.objects.filter(recorded_until=None).count() == 2
        open_orders = PaymentOrder.objects.filter(state=OrderState.OPEN)
        assert sorted(open_orders.values_list("amount_yen", flat=True)) == [60_000, 60_000]
    check_ordered_once(town)


def test_plannings_at_once(town: str, father: UUID) -> None:
    confirm_both(town, father)
    with body_scope(town), acting_as(CLERK):
        open_orders = [o for o in payments.list_orders_for(payee=father) if o.state is OrderState.OPEN]
        for order in open_orders:
            payments.withdraw_order(order_id=order.public_id, reason="test")

    def plan(number: int) -> object:
        with body_scope(town), acting_as(CLERK):
            return plan_payments(father)

    assert sorted(together(plan, 4)) == [0, 0, 0, 2]  # type: ignore[type-var]
    check_ordered_once(town)


def test_a_run_prepared_while_the_amount_changes(town: str, father: UUID) -> None:
    """One twin's claim is corrected at the moment in which the cashier prepares the run."""
    confirm_both(town, father)
    with body_scope(town), acting_as(_as(father)):
        case = procedures.list_cases_of(father)[0]
    with body_scope(town), acting_as(CLERK):
        day = payments.list_orders_for(payee=father)[0].due_on

    def act(number: int) -> object:
        if number:
            with body_scope(town), acting_as(CLERK):
                return payments.prepare_run(value_on=day)
        with body_scope(town), acting_as(_as(father)):
            return procedures.submit(
                case=case.public_id, version=case.version, changes={"public_servant": "yes"}
            )

    answers = together(act, 2)
    assert not any(isinstance(answer, PaymentRefused) for answer in answers)
    check_ordered_once(town)
    # Either the run was first and an officer is told, or the correction was first and the run holds the new amount.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs WHERE args->>'body_code' = %s"
            " AND args->>'code' = 'child_allowance.difference.found'",
            [town],
        )
        told = cursor.fetchall()
    for arguments in (json.loads(row[0]) for row in told):
        given = {k: v for k, v in arguments.items() if k not in ("body_code", "job_key")}
        perform("cases.open_from_event", body_code=town, key=arguments["job_key"], arguments=given)
    with body_scope(town), acting_as(CLERK):
        (in_run,) = [o for o in payments.list_orders_for(payee=father) if o.state is OrderState.IN_RUN]
        waiting = procedures.list_waiting_for_officer("child_allowance.difference")
        assert in_run.amount_yen == 30_000 or [c.facts["paid_yen"] for c in waiting] == [60_000]
