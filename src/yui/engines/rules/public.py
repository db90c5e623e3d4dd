"""The door of the rules engine.

Example:
    >>> card = load_card("cards/2024-10.yaml")  # doctest: +SKIP
    >>> child = Unit("1", {"born_on": date(2024, 5, 1)})  # doctest: +SKIP
    >>> outcome, = evaluate(card, Month(2026, 11), Group({}, [child]))  # doctest: +SKIP
    >>> explain(outcome, "ja").headline  # doctest: +SKIP
"""

from yui.engines.rules.card import Card, Law, load_card
from yui.engines.rules.cases import Answer, Case, Finding, asked_by, load_cases, load_facts, run_cases
from yui.engines.rules.compiling import FactError, evaluate
from yui.engines.rules.explaining import Explanation, Question, Reason, explain
from yui.engines.rules.legal_dates import (
    Month,
    birthday_month_end,
    first_day_of_following_month,
    first_fiscal_year_end,
    last_day_of_grace,
    months_between,
    reaches_age_on,
)
from yui.engines.rules.logic import Between
from yui.engines.rules.outcomes import Ask, Effect, FactValue, Group, Outcome, Unit
from yui.engines.rules.problems import CardError, Problem
from yui.engines.rules.texts import Language, Text, write_value
from yui.engines.rules.timeline import CriticalDate, Programme, critical_dates

__all__ = [
    "Answer",
    "Ask",
    "Between",
    "Card",
    "CardError",
    "Case",
    "CriticalDate",
    "Effect",
    "Explanation",
    "FactError",
    "FactValue",
    "Finding",
    "Group",
    "Language",
    "Law",
    "Month",
    "Outcome",
    "Problem",
    "Programme",
    "Question",
    "Reason",
    "Text",
    "Unit",
    "asked_by",
    "birthday_month_end",
    "critical_dates",
    "evaluate",
    "explain",
    "first_day_of_following_month",
    "first_fiscal_year_end",
    "last_day_of_grace",
    "load_card",
    "load_cases",
    "load_facts",
    "months_between",
    "reaches_age_on",
    "run_cases",
    "write_value",
]
