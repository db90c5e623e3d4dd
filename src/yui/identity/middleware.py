"""Every request runs as its actor and, once signed in for a body, inside that body's scope."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yui.identity.assurance import AssuranceTooLow
from yui.identity.models import Account
from yui.identity.sessions import BODY, actor_outside, actor_within
from yui.kernel.access.public import VISITOR, Actor, PermissionRefused, SignInNeeded, acting_as
from yui.kernel.journal.public import record
from yui.kernel.tenancy.public import BodyRef, NoActiveBody, body_scope, find_body

GetResponse = Callable[[HttpRequest], HttpResponse]
_SAVEPOINT = "_yui_savepoint"


class ActingMiddleware:
    """Names the actor, opens the body's scope, and keeps nothing of a request that failed.

    A request in a body's scope is one transaction. When its view raises, everything the view wrote is rolled back,
    but the scope stays open, so that the refusal page can still be drawn. A streaming response is drawn after the
    scope has closed and must not read the database.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request as its actor."""
        account = request.user if isinstance(request.user, Account) else None
        if account is None:
            return self._as(VISITOR, request)
        outside = actor_outside(account, request.session)
        body = self._body(request)
        if body is None:
            return self._as(outside, request)
        with body_scope(body):
            actor = actor_within(account, request.session)
            if actor is not None:
                savepoint = transaction.savepoint()
                setattr(request, _SAVEPOINT, savepoint)
                return self._as(actor, request)
        # The last role in this body has ended since the previous request.
        del request.session[BODY]
        return self._as(outside, request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Undo what the view wrote; lead people who lack a sign-in or a body to where they get one."""
        savepoint = getattr(request, _SAVEPOINT, None)
        if savepoint is not None:
            try:
                transaction.savepoint_rollback(savepoint)
            except DatabaseError:
                transaction.set_rollback(True)
            else:
                _journal_refusal(exception)
        if isinstance(exception, SignInNeeded):
            return _lead(request, "identity:sign_in")
        if isinstance(exception, AssuranceTooLow):
            context = {"next": request.get_full_path(), "kind": getattr(request.user, "kind", "")}
            return render(request, "identity/assurance_too_low.html", context, status=403)
        no_body_yet = savepoint is None and request.user.is_authenticated
        if no_body_yet and isinstance(exception, (PermissionRefused, NoActiveBody)):
            return _lead(request, "identity:choose_body")
        return None

    def _as(self, actor: Actor, request: HttpRequest) -> HttpResponse:
        with acting_as(actor):
            return self.get_response(request)

    def _body(self, request: HttpRequest) -> BodyRef | None:
        # The sign-in pages themselves change the body, and a scope cannot be changed from inside.
        if request.path.startswith(reverse("identity:sign_in")):
            return None
        code = request.session.get(BODY)
        return find_body(code) if code else None


def _journal_refusal(exception: Exception) -> None:
    """What somebody tried and may not do is an entry of the body's journal."""
    if isinstance(exception, PermissionRefused):
        record("access.request.refused", object_kind="permission", object_id=exception.permission)


def _lead(request: HttpRequest, name: str) -> HttpResponse:
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    url = reverse(name) + (f"?{urlencode({'next': back})}" if back else "")
    if request.headers.get("HX-Request") == "true":
        # htmx would put the sign-in page into a corner of the old one; this makes the browser go there.
        return HttpResponse(status=204, headers={"HX-Redirect": url.partition("?")[0]})
    return HttpResponse(status=303, headers={"Location": url})
