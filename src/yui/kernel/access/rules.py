"""What a view demands, declared on the view itself. A test refuses a view that declares nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from yui.kernel.access.actors import find_current_actor, require
from yui.kernel.access.contracts import AccessRule, ActorKind, SignInNeeded

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "yui_access"


def requires(permission: str) -> Callable[[View], View]:
    """Only for actors who have ``permission`` for the active body."""
    return _declare(AccessRule(permission=permission))


def signed_in(view: View) -> View:
    """For anyone who has signed in."""
    return _declare(AccessRule())(view)


def anyone(view: View) -> View:
    """For everyone, signed in or not."""
    return _declare(AccessRule(signed_in=False))(view)


def access_rule(view: Callable[..., Any]) -> AccessRule | None:
    """What a view declares, or None when it declares nothing."""
    return getattr(view, ATTRIBUTE, None)


def check(rule: AccessRule) -> None:
    """Refuse the acting one when it does not meet the rule.

    Raises:
        SignInNeeded: nobody has signed in.
        PermissionRefused: the permission is missing.
    """
    actor = find_current_actor()
    if rule.signed_in and (actor is None or actor.kind is ActorKind.VISITOR):
        raise SignInNeeded("Please sign in first.")
    if rule.permission:
        require(rule.permission)


def _declare(rule: AccessRule) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            check(rule)
            return view(*args, **kwargs)

        setattr(checked, ATTRIBUTE, rule)
        return cast(View, checked)

    return decorate
