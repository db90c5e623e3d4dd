"""``yui rules explain``: why a decision was made, or what the rules say of facts in a file."""

import datetime as dt
import json
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
    Month,
    Outcome,
    Reason,
    asked_by,
    evaluate,
    explain,
    load_facts,
)
from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tenancy.public import UnknownBody, body_scope
from yui.procedures.cases.public import CaseNotFound, DecisionView, get_case, list_decisions
from yui.procedures.programmes.catalogue import BrokenProgramme
from yui.procedures.programmes.populations import NoPopulation, get_population
from yui.procedures.programmes.queries import UnknownProgramme, get_programme

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
            formats=_DAY, help="Decide again for the month of this day, by the rules as known on it."
        ),
    ] = None,
    facts: Annotated[Path | None, typer.Option(help="Facts of one group in YAML, instead of a case.")] = None,
    programme: Annotated[str, typer.Option(help="With --facts: the programme.")] = "",
    month: Annotated[str, typer.Option(help="With --facts: the month, YYYY-MM.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain a decision: every condition with its value, its sentence and its article."""
    if facts is not None and programme and month and not case:
        _print(_of_facts(facts, programme, month, as_of, lang), as_json)
    elif case and body and facts is None:
        _print(_of_case(case, body, as_of, lang), as_json)
    else:
        raise typer.BadParameter("Give a case and --body, or --facts with --programme and --month.")


def _of_facts(
    facts: Path, programme: str, month: str, as_of: dt.datetime | None, language: Language
) -> list[Explanation]:
    try:
        known = get_programme(programme)
        decided = Month.parse(month)
        group = load_facts(facts, known, decided)
        outcomes = evaluate(known.card(decided), decided, group, as_of.date() if as_of else None)
    except (CardError, BrokenProgramme, UnknownProgramme, LookupError, ValueError, OSError) as error:
        _give_up(str(error))
    return [explain(outcome, language) for outcome in outcomes]


def _of_case(case: str, body: str, as_of: dt.datetime | None, language: Language) -> list[Explanation]:
    try:
        with body_scope(body), acting_as(system_actor("cli", _MAY)):
            view = get_case(UUID(case), reason="explanation")
            decisions = list_decisions(view.public_id)
            if not decisions:
                _give_up("Nothing has been decided in this case yet.")
            decision = decisions[0]
            stored = decision.details.get("outcome")
            if not stored:
                return [_as_stored(decision, str(view.title), language)]
            programme = get_programme(json.loads(stored)["card"])
            outcome = Outcome.from_json(stored, programme.cards)
            if as_of is not None:
                outcome = _again(outcome, view.person, as_of.date())
            return [explain(outcome, language)]
    except CaseNotFound:
        _give_up("This body has no such case.")
    except (UnknownBody, BrokenProgramme, UnknownProgramme, NoPopulation, LookupError, ValueError) as error:
        _give_up(str(error))


def _again(outcome: Outcome, person: UUID, day: dt.date) -> Outcome:
    """The unit's decision for the month of a day, by the card and the tables known on it, from the facts held now."""
    month = Month.of(day)
    card = get_programme(outcome.card.id).card(month)
    for concerned in get_population(card.id)([person]):
        decided = evaluate(card, month, asked_by(card, concerned.in_month(month)), day)
        found = next((one for one in decided if one.unit_id == outcome.unit_id), None)
        if found is not None:
            return found
    raise LookupError(f"The registers hold nothing to decide this again as of {day}.")


def _as_stored(decision: DecisionView, title: str, language: Language) -> Explanation:
    """A decision that an event or an officer made: the reasons kept with it."""
    reasons = tuple(
        Reason(reason.code, reason.holds, getattr(reason, language.value) or reason.ja, reason.article, True)
        for reason in decision.reasons
    )
    return Explanation(f"{title}: {decision.result.value}", "", reasons, ())


def _print(explanations: list[Explanation], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in explanations], ensure_ascii=False))
        return
    for one in explanations:
        typer.echo(f"{one.headline}{f'  {one.cite}' if one.cite else ''}")
        for reason in one.reasons:
            mark = _MARKS[reason.value]
            typer.echo(f"  {mark}{'*' if reason.decisive else ' '} {reason.text}  {reason.cite}")
        for question in one.questions:
            typer.echo(f"  → {question.text}")


def _give_up(text: str) -> NoReturn:
    _talk.print(text, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)
