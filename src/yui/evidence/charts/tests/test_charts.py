"""Every form: a drawing that says what it shows, the same figures as a table, and files to take away."""

import csv
import io
import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from yui.evidence.charts.drawing import PHONE, WIDE, draw
from yui.evidence.charts.examples import ALL, BROKEN, LINE, SHARES
from yui.evidence.charts.files import CONTENT_TYPES, ChartFile, file_of
from yui.evidence.charts.forms import Axis, Chart, Columns, Line, Point, Scatter, Series, Timeline
from yui.evidence.charts.scales import Scale, spread, text_of, ticks
from yui.evidence.charts.tables import table_of
from yui.evidence.charts.vega import vega_lite

SVG = "{http://www.w3.org/2000/svg}"
each_form = pytest.mark.parametrize("chart", ALL, ids=lambda chart: type(chart.form).__name__)


@each_form
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_drawing_says_what_it_shows(chart: Chart, width: int) -> None:
    root = ElementTree.fromstring(draw(chart, width=width, name="it"))
    assert root.get("role") == "img"
    texts = {child.get("id"): child.text for child in root if child.get("id")}
    assert [texts[name] for name in str(root.get("aria-labelledby")).split()] == [
        chart.title,
        chart.description,
    ]
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(names) == len(set(names))
    assert all(str(name).startswith("it") for name in names)
    assert not [element for element in root.iter() if element.get("style")]


@each_form
def test_nothing_lies_beside_the_sheet(chart: Chart) -> None:
    for width in (WIDE, PHONE):
        root = ElementTree.fromstring(draw(chart, width=width))
        _, _, wide, high = map(float, str(root.get("viewBox")).split())
        assert wide == width
        for element in root.iter(f"{SVG}text"):
            assert -1 <= float(str(element.get("x"))) <= wide + 1, element.text
            assert 0 <= float(str(element.get("y"))) <= high + 1, element.text


@each_form
def test_the_table_has_every_name_and_goes_through_a_file(chart: Chart) -> None:
    table = table_of(chart)
    assert {len(row) for row in table.rows} == {len(table.head)}
    rows = list(csv.reader(io.StringIO(table.csv().decode("utf-8-sig"))))
    assert tuple(rows[0]) == table.head
    assert len(rows) == len(table.rows) + 1
    assert len(json.loads(table.json())) == len(table.rows)


@each_form
def test_the_reference_compiler_takes_the_specification(chart: Chart) -> None:
    assert "<svg" in vl_convert.vegalite_to_svg(json.dumps(vega_lite(chart)))


def test_every_kind_of_file() -> None:
    beginnings = {
        ChartFile.CSV: b"\xef\xbb\xbf",
        ChartFile.JSON: b"[",
        ChartFile.SVG: b"<svg",
        ChartFile.PNG: b"\x89PNG",
        ChartFile.VEGA_LITE: b"{",
    }
    for kind in ChartFile:
        assert file_of(LINE, kind).startswith(beginnings[kind])
        assert CONTENT_TYPES[kind]


def test_what_is_projected_is_dashed_and_the_join_is_told() -> None:
    drawing = draw(LINE)
    assert "ここから推計" in drawing
    assert drawing.count('stroke-dasharray="5 4"') == 6 + 3
    assert "Projection" in table_of(LINE).rows[-1]


def test_a_new_definition_breaks_the_line() -> None:
    drawing = draw(BROKEN)
    assert "定義の変更" in drawing
    # Five points, four ways between them, one of which is not drawn.
    assert len(re.findall(r'<path [^>]*stroke-width="2.5"', drawing)) == 3


def test_shares_fill_the_hundred() -> None:
    bars = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="20"', draw(SHARES))
    ends: dict[str, float] = {}
    for x, y, width in bars:
        ends[y] = max(ends.get(y, 0), float(x) + float(width))
    assert len(ends) == 5
    assert max(ends.values()) - min(ends.values()) < 0.5


def test_what_others_write_stays_text() -> None:
    evil = '<script>alert(1)</script>&"'
    chart = replace(LINE, title=evil, form=replace(LINE.form, y=Axis(evil)))
    drawing = draw(chart, name="it", titled=True)
    assert "<script>" not in drawing
    root = ElementTree.fromstring(drawing)
    assert root.find(f"{SVG}title").text == evil  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "form",
    [
        Line((Series("a", ()),), Axis("x"), Axis("y")),
        Scatter((), Axis("x"), Axis("y")),
        Timeline((), Axis("x")),
        Line((Series("a", (Point(1, 0.0), Point(2, 3.0))),), Axis("x"), Axis("y", log=True)),
    ],
)
def test_nothing_to_show_is_said(form: object) -> None:
    with pytest.raises(ValueError, match=r"value|nought"):
        draw(Chart("t", "d", form))  # type: ignore[arg-type]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20), st.booleans())
def test_round_bounds_hold_all_values(values: list[float], zero: bool) -> None:
    least, most = spread(values, zero=zero)
    assert least < most
    slack = (most - least) * 1e-9
    assert least - slack <= min(values)
    assert max(values) <= most + slack
    marks = ticks(Scale(least, most, 0, 100))
    assert 3 <= len(marks) <= 12


@given(
    st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=8).filter(
        lambda many: any(many)
    )
)
def test_columns_of_any_values_stay_on_the_sheet(values: list[float | None]) -> None:
    names = tuple(f"c{n}" for n in range(len(values)))
    for across in (False, True):
        form = Columns(names, {"s": tuple(values)}, Axis("v"), across=across)
        for x, wide in re.findall(
            r'<rect x="(-?[\d.]+)" y="[^"]+" width="(-?[\d.]+)"', draw(Chart("t", "d", form))
        ):
            assert float(x) >= -0.1
            assert float(x) + float(wide) <= WIDE + 0.1


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234567, "1,234,567"), (-0.5, "−0.5"), (2.0, "2"), (0.1 + 0.2, "0.3"), (1e-9, "0")],
)
def test_numbers_as_they_are_written(value: float, text: str) -> None:
    assert text_of(value) == text
