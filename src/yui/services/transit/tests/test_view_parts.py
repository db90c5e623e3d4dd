"""What pages are made of: the drawing, the sentences of reasons and refusals."""

from dataclasses import replace

import pytest

from yui.engines.travel.public import Place
from yui.services.transit.booking import REFUSED
from yui.services.transit.rules import Refused
from yui.services.transit.tests.conftest import VILLAGE
from yui.services.transit.views.drawing import draw
from yui.services.transit.views.words import reason, refusal
from yui.supply.public import Reason


def car(number: int, *ahead: Place) -> dict[str, object]:
    return {"number": number, "name": f"{number}号車", "ahead": [{"place": place} for place in ahead]}


def test_a_drawing_keeps_everything_inside_and_marks_apart() -> None:
    hall, clinic = (Place(stop.latitude, stop.longitude) for stop in VILLAGE.stops[:2])
    drawn = draw(VILLAGE, [car(1, hall, clinic), car(2, hall), car(3)])
    for spot in (*drawn["stops"], *drawn["ways"]):
        assert 0 <= spot["x"] <= drawn["width"]
        assert 0 <= spot["y"] <= drawn["height"]
    assert [way["number"] for way in drawn["ways"]] == [1, 2]
    assert len({(way["x"], way["y"]) for way in drawn["ways"]}) == 2
    assert draw(replace(VILLAGE, stops=()), []) == {}


CODES = (
    "no_skill",
    "no_room",
    "pickup_too_late",
    "dropoff_too_late",
    "ride_too_long",
    "shift_ends",
    "others_promised",
    "something_new",
)


def test_every_reason_is_another_sentence_with_its_car_and_minutes() -> None:
    told = [reason(Reason(code, {"seconds": 61, "shift": "2号車"})) for code in CODES]
    assert len(set(told)) == len(CODES)
    assert "2号車" in told[2]
    assert "2分" in told[2]
    assert reason(Reason("others_promised", {"seconds": 0})) != told[6]
    assert reason(Reason("pickup_too_late"))


@pytest.mark.parametrize("problem", list(Refused))
def test_every_refusal_says_what_to_try(problem: Refused) -> None:
    sentence = REFUSED[problem]
    told = refusal(sentence, sentence.code, replace(VILLAGE, phone="0120-000-000"))
    assert told.startswith(str(sentence))
    assert told.endswith("0120-000-000")
    assert len(refusal(sentence, sentence.code)) > len(str(sentence)) + 3
