"""What each person does on the way of a birth to the bank file; each step ends in a form that is ready to be sent."""

import datetime as dt
from dataclasses import dataclass

from tests.killing.families import CITY, Family, today
from tests.killing.walker import Letter, Page, Walker

CLERK, CASHIER, APPROVER = "yuimi-clerk", "yuimi-treasury-1", "yuimi-treasury-2"
CASE = r"^/home/procedures/[^/]+/$"
NAMES = (
    ("陽翔", "ハルト"), ("凛", "リン"), ("蒼", "アオイ"), ("紬", "ツムギ"), ("湊", "ミナト"), ("葵", "アオイ"),
    ("樹", "イツキ"), ("澪", "ミオ"), ("律", "リツ"), ("芽依", "メイ"), ("朔", "サク"), ("詩", "ウタ"),
)  # fmt: skip


@dataclass(frozen=True)
class Child:
    """A child that is born in a test; household and given name together are its own."""

    family: Family
    given: str
    kana: str


def sign_in_staff(walker: Walker, person: str) -> Walker:
    """Sign a member of staff in."""
    walker.sign_in(person, "staff", CITY)
    return walker


def sign_in_parent(walker: Walker, child: Child) -> Walker:
    """Sign a father in."""
    walker.sign_in(child.family.parent, "resident", CITY)
    return walker


def birth(clerk: Walker, child: Child) -> Letter:
    """The clerk finds the mother and fills in the birth of her child."""
    desk = clerk.get("/residents/")
    search = {"person_number": child.family.mother, "reason": "notification"}
    found = clerk.send(Letter(desk, desk.form(holding="person_number"), search))
    mother = clerk.get(found.link(r"^/residents/people/[^/]+/$"))
    household = clerk.get(mother.link(r"^/residents/households/[^/]+/$"))
    page = clerk.get(household.link(r"^/residents/households/[^/]+/birth/$"))
    form = page.form(holding="given_name")
    return Letter(
        page,
        form,
        {
            "given_name": child.given,
            "given_kana": child.kana,
            "sex": "2",
            "mother": form.choice("mother", child.family.mother_name),
            **_day("born_on", today()),
        },
    )


def confirmation(parent: Walker) -> Letter:
    """The parent opens what has arrived; everything is filled in."""
    home = parent.await_page("/home/", lambda page: bool(page.find_links(CASE)))
    page = parent.get(home.find_links(CASE)[0])
    return Letter(page, page.form(holding="form_token"))


def preparation(cashier: Walker, value_on: dt.date) -> Letter:
    """The first cashier chooses the day of payment."""
    page = cashier.get("/treasury/runs/new/")
    return Letter(page, page.form(holding="prepare"), _day("value_on", value_on), ("prepare", ""))


def freezing(page: Page) -> Letter:
    """The first cashier looks at the run and freezes it."""
    return Letter(page, page.form(action="/freeze/"))


def approval(approver: Walker, run: str) -> Letter:
    """The second cashier looks at the run and approves it."""
    page = approver.get(run)
    return Letter(page, page.form(action="/approve/"))


def download(walker: Walker, run: str) -> bytes:
    """Download the bank file."""
    page = walker.get(run)
    file = walker.send(Letter(page, page.form(action="/export/")))
    assert file.path.endswith("/export/"), file
    return file.content


def _day(name: str, day: dt.date) -> dict[str, str]:
    return {
        f"{name}_era": "ce",
        f"{name}_year": str(day.year),
        f"{name}_month": str(day.month),
        f"{name}_day": str(day.day),
    }
