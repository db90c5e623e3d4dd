"""Signing in and out, and choosing the body to work for."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yui.identity import oidc
from yui.identity.actions import account_at_sign_in
from yui.identity.contracts import AccountKind, SignInFailed, SignInProblem
from yui.identity.models import Account
from yui.identity.queries import list_own_bodies
from yui.identity.sessions import BODY, FACTS, enter_body, open_session, remember_attempt, take_attempt
from yui.identity.texts import PROBLEM_TEXTS
from yui.kernel.access.public import acting_as, anyone, signed_in, system_actor
from yui.kernel.journal.public import record
from yui.kernel.tenancy.public import BodyKind, BodyRef, body_scope, find_body, list_bodies

log = logging.getLogger(__name__)
SHOWN_AT_ONCE = 48


def safe_next(request: HttpRequest, given: str | None) -> str:
    """The given path when it stays on this site, else the front page."""
    path = given or ""
    if path.startswith("/") and url_has_allowed_host_and_scheme(
        path, None, require_https=request.is_secure()
    ):
        return path
    return "/"


@anyone
@never_cache
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """Choose the door: resident or staff."""
    context = {
        "next": safe_next(request, request.GET.get("next")),
        "body": _known_body(request.GET.get("body")),
    }
    return render(request, "identity/sign_in.html", context)


@anyone
@never_cache
@require_safe
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the browser to the provider."""
    if kind not in list(AccountKind):
        raise Http404
    home = urlsplit(settings.BASE_URL)
    if request.get_host() != home.netloc:
        # The provider sends people back to BASE_URL, and a cookie set under another name would be missing there.
        return HttpResponseRedirect(settings.BASE_URL + request.get_full_path())
    body = _known_body(request.GET.get("body"))
    try:
        url, attempt = oidc.begin(
            AccountKind(kind),
            redirect_uri=_redirect_uri(),
            next_path=safe_next(request, request.GET.get("next")),
            body_code=body.code if body else "",
            language=get_language() or "ja",
        )
    except SignInFailed as failure:
        return _problem_page(request, failure, body)
    remember_attempt(request.session, attempt)
    return HttpResponseRedirect(url)


@anyone
@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer, and open the session when everything about it is right."""
    answer = {name: values[0] for name, values in request.GET.lists() if len(values) == 1}
    attempt = take_attempt(request.session, answer.get("state", ""))
    if attempt is None:
        return _problem_page(request, SignInFailed(SignInProblem.STATE_MISMATCH), None)
    body = _known_body(attempt.body_code)
    try:
        verified = oidc.complete(attempt, answer, redirect_uri=_redirect_uri())
        account = account_at_sign_in(
            issuer=verified.issuer,
            subject=verified.subject,
            kind=verified.kind,
            label=verified.facts.name,
        )
    except SignInFailed as failure:
        return _problem_page(request, failure, body)
    open_session(request, account, verified)
    choices = _choices(account)
    wanted = [choice for choice in choices if body is not None and choice.id == body.id]
    remembered = [choice for choice in choices if choice.id == account.home_body_id]
    if not wanted and account.kind == AccountKind.RESIDENT.value:
        wanted = remembered
    if wanted or len(choices) == 1:
        enter_body(request, account, (wanted or choices)[0])
        return redirect(safe_next(request, attempt.next_path))
    return redirect(_with_next("identity:choose_body", attempt.next_path))


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_body(request: HttpRequest) -> HttpResponse:
    """Choose the municipality one lives in, or the body one works for today."""
    assert isinstance(request.user, Account)
    account = request.user
    choices = _choices(account)
    next_path = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    # The facts with which another registry could be asked are dropped once one was; the provider hands them over
    # again. That way begins with a link, since browsers stop a form that ends up at another site.
    again = account.kind == AccountKind.RESIDENT.value and FACTS not in request.session
    if request.method == "POST" and not again:
        chosen = next((body for body in choices if body.code == request.POST.get("body")), None)
        if chosen is not None:
            enter_body(request, account, chosen)
            return redirect(next_path)
    words = request.GET.get("q", "").strip()[:50]
    found = [body for body in choices if words in body.name or words == body.code]
    context = {
        "account": account,
        "bodies": found[:SHOWN_AT_ONCE],
        "hidden_count": max(0, len(found) - SHOWN_AT_ONCE),
        "many": len(choices) > SHOWN_AT_ONCE,
        "any": bool(choices),
        "current": request.session.get(BODY),
        "words": words,
        "next": next_path,
        "again": again,
        "refused": request.method == "POST",
    }
    return render(
        request, "identity/choose_body.html", context, status=422 if request.method == "POST" else 200
    )


@anyone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; a plain link only asks, since another site could embed it."""
    if request.method != "POST":
        return render(request, "identity/sign_out.html", {"done": not request.user.is_authenticated})
    logout(request)
    return redirect("identity:sign_out")


def _choices(account: Account) -> list[BodyRef]:
    if account.kind == AccountKind.STAFF.value:
        return list_own_bodies(account)
    today = timezone.localdate()
    return [body for body in list_bodies(on=today) if body.kind == BodyKind.MUNICIPALITY]


def _known_body(code: str | None) -> BodyRef | None:
    return find_body(code) if code else None


def _redirect_uri() -> str:
    return settings.BASE_URL + reverse("identity:callback")


def _with_next(name: str, path: str) -> str:
    return f"{reverse(name)}?{urlencode({'next': path})}"


def _problem_page(request: HttpRequest, failure: SignInFailed, body: BodyRef | None) -> HttpResponse:
    log.warning("sign-in failed: %s", failure)
    if body is not None:
        with body_scope(body), acting_as(system_actor("identity.sign_in")):
            record("identity.session.refused", reason=failure.problem.value)
    text = PROBLEM_TEXTS[failure.problem]
    context = {"text": text, "problem": failure.problem.value}
    return render(request, "identity/problem.html", context, status=text.status)
