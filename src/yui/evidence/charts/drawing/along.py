"""Along time: lines, ranks and lanes."""

from collections.abc import Sequence
from itertools import pairwise

from yui.evidence.charts.drawing.base import draw_form
from yui.evidence.charts.forms import Bump, Chart, FigureStatus, Line, Point, Series, Stretch, Timeline
from yui.evidence.charts.paper import COLOURS, DASHES, FAINT, INK, PROJECTED, RULE, SIZE, SOFT, TINTS, Paper
from yui.evidence.charts.scales import Scale, spread, text_of, ticks, width_of

HIGH, HIGH_NARROW = 320, 260


@draw_form.register
def draw_line(form: Line, paper: Paper, chart: Chart, top: float) -> None:
    """Lines with their names at the end; dashed from where they are a projection, broken where a definition changes."""
    points = [point for series in form.series for point in series.points]
    heights = [value for point in points for value in (point.y, point.low, point.high) if value is not None]
    least, most = spread(heights, zero=form.zero, log=form.y.log)
    top += SIZE * 1.4
    paper.text(0, top - 4, form.y.title, fill=SOFT)
    names = max(width_of(series.name, SIZE) for series in form.series)
    beside = not paper.narrow and len(form.series) > 1
    marks = [text_of(value, form.y.digits) for value in ticks(Scale(least, most, 0, 1, form.y.log))]
    left = max(width_of(mark, SIZE) for mark in marks) + 10
    right = paper.width - (min(names, 180) + 14 if beside else 14)
    if len(form.series) > 1 and not beside:
        top = _keys(paper, form.series, top + 4)
    bottom = top + (HIGH_NARROW if paper.narrow else HIGH)
    y = Scale(least, most, bottom, top + 10, form.y.log)
    xs = [point.x for point in points]
    x = Scale(min(xs), max(xs) if max(xs) > min(xs) else min(xs) + 1, left + 8, right - 4)
    paper.rules_across(y, left, right, form.y.digits)
    paper.rules_along(x, top + 10, bottom, form.x.digits, 4 if paper.narrow else 8, plain=True)
    join = _join(points)
    if join is not None:
        at = x(join)
        paper.line(at, top + 2, at, bottom, RULE, dash="3 3")
        flip = at > (left + right) / 2
        text = chart.word("from_here")
        paper.text(
            at + (-6 if flip else 6), top + 12, text, anchor="end" if flip else "start", fill=SOFT, halo=True
        )
    for kind, series in enumerate(form.series):
        _band(paper, series, x, y, kind)
    ends: list[tuple[float, str, int]] = []
    for kind, series in enumerate(form.series):
        last = _one_line(paper, series, x, y, kind, chart)
        if last is not None:
            ends.append((y(last), series.name, kind))
    if beside:
        for height, name, kind in _apart(ends, SIZE * 1.25):
            paper.text(right + 6, height + SIZE * 0.35, name, fill=COLOURS[kind % len(COLOURS)], bold=True)
    paper.text(right, bottom + SIZE * 2.7, form.x.title, anchor="end", fill=SOFT)
    paper.height = bottom + SIZE * 3.2


def _keys(paper: Paper, series: Sequence[Series], top: float) -> float:
    for kind, one in enumerate(series):
        y = top + SIZE * 1.4 * kind + SIZE
        colour = COLOURS[kind % len(COLOURS)]
        paper.line(0, y - 4, 26, y - 4, colour, 2.5, DASHES[kind % len(DASHES)])
        paper.marker(13, y - 4, kind, colour)
        paper.text(34, y, one.name)
    return top + SIZE * 1.4 * len(series) + 8


def _join(points: Sequence[Point]) -> float | None:
    actual = [
        point.x for point in points if point.status is not FigureStatus.PROJECTION and point.y is not None
    ]
    ahead = [point.x for point in points if point.status is FigureStatus.PROJECTION and point.y is not None]
    return max(actual) if actual and ahead and max(actual) <= min(ahead) else None


def _band(paper: Paper, series: Series, x: Scale, y: Scale, kind: int) -> None:
    with_range = [point for point in series.points if point.low is not None and point.high is not None]
    if len(with_range) > 1:
        above = [(x(point.x), y(point.high)) for point in with_range if point.high is not None]
        below = [(x(point.x), y(point.low)) for point in reversed(with_range) if point.low is not None]
        paper.path([*above, *below], fill=TINTS[kind % len(TINTS)], closed=True, opacity=0.7)


def _one_line(paper: Paper, series: Series, x: Scale, y: Scale, kind: int, chart: Chart) -> float | None:
    """Draws one line; its last value."""
    colour, dash = COLOURS[kind % len(COLOURS)], DASHES[kind % len(DASHES)]
    last = None
    shown = [point for point in series.points if point.y is not None]
    for before, after in pairwise(series.points):
        if before.y is None or after.y is None:
            continue
        if before.definition != after.definition:
            middle = (x(before.x) + x(after.x)) / 2
            height = (y(before.y) + y(after.y)) / 2
            paper.line(middle - 3, height - 12, middle - 3, height + 12, INK, 1.5)
            paper.line(middle + 3, height - 12, middle + 3, height + 12, INK, 1.5)
            paper.text(
                middle, height - 16, chart.word("definition_changes"), anchor="middle", fill=SOFT, halo=True
            )
            continue
        ahead = after.status is FigureStatus.PROJECTION
        points = [(x(before.x), y(before.y)), (x(after.x), y(after.y))]
        paper.path(
            points, stroke=colour, width=2.5, dash=PROJECTED if ahead else dash if len(shown) > 30 else ""
        )
    for point in shown:
        last = point.y
        if len(shown) <= 30 and point.y is not None:
            hollow = point.status is not FigureStatus.ACTUAL
            paper.marker(x(point.x), y(point.y), kind, colour, 4)
            if hollow:
                paper.add("circle", cx=x(point.x), cy=y(point.y), r=1.8, fill="#ffffff")
    return last


def _apart(ends: list[tuple[float, str, int]], least: float) -> list[tuple[float, str, int]]:
    """Names moved so far that none lies on another."""
    placed: list[tuple[float, str, int]] = []
    for height, name, kind in sorted(ends):
        floor = placed[-1][0] + least if placed else height
        placed.append((max(height, floor), name, kind))
    return placed


@draw_form.register
def draw_bump(form: Bump, paper: Paper, chart: Chart, top: float) -> None:
    """Ranks from the first above; names at both ends, those marked stand out."""
    places = [rank for ranks in form.ranks.values() for rank in ranks if rank is not None]
    if not places:
        raise ValueError("A chart needs at least one value.")
    rows = max(places)
    names = min(max(width_of(name, SIZE) for name in form.ranks), paper.width * 0.3)
    row = 26 if rows <= 15 else 18
    top += SIZE * 1.6
    left, right = names + 26, paper.width - names - 26
    x = Scale(min(form.years), max(form.years), left, right)
    y = Scale(1, max(rows, 2), top + 14, top + 14 + row * (max(rows, 2) - 1))
    bottom = y.end + 16
    paper.rules_along(x, top, bottom, 0, 4 if paper.narrow else 8, plain=True)
    plain = [name for name in form.ranks if name not in form.marked]
    for name in [*plain, *(name for name in form.ranks if name in form.marked)]:
        marked = name in form.marked
        colour = COLOURS[0] if marked else "#8f8f8f"
        known = [(x(year), y(rank)) for year, rank in zip(form.years, form.ranks[name], strict=True) if rank]
        if not known:
            continue
        paper.path(known, stroke=colour, width=3.5 if marked else 1.8)
        for at in known:
            paper.marker(*at, 0, colour, 4.5 if marked else 3)
        fill = colour if marked else SOFT
        (x1, y1), (x2, y2) = known[0], known[-1]
        first, last = (rank for rank in (_first(form.ranks[name]), _first(form.ranks[name][::-1])))
        paper.text(x1 - 10, y1 + 4, f"{name} {first}", anchor="end", fill=fill, bold=marked)
        paper.text(x2 + 10, y2 + 4, f"{last} {name}", fill=fill, bold=marked)
    paper.text(0, top - 6, form.y.title, fill=SOFT)
    paper.text(right, bottom + SIZE * 2.6, form.x.title, anchor="end", fill=SOFT)
    paper.height = bottom + SIZE * 3.2


def _first(ranks: Sequence[int | None]) -> int | None:
    return next((rank for rank in ranks if rank is not None), None)


@draw_form.register
def draw_timeline(form: Timeline, paper: Paper, chart: Chart, top: float) -> None:
    """Lanes with bars; what overlaps in a lane lies one below the other."""
    if not form.stretches:
        raise ValueError("A chart needs at least one value.")
    lanes: dict[str, list[list[Stretch]]] = {}
    for stretch in sorted(form.stretches, key=lambda one: one.begin):
        rows = lanes.setdefault(stretch.lane, [])
        room = next((row for row in rows if row[-1].end <= stretch.begin), None)
        if room is None:
            rows.append([stretch])
        else:
            room.append(stretch)
    order = list(dict.fromkeys(one.lane for one in form.stretches))
    names = max(width_of(lane, SIZE) for lane in order)
    above = paper.narrow or names > paper.width * 0.3
    left = 0.0 if above else names + 14
    begin = min(one.begin for one in form.stretches)
    end = max(one.end for one in form.stretches)
    x = Scale(begin, end if end > begin else begin + 1, left + 4, paper.width - 16)
    y, high = top + 8, 26
    bars: list[tuple[float, Stretch]] = []
    for lane in order:
        if above:
            y += SIZE * 1.4
        paper.text(0, y - 4 if above else y + high * 0.68, lane, bold=True)
        for row in lanes[lane]:
            bars += [(y, stretch) for stretch in row]
            y += high + 4
        y += 6
        paper.line(0, y - 5, paper.width, y - 5, FAINT)
    if form.names:
        for value, name in form.names.items():
            paper.line(x(value), top, x(value), y, FAINT)
            paper.text(x(value), y + SIZE * 1.1, name, anchor="middle", fill=SOFT)
    else:
        paper.rules_along(x, top, y, form.x.digits, 4 if paper.narrow else 8)
    for height, stretch in bars:
        kind = 1 if stretch.flagged else 0
        x1, x2 = x(stretch.begin), x(stretch.end)
        wide = max(x2 - x1, 3)
        label = stretch.name + (" ↻" if stretch.flagged else "")
        paper.rect(x1, height, wide, high, TINTS[kind], COLOURS[kind], title=label)
        inside = width_of(label, SIZE) + 8 <= wide
        turned = not inside and x2 + width_of(label, SIZE) + 6 > paper.width
        at = x1 + 4 if inside else x1 - 4 if turned else x2 + 4
        paper.text(at, height + high * 0.68, label, anchor="end" if turned else "start", halo=not inside)
    bottom = y + SIZE * 2.6
    paper.text(paper.width, bottom, form.x.title, anchor="end", fill=SOFT)
    if form.flag:
        paper.text(0, bottom, f"↻ {form.flag}", fill=COLOURS[1])
    paper.height = bottom + 8
