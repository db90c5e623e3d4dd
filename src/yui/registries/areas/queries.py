"""Reading areas. Reference data without personal data: no scope is needed and nothing is journalled."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from yui.registries.areas.contracts import AreaChangeView, AreaKind, AreaRef, ChangeKind, TownView
from yui.registries.areas.models import Area, AreaChange, Town

MUNICIPAL_KINDS = tuple(kind for kind in AreaKind if kind.is_municipality)


def _on(day: date) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    )


def to_ref(area: Area) -> AreaRef:
    """A stored area as other packages see it."""
    return AreaRef(
        code=area.code,
        kind=AreaKind(area.kind),
        name=area.name,
        kana=area.kana,
        romaji=area.romaji,
        county=area.county,
        prefecture=area.prefecture,
        city=area.city,
        parent_code=area.parent_code,
        valid_from=area.valid_from,
        valid_until=area.valid_until,
        latitude=area.latitude,
        longitude=area.longitude,
        source=area.source,
    )


def area_as_of(code: str, day: date) -> AreaRef | None:
    """The area that had this code on a day, None when none had."""
    area = Area.objects.filter(_on(day), code=code).first()
    return to_ref(area) if area else None


def find_area(code: str) -> AreaRef | None:
    """The latest area with this code, in force or not; None for a code that never was."""
    area = max(Area.objects.filter(code=code), key=lambda each: each.valid_until or date.max, default=None)
    return to_ref(area) if area else None


def get_area(code: str) -> AreaRef:
    """Like ``find_area``.

    Raises:
        LookupError: no area ever had this code.
    """
    area = find_area(code)
    if area is None:
        raise LookupError("No area has ever had this code.")
    return area


def list_areas(
    *,
    as_of: date | None = None,
    kinds: Iterable[AreaKind] | None = None,
    prefecture_code: str = "",
    codes: Iterable[str] | None = None,
) -> list[AreaRef]:
    """Areas in the order of their codes.

    Args:
        as_of: only what was in force on that day; None gives every version of every area.
        kinds: only these kinds; ``MUNICIPAL_KINDS`` for the 1,741.
        prefecture_code: only of this prefecture (six digits), the prefecture itself included.
        codes: only these codes.
    """
    areas = Area.objects.all()
    if as_of is not None:
        areas = areas.filter(_on(as_of))
    if kinds is not None:
        areas = areas.filter(kind__in=list(kinds))
    if prefecture_code:
        areas = areas.filter(code__startswith=prefecture_code[:2])
    if codes is not None:
        areas = areas.filter(code__in=list(codes))
    return [to_ref(area) for area in areas]


def find_areas_by_name(name: str, *, as_of: date, prefecture: str = "") -> list[AreaRef]:
    """Areas of this name on a day; several towns share a name, so a caller asks a person or uses the code.

    ``name`` may carry prefecture and county (香川県高松市, 吉野郡川上村).
    """
    found = Area.objects.filter(_on(as_of)).exclude(kind=AreaKind.WARD)
    if prefecture:
        found = found.filter(prefecture=prefecture)
    return [
        area
        for area in map(to_ref, found.filter(name__in={name[-length:] for length in range(2, len(name) + 1)}))
        if area.full_name.endswith(name)
    ]


def list_changes(*, code: str = "", since: date | None = None) -> list[AreaChangeView]:
    """Changes by day; only those of a code when given."""
    changes = AreaChange.objects.all()
    if code:
        changes = changes.filter(Q(predecessor_code=code) | Q(successor_code=code))
    if since:
        changes = changes.filter(effective_on__gte=since)
    return [_change_view(change) for change in changes]


def _change_view(change: AreaChange) -> AreaChangeView:
    return AreaChangeView(
        change.effective_on,
        ChangeKind(change.kind),
        change.predecessor_code,
        change.successor_code,
        change.partial,
        change.source,
    )


def successors(code: str, day: date) -> list[AreaRef]:
    """The areas in force on a day that what once was ``code`` belongs to.

    An area still in force is its own successor. A divided area has several.

    Example:
        旧 浜松市北区 (221350) on 2024-04-01 gives 中央区 and 浜名区.
    """
    return _follow(code, day, forward=True)


def predecessors(code: str, day: date) -> list[AreaRef]:
    """The areas in force on an earlier day whose territory, or part of it, is in today's ``code``."""
    return _follow(code, day, forward=False)


def _follow(code: str, day: date, *, forward: bool) -> list[AreaRef]:
    """Walk the changes between a code and a day. A code reached is reached on the day of its change."""
    near, far = ("predecessor_code", "successor_code") if forward else ("successor_code", "predecessor_code")
    reached: dict[str, date] = {code: date.min if forward else date.max}
    frontier = [code]
    while frontier:
        steps = AreaChange.objects.filter(**{f"{near}__in": frontier})
        steps = steps.filter(effective_on__lte=day) if forward else steps.filter(effective_on__gt=day)
        frontier = []
        for change in steps:
            here, there, on = getattr(change, near), getattr(change, far), change.effective_on
            in_order = on >= reached[here] if forward else on <= reached[here]
            if in_order and there not in reached:
                reached[there] = on
                frontier.append(there)
    return list_areas(as_of=day, codes=reached)


def list_towns(area_code: str) -> list[TownView]:
    """Town blocks of a municipality, by their code."""
    return [
        TownView(
            area_code=town.area_code,
            town_code=town.town_code,
            name=town.oaza + town.chome + town.koaza,
            kana=town.oaza_kana + town.chome_kana + town.koaza_kana,
            oaza=town.oaza,
            chome=town.chome,
            koaza=town.koaza,
            residential_indication=town.residential_indication,
            postal_codes=tuple(town.postal_codes.split()),
        )
        for town in Town.objects.filter(area_code=area_code)
    ]
