"""Finding people: by what a clerk types, by age, and counting them."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yui.kernel.calendar.public import PartialDate
from yui.kernel.text.public import search_key
from yui.registries.people.contracts import FoundResident, Refusal, Sex
from yui.registries.people.models import Person, ResidentRecord
from yui.registries.people.queries.visibility import (
    hidden_person_ids,
    journal_hidden,
    journal_reads,
    records_at,
    split_visible,
    views_of,
)
from yui.registries.people.texts import refuse

_LAST = chr(0x10FFFF)
# More candidates than are shown are ranked, so that the best of a common name come first.
_CANDIDATES = 500


def search_residents(
    *,
    name: str = "",
    kana: str = "",
    born_on: dt.date | PartialDate | None = None,
    address: str = "",
    person_number: str = "",
    sex: Sex | None = None,
    include_former: bool = False,
    as_of: dt.date | None = None,
    limit: int = 50,
    reason: str,
    legal_ground: str = "",
) -> list[FoundResident]:
    """Residents that fit everything given, best first.

    Name and reading are compared folded (variants, width, spaces, hiragana make no difference): whole, then by
    beginning, then by any part. A partly unknown day of birth finds everybody it could be.

    Raises:
        ResidentChangeRefused: nothing was given (``NOBODY``).
    """
    name_key, kana_key, address = search_key(name), search_key(kana), address.strip()
    if not (name_key or kana_key or born_on or address or person_number):
        refuse(Refusal.NOBODY)
    rows = records_at(as_of, None)
    if not include_former:
        rows = rows.filter(ended_on__isnull=True)
    if sex is not None:
        rows = rows.filter(sex=sex.value)
    if person_number:
        rows = rows.filter(person__person_number=person_number)
    if born_on is not None:
        rows = _born(rows, born_on if isinstance(born_on, PartialDate) else PartialDate.of(born_on))
    for part in address.split():
        rows = rows.filter(Q(town__contains=part) | Q(block__contains=part) | Q(building__contains=part))
    found = list(_prefixed(rows, name_key, kana_key)[:_CANDIDATES])
    if len(found) < limit and (name_key or kana_key):
        known = {row.pk for row in found}
        within = rows.filter(name_key__contains=name_key, kana_key__contains=kana_key)
        found += [row for row in within[:_CANDIDATES] if row.pk not in known]
    visible, hidden = split_visible(found)
    journal_hidden(hidden, reason=reason, legal_ground=legal_ground)
    scored = sorted(
        ((_score(row, name_key, kana_key), row) for row in visible),
        key=lambda pair: (-pair[0], pair[1].kana_key, pair[1].born_on or dt.date.min, pair[1].person_id),
    )[:limit]
    journal_reads(
        "people.resident.listed",
        (row.person.public_id for _, row in scored),
        reason=reason,
        legal_ground=legal_ground,
    )
    views = views_of([row for _, row in scored])
    return [FoundResident(resident=view, score=score) for view, (score, _) in zip(views, scored, strict=True)]


def list_persons_born(
    *, born_from: dt.date, born_until: dt.date, as_of: dt.date | None = None
) -> list[tuple[UUID, PartialDate]]:
    """Residents born in a range of days (until exclusive), for sweeps over birthdays and school cohorts.

    Only ids and days of birth are given out, so no entry per person is made; a sweep journals itself. Somebody
    whose day of birth is partly unknown is listed when it could lie in the range. Protected persons are left out
    unless the sweep may see them.
    """
    from yui.registries.people.mapping import partial_date

    # A date of which only the year is known starts at most a year before the range.
    rows = (
        records_at(as_of, None)
        .filter(ended_on__isnull=True, born_on__lt=born_until, born_on__gt=born_from - dt.timedelta(days=366))
        .exclude(person_id__in=hidden_person_ids())
        .order_by("born_on", "person_id")
        .values_list("person__public_id", "born_on", "born_precision")
    )
    found = ((person, partial_date(day, precision)) for person, day, precision in rows)
    return [(person, born) for person, born in found if born.latest() >= born_from]


def list_persons_by_number(numbers: Iterable[str]) -> dict[str, UUID]:
    """Public ids by person number, for files that name people by number; ids only, so no entry per person is made.

    Numbers that are unknown here, or of persons whom the reader must not find, are left out.
    """
    rows = Person.objects.filter(person_number__in=list(numbers)).exclude(pk__in=hidden_person_ids())
    return dict(rows.values_list("person_number", "public_id"))


def list_persons_attaining(
    *, age: int, from_on: dt.date, until_on: dt.date, as_of: dt.date | None = None
) -> list[tuple[UUID, PartialDate]]:
    """Residents whose birthday number ``age`` lies in a range of days (until exclusive).

    Somebody born on 29 February has it on 1 March of a common year. For ages in the sense of the law, which are
    attained the day before, shift the range by a day.
    """
    earliest = min(_same_day(from_on, -age), from_on - dt.timedelta(days=round(365.25 * age) + 1))
    latest = _same_day(until_on, -age) + dt.timedelta(days=2)
    persons = list_persons_born(born_from=earliest, born_until=latest, as_of=as_of)
    return [
        (person, born)
        for person, born in persons
        if _birthday(born.earliest(), age) < until_on and _birthday(born.latest(), age) >= from_on
    ]


def count_residents(*, as_of: dt.date | None = None, known_at: dt.datetime | None = None) -> int:
    """How many residents there are; protected persons count only for readers who may see them."""
    return (
        records_at(as_of, known_at)
        .filter(ended_on__isnull=True)
        .exclude(person_id__in=hidden_person_ids())
        .aggregate(number=Count("person_id"))["number"]
    )


def count_households(*, as_of: dt.date | None = None) -> int:
    """How many households somebody lives in; those of only protected persons count for who may see them."""
    return (
        records_at(as_of, None)
        .filter(ended_on__isnull=True)
        .exclude(person_id__in=hidden_person_ids())
        .aggregate(number=Count("household_id", distinct=True))["number"]
    )


def _prefixed(rows: QuerySet[ResidentRecord], name_key: str, kana_key: str) -> QuerySet[ResidentRecord]:
    if name_key:
        rows = rows.filter(name_key__gte=name_key, name_key__lt=name_key + _LAST)
    if kana_key:
        rows = rows.filter(kana_key__gte=kana_key, kana_key__lt=kana_key + _LAST)
    return rows


def _born(rows: QuerySet[ResidentRecord], born: PartialDate) -> QuerySet[ResidentRecord]:
    """Everybody whose day of birth, as far as known on both sides, can be the one asked for."""
    if born.year is None:
        return rows
    earliest, latest = born.earliest(), born.latest()
    month_start = earliest.replace(day=1)
    year_start = earliest.replace(month=1, day=1)
    return rows.filter(
        Q(born_on__range=(earliest, latest))
        | Q(born_on=month_start, born_precision="m")
        | Q(born_on=year_start, born_precision="y")
    )


def _score(row: ResidentRecord, name_key: str, kana_key: str) -> int:
    score = 0
    for wanted, has in ((name_key, row.name_key), (kana_key, row.kana_key)):
        if wanted:
            score += 100 if has == wanted else 60 if has.startswith(wanted) else 20
    if row.ended_on is not None:
        score -= 10
    return score


def _same_day(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 2, 28)


def _birthday(born: dt.date, age: int) -> dt.date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return dt.date(born.year + age, 3, 1)
