import pytest

from yui.kernel.access.public import Actor
from yui.kernel.journal.models import Entry
from yui.kernel.journal.pseudonyms import pseudonym, pseudonyms_of
from yui.kernel.journal.public import list_entries, record, record_for_each
from yui.kernel.tenancy.public import BodyRef, NoActiveBody, OtherBodyActive, body_scope, current_body


def test_a_query_without_a_body_is_refused(db: None) -> None:
    with pytest.raises(NoActiveBody):
        list_entries()


def test_rows_stay_in_their_body(db: None, staff: Actor) -> None:
    with body_scope("999016"):
        record("tests.thing.done")
        assert len(list_entries()) == 1
    with body_scope("999024"):
        assert list_entries() == []


def test_another_body_cannot_be_opened_inside(body: BodyRef, other_body: BodyRef) -> None:
    with pytest.raises(OtherBodyActive), body_scope(other_body):
        pass
    assert current_body() == body


def test_a_failed_inner_scope_leaves_the_outer_one_working(body: BodyRef, staff: Actor) -> None:
    record("tests.thing.done")
    with pytest.raises(ZeroDivisionError), body_scope(body):
        raise ZeroDivisionError
    assert len(list_entries()) == 1


def test_bulk_pseudonyms_equal_single_ones(body: BodyRef, staff: Actor) -> None:
    import uuid

    subjects = [uuid.uuid4() for _ in range(40)]
    given = [*subjects[:20], *(subject.bytes for subject in subjects[20:])]
    assert record_for_each("tests.thing.done", subjects=pseudonyms_of(given)) == 40
    assert set(Entry.objects.values_list("subject", flat=True)) == {
        pseudonym(subject) for subject in subjects
    }
