"""What crosses the door of access."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import PermissionDenied


class ActorKind(StrEnum):
    """Who can act."""

    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"
    VISITOR = "visitor"


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts for itself or for a body.

    Attributes:
        kind: resident, staff, system (a job) or visitor (not signed in).
        public_id: the account's public id, or the job's name; goes into the journal.
        display_name: for the screen only; never journalled.
        permissions: what the actor may do for the active body.
        subject: the registry's public id of the person this actor is, when known.
    """

    kind: ActorKind
    public_id: str
    display_name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    subject: UUID | None = None


@dataclass(frozen=True)
class AccessRule:
    """What a view or operation demands: a permission, a signed-in account, or nothing."""

    permission: str = ""
    signed_in: bool = True


class NoActor(RuntimeError):
    """Something acted without saying who; always a mistake in code."""


class PermissionRefused(PermissionDenied):
    """The actor lacks a permission."""

    def __init__(self, permission: str) -> None:
        super().__init__(f"This needs the permission {permission}, which you do not have here.")
        self.permission = permission


class SignInNeeded(PermissionDenied):
    """The page is for people who have signed in."""
