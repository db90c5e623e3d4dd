"""A village's service on demand, as small as a whole one can be."""

import datetime as dt
from dataclasses import replace
from typing import Any

from yui.services.transit.contracts import (
    BookingWindow,
    Definition,
    Fares,
    Hours,
    Licence,
    Limits,
    Pattern,
    Stop,
)
from yui.services.transit.formats.publication import Publication, VehicleKind

TODAY = dt.date(2026, 10, 1)
AREA = ((36.00, 138.10), (36.00, 138.20), (36.06, 138.20), (36.06, 138.10))
OFFICE = Stop("s1", "村役場", "むらやくば", 36.01, 138.15, "A")
CLINIC = Stop("s2", "診療所", "しんりょうじょ", 36.03, 138.17, "B")
STATION_OUTSIDE = Stop("s3", "隣町駅", "となりまちえき", 36.10, 138.15, "B")

_SERVICE = Definition(
    code="norumu",
    name_ja="のるむら号",
    name_kana="のるむらごう",
    name_en="Norumura Bus",
    operator_ja="結見村",
    operator_number="6000020999016",
    licence=Licence.VACANT_AREA,
    pattern=Pattern.MEETING_POINTS,
    valid_from=dt.date(2026, 4, 1),
    area=AREA,
    hours=(
        Hours(frozenset(range(5)), dt.time(8, 30), dt.time(17)),
        Hours(frozenset({5}), dt.time(9), dt.time(12), on_holidays=True),
    ),
    booking=BookingWindow(opens_days=7, closes_minutes=30),
    limits=Limits(),
    fares=(Fares(dt.date(2026, 4, 1), flat_yen=300),),
    stops=(OFFICE, CLINIC),
    phone="0266-79-0000",
    address="長野県結見村1番地",
)

PUBLICATION = Publication(
    url="https://www.vill.example.jp/noru/",
    operator_kana="ゆみむら",
    operator_en="Yumi Village",
    email="data@vill.example.jp",
    booking_url="https://www.vill.example.jp/noru/book",
    days=200,
    vehicles=(VehicleKind("van", 8, 1), VehicleKind("taxi", 4)),
)


def service(**changes: Any) -> Definition:
    return replace(_SERVICE, **changes)
