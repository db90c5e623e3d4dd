"""What our cards say to a published case: how a programme is asked, and what one reads off its members.

A *reading* is one way in which the peer departs from the law, by name. A programme is asked without any, or with some
of them in place of the law; reviewed.yaml says which are reviewed and why the law is otherwise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from peers.published import Asserted, Household, Person

import yui.services
from yui.engines.rules.public import Group, Month, Outcome, Programme, Unit, asked_by, evaluate, load_card

LONG_AGO = Month(2000, 1)
DEPENDENT_INCOME_YEN = 480_000
"""Income up to which a member counts as a dependant or spouse of the same livelihood (所得税法第2条, 2020 to 2024)."""
SPOUSE, OLDER = "spouse_not_counted", "older_dependants_not_counted"
"""Readings that several programmes share."""
READINGS = frozenset[str]
NO_READINGS: READINGS = frozenset()


@dataclass(frozen=True)
class NotComparable:
    """Why an asserted value has none of ours beside it."""

    because: str


@dataclass(frozen=True)
class InBand(NotComparable):
    """An amount of ours that lies in a band of the peer's, which asserts no amount."""

    amount_yen: int


@dataclass(frozen=True)
class Compared:
    """A programme both have: its name, the peer's variables, and what we say to one asserted value.

    Attributes:
        ours: Our value for an asserted one, with these readings in place of the law.
        note: What to know about the comparison; empty when there is nothing.
    """

    name: str
    variables: tuple[str, ...]
    ours: Callable[[Asserted, READINGS], Any]
    note: str = ""


@cache
def programme(card: str) -> Programme:
    """All versions of one of our cards."""
    files = Path(yui.services.__path__[0]).glob(f"*/cards/{card}/[0-9]*.yaml")
    return Programme.of(map(load_card, files))


def decide(
    card: str, on: date, group: Mapping[str, Any], units: Iterable[Mapping[str, Any]] = ()
) -> list[Outcome] | NotComparable:
    """What the card of the day's month decides.

    Raises:
        ValueError: something is left undetermined, so the facts of the mapping are incomplete.
    """
    month, versions = Month.of(on), programme(card)
    if not versions.covers(month):
        return NotComparable(f"our card begins in {versions.cards[0].in_force_from}, these are of {on.year}")
    members = [Unit(f"{number:03}", facts) for number, facts in enumerate(units, start=1)]
    card_then = versions.card(month)
    outcomes = evaluate(card_then, month, asked_by(card_then, Group(group, members)))
    if any(outcome.amount_yen is None for outcome in outcomes):
        asked = sorted({ask.key for outcome in outcomes for ask in outcome.ask})
        raise ValueError(f"{card} of {month} is undetermined; the mapping of the case leaves open {asked}.")
    return outcomes


def total(outcomes: Sequence[Outcome] | NotComparable) -> int | NotComparable:
    """The sum of what is decided."""
    if isinstance(outcomes, NotComparable):
        return outcomes
    return sum(outcome.amount_yen or 0 for outcome in outcomes)


def income(person: Person) -> int:
    """The income given, nothing being none."""
    return int(person.given.get("所得", 0))


def born_on(person: Person, on: date) -> date:
    """The birth date; where only an age is given, half a year before the last birthday it can mean."""
    if "誕生年月日" in person.given:
        return person.given["誕生年月日"]
    month = on.month - 6
    return date(on.year - person.given.get("年齢", 0) - (month < 1), month + 12 if month < 1 else month, 1)


def age_in_year_that_counts(person: Person, on: date, first_month: int) -> int:
    """Whole years on 31 December of the income year that counts from a month of the year after it.

    An age given without a birth date stands for the age on that day.
    """
    if "年齢" in person.given:
        return int(person.given["年齢"])
    benefit_year = on.year if on.month >= first_month else on.year - 1
    return benefit_year - 1 - born_on(person, on).year


def dependants(household: Household) -> list[Person]:
    """Members other than parents whose income makes them dependants."""
    return [p for p in household.of_role("子", "祖父母") if income(p) <= DEPENDENT_INCOME_YEN]


def dependent_spouse(household: Household) -> Person | None:
    """The parent with the lower income (the second of two equal ones), if low enough."""
    parents = household.of_role("親")
    spouse = min(reversed(parents), key=income) if len(parents) == 2 else None
    return spouse if spouse and income(spouse) <= DEPENDENT_INCOME_YEN else None


def counts(household: Household, on: date, first_month: int, readings: READINGS) -> dict[str, int]:
    """The facts on dependants that the cards of allowances share, those whom the law counts unless read otherwise."""
    others, spouse = dependants(household), dependent_spouse(household)
    ages = [age_in_year_that_counts(person, on, first_month) for person in others]
    spouse_age = age_in_year_that_counts(spouse, on, first_month) if spouse else 0
    return {
        "dependants": len(others) + (spouse is not None and SPOUSE not in readings),
        "elderly_dependants": sum(age >= 70 for age in ages) + (spouse_age >= 70),
        "specified_dependants": 0 if OLDER in readings else sum(16 <= age <= 22 for age in ages),
    }


def has_card(person: Person, **grades: str) -> bool:
    """Whether a certificate of disability given is one of these grades (separated by spaces), by kind."""
    names = {
        "body": "身体障害者手帳等級",
        "mind": "精神障害者保健福祉手帳等級",
        "tokyo": "愛の手帳等級",
        "intellect": "療育手帳等級",
    }
    return any(person.given.get(names[kind]) in wanted.split() for kind, wanted in grades.items())
