"""``yui evidence``: indicators, their figures, what is published, and computing it again."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from yui.evidence import apps, recomputing
from yui.evidence.actions.defining import publish_definition
from yui.evidence.actions.publishing import publish_figures
from yui.evidence.contracts import EvidenceRefused, Period, Recorded
from yui.evidence.feeds import take_figures
from yui.evidence.importing import import_figures
from yui.evidence.queries import definition_row, list_figures, published_files
from yui.evidence.stored import as_json, definition_of, plain, read_definition
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tables.public import TableError
from yui.kernel.tenancy.public import UnknownBody, body_scope

app = typer.Typer(help="Figures that anyone can recompute.", no_args_is_help=True)

Body = Annotated[str, typer.Option("--body", help="Official code of the body.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
VersionOption = Annotated[
    int | None, typer.Option("--version", help="Of the definition; default the newest.")
]


@contextmanager
def _acting(body: str, command: str, *permissions: str) -> Iterator[None]:
    actor = system_actor(f"evidence.{command}", permissions=frozenset(permissions))
    try:
        with acting_as(actor), body_scope(body):
            yield
    except (UnknownBody, EvidenceRefused, TableError) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None


@app.command("define")
def define_command(file: File, body: Body) -> None:
    """Publish a version of an indicator from a YAML file. The same file twice changes nothing."""
    try:
        told = YAML(typ="safe").load(file.read_text(encoding="utf-8-sig"))
    except (YAMLError, UnicodeDecodeError) as error:
        typer.echo(f"{file.name}: {error}", err=True)
        raise typer.Exit(1) from None
    with _acting(body, "define", apps.DEFINE):
        definition = read_definition(told if isinstance(told, dict) else {})
        is_new = publish_definition(definition)
    words = {"code": definition.code, "version": definition.version}
    typer.echo(
        (_("%(code)s %(version)d is published") if is_new else _("%(code)s %(version)d is known")) % words,
        err=True,
    )


@app.command("import")
def import_command(
    code: Annotated[str, typer.Argument(help="Of the indicator.")],
    file: File,
    body: Body,
    version: VersionOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="Where to write refused rows.")] = None,
) -> None:
    """Take figures over from a file. The same file twice changes nothing."""
    rejects = rejects or Path(f"{file.stem}.rejects.csv")
    with _acting(body, "import", apps.RECORD):
        recorded, refused = import_figures(
            code, file, version=version, dry_run=dry_run, rejects=None if dry_run else rejects
        )
    for one in refused:
        typer.echo(f"{one.row.number}: {'; '.join(problem.text for problem in one.problems)}", err=True)
    if dry_run:
        typer.echo(_("Dry run, nothing stored."), err=True)
    _report(recorded)
    if refused:
        raise typer.Exit(3 if recorded else 1)


@app.command("take")
def take_command(
    code: Annotated[str, typer.Argument(help="Of the indicator.")],
    period: Annotated[str, typer.Argument(help="FY2024, 2024, 2024-05 or 2024-05-01..2024-05-07.")],
    body: Body,
) -> None:
    """Let a service compute its indicator for a period."""
    with _acting(body, "take", apps.RECORD, apps.DEFINE):
        recorded = take_figures(code, _period(period))
    _report(recorded)


def _period(text: str) -> Period:
    try:
        return Period.read(text)
    except ValueError:
        raise typer.BadParameter(_("A period is FY2024, 2024, 2024-05 or 2024-05-01..2024-05-07.")) from None


def _report(recorded: Recorded | None) -> None:
    if recorded is not None:
        told = _("Added %(added)d, known %(unchanged)d, withheld as small %(withheld)d")
        words = {"added": recorded.added, "unchanged": recorded.unchanged, "withheld": recorded.withheld}
        typer.echo(told % words, err=True)


@app.command("list")
def list_command(
    code: Annotated[str, typer.Argument(help="Of the indicator.")],
    body: Body,
    version: VersionOption = None,
    known_at: Annotated[
        dt.datetime | None, typer.Option("--known-at", formats=["%Y-%m-%d"], help="As it was known on a day.")
    ] = None,
) -> None:
    """Print the figures of an indicator as JSON, as they are or were known."""
    end_of_day = known_at and (known_at + dt.timedelta(days=1)).astimezone()
    with _acting(body, "list"):
        figures = list_figures(code, version=version, known_at=end_of_day)
    rows = [
        {
            **dict(zip(recomputing.KEY, figure.key, strict=True)),
            "value": None if figure.value is None else str(figure.value),
            "absence": figure.absence.value if figure.absence else "",
            "source": figure.source,
            "retrieved_on": figure.retrieved_on.isoformat(),
            "version": figure.version,
        }
        for figure in figures
    ]
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))


@app.command("show")
def show_command(code: str, body: Body, version: VersionOption = None) -> None:
    """Print the definition of an indicator as JSON."""
    with _acting(body, "show"):
        definition = definition_of(definition_row(code, version))
    typer.echo(as_json(plain(definition)).decode(), nl=False)


@app.command("publish")
def publish_command(
    code: Annotated[str, typer.Argument(help="Of the indicator.")],
    body: Body,
    version: VersionOption = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Write the files there too; new or empty.")
    ] = None,
) -> None:
    """Publish the figures of an indicator; prints the hash that names the publication."""
    if folder is not None and folder.exists() and any(folder.iterdir()):
        raise typer.BadParameter(_("The folder is not empty."))
    with _acting(body, "publish", apps.PUBLISH):
        published = publish_figures(code, version=version)
        files = published_files(body, code, published.definition.version)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    typer.echo(published.sha256)


@app.command("recompute")
def recompute_command(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With the published files.")],
    expect: Annotated[str, typer.Option("--expect", help="Hash that the publication must have.")] = "",
) -> None:
    """Compute published figures again from their files alone; every changed byte is found."""
    faults, text = recomputing.report(folder)
    typer.echo(text, err=bool(faults))
    if not faults and expect and recomputing.sha256((folder / recomputing.SUMS).read_bytes()) != expect:
        typer.echo(_("This is another publication than the one expected."), err=True)
        raise typer.Exit(1)
    if faults:
        raise typer.Exit(1)
