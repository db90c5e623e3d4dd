"""``yui journal``: seal, export, verify."""

import json
from pathlib import Path
from typing import Annotated

import typer

from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.journal.actions import record
from yui.kernel.journal.contracts import Verdict
from yui.kernel.journal.sealing.export import export_lines, write_export
from yui.kernel.journal.sealing.keys import key_id, public_key_text, signing_key
from yui.kernel.journal.sealing.sealer import seal_all
from yui.kernel.journal.sealing.verifier import verify
from yui.kernel.tenancy.public import body_scope, get_body, list_bodies

app = typer.Typer(help="The evidence journal: seal, export, verify.", no_args_is_help=True)


@app.command("seal")
def seal_command() -> None:
    """Seal what is not sealed yet, for every body."""
    typer.echo(f"{seal_all()} entries sealed.", err=True)


@app.command("key")
def key_command() -> None:
    """Print this installation's public key; keep it where the installation cannot change it."""
    key = signing_key().public_key()
    typer.echo(f"{key_id(key)} {public_key_text(key)}")


@app.command("export")
def export_command(body: Annotated[str, typer.Option(help="Official code.")], file: Path) -> None:
    """Write a body's journal to FILE, to be verified anywhere."""
    reference = get_body(body)
    with body_scope(reference), acting_as(system_actor("cli")):
        record("journal.export.made")
    typer.echo(f"{write_export(reference, str(file))} lines written to {file}.", err=True)


@app.command("verify")
def verify_command(
    file: Annotated[Path | None, typer.Argument(help="An export; without it, the database.")] = None,
    body: Annotated[str, typer.Option(help="Only this body (official code).")] = "",
    keys: Annotated[Path | None, typer.Option(help="Trusted keys: lines of key id and key.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find changed, removed, re-ordered, inserted or truncated entries. Exit 1 when something is found."""
    trusted = dict(line.split() for line in keys.read_text().splitlines() if line.strip()) if keys else None
    if file is not None:
        verdicts = [verify(map(json.loads, file.read_text(encoding="utf-8").splitlines()), trusted)]
    else:
        bodies = [get_body(body)] if body else list_bodies()
        verdicts = [verify(export_lines(reference), trusted) for reference in bodies]
    for verdict in verdicts:
        _print(verdict, as_json)
    if not all(verdict.intact for verdict in verdicts):
        raise typer.Exit(1)


def _print(verdict: Verdict, as_json: bool) -> None:
    if as_json:
        findings = [
            {"kind": d.kind.value, "seal": d.seal_number, "entry": d.entry_id, "text": d.text}
            for d in verdict.damages
        ]
        typer.echo(
            json.dumps(
                {
                    "body": verdict.body_code,
                    "entries": verdict.entries,
                    "sealed": verdict.sealed,
                    "seals": verdict.seals,
                    "intact": verdict.intact,
                    "findings": findings,
                }
            )
        )
        return
    state = "intact" if verdict.intact else f"DAMAGED, {len(verdict.damages)} findings"
    typer.echo(
        f"{verdict.body_code}: {verdict.entries} entries, {verdict.sealed} sealed in {verdict.seals} seals: {state}"
    )
    for damage in verdict.damages:
        typer.echo(f"  {damage.kind.value}: {damage.text}")
