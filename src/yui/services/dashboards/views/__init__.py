"""Pages of published figures: for everybody, without a sign-in."""

import datetime as dt
import io
import zipfile
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from yui.evidence.charts.drawing import PHONE, draw
from yui.evidence.charts.examples import ALL
from yui.evidence.charts.files import CONTENT_TYPES, ChartFile, file_of
from yui.evidence.charts.forms import Chart
from yui.evidence.charts.tables import Table, table_of
from yui.evidence.public import (
    Figure,
    Published,
    UnknownFigure,
    area_name,
    get_published,
    list_editions,
    list_published,
    published_files,
)
from yui.kernel.access.public import anyone
from yui.registries.areas.public import find_area
from yui.services.dashboards import drawing
from yui.services.dashboards.boards import PanelForm, find_board, list_boards

_ALL_FILES = "publication.zip"
_FILE_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Figures"), reverse("dashboards:indicators")), *more]


@anyone
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """Everything that is published, and the dashboards."""
    newest: dict[tuple[str, str], Published] = {}
    for one in list_published():
        newest[one.publisher, one.definition.code] = one
    rows = [
        [
            {"text": one.definition.title.said(drawing.language()), "href": _address("areas", one)},
            one.publisher_name,
            str(len({figure.area for figure in one.figures})),
            _day(one.published_at),
        ]
        for one in newest.values()
    ]
    areas = sorted({figure.area for one in newest.values() for figure in one.figures})
    context = {
        "title": _("Figures"),
        "columns": [
            {"label": _("Indicator")},
            {"label": _("Published by")},
            {"label": _("Areas"), "num": True},
            {"label": _("Made public on")},
        ],
        "rows": rows,
        "boards": [
            {"title": one.title.said(drawing.language()), "code": one.code} for one in list_boards() if areas
        ],
        "areas": [(code, area_name(code, drawing.language())) for code in areas],
    }
    return render(request, "dashboards/indicators.html", context)


def _day(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _address(name: str, one: Published, *more: str) -> str:
    return reverse(
        f"dashboards:{name}", args=[one.publisher, one.definition.code, one.definition.version, *more]
    )


def _known_at(request: HttpRequest) -> dt.datetime | None:
    """The end of the day asked for by ``?on=``; what was published later is left out."""
    try:
        day = dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


def _published(request: HttpRequest, publisher: str, code: str, version: int) -> Published:
    try:
        return get_published(publisher, code, version, known_at=_known_at(request))
    except UnknownFigure:
        raise Http404 from None


@anyone
@require_safe
def areas(request: HttpRequest, publisher: str, code: str, version: int) -> HttpResponse:
    """The areas of one publication with their newest figures, its files, and how to compute them again."""
    published = _published(request, publisher, code, version)
    rows = []
    for area in sorted({one.area for one in published.figures}):
        last = drawing.newest(published, area)
        rows.append(
            [
                {"text": area_name(area, drawing.language()), "href": _address("figure", published, area)},
                drawing.valued(published, last) if last else "—",
                drawing.period_name(last.period) if last else "—",
            ]
        )
    context = {
        "title": published.definition.title.said(drawing.language()),
        "crumbs": _crumbs(),
        "published": published,
        "columns": [{"label": _("Area")}, {"label": _("Newest value"), "num": True}, {"label": _("Period")}],
        "rows": rows,
        "facts": _definition_facts(published),
        "files": [
            (name, _address("file", published, name))
            for name in (_ALL_FILES, *published_files(publisher, code, version, known_at=_known_at(request)))
        ],
    }
    return render(request, "dashboards/areas.html", context)


def _definition_facts(published: Published) -> list[dict[str, object]]:
    one, language = published.definition, drawing.language()
    better = {
        "higher": _("Higher is better"),
        "lower": _("Lower is better"),
        "neither": _("Neither is better"),
    }
    facts: list[dict[str, object]] = [
        {"label": _("Question"), "value": one.question.said(language)},
        {"label": _("Population"), "value": one.population.said(language)},
        {"label": _("Formula"), "value": one.formula},
        {"label": _("Unit"), "value": one.unit.said(language)},
        {"label": _("Direction"), "value": better[one.direction.value]},
        {"label": _("Definition"), "value": _version(published)},
        {"label": _("Answers for it"), "value": f"{published.publisher_name} {one.owner}"},
    ]
    if one.fewest:
        told = _("Counts of people from 1 to %(most)d are not told, nor what would give them away.")
        facts.append({"label": _("Small counts"), "value": told % {"most": one.fewest - 1}})
    return facts


def _version(published: Published) -> str:
    one = published.definition
    told = _("Version %(version)d, valid from %(day)s")
    return told % {"version": one.version, "day": date_format(one.valid_from, "DATE_FORMAT")}


@anyone
@require_safe
def published_file(request: HttpRequest, publisher: str, code: str, version: int, name: str) -> HttpResponse:
    """One file of a publication to the byte, or all of them."""
    try:
        files = published_files(publisher, code, version, known_at=_known_at(request))
    except UnknownFigure:
        raise Http404 from None
    if name == _ALL_FILES:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for one, content in files.items():
                archive.writestr(zipfile.ZipInfo(f"{code}-v{version}/{one}"), content)
        answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    elif name in files:
        kind = _FILE_TYPES.get(name.rpartition(".")[2], "text/plain; charset=utf-8")
        answer = HttpResponse(files[name], content_type=kind)
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@anyone
@require_safe
def figure(request: HttpRequest, publisher: str, code: str, version: int, area: str) -> HttpResponse:
    """One indicator for one area, with everything that is needed to judge it."""
    published = _published(request, publisher, code, version)
    figures = drawing.figures_at(published, area)
    if not figures:
        raise Http404
    chart = _line(request, published, area)
    compared = drawing.compare(published, list_published(code=code), area, drawing.similar_to(area))
    comparison = drawing.comparison_of(published, compared)
    language = drawing.language()
    address = settings.BASE_URL + _address("figure", published, area)
    context = {
        "title": drawing.finding(published, area),
        "crumbs": _crumbs((published.definition.title.said(language), _address("areas", published))),
        "published": published,
        "target": drawing.target_sentence(published, area),
        "caveats": published.definition.caveats.said(language),
        "is_old": published.number != list_editions(publisher, code, version)[0][0],
        "area_name": area_name(area, language),
        "chart": _panel(chart, "line") if chart else None,
        "comparison": _panel(comparison, "compare") if comparison else None,
        "without": drawing.without_value(compared),
        "facts": _figure_facts(published, figures, area),
        "columns": [{"label": label} for label in _head()],
        "rows": _rows(published, figures),
        "downloads": _downloads(request, published, area, has_chart=chart is not None),
        "citation": _citation(published, area, address),
        "editions": [
            {
                "number": number,
                "day": _day(at),
                "on": timezone.localtime(at).date().isoformat(),
                "sha256": digest,
                "is_current": number == published.number,
            }
            for number, at, digest in list_editions(publisher, code, version)
        ],
        "versions": _versions(publisher, code, area, version),
    }
    return render(request, "dashboards/figure.html", context)


def _line(request: HttpRequest, published: Published, area: str) -> Chart | None:
    """Along time, with what earlier versions of the definition said, where the body published it."""
    all_versions = list_published(
        code=published.definition.code, publisher=published.publisher, known_at=_known_at(request)
    )
    before = [one for one in all_versions if one.definition.version < published.definition.version]
    return drawing.line_of([*before, published], area)


def _versions(publisher: str, code: str, area: str, version: int) -> list[dict[str, object]]:
    found = [
        one
        for one in list_published(code=code, publisher=publisher)
        if any(figure.area == area for figure in one.figures)
    ]
    if len(found) < 2:
        return []
    return [
        {
            "label": _("Definition %(version)d") % {"version": one.definition.version},
            "href": _address("figure", one, area),
            "current": one.definition.version == version,
        }
        for one in found
    ]


def _panel(chart: Chart, name: str) -> dict[str, object]:
    """A chart in both widths; the style sheet shows one of them."""
    table = table_of(chart)
    return {
        "title": chart.title,
        # Our own drawing: every text in it is escaped there.
        "wide": _svg(chart, f"{name}-wide"),
        "phone": _svg(chart, f"{name}-phone", PHONE),
        "columns": [{"label": label or "·", "num": at > 0} for at, label in enumerate(table.head)],
        "rows": table.written(),
    }


def _svg(chart: Chart, name: str, width: float | None = None) -> SafeString:
    drawn = draw(chart, name=name) if width is None else draw(chart, name=name, width=width)
    return mark_safe(drawn)  # noqa: S308


def _figure_facts(published: Published, figures: list[Figure], area: str) -> list[dict[str, object]]:
    periods = sorted(one.period for one in figures)
    sources = list(dict.fromkeys(one.source for one in figures))
    queries = list(dict.fromkeys(f"{one.query.name} {one.query.version}" for one in figures))
    retrieved = max(one.retrieved_on for one in figures)
    place = f"{area_name(area, drawing.language())} ({area})"
    first, last = (drawing.period_name(one) for one in (periods[0], periods[-1]))
    return [
        {"label": _("Area"), "value": place},
        {"label": _("Unit"), "value": published.definition.unit.said(drawing.language())},
        {"label": _("Period"), "value": first if first == last else f"{first} – {last}"},
        {"label": _("Source"), "value": "、".join(sources)},
        {"label": _("Retrieved on"), "value": date_format(retrieved, "DATE_FORMAT")},
        {"label": _("Question"), "value": published.definition.question.said(drawing.language())},
        {"label": _("Population"), "value": published.definition.population.said(drawing.language())},
        {"label": _("Definition"), "value": _version(published)},
        {"label": _("Formula"), "value": published.definition.formula},
        {"label": _("Query"), "value": "、".join(queries)},
        {
            "label": _("Publication"),
            "value": _("No. %(number)d, %(day)s")
            % {"number": published.number, "day": _day(published.published_at)},
        },
    ]


def _head() -> list[str]:
    return [
        _("Period"),
        _("Value"),
        _("Kind of figure"),
        _("Release of the projection"),
        _("Definition"),
        _("Source"),
        _("Retrieved on"),
    ]


def _rows(published: Published, figures: list[Figure]) -> list[list[str]]:
    return [
        [
            drawing.period_name(one.period),
            drawing.valued(published, one),
            drawing.status_words()[one.status],
            one.vintage or "—",
            str(one.version),
            one.source,
            date_format(one.retrieved_on, "DATE_FORMAT"),
        ]
        for one in figures
    ]


def _downloads(
    request: HttpRequest, published: Published, area: str, *, has_chart: bool
) -> list[tuple[str, str]]:
    kinds = list(ChartFile) if has_chart else [ChartFile.CSV, ChartFile.JSON]
    labels = {ChartFile.VEGA_LITE: "Vega-Lite"}
    on = f"?on={request.GET['on']}" if _known_at(request) else ""
    return [
        (labels.get(kind, kind.name), _address("chart", published, area, kind.value) + on) for kind in kinds
    ]


def _citation(published: Published, area: str, address: str) -> str:
    told = _(
        "%(publisher)s, “%(title)s”, %(area)s, definition %(version)d, publication %(number)d of %(day)s, "
        "%(address)s (SHA-256 %(sha256)s)"
    )
    return told % {
        "publisher": published.publisher_name,
        "title": published.definition.title.said(drawing.language()),
        "area": area_name(area, drawing.language()),
        "version": published.definition.version,
        "number": published.number,
        "day": _day(published.published_at),
        "address": address,
        "sha256": published.sha256,
    }


@anyone
@require_safe
def chart_file(
    request: HttpRequest, publisher: str, code: str, version: int, area: str, kind: str
) -> HttpResponse:
    """The figures of an area as CSV or JSON, or their chart as SVG, PNG or Vega-Lite."""
    published = _published(request, publisher, code, version)
    figures = drawing.figures_at(published, area)
    if kind not in list(ChartFile) or not figures:
        raise Http404
    file = ChartFile(kind)
    if file in (ChartFile.CSV, ChartFile.JSON):
        table = Table(
            (
                "area",
                "period",
                "status",
                "vintage",
                "value",
                "absence",
                "unit",
                "definition",
                "source",
                "retrieved_on",
            ),
            tuple(
                (
                    *(one.area, one.period.code, one.status.value, one.vintage),
                    None if one.value is None else str(one.value),
                    one.absence.value if one.absence else "",
                    published.definition.unit.said(drawing.language()),
                    str(one.version),
                    one.source,
                    one.retrieved_on.isoformat(),
                )
                for one in figures
            ),
        )
        content = table.csv() if file is ChartFile.CSV else table.json().encode()
    else:
        chart = _line(request, published, area)
        if chart is None:
            raise Http404
        content = file_of(chart, file)
    answer = HttpResponse(content, content_type=CONTENT_TYPES[file])
    answer["Content-Disposition"] = f'attachment; filename="{code}-v{version}-{area}.{kind}"'
    return answer


@anyone
@require_safe
def board(request: HttpRequest, board: str, area: str) -> HttpResponse:
    """A dashboard for an area; what nobody has published is said."""
    found = find_board(board)
    if found is None or (area != "000000" and find_area(area) is None):
        raise Http404
    panels: list[dict[str, Any]] = []
    lacking: list[str] = []
    for number, panel in enumerate(found.panels):
        everybody = list_published(code=panel.indicator)
        with_area = [one for one in everybody if any(figure.area == area for figure in one.figures)]
        own = [one for one in with_area if one.publisher == area] or with_area
        if not own:
            known = everybody[-1].definition.title.said(drawing.language()) if everybody else panel.indicator
            lacking.append(known)
            continue
        published, without = own[-1], ""
        if panel.form is PanelForm.LINE:
            versions = [one for one in with_area if one.publisher == published.publisher]
            chart = drawing.line_of(versions, area)
        else:
            similar = list(panel.similar) or drawing.similar_to(area)
            compared = drawing.compare(published, everybody, area, similar)
            chart, without = drawing.comparison_of(published, compared), drawing.without_value(compared)
        if chart is None:
            if panel.form is PanelForm.LINE:
                lacking.append(drawing.finding(published, area))
            continue
        panels.append(
            {
                "chart": _panel(chart, f"panel-{number}"),
                "href": _address("figure", published, area),
                "published": published,
                "target": drawing.target_sentence(published, area) if panel.form is PanelForm.LINE else "",
                "without": without,
                "caveats": published.definition.caveats.said(drawing.language()),
                "version": _version(published),
                "source": "、".join(dict.fromkeys(one.source for one in drawing.figures_at(published, area))),
            }
        )
    language = drawing.language()
    context = {
        "title": _("%(board)s: %(area)s")
        % {"board": found.title.said(language), "area": area_name(area, language)},
        "lead": found.lead.said(language),
        "crumbs": _crumbs(),
        "panels": panels,
        "lacking": list(dict.fromkeys(lacking)),
    }
    return render(request, "dashboards/board.html", context)


@anyone
@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """Every form a chart can have, with figures of examples."""
    context = {
        "title": _("Forms of charts"),
        "lead": ngettext("%(count)d form of chart", "%(count)d forms of charts", len(ALL))
        % {"count": len(ALL)},
        "crumbs": _crumbs(),
        "panels": [
            {"chart": _panel(chart, f"form-{number}"), "form": type(chart.form).__name__}
            for number, chart in enumerate(ALL)
        ],
    }
    return render(request, "dashboards/forms.html", context)
