"""What the database itself refuses, whatever the code above it does."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from yui.kernel.access.public import acting_as, system_actor
from yui.kernel.tenancy.public import BodyKind, body_scope, open_body
from yui.registries.people.models import Household, Person, ResidentRecord
from yui.registries.people.public import (
    Address,
    Member,
    Relationship,
    ResidentChangeRefused,
    change_head,
    find_resident,
    get_household_of,
    record_move_in,
    record_move_out,
)
from yui.registries.people.tests.conftest import newcomer


def copy_of(row: ResidentRecord, **changes: object) -> ResidentRecord:
    fields = {
        field.attname: getattr(row, field.attname)
        for field in ResidentRecord._meta.local_fields
        if field.attname != "id"
    }
    return ResidentRecord(**{**fields, "recorded": DateTimeTZRange(timezone.now(), None), **changes})


@pytest.fixture
def row(family):
    return ResidentRecord.objects.get(person__public_id=family[0])


def refused_by_database():
    return pytest.raises(DatabaseError)


def test_nothing_is_overwritten(row):
    for change in (
        {"town": "x"},
        {"valid": DateRange(dt.date(2021, 1, 1), None)},
        {"recorded": DateTimeTZRange(row.recorded.lower - dt.timedelta(days=1), timezone.now())},
        {"recorded": row.recorded},
    ):
        with refused_by_database(), transaction.atomic():
            ResidentRecord.objects.filter(pk=row.pk).update(**change)
    with refused_by_database(), transaction.atomic():
        ResidentRecord.objects.filter(pk=row.pk).delete()
    closed = DateTimeTZRange(row.recorded.lower, timezone.now())
    ResidentRecord.objects.filter(pk=row.pk).update(recorded=closed)
    with refused_by_database(), transaction.atomic():
        ResidentRecord.objects.filter(pk=row.pk).update(recorded=closed)


def test_persons_and_households_stay_who_they_are(row):
    for model in (Person, Household):
        with refused_by_database(), transaction.atomic():
            model.objects.all().delete()
    with refused_by_database(), transaction.atomic():
        Person.objects.filter(pk=row.person_id).update(person_number="9")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"valid": DateRange(dt.date(2024, 1, 1), dt.date(2024, 2, 1))},
        {"valid": DateRange(dt.date(2019, 1, 1), dt.date(2020, 4, 2))},
        {"valid": DateRange(None, dt.date(2019, 1, 1))},
        {"recorded": DateTimeTZRange(timezone.now(), timezone.now() + dt.timedelta(days=1))},
        {"person_id": 0},
        {"household_id": 0},
        {"event_id": 0},
    ],
)
def test_bad_records_are_refused(row, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(row, **changes).save()


def test_a_record_before_the_first_is_fine(row):
    copy_of(row, valid=DateRange(dt.date(2019, 1, 1), dt.date(2020, 4, 1))).save()


def test_references_stay_in_the_body(family, clerk, other_body):
    """Rows of another body are no answer to a reference, though they exist."""
    ours = ResidentRecord.objects.get(person__public_id=family[0])
    assert ours.body_id != other_body.id
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_of(ours, body_id=other_body.id).save()


_codes = iter(range(999_900, 999_990))


class TestConcurrency:
    """Each test commits into a body of its own, so nothing has to be cleared."""

    @pytest.fixture(autouse=True)
    def committing(self, django_db_setup, django_db_blocker):
        with django_db_blocker.unblock():
            self.code = str(next(_codes))
            open_body(
                code=self.code,
                name=self.code,
                kind=BodyKind.CARE_PROVIDER,
                valid_from=dt.date(2000, 4, 1),
            )
            yield
            for each in connections.all():
                each.close()

    def scope(self):
        return body_scope(self.code)

    def run(self, *works):
        """Run the works at the same time, each in a connection of its own; returns what they raised."""
        barrier = threading.Barrier(len(works))
        raised: list[Exception | None] = [None] * len(works)

        def go(place, work):
            try:
                with acting_as(system_actor("test")), self.scope():
                    barrier.wait()
                    work()
            except Exception as error:
                raised[place] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=go, args=pair) for pair in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return raised

    def make_family(self):
        with acting_as(system_actor("test")), self.scope():
            event = record_move_in(
                newcomers=[
                    newcomer("花"),
                    newcomer("太郎", Relationship.SPOUSE),
                    newcomer("一", Relationship.CHILD, born="2000-01-01"),
                ],
                effective_on=dt.date(2020, 4, 1),
                address=Address(town="本町"),
            )
            home = get_household_of(event.persons[0], reason="test")
        return event.persons, home

    def test_two_clerks_change_the_same_household(self):
        persons, home = self.make_family()
        seen = {home.household: home.version}

        def leave(person):
            return lambda: record_move_out(persons=[person], effective_on=dt.date(2026, 5, 1), seen=seen)

        raised = self.run(leave(persons[1]), leave(persons[2]))
        codes = [error.code for error in raised if error]
        assert codes == ["stale_page"]

    def test_head_leaves_while_another_becomes_head(self):
        """Without looking at versions, the household still never has two heads or none."""
        persons, home = self.make_family()
        raised = self.run(
            lambda: record_move_out(
                persons=[persons[0]], effective_on=dt.date(2026, 5, 1), new_head=persons[1]
            ),
            lambda: change_head(
                household=home.household,
                new_head=persons[2],
                members=[Member(person=persons[0], relationship=Relationship.PARENT)],
                effective_on=dt.date(2026, 5, 1),
            ),
        )
        assert sum(error is not None for error in raised) <= 1
        assert all(isinstance(error, ResidentChangeRefused) for error in raised if error)
        with acting_as(system_actor("test")), self.scope():
            members = get_household_of(persons[2], reason="test").members
        assert sum(member.is_head for member in members) == 1

    def test_double_click_at_the_same_instant(self):
        persons, _ = self.make_family()
        raised = self.run(
            *[lambda: record_move_out(persons=[persons[1]], effective_on=dt.date(2026, 5, 1), key="form-7")]
            * 2
        )
        assert raised == [None, None]
        with acting_as(system_actor("test")), self.scope():
            assert ResidentRecord.objects.filter(person__public_id=persons[1]).count() == 3
            assert not find_resident(persons[1], reason="test").is_resident

    def test_overlapping_rows_of_two_writers(self):
        """The guard of the table itself: two writers that go around the actions."""
        persons, _ = self.make_family()
        with acting_as(system_actor("test")), self.scope():
            row = ResidentRecord.objects.get(person__public_id=persons[0])

        def add(first, last):
            return lambda: copy_of(
                row, valid=DateRange(dt.date(2019, 1, first), dt.date(2019, 1, last))
            ).save()

        raised = self.run(add(1, 20), add(10, 30))
        assert sum(isinstance(error, IntegrityError) for error in raised) == 1

    def test_only_persons_of_others_are_locked(self):
        """A person of this transaction or of its savepoints needs no lock, one committed after it began does."""
        with acting_as(system_actor("test")), self.scope():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            persons = []
            assert self.run(lambda: persons.extend(self.make_family()[0])) == [None]
            row = ResidentRecord.objects.get(person__public_id=persons[0])
            earlier = DateRange(dt.date(2019, 1, 1), dt.date(2019, 1, 20))
            copy_of(row, valid=earlier).save()
            assert is_locked(row.person_id)
            with transaction.atomic():
                mine = Person.objects.create(person_number="1")
            with transaction.atomic():
                copy_of(row, person_id=mine.pk).save()
            assert not is_locked(mine.pk)
            with pytest.raises(IntegrityError), transaction.atomic():
                copy_of(row, person_id=mine.pk, valid=DateRange(dt.date(2025, 1, 1), None)).save()


def is_locked(person_id):
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmax::text FROM people_person WHERE id = %s", [person_id])
        return cursor.fetchone()[0] != "0"
