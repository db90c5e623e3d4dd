"""Pages of the resident's home."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yui.kernel.access.public import ActorKind, current_actor, signed_in
from yui.kernel.forms.public import FormRefused, StalePage, handle_form
from yui.kernel.tenancy.public import find_current_body
from yui.procedures.cases import public as procedures
from yui.procedures.cases.public import CaseState
from yui.procedures.payments.public import list_orders_for
from yui.services.portal import pages
from yui.services.portal.forms import ConfirmForm

LOOKED_PER_PAGE = 50


def _me() -> UUID:
    """The registry person who has signed in.

    Raises:
        Http404: the account is not (yet) tied to a resident of this municipality.
    """
    subject = current_actor().subject
    if subject is None:
        raise Http404
    return subject


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs me, what is coming, what was decided."""
    actor = current_actor()
    if actor.kind is ActorKind.STAFF:
        return redirect("residents:search")
    if find_current_body() is None:
        return redirect("identity:choose_body")
    if actor.subject is None:
        return render(
            request, "portal/unknown.html", {"title": _("We could not find your record")}, status=200
        )
    return render(request, "portal/home.html", pages.home(actor.subject, actor.display_name))


@signed_in
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """All my procedures."""
    context = {"title": _("Procedures"), "rows": pages.case_cards(procedures.list_cases_of(_me()))}
    return render(request, "portal/cases.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case: UUID) -> HttpResponse:
    """One procedure: why, what is filled in and from where, the one tap, and what was decided."""
    me = _me()
    try:
        view = procedures.get_case(case)
    except procedures.CaseNotFound:
        raise Http404 from None
    for notice in procedures.list_notices_of(me):
        if notice.case == case and notice.read_at is None:
            procedures.mark_read(notice.public_id)
    sending = view.state is CaseState.NOTIFIED or "correct" in request.GET or request.method == "POST"
    asking = view.may_be_sent and sending
    values = procedures.fill_application(case) if asking else procedures.stated_values(case)
    form = ConfirmForm.from_request(request, values=values, version=view.version)

    def confirm(confirmed: ConfirmForm) -> str:
        try:
            procedures.submit(
                case=case, version=int(confirmed.posted_version or 0), changes=confirmed.changes()
            )
        except procedures.StaleCase:
            raise StalePage from None
        except procedures.CaseRefused as refused:
            raise FormRefused(str(refused)) from None
        messages.success(request, _("Sent. You need do nothing more now."))
        return reverse("portal:case", args=[case])

    return handle_form(
        request,
        form,
        template="portal/case.html",
        then=confirm,
        context=pages.case_page(view, values, request.GET, asking=asking),
    )


@signed_in
@require_POST
def withdraw(request: HttpRequest, case: UUID) -> HttpResponse:
    """Withdraw an application, or decline an offer."""
    _me()
    try:
        version = request.POST.get("version", "")
        procedures.withdraw(case=case, version=int(version) if version.isdecimal() else 0)
    except procedures.CaseNotFound:
        raise Http404 from None
    except procedures.CaseRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Withdrawn. Nothing will be paid for this."))
    return redirect("portal:case", case=case)


@signed_in
@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """What was paid to me and what will be."""
    orders = list_orders_for(payee=_me(), reason="own_page")
    return render(request, "portal/payments.html", {"title": _("Payments"), **pages.payment_rows(orders)})


@signed_in
@require_safe
def looked(request: HttpRequest) -> HttpResponse:
    """Who looked at my data: when, what, why, and on which legal ground."""
    own_too = "own" in request.GET
    entries = [look for look in pages.looks(_me()) if own_too or not look.own]
    page = Paginator(entries, LOOKED_PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": _("Who looked at my data"), "page": page, "own_too": own_too}
    return render(request, "portal/looked.html", context)
