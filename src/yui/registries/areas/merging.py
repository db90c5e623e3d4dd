"""How new facts about areas are laid over known ones. Pure: rows in, rows out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from yui.registries.areas.contracts import AreaRef

# Who is believed where two sources spell a name differently; a source not listed comes last.
_TRUST = ("デジタル庁", "浜松市", "総務省", "日本郵便")


def _trust(source: str) -> int:
    return next((rank for rank, name in enumerate(_TRUST) if source.startswith(name)), len(_TRUST))


@dataclass
class Plan:
    """What would change.

    Attributes:
        versions: every version of every code that was touched, oldest first; replaces what is stored.
        added: versions that were not there.
        changed: versions whose facts differ.
        unchanged: versions told again.
        contradictions: codes whose spans contradict one another; nothing is changed for them.
    """

    versions: dict[str, list[AreaRef]] = field(default_factory=dict)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    contradictions: list[str] = field(default_factory=list)


def lay_over(known: Iterable[AreaRef], told: Iterable[AreaRef], *, past: bool = False) -> Plan:
    """Lay what a file tells over what is known.

    A day that is not known (None) never replaces a known one, an empty reading never a filled one, and a name
    is replaced only by a source that is trusted at least as much.

    Args:
        known: the stored versions of the codes concerned.
        told: versions that the file tells.
        past: the file tells how the areas of today came to be: its last version of a code is the one in
            force. Otherwise it is news: another name from a later day on ends the version before it.
    """
    before: dict[str, list[AreaRef]] = defaultdict(list)
    for area in sorted(known, key=_start):
        before[area.code].append(area)
    plan = Plan()
    touched: dict[str, list[AreaRef]] = {}
    for area in sorted(told, key=lambda area: (area.code, _start(area))):
        versions = touched.get(area.code, before.get(area.code, []))
        if area.valid_until is None and _has_ended(versions, None if past else area.valid_from):
            plan.contradictions.append(area.code)  # told as in force, known as ended: an old file
            continue
        touched[area.code] = _insert(versions, area, past)
    for code, versions in touched.items():
        if _contradict(versions):
            plan.contradictions.append(code)
            continue
        old = before.get(code, [])
        new = [area for area in versions if area not in old]
        added = max(0, len(versions) - len(old))
        plan.added += added
        plan.changed += len(new) - added
        plan.unchanged += len(versions) - len(new)
        if new:
            plan.versions[code] = versions
    return plan


def _start(area: AreaRef) -> date:
    return area.valid_from or date.min


def _has_ended(versions: list[AreaRef], begun: date | None) -> bool:
    """Tell whether no version is in force, so that one told as in force must begin after their end."""
    ends = [area.valid_until for area in versions if area.valid_until is not None]
    return bool(ends) and len(ends) == len(versions) and (begun is None or begun < max(ends))


def _insert(versions: list[AreaRef], told: AreaRef, past: bool) -> list[AreaRef]:
    same = _same_version(versions, told, past)
    if same is not None:
        return sorted([_merge(same, told) if area is same else area for area in versions], key=_start)
    ended = [
        replace(area, valid_until=told.valid_from)
        if told.valid_until is None and area.valid_until is None and told.valid_from
        else area
        for area in versions
    ]
    return sorted([*ended, told], key=_start)


def _same_version(versions: list[AreaRef], told: AreaRef, past: bool) -> AreaRef | None:
    """The stored version that a told one is about, None when it is a version of its own."""
    in_force = next((area for area in versions if area.valid_until is None), None)
    if told.valid_until is None:
        if in_force is None or past or told.valid_from is None:
            return in_force
        is_later = in_force.valid_from is None or told.valid_from > in_force.valid_from
        return None if is_later and in_force.name != told.name else in_force
    for area in versions:
        if area.valid_from == told.valid_from and area.valid_until == told.valid_until:
            return area
        if area.valid_until is not None and area.name == told.name and _meets(area, told):
            return area
    ends = not past and in_force is not None and in_force.name == told.name
    return in_force if ends else None


def _meets(one: AreaRef, other: AreaRef) -> bool:
    return _start(one) < (other.valid_until or date.max) and _start(other) < (one.valid_until or date.max)


def _merge(known: AreaRef, told: AreaRef) -> AreaRef:
    leads = _trust(told.source) <= _trust(known.source)
    first, second = (told, known) if leads else (known, told)
    return replace(
        first,
        kana=first.kana or second.kana,
        romaji=first.romaji or second.romaji,
        county=first.county or second.county,
        parent_code=first.parent_code or second.parent_code,
        valid_from=first.valid_from or second.valid_from,
        valid_until=first.valid_until or second.valid_until,
        latitude=first.latitude if first.latitude is not None else second.latitude,
        longitude=first.longitude if first.longitude is not None else second.longitude,
    )


def _contradict(versions: list[AreaRef]) -> bool:
    return any(
        before.valid_until is None or _start(after) < before.valid_until
        for before, after in pairwise(versions)
    )
