"""The figures of a chart as rows, for readers, for files and for whoever cannot see a picture."""

import csv
import io
import json
from dataclasses import dataclass
from functools import singledispatch
from itertools import pairwise

from yui.evidence.charts.forms import (
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
from yui.evidence.charts.scales import text_of

Cell = str | float | int | None


@dataclass(frozen=True)
class Table:
    """Rows below a head; the first column names each row."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def csv(self, *, mark: bool = True) -> bytes:
        """As a file; with a byte order mark, which office programs want."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(self.head)
        writer.writerows(self.rows)
        return file.getvalue().encode("utf-8-sig" if mark else "utf-8")

    def json(self) -> str:
        """As a list of objects."""
        return json.dumps(
            [dict(zip(self.head, row, strict=True)) for row in self.rows], ensure_ascii=False, indent=1
        )

    def written(self) -> list[list[str]]:
        """As it is shown: numbers with separators, nothing as a dash."""
        return [
            [row[0] if isinstance(row[0], str) else _plain(row[0]), *(_plain(cell) for cell in row[1:])]
            for row in self.rows
        ]


def _plain(cell: Cell) -> str:
    return "–" if cell is None else cell if isinstance(cell, str) else text_of(cell)


def table_of(chart: Chart) -> Table:
    """The figures of a chart."""
    return _table(chart.form, chart)


@singledispatch
def _table(form: Form, chart: Chart) -> Table:
    raise TypeError(f"{type(form).__name__} is no form of a chart.")


@_table.register
def _line(form: Line, chart: Chart) -> Table:
    xs = sorted({point.x for series in form.series for point in series.points})
    ranged = {series.name: any(point.low is not None for point in series.points) for series in form.series}
    several = any(
        point.status is not FigureStatus.ACTUAL for series in form.series for point in series.points
    )
    versions = {point.definition for series in form.series for point in series.points}
    head: list[str] = [form.x.title]
    columns: list[list[Cell]] = []
    for series in form.series:
        at = {point.x: point for point in series.points}
        head.append(series.name)
        columns.append([at[x].y if x in at else None for x in xs])
        if ranged[series.name]:
            head.append(f"{series.name} ({chart.word('range')})")
            columns.append([_range(at.get(x)) for x in xs])
        if several:
            head.append(f"{series.name} · {'/'.join(chart.word(one) for one in FigureStatus)}")
            columns.append([chart.word(at[x].status) if x in at else None for x in xs])
        if len(versions) > 1:
            head.append(f"{series.name} · {chart.word('definition')}")
            columns.append([at[x].definition if x in at else None for x in xs])
    rows = zip((f"{x:g}" for x in xs), *columns, strict=True)
    return Table(tuple(head), tuple(rows))


def _range(point: object) -> str | None:
    low, high = getattr(point, "low", None), getattr(point, "high", None)
    return None if low is None or high is None else f"{text_of(low)}–{text_of(high)}"


@_table.register
def _columns(form: Columns, chart: Chart) -> Table:
    rows = [
        (name, *(values[at] for values in form.series.values()), *_told(form, chart, at))
        for at, name in enumerate(form.categories)
    ]
    return Table((form.value.title, *form.series, *(("·",) if form.status else ())), tuple(rows))


def _told(form: Columns, chart: Chart, at: int) -> tuple[str, ...]:
    return (chart.word(form.status[at]),) if form.status else ()


@_table.register
def _scatter(form: Scatter, chart: Chart) -> Table:
    return Table(("·", form.x.title, form.y.title), tuple((dot.name, dot.x, dot.y) for dot in form.dots))


@_table.register
def _dumbbell(form: Dumbbell, chart: Chart) -> Table:
    most = max((len(span.marks) for span in form.spans), default=0)
    rows: list[tuple[Cell, ...]] = [
        (span.name, span.low, span.high, *span.marks, *(None,) * (most - len(span.marks)))
        for span in form.spans
    ]
    return Table((form.value.title, *form.ends, *(form.mark,) * most), tuple(rows))


@_table.register
def _histogram(form: Histogram, chart: Chart) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (f"{text_of(low)}–{text_of(high)}", *(counts[at] for counts in form.counts.values()))
        for at, (low, high) in enumerate(pairwise(form.edges))
    ]
    return Table((form.x.title, *form.counts), tuple(rows))


@_table.register
def _bump(form: Bump, chart: Chart) -> Table:
    rows: list[tuple[Cell, ...]] = [(name, *ranks) for name, ranks in form.ranks.items()]
    return Table((form.y.title, *map(str, form.years)), tuple(rows))


@_table.register
def _marimekko(form: Marimekko, chart: Chart) -> Table:
    rows = [(block.name, block.width, block.height, block.width * block.height) for block in form.blocks]
    return Table(("·", form.width.title, form.height.title, "×"), tuple(rows))


@_table.register
def _timeline(form: Timeline, chart: Chart) -> Table:
    def moment(value: float) -> str:
        return form.names.get(value, text_of(value, form.x.digits))

    rows = [
        (one.lane, one.name, moment(one.begin), moment(one.end), form.flag if one.flagged else "")
        for one in form.stretches
    ]
    return Table(("·", "", f"{form.x.title} ←", f"{form.x.title} →", "↻"), tuple(rows))


@_table.register
def _map(form: Map, chart: Chart) -> Table:
    return Table(("·", form.value.title), tuple((dot.name, dot.value) for dot in form.dots))


@_table.register
def _matrix(form: Matrix, chart: Chart) -> Table:
    cells: tuple[tuple[Cell, ...], ...] = form.texts or form.values
    return Table(
        (form.value.title, *form.columns),
        tuple((name, *values) for name, values in zip(form.rows, cells, strict=True)),
    )


@_table.register
def _flow(form: Flow, chart: Chart) -> Table:
    names = {node.id: node.name for node in form.nodes}
    rows = [(names[link.source], names[link.target], link.value, link.name) for link in form.links]
    return Table(("←", "→", form.value.title if form.value else "", "·"), tuple(rows))
