"""From published figures to charts: a line along time, and one value beside others."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yui.evidence.charts.forms import Axis, Chart, Columns, FigureStatus, Line, Point, Series
from yui.evidence.charts.scales import text_of
from yui.evidence.public import (
    NATION,
    Absence,
    Direction,
    Figure,
    Period,
    PeriodKind,
    Published,
    area_name,
)
from yui.registries.areas.public import find_area, list_areas


def language() -> str:
    """Of the reader."""
    return get_language() or "ja"


def words() -> dict[str, str]:
    """What drawing adds, in the reader's language."""
    return {
        "from_here": _("From here: projection"),
        "definition": _("Definition"),
        "definition_changes": _("Definition changes"),
        "no_value": _("No value"),
        "range": _("Range"),
        **{status.value: word for status, word in status_words().items()},
    }


def status_words() -> dict[FigureStatus, str]:
    """What kind of figure a value is."""
    return {
        FigureStatus.ACTUAL: _("Actual"),
        FigureStatus.ESTIMATE: _("Estimate"),
        FigureStatus.PROJECTION: _("Projection"),
        FigureStatus.TARGET: _("Target"),
    }


def absence_words() -> dict[Absence, str]:
    """Why there is no value."""
    return {
        Absence.NOT_PUBLISHED: _("Not published"),
        Absence.SUPPRESSED: _("Withheld: so few that people could be recognised"),
        Absence.MISSING: _("Missing: nobody has counted"),
        Absence.NOT_APPLICABLE: _("Not applicable"),
    }


def period_name(period: Period) -> str:
    """A period for the reader."""
    match period.kind:
        case PeriodKind.FISCAL_YEAR:
            return _("fiscal year %(year)d") % {"year": period.from_on.year}
        case PeriodKind.CALENDAR_YEAR:
            return _("year %(year)d") % {"year": period.from_on.year}
        case PeriodKind.MONTH:
            return _("%(year)d-%(month)d") % {"year": period.from_on.year, "month": period.from_on.month}
    if period.from_on == period.last_on:
        return period.from_on.isoformat()
    return _("%(first)s to %(last)s") % {"first": period.from_on, "last": period.last_on}


def place_of(period: Period) -> float:
    """Where a period stands on the axis of years."""
    if period.kind in (PeriodKind.FISCAL_YEAR, PeriodKind.CALENDAR_YEAR):
        return period.from_on.year
    return period.from_on.year + (period.from_on - dt.date(period.from_on.year, 1, 1)).days / 366


def written(value: object) -> str:
    """A value with separators, exactly as many digits as it has."""
    return f"{value:,}".replace("-", "−")


def valued(published: Published, figure: Figure) -> str:
    """A value with its unit, or why there is none."""
    if figure.value is None:
        return absence_words()[figure.absence or Absence.MISSING]
    return _with_unit(figure.value, published.definition.unit.said(language()))


def _with_unit(value: object, unit: str) -> str:
    between = " " if language().startswith("en") and unit != "%" else ""
    return f"{written(value)}{between}{unit}"


def figures_at(published: Published, area: str, *statuses: FigureStatus) -> list[Figure]:
    """The figures of an area, by time."""
    found = [
        one for one in published.figures if one.area == area and (not statuses or one.status in statuses)
    ]
    return sorted(found, key=lambda one: (one.period, one.status.value, one.vintage))


def newest(published: Published, area: str) -> Figure | None:
    """The newest figure of an area that is neither a target nor projected, with a value or without."""
    found = figures_at(published, area, FigureStatus.ACTUAL, FigureStatus.ESTIMATE)
    return found[-1] if found else None


def finding(published: Published, area: str) -> str:
    """The sentence that says what the figures show."""
    definition, name = published.definition, area_name(area, language())
    title = definition.title.said(language())
    last = newest(published, area)
    if last is None or last.value is None:
        ahead = [one for one in figures_at(published, area, FigureStatus.PROJECTION) if one.value is not None]
        if last is None and ahead:
            told = _("%(title)s in %(area)s: %(value)s projected for %(period)s (%(vintage)s)")
            return told % {
                "title": title,
                "area": name,
                "value": valued(published, ahead[-1]),
                "period": period_name(ahead[-1].period),
                "vintage": ahead[-1].vintage,
            }
        why = absence_words()[last.absence or Absence.MISSING] if last else _("No figure yet")
        return _("%(title)s in %(area)s: %(why)s") % {"title": title, "area": name, "why": why}
    first = next(one for one in figures_at(published, area, last.status) if one.value is not None)
    values = {
        "title": title,
        "area": name,
        "value": valued(published, last),
        "period": period_name(last.period),
        "before": valued(published, first),
        "then": period_name(first.period),
    }
    if first is last or first.value is None:
        return _("%(title)s in %(area)s: %(value)s in %(period)s") % values
    if last.value == first.value:
        return _("%(title)s in %(area)s: %(value)s in %(period)s, as in %(then)s") % values
    if last.value > first.value:
        return _("%(title)s in %(area)s: up from %(before)s in %(then)s to %(value)s in %(period)s") % values
    return _("%(title)s in %(area)s: down from %(before)s in %(then)s to %(value)s in %(period)s") % values


def target_sentence(published: Published, area: str) -> str:
    """How far the newest value is from the next target; empty without one."""
    last = newest(published, area)
    targets = sorted((Period.read(code), value) for code, value in published.definition.targets.items())
    if last is None or last.value is None or not targets:
        return ""
    period, value = next((one for one in targets if one[0] >= last.period), targets[-1])
    unit = published.definition.unit.said(language())
    reached = {
        Direction.HIGHER: last.value >= value,
        Direction.LOWER: last.value <= value,
        Direction.NEITHER: last.value == value,
    }[published.definition.direction]
    told = {
        "target": _with_unit(value, unit),
        "period": period_name(period),
        "gap": _with_unit(abs(value - last.value), _("points") if unit in ("%", "％") else unit),
    }
    if reached:
        return _("The target of %(target)s for %(period)s is reached.") % told
    return _("%(gap)s are lacking to the target of %(target)s for %(period)s.") % told


def line_of(editions: Sequence[Published], area: str) -> Chart | None:
    """The figures of an area along time; a new definition breaks the line. None without any value.

    Args:
        editions: the versions of one indicator, the oldest first; the last is the one the page is about.
    """
    current = editions[-1]
    known = [
        Point(
            place_of(one.period),
            None if one.value is None else float(one.value),
            one.status,
            definition=str(edition.definition.version),
        )
        for edition in editions
        for one in figures_at(edition, area, FigureStatus.ACTUAL, FigureStatus.ESTIMATE)
    ]
    series = [
        Series(area_name(area, language()), tuple(sorted(known, key=lambda one: (one.x, one.definition))))
    ]
    for vintage in sorted({one.vintage for one in current.figures if one.vintage and one.area == area}):
        ahead = [
            Point(place_of(one.period), None if one.value is None else float(one.value), one.status)
            for one in figures_at(current, area, FigureStatus.PROJECTION)
            if one.vintage == vintage
        ]
        series.append(Series(f"{_('Projection')} {vintage}", tuple(ahead)))
    aims = {Period.read(code): float(value) for code, value in current.definition.targets.items()}
    aims |= {
        one.period: float(one.value)
        for one in figures_at(current, area, FigureStatus.TARGET)
        if one.value is not None
    }
    if aims:
        points = (
            Point(place_of(period), value, FigureStatus.TARGET) for period, value in sorted(aims.items())
        )
        series.append(Series(_("Target"), tuple(points)))
    series = [one for one in series if any(point.y is not None for point in one.points)]
    if not series:
        return None
    definition = current.definition
    unit = definition.unit.said(language())
    whole = all(point.x == int(point.x) for one in series for point in one.points)
    form = Line(
        tuple(series), Axis(_("Year"), digits=0 if whole else None), Axis(unit, digits=None), zero=True
    )
    shown = _("%(question)s Line along time, with %(count)d values.")
    told = {"question": definition.question.said(language()), "count": sum(len(one.points) for one in series)}
    return Chart(finding(current, area), shown % told, form, words())


@dataclass(frozen=True)
class Compared:
    """One value beside another."""

    name: str
    figure: Figure | None


def similar_to(area: str) -> list[str]:
    """Municipalities of the same kind in the same prefecture: cities beside cities, towns beside towns."""
    own = find_area(area)
    if own is None or own.parent_code is None or not own.kind.is_municipality:
        return []
    found = list_areas(as_of=timezone.localdate(), kinds=[own.kind], prefecture_code=own.parent_code)
    return [one.code for one in found if one.code != area]


def compare(
    published: Published, everybody: Sequence[Published], area: str, similar: Sequence[str]
) -> list[Compared]:
    """The newest value of an area beside its prefecture's, the nation's and similar municipalities'.

    Only values of the same period, and of publications that mean the same, stand beside one another.
    """
    last = newest(published, area)
    own = find_area(area)
    if last is None:
        return []
    above = [own.parent_code] if own and own.parent_code else []
    same = [published, *(one for one in everybody if one.definition_sha256 == published.definition_sha256)]
    at = {
        one.area: one
        for edition in reversed(same)
        for one in edition.figures
        if one.period == last.period and one.status is last.status
    }
    codes = [area, *above, *([NATION] if area != NATION else []), *similar]
    return [Compared(area_name(code, language()), at[code]) for code in dict.fromkeys(codes) if code in at]


def without_value(compared: Sequence[Compared]) -> str:
    """Who has no value to compare, and why."""
    reasons = absence_words()
    none = [
        f"{one.name}: {reasons[one.figure.absence]}"
        for one in compared
        if one.figure is not None and one.figure.absence is not None
    ]
    return _("Without a value: %(names)s") % {"names": ", ".join(none)} if none else ""


def comparison_of(published: Published, compared: Sequence[Compared]) -> Chart | None:
    """One value beside the others as bars; None when there is nothing to compare."""
    valued_ones = [one for one in compared if one.figure is not None and one.figure.value is not None]
    if len(valued_ones) < 2 or compared[0] is not valued_ones[0]:
        return None
    definition = published.definition
    period = valued_ones[0].figure.period if valued_ones[0].figure else None
    names, values = [one.name for one in valued_ones], [float(one.figure.value) for one in valued_ones]  # type: ignore[union-attr, arg-type]
    statuses = [one.figure.status for one in valued_ones if one.figure]
    aims = sorted((Period.read(code), value) for code, value in definition.targets.items())
    aim = next((one for one in aims if period is not None and one[0] >= period), None)
    if aim is not None:
        names = [*names, _("Target (%(period)s)") % {"period": period_name(aim[0])}]
        values = [*values, float(aim[1])]
        statuses.append(FigureStatus.TARGET)
    rank = sum(value > values[0] for value in values[1 : len(valued_ones)])
    told = {
        "title": definition.title.said(language()),
        "own": names[0],
        "more": rank,
        "others": len(valued_ones) - 1,
        "period": period_name(period) if period else "",
    }
    title = _("%(title)s, %(period)s: %(more)d of %(others)d others are higher than %(own)s") % told
    form = Columns(
        tuple(names),
        {definition.unit.said(language()): tuple(values)},
        Axis(definition.unit.said(language())),
        across=True,
        status=tuple(statuses) if aim is not None else (),
    )
    described = "、".join(f"{name} {text_of(value)}" for name, value in zip(names, values, strict=True))
    return Chart(title, described, form, words())
