"""What if: a changed card beside today's, on the groups of a body; and who becomes entitled when, as time passes."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from polars import DataFrame

from yui.engines.rules.bulk.public import decide_groups, differences_of, frame_groups, sums_of, turns_of
from yui.engines.rules.public import Card, Month, Period, Programme, Sense, months_between
from yui.kernel.access.public import require
from yui.kernel.journal.public import record
from yui.procedures.programmes.contracts import Concerned
from yui.procedures.programmes.dates import in_batches
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

    def add(self, decisions: DataFrame, before: DataFrame | None) -> None:
        """Count what was decided about some groups, and about the same in the month before."""
        sums = sums_of(decisions)
        self.yen += sums.yen
        self.paid += sums.paid
        self.undetermined += sums.undetermined
        if before is not None:
            turns = turns_of(before, decisions)
            self.begin += turns.begin
            self.end += turns.end


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
    for groups in in_batches(get_population(programme)(None)):
        _count(found, rules, changed, months, groups)
        found.groups += len(groups)
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
    found: Simulation, rules: Programme, changed: Card | None, months: list[Month], groups: list[Concerned]
) -> None:
    """Decide about groups month by month, adding to the figures, and what the changed card brings them."""
    today: list[DataFrame] = []
    then: list[DataFrame] = []
    for month in months:
        facts, card = [concerned.in_month(month) for concerned in groups], rules.card(month)
        framed = frame_groups(card, facts)
        _add(found.today, month, today, decide_groups(card, month, framed))
        if changed:
            if changed.rules.facts != card.rules.facts:
                framed = frame_groups(changed, facts)
            _add(found.changed, month, then, decide_groups(changed, month, framed))
    if changed:
        more = differences_of(today, then, len(groups))
        gaining, losing = (more.more, more.more_yen), (more.less, more.less_yen)
        if rules.cards[-1].sense is Sense.CHARGE:
            gaining, losing = losing, gaining
        found.gaining += gaining[0]
        found.gained_yen += gaining[1]
        found.losing += losing[0]
        found.lost_yen += losing[1]
        found.same += more.same
        found.undetermined += more.undetermined


def _add(figures: dict[str, Figures], month: Month, earlier: list[DataFrame], decisions: DataFrame) -> None:
    figures[str(month)].add(decisions, earlier[-1] if earlier else None)
    earlier.append(decisions)
