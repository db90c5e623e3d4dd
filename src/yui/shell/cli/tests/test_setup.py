"""`yui db setup` against servers as they are met: an administrator who is no superuser, wrong roles, old servers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yui.config.database import admin_address

PREFIX, DATABASE, ADMIN = "yui_setup_test", "test_yui_setup", "yui_setup_test_admin"


@pytest.fixture
def server() -> Iterator[psycopg.Connection]:
    """The server of the tests, as its superuser; what the test made is gone afterwards."""
    address = admin_address()
    with psycopg.connect(
        host=address.host or None,
        port=address.port or None,
        user=address.user or None,
        password=address.password or None,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        clean(connection)
        connection.execute(f"CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB PASSWORD 'x'")
        yield connection
        clean(connection)


def clean(connection: psycopg.Connection) -> None:
    connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    for role in ("app", "auditor", "owner"):
        connection.execute(f"DROP ROLE IF EXISTS {PREFIX}_{role}")
    connection.execute(f"DROP ROLE IF EXISTS {ADMIN}")


def yui(
    tmp_path: Path, *arguments: str, url: str = "", user: str = ADMIN
) -> subprocess.CompletedProcess[str]:
    address = admin_address()
    where = f"/{DATABASE}?host={address.host or 'localhost'}&port={address.port or '5432'}"
    return subprocess.run(
        [sys.executable, "-m", "yui.shell.cli.main", *arguments],
        env={
            **os.environ,
            "DATABASE_URL": url or f"postgresql://{user}:x@{where}",
            "YUI_ROLE_PREFIX": PREFIX,
            "YUI_STATE": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_administrator_without_superpowers_is_enough_and_twice_is_once(
    server: psycopg.Connection, tmp_path: Path
) -> None:
    for _ in range(2):
        done = yui(tmp_path, "db", "setup")
        assert (done.returncode, done.stderr.strip()) == (0, "The database is ready.")
    assert yui(tmp_path, "body", "open", "131016", "千代田区").returncode == 0
    assert "千代田区" in yui(tmp_path, "body", "list").stdout
    for fault, words in (
        (f"ALTER ROLE {PREFIX}_app SUPERUSER", "superuser"),
        (f"ALTER ROLE {PREFIX}_app NOSUPERUSER BYPASSRLS", "bypass"),
        (f"ALTER ROLE {PREFIX}_app NOBYPASSRLS; GRANT {PREFIX}_auditor TO {PREFIX}_app", "member"),
    ):
        server.execute(fault)
        refused = yui(tmp_path, "db", "setup", user=admin_address().user)
        assert refused.returncode == 1
        assert words in refused.stderr
        assert "Traceback" not in refused.stderr
    assert "member" in yui(tmp_path, "body", "list").stderr


def test_an_administrator_without_rights_learns_what_is_missing(
    server: psycopg.Connection, tmp_path: Path
) -> None:
    server.execute(f"ALTER ROLE {ADMIN} NOCREATEROLE")
    refused = yui(tmp_path, "db", "setup")
    assert refused.returncode == 1
    assert f"ALTER ROLE {ADMIN} CREATEROLE CREATEDB" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://x", "must begin with postgresql://"),
        ("postgresql://x:secret-word@localhost:1/yui", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_sentence(tmp_path: Path, url: str, words: str) -> None:
    refused = yui(tmp_path, "db", "setup", url=url)
    assert refused.returncode == 1
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "secret-word" not in refused.stderr


def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from yui.config.database import DatabaseProblem
    from yui.kernel.tenancy import provision

    monkeypatch.setattr(provision, "OLDEST_VERSION", 99)
    with pytest.raises(DatabaseProblem, match="Yui needs 99 or newer"):
        provision.make_roles_and_database("test_yui_never_made")
