"""Definitions and rows that tests share; places of the real list of areas, figures of nobody."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from yui.evidence.charts.forms import FigureStatus
from yui.evidence.public import DataRow, Definition, Direction, Period, Query, Vintage, Words

TOKYO, CHIYODA, CHUO, MINATO = "130001", "131016", "131024", "131032"
TODAY = dt.date(2026, 11, 25)
QUERY = Query("tests.rows", "1")

SHARE = Definition(
    code="digital_contact",
    version=1,
    owner="教育委員会",
    title=Words("保護者との連絡のデジタル化", "Digital contact with parents"),
    question=Words(
        "保護者への連絡をすべて電子で行っていますか", "Do you contact parents electronically only?"
    ),
    population=Words("公立の小学校", "Public elementary schools"),
    unit=Words("％", "%"),
    formula="100 * done / schools",
    direction=Direction.HIGHER,
    digits=1,
    valid_from=dt.date(2020, 4, 1),
    targets={"FY2026": Decimal(100)},
)
PEOPLE = replace(
    SHARE,
    code="people_asked",
    title=Words("相談した人", "People who asked"),
    formula="people",
    digits=0,
    people=("people",),
    fewest=10,
    targets={},
)
POPULATION = replace(
    PEOPLE,
    code="population",
    title=Words("人口", "Population"),
    fewest=0,
    people=(),
    valid_from=dt.date(1990, 1, 1),
)
# National projections of IPSS, table 1-9 (medium fertility, medium mortality), in units of 10,000.
R5 = Vintage(
    "ipss-2023",
    "日本の将来推計人口（令和5年推計）",
    "中位・中位",
    dt.date(2020, 10, 1),
    "総人口（外国人を含む）",
    "国立社会保障・人口問題研究所",
    {"population": {"000000": {"2040": Decimal(11284), "2045": Decimal(10880), "2050": Decimal(10469)}}},
)
H29 = replace(
    R5,
    code="ipss-2017",
    name="日本の将来推計人口（平成29年推計）",
    base_on=dt.date(2015, 10, 1),
    figures={"population": {"000000": {"2040": Decimal(11092), "2045": Decimal(10642)}}},
)


def row(area: str = CHIYODA, period: str = "FY2024", **inputs: int) -> DataRow:
    """A row of data."""
    return DataRow(area, Period.read(period), inputs or {"done": 3, "schools": 8}, "学校調査", TODAY)


def projected(value: int, vintage: str, period: str = "2040", area: str = "000000") -> DataRow:
    """A projected population."""
    return replace(
        row(area, period, people=value),
        status=FigureStatus.PROJECTION,
        vintage=vintage,
        source="国立社会保障・人口問題研究所",
    )
