"""Addresses of figures. An indicator of a body, in a version, for an area has one that stays."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from yui.services.dashboards import views
from yui.services.dashboards.views import desk


class AreaConverter(StringConverter):
    """Six digits."""

    regex = "[0-9]{6}"


class IndicatorConverter(StringConverter):
    """The code of an indicator."""

    regex = "[a-z][a-z0-9_]*"


register_converter(AreaConverter, "area")
register_converter(IndicatorConverter, "indicator")

app_name = "dashboards"
_ONE = "<str:publisher>/<indicator:code>/v<int:version>/"
urlpatterns = [
    path("", views.indicators, name="indicators"),
    path("forms/", views.forms, name="forms"),
    path("boards/<slug:board>/<area:area>/", views.board, name="board"),
    path("desk/enter/", desk.choose, name="enter"),
    path("desk/enter/<indicator:code>/<int:version>/", desk.enter, name="enter_figure"),
    path("desk/entries/", desk.entries, name="entries"),
    path("desk/entries/<uuid:entry>/<str:act>/", desk.look, name="look"),
    path(_ONE, views.areas, name="areas"),
    path(f"{_ONE}files/<str:name>", views.published_file, name="file"),
    path(f"{_ONE}<area:area>/", views.figure, name="figure"),
    path(f"{_ONE}<area:area>/chart.<str:kind>", views.chart_file, name="chart"),
]
