"""One module for each family of forms; :func:`draw` chooses among them."""

from functools import singledispatch

from yui.evidence.charts.forms import Chart, Form
from yui.evidence.charts.paper import SIZE, Paper

WIDE, PHONE = 760, 340


@singledispatch
def draw_form(form: Form, paper: Paper, chart: Chart, top: float) -> None:
    """Draws a form from a height on, and sets the height of the paper."""
    raise TypeError(f"{type(form).__name__} is no form of a chart.")


def draw(chart: Chart, *, width: float = WIDE, name: str = "chart", titled: bool = False) -> str:
    """A chart as SVG.

    Args:
        width: in pixels of text of 13; a phone's sheet is laid out in another way than a wide one.
        name: unique on the page.
        titled: whether the title is written above it, for a file that stands alone.
    Raises:
        ValueError: the form has nothing to show.
    """
    from yui.evidence.charts.drawing import along, amounts, flows, places  # noqa: F401  (they register themselves)

    paper = Paper(width)
    top = 0.0
    if titled:
        top = paper.paragraph(0, SIZE * 1.5, chart.title, width, size=SIZE * 1.25, bold=True)
    draw_form(chart.form, paper, chart, top)
    return paper.svg(chart.title, chart.description, name)
