"""Every component, seen by axe, by keyboard, narrow and wide, in both languages, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import LANGUAGES, NARROW, WIDE, check_page

Opener = Callable[..., Page]


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", ["resident", "staff"])
def test_every_component_is_accessible(open_page: Opener, width: int, language: str, audience: str) -> None:
    page = open_page(f"/gallery/?audience={audience}", width=width, language=language)
    assert page.locator("html").get_attribute("lang") == language
    check_page(page)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_is_accessible(open_page: Opener, width: int, language: str) -> None:
    check_page(open_page("/", width=width, language=language))


@pytest.mark.parametrize("error", ["400", "403", "404", "500", "expired", "stale"])
def test_error_pages_are_accessible(open_page: Opener, error: str) -> None:
    check_page(open_page(f"/gallery/?error={error}", width=NARROW))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_with_mistakes_is_the_same_page_with_and_without_scripts(
    open_page: Opener, scripts: bool
) -> None:
    page = open_page("/gallery/", width=NARROW, scripts=scripts)
    page.fill("#id_name", "葛󠄀城")
    page.fill("#id_kana", "山田")
    page.locator("form.form button[type=submit]").click()
    page.wait_for_selector("#form-summary")
    assert page.locator("#form-summary li").all_inner_texts() == [
        "フリガナはカタカナで入力してください（例: ヤマダ）。",
        "「生年月日」を入力してください。",
        "「性別」を選んでください。",
        "「理由」を選んでください。",
        "「上の内容に間違いありません」を選んでください。",
    ]
    assert page.input_value("#id_name") == "葛󠄀城"
    if scripts:
        page.wait_for_function("document.activeElement.id === 'form-summary'")
        check_page(page)
        page.locator("#form-summary a").nth(2).click()
        assert page.evaluate("document.activeElement.id") == "id_sex_0"


def test_the_keyboard_reaches_everything_in_reading_order_and_shows_where_it_is(open_page: Opener) -> None:
    page = open_page("/gallery/", width=WIDE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen, previous = 0, -1.0
    for _ in range(200):
        focus = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (!element || element === document.body) return null;
                const box = element.getBoundingClientRect();
                const card = element.closest(".card-link, .tile");
                const style = getComputedStyle(card || element);
                return {
                    top: box.top + scrollY, ring: parseFloat(style.outlineWidth), shown: style.outlineStyle,
                    order: [...document.querySelectorAll("a, button, input, select, textarea, [tabindex]")]
                        .indexOf(element)
                };
            }"""
        )
        if focus is None:
            break
        assert focus["shown"] == "solid"
        assert focus["ring"] >= 4
        assert focus["order"] > previous, "the focus jumps back"
        previous = focus["order"]
        seen += 1
        page.keyboard.press("Tab")
    assert seen > 50


def test_the_skip_link_leads_to_the_content(open_page: Opener) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_language_switch_stays_on_the_page(open_page: Opener) -> None:
    page = open_page("/gallery/?audience=staff")
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/gallery/?audience=staff")
    page.get_by_role("button", name="日本語").click()
    page.wait_for_selector("html[lang=ja]")


def test_printing_leaves_the_frame_out(open_page: Opener) -> None:
    page = open_page("/gallery/")
    page.emulate_media(media="print")
    assert not page.locator(".site-tools").is_visible()
    assert page.locator("h1").is_visible()


def test_high_contrast_keeps_the_marks(open_page: Opener) -> None:
    page = open_page("/gallery/?audience=staff", width=NARROW)
    page.emulate_media(forced_colors="active")
    check_page(page)
