"""``yui facilities``: lists of facilities in and out, and a survey of a folder of published files."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.progress import track

from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tables.public import RemarkKind
from yui.kernel.tenancy.public import UnknownBody, body_scope
from yui.registries.facilities.actions import export_facilities, import_facilities
from yui.registries.facilities.contracts import FacilityKind, FileReport, Verdict
from yui.registries.facilities.examining import examine_file
from yui.registries.facilities.queries import list_facilities

app = typer.Typer(help="Lists of facilities of a body.", no_args_is_help=True)

Body = Annotated[str, typer.Option("--body", help="Official code of the body.")]
Kind = Annotated[
    FacilityKind | None, typer.Option("--kind", help="What the file lists, when it does not say.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_REMARK_WORDS = {
    RemarkKind.READ: gettext_lazy("[read]"),
    RemarkKind.MENDED: gettext_lazy("[mended]"),
    RemarkKind.DOUBTED: gettext_lazy("[look]"),
    RemarkKind.REFUSED: gettext_lazy("[refused]"),
}
_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".zip")


@app.command("import")
def import_command(
    file: Path,
    body: Body,
    kind: Kind = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="Where to write refused rows.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import a published list. The same file twice changes nothing; refused rows go to a file, whole."""
    rejects = rejects or Path(f"{file.stem}.rejects.csv")
    actor = system_actor("facilities.import", permissions=frozenset({"facilities.list.import"}))
    try:
        with acting_as(actor), body_scope(body):
            report = import_facilities(file, dry_run=dry_run, kind=kind, rejects=rejects)
    except UnknownBody as unknown:
        typer.echo(str(unknown), err=True)
        raise typer.Exit(1) from None
    _print([report], as_json)
    if report.verdict is Verdict.REFUSED:
        raise typer.Exit(1)
    if report.refused:
        if not dry_run:
            typer.echo(f"→ {rejects}", err=True)
        raise typer.Exit(3)


@app.command("survey")
def survey_command(
    folder: Annotated[Path, typer.Argument(exists=True, help="A folder, searched whole, or one file.")],
    as_json: AsJson = False,
) -> None:
    """Say of every file in a folder what would be imported, mended and refused, and why. Stores nothing."""
    files = (
        [folder]
        if folder.is_file()
        else sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES)
    )
    today = timezone.localdate()
    reports = []
    for path in track(files, description="", transient=True, disable=as_json or len(files) < 5):
        report = examine_file(path, as_of=today).report
        reports.append(report)
    _print(reports, as_json)
    refused = sum(report.verdict is Verdict.REFUSED for report in reports)
    line = _(
        "%(files)d files: %(importable)d can be imported, %(refused)d refused; %(accepted)d rows taken over, "
        "%(refused_rows)d refused"
    )
    totals = {
        "files": len(reports),
        "importable": len(reports) - refused,
        "refused": refused,
        "accepted": sum(report.accepted for report in reports),
        "refused_rows": sum(report.refused for report in reports),
    }
    typer.echo(line % totals, err=True)


@app.command("list")
def list_command(body: Body, kind: Kind = None, as_json: AsJson = False) -> None:
    """List the facilities of a body."""
    with body_scope(body):
        facilities = list_facilities(kind=kind)
    if as_json:
        typer.echo(json.dumps([asdict(facility) for facility in facilities], ensure_ascii=False, default=str))
        return
    for facility in facilities:
        typer.echo(f"{facility.kind:18} {facility.name} {facility.address}")


@app.command("export")
def export_command(file: Path, body: Body, kind: Annotated[FacilityKind, typer.Option("--kind")]) -> None:
    """Write the facilities of a kind as the standard list of that kind."""
    with body_scope(body):
        count = export_facilities(file, kind)
    typer.echo(f"{count} → {file}", err=True)


def _print(reports: list[FileReport], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_plain(report) for report in reports], ensure_ascii=False))
        return
    for report in reports:
        typer.echo(f"{report.file}: {_verdict(report)}")
        for remark in report.remarks:
            rows = (
                f" [{', '.join(map(str, remark.rows[:8]))}{' …' if remark.count > 8 else ''}]"
                if remark.rows
                else ""
            )
            count = f" ({remark.count})" if remark.count else ""
            typer.echo(f"    {_REMARK_WORDS[remark.kind]} {remark.text}{count}{rows}")


def _verdict(report: FileReport) -> str:
    word = {
        Verdict.IMPORTED: _("imported"),
        Verdict.IMPORTABLE: _("can be imported"),
        Verdict.REFUSED: _("refused as a whole"),
    }[report.verdict]
    if report.verdict is Verdict.REFUSED:
        return f"{word} — {report.reason}"
    line = _("%(rows)d rows, %(accepted)d taken over, %(refused)d refused") % asdict(report)
    if report.verdict is Verdict.IMPORTED or report.added or report.changed or report.unchanged:
        line += "; " + _("%(added)d added, %(changed)d changed, %(unchanged)d unchanged") % asdict(report)
    return f"{word} — {report.kind} — {line}"


def _plain(report: FileReport) -> dict[str, object]:
    remarks = [
        {
            "kind": remark.kind,
            "code": remark.code,
            "count": remark.count,
            "rows": remark.rows,
            "text": remark.text,
        }
        for remark in report.remarks
    ]
    return {**asdict(report), "remarks": remarks}
