"""One change of the resident record in the making: what is locked, known before, meant to be known after."""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import DateTimeField, F, Func, Max, Value
from django.utils import timezone

from yui.kernel.access.public import current_actor
from yui.kernel.jobs.public import publish
from yui.kernel.journal.public import EntryDraft, record_many
from yui.kernel.tenancy.public import current_body
from yui.registries.people import rules
from yui.registries.people.actions.numbers import next_number
from yui.registries.people.contracts import ChangeWarning, EventKind, EventView, Refusal, Relationship
from yui.registries.people.mapping import event_views, row_of, span_of
from yui.registries.people.models import Household, Person, ResidentEvent, ResidentRecord
from yui.registries.people.queries.visibility import RESIDENT_REGISTER_LAW, hidden_person_ids
from yui.registries.people.texts import refuse
from yui.registries.people.timeline import Span, Timeline, boundaries, difference, span_on

EVENT_CODES: Mapping[EventKind, str] = {
    EventKind.BIRTH: "resident.birth.recorded",
    EventKind.DEATH: "resident.death.recorded",
    EventKind.MOVE_IN: "resident.move_in.recorded",
    EventKind.MOVE_OUT: "resident.move_out.recorded",
    EventKind.MOVE_WITHIN: "resident.move_within.recorded",
    EventKind.HOUSEHOLD_CHANGE: "resident.household.changed",
    EventKind.CORRECTION: "resident.record.corrected",
    EventKind.CANCELLATION: "resident.record.cancelled",
}

LEGAL_GROUNDS: Mapping[EventKind, str] = {
    EventKind.BIRTH: "住民基本台帳法施行令12条2項1号",
    EventKind.DEATH: "住民基本台帳法施行令12条2項1号",
    EventKind.MOVE_IN: "住民基本台帳法22条",
    EventKind.MOVE_OUT: "住民基本台帳法24条",
    EventKind.MOVE_WITHIN: "住民基本台帳法23条",
    EventKind.HOUSEHOLD_CHANGE: "住民基本台帳法25条",
    EventKind.CORRECTION: "住民基本台帳法施行令12条3項",
    EventKind.CANCELLATION: "住民基本台帳法施行令12条3項",
}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What every change has in common.

    Attributes:
        key: names the form that was sent; the same key does nothing twice. Empty: no protection.
        seen: versions of the persons and households as the clerk saw them.
        content: everything else that was asked for, to tell a repetition from another request.
    """

    kind: EventKind
    effective_on: dt.date
    notified_on: dt.date | None = None
    reason: str = ""
    destination: str = ""
    key: str = ""
    seen: Mapping[UUID, int] | None = None
    content: Any = None

    @property
    def digest(self) -> bytes:
        """A fingerprint of the request without the versions seen."""
        asked = [self.kind, self.effective_on, self.notified_on, self.reason, self.destination, self.content]
        return hashlib.sha256(json.dumps(asked, default=_plain, sort_keys=True).encode()).digest()


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)


@dataclass
class Draft:
    """The working copy that an action's plan changes; ``write`` makes it fact."""

    request: Request
    today: dt.date
    body_code: str
    persons: dict[int, Person] = field(default_factory=dict)
    households: dict[int, Household] = field(default_factory=dict)
    before: dict[int, Timeline] = field(default_factory=dict)
    after: dict[int, Timeline] = field(default_factory=dict)
    subjects: list[int] = field(default_factory=list)
    warnings: set[ChangeWarning] = field(default_factory=set)
    cancels: ResidentEvent | None = None
    check_composition: bool = True

    @property
    def on(self) -> dt.date:
        """The day the change takes effect."""
        return self.request.effective_on

    # Looking

    def person(self, public_id: UUID) -> Person:
        """A locked person by public id."""
        found = next((person for person in self.persons.values() if person.public_id == public_id), None)
        if found is None:
            refuse(Refusal.UNKNOWN_PERSON)
        return found

    def household(self, public_id: UUID) -> Household:
        """A locked household by public id."""
        found = next((home for home in self.households.values() if home.public_id == public_id), None)
        if found is None:
            refuse(Refusal.UNKNOWN_HOUSEHOLD)
        return found

    def resident_span(self, person: Person, day: dt.date | None = None) -> Span:
        """What is known of a resident on a day (the day of the change when None)."""
        span = span_on(self.after[person.pk], day or self.on)
        if span is None or span.facts["ended_on"] is not None:
            refuse(Refusal.NOT_RESIDENT)
        return span

    def members_on(self, household: Household) -> dict[int, Span]:
        """Residents of a household on the day of the change, as the draft stands; locks them."""
        ids = set(
            ResidentRecord.objects.filter(
                household=household, recorded__upper_inf=True, ended_on__isnull=True, valid__contains=self.on
            ).values_list("person_id", flat=True)
        )
        self.lock_ids(ids - set(self.persons))
        found: dict[int, Span] = {}
        for person_id, timeline in self.after.items():
            span = span_on(timeline, self.on)
            if span and span.facts["household_id"] == household.pk and span.facts["ended_on"] is None:
                found[person_id] = span
        return found

    # Locking

    def lock(self, persons: Iterable[UUID], households: Iterable[UUID]) -> None:
        """Lock households, then persons, each in the order of their ids, and read what is known.

        Whoever changes somebody's place in a household locks that household first, so its members stand still
        while it is looked at, and two clerks wait for one another instead of blocking each other for good.
        """
        seen = set(self.request.seen or {})
        wanted, homes = set(persons), set(households)
        ids = dict(Person.objects.filter(public_id__in=wanted | seen).values_list("public_id", "pk"))
        if wanted - set(ids):
            refuse(Refusal.UNKNOWN_PERSON)
        home_ids = dict(Household.objects.filter(public_id__in=homes | seen).values_list("public_id", "pk"))
        if homes - set(home_ids):
            refuse(Refusal.UNKNOWN_HOUSEHOLD)
        self._lock_households(set(home_ids.values()) | self._homes_of(ids.values()))
        self.lock_ids(set(ids.values()))
        # Somebody may have changed household between the look and the lock.
        self._lock_households(self._homes_of(ids.values()) - set(self.households))

    def _homes_of(self, person_ids: Iterable[int]) -> set[int]:
        rows = ResidentRecord.objects.filter(person_id__in=list(person_ids), recorded__upper_inf=True)
        return set(
            rows.exclude(valid__fully_lt=DateRange(self.on, None)).values_list("household_id", flat=True)
        )

    def lock_ids(self, ids: set[int]) -> None:
        """Lock more persons."""
        for person in Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"):
            self.persons[person.pk] = person
            self.before[person.pk] = self.after[person.pk] = ()
        rows = ResidentRecord.objects.filter(person_id__in=ids, recorded__upper_inf=True).order_by("valid")
        for row in rows:
            self.before[row.person_id] = self.after[row.person_id] = (
                *self.before[row.person_id],
                span_of(row),
            )

    def _lock_households(self, ids: set[int]) -> None:
        for home in Household.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"):
            self.households[home.pk] = home

    def check_seen(self) -> None:
        """Refuse when what the clerk looked at has changed since."""
        known = {str(person.public_id): person.version for person in self.persons.values()}
        known |= {str(home.public_id): home.version for home in self.households.values()}
        seen = {str(key): version for key, version in (self.request.seen or {}).items()}
        rules.check_seen(seen, known)

    # Changing

    def new_person(self, person_number: str = "") -> Person:
        """Register somebody of whom the body has no record yet."""
        if person_number and Person.objects.filter(person_number=person_number).exists():
            refuse(Refusal.NUMBER_TAKEN, "person_number")
        person = Person.objects.create(person_number=person_number or next_number(Person, "person_number"))
        self.persons[person.pk] = person
        self.before[person.pk] = self.after[person.pk] = ()
        return person

    def new_household(self, household_number: str = "") -> Household:
        """Register a household."""
        if household_number and Household.objects.filter(household_number=household_number).exists():
            refuse(Refusal.NUMBER_TAKEN, "household_number")
        number = household_number or next_number(Household, "household_number")
        home = Household.objects.create(household_number=number)
        self.households[home.pk] = home
        return home

    def put(self, person: Person, timeline: Timeline) -> None:
        """Let a person's timeline be another one."""
        self.after[person.pk] = timeline

    # Writing

    def write(self) -> EventView:
        """Close what no longer holds, add what does, count versions, journal and tell.

        Raises:
            ResidentChangeRefused: nothing would change, a household would have no head or two, or somebody
                changed the same record at the same time.
        """
        touched = [pk for pk in self.persons if self.before[pk] != self.after[pk]]
        if not touched:
            refuse(Refusal.NOTHING_CHANGES)
        changes = {pk: difference(self.before[pk], self.after[pk]) for pk in touched}
        homes = self._touched_households(touched)
        at = self._instant(touched)
        self._close(changes, at)
        if rules.is_late(self.request.notified_on, self.on):
            self.warnings.add(ChangeWarning.LATE_NOTIFICATION)
        if any(self._closes(home) for home in homes):
            self.warnings.add(ChangeWarning.HOUSEHOLD_CLOSED)
        subjects = self.subjects or touched
        event = ResidentEvent.objects.create(
            kind=self.request.kind.value,
            effective_on=self.on,
            notified_on=self.request.notified_on,
            reason=self.request.reason,
            destination=self.request.destination,
            recorded_at=at,
            recorded_by=current_actor().public_id,
            person_ids=[*subjects, *(pk for pk in touched if pk not in subjects)],
            household_ids=sorted(homes),
            idempotency_key=self.request.key or None,
            request_digest=self.request.digest if self.request.key else None,
            cancels=self.cancels,
            warnings=sorted(warning.value for warning in self.warnings),
        )
        ResidentRecord.objects.bulk_create(
            row_of(span, person_id=pk, event_id=event.pk, at=at)
            for pk, (_, added) in changes.items()
            for span in added
        )
        if self.check_composition:
            self._check_households(homes)
        Person.objects.filter(pk__in=touched).update(version=F("version") + 1)
        Household.objects.filter(pk__in=homes).update(version=F("version") + 1)
        self._journal_and_tell(event, touched, subjects)
        return event_views([event])[0]

    def _touched_households(self, touched: list[int]) -> set[int]:
        return {
            span.facts["household_id"]
            for pk in touched
            for span in self._only(self.before[pk], self.after[pk])
            + self._only(self.after[pk], self.before[pk])
        }

    @staticmethod
    def _only(these: Timeline, others: Timeline) -> list[Span]:
        return [span for span in these if span not in others]

    def _instant(self, touched: list[int]) -> dt.datetime:
        """Now, but later than everything recorded of these persons: knowledge of one person never runs backwards."""
        last = ResidentRecord.objects.filter(person_id__in=touched).aggregate(
            began=Max(Func(F("recorded"), function="lower", output_field=DateTimeField())),
            ended=Max(Func(F("recorded"), function="upper", output_field=DateTimeField())),
        )
        latest = max((instant for instant in last.values() if instant), default=None)
        now = timezone.now()
        return now if latest is None or now > latest else latest + dt.timedelta(microseconds=1)

    def _close(self, changes: Mapping[int, tuple[list[int], list[Span]]], at: dt.datetime) -> None:
        ids = [row_id for closed, _ in changes.values() for row_id in closed]
        closing = Func(
            Func(F("recorded"), function="lower"),
            Value(at),
            function="tstzrange",
            output_field=ResidentRecord._meta.get_field("recorded"),
        )
        done = ResidentRecord.objects.filter(
            person_id__in=list(changes), pk__in=ids, recorded__upper_inf=True
        ).update(recorded=closing)
        if done != len(ids):
            refuse(Refusal.STALE_PAGE)

    def _closes(self, household_id: int) -> bool:
        """Whether the last member leaves: somebody lived there just before, nobody of ours or others does after."""
        return bool(self._living(self.before, household_id)) and not (
            self._living(self.after, household_id)
            or ResidentRecord.objects.filter(
                household_id=household_id,
                recorded__upper_inf=True,
                ended_on__isnull=True,
                valid__contains=self.on,
            )
            .exclude(person_id__in=list(self.persons))
            .exists()
        )

    def _living(self, timelines: Mapping[int, Timeline], household_id: int) -> list[Span]:
        spans = (span_on(timeline, self.on) for timeline in timelines.values())
        return [
            span
            for span in spans
            if span and span.facts["household_id"] == household_id and span.facts["ended_on"] is None
        ]

    def _check_households(self, homes: set[int]) -> None:
        """From the day of the change on, every household somebody lives in has exactly one head."""
        rows = ResidentRecord.objects.filter(
            household_id__in=homes, recorded__upper_inf=True, ended_on__isnull=True
        ).exclude(valid__fully_lt=DateRange(self.on, None))
        spans: dict[int, list[Span]] = {}
        for row in rows:
            spans.setdefault(row.household_id, []).append(span_of(row))
        for members in spans.values():
            ends = [Span(span.upper, None, {}) for span in members if span.upper]
            for day in boundaries([tuple(members), tuple(ends)], self.on):
                rules.check_heads(
                    [Relationship(span.facts["relationship"]) for span in members if day in span]
                )

    def _journal_and_tell(self, event: ResidentEvent, touched: list[int], subjects: list[int]) -> None:
        kind = self.request.kind
        record_many(
            EntryDraft(
                f"people.{kind.value}.recorded",
                self.persons[pk].public_id,
                "resident_event",
                str(event.public_id),
                "record_change",
                LEGAL_GROUNDS[kind],
                {"version": self.persons[pk].version + 1},
            )
            for pk in touched
        )
        for pk in touched:
            code = EVENT_CODES[kind if pk in subjects else EventKind.HOUSEHOLD_CHANGE]
            publish(
                code,
                subject=self.persons[pk].public_id,
                effective_on=self.on,
                key=f"{event.public_id}:{self.persons[pk].public_id}",
                event_id=str(event.public_id),
            )


def perform(
    request: Request,
    plan: Callable[[Draft], None],
    *,
    persons: Iterable[UUID] = (),
    households: Iterable[UUID] = (),
) -> EventView:
    """Do a change once: lock, compare what was seen, let the plan change the draft, write.

    Everything happens in one savepoint, so a refusal changes nothing.

    Raises:
        ResidentChangeRefused: the plan or the write refuses, or the key was used for another request.
    """
    persons = list(persons)
    _refuse_hidden(persons)
    with transaction.atomic():
        if request.key:
            done = _find_done(request)
            if done is not None:
                return done
        rules.check_reason(request.reason)
        draft = Draft(request, timezone.localdate(), current_body().code)
        draft.lock(persons, households)
        draft.check_seen()
        plan(draft)
        return draft.write()


def _refuse_hidden(persons: Iterable[UUID]) -> None:
    """A protected person is unknown to ordinary roles, also to their actions; outside the savepoint, so it stays."""
    hidden = list(
        Person.objects.filter(public_id__in=list(persons), pk__in=hidden_person_ids()).values_list(
            "public_id", flat=True
        )
    )
    if hidden:
        record_many(
            EntryDraft(
                "people.protected.withheld", person, "resident", "", "record_change", RESIDENT_REGISTER_LAW
            )
            for person in hidden
        )
        refuse(Refusal.UNKNOWN_PERSON)


def _find_done(request: Request) -> EventView | None:
    """The event an earlier request with this key made; a second one waits here for the first to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{current_body().code} {request.key}"]
        )
    event = ResidentEvent.objects.filter(idempotency_key=request.key).first()
    if event is None:
        return None
    if bytes(event.request_digest or b"") != request.digest:
        refuse(Refusal.KEY_USED)
    return event_views([event], repeated=True)[0]
