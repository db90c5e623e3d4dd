"""Nothing is paid twice: real connections at the same time, and a process killed in the middle.

These tests commit. They work in bodies of their own, whose rows no other test can see.
"""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from yui.config.database import admin_address
from yui.kernel.access.public import acting_as
from yui.kernel.calendar.public import BusinessCalendar, business_day_on_or_after
from yui.kernel.tenancy.public import BodyKind, body_scope, open_body
from yui.procedures.payments.contracts import AlreadyOrdered, NothingToPay, PaymentRefused, RunState
from yui.procedures.payments.models import PaymentOrder, PaymentRun, PaymentRunItem
from yui.procedures.payments.public import (
    approve_run,
    export_run,
    freeze_run,
    list_runs,
    prepare_run,
    record_results,
)
from yui.procedures.payments.tests.conftest import APPROVER, CASHIER, give_account, open_till, place_order

ORDERS = 40
SOON = business_day_on_or_after(timezone.localdate() + dt.timedelta(days=7), BusinessCalendar.BANK)
_codes = iter(range(999_700, 999_900))


@pytest.fixture
def town(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A body with forty amounts due, committed."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        code = str(next(_codes))
        open_body(code=code, name=f"town {code}", kind=BodyKind.CARE_PROVIDER, valid_from=dt.date(2000, 4, 1))
        with body_scope(code), acting_as(CASHIER):
            open_till()
            for number in range(ORDERS):
                person = uuid4()
                give_account(person, valid_from=dt.date(2020, 1, 1), number=f"{number + 1:07d}")
                place_order(person, due_on=SOON)
        yield code
        for each in connections.all():
            each.close()


def together(work: Callable[[int], object], count: int = 4) -> list[object]:
    """Do the same at once on connections of their own; errors are answers too."""
    gate = threading.Barrier(count)

    def run(number: int) -> object:
        gate.wait()
        try:
            return work(number)
        except (PaymentRefused, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def live_items(town: str) -> list[int]:
    with body_scope(town):
        return list(
            PaymentRunItem.objects.filter(outcome__in=["pending", "paid"]).values_list("order_id", flat=True)
        )


def test_runs_prepared_at_once_share_nothing(town: str) -> None:
    def prepare(number: int) -> object:
        with body_scope(town), acting_as(CASHIER):
            return prepare_run(value_on=SOON)

    answers = together(prepare)
    assert [type(answer) for answer in answers].count(NothingToPay) == 3
    items = live_items(town)
    assert len(items) == len(set(items)) == ORDERS


def test_one_debt_ordered_at_once_is_ordered_once(town: str) -> None:
    person = uuid4()

    def order(number: int) -> object:
        with body_scope(town), acting_as(CASHIER):
            return place_order(person, key="same", due_on=SOON).public_id

    assert len(set(together(order))) == 1
    with body_scope(town):
        assert PaymentOrder.objects.filter(key="same").count() == 1


def test_one_month_ordered_at_once_under_different_keys_is_ordered_once(town: str) -> None:
    person = uuid4()

    def order(number: int) -> object:
        with body_scope(town), acting_as(CASHIER):
            return place_order(person, key=f"other-{number}", due_on=SOON, covers=["c9:2026-10"]).public_id

    answers = together(order)
    assert [type(answer) for answer in answers].count(AlreadyOrdered) == 3
    with body_scope(town):
        assert PaymentOrder.objects.filter(payee=person).count() == 1


def test_downloads_and_results_at_once(town: str) -> None:
    with body_scope(town), acting_as(CASHIER):
        run = freeze_run(run_id=prepare_run(value_on=SOON).public_id)
    with body_scope(town), acting_as(APPROVER):
        approve_run(run_id=run.public_id)

    def export(number: int) -> object:
        with body_scope(town), acting_as(CASHIER):
            return export_run(run_id=run.public_id)

    assert len(set(together(export))) == 1
    with body_scope(town):
        assert PaymentRun.objects.get().state == RunState.EXPORTED

    def settle(number: int) -> object:
        with body_scope(town), acting_as(CASHIER):
            return record_results(run_id=run.public_id, rest_paid_on=SOON)

    refused = together(settle)
    assert all(isinstance(answer, PaymentRefused) for answer in refused)  # the day has not come yet


def test_the_database_itself_refuses_a_second_payment(town: str) -> None:
    """Whatever the code does, an order that is on its way has no second place in any run."""
    with body_scope(town), acting_as(CASHIER):
        prepare_run(value_on=SOON)
        item = PaymentRunItem.objects.order_by("id")[0]
        run = PaymentRun.objects.get()
        other = PaymentRun.objects.create(
            number=99, value_on=SOON, paying_account=run.paying_account, prepared_by="x"
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentRunItem.objects.create(
                run=other,
                order=item.order,
                sequence=1,
                attempt=2,
                account=item.account,
                amount_yen=item.amount_yen,
            )


WORKER = """
import sys, datetime as dt
import django
django.setup()
from yui.kernel.access.public import acting_as
from yui.kernel.tenancy.public import body_scope
from yui.procedures.payments.public import prepare_run, freeze_run, export_run, list_runs
from yui.procedures.payments.tests.conftest import CASHIER
from yui.procedures.payments.actions import runs
import time

def stop_here(*args, **kwargs):
    print("in the middle", flush=True)
    time.sleep(60)

step, town, day = sys.argv[1], sys.argv[2], dt.date.fromisoformat(sys.argv[3])
with body_scope(town), acting_as(CASHIER):
    # The journal entry is the last thing each step writes, so everything else is done by then.
    runs._record = stop_here
    if step == "prepare":
        prepare_run(value_on=day)
    elif step == "freeze":
        freeze_run(run_id=list_runs()[0].public_id)
    else:
        export_run(run_id=list_runs()[0].public_id)
"""


def kill_in_the_middle(step: str, town: str) -> None:
    """Start a process that does a step, and kill it when all but the commit is done."""
    address = admin_address()
    name = connection.settings_dict["NAME"]
    url = (
        f"postgresql://{address.user}:{address.password}@/{name}?host={address.host}&port={address.port}"
        if address.host.startswith("/")
        else f"postgresql://{address.user}:{address.password}@{address.host}:{address.port}/{name}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "YUI_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "yui.config.settings",
    }
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, step, town, SOON.isoformat()],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "in the middle"
        finally:
            process.send_signal(signal.SIGKILL)
    wait_until_forgotten(town)


def wait_until_forgotten(town: str) -> None:
    """The server drops a dead client's transaction when it next touches the connection."""
    for _try in range(50):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state = 'idle in transaction' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the killed process still holds its transaction")


def test_a_process_killed_at_each_step_leaves_all_or_nothing(town: str) -> None:
    kill_in_the_middle("prepare", town)
    with body_scope(town), acting_as(CASHIER):
        assert list_runs() == []
        run = prepare_run(value_on=SOON)
    kill_in_the_middle("freeze", town)
    with body_scope(town), acting_as(CASHIER):
        assert list_runs()[0].state is RunState.PREPARED
        frozen = freeze_run(run_id=run.public_id)
    with body_scope(town), acting_as(APPROVER):
        approve_run(run_id=run.public_id)
    kill_in_the_middle("export", town)
    with body_scope(town), acting_as(CASHIER):
        assert list_runs()[0].state is RunState.APPROVED
        first = export_run(run_id=run.public_id)
    with body_scope(town), acting_as(CASHIER):
        assert export_run(run_id=run.public_id) == first
        assert first.sha256 == frozen.file_sha256
        with pytest.raises(NothingToPay):
            prepare_run(value_on=SOON)
    items = live_items(town)
    assert len(items) == len(set(items)) == ORDERS
    assert isinstance(run.public_id, UUID)
