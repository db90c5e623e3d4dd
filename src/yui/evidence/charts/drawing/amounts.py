"""Amounts by name: columns, ranges, counts and areas."""

from yui.evidence.charts.drawing.base import draw_form
from yui.evidence.charts.forms import (
    Arrangement,
    Chart,
    Columns,
    Dumbbell,
    FigureStatus,
    Histogram,
    Marimekko,
)
from yui.evidence.charts.paper import COLOURS, INK, RULE, SIZE, SOFT, TINTS, Paper
from yui.evidence.charts.scales import Scale, spread, text_of, ticks, width_of, wrapped

HIGH, HIGH_NARROW = 300, 240
Rows = list[list[float | None]]


@draw_form.register
def draw_columns(form: Columns, paper: Paper, chart: Chart, top: float) -> None:
    """Standing columns, or bars that lie where names are long or the sheet is narrow."""
    values: Rows = [list(row) for row in form.series.values()]
    if form.arrangement is Arrangement.SHARES:
        sums = [sum(abs(row[at] or 0) for row in values) or 1.0 for at in range(len(form.categories))]
        values = [
            [None if value is None else 100 * value / sums[at] for at, value in enumerate(row)]
            for row in values
        ]
    heaped = form.arrangement is not Arrangement.BESIDE
    ends = [value for row in values for value in row if value is not None]
    if heaped and ends:
        ends = [sum(row[at] or 0 for row in values) for at in range(len(form.categories))]
    least, most = (0.0, 100.0) if form.arrangement is Arrangement.SHARES else spread(ends, zero=True)
    if len(form.series) > 1:
        top = paper.legend(list(form.series), top + 2) + 4
    told = [status for status in FigureStatus if status is not FigureStatus.ACTUAL and status in form.status]
    if told:
        paper.rect(0, top + 3, 12, 12, TINTS[0], COLOURS[0])
        paper.text(18, top + SIZE + 1, "・".join(chart.word(status) for status in told))
        top += SIZE * 1.7
    widest = max(width_of(name, SIZE) for name in form.categories)
    room = (paper.width - 60) / len(form.categories)
    if form.across or (room < min(widest, 60) * 0.9 and paper.narrow):
        _lying(form, paper, chart, top, values, (least, most))
    else:
        _standing(form, paper, chart, top, values, (least, most))


def _status(form: Columns, at: int) -> FigureStatus:
    return form.status[at] if form.status else FigureStatus.ACTUAL


def _fill(form: Columns, paper: Paper, kind: int, at: int) -> tuple[str, str]:
    colour = COLOURS[kind % len(COLOURS)]
    if _status(form, at) is FigureStatus.ACTUAL:
        return paper.filling(kind), colour
    return TINTS[kind % len(TINTS)], colour


def _standing(
    form: Columns, paper: Paper, chart: Chart, top: float, values: Rows, bounds: tuple[float, float]
) -> None:
    top += SIZE * 1.4
    paper.text(0, top - 4, form.value.title, fill=SOFT)
    bottom = top + (HIGH_NARROW if paper.narrow else HIGH)
    y = Scale(*bounds, bottom, top + 14)
    left = max(width_of(text_of(value, form.value.digits), SIZE) for value in ticks(y)) + 10
    paper.rules_across(y, left, paper.width, form.value.digits)
    step = (paper.width - left) / len(form.categories)
    heaped = form.arrangement is not Arrangement.BESIDE
    wide = step * (0.66 if heaped else 0.78 / len(values))
    every = max(1, round(max(width_of(name, SIZE) for name in form.categories) * 1.15 / step + 0.49))
    turns = every > 1 and len(form.categories) <= 16
    for at, name in enumerate(form.categories):
        middle = left + step * (at + 0.5)
        up = down = 0.0
        for kind, row in enumerate(values):
            value = row[at]
            if value is None:
                continue
            fill, stroke = _fill(form, paper, kind, at)
            title = f"{name}: {text_of(value, form.value.digits)}"
            if heaped:
                base = up if value >= 0 else down
                paper.rect(middle - wide / 2, y(base), wide, y(base + value) - y(base), fill, stroke, title)
                up, down = (up + value, down) if value >= 0 else (up, down + value)
            else:
                x = middle + wide * (kind - len(values) / 2)
                paper.rect(x, y(0), wide * 0.94, y(value) - y(0), fill, stroke, title)
                text = text_of(value, form.value.digits)
                if width_of(text, SIZE - 1) <= wide * 1.05 or len(form.categories) * len(values) <= 6:
                    over = y(value) - 5 if value >= 0 else y(value) + SIZE
                    paper.text(x + wide * 0.47, over, text, anchor="middle", size=SIZE - 1)
        if turns:
            paper.text(middle + 4, bottom + SIZE * 1.1, name, anchor="end", turn=-35)
        elif at % every == 0:
            paper.text(middle, bottom + SIZE * 1.3, name, anchor="middle", fill=SOFT)
    paper.line(left, y(0), paper.width, y(0), RULE)
    longest = max(width_of(name, SIZE) for name in form.categories)
    paper.height = bottom + (SIZE * 2 if not turns else longest * 0.6 + SIZE * 1.6)


def _lying(
    form: Columns, paper: Paper, chart: Chart, top: float, values: Rows, bounds: tuple[float, float]
) -> None:
    names = min(max(width_of(name, SIZE) for name in form.categories) + 8, paper.width * 0.42)
    texts = 56 if form.arrangement is Arrangement.BESIDE else 8
    x = Scale(*bounds, names, paper.width - texts)
    heaped = form.arrangement is not Arrangement.BESIDE
    thick = 20 if heaped else max(14, 22 - 3 * len(values))
    y = top + 4
    first = y
    rows: list[tuple[float, int]] = []
    for at, name in enumerate(form.categories):
        lines = wrapped(name, SIZE, names - 8)
        high = max(thick * (1 if heaped else len(values)), len(lines) * SIZE * 1.2)
        for number, line in enumerate(lines):
            paper.text(names - 8, y + SIZE * (1.05 + 1.2 * number), line, anchor="end")
        rows.append((y, at))
        y += high + 8
    paper.rules_along(x, first - 4, y, form.value.digits, 3 if paper.narrow else 5)
    for begin, at in rows:
        left, negative = 0.0, 0.0
        for kind, row in enumerate(values):
            value = row[at]
            if value is None:
                continue
            fill, stroke = _fill(form, paper, kind, at)
            text = text_of(value, form.value.digits)
            title = f"{form.categories[at]}: {text}"
            if heaped:
                base = left if value >= 0 else negative
                paper.rect(x(base), begin, x(base + value) - x(base), thick, fill, stroke, title)
                left, negative = (left + value, negative) if value >= 0 else (left, negative + value)
            else:
                height = begin + thick * kind
                paper.rect(x(0), height, x(value) - x(0), thick - 2, fill, stroke, title)
                outside = x(max(value, 0)) + 5
                paper.text(outside, height + thick * 0.5 + 4, text, size=SIZE - 1, halo=True)
    paper.line(x(0), first - 4, x(0), y, RULE)
    paper.text(paper.width, y + SIZE * 2.6, form.value.title, anchor="end", fill=SOFT)
    paper.height = y + SIZE * 3.2


@draw_form.register
def draw_dumbbell(form: Dumbbell, paper: Paper, chart: Chart, top: float) -> None:
    """A line between two ends for each name; both ends are written."""
    ends = [value for span in form.spans for value in (span.low, span.high, *span.marks)]
    least, most = spread(ends, log=form.value.log)
    names = 0 if paper.narrow else min(max(width_of(span.name, SIZE) for span in form.spans) + 10, 240)
    x = Scale(least, most, names + 14, paper.width - 24, form.value.log)
    y = top + SIZE * 1.5
    paper.marker(6, y - 4, 0, COLOURS[0])
    paper.text(16, y, form.ends[0])
    at = 16 + width_of(form.ends[0], SIZE) + 24
    paper.marker(at, y - 4, 1, COLOURS[1])
    paper.text(at + 10, y, form.ends[1])
    if form.mark:
        at += 10 + width_of(form.ends[1], SIZE) + 24
        paper.marker(at, y - 4, 3, INK)
        paper.text(at + 10, y, form.mark)
    y += 14
    first, rows = y, []
    for span in form.spans:
        y += SIZE * 1.5 if paper.narrow else 0
        rows.append((y + 13, span))
        y += 28
    paper.rules_along(x, first, y, form.value.digits, 4 if paper.narrow else 6)
    for height, span in rows:
        if paper.narrow:
            paper.text(0, height - 14, span.name)
        else:
            paper.text(names, height + 4, span.name, anchor="end")
        paper.line(x(span.low), height, x(span.high), height, SOFT, 3)
        paper.marker(x(span.low), height, 0, COLOURS[0], 5)
        paper.marker(x(span.high), height, 1, COLOURS[1], 5)
        for mark in span.marks:
            paper.marker(x(mark), height, 3, INK, 4)
    paper.text(paper.width, y + SIZE * 2.6, form.value.title, anchor="end", fill=SOFT)
    paper.height = y + SIZE * 3.2


@draw_form.register
def draw_histogram(form: Histogram, paper: Paper, chart: Chart, top: float) -> None:
    """Bars between edges; a second group is an outline over the first."""
    if any(len(counts) != len(form.edges) - 1 for counts in form.counts.values()):
        raise ValueError("A histogram has one edge more than counts.")
    if len(form.counts) > 1:
        top = paper.legend(list(form.counts), top + 2)
    top += SIZE * 1.6
    paper.text(0, top - 4, form.y.title, fill=SOFT)
    bottom = top + (HIGH_NARROW if paper.narrow else HIGH) * 0.85
    least, most = spread([count for counts in form.counts.values() for count in counts], zero=True)
    y = Scale(least, most, bottom, top + 8)
    left = max(width_of(text_of(value, form.y.digits), SIZE) for value in ticks(y)) + 10
    x = Scale(form.edges[0], form.edges[-1], left, paper.width - 10, form.x.log)
    paper.rules_across(y, left, paper.width - 10, form.y.digits)
    for kind, counts in enumerate(form.counts.values()):
        corners: list[tuple[float, float]] = [(x(form.edges[0]), y(0))]
        for at, count in enumerate(counts):
            x1, x2 = x(form.edges[at]), x(form.edges[at + 1])
            corners += [(x1, y(count)), (x2, y(count))]
            if kind == 0:
                paper.rect(x1, y(0), x2 - x1, y(count) - y(0), TINTS[0], COLOURS[0], title=text_of(count))
        if kind:
            paper.path([*corners, (x(form.edges[-1]), y(0))], stroke=COLOURS[kind], width=2.5, dash="6 3")
    every = max(1, round(len(form.edges) / (5 if paper.narrow else 12)))
    for edge in form.edges[::every]:
        paper.text(x(edge), bottom + SIZE * 1.3, text_of(edge, form.x.digits), anchor="middle", fill=SOFT)
    paper.text(paper.width - 10, bottom + SIZE * 2.7, form.x.title, anchor="end", fill=SOFT)
    paper.height = bottom + SIZE * 3.2


@draw_form.register
def draw_marimekko(form: Marimekko, paper: Paper, chart: Chart, top: float) -> None:
    """Columns side by side, numbered where a name has no room; the numbers are told below."""
    top += SIZE * 1.4
    paper.text(0, top - 4, form.height.title, fill=SOFT)
    bottom = top + (HIGH_NARROW if paper.narrow else HIGH)
    least, most = spread([block.height for block in form.blocks], zero=True)
    y = Scale(least, most, bottom, top + 14)
    left = max(width_of(text_of(value, form.height.digits), SIZE) for value in ticks(y)) + 10
    x = Scale(0, sum(block.width for block in form.blocks) or 1, left, paper.width - 4)
    paper.rules_across(y, left, paper.width, form.height.digits)
    begin, told = 0.0, []
    for at, block in enumerate(form.blocks):
        x1, x2 = x(begin), x(begin + block.width)
        begin += block.width
        values = f"{text_of(block.width, form.width.digits)} × {text_of(block.height, form.height.digits)}"
        paper.rect(
            x1,
            y(0),
            x2 - x1,
            y(block.height) - y(0),
            TINTS[at % 2],
            COLOURS[at % 2],
            f"{block.name}: {values}",
        )
        inside = width_of(block.name, SIZE) + 6 <= x2 - x1
        label = block.name if inside else str(at + 1)
        if not inside:
            told.append(f"{at + 1} {block.name}")
        paper.text((x1 + x2) / 2, y(block.height) - 5, label, anchor="middle", size=SIZE - 1, halo=True)
    paper.line(left, bottom, paper.width, bottom, RULE)
    paper.text(paper.width, bottom + SIZE * 1.5, form.width.title, anchor="end", fill=SOFT)
    after = bottom + SIZE * 3.2
    if told:
        # Names are kept whole: a break falls between two of them.
        line, x_at = "", 0.0
        for name in told:
            longer = f"{line}　{name}" if line else name
            if line and width_of(longer, SIZE) > paper.width:
                paper.text(x_at, after, line)
                after += SIZE * 1.5
                longer = name
            line = longer
        paper.text(x_at, after, line)
        after += SIZE
    paper.height = after + 4
