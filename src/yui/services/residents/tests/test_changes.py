"""Deaths, moves and household changes through their pages."""

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from yui.registries.people.public import EventKind, HouseholdView, Relationship, Sex
from yui.services.residents.tests.conftest import filled, household_of, newcomer, settle

JUNE = dt.date(2026, 6, 1)
MAY = dt.date(2026, 5, 25)


def place(person: UUID) -> str:
    return f"place_{person.hex}"


def send(client: Client, url: str, **typed: object) -> object:
    return client.post(url, filled(client, url, **typed))


def done(client: Client, answer: object) -> object:
    """The page that says what happened."""
    assert answer.status_code == 303, answer.context["form"].errors  # type: ignore[attr-defined]
    page = client.get(answer["Location"])  # type: ignore[index]
    assert page.status_code == 200
    return page


def test_when_the_head_dies_another_one_is_asked_for(clerk: Client, family: list[UUID]) -> None:
    father, mother, child = family
    url = reverse("residents:death", args=[father])
    answer = send(clerk, url, effective_on=MAY, new_head="")
    assert answer.status_code == 422
    assert "new_head" in answer.context["form"].errors
    answer = send(clerk, url, effective_on=MAY, new_head=str(mother))
    assert place(child) in answer.context["form"].errors
    page = done(clerk, send(clerk, url, effective_on=MAY, new_head=str(mother), **{place(child): "child"}))
    assert page.context["event"].kind is EventKind.DEATH
    home = household_of(mother)
    assert home.head is not None
    assert home.head.person == mother
    assert [m.relationship_text for m in home.members] == ["世帯主", "子"]


def test_a_death_of_another_member_asks_nothing_more(clerk: Client, family: list[UUID]) -> None:
    url = reverse("residents:death", args=[family[1]])
    assert "new_head" not in clerk.get(url).context["form"].fields
    done(clerk, send(clerk, url, effective_on=MAY))
    assert len(household_of(family[0]).members) == 2


def test_a_household_moves_out_with_a_planned_date(
    clerk: Client, family: list[UUID], home: HouseholdView
) -> None:
    url = reverse("residents:move_out", args=[home.household])
    page = done(clerk, send(clerk, url, effective_on=dt.date(2026, 6, 20), destination="東京都千代田区1"))
    assert "東京都千代田区1" in page.content.decode()
    assert len(household_of(family[0]).members) == 3
    assert not household_of(family[0], dt.date(2026, 6, 19)).is_closed
    answer = clerk.get(reverse("residents:household", args=[home.household]))
    assert answer.context["entries"][0]["future"]


def test_only_some_move_out(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    url = reverse("residents:move_out", args=[home.household])
    typed = {"persons": [str(family[0])], "effective_on": MAY, "destination": "隣町"}
    answer = send(clerk, url, **typed)
    assert "new_head" in answer.context["form"].errors
    done(clerk, send(clerk, url, **typed, new_head=str(family[1]), **{place(family[2]): "child"}))
    assert {m.person for m in household_of(family[1]).members} == {family[1], family[2]}


def test_a_household_moves_within(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    url = reverse("residents:move_within", args=[home.household])
    done(clerk, send(clerk, url, effective_on=MAY, town="本町二丁目", block="7番"))
    after = household_of(family[0])
    assert after.household == home.household
    assert {m.address.line for m in after.members} == {"本町二丁目7番"}


def test_some_move_into_a_new_household(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    url = reverse("residents:move_within", args=[home.household])
    typed = {"persons": [str(family[1]), str(family[2])], "effective_on": MAY, "town": "本町二丁目"}
    answer = send(clerk, url, **typed)
    assert place(family[1]) in answer.context["form"].errors
    done(clerk, send(clerk, url, **typed, **{place(family[1]): "head", place(family[2]): "child"}))
    after = household_of(family[1])
    assert after.household != home.household
    assert [m.relationship for m in after.members] == [Relationship.HEAD, Relationship.CHILD]


def test_one_moves_into_another_household(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    grandmother = settle(newcomer("高橋", "ハル", Relationship.HEAD, "1950-02-03", Sex.FEMALE))[0]
    number = household_of(grandmother).household_number
    url = reverse("residents:move_within", args=[home.household])
    typed = {"persons": [str(family[2])], "effective_on": MAY, "town": "本町三丁目"}
    assert "household" in send(clerk, url, **typed, household="123").context["form"].errors
    done(clerk, send(clerk, url, **typed, household=number, **{place(family[2]): "grandchild"}))
    assert [m.relationship_text for m in household_of(grandmother).members] == ["世帯主", "子の子"]
    assert household_of(family[2]).household == household_of(grandmother).household


def test_the_same_address_is_refused_at_its_field(clerk: Client, home: HouseholdView) -> None:
    here = home.members[0].address
    url = reverse("residents:move_within", args=[home.household])
    answer = send(
        clerk, url, effective_on=MAY, town=here.town, block=here.block, building=here.building,
        postal_code=here.postal_code,
    )  # fmt: skip
    assert answer.status_code == 422
    assert answer.context["form"].errors["town"]


def test_a_household_is_split_and_merged_again(
    clerk: Client, family: list[UUID], home: HouseholdView
) -> None:
    assert clerk.get(reverse("residents:household_change", args=[home.household])).status_code == 200
    split = reverse("residents:split", args=[home.household])
    everyone = [str(person) for person in family]
    assert "persons" in send(clerk, split, effective_on=MAY, persons=everyone).context["form"].errors
    done(clerk, send(clerk, split, effective_on=MAY, persons=[str(family[1])]))
    alone = household_of(family[1])
    assert alone.household != home.household
    merge = reverse("residents:merge", args=[alone.household])
    typed = {"effective_on": JUNE, "persons": [str(family[1])], "into": home.household_number}
    assert place(family[1]) in send(clerk, merge, **typed).context["form"].errors
    page = done(clerk, send(clerk, merge, **typed, **{place(family[1]): "spouse"}))
    assert len(page.context["warnings"]) == 1
    assert household_of(family[1]).household == home.household


def test_another_member_becomes_head(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    url = reverse("residents:head", args=[home.household])
    typed = {"effective_on": MAY, "new_head": str(family[1])}
    assert place(family[0]) in send(clerk, url, **typed).context["form"].errors
    done(clerk, send(clerk, url, **typed, **{place(family[0]): "spouse", place(family[2]): "child"}))
    assert [m.relationship_text for m in household_of(family[0]).members] == ["世帯主", "夫", "子"]


def test_a_relationship_changes_in_its_words(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    url = reverse("residents:relationships", args=[home.household])
    done(
        clerk,
        send(
            clerk,
            url,
            effective_on=MAY,
            **{place(family[1]): "cohabitant", f"word_{family[1].hex}": "妻（未届）"},
        ),
    )
    words = {m.person: m.relationship_text for m in household_of(family[0]).members}
    assert words[family[1]] == "妻（未届）"
    assert words[family[2]] == "子"


def test_a_closed_household_cannot_be_changed(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    done(
        clerk,
        send(
            clerk, reverse("residents:move_out", args=[home.household]), effective_on=MAY, destination="隣町"
        ),
    )
    assert clerk.get(reverse("residents:move_within", args=[home.household])).status_code == 404
    former = clerk.get(reverse("residents:resident", args=[family[0]]))
    assert former.status_code == 200
    assert reverse("residents:move_in") in former.content.decode()


@pytest.mark.parametrize("name", ["move_out", "move_within", "split", "merge", "head", "relationships"])
def test_pages_of_nobody_are_not_found(clerk: Client, name: str) -> None:
    unknown = UUID("00000000-0000-4000-8000-00000000abcd")
    assert clerk.get(reverse(f"residents:{name}", args=[unknown])).status_code == 404
