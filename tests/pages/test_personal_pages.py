"""Every page of the portal, the treasury and the child allowance, as everybody: who finds what, what stays of it."""

import datetime as dt
import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from tests.pages.conftest import CLERK, SURNAME, Family, SignIn, resident
from yui.kernel.access.public import acting_as
from yui.kernel.jobs.public import drain
from yui.kernel.journal.models import Entry
from yui.procedures.cases import public as procedures
from yui.procedures.cases.public import CaseState
from yui.registries.people import public as people
from yui.registries.people.public import Relationship, Sex

PORTAL, TREASURY, ALLOWANCE = "portal", "treasury", "child_allowance"
READS = (".read", ".listed", ".filled", ".searched", ".found")
# Pages that show nobody's data, and why.
IMPERSONAL = {
    "treasury:runs": "counts and sums",
    "treasury:prepare": "counts and sums while everybody has an account",
    "treasury:accounts": "an empty search form",
    "treasury:paying_accounts": "the body's own accounts",
    "treasury:results": "a form",
    "treasury:returned": "nothing came back",
}

# A neighbour has these pages too, with other things on them.
OWN_LISTS = ("portal:cases", "portal:payments", "portal:looked")


def names(space: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().namespace_dict[space][1].url_patterns:
        yield f"{space}:{pattern.name}", pattern


ALL = [name for space in (PORTAL, TREASURY, ALLOWANCE) for name, _pattern in names(space)]


def address(name: str, family: Family, **other: UUID) -> str:
    given = {
        "case": family.case,
        "run": family.run,
        "order": family.order,
        "payee": family.father,
        "sequence": 1,
    }
    pattern = dict(names(name.split(":")[0]))[name]
    keys = pattern.pattern.converters
    return reverse(name, kwargs={key: {**given, **other}[key] for key in keys})


def user(name: str, family: Family, sign_in: SignIn) -> Client:
    if name.startswith(PORTAL):
        return sign_in(subject=family.father)
    return (
        sign_in("cashier", "cashier_approver") if name.startswith(TREASURY) else sign_in("allowance_officer")
    )


def text(answer: HttpResponse) -> str:
    return answer.content.decode() if not answer.streaming else ""


@pytest.mark.parametrize("name", ALL)
def test_a_page_with_personal_data_leaves_an_entry_and_no_copy(
    name: str, family: Family, sign_in: SignIn
) -> None:
    client = user(name, family, sign_in)
    before = Entry.objects.order_by("-id").values_list("id", flat=True).first()
    answer = client.get(address(name, family))
    assert "no-store" in answer["Cache-Control"]
    if answer.status_code == 405:
        return
    assert answer.status_code == 200, text(answer)
    acts = set(Entry.objects.filter(id__gt=before, subject__isnull=False).values_list("act", flat=True))
    if name in IMPERSONAL:
        assert SURNAME not in text(answer)
        assert acts == set()
    else:
        assert any(act.endswith(READS) for act in acts), acts


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reads_or_changes_what_is_anothers(
    name: str, method: str, family: Family, sign_in: SignIn
) -> None:
    """Neighbours, staff of other offices and visitors, with the right address in hand."""
    others = [Client(), sign_in(subject=uuid4()), sign_in("resident_clerk"), sign_in()]
    if not name.startswith(TREASURY):
        others.append(sign_in("cashier", "cashier_approver"))
    if not name.startswith(ALLOWANCE):
        others.append(sign_in("allowance_officer"))
    for other in others:
        answer = getattr(other, method)(address(name, family), {"version": "1"})
        assert SURNAME not in text(answer)
        assert answer.status_code in (302, 303, 403, 404, 405) or name in ("portal:home", *OWN_LISTS)
    with acting_as(CLERK):
        assert procedures.get_case(family.case).state is CaseState.DECIDED
        assert len(procedures.list_applications(family.case)) == 1


@pytest.mark.parametrize("name", [name for name in ALL if "looked" not in name])
def test_an_id_that_is_nothing_is_not_found(name: str, family: Family, sign_in: SignIn) -> None:
    nothing = {key: uuid4() for key in ("case", "run", "order", "payee")}
    here = address(name, family, **nothing)
    if here == address(name, family):
        return
    client = user(name, family, sign_in)
    assert client.get(here).status_code in (404, 405)
    assert client.post(here).status_code in (403, 404, 405)


def test_a_form_without_its_token_is_refused(family: Family, sign_in: SignIn) -> None:
    client = sign_in(subject=family.father)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    for name in ("portal:case", "portal:withdraw"):
        assert strict.post(address(name, family), {"version": "2"}).status_code == 403


def test_a_case_whose_record_was_cancelled_can_still_be_opened(family: Family, sign_in: SignIn) -> None:
    with acting_as(CLERK):
        (event, *_rest) = people.list_events(family.child, reason="test")
        people.cancel_event(event=event.event, reason="誤記")
        drain()
    assert sign_in(subject=family.father).get(address("portal:case", family)).status_code == 200
    page = sign_in(subject=family.father).get(address("portal:case", family) + "?correct=1")
    assert page.status_code == 200


def test_what_was_stated_is_shown_as_it_was_stated(family: Family, sign_in: SignIn) -> None:
    """The registers have changed since; a decided case still shows what was decided about."""
    with acting_as(CLERK):
        people.record_move_within(
            persons=[family.father, family.mother, family.child],
            effective_on=people.get_resident(family.child, reason="test").born_on.exact(),
            address=people.Address(town="新町", block="9-9"),
        )
    for client, name in (
        (sign_in(subject=family.father), "portal:case"),
        (sign_in("allowance_officer"), "child_allowance:case"),
    ):
        page = text(client.get(address(name, family)))
        assert "結町" in page
        assert "新町" not in page


def test_a_broken_version_is_no_error_of_ours(family: Family, sign_in: SignIn) -> None:
    client = sign_in(subject=family.father)
    for version in ("", "x", "１", "-1", "9" * 30):
        assert client.post(address("portal:withdraw", family), {"version": version}).status_code == 302


def test_an_officer_decides_what_the_rules_leave_open(family: Family, sign_in: SignIn) -> None:
    with acting_as(CLERK):
        people.record_move_out(
            persons=[family.child], effective_on=timezone.localdate(), destination="東京都"
        )
        drain()
        (case,) = procedures.list_waiting_for_officer("child_allowance.departure")
    officer = sign_in("allowance_officer")
    here = reverse("child_allowance:case", args=[case.public_id])
    assert here in text(officer.get(reverse("child_allowance:desk")))
    page = text(officer.get(here))
    assert 'value="care_goes_on"' in page
    decide = reverse("child_allowance:decide", args=[case.public_id])
    for option, waits in (("", True), ("pay", True), ("care_goes_on", False), ("ended", False)):
        assert officer.post(decide, {"option": option}).status_code == 302
        with acting_as(CLERK):
            assert procedures.get_case(case.public_id).needs_officer is waits
    with acting_as(CLERK):
        assert len(procedures.list_decisions(case.public_id)) == 1
    father = sign_in(subject=family.father)
    assert father.get(reverse("portal:case", args=[case.public_id])).status_code == 200


def test_a_move_is_claimed_for_with_the_day_announced_elsewhere(family: Family, sign_in: SignIn) -> None:
    today = timezone.localdate()
    with acting_as(CLERK):
        people.record_move_in(
            newcomers=[resident("二", dt.date(2020, 5, 5), Sex.MALE, Relationship.CHILD)],
            household=people.get_household_of(family.father, reason="test").household,
            effective_on=today,
            previous_address="東京都",
        )
        drain()
        (case,) = [c for c in procedures.list_cases_of(family.father) if c.state is CaseState.NOTIFIED]
    client = sign_in(subject=family.father)
    here = reverse("portal:case", args=[case.public_id])
    page = text(client.get(here))
    form = page[page.index('<form method="post" class="form"') :]
    hidden = re.findall(r'type="hidden" name="([^"]+)"[^>]* value="([^"]*)"', form[: form.index("</form>")])
    left = today - dt.timedelta(days=2)
    sent = {
        **dict(hidden),
        "public_servant": "no",
        "main_earner": "yes",
        "left_on_era": "ce",
        "left_on_year": str(left.year),
        "left_on_month": str(left.month),
        "left_on_day": str(left.day),
    }
    answer = client.post(here, sent)
    assert answer.status_code == 303, text(answer)
    with acting_as(CLERK):
        (application,) = procedures.list_applications(case.public_id)
    assert {v.item: v.value for v in application.values}["left_on"] == left.isoformat()
