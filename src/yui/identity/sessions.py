"""The session: which account, for which body, how surely, as which registry person."""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from yui.identity.actions import remember_body
from yui.identity.contracts import AccountKind, Assurance, BasicFour, SignedIn
from yui.identity.models import Account
from yui.identity.oidc import Attempt, Verified
from yui.identity.queries import staff_permissions
from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.journal.public import record
from yui.kernel.tenancy.public import BodyRef, body_scope

ATTEMPTS = "identity_attempts"
ATTEMPTS_KEPT = 5
ASSURANCE = "identity_assurance"
BODY = "identity_body"
FACTS = "identity_facts"
NAME = "identity_name"
SUBJECT = "identity_subject"
BACKEND = "yui.identity.sessions.AccountBackend"

SubjectResolver = Callable[[SignedIn], UUID | None]
_resolvers: list[SubjectResolver] = []


class AccountBackend:
    """Finds the account of a session; authentication itself is done by the provider."""

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> Account | None:
        """Nobody can sign in with credentials held here."""
        return None

    def get_user(self, user_id: int) -> Account | None:
        """The account, or None when it is gone or closed, which ends its session."""
        return Account.objects.filter(pk=user_id, is_active=True).first()


def register_subject_resolver(resolver: SubjectResolver) -> None:
    """Say who a signed-in resident is in the registry; called from ``AppConfig.ready`` of a higher floor.

    The resolver runs inside the scope of the chosen body, acting as the resident, and returns the public id of the
    registry person, or None when the body's registry knows nobody by these facts.

    Raises:
        RuntimeError: another resolver is registered; two would contradict each other.
    """
    if _resolvers and _resolvers[0] is not resolver:
        raise RuntimeError("A subject resolver is registered already.")
    _resolvers[:] = [resolver]


def remember_attempt(session: SessionBase, attempt: Attempt) -> None:
    """Keep an attempt until its callback; a few at once, for people who open several tabs."""
    attempts = dict(session.get(ATTEMPTS, {}))
    attempts[attempt.state] = asdict(attempt)
    session[ATTEMPTS] = dict(list(attempts.items())[-ATTEMPTS_KEPT:])


def take_attempt(session: SessionBase, state: str) -> Attempt | None:
    """The attempt behind a callback's state, once."""
    attempts = dict(session.get(ATTEMPTS, {}))
    kept = attempts.pop(state, None)
    if kept is None:
        return None
    session[ATTEMPTS] = attempts
    return Attempt(**{**kept, "kind": AccountKind(kept["kind"])})


def open_session(request: HttpRequest, account: Account, verified: Verified) -> None:
    """Make the request's session the account's.

    Everything the visitor's session held is dropped and it gets a new key, so that a session planted in the browser
    beforehand leads nowhere.
    """
    request.session.flush()
    login(request, account, backend=BACKEND)  # type: ignore[arg-type]  # ours is a user model without password
    request.session[ASSURANCE] = verified.assurance.value
    if verified.kind is AccountKind.RESIDENT:
        request.session[NAME] = verified.facts.name
        # Needed until the body is chosen and its registry asked; then dropped.
        facts = asdict(verified.facts)
        facts["born_on"] = verified.facts.born_on.isoformat() if verified.facts.born_on else None
        request.session[FACTS] = facts


def enter_body(request: HttpRequest, account: Account, body: BodyRef) -> None:
    """Work for, or be a resident of, this body from now on, and journal it there."""
    session = request.session
    kind = AccountKind(account.kind)
    subject: UUID | None = None
    with body_scope(body), acting_as(actor_outside(account, session)):
        if kind is AccountKind.RESIDENT and _resolvers:
            told = SignedIn(account.public_id, _facts(session), Assurance(session[ASSURANCE]))
            subject = _resolvers[0](told)
        record(
            "identity.session.opened",
            subject=subject,
            object_kind="account",
            object_id=account.public_id,
            details={"assurance": session[ASSURANCE]},
        )
        remember_body(account, body)
    session[BODY] = body.code
    session.pop(FACTS, None)
    session.pop(SUBJECT, None)
    if subject is not None:
        session[SUBJECT] = str(subject)


def forget_ended_sessions() -> None:
    """Delete sessions that have ended: they hold the name a resident signed in with."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def actor_outside(account: Account, session: SessionBase) -> Actor:
    """The account as an actor outside any body: it may do nothing there."""
    return Actor(ActorKind(account.kind), str(account.public_id), _display_name(account, session))


def actor_within(account: Account, session: SessionBase) -> Actor | None:
    """The account as an actor in the active body; None for staff without a role there today."""
    permissions: frozenset[str] | None = frozenset()
    if account.kind == AccountKind.STAFF.value:
        permissions = staff_permissions(account, timezone.localdate())
        if permissions is None:
            return None
    subject = session.get(SUBJECT)
    return Actor(
        kind=ActorKind(account.kind),
        public_id=str(account.public_id),
        display_name=_display_name(account, session),
        permissions=permissions or frozenset(),
        subject=UUID(subject) if subject else None,
    )


def _display_name(account: Account, session: SessionBase) -> str:
    return account.label or str(session.get(NAME, ""))


def _facts(session: SessionBase) -> BasicFour:
    kept: dict[str, Any] = session.get(FACTS) or {}
    born_on = kept.get("born_on")
    return BasicFour(**{**kept, "born_on": dt.date.fromisoformat(born_on) if born_on else None})
