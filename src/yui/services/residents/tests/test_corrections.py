"""Correction ex officio and cancellation."""

import datetime as dt
from uuid import UUID

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from yui.registries.people.public import EventKind, HouseholdView, get_resident
from yui.services.residents.forms.correction import ITEMS
from yui.services.residents.tests.conftest import filled, household_of, registrar


def test_a_name_is_corrected_and_the_old_one_stays_known(clerk: Client, family: list[UUID]) -> None:
    url = reverse("residents:correct", args=[family[2]])
    assert all(f"?item={code}" in clerk.get(url).content.decode() for code in ITEMS)
    page = f"{url}?item=name"
    before = timezone.now()
    answer = clerk.post(page, filled(clerk, page, given_name="\ufa19", reason="届書の確認による"))
    assert answer.status_code == 303, answer.context["form"].errors
    with registrar():
        assert get_resident(family[2], reason="test").name.given_name == "\ufa19"
        assert get_resident(family[2], known_at=before, reason="test").name.given_name == "一"


def test_every_item_has_a_page(clerk: Client, family: list[UUID]) -> None:
    for code in set(ITEMS) - {"notified"}:
        page = f"{reverse('residents:correct', args=[family[1]])}?item={code}"
        answer = clerk.post(page, filled(clerk, page, reason="確認"))
        # Nothing was typed over, so there is nothing to correct.
        assert answer.status_code == 422, code
        assert set(answer.context["form"].errors) == {"__all__"}, answer.context["form"].errors


def test_a_correction_needs_its_reason(clerk: Client, family: list[UUID]) -> None:
    page = f"{reverse('residents:correct', args=[family[1]])}?item=sex"
    answer = clerk.post(page, filled(clerk, page, sex="1"))
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors


def test_a_change_is_cancelled_by_who_may(
    clerk: Client, supervisor: Client, family: list[UUID], home: HouseholdView
) -> None:
    death = reverse("residents:death", args=[family[1]])
    location = clerk.post(death, filled(clerk, death, effective_on=dt.date(2026, 5, 25)))["Location"]
    event = clerk.get(location).context["event"]
    cancel = reverse("residents:cancel", args=[event.event])
    assert cancel not in clerk.get(location).content.decode()
    assert clerk.get(cancel).status_code == 403
    assert cancel in supervisor.get(location).content.decode()
    answer = supervisor.post(cancel, filled(supervisor, cancel, reason="別人の届出"))
    assert answer.status_code == 303, answer.context["form"].errors
    assert supervisor.get(answer["Location"]).context["event"].kind is EventKind.CANCELLATION
    assert len(household_of(family[0]).members) == 3
    again = supervisor.post(cancel, filled(supervisor, cancel, reason="もう一度"))
    assert again.status_code == 422
