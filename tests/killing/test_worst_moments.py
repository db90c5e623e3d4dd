"""The moments that chance rarely hits: just before the work of a request is kept, and between that and the answer."""

from collections.abc import Callable

import pytest

from tests.killing import steps
from tests.killing.accidents import Accidents, LossyWay
from tests.killing.families import Family
from tests.killing.machine import Machine
from tests.killing.steps import Child
from tests.killing.truth import Truth
from tests.killing.walker import Page, Walker

SENT_AGAIN = ("the answer is lost", "killed after the commit", "killed before the commit")


@pytest.mark.parametrize("accident", [*SENT_AGAIN, "sent twice at once"])
def test_the_second_sending_leads_to_the_first_result(
    accident: str,
    machine: Machine,
    truth: Truth,
    visit: Callable[..., Walker],
    families: dict[bool, list[Family]],
    born: list[Child],
) -> None:
    meet = Accidents(machine).ways[accident]
    child = Child(families[True].pop(), *steps.NAMES[0])
    clerk, parent, cashier, approver = (visit(transport=LossyWay()) for _ in range(4))

    steps.sign_in_staff(clerk, steps.CLERK)
    recorded = meet("birth", clerk, steps.birth(clerk, child))
    assert recorded.path.startswith("/residents/changes/"), recorded
    born.append(child)

    steps.sign_in_parent(parent, child)
    letter = steps.confirmation(parent)
    confirmed = meet("confirmation", parent, letter)
    assert confirmed.path == letter.page.path, confirmed
    assert "Granted" in confirmed.text, confirmed

    truth.check_jobs()
    value_on = truth.first_payment([child])
    payable = truth.payable(value_on)
    steps.sign_in_staff(cashier, steps.CASHIER)
    prepared = meet("preparation", cashier, steps.preparation(cashier, value_on))
    run = prepared.path
    assert truth.state_of(run) == "prepared", prepared
    frozen = meet("freezing", cashier, steps.freezing(prepared))
    check_step(frozen, run, "Frozen")
    steps.sign_in_staff(approver, steps.APPROVER)
    approved = meet("approval", approver, steps.approval(approver, run))
    check_step(approved, run, "Approved")

    if accident in SENT_AGAIN:
        troubles = [walker.troubles for walker in (clerk, parent, cashier, approver)]
        assert [len(each) for each in troubles] == [1, 1, 2, 1], troubles
    files = [steps.download(cashier, run) for _ in range(2)]
    truth.check_jobs()
    truth.check_birth(child)
    truth.check_nothing_else(len(born))
    truth.check_orders([child])
    truth.check_run(run, payable, files)
    truth.check_no_run_twice()


def check_step(page: Page, run: str, state: str) -> None:
    """The run's page, which says that the step is done, and of no trouble."""
    assert page.path == run, page
    assert state in page.text, page
    assert "not at this step" not in page.text, page
