"""Each request as its actor, in its body, and all or nothing."""

import datetime as dt
import uuid
from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from yui.identity.actions import register_account
from yui.identity.assurance import requires_assurance
from yui.identity.contracts import AccountKind, AccountView, Assurance
from yui.identity.models import Account
from yui.identity.sessions import ASSURANCE, BODY
from yui.kernel.access.public import anyone, current_actor, require, requires, signed_in
from yui.kernel.journal.public import list_entries, record
from yui.kernel.tenancy.public import body_scope, current_body, find_current_body

from .conftest import HERE, THERE

Grant = Callable[..., UUID]
Enter = Callable[..., Client]


@anyone
def who(request: HttpRequest) -> HttpResponse:
    actor, body = current_actor(), find_current_body()
    permissions = ",".join(sorted(actor.permissions))
    return HttpResponse(f"{actor.kind} {actor.subject} {body.code if body else '-'} {permissions}")


@signed_in
def write(request: HttpRequest) -> HttpResponse:
    record("identity.test.written")
    return HttpResponse("written")


@signed_in
def write_then_fail(request: HttpRequest) -> HttpResponse:
    record("identity.test.written")
    require("identity.no.permission")
    raise AssertionError("not reached")


@signed_in
def write_then_break(request: HttpRequest) -> HttpResponse:
    record("identity.test.written")
    raise RuntimeError("a mistake in a view")


@requires("residents.record.read")
def records(request: HttpRequest) -> HttpResponse:
    return HttpResponse(current_body().code)


@signed_in
@requires_assurance(Assurance.HIGH)
def sure(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sure")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Draws the refusal out of the database, as a real frame does."""
    with body_scope(HERE):
        count = sum(entry.act == "identity.test.written" for entry in list_entries())
    return HttpResponse(f"refused, {count} written", status=403)


urlpatterns = [
    path("sign-in/", include("yui.identity.urls")),
    path("who", who),
    path("write", write),
    path("fail", write_then_fail),
    path("break", write_then_break),
    path("records", records),
    path("sure", sure),
    path("", include("yui.shell.web.urls")),
]
handler403 = forbidden
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def written() -> int:
    with body_scope(HERE):
        return sum(entry.act == "identity.test.written" for entry in list_entries())


@pytest.fixture
def resident() -> AccountView:
    return register_account(issuer="https://op.example", subject="resident", kind=AccountKind.RESIDENT)


def test_a_visitor_acts_as_a_visitor(client: Client) -> None:
    assert client.get("/who").content == b"visitor None - "


def test_a_clerk_acts_in_the_body_of_the_session(
    clerk_account: AccountView, grant: Grant, enter: Enter
) -> None:
    grant(clerk_account)
    page = enter(clerk_account, HERE).get("/who").content.decode()
    assert page == f"staff None {HERE} residents.record.change,residents.record.read"


def test_a_resident_acts_as_their_registry_person(resident: AccountView, enter: Enter) -> None:
    subject = uuid.uuid4()
    assert enter(resident, HERE, subject).get("/who").content.decode() == f"resident {subject} {HERE} "


def test_a_role_that_has_ended_ends_the_work_at_the_next_request(
    clerk_account: AccountView, grant: Grant, enter: Enter
) -> None:
    grant(clerk_account, valid_until=timezone.localdate())
    client = enter(clerk_account, HERE)
    assert client.get("/who").content.decode() == "staff None - "
    assert BODY not in client.session


def test_a_body_in_the_session_without_a_role_there_gives_nothing(
    clerk_account: AccountView, grant: Grant, enter: Enter
) -> None:
    grant(clerk_account, HERE)
    assert enter(clerk_account, THERE).get("/who").content.decode() == "staff None - "


def test_a_closed_account_is_signed_out_at_the_next_request(
    clerk_account: AccountView, grant: Grant, enter: Enter
) -> None:
    grant(clerk_account)
    client = enter(clerk_account, HERE)
    Account.objects.update(is_active=False)
    assert client.get("/who").content == b"visitor None - "


def test_a_good_request_is_kept(clerk_account: AccountView, grant: Grant, enter: Enter) -> None:
    grant(clerk_account)
    assert enter(clerk_account, HERE).get("/write").status_code == 200
    assert written() == 1


def test_a_refused_request_keeps_nothing_and_still_draws_its_page(
    clerk_account: AccountView, grant: Grant, enter: Enter
) -> None:
    grant(clerk_account)
    answer = enter(clerk_account, HERE).get("/fail")
    assert (answer.status_code, answer.content) == (403, b"refused, 0 written")
    assert written() == 0


def test_a_broken_request_keeps_nothing(clerk_account: AccountView, grant: Grant, enter: Enter) -> None:
    grant(clerk_account)
    client = enter(clerk_account, HERE)
    client.raise_request_exception = False
    assert client.get("/break").status_code == 500
    assert written() == 0
    assert find_current_body() is None


def test_without_sign_in_one_is_led_there_and_back(client: Client) -> None:
    answer = client.get("/records?page=2")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in/?next=%2Frecords%3Fpage%3D2"
    posted = client.post("/records")
    assert posted.headers["location"] == "/sign-in/"
    htmx = client.get("/records", headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (204, "/sign-in/")


def test_without_a_body_one_is_led_to_choose(clerk_account: AccountView, grant: Grant, enter: Enter) -> None:
    grant(clerk_account)
    answer = enter(clerk_account).get("/records")
    assert answer.headers["location"] == "/sign-in/body?next=%2Frecords"


def test_without_the_permission_one_is_refused(resident: AccountView, enter: Enter) -> None:
    assert enter(resident, HERE).get("/records").status_code == 403


def test_a_page_may_ask_for_a_surer_sign_in(resident: AccountView, enter: Enter, client: Client) -> None:
    assert client.get("/sure").status_code == 303
    client = enter(resident, HERE)
    assert client.get("/sure").content == b"sure"
    session = client.session
    session[ASSURANCE] = "substantial"
    session.save()
    answer = client.get("/sure")
    assert answer.status_code == 403
    assert "/sign-in/start/resident?next=/sure" in answer.content.decode()


def test_a_request_reads_little(
    clerk_account: AccountView, grant: Grant, enter: Enter, django_assert_max_num_queries: Callable
) -> None:
    grant(clerk_account)
    client = enter(clerk_account, HERE)
    with django_assert_max_num_queries(9):
        client.get("/who")


def test_levels_are_ordered() -> None:
    assert Assurance.HIGH.reaches(Assurance.SUBSTANTIAL)
    assert Assurance.LOW.reaches(Assurance.LOW)
    assert not Assurance.LOW.reaches(Assurance.SUBSTANTIAL)


# Choosing a body


def test_staff_choose_among_their_bodies_only(clerk_account: AccountView, grant: Grant, enter: Enter) -> None:
    grant(clerk_account, HERE)
    grant(clerk_account, THERE, valid_until=dt.date(2024, 5, 1))
    client = enter(clerk_account)
    page = client.get("/sign-in/body?next=/who").content.decode()
    assert "結見市" in page
    assert "稲架町" not in page
    assert client.post("/sign-in/body", {"body": THERE}).status_code == 422
    assert client.post("/sign-in/body", {"body": "rubbish"}).status_code == 422
    answer = client.post("/sign-in/body", {"body": HERE, "next": "/who"})
    assert answer.headers["location"] == "/who"
    assert client.get("/who").content.decode().startswith(f"staff None {HERE}")
    with body_scope(HERE):
        assert list_entries()[0].act == "identity.session.opened"


def test_staff_without_a_role_learn_their_number(clerk_account: AccountView, enter: Enter) -> None:
    assert str(clerk_account.public_id) in enter(clerk_account).get("/sign-in/body").content.decode()


def test_a_resident_changes_the_municipality_by_signing_in_again(resident: AccountView, enter: Enter) -> None:
    client = enter(resident, HERE)
    page = client.get("/sign-in/body").content.decode()
    assert f"/sign-in/start/resident?body={THERE}&amp;next=/" in page
    client.post("/sign-in/body", {"body": THERE})
    assert client.session[BODY] == HERE


def test_signing_out_needs_a_post(resident: AccountView, enter: Enter) -> None:
    client = enter(resident, HERE)
    client.get("/sign-in/out")
    assert client.get("/who").content.decode().startswith("resident")
    answer = client.post("/sign-in/out", follow=True)
    assert answer.status_code == 200
    assert client.get("/who").content == b"visitor None - "


@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "/\t/evil.example",
    ],
)
def test_next_never_leaves_this_site(
    clerk_account: AccountView, grant: Grant, enter: Enter, client: Client, given: str
) -> None:
    assert client.get("/sign-in/", {"next": given}).context["next"] == "/"
    grant(clerk_account)
    answer = enter(clerk_account).post("/sign-in/body", {"body": HERE, "next": given})
    assert answer.headers["location"] == "/"


def test_next_keeps_a_path_of_this_site(client: Client) -> None:
    assert "next=/records%3Fpage%3D2" in client.get("/sign-in/", {"next": "/records?page=2"}).content.decode()
