"""Birth (出生)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yui.kernel.access.public import requires
from yui.registries.people.public import EventView, ResidentNotFound, household_as_of, record_birth
from yui.services.residents.changing import change_page, read_seen, seen_of
from yui.services.residents.errands import Errand, with_errand
from yui.services.residents.forms import parts
from yui.services.residents.forms.birth import BirthForm, birth_initial, women_of
from yui.services.residents.views.pages import form_context
from yui.services.residents.views.records import not_found


@requires("residents.record.change")
@require_http_methods(["GET", "HEAD", "POST"])
@with_errand
def birth(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """A child is born into a household; everything the record knows is filled in."""
    try:
        home = household_as_of(household, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    if home.is_closed:
        return not_found(request, errand)
    women = women_of(home, parts.today())
    chosen = request.GET.get("mother", "")
    mother = next((woman for woman in women if str(woman.person) == chosen), None)
    initial, sources = birth_initial(home, mother, parts.today())
    form = BirthForm.from_request(
        request, women=women, initial=initial, sources=sources, version=seen_of(households=[home])
    )

    def act(form: BirthForm) -> EventView:
        return record_birth(
            child=form.child(),
            mother=parts.uuid_or_none(form.cleaned_data["mother"]),
            household=household,
            notified_on=form.cleaned_data["notified_on"],
            reason=form.remark(),
            key=str(form.token),
            seen=read_seen(form),
        )

    context = form_context(
        _("Birth"),
        errand,
        household=home,
        submit=_("Record the birth"),
        text=_("The notices that follow are sent by themselves."),
    )
    return change_page(
        request,
        form,
        act,
        template="residents/form.html",
        context=context,
        fields={"effective_on": "born_on"},
    )
