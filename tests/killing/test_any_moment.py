"""Whatever is killed at whatever moment of the journey: nothing is lost and nothing is doubled."""

import time
from collections import Counter
from collections.abc import Callable

from tests.killing import steps
from tests.killing.chaos import Chaos
from tests.killing.families import Family
from tests.killing.machine import LONGEST_RECOVERY_SECONDS, Machine, await_it
from tests.killing.steps import Child
from tests.killing.truth import Truth
from tests.killing.walker import Walker

SEED = 20261125
# A calm journey opens 44 pages and sends 32 forms.
MOMENTS = {"page": (44, 6), "letter": (32, 10)}
LEAST_KILLS = 12


def test_nothing_is_lost_and_nothing_is_doubled(
    machine: Machine,
    truth: Truth,
    visit: Callable[..., Walker],
    families: dict[bool, list[Family]],
    born: list[Child],
) -> None:
    chosen = [families[paid].pop() for paid in (True, False) for _ in range(3)]
    children = [Child(family, *name) for family, name in zip(chosen, steps.NAMES, strict=False)]
    chaos = Chaos(machine, SEED, MOMENTS)

    def walker() -> Walker:
        return visit(before=chaos.before)

    with chaos:
        clerk = steps.sign_in_staff(walker(), steps.CLERK)
        for child in children:
            recorded = clerk.send(steps.birth(clerk, child))
            assert recorded.path.startswith("/residents/changes/"), recorded
            born.append(child)
        for child in children:
            parent = steps.sign_in_parent(walker(), child)
            confirmed = parent.send(steps.confirmation(parent))
            assert confirmed.path.startswith("/home/procedures/"), confirmed
            assert "Granted" in confirmed.text, confirmed
        cashier = steps.sign_in_staff(walker(), steps.CASHIER)
        value_on = await_it(lambda: truth.first_payment(children), "the database answers")
        letter = steps.preparation(cashier, value_on)
        payable = await_it(lambda: truth.payable(value_on), "the database answers")
        prepared = cashier.send(letter)
        run = prepared.path
        frozen = cashier.send(steps.freezing(prepared))
        assert "Frozen" in frozen.text, frozen
        approver = steps.sign_in_staff(walker(), steps.APPROVER)
        approved = approver.send(steps.approval(approver, run))
        assert "Approved" in approved.text, approved
        files = [steps.download(cashier, run) for _ in range(2)]

    machine.await_whole()
    kinds = Counter(kill.kind for kill in chaos.done)
    assert sum(kinds.values()) >= LEAST_KILLS
    assert set(kinds) == set(chaos.ways())
    assert all(kill.back is not None and kill.back < LONGEST_RECOVERY_SECONDS for kill in chaos.done)

    truth.check_jobs()
    for child in children:
        truth.check_birth(child)
    truth.check_nothing_else(len(born))
    truth.check_orders(children)
    truth.check_run(run, payable, files)
    truth.check_no_run_twice()
    truth.check_sealed()


def test_the_killed_workers_job_is_taken_up(
    machine: Machine,
    truth: Truth,
    visit: Callable[..., Walker],
    families: dict[bool, list[Family]],
    born: list[Child],
) -> None:
    """The worker dies in the middle of telling the parent; within a minute the parent is told."""
    child = Child(families[True].pop(), *steps.NAMES[-1])
    walker = visit()
    letter = steps.birth(steps.sign_in_staff(walker, steps.CLERK), child)
    with machine.connect() as held, held.transaction():
        # The worker gets as far as the notice and waits there.
        held.execute("LOCK TABLE cases_notice IN SHARE MODE")
        walker.send(letter)
        born.append(child)
        machine.await_backends("wait_event_type = 'Lock' AND strpos(query, 'cases_notice') > 0")
        machine.kill_job_worker()
        died = time.monotonic()
    parent = steps.sign_in_parent(visit(), child)
    parent.await_page("/home/", lambda page: bool(page.find_links(steps.CASE)), LONGEST_RECOVERY_SECONDS)
    print(f"The parent is told {time.monotonic() - died:.1f} s after the worker's death.")
    assert "Granted" in parent.send(steps.confirmation(parent)).text
    truth.check_jobs()
    truth.check_birth(child)
