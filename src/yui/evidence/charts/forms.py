"""The forms a chart can have: what is shown, without a word about how it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FigureStatus(StrEnum):
    """What kind of figure a value is; each is drawn so that it is told apart without colour."""

    ACTUAL = "actual"
    ESTIMATE = "estimate"
    PROJECTION = "projection"
    TARGET = "target"


@dataclass(frozen=True)
class Axis:
    """What runs along a side.

    Attributes:
        title: in the reader's language, with its unit.
        log: whether equal ratios are equally far apart.
        digits: after the decimal point; as many as needed when left out.
    """

    title: str
    log: bool = False
    digits: int | None = None


@dataclass(frozen=True)
class Point:
    """One value of a line.

    Attributes:
        x: usually a year.
        y: None where there is none; the line is interrupted.
        low, high: the range where there is one.
        definition: version of the definition; the line breaks visibly where it changes.
    """

    x: float
    y: float | None
    status: FigureStatus = FigureStatus.ACTUAL
    low: float | None = None
    high: float | None = None
    definition: str = ""


@dataclass(frozen=True)
class Series:
    """A named line."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Line:
    """Values along time.

    Attributes:
        zero: whether the axis of values begins at nought.
    """

    series: tuple[Series, ...]
    x: Axis
    y: Axis
    zero: bool = False


class Arrangement(StrEnum):
    """How several columns of one category stand together."""

    BESIDE = "beside"
    STACKED = "stacked"
    SHARES = "shares"


@dataclass(frozen=True)
class Columns:
    """Values by category.

    Attributes:
        series: by name, one value for each category; None where there is none.
        across: bars that lie; for long names and sorted lists.
        status: of each category, where not all are actual.
    """

    categories: tuple[str, ...]
    series: Mapping[str, tuple[float | None, ...]]
    value: Axis
    arrangement: Arrangement = Arrangement.BESIDE
    across: bool = False
    status: tuple[FigureStatus, ...] = ()


@dataclass(frozen=True)
class Dot:
    """A named point of a scatter or of a map."""

    name: str
    x: float
    y: float
    value: float | None = None


@dataclass(frozen=True)
class Scatter:
    """Points by two values.

    Attributes:
        quadrants: where the two lines cross, if they are drawn.
        corners: what each quadrant means: above left, above right, below left, below right.
        marked: names that are always written; others where there is room.
    """

    dots: tuple[Dot, ...]
    x: Axis
    y: Axis
    quadrants: tuple[float, float] | None = None
    corners: tuple[str, str, str, str] | None = None
    marked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Span:
    """A row of a dumbbell: from where to where, and marks on the way."""

    name: str
    low: float
    high: float
    marks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Dumbbell:
    """Ranges by name.

    Attributes:
        ends: what the low and the high end are.
    """

    spans: tuple[Span, ...]
    value: Axis
    ends: tuple[str, str]
    mark: str = ""


@dataclass(frozen=True)
class Histogram:
    """Counts or shares between edges, of one group or of two to compare.

    Attributes:
        edges: one more than counts.
    """

    edges: tuple[float, ...]
    counts: Mapping[str, tuple[float, ...]]
    x: Axis
    y: Axis


@dataclass(frozen=True)
class Bump:
    """Ranks by year.

    Attributes:
        ranks: by name, one rank for each year; None where there is none.
        marked: names that stand out.
    """

    years: tuple[int, ...]
    ranks: Mapping[str, tuple[int | None, ...]]
    x: Axis
    y: Axis
    marked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Block:
    """A column of a Marimekko chart; its area is width times height."""

    name: str
    width: float
    height: float


@dataclass(frozen=True)
class Marimekko:
    """Columns as wide as one value and as high as another."""

    blocks: tuple[Block, ...]
    width: Axis
    height: Axis


@dataclass(frozen=True)
class Stretch:
    """Something with a beginning and an end in a lane.

    Attributes:
        flagged: stands out, such as work that is done twice.
    """

    lane: str
    name: str
    begin: float
    end: float
    flagged: bool = False


@dataclass(frozen=True)
class Timeline:
    """Lanes along time: a Gantt chart, a day, swim lanes of a process.

    Attributes:
        names: of the round moments, where numbers don't say enough.
        flag: what it means that something stands out.
    """

    stretches: tuple[Stretch, ...]
    x: Axis
    names: Mapping[float, str] = field(default_factory=dict)
    flag: str = ""


@dataclass(frozen=True)
class Map:
    """Places with a value, by longitude (x) and latitude (y), on outlines.

    Attributes:
        bounds: between classes of values, rising.
        outlines: rings of longitude and latitude.
    """

    dots: tuple[Dot, ...]
    value: Axis
    bounds: tuple[float, ...]
    outlines: tuple[tuple[tuple[float, float], ...], ...] = ()


@dataclass(frozen=True)
class Matrix:
    """Values by row and column.

    Attributes:
        values: rows of values; None where there is none.
        texts: what is written instead of the value.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    value: Axis
    texts: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Node:
    """A box of a flow or of a graph, in one of its layers."""

    id: str
    name: str
    layer: int
    flagged: bool = False


@dataclass(frozen=True)
class Link:
    """From one box to another; as thick as its value where there is one."""

    source: str
    target: str
    value: float | None = None
    name: str = ""
    flagged: bool = False


@dataclass(frozen=True)
class Flow:
    """Boxes and links by layer: flows with their amounts, or a logic model.

    Attributes:
        layers: titles of the layers.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    layers: tuple[str, ...]
    value: Axis | None = None


Form = Line | Columns | Scatter | Dumbbell | Histogram | Bump | Marimekko | Timeline | Map | Matrix | Flow


@dataclass(frozen=True)
class Chart:
    """A form with the words without which it must not be shown.

    Attributes:
        title: a sentence that states the finding.
        description: what a listener needs to know of the picture.
        form: what is shown.
        words: texts that drawing adds, in the reader's language; see :data:`WORDS`.
    """

    title: str
    description: str
    form: Form
    words: Mapping[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """A text that drawing adds."""
        return self.words.get(name, WORDS[name])


WORDS = {
    "from_here": "From here: projection",
    "definition": "Definition",
    "definition_changes": "Definition changes",
    "no_value": "No value",
    "range": "Range",
    "actual": "Actual",
    "estimate": "Estimate",
    "projection": "Projection",
    "target": "Target",
}
"""English texts that drawing adds, by name."""
