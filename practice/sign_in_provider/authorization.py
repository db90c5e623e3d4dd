"""The authorization request and its rules: what must be there, in what form, or the request is refused."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from .directory import Client

SCOPES = ("openid", "name", "address", "birthdate", "gender")
PRINTABLE = re.compile(r"[\x20-\x7E]{1,255}")
CHALLENGE = re.compile(r"[0-9a-zA-Z_-]{1,128}")


class UntrustedRequestError(Exception):
    """The client or its address is unknown, so the browser must not be sent back; show a page instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RefusedRequestError(Exception):
    """The request is refused and the client is told so at its own address (RFC 6749 section 4.1.2.1)."""

    def __init__(self, error: str, description: str, redirect_uri: str, state: str | None) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.redirect_uri = redirect_uri
        self.state = state


@dataclass(frozen=True)
class AuthorizationRequest:
    """A request that passed every rule."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    code_challenge: str
    acr_values: tuple[str, ...] = ()


def check_request(values: Mapping[str, list[str]], clients: Mapping[str, Client]) -> AuthorizationRequest:
    """Check the parameters of an authorization request; each name comes with all its values.

    Raises:
        UntrustedRequestError: client unknown or ``redirect_uri`` not registered, character by character.
        RefusedRequestError: any other rule is broken.
    """
    client, redirect_uri = _check_client(values, clients)
    state_values = values.get("state", [])
    state = state_values[0] if len(state_values) == 1 and PRINTABLE.fullmatch(state_values[0]) else None

    def refuse(error: str, description: str) -> RefusedRequestError:
        return RefusedRequestError(error, description, redirect_uri, state)

    repeated = sorted(name for name, given in values.items() if len(given) > 1)
    if repeated:
        raise refuse("invalid_request", f"parameter given more than once: {', '.join(repeated)}")
    given = {name: texts[0] for name, texts in values.items()}

    if not given.get("response_type"):
        raise refuse("invalid_request", "response_type is missing")
    if given["response_type"] != "code":
        raise refuse("unsupported_response_type", "only response_type=code is offered")
    if given.get("response_mode", "query") != "query":
        raise refuse("invalid_request", "only response_mode=query is offered")
    for name in ("request", "request_uri"):
        if name in given:
            raise refuse(f"{name}_not_supported", f"{name} is not offered")

    scopes = tuple(dict.fromkeys(given.get("scope", "").split(" "))) if given.get("scope") else ()
    if "openid" not in scopes:
        raise refuse("invalid_scope", "scope must contain openid")
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise refuse("invalid_scope", "this provider does not offer every scope asked for")

    if state is None:
        raise refuse("invalid_request", "state is required: 1 to 255 printable ASCII characters")
    nonce = given.get("nonce", "")
    if not PRINTABLE.fullmatch(nonce):
        raise refuse("invalid_request", "nonce is required: 1 to 255 printable ASCII characters")
    challenge = given.get("code_challenge", "")
    if not CHALLENGE.fullmatch(challenge):
        raise refuse("invalid_request", "code_challenge is required: 1 to 128 characters of base64url")
    if given.get("code_challenge_method") != "S256":
        raise refuse("invalid_request", "code_challenge_method must be S256")
    if "sign_transaction_id" in given and not _is_uuid(given["sign_transaction_id"]):
        raise refuse("invalid_request", "sign_transaction_id must be a UUID")
    if "none" in given.get("prompt", "").split():
        # Nobody stays signed in here, so a sign-in without showing the page can never succeed.
        raise refuse("login_required", "the person must choose themselves on the page")

    return AuthorizationRequest(
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        scopes=scopes,
        state=state,
        nonce=nonce,
        code_challenge=challenge,
        acr_values=tuple(given.get("acr_values", "").split()),
    )


def _check_client(values: Mapping[str, list[str]], clients: Mapping[str, Client]) -> tuple[Client, str]:
    client_ids, uris = values.get("client_id", []), values.get("redirect_uri", [])
    if len(client_ids) != 1 or client_ids[0] not in clients:
        raise UntrustedRequestError("unknown_client")
    client = clients[client_ids[0]]
    if len(uris) != 1 or uris[0] not in client.redirect_uris:
        raise UntrustedRequestError("unknown_redirect_uri")
    return client, uris[0]


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
