"""Signing in, from the start to the body: against the real practice process, and against a provider that lies."""

import datetime as dt
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from practice.sign_in_provider.directory import read_clients, read_people
from practice.sign_in_provider.provider import Grant, Provider
from practice.sign_in_provider.web import create_app
from pytest_django.fixtures import Settings
from werkzeug.serving import make_server

from yui.identity import oidc
from yui.identity import sessions as identity_sessions
from yui.identity.provider import forget_providers
from yui.identity.public import AccountKind, BasicFour, SignedIn, find_account, register_account
from yui.kernel.journal.public import list_entries
from yui.kernel.tenancy.public import body_scope

from .conftest import CALLBACK, Running, free_port, http, without_signature

pytestmark = pytest.mark.django_db
HERE, THERE = "999016", "999024"
Keys = dict[str, ECKey]


@pytest.fixture
def browser(settings: Settings, tmp_path: Path, provider_files: tuple[Path, Path, Keys]) -> Client:
    """A browser at our site, which is registered with the provider by one key for both clients."""
    _people, _clients, keys = provider_files
    key = tmp_path / "client_key.json"
    key.write_text(json.dumps(keys["RP00000001"].as_dict(private=True)), encoding="ascii")
    settings.OIDC_CLIENT_KEY = str(key)
    settings.OIDC_CLIENT_ID = "RP00000001"
    settings.OIDC_STAFF_CLIENT_ID = "RP00000002"
    settings.BASE_URL = CALLBACK.removesuffix("/sign-in/callback")
    forget_providers()
    return Client(headers={"host": "localhost:8701"})


@pytest.fixture
def site(browser: Client, settings: Settings, provider: Running) -> Client:
    """The browser, with the real practice process as provider."""
    settings.OIDC_ISSUER = settings.OIDC_STAFF_ISSUER = provider.issuer
    return browser


def at_provider(url: str, person: str | None) -> str:
    """What a browser does at the provider; returns the path to which it is sent back."""
    page = http.get(url)
    if page.status_code == 303 and page.headers["location"].startswith(CALLBACK):
        return page.headers["location"].removeprefix("http://localhost:8701")
    parts = urlsplit(page.headers["location"])
    name = parse_qs(parts.query)["page"][0]
    choice = {"person": person} if person else {"cancel": "1"}
    back = http.post(
        url.split("/protocol/")[0] + "/login-actions/authenticate", data={"page": name, **choice}
    )
    assert back.headers["location"].startswith(CALLBACK), back.text
    return back.headers["location"].removeprefix("http://localhost:8701")


def begin(site: Client, kind: str = "resident", **query: str) -> str:
    answer = site.get(f"/sign-in/start/{kind}?{urlencode(query)}")
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["location"]


def sign_in(site: Client, person: str = "r1", kind: str = "resident", **query: str) -> Any:
    return site.get(at_provider(begin(site, kind, **query), person))


def problem(answer: Any) -> str:
    assert "_auth_user_id" not in answer.client.session
    return answer.context["problem"]


def accounts() -> list[Any]:
    from yui.identity.models import Account

    return list(Account.objects.all())


# The good way


def test_the_request_that_goes_out(site: Client, provider: Running) -> None:
    url = begin(site, next="/somewhere")
    assert url.startswith(f"{provider.endpoint}/auth?")
    sent = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert sent["response_type"] == "code"
    assert sent["scope"] == "openid name address birthdate gender"
    assert sent["code_challenge_method"] == "S256"
    assert sent["redirect_uri"] == CALLBACK
    again = {name: values[0] for name, values in parse_qs(urlsplit(begin(site)).query).items()}
    for name in ("state", "nonce", "code_challenge"):
        assert len(sent[name]) >= 32
        assert sent[name] != again[name]


def test_a_resident_signs_in_chooses_once_and_is_remembered(
    site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[SignedIn] = []
    person = uuid.uuid4()

    def resolve(signed_in: SignedIn) -> uuid.UUID:
        told.append(signed_in)
        return person

    monkeypatch.setattr(identity_sessions, "_resolvers", [resolve])
    answer = sign_in(site, next="/sign-in/?after")
    assert answer.headers["location"] == "/sign-in/body?next=%2Fsign-in%2F%3Fafter"
    assert "結見市" in site.get(answer.headers["location"]).content.decode()
    chosen = site.post("/sign-in/body", {"body": HERE, "next": "/sign-in/?after"})
    assert chosen.headers["location"] == "/sign-in/?after"

    account = find_account(told[0].account)
    assert account is not None
    assert (account.kind, account.label) == (AccountKind.RESIDENT, "")
    assert told[0].facts == BasicFour(
        name="結城 さくら", address="結県結見市稲穂町一丁目2番3号", born_on=dt.date(1992, 4, 2), sex="2"
    )
    assert site.session["identity_subject"] == str(person)
    assert site.session["identity_assurance"] == "high"
    assert "identity_facts" not in site.session
    with body_scope(HERE):
        assert [entry.act for entry in list_entries()] == ["identity.session.opened"]

    site.post("/sign-in/out")
    assert sign_in(site, next="/x").headers["location"] == "/x"  # the municipality is remembered
    assert site.session["identity_body"] == HERE


def test_a_municipality_chosen_before_signing_in_counts(site: Client) -> None:
    assert sign_in(site, body=THERE, next="/x").headers["location"] == "/x"
    assert site.session["identity_body"] == THERE


def test_staff_sign_in_through_their_own_client(
    site: Client, settings: Settings, tmp_path: Path, provider_files: tuple[Path, Path, Keys]
) -> None:
    key = tmp_path / "staff_key.json"
    key.write_text(json.dumps(provider_files[2]["RP00000002"].as_dict(private=True)), encoding="ascii")
    settings.OIDC_CLIENT_KEY = str(key)
    answer = sign_in(site, "s1", "staff")
    assert answer.headers["location"].startswith("/sign-in/body")
    page = site.get("/sign-in/body").content.decode()
    account = accounts()[0]
    assert account.label == "佐藤 実"
    assert str(account.public_id) in page  # no role yet: the number to tell the administrator


def test_the_session_is_a_new_one_after_signing_in(site: Client) -> None:
    url = begin(site)
    session = site.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    site.get(at_provider(url, "r1"))
    assert site.session.session_key != before
    assert "planted" not in site.session
    assert not site.session.exists(before)


def test_one_session_replaces_another_persons(site: Client) -> None:
    sign_in(site, "r1", body=HERE)
    first = site.session["_auth_user_id"]
    sign_in(site, "r2", body=THERE)
    assert site.session["_auth_user_id"] != first
    assert site.session["identity_body"] == THERE


def test_another_host_name_is_led_to_the_one_the_provider_knows(site: Client) -> None:
    answer = Client(headers={"host": "127.0.0.1:8701"}).get("/sign-in/start/resident?next=/x")
    assert answer.headers["location"] == "http://localhost:8701/sign-in/start/resident?next=/x"


# What can go wrong on the way


def test_cancelling_is_no_error_of_anybody(site: Client) -> None:
    answer = site.get(at_provider(begin(site), None))
    assert (answer.status_code, problem(answer)) == (200, "cancelled")
    assert str(answer.context["text"].title) in answer.content.decode()


def test_a_tampered_state_is_refused(site: Client) -> None:
    back = at_provider(begin(site), "r1")
    answer = site.get(back.replace("state=", "state=x"))
    assert (answer.status_code, problem(answer)) == (400, "state_mismatch")


def test_an_answer_for_another_browser_is_refused(site: Client) -> None:
    back = at_provider(begin(site), "r1")
    answer = Client(headers={"host": "localhost:8701"}).get(back)
    assert problem(answer) == "state_mismatch"


def test_a_repeated_parameter_counts_as_none(site: Client) -> None:
    back = at_provider(begin(site), "r1")
    assert problem(site.get(f"{back}&state=again")) == "state_mismatch"


def test_a_callback_works_once(site: Client) -> None:
    back = at_provider(begin(site), "r1")
    site.get(back)
    site.post("/sign-in/out")
    assert problem(site.get(back)) == "state_mismatch"


def test_a_code_of_an_earlier_sign_in_is_refused(site: Client) -> None:
    used = at_provider(begin(site), "r1")
    site.get(used)
    code = parse_qs(urlsplit(used).query)["code"][0]
    fresh = parse_qs(urlsplit(begin(site)).query)["state"][0]
    issuer = parse_qs(urlsplit(used).query)["iss"][0]
    answer = site.get("/sign-in/callback", {"state": fresh, "code": code, "iss": issuer})
    assert answer.context["problem"] == "code_refused"


def test_a_code_of_somebody_elses_sign_in_is_refused(site: Client) -> None:
    """Injection: the code fits the client but not the verifier of this browser's attempt."""
    other = Client(headers={"host": "localhost:8701"})
    stolen = parse_qs(urlsplit(at_provider(begin(other), "r2")).query)
    state = parse_qs(urlsplit(begin(site)).query)["state"][0]
    answer = site.get(
        "/sign-in/callback", {"state": state, "code": stolen["code"][0], "iss": stolen["iss"][0]}
    )
    assert problem(answer) == "code_refused"


def test_a_mixed_up_issuer_is_refused(site: Client) -> None:
    back = at_provider(begin(site), "r1")
    parts = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    answer = site.get("/sign-in/callback", {**parts, "iss": "https://evil.example"})
    assert problem(answer) == "wrong_issuer"


def test_a_missing_issuer_is_refused_when_the_provider_always_names_itself(site: Client) -> None:
    back = at_provider(begin(site), "r1")
    parts = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    del parts["iss"]
    assert problem(site.get("/sign-in/callback", parts)) == "wrong_issuer"


def test_an_attempt_expires(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    back = at_provider(begin(site), "r1")
    monkeypatch.setattr(oidc, "ATTEMPT_SECONDS", -1)
    assert problem(site.get(back)) == "expired_attempt"


def test_an_unreachable_provider_is_said_to_be_so(site: Client, settings: Settings) -> None:
    settings.OIDC_ISSUER = f"http://localhost:{free_port()}/realms/main"
    answer = site.get("/sign-in/start/resident")
    assert (answer.status_code, problem(answer)) == (503, "provider_unavailable")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", ""),
        ("OIDC_CLIENT_ID", ""),
        ("OIDC_ISSUER", "http://provider.example"),
        ("OIDC_CLIENT_KEY", "/nowhere/key.json"),
        ("OIDC_ACR_LEVELS", "aal3=very"),
        ("OIDC_MINIMUM_ASSURANCE", "much"),
    ],
)
def test_a_wrong_setting_is_said_to_be_so(site: Client, settings: Settings, name: str, value: str) -> None:
    setattr(settings, name, value)
    answer = site.get("/sign-in/start/resident")
    assert (answer.status_code, problem(answer)) == (503, "not_configured")


def test_a_closed_account_stays_out_and_the_body_learns_of_it(site: Client) -> None:
    from yui.identity.models import Account

    sign_in(site, body=HERE)
    site.post("/sign-in/out")
    Account.objects.update(is_active=False)
    answer = sign_in(site, body=HERE)
    assert (answer.status_code, problem(answer)) == (403, "account_closed")
    with body_scope(HERE):
        entries = [(entry.act, entry.reason) for entry in list_entries()]
    assert ("identity.session.refused", "account_closed") in entries


def test_one_identity_has_one_door(site: Client, provider: Running) -> None:
    register_account(issuer=provider.issuer, subject="fixed-subject", kind=AccountKind.STAFF)
    assert problem(sign_in(site, "r2")) == "wrong_kind"


def test_no_kind_but_the_two(site: Client) -> None:
    assert site.get("/sign-in/start/emperor").status_code == 404


def test_only_looking_is_allowed_at_the_callback(site: Client) -> None:
    assert Client(headers={"host": "localhost:8701"}).post("/sign-in/callback").status_code == 405


# A provider that lies

Lie = Callable[[dict[str, Any]], dict[str, Any]]


class Liar(Provider):
    """The practice provider with places where a test makes it lie."""

    claims_lie: Lie = staticmethod(lambda claims: claims)
    userinfo_lie: Lie = staticmethod(lambda claims: claims)
    metadata_lie: Lie = staticmethod(lambda found: found)
    keys_lie: Lie = staticmethod(lambda found: found)
    forge: Callable[[dict[str, Any]], str] | None = None

    def id_token_claims(self, grant: Grant) -> dict[str, Any]:
        claims = self.claims_lie(super().id_token_claims(grant))
        return {name: value for name, value in claims.items() if value is not None}

    def sign_id_token(self, claims: Any) -> str:
        return self.forge(dict(claims)) if self.forge else super().sign_id_token(claims)

    def userinfo(self, access_token: str) -> dict[str, Any]:
        return self.userinfo_lie(super().userinfo(access_token))

    def metadata(self) -> dict[str, Any]:
        return self.metadata_lie(super().metadata())

    def public_keys(self) -> dict[str, Any]:
        return self.keys_lie(super().public_keys())


@pytest.fixture
def liar(browser: Client, settings: Settings, provider_files: tuple[Path, Path, Keys]) -> Iterator[Liar]:
    people, clients, _keys = provider_files
    port = free_port()
    provider = Liar(f"http://localhost:{port}/realms/main", read_people(people), read_clients(clients))
    settings.OIDC_ISSUER = provider.issuer
    server = make_server("127.0.0.1", port, create_app(provider), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_liar_can_be_honest(browser: Client, liar: Liar) -> None:
    assert sign_in(browser, next="/x", body=HERE).headers["location"] == "/x"


NOW = int(time.time())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"nonce": "another"}, "nonce_mismatch"),
        ({"nonce": None}, "nonce_mismatch"),
        ({"aud": "RP99999999"}, "proof_invalid"),
        ({"aud": []}, "proof_invalid"),
        ({"aud": ["RP00000001", "RP99999999"]}, "proof_invalid"),
        ({"aud": None}, "proof_invalid"),
        ({"azp": "RP99999999"}, "proof_invalid"),
        ({"iss": "https://evil.example"}, "wrong_issuer"),
        ({"iss": None}, "wrong_issuer"),
        ({"sub": None}, "proof_invalid"),
        ({"sub": ""}, "proof_invalid"),
        ({"sub": 7}, "proof_invalid"),
        ({"sub": "s" * 256}, "proof_invalid"),
        ({"exp": NOW - 3600}, "proof_expired"),
        ({"exp": None}, "proof_invalid"),
        ({"exp": "tomorrow"}, "proof_invalid"),
        ({"iat": NOW + 3600}, "clock_skew"),
        ({"nbf": NOW + 3600}, "clock_skew"),
        ({"iat": NOW - 7200}, "proof_expired"),
        ({"iat": None}, "clock_skew"),
        ({"acr": None}, "assurance_too_low"),
        ({"acr": "aal1"}, "assurance_too_low"),
        ({"acr": "unheard-of"}, "assurance_too_low"),
        ({"acr": ["aal3"]}, "assurance_too_low"),
        ({"at_hash": "of-another-token"}, "proof_invalid"),
    ],
)
def test_a_false_claim_is_refused(
    browser: Client, liar: Liar, changes: dict[str, Any], expected: str
) -> None:
    liar.claims_lie = lambda claims: claims | changes
    assert problem(sign_in(browser)) == expected
    assert accounts() == []


def test_a_slight_disagreement_of_clocks_is_borne(browser: Client, liar: Liar) -> None:
    liar.claims_lie = lambda claims: claims | {"iat": int(time.time()) + 30}
    assert sign_in(browser, body=HERE).status_code == 302
    assert accounts()


def forgeries() -> dict[str, Callable[[Liar, dict[str, Any]], str]]:
    def confused(liar: Liar, claims: dict[str, Any]) -> str:
        """HS256 with the public key's text as the secret."""
        secret = OctKey.import_key(json.dumps(liar.key.as_dict(private=False)))
        return jwt.encode({"alg": "HS256", "kid": liar.key.kid}, claims, secret, algorithms=["HS256"])

    def stranger(liar: Liar, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": liar.key.kid}, claims, ECKey.generate_key("P-256"))

    def unknown_key(liar: Liar, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": "unknown"}, claims, ECKey.generate_key("P-256"))

    def unnamed_key(liar: Liar, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256"}, claims, ECKey.generate_key("P-256"))

    def own_key(liar: Liar, claims: dict[str, Any]) -> str:
        """The token brings the key with which to check it."""
        key = ECKey.generate_key("P-256")
        header = {"alg": "ES256", "kid": liar.key.kid, "jwk": key.as_dict(private=False)}
        return jwt.encode(header, claims, key)

    def tampered(liar: Liar, claims: dict[str, Any]) -> str:
        honest = jwt.encode({"alg": "ES256", "kid": liar.key.kid}, claims, liar.key).split(".")
        false = without_signature(claims | {"sub": "somebody-else"}).split(".")
        return ".".join([honest[0], false[1], honest[2]])

    return {
        "none": lambda liar, claims: without_signature(claims),
        "confused": confused,
        "stranger": stranger,
        "unknown_key": unknown_key,
        "unnamed_key": unnamed_key,
        "own_key": own_key,
        "tampered": tampered,
        "rubbish": lambda liar, claims: "rubbish",
        "empty": lambda liar, claims: "",
    }


@pytest.mark.parametrize("way", sorted(forgeries()))
def test_a_forged_token_is_refused(browser: Client, liar: Liar, way: str) -> None:
    liar.forge = lambda claims: forgeries()[way](liar, claims)
    assert problem(sign_in(browser)) == "proof_invalid"
    assert accounts() == []


def test_a_symmetric_key_in_the_key_set_checks_nothing(browser: Client, liar: Liar) -> None:
    secret = OctKey.import_key("s" * 32, {"kid": "shared"})
    liar.keys_lie = lambda found: {"keys": [*found["keys"], secret.as_dict(private=True)]}
    liar.forge = lambda claims: jwt.encode(
        {"alg": "HS256", "kid": "shared"}, claims, secret, algorithms=["HS256"]
    )
    assert problem(sign_in(browser)) == "proof_invalid"


def test_userinfo_of_somebody_else_is_refused(browser: Client, liar: Liar) -> None:
    liar.userinfo_lie = lambda claims: claims | {"sub": "somebody-else"}
    assert problem(sign_in(browser)) == "proof_invalid"


def test_a_new_signing_key_is_fetched(browser: Client, liar: Liar, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(browser)
    browser.post("/sign-in/out")
    monkeypatch.setattr("yui.identity.provider.REFRESH_SECONDS", 0.0)
    liar.key = ECKey.generate_key("P-256", auto_kid=True)
    assert sign_in(browser, body=HERE).status_code == 302
    assert "_auth_user_id" in browser.session


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"issuer": "https://evil.example"}, "wrong_issuer"),
        ({"token_endpoint": "http://evil.example/token"}, "provider_unavailable"),
        ({"jwks_uri": None}, "provider_unavailable"),
    ],
)
def test_a_false_discovery_document_is_refused(
    browser: Client, liar: Liar, changes: dict[str, Any], expected: str
) -> None:
    liar.metadata_lie = lambda found: found | changes
    assert problem(browser.get("/sign-in/start/resident")) == expected


def test_facts_are_read_in_both_spellings() -> None:
    written = oidc.read_facts(
        {"birthdate": "1992-04-02", "gender": "female", "address": {"formatted": "結県"}, "name": "名"}
    )
    assert written == BasicFour(name="名", address="結県", born_on=dt.date(1992, 4, 2), sex="2")
    assert oidc.read_facts({"birthdate": "0000-04-02", "gender": "x"}) == BasicFour()
    assert oidc.read_facts({"birthdate": None, "address": None}) == BasicFour()
