"""Copies of the resident record (住民票の写し)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yui.kernel.access.public import requires
from yui.kernel.forms.public import FormRefused, handle_form
from yui.registries.people.public import (
    HouseholdView,
    ResidentNotFound,
    ResidentView,
    find_household_of,
    get_resident,
    household_as_of,
)
from yui.services.residents import presenting
from yui.services.residents.certificates import (
    draw_certificate,
    get_certificate,
    issue_certificate,
    list_certificates,
)
from yui.services.residents.contracts import (
    ApplicantKind,
    CertificateForm,
    CertificateNotFound,
    CertificateRefused,
    CertificateView,
)
from yui.services.residents.errands import Errand, with_errand
from yui.services.residents.forms.certificate import APPLICANTS, FORMS, ITEMS, CertificateRequestForm
from yui.services.residents.rules import ground_of
from yui.services.residents.views.pages import form_context
from yui.services.residents.views.records import crumbs, not_found


@requires("residents.certificate.issue")
@require_http_methods(["GET", "HEAD", "POST"])
@with_errand
def certificate(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """Ask for a copy about a household."""
    try:
        home = household_as_of(household, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    if home.is_closed:
        return not_found(request, errand)
    everyone = [str(member.person) for member in home.members]
    return _request_page(request, errand, home.members, household, {"persons": everyone}, home=home)


@requires("residents.certificate.issue")
@require_http_methods(["GET", "HEAD", "POST"])
@with_errand
def certificate_of(request: HttpRequest, person: UUID, *, errand: Errand) -> HttpResponse:
    """Ask for a copy about one person, who may have been removed from the record (除票)."""
    try:
        resident = get_resident(person, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    home = find_household_of(person, **errand.why) if resident.is_resident else None
    residents = home.members if home else (resident,)
    initial = {"persons": [str(person)], "layout": CertificateForm.INDIVIDUAL.value}
    return _request_page(
        request, errand, residents, resident.household, initial, home=home, resident=resident
    )


def _request_page(
    request: HttpRequest,
    errand: Errand,
    residents: Sequence[ResidentView],
    household: UUID,
    initial: dict[str, Any],
    *,
    home: HouseholdView | None,
    resident: ResidentView | None = None,
) -> HttpResponse:
    initial = {"layout": CertificateForm.HOUSEHOLD.value, "applicant": ApplicantKind.SELF.value} | initial
    form = CertificateRequestForm.from_request(request, residents=residents, initial=initial)

    def issue(form: CertificateRequestForm) -> str:
        try:
            issued = issue_certificate(
                token=form.token,
                form=CertificateForm(form.cleaned_data["layout"]),
                persons=form.persons(),
                household=household,
                items=form.items(),
                applicant=ApplicantKind(form.cleaned_data["applicant"]),
            )
        except CertificateRefused as refused:
            raise FormRefused(str(refused), refused.field) from None
        return reverse("residents:certificate_issued", args=[issued.public_id])

    context = form_context(
        _("Copy of the resident record"), errand, household=home, resident=resident, submit=_("Issue")
    )
    context["issued"] = [
        {
            "number": f"{copy.number:06d}",
            "url": reverse("residents:certificate_issued", args=[copy.public_id]),
            "at": _instant(copy),
            "form": FORMS[copy.form],
            "persons": len(copy.persons),
        }
        for copy in list_certificates(household)
    ]
    return handle_form(request, form, template="residents/certificate.html", then=issue, context=context)


@requires("residents.certificate.issue")
@require_safe
@with_errand
def certificate_issued(request: HttpRequest, certificate: UUID, *, errand: Errand) -> HttpResponse:
    """What was issued, and its PDF."""
    try:
        issued = get_certificate(certificate)
    except CertificateNotFound:
        return not_found(request, errand)
    items = [str(label) for item, label in ITEMS.items() if item in issued.items]
    facts = [
        (_("Issue number"), f"{issued.number:06d}"),
        (_("Form of the copy"), FORMS[issued.form]),
        (_("Persons"), len(issued.persons)),
        (_("Items to state"), _(", ").join(items)),
        (_("Who asks"), APPLICANTS[issued.applicant]),
        (_("Legal ground"), ground_of(issued.applicant, removed=False)),
        (_("State of the record on"), presenting.day_text(issued.as_of)),
        (_("Issued"), _instant(issued)),
        (_("Fingerprint (SHA-256)"), issued.sha256),
    ]
    context = {
        "title": _("Copy %(number)s issued") % {"number": f"{issued.number:06d}"},
        "crumbs": crumbs(
            (_("Copy of the resident record"), reverse("residents:certificate", args=[issued.household]))
        ),
        "errand": errand,
        "facts": [{"label": label, "value": value or None} for label, value in facts],
        "file_url": reverse("residents:certificate_file", args=[certificate]),
        "household_url": reverse("residents:household", args=[issued.household]),
    }
    return render(request, "residents/certificate_issued.html", context)


@requires("residents.certificate.issue")
@require_safe
@with_errand
def certificate_file(request: HttpRequest, certificate: UUID, *, errand: Errand) -> HttpResponse:
    """The PDF of an issued copy."""
    try:
        issued, pdf = draw_certificate(certificate)
    except CertificateNotFound:
        return not_found(request, errand)
    except CertificateRefused as refused:
        context = {"title": _("This copy cannot be made again"), "errand": errand, "text": str(refused)}
        return render(
            request, "residents/certificate_changed.html", context | {"crumbs": crumbs()}, status=409
        )
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="juminhyo-{issued.number:06d}.pdf"'
    return answer


def _instant(issued: CertificateView) -> str:
    return date_format(timezone.localtime(issued.issued_at), "DATETIME_FORMAT")
