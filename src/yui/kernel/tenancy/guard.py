"""The start-up check: a run-time role that could read past row-level security is refused."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from yui.config.database import role_name
from yui.kernel.tenancy.contracts import WrongRole

# Both users count: who has signed in may step back from who is set.
_QUESTION = """
SELECT bool_or(r.rolsuper), bool_or(r.rolbypassrls), bool_or(r.rolcreaterole),
       bool_or(EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relowner = r.oid)),
       bool_or(EXISTS (SELECT FROM pg_roles o WHERE o.oid <> r.oid AND pg_has_role(r.oid, o.oid, 'MEMBER')
               AND (o.rolsuper OR o.rolbypassrls OR o.rolname IN (%s, %s))))
FROM pg_roles r WHERE r.rolname IN (current_user, session_user)
"""
_FAULTS = (
    "is a superuser",
    "may bypass row-level security",
    "may create roles",
    "owns tables",
    "is a member of a role that sees past it",
)


def check_role(connection: BaseDatabaseWrapper) -> None:
    """Refuse a connection whose role is not bound by row-level security.

    Raises:
        WrongRole: naming what the role could do.
    """
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION, [role_name("owner"), role_name("auditor")])
        answers = cursor.fetchone()
    faults = [fault for fault, found in zip(_FAULTS, answers, strict=True) if found]
    if faults:
        connection.close()
        raise WrongRole(
            f"The database user of the web process and the worker {' and '.join(faults)}, so row-level security "
            "would not protect bodies from one another. Use the role that `yui db setup` makes."
        )


def check_new_connection(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Every new run-time connection is checked once, when it is made."""
    if connection.alias == "default":
        check_role(connection)
