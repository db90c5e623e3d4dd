"""``yui organisations``: corporations by their official number."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from yui.kernel.tables.public import TableError
from yui.registries.organisations.actions import import_corporations, load_local_governments
from yui.registries.organisations.contracts import ImportOutcome, OrganisationKind
from yui.registries.organisations.queries import find_organisation, list_organisations

app = typer.Typer(help="Corporations and public bodies by corporate number.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("load")
def load_command() -> None:
    """Enter every prefecture and municipality with its computable corporate number."""
    _report(load_local_governments(timezone.localdate()), dry_run=False)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="The tax agency's file of corporate numbers (CSV or ZIP).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="Where to write refused rows.")] = None,
) -> None:
    """Import corporations. The same file twice changes nothing."""
    rejects = rejects or Path(f"{file.stem}.rejects.csv")
    try:
        outcome = import_corporations(file, dry_run=dry_run, rejects=rejects)
    except TableError as refusal:
        typer.echo(f"{file.name}: {refusal.text}", err=True)
        raise typer.Exit(1) from None
    _report(outcome, dry_run=dry_run)
    if outcome.refused:
        if not dry_run:
            typer.echo(f"→ {rejects}", err=True)
        raise typer.Exit(3)


@app.command("show")
def show_command(number: str) -> None:
    """Show an organisation."""
    organisation = find_organisation(number)
    if organisation is None:
        typer.echo(_("%(number)s: not in the register.") % {"number": number}, err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps(asdict(organisation), ensure_ascii=False, default=str, indent=2))


@app.command("list")
def list_command(
    kind: Annotated[OrganisationKind | None, typer.Option("--kind")] = None,
    area: Annotated[str, typer.Option(help="Six digits of the municipality of the seat.")] = "",
    name: Annotated[str, typer.Option(help="Text in the name.")] = "",
    as_json: AsJson = False,
) -> None:
    """List organisations, at most 1,000."""
    found = list_organisations(kind=kind, area_code=area, name=name)
    if as_json:
        typer.echo(json.dumps([asdict(item) for item in found], ensure_ascii=False, default=str))
        return
    for item in found:
        typer.echo(f"{item.number} {item.name} {item.address}".rstrip())


def _report(outcome: ImportOutcome, *, dry_run: bool) -> None:
    for remark in outcome.remarks:
        typer.echo(f"  {remark}", err=True)
    if dry_run:
        typer.echo(_("Dry run, nothing stored."), err=True)
    line = _(
        "Added %(added)d, changed %(changed)d, unchanged %(unchanged)d, passed over %(passed_over)d, "
        "refused %(refused)d"
    )
    typer.echo(line % asdict(outcome))
