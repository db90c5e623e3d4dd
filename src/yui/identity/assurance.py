"""What a page demands of the sign-in itself, beside the permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from yui.identity.contracts import Assurance
from yui.identity.sessions import ASSURANCE
from yui.kernel.access.public import SignInNeeded

View = TypeVar("View", bound=Callable[..., Any])


class AssuranceTooLow(PermissionDenied):
    """The person is signed in, but not surely enough for this page."""

    def __init__(self, required: Assurance, achieved: Assurance) -> None:
        super().__init__(f"This page needs a sign-in of level {required.value}; yours is {achieved.value}.")
        self.required = required
        self.achieved = achieved


def achieved_assurance(request: HttpRequest) -> Assurance | None:
    """The level of the request's session; None when nobody has signed in."""
    level = request.session.get(ASSURANCE)
    return Assurance(level) if level else None


def requires_assurance(required: Assurance) -> Callable[[View], View]:
    """Only for sessions whose sign-in reached the level. Stands below ``@requires`` or ``@signed_in``.

    Raises:
        SignInNeeded: nobody has signed in.
        AssuranceTooLow: the level is lower.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            achieved = achieved_assurance(request)
            if achieved is None:
                raise SignInNeeded("Please sign in first.")
            if not achieved.reaches(required):
                raise AssuranceTooLow(required, achieved)
            return view(request, *args, **kwargs)

        return cast(View, checked)

    return decorate
