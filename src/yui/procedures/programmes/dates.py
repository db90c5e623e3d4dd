"""The next critical date of each group: computed once, kept in an index, read by day."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.utils import timezone

from yui.engines.rules.bulk.public import (
    HORIZONS,
    decide_groups,
    frame_groups,
    next_dates,
    sums_of,
    turns_of,
)
from yui.engines.rules.public import (
    Effect,
    Group,
    Month,
    Outcome,
    Programme,
    asked_by,
    critical_dates,
    evaluate,
)
from yui.kernel.access.public import require
from yui.kernel.jobs.public import publish
from yui.kernel.journal.public import record
from yui.procedures.programmes.contracts import Concerned
from yui.procedures.programmes.models import NextCriticalDate
from yui.procedures.programmes.populations import get_population, list_populations
from yui.procedures.programmes.queries import get_programme

REACHED = "programmes.date.reached"
SWEEP = "programmes.population.sweep"
BATCH = 2000
FEW = 50
"""So many groups are looked at one by one: for fewer, frames cost more than they save."""


def decide(programme: Programme, month: Month, concerned: Concerned) -> dict[str, Outcome]:
    """What the card of a month decides about a group, by unit.

    Raises:
        LookupError: no version covers the month.
    """
    card = programme.card(month)
    outcomes = evaluate(card, month, asked_by(card, concerned.in_month(month)))
    return {outcome.unit_id: outcome for outcome in outcomes}


def next_date(programme: Programme, concerned: Concerned, after: Month) -> dt.date | None:
    """The first day of the first month after a month from which a decision changes though no fact does.

    A version of the rules that takes force is such a change. None when nothing changes any more.
    """
    group = concerned.in_month(after)
    for card in programme.cards:
        if card.in_force_until is not None and card.in_force_until <= after:
            continue
        if after < card.in_force_from and _differ(programme, card.in_force_from, group):
            return card.in_force_from.first_day
        start, asked = max(after.plus(1), card.in_force_from), asked_by(card, group)
        for months in HORIZONS:
            for change in critical_dates(card, asked, start, after.plus(months)):
                if _said(change.before) != _said(change.after):
                    return change.on
            start = max(start, after.plus(months))
    return None


def next_dates_of(
    programme: Programme, groups: Sequence[Concerned], after: Month
) -> dict[UUID, dt.date | None]:
    """The :func:`next_date` of each, by person: of many in columns, of a few one by one."""
    if len(groups) <= FEW:
        return {concerned.person: next_date(programme, concerned, after) for concerned in groups}
    found, apart = next_dates(programme, [concerned.in_month(after) for concerned in groups], after)
    return {
        concerned.person: next_date(programme, concerned, after) if place in apart else found.get(place)
        for place, concerned in enumerate(groups)
    }


def in_batches(groups: Iterable[Concerned]) -> Iterator[list[Concerned]]:
    """Groups in lists of some thousand: enough for columns, and no body is held in memory."""
    rest = iter(groups)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _differ(programme: Programme, month: Month, group: Group) -> bool:
    """Whether a version that takes force in a month decides otherwise than the one before."""
    if not programme.covers(month.plus(-1)):
        return False
    before, after = (
        {one.unit_id: _said(one) for one in evaluate(card, at, asked_by(card, group))}
        for card, at in ((programme.card(month.plus(-1)), month.plus(-1)), (programme.card(month), month))
    )
    return before != after


def _said(outcome: Outcome) -> tuple[Effect, int | None]:
    return outcome.effect, outcome.amount_yen


def keep_dates(
    programme: str, groups: Iterable[Concerned], *, after: Month, today: dt.date | None = None
) -> int:
    """Compute the next critical date of groups and keep what differs; returns how many have one.

    A date that has come by today is told before it is replaced, whoever replaces it: a change that is recorded that
    morning may have the dates kept before the day's job has run.
    """
    dates = next_dates_of(get_programme(programme), list(groups), after)
    kept = NextCriticalDate.objects.filter(programme=programme, person__in=list(dates))
    standing = dict(kept.values_list("person", "on"))
    by = today or timezone.localdate()
    _tell(programme, {person: on for person, on in standing.items() if on <= by})
    NextCriticalDate.objects.bulk_create(
        [
            NextCriticalDate(programme=programme, person=person, on=on)
            for person, on in dates.items()
            if on and on != standing.get(person)
        ],
        update_conflicts=True,
        unique_fields=["body", "programme", "person"],
        update_fields=["on"],
    )
    settled = [person for person, on in dates.items() if on is None and person in standing]
    kept.filter(person__in=settled).delete()
    return sum(on is not None for on in dates.values())


def reach_day(day: dt.date) -> int:
    """Tell whose decision changes by this day, and keep the date that comes after; returns how many.

    Only those are read whose date has come: a range of the index.
    """
    due: dict[str, dict[UUID, dt.date]] = {}
    reached = NextCriticalDate.objects.filter(on__lte=day, programme__in=list_populations())
    for row in reached.order_by("programme", "person"):
        due.setdefault(row.programme, {})[row.person] = row.on
    for programme, dates in due.items():
        gone = dict(dates)
        for groups in in_batches(get_population(programme)(list(dates))):
            keep_dates(programme, groups, after=Month.of(day), today=day)
            for concerned in groups:
                gone.pop(concerned.person, None)
        _tell(programme, gone)
        NextCriticalDate.objects.filter(programme=programme, person__in=list(gone)).delete()
    return sum(map(len, due.values()))


def _tell(programme: str, dates: Mapping[UUID, dt.date]) -> None:
    for person, on in dates.items():
        key = f"{programme}:{person}:{on}"
        publish(REACHED, subject=person, effective_on=on, key=key, programme=programme)


@dataclass
class Sweep:
    """What a sweep found.

    Attributes:
        groups, units: How many were decided about.
        changing: How many units are decided otherwise in the month than in the month before.
        dates: How many groups have a next critical date.
        undetermined: How many units the rules leave open in the month.
    """

    programme: str
    month: Month
    groups: int = 0
    units: int = 0
    changing: int = 0
    dates: int = 0
    undetermined: int = 0


def sweep(programme: str, month: Month, *, progress: Callable[[int], None] = lambda groups: None) -> Sweep:
    """Decide about everybody for a month and the one before, and keep everybody's next critical date anew.

    Whatever month is decided, the dates kept are those that come after the present one: none before may be missed.

    Args:
        progress: Told the number of groups done.
    Raises:
        PermissionRefused: the actor may not.
        NoPopulation: no service says whom the programme decides about.
        LookupError: no version of the programme covers the month and the one before.
    """
    require(SWEEP)
    rules, found = get_programme(programme), Sweep(programme, month)
    this_month = Month.of(timezone.localdate())
    months = [(rules.card(at), at) for at in (month.plus(-1), month)]
    rows = NextCriticalDate.objects.filter(programme=programme)
    gone = set(rows.values_list("person", flat=True))
    for groups in in_batches(get_population(programme)(None)):
        before, after = (
            decide_groups(card, at, frame_groups(card, [concerned.in_month(at) for concerned in groups]))
            for card, at in months
        )
        sums = sums_of(after)
        found.units += sums.units
        found.undetermined += sums.undetermined
        found.changing += turns_of(before, after).changing
        found.groups += len(groups)
        found.dates += keep_dates(programme, groups, after=this_month)
        gone.difference_update(concerned.person for concerned in groups)
        progress(found.groups)
    rows.filter(person__in=gone).delete()
    record(
        "programmes.population.swept",
        object_kind="programme",
        object_id=programme,
        details={"month": str(month), "groups": found.groups, "changing": found.changing},
    )
    return found


def count_coming(programme: str, *, start: dt.date, until: dt.date) -> dict[dt.date, int]:
    """How many groups of the body have their next critical date on each day from start to before until."""
    days = NextCriticalDate.objects.filter(programme=programme, on__gte=start, on__lt=until)
    return dict(sorted(Counter(days.values_list("on", flat=True)).items()))
