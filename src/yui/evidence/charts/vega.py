"""A chart as a Vega-Lite specification, for analysts who go on with it in their own tools.

Source:
    https://vega.github.io/schema/vega-lite/v5.json; its reference implementation compiles each form in the tests.
"""

from functools import singledispatch
from typing import Any

from yui.evidence.charts.forms import (
    Arrangement,
    Axis,
    Bump,
    Chart,
    Columns,
    Dumbbell,
    FigureStatus,
    Flow,
    Form,
    Histogram,
    Line,
    Map,
    Marimekko,
    Matrix,
    Scatter,
    Timeline,
)

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
Spec = dict[str, Any]


def vega_lite(chart: Chart) -> Spec:
    """A specification with the figures inside."""
    return {
        "$schema": SCHEMA,
        "title": chart.title,
        "description": chart.description,
        "width": 640,
        **_spec(chart.form, chart),
    }


@singledispatch
def _spec(form: Form, chart: Chart) -> Spec:
    raise TypeError(f"{type(form).__name__} is no form of a chart.")


def _values(rows: list[Spec]) -> Spec:
    return {"values": rows}


def _axis(field: str, of: Axis, *, zero: bool = False, **more: object) -> Spec:
    scale: Spec = {"type": "log"} if of.log else {"zero": zero}
    return {"field": field, "type": "quantitative", "title": of.title, "scale": scale, **more}


def _name(field: str, title: str | None = None, **more: object) -> Spec:
    return {"field": field, "type": "nominal", "title": title, **more}


@_spec.register
def _line(form: Line, chart: Chart) -> Spec:
    rows: list[Spec] = [
        {
            "x": point.x,
            "y": point.y,
            "low": point.low,
            "high": point.high,
            "name": series.name,
            "status": chart.word(point.status),
            "definition": point.definition,
        }
        for series in form.series
        for point in series.points
    ]
    # A projected line begins where the last that is not one ends.
    for series in form.series:
        known = [point for point in series.points if point.status is not FigureStatus.PROJECTION]
        if known and len(known) < len(series.points):
            last = known[-1]
            rows.append(
                {
                    "x": last.x,
                    "y": last.y,
                    "name": series.name,
                    "status": chart.word(FigureStatus.PROJECTION),
                    "definition": last.definition,
                }
            )
    x = _axis("x", form.x, axis={"format": "d"})
    y = _axis("y", form.y, zero=form.zero)
    line = {
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": x,
            "y": y,
            "color": _name("name"),
            "strokeDash": _name("status"),
            "detail": [_name("definition")],
        },
    }
    layers = [line]
    if any(point.low is not None for series in form.series for point in series.points):
        band = {
            "x": x,
            "y": _axis("low", form.y, zero=form.zero),
            "y2": {"field": "high"},
            "color": _name("name"),
        }
        layers.insert(0, {"mark": {"type": "area", "opacity": 0.25}, "encoding": band})
    return {"data": _values(rows), "layer": layers}


@_spec.register
def _columns(form: Columns, chart: Chart) -> Spec:
    rows: list[Spec] = [
        {
            "category": category,
            "value": values[at],
            "name": name,
            "status": chart.word(form.status[at] if form.status else FigureStatus.ACTUAL),
        }
        for name, values in form.series.items()
        for at, category in enumerate(form.categories)
    ]
    stack = {Arrangement.BESIDE: None, Arrangement.STACKED: "zero", Arrangement.SHARES: "normalize"}
    value = _axis("value", form.value, zero=True, stack=stack[form.arrangement])
    category = _name("category", sort=None)
    encoding: Spec = {"y": category, "x": value} if form.across else {"x": category, "y": value}
    encoding |= {"color": _name("name"), "opacity": _name("status")}
    if form.arrangement is Arrangement.BESIDE:
        encoding["yOffset" if form.across else "xOffset"] = _name("name", sort=None)
    return {"data": _values(rows), "mark": "bar", "encoding": encoding}


@_spec.register
def _scatter(form: Scatter, chart: Chart) -> Spec:
    rows: list[Spec] = [{"name": dot.name, "x": dot.x, "y": dot.y} for dot in form.dots]
    encoding = {"x": _axis("x", form.x), "y": _axis("y", form.y)}
    layers: list[Spec] = [
        {"mark": {"type": "point", "filled": True}, "encoding": encoding},
        {"mark": {"type": "text", "align": "left", "dx": 6}, "encoding": {**encoding, "text": _name("name")}},
    ]
    if form.quadrants:
        layers += [
            {"mark": "rule", "encoding": {"x": {"datum": form.quadrants[0]}}},
            {"mark": "rule", "encoding": {"y": {"datum": form.quadrants[1]}}},
        ]
    return {"data": _values(rows), "layer": layers}


@_spec.register
def _dumbbell(form: Dumbbell, chart: Chart) -> Spec:
    spans: list[Spec] = [{"name": span.name, "low": span.low, "high": span.high} for span in form.spans]
    ends: list[Spec] = [
        {"name": span.name, "value": value, "end": end}
        for span in form.spans
        for value, end in zip((span.low, span.high), form.ends, strict=True)
    ]
    ends += [
        {"name": span.name, "value": mark, "end": form.mark} for span in form.spans for mark in span.marks
    ]
    name = _name("name", sort=None)
    low = _axis("low", form.value)
    return {
        "layer": [
            {
                "data": _values(spans),
                "mark": "rule",
                "encoding": {"y": name, "x": low, "x2": {"field": "high"}},
            },
            {
                "data": _values(ends),
                "mark": {"type": "point", "filled": True, "size": 80},
                "encoding": {
                    "y": name,
                    "x": _axis("value", form.value),
                    "color": _name("end"),
                    "shape": _name("end"),
                },
            },
        ]
    }


@_spec.register
def _histogram(form: Histogram, chart: Chart) -> Spec:
    rows: list[Spec] = [
        {"from": form.edges[at], "to": form.edges[at + 1], "count": count, "name": name}
        for name, counts in form.counts.items()
        for at, count in enumerate(counts)
    ]
    return {
        "data": _values(rows),
        "mark": {"type": "bar", "opacity": 0.6},
        "encoding": {
            "x": _axis("from", form.x, bin="binned"),
            "x2": {"field": "to"},
            "y": _axis("count", form.y, zero=True, stack=None),
            "color": _name("name"),
        },
    }


@_spec.register
def _bump(form: Bump, chart: Chart) -> Spec:
    rows: list[Spec] = [
        {"name": name, "year": year, "rank": rank}
        for name, ranks in form.ranks.items()
        for year, rank in zip(form.years, ranks, strict=True)
        if rank is not None
    ]
    y = {
        "field": "rank",
        "type": "quantitative",
        "title": form.y.title,
        "scale": {"reverse": True, "zero": False},
    }
    return {
        "data": _values(rows),
        "mark": {"type": "line", "point": True},
        "encoding": {"x": _axis("year", form.x, axis={"format": "d"}), "y": y, "color": _name("name")},
    }


@_spec.register
def _marimekko(form: Marimekko, chart: Chart) -> Spec:
    begin, rows = 0.0, []
    for block in form.blocks:
        rows.append({"name": block.name, "from": begin, "to": begin + block.width, "height": block.height})
        begin += block.width
    return {
        "data": _values(rows),
        "mark": {"type": "rect", "stroke": "white"},
        "encoding": {
            "x": _axis("from", form.width, zero=True),
            "x2": {"field": "to"},
            "y": _axis("height", form.height, zero=True),
            "y2": {"datum": 0},
            "color": _name("name"),
        },
    }


@_spec.register
def _timeline(form: Timeline, chart: Chart) -> Spec:
    rows: list[Spec] = [
        {
            "lane": one.lane,
            "name": one.name,
            "begin": one.begin,
            "end": one.end,
            "flag": form.flag * one.flagged,
        }
        for one in form.stretches
    ]
    encoding = {"y": _name("lane", sort=None), "x": _axis("begin", form.x)}
    return {
        "data": _values(rows),
        "layer": [
            {"mark": "bar", "encoding": {**encoding, "x2": {"field": "end"}, "color": _name("flag")}},
            {"mark": {"type": "text", "align": "left"}, "encoding": {**encoding, "text": _name("name")}},
        ],
    }


@_spec.register
def _map(form: Map, chart: Chart) -> Spec:
    rows: list[Spec] = [
        {"name": dot.name, "longitude": dot.x, "latitude": dot.y, "value": dot.value} for dot in form.dots
    ]
    rings: list[Spec] = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": [*map(list, ring)]},
        }
        for ring in form.outlines
    ]
    place = {"longitude": {"field": "longitude"}, "latitude": {"field": "latitude"}}
    classes = {"type": "threshold", "domain": list(form.bounds), "scheme": "blues"}
    colour = {"field": "value", "type": "quantitative", "title": form.value.title, "scale": classes}
    layers: list[Spec] = [
        {
            "data": _values(rows),
            "mark": {"type": "circle", "size": 120},
            "encoding": {**place, "color": colour, "tooltip": _name("name")},
        }
    ]
    if rings:
        layers.insert(
            0, {"data": _values(rings), "mark": {"type": "geoshape", "filled": False, "stroke": "grey"}}
        )
    return {"projection": {"type": "mercator"}, "layer": layers}


@_spec.register
def _matrix(form: Matrix, chart: Chart) -> Spec:
    rows: list[Spec] = [
        {"row": row, "column": column, "value": form.values[down][at]}
        for down, row in enumerate(form.rows)
        for at, column in enumerate(form.columns)
    ]
    encoding = {"x": _name("column", sort=None), "y": _name("row", sort=None)}
    value = {"field": "value", "type": "quantitative", "title": form.value.title}
    return {
        "data": _values(rows),
        "layer": [
            {"mark": "rect", "encoding": {**encoding, "color": value}},
            {"mark": "text", "encoding": {**encoding, "text": value}},
        ],
    }


@_spec.register
def _flow(form: Flow, chart: Chart) -> Spec:
    """Boxes at their layer and place; links as straight lines, as Vega-Lite has no layout of graphs."""
    seen = [0] * len(form.layers)
    at: dict[str, tuple[int, int]] = {}
    for node in form.nodes:
        at[node.id] = (node.layer, seen[node.layer])
        seen[node.layer] += 1
    boxes: list[Spec] = [
        {"name": node.name, "layer": at[node.id][0], "place": at[node.id][1]} for node in form.nodes
    ]
    links: list[Spec] = [
        {
            "layer": at[link.source][0],
            "place": at[link.source][1],
            "to_layer": at[link.target][0],
            "to_place": at[link.target][1],
            "value": link.value,
        }
        for link in form.links
    ]
    x = {"field": "layer", "type": "quantitative", "axis": None}
    y = {"field": "place", "type": "quantitative", "axis": None, "scale": {"reverse": True}}
    ends = {"x2": {"field": "to_layer"}, "y2": {"field": "to_place"}}
    return {
        "layer": [
            {"data": _values(links), "mark": "rule", "encoding": {"x": x, "y": y, **ends}},
            {"data": _values(boxes), "mark": "text", "encoding": {"x": x, "y": y, "text": _name("name")}},
        ]
    }
