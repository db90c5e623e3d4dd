"""The one function that every form of chart is drawn by; the modules beside it say how."""

from functools import singledispatch

from yui.evidence.charts.forms import Chart, Form
from yui.evidence.charts.paper import Paper


@singledispatch
def draw_form(form: Form, paper: Paper, chart: Chart, top: float) -> None:
    """Draws a form from a height on, and sets the height of the paper."""
    raise TypeError(f"{type(form).__name__} is no form of a chart.")
