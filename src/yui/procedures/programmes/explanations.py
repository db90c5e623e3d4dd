"""Why a case was decided as it was: as kept with the decision, or decided again as of a day."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.utils import timezone

from yui.engines.rules.public import (
    Explanation,
    Language,
    Member,
    Month,
    Outcome,
    Reason,
    asked_by,
    evaluate,
    explain,
)
from yui.procedures.cases.public import CaseView, DecisionView, list_decisions
from yui.procedures.programmes.contracts import Then
from yui.procedures.programmes.populations import get_population
from yui.procedures.programmes.queries import card_as_of, get_programme

SOMEBODY = {
    Language.JA: "ほかの人",
    Language.EN: "Somebody else",
    Language.EASY: "ほかの 人（ひと）",
}


class CannotExplain(LookupError):
    """A case cannot be explained as it was asked; says why."""


class NothingDecided(CannotExplain):
    """Nothing had been decided in the case by the day asked about."""


def explain_case(
    case: CaseView,
    language: Language | str,
    *,
    known_on: dt.date | None = None,
    month: Month | None = None,
) -> Explanation:
    """The decision of a case in words.

    Without a day or a month it is the newest decision, from what was kept with it. With one, the decision that stood
    on the day is made again: from the facts that were true in the month and known on the day, by the rules as they
    were known on it. What is recorded or published later changes nothing about that.

    Args:
        case: The case.
        language: ``ja``, ``en`` or ``easy``.
        known_on: The day as known on; today when only a month is given.
        month: The month asked about; the month that was decided about when None.
    Raises:
        NothingDecided: there was no decision yet.
        CannotExplain: it cannot be decided again, for example because no service tells the facts.
    """
    again = known_on is not None or month is not None
    day = known_on or timezone.localdate()
    decision = _standing(case, day)
    if not again or not decision.details.get("outcome"):
        return explain_decision(decision, str(case.title), language)
    try:
        outcome = _outcome(decision)
        return explain(_again(outcome, decision, case.person, day, month or outcome.month), language)
    except (LookupError, ValueError) as error:
        raise CannotExplain(str(error)) from error


def explain_decision(decision: DecisionView, title: str, language: Language | str) -> Explanation:
    """A decision in words, from what was kept with it.

    Args:
        decision: The decision.
        title: What the case is called, for a decision that an event or an officer made.
        language: ``ja``, ``en`` or ``easy``.
    Raises:
        CannotExplain: the version of the card that decided is not kept any more.
    """
    if decision.details.get("outcome"):
        try:
            return explain(_outcome(decision), language)
        except (LookupError, ValueError) as error:
            raise CannotExplain(str(error)) from error
    said = Language(language).value
    reasons = tuple(
        Reason(reason.code, reason.holds, getattr(reason, said) or reason.ja, reason.article, True)
        for reason in decision.reasons
    )
    return Explanation(f"{title}: {decision.result.value}", "", reasons, ())


def _outcome(decision: DecisionView) -> Outcome:
    stored = decision.details["outcome"]
    return Outcome.from_json(stored, get_programme(json.loads(stored)["card"]).cards)


def _standing(case: CaseView, day: dt.date) -> DecisionView:
    for decision in list_decisions(case.public_id):
        if timezone.localdate(decision.decided_at) <= day:
            return decision
    raise NothingDecided(f"Nothing had been decided in this case by {day}.")


def _again(outcome: Outcome, decision: DecisionView, person: UUID, day: dt.date, month: Month) -> Outcome:
    card = card_as_of(get_programme(outcome.card.id), month, day)
    then = Then(min(month.last_day, day), day, outcome.unit_id, decision.details)
    for concerned in get_population(card.id)([person], then=then):
        for found in evaluate(card, month, asked_by(card, concerned.in_month(month)), day):
            if found.unit_id == outcome.unit_id:
                return found
    raise LookupError(f"The registers hold nothing to decide this again as of {day}.")


def with_names(
    explanation: Explanation, name_of: Callable[[UUID], str], language: Language | str
) -> Explanation:
    """The explanation with the members of the group by name.

    Args:
        explanation: One that names them by their identifiers; what is no person, such as a plot, keeps its own.
        name_of: The name that the reader may see of a person; empty for one that must not be found.
        language: The reader's language.
    """
    somebody = SOMEBODY[Language(language)]

    def named(members: tuple[Member, ...]) -> tuple[Member, ...]:
        return tuple(replace(one, unit_id=_named(one.unit_id, name_of) or somebody) for one in members)

    reasons = tuple(replace(reason, members=named(reason.members)) for reason in explanation.reasons)
    return replace(explanation, reasons=reasons, members=named(explanation.members))


def _named(identifier: str, name_of: Callable[[UUID], str]) -> str:
    try:
        person = UUID(identifier)
    except ValueError:
        return identifier
    return name_of(person)
