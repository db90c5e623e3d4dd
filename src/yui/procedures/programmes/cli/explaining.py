"""``yui rules explain``: why a decision was made, or what the rules say of facts in a file."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console

from yui.engines.rules.public import (
    CardError,
    Explanation,
    Language,
    Member,
    Month,
    evaluate,
    explain,
    load_facts,
)
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tenancy.public import UnknownBody, body_scope
from yui.procedures.cases.public import CaseNotFound, get_case
from yui.procedures.programmes.catalogue import BrokenProgramme
from yui.procedures.programmes.explanations import CannotExplain, explain_case
from yui.procedures.programmes.queries import UnknownProgramme, card_as_of, get_programme

_talk = Console(stderr=True)
_DAY = ["%Y-%m-%d"]
_MARKS = {True: "○", False: "×", None: "？"}
_MAY = ("cases.case.read", "people.resident.read", "people.protected.read")


def explain_decision(
    case: Annotated[str, typer.Argument(help="The number of a case of the body.")] = "",
    body: Annotated[str, typer.Option(help="Official code of the body.")] = "",
    lang: Annotated[Language, typer.Option(help="Language of the reasons.")] = Language.JA,
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=_DAY,
            help="Decide again by what was known on this day, facts and rules, of the decision that stood then.",
        ),
    ] = None,
    facts: Annotated[Path | None, typer.Option(help="Facts of one group in YAML, instead of a case.")] = None,
    programme: Annotated[str, typer.Option(help="With --facts: the programme.")] = "",
    month: Annotated[
        str,
        typer.Option(
            help="The month, YYYY-MM, whose facts count; of a case by default the one decided about."
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain a decision: every condition with its value, its sentence and its article."""
    if facts is not None and programme and month and not case:
        _print(_of_facts(facts, programme, month, as_of, lang), as_json)
    elif case and body and facts is None:
        _print(_of_case(case, body, month, as_of, lang), as_json)
    else:
        raise typer.BadParameter("Give a case and --body, or --facts with --programme and --month.")


def _of_facts(
    facts: Path, programme: str, month: str, as_of: dt.datetime | None, language: Language
) -> list[Explanation]:
    try:
        known = get_programme(programme)
        decided = Month.parse(month)
        group = load_facts(facts, known, decided)
        day = as_of.date() if as_of else None
        outcomes = evaluate(card_as_of(known, decided, day), decided, group, day)
    except (CardError, BrokenProgramme, UnknownProgramme, LookupError, ValueError, OSError) as error:
        _give_up(str(error))
    return [explain(outcome, language) for outcome in outcomes]


def _of_case(
    case: str, body: str, month: str, as_of: dt.datetime | None, language: Language
) -> list[Explanation]:
    try:
        with body_scope(body), acting_as(system_actor("cli", _MAY)):
            view = get_case(UUID(case), reason="explanation")
            asked = Month.parse(month) if month else None
            return [explain_case(view, language, known_on=as_of.date() if as_of else None, month=asked)]
    except CaseNotFound:
        _give_up("This body has no such case.")
    except (UnknownBody, CannotExplain, ValueError) as error:
        _give_up(str(error))


def _print(explanations: list[Explanation], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in explanations], ensure_ascii=False))
        return
    for one in explanations:
        typer.echo(f"{one.headline}{f'  {one.cite}' if one.cite else ''}")
        _print_members(one.members)
        for reason in one.reasons:
            mark = _MARKS[reason.value]
            typer.echo(f"  {mark}{'*' if reason.decisive else ' '} {reason.text}  {reason.cite}")
            _print_members(reason.members)
        for question in one.questions:
            typer.echo(f"  → {question.text}")


def _print_members(members: Iterable[Member]) -> None:
    for member in members:
        typer.echo(f"       {member.unit_id}: {member.text}")


def _give_up(text: str) -> NoReturn:
    _talk.print(text, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)
