"""One module for each family of forms, each of which adds its own to :func:`draw_form`."""

from yui.evidence.charts.drawing import along, amounts, flows, places
from yui.evidence.charts.drawing.base import draw_form
from yui.evidence.charts.forms import Chart
from yui.evidence.charts.paper import SIZE, Paper

FAMILIES = (along, amounts, flows, places)
"""What is imported for the drawings that it registers."""
WIDE, PHONE = 760, 340


def draw(chart: Chart, *, width: float = WIDE, name: str = "chart", titled: bool = False) -> str:
    """A chart as SVG.

    Args:
        width: in pixels of text of 13; a phone's sheet is laid out in another way than a wide one.
        name: unique on the page.
        titled: whether the title is written above it, for a file that stands alone.

    Raises:
        ValueError: the form has nothing to show.
    """
    paper = Paper(width)
    top = 0.0
    if titled:
        top = paper.paragraph(0, SIZE * 1.5, chart.title, width, size=SIZE * 1.25, bold=True)
    draw_form(chart.form, paper, chart, top)
    return paper.svg(chart.title, chart.description, name)
