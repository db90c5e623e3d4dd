"""Pages of rides beside the driver's and the office's, as axe sees them: a changed promise, a refusal, a comparison."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import LANGUAGES, NARROW, check_page
from tests.journeys.test_bus import ALWAYS, CLERK, GARAGE, HERE, a_duty, a_person, session_of
from yui.engines.travel.public import Place
from yui.identity.public import AccountKind
from yui.kernel.access.public import acting_as
from yui.kernel.jobs.public import drain
from yui.kernel.tenancy.public import body_scope
from yui.services.transit.booking import End, Wanted, accept_ride, register_proxy, request_ride
from yui.services.transit.contracts import Category
from yui.services.transit.definitions import define_service
from yui.services.transit.models import Duty
from yui.services.transit.rules import Rider
from yui.services.transit.tests.test_rules import BUS
from yui.services.transit.tests.test_simulation_pages import posted
from yui.services.transit.tests.test_trials import TABLE
from yui.services.transit.trials import keep_surroundings
from yui.supply.public import open_board, withdraw_shift

FAR = Place(34.80, 135.0)
"""So far that its car comes later than was told of the other."""
RIDER = (
    "rides/",
    "rides/new/",
    "rides/{changed}/",
    "rides/{open}/offers/",
    "rides/{refused}/offers/",
)
STAFF = (
    "desk/",
    "desk/{rider}/",
    "desk/{rider}/new/",
    "rides/{changed}/",
    "board/",
    "board/{service}/",
    "board/{service}/live/",
    "stops/{body}/",
    "stops/{body}/{service}/",
    "simulation/",
    "simulation/new/",
    "simulation/surroundings/",
)


@pytest.fixture
def village(site: str, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Committed, because the site reads it from threads of its own."""
    with django_db_blocker.unblock():
        code, now = f"bus-{uuid4().hex[:8]}", timezone.now()
        with body_scope(HERE), acting_as(CLERK):
            rider, daughter = a_person("梅", 1944), a_person("花子", 1971)
            register_proxy(rider=rider, proxy=daughter)
            define_service(
                replace(BUS, code=code, hours=(ALWAYS,), booking=replace(BUS.booking, closes_minutes=0))
            )
            open_board(code=code)
            duties = [a_duty(code, number, base, "", now) for number, base in ((1, GARAGE), (2, FAR))]

            def asked(*categories: Category, riders: int = 1) -> Any:
                party = (Rider(frozenset({Category.ADULT, *categories})),) * riders
                wanted = Wanted(str(uuid4()), code, rider, End(stop="1"), End(stop="2"), party)
                return request_ride(wanted)

            changed = asked()
            accept_ride(demand=changed.demand, offer=changed.offers[0].public_id)
            refused = asked(Category.WHEELCHAIR, riders=2)
            withdraw_shift(shift=Duty.objects.get(public_id=duties[0]).shift, because="breakdown")
            drain()
            keep_surroundings(TABLE)
            still_open = asked()
            resident = session_of(AccountKind.RESIDENT, subject=daughter)[1]
            operator = session_of(AccountKind.STAFF, "transit_operator")[1]
        client = Client()
        client.cookies["sessionid"] = operator
        begun = client.post("/transit/simulation/new/", posted(service=code))
        assert begun.status_code == 303, begun.content.decode()
        with body_scope(HERE), acting_as(CLERK):
            drain()
        yield {
            "changed": changed.demand,
            "refused": refused.demand,
            "open": still_open.demand,
            "rider": rider,
            "service": code,
            "body": HERE,
            "trial": begun["Location"].removeprefix("/transit/"),
            "sessions": {"daughter": resident, "operator": operator},
        }
        connection.close()


@pytest.fixture
def page_of(browser: Browser, site: str, village: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def opener(who: str, language: str, width: int) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            locale=LANGUAGES[language],
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": village["sessions"][who], "url": site}])
        return context.new_page()

    yield opener
    for context in contexts:
        context.close()


def test_pages_of_rides_are_accessible(page_of: Callable[..., Page], village: dict[str, Any]) -> None:
    for language in LANGUAGES:
        for width in (NARROW, 1100):
            rider = page_of("daughter", language, width)
            rider.goto("/home/")
            check_page(rider)
            if (language, width) == ("ja", NARROW):
                # Opened once, the notice is read and stands at home no more.
                expect(rider.locator("section:has(#news) .card")).to_have_count(1)
            for path in RIDER:
                rider.goto(f"/transit/{path.format(**village)}")
                check_page(rider)
            operator = page_of("operator", language, width)
            for path in (*STAFF, village["trial"]):
                operator.goto(f"/transit/{path.format(**village)}")
                check_page(operator)
            rider.goto(f"/transit/rides/{village['changed']}/")
            expect(rider.locator(".notice")).to_be_visible()
    rider = page_of("daughter", "ja", NARROW)
    rider.goto("/home/")
    rider.locator("section:has(#news) .card a").click()
    check_page(rider)
    rider.locator("main a.button-big").click()
    expect(rider.locator(".notice")).to_be_visible()
    rider.goto("/home/")
    expect(rider.locator("section:has(#news)")).to_have_count(0)
