"""Making a database ready: roles, the database itself, its tables, and what the run-time role may touch."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from yui.config.database import (
    ROLES,
    DatabaseAddress,
    DatabaseProblem,
    admin_address,
    role_name,
    role_password,
)
from yui.kernel.tenancy.guard import check_role

# Tables of others' apps that the web process and the worker write. Everything of ours is granted by migrations.
OLDEST_VERSION = 16
_SHARED = ("django_session", "django_content_type", "auth_", "procrastinate_")


@contextmanager
def _administrator(address: DatabaseAddress, name: str) -> Iterator[psycopg.Connection]:
    named = {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": name,
        **dict(address.options),
    }
    place = make_conninfo(**{option: value for option, value in named.items() if value})
    with psycopg.connect(place, autocommit=True) as connection:
        yield connection


def _maintenance_database(address: DatabaseAddress) -> str:
    """A database to connect to before ours exists: ``postgres``, else the one the address names."""
    try:
        with _administrator(address, "postgres"):
            return "postgres"
    except psycopg.OperationalError:
        return address.name


def make_roles_and_database(name: str | None = None, *, replace: bool = False) -> None:
    """Make the three roles and the database when they are missing; safe to repeat.

    Args:
        name: another database than the address names (tests).
        replace: drop the database first (tests).

    Raises:
        DatabaseProblem: the server does not answer, is too old, or its administrator may not do this.
    """
    try:
        _make_roles_and_database(name, replace=replace)
    except psycopg.errors.InsufficientPrivilege as error:
        user = admin_address().user
        raise DatabaseProblem(
            f"The user {user} of DATABASE_URL may not make the roles and the database ({_first_line(error)})."
            f" Let an administrator of the server run: ALTER ROLE {user} CREATEROLE CREATEDB"
        ) from error
    except psycopg.OperationalError as error:
        raise DatabaseProblem(
            f"The database cannot be reached: {_first_line(error)}. Check the address and the password in"
            " DATABASE_URL, and that the server runs."
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")


def _make_roles_and_database(name: str | None, *, replace: bool) -> None:
    address = admin_address()
    name = name or address.name
    with _administrator(address, _maintenance_database(address)) as connection:
        version = connection.info.server_version // 10_000
        if version < OLDEST_VERSION:
            raise DatabaseProblem(
                f"The server runs PostgreSQL {version}; Yui needs {OLDEST_VERSION} or newer. Upgrade the server, or"
                " unset DATABASE_URL to use the PostgreSQL that comes with Yui."
            )
        _one_at_a_time(connection)
        for role in ROLES:
            _make_role(connection, role)
        if replace:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(role_name("owner"))
                )
            )
    with _administrator(address, name) as connection:
        _one_at_a_time(connection)
        owner, app, auditor = (sql.Identifier(role_name(role)) for role in ROLES)
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
        connection.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(app, auditor))
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def _one_at_a_time(connection: psycopg.Connection) -> None:
    """Wait for others who set up the same server or database: PostgreSQL refuses two that change one role or schema
    at once. The lock ends with the connection."""
    connection.execute("SELECT pg_advisory_lock(hashtextextended('yui setup', 0))")


def _make_role(connection: psycopg.Connection, role: str) -> None:
    name = sql.Identifier(role_name(role))
    password = role_password(role, settings.SECRET_KEY)
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role_name(role)]).fetchone()
    verb = sql.SQL("ALTER" if found else "CREATE")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOCREATEROLE INHERIT PASSWORD {}").format(verb, name, sql.Literal(password))
    )
    if role == "owner":
        # A managed server's administrator is often no superuser and must be a member to give the database away.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))


def drop_database(name: str) -> None:
    """Drop a database (tests)."""
    address = admin_address()
    with _administrator(address, _maintenance_database(address)) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def migrate(verbosity: int = 0) -> None:
    """Bring the tables up to date as the owner, then grant what others' apps need."""
    call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
    app, auditor = role_name("app"), role_name("auditor")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            if table.startswith(_SHARED):
                cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{app}"')
        cursor.execute(f'GRANT SELECT ON django_migrations TO "{app}", "{auditor}"')
        cursor.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{app}"')
        cursor.execute(f'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO "{app}"')


def prepare(*, verbosity: int = 0) -> None:
    """Roles, database and tables in one call; what `yui db setup` does.

    Raises:
        DatabaseProblem: as ``make_roles_and_database``.
        WrongRole: the role of the web process could read past row-level security.
    """
    make_roles_and_database()
    migrate(verbosity)
    check_role(connections["default"])
