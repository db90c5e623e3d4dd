"""Which body is at work: one context variable in Python, one transaction-local setting in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from yui.kernel.tenancy.contracts import BodyRef, NoActiveBody, OtherBodyActive

SETTING = "yui.body_id"
_active: ContextVar[BodyRef | None] = ContextVar("yui_active_body", default=None)


def current_body() -> BodyRef:
    """The active body.

    Raises:
        NoActiveBody: outside any scope.
    """
    body = _active.get()
    if body is None:
        raise NoActiveBody(
            "No body is active, so no body's data can be read or written. Open body_scope(...) first."
        )
    return body


def find_current_body() -> BodyRef | None:
    """The active body, or None outside any scope."""
    return _active.get()


def current_body_id() -> int:
    """The active body's id: the default of every tenant row."""
    return current_body().id


@contextmanager
def body_scope(body: BodyRef | str, using: str = DEFAULT_DB_ALIAS) -> Iterator[BodyRef]:
    """Work for one body in one transaction.

    The setting is local to the transaction, so a connection returned to a pool remembers nothing. Scopes of the
    same body nest; nothing crosses to another body except through ``exchange``.

    Args:
        body: the body or its official code.
        using: the database alias.

    Raises:
        UnknownBody: no body has this code.
        OtherBodyActive: another body's scope is open.
    """
    if isinstance(body, str):
        from yui.kernel.tenancy.queries import get_body

        body = get_body(body)
    outer = _active.get()
    if outer is not None and outer.id != body.id:
        raise OtherBodyActive(f"Body {outer.code} is at work; leave its scope before opening {body.code}.")
    connection = connections[using]
    nested = connection.in_atomic_block
    with transaction.atomic(using=using):
        # Read back rather than trust the context: a savepoint may have rolled the setting back.
        previous = _set_local(using, str(body.id))
        token = _active.set(body)
        try:
            yield body
        finally:
            _active.reset(token)
        # The end of the transaction takes the setting back by itself, and so does a rollback after an error.
        if nested and not connection.needs_rollback:
            _set_local(using, previous)


def _set_local(using: str, value: str) -> str:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(%s, true), ''), set_config(%s, %s, true)",
            [SETTING, SETTING, value],
        )
        return str(cursor.fetchone()[0])
