"""Hands that use only the keyboard."""

import datetime as dt

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 250
_SAME = "(element) => document.activeElement === element"


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; a target that cannot be reached fails the journey."""
    expect(target).to_be_visible()
    element = target.element_handle()
    for _ in range(MOST_TABS):
        if page.evaluate(_SAME, element):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached with the Tab key on {page.url}")


def press(page: Page, target: Locator) -> None:
    """Reach a link or button and press Enter; wait for the page that follows."""
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, target: Locator, text: str) -> None:
    """Reach a field, empty it and type."""
    reach(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def choose(page: Page, target: Locator, value: str) -> None:
    """Reach a list and choose an entry with the arrow keys."""
    reach(page, target)
    count = target.locator("option").count()
    page.keyboard.press("Home")
    for _ in range(count):
        if target.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    assert target.input_value() == value, f"{value} is not in the list"


def pick(page: Page, target: Locator) -> None:
    """Choose a radio button or tick a box. Radios of a group have one place in the tab order: arrows move inside."""
    if target.is_checked():
        return
    name = target.get_attribute("name")
    group = page.locator(f"input[name='{name}']")
    checked = page.locator(f"input[name='{name}']:checked")
    reach(page, checked if checked.count() else group.first)
    if target.evaluate(_SAME):
        page.keyboard.press("Space")
    for _ in range(group.count()):
        if target.is_checked():
            return
        page.keyboard.press("ArrowDown")
    assert target.is_checked()


def write_date(page: Page, name: str, day: dt.date) -> None:
    """Fill a date in the Christian calendar."""
    choose(page, page.locator(f"[name={name}_era]"), "ce")
    for part, value in (("year", day.year), ("month", day.month), ("day", day.day)):
        write(page, page.locator(f"[name={name}_{part}]"), str(value))
