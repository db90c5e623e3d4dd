"""Pages of rides: the whole way of a ride, refusals, mistakes, and who may not."""

import datetime as dt
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from yui.identity.models import Account
from yui.identity.public import AccountKind, grant_role, register_account
from yui.identity.sessions import ASSURANCE, BACKEND, BODY, SUBJECT
from yui.kernel.access.public import access_rule
from yui.kernel.calendar.public import PartialDate
from yui.kernel.tenancy.public import BodyRef
from yui.registries.people import public as people
from yui.services.transit.booking import end_proxy, get_ride, list_rides_of, register_proxy, riders_of
from yui.services.transit.contracts import Definition
from yui.services.transit.fleet import record_roll_call
from yui.services.transit.models import Driver, Duty, Ride, RollCallRecord
from yui.services.transit.tests.conftest import NOON, VILLAGE, a_car
from yui.services.transit.urls import urlpatterns
from yui.supply.public import DemandState, list_open_offers

SignIn = Callable[..., Client]
TODAY = NOON.date()


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def sign_in(body: BodyRef, staff: object) -> SignIn:
    """An open session of a resident, or of a member of staff with roles."""

    def open_as(*roles: str, subject: UUID | None = None) -> Client:
        kind = AccountKind.STAFF if roles else AccountKind.RESIDENT
        account = register_account(issuer="https://op.example", subject=str(uuid4()), kind=kind, label="職員")
        for role in roles:
            grant_role(account=account.public_id, role_code=role, valid_from=dt.date(2020, 4, 1))
        client = Client()
        client.force_login(Account.objects.get(public_id=account.public_id), backend=BACKEND)
        session = client.session
        session[ASSURANCE], session[BODY] = "high", body.code
        if subject is not None:
            session[SUBJECT] = str(subject)
        session.save()
        return client

    return open_as


@pytest.fixture
def family(village: Definition) -> tuple[UUID, UUID]:
    """A grandmother and her daughter, in the register."""
    moved = people.record_move_in(
        newcomers=[
            people.NewResident(
                name=people.PersonName(
                    family_name="結城", given_name=given, family_kana="ユウキ", given_kana=kana
                ),
                born_on=PartialDate.of(born),
                sex=people.Sex.FEMALE,
                relationship=relationship,
            )
            for given, kana, born, relationship in (
                ("梅", "ウメ", dt.date(1945, 2, 3), people.Relationship.HEAD),
                ("花子", "ハナコ", dt.date(1970, 4, 5), people.Relationship.CHILD),
            )
        ],
        address=people.Address(town="結町", block="1-1"),
        effective_on=dt.date(2020, 4, 1),
        previous_address="東京都",
    )
    return moved.persons[0], moved.persons[1]


def posted(rider: UUID, **change: object) -> dict[str, object]:
    """The form of a ride as a page sends it."""
    return {
        "form_token": str(uuid4()),
        "rider": str(rider),
        "service": VILLAGE.code,
        "origin": f"{VILLAGE.code}:1",
        "destination": f"{VILLAGE.code}:2",
        "wish": "now",
        "day": TODAY.isoformat(),
        "time": "",
        "party": "1",
        "other_wheelchairs": "0",
        **change,
    }


def asked(client: Client, rider: UUID, address: str = "", **change: object) -> UUID:
    """A ride that was asked for on its page."""
    answer = client.post(address or reverse("transit:new_ride"), posted(rider, **change))
    assert answer.status_code == 303, text(answer)
    return UUID(answer["Location"].split("/")[-3])


def booked(client: Client, rider: UUID, address: str = "", **change: object) -> UUID:
    """A ride that was asked for and whose first offer was accepted."""
    demand = asked(client, rider, address, **change)
    offer = list_open_offers(demand)[0].public_id
    answer = client.post(reverse("transit:offers", args=[demand]), {"offer": str(offer)})
    assert answer["Location"] == reverse("transit:ride", args=[demand])
    return demand


def test_every_view_declares_who_may() -> None:
    assert all(access_rule(pattern.callback) for pattern in urlpatterns)


# Riders


def test_a_resident_books_and_sees_the_car(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    a_car()
    grandmother, _daughter = family
    client = sign_in(subject=grandmother)
    page = text(client.get(reverse("transit:new_ride")))
    assert "役場" in page
    assert 'name="rider"' in page
    demand = asked(client, grandmother, categories=["senior"])
    page = text(client.get(reverse("transit:offers", args=[demand])))
    assert "1号車" in page
    assert "400円" in page
    offer = list_open_offers(demand)[0].public_id
    for _tap in range(2):
        answer = client.post(reverse("transit:offers", args=[demand]), {"offer": str(offer)})
        assert answer["Location"] == reverse("transit:ride", args=[demand])
    page = text(client.get(reverse("transit:ride", args=[demand])))
    assert "結 500 あ 1号車" in page
    assert "区間の運賃 400円" in page
    assert reverse("transit:ride", args=[demand]) in text(client.get(reverse("transit:rides")))
    assert get_ride(demand).demand.state is DemandState.PROMISED
    # Chosen already: the offers lead to the ride.
    assert client.get(reverse("transit:offers", args=[demand])).status_code == 302


def test_a_double_click_is_one_booking(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    a_car()
    client = sign_in(subject=family[0])
    sent = posted(family[0])
    first, second = (client.post(reverse("transit:new_ride"), sent) for _click in range(2))
    assert first["Location"] == second["Location"]
    assert Ride.objects.count() == 1


def test_a_ride_is_cancelled_by_whose_it_is_only(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    a_car()
    client, stranger = sign_in(subject=family[0]), sign_in(subject=uuid4())
    demand = booked(client, family[0])
    here = reverse("transit:cancel", args=[demand])
    assert stranger.post(here).status_code == 403
    assert stranger.get(reverse("transit:ride", args=[demand])).status_code == 403
    assert stranger.get(reverse("transit:offers", args=[demand])).status_code == 403
    assert client.get(here).status_code == 405
    assert client.post(here).status_code == 302
    assert get_ride(demand).demand.state is DemandState.CANCELLED
    assert reverse("transit:cancel", args=[demand]) not in text(client.get(reverse("transit:rides")))


def test_what_cannot_be_booked_stays_on_the_page(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    a_car()
    client = sign_in(subject=family[0])
    for change, told in (
        ({"destination": f"{VILLAGE.code}:1"}, "別の停留所を2つ選んでください"),
        ({"wish": "pickup_from", "time": "19:00"}, "運行している時間を選んでください"),
        ({"wish": "pickup_from"}, "時刻を入力してください"),
        ({"other_wheelchairs": "1"}, "車いす"),
        ({"origin": ""}, "を選んでください"),
        ({"rider": str(family[1])}, "正しく"),
    ):
        answer = client.post(reverse("transit:new_ride"), posted(family[0]) | change)
        assert answer.status_code == 422, change
        assert told in text(answer), change
    assert Ride.objects.count() == 0


def test_no_room_says_so_and_leads_back_to_the_filled_form(
    family: tuple[UUID, UUID], sign_in: SignIn
) -> None:
    a_car(wheelchairs=1)
    client = sign_in(subject=family[0])
    demand = asked(client, family[0], party="2", categories=["wheelchair"], other_wheelchairs="1")
    page = text(client.get(reverse("transit:offers", args=[demand])))
    assert "空きがある車がありません" in page
    (again,) = set(re.findall(r'href="([^"]*again=[^"]*)"', page))
    page = text(client.get(again))
    assert str(demand) in page
    assert re.search(r'value="wheelchair"[^>]* checked', page)


def test_expired_offers_are_told_and_asked_again(
    family: tuple[UUID, UUID], sign_in: SignIn, noon: time_machine.Traveller
) -> None:
    a_car()
    client = sign_in(subject=family[0])
    demand = asked(client, family[0])
    offer = list_open_offers(demand)[0].public_id
    noon.shift(600)
    here = reverse("transit:offers", args=[demand])
    answer = client.post(here, {"offer": str(offer)}, follow=True)
    assert "期限が切れました" in text(answer)
    anew = asked(client, family[0], again=str(demand))
    assert anew != demand
    assert get_ride(demand).demand.state is DemandState.CANCELLED
    for wrong in ("", "x", str(uuid4())):
        assert client.post(reverse("transit:offers", args=[anew]), {"offer": wrong}).status_code == 404
    # An offer to another ride is not accepted here.
    other = asked(client, family[0])
    strange = list_open_offers(anew)[0].public_id
    assert client.post(reverse("transit:offers", args=[other]), {"offer": str(strange)}).status_code == 404
    assert get_ride(anew).demand.state is DemandState.OPEN


def test_a_daughter_books_for_who_named_her(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    a_car()
    grandmother, daughter = family
    client = sign_in(subject=daughter)
    assert "梅" not in text(client.get(reverse("transit:new_ride")))
    register_proxy(rider=grandmother, proxy=daughter)
    assert "梅" in text(client.get(reverse("transit:new_ride")))
    demand = booked(client, grandmother)
    page = text(client.get(reverse("transit:rides")))
    assert reverse("transit:ride", args=[demand]) in page
    assert "梅" in page
    # What the grandmother books herself is the daughter's to see, accept and cancel too.
    own = asked(sign_in(subject=grandmother), grandmother)
    assert reverse("transit:offers", args=[own]) in text(client.get(reverse("transit:rides")))
    offer = list_open_offers(own)[0].public_id
    client.post(reverse("transit:offers", args=[own]), {"offer": str(offer)})
    assert get_ride(own).demand.state is DemandState.PROMISED
    assert client.post(reverse("transit:cancel", args=[own])).status_code == 302
    assert get_ride(own).demand.state is DemandState.CANCELLED


def test_who_was_not_named_neither_sees_nor_answers(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    a_car()
    grandmother, daughter = family
    demand = asked(sign_in(subject=grandmother), grandmother)
    offer = {"offer": str(list_open_offers(demand)[0].public_id)}
    register_proxy(rider=grandmother, proxy=daughter)
    end_proxy(rider=grandmother, proxy=daughter)
    # A driver sees rides and answers none; the rider is no proxy of the daughter's either.
    own = asked(sign_in(subject=daughter), daughter)
    for client, ride in (
        (sign_in(subject=daughter), demand),
        (sign_in(subject=uuid4()), demand),
        (sign_in("transit_driver"), demand),
        (sign_in(subject=grandmother), own),
    ):
        for page in ("transit:offers", "transit:cancel"):
            assert client.post(reverse(page, args=[ride]), offer).status_code == 403
    page = text(sign_in(subject=daughter).get(reverse("transit:rides")))
    assert str(demand) not in page
    assert get_ride(demand).demand.state is DemandState.OPEN


def test_without_a_service_the_page_says_so(body: BodyRef, noon: object, sign_in: SignIn) -> None:
    client = sign_in(subject=uuid4())
    assert reverse("transit:new_ride") not in text(client.get(reverse("transit:rides")))
    assert client.get(reverse("transit:new_ride")).status_code == 200
    assert client.get(reverse("transit:ride", args=[uuid4()])).status_code == 404
    assert sign_in().get(reverse("transit:rides")).status_code == 404
    assert Client().get(reverse("transit:rides")).status_code == 303


# The phone desk


def test_the_desk_finds_who_rings_and_books(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    a_car()
    grandmother, daughter = family
    desk = sign_in("transit_desk")
    here = reverse("transit:person", args=[grandmother])
    born = {"born_on_era": "showa", "born_on_year": "20", "born_on_month": "2", "born_on_day": "3"}
    for words in ({"name": "ゆうき うめ"}, {"name": "結城梅"}, born):
        answer = desk.post(reverse("transit:desk"), words)
        assert here in text(answer), words
    assert desk.post(reverse("transit:desk"), {"name": ""}).status_code == 422
    assert "見つかりませんでした" in text(desk.post(reverse("transit:desk"), {"name": "誰もいない"}))
    demand = booked(desk, grandmother, reverse("transit:desk_ride", args=[grandmother]))
    assert reverse("transit:ride", args=[demand]) in text(desk.get(here))
    assert "梅" in text(desk.get(reverse("transit:ride", args=[demand])))
    assert desk.get(reverse("transit:person", args=[uuid4()])).status_code == 404
    assert sign_in(subject=daughter).get(here).status_code == 403


def test_the_desk_notes_who_may_book(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    grandmother, daughter = family
    desk = sign_in("transit_desk")
    here = reverse("transit:person", args=[grandmother])

    def named(name: str, year: str, month: str, day: str) -> HttpResponse:
        parts = {"born_on_era": "ce", "born_on_year": year, "born_on_month": month, "born_on_day": day}
        return desk.post(here, {"form_token": str(uuid4()), "name": name, **parts})

    assert named("結城花子", "1970", "4", "6").status_code == 422
    assert named("結城梅", "1945", "2", "3").status_code == 422
    assert named("結城花子", "1970", "4", "5").status_code == 303
    assert riders_of(daughter) == [grandmother]
    end = reverse("transit:end_proxy", args=[grandmother, daughter])
    assert end in text(desk.get(here))
    assert desk.post(end).status_code == 302
    assert riders_of(daughter) == []
    assert desk.post(reverse("transit:end_proxy", args=[grandmother, uuid4()])).status_code == 404
    assert len(list_rides_of(grandmother)) == 0


# In the car


def account_of(client: Client) -> str:
    """What a member of staff has signed in with."""
    return str(Account.objects.get(pk=client.session["_auth_user_id"]).public_id)


def driven(sign_in: SignIn) -> tuple[Client, UUID]:
    """A driver with an open session, and their duty."""
    client = sign_in("transit_driver")
    return client, a_car(account=account_of(client))


def press(client: Client, duty: UUID, demand: UUID, step: int, act: str = "", **more: str) -> str:
    """A button of the driver; the page that follows."""
    act = act or ("boarded" if step < 1 else "alighted")
    sent = {"demand": str(demand), "step": str(step), "act": act, **more}
    return text(client.post(reverse("transit:report", args=[duty]), sent, follow=True))


def test_a_driver_goes_from_stop_to_stop(
    family: tuple[UUID, UUID], sign_in: SignIn, noon: time_machine.Traveller
) -> None:
    driver, duty = driven(sign_in)
    here = reverse("transit:duty", args=[duty])
    assert driver.get(reverse("transit:drive"))["Location"] == here
    demand = booked(sign_in(subject=family[0]), family[0])
    asked(sign_in(subject=family[1]), family[1])
    page = text(driver.get(here))
    assert "運行前の点呼がまだです" in page
    assert "梅" not in page
    # Nothing counts before the roll call.
    assert "先に点呼" in press(driver, duty, demand, 0)
    assert get_ride(demand).demand.state is DemandState.PROMISED
    assert driver.post(reverse("transit:call", args=[duty]), {"alcohol": "0", "well": "1"}).status_code == 403
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True)
    page = text(driver.get(here))
    assert "梅" in page
    # An offer that nobody accepted is no stop yet.
    assert "花子" not in page
    assert page.index(f"stop-{demand}-0") < page.index(f"stop-{demand}-1")
    noon.shift(600)
    for _tap in range(2):
        assert "乗車を記録しました" in press(driver, duty, demand, 0)
    noon.shift(600)
    for _tap in range(2):
        assert "400円" in press(driver, duty, demand, 1, means="cash")
    assert get_ride(demand).demand.state is DemandState.DONE
    assert "お客様が払う金額" not in press(driver, duty, demand, 1, means="ticket")
    assert "梅" not in text(driver.get(here))


def test_who_did_not_come_is_noted_once(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    driver, duty = driven(sign_in)
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True)
    demand = booked(sign_in(subject=family[0]), family[0])
    press(driver, duty, demand, 1)
    assert get_ride(demand).demand.state is DemandState.PROMISED
    press(driver, duty, demand, 0, "no_show")
    press(driver, duty, demand, 0)
    assert get_ride(demand).demand.state is DemandState.NO_SHOW
    for wrong in ({}, {"demand": str(demand), "step": "0", "act": "x"}, {"demand": "x", "step": "0"}):
        assert driver.post(reverse("transit:report", args=[duty]), wrong).status_code == 404
    strange = {"demand": str(demand), "step": "0", "act": "boarded", "means": "gold"}
    assert driver.post(reverse("transit:report", args=[duty]), strange).status_code == 404


def test_a_duty_is_its_drivers_alone(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    _driver, duty = driven(sign_in)
    demand = booked(sign_in(subject=family[0]), family[0])
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True)
    other, others = sign_in("transit_driver"), a_car("2号車")
    Driver.objects.filter(duties__public_id=others).update(account=account_of(other))
    record_roll_call(duty=others, alcohol_mg_per_l=0, well=True)
    here = reverse("transit:duty", args=[duty])
    assert other.get(here).status_code == 403
    assert other.get(reverse("transit:duty", args=[uuid4()])).status_code == 404
    # Nor may a driver report what the other car serves.
    assert get_ride(demand).demand.shift == Duty.objects.get(public_id=duty).shift
    assert "別の車" in press(other, others, demand, 0)
    assert get_ride(demand).demand.state is DemandState.PROMISED
    assert sign_in("transit_desk").get(reverse("transit:drive")).status_code == 403
    assert "今日の乗務はありません" in text(sign_in("transit_driver").get(reverse("transit:drive")))


def test_the_operator_calls_the_roll(village: Definition, sign_in: SignIn) -> None:
    duty = a_car()
    operator = sign_in("transit_operator")
    here, call = reverse("transit:duty", args=[duty]), reverse("transit:call", args=[duty])
    assert here in text(operator.get(reverse("transit:drive")))
    assert call in text(operator.get(here))
    assert "数値" in text(operator.post(call, {"alcohol": "much", "well": "1"}, follow=True))
    assert RollCallRecord.objects.count() == 0
    page = text(operator.post(call, {"alcohol": "0.15", "well": "1"}, follow=True))
    assert "アルコールが検知されました" in page
    page = text(operator.post(call, {"alcohol": "0.00", "well": "1"}, follow=True))
    assert "次の予約" in page
    assert RollCallRecord.objects.count() == 2


# The board


def test_the_board_shows_cars_requests_and_refusals(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    a_car()
    client = sign_in(subject=family[0])
    booked(client, family[0])
    asked(client, family[0], party="2", categories=["wheelchair"], other_wheelchairs="1")
    operator = sign_in("transit_operator")
    here = reverse("transit:service_board", args=[VILLAGE.code])
    assert operator.get(reverse("transit:board"))["Location"] == here
    page = text(operator.get(here))
    assert "梅" not in page
    assert "<polyline" in page
    assert "空きがある車がありません" in page
    for share in ("希望1件中1件", "希望1件中0件"):
        assert share in page
    assert operator.get(reverse("transit:service_board", args=["nothing"])).status_code == 404
    assert sign_in("transit_driver").get(here).status_code == 403


def test_a_lost_car_is_taken_off_the_road(family: tuple[UUID, UUID], sign_in: SignIn) -> None:
    duty = a_car()
    client = sign_in(subject=family[0])
    demand = booked(client, family[0])
    operator = sign_in("transit_operator")
    shift = Duty.objects.get(public_id=duty).shift
    here = reverse("transit:withdraw", args=[VILLAGE.code, shift])
    assert operator.get(here).status_code == 405
    assert operator.post(here, {"because": "bored"}).status_code == 404
    assert sign_in("transit_driver").post(here, {"because": "breakdown"}).status_code == 403
    page = text(operator.post(here, {"because": "breakdown"}, follow=True))
    assert "運べなくなった予約: 1" in page
    assert get_ride(demand).demand.state is DemandState.FAILED
    assert "車が行けなくなりました" in text(client.get(reverse("transit:ride", args=[demand])))


def test_an_arrival_without_a_known_fare_is_noted_all_the_same(
    family: tuple[UUID, UUID], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, duty = driven(sign_in)
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True)
    demand = booked(sign_in(subject=family[0]), family[0])
    press(driver, duty, demand, 0)

    def no_fare(**_ride: object) -> int:
        raise LookupError

    monkeypatch.setattr("yui.services.transit.driving.settle_ride", no_fare)
    assert "運賃を計算できませんでした" in press(driver, duty, demand, 1)
    assert get_ride(demand).demand.state is DemandState.DONE


def test_who_is_on_board_of_a_lost_car_is_taken_over(
    family: tuple[UUID, UUID], sign_in: SignIn, noon: time_machine.Traveller
) -> None:
    driver, duty = driven(sign_in)
    record_roll_call(duty=duty, alcohol_mg_per_l=0, well=True)
    demand = booked(sign_in(subject=family[0]), family[0])
    noon.shift(60)
    press(driver, duty, demand, 0)
    others = a_car("2号車")
    record_roll_call(duty=others, alcohol_mg_per_l=0, well=True)
    operator = sign_in("transit_operator")
    shift = Duty.objects.get(public_id=duty).shift
    operator.post(reverse("transit:withdraw", args=[VILLAGE.code, shift]), {"because": "breakdown"})
    page = text(operator.get(reverse("transit:duty", args=[others])))
    assert "別の車から乗り換え" in page
    assert "乗車を記録しました" in press(operator, others, demand, -1)
    noon.shift(600)
    assert "400円" in press(operator, others, demand, 1, means="cash")
    assert get_ride(demand).demand.state is DemandState.DONE
    assert operator.get(reverse("transit:service_board", args=[VILLAGE.code])).status_code == 200
