"""Published figures before anybody's eyes: no sign-in, both languages, both widths, with and without scripts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.journeys.conftest import LANGUAGES, NARROW, WIDE, check_page
from yui.evidence.public import Absence, publish_definition, publish_figures, record_figures
from yui.evidence.tests.examples import CHIYODA, CHUO, MINATO, QUERY, SHARE, TOKYO, row
from yui.identity.models import Account
from yui.identity.public import AccountKind, grant_role, register_account
from yui.identity.sessions import ASSURANCE, BACKEND, BODY
from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.services import all_permissions
from yui.kernel.tenancy.public import body_scope

STAFF = Actor(ActorKind.STAFF, "journey", "", frozenset(all_permissions()))
CODE = "journey_contact"
ADDRESS = f"/figures/999016/{CODE}/v2/"
Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def figures(django_db_setup: None, django_db_blocker: Any) -> None:
    """What a body has published, seen by the server's threads too."""
    first = replace(SHARE, code=CODE)
    asked = replace(SHARE.question, ja="すべての学校で、保護者への連絡は電子だけですか")
    second = replace(
        first,
        version=2,
        question=asked,
        caveats=replace(
            asked,
            ja="2023年度から質問の文が変わりました。",
            en="The question has changed since fiscal year 2023.",
        ),
    )
    before = [row(period=f"FY{year}", done=year - 2020, schools=8) for year in (2020, 2021, 2022)]
    after = [
        row(period="FY2023", done=2, schools=8),
        row(),
        row(CHUO, done=0, schools=16),
        row(TOKYO, done=5, schools=8),
    ]
    none = replace(row(MINATO), inputs={}, absence=Absence.NOT_PUBLISHED)
    with django_db_blocker.unblock(), acting_as(STAFF), body_scope("999016"):
        publish_definition(first)
        record_figures(CODE, before, query=QUERY)
        publish_figures(CODE)
        publish_definition(second)
        record_figures(CODE, [*after, none], query=QUERY)
        publish_figures(CODE)


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_accessible(open_page: Opener, width: int, language: str) -> None:
    page = open_page("/figures/", width=width, language=language)
    check_page(page)
    for path in (
        ADDRESS,
        f"{ADDRESS}{CHIYODA}/",
        f"{ADDRESS}{MINATO}/",
        f"/figures/boards/outlook/{CHIYODA}/",
    ):
        page.goto(path)
        check_page(page)
    page.goto("/figures/forms/")
    check_page(page)


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_one_drawing_is_shown_and_its_table_opens_by_keyboard_without_scripts(
    open_page: Opener, width: int
) -> None:
    page = open_page(f"{ADDRESS}{CHIYODA}/", width=width, scripts=False)
    drawings = page.locator("section.chart-with-notes svg")
    assert [drawings.nth(at).is_visible() for at in range(drawings.count())] == [
        width == WIDE,
        width == NARROW,
    ]
    table = page.locator("section.chart-with-notes details table")
    assert not table.is_visible()
    page.locator("section.chart-with-notes summary").focus()
    page.keyboard.press("Enter")
    assert table.is_visible()
    assert "37.5" in table.inner_text()


@pytest.fixture
def session(figures: None, django_db_blocker: Any) -> Callable[[str], str]:
    """The cookie of a new member of staff with a role."""

    def sign_in(role: str) -> str:
        with django_db_blocker.unblock(), acting_as(STAFF), body_scope("999016"):
            account = register_account(
                issuer="https://op.example", subject=str(uuid4()), kind=AccountKind.STAFF, label="職員"
            )
            grant_role(account=account.public_id, role_code=role, valid_from=dt.date(2020, 4, 1))
            client = Client()
            client.force_login(Account.objects.get(public_id=account.public_id), backend=BACKEND)
            kept = client.session
            kept[ASSURANCE], kept[BODY] = "high", "999016"
            kept.save()
            return client.cookies[settings.SESSION_COOKIE_NAME].value

    return sign_in


@pytest.mark.parametrize(("language", "width"), [("ja", NARROW), ("en", WIDE)])
def test_one_enters_by_hand_and_another_looks(
    open_page: Opener, session: Callable[[str], str], language: str, width: int
) -> None:
    page = open_page("/figures/", width=width, language=language)

    def come(role: str, path: str) -> None:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session(role), "url": settings.BASE_URL}
        page.context.add_cookies([cookie])
        page.goto(path)
        check_page(page)

    come("figures_officer", "/figures/desk/enter/")
    page.locator(f"a[href='/figures/desk/enter/{CODE}/2/']").click()
    check_page(page)
    page.get_by_role("main").locator("button[type=submit]").click()
    check_page(page)
    page.fill("#id_area", CHUO)
    page.fill("#id_period", "FY2025")
    page.fill("#id_input_done", "4")
    page.fill("#id_input_schools", "16")
    page.fill("#id_source", "学校調査")
    for name, value in (("year", "8"), ("month", "11"), ("day", "25")):
        page.locator(f"[name=retrieved_on_{name}], [name=retrieved_on-{name}]").first.fill(value)
    page.get_by_role("main").locator("button[type=submit]").click()
    page.wait_for_url("**/figures/desk/enter/")
    come("figures_checker", "/figures/desk/entries/")
    page.get_by_role("main").locator("form button").first.click()
    page.wait_for_url("**/figures/desk/entries/")
    assert page.get_by_role("main").locator("form").count() == 0
