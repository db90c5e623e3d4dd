"""Pages of the comparison: who lives where, a trial asked for, watched, read and taken away; mistakes; who may not."""

import datetime as dt
import json
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from yui.kernel.jobs.public import drain
from yui.services.transit.contracts import Definition
from yui.services.transit.models import Surroundings, Trial
from yui.services.transit.simulation.demand import TRACE_HEADINGS
from yui.services.transit.tests.conftest import VILLAGE, a_car
from yui.services.transit.tests.test_pages import sign_in
from yui.services.transit.tests.test_trials import TABLE
from yui.services.transit.trials import keep_surroundings

__all__ = ["sign_in"]
SignIn = Callable[..., Client]


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def posted(**change: object) -> dict[str, object]:
    """The form as a page sends it: two policies, the third left out."""
    data: dict[str, object] = {
        "form_token": str(uuid4()),
        "service": VILLAGE.code,
        "source": "made_up",
        "rides": "8",
        "seed": "3",
        "yen_per_car_day": "3000",
        "yen_per_hour": "2500",
        "yen_per_km": "25",
    }
    for slot, name, pattern in (
        (1, "いまのまま", "meeting_points"),
        (2, "戸口", "door_to_door"),
        (3, "", "door_to_door"),
    ):
        data |= {
            f"name_{slot}": name,
            f"pattern_{slot}": pattern,
            f"walk_{slot}": "1500",
            f"large_{slot}": "1",
            f"small_{slot}": "0",
            f"opens_{slot}": "08:00",
            f"closes_{slot}": "18:00",
            f"window_{slot}": "10",
            f"wait_{slot}": "20",
            f"longer_{slot}": "150",
            f"extra_{slot}": "10",
        }
    return data | change


@pytest.fixture
def operator(village: Definition, sign_in: SignIn) -> Client:
    return sign_in("transit_operator")


def begun(client: Client, **change: object) -> str:
    answer = client.post(reverse("transit:new_trial"), posted(**change))
    assert answer.status_code == 303, re.sub("<[^>]+>", "", text(answer))
    return answer["Location"]


def test_a_table_is_uploaded_and_a_mistake_in_it_named(operator: Client) -> None:
    page = reverse("transit:surroundings")
    assert operator.get(page).status_code == 200
    bad = SimpleUploadedFile("t.csv", TABLE.replace("home,上", "hut,上").encode())
    refused = operator.post(page, {"form_token": str(uuid4()), "table": bad})
    assert refused.status_code == 422
    assert "line 2" in text(refused)
    none = SimpleUploadedFile("t.csv", "村".encode("cp932"))
    assert operator.post(page, {"form_token": str(uuid4()), "table": none}).status_code == 422
    good = SimpleUploadedFile("t.csv", b"\xef\xbb\xbf" + TABLE.encode())
    answer = operator.post(page, {"form_token": str(uuid4()), "table": good})
    assert answer["Location"] == reverse("transit:trials")
    assert Surroundings.objects.count() == 1
    assert "150" in text(operator.get(reverse("transit:trials")))


def test_a_comparison_from_the_form_to_the_files(operator: Client) -> None:
    a_car()
    keep_surroundings(TABLE)
    assert operator.get(reverse("transit:new_trial")).status_code == 200
    page = begun(operator)
    waiting = operator.get(page)
    assert "0 / 2" in text(waiting)
    polled = operator.get(page, headers={"HX-Request": "true"})
    assert "<html" not in text(polled)
    assert "0 / 2" in text(polled)
    drain()
    assert operator.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    done = text(operator.get(page))
    for word in ("いまのまま", "戸口", "<svg", "上"):
        assert word in done
    trial = Trial.objects.get()
    files = {}
    for kind in ("csv", "json", "svg"):
        answer = operator.get(reverse("transit:trial_file", args=[trial.public_id, kind]))
        assert answer.status_code == 200
        files[kind] = answer.content
        assert (
            operator.get(reverse("transit:trial_file", args=[trial.public_id, kind])).content
            == answer.content
        )
    assert json.loads(files["json"])["about"]["rides"] == 8
    assert files["csv"].decode("utf-8-sig").startswith("policy,group")
    assert files["svg"].startswith(b"<svg xmlns")
    assert operator.get(reverse("transit:trial_file", args=[trial.public_id, "pdf"])).status_code == 404
    assert "いまのまま、戸口" in text(operator.get(reverse("transit:trials")))


def test_a_day_from_a_file(operator: Client) -> None:
    row = "08:30,now,,36.01,138.15,36.03,138.17,役場,from_75,1,0,,yes"
    trace = SimpleUploadedFile("day.csv", f"{','.join(TRACE_HEADINGS)}\n{row}\n".encode())
    begun(operator, source="trace", trace=trace)
    assert Trial.objects.get().about["rides"] == 1
    wrong = SimpleUploadedFile(
        "day.csv", f"{','.join(TRACE_HEADINGS)}\n{row.replace('from_75', '82')}\n".encode()
    )
    refused = operator.post(reverse("transit:new_trial"), posted(source="trace", trace=wrong))
    assert refused.status_code == 422
    assert "line 2: age is none of" in text(refused)


@pytest.mark.parametrize(
    "change",
    [
        {"name_1": ""},
        {"name_2": "いまのまま"},
        {"large_1": "0"},
        {"closes_2": "07:00"},
        {"source": "trace"},
        {"source": "past"},
        {"rides": "0"},
        {"seed": ""},
        {"longer_1": "50"},
        {},
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_was_entered(
    operator: Client, change: dict[str, str]
) -> None:
    """The last: a made-up day where nobody knows who lives where."""
    answer = operator.post(reverse("transit:new_trial"), posted(**change))
    assert answer.status_code == 422
    assert 'value="1500"' in text(answer)
    assert not Trial.objects.exists()


def test_a_past_day(operator: Client) -> None:
    day = dt.date(2026, 11, 24)
    fields = {"past_era": "reiwa", "past_year": "8", "past_month": str(day.month), "past_day": str(day.day)}
    answer = operator.post(reverse("transit:new_trial"), posted(source="past", **fields))
    assert answer.status_code == 422
    assert "その日" in text(answer) or "Nobody asked" in text(answer)


def test_who_may_not_manage_sees_nothing(village: Definition, sign_in: SignIn) -> None:
    desk = sign_in("transit_desk")
    for name in ("trials", "new_trial", "surroundings"):
        assert desk.get(reverse(f"transit:{name}")).status_code == 403
    assert desk.get(reverse("transit:trial", args=[uuid4()])).status_code == 403
    assert sign_in("transit_operator").get(reverse("transit:trial", args=[uuid4()])).status_code == 404
