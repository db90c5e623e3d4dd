"""What if: a changed card beside today's, on the groups of a body; and who becomes entitled when, as time passes."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from yui.engines.rules.public import (
    Card,
    Effect,
    Month,
    Outcome,
    Period,
    Programme,
    Sense,
    asked_by,
    evaluate,
    months_between,
)
from yui.kernel.access.public import require
from yui.kernel.journal.public import record
from yui.procedures.programmes.contracts import Concerned
from yui.procedures.programmes.populations import get_population
from yui.procedures.programmes.queries import get_programme

SIMULATE = "programmes.population.simulate"
Progress = Callable[[int], None]


class SimulationRefused(ValueError):
    """What is asked for cannot be simulated; says why."""


@dataclass
class Figures:
    """What one set of rules says of everybody in one month.

    Attributes:
        yen: The sum of all amounts.
        paid: Units with an amount.
        undetermined: Units that the rules leave open.
        begin, end: Units that have an amount in this month and had none in the month before, and the other way
            round; of the first month, none.
    """

    yen: int = 0
    paid: int = 0
    undetermined: int = 0
    begin: int = 0
    end: int = 0

    def add(self, outcomes: dict[str, Outcome], before: dict[str, Outcome] | None) -> None:
        """Count the outcomes of one group."""
        for unit, outcome in outcomes.items():
            self.yen += outcome.amount_yen or 0
            self.paid += _is_paid(outcome)
            self.undetermined += outcome.effect is Effect.UNDETERMINED
            if before is not None:
                was = unit in before and _is_paid(before[unit])
                self.begin += _is_paid(outcome) and not was
                self.end += was and not _is_paid(outcome)


@dataclass
class Simulation:
    """Today's rules beside changed ones. Counts and sums, nobody's name.

    Attributes:
        today, changed: By month decided, under each set of rules; changed is empty when only time passes.
        gaining, losing, same, undetermined: Groups by what the whole span brings them; undetermined are those of whom
            one of the two sets of rules leaves something open.
        gained_yen, lost_yen: What they gain and lose together.
    """

    programme: str
    start: Month
    until: Month
    groups: int = 0
    today: dict[str, Figures] = field(default_factory=dict)
    changed: dict[str, Figures] = field(default_factory=dict)
    gaining: int = 0
    losing: int = 0
    same: int = 0
    undetermined: int = 0
    gained_yen: int = 0
    lost_yen: int = 0

    def as_json(self) -> dict[str, Any]:
        """Everything as plain values."""
        return {**asdict(self), "start": str(self.start), "until": str(self.until)}


def simulate(
    programme: str,
    start: Month,
    until: Month,
    changed: Card | None = None,
    progress: Progress = lambda groups: None,
) -> Simulation:
    """Decide about everybody for a span of months under today's rules and, where given, under a changed card.

    Facts are those the registers hold for each month, as known today. A yearly amount is decided once a fiscal year,
    a single one once.

    Args:
        start, until: The first month, and the first no longer looked at.
        changed: The card to be tried, in force in every month of the span.
        progress: Told the number of groups done.
    Raises:
        PermissionRefused: the actor may not.
        NoPopulation: no service says whom the programme decides about.
        SimulationRefused: the span is empty, or a card does not cover it.
    """
    require(SIMULATE)
    rules = get_programme(programme)
    months = _months(rules, start, until, changed)
    found = Simulation(programme, start, until)
    for month in months:
        found.today[str(month)] = Figures()
        if changed:
            found.changed[str(month)] = Figures()
    towards_them = -1 if rules.cards[-1].sense is Sense.CHARGE else 1
    for concerned in get_population(programme)(None):
        today = _count(found.today, months, concerned, rules.card)
        if changed:
            _compare(
                found, today, _count(found.changed, months, concerned, lambda _month: changed), towards_them
            )
        found.groups += 1
        progress(found.groups)
    record(
        "programmes.change.simulated",
        object_kind="programme",
        object_id=programme,
        details={"from": str(start), "until": str(until), "groups": found.groups},
    )
    return found


def _months(rules: Programme, start: Month, until: Month, changed: Card | None) -> list[Month]:
    months = months_between(start, until)
    if not months:
        raise SimulationRefused(
            "The span of months is empty: --until names the first month no longer looked at."
        )
    if not all(rules.covers(month) for month in months):
        raise SimulationRefused(f"The programme has no card for every month from {start}.")
    if changed and changed.id != rules.cards[0].id:
        raise SimulationRefused(f"The changed card is one of “{changed.id}”.")
    if changed and not all(changed.decides(month) for month in months):
        raise SimulationRefused(
            f"The changed card is in force from {changed.in_force_from}"
            f"{f' until {changed.in_force_until}' if changed.in_force_until else ''} and does not cover the span."
        )
    match rules.card(start).period:
        case Period.MONTH:
            return months
        case Period.FISCAL_YEAR:
            return [month for month in months if month == start or month.number == 4]
        case _:
            return [start]


def _count(
    figures: dict[str, Figures], months: list[Month], concerned: Concerned, card_of: Callable[[Month], Card]
) -> list[Outcome]:
    """Decide about a group month by month, adding to the figures; returns every outcome."""
    everything: list[Outcome] = []
    before: dict[str, Outcome] | None = None
    for month in months:
        card = card_of(month)
        decided = evaluate(card, month, asked_by(card, concerned.in_month(month)))
        outcomes = {outcome.unit_id: outcome for outcome in decided}
        figures[str(month)].add(outcomes, before)
        before = outcomes
        everything += decided
    return everything


def _compare(found: Simulation, today: list[Outcome], changed: list[Outcome], towards_them: int) -> None:
    if any(outcome.effect is Effect.UNDETERMINED for outcome in (*today, *changed)):
        found.undetermined += 1
        return
    sums = [sum(outcome.amount_yen or 0 for outcome in outcomes) for outcomes in (today, changed)]
    gain = (sums[1] - sums[0]) * towards_them
    found.gaining += gain > 0
    found.losing += gain < 0
    found.same += gain == 0
    found.gained_yen += max(gain, 0)
    found.lost_yen += max(-gain, 0)


def _is_paid(outcome: Outcome) -> bool:
    return outcome.effect is Effect.PAYMENT
