"""The door of access."""

from yui.kernel.access.actors import (
    VISITOR,
    acting_as,
    allowed,
    current_actor,
    find_current_actor,
    require,
    system_actor,
)
from yui.kernel.access.contracts import (
    AccessRule,
    Actor,
    ActorKind,
    NoActor,
    PermissionRefused,
    SignInNeeded,
)
from yui.kernel.access.rules import access_rule, anyone, check, requires, signed_in

__all__ = [
    "VISITOR",
    "AccessRule",
    "Actor",
    "ActorKind",
    "NoActor",
    "PermissionRefused",
    "SignInNeeded",
    "access_rule",
    "acting_as",
    "allowed",
    "anyone",
    "check",
    "current_actor",
    "find_current_actor",
    "require",
    "requires",
    "signed_in",
    "system_actor",
]
