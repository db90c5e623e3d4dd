import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yui.engines.placement.public import (
    Child,
    City,
    Facility,
    Family,
    PlacementError,
    Seat,
    admissions,
    audit,
    changes,
    check,
    compare_priorities,
    explain,
    joint_choices,
    place,
    priority,
    stability_price,
)
from yui.engines.placement.tests.cities import all_placements, cities, city_of, singles_of


def rank(family, placement):
    choice = placement.choices[family.id]
    return len(family.children[0].choices) if choice is None else choice


# What always holds


@given(cities(families=8, most_siblings=3))
def test_no_capacity_is_broken_and_no_holder_is_worse_off(city):
    assert check(city, place(city)).faults == ()


@given(cities(families=7))
@settings(max_examples=50, deadline=None)
def test_order_of_the_input_does_not_matter(city):
    families = [replace(family, children=family.children[::-1]) for family in city.families[::-1]]
    turned = City(city.facilities[::-1], tuple(families))
    assert place(turned) == place(city)
    assert audit(turned, place(turned)) == audit(city, place(city))


@given(cities(families=9, most_siblings=1))
def test_single_children_are_placed_as_the_textbook_says(city):
    placement = place(city)
    assert placement.seats == textbook(city)
    assert check(city, placement).coalitions == ()


def textbook(city):
    """Deferred acceptance as in any textbook: one child proposes at a time, in any order."""
    wants = {child.id: [*child.choices, *([child.holds] if child.holds else [])] for child in city.children()}
    children = {child.id: child for child in city.children()}
    capacity = {(f.id, grade): n for f in city.facilities for grade, n in f.seats.items()}
    there = {seat: [] for seat in capacity}
    free = list(children)
    while free:
        name = free.pop()
        if not wants[name]:
            continue
        facility = wants[name].pop(0)
        seat = facility, children[name].grade
        there[seat].append(name)
        there[seat].sort(key=lambda one: priority(children[one], facility), reverse=True)
        if len(there[seat]) > capacity[seat]:
            free.append(there[seat].pop())
    return dict.fromkeys(children) | {
        name: facility for (facility, _), names in there.items() for name in names
    }


@given(cities(families=5, most_siblings=1))
@settings(max_examples=30, deadline=None)
def test_no_child_does_better_in_another_stable_placement(city):
    ours = place(city)
    for other in all_placements(city):
        if not check(city, other).coalitions:
            assert all(rank(family, ours) <= rank(family, other) for family in city.families)


@given(cities(families=8, citywide=True))
def test_city_wide_points_come_out_as_seating_by_points(city):
    city = City(
        city.facilities,
        tuple(
            Family(family.id, tuple(replace(child, holds=None) for child in family.children))
            for family in city.families
        ),
    )
    left = {Seat(f.id, grade): n for f in city.facilities for grade, n in f.seats.items()}
    seats = {}
    anywhere = city.facilities[0].id
    for family in sorted(city.families, key=lambda one: priority(one.children[0], anywhere), reverse=True):
        for names in [*zip(*(child.choices for child in family.children), strict=True), None]:
            asked = (
                []
                if names is None
                else [
                    Seat(name, child.grade)
                    for child, name in zip(family.children, names, strict=True)
                    if name
                ]
            )
            if all(asked.count(seat) <= left[seat] for seat in asked):
                for seat in asked:
                    left[seat] -= 1
                names = names or [None] * len(family.children)
                seats |= {child.id: name for child, name in zip(family.children, names, strict=True)}
                break
    assert place(city).seats == seats
    assert check(city, place(city)).coalitions == ()


# The auditor


@given(cities(families=5))
@settings(max_examples=60, deadline=None)
def test_the_auditor_finds_what_trying_everything_finds(city):
    found = [(len(check(city, one).blocking_families), -one.placed) for one in all_placements(city)]
    placement, certificate = audit(city, place(city))
    findings = check(city, placement)
    assert not findings.faults
    assert findings.blocking_families == certificate.blocking
    assert (len(certificate.blocking), -certificate.placed) == min(found)
    assert certificate.least == len(certificate.blocking)
    assert certificate.most == certificate.placed == placement.placed


def test_zero_can_be_impossible_and_is_proven_so():
    """A pair and a single child run in circles: whoever sits, another has reason to object."""
    pair = Family("pair", (Child("p", "1", ("a",), {"a": 3}), Child("q", "1", ("b",), {"b": 1})))
    single = Family("single", (Child("s", "1", ("a", "b"), {"a": 1, "b": 3}),))
    city = City((Facility("a", {"1": 1}), Facility("b", {"1": 1})), (pair, single))
    placement, certificate = audit(city, place(city))
    assert certificate.least == len(certificate.blocking) == 1
    assert certificate.placed == certificate.most == 2
    refusals = explain(city, placement)[certificate.blocking[0]]
    assert "unresolved" in {refusal.code for refusal in refusals}


@pytest.mark.parametrize("seed", range(6))
def test_cores_and_one_large_question_agree(seed):
    from yui.engines.placement.auditing import _Question
    from yui.engines.placement.market import market_of

    city = city_of(random.Random(seed), families=40, facilities=6)
    _, certificate = audit(city, place(city))
    assert certificate.fewest_proven
    assert certificate.most_proven
    question = _Question(market_of(city), range(len(city.families)))
    question.model.minimize(sum(question.blocks.values()))
    assert question.solve(60.0)
    assert question.solver.objective_value == certificate.least


def test_without_effort_the_certificate_claims_nothing():
    city = next(
        city
        for seed in range(1000)
        if check(city := city_of(random.Random(seed), families=6), place(city)).coalitions
    )
    placement, certificate = audit(city, place(city), effort=0.0)
    assert placement == place(city)
    assert certificate.least == 0
    assert not certificate.fewest_proven
    assert certificate.most is None


def test_a_faulty_placement_is_not_audited():
    city = City((Facility("a", {"1": 0}),), (Family("f", (Child("c", "1", ("a",), {"a": 1}),)),))
    with pytest.raises(PlacementError) as raised:
        audit(city, replace(place(city), seats={"c": "a"}, choices={"f": 0}))
    assert raised.value.values == {"fault": "over_capacity", "who": "a 1"}


# The check


@given(cities(families=5), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_check_agrees_with_the_definition_in_other_words(city, chance):
    """A choice blocks when admitting the whole family and dropping the lowest others leaves its children in."""
    placements = list(all_placements(city))
    placement = chance.choice(placements)
    seats = {Seat(f.id, grade): n for f in city.facilities for grade, n in f.seats.items()}
    children = {child.id: child for child in city.children()}
    expected = set()
    for family in city.families:
        own = {child.id for child in family.children}
        for choice in range(rank(family, placement)):
            asked = {
                (child.choices[choice], child.grade): None
                for child in family.children
                if child.choices[choice]
            }
            fits = True
            for facility, grade in asked:
                rest = [
                    c for c, at in placement.seats.items() if at == facility and children[c].grade == grade
                ]
                rest = [c for c in rest if c not in own]
                mine = [c.id for c in family.children if (c.choices[choice], c.grade) == (facility, grade)]
                while rest and len(rest) + len(mine) > seats[Seat(facility, grade)]:
                    lowest = min([*rest, *mine], key=lambda c: priority(children[c], facility))
                    if lowest in mine:
                        break
                    rest.remove(lowest)
                fits = fits and len(rest) + len(mine) <= seats[Seat(facility, grade)]
            if fits:
                expected.add((family.id, choice))
    assert {(one.family, one.choice) for one in check(city, placement).coalitions} == expected


@pytest.mark.parametrize(
    ("seats", "choices", "code"),
    [
        ({"c": "a"}, {"f": 0, "g": None}, "missing_child"),
        ({"c": "a", "d": "b", "x": "a"}, {"f": 0, "g": None}, "unknown_child"),
        ({"c": "b", "d": "b"}, {"f": 0, "g": None}, "not_a_choice"),
        ({"c": None, "d": "b"}, {"f": 5, "g": None}, "not_a_choice"),
        ({"c": None, "d": None}, {"f": None, "g": None}, "lost_seat"),
        ({"c": "a", "d": "a"}, {"f": 0, "g": 0}, "over_capacity"),
    ],
)
def test_the_check_finds_each_fault(seats, choices, code):
    placement = replace(place(SMALL), seats=seats, choices=choices)
    assert code in {fault.code for fault in check(SMALL, placement).faults}


SMALL = City(
    (Facility("a", {"1": 1}), Facility("b", {"1": 2})),
    (
        Family("f", (Child("c", "1", ("a",), {"a": 5}),)),
        Family("g", (Child("d", "1", ("a",), {"a": 9}, holds="b"),)),
    ),
)


# Transfers


def test_a_holder_moves_and_its_seat_is_free_only_then():
    mover = Child("mover", "1", ("b",), {"b": 1}, holds="a")
    waiting = Child("waiting", "1", ("a",), {"a": 9})
    better = Child("better", "1", ("b",), {"b": 9})
    facilities = (Facility("a", {"1": 1}), Facility("b", {"1": 1}))
    city = City(facilities, (Family("m", (mover,)), Family("w", (waiting,))))
    assert place(city).seats == {"mover": "b", "waiting": "a"}
    full = City(facilities, (*city.families, Family("x", (better,))))
    assert place(full).seats == {"mover": "a", "waiting": None, "better": "b"}
    assert explain(full, place(full))["w"][0].code == "holders"


# Explanations


@given(cities(families=7))
@settings(max_examples=60, deadline=None)
def test_every_refusal_is_explained_and_true(city):
    placement = place(city)
    blocking = {(one.family, one.choice) for one in check(city, placement).coalitions}
    told = explain(city, placement)
    table = admissions(city, placement)
    for family in city.families:
        refusals = {}
        for refusal in told[family.id]:
            refusals.setdefault(refusal.choice, []).append(refusal)
        assert set(refusals) == set(range(rank(family, placement)))
        for choice, each in refusals.items():
            assert len(each) == sum(child.choices[choice] is not None for child in family.children)
            unresolved = {refusal.code for refusal in each} == {"unresolved"}
            assert unresolved == ((family.id, choice) in blocking)
            assert all((refusal.code == "unresolved") <= unresolved for refusal in each)
            assert {refusal.code for refusal in each} != {"sibling"}
            for refusal in each:
                if refusal.code == "outranked":
                    last, own = refusal.last, refusal.own
                    assert (last.points, last.ties) > (own.points, own.ties)
                    assert refusal.short == last.points - own.points
                    assert (refusal.tie is None) == (refusal.short > 0)
    for (facility, grade), row in table.items():
        there = [c for c in city.children() if placement.seats[c.id] == facility and c.grade == grade]
        assert (row.capacity - row.free, row.kept) == (len(there), sum(c.holds == facility for c in there))
        came = [priority(c, facility)[1] for c in there if c.holds != facility]
        assert (row.last.points if row.last else None) == (min(came) if came else None)


def test_a_sibling_stands_in_the_way():
    pair = Family(
        "pair",
        (
            Child("old", "2", ("a", "b"), {"a": 9, "b": 9}, (1,)),
            Child("young", "1", ("a", "b"), {"a": 3, "b": 3}, (1,)),
        ),
    )
    rival = Family("rival", (Child("r", "1", ("a",), {"a": 3}, (2,)),))
    city = City((Facility("a", {"1": 1, "2": 1}), Facility("b", {"1": 1, "2": 1})), (pair, rival))
    placement = place(city)
    assert placement.seats == {"old": "b", "young": "b", "r": "a"}
    old, young = explain(city, placement, ["pair"])["pair"]
    assert (old.child, old.code) == ("old", "sibling")
    assert (young.code, young.short, young.tie) == ("outranked", 0, 0)
    assert (young.own.ties, young.last.ties) == ((1,), (2,))


def test_twins_need_two_seats():
    twins = tuple(Child(name, "1", ("a",), {"a": 5}) for name in ("t1", "t2"))
    city = City((Facility("a", {"1": 1}),), (Family("twins", twins),))
    assert [refusal.code for refusal in explain(city, place(city))["twins"]] == ["together", "together"]
    none = City((Facility("a", {}),), (Family("twins", twins),))
    assert [refusal.code for refusal in explain(none, place(none))["twins"]] == ["no_seats", "no_seats"]


# Policy


@given(cities(families=5))
@settings(max_examples=40, deadline=None)
def test_the_price_of_stability_is_what_trying_everything_finds(city):
    placement = place(city)
    price = stability_price(city, placement)
    assert price.placed == placement.placed
    assert price.most == price.bound == max(one.placed for one in all_placements(city))


@given(cities(families=6))
@settings(max_examples=30, deadline=None)
def test_other_points_move_only_whom_they_move(city):
    assert compare_priorities(city, city) == ()
    raised = replace(city.families[0].children[0], points={f.id: 99 for f in city.facilities})
    family = replace(city.families[0], children=(raised, *city.families[0].children[1:]))
    other = City(city.facilities, (family, *city.families[1:]))
    before, after = place(city), place(other)
    moved = compare_priorities(city, other)
    assert {one.child for one in moved} == {c for c in before.seats if before.seats[c] != after.seats[c]}
    assert moved == changes(city, before, after)
    with pytest.raises(PlacementError):
        compare_priorities(city, City(city.facilities, city.families[1:]))


def test_gain_and_loss_are_told_apart():
    first = Child("first", "1", ("a", "b"), {"a": 5, "b": 5})
    second = Child("second", "1", ("a", "b"), {"a": 4, "b": 4})
    facilities = (Facility("a", {"1": 1}), Facility("b", {"1": 1}))
    before = City(facilities, (Family("1", (first,)), Family("2", (second,))))
    after = City(
        facilities, (Family("1", (first,)), Family("2", (replace(second, points={"a": 6, "b": 4}),)))
    )
    moved = compare_priorities(before, after)
    assert [(one.child, one.before, one.after, one.gains) for one in moved] == [
        ("first", "a", "b", False),
        ("second", "b", "a", True),
    ]


# Joint choices


def test_joint_choices_by_rule():
    lists = [["a", "b"], ["b", "c"]]
    assert joint_choices(lists, "same_facility") == (("b",), ("b",))
    assert joint_choices([["a"], ["b"]], "same_facility") == ((), ())
    assert list(zip(*joint_choices(lists, "all_or_none"), strict=True)) == [
        ("a", "b"), ("a", "c"), ("b", "b"), ("b", "c"),
    ]  # fmt: skip
    together = joint_choices(lists, "any", together_first=True)
    assert next(zip(*together, strict=True)) == ("b", "b")
    assert len(together[0]) == 8


# Errors


def child(**changes):
    return replace(Child("c", "1", ("a",), {"a": 1}), **changes)


@pytest.mark.parametrize(
    ("facilities", "families", "code"),
    [
        ((Facility("a", {}), Facility("a", {})), (), "duplicate_facility"),
        ((Facility("a", {"1": -1}),), (), "negative_capacity"),
        (None, (Family("f", (child(),)), Family("f", (child(id="d"),))), "duplicate_family"),
        (None, (Family("f", ()),), "empty_family"),
        (None, (Family("f", (child(),)), Family("g", (child(),))), "duplicate_child"),
        (None, (Family("f", (child(), child(id="d", choices=()))),), "unequal_choices"),
        (None, (Family("f", (child(choices=("x",)),)),), "unknown_facility"),
        (None, (Family("f", (child(holds="x"),)),), "unknown_facility"),
        (None, (Family("f", (child(choices=(None,)),)),), "empty_choice"),
        (None, (Family("f", (child(choices=("a", "a")),)),), "repeated_choice"),
        (None, (Family("f", (child(), child(id="d", choices=(None,), holds="a"))),), "seat_given_up"),
        (None, (Family("f", (child(points={}),)),), "missing_points"),
        (None, (Family("f", (child(),)), Family("g", (child(id="d", ties=(1,)),))), "unequal_ties"),
        (None, (Family("f", (child(),)), Family("g", (child(id="d"),))), "undecided_tie"),
        (None, (Family("f", (child(holds="a"), child(id="d", holds="a"))),), "too_many_holders"),
    ],
)
def test_what_cannot_be_used_is_said(facilities, families, code):
    with pytest.raises(PlacementError) as raised:
        City(facilities or (Facility("a", {"1": 1}),), families)
    assert raised.value.code == code
    assert all(str(value) in str(raised.value) for value in raised.value.values.values())


def test_singles_helper_keeps_children():
    city = city_of(random.Random(1))
    assert {c.id for c in singles_of(city).children()} == {c.id for c in city.children()}
