"""The desk: search, the reason for looking, records over time, journal, number of queries."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yui.kernel.journal.public import count_entries, list_about
from yui.registries.people.public import HouseholdView, Relationship, Sex, record_birth
from yui.services.residents.presenting import date_query
from yui.services.residents.tests.conftest import (
    IVS_NAME,
    date_data,
    filled,
    household_of,
    newcomer,
    registrar,
    settle,
)

DESK = "/residents/"
EMPTY: dict[str, str] = {"name": "", "kana": "", "address": "", "person_number": "", "reason": "inquiry"}


def search(client: Client, **typed: str) -> object:
    return client.post(DESK, EMPTY | typed, follow=True)


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "葛城"},
        {"name": f"{IVS_NAME}花子"},
        {"kana": "かつらぎ"},
        date_data("born_on", dt.date(1990, 5, 5)),
        {"address": "ゆいハイツ"},
    ],
)
def test_somebody_is_found_by_what_is_known(clerk: Client, family: list[UUID], typed: dict[str, str]) -> None:
    answer = search(clerk, **typed)
    assert family[1] in {row["resident"].person for row in answer.context["rows"]}
    assert reverse("residents:resident", args=[family[1]]) in answer.content.decode()


def test_somebody_is_found_by_number(clerk: Client, home: HouseholdView) -> None:
    answer = search(clerk, person_number=home.members[2].person_number)
    assert [row["resident"].person for row in answer.context["rows"]] == [home.members[2].person]


def test_no_name_stands_in_an_address(clerk: Client, family: list[UUID]) -> None:
    answer = search(clerk, name="葛城")
    assert "?found=1" in answer.redirect_chain[0][0]
    assert "%E" not in answer.redirect_chain[0][0]


def test_nothing_to_look_for_is_refused(clerk: Client, body: object) -> None:
    answer = clerk.post(DESK, EMPTY)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert clerk.post(DESK, EMPTY | {"name": "葛城", "reason": ""}).status_code == 422


def test_former_residents_are_found_when_asked_for(
    clerk: Client, family: list[UUID], home: HouseholdView
) -> None:
    death = reverse("residents:death", args=[family[1]])
    clerk.post(death, filled(clerk, death, effective_on=dt.date(2026, 5, 20)))
    assert search(clerk, name="葛城花子").context["count"] == 0
    assert search(clerk, name="葛城花子", include_former="on").context["count"] == 1


def test_the_reason_is_asked_once_and_journalled_with_its_ground(
    sign_in: Callable[[str], Client], family: list[UUID]
) -> None:
    client = sign_in("resident_clerk")
    page = reverse("residents:resident", args=[family[1]])
    asked = client.get(page)
    assert asked["Location"] == f"{reverse('residents:errand')}?{urlencode({'next': page})}"
    assert client.post(asked["Location"], {"reason": ""}).status_code == 422
    back = client.post(asked["Location"], {"reason": "survey"})
    assert back["Location"] == page
    assert client.get(page).status_code == 200
    entry = next(e for e in list_about(family[1]) if e.act == "people.resident.read")
    assert (entry.reason, entry.legal_ground) == ("survey", "住民基本台帳法34条")
    client.post(reverse("residents:end"))
    assert client.get(page).status_code == 302


def test_the_way_back_leads_nowhere_else(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("resident_clerk")
    url = f"{reverse('residents:errand')}?{urlencode({'next': 'https://elsewhere.example/'})}"
    assert client.post(url, {"reason": "survey"})["Location"] == DESK


def test_the_desk_itself_reads_nobody(clerk: Client, family: list[UUID]) -> None:
    before = count_entries(act="people.resident.read")
    answer = clerk.get(DESK)
    assert len(answer.context["events"]) == 1
    assert IVS_NAME not in answer.content.decode()
    assert count_entries(act="people.resident.read") == before


def test_a_tile_begins_with_its_own_reason(clerk: Client, body: object) -> None:
    answer = clerk.post(reverse("residents:begin", args=["correction"]), follow=True)
    assert answer.context["errand"].reason == "ex_officio"
    assert clerk.post(reverse("residents:begin", args=["protection"]))["Location"] == DESK
    assert clerk.post(reverse("residents:begin", args=["move_in"]))["Location"] == "/residents/move-in/"


def test_a_household_as_of_another_day(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    url = reverse("residents:household", args=[home.household])
    birth = newcomer(IVS_NAME, "さくら", Relationship.CHILD, "2026-05-20", Sex.FEMALE)
    with registrar():
        record_birth(child=birth, household=home.household)
    now = clerk.get(url)
    assert len(now.context["members"]) == 4
    assert now.context["entries"][0]["title"].startswith(f"{IVS_NAME}\u3000さくら")
    then = clerk.get(f"{url}?{urlencode(date_query('as_of', dt.date(2026, 5, 19)))}")
    assert len(then.context["members"]) == 3
    assert not then.context["is_now"]
    early = clerk.get(f"{url}?{urlencode(date_query('as_of', dt.date(2019, 1, 1)))}")
    assert early.context["members"] == []


def test_a_household_as_it_was_known(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    """Moved in in 2020, entered today: yesterday nobody knew."""
    url = reverse("residents:household", args=[home.household])
    query = date_query("as_of", dt.date(2026, 5, 1)) | date_query("known_on", dt.date(2026, 5, 31))
    assert clerk.get(f"{url}?{urlencode(query)}").status_code == 404


def test_a_record_shows_every_item_and_its_history(clerk: Client, family: list[UUID]) -> None:
    page = clerk.get(reverse("residents:resident", args=[family[1]]))
    values = {str(fact["value"]) for fact in page.context["facts"]}
    assert {f"{IVS_NAME}\u3000花子", "妻", "結県結見市稲穂町5番"} <= values
    assert len(page.context["history"]) == 1
    assert len(page.context["events"]) == 1


def test_what_is_mistaken_in_the_days_is_said(clerk: Client, home: HouseholdView) -> None:
    url = reverse("residents:household", args=[home.household])
    query = date_query("as_of", dt.date(2026, 5, 1)) | {"as_of_month": "13"}
    answer = clerk.get(f"{url}?{urlencode(query)}")
    assert answer.context["times"].errors


@pytest.mark.parametrize("name", ["search", "household", "resident", "birth", "certificate"])
def test_without_a_role_no_page_opens(
    sign_in: Callable[[str], Client], home: HouseholdView, name: str
) -> None:
    args = {"search": [], "resident": [home.members[0].person]}.get(name, [home.household])
    assert sign_in("cashier").get(reverse(f"residents:{name}", args=args)).status_code == 403


def test_pages_ask_the_database_as_often_for_many_as_for_few(clerk: Client, family: list[UUID]) -> None:
    def queries(url: str) -> int:
        clerk.get(url)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert clerk.get(url).status_code == 200
        return len(captured)

    small = reverse("residents:household", args=[household_of(family[0]).household])
    many = settle(
        newcomer("葛城", "太郎", Relationship.HEAD, "1970-01-02", Sex.MALE),
        *(newcomer("葛城", "花子", Relationship.CHILD, f"20{n:02}-01-02", Sex.FEMALE) for n in range(10)),
    )
    large = reverse("residents:household", args=[household_of(many[0]).household])
    assert queries(large) == queries(small)
    assert queries(large) <= 30
    few = queries(reverse("residents:resident", args=[family[1]]))
    assert queries(reverse("residents:resident", args=[many[1]])) == few
    assert few <= 36


def test_every_page_speaks_english_too(clerk: Client, home: HouseholdView) -> None:
    clerk.cookies["django_language"] = "en"
    page = clerk.get(reverse("residents:birth", args=[home.household])).content.decode()
    assert "Record the birth" in page


def test_no_control_hides_its_form_from_scripts(clerk: Client, home: HouseholdView) -> None:
    """A control named as a property of the form element takes its place, and htmx then sends nothing."""
    taken = {
        "form",
        "action",
        "method",
        "submit",
        "reset",
        "target",
        "elements",
        "length",
        "remove",
        "closest",
    }
    person = home.members[0].person
    urls = [
        *(
            reverse(f"residents:{n}", args=[home.household])
            for n in ("birth", "move_out", "move_within", "certificate")
        ),
        *(
            reverse(f"residents:{n}", args=[home.household])
            for n in ("split", "merge", "head", "relationships")
        ),
        *(reverse(f"residents:{n}", args=[person]) for n in ("death", "certificate_of")),
        *(reverse(f"residents:{n}") for n in ("search", "errand", "move_in")),
    ]
    for url in urls:
        assert not taken & set(clerk.get(url).context["form"].fields), url
