"""A driver's phone loses its line for a while: the page stays, the taps are kept, nothing counts twice.

And the operator's registers and reports of such duties.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.journeys.conftest import LANGUAGES, NARROW, check_page
from yui.engines.travel.public import Place
from yui.identity.models import Account
from yui.identity.public import AccountKind, grant_role, register_account
from yui.identity.sessions import ASSURANCE, BACKEND, BODY
from yui.kernel.access.public import Actor, ActorKind, acting_as
from yui.kernel.calendar.public import fiscal_year
from yui.kernel.services import all_permissions
from yui.kernel.tenancy.public import body_scope
from yui.services.transit.booking import End, Wanted, cancel_ride, request_ride
from yui.services.transit.contracts import Category, DutyAct, Hours
from yui.services.transit.definitions import define_service
from yui.services.transit.driving import Tap, get_duty, note_tap
from yui.services.transit.fleet import (
    DutyInput,
    record_roll_call,
    register_driver,
    register_duty,
    register_vehicle,
)
from yui.services.transit.models import DutyNote
from yui.services.transit.rules import Rider
from yui.services.transit.tests.test_rules import BUS, HALL
from yui.supply.public import accept_offer, open_board

CLERK = Actor(ActorKind.STAFF, str(uuid4()), "", frozenset(all_permissions()))
ALWAYS = Hours(frozenset(range(7)), dt.time(), dt.time(23, 59), on_holidays=True)
KEPT = "caches.open('yui-duty').then(store => store.match(location.href))"
OFFICE = (
    "office/",
    "office/vehicles/new/",
    "office/drivers/new/",
    "office/accidents/",
    "office/accidents/new/",
    "office/complaints/",
    "office/complaints/new/",
    "reports/",
    "reports/duties/{duty}/",
    "reports/years/{year}/",
    "reports/{service}/shortage/?taxis=100",
    "reports/{service}/{day}/",
)
OPEN = "document.querySelector('#stops > li details').open"


@dataclass(frozen=True)
class Shift:
    """A duty on the road, its rides in their order, and the driver's session."""

    duty: UUID
    rides: tuple[UUID, UUID]
    session: str

    @property
    def page(self) -> str:
        return f"/transit/drive/{self.duty}/"


@pytest.fixture
def shift(site: str, django_db_blocker: Any) -> Iterator[Shift]:
    """Committed, because the site reads it from threads of its own; each with a service of its own."""
    with django_db_blocker.unblock():
        code = f"bus-{uuid4().hex[:8]}"
        now = timezone.now()
        with body_scope("999016"), acting_as(CLERK):
            account, session = staff_of("transit_driver")
            service = replace(BUS, code=code, hours=(ALWAYS,), booking=replace(BUS.booking, closes_minutes=0))
            define_service(service)
            open_board(code=code)
            driver = register_driver(
                name="運転 一郎",
                licence_until=dt.date(2099, 1, 1),
                second_class=True,
                account=account,
            )
            car = register_vehicle(
                plate=code, name="1号車", seats=8, wheelchairs=1,
                inspection_until=dt.date(2099, 1, 1), insurance_until=dt.date(2099, 1, 1),
            )  # fmt: skip
            duty = register_duty(
                DutyInput(
                    code,
                    driver,
                    car,
                    now - dt.timedelta(hours=1),
                    now + dt.timedelta(hours=5),
                    Place(HALL.latitude, HALL.longitude),
                )
            )
            record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True)
            rides = (a_ride(code), a_ride(code))
        yield Shift(duty, rides, session)
        connection.close()


def staff_of(role: str) -> tuple[str, str]:
    """A member of staff: the account, and the key of a session that is open."""
    account = register_account(
        issuer="https://op.example", subject=str(uuid4()), kind=AccountKind.STAFF, label="職員"
    )
    grant_role(account=account.public_id, role_code=role, valid_from=dt.date(2020, 4, 1))
    client = Client()
    client.force_login(Account.objects.get(public_id=account.public_id), backend=BACKEND)
    session = client.session
    session[ASSURANCE], session[BODY] = "high", "999016"
    session.save()
    return str(account.public_id), str(session.session_key)


def a_ride(code: str) -> UUID:
    wanted = Wanted(
        str(uuid4()), code, uuid4(), End(stop="1"), End(stop="2"), (Rider(frozenset({Category.ADULT})),)
    )
    answer = request_ride(wanted)
    accept_offer(offer=answer.offers[0].public_id)
    return answer.demand


@pytest.fixture
def phone(browser: Browser, site: str, shift: Shift) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def opener(language: str = "ja", width: int = NARROW, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 780},
            locale=LANGUAGES[language],
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": shift.session, "url": site}])
        page = context.new_page()
        page.goto(shift.page)
        if scripts:
            until(page, f"{KEPT}.then(answer => Boolean(answer))")
            page.wait_for_load_state()
        return page

    yield opener
    for context in contexts:
        context.close()


def until(page: Page, expression: str) -> None:
    """Wait until an expression holds; Playwright's own way is refused by the policy of our pages."""
    for _moment in range(300):
        try:
            if page.evaluate(expression):
                return
        except Error:  # a page that is being left
            pass
        page.wait_for_timeout(100)
    raise AssertionError(f"{expression} never came true on {page.url}")


def notes(blocker: Any, shift: Shift) -> list[tuple[str, str]]:
    with blocker.unblock(), body_scope("999016"):
        noted = DutyNote.objects.filter(duty__public_id=shift.duty).order_by("pk")
        return list(noted.values_list("act", "refused"))


def press_at(page: Page, ride: UUID, step: int, act: str) -> None:
    stop = page.locator(f"#stop-{ride}-{step}")
    if not stop.locator("details").evaluate("one => one.open"):
        stop.locator("summary").click()
    stop.locator(f"button[value={act}]").click()


def press_next(page: Page, act: str) -> None:
    page.locator("#stops > li").first.locator(f"button[value={act}]").click()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [NARROW, 1100])
def test_the_page_of_a_duty_is_accessible(phone: Callable[..., Page], language: str, width: int) -> None:
    page = phone(language, width)
    check_page(page)
    page.locator("#stops > li").nth(1).locator("summary").click()
    check_page(page)


def test_an_hour_without_a_line_loses_nothing(
    phone: Callable[..., Page], shift: Shift, django_db_blocker: Any
) -> None:
    page = phone()
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#stops > li")).to_have_count(4)
    press_next(page, "boarded")
    expect(page.locator("#stops > li")).to_have_count(3)
    expect(page.locator("#waiting")).to_contain_text("1件")
    assert page.evaluate(OPEN)
    # The second ride is taken back while the phone hears nothing.
    with django_db_blocker.unblock(), body_scope("999016"), acting_as(CLERK):
        cancel_ride(demand=shift.rides[1])
    page.reload()
    expect(page.locator("#stops > li")).to_have_count(3)
    press_at(page, shift.rides[1], 0, "boarded")
    for ride in shift.rides:
        press_at(page, ride, 1, "alighted")
    expect(page.locator("#due")).to_contain_text("200円")
    expect(page.locator("#waiting")).to_contain_text("4件")
    assert notes(django_db_blocker, shift) == []
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden(timeout=60_000)
    expect(page.locator("text=取り消されていました").first).to_be_visible(timeout=60_000)
    assert notes(django_db_blocker, shift) == [
        ("boarded", ""),
        ("boarded", "cancelled"),
        ("alighted", ""),
        ("alighted", "cancelled"),
    ]
    # The first rider paid the fare of a shared car, which by the book was not shared: the office is told.
    expect(page.locator("text=電話の表示は200円")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('yui-tap')).length") == 0
    check_page(page)


def test_what_is_kept_is_forgotten_at_sign_out(phone: Callable[..., Page], shift: Shift) -> None:
    page = phone()
    kept = page.evaluate(f"{KEPT}.then(answer => answer.text())")
    assert str(shift.rides[0]) in kept
    # Not from the page of the duty itself: the worker has to notice.
    page.goto("/")
    page.locator("form[action$='/out'] button").click()
    page.wait_for_load_state()
    assert (
        page.evaluate(
            "caches.open('yui-duty').then(s => s.keys()).then(k => k.filter(r => r.url.includes('/drive/')).length)"
        )
        == 0
    )
    page.context.set_offline(True)
    with pytest.raises(Error, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(shift.page)


def test_without_scripts_the_buttons_do_the_same(
    phone: Callable[..., Page], shift: Shift, django_db_blocker: Any
) -> None:
    page = phone(scripts=False)
    press_next(page, "boarded")
    expect(page.locator("text=乗車を記録しました")).to_be_visible()
    page.locator("button[value=break_begun]").click()
    expect(page.locator("button[value=break_ended]")).to_be_visible()
    assert notes(django_db_blocker, shift) == [("boarded", ""), ("break_begun", "")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [NARROW, 1100])
def test_registers_and_reports_are_accessible(
    browser: Browser, site: str, shift: Shift, django_db_blocker: Any, language: str, width: int
) -> None:
    first, second = shift.rides
    with django_db_blocker.unblock(), body_scope("999016"), acting_as(CLERK):
        duty = get_duty(shift.duty)
        # The last of them does not count, and is on the record all the same.
        for act, ride in ((DutyAct.BOARDED, first), (DutyAct.ALIGHTED, first), (DutyAct.ALIGHTED, second)):
            note_tap(duty, Tap(str(uuid4()), act, ride, int(act is DutyAct.ALIGHTED)))
        _account, session = staff_of("transit_operator")
    day = timezone.localdate(duty.from_at)
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": 900},
        locale=LANGUAGES[language],
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    page = context.new_page()
    for path in OFFICE:
        named = path.format(duty=shift.duty, service=duty.service, day=day, year=fiscal_year(day))
        page.goto(f"/transit/{named}")
        check_page(page)
    context.close()
