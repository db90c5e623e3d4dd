"""Move in: rows without scripts, a new household or one that is there, somebody who comes back."""

import datetime as dt
from uuid import UUID

from django.test import Client
from django.urls import reverse

from yui.registries.people.public import HouseholdView, search_residents
from yui.services.residents.tests.conftest import date_data, filled, household_of, registrar

MAY = dt.date(2026, 5, 25)
URL = "/residents/move-in/"


def person(row: int, given: str, relationship: str, **changes: str) -> dict[str, str]:
    fields = {
        "family_name": "鈴木", "given_name": given, "family_kana": "スズキ", "given_kana": "ミドリ",
        "sex": "2", "relationship": relationship, "nationality": "JPN", "person": "",
    } | changes  # fmt: skip
    return {f"m{row}_{name}": value for name, value in fields.items()} | date_data(
        f"m{row}_born_on", dt.date(1980 + row * 20, 3, 4)
    )


def start(client: Client, url: str = URL) -> dict[str, object]:
    return filled(client, url, effective_on=MAY) | {"previous_address": "東京都千代田区丸の内1"}


def test_a_person_is_added_without_losing_what_was_typed(clerk: Client) -> None:
    data = start(clerk) | {"town": "本町一丁目"} | person(0, "緑", "head")
    more = clerk.post(URL, data | {"add_person": "1"})
    assert more.status_code == 200
    form = more.context["form"]
    assert form.rows == 2
    assert not form.errors
    assert 'value="緑"' in more.content.decode()
    assert 'name="m1_given_name"' in more.content.decode()
    data |= {"rows": "2"} | person(1, "葵", "child", sex="1")
    less = clerk.post(URL, data | {"take_away": "1"})
    assert less.context["form"].rows == 1
    assert 'value="葵"' in less.content.decode()
    assert 'value="緑"' not in less.content.decode()
    answer = clerk.post(URL, data)
    assert answer.status_code == 303, answer.context["form"].errors
    with registrar():
        hits = search_residents(name="鈴木緑", reason="test")
    home = household_of(hits[0].resident.person)
    assert [m.relationship_text for m in home.members] == ["世帯主", "子"]
    assert home.members[0].previous_address == "東京都千代田区丸の内1"


def test_a_new_household_needs_one_head(clerk: Client) -> None:
    data = start(clerk) | {"town": "本町一丁目"} | person(0, "緑", "child")
    answer = clerk.post(URL, data)
    assert answer.status_code == 422
    assert "m0_relationship" in answer.context["form"].errors


def test_people_join_a_household(clerk: Client, home: HouseholdView, family: list[UUID]) -> None:
    url = f"{URL}?household={home.household}"
    data = start(clerk, url) | person(0, "緑", "parent")
    assert "town" not in data
    assert clerk.post(url, data).status_code == 303
    after = household_of(family[0])
    assert len(after.members) == 4
    assert {m.address.line for m in after.members} == {home.members[0].address.line}
    assert "母" in {m.relationship_text for m in after.members}


def test_somebody_comes_back_as_the_same_person(
    clerk: Client, home: HouseholdView, family: list[UUID]
) -> None:
    out = reverse("residents:move_out", args=[home.household])
    clerk.post(out, filled(clerk, out, effective_on=dt.date(2026, 5, 1), destination="隣町"))
    url = f"{URL}?person={family[0]}"
    data = filled(clerk, url, effective_on=MAY, town="本町一丁目", m0_relationship="head")
    answer = clerk.post(url, data)
    assert answer.status_code == 303, answer.context["form"].errors
    assert household_of(family[0]).household != home.household


def test_an_unknown_household_is_not_found(clerk: Client) -> None:
    assert clerk.get(f"{URL}?household=nonsense").status_code == 404
    assert clerk.get(f"{URL}?household=00000000-0000-4000-8000-00000000abcd").status_code == 404


def test_a_refusal_finds_the_field_of_the_only_person(clerk: Client) -> None:
    data = start(clerk) | {"town": "本町一丁目"} | person(0, "緑", "head", nationality="VNM")
    answer = clerk.post(URL, data)
    assert answer.status_code == 422
    assert "m0_residence_status" in answer.context["form"].errors
