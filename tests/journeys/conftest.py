"""A real browser before the real pages: the site in a thread on the test database, Chromium through Playwright."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.browser import find_browser
from tests.journeys.demo import Demo, start_demo, stop_demo
from tests.journeys.hands import press

# Playwright's synchronous face runs an event loop in this thread, for which Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

WIDE, NARROW = 1280, 320
CITY = "992011"
LANGUAGES = {"ja": "ja-JP", "en": "en-GB"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium, once a run."""
    path = find_browser()
    if not path:
        pytest.skip("no Chromium: run tests/journeys/browser.py, or set YUI_CHROMIUM")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of the site, served as in production by threads on the test database, with practice pages."""
    from django.conf import settings
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.core.wsgi import get_wsgi_application
    from django.test.testcases import QuietWSGIRequestHandler

    with django_db_blocker.unblock():
        settings.PRACTICE = True
        server = ThreadedWSGIServer(("localhost", 0), QuietWSGIRequestHandler)
        settings.BASE_URL = f"http://localhost:{server.server_port}"
        server.set_app(get_wsgi_application())
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield settings.BASE_URL
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page: ``open_page("/gallery/", width=320, language="en", scripts=False)``; errors of the page fail it."""
    contexts, troubles = [], []

    def opener(path: str, *, width: int = WIDE, language: str = "ja", scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            locale=LANGUAGES[language],
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: _note(message, troubles))
        page.goto(path)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A running demo, once a run; ``YUI_RUNNING_DEMO="URL STATE"`` names one that runs."""
    if given := os.environ.get("YUI_RUNNING_DEMO"):
        url, state = given.split()
        yield Demo(url, Path(state))
        return
    running = start_demo(tmp_path_factory.mktemp("demo"))
    yield running
    stop_demo(running)


@pytest.fixture
def sign_in(browser: Browser, demo: Demo) -> Iterator[Callable[..., Page]]:
    """Signs somebody in with the keyboard: ``sign_in("yuimi-clerk", "ja", NARROW)``."""
    contexts = []

    def signer(person: str, language: str, width: int) -> Page:
        context = browser.new_context(
            base_url=demo.url,
            viewport={"width": width, "height": 900},
            locale=LANGUAGES[language],
            reduced_motion="reduce",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        kind = demo.people()[person]["kind"]
        page.goto("/sign-in/")
        check_page(page)
        press(page, page.locator(f"a[href*='/start/{kind}']"))
        check_page(page)
        press(page, page.locator(f"button[name=person][value='{person}']"))
        municipality = page.locator(f"button[name=body][value='{CITY}']")
        if municipality.count():
            check_page(page)
            press(page, municipality)
        return page

    yield signer
    for context in contexts:
        context.close()


def _note(message: Any, troubles: list[str]) -> None:
    # A refused form is answered with 422 or 409, which the console reports as a failed load.
    if message.type in ("error", "warning") and "status" not in message.text.lower():
        troubles.append(message.text)


def check_page(page: Page) -> None:
    """What holds for every page: no axe violation, no sideways scrolling, one h1, a language."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in found] == []
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert size[0] <= size[1], f"{page.url} scrolls sideways: {size}"
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") in LANGUAGES
