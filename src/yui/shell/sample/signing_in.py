"""Who can sign in: the files of the practice provider and the staff's roles in each body."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from yui.config.database import state_folder
from yui.identity.public import AccountKind, ensure_client_key, grant_role, list_staff, register_account
from yui.kernel.services import all_roles
from yui.shell.sample.writing import PEOPLE, RESIDENT_CLIENT, STAFF_CLIENT

_CLIENTS = "clients.json"
_CALLBACK = "/sign-in/callback"


@dataclass(frozen=True)
class ProviderFiles:
    """What the practice provider is started with."""

    people: Path
    clients: Path
    state: Path


def sample_folder() -> Path:
    """Return the folder in which this installation keeps its sample."""
    return state_folder() / "sample"


def issuer_of(provider_port: int) -> str:
    """Return the issuer of a practice provider on this machine."""
    return f"http://localhost:{provider_port}/realms/main"


def write_provider_files(folder: Path, port: int) -> ProviderFiles:
    """Register our two clients for pages on `port`; the people are those of the sample in `folder`.

    Raises:
        SignInFailed: the key this installation already has cannot be used.
    """
    keys = ensure_client_key()
    clients = [
        {
            "client_id": client_id,
            "kind": kind,
            "name": name,
            "redirect_uris": [f"http://{host}:{port}{_CALLBACK}" for host in ("localhost", "127.0.0.1")],
            "jwks": keys,
        }
        for client_id, kind, name in (
            (RESIDENT_CLIENT, "resident", {"ja": "結", "en": "Yui"}),
            (STAFF_CLIENT, "staff", {"ja": "結（職員）", "en": "Yui (staff)"}),
        )
    ]
    path = folder / _CLIENTS
    path.write_text(json.dumps(clients, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return ProviderFiles(people=folder / PEOPLE, clients=path, state=folder / "provider")


def read_people(folder: Path) -> list[dict[str, Any]]:
    """Return the people who can sign in, as written with the sample."""
    people: list[dict[str, Any]] = json.loads((folder / PEOPLE).read_text(encoding="utf-8"))
    return people


def grant_staff_roles(people: list[dict[str, Any]], body_code: str, issuer: str, valid_from: date) -> int:
    """Give the sample's staff their roles in the active body; returns how many roles were new.

    A role that no installed service declares is left out: the sample may be loaded before all services are there.
    """
    held = {(one.account.public_id, one.role_code) for one in list_staff()}
    declared = all_roles()
    granted = 0
    for person in people:
        if person["kind"] != "staff" or person["municipality_code"] != body_code:
            continue
        account = register_account(
            issuer=issuer, subject=person["id"], kind=AccountKind.STAFF, label=person["name"]
        )
        for role in person["roles"]:
            if role in declared and (account.public_id, role) not in held:
                grant_role(account=account.public_id, role_code=role, valid_from=valid_from)
                granted += 1
    return granted
