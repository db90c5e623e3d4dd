"""A sheet on which a chart is drawn: SVG elements in the order in which they lie on one another."""

from collections.abc import Iterable, Sequence
from html import escape

from yui.evidence.charts.scales import Scale, text_of, ticks, width_of, wrapped

INK, SOFT, RULE, FAINT, PAPER = "#1a1a1a", "#4d4d4d", "#767676", "#e6e6e6", "#ffffff"
COLOURS = ("#0055ad", "#ac3e00", "#115a36", "#5c10be", "#806300", "#4d4d4d", "#a90000")
"""Dark enough for marks and for text on white; neighbours differ in lightness as well."""
TINTS = ("#c0e4ff", "#ffdfca", "#c2e5d1", "#e3d4f8", "#fff0b3", "#e6e6e6", "#ffdada")
DASHES = ("", "7 4", "2 3", "10 3 2 3", "1 5", "12 5", "4 2")
PROJECTED = "5 4"
SHADES = ("#f0f9ff", "#c0e4ff", "#7fb8ea", "#2f7fc9", "#0055ad", "#00316a")
"""From little to much, for classes of values."""
SIZE = 13
LEADING = 1.35
NARROW = 480
"""A sheet less wide than this leaves out what a phone has no room for."""


def number(value: float) -> str:
    """A coordinate as short as it can be written."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


class Paper:
    """A sheet of a width; its height follows from what is drawn."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.height = 0.0
        self._parts: list[str] = []
        self._patterns: dict[int, str] = {}

    @property
    def narrow(self) -> bool:
        """Whether this is a phone's sheet."""
        return self.width < NARROW

    def add(self, name: str, inner: str = "", **attributes: str | float | None) -> None:
        """One element; underlines in names of attributes stand for hyphens."""
        written = "".join(
            f' {key.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else number(value)}"'
            for key, value in attributes.items()
            if value is not None and value != ""
        )
        self._parts.append(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = "start",
        size: float = SIZE,
        fill: str = INK,
        bold: bool = False,
        halo: bool = False,
        turn: float | None = None,
    ) -> None:
        """A line of text at its base line; ``halo`` keeps it readable over lines."""
        self.add(
            "text",
            escape(text),
            x=x,
            y=y,
            text_anchor="" if anchor == "start" else anchor,
            font_size=size,
            font_weight="bold" if bold else "",
            fill=fill,
            stroke=PAPER if halo else None,
            stroke_width=3 if halo else None,
            paint_order="stroke" if halo else "",
            transform=f"rotate({number(turn)} {number(x)} {number(y)})" if turn is not None else "",
        )

    def paragraph(
        self, x: float, y: float, text: str, width: float, *, size: float = SIZE, bold: bool = False
    ) -> float:
        """A text in lines; the base line after the last."""
        for line in wrapped(text, size, width):
            self.text(x, y, line, size=size, bold=bold)
            y += size * LEADING
        return y

    def line(
        self, x1: float, y1: float, x2: float, y2: float, stroke: str = RULE, width: float = 1, dash: str = ""
    ) -> None:
        """A straight line."""
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, stroke_dasharray=dash)

    def path(
        self,
        points: Iterable[tuple[float, float]],
        *,
        stroke: str = "none",
        width: float = 2,
        dash: str = "",
        fill: str = "none",
        closed: bool = False,
        opacity: float | None = None,
    ) -> None:
        """A line through points."""
        d = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + ("Z" if closed else "")
        self.add(
            "path",
            d=d,
            fill=fill,
            stroke=stroke,
            stroke_width=width if stroke != "none" else None,
            stroke_dasharray=dash,
            stroke_linejoin="round" if stroke != "none" else "",
            fill_opacity=opacity,
        )

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, stroke: str = "", title: str = ""
    ) -> None:
        """A rectangle; a height or width below nought counts from the other side."""
        x, width = (x + width, -width) if width < 0 else (x, width)
        y, height = (y + height, -height) if height < 0 else (y, height)
        inner = f"<title>{escape(title)}</title>" if title else ""
        self.add("rect", inner, x=x, y=y, width=width, height=height, fill=fill, stroke=stroke)

    def marker(self, x: float, y: float, kind: int, fill: str, size: float = 4) -> None:
        """A small sign; neighbours of a kind have another shape."""
        match kind % 4:
            case 0:
                self.add("circle", cx=x, cy=y, r=size, fill=fill, stroke=PAPER)
            case 1:
                self.add(
                    "rect", x=x - size, y=y - size, width=2 * size, height=2 * size, fill=fill, stroke=PAPER
                )
            case 2:
                self.path(
                    [(x, y - size - 1), (x + size + 1, y + size), (x - size - 1, y + size)],
                    fill=fill,
                    closed=True,
                )
            case _:
                reach = size + 1
                self.path(
                    [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], fill=fill, closed=True
                )

    def filling(self, kind: int) -> str:
        """A fill that is told apart without colour: plain, striped one way, striped the other, dotted …"""
        colour = COLOURS[kind % len(COLOURS)]
        if kind == 0:
            return colour
        name = f"p{kind}"
        if kind not in self._patterns:
            tint = TINTS[kind % len(TINTS)]
            ways = (
                f'<path d="M0 6L6 0" stroke="{colour}" stroke-width="2"/>',
                f'<circle cx="3" cy="3" r="1.6" fill="{colour}"/>',
                f'<path d="M0 0L6 6" stroke="{colour}" stroke-width="1.4"/>',
                f'<path d="M0 3H6" stroke="{colour}" stroke-width="1.6"/>',
                f'<path d="M3 0V6" stroke="{colour}" stroke-width="1.6"/>',
                f'<path d="M0 3H6M3 0V6" stroke="{colour}" stroke-width="1"/>',
            )
            self._patterns[kind] = (
                f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse">'
                f'<rect width="6" height="6" fill="{tint}"/>{ways[(kind - 1) % len(ways)]}</pattern>'
            )
        return f"url(#{name})"

    def legend(self, names: Sequence[str], y: float, left: float = 0) -> float:
        """Swatches of fillings with their names, wrapped; where it ends."""
        x, baseline = left, y + SIZE
        for kind, name in enumerate(names):
            wide = 18 + width_of(name, SIZE) + 16
            if x > left and x + wide > self.width:
                x, baseline = left, baseline + SIZE * 1.6
            self.rect(x, baseline - SIZE + 2, 12, 12, self.filling(kind), COLOURS[kind % len(COLOURS)])
            self.text(x + 18, baseline, name)
            x += wide
        return baseline + 8

    def rules_across(
        self, scale: Scale, left: float, right: float, digits: int | None, about: int = 5
    ) -> None:
        """Horizontal rules at round values with the values on the left."""
        for value in ticks(scale, about):
            y = scale(value)
            self.line(left, y, right, y, RULE if value == 0 else FAINT)
            self.text(left - 6, y + SIZE * 0.35, text_of(value, digits), anchor="end", fill=SOFT)

    def rules_along(
        self, scale: Scale, top: float, bottom: float, digits: int | None, about: int, *, plain: bool = False
    ) -> None:
        """Vertical rules at round values with the values below; ``plain`` for years, without separators."""
        free = -1e9
        for value in ticks(scale, about):
            if plain and value != round(value):
                continue
            x = scale(value)
            self.line(x, top, x, bottom, RULE if value == 0 and not plain else FAINT)
            text = f"{value:.0f}" if plain else text_of(value, digits)
            half = width_of(text, SIZE) / 2
            middle = min(max(x, half), self.width - half)
            # A logarithmic axis has rules closer than their values are wide.
            if middle - half > free + 4:
                self.text(middle, bottom + SIZE * 1.3, text, anchor="middle", fill=SOFT)
                free = middle + half

    def svg(self, title: str, description: str, name: str) -> str:
        """Everything as one element that says what it shows.

        Args:
            name: what the identifiers inside begin with; unique on the page.
        """
        inner = "".join(self._parts)
        definitions = f"<defs>{''.join(self._patterns.values())}</defs>" if self._patterns else ""
        for kind in self._patterns:
            definitions = definitions.replace(f'id="p{kind}"', f'id="{name}-p{kind}"')
            inner = inner.replace(f"url(#p{kind})", f"url(#{name}-p{kind})")
        size = f"{number(self.width)} {number(self.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
            f'aria-labelledby="{name}-t {name}-d" font-family="Noto Sans JP, Noto Sans CJK JP, sans-serif">'
            f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
            f"{definitions}{inner}</svg>"
        )
