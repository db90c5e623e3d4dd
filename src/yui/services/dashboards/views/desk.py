"""The desk: figures entered by hand, and the second look."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yui.evidence.charts.forms import FigureStatus
from yui.evidence.public import (
    Absence,
    DataRow,
    Definition,
    Entry,
    EvidenceRefused,
    Period,
    UnknownFigure,
    area_name,
    confirm_entry,
    enter_figure,
    list_definitions,
    list_entries,
    list_vintages,
    refuse_entry,
)
from yui.kernel.access.public import current_actor, requires
from yui.kernel.forms.public import DateField, Form, FormRefused, handle_form
from yui.kernel.tenancy.public import current_body
from yui.services.dashboards import drawing
from yui.services.dashboards.apps import CONFIRM, ENTER

_INPUT = "input_"


class FigureForm(Form):
    """One figure, with the columns of its formula."""

    area = forms.RegexField(
        r"^[0-9]{6}$",
        label=gettext_lazy("Code of the area"),
        help_text=gettext_lazy("Six digits; 000000 is the nation"),
    )
    period = forms.CharField(
        label=gettext_lazy("Period"),
        max_length=30,
        help_text=gettext_lazy("FY2024, 2024, 2024-05 or 2024-05-01..2024-05-07"),
    )
    status = forms.ChoiceField(label=gettext_lazy("Kind of figure"))
    vintage = forms.ChoiceField(label=gettext_lazy("Release of the projection"), required=False)
    absence = forms.ChoiceField(label=gettext_lazy("If there is no value, why"), required=False)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300)
    retrieved_on = DateField(label=gettext_lazy("Retrieved on"), era="reiwa")

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = list(drawing.status_words().items())  # type: ignore[attr-defined]
        vintages = [(one.code, f"{one.name} {one.variant}") for one in list_vintages()]
        self.fields["vintage"].choices = [("", _("No projection")), *vintages]  # type: ignore[attr-defined]
        reasons = drawing.absence_words().items()
        self.fields["absence"].choices = [("", _("There is a value")), *reasons]  # type: ignore[attr-defined]
        for name in definition.columns:
            self.fields[_INPUT + name] = forms.DecimalField(
                label=name, required=False, max_digits=24, decimal_places=9
            )
        names = [*(_INPUT + name for name in definition.columns), "absence"]
        order = ["area", "period", "status", "vintage", *names, "source", "retrieved_on"]
        self.order_fields(order)

    def clean_period(self) -> Period:
        """The period."""
        try:
            return Period.read(self.cleaned_data["period"])
        except ValueError:
            raise forms.ValidationError(
                _("A period is FY2024, 2024, 2024-05 or 2024-05-01..2024-05-07.")
            ) from None

    def row(self) -> DataRow:
        """What was entered."""
        told = self.cleaned_data
        inputs: dict[str, Decimal | int] = {
            name.removeprefix(_INPUT): value
            for name, value in told.items()
            if name.startswith(_INPUT) and value is not None
        }
        return DataRow(
            area=told["area"],
            period=told["period"],
            inputs=inputs,
            source=told["source"],
            retrieved_on=told["retrieved_on"],
            status=FigureStatus(told["status"]),
            vintage=told["vintage"],
            absence=Absence(told["absence"]) if told["absence"] else None,
        )


@requires(ENTER)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which indicator a figure is of."""
    rows = [
        [
            {
                "text": one.title.said(drawing.language()),
                "href": reverse("dashboards:enter_figure", args=[one.code, one.version]),
            },
            str(one.version),
            one.owner,
        ]
        for one in list_definitions()
    ]
    columns = [
        {"label": _("Indicator")},
        {"label": _("Definition"), "num": True},
        {"label": _("Answers for it")},
    ]
    context = {"title": _("Enter figures"), "columns": columns, "rows": rows}
    return render(request, "dashboards/choose.html", context)


@requires(ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Enter one figure; it counts when somebody else has looked at it."""
    definition = next((one for one in list_definitions(code) if one.version == version), None)
    if definition is None:
        raise Http404
    form = FigureForm.from_request(request, definition=definition, initial={"area": current_body().code})

    def note(valid: FigureForm) -> str:
        try:
            enter_figure(code, valid.row(), version=version)
        except EvidenceRefused as refused:
            raise FormRefused(str(refused)) from None
        messages.success(request, _("Noted. It counts when somebody else has looked at it."))
        return reverse("dashboards:enter")

    context = {
        "title": _("Enter a figure: %(title)s") % {"title": definition.title.said(drawing.language())},
        "lead": definition.question.said(drawing.language()),
        "crumbs": [(_("Enter figures"), reverse("dashboards:enter"))],
        "formula": definition.formula,
        "unit": definition.unit.said(drawing.language()),
    }
    return handle_form(request, form, template="dashboards/enter.html", then=note, context=context)


@requires(CONFIRM)
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """What others entered and nobody has looked at."""
    context = {"title": _("Look at figures"), "entries": [_shown(one) for one in list_entries()]}
    return render(request, "dashboards/entries.html", context)


def _shown(entry: Entry) -> dict[str, Any]:
    row, language = entry.row, drawing.language()
    definition = next(one for one in list_definitions(entry.code) if one.version == entry.version)
    value = (
        drawing.absence_words()[row.absence]
        if row.absence
        else "、".join(f"{name} = {drawing.written(number)}" for name, number in row.inputs.items())
    )
    return {
        "id": entry.public_id,
        "title": definition.title.said(language),
        "is_own": entry.entered_by == current_actor().public_id,
        "facts": [
            {"label": _("Area"), "value": f"{area_name(row.area, language)} ({row.area})"},
            {"label": _("Period"), "value": drawing.period_name(row.period)},
            {"label": _("Kind of figure"), "value": drawing.status_words()[row.status]},
            {"label": _("Value"), "value": value},
            {"label": _("Formula"), "value": definition.formula},
            {"label": _("Source"), "value": row.source},
            {"label": _("Retrieved on"), "value": date_format(row.retrieved_on, "DATE_FORMAT")},
        ],
    }


@requires(CONFIRM)
@require_POST
def look(request: HttpRequest, entry: UUID, act: str) -> HttpResponse:
    """Confirm or refuse what somebody else entered."""
    if act not in ("confirm", "refuse"):
        raise Http404
    try:
        if act == "confirm":
            confirm_entry(entry)
            messages.success(request, _("The figure is taken over."))
        else:
            refuse_entry(entry)
            messages.success(request, _("The entry is refused."))
    except UnknownFigure:
        raise Http404 from None
    except EvidenceRefused as refused:
        messages.error(request, str(refused))
    return redirect("dashboards:entries")
