"""Birth: filled in from the record, done once, refused in words, journalled."""

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from yui.kernel.journal.public import count_entries, list_about
from yui.registries.people.public import HouseholdView, Relationship
from yui.services.residents.tests.conftest import IVS_NAME, date_data, household_of, opened


@pytest.fixture
def page(home: HouseholdView, family: list[UUID]) -> str:
    return reverse("residents:birth", args=[home.household]) + f"?mother={family[1]}"


def typed(client: Client, page: str, mother: UUID, **changes: str) -> dict[str, str]:
    return {
        **opened(client, page),
        "family_name": IVS_NAME,
        "given_name": "さくら",
        "family_kana": "カツラギ",
        "given_kana": "さくら",
        **date_data("born_on", dt.date(2026, 5, 20)),
        "sex": "2",
        "born_where": "結見市",
        "mother": str(mother),
        "relationship": "child",
        "relationship_text": "",
        "domicile": "結県結見市稲穂町5番",
        "domicile_head": f"{IVS_NAME}\u3000太郎",
        "nationality": "日本",
        "residence_status": "",
        **date_data("residence_until", None),
        **date_data("notified_on", dt.date(2026, 6, 1)),
        "remark": "",
        **changes,
    }


def test_everything_known_is_filled_in_with_its_source(clerk: Client, page: str, family: list[UUID]) -> None:
    answer = clerk.get(page)
    form = answer.context["form"]
    assert form["family_name"].initial == IVS_NAME
    assert form["mother"].initial == str(family[1])
    assert form["domicile"].initial == "結県結見市稲穂町5番"
    assert form["family_name"].provenance is not None
    assert f'value="{IVS_NAME}"' in answer.content.decode()


def test_a_birth_is_recorded_and_the_result_says_what_happened(
    clerk: Client, page: str, family: list[UUID]
) -> None:
    answer = clerk.post(page, typed(clerk, page, family[1]))
    assert answer.status_code == 303
    child = next(m for m in household_of(family[0]).members if m.name.given_name == "さくら")
    assert child.name.family_name == IVS_NAME
    assert child.name.given_kana == "サクラ"
    assert (child.relationship, child.relationship_text) == (Relationship.CHILD, "子")
    assert child.became_resident_on == dt.date(2026, 5, 20)
    result = clerk.get(answer["Location"])
    assert result.status_code == 200
    assert "さくら" in result.content.decode()
    assert "people.birth.recorded" in {entry.act for entry in list_about(child.person)}


def test_the_same_page_sent_twice_records_one_child(clerk: Client, page: str, family: list[UUID]) -> None:
    data = typed(clerk, page, family[1])
    first, second = clerk.post(page, data), clerk.post(page, data)
    assert first["Location"] == second["Location"]
    assert len(household_of(family[0]).members) == 4


def test_a_stale_page_is_refused_and_keeps_what_was_typed(
    clerk: Client, page: str, family: list[UUID]
) -> None:
    data, other = typed(clerk, page, family[1]), typed(clerk, page, family[1], given_name="大地")
    assert clerk.post(page, other).status_code == 303
    answer = clerk.post(page, data)
    assert answer.status_code == 409
    assert 'value="さくら"' in answer.content.decode()
    assert len(household_of(family[0]).members) == 4


def test_a_refusal_stands_at_its_field(clerk: Client, page: str, family: list[UUID]) -> None:
    data = typed(clerk, page, family[1], **date_data("notified_on", dt.date(2026, 5, 1)))
    answer = clerk.post(page, data)
    assert answer.status_code == 422
    assert answer.context["form"].errors["notified_on"]
    assert 'href="#id_notified_on_0"' in answer.content.decode()
    assert len(household_of(family[0]).members) == 3


def test_mistakes_are_summed_up(clerk: Client, page: str, family: list[UUID]) -> None:
    answer = clerk.post(page, typed(clerk, page, family[1], given_name="", sex="", nationality="Atlantis"))
    assert answer.status_code == 422
    assert {"given_name", "sex", "nationality"} <= set(answer.context["form"].errors)
    assert "form-summary" in answer.content.decode()


def test_a_late_notification_is_pointed_out(clerk: Client, page: str, family: list[UUID]) -> None:
    data = typed(clerk, page, family[1], **date_data("born_on", dt.date(2026, 5, 1)))
    answer = clerk.get(clerk.post(page, data)["Location"])
    assert len(answer.context["warnings"]) == 1


def test_without_the_permission_nothing_is_shown(sign_in: object, page: str, family: list[UUID]) -> None:
    client = sign_in("cashier")  # type: ignore[operator]
    assert client.get(page).status_code == 403
    assert client.post(page, {}).status_code == 403


def test_without_a_reason_the_clerk_is_asked_first(sign_in: object, page: str) -> None:
    client = sign_in("resident_clerk")  # type: ignore[operator]
    before = count_entries(act="people.household.read")
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("residents:errand"))
    assert count_entries(act="people.household.read") == before


def test_from_the_desk_to_the_child(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    """Tile, search, mother, form: the way a clerk goes."""
    start = clerk.post(reverse("residents:begin", args=["birth"]))
    assert start["Location"] == reverse("residents:search") + "?for=birth"
    found = clerk.post(start["Location"], {"name": "葛城花子", "reason": "notification"}, follow=True)
    assert found.status_code == 200
    page = reverse("residents:birth", args=[home.household]) + f"?mother={family[1]}"
    assert page in found.content.decode()
    assert clerk.get(reverse("residents:household", args=[home.household])).status_code == 200
    assert clerk.get(reverse("residents:resident", args=[family[1]])).status_code == 200
