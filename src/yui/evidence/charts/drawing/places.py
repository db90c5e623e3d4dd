"""By two measures: scatters, small maps and matrices."""

from itertools import pairwise

from yui.evidence.charts.drawing.base import draw_form
from yui.evidence.charts.forms import Chart, Dot, Map, Matrix, Scatter
from yui.evidence.charts.paper import COLOURS, FAINT, INK, PAPER, RULE, SHADES, SIZE, SOFT, Paper
from yui.evidence.charts.scales import Scale, spread, text_of, ticks, width_of, wrapped

HIGH, HIGH_NARROW = 460, 340
Box = tuple[float, float, float, float]


@draw_form.register
def draw_scatter(form: Scatter, paper: Paper, chart: Chart, top: float) -> None:
    """Points with as many names as have room, those marked first."""
    top += SIZE * 1.4
    paper.text(0, top - 4, form.y.title, fill=SOFT)
    bottom = top + (HIGH_NARROW if paper.narrow else HIGH)
    y = Scale(*spread([dot.y for dot in form.dots], log=form.y.log), bottom, top + 8, form.y.log)
    left = max(width_of(text_of(value, form.y.digits), SIZE) for value in ticks(y)) + 10
    right = paper.width - 12
    x = Scale(*spread([dot.x for dot in form.dots], log=form.x.log), left, right, form.x.log)
    paper.rules_across(y, left, right, form.y.digits)
    paper.rules_along(x, top + 8, bottom, form.x.digits, 4 if paper.narrow else 7)
    if form.quadrants:
        over, up = x(form.quadrants[0]), y(form.quadrants[1])
        if left <= over <= right:
            paper.line(over, top + 8, over, bottom, RULE, 1.5)
        if top <= up <= bottom:
            paper.line(left, up, right, up, RULE, 1.5)
    taken: list[Box] = []
    if form.corners and not paper.narrow:
        spots = ((left + 6, top + 22), (right - 6, top + 22), (left + 6, bottom - 8), (right - 6, bottom - 8))
        for text, (at, height), end in zip(form.corners, spots, (False, True, False, True), strict=True):
            wide = width_of(text, SIZE)
            paper.text(at, height, text, anchor="end" if end else "start", fill=SOFT)
            taken.append((at - wide if end else at, height - SIZE, wide, SIZE * 1.3))
    for dot in form.dots:
        marked = dot.name in form.marked
        paper.marker(x(dot.x), y(dot.y), 1 if marked else 0, COLOURS[1 if marked else 0], 4.5)
        taken.append(_box_around(x(dot.x), y(dot.y), 5))
    for dot in sorted(form.dots, key=lambda one: one.name not in form.marked):
        _name(paper, dot, (x(dot.x), y(dot.y)), taken, (left, right), must=dot.name in form.marked)
    paper.text(right, bottom + SIZE * 2.7, form.x.title, anchor="end", fill=SOFT)
    paper.height = bottom + SIZE * 3.2


def _name(
    paper: Paper,
    dot: Dot,
    at_dot: tuple[float, float],
    taken: list[Box],
    sides: tuple[float, float],
    *,
    must: bool,
    reach: float = 5,
) -> None:
    """The name where there is room beside, over or under a dot of a radius."""
    x, y = at_dot
    size = SIZE - 2
    wide, high = width_of(dot.name, size), size * 1.15
    own = _box_around(x, y, reach)
    beside = reach + 3
    around = (
        (x + beside, y + 4),
        (x - beside - wide, y + 4),
        (x - wide / 2, y - beside),
        (x - wide / 2, y + beside + size),
    )
    for at, height in around:
        box = (at, height - size, wide, high)
        inside = at >= sides[0] and at + wide <= paper.width
        if inside and not any(_overlap(box, other) for other in taken if other != own):
            break
    else:
        if not must:
            return
        at, height = around[0]
        box = (at, height - size, wide, high)
    taken.append(box)
    paper.text(at, height, dot.name, size=size, halo=True, bold=must)


def _box_around(x: float, y: float, reach: float) -> Box:
    return (x - reach, y - reach, 2 * reach, 2 * reach)


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def class_of(value: float, bounds: tuple[float, ...]) -> int:
    """Which class a value is in: below the first bound is 0."""
    return sum(value >= bound for bound in bounds)


def _radius(dot: Dot, form: Map) -> float:
    return 4 if dot.value is None else 5 + 1.5 * class_of(dot.value, form.bounds)


def _shade(place: int, classes: int) -> str:
    return SHADES[round(place * (len(SHADES) - 1) / max(classes - 1, 1))]


@draw_form.register
def draw_map(form: Map, paper: Paper, chart: Chart, top: float) -> None:
    """Circles on outlines, darker and larger with the class of their value."""
    points = [(dot.x, dot.y) for dot in form.dots] + [at for ring in form.outlines for at in ring]
    if not points:
        raise ValueError("A chart needs at least one value.")
    west, east = min(at[0] for at in points), max(at[0] for at in points)
    south, north = min(at[1] for at in points), max(at[1] for at in points)
    squeeze = 0.81  # cosine of 36 degrees north
    wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = min((paper.width - 32) / wide, (HIGH_NARROW if paper.narrow else HIGH) / high)
    left = (paper.width - wide * scale) / 2
    top += 18

    def at(longitude: float, latitude: float) -> tuple[float, float]:
        return left + (longitude - west) * squeeze * scale, top + (north - latitude) * scale

    for ring in form.outlines:
        paper.path([at(*spot) for spot in ring], stroke=RULE, width=0.8, fill="#f8f8fb", closed=True)
    classes = len(form.bounds) + 1
    taken: list[Box] = []
    for dot in form.dots:
        here = at(dot.x, dot.y)
        if dot.value is None:
            paper.add("circle", cx=here[0], cy=here[1], r=4, fill=PAPER, stroke=RULE, stroke_dasharray="2 2")
        else:
            place = class_of(dot.value, form.bounds)
            paper.add(
                "circle",
                cx=here[0],
                cy=here[1],
                r=_radius(dot, form),
                fill=_shade(place, classes),
                stroke=INK,
            )
        taken.append(_box_around(*here, _radius(dot, form)))
    for dot in form.dots:
        here = at(dot.x, dot.y)
        reach, few = _radius(dot, form), len(form.dots) <= 12
        _name(paper, dot, here, taken, (0, paper.width), must=few, reach=reach)
    bottom = top + high * scale + 26
    texts = _classes(form.bounds, form.value.digits)
    x = 0.0
    for place, text in enumerate(texts):
        size = width_of(text, SIZE) + 40
        if x and x + size > paper.width:
            x, bottom = 0.0, bottom + SIZE * 1.8
        paper.add(
            "circle", cx=x + 12, cy=bottom - 4, r=5 + 1.5 * place, fill=_shade(place, classes), stroke=INK
        )
        paper.text(x + 28, bottom, text)
        x += size
    paper.text(0, bottom + SIZE * 1.8, form.value.title, fill=SOFT)
    paper.height = bottom + SIZE * 2.4


def _classes(bounds: tuple[float, ...], digits: int | None) -> list[str]:
    marks = [text_of(bound, digits) for bound in bounds]
    if not marks:
        return [""]
    middle = [f"{a}–{b}" for a, b in pairwise(marks)]
    return [f"< {marks[0]}", *middle, f"≥ {marks[-1]}"]


@draw_form.register
def draw_matrix(form: Matrix, paper: Paper, chart: Chart, top: float) -> None:
    """Cells darker with their value, which is written in each; a dash where there is none."""
    known = [value for row in form.values for value in row if value is not None]
    least, most = (min(known), max(known)) if known else (0.0, 1.0)
    names = min(max(width_of(name, SIZE) for name in form.rows) + 10, paper.width * 0.34)
    wide = (paper.width - names) / len(form.columns)
    size = SIZE if wide >= 34 else SIZE - 3
    turned = max(width_of(name, size) for name in form.columns) > wide - 4
    y = top + (max(width_of(name, size) for name in form.columns) * 0.75 + 12 if turned else SIZE * 1.8)
    for at, name in enumerate(form.columns):
        middle = names + wide * (at + 0.5)
        if turned:
            paper.text(middle + 4, y - 6, name, size=size, turn=-50)
        else:
            paper.text(middle, y - 6, name, anchor="middle", size=size)
    for row, (name, values) in enumerate(zip(form.rows, form.values, strict=True)):
        lines = wrapped(name, SIZE, names - 10)
        high = max(26, len(lines) * SIZE * 1.2 + 6)
        for number, line in enumerate(lines):
            paper.text(names - 8, y + SIZE * (1.25 + 1.2 * number), line, anchor="end")
        for at, value in enumerate(values):
            x = names + wide * at
            place = 0 if value is None else round((value - least) / ((most - least) or 1) * (len(SHADES) - 1))
            fill = PAPER if value is None else SHADES[place]
            text = "–" if value is None else text_of(value, form.value.digits)
            text = form.texts[row][at] if form.texts else text
            paper.rect(x + 1, y + 1, wide - 2, high - 2, fill, FAINT, f"{name}, {form.columns[at]}: {text}")
            if width_of(text, size) <= wide - 2:
                ink = PAPER if value is not None and place >= 3 else INK
                paper.text(
                    x + wide / 2, y + high / 2 + size * 0.35, text, anchor="middle", size=size, fill=ink
                )
        y += high
    paper.text(paper.width, y + SIZE * 1.5, form.value.title, anchor="end", fill=SOFT)
    paper.height = y + SIZE * 2.2
