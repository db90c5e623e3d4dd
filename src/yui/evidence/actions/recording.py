"""Taking over figures: checked, small counts withheld, computed by the rule, kept with what they were computed from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from yui.engines.projection.public import ProjectionError, Release, Series, check_figure
from yui.evidence.apps import RECORD
from yui.evidence.charts.forms import FigureStatus
from yui.evidence.contracts import (
    NATION,
    Absence,
    DataRow,
    Definition,
    EvidenceRefused,
    Figure,
    Query,
    Recorded,
    Vintage,
)
from yui.evidence.models import Observation, ProjectionVintage, Snapshot
from yui.evidence.queries import definition_row, list_figures, list_vintages
from yui.evidence.recomputing import Key, RuleError, figures_of, read_rows, sha256, write_rows
from yui.evidence.stored import definition_of, plain_row
from yui.evidence.suppression import withheld
from yui.kernel.access.public import current_actor, require
from yui.kernel.journal.public import record
from yui.kernel.text.public import Message, gettext_noop
from yui.registries.areas.public import AreaKind, find_area

_LARGEST = Decimal(10) ** 15


def record_figures(
    code: str, rows: Iterable[DataRow], *, query: Query, version: int | None = None
) -> Recorded:
    """Take over rows of one indicator: all of them, or none.

    What is known already is passed over; another value of a known figure is a correction, and both are kept. Small
    counts of people never reach the database.

    Args:
        query: how the rows were come by.
        version: of the definition; the newest when left out.

    Raises:
        EvidenceRefused: a row cannot be kept.
        UnknownFigure: there is no such definition.
        PermissionRefused: ``evidence.figure.record`` is missing.
    """
    require(RECORD)
    return keep(code, list(rows), query=query, version=version)


def keep(code: str, rows: Sequence[DataRow], *, query: Query, version: int | None) -> Recorded:
    """What :func:`record_figures` does for whoever was allowed to."""
    known_row = definition_row(code, version)
    definition = definition_of(known_row)
    for row in rows:
        if (fault := find_fault(definition, row)) is not None:
            raise EvidenceRefused(fault)
    _check_whole(definition, rows)
    told, hidden = _without_small_counts(definition, rows)
    content = write_rows([plain_row(row) for row in told], definition.columns)
    try:
        computed = figures_of(definition.formula, definition.digits, read_rows(content))
    except RuleError as error:
        raise EvidenceRefused(
            Message(
                "not_computed", gettext_noop("No figure comes of these rows: %(why)s"), {"why": str(error)}
            )
        ) from None
    first = {_key(row): row for row in reversed(told)}
    known = {
        figure.key: figure
        for figure in list_figures(code, version=definition.version, areas={row.area for row in told})
    }
    vintages = {one.code: one for one in list_vintages()}
    new: list[tuple[DataRow, Decimal | None, str]] = []
    for key, (text, absence) in computed.items():
        row, value = first[key], None if text is None else Decimal(text)
        if value is not None and abs(value) >= _LARGEST:
            raise EvidenceRefused(
                Message("too_large", gettext_noop("A figure of %(area)s is too large."), {"area": row.area})
            )
        if row.status is FigureStatus.PROJECTION:
            _guard(definition, row, value, vintages, known.get(key))
        if not _same(known.get(key), row, value, absence, query):
            new.append((row, value, absence))
    digest = sha256(content)
    if new:
        snapshot, _made = Snapshot.objects.get_or_create(sha256=digest, defaults={"content": content})
        ids = dict(ProjectionVintage.objects.values_list("code", "pk"))
        Observation.objects.bulk_create(
            Observation(
                definition=known_row,
                area_code=row.area,
                period_kind=row.period.kind.value,
                period_from=row.period.from_on,
                period_until=row.period.until_on,
                status=row.status.value,
                vintage_id=ids[row.vintage] if row.vintage else None,
                value=value,
                absence=absence,
                source=row.source,
                retrieved_on=row.retrieved_on,
                snapshot=snapshot,
                query_name=query.name,
                query_version=query.version,
                recorded_by=current_actor().public_id,
            )
            for row, value, absence in new
        )
        record(
            "evidence.figures.recorded",
            object_kind="definition",
            object_id=f"{code}/{definition.version}",
            details={"figures": len(new), "withheld": hidden, "query": f"{query.name} {query.version}"},
        )
    return Recorded(len(new), len(computed) - len(new), hidden, digest)


def _same(known: Figure | None, row: DataRow, value: Decimal | None, absence: str, query: Query) -> bool:
    """Whether a row tells nothing new; having looked again later is nothing new."""
    return known is not None and (
        (known.value, known.absence.value if known.absence else "", known.source, known.query)
        == (value, absence, row.source, query)
    )


def _key(row: DataRow) -> Key:
    return row.area, row.period.code, row.status.value, row.vintage


def find_fault(definition: Definition, row: DataRow) -> Message | None:
    """Why a row cannot be kept, or None."""
    if row.area != NATION and find_area(row.area) is None:
        return Message("no_area", gettext_noop("No area has ever had the code %(area)s."), {"area": row.area})
    if row.period.from_on < definition.valid_from:
        told = gettext_noop("Version %(version)d is about no time before %(day)s; use the version before it.")
        return Message("too_early", told, {"version": definition.version, "day": str(definition.valid_from)})
    if not row.source.strip():
        return Message("no_source", gettext_noop("Say where the figure is from."))
    if (row.status is FigureStatus.PROJECTION) != bool(row.vintage):
        told = gettext_noop("A projection names its release, and nothing else does.")
        return Message("vintage_or_not", told)
    if row.absence is not None:
        if row.inputs:
            told = gettext_noop("A row has a value, or a reason why there is none; not both.")
            return Message("value_and_absence", told)
        return None
    if set(row.inputs) != set(definition.columns):
        told = gettext_noop(
            "Give a value in each of: %(columns)s. Nothing is not nought: say why there is none."
        )
        return Message("inputs", told, {"columns": ", ".join(definition.columns)})
    if any(
        value < 0 or value != int(value) for name, value in row.inputs.items() if name in definition.people
    ):
        return Message("no_count", gettext_noop("People are counted in whole numbers."))
    return None


def _check_whole(definition: Definition, rows: Sequence[DataRow]) -> None:
    """Refuses a table of people that comes in pieces: a total told later would give a withheld part away."""
    if not definition.fewest:
        return
    given, known = defaultdict[tuple[str, ...], set[str]](set), defaultdict[tuple[str, ...], set[str]](set)
    for row in rows:
        area, *table = _key(row)
        given[tuple(table)].add(area)
    for figure in list_figures(definition.code, version=definition.version):
        area, *table = figure.key
        known[tuple(table)].add(area)
    for of, areas in given.items():
        if of in known and known[of] != areas:
            told = gettext_noop(
                "Figures of people come as whole tables; those for %(period)s must be of the same areas as before."
            )
            raise EvidenceRefused(Message("pieces_of_people", told, {"period": of[0]}))


def _without_small_counts(definition: Definition, rows: Sequence[DataRow]) -> tuple[list[DataRow], int]:
    """The rows that may be told; in the place of the others, that they are not."""
    if not definition.fewest:
        return list(rows), 0
    if len({_key(row) for row in rows}) < len(rows):
        told = gettext_noop("Where people are counted, each figure has one row; its parts could be small.")
        raise EvidenceRefused(Message("parts_of_people", told))
    counts = {
        _key(row): [int(row.inputs[name]) for name in definition.people]
        for row in rows
        if row.absence is None
    }
    hidden = withheld(counts, _totals(counts), fewest=definition.fewest)
    return [
        replace(row, inputs={}, absence=Absence.SUPPRESSED) if _key(row) in hidden else row for row in rows
    ], len(hidden)


def _totals(keys: Iterable[Key]) -> dict[Key, list[Key]]:
    """Areas that are made of others: a prefecture of its municipalities, a city of its wards, all of the nation."""
    parents: dict[str, str] = {}
    totals: dict[Key, list[Key]] = {}
    for area, period, status, vintage in keys:
        if area not in parents:
            found = None if area == NATION else find_area(area)
            above = found.parent_code if found else None
            parents[area] = above or (NATION if found and found.kind is AreaKind.PREFECTURE else "")
        if parents[area]:
            above_all = (parents[area], period, status, vintage)
            totals.setdefault(above_all, []).append((area, period, status, vintage))
    return totals


def _guard(
    definition: Definition,
    row: DataRow,
    value: Decimal | None,
    vintages: dict[str, Vintage],
    known: Figure | None,
) -> None:
    """Refuses a projection of an unknown release, and a value that the release named does not say."""
    vintage = vintages.get(row.vintage)
    if vintage is None:
        told = gettext_noop("No release %(vintage)s of a projection is known; register it first.")
        raise EvidenceRefused(Message("no_vintage", told, {"vintage": row.vintage}))
    if value is None:
        return
    held = _series(definition, row, vintage)
    if row.period.from_on.year not in held.values:
        if known is not None and known.value is not None and known.value != value:
            told = gettext_noop(
                "%(vintage)s said %(known)s for %(period)s; a release does not change. Register the other one."
            )
            words = {"vintage": vintage.name, "known": str(known.value), "period": row.period.code}
            raise EvidenceRefused(Message("vintage_twice", told, dict(words)))
        return
    others = [_series(definition, row, one) for one in vintages.values() if one is not vintage]
    scale = 10**definition.digits
    try:
        check_figure(held, row.period.from_on.year, float(value * scale))
    except ProjectionError:
        year = row.period.from_on.year
        owner = next(
            (
                one.release.name
                for one in others
                if year in one.values and abs(one.values[year] - float(value * scale)) <= 0.5
            ),
            "",
        )
        told = (
            gettext_noop("%(value)s for %(period)s is not what %(vintage)s says; it is a value of %(owner)s.")
            if owner
            else gettext_noop("%(value)s for %(period)s is not what %(vintage)s says.")
        )
        words = {"value": str(value), "period": row.period.code, "vintage": vintage.name, "owner": owner}
        raise EvidenceRefused(Message("other_vintage", told, dict(words))) from None


def _series(definition: Definition, row: DataRow, vintage: Vintage) -> Series:
    """What a release says of an indicator and area, by year, in units of the last digit."""
    release = Release(vintage.name, vintage.variant, vintage.base_on.year, vintage.population)
    values = vintage.figures.get(definition.code, {}).get(row.area, {})
    scale = 10**definition.digits
    years = {int(period.removeprefix("FY")[:4]): float(value * scale) for period, value in values.items()}
    return Series(release, row.area, definition.code, years)
