"""A demo of its own in which everything may be killed."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.demo import start_demo, stop_demo
from tests.killing.families import Family, choose_families
from tests.killing.machine import Machine, await_it
from tests.killing.steps import Child
from tests.killing.truth import Truth
from tests.killing.walker import Walker


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder takes its time, as journeys do."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """A running demo; afterwards no process of it is left.

    Its folder is not one of pytest's, which closes those to other users whenever it starts anew: PostgreSQL, which
    does not run as root, could not start again.
    """
    state = Path(tempfile.mkdtemp(prefix="yui-killing-"))
    demo = start_demo(state)
    running = Machine(demo)
    try:
        yield running
    finally:
        stop_demo(demo)
        await_it(lambda: not running.everybody(), "every process of the demo has ended", seconds=10)
        shutil.rmtree(state)


@pytest.fixture(scope="session")
def couples(machine: Machine) -> list[Family]:
    """Couples whose fathers can sign in."""
    return choose_families(machine, paid=8, new=3)


@pytest.fixture(scope="session")
def families(couples: list[Family]) -> dict[bool, list[Family]]:
    """The couples into which children are yet to be born; by whether they are paid for other children already."""
    return {paid: [family for family in couples if family.paid is paid] for paid in (True, False)}


@pytest.fixture(scope="session")
def born() -> list[Child]:
    """Every child that was born in these tests so far."""
    return []


@pytest.fixture
def truth(machine: Machine) -> Truth:
    """What is in the database; asked when everything is well."""
    machine.await_whole()
    return Truth(machine)


@pytest.fixture
def visit(machine: Machine) -> Iterator[Callable[..., Walker]]:
    """Lets somebody visit the site; takes what ``Walker`` takes besides the address."""
    walkers: list[Walker] = []

    def visitor(**given: Any) -> Walker:
        walkers.append(Walker(machine.demo.url, **given))
        return walkers[-1]

    yield visitor
    for walker in walkers:
        walker.client.close()
