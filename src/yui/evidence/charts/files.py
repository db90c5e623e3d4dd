"""A chart as files to take away."""

import json
from enum import StrEnum

import typst

from yui.evidence.charts.drawing import draw
from yui.evidence.charts.forms import Chart
from yui.evidence.charts.tables import table_of
from yui.evidence.charts.vega import vega_lite

DOTS_PER_INCH = 144
MARGIN_PT = 12


class ChartFile(StrEnum):
    """What a chart can be taken away as."""

    CSV = "csv"
    JSON = "json"
    SVG = "svg"
    PNG = "png"
    VEGA_LITE = "vl.json"


CONTENT_TYPES = {
    ChartFile.CSV: "text/csv; charset=utf-8",
    ChartFile.JSON: "application/json",
    ChartFile.SVG: "image/svg+xml",
    ChartFile.PNG: "image/png",
    ChartFile.VEGA_LITE: "application/vnd.vegalite.v5+json",
}


def file_of(chart: Chart, kind: ChartFile) -> bytes:
    """The chart or its figures as one file."""
    match kind:
        case ChartFile.CSV:
            return table_of(chart).csv()
        case ChartFile.JSON:
            return table_of(chart).json().encode()
        case ChartFile.SVG:
            return draw(chart, titled=True).encode()
        case ChartFile.PNG:
            return _png(draw(chart, titled=True))
        case ChartFile.VEGA_LITE:
            return json.dumps(vega_lite(chart), ensure_ascii=False, indent=1).encode()


def _png(svg: str) -> bytes:
    """A picture of the drawing, set by the typesetter that also makes certificates."""
    page = f'#set page(width: auto, height: auto, margin: {MARGIN_PT}pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    picture = typst.compile(page.encode(), format="png", ppi=DOTS_PER_INCH, sys_inputs={"svg": svg})
    if not isinstance(picture, bytes):
        raise TypeError("A chart is one picture.")
    return picture
