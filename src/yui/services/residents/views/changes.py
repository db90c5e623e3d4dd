"""Death, moves out and within, household changes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yui.kernel.access.public import requires
from yui.registries.people.public import (
    EventView,
    HouseholdView,
    ResidentNotFound,
    change_head,
    change_relationships,
    get_household_of,
    household_as_of,
    merge_households,
    record_death,
    record_move_out,
    record_move_within,
    split_household,
)
from yui.services.residents import addresses
from yui.services.residents.changing import change_page, read_seen, seen_of
from yui.services.residents.errands import Errand, with_errand
from yui.services.residents.forms import household as household_forms
from yui.services.residents.forms import parts
from yui.services.residents.forms.leaving import DeathForm, MoveOutForm, MoveWithinForm, chosen_ids
from yui.services.residents.views.pages import form_context
from yui.services.residents.views.records import not_found

_METHODS = ["GET", "HEAD", "POST"]


@requires("residents.record.change")
@require_http_methods(_METHODS)
@with_errand
def death(request: HttpRequest, person: UUID, *, errand: Errand) -> HttpResponse:
    """Somebody died."""
    try:
        home = get_household_of(person, **errand.why)
    except ResidentNotFound:
        return not_found(request, errand)
    dead = next(member for member in home.members if member.person == person)
    form = DeathForm.from_request(
        request,
        person=dead,
        household=home,
        initial={"notified_on": parts.today()},
        version=seen_of(home.members, [home]),
    )

    def act(form: DeathForm) -> EventView:
        return record_death(
            person=person,
            effective_on=form.cleaned_data["effective_on"],
            new_head=form.new_head(),
            members=form.members_after(),
            **_sent(form),
        )

    context = form_context(
        _("Death of %(name)s") % {"name": dead.name.full},
        errand,
        household=home,
        submit=_("Record the death"),
    )
    return change_page(request, form, act, template="residents/form.html", context=context)


@requires("residents.record.change")
@require_http_methods(_METHODS)
@with_errand
def move_out(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """Members leave the municipality."""
    home = _find(household, errand)
    if home is None:
        return not_found(request, errand)
    everyone = [str(member.person) for member in home.members]
    form = MoveOutForm.from_request(
        request,
        household=home,
        initial={"persons": everyone, "notified_on": parts.today()},
        version=seen_of(home.members, [home]),
    )

    def act(form: MoveOutForm) -> EventView:
        return record_move_out(
            persons=chosen_ids(form),
            effective_on=form.cleaned_data["effective_on"],
            destination=form.cleaned_data["destination"],
            new_head=form.new_head(),
            members=form.members_after(),
            **_sent(form),
        )

    context = form_context(_("Move out"), errand, household=home, submit=_("Record the move out"))
    return change_page(request, form, act, template="residents/form.html", context=context)


@requires("residents.record.change")
@require_http_methods(_METHODS)
@with_errand
def move_within(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """Members move inside the municipality."""
    home = _find(household, errand)
    if home is None:
        return not_found(request, errand)
    everyone = [str(member.person) for member in home.members]
    form = MoveWithinForm.from_request(
        request,
        household=home,
        initial={"persons": everyone, "notified_on": parts.today()},
        version=seen_of(home.members, [home]),
    )

    def act(form: MoveWithinForm) -> EventView:
        return record_move_within(
            persons=chosen_ids(form),
            effective_on=form.cleaned_data["effective_on"],
            address=addresses.complete(form.address()),
            household=form.cleaned_data["household"],
            members=form.members_after(),
            new_head=form.new_head(),
            **_sent(form),
        )

    context = form_context(
        _("Move within the municipality"), errand, household=home, submit=_("Record the move")
    )
    return change_page(request, form, act, template="residents/form.html", context=context)


@requires("residents.record.change")
@require_safe
@with_errand
def household_change(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """Which of the four household changes."""
    home = _find(household, errand)
    if home is None:
        return not_found(request, errand)
    choices = [
        ("split", _("Split"), _("Some members make a household of their own at the same address.")),
        ("merge", _("Merge"), _("Members join another household at the same address.")),
        ("head", _("Another head"), _("Another member becomes head of the household.")),
        ("relationships", _("Relationships"), _("Members stand in other relationships to the head.")),
    ]
    if len(home.members) == 1:
        choices = choices[1:2]
    context = form_context(_("Household change"), errand, household=home, submit="")
    context["choices"] = [
        {"label": label, "text": text, "url": reverse(f"residents:{code}", args=[household])}
        for code, label, text in choices
    ]
    return render(request, "residents/household_change.html", context)


@requires("residents.record.change")
@require_http_methods(_METHODS)
@with_errand
def split(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """Some members make a household of their own."""

    def act(form: household_forms.SplitForm) -> EventView:
        return split_household(
            members=form.members_after(),
            effective_on=form.cleaned_data["effective_on"],
            new_head=form.new_head(),
            staying=form.stay_after(),
            **_sent(form),
        )

    return _household_page(request, household, errand, household_forms.SplitForm, act, _("Split a household"))


@requires("residents.record.change")
@require_http_methods(_METHODS)
@with_errand
def merge(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """Members join another household."""

    def act(form: household_forms.MergeForm) -> EventView:
        return merge_households(
            into=form.cleaned_data["into"],
            members=form.members_after(),
            effective_on=form.cleaned_data["effective_on"],
            new_head=form.new_head(),
            staying=form.stay_after(),
            **_sent(form),
        )

    return _household_page(request, household, errand, household_forms.MergeForm, act, _("Merge households"))


@requires("residents.record.change")
@require_http_methods(_METHODS)
@with_errand
def head(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """Another member becomes head."""

    def act(form: household_forms.HeadForm) -> EventView:
        return change_head(
            household=household,
            new_head=UUID(form.cleaned_data["new_head"]),
            members=form.members_after(),
            effective_on=form.cleaned_data["effective_on"],
            **_sent(form),
        )

    return _household_page(request, household, errand, household_forms.HeadForm, act, _("Another head"))


@requires("residents.record.change")
@require_http_methods(_METHODS)
@with_errand
def relationships(request: HttpRequest, household: UUID, *, errand: Errand) -> HttpResponse:
    """Members stand in other relationships to the head."""

    def act(form: household_forms.RelationshipsForm) -> EventView:
        return change_relationships(
            household=household,
            members=form.members_after(),
            effective_on=form.cleaned_data["effective_on"],
            **_sent(form),
        )

    return _household_page(
        request, household, errand, household_forms.RelationshipsForm, act, _("Relationships to the head")
    )


def _household_page(
    request: HttpRequest,
    household: UUID,
    errand: Errand,
    form_class: type[Any],
    act: Callable[[Any], EventView],
    title: str,
) -> HttpResponse:
    home = _find(household, errand)
    if home is None:
        return not_found(request, errand)
    form = form_class.from_request(
        request,
        household=home,
        initial={"effective_on": parts.today(), "notified_on": parts.today()},
        version=seen_of(home.members, [home]),
    )
    context = form_context(title, errand, household=home, submit=_("Record the change"))
    return change_page(request, form, act, template="residents/form.html", context=context)


def _find(household: UUID, errand: Errand) -> HouseholdView | None:
    """A household somebody lives in today."""
    try:
        home = household_as_of(household, **errand.why)
    except ResidentNotFound:
        return None
    return None if home.is_closed else home


def _sent(form: Any) -> dict[str, Any]:
    """What every change carries from its page."""
    return {
        "notified_on": form.cleaned_data["notified_on"],
        "reason": form.cleaned_data["remark"],
        "key": str(form.token),
        "seen": read_seen(form),
    }
