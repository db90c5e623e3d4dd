"""The provider's pages and endpoints on Flask."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from .authorization import AuthorizationRequest, RefusedRequestError, UntrustedRequestError, check_request
from .directory import PracticePerson, Words
from .provider import PATH, Provider, TokenError
from .texts import LANGUAGES, TEXTS

SHOWN_AT_ONCE = 60


def create_app(provider: Provider) -> Flask:
    """The web application of one provider."""
    base = urlsplit(provider.issuer).path
    app = Flask(__name__, static_url_path=f"{base}/static")
    protocol = base + PATH

    @app.before_request
    def choose_language() -> None:
        asked = request.args.get("lang") or request.args.get("ui_locales", "").split(" ")[0][:2]
        best = request.accept_languages.best_match(LANGUAGES, default="ja")
        g.lang = asked if asked in LANGUAGES else best

    @app.context_processor
    def words() -> dict[str, Any]:
        return {"t": TEXTS[g.get("lang", "ja")], "lang": g.get("lang", "ja"), "languages": TEXTS}

    @app.after_request
    def protect(response: Response) -> Response:
        # Chromium applies form-action also to the redirect that answers the form, so the client's own
        # address must be allowed on the page that leads back to it.
        targets = " ".join(("'self'", *g.get("form_targets", ())))
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
            f" frame-ancestors 'none'; form-action {targets}"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if not request.path.startswith(f"{base}/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.get(f"{base}/.well-known/openid-configuration")
    def discovery() -> Response:
        return jsonify(provider.metadata())

    @app.get(f"{protocol}/certs")
    def certs() -> Response:
        return jsonify(provider.public_keys())

    @app.route(f"{protocol}/auth", methods=["GET", "POST"])
    def authorize() -> BaseResponse | tuple[str, int]:
        given = request.form if request.method == "POST" else request.args
        try:
            checked = check_request({name: given.getlist(name) for name in given}, provider.clients)
        except UntrustedRequestError as refusal:
            return _problem(refusal.reason, 400)
        except RefusedRequestError as refusal:
            return _send_back(
                provider,
                refusal.redirect_uri,
                refusal.state,
                error=refusal.error,
                error_description=refusal.description,
            )
        return redirect(url_for("choose", page=provider.open_page(checked), lang=g.lang), 303)

    @app.get(f"{base}/login-actions/choose")
    def choose() -> str | tuple[str, int]:
        page = request.args.get("page", "")
        checked = provider.find_page(page)
        if checked is None:
            return _problem("expired", 400)
        return _choose_page(provider, page, checked)

    @app.post(f"{base}/login-actions/authenticate")
    def authenticate() -> BaseResponse | str | tuple[str, int]:
        page = request.form.get("page", "")
        if "cancel" in request.form:
            cancelled = provider.cancel(page)
            if cancelled is None:
                return _problem("expired", 400)
            return _send_back(
                provider,
                cancelled.redirect_uri,
                cancelled.state,
                error="access_denied",
                error_description="the person cancelled",
            )
        chosen = provider.choose(page, request.form.get("person", ""))
        if chosen is None:
            waiting = provider.find_page(page)
            if waiting is None:
                return _problem("expired", 400)
            return _choose_page(provider, page, waiting, notice="gone"), 400
        checked, grant, code = chosen
        return _send_back(
            provider, checked.redirect_uri, checked.state, code=code, session_state=grant.session_state
        )

    @app.post(f"{protocol}/token")
    def token() -> Response:
        repeated = [name for name in request.form if len(request.form.getlist(name)) > 1]
        if repeated:
            raise TokenError("invalid_request", "a parameter is given more than once")
        return jsonify(provider.redeem(request.form.to_dict()))

    @app.route(f"{protocol}/userinfo", methods=["GET", "POST"])
    def userinfo() -> Response:
        scheme, _, access_token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not access_token:
            raise TokenError("invalid_token", "send the access token as Authorization: Bearer", 401)
        return jsonify(provider.userinfo(access_token))

    @app.errorhandler(TokenError)
    def refuse(refusal: TokenError) -> Response:
        response = jsonify(error=refusal.error, error_description=refusal.description)
        response.status_code = refusal.status
        if refusal.error == "invalid_token":
            response.headers["WWW-Authenticate"] = f'Bearer error="{refusal.error}"'
        return response

    @app.errorhandler(HTTPException)
    def other(problem: HTTPException) -> tuple[str, int]:
        return _problem("not_found", problem.code or 500)

    return app


def _choose_page(provider: Provider, page: str, checked: AuthorizationRequest, notice: str = "") -> str:
    client = provider.clients[checked.client_id]
    target = urlsplit(checked.redirect_uri)
    g.form_targets = (f"{target.scheme}://{target.netloc}",)
    words = request.args.get("q", "").strip()[:100]
    found = [p for p in provider.people.values() if p.kind == client.kind and p.matches(words)]
    return render_template(
        "choose.html",
        page=page,
        client=client,
        scopes=[scope for scope in checked.scopes if scope != "openid"],
        words=words,
        groups=_grouped(found[:SHOWN_AT_ONCE]),
        hidden=max(0, len(found) - SHOWN_AT_ONCE),
        notice=notice,
    )


def _grouped(people: list[PracticePerson]) -> list[tuple[Words, list[PracticePerson]]]:
    groups: dict[str, tuple[Words, list[PracticePerson]]] = {}
    for person in people:
        groups.setdefault(person.group.get("ja", ""), (person.group, []))[1].append(person)
    return list(groups.values())


def _problem(reason: str, status: int) -> tuple[str, int]:
    return render_template("problem.html", reason=reason), status


def _send_back(provider: Provider, redirect_uri: str, state: str | None, **answer: str) -> BaseResponse:
    """Send the browser back to the client; ``iss`` says who answers (RFC 9207)."""
    values: Mapping[str, str] = (
        answer | ({"state": state} if state is not None else {}) | {"iss": provider.issuer}
    )
    joint = "&" if urlsplit(redirect_uri).query else "?"
    return redirect(redirect_uri + joint + urlencode(values), 303)
