"""Fixtures for every test: a database of its own, run as the run-time role, and two bodies to work for."""

import datetime as dt
import os
from collections.abc import Iterator

import pytest
from django.db import connections
from django.utils import translation

from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.tenancy.public import BodyKind, BodyRef, body_scope, open_body


def _test_database_name(worker: str) -> str:
    return "_".join(filter(None, [os.environ.get("YUI_TEST_DATABASE", "test_yui"), worker]))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Make the test database as the owner; everything after runs as the run-time role, row-level security on."""
    from yui.kernel.tenancy.provision import drop_database, make_roles_and_database, migrate

    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    name = _test_database_name(worker)
    with django_db_blocker.unblock():
        make_roles_and_database(name, replace=True)
        for connection in connections.all():
            connection.close()
            connection.settings_dict["NAME"] = name
        migrate()
        for code, body_name in (("999016", "結見市"), ("999024", "稲架町")):
            open_body(code=code, name=body_name, kind=BodyKind.MUNICIPALITY, valid_from=dt.date(2000, 4, 1))
        connections["owner"].close()
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
        drop_database(name)


@pytest.fixture(autouse=True)
def empty_queue(request: pytest.FixtureRequest) -> None:
    """Tests with several connections commit, and may leave jobs behind; no other test is to do them."""
    if "db" in request.fixturenames:
        request.getfixturevalue("db")
        with connections["default"].cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture(autouse=True)
def language_left_as_found() -> Iterator[None]:
    """A page asked for in English leaves its thread English; no other test is to notice."""
    yield
    translation.deactivate()


@pytest.fixture
def body(db: None) -> Iterator[BodyRef]:
    """The body 999016 結見市 with its scope open."""
    with body_scope("999016") as opened:
        yield opened


@pytest.fixture
def other_body(db: None) -> BodyRef:
    """Another body, not opened."""
    from yui.kernel.tenancy.public import get_body

    return get_body("999024")


@pytest.fixture
def staff() -> Iterator[Actor]:
    """A member of staff with every declared permission, acting."""
    from yui.kernel.services import all_permissions

    actor = Actor(ActorKind.STAFF, "00000000-0000-4000-8000-000000000001", "", frozenset(all_permissions()))
    with acting_as(actor):
        yield actor
