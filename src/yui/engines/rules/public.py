"""The door of the rules engine.

Example:
    >>> card = load_card("cards/2024-10.yaml")  # doctest: +SKIP
    >>> child = Unit("1", {"born_on": date(2024, 5, 1)})  # doctest: +SKIP
    >>> outcome, = evaluate(card, Month(2026, 11), Group({}, [child]))  # doctest: +SKIP
    >>> explain(outcome, "ja").headline  # doctest: +SKIP
"""

from yui.engines.rules.card import Card, Period, Sense, load_card
from yui.engines.rules.cases import Answer, Case, Finding, asked_by, load_cases, load_facts, run_cases
from yui.engines.rules.compiling import FactError, evaluate
from yui.engines.rules.explaining import Explanation, Member, Question, Reason, explain
from yui.engines.rules.law import Law
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
from yui.engines.rules.schedules.card import Schedule, ScheduleCard, load_schedule
from yui.engines.rules.schedules.cases import (
    ExpectedWindow,
    ScheduleCase,
    load_schedule_cases,
    run_schedule_case,
)
from yui.engines.rules.schedules.due import ScheduleChange, due, upcoming
from yui.engines.rules.schedules.sentences import WindowExplanation, explain_window
from yui.engines.rules.schedules.tables import schedule_table
from yui.engines.rules.schedules.windows import Given, Person, Span, Window, WindowState
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
    "ExpectedWindow",
    "Explanation",
    "FactError",
    "FactValue",
    "Finding",
    "Given",
    "Group",
    "Language",
    "Law",
    "Member",
    "Month",
    "Outcome",
    "Period",
    "Person",
    "Problem",
    "Programme",
    "Question",
    "Reason",
    "Schedule",
    "ScheduleCard",
    "ScheduleCase",
    "ScheduleChange",
    "Sense",
    "Span",
    "Text",
    "Unit",
    "Window",
    "WindowExplanation",
    "WindowState",
    "asked_by",
    "birthday_month_end",
    "critical_dates",
    "due",
    "evaluate",
    "explain",
    "explain_window",
    "first_day_of_following_month",
    "first_fiscal_year_end",
    "last_day_of_grace",
    "load_card",
    "load_cases",
    "load_facts",
    "load_schedule",
    "load_schedule_cases",
    "months_between",
    "reaches_age_on",
    "run_cases",
    "run_schedule_case",
    "schedule_table",
    "upcoming",
    "write_value",
]
