"""The ride record of a duty (乗務記録) and the report of a day (運行日報), from what was noted.

Amounts are those that were settled: the sum of a day's ride records is its report, and the sum of its settlements.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from yui.services.transit.contracts import DutyAct
from yui.services.transit.models import Accident, Duty, DutyNote, RollCallRecord


@dataclass(frozen=True)
class Sums:
    """What was carried and taken.

    Attributes:
        rides: bookings that were brought to their end.
        riders: people of them.
        unpriced: rides that ended without a fare that could be worked out.
        yen_by_means: what was settled, by how it was paid.
        distance_km: by the cars' meters; None when a call without a reading leaves it unknown.
        minutes: on duty, breaks included.
    """

    rides: int
    riders: int
    wheelchairs: int
    no_shows: int
    unpriced: int
    yen_by_means: Mapping[str, int]
    distance_km: int | None
    minutes: int
    break_minutes: int

    @property
    def yen(self) -> int:
        """Everything that was settled."""
        return sum(self.yen_by_means.values())


@dataclass(frozen=True)
class TripLog:
    """One duty as it went.

    Attributes:
        began_at: of the roll call before it, else as it was planned.
        ended_at: of the roll call after it; None while there is none.
        notes: in the order in which things happened.
    """

    duty: Duty
    calls: Sequence[RollCallRecord]
    notes: Sequence[DutyNote]
    accidents: Sequence[Accident]
    began_at: dt.datetime
    ended_at: dt.datetime | None
    sums: Sums


def trip_logs(duties: Iterable[Duty]) -> list[TripLog]:
    """The ride records of some duties, in their order."""
    found = list(duties)
    calls: dict[int, list[RollCallRecord]] = {}
    notes: dict[int, list[DutyNote]] = {}
    for call in RollCallRecord.objects.filter(duty__in=found).order_by("at", "pk"):
        calls.setdefault(call.duty_id, []).append(call)
    for note in DutyNote.objects.filter(duty__in=found).order_by("at", "pk"):
        notes.setdefault(note.duty_id, []).append(note)
    newest = Accident.objects.order_by("public_id", "-recorded_at", "-pk").distinct("public_id")
    accidents: dict[int, list[Accident]] = {}
    for accident in Accident.objects.filter(pk__in=newest.values("pk"), duty__in=found).order_by("at", "pk"):
        accidents.setdefault(accident.duty_id, []).append(accident)
    return [
        _trip_log(duty, calls.get(duty.pk, []), notes.get(duty.pk, []), accidents.get(duty.pk, []))
        for duty in found
    ]


def day_report(service: str, day: dt.date) -> list[TripLog]:
    """The ride records of a service's duties that began on a day."""
    begins = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    ends = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    rows = Duty.objects.filter(service=service, from_at__gte=begins, from_at__lt=ends)
    return trip_logs(rows.select_related("driver", "vehicle").order_by("from_at", "pk"))


def _trip_log(
    duty: Duty, calls: list[RollCallRecord], notes: list[DutyNote], accidents: list[Accident]
) -> TripLog:
    before = [call for call in calls if not call.after]
    after = [call for call in calls if call.after]
    began_at = before[-1].at if before else duty.from_at
    ended_at = after[-1].at if after else None
    sums = _sums_of(
        [note for note in notes if not note.refused],
        distance_km=distance_km(before, after),
        minutes=int(((ended_at or duty.until_at) - began_at).total_seconds() // 60),
    )
    return TripLog(duty, calls, notes, accidents, began_at, ended_at, sums)


def distance_km(before: Sequence[RollCallRecord], after: Sequence[RollCallRecord]) -> int | None:
    """What the meter showed more after a duty than before it; None when it was not read both times."""
    first = before[-1].odometer_km if before else None
    last = after[-1].odometer_km if after else None
    return last - first if first is not None and last is not None and last >= first else None


def _sums_of(notes: Sequence[DutyNote], *, distance_km: int | None, minutes: int) -> Sums:
    ended = [note for note in notes if note.act == DutyAct.ALIGHTED]
    takings: Counter[str] = Counter()
    for note in ended:
        takings[note.means] += note.due_yen or 0
    return Sums(
        rides=len(ended),
        riders=sum(note.party for note in ended),
        wheelchairs=sum(note.wheelchairs for note in ended),
        no_shows=sum(note.act == DutyAct.NO_SHOW for note in notes),
        unpriced=sum(note.due_yen is None for note in ended),
        yen_by_means={means: yen for means, yen in sorted(takings.items()) if yen},
        distance_km=distance_km,
        minutes=minutes,
        break_minutes=_break_minutes(notes),
    )


def _break_minutes(notes: Sequence[DutyNote]) -> int:
    rested, begun = dt.timedelta(), None
    for note in notes:
        if note.act == DutyAct.BREAK_BEGUN:
            begun = note.at
        elif note.act == DutyAct.BREAK_ENDED and begun is not None:
            rested, begun = rested + (note.at - begun), None
    return int(rested.total_seconds() // 60)


def added_up(parts: Iterable[Sums]) -> Sums:
    """The sum of some; a distance is known only where each is."""
    found = list(parts)
    takings: Counter[str] = Counter()
    for one in found:
        takings.update(one.yen_by_means)
    distances = [one.distance_km for one in found if one.distance_km is not None]
    return Sums(
        rides=sum(one.rides for one in found),
        riders=sum(one.riders for one in found),
        wheelchairs=sum(one.wheelchairs for one in found),
        no_shows=sum(one.no_shows for one in found),
        unpriced=sum(one.unpriced for one in found),
        yen_by_means=dict(sorted(takings.items())),
        distance_km=sum(distances) if len(distances) == len(found) else None,
        minutes=sum(one.minutes for one in found),
        break_minutes=sum(one.break_minutes for one in found),
    )
