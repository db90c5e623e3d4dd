import json
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from typer.testing import CliRunner, Result

from yui.identity.cli import app
from yui.identity.contracts import AccountView

from .conftest import HERE, THERE

pytestmark = pytest.mark.usefixtures("roles", "db")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def listed(*arguments: str) -> list[dict[str, str]]:
    done = run("list", "--json", *arguments)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_grant_list_end(clerk_account: AccountView) -> None:
    number = str(clerk_account.public_id)
    done = run("grant", "--body", HERE, "--role", "clerk", "--account", number, "--from", "2024-04-01")
    assert done.exit_code == 0, done.output
    made = done.stdout.strip()
    assert listed("--body", HERE) == [
        {
            "assignment": made,
            "account": number,
            "name": "佐藤 実",
            "role": "clerk",
            "from": "2024-04-01",
            "until": "",
        }
    ]
    assert listed("--body", THERE) == []
    assert run("end", "--body", HERE, "--assignment", made, "--on", "2024-05-01").exit_code == 0
    assert listed("--body", HERE) == []
    assert listed("--body", HERE, "--all")[0]["until"] == "2024-05-01"


def test_a_clerk_can_be_prepared_before_the_first_sign_in() -> None:
    done = run(
        *("grant", "--body", HERE, "--role", "clerk", "--account", "the-subject"),
        *("--issuer", "https://op.example", "--label", "山本 進"),
    )
    assert done.exit_code == 0, done.output
    assert listed("--body", HERE)[0]["name"] == "山本 進"


@pytest.mark.parametrize(
    "changes",
    [
        {"--body": "000000"},
        {"--role": "emperor"},
        {"--account": "rubbish"},
        {"--account": "00000000-0000-4000-8000-000000000000"},
        {"--until": "2020-01-01"},
    ],
)
def test_a_wrong_grant_says_why_and_changes_nothing(
    clerk_account: AccountView, changes: dict[str, str]
) -> None:
    given = {"--body": HERE, "--role": "clerk", "--account": str(clerk_account.public_id)} | changes
    done = run("grant", *(text for pair in given.items() for text in pair))
    assert done.exit_code == 1
    assert done.stderr.strip()
    assert listed("--body", HERE, "--all") == []


def test_close(clerk_account: AccountView) -> None:
    assert run("close", "--account", str(clerk_account.public_id)).exit_code == 0
    done = run("grant", "--body", HERE, "--role", "clerk", "--account", str(clerk_account.public_id))
    assert done.exit_code == 1


def test_the_client_key_is_made_once_and_only_its_public_part_shown(
    settings: Settings, tmp_path: Path
) -> None:
    settings.OIDC_CLIENT_KEY = str(tmp_path / "keys" / "client.json")
    first, second = run("client-key"), run("client-key")
    assert first.exit_code == 0
    assert first.stdout == second.stdout
    assert "d" not in json.loads(first.stdout)["keys"][0]
    assert (tmp_path / "keys" / "client.json").stat().st_mode & 0o077 == 0
    (tmp_path / "keys" / "client.json").write_text("rubbish")
    assert run("client-key").exit_code == 1
    assert (tmp_path / "keys" / "client.json").read_text() == "rubbish"
