"""The main journey: a birth at the counter ends in a bank file, in both languages, by keyboard, at 320 px.

The screenshots of the manual are taken on the way.
"""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NARROW, WIDE, check_page
from tests.journeys.demo import Demo
from tests.journeys.hands import choose, pick, press, reach, write, write_date
from yui.kernel.calendar.public import BusinessCalendar, business_day_on_or_before
from yui.services.child_allowance.rules import entitlement_start, payment_month

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "images"
# What each page is called, so that the journey reads the words a person reads.
WORDS: dict[str, dict[str, str]] = {
    "ja": {
        "confirm": "確認して送信する",
        "decided": "認められました",
        "born": "お子さんが生まれた",
    },
    "en": {
        "confirm": "Confirm and send",
        "decided": "Granted",
        "born": "your child was born",
    },
}
# Each language has a birth of its own: family, who acts for it, the child's name.
BIRTHS = {
    "ja": {"mother": "expecting-mother", "parent": "expecting-father", "given": "陽葵", "kana": "ヒマリ"},
    "en": {"mother": "single-mother", "parent": "single-mother", "given": "蓮", "kana": "レン"},
}


def picture(page: Page, name: str, language: str, width: int) -> None:
    """Keep a screenshot for the manual, of the wide Japanese journey only and only where it is asked for."""
    if PICTURES.joinpath(".take").exists() and (language, width) == ("ja", WIDE):
        page.screenshot(path=str(PICTURES / f"{name}.png"))


@pytest.mark.parametrize(("language", "width"), [("ja", WIDE), ("en", NARROW)])
def test_a_birth_ends_in_a_bank_file(
    demo: Demo, sign_in: Callable[..., Page], language: str, width: int
) -> None:
    people, words, birth = demo.people(), WORDS[language], BIRTHS[language]
    today = dt.date.today()  # noqa: DTZ011  the demo's clock is this machine's

    clerk = sign_in("yuimi-clerk", language, width)
    record_birth(clerk, people[birth["mother"]], birth, today, language, width)

    parent = sign_in(birth["parent"], language, width)
    case_url = confirm(parent, words, language, width)

    value_on = first_payment_on(today)
    cashier = sign_in("yuimi-treasury-1", language, width)
    run_url = prepare_run(cashier, value_on, language, width)
    approve(sign_in("yuimi-treasury-2", language, width), run_url, language, width)
    content = download(cashier, run_url)
    check_bank_file(content, people[birth["parent"]])

    parent.goto(case_url)
    expect(parent.locator("section:has(#decision) .lead")).to_contain_text(words["decided"])
    parent.goto("/home/looked/")
    check_page(parent)
    assert parent.locator("tbody tr").count() >= 5
    picture(parent, "looked", language, width)


def first_payment_on(born: dt.date) -> dt.date:
    """When a child born and claimed for on this day is paid for the first time in the sample prefecture."""
    month = payment_month(entitlement_start(born, born))
    return business_day_on_or_before(dt.date(month.year, month.number, 10), BusinessCalendar.BANK)


def record_birth(
    page: Page, mother: dict[str, Any], birth: dict[str, str], born: dt.date, language: str, width: int
) -> None:
    """The clerk finds the mother and records the birth."""
    page.goto("/residents/")
    check_page(page)
    picture(page, "desk", language, width)
    write(page, page.locator("[name=name]"), mother["name"])
    choose(
        page,
        page.locator("[name=reason]"),
        page.locator("[name=reason] option").nth(1).get_attribute("value") or "",
    )
    press(page, page.locator("form.form button[type=submit]"))
    check_page(page)
    press(page, page.locator("tbody th a.person-name").first)
    check_page(page)
    press(page, page.locator("a[href*='/households/']").first)
    check_page(page)
    press(page, page.locator("a[href*='/birth/']"))
    check_page(page)
    write(page, page.locator("[name=given_name]"), birth["given"])
    write(page, page.locator("[name=given_kana]"), birth["kana"])
    write_date(page, "born_on", born)
    pick(page, page.locator("[name=sex][value='2']"))
    mothers = page.locator("[name=mother]")
    choose(
        page,
        mothers,
        mothers.locator("option", has_text=mother["name"].split("\u3000")[1]).get_attribute("value") or "",
    )
    picture(page, "birth", language, width)
    press(page, page.locator("form.form button[type=submit]"))
    check_page(page)
    picture(page, "recorded", language, width)


def confirm(page: Page, words: dict[str, str], language: str, width: int) -> str:
    """The parent sees what arrived and why, and confirms with one tap; returns the address of the case."""
    deadline = time.monotonic() + 60
    page.goto("/home/")
    while not page.locator(".card-coming a").count():
        assert time.monotonic() < deadline, "no notice has arrived within a minute"
        time.sleep(0.5)
        page.reload()
    check_page(page)
    picture(page, "home", language, width)
    press(page, page.locator(".card-coming a").first)
    check_page(page)
    expect(page.get_by_text(words["born"]).first).to_be_visible()
    assert page.locator(".provenance").count() >= 4, "every filled-in value says where it came from"
    picture(page, "confirm", language, width)
    reach(page, page.locator(".confirm-bar button"))
    assert words["confirm"] in page.locator(".confirm-bar button").inner_text()
    press(page, page.locator(".confirm-bar button"))
    check_page(page)
    picture(page, "decision", language, width)
    return page.url


def prepare_run(page: Page, value_on: dt.date, language: str, width: int) -> str:
    """The first cashier prepares and freezes a run; returns its address."""
    page.goto("/treasury/runs/new/")
    check_page(page)
    write_date(page, "value_on", value_on)
    picture(page, "prepare", language, width)
    press(page, page.locator("button[name=prepare]"))
    check_page(page)
    press(page, page.locator("form[action$='/freeze/'] button"))
    check_page(page)
    return page.url


def approve(page: Page, run_url: str, language: str, width: int) -> None:
    """The second person approves; the first one could not."""
    page.goto(run_url)
    check_page(page)
    press(page, page.locator("form[action$='/approve/'] button"))
    check_page(page)
    picture(page, "run", language, width)


def download(page: Page, run_url: str) -> bytes:
    """The first cashier downloads the file; a second download is the same."""
    contents = []
    for _ in range(2):
        page.goto(run_url)
        reach(page, page.locator("form[action$='/export/'] button"))
        with page.expect_download() as downloaded:
            page.keyboard.press("Enter")
        contents.append(Path(downloaded.value.path()).read_bytes())
    check_page(page)
    assert contents[0] == contents[1]
    return contents[0]


def check_bank_file(content: bytes, parent: dict[str, Any]) -> None:
    """120-byte records, a trailer that adds up, and the parent among the payees."""
    records = content.replace(b"\r", b"").replace(b"\n", b"")
    assert len(records) % 120 == 0
    lines = [records[start : start + 120] for start in range(0, len(records), 120)]
    data = [line for line in lines if line[:1] == b"2"]
    (trailer,) = [line for line in lines if line[:1] == b"8"]
    assert int(trailer[1:7]) == len(data)
    assert int(trailer[7:19]) == sum(int(line[80:90]) for line in data)
    from yui.kernel.text.public import bank_kana

    assert any(bank_kana(parent["kana"]).encode("cp932") in line[50:80] for line in data)


def test_the_journal_of_the_journey_is_intact(demo: Demo) -> None:
    assert demo.run("journal", "seal").returncode == 0
    done = demo.run("journal", "verify")
    assert done.returncode == 0, done.stdout


def test_a_second_demo_changes_nothing(demo: Demo) -> None:
    done = demo.run("demo", "--background")
    assert done.returncode == 0
    assert "already" in done.stderr
