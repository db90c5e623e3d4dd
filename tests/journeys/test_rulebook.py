"""The rulebook before an officer's eyes: every part of a programme, in both languages, at both widths."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import NARROW, WIDE, check_page

PARTS = ("", "tables/", "conditions/", "cases/", "concerned/")


@pytest.mark.parametrize(("language", "width"), [("ja", NARROW), ("en", WIDE)])
def test_an_officer_reads_the_rules(sign_in: Callable[..., Page], language: str, width: int) -> None:
    page = sign_in("yuimi-allowance", language, width)
    page.goto("/rulebook/")
    check_page(page)
    page.locator("a[href='/rulebook/child_allowance/']").click()
    for part in PARTS:
        page.locator(f"a.tab[href='/rulebook/child_allowance/{part}']").click()
        page.wait_for_url(f"**/child_allowance/{part}")
        check_page(page)
    assert page.locator("tbody tr").count() > 3
