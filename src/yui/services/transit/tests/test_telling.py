"""A promise changes: what the rider, who books for them and the operator are shown, and the notice they get."""

import datetime as dt
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from yui.kernel.jobs.public import drain, publish
from yui.procedures.cases.models import Case, Notice
from yui.services.transit.booking import get_ride, register_proxy
from yui.services.transit.models import Duty
from yui.services.transit.tests.conftest import VILLAGE, a_car
from yui.services.transit.tests.test_pages import SignIn, booked, family, sign_in, text  # noqa: F401
from yui.services.transit.views import pages, words
from yui.supply.public import ChangeView, DemandState, withdraw_shift

MOVED = "supply.promise.moved"


def shift_of(duty: UUID) -> UUID:
    return Duty.objects.get(public_id=duty).shift


@pytest.fixture
def lost(family: tuple[UUID, UUID], sign_in: SignIn) -> UUID:  # noqa: F811
    """A ride of the grandmother whose only car broke down; the daughter may book for her."""
    grandmother, daughter = family
    register_proxy(rider=grandmother, proxy=daughter)
    duty = a_car()
    demand = booked(sign_in(subject=grandmother), grandmother)
    withdraw_shift(shift=shift_of(duty), because="breakdown")
    drain()
    return demand


@pytest.mark.parametrize("who", [0, 1])
def test_a_lost_promise_is_told_with_its_reason(
    lost: UUID,
    family: tuple[UUID, UUID],  # noqa: F811
    sign_in: SignIn,  # noqa: F811
    who: int,
) -> None:
    client = sign_in(subject=family[who])
    told = "故障したため、車が行けなくなりました"
    ride = reverse("transit:ride", args=[lost])
    page = text(client.get(ride))
    assert told in page
    assert "もう一度予約してください" in page
    page = text(client.get(reverse("transit:rides")))
    assert told in page.split('id="past"')[0]
    # The notice stands at home until it is opened, and leads to the ride.
    (case,) = Case.objects.filter(procedure="transit.promise_changed", person=family[who])
    here = reverse("portal:case", args=[case.public_id])
    page = text(client.get(reverse("portal:home")))
    assert told in page
    assert here in page
    page = text(client.get(here))
    assert told in page
    assert ride in page
    assert told not in text(client.get(reverse("portal:home")))


def test_a_notice_comes_once_and_to_nobody_else(lost: UUID, family: tuple[UUID, UUID]) -> None:  # noqa: F811
    assert set(Notice.objects.values_list("person", flat=True)) == set(family)
    publish(
        "supply.promise.lost",
        subject=family[0],
        effective_on=timezone.localdate(),
        key="again",
        demand=str(lost),
    )
    # Another service's promise is none of ours.
    publish(MOVED, subject=family[0], effective_on=timezone.localdate(), key="x", demand=str(uuid4()))
    drain()
    assert Notice.objects.count() == 2


def test_the_operator_sees_what_was_told_today(lost: UUID, sign_in: SignIn) -> None:  # noqa: F811
    page = text(sign_in("transit_operator").get(reverse("transit:service_board", args=[VILLAGE.code])))
    table = page.split("今日、変更を伝えた予約")[1].split("</table>")[0]
    assert reverse("transit:ride", args=[lost]) in table
    assert "車が故障したため" in table
    assert "行けなくなりました" in table or "行けません" in table


def test_a_later_car_is_told_with_both_times(
    family: tuple[UUID, UUID],  # noqa: F811
    sign_in: SignIn,  # noqa: F811
    noon: time_machine.Traveller,
) -> None:
    duty = a_car()
    client = sign_in(subject=family[0])
    demand = booked(client, family[0])
    before = get_ride(demand).demand.told[0]
    # The span that was told is over before the other car sets out.
    noon.move_to(before + dt.timedelta(minutes=40))
    a_car("2号車")
    withdraw_shift(shift=shift_of(duty), because="breakdown")
    drain()
    view = get_ride(demand).demand
    assert view.state is DemandState.PROMISED
    notice = Notice.objects.get(person=family[0])
    assert "2号車" in str(notice.reasons)
    page = text(client.get(reverse("transit:ride", args=[demand])))
    assert view.told[0] > before
    assert f"{pages.clock(before)}から{pages.clock(view.told[0])}に変わりました" in page
    assert pages.clock(view.told[0]) in str(notice.reasons)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_of_change_has_its_words(language: str, lost: UUID) -> None:
    demand = get_ride(lost).demand
    first, second = demand.promised
    late = dt.timedelta(minutes=7)
    told = demand.changes[0].told_at
    with translation.override(language):
        texts = set()
        for cause in [*words.BECAUSE, "unheard of"]:
            for times in ((), (first + late, second + late), (first, second + late), (first, second)):
                change = ChangeView(told, cause, times, times)
                for served in ((None, None), (first, None)):
                    seen = pages._change(replace(demand, served=served), change, demand.promised)
                    assert words.because(cause) in seen
                    texts.add(seen)
        assert len(texts) == (len(words.BECAUSE) + 1) * 6
