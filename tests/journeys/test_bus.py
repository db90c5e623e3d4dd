"""The bus that comes: a daughter books for her mother of 82, the car moves, another rides along, it breaks down.

Both arrive all the same, pay once, and the report of the day adds up. In both languages, by keyboard, at two widths.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import LANGUAGES, NARROW, WIDE, check_page
from tests.journeys.hands import choose, pick, press, reach
from tests.journeys.test_duty import KEPT, until
from yui.engines.travel.public import Place
from yui.identity.models import Account
from yui.identity.public import AccountKind, grant_role, register_account
from yui.identity.sessions import ASSURANCE, BACKEND, BODY, SUBJECT
from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.calendar.public import PartialDate
from yui.kernel.services import all_permissions
from yui.kernel.tenancy.public import body_scope
from yui.registries.people import public as people
from yui.services.transit.booking import register_proxy
from yui.services.transit.contracts import Hours
from yui.services.transit.definitions import define_service
from yui.services.transit.fleet import (
    DutyInput,
    record_roll_call,
    register_driver,
    register_duty,
    register_vehicle,
)
from yui.services.transit.tests.test_rules import BUS
from yui.supply.public import open_board

HERE = "999016"
CLERK = Actor(ActorKind.STAFF, str(uuid4()), "", frozenset(all_permissions()))
ALWAYS = Hours(frozenset(range(7)), dt.time(), dt.time(23, 59), on_holidays=True)
GARAGE, FURTHER = Place(34.98, 135.0), Place(34.97, 135.0)
BREAKDOWN = "breakdown"
YEN = re.compile(r"([\d,]+)\s*円|¥\s*([\d,]+)|([\d,]+)\s*yen")


@dataclass(frozen=True)
class Village:
    """A bus of its own: its code, the family, two cars with their duties, and an open session of everybody."""

    code: str
    mother: UUID
    duties: tuple[UUID, UUID]
    shifts: tuple[str, str]
    sessions: dict[str, str]
    day: dt.date


@pytest.fixture
def village(site: str, django_db_blocker: Any) -> Iterator[Village]:
    """Committed, because the site reads it from threads of its own."""
    with django_db_blocker.unblock():
        code, now = f"bus-{uuid4().hex[:8]}", timezone.now()
        with body_scope(HERE), acting_as(CLERK):
            mother, daughter = a_person("梅", 1944), a_person("花子", 1971)
            neighbour = a_person("三郎", 1950)
            register_proxy(rider=mother, proxy=daughter)
            define_service(
                replace(BUS, code=code, hours=(ALWAYS,), booking=replace(BUS.booking, closes_minutes=0))
            )
            open_board(code=code)
            sessions = {
                "daughter": session_of(AccountKind.RESIDENT, subject=daughter)[1],
                "neighbour": session_of(AccountKind.RESIDENT, subject=neighbour)[1],
                "operator": session_of(AccountKind.STAFF, "transit_operator")[1],
            }
            duties = []
            for number, base in enumerate((GARAGE, FURTHER), start=1):
                account, sessions[f"driver {number}"] = session_of(AccountKind.STAFF, "transit_driver")
                duties.append(a_duty(code, number, base, account, now))
        yield Village(
            code, mother, (duties[0], duties[1]), ("1号車", "2号車"), sessions, timezone.localdate(now)
        )
        connection.close()


def a_person(given: str, born: int) -> UUID:
    name = people.PersonName(family_name="結城", given_name=given, family_kana="ユウキ", given_kana="ウメ")
    moved = people.record_move_in(
        newcomers=[
            people.NewResident(
                name=name,
                born_on=PartialDate.of(dt.date(born, 2, 3)),
                sex=people.Sex.FEMALE,
                relationship=people.Relationship.HEAD,
            )
        ],
        address=people.Address(town="結町", block=f"{born}-1"),
        effective_on=dt.date(2020, 4, 1),
        previous_address="東京都",
    )
    return moved.persons[0]


def session_of(kind: AccountKind, role: str = "", subject: UUID | None = None) -> tuple[str, str]:
    """An account, and the key of a session of it that is open."""
    account = register_account(issuer="https://op.example", subject=str(uuid4()), kind=kind, label="職員")
    if role:
        grant_role(account=account.public_id, role_code=role, valid_from=dt.date(2020, 4, 1))
    client = Client()
    client.force_login(Account.objects.get(public_id=account.public_id), backend=BACKEND)
    session = client.session
    session[ASSURANCE], session[BODY] = "high", HERE
    if subject:
        session[SUBJECT] = str(subject)
    session.save()
    return str(account.public_id), str(session.session_key)


def a_duty(code: str, number: int, base: Place, account: str, now: dt.datetime) -> UUID:
    later = dt.date(2099, 1, 1)
    driver = register_driver(name=f"運転 {number}郎", licence_until=later, second_class=True, account=account)
    car = register_vehicle(
        plate=f"{code}-{number}",
        name=f"{number}号車",
        seats=8,
        wheelchairs=1,
        inspection_until=later,
        insurance_until=later,
    )
    span = (now - dt.timedelta(minutes=1), now + dt.timedelta(hours=5))
    duty = register_duty(DutyInput(code, driver, car, *span, base))
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True)
    return duty


@pytest.fixture
def page_of(browser: Browser, site: str, village: Village) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def opener(who: str, language: str, width: int) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            locale=LANGUAGES[language],
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": village.sessions[who], "url": site}])
        return context.new_page()

    yield opener
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("language", "width"), [("ja", WIDE), ("en", NARROW)])
def test_the_bus_comes(page_of: Callable[..., Page], village: Village, language: str, width: int) -> None:
    daughter = page_of("daughter", language, width)
    fare = book(daughter, village, rider=village.mother)
    mothers_ride = daughter.url

    operator = page_of("operator", language, width)
    see_the_car_move(operator, village)

    neighbour = page_of("neighbour", language, width)
    book(neighbour, village)
    neighbours_ride = neighbour.url
    operator.reload()
    rows = operator.locator("section:has(#promises) tbody tr")
    expect(rows).to_have_count(2)
    # The car's number as the map shows it.
    expect(rows.locator("td:last-child")).to_have_text(["1", "1"])

    first = drives(page_of("driver 1", language, width), village.duties[0])
    tap(first, "boarded")

    break_down(operator, village)
    for page, ride in ((daughter, mothers_ride), (neighbour, neighbours_ride)):
        page.goto(ride)
        check_page(page)
        expect(page.locator("main")).to_contain_text(village.shifts[1])

    second = drives(page_of("driver 2", language, width), village.duties[1])
    paid = 0
    for _stop in range(4):
        act = (
            second.locator("#stops > li").first.locator("button[name=act]").first.get_attribute("value") or ""
        )
        tap(second, act)
        if act == "alighted":
            paid += yen_in(second.locator("#due").inner_text())
    expect(second.locator("#stops")).to_have_count(0)

    for page, ride in ((daughter, mothers_ride), (neighbour, neighbours_ride)):
        page.goto(ride)
        expect(page.locator(".status-done")).to_be_visible()
    operator.goto(f"/transit/reports/{village.code}/{village.day}/")
    check_page(operator)
    total = operator.locator("tfoot tr")
    expect(total.locator("td.num").first).to_have_text("2")
    fares = yen_in(total.locator("td.num").last.inner_text())
    rows = operator.locator("tbody tr")
    assert (
        sum(yen_in(rows.nth(at).locator("td.num").last.inner_text()) for at in range(rows.count())) == fares
    )
    assert fares == paid
    assert 0 < fares <= 2 * fare


def book(page: Page, village: Village, rider: UUID | None = None) -> int:
    """Ask for a ride as soon as possible, choose the first offer; the fare of riding alone."""
    page.goto("/transit/rides/")
    check_page(page)
    press(page, page.locator("main a[href$='/rides/new/']").first)
    check_page(page)
    if rider and page.locator("input[type=radio][name=rider]").count():
        pick(page, page.locator(f"[name=rider][value='{rider}']"))
    of_bus = page.locator(f"input[type=radio][name=service][value='{village.code}']")
    if of_bus.count():
        pick(page, of_bus)
    choose(page, page.locator("[name=origin]"), f"{village.code}:1")
    choose(page, page.locator("[name=destination]"), f"{village.code}:2")
    pick(page, page.locator("[name=wish][value=now]"))
    pick(page, page.locator("[name=categories][value=senior]"))
    press(page, page.locator("form.form button[type=submit]"))
    check_page(page)
    offer = page.locator("form.card").filter(has_text=village.shifts[0]).first
    fare = yen_in(offer.inner_text())
    press(page, offer.locator("button[type=submit]"))
    check_page(page)
    return fare


def see_the_car_move(page: Page, village: Village) -> None:
    """The stream tells where the car is; a little later it is elsewhere."""
    page.goto(f"/transit/board/{village.code}/")
    check_page(page)
    map_of = page.locator("#live-map")
    seen: set[str] = set()
    for _moment in range(300):
        told = map_of.get_attribute("data-cars")
        if told:
            places = [json.dumps(car[1:3]) for car in json.loads(told) if car[0] == 1]
            seen |= set(places)
        if len(seen) >= 3:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"The car was seen at {seen} only.")


def break_down(page: Page, village: Village) -> None:
    """The operator takes the first car off the road."""
    form = page.locator("form[action$='/withdraw/']").filter(has_text=village.shifts[0])
    summary = page.locator("details").filter(has=form).locator("summary")
    reach(page, summary)
    page.keyboard.press("Enter")
    choose(page, form.locator("[name=because]"), BREAKDOWN)
    reach(page, form.locator("input[type=checkbox]"))
    page.keyboard.press("Space")
    press(page, form.locator("button[type=submit]"))
    check_page(page)


def drives(page: Page, duty: UUID) -> Page:
    """A driver's page, once the phone keeps it."""
    page.goto(f"/transit/drive/{duty}/")
    until(page, f"{KEPT}.then(answer => Boolean(answer))")
    page.wait_for_load_state()
    check_page(page)
    return page


def tap(page: Page, act: str) -> None:
    """Press a button of the next stop, and wait until it is sent."""
    stops = page.locator("#stops > li")
    there = stops.count()
    first = stops.first
    button = first.locator(f"button[value={act}]")
    reach(page, button)
    page.keyboard.press("Enter")
    expect(stops).to_have_count(there - 1)
    expect(page.locator("#waiting")).to_be_hidden(timeout=60_000)


def yen_in(text: str) -> int:
    found = YEN.search(text)
    assert found, text
    return int(next(part for part in found.groups() if part).replace(",", ""))
