"""``yui body``: open, end and list bodies."""

import datetime as dt
import json
from typing import Annotated

import typer

from yui.kernel.tenancy.actions import end_body, open_body
from yui.kernel.tenancy.contracts import BodyKind, BodyRefused, UnknownBody
from yui.kernel.tenancy.queries import list_bodies

GROUP = "body"
app = typer.Typer(help="Bodies: nation, prefectures, municipalities.", no_args_is_help=True)


@app.command("open")
def open_command(
    code: Annotated[str, typer.Argument(help="Official code with check digit.")],
    name: str,
    kind: BodyKind = BodyKind.MUNICIPALITY,
    parent: Annotated[str | None, typer.Option(help="Code of the parent.")] = None,
    kana: str = "",
    since: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = None,
) -> None:
    """Open a body; it works at once, without a restart. Repeating it changes nothing."""
    first_day = since.date() if since else dt.datetime.now().astimezone().date()
    try:
        body = open_body(
            code=code, name=name, kind=kind, valid_from=first_day, name_kana=kana, parent_code=parent
        )
    except BodyRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{body.code} {body.name} is open.", err=True)


@app.command("end")
def end_command(code: str, until: Annotated[dt.datetime, typer.Argument(formats=["%Y-%m-%d"])]) -> None:
    """End a body on a day (merger). Its rows stay readable as of earlier days."""
    try:
        end_body(code=code, until=until.date())
    except (BodyRefused, UnknownBody) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{code} ends on {until.date()}.", err=True)


@app.command("list")
def list_command(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the bodies that are open."""
    bodies = list_bodies()
    if as_json:
        typer.echo(json.dumps([vars(body) for body in bodies], ensure_ascii=False))
        return
    for body in bodies:
        typer.echo(f"{body.code} {body.kind:12} {body.name}")
