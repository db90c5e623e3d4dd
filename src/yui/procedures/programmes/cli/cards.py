"""``yui rules check``, ``test`` and ``doc``: nothing here reads a body's data."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from yui.engines.rules.public import (
    CardError,
    Language,
    Problem,
    load_card,
    load_schedule,
    run_cases,
    run_schedule_case,
)
from yui.procedures.programmes.catalogue import (
    CASES,
    SCHEDULES,
    BrokenProgramme,
    Place,
    load_cases_of,
    load_programme,
    load_schedule_cases_of,
    load_schedule_of,
)
from yui.procedures.programmes.chapters import chapter_of
from yui.procedures.programmes.queries import list_mistakes, list_places, list_schedules

_talk = Console(stderr=True)


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Cards or tables of cases; without any, all that are installed."),
    ] = None,
) -> None:
    """Check rule cards, schedules and tables of cases. Exit 1 when there is a mistake."""
    if files:
        mistakes = [(file, *found) for file in files for found in _mistakes_in(file)]
        checked = len(files)
    else:
        mistakes = [(one.path, one.problems, one.text) for one in list_mistakes()]
        checked = sum(len(place.cards) + (place.folder / CASES).exists() for place in _everything())
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
            place = Place(folder.name, folder.parent.parent.name, folder)
            (load_schedule_cases_of if place.is_schedule else load_cases_of)(place)
        elif file.resolve().parent.parent.name == SCHEDULES:
            load_schedule(file)
        else:
            load_card(file)
    except CardError as error:
        return [(error.problems, "")]
    except BrokenProgramme as broken:
        return [(one.problems, one.text) for one in broken.mistakes]
    except OSError as error:
        return [((), str(error))]
    return []


@dataclass(frozen=True)
class _Answer:
    """What a case expects of one member, group or series beside what the rules say."""

    case: str
    when: str
    of: str
    expected: str
    got: str
    agrees: bool


def run_tables(
    programme: Annotated[str, typer.Argument(help="Only this programme or schedule.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run the cases of programmes and show what is expected and what the rules say. Exit 1 on a difference."""
    language = Language.EN if as_json or (get_language() or "").startswith("en") else Language.JA
    answers = {place: _run(place, language) for place in _chosen(programme)}
    if as_json:
        shown = [
            {
                "programme": place.programme,
                "case": one.case,
                "unit": one.of,
                "month": one.when,
                "expected": one.expected,
                "got": one.got,
                "agrees": one.agrees,
            }
            for place, found in answers.items()
            for one in found
        ]
        typer.echo(json.dumps(shown, ensure_ascii=False))
    else:
        for place, found in answers.items():
            _print(place, found, language)
    everything = [one for found in answers.values() for one in found]
    wrong = sum(not one.agrees for one in everything)
    _talk.print(
        _("%(answers)d answers, %(differences)d differences.")
        % {"answers": len(everything), "differences": wrong}
    )
    if wrong:
        raise typer.Exit(1)


def _run(place: Place, language: Language) -> list[_Answer]:
    try:
        if place.is_schedule:
            schedule = load_schedule_of(place)
            return [
                _Answer(
                    case.title,
                    str(case.on),
                    expected.series,
                    expected.written(),
                    got.written(),
                    expected == got,
                )
                for case in load_schedule_cases_of(place)
                for expected, got in run_schedule_case(case, schedule)
            ]
        return [
            _Answer(
                one.case.title,
                str(one.case.month),
                one.unit_id,
                one.expected.written(language),
                one.got.written(language),
                one.agrees,
            )
            for one in run_cases(load_cases_of(place), load_programme(place))
        ]
    except BrokenProgramme as error:
        raise _failed(error) from error


def _print(place: Place, answers: list[_Answer], language: Language) -> None:
    newest = (load_schedule_of(place) if place.is_schedule else load_programme(place)).cards[-1]
    table = Table(title=f"{newest.programme.spoken(language)} ({place.programme})", title_justify="left")
    for heading in (_("Case"), _("Month"), "", _("Expected"), _("Got")):
        table.add_column(heading, overflow="fold")
    for one in answers:
        style = "" if one.agrees else "bold red"
        table.add_row(one.case, one.when, one.of, one.expected, one.got, style=style)
    Console().print(table, markup=False)


def doc(
    programme: Annotated[str, typer.Argument(help="Only this programme or schedule.")] = "",
    output: Annotated[
        Path | None, typer.Option(help="A folder for one file each; printed when absent.")
    ] = None,
) -> None:
    """Write the manual's chapter of each programme in Markdown."""
    for place in _chosen(programme):
        try:
            text = chapter_of(place)
        except BrokenProgramme as error:
            raise _failed(error) from error
        if output is None:
            typer.echo(text)
        else:
            output.mkdir(parents=True, exist_ok=True)
            (output / f"{place.programme}.md").write_text(text, encoding="utf-8")
            _talk.print(str(output / f"{place.programme}.md"), markup=False)


def _everything() -> list[Place]:
    return [*list_places(), *list_schedules()]


def _chosen(programme: str) -> list[Place]:
    if not programme:
        return _everything()
    found = [place for place in _everything() if place.programme == programme]
    if not found:
        known = ", ".join(place.programme for place in _everything())
        raise _failed(f"No programme is called {programme}. There are: {known}.")
    return found


def _failed(error: object) -> typer.Exit:
    _talk.print(str(error), style="red", markup=False, soft_wrap=True)
    return typer.Exit(1)
