"""Which provider we speak to, as whom, and with which key; read from the settings."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from yui.identity.contracts import AccountKind, Assurance, SignInFailed, SignInProblem


@dataclass(frozen=True)
class OidcClient:
    """Our registration at one provider.

    Attributes:
        acr_values: what we ask for, as the provider spells it.
        acr_levels: which assurance each returned ``acr`` value stands for.
        minimum: below this level nobody is let in.
    """

    kind: AccountKind
    issuer: str
    client_id: str
    scopes: str
    acr_values: str
    acr_levels: Mapping[str, Assurance]
    minimum: Assurance


def client_for(kind: AccountKind) -> OidcClient:
    """The registration through which accounts of this kind sign in.

    Raises:
        SignInFailed: NOT_CONFIGURED, naming the missing or wrong setting.
    """
    prefix = "OIDC_STAFF_" if kind is AccountKind.STAFF else "OIDC_"
    issuer, client_id = getattr(settings, f"{prefix}ISSUER"), getattr(settings, f"{prefix}CLIENT_ID")
    if not issuer or not client_id:
        raise SignInFailed(
            SignInProblem.NOT_CONFIGURED, f"YUI_{prefix}ISSUER or YUI_{prefix}CLIENT_ID is empty"
        )
    try:
        pairs = dict(pair.split("=", 1) for pair in settings.OIDC_ACR_LEVELS.split())
        levels = {acr: Assurance(level) for acr, level in pairs.items()}
        minimum = Assurance(settings.OIDC_MINIMUM_ASSURANCE)
    except ValueError as error:
        raise SignInFailed(
            SignInProblem.NOT_CONFIGURED, f"YUI_OIDC_ACR_LEVELS or minimum: {error}"
        ) from error
    return OidcClient(
        kind=kind,
        issuer=issuer.rstrip("/"),
        client_id=client_id,
        scopes=getattr(settings, f"{prefix}SCOPES"),
        acr_values=settings.OIDC_ACR_VALUES,
        acr_levels=levels,
        minimum=minimum,
    )


def client_key() -> ECKey:
    """Our private key for ``private_key_jwt``.

    Raises:
        SignInFailed: NOT_CONFIGURED when there is none or it is not an EC P-256 private key.
    """
    path = Path(settings.OIDC_CLIENT_KEY)
    try:
        text = path.read_text(encoding="ascii")
        key = ECKey.import_key(json.loads(text) if text.lstrip().startswith("{") else text)
    except (OSError, ValueError, JoseError) as error:
        raise SignInFailed(
            SignInProblem.NOT_CONFIGURED, f"YUI_OIDC_CLIENT_KEY cannot be read: {error}"
        ) from error
    if not key.is_private or key.curve_name != "P-256":
        raise SignInFailed(SignInProblem.NOT_CONFIGURED, "YUI_OIDC_CLIENT_KEY must be a private EC P-256 key")
    key.ensure_kid()
    return key


def ensure_client_key() -> dict[str, Any]:
    """Make our key when there is none; returns the public key set to register with the provider.

    Raises:
        SignInFailed: NOT_CONFIGURED when there is a key that cannot be used; it is never overwritten.
    """
    path = Path(settings.OIDC_CLIENT_KEY)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(made, file)
    return {"keys": [{**client_key().as_dict(private=False), "use": "sig", "alg": "ES256"}]}
