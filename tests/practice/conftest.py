"""A running practice provider: the real process on a real port."""

import base64
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

ROOT = Path(__file__).resolve().parents[2]
CALLBACK = "http://localhost:8701/sign-in/callback"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PEOPLE = [
    {
        "id": "r1",
        "name": "結城 さくら",
        "kana": "ユウキ サクラ",
        "address": "結県結見市稲穂町一丁目2番3号",
        "birthdate": "1992-04-02",
        "gender": "2",
        "note": {"ja": "先週、子が生まれました", "en": "Had a child last week"},
        "group": "結見市",
    },
    {"id": "r2", "name": "田中 一郎", "kana": "タナカ イチロウ", "subjects": {"RP00000001": "fixed-subject"}},
    {"id": "s1", "name": "佐藤 実", "kana": "サトウ ミノル", "note": "市民課", "kind": "staff"},
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Running:
    """A started provider and what a client of it holds."""

    issuer: str
    keys: dict[str, ECKey]

    @property
    def endpoint(self) -> str:
        return f"{self.issuer}/protocol/openid-connect"

    def request(self, **changes: str | None) -> dict[str, str]:
        """A faultless authorization request with some parameters changed, or left out (None)."""
        values: dict[str, str | None] = {
            "response_type": "code",
            "client_id": "RP00000001",
            "redirect_uri": CALLBACK,
            "scope": "openid name address birthdate gender",
            "state": "the-state",
            "nonce": "the-nonce",
            "code_challenge": s256(VERIFIER),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in values.items() if value is not None}

    def ask(self, **changes: str | None) -> httpx.Response:
        return http.get(f"{self.endpoint}/auth", params=self.request(**changes))

    def page(self, **changes: str | None) -> str:
        """The address of the page on which a person is chosen."""
        answer = self.ask(**changes)
        assert answer.status_code == 303, answer.text
        return urljoin(self.issuer, answer.headers["location"])

    def choose(self, person: str = "r1", **changes: str | None) -> dict[str, str]:
        """Go through the page as a person; returns the parameters of the callback."""
        page = parse_qs(urlsplit(self.page(**changes)).query)["page"][0]
        chosen = http.post(f"{self.issuer}/login-actions/authenticate", data={"page": page, "person": person})
        assert chosen.status_code == 303, chosen.text
        return callback(chosen)

    def assertion(self, client: str = "RP00000001", **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": client,
            "sub": client,
            "aud": f"{self.endpoint}/token",
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
        } | changes
        return jwt.encode(
            {"alg": "ES256"}, {k: v for k, v in claims.items() if v is not None}, self.keys[client]
        )

    def redeem(self, code: str, **changes: str | None) -> httpx.Response:
        values: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            "client_assertion_type": ASSERTION_TYPE,
            **changes,
        }
        if "client_assertion" not in values:
            values["client_assertion"] = self.assertion()
        return http.post(f"{self.endpoint}/token", data={k: v for k, v in values.items() if v is not None})


# One client for all: making one reads every certificate of the machine.
http = httpx.Client()
VERIFIER = secrets.token_urlsafe(48)


def s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def without_signature(claims: dict[str, Any]) -> str:
    """An "alg": "none" token, put together by hand because the library rightly warns of it."""
    parts = ({"alg": "none"}, claims)
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts), ""]
    )


def callback(response: httpx.Response) -> dict[str, str]:
    """The parameters that the browser is sent back with."""
    location = response.headers["location"]
    assert location.startswith(f"{CALLBACK}?"), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.fixture(scope="session")
def provider_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, ECKey]]:
    folder = tmp_path_factory.mktemp("provider")
    keys = {name: ECKey.generate_key("P-256", auto_kid=True) for name in ("RP00000001", "RP00000002")}
    people, clients = folder / "people.json", folder / "clients.json"
    people.write_text(json.dumps(PEOPLE), encoding="utf-8")
    registered = [
        {
            "client_id": client,
            "name": {"ja": "結", "en": "Yui"},
            "kind": kind,
            "redirect_uris": [CALLBACK],
            "jwks": {"keys": [keys[client].as_dict(private=False)]},
        }
        for client, kind in (("RP00000001", "resident"), ("RP00000002", "staff"))
    ]
    clients.write_text(json.dumps(registered), encoding="utf-8")
    return people, clients, keys


@pytest.fixture(scope="session")
def provider(provider_files: tuple[Path, Path, dict[str, ECKey]]) -> Iterator[Running]:
    people, clients, keys = provider_files
    port = free_port()
    command = [sys.executable, "-m", "practice.sign_in_provider", "--port", str(port)]
    command += ["--people", str(people), "--clients", str(clients)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    issuer = f"http://localhost:{port}/realms/main"
    try:
        wait_until_up(f"{issuer}/.well-known/openid-configuration", process)
        yield Running(issuer, keys)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1].decode())
        try:
            http.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the provider did not start")
