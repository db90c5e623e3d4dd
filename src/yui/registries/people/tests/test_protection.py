import csv
import datetime as dt
import io
from uuid import uuid4

import pytest

from yui.kernel.access.public import Actor, ActorKind, PermissionRefused, acting_as
from yui.kernel.journal.public import list_about
from yui.registries.people import public
from yui.registries.people.public import (
    Refusal,
    Relationship,
    ResidentChangeRefused,
    ResidentNotFound,
    correct_record,
    end_protection,
    export_residents,
    extend_protection,
    find_person_by_my_number,
    get_household_of,
    get_my_number,
    get_resident,
    list_events,
    match_four_attributes,
    register_protection,
    set_my_number,
)
from yui.registries.people.tests.conftest import newcomer
from yui.registries.people.tests.test_imports import my_number

WHY = {"reason": "test"}
DAY = dt.date(2026, 1, 1)


@pytest.fixture
def officer():
    return Actor(
        ActorKind.STAFF,
        "officer",
        permissions=frozenset(
            {
                "people.protected.read",
                "people.protected.write",
                "people.my_number.read",
                "people.my_number.write",
                "people.record.export",
            }
        ),
    )


@pytest.fixture
def hidden(family, officer, move_in):
    """A protected mother with her child, alone in a household at another address."""
    event = move_in(
        newcomer("静", family="隠岐", born="1985-03-03"),
        newcomer("小", Relationship.CHILD, family="隠岐", born="2018-08-08"),
        address=public.Address(town="秘町", block="9番地"),
    )
    with acting_as(officer):
        home = get_household_of(event.persons[0], **WHY)
        set_my_number(person=event.persons[0], number=my_number(77), reason="test")
        for person in event.persons:
            register_protection(
                person=person,
                valid_from=dt.date(2026, 5, 1),
                review_on=dt.date(2027, 4, 1),
                ground="domestic_violence",
            )
    return {
        "person_number": home.head.person_number,
        "mother": event.persons[0],
        "home": home.household,
        "number": home.household_number,
        "event": event.event,
    }


def not_found(call):
    with pytest.raises(ResidentNotFound):
        call()
    return True


# Every query of the door: how an ordinary reader finds nothing of the protected mother.
QUERIES = {
    "find_resident": lambda h: public.find_resident(h["mother"], **WHY) is None,
    "get_resident": lambda h: not_found(lambda: public.get_resident(h["mother"], as_of=DAY, **WHY)),
    "list_residents": lambda h: public.list_residents([h["mother"]], **WHY) == [],
    "list_resident_over_time": lambda h: not_found(
        lambda: public.list_resident_over_time(h["mother"], **WHY)
    ),
    "list_events": lambda h: public.list_events(h["mother"], **WHY) == [],
    "list_events_of_day": lambda h: (
        [
            event.persons
            for event in public.list_events_of_day(dt.date(2026, 6, 1))
            if event.event == h["event"]
        ]
        == []
    ),
    "get_event": lambda h: not_found(lambda: public.get_event(h["event"], **WHY)),
    "household_as_of": lambda h: not_found(lambda: public.household_as_of(h["home"], **WHY)),
    "find_household_of": lambda h: public.find_household_of(h["mother"], **WHY) is None,
    "get_household_of": lambda h: not_found(lambda: public.get_household_of(h["mother"], **WHY)),
    "list_children_of_household": lambda h: not_found(
        lambda: public.list_children_of_household(h["home"], born_from=DAY, **WHY)
    ),
    "list_household_over_time": lambda h: not_found(
        lambda: public.list_household_over_time(h["home"], **WHY)
    ),
    "find_household_by_number": lambda h: public.find_household_by_number(h["number"]) is None,
    "search_residents": lambda h: all(
        public.search_residents(**by, **WHY) == []
        for by in (
            {"name": "隠岐"},
            {"name": "静"},
            {"born_on": dt.date(1985, 3, 3)},
            {"address": "秘町"},
        )
    ),
    "list_persons_born": lambda h: (
        h["mother"]
        not in dict(public.list_persons_born(born_from=dt.date(1985, 1, 1), born_until=dt.date(1986, 1, 1)))
    ),
    "list_persons_by_number": lambda h: public.list_persons_by_number([h["person_number"]]) == {},
    "list_persons_attaining": lambda h: (
        h["mother"]
        not in dict(
            public.list_persons_attaining(age=41, from_on=dt.date(2026, 1, 1), until_on=dt.date(2027, 1, 1))
        )
    ),
    "count_residents": lambda h: public.count_residents() == 3,
    "is_whole_household": lambda h: public.is_whole_household(h["home"], []) is False,
    "count_households": lambda h: public.count_households() == 1,
    "get_my_number": lambda h: not_found(
        lambda: public.get_my_number(h["mother"], reason="test", legal_ground="x")
    ),
    "find_person_by_my_number": lambda h: (
        public.find_person_by_my_number(my_number(77), reason="test", legal_ground="x") is None
    ),
    "list_protection": lambda h: refused(lambda: public.list_protection(h["mother"], **WHY)),
    "list_protection_reviews": lambda h: refused(
        lambda: public.list_protection_reviews(until=dt.date(2030, 1, 1), **WHY)
    ),
}
# They answer whoever signs in about their own account.
OWN = {"find_linked_accounts", "find_linked_person"}


def refused(call):
    with pytest.raises(PermissionRefused):
        call()
    return True


@pytest.mark.parametrize("name", QUERIES)
def test_ordinary_readers_find_nobody(hidden, name):
    reader = Actor(ActorKind.STAFF, "reader", permissions=frozenset({"people.my_number.read"}))
    with acting_as(reader):
        assert QUERIES[name](hidden)


def test_every_query_of_the_door_is_tried():
    verbs = ("get_", "find_", "list_", "count_", "search_", "household_", "is_")
    offered = {name for name in public.__all__ if name.startswith(verbs)}
    assert offered == set(QUERIES) | OWN


def test_each_attempt_is_journalled(hidden, clerk):
    public.find_resident(hidden["mother"], **WHY)
    public.search_residents(name="隠岐", **WHY)
    acts = [entry.act for entry in list_about(hidden["mother"])]
    assert acts.count("people.protected.withheld") == 2


def test_the_officer_and_the_person_see_it(hidden, officer):
    with acting_as(officer):
        assert get_resident(hidden["mother"], **WHY).protected
        assert len(get_household_of(hidden["mother"], **WHY).members) == 2
    with acting_as(Actor(ActorKind.RESIDENT, "account", subject=hidden["mother"])):
        assert get_resident(hidden["mother"], **WHY).address.town == "秘町"
        # The child has a measure of its own, which is not hers to lift.
        assert len(get_household_of(hidden["mother"], **WHY).members) == 1


def test_actions_do_not_find_them_either(hidden, clerk):
    with pytest.raises(ResidentChangeRefused) as refusal:
        correct_record(person=hidden["mother"], items={"town": "x"}, reason="誤記")
    assert refusal.value.code is Refusal.UNKNOWN_PERSON


def test_members_are_left_out_of_a_household(family, officer, clerk):
    with acting_as(officer):
        register_protection(person=family[2], valid_from=DAY, review_on=dt.date(2027, 1, 1), ground="other")
    home = get_household_of(family[0], **WHY)
    assert [member.person for member in home.members] == family[:2]
    assert all(family[2] not in event.persons for event in list_events(family[0], **WHY))


def test_export_leaves_them_out(hidden, officer, tmp_path):
    ordinary = Actor(ActorKind.STAFF, "x", permissions=frozenset({"people.record.export"}))
    path = tmp_path / "out.csv"
    why = {"reason": "test", "legal_ground": "x"}
    with acting_as(ordinary):
        assert export_residents(path, **why) == 3
        with pytest.raises(PermissionRefused):
            export_residents(path, include_my_number=True, **why)
    assert "隠岐" not in path.read_text()
    with acting_as(officer):
        assert export_residents(path, **why) == 5
        assert my_number(77) not in path.read_text()
        export_residents(path, include_my_number=True, **why)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert my_number(77) in {row["個人番号"] for row in rows}
    acts = {entry.act for entry in list_about(hidden["mother"])}
    assert "people.resident.exported" in acts


def test_measures_end_and_are_extended(family, officer):
    person = family[0]
    with acting_as(officer):
        register_protection(person=person, valid_from=DAY, review_on=dt.date(2027, 1, 1), ground="other")
        with pytest.raises(ResidentChangeRefused):
            register_protection(person=person, valid_from=DAY, review_on=dt.date(2027, 1, 1), ground="other")
        assert extend_protection(person=person, review_on=dt.date(2028, 1, 1)).review_on.year == 2028
        end_protection(person=person, until=dt.date(2026, 6, 1))
        with pytest.raises(ResidentChangeRefused):
            end_protection(person=person, until=dt.date(2026, 6, 1))
    assert not get_resident(person, **WHY).protected


def test_my_number_needs_its_permission(family, officer):
    with pytest.raises(PermissionRefused):
        get_my_number(family[0], reason="test", legal_ground="x")
    with acting_as(officer):
        set_my_number(person=family[0], number=my_number(1), reason="test")
        assert get_my_number(family[0], reason="test", legal_ground="x") == my_number(1)
        with pytest.raises(ResidentChangeRefused):
            set_my_number(person=family[1], number=my_number(1), reason="test")
        with pytest.raises(ResidentChangeRefused):
            set_my_number(person=family[1], number="123456789012", reason="test")
        set_my_number(person=family[0], number=my_number(2), reason="changed")
        set_my_number(person=family[1], number=my_number(1), reason="test")
        assert find_person_by_my_number(my_number(2), reason="test", legal_ground="x") == family[0]
        assert get_my_number(family[2], reason="test", legal_ground="x") is None
        with pytest.raises(ValueError, match="legal ground"):
            get_my_number(family[0], reason="test", legal_ground="")


def test_sealed_number_is_bound_to_its_person():
    from yui.registries.people.sealing import SealBroken, Sealer

    keys = {"index": b"i" * 32, "k1": b"1" * 32}
    person, other = uuid4(), uuid4()
    old = Sealer(keys, "999016").seal("123456789018", person)
    new = Sealer({**keys, "k2": b"2" * 32}, "999016")
    assert new.open(old.key_id, old.sealed, person) == "123456789018"
    assert new.seal("123456789018", person).key_id == "k2"
    assert new.blind_index("123456789018") == old.blind_index
    assert Sealer(keys, "999024").blind_index("123456789018") != old.blind_index
    with pytest.raises(SealBroken):
        new.open(old.key_id, old.sealed, other)
    with pytest.raises(SealBroken):
        new.open("k9", old.sealed, person)


class TestFourAttributes:
    FACTS = {
        "name": "山田 花",
        "birthdate": dt.date(1990, 5, 5),
        "address": "結県結見市本町１丁目１番地１",
        "gender": "2",
    }

    def test_one(self, family):
        account = uuid4()
        assert match_four_attributes(account=account, **self.FACTS) == family[0]
        # The second time the account is known; nothing is compared again.
        assert match_four_attributes(account=account, **{**self.FACTS, "name": "x"}) == family[0]
        assert public.find_linked_person(account) == family[0]
        assert public.find_linked_accounts(family[0]) == [account]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": "山田 月"},
            {"birthdate": dt.date(1990, 5, 6)},
            {"birthdate": None},
            {"address": "結県結見市本町１丁目１番地２"},
            {"address": "結県結見市本町１丁目１番地１１"},
            {"gender": "1"},
        ],
    )
    def test_none(self, family, wrong):
        with pytest.raises(public.MatchRefused) as refusal:
            match_four_attributes(account=uuid4(), **{**self.FACTS, **wrong})
        assert refusal.value.code == "none"

    def test_ambiguous(self, family, move_in):
        move_in(newcomer("花"))
        with pytest.raises(public.MatchRefused) as refusal:
            match_four_attributes(account=uuid4(), **self.FACTS)
        assert refusal.value.code == "ambiguous"
