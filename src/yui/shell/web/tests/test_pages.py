"""The shell's own pages, and what is shown when something goes wrong."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from yui.config import urls
from yui.kernel.access.public import Actor, ActorKind, acting_as, anyone
from yui.kernel.services import Audience, NavItem, list_services
from yui.shell.web import views
from yui.shell.web.frame import Frame

pytestmark = pytest.mark.django_db
SECRET = "結 太郎"


@anyone
def _forbidden(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(SECRET)


@anyone
def _broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


@anyone
def _suspicious(_request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SECRET)


class _Urls:
    urlpatterns = [path("f/", _forbidden), path("b/", _broken), path("s/", _suspicious), *urls.urlpatterns]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_the_front_page_lists_the_municipalities_and_speaks_japanese_first(client: Client) -> None:
    page = soup(client.get("/"))
    assert page.html is not None
    assert page.html["lang"] == "ja"
    assert [town.text.strip() for town in page.select(".town span")] == ["結見市", "稲架町"]
    assert len(page.select("h1")) == 1


def test_the_reader_chooses_the_language(client: Client) -> None:
    switched = client.post("/language/", {"language": "en", "next": "/"})
    assert (switched.status_code, switched["Location"]) == (302, "/")
    assert "The procedure comes to you." in soup(client.get("/")).text


def test_health(client: Client) -> None:
    assert client.get("/health/").json() == {"status": "ok"}


def test_the_gallery_is_not_there_on_a_real_installation(client: Client, settings: Any) -> None:
    settings.PRACTICE = False
    assert client.get("/gallery/").status_code == 404
    settings.PRACTICE = True
    assert client.get("/gallery/").status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere/", 404, "お探しの画面はありません"),
        ("/f/", 403, "サインイン"),
        ("/s/", 400, "読み取れませんでした"),
        ("/b/", 500, "こちら側で不具合が起きました"),
    ],
)
def test_error_pages_say_what_happened_and_nothing_about_people(
    settings: Any, address: str, status: int, words: str
) -> None:
    settings.ROOT_URLCONF = _Urls
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == status
    assert words in soup(response).h1.text  # type: ignore[union-attr]
    assert SECRET not in response.content.decode()
    assert soup(response).select("main a")


def test_a_form_from_elsewhere_is_refused_with_a_page_that_explains(settings: Any) -> None:
    response = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert response.status_code == 403
    assert "時間がたちすぎました" in soup(response).h1.text  # type: ignore[union-attr]


def test_every_answer_carries_the_strict_policy(client: Client) -> None:
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store, private"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("page", ["/", "/gallery/", "/gallery/?audience=staff"])
def test_pages_need_nothing_that_the_policy_forbids(client: Client, settings: Any, page: str) -> None:
    settings.PRACTICE = True
    found = soup(client.get(page))
    assert [script for script in found.select("script") if not script.get("src")] == []
    assert found.select("style, [style]") == []
    on = [name for tag in found.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert on == []
    outside = [
        tag for tag in found.select("[src], link[href]") if "//" in str(tag.get("src") or tag.get("href"))
    ]
    assert outside == []


def test_the_form_action_may_include_the_sign_in_provider(client: Client, settings: Any) -> None:
    settings.CSP_FORM_ACTION = ["https://provider.example"]
    assert (
        "form-action 'self' https://provider.example;" in client.get("/").headers["Content-Security-Policy"]
    )


def _frame_for(actor: Actor, address: str, monkeypatch: pytest.MonkeyPatch) -> Frame:
    items = (
        NavItem("Front", "web:front", Audience.STAFF, order=2),
        NavItem("Gallery", "web:gallery", Audience.STAFF, "web.gallery.read", order=1),
        NavItem("Health", "web:health", Audience.RESIDENT),
        NavItem("Gone", "gone:page", Audience.STAFF),
    )
    for service in list_services():
        monkeypatch.setattr(type(service), "navigation", items if service.label == "web" else ())
    with acting_as(actor):
        frame = Frame(RequestFactory().get(address))
        assert frame.actor is actor
    return frame


def test_navigation_shows_what_the_reader_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = Actor(ActorKind.STAFF, "a", permissions=frozenset({"web.gallery.read"}))
    frame = _frame_for(clerk, "/gallery/", monkeypatch)
    assert [(link.label, link.is_current) for link in frame.navigation] == [
        ("Gallery", True),
        ("Front", False),
    ]
    assert [link.label for link in _frame_for(Actor(ActorKind.STAFF, "b"), "/", monkeypatch).navigation] == [
        "Front"
    ]
    resident = _frame_for(Actor(ActorKind.RESIDENT, "c"), "/", monkeypatch)
    assert [link.label for link in resident.navigation] == ["Health"]
    assert _frame_for(Actor(ActorKind.VISITOR, "visitor"), "/", monkeypatch).navigation == []


def test_server_error_needs_no_request_context() -> None:
    response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"<h1>" in response.content
