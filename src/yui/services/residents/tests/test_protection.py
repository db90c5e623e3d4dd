"""Protected persons: hidden from ordinary roles, seen and managed by supervisors."""

import datetime as dt
from uuid import UUID

from django.test import Client
from django.urls import reverse

from yui.kernel.journal.public import list_about
from yui.registries.people.public import HouseholdView, register_protection
from yui.services.residents.tests.conftest import filled, registrar


def protect(person: UUID) -> None:
    with registrar():
        register_protection(
            person=person,
            valid_from=dt.date(2026, 5, 1),
            review_on=dt.date(2027, 5, 1),
            ground="domestic_violence",
        )


def test_an_ordinary_clerk_finds_nobody(clerk: Client, family: list[UUID], home: HouseholdView) -> None:
    protect(family[1])
    found = clerk.post(
        reverse("residents:search"), {"name": "葛城花子", "reason": "notification"}, follow=True
    )
    assert found.context["count"] == 0
    for name in ("resident", "death", "correct", "certificate_of"):
        page = clerk.get(reverse(f"residents:{name}", args=[family[1]]))
        unknown = clerk.get(reverse(f"residents:{name}", args=[UUID(int=7)]))
        assert page.status_code == unknown.status_code == 404, name
    members = clerk.get(reverse("residents:household", args=[home.household])).context["members"]
    assert family[1] not in {row["resident"].person for row in members}


def test_what_was_withheld_is_journalled(clerk: Client, family: list[UUID]) -> None:
    protect(family[1])
    clerk.get(reverse("residents:resident", args=[family[1]]))
    assert "people.protected.withheld" in {entry.act for entry in list_about(family[1])}


def test_a_supervisor_sees_the_mark(supervisor: Client, family: list[UUID]) -> None:
    protect(family[1])
    answer = supervisor.get(reverse("residents:resident", args=[family[1]]))
    assert answer.status_code == 200
    assert answer.context["resident"].protected


def test_a_measure_is_registered_extended_and_ended(
    supervisor: Client, clerk: Client, family: list[UUID]
) -> None:
    page = reverse("residents:protection", args=[family[1]])
    answer = supervisor.post(page, filled(supervisor, page, ground="stalking"))
    assert answer.status_code == 303, answer.context["form"].errors
    assert clerk.get(reverse("residents:resident", args=[family[1]])).status_code == 404
    assert supervisor.get(page).context["can_register"] is False
    extend = reverse("residents:protection_extend", args=[family[1]])
    early = supervisor.post(extend, filled(supervisor, extend, review_on=dt.date(2026, 7, 1)))
    assert "review_on" in early.context["form"].errors
    end = reverse("residents:protection_end", args=[family[1]])
    assert "sure" in supervisor.post(end, filled(supervisor, end)).context["form"].errors
    # The first day it could end is the day after it began.
    typed = filled(supervisor, end, until=dt.date(2026, 6, 2), sure="on")
    assert supervisor.post(end, typed).status_code == 303
    assert supervisor.get(page).context["measures"][0]["in_force"]


def test_a_measure_lasts_a_year_before_its_review(supervisor: Client, family: list[UUID]) -> None:
    page = reverse("residents:protection", args=[family[1]])
    answer = supervisor.post(page, filled(supervisor, page, ground="stalking", review_on=dt.date(2028, 1, 1)))
    assert "review_on" in answer.context["form"].errors


def test_others_get_no_copy_of_a_protected_record(supervisor: Client, family: list[UUID]) -> None:
    protect(family[1])
    page = reverse("residents:certificate_of", args=[family[1]])
    answer = supervisor.post(page, filled(supervisor, page, applicant="others", identity_checked="on"))
    assert "applicant" in answer.context["form"].errors


def test_an_ordinary_clerk_manages_no_measure(clerk: Client, family: list[UUID]) -> None:
    for name in ("protection", "protection_extend", "protection_end"):
        assert clerk.get(reverse(f"residents:{name}", args=[family[1]])).status_code == 403
