"""The acting person, job or visitor."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from yui.kernel.access.contracts import Actor, ActorKind, NoActor, PermissionRefused

VISITOR = Actor(ActorKind.VISITOR, "visitor")
_acting: ContextVar[Actor | None] = ContextVar("yui_acting", default=None)


def current_actor() -> Actor:
    """Who acts.

    Raises:
        NoActor: nobody was named.
    """
    actor = _acting.get()
    if actor is None:
        raise NoActor("Nobody is named as acting. Wrap the work in acting_as(...).")
    return actor


def find_current_actor() -> Actor | None:
    """Who acts, or None."""
    return _acting.get()


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Name who acts while the block runs."""
    token = _acting.set(actor)
    try:
        yield actor
    finally:
        _acting.reset(token)


def system_actor(name: str, permissions: Iterable[str] = ()) -> Actor:
    """The system itself, for example a job, with exactly the permissions given."""
    return Actor(ActorKind.SYSTEM, name, name, frozenset(permissions))


def allowed(permission: str) -> bool:
    """Whether the acting one has the permission for the active body."""
    actor = _acting.get()
    return actor is not None and permission in actor.permissions


def require(permission: str) -> None:
    """Refuse unless the acting one has the permission.

    Raises:
        PermissionRefused: it has not.
    """
    if not allowed(permission):
        raise PermissionRefused(permission)
