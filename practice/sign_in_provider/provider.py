"""What the provider knows between requests, and what it signs: codes, tokens, keys, subjects."""

import base64
import hashlib
import hmac
import json
import re
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from .authorization import AuthorizationRequest
from .directory import Client, PracticePerson

PATH = "/protocol/openid-connect"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_ALGORITHMS = ("ES256", "RS256")
VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")

PAGE_SECONDS = 600
CODE_SECONDS = 60
TOKEN_SECONDS = 300
ASSERTION_MAX_SECONDS = 600
SKEW_SECONDS = 30
ACR = "aal3"
AMR = ("pin", "hwk")


class TokenError(Exception):
    """A token or userinfo request is refused with an OAuth error code and HTTP status."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True)
class Grant:
    """One completed choice of a person for one request."""

    request: AuthorizationRequest
    person_id: str
    auth_time: int
    session_state: str


@dataclass
class _Expiring:
    """A thread-safe store whose entries vanish when their time is over."""

    now: Callable[[], float]
    entries: dict[str, tuple[float, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, key: str, value: Any, seconds: float) -> None:
        with self.lock:
            moment = self.now()
            for old in [k for k, (until, _) in self.entries.items() if until <= moment]:
                del self.entries[old]
            self.entries[key] = (moment + seconds, value)

    def add_once(self, key: str, seconds: float) -> bool:
        """Remember the key; False when it is already remembered."""
        with self.lock:
            known = self.entries.get(key)
            if known and known[0] > self.now():
                return False
            self.entries[key] = (self.now() + seconds, True)
            return True

    def get(self, key: str) -> Any:
        with self.lock:
            until, value = self.entries.get(key, (0.0, None))
            return value if until > self.now() else None

    def take(self, key: str) -> Any:
        with self.lock:
            until, value = self.entries.pop(key, (0.0, None))
            return value if until > self.now() else None


class Provider:
    """An OpenID Provider without its web pages.

    Args:
        issuer: the issuer identifier; every endpoint lies below it.
        people: who can be chosen, by id.
        clients: the registered services, by client id.
        state_folder: where the signing key and the subject salt are kept; None keeps them in memory,
            and then both change with every start.
        now: the clock in seconds since 1970.
    """

    def __init__(
        self,
        issuer: str,
        people: Mapping[str, PracticePerson],
        clients: Mapping[str, Client],
        state_folder: Path | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.issuer = issuer.rstrip("/")
        self.people = people
        self.clients = clients
        self.now = now
        self.key, self.salt = _load_secrets(state_folder)
        self._pages = _Expiring(now)
        self._codes = _Expiring(now)
        self._spent_codes = _Expiring(now)
        self._tokens = _Expiring(now)
        self._assertions = _Expiring(now)

    @property
    def endpoint(self) -> str:
        """The address below which auth, token, userinfo and certs lie."""
        return self.issuer + PATH

    def metadata(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.endpoint}/auth",
            "token_endpoint": f"{self.endpoint}/token",
            "userinfo_endpoint": f"{self.endpoint}/userinfo",
            "jwks_uri": f"{self.endpoint}/certs",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "name", "address", "birthdate", "gender"],
            "claims_supported": [
                *("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr"),
                *("name", "address", "birthdate", "gender"),
            ],
            "acr_values_supported": [ACR],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
        }

    def public_keys(self) -> dict[str, Any]:
        """The key set with which clients check ID tokens."""
        return {"keys": [{**self.key.as_dict(private=False), "use": "sig", "alg": "ES256"}]}

    # The page

    def open_page(self, request: AuthorizationRequest) -> str:
        """Keep a checked request while the person looks at the page; returns its unguessable name."""
        name = secrets.token_urlsafe(32)
        self._pages.put(name, request, PAGE_SECONDS)
        return name

    def find_page(self, name: str) -> AuthorizationRequest | None:
        """The request behind a page, or None when it was answered or is too old."""
        return self._pages.get(name)

    def choose(self, name: str, person_id: str) -> tuple[AuthorizationRequest, Grant, str] | None:
        """Answer a page as a person: the request, the grant and its one-time code; None when too late."""
        request = self._pages.get(name)
        if request is None or not self.may_choose(request, person_id):
            return None
        if self._pages.take(name) is None:
            return None
        grant = Grant(request, person_id, int(self.now()), str(uuid.uuid4()))
        code = secrets.token_urlsafe(32)
        self._codes.put(code, grant, CODE_SECONDS)
        return request, grant, code

    def cancel(self, name: str) -> AuthorizationRequest | None:
        """Close a page without choosing anybody."""
        return self._pages.take(name)

    def may_choose(self, request: AuthorizationRequest, person_id: str) -> bool:
        """True when the person exists and is of the kind the client serves."""
        person = self.people.get(person_id)
        return person is not None and person.kind == self.clients[request.client_id].kind

    # The token endpoint

    def redeem(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Exchange a code for tokens.

        Raises:
            TokenError: with the OAuth error code of RFC 6749 section 5.2.
        """
        client = self._authenticate_client(form)
        if not form.get("grant_type"):
            raise TokenError("invalid_request", "grant_type is missing")
        if form["grant_type"] != "authorization_code":
            raise TokenError("unsupported_grant_type", "only authorization_code is offered")
        code, verifier = form.get("code", ""), form.get("code_verifier", "")
        if not code or not verifier:
            raise TokenError("invalid_request", "code and code_verifier are required")

        grant: Grant | None = self._codes.take(code)
        if grant is None:
            # A code that comes twice has been seen by two parties; the first one's token is withdrawn too
            # (RFC 6749 section 4.1.2).
            issued = self._spent_codes.take(code)
            if issued:
                self._tokens.take(issued)
            raise TokenError("invalid_grant", "the code is unknown, used or expired")
        if grant.request.client_id != client.client_id:
            raise TokenError("invalid_grant", "the code was issued to another client")
        if grant.request.redirect_uri != form.get("redirect_uri"):
            raise TokenError("invalid_grant", "redirect_uri differs from that of the authorization request")
        if not VERIFIER.fullmatch(verifier) or not hmac.compare_digest(
            s256(verifier), grant.request.code_challenge
        ):
            raise TokenError("invalid_grant", "code_verifier does not fit the code_challenge")

        access_token = secrets.token_urlsafe(32)
        self._tokens.put(access_token, grant, TOKEN_SECONDS)
        self._spent_codes.put(code, access_token, TOKEN_SECONDS)
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": " ".join(grant.request.scopes),
            "id_token": self.sign_id_token(self.id_token_claims(grant)),
            "session_state": grant.session_state,
        }

    def id_token_claims(self, grant: Grant) -> dict[str, Any]:
        """The claims of the ID token; it carries no personal data."""
        moment = int(self.now())
        return {
            "iss": self.issuer,
            "sub": self.subject(grant),
            "aud": grant.request.client_id,
            "iat": moment,
            "exp": moment + TOKEN_SECONDS,
            "auth_time": grant.auth_time,
            "nonce": grant.request.nonce,
            "acr": ACR,
            "amr": list(AMR),
            "jti": str(uuid.uuid4()),
        }

    def sign_id_token(self, claims: Mapping[str, Any]) -> str:
        """The compact signed form of the claims."""
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, dict(claims), self.key, algorithms=["ES256"])

    def subject(self, grant: Grant) -> str:
        """The pairwise subject: stable for one service, and unlinkable between two services."""
        fixed = self.people[grant.person_id].subjects.get(grant.request.client_id)
        return fixed or pairwise_subject(self.salt, grant.request.client_id, grant.person_id)

    def userinfo(self, access_token: str) -> dict[str, Any]:
        """The claims the person agreed to hand over, no more.

        Raises:
            TokenError: the token is unknown or expired.
        """
        grant: Grant | None = self._tokens.get(access_token)
        if grant is None:
            raise TokenError("invalid_token", "the access token is unknown or expired", 401)
        person = self.people[grant.person_id]
        held = {
            "name": person.name,
            "address": person.address,
            "birthdate": person.birthdate.strftime("%Y%m%d") if person.birthdate else "",
            "gender": person.gender,
        }
        return {"sub": self.subject(grant), **{k: v for k, v in held.items() if k in grant.request.scopes}}

    def _authenticate_client(self, form: Mapping[str, str]) -> Client:
        """private_key_jwt (RFC 7523): a signed, short-lived, one-time statement proves who the client is."""

        def refuse(reason: str) -> TokenError:
            return TokenError("invalid_client", reason, 401)

        if form.get("client_assertion_type") != ASSERTION_TYPE or not form.get("client_assertion"):
            raise refuse("the client must authenticate with private_key_jwt")
        assertion = form["client_assertion"]
        claimed = _unverified_claim(assertion, "sub")
        client = self.clients.get(claimed) if claimed else None
        if client is None or form.get("client_id", client.client_id) != client.client_id:
            raise refuse("unknown client")
        try:
            claims = jwt.decode(assertion, client.keys, algorithms=list(ASSERTION_ALGORITHMS)).claims
            jwt.JWTClaimsRegistry(
                now=lambda: int(self.now()),
                leeway=SKEW_SECONDS,
                iss={"essential": True, "value": client.client_id},
                sub={"essential": True, "value": client.client_id},
                aud={"essential": True, "value": f"{self.endpoint}/token"},
                exp={"essential": True},
                jti={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise refuse(f"client assertion refused: {error}") from error
        remaining = claims["exp"] - self.now()
        if remaining > ASSERTION_MAX_SECONDS + SKEW_SECONDS:
            raise refuse(f"client assertion lives too long; at most {ASSERTION_MAX_SECONDS} seconds")
        if not self._assertions.add_once(f"{client.client_id} {claims['jti']}", remaining + 2 * SKEW_SECONDS):
            raise refuse("client assertion was used before")
        return client


def s256(verifier: str) -> str:
    """The PKCE challenge of a verifier (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def pairwise_subject(salt: bytes, client_id: str, person_id: str) -> str:
    """A subject that cannot be linked between two clients without the salt."""
    return hmac.new(salt, f"{client_id}\0{person_id}".encode(), hashlib.sha256).hexdigest()


def _unverified_claim(token: str, name: str) -> str | None:
    """Read one claim before the signature is checked, only to find out whose keys to check it with."""
    try:
        payload = token.split(".")[1]
        claim = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))).get(name)
    except (IndexError, ValueError, AttributeError):
        return None
    return claim if isinstance(claim, str) else None


def _load_secrets(folder: Path | None) -> tuple[ECKey, bytes]:
    if folder is None:
        return ECKey.generate_key("P-256", auto_kid=True), secrets.token_bytes(32)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "provider-secrets.json"
    if not path.exists():
        held = {
            "key": ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True),
            "salt": secrets.token_hex(32),
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(held), encoding="utf-8")
    held = json.loads(path.read_text(encoding="utf-8"))
    return ECKey.import_key(held["key"]), bytes.fromhex(held["salt"])
