"""One sign-in at the provider: the request that goes out and the checks of what comes back.

Source: OpenID Connect Core 1.0 sections 3.1.2 and 3.1.3; RFC 7636 (PKCE), RFC 7523 (private_key_jwt),
RFC 9207 (issuer in the authorization response).
"""

import datetime as dt
import hmac
import secrets
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core.util import create_half_hash
from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError

from yui.identity.clients import OidcClient, client_for, client_key
from yui.identity.contracts import AccountKind, Assurance, BasicFour, SignInFailed, SignInProblem
from yui.identity.provider import TIMEOUT_SECONDS, ProviderMetadata, find_keys, find_metadata, tls_context

with warnings.catch_warnings():
    # authlib prefers the package httpx2 and says so at every start, on every command's screen. Goes when we do too.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import OAuth2Client

LEEWAY_SECONDS = 60
ATTEMPT_SECONDS = 600


@dataclass(frozen=True)
class Attempt:
    """What we remember of a sign-in while the person is at the provider; kept in the session, used once."""

    kind: AccountKind
    state: str
    nonce: str
    verifier: str
    started_at: int
    next_path: str
    body_code: str


@dataclass(frozen=True)
class Verified:
    """What the provider vouches for, after every check."""

    kind: AccountKind
    issuer: str
    subject: str
    assurance: Assurance
    facts: BasicFour


def begin(
    kind: AccountKind, *, redirect_uri: str, next_path: str, body_code: str, language: str
) -> tuple[str, Attempt]:
    """The provider's address to send the browser to, and what to remember.

    Raises:
        SignInFailed: the provider is not configured or does not answer.
    """
    client = client_for(kind)
    metadata = find_metadata(client.issuer)
    attempt = Attempt(
        kind=kind,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        started_at=int(time.time()),
        next_path=next_path,
        body_code=body_code,
    )
    with _session(client, redirect_uri) as session:
        url, _state = session.create_authorization_url(
            metadata.authorization_endpoint,
            state=attempt.state,
            code_verifier=attempt.verifier,
            nonce=attempt.nonce,
            acr_values=client.acr_values,
            ui_locales=language,
        )
    return url, attempt


def complete(attempt: Attempt, answer: Mapping[str, str], *, redirect_uri: str) -> Verified:
    """Check the provider's answer to an attempt, exchange the code, and check the tokens.

    Raises:
        SignInFailed: with the problem; nothing has been changed.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise SignInFailed(SignInProblem.STATE_MISMATCH)
    if time.time() - attempt.started_at > ATTEMPT_SECONDS:
        raise SignInFailed(SignInProblem.EXPIRED_ATTEMPT)
    client = client_for(attempt.kind)
    metadata = find_metadata(client.issuer)
    if answer.get("iss", metadata.issuer if not metadata.names_itself else "") != metadata.issuer:
        raise SignInFailed(SignInProblem.WRONG_ISSUER, "the callback names another issuer")
    if error := answer.get("error"):
        raise SignInFailed(_PROBLEMS.get(error, SignInProblem.PROVIDER_REFUSED), error)
    if not answer.get("code"):
        raise SignInFailed(SignInProblem.PROVIDER_REFUSED, "neither code nor error in the callback")

    tokens, userinfo = _exchange(client, metadata, attempt, answer["code"], redirect_uri)
    claims = check_id_token(
        tokens.get("id_token"),
        client=client,
        metadata=metadata,
        nonce=attempt.nonce,
        access_token=tokens["access_token"],
    )
    if userinfo.get("sub") != claims["sub"]:
        raise SignInFailed(SignInProblem.PROOF_INVALID, "userinfo speaks of another subject")
    return Verified(
        kind=attempt.kind,
        issuer=metadata.issuer,
        subject=claims["sub"],
        assurance=client.acr_levels[claims["acr"]],
        facts=read_facts(userinfo),
    )


def check_id_token(
    token: object, *, client: OidcClient, metadata: ProviderMetadata, nonce: str, access_token: str
) -> dict[str, Any]:
    """The claims of an ID token that passed every check of OpenID Connect Core 3.1.3.7.

    Raises:
        SignInFailed: naming the check that failed.
    """
    if not isinstance(token, str):
        raise SignInFailed(SignInProblem.PROOF_INVALID, "there is no ID token")
    try:
        kid = jws.extract_compact(token.encode()).headers().get("kid")
        if not isinstance(kid, str):
            raise SignInFailed(SignInProblem.PROOF_INVALID, "the ID token does not name its key")
        # ES256 only: neither "none" nor a symmetric algorithm keyed with a public key is ever considered.
        claims = jwt.decode(token, find_keys(metadata, kid), algorithms=["ES256"]).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": metadata.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": client.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            acr={"essential": True},
        ).validate(claims)
    except ExpiredTokenError as error:
        raise SignInFailed(SignInProblem.PROOF_EXPIRED) from error
    except ClaimError as error:
        problem = _CLAIM_PROBLEMS.get(error.claim, SignInProblem.PROOF_INVALID)
        raise SignInFailed(problem, str(error)) from error
    except (JoseError, ValueError) as error:
        raise SignInFailed(SignInProblem.PROOF_INVALID, str(error)) from error
    _check_rest(claims, client, access_token)
    return claims


def _check_rest(claims: Mapping[str, Any], client: OidcClient, access_token: str) -> None:
    if not 1 <= len(str(claims["sub"])) <= 255:
        raise SignInFailed(SignInProblem.PROOF_INVALID, "the subject is empty or too long")
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", client.client_id) != client.client_id or (
        len(audiences) > 1 and "azp" not in claims
    ):
        raise SignInFailed(SignInProblem.PROOF_INVALID, "the ID token is meant for another client as well")
    if claims["iat"] < time.time() - ATTEMPT_SECONDS:
        raise SignInFailed(SignInProblem.PROOF_EXPIRED, "the ID token was issued long ago")
    if "at_hash" in claims:
        expected = create_half_hash(access_token, "ES256")
        if expected is None or expected.decode() != claims["at_hash"]:
            raise SignInFailed(SignInProblem.PROOF_INVALID, "the ID token belongs to another access token")
    achieved = client.acr_levels.get(claims["acr"]) if isinstance(claims["acr"], str) else None
    if achieved is None or not achieved.reaches(client.minimum):
        raise SignInFailed(SignInProblem.ASSURANCE_TOO_LOW)


def read_facts(userinfo: Mapping[str, Any]) -> BasicFour:
    """The four facts out of userinfo.

    How the national provider writes dates and sex is not published, so both spellings in use are read:
    ``YYYYMMDD`` or ``YYYY-MM-DD``; 1/2/9 or male/female/other.
    """
    address = userinfo.get("address", "")
    if isinstance(address, Mapping):
        address = address.get("formatted", "")
    date = str(userinfo.get("birthdate") or "").replace("-", "")
    try:
        born_on = dt.date(int(date[:4]), int(date[4:6]), int(date[6:])) if len(date) == 8 else None
    except ValueError:
        born_on = None
    sex = str(userinfo.get("gender") or "")
    sex = {"male": "1", "female": "2", "other": "9"}.get(sex, sex)
    return BasicFour(
        name=str(userinfo.get("name") or ""),
        address=str(address or ""),
        born_on=born_on,
        sex=sex if sex in ("1", "2", "9") else "",
    )


def _exchange(
    client: OidcClient, metadata: ProviderMetadata, attempt: Attempt, code: str, redirect_uri: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    try:
        with _session(client, redirect_uri, metadata.token_endpoint) as session:
            tokens = session.fetch_token(
                metadata.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
                redirect_uri=redirect_uri,
            )
            if not isinstance(tokens.get("access_token"), str):
                raise SignInFailed(SignInProblem.PROVIDER_REFUSED, "there is no access token")
            answer = session.get(metadata.userinfo_endpoint)
            answer.raise_for_status()
            userinfo = answer.json()
    except OAuthError as error:
        problem = (
            SignInProblem.CODE_REFUSED if error.error == "invalid_grant" else SignInProblem.PROVIDER_REFUSED
        )
        raise SignInFailed(problem, f"{error.error} {error.description or ''}") from error
    except (httpx.HTTPError, ValueError) as error:
        raise SignInFailed(SignInProblem.PROVIDER_UNAVAILABLE, str(error)) from error
    if not isinstance(userinfo, dict):
        raise SignInFailed(SignInProblem.PROVIDER_UNAVAILABLE, "userinfo is not a JSON object")
    return tokens, userinfo


def _session(client: OidcClient, redirect_uri: str, token_endpoint: str = "") -> OAuth2Client:
    key = client_key()
    return OAuth2Client(
        client_id=client.client_id,
        client_secret=key,
        token_endpoint_auth_method=PrivateKeyJWT(
            token_endpoint,
            # A session lives for one exchange; the library's hour would let a leaked statement be used longer.
            claims={"exp": int(time.time()) + LEEWAY_SECONDS},
            headers={"kid": key.kid},
            alg="ES256",
        ),
        scope=client.scopes,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        timeout=TIMEOUT_SECONDS,
        follow_redirects=False,
        verify=tls_context(),
    )


_PROBLEMS = {
    "access_denied": SignInProblem.CANCELLED,
    "server_error": SignInProblem.PROVIDER_UNAVAILABLE,
    "temporarily_unavailable": SignInProblem.PROVIDER_UNAVAILABLE,
}
_CLAIM_PROBLEMS = {
    "nonce": SignInProblem.NONCE_MISMATCH,
    "iss": SignInProblem.WRONG_ISSUER,
    "iat": SignInProblem.CLOCK_SKEW,
    "nbf": SignInProblem.CLOCK_SKEW,
    "acr": SignInProblem.ASSURANCE_TOO_LOW,
}
