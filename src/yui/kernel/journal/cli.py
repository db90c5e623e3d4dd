"""``yui journal``: seal, export, verify."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.journal.actions import record
from yui.kernel.journal.contracts import JournalRefused, Verdict
from yui.kernel.journal.queries import list_entries
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


@app.command("list")
def list_command(
    body: Annotated[str, typer.Option(help="Official code.")],
    act: Annotated[str, typer.Option(help="Only acts that begin so.")] = "",
    object_id: Annotated[str, typer.Option("--object", help="Only what happened to this id.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List a body's entries, newest first; people stand in it under pseudonyms."""
    with body_scope(get_body(body)):
        entries = list_entries(act=act, object_id=object_id, limit=limit)
    if as_json:
        shown = [{**asdict(entry), "at": entry.at.isoformat()} for entry in entries]
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    for entry in entries:
        what = f"{entry.object_kind} {entry.object_id}".strip()
        who = f"{entry.actor_kind} {entry.actor_id}"
        typer.echo(
            f"{entry.id}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.act}  {who}  {what}  {entry.legal_ground}"
        )


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
    trusted = _read_keys(keys) if keys else None
    if file is not None:
        journals = iter([_read_export(file)])
    else:
        journals = (export_lines(each) for each in ([get_body(body)] if body else list_bodies()))
    intact = True
    for journal in journals:
        try:
            verdict = verify(journal, trusted)
        except JournalRefused as refused:
            _fail(str(refused))
        _print(verdict, as_json)
        intact = intact and verdict.intact
    if not intact:
        raise typer.Exit(1)


def _read_export(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield json.loads(line)
            except ValueError:
                _fail(f"Line {number} of {file} cannot be read: the export is cut off or was changed.")


def _read_keys(file: Path) -> dict[str, str]:
    try:
        return dict(line.split() for line in file.read_text().splitlines() if line.strip())
    except ValueError:
        _fail(f"{file} must hold lines of key id and key, as `yui journal key` prints them.")


def _fail(text: str) -> NoReturn:
    typer.echo(text, err=True)
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
