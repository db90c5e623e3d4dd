import datetime as dt

import pytest

from yui.kernel.calendar.public import PartialDate
from yui.registries.people.public import (
    Address,
    ChangeWarning,
    EndedBy,
    Member,
    NewResident,
    PersonName,
    Refusal,
    Relationship,
    ResidentChangeRefused,
    ResidentNotFound,
    Sex,
    cancel_event,
    change_head,
    correct_record,
    find_resident,
    get_household_of,
    get_resident,
    list_events,
    list_household_over_time,
    merge_households,
    record_birth,
    record_death,
    record_move_in,
    record_move_out,
    record_move_within,
    split_household,
)
from yui.registries.people.tests.conftest import newcomer

WHY = {"reason": "test"}


def refused(code):
    return pytest.raises(ResidentChangeRefused, check=lambda error: error.code is code)


def test_move_in_makes_a_household(family):
    home = get_household_of(family[0], **WHY)
    assert [member.person for member in home.members] == [family[0], family[1], family[2]]
    assert home.head.name.full == "山田\u3000花"
    assert home.head.address.lg_code == "999016"
    with pytest.raises(ResidentNotFound):
        get_resident(family[0], as_of=dt.date(2020, 3, 31), **WHY)


def test_birth(family):
    child = NewResident(
        name=PersonName(family_name="山田", given_name="二郎"),
        born_on=PartialDate(2026, 5, 20),
        sex=Sex.MALE,
        relationship=Relationship.CHILD,
    )
    event = record_birth(child=child, mother=family[0], notified_on=dt.date(2026, 5, 30))
    view = get_resident(event.persons[0], **WHY)
    assert view.became_resident_on == dt.date(2026, 5, 20)
    assert view.address.town == "本町一丁目"
    assert view.became_resident_by == "birth"
    assert not event.warnings
    assert len(get_household_of(family[0], **WHY).members) == 4
    assert len(get_household_of(family[0], as_of=dt.date(2026, 5, 19), **WHY).members) == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mother": 1}, Refusal.MOTHER_NOT_FEMALE),
        ({"born": "1980-01-01"}, Refusal.BIRTH_BEFORE_MOTHER),
        ({"born": "1995-01-01"}, Refusal.MOTHER_TOO_YOUNG),
        ({"born": "2026-06-02"}, Refusal.FUTURE_DATE),
        ({"born": "2026-05-00"}, Refusal.BIRTH_NOT_EXACT),
        ({"notified": dt.date(2026, 5, 1)}, Refusal.NOTIFIED_BEFORE),
        ({"notified": dt.date(2026, 7, 1)}, Refusal.NOTIFIED_IN_FUTURE),
        ({"relationship": Relationship.HEAD}, Refusal.TWO_HEADS),
        ({"given": "一\n", "family": ""}, Refusal.CONTROL_CHARACTER),
        ({"given": " ", "family": ""}, Refusal.NAME_MISSING),
        ({"given": "長" * 101}, Refusal.TOO_LONG),
    ],
)
def test_birth_refused(family, changes, code):
    child = NewResident(
        name=PersonName(family_name=changes.get("family", "山田"), given_name=changes.get("given", "二郎")),
        born_on=PartialDate.fromisoformat(changes.get("born", "2026-05-20")),
        sex=Sex.MALE,
        relationship=changes.get("relationship", Relationship.CHILD),
    )
    with refused(code):
        record_birth(
            child=child,
            mother=family[changes.get("mother", 0)],
            notified_on=changes.get("notified"),
        )
    assert len(list_events(family[0], **WHY)) == 1


def test_late_notification_warns(family):
    event = record_move_out(
        persons=family[2:], effective_on=dt.date(2026, 5, 1), notified_on=dt.date(2026, 5, 16)
    )
    assert event.warnings == (ChangeWarning.LATE_NOTIFICATION,)


def test_death_of_head_needs_a_new_head(family):
    with refused(Refusal.HEAD_NEEDED):
        record_death(person=family[0], effective_on=dt.date(2026, 5, 1))
    with refused(Refusal.NEW_HEAD_TOO_YOUNG):
        record_death(person=family[0], effective_on=dt.date(2026, 5, 1), new_head=family[2])
    record_death(person=family[0], effective_on=dt.date(2026, 5, 1), new_head=family[1])
    home = get_household_of(family[1], **WHY)
    assert home.head.person == family[1]
    assert home.head.relationship_text == "世帯主"
    dead = get_resident(family[0], **WHY)
    assert dead.ended_by is EndedBy.DEATH
    assert not dead.is_resident
    with refused(Refusal.NOT_RESIDENT):
        record_death(person=family[0], effective_on=dt.date(2026, 5, 2))


def test_last_of_two_becomes_head_unasked(body, clerk, move_in):
    first, second = move_in(newcomer("花"), newcomer("太郎", Relationship.SPOUSE)).persons
    record_death(person=first, effective_on=dt.date(2026, 5, 1))
    assert get_household_of(second, **WHY).head.person == second


def test_last_member_closes_the_household(family):
    home = get_household_of(family[0], **WHY).household
    event = record_move_out(persons=family, effective_on=dt.date(2026, 5, 1), destination="東京都千代田区")
    assert event.warnings == (ChangeWarning.HOUSEHOLD_CLOSED,)
    periods = list_household_over_time(home, **WHY)
    assert [(p.valid_from, len(p.household.members)) for p in periods] == [
        (dt.date(2020, 4, 1), 3),
        (dt.date(2026, 5, 1), 0),
    ]


def test_move_out_may_be_announced(family):
    record_move_out(persons=family, effective_on=dt.date(2026, 7, 1), notified_on=dt.date(2026, 6, 1))
    assert get_resident(family[0], **WHY).is_resident
    assert not get_resident(family[0], as_of=dt.date(2026, 7, 1), **WHY).is_resident
    # Dying before leaving ends the record on the day of death, for good.
    record_death(person=family[0], effective_on=dt.date(2026, 6, 1), new_head=family[1])
    assert get_resident(family[0], as_of=dt.date(2026, 8, 1), **WHY).ended_by is EndedBy.DEATH


def test_move_within_of_one_makes_a_household(family):
    new = Address(town="港町", block="2番地")
    record_move_within(persons=[family[1]], effective_on=dt.date(2026, 5, 1), address=new)
    home = get_household_of(family[1], **WHY)
    assert home.head.person == family[1]
    assert home.head.address.town == "港町"
    assert home.head.address_since_on == dt.date(2026, 5, 1)
    assert home.head.became_resident_on == dt.date(2020, 4, 1)
    with refused(Refusal.SAME_ADDRESS):
        record_move_within(persons=[family[1]], effective_on=dt.date(2026, 5, 2), address=new)
    with refused(Refusal.OTHER_BODY):
        record_move_within(
            persons=[family[1]],
            effective_on=dt.date(2026, 5, 2),
            address=Address(town="x", lg_code="999024"),
        )


def test_whole_household_moves_and_keeps_its_number(family):
    before = get_household_of(family[0], **WHY)
    record_move_within(persons=family, effective_on=dt.date(2026, 5, 1), address=Address(town="港町"))
    after = get_household_of(family[0], **WHY)
    assert (after.household, len(after.members)) == (before.household, 3)
    assert {member.relationship for member in after.members} == {
        member.relationship for member in before.members
    }


def test_head_moves_out_of_three(family):
    with refused(Refusal.HEAD_NEEDED):
        record_move_within(
            persons=[family[0]], effective_on=dt.date(2026, 5, 1), address=Address(town="港町")
        )
    record_move_within(
        persons=[family[0]],
        effective_on=dt.date(2026, 5, 1),
        address=Address(town="港町"),
        new_head=family[1],
    )
    assert get_household_of(family[2], **WHY).head.person == family[1]


def test_split_merge_and_head(family):
    on = dt.date(2026, 5, 1)
    split_household(members=[Member(person=family[1], relationship=Relationship.HEAD)], effective_on=on)
    other = get_household_of(family[1], **WHY)
    assert other.household != get_household_of(family[0], **WHY).household
    home = get_household_of(family[0], **WHY).household
    event = merge_households(
        into=home,
        members=[Member(person=family[1], relationship=Relationship.SPOUSE, relationship_text="夫")],
        effective_on=dt.date(2026, 5, 2),
    )
    assert ChangeWarning.HOUSEHOLD_CLOSED in event.warnings
    with refused(Refusal.TWO_HEADS):
        change_head(household=home, new_head=family[1], members=[], effective_on=dt.date(2026, 5, 3))
    change_head(
        household=home,
        new_head=family[1],
        members=[Member(person=family[0], relationship=Relationship.SPOUSE, relationship_text="妻")],
        effective_on=dt.date(2026, 5, 3),
    )
    assert get_household_of(family[0], **WHY).head.person == family[1]
    assert get_household_of(family[0], as_of=dt.date(2026, 5, 2), **WHY).head.person == family[0]


def test_correction_keeps_what_was_known(family):
    known = get_resident(family[2], **WHY)
    correct_record(
        person=family[2], items={"given_name": "市", "born_on": PartialDate(2015, 10)}, reason="誤記"
    )
    now = get_resident(family[2], **WHY)
    assert now.name.given_name == "市"
    assert now.born_on == PartialDate(2015, 10)
    then = get_resident(family[2], known_at=known.recorded_from, **WHY)
    assert then.name.given_name == "一"
    assert now.version == known.version + 1
    with refused(Refusal.NOTHING_CHANGES):
        correct_record(person=family[2], items={"given_name": "市"}, reason="誤記")
    with refused(Refusal.UNKNOWN_ITEM):
        correct_record(person=family[2], items={"ended_on": None}, reason="誤記")
    with refused(Refusal.BORN_AFTER_EFFECT):
        correct_record(person=family[2], items={"born_on": PartialDate(2021, 1, 1)}, reason="誤記")
    with refused(Refusal.RESIDENCE_MISSING):
        correct_record(person=family[2], items={"nationality": "BRA"}, reason="誤記")
    with refused(Refusal.REASON_MISSING):
        correct_record(person=family[2], items={"nationality": "BRA"}, reason="")


def test_correcting_the_first_day_moves_the_beginning(family):
    correct_record(person=family[0], items={"became_resident_on": dt.date(2020, 3, 1)}, reason="誤記")
    assert get_resident(family[0], as_of=dt.date(2020, 3, 15), **WHY).is_resident


def test_cancellation_brings_back_what_was_known(family):
    before = get_household_of(family[0], **WHY)
    event = record_death(person=family[0], effective_on=dt.date(2026, 5, 1), new_head=family[1])
    during = get_resident(family[0], **WHY).recorded_from
    cancelled = cancel_event(event=event.event, reason="人違い")
    assert cancelled.cancels == event.event
    after = get_household_of(family[0], **WHY)
    assert [(m.person, m.relationship, m.ended_on) for m in after.members] == [
        (m.person, m.relationship, m.ended_on) for m in before.members
    ]
    assert not get_resident(family[0], known_at=during, **WHY).is_resident
    with refused(Refusal.ALREADY_CANCELLED):
        cancel_event(event=event.event, reason="人違い")
    with refused(Refusal.NOT_CANCELLABLE):
        cancel_event(event=cancelled.event, reason="人違い")
    newest, dead, moved = list_events(family[0], **WHY)
    assert (newest.event, dead.cancelled_by, moved.cancelled_by) == (cancelled.event, cancelled.event, None)


def test_only_the_newest_change_can_be_cancelled(family):
    first = list_events(family[0], **WHY)[0]
    correct_record(person=family[1], items={"given_name": "次郎"}, reason="誤記")
    with refused(Refusal.LATER_EVENT):
        cancel_event(event=first.event, reason="誤り")


def test_cancelled_birth_leaves_nobody(family):
    event = record_birth(child=newcomer("二", Relationship.CHILD, born="2026-05-20"), mother=family[0])
    child = event.persons[0]
    cancel_event(event=event.event, reason="誤り")
    assert find_resident(child, **WHY) is None
    assert len(get_household_of(family[0], **WHY).members) == 3
    assert len(list_events(child, **WHY)) == 2


def test_return_of_somebody_known(family):
    record_move_out(persons=[family[1]], effective_on=dt.date(2024, 5, 1))
    with refused(Refusal.ALREADY_RESIDENT):
        record_move_in(
            newcomers=[newcomer("花", person=family[0])],
            effective_on=dt.date(2025, 1, 1),
            address=Address(town="港町"),
        )
    record_move_in(
        newcomers=[newcomer("太郎", person=family[1])],
        effective_on=dt.date(2025, 1, 1),
        address=Address(town="港町"),
    )
    assert not get_resident(family[1], as_of=dt.date(2024, 12, 31), **WHY).is_resident
    back = get_resident(family[1], **WHY)
    assert back.is_resident
    assert back.became_resident_on == dt.date(2025, 1, 1)


def test_retroactive_move_leaves_the_later_one_alone(family):
    record_move_within(persons=family, effective_on=dt.date(2026, 5, 1), address=Address(town="港町"))
    record_move_within(persons=family, effective_on=dt.date(2026, 4, 1), address=Address(town="南町"))
    towns = [
        get_resident(family[0], as_of=day, **WHY).address.town
        for day in (dt.date(2026, 3, 31), dt.date(2026, 4, 1), dt.date(2026, 5, 1))
    ]
    assert towns == ["本町一丁目", "南町", "港町"]


def test_double_click_does_nothing_twice(family):
    ask = {"persons": family, "effective_on": dt.date(2026, 5, 1), "key": "form-1"}
    first = record_move_out(**ask)
    again = record_move_out(**ask)
    assert (again.event, first.repeated, again.repeated) == (first.event, False, True)
    with refused(Refusal.KEY_USED):
        record_move_out(**{**ask, "effective_on": dt.date(2026, 5, 2)})


def test_stale_page_is_refused(family):
    home = get_household_of(family[0], **WHY)
    seen = {home.household: home.version} | {member.person: member.version for member in home.members}
    correct_record(person=family[2], items={"given_name": "市"}, reason="誤記", seen=seen)
    with refused(Refusal.STALE_PAGE):
        record_move_out(persons=[family[1]], effective_on=dt.date(2026, 5, 1), seen=seen)


def test_numbers(family, move_in):
    with refused(Refusal.NUMBER_TAKEN):
        move_in(newcomer("月", person_number=get_resident(family[0], **WHY).person_number))
    with refused(Refusal.NUMBER_INVALID):
        move_in(newcomer("月", person_number="12a"))
    with refused(Refusal.NUMBER_TAKEN):
        move_in(newcomer("月"), household_number=get_household_of(family[0], **WHY).household_number)


def test_every_change_is_journalled_and_told(family, monkeypatch):
    from yui.kernel.journal.public import list_about
    from yui.registries.people.actions import draft

    told = []
    monkeypatch.setattr(draft, "publish", lambda code, **more: told.append((code, more["subject"])))
    record_death(person=family[0], effective_on=dt.date(2026, 5, 1), new_head=family[1])
    assert told == [
        ("resident.death.recorded", family[0]),
        ("resident.household.changed", family[1]),
    ]
    assert "people.death.recorded" in {entry.act for entry in list_about(family[0])}
