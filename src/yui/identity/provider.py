"""What a provider publishes about itself: its endpoints and keys, fetched when needed and kept for minutes."""

import functools
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from yui.identity.contracts import SignInFailed, SignInProblem

TIMEOUT_SECONDS = 5.0
KEPT_SECONDS = 600.0
# A forged token with an unknown key name must not make us fetch keys again and again.
REFRESH_SECONDS = 10.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class ProviderMetadata:
    """The part of the discovery document we use (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    names_itself: bool


@dataclass
class _Kept:
    """Answers by address with the moment they were fetched."""

    answers: dict[str, tuple[float, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, url: str, younger_than: float) -> Any:
        with self.lock:
            fetched, answer = self.answers.get(url, (float("-inf"), None))
        if time.monotonic() - fetched < younger_than:
            return answer
        answer = _fetch(url)
        with self.lock:
            self.answers[url] = (time.monotonic(), answer)
        return answer


_kept = _Kept()


def find_metadata(issuer: str) -> ProviderMetadata:
    """The provider's endpoints.

    Raises:
        SignInFailed: PROVIDER_UNAVAILABLE, or WRONG_ISSUER when the document belongs to another issuer.
    """
    if not _is_safe(issuer):
        raise SignInFailed(SignInProblem.NOT_CONFIGURED, "the issuer must be https, except on this machine")
    found = _kept.get(f"{issuer}/.well-known/openid-configuration", KEPT_SECONDS)
    if found.get("issuer") != issuer:
        raise SignInFailed(SignInProblem.WRONG_ISSUER, "the discovery document names another issuer")
    names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    if not all(isinstance(found.get(name), str) and _is_safe(found[name]) for name in names):
        raise SignInFailed(SignInProblem.PROVIDER_UNAVAILABLE, "the discovery document lacks a safe endpoint")
    return ProviderMetadata(
        issuer=issuer,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        **{name: found[name] for name in names},
    )


def find_keys(metadata: ProviderMetadata, kid: str) -> KeySet:
    """The provider's EC keys; fetched again when the wanted one is not among those kept (key rotation).

    Raises:
        SignInFailed: PROVIDER_UNAVAILABLE.
    """
    keys = _elliptic(_kept.get(metadata.jwks_uri, KEPT_SECONDS))
    if kid not in [key.kid for key in keys.keys]:
        keys = _elliptic(_kept.get(metadata.jwks_uri, REFRESH_SECONDS))
    return keys


@functools.cache
def tls_context() -> ssl.SSLContext:
    """The certificates this machine trusts; bodies in closed networks add their own authority there."""
    return ssl.create_default_context()


def forget_providers() -> None:
    """Forget everything fetched."""
    with _kept.lock:
        _kept.answers.clear()


def _elliptic(document: Any) -> KeySet:
    # Only public EC keys for signing: a symmetric key in the set must never check a signature.
    usable = [
        {name: key[name] for name in ("kty", "crv", "x", "y", "kid") if name in key}
        for key in document.get("keys", [])
        if isinstance(key, dict) and key.get("kty") == "EC" and key.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, KeyError) as error:
        raise SignInFailed(
            SignInProblem.PROVIDER_UNAVAILABLE, f"the key set is unreadable: {error}"
        ) from error


def _fetch(url: str) -> dict[str, Any]:
    try:
        answer = httpx.get(url, timeout=TIMEOUT_SECONDS, follow_redirects=False, verify=tls_context())
        answer.raise_for_status()
        document = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise SignInFailed(SignInProblem.PROVIDER_UNAVAILABLE, f"{url}: {error}") from error
    if not isinstance(document, dict):
        raise SignInFailed(SignInProblem.PROVIDER_UNAVAILABLE, f"{url}: not a JSON object")
    return document


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
