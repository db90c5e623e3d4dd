"""``yui rules check``, ``test`` and ``doc``: nothing here reads a body's data."""

import json
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from yui.engines.rules.public import CardError, Finding, Problem, load_card, run_cases
from yui.procedures.programmes.catalogue import CASES, BrokenProgramme, Place, load_cases_of
from yui.procedures.programmes.chapters import chapter_of
from yui.procedures.programmes.queries import (
    UnknownProgramme,
    cases_of,
    get_programme,
    list_mistakes,
    list_places,
)

_talk = Console(stderr=True)


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Cards or tables of cases; without any, all that are installed."),
    ] = None,
) -> None:
    """Check rule cards and tables of cases. Exit 1 when there is a mistake."""
    if files:
        mistakes = [(file, *found) for file in files for found in _mistakes_in(file)]
        checked = len(files)
    else:
        mistakes = [(one.path, one.problems, one.text) for one in list_mistakes()]
        checked = sum(len(place.cards) + (place.folder / CASES).exists() for place in list_places())
    for path, problems, text in mistakes:
        if not problems:
            typer.echo(f"{path}\n  {text}")
        for problem in problems:
            typer.echo(
                f"{path}:{problem.line}:{problem.column} [{problem.code}]\n  {problem.ja}\n  {problem.en}"
            )
    count = sum(len(problems) or 1 for _path, problems, _text in mistakes)
    _talk.print(_("%(files)d files checked, %(mistakes)d mistakes.") % {"files": checked, "mistakes": count})
    if mistakes:
        raise typer.Exit(1)


def _mistakes_in(file: Path) -> list[tuple[tuple[Problem, ...], str]]:
    try:
        if file.name == CASES:
            folder = file.resolve().parent
            load_cases_of(Place(folder.name, folder.parent.parent.name, folder))
        else:
            load_card(file)
    except CardError as error:
        return [(error.problems, "")]
    except BrokenProgramme as broken:
        return [(one.problems, one.text) for one in broken.mistakes]
    except OSError as error:
        return [((), str(error))]
    return []


def run_tables(
    programme: Annotated[str, typer.Argument(help="Only this programme.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run the cases of programmes and show what is expected and what the rules say. Exit 1 on a difference."""
    findings = {name: _run(name) for name in _chosen(programme)}
    if as_json:
        shown = [
            {
                "programme": name,
                "case": one.case.title,
                "unit": one.unit_id,
                "month": str(one.case.month),
                "expected": one.expected.written("en"),
                "got": one.got.written("en"),
                "agrees": one.agrees,
            }
            for name, found in findings.items()
            for one in found
        ]
        typer.echo(json.dumps(shown, ensure_ascii=False))
    else:
        for name, found in findings.items():
            _print(name, found)
    everything = [one for found in findings.values() for one in found]
    wrong = sum(not one.agrees for one in everything)
    _talk.print(
        _("%(answers)d answers, %(differences)d differences.")
        % {"answers": len(everything), "differences": wrong}
    )
    if wrong:
        raise typer.Exit(1)


def _run(programme: str) -> list[Finding]:
    try:
        return run_cases(cases_of(programme), get_programme(programme))
    except (UnknownProgramme, BrokenProgramme) as error:
        _talk.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error


def _print(programme: str, findings: list[Finding]) -> None:
    language = "en" if (get_language() or "").startswith("en") else "ja"
    name = get_programme(programme).cards[-1].programme.spoken(language)
    table = Table(title=f"{name} ({programme})", title_justify="left")
    for heading in (_("Case"), _("Month"), "", _("Expected"), _("Got")):
        table.add_column(heading, overflow="fold")
    for one in findings:
        table.add_row(
            one.case.title,
            str(one.case.month),
            one.unit_id,
            one.expected.written(language),
            one.got.written(language),
            style="" if one.agrees else "bold red",
        )
    Console().print(table, markup=False)


def doc(
    programme: Annotated[str, typer.Argument(help="Only this programme.")] = "",
    output: Annotated[
        Path | None, typer.Option(help="A folder for one file each; printed when absent.")
    ] = None,
) -> None:
    """Write the manual's chapter of each programme in Markdown."""
    places = {place.programme: place for place in list_places()}
    for name in _chosen(programme):
        try:
            text = chapter_of(places[name])
        except (BrokenProgramme, KeyError) as error:
            _talk.print(str(error), style="red", markup=False, soft_wrap=True)
            raise typer.Exit(1) from error
        if output is None:
            typer.echo(text)
        else:
            output.mkdir(parents=True, exist_ok=True)
            (output / f"{name}.md").write_text(text, encoding="utf-8")
            _talk.print(str(output / f"{name}.md"), markup=False)


def _chosen(programme: str) -> list[str]:
    return [programme] if programme else [place.programme for place in list_places()]
