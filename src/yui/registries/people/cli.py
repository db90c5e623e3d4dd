"""``yui people``: import and export resident records."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tables.public import ColumnMapError, load_column_map
from yui.kernel.tenancy.public import UnknownBody, body_scope
from yui.registries.people.contracts import ImportReport
from yui.registries.people.exports import export_residents
from yui.registries.people.imports.reasons import TEXTS, ImportRefused, Reason
from yui.registries.people.imports.run import import_residents

app = typer.Typer(help="The resident registry: import, export.", no_args_is_help=True)
_talk = Console(stderr=True)
_PARTLY = 3
_DAY = ["%Y-%m-%d"]
_STEPS = {"read": "Reading", "check": "Checking", "load": "Loading"}


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV (UTF-8, CP932, EUC-JP) or workbook.")],
    body: Annotated[str, typer.Option(help="Official code of the body.")],
    map_: Annotated[Path | None, typer.Option("--map", help="Column map; ours when absent.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where rejected rows go.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Do everything, report, undo it.")] = False,
    effective_on: Annotated[
        dt.datetime | None,
        typer.Option(formats=_DAY, help="From when undated changes count; today when absent."),
    ] = None,
    as_correction: Annotated[bool, typer.Option(help="What differs had been wrong before.")] = False,
    allow_private_use: Annotated[bool, typer.Option(help="Accept private-use characters.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import resident records. Rejected rows go to a file; exit 3 when there are any."""
    rejects = rejects or file.with_name(f"{file.stem}.rejects.csv")
    try:
        column_map = load_column_map(map_) if map_ else None
        with (
            body_scope(body),
            acting_as(system_actor("cli", ["people.record.import"])),
            _talk.status("…") as status,
        ):
            report = import_residents(
                file,
                column_map=column_map,
                rejects=rejects,
                dry_run=dry_run,
                effective_on=effective_on.date() if effective_on else None,
                as_correction=as_correction,
                allow_private_use=allow_private_use,
                progress=lambda step: status.update(_STEPS[step]),
            )
    except (ImportRefused, ColumnMapError, UnknownBody, OSError) as error:
        _talk.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error
    if not report.rejected:
        rejects.unlink(missing_ok=True)
    _print(report, as_json)
    if report.rejected:
        _talk.print(_("Rejected rows: %(file)s") % {"file": rejects}, markup=False)
        raise typer.Exit(_PARTLY)


@app.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="The CSV file to make.")],
    body: Annotated[str, typer.Option(help="Official code of the body.")],
    reason: Annotated[str, typer.Option(help="A short code of why; goes into the journal.")],
    legal_ground: Annotated[str, typer.Option(help="The article that allows it.")],
    as_of: Annotated[dt.datetime | None, typer.Option(formats=_DAY, help="As of this day.")] = None,
    former: Annotated[bool, typer.Option(help="Also those who have died or moved out.")] = False,
) -> None:
    """Export the residents of a body in the layout of the import, without My Numbers and protected persons."""
    try:
        with body_scope(body), acting_as(system_actor("cli", ["people.record.export"])):
            count = export_residents(
                file,
                as_of=as_of.date() if as_of else None,
                include_former=former,
                reason=reason,
                legal_ground=legal_ground,
            )
    except (UnknownBody, ValueError, OSError) as error:
        _talk.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error
    _talk.print(_("%(count)d rows written to %(file)s.") % {"count": count, "file": file}, markup=False)


def _print(report: ImportReport, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(report), default=str, ensure_ascii=False))
        return
    table = Table(show_header=False, box=None)
    for label, number in (
        (_("Rows in the file: "), report.rows),
        (_("New residents: "), report.new),
        (_("Changed records: "), report.changed),
        (_("Unchanged records: "), report.unchanged),
        (_("Rejected rows in all: "), report.rejected),
    ):
        table.add_row(label.strip(": ："), f"{number:,}")
    for reason, number in report.reasons.items():
        table.add_row(f"  {TEXTS[Reason(reason)]}", f"{number:,}")
    Console().print(table)
    if report.dry_run:
        _talk.print(_("A trial run: nothing was changed."))
