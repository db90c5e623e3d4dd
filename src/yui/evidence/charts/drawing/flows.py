"""Boxes and links: flows with their amounts, and logic models."""

from collections import defaultdict

from yui.evidence.charts.drawing.base import draw_form
from yui.evidence.charts.forms import Chart, Flow, Link, Node
from yui.evidence.charts.paper import COLOURS, INK, SIZE, SOFT, TINTS, Paper, number
from yui.evidence.charts.scales import text_of, wrapped

GAP, PADDING = 18, 8
Box = tuple[float, float, float, float]
"""x, y, width, height."""


@draw_form.register
def draw_flow(form: Flow, paper: Paper, chart: Chart, top: float) -> None:
    """Layers from left to right, or from above where the sheet is narrow; links between them as arrows."""
    if not form.nodes:
        raise ValueError("A chart needs at least one value.")
    boxes = _down(form, paper, top) if paper.narrow else _right(form, paper, top)
    most = max((link.value or 0 for link in form.links), default=0)
    for link in form.links:
        _arrow(form, paper, link, boxes, most)
    for node in form.nodes:
        x, y, wide, high = boxes[node.id]
        kind = 1 if node.flagged else 0
        paper.add(
            "rect",
            x=x,
            y=y,
            width=wide,
            height=high,
            rx=4,
            fill=TINTS[kind],
            stroke=COLOURS[kind],
            stroke_width=2.5 if node.flagged else 1,
        )
        text = ("⚠ " if node.flagged else "") + node.name
        for at, line in enumerate(wrapped(text, SIZE, wide - 2 * PADDING)):
            paper.text(x + PADDING, y + PADDING + SIZE * (0.85 + 1.3 * at), line)


def _height(node: Node, wide: float) -> float:
    text = ("⚠ " if node.flagged else "") + node.name
    return len(wrapped(text, SIZE, wide - 2 * PADDING)) * SIZE * 1.3 + 2 * PADDING


def _by_layer(form: Flow) -> list[list[Node]]:
    """The boxes of each layer, ordered so that links cross less: by the middle of what leads to them."""
    layers: list[list[Node]] = [[] for _ in form.layers]
    for node in form.nodes:
        layers[node.layer].append(node)
    place = {node.id: at for layer in layers for at, node in enumerate(layer)}
    before, after = defaultdict(list), defaultdict(list)
    for link in form.links:
        before[link.target].append(link.source)
        after[link.source].append(link.target)
    for turn in range(4):
        near = before if turn % 2 == 0 else after
        for layer in layers if turn % 2 == 0 else layers[::-1]:
            middles = {
                node.id: sum(place[other] for other in near[node.id]) / len(near[node.id])
                if near[node.id]
                else place[node.id]
                for node in layer
            }
            layer.sort(key=lambda node: middles[node.id])
            place |= {node.id: at for at, node in enumerate(layer)}
    return layers


def _right(form: Flow, paper: Paper, top: float) -> dict[str, Box]:
    between = 46.0
    wide = (paper.width - between * (len(form.layers) - 1)) / len(form.layers)
    top += SIZE * 1.6
    layers = _by_layer(form)
    heights = [sum(_height(node, wide) for node in layer) + GAP * (len(layer) - 1) for layer in layers]
    tallest, boxes = max(heights), {}
    for at, (layer, height) in enumerate(zip(layers, heights, strict=True)):
        x = at * (wide + between)
        paper.text(x, top - 4, form.layers[at], bold=True, fill=SOFT)
        y = top + 6 + (tallest - height) / 2
        for node in layer:
            boxes[node.id] = (x, y, wide, _height(node, wide))
            y += boxes[node.id][3] + GAP
    paper.height = top + tallest + 20
    return boxes


def _down(form: Flow, paper: Paper, top: float) -> dict[str, Box]:
    boxes, y = {}, top
    for title, layer in zip(form.layers, _by_layer(form), strict=True):
        y += SIZE * 1.6
        paper.text(0, y - 4, title, bold=True, fill=SOFT)
        y += 4
        wide = (paper.width - 12 * (min(len(layer), 2) - 1)) / max(min(len(layer), 2), 1)
        for first in range(0, len(layer), 2):
            pair = layer[first : first + 2]
            high = max(_height(node, wide) for node in pair)
            for at, node in enumerate(pair):
                boxes[node.id] = (at * (wide + 12), y, wide, high)
            y += high + 10
        y += 26
    paper.height = y
    return boxes


def _arrow(form: Flow, paper: Paper, link: Link, boxes: dict[str, Box], most: float) -> None:
    a, b = boxes[link.source], boxes[link.target]
    if paper.narrow:
        x1, y1, x2, y2 = a[0] + a[2] / 2, a[1] + a[3], b[0] + b[2] / 2, b[1]
        bend = max(abs(y2 - y1) / 2, 12)
        curve = (x1, y1 + bend, x2, y2 - bend)
        head = [(x2, y2), (x2 - 4, y2 - 8), (x2 + 4, y2 - 8)]
    else:
        x1, y1, x2, y2 = a[0] + a[2], a[1] + a[3] / 2, b[0], b[1] + b[3] / 2
        if x2 < x1:  # backwards
            x1, x2 = a[0], b[0] + b[2]
        bend = max(abs(x2 - x1) / 2, 14)
        sign = 1 if x2 >= x1 else -1
        curve = (x1 + sign * bend, y1, x2 - sign * bend, y2)
        head = [(x2, y2), (x2 - sign * 8, y2 - 4), (x2 - sign * 8, y2 + 4)]
    thick = 1.6 if link.value is None or not most else 1 + 9 * link.value / most
    colour = COLOURS[1] if link.flagged else SOFT
    d = (
        f"M{number(x1)} {number(y1)}C{number(curve[0])} {number(curve[1])} "
        f"{number(curve[2])} {number(curve[3])} {number(x2)} {number(y2)}"
    )
    paper.add(
        "path",
        d=d,
        fill="none",
        stroke=colour,
        stroke_width=thick,
        stroke_opacity=0.55 if link.value is not None else None,
        stroke_dasharray="6 4" if link.flagged else "",
    )
    paper.path(head, fill=colour, closed=True)
    if link.value is not None or link.name:
        digits = form.value.digits if form.value else None
        text = link.name or ("" if link.value is None else text_of(link.value, digits))
        paper.text(
            (x1 + x2) / 2, (y1 + y2) / 2 - 4, text, anchor="middle", size=SIZE - 1, halo=True, fill=INK
        )
