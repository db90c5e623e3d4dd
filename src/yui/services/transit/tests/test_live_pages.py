"""The board's map, stream and buttons, and the page for everybody."""

import datetime as dt
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import mapbox_vector_tile
import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from yui.engines.travel.public import Place
from yui.kernel.tenancy.public import BodyRef
from yui.services.transit.contracts import Definition
from yui.services.transit.definitions import define_service
from yui.services.transit.fleet import record_roll_call, register_driver, register_vehicle
from yui.services.transit.live import scripts
from yui.services.transit.live.seen import look, map_of
from yui.services.transit.models import Duty
from yui.services.transit.tests.conftest import NOON, VILLAGE, a_car
from yui.services.transit.tests.test_live import NETWORK, tile_at
from yui.services.transit.tests.test_pages import SignIn, booked, family, sign_in, text
from yui.services.transit.tests.test_rules import HALL
from yui.supply import public as supply
from yui.supply.public import StepAct, StepReport, keep_road_map, open_board, report_step

__all__ = ["family", "sign_in"]  # fixtures

needs_roads = pytest.mark.skipif(
    not hasattr(supply, "roads_of"), reason="supply does not show its roads and shifts yet"
)
BOARD = "transit:service_board"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def town(village: Definition) -> Definition:
    """The village with a road map."""
    keep_road_map(code="town", network=NETWORK, source="© Somebody", licence="ODbL")
    open_board(code=VILLAGE.code, road_map="town")
    return village


# Tiles, the library, the stream


def test_tiles_are_for_who_sees_the_board_and_are_kept(village: Definition, sign_in: SignIn) -> None:
    version, _layers = map_of(VILLAGE.code)
    z, x, y = tile_at(Place(HALL.latitude, HALL.longitude), 12)
    here = reverse("transit:tile", args=[VILLAGE.code, version, z, x, y])
    operator = sign_in("transit_operator")
    answer = operator.get(here)
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert "immutable" in answer["Cache-Control"]
    assert "stops" in mapbox_vector_tile.decode(answer.content)
    assert operator.get(here, headers={"if-none-match": answer["ETag"]}).status_code == 304
    old = operator.get(reverse("transit:tile", args=[VILLAGE.code, "old", z, x, y]))
    assert "no-store" in old["Cache-Control"]
    for wrong in ((z, 1 << z, y), (40, 0, 0)):
        assert operator.get(reverse("transit:tile", args=[VILLAGE.code, version, *wrong])).status_code == 404
    assert operator.get(reverse("transit:tile", args=["nothing", version, z, x, y])).status_code == 404
    assert sign_in("transit_driver").get(here).status_code == 403
    assert Client().get(here).status_code == 303


def test_the_map_library_is_served_from_here(client: Client) -> None:
    for name, kind in (
        ("maplibre-gl.js", "text/javascript"),
        ("maplibre-gl.css", "text/css"),
        ("worker.js", "text/javascript"),
    ):
        answer = client.get(reverse("transit:library", args=[scripts.release(), name]))
        assert answer["Content-Type"].startswith(kind)
        assert answer["Content-Encoding"] == "gzip"
        assert "immutable" in answer["Cache-Control"]
        # The strict policy covers the worker too: it may fetch tiles from here and nothing from elsewhere.
        assert "connect-src 'self'" in answer["Content-Security-Policy"]
    assert client.get(reverse("transit:library", args=["0", "ipywidget.js"])).status_code == 404


def test_the_stream_is_for_who_sees_the_board(
    village: Definition, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str, str]] = []

    def told(body: BodyRef, service: str, last_id: str) -> list[bytes]:
        asked.append((body.code, service, last_id))
        return [b"retry: 3000\n\n"]

    monkeypatch.setattr("yui.services.transit.live.stream.events", told)
    here = reverse("transit:events", args=[VILLAGE.code])
    answer = sign_in("transit_operator").get(here, headers={"last-event-id": "abc"})
    assert answer["Content-Type"] == "text/event-stream"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == b"retry: 3000\n\n"
    assert asked == [("999016", VILLAGE.code, "abc")]
    assert sign_in("transit_operator").get(reverse("transit:events", args=["nothing"])).status_code == 404
    assert sign_in("transit_driver").get(here).status_code == 403


def test_what_is_streamed_and_tiled_names_nobody(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    a_car()
    demand = booked(sign_in(subject=family[0]), family[0])
    seen = look(VILLAGE.code)
    for told in (seen.board, seen.cars(NOON)):
        for secret in ("結城", "梅", str(family[0]), str(demand)):
            assert secret not in told


# The board


def test_cars_promises_and_their_room_are_shown(
    family: tuple[UUID, UUID], sign_in: SignIn, noon: time_machine.Traveller
) -> None:
    duty = a_car()
    booked(sign_in(subject=family[0]), family[0])
    operator = sign_in("transit_operator")
    page = text(operator.get(reverse(BOARD, args=[VILLAGE.code])))
    assert 'id="live-settings"' in page
    assert "予定どおり" in page
    assert "梅" not in page
    noon.shift(600)
    page = text(operator.get(reverse(BOARD, args=[VILLAGE.code])))
    assert "10分遅れ" in page
    shown = text(operator.get(reverse("transit:live", args=[VILLAGE.code])))
    assert 'http-equiv="refresh" content="20"' in shown
    assert "1号車" in shown
    assert reverse("transit:duty", args=[duty]) in shown
    assert operator.get(reverse("transit:live", args=["nothing"])).status_code == 404


def test_the_self_refreshing_page_reads_no_persons_data(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    from yui.kernel.journal.models import Entry

    a_car()
    booked(sign_in(subject=family[0]), family[0])
    operator = sign_in("transit_operator")
    before = Entry.objects.filter(subject__isnull=False).count()
    assert operator.get(reverse("transit:live", args=[VILLAGE.code])).status_code == 200
    assert Entry.objects.filter(subject__isnull=False).count() == before


@needs_roads
def test_a_road_is_closed_named_and_opened_again(town: Definition, sign_in: SignIn) -> None:
    a_car()
    operator = sign_in("transit_operator")
    here = reverse(BOARD, args=[VILLAGE.code])
    page = text(operator.get(here))
    road = re.findall(r'<option value="(\d+)">[^<]*役場の', page)[0]
    close, reopen = (
        reverse(name, args=[VILLAGE.code]) for name in ("transit:close_road", "transit:open_road")
    )
    for wrong in ({"road": "9", "span": ""}, {"road": road, "span": "7"}, {"road": "x", "span": ""}, {}):
        assert "選んでください" in text(operator.post(close, wrong, follow=True))
    assert look(VILLAGE.code).closed == frozenset()
    for _click in range(2):
        page = text(operator.post(close, {"road": road, "span": "60"}, follow=True))
        assert "通行止めにしました" in page
    assert look(VILLAGE.code).closed == {int(road)}
    assert re.search(r"通行止め: 役場の", page)
    note = text(Client().get(reverse("transit:stops", args=["999016", VILLAGE.code])))
    assert "通行止めの道路があります（役場の" in note
    assert operator.post(reopen, {"road": "x"}).status_code == 404
    assert "解除しました" in text(operator.post(reopen, {"road": road}, follow=True))
    assert look(VILLAGE.code).closed == frozenset()
    for address in (close, reopen):
        assert operator.get(address).status_code == 405
        assert sign_in("transit_driver").post(address, {"road": road, "span": ""}).status_code == 403


def test_without_a_road_map_no_road_can_be_closed(village: Definition, sign_in: SignIn) -> None:
    operator = sign_in("transit_operator")
    page = text(
        operator.post(
            reverse("transit:close_road", args=[VILLAGE.code]), {"road": "1", "span": ""}, follow=True
        )
    )
    assert "選んでください" in page
    assert 'id="close-road"' not in page


def test_one_more_car_is_sent(village: Definition, sign_in: SignIn, noon: time_machine.Traveller) -> None:
    operator = sign_in("transit_operator")
    here = reverse("transit:assist", args=[VILLAGE.code])
    driver = register_driver(name="応援 花子", licence_until=dt.date(2028, 1, 1), second_class=True)
    vehicle = register_vehicle(
        plate="結 500 い 9",
        name="予備車",
        seats=4,
        wheelchairs=0,
        inspection_until=dt.date(2027, 3, 31),
        insurance_until=dt.date(2027, 3, 31),
    )
    assert "予備車" in text(operator.get(reverse(BOARD, args=[VILLAGE.code])))
    sent = {"driver": str(driver), "vehicle": str(vehicle), "stop": HALL.code, "until": "15:00"}
    for wrong, told in (
        ({"until": "25:00"}, "選んでください"),
        ({"until": "11:00"}, "過ぎています"),
        ({"stop": "x"}, "選んでください"),
        ({"driver": "x"}, "選んでください"),
        ({"driver": str(uuid4())}, "登録"),
    ):
        assert told in text(operator.post(here, sent | wrong, follow=True)), wrong
    assert Duty.objects.count() == 0
    assert "車を1台増やしました" in text(operator.post(here, sent, follow=True))
    duty = Duty.objects.get()
    assert (duty.from_at, duty.until_at) == (NOON, NOON + dt.timedelta(hours=3))
    assert sign_in("transit_desk").post(here, sent).status_code == 403


@needs_roads
def test_a_lost_car_stands_where_it_was_and_is_marked(
    family: tuple[UUID, UUID], sign_in: SignIn, noon: time_machine.Traveller
) -> None:
    duty = a_car()
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True)
    demand = booked(sign_in(subject=family[0]), family[0])
    shift = Duty.objects.get(public_id=duty).shift
    noon.shift(300)
    report_step(shift=shift, report=StepReport("1", demand, 0, StepAct.SERVED, NOON))
    operator = sign_in("transit_operator")
    page = text(
        operator.post(
            reverse("transit:withdraw", args=[VILLAGE.code, shift]), {"because": "breakdown"}, follow=True
        )
    )
    assert "運行から外れています" in page
    assert "車の故障" in page
    assert reverse("transit:withdraw", args=[VILLAGE.code, shift]) not in page
    (position,) = look(VILLAGE.code).where(NOON).values()
    assert position.place == Place(HALL.latitude, HALL.longitude)


def test_what_is_only_offered_is_no_stop_of_the_map(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    from yui.services.transit.tests.test_pages import asked

    a_car()
    asked(sign_in(subject=family[0]), family[0])
    plan = look(VILLAGE.code).plan
    assert plan is not None
    assert [route.stops for route in plan.routes] == [()]


# The page for everybody

Page = Callable[..., str]


@pytest.fixture
def page(village: Definition) -> Page:
    """The page as a visitor gets it."""

    def get(language: str = "ja", client: Client | None = None) -> str:
        answer = (client or Client()).get(
            reverse("transit:stops", args=["999016", VILLAGE.code]), headers={"accept-language": language}
        )
        assert answer.status_code == 200
        return text(answer)

    return get


def test_everybody_reads_when_where_and_for_how_much(page: Page) -> None:
    found = page()
    for told in ("08:00～18:00", "役場", "400円", "無料", "やさしい日本語", "<polygon"):
        assert told in found, told
    assert "Fares" in page("en")
    assert "やさしい" not in page("en")
    here = reverse("transit:stops_services", args=["999016"])
    assert Client().get(here)["Location"] == reverse("transit:stops", args=["999016", VILLAGE.code])
    for wrong in (("999016", "nothing"), ("000000", VILLAGE.code)):
        assert Client().get(reverse("transit:stops", args=wrong)).status_code == 404


def test_the_telephone_number_can_be_dialled(body: BodyRef, staff: object, noon: object, page: Page) -> None:
    from dataclasses import replace

    define_service(replace(VILLAGE, phone="0120-999-016", valid_from=VILLAGE.valid_from))
    assert 'href="tel:0120999016"' in page()


def test_the_own_clerk_reads_the_same_page(page: Page, sign_in: SignIn) -> None:
    assert "400円" in page(client=sign_in("transit_operator"))


@needs_roads
def test_the_waiting_time_is_what_real_quotes_say(
    page: Page, family: tuple[UUID, UUID], sign_in: SignIn, noon: time_machine.Traveller
) -> None:
    assert "空いている車がありません" in page()
    a_car()
    noon.shift(31)
    first = page()
    assert re.search(r"約\d+分", first)
    # Nothing was asked for by looking.
    assert supply.list_demands(VILLAGE.code, from_at=NOON, until_at=NOON + dt.timedelta(days=1)) == []
    noon.move_to(NOON.replace(hour=20))
    assert "今は運行していません" in page()
