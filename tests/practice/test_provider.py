"""The practice provider keeps the rules of the real one, seen from outside over HTTP."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from practice.sign_in_provider.authorization import AuthorizationRequest
from practice.sign_in_provider.directory import DirectoryError, read_clients, read_people
from practice.sign_in_provider.provider import Provider, TokenError

from .conftest import (
    ASSERTION_TYPE,
    CALLBACK,
    PEOPLE,
    ROOT,
    VERIFIER,
    Running,
    callback,
    http,
    s256,
    without_signature,
)


def test_discovery_names_every_endpoint_below_the_issuer(provider: Running) -> None:
    found = http.get(f"{provider.issuer}/.well-known/openid-configuration").json()
    assert found["issuer"] == provider.issuer
    for name, path in {
        "authorization_endpoint": "auth",
        "token_endpoint": "token",
        "userinfo_endpoint": "userinfo",
        "jwks_uri": "certs",
    }.items():
        assert found[name] == f"{provider.issuer}/protocol/openid-connect/{path}"
    assert found["response_types_supported"] == ["code"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]


def test_the_whole_way(provider: Running) -> None:
    before = int(time.time())
    back = provider.choose("r1")
    assert back["state"] == "the-state"
    assert back["iss"] == provider.issuer
    assert back["session_state"]
    answer = provider.redeem(back["code"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert tokens["token_type"] == "Bearer"

    keys = KeySet.import_key_set(http.get(f"{provider.endpoint}/certs").json())
    token = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"])
    assert token.header["alg"] == "ES256"
    claims = token.claims
    assert claims["iss"] == provider.issuer
    assert claims["aud"] == "RP00000001"
    assert claims["nonce"] == "the-nonce"
    assert claims["acr"] == "aal3"
    assert claims["amr"] == ["pin", "hwk"]
    assert before - 1 <= claims["auth_time"] <= claims["iat"] < claims["exp"]
    assert not {"name", "address", "birthdate", "gender"} & set(claims)

    info = http.get(
        f"{provider.endpoint}/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    ).json()
    assert info == {
        "sub": claims["sub"],
        "name": "結城 さくら",
        "address": "結県結見市稲穂町一丁目2番3号",
        "birthdate": "19920402",
        "gender": "2",
    }


def test_userinfo_gives_only_granted_scopes(provider: Running) -> None:
    tokens = provider.redeem(provider.choose(scope="openid birthdate")["code"]).json()
    info = http.get(
        f"{provider.endpoint}/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    ).json()
    assert set(info) == {"sub", "birthdate"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "name"}, "invalid_scope"),
        ({"scope": "OpenID"}, "invalid_scope"),
        ({"scope": "openid email"}, "invalid_scope"),
        ({"state": None}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"state": "s" * 256}, "invalid_request"),
        ({"state": "状態"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": "n" * 256}, "invalid_request"),
        ({"nonce": "tab\t"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "a" * 129}, "invalid_request"),
        ({"code_challenge": "has+plus"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"sign_transaction_id": "1"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "x"}, "request_not_supported"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_broken_request_is_refused_at_the_callback(
    provider: Running, changes: dict[str, str | None], error: str
) -> None:
    back = callback(provider.ask(**changes))
    assert back["error"] == error
    assert back["error_description"]
    assert "code" not in back
    if "state" not in changes:
        assert back["state"] == "the-state"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "RP99999999"},
        {"redirect_uri": None},
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": f"{CALLBACK}?x=1"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": CALLBACK.replace("localhost", "LOCALHOST")},
    ],
)
def test_an_untrusted_request_is_never_sent_back(provider: Running, changes: dict[str, str | None]) -> None:
    answer = provider.ask(**changes)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "サインインを続けられません" in answer.text


def test_a_repeated_parameter_is_refused(provider: Running) -> None:
    values = [*provider.request().items(), ("nonce", "another")]
    back = callback(http.get(f"{provider.endpoint}/auth", params=values))
    assert back["error"] == "invalid_request"


def test_limits_of_length_are_inclusive(provider: Running) -> None:
    assert provider.ask(state="s" * 255, nonce="n" * 255, code_challenge="c" * 128).status_code == 303
    assert "error" not in provider.choose(state="s" * 255)


def test_cancelling_tells_the_client(provider: Running) -> None:
    page = provider.page().split("page=")[1].split("&")[0]
    answer = http.post(f"{provider.issuer}/login-actions/authenticate", data={"page": page, "cancel": "1"})
    back = callback(answer)
    assert (back["error"], back["state"]) == ("access_denied", "the-state")


def test_a_page_answers_once(provider: Running) -> None:
    page = provider.page().split("page=")[1].split("&")[0]
    url, data = f"{provider.issuer}/login-actions/authenticate", {"page": page, "person": "r1"}
    assert http.post(url, data=data).status_code == 303
    assert http.post(url, data=data).status_code == 400


def test_residents_and_staff_have_separate_doors(provider: Running) -> None:
    page = http.get(provider.page())
    assert "結城 さくら" in page.text
    assert "佐藤 実" not in page.text
    name = str(page.url).split("page=")[1].split("&")[0]
    answer = http.post(f"{provider.issuer}/login-actions/authenticate", data={"page": name, "person": "s1"})
    assert answer.status_code == 400
    back = provider.choose("s1", client_id="RP00000002")
    assert back["code"]


def test_search_folds_width_case_and_kana(provider: Running) -> None:
    location = provider.page()
    for words in ("ゆうき", "ﾕｳｷ", "サクラ 結見市", "Had a"):
        page = http.get(f"{location}&q={words}").text
        assert "結城 さくら" in page
        assert "田中 一郎" not in page
    assert "当てはまる人はいません" in http.get(f"{location}&q=だれもいない").text


def test_pages_speak_both_languages(provider: Running) -> None:
    location = provider.page(ui_locales="en")
    english = http.get(location).text
    assert '<html lang="en">' in english
    assert "Everyone shown is fictional" in english
    assert '<span lang="en">Had a child last week</span>' in english
    japanese = http.get(location.replace("lang=en", "lang=ja")).text
    assert "表示される人はすべて架空" in japanese


def test_a_page_may_be_shown_in_no_frame(provider: Running) -> None:
    policy = http.get(provider.page()).headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://localhost:8701" in policy


# The token endpoint


def test_a_code_works_once_and_its_replay_withdraws_the_token(provider: Running) -> None:
    code = provider.choose()["code"]
    tokens = provider.redeem(code).json()
    again = provider.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    info = http.get(
        f"{provider.endpoint}/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert info.status_code == 401


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "made-up"}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_grant"),
    ],
)
def test_a_broken_exchange_is_refused(provider: Running, changes: dict[str, str | None], error: str) -> None:
    code = provider.choose()["code"]
    answer = provider.redeem(changes.pop("code", code) or "", **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_code_belongs_to_its_client(provider: Running) -> None:
    code = provider.choose()["code"]
    answer = provider.redeem(code, client_assertion=provider.assertion("RP00000002"))
    assert answer.json()["error"] == "invalid_grant"


def test_the_client_must_prove_itself(provider: Running) -> None:
    now = int(time.time())
    stranger = ECKey.generate_key("P-256")
    claims = {"iss": "RP00000001", "sub": "RP00000001", "aud": f"{provider.endpoint}/token", "exp": now + 60}
    forged = jwt.encode({"alg": "ES256"}, {**claims, "jti": "1"}, stranger)
    secret = jwt.encode({"alg": "HS256"}, {**claims, "jti": "2"}, OctKey.import_key("k" * 32))
    unsigned = without_signature({**claims, "jti": "3"})
    for assertion in (
        None,
        "rubbish",
        forged,
        secret,
        unsigned,
        provider.assertion(iss="RP00000002"),
        provider.assertion(sub="RP00000002"),
        provider.assertion(aud="https://another.example/token"),
        provider.assertion(aud=None),
        provider.assertion(exp=now - 120),
        provider.assertion(exp=now + 86_400),
        provider.assertion(exp=None),
        provider.assertion(jti=None),
    ):
        answer = provider.redeem(provider.choose()["code"], client_assertion=assertion)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), assertion
    answer = provider.redeem(provider.choose()["code"], client_assertion_type=None, client_secret="s")
    assert answer.status_code == 401


def test_a_client_assertion_works_once(provider: Running) -> None:
    assertion = provider.assertion()
    assert provider.redeem(provider.choose()["code"], client_assertion=assertion).status_code == 200
    answer = provider.redeem(provider.choose()["code"], client_assertion=assertion)
    assert answer.json()["error"] == "invalid_client"


def test_a_failed_client_does_not_burn_the_code(provider: Running) -> None:
    code = provider.choose()["code"]
    assert provider.redeem(code, client_assertion="rubbish").status_code == 401
    assert provider.redeem(code).status_code == 200


def test_userinfo_needs_a_token(provider: Running) -> None:
    for headers in ({}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic eDp5"}):
        answer = http.get(f"{provider.endpoint}/userinfo", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_subjects_are_pairwise_stable_and_can_be_fixed(provider: Running) -> None:
    def subject(person: str, client: str) -> str:
        code = provider.choose(person, client_id=client)["code"]
        token = provider.redeem(code, client_assertion=provider.assertion(client)).json()["id_token"]
        keys = KeySet.import_key_set(http.get(f"{provider.endpoint}/certs").json())
        return jwt.decode(token, keys, algorithms=["ES256"]).claims["sub"]

    assert subject("r1", "RP00000001") == subject("r1", "RP00000001")
    assert subject("r2", "RP00000001") == "fixed-subject"
    assert subject("s1", "RP00000002") not in ("s1", subject("r1", "RP00000001"))


# Time, without waiting for it


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = 1_800_000_000.0

    def __call__(self) -> float:
        return self.moment


def request_of(client: str = "RP00000001") -> AuthorizationRequest:
    return AuthorizationRequest(client, CALLBACK, ("openid",), "s", "n", s256(VERIFIER))


def test_pages_codes_and_tokens_expire(provider_files: tuple[Path, Path, dict[str, ECKey]]) -> None:
    people, clients, keys = provider_files
    clock = Clock()
    held = Provider("http://localhost/x", read_people(people), read_clients(clients), now=clock)
    outside = Running("http://localhost/x", keys)

    def form(code: str) -> dict[str, str]:
        moment = int(clock())
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": outside.assertion(iat=moment, exp=moment + 60),
        }

    page = held.open_page(request_of())
    clock.moment += 601
    assert held.choose(page, "r1") is None

    chosen = held.choose(held.open_page(request_of()), "r1")
    assert chosen
    clock.moment += 61
    with pytest.raises(TokenError, match="invalid_grant"):
        held.redeem(form(chosen[2]))

    chosen = held.choose(held.open_page(request_of()), "r1")
    assert chosen
    token = held.redeem(form(chosen[2]))["access_token"]
    assert held.userinfo(token)["sub"]
    clock.moment += 301
    with pytest.raises(TokenError, match="invalid_token"):
        held.userinfo(token)


def test_keys_and_subjects_survive_a_restart_in_a_state_folder(
    provider_files: tuple[Path, Path, dict[str, ECKey]], tmp_path: Path
) -> None:
    people, clients, _ = provider_files
    first, second = (
        Provider("http://localhost/x", read_people(people), read_clients(clients), tmp_path / "s")
        for _ in range(2)
    )
    assert first.public_keys() == second.public_keys()
    assert first.salt == second.salt
    assert (tmp_path / "s" / "provider-secrets.json").stat().st_mode & 0o077 == 0


# The files


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ("{}", "list of objects"),
        ("[", "not JSON"),
        ("[]", "empty"),
        ('[{"id": "a"}]', "name is missing"),
        ('[{"id": "a", "name": "A"}, {"id": "a", "name": "B"}]', "already used"),
        ('[{"id": "a", "name": "A", "kind": "robot"}]', "kind must be one of"),
        ('[{"id": "a", "name": "A", "birthdate": "1.1.2000"}]', "YYYY-MM-DD"),
        ('[{"id": "a", "name": "A", "note": 3}]', "note must be"),
    ],
)
def test_a_bad_people_file_says_what_is_wrong(tmp_path: Path, people: str, reason: str) -> None:
    file = tmp_path / "people.json"
    file.write_text(people, encoding="utf-8")
    with pytest.raises(DirectoryError, match=reason):
        read_people(file)


def test_a_private_key_is_not_accepted_as_registration(tmp_path: Path) -> None:
    key = ECKey.generate_key("P-256").as_dict(private=True)
    entry = {"client_id": "A1", "name": "A", "redirect_uris": [CALLBACK], "jwks": {"keys": [key]}}
    file = tmp_path / "clients.json"
    file.write_text(json.dumps([entry]), encoding="utf-8")
    with pytest.raises(DirectoryError, match="private"):
        read_clients(file)
    (tmp_path / "keys.json").write_text(
        json.dumps({"keys": [ECKey.import_key(key).as_dict(private=False)]}), encoding="utf-8"
    )
    file.write_text(json.dumps([entry | {"jwks": None, "jwks_file": "keys.json"}]), encoding="utf-8")
    assert read_clients(file)["A1"].redirect_uris == (CALLBACK,)


def test_the_command_refuses_a_missing_file(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps(PEOPLE), encoding="utf-8")
    command = [sys.executable, "-m", "practice.sign_in_provider", "--people", str(people)]
    done = subprocess.run(
        [*command, "--clients", str(tmp_path / "none.json")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "cannot be read" in done.stderr
