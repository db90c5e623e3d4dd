"""The account register, returned payments, and the accounts the body pays from."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yui.kernel.access.public import PermissionRefused, current_actor, requires
from yui.kernel.forms.public import FormRefused, handle_form
from yui.procedures.payments import public as payments
from yui.procedures.payments.contracts import AccountRefused, AccountSource, PaymentRefused, UnknownPayment
from yui.registries.people.public import ResidentView, find_resident, search_residents
from yui.services.treasury import pages
from yui.services.treasury.apps import ACCOUNT_CHANGE, ACCOUNT_READ, PAYING_ACCOUNT_CHANGE, REOPEN
from yui.services.treasury.forms import AccountForm, AccountSearchForm, PayingAccountForm, account_input

FOUND_SHOWN = 50


@requires(ACCOUNT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def account_search(request: HttpRequest) -> HttpResponse:
    """Find the person whose account is wanted. Shows no account; what is looked for stands in no address."""
    form = AccountSearchForm(request.POST or None)
    found = []
    asked = form.is_bound and form.is_valid() and any(form.cleaned_data.values())
    if asked:
        name, number = form.cleaned_data["name"], form.cleaned_data["person_number"]
        hits: dict[UUID, ResidentView] = {}
        for words in ({"name": name}, {"kana": name}) if name else ({},):
            for hit in search_residents(
                **words,  # type: ignore[arg-type]
                person_number=number,
                include_former=True,
                limit=FOUND_SHOWN,
                reason="account_register",
                legal_ground=pages.LEGAL_GROUND,
            ):
                hits.setdefault(hit.resident.person, hit.resident)
        found = [pages.person_row(resident) for resident in list(hits.values())[:FOUND_SHOWN]]
    context = {"title": _("Account register"), "form": form, "asked": asked, "rows": found}
    return render(request, "treasury/accounts.html", context)


@requires(ACCOUNT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, payee: UUID) -> HttpResponse:
    """A person's accounts over time, and the form that states another one."""
    today = timezone.localdate()
    resident = find_resident(payee, reason="account_register", legal_ground=pages.LEGAL_GROUND)
    statements = payments.list_accounts(payee, reason="account_register", legal_ground=pages.LEGAL_GROUND)
    if resident is None and not statements:
        raise Http404
    name = resident.name.full if resident else pages.readable(statements[0].holder_kana)
    form = AccountForm.from_request(
        request,
        initial={
            "valid_from": today,
            "source": AccountSource.APPLICATION.value,
            "holder_kana": resident.name.full_kana if resident else "",
        },
    )

    def state(valid: AccountForm) -> str:
        if ACCOUNT_CHANGE not in current_actor().permissions:
            raise PermissionRefused(ACCOUNT_CHANGE)
        try:
            payments.register_account(
                payee=payee,
                account=valid.account(),
                source=AccountSource(valid.cleaned_data["source"]),
                valid_from=valid.cleaned_data["valid_from"],
                reason="account_register",
                legal_ground=pages.LEGAL_GROUND,
            )
        except AccountRefused as refused:
            raise FormRefused(str(refused), refused.field if refused.field in valid.fields else "") from None
        messages.success(request, _("The account is registered."))
        return reverse("treasury:account", args=[payee])

    current = payments.find_account(
        payee, on=today, reason="account_register", legal_ground=pages.LEGAL_GROUND
    )
    context = {
        "title": _("Account of %(name)s") % {"name": name},
        "crumbs": [(_("Account register"), reverse("treasury:accounts"))],
        "facts": pages.account_facts(current) if current else [],
        "history": [pages.account_row(statement, current) for statement in statements],
        "may_change": ACCOUNT_CHANGE in current_actor().permissions,
    }
    return handle_form(request, form, template="treasury/account.html", then=state, context=context)


@requires(REOPEN)
@require_safe
def returned(request: HttpRequest) -> HttpResponse:
    """Money that came back and waits to be paid again."""
    orders = payments.list_returned_orders(reason="returned_payment", legal_ground=pages.LEGAL_GROUND)
    context = {"title": _("Returned payments"), "rows": pages.returned_rows(orders)}
    return render(request, "treasury/returned.html", context)


@requires(REOPEN)
@require_POST
def reopen(request: HttpRequest, order: UUID) -> HttpResponse:
    """Let one amount go into the next run again."""
    try:
        payments.reopen_order(order_id=order)
    except UnknownPayment:
        raise Http404 from None
    except PaymentRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The amount can go into the next run."))
    return redirect("treasury:returned")


@requires(PAYING_ACCOUNT_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def paying_accounts(request: HttpRequest) -> HttpResponse:
    """The accounts the body pays from."""
    form = PayingAccountForm.from_request(request, initial={"code": "main"})

    def state(valid: PayingAccountForm) -> str:
        data = valid.cleaned_data
        try:
            payments.register_paying_account(
                code=data["code"],
                originator_code=data["originator_code"],
                originator_name=data["originator_name"],
                account=account_input(data, data["originator_name"]),
            )
        except AccountRefused as refused:
            field = "originator_name" if refused.field == "holder_kana" else refused.field
            raise FormRefused(str(refused), field if field in valid.fields else "") from None
        messages.success(request, _("The account is registered."))
        return reverse("treasury:paying_accounts")

    context = {
        "title": _("Accounts we pay from"),
        "crumbs": pages.crumbs(),
        "rows": [pages.paying_account_row(account) for account in payments.list_paying_accounts()],
    }
    return handle_form(request, form, template="treasury/paying_accounts.html", then=state, context=context)
