"""The sample against the figures it is made from."""

from collections import Counter
from itertools import pairwise

from yui.shell.sample.figures import age_counts, people_before, share_of
from yui.shell.sample.generator import Roll
from yui.shell.sample.structures import Household

Homes = dict[str, list[Household]]


def _people(homes: list[Household]):
    return (person for home in homes for person in home.members)


def test_age_pyramid_is_the_table(rolls: list[Roll], households: Homes) -> None:
    for roll in rolls:
        men, women = age_counts(roll.place.slug, roll.residents, roll.plan.on.year)
        found = Counter((person.sex, person.age // 5) for person in _people(households[roll.place.slug]))
        assert sum(found.values()) == roll.residents == sum(men) + sum(women)
        for sex, column in ((1, men), (2, women)):
            for band in range(21):
                expected = sum(column[band * 5 : band * 5 + 5])
                # Only hand-written people may take the place of somebody a little older or younger.
                assert abs(found[sex, band] - expected) <= 3


def test_age_on_the_day_follows_from_the_birthday(rolls: list[Roll], households: Homes) -> None:
    on = rolls[0].plan.on
    for person in _people([home for homes in households.values() for home in homes]):
        born = on.fromordinal(person.born)
        assert person.age == on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def test_villages_are_older_than_the_city(rolls: list[Roll]) -> None:
    shares = []
    for roll in rolls:
        men, women = roll.counts
        shares.append((sum(men[65:]) + sum(women[65:])) / roll.residents)
    assert shares == sorted(shares)
    assert 0.28 < shares[0] < 0.36
    assert shares[-1] > 0.43


def test_births_of_a_year_are_near_the_nation(rolls: list[Roll]) -> None:
    men, women = rolls[0].counts
    # 3.95 million of 123 million in 2025 were under five.
    assert 0.024 < (sum(men[:5]) + sum(women[:5])) / rolls[0].residents < 0.036


def test_household_sizes(households: Homes) -> None:
    homes = [home for home in households["yuimi"] if home.kind not in ("institution", "dormitory")]
    sizes = Counter(len(home.members) for home in homes)
    share = {size: sizes[size] / len(homes) for size in sizes}
    assert 0.30 < share[1] < 0.42
    assert 0.26 < share[2] < 0.36
    assert 0.14 < share[3] < 0.21
    assert 0.08 < share[4] < 0.14
    assert sum(share[size] for size in share if size > 4) < 0.08
    assert 2.0 < sum(size * count for size, count in sizes.items()) / len(homes) < 2.4


def test_kinds_of_households(households: Homes) -> None:
    homes = households["yuimi"]
    with_children = [home for home in homes if any(person.age < 18 for person in home.members)]
    assert 0.16 < len(with_children) / len(homes) < 0.23
    kinds = Counter(home.kind for home in with_children)
    assert 0.06 < kinds["lone_parent"] / len(with_children) < 0.14
    assert 0.08 < kinds["three_generations"] / len(with_children) < 0.20
    numbers = Counter(min(3, sum(person.age < 18 for person in home.members)) for home in with_children)
    assert 0.42 < numbers[1] / len(with_children) < 0.56
    assert 0.34 < numbers[2] / len(with_children) < 0.46
    elders = [person for person in _people(homes) if person.age >= 65]
    alone = [home for home in homes if home.kind == "single" and home.members[0].age >= 65]
    assert 0.14 < len(alone) / len(elders) < 0.26
    assert any(home.kind == "institution" for home in homes)


def test_every_child_has_adults(households: Homes) -> None:
    for homes in households.values():
        for home in homes:
            if any(person.age < 18 for person in home.members):
                assert max(person.age for person in home.members) >= 18
                assert home.members[0].age >= 18


def test_mothers_and_spouses(households: Homes) -> None:
    gaps = []
    for homes in households.values():
        for home in homes:
            mother = next((p for p in home.members if p.sex == 2 and p.role in ("head", "spouse")), None)
            for child in home.members:
                if mother and child.role in ("child", "grown_child"):
                    years = (child.born - mother.born) / 365.25
                    assert 17.99 < years < 45.1
            partners = [p for p in home.members[:2] if p.role in ("head", "spouse")]
            if len(partners) == 2:
                gaps.append(sum(p.age if p.sex == 1 else -p.age for p in partners))
    assert -1 < sum(gaps) / len(gaps) < 3
    assert all(abs(gap) <= 20 for gap in gaps)


def test_brothers_and_sisters_are_twins_or_nine_months_apart(households: Homes) -> None:
    births, twins = 0, 0
    for homes in households.values():
        for home in homes:
            children = [person for person in home.members if person.role == "child"]
            births += len(children)
            for older, younger in pairwise(children):
                gap = younger.born - older.born
                assert gap == 0 or gap >= 270
                twins += gap == 0
    # About one birth in a hundred is a twin birth.
    assert 0.002 < twins / births < 0.025


def test_shares_add_up() -> None:
    counts = age_counts("haza", 12_345, 2026)
    shares = [share_of(counts, part, 7) for part in range(7)]
    for sex in (0, 1):
        assert [sum(column) for column in zip(*(share[sex] for share in shares), strict=True)] == counts[sex]
    assert people_before(counts, 3, 7) == sum(sum(map(sum, share)) for share in shares[:3])
