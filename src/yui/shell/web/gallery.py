"""The gallery: every component in every variant, so that it can be looked at and tested as a whole."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.kernel.forms.public import (
    AgreeField,
    ConfirmationField,
    DateField,
    Form,
    KanaField,
    NameField,
    PostalCodeField,
    Provenance,
    Section,
    YenField,
    handle_form,
)
from yui.shell.web.icons import PATHS

ERROR_PAGES = ("400", "403", "404", "500", "expired", "stale")


class SampleForm(Form):
    """One field of each kind."""

    sections = (
        Section(gettext_lazy("About the child"), ["name", "kana", "born_on", "sex"]),
        Section(
            gettext_lazy("About the household"),
            ["household", "postal_code", "moved_on", "amount", "reason", "wishes", "paper", "agreed"],
            hint=gettext_lazy("Filled in from what the municipality already knows."),
        ),
    )

    name = NameField(label=gettext_lazy("Name"), help_text=gettext_lazy("As written in the family register"))
    kana = KanaField(
        label=gettext_lazy("Reading of the name"), help_text=gettext_lazy("In katakana, for example ヤマダ")
    )
    born_on = DateField(label=gettext_lazy("Date of birth"), era="reiwa")
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[("2", gettext_lazy("Female")), ("1", gettext_lazy("Male"))],
        widget=forms.RadioSelect,
    )
    household = ConfirmationField(
        label=gettext_lazy("Head of household"),
        provenance=Provenance(gettext_lazy("Resident register"), dt.date(2025, 4, 1)),
        change_url="#wrong",
    )
    postal_code = PostalCodeField(label=gettext_lazy("Postal code"))
    moved_on = DateField(label=gettext_lazy("Date of moving in"), partial=True, required=False)
    amount = YenField(label=gettext_lazy("Amount"), required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[
            ("", gettext_lazy("Choose")),
            ("a", gettext_lazy("Moved here")),
            ("b", gettext_lazy("Born here")),
        ],
    )
    wishes = forms.CharField(label=gettext_lazy("Anything else"), required=False, widget=forms.Textarea)
    paper = forms.MultipleChoiceField(
        label=gettext_lazy("How shall we tell you?"),
        required=False,
        choices=[("app", gettext_lazy("On this site")), ("letter", gettext_lazy("By letter"))],
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = AgreeField(label=gettext_lazy("The above is right"))


def gallery_page(request: HttpRequest) -> HttpResponse:
    """The gallery for one of the three audiences (``?audience=staff``), fresh, sent with mistakes, or stale."""
    audience = request.GET.get("audience", "resident")
    if audience not in ("resident", "staff", "public"):
        audience = "resident"
    form = SampleForm.from_request(
        request,
        version=2,
        initial={"household": "結 太郎", "postal_code": "1000001"},
        sources={"postal_code": Provenance(_("Resident register"), dt.date(2025, 4, 1))},
    )
    if request.method == "GET":
        messages.success(request, _("Your application has been received."))
    context = _context(request, audience)
    if request.GET.get("error") in ERROR_PAGES:
        return render(request, f"shell/errors/{request.GET['error']}.html")
    return handle_form(
        request,
        form,
        template=f"shell/gallery_{audience}.html",
        then=lambda _form: request.path,
        context=context,
        once=False,
    )


def _context(request: HttpRequest, audience: str) -> dict[str, Any]:
    return {
        "title": _("Gallery of components"),
        "lead": _("Every component in its variants, for whoever writes or checks a page."),
        "crumbs": [(_("First page"), "/")],
        "audiences": [
            {"label": label, "href": f"?audience={name}", "current": name == audience, "count": count}
            for name, label, count in (
                ("resident", _("Page for a resident"), None),
                ("staff", _("Page for staff"), 12),
                ("public", _("Page for everybody"), None),
            )
        ],
        "error_pages": ERROR_PAGES,
        "icons": sorted(PATHS),
        "statuses": [
            ("done", _("Decided")),
            ("going", _("Being examined")),
            ("waiting", _("Waiting")),
            ("action", _("Please confirm")),
            ("refused", _("Refused")),
            ("", _("Not begun")),
        ],
        "steps": [
            {"label": _("Birth recorded"), "state": "done", "note": "2025-11-20"},
            {"label": _("You confirm"), "state": "current", "note": _("One tap; everything is filled in.")},
            {"label": _("Decision"), "state": "todo"},
            {"label": _("Payment"), "state": "todo"},
        ],
        "columns": [
            {"label": _("Child")},
            {"label": _("Born on")},
            {"label": _("State")},
            {"label": _("Amount a month"), "num": True},
        ],
        "rows": [
            [
                {"text": "結 さくら", "href": "#sakura"},
                "2025-11-20",
                {"text": _("Please confirm"), "status": "action"},
                "15,000",
            ],
            [
                {"text": "結 大地", "href": "#daichi"},
                "2021-05-03",
                {"text": _("Decided"), "status": "done"},
                "10,000",
            ],
        ],
        "facts": [
            {
                "label": _("Name"),
                "value": "結 太郎",
                "name": True,
                "source": _("Resident register"),
                "as_of": dt.date(2025, 11, 20),
            },
            {
                "label": _("Address"),
                "value": "結県結見市稲穂町1丁目2番3号",
                "source": _("Resident register"),
                "as_of": dt.date(2025, 11, 20),
                "change_url": "#change",
            },
            {"label": _("Account"), "value": None, "note": _("Not registered yet"), "change_url": "#account"},
        ],
        "entries": [
            {
                "when": "2025-11-20",
                "title": _("The birth was recorded"),
                "text": _("By the residents' desk, on your notification"),
            },
            {"when": "2025-11-21", "title": _("We asked you to confirm"), "href": "#notice"},
            {"when": "2026-02-10", "title": _("First payment"), "future": True},
        ],
        "figures": [
            {"label": _("Waiting for examination"), "value": 12, "unit": _("cases"), "href": "#cases"},
            {
                "label": _("Decided this month"),
                "value": 148,
                "unit": _("cases"),
                "note": _("of them 131 without any entry"),
            },
            {"label": _("Payment planned"), "value": "3,240,000", "unit": _("yen")},
        ],
        "page": Paginator(range(200), 10).get_page(request.GET.get("page")),
    }
