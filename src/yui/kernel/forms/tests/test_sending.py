"""A page is acted on once, never when stale, and loses nothing when it is refused."""

import threading
import uuid
from collections.abc import Iterator

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connections
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory
from django.utils import timezone

from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.forms.models import Submission
from yui.kernel.forms.public import Form, FormRefused, NameField, StalePage, forget_submissions, handle_form
from yui.kernel.tenancy.public import BodyRef, body_scope

ALICE = Actor(ActorKind.RESIDENT, "alice")
BOB = Actor(ActorKind.RESIDENT, "bob")


class NameForm(Form):
    name = NameField(label="Name")


class Desk:
    """A view around one record, as services write it."""

    def __init__(self) -> None:
        self.record = "before"
        self.version = 1
        self.done: list[str] = []

    def act(self, form: NameForm) -> str:
        if form.cleaned_data["name"] == "refused":
            Submission.objects.create(token=uuid.uuid4(), actor="x", digest="x", sent_at=timezone.now())
            raise FormRefused("Not this one.", "name")
        if form.cleaned_data["name"] == "overtaken":
            raise StalePage
        self.done.append(form.cleaned_data["name"])
        self.version += 1
        return f"/result/{len(self.done)}/"

    def send(self, **entries: str) -> HttpResponse:
        return self.answer(RequestFactory().post("/", entries))

    def answer(self, request: HttpRequest) -> HttpResponse:
        request._messages = FallbackStorage  # type: ignore[attr-defined]
        form = NameForm.from_request(request, version=self.version)
        return handle_form(request, form, template="forms/tests/page.html", then=self.act)


@pytest.fixture
def desk(body: BodyRef, settings: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "forms/tests").mkdir(parents=True)
    (folder / "forms/tests/page.html").write_text("{{ form }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(folder)]}]  # type: ignore[attr-defined]
    return Desk()


def token() -> str:
    return str(uuid.uuid4())


def test_a_fresh_page_is_shown(desk: Desk) -> None:
    response = desk.answer(RequestFactory().get("/"))
    assert response.status_code == 200
    assert b'name="form_token"' in response.content
    assert b'name="form_version" value="1"' in response.content


def test_a_good_page_leads_to_its_result(desk: Desk) -> None:
    response = desk.send(name="a", form_token=token(), form_version="1")
    assert (response.status_code, response["Location"]) == (303, "/result/1/")


def test_the_same_page_again_does_nothing_and_shows_the_first_result(desk: Desk) -> None:
    page = {"name": "a", "form_token": token(), "form_version": "1"}
    with acting_as(ALICE):
        desk.send(**page)
        again = desk.send(**page)
    assert (again.status_code, again["Location"]) == (303, "/result/1/")
    assert desk.done == ["a"]


def test_another_page_with_the_same_token_is_not_acted_on_and_keeps_its_entries(desk: Desk) -> None:
    once = token()
    with acting_as(ALICE):
        desk.send(name="a", form_token=once, form_version="1")
        response = desk.send(name="b", form_token=once, form_version="2")
    assert response.status_code == 409
    assert b'value="b"' in response.content
    assert b"/result/1/" in response.content
    assert once.encode() not in response.content
    assert desk.done == ["a"]


def test_somebody_elses_token_does_not_lead_to_their_result(desk: Desk) -> None:
    page = {"name": "a", "form_token": token(), "form_version": "1"}
    with acting_as(ALICE):
        desk.send(**page)
    with acting_as(BOB):
        response = desk.send(**page)
    assert response.status_code == 409
    assert b"/result/1/" not in response.content


def test_mistakes_are_shown_and_the_token_may_still_be_used(desk: Desk) -> None:
    once = token()
    response = desk.send(name="", form_token=once, form_version="1")
    assert response.status_code == 422
    assert once.encode() in response.content
    assert desk.send(name="a", form_token=once, form_version="1").status_code == 303


def test_a_stale_page_is_refused_keeps_its_entries_and_may_be_sent_again(desk: Desk) -> None:
    once = token()
    desk.version = 7
    response = desk.send(name="mine", form_token=once, form_version="6")
    assert response.status_code == 409
    assert b'value="mine"' in response.content
    assert b'name="form_version" value="7"' in response.content
    assert desk.done == []
    assert desk.send(name="mine", form_token=once, form_version="7").status_code == 303


def test_the_action_itself_may_find_the_page_stale(desk: Desk) -> None:
    assert desk.send(name="overtaken", form_token=token(), form_version="1").status_code == 409
    assert Submission.objects.count() == 0


def test_a_refusal_undoes_everything_and_is_told_at_its_field(desk: Desk) -> None:
    response = desk.send(name="refused", form_token=token(), form_version="1")
    assert response.status_code == 422
    assert b"Not this one." in response.content
    assert b'href="#id_name"' in response.content
    assert Submission.objects.count() == 0


def test_a_page_without_a_token_is_acted_on(desk: Desk) -> None:
    assert desk.send(name="a", form_version="1").status_code == 303


def test_the_memory_holds_nothing_that_was_entered_and_can_be_forgotten(desk: Desk) -> None:
    desk.send(name="secret", form_token=token(), form_version="1")
    row = Submission.objects.values().get()
    assert "secret" not in repr(row)
    assert forget_submissions(timezone.now()) == 1


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Real transactions that commit; what the test wrote is deleted after it."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        with body_scope("999016"):
            Submission.objects.all().delete()
        connections.close_all()


@pytest.mark.usefixtures("committing")
def test_two_presses_at_the_same_moment_act_once() -> None:
    once, results, done = token(), [], []
    gate = threading.Barrier(2)

    def press() -> None:
        form = NameForm(QueryDict(f"name=a&form_token={once}"))
        request = RequestFactory().post("/")

        def act(_form: NameForm) -> str:
            done.append(1)
            return "/result/"

        try:
            with body_scope("999016"), acting_as(ALICE):
                gate.wait()
                results.append(handle_form(request, form, template="", then=act)["Location"])
        finally:
            connections.close_all()

    presses = [threading.Thread(target=press) for _ in range(2)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert results == ["/result/", "/result/"]
    assert done == [1]
