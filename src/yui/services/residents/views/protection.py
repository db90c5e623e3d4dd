"""Protection measures (DV等支援措置): supervisors only."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yui.kernel.access.public import requires
from yui.kernel.forms.public import Form, FormRefused, handle_form
from yui.registries.people.public import (
    ProtectionView,
    ResidentChangeRefused,
    ResidentNotFound,
    end_protection,
    extend_protection,
    get_resident,
    list_protection,
    register_protection,
)
from yui.services.residents import presenting
from yui.services.residents.errands import Errand, with_errand
from yui.services.residents.forms import parts
from yui.services.residents.forms.protection import (
    GROUNDS,
    EndForm,
    ExtendForm,
    RegisterForm,
    a_year_on,
)
from yui.services.residents.views.pages import form_context
from yui.services.residents.views.records import not_found

_METHODS = ["GET", "HEAD", "POST"]


@requires("residents.protection.manage")
@require_http_methods(_METHODS)
@with_errand
def protection(request: HttpRequest, person: UUID, *, errand: Errand) -> HttpResponse:
    """The measures of a person; a new one where none is in force."""
    form = RegisterForm.from_request(
        request, initial={"valid_from": parts.today(), "review_on": a_year_on(parts.today())}
    )

    def act(form: RegisterForm) -> None:
        register_protection(person=person, **form.cleaned_data)

    return _page(request, person, errand, form, act, _("Protection measure"), _("Register"))


@requires("residents.protection.manage")
@require_http_methods(_METHODS)
@with_errand
def extend(request: HttpRequest, person: UUID, *, errand: Errand) -> HttpResponse:
    """Keep the measure in force."""
    form = ExtendForm.from_request(request, initial={"review_on": a_year_on(parts.today())})

    def act(form: ExtendForm) -> None:
        extend_protection(person=person, review_on=form.cleaned_data["review_on"])

    return _page(request, person, errand, form, act, _("Extend the protection measure"), _("Extend"))


@requires("residents.protection.manage")
@require_http_methods(_METHODS)
@with_errand
def end(request: HttpRequest, person: UUID, *, errand: Errand) -> HttpResponse:
    """End the measure in force."""
    form = EndForm.from_request(request, initial={"until": parts.today()})

    def act(form: EndForm) -> None:
        end_protection(person=person, until=form.cleaned_data["until"])

    return _page(request, person, errand, form, act, _("End the protection measure"), _("End"))


def _page(
    request: HttpRequest,
    person: UUID,
    errand: Errand,
    form: Form,
    act: Callable[[Any], None],
    title: str,
    submit: str,
) -> HttpResponse:
    try:
        resident = get_resident(person, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    measures = list_protection(person, reason=errand.reason.value)
    in_force = any(_is_in_force(measure) for measure in measures)

    def then(form: Form) -> str:
        try:
            act(form)
        except ResidentChangeRefused as refused:
            raise FormRefused(str(refused), refused.item if refused.item in form.fields else "") from None
        messages.success(
            request, _("The protection measure was entered. It takes effect at once everywhere.")
        )
        return reverse("residents:resident", args=[person])

    context = form_context(title, errand, resident=resident, submit=submit)
    context |= {
        "measures": [
            {
                "when": presenting.span_text(measure.valid_from, measure.valid_until),
                "ground": GROUNDS.get(measure.ground, measure.ground),
                "review": presenting.day_text(measure.review_on),
                "in_force": _is_in_force(measure),
            }
            for measure in measures
        ],
        "can_register": not in_force or not isinstance(form, RegisterForm),
        "extend_url": reverse("residents:protection_extend", args=[person]) if in_force else "",
        "end_url": reverse("residents:protection_end", args=[person]) if in_force else "",
        "is_first_page": isinstance(form, RegisterForm),
    }
    return handle_form(request, form, template="residents/protection.html", then=then, context=context)


def _is_in_force(measure: ProtectionView) -> bool:
    return measure.valid_until is None or measure.valid_until > parts.today()
