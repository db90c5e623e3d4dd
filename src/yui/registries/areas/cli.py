"""``yui areas``: official codes, their history, and the files they come from."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from yui.kernel.tables.public import TableError
from yui.registries.areas.actions import import_areas, load_bundled
from yui.registries.areas.bundled import find_postal_code
from yui.registries.areas.contracts import AreaKind, AreaRef, ImportOutcome
from yui.registries.areas.queries import (
    MUNICIPAL_KINDS,
    find_area,
    list_areas,
    list_changes,
    predecessors,
    successors,
)
from yui.registries.areas.rules import corporate_number_of_area

app = typer.Typer(help="Prefectures, municipalities, wards and town blocks.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[dt.datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day; default today.")]


@app.command("load")
def load_command() -> None:
    """Bring areas up to what the installed postal code package knows. No network is used."""
    _report(load_bundled(), dry_run=False)


@app.command("import")
def import_command(
    file: Annotated[
        Path, typer.Argument(help="mt_pref, mt_city, mt_*_pos, mt_town (CSV or ZIP), or the converter.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="Where to write refused rows.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import an official file. The same file twice changes nothing."""
    rejects = rejects or Path(f"{file.name.removesuffix('.zip').removesuffix('.csv')}.rejects.csv")
    try:
        outcome = import_areas(file, dry_run=dry_run, rejects=None if dry_run else rejects)
    except TableError as refusal:
        typer.echo(f"{file.name}: {refusal.text}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(asdict(outcome), ensure_ascii=False))
    else:
        _report(outcome, dry_run=dry_run)
    if outcome.refused:
        if not dry_run:
            typer.echo(f"→ {rejects}", err=True)
        raise typer.Exit(3)


@app.command("list")
def list_command(
    kind: Annotated[
        list[AreaKind] | None, typer.Option("--kind", help="Only these kinds; default: the municipalities.")
    ] = None,
    prefecture: Annotated[str, typer.Option(help="Six digits of a prefecture.")] = "",
    on: Day = None,
    as_json: AsJson = False,
) -> None:
    """List areas in force on a day."""
    day = on.date() if on else timezone.localdate()
    areas = list_areas(as_of=day, kinds=kind or MUNICIPAL_KINDS, prefecture_code=prefecture)
    if as_json:
        typer.echo(json.dumps([_plain(area) for area in areas], ensure_ascii=False))
        return
    for area in areas:
        typer.echo(f"{area.code} {area.kind:14} {area.full_name} {area.kana}")
    typer.echo(f"{len(areas)}", err=True)


@app.command("show")
def show_command(code: str, on: Day = None, as_json: AsJson = False) -> None:
    """Show an area, what it was before, and what it is on a day."""
    day = on.date() if on else timezone.localdate()
    area = find_area(code)
    if area is None:
        typer.echo(_("%(code)s: no area has ever had this code.") % {"code": code}, err=True)
        raise typer.Exit(1)
    changes = list_changes(code=code)
    if as_json:
        found = {
            "area": _plain(area),
            "changes": [
                {**asdict(change), "effective_on": change.effective_on.isoformat()} for change in changes
            ],
            "on": day.isoformat(),
            "successors": [each.code for each in successors(code, day)],
            "predecessors": [each.code for each in predecessors(code, day)],
        }
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    typer.echo(f"{area.code} {area.full_name} {area.kana} {area.romaji}".rstrip())
    if area.kind is not AreaKind.WARD:
        typer.echo(f"法人番号 {corporate_number_of_area(area.code)}")
    for version in list_areas(codes=[code]):
        typer.echo(
            f"{version.valid_from or '…'} – {version.valid_until or ''} {version.name} ({version.source})"
        )
    for change in changes:
        part = " (part)" if change.partial else ""
        typer.echo(
            f"{change.effective_on} {change.predecessor_code} → {change.successor_code} {change.kind}{part}"
        )
    for heir in successors(code, day):
        typer.echo(f"{day}: {heir.code} {heir.full_name}")


@app.command("postal")
def postal_command(code: str, as_json: AsJson = False) -> None:
    """Show every place a postal code stands for."""
    try:
        places = find_postal_code(code)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps([asdict(place) for place in places], ensure_ascii=False))
        return
    for place in places:
        line = f"{place.area_code} {place.prefecture}{place.city}{place.town} {place.office} {place.note}"
        typer.echo(line.rstrip())
    if not places:
        typer.echo(_("%(code)s: not in Japan Post's list.") % {"code": code}, err=True)
        raise typer.Exit(1)


def _plain(area: AreaRef) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, dt.date) else value for key, value in asdict(area).items()
    }


def _report(outcome: ImportOutcome, *, dry_run: bool) -> None:
    for remark in outcome.remarks:
        typer.echo(f"  {remark}", err=True)
    counts = ", ".join(f"{name} {count}" for name, count in outcome.counts.items())
    if dry_run:
        typer.echo(_("Dry run, nothing stored."), err=True)
    line = _("Added %(added)d, changed %(changed)d, unchanged %(unchanged)d, refused %(refused)d")
    typer.echo(f"{counts}; {line % asdict(outcome)}")
