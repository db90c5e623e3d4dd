"""``yui staff``: who may do what in a body, and the key we register with the sign-in provider."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from yui.identity.public import (
    AccountKind,
    AssignmentView,
    GrantRefused,
    SignInFailed,
    close_account,
    end_role,
    ensure_client_key,
    grant_role,
    list_staff,
    register_account,
)
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tenancy.public import UnknownBody, body_scope

GROUP = "staff"
app = typer.Typer(help="Staff roles in a body.", no_args_is_help=True)

Body = Annotated[str, typer.Option("--body", help="Official code of the body.")]


def _day(*names: str, help: str) -> typer.models.OptionInfo:  # noqa: A002
    return typer.Option(*names, help=help, formats=["%Y-%m-%d"])


@app.command("grant")
def grant(
    body: Body,
    role: Annotated[str, typer.Option("--role", help="Role code.")],
    account: Annotated[str, typer.Option("--account", help="Account number, or the subject with --issuer.")],
    issuer: Annotated[
        str, typer.Option(help="Prepare an account of this issuer before its first sign-in.")
    ] = "",
    label: Annotated[str, typer.Option(help="Name shown for a prepared account.")] = "",
    valid_from: Annotated[dt.datetime | None, _day("--from", help="First day; default today.")] = None,
    valid_until: Annotated[dt.datetime | None, _day("--until", help="First day without the role.")] = None,
) -> None:
    """Give an account a role in a body, for a time."""
    with _in_body(body):
        if issuer:
            kind = AccountKind.STAFF
            number = register_account(issuer=issuer, subject=account, kind=kind, label=label).public_id
        else:
            number = _number(account)
        made = grant_role(
            account=number,
            role_code=role,
            valid_from=valid_from.date() if valid_from else timezone.localdate(),
            valid_until=valid_until.date() if valid_until else None,
        )
    typer.echo(made.public_id)


@app.command("end")
def end(
    body: Body,
    assignment: Annotated[str, typer.Option("--assignment", help="Number shown by `yui staff list`.")],
    on: Annotated[dt.datetime | None, _day("--on", help="First day without the role; default today.")] = None,
) -> None:
    """End a role in a body."""
    with _in_body(body):
        end_role(assignment=_number(assignment), on=on.date() if on else timezone.localdate())


@app.command("list")
def show(
    body: Body,
    everything: Annotated[
        bool, typer.Option("--all", help="Also roles that have ended or not begun.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the roles given in a body."""
    with _in_body(body):
        found = list_staff(on=None if everything else timezone.localdate())
    if as_json:
        typer.echo(json.dumps([_row(entry) for entry in found], ensure_ascii=False, indent=2))
        return
    table = Table("assignment", "account", "name", "role", "from", "until")
    for entry in found:
        table.add_row(*_row(entry).values())
    Console().print(table)


@app.command("close")
def close(account: Annotated[str, typer.Option("--account", help="Account number.")]) -> None:
    """Let an account sign in no more, in any body."""
    with acting_as(system_actor("cli.staff", ["identity.account.close"])), _plainly():
        close_account(account=_number(account))


@app.command("client-key")
def client_key() -> None:
    """Print the public keys to register with the sign-in provider; makes the key when there is none."""
    with _plainly():
        typer.echo(json.dumps(ensure_client_key(), indent=2))


@contextmanager
def _in_body(code: str) -> Iterator[None]:
    with _plainly(), acting_as(system_actor("cli.staff", ["identity.role.grant"])), body_scope(code):
        yield


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except (GrantRefused, UnknownBody, SignInFailed) as error:
        typer.echo(str(error.args[0]), err=True)
        raise typer.Exit(1) from error


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise GrantRefused(f"“{text}” is not an account or assignment number (a UUID).") from error


def _row(entry: AssignmentView) -> dict[str, str]:
    return {
        "assignment": str(entry.public_id),
        "account": str(entry.account.public_id),
        "name": entry.account.label,
        "role": entry.role_code,
        "from": entry.valid_from.isoformat(),
        "until": entry.valid_until.isoformat() if entry.valid_until else "",
    }
