"""What is known of one person, day by day, and how a change makes it another knowledge.

Pure. A timeline is a gapless sequence of spans, the last one open. Functions return a new timeline; which
database rows to close and which to add is the difference of the two (``difference``).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Span:
    """The same facts on the days from ``lower`` until ``upper`` (exclusive; None = until further notice).

    ``row_id`` is the database row that says so, None for a span not yet written.
    """

    lower: dt.date
    upper: dt.date | None
    facts: Facts
    row_id: int | None = None

    def __contains__(self, day: dt.date) -> bool:
        return self.lower <= day and (self.upper is None or day < self.upper)


Timeline = tuple[Span, ...]

# Items that change together. When a change reaches back before a later change of the same group, the later one
# stands: a move found out about in June does not undo the move already recorded for July.
GROUPS: tuple[frozenset[str], ...] = (
    frozenset({"family_name", "given_name", "family_kana", "given_kana", "name_key", "kana_key"}),
    frozenset({"former_family_name", "former_family_kana"}),
    frozenset({"born_on", "born_precision", "born_text"}),
    frozenset({"household_id", "relationship", "relationship_text"}),
    frozenset({"lg_code", "town_code", "town", "block", "building", "postal_code", "address_since_on"}),
    frozenset({"domicile", "domicile_head"}),
    frozenset({"nationality", "residence_status", "residence_until"}),
    frozenset({"became_resident_on", "became_resident_by"}),
    frozenset({"ended_on", "ended_by"}),
)
_GROUP_OF = {item: group for group in GROUPS for item in group}


def group_of(item: str) -> frozenset[str]:
    """The items that change together with this one; most change alone."""
    return _GROUP_OF.get(item, frozenset({item}))


def span_on(timeline: Timeline, day: dt.date) -> Span | None:
    """The span that holds on a day, or None before the first."""
    return next((span for span in timeline if day in span), None)


def change(timeline: Timeline, on: dt.date, items: Facts) -> Timeline:
    """Let items be different from a day on, until a later change of the same group.

    Raises:
        ValueError: nothing is known on that day.
    """
    origin = span_on(timeline, on)
    if origin is None:
        raise ValueError("Nothing is known of this person on that day.")
    carried = {group_of(item) for item in items}
    result: list[Span] = []
    for span in timeline:
        if span.upper is not None and span.upper <= on:
            result.append(span)
            continue
        carried -= {
            group
            for group in carried
            if any(span.facts.get(item) != origin.facts.get(item) for item in group)
        }
        changes = {item: value for item, value in items.items() if group_of(item) in carried}
        result.extend(_cut(span, on, None, changes))
    return tuple(result)


def correct(timeline: Timeline, lower: dt.date, upper: dt.date | None, items: Facts) -> Timeline:
    """Let items have been different all along between two days (``upper`` exclusive; None = to the end)."""
    result: list[Span] = []
    for span in timeline:
        result.extend(_cut(span, lower, upper, items))
    return tuple(result)


def end(timeline: Timeline, on: dt.date, by: str) -> Timeline:
    """Let somebody be no resident from a day on, whatever had been announced for later."""
    return correct(timeline, on, None, {"ended_on": on, "ended_by": by})


def begin(timeline: Timeline, on: dt.date, facts: Facts) -> Timeline:
    """Start anew on a day: what was known for later days gives way (somebody comes, or comes back)."""
    kept = [
        span if span.upper is not None and span.upper <= on else Span(span.lower, on, span.facts)
        for span in timeline
        if span.lower < on
    ]
    return (*kept, Span(on, None, facts))


def difference(before: Timeline, after: Timeline) -> tuple[list[int], list[Span]]:
    """Which rows no longer hold, and which spans have to be written."""
    kept = {span.row_id for span in after}
    closed = [span.row_id for span in before if span.row_id is not None and span.row_id not in kept]
    return closed, [span for span in after if span.row_id is None]


def is_gapless(timeline: Sequence[Span]) -> bool:
    """Whether spans follow one another without gap or overlap and the last is open."""
    if not timeline:
        return True
    ends = [span.upper for span in timeline]
    starts: list[dt.date | None] = [span.lower for span in timeline[1:]]
    return ends == [*starts, None] and all(span.upper is None or span.lower < span.upper for span in timeline)


def boundaries(timelines: Iterable[Timeline], start: dt.date) -> list[dt.date]:
    """The days from ``start`` on at which anything changes in any of the timelines, ``start`` first."""
    days = {span.lower for timeline in timelines for span in timeline if span.lower > start}
    return [start, *sorted(days)]


def _cut(span: Span, lower: dt.date, upper: dt.date | None, items: Facts) -> list[Span]:
    """Apply items to the part of a span inside the days given."""
    touched = (span.upper is None or lower < span.upper) and (upper is None or span.lower < upper)
    if not touched or all(span.facts.get(item) == value for item, value in items.items()):
        return [span]
    parts: list[Span] = []
    start, end = span.lower, span.upper
    if start < lower:
        parts.append(Span(start, lower, span.facts))
        start = lower
    if upper is not None and (end is None or upper < end):
        parts.append(Span(start, upper, {**span.facts, **items}))
        parts.append(Span(upper, end, span.facts))
    else:
        parts.append(Span(start, end, {**span.facts, **items}))
    return parts
