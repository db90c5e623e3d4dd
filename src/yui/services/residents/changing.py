"""What every page that changes the record has in common: once, never on a stale page, refusals at the field."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yui.kernel.forms.public import Form, FormRefused, StalePage, handle_form
from yui.registries.people.public import (
    EventView,
    HouseholdView,
    Refusal,
    ResidentChangeRefused,
    ResidentView,
)

F = TypeVar("F", bound=Form)
Seen = dict[UUID, int]


def seen_of(residents: Iterable[ResidentView] = (), households: Iterable[HouseholdView] = ()) -> str:
    """The versions of what a page shows, as the page carries them."""
    versions = {str(home.household): home.version for home in households}
    versions |= {str(resident.person): resident.version for resident in residents}
    return " ".join(f"{public_id}:{version}" for public_id, version in sorted(versions.items()))


def read_seen(form: Form) -> Seen:
    """The versions of what the clerk saw, from the posted page."""
    pairs = (entry.rpartition(":") for entry in form.posted_version.split())
    return {UUID(public_id): int(version) for public_id, _, version in pairs}


def change_page(
    request: HttpRequest,
    form: F,
    change: Callable[[F], EventView],
    *,
    template: str,
    context: Mapping[str, Any],
    fields: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer a page with one change of the record; done, it leads to the page that says what happened.

    Args:
        form: made with ``version=seen_of(…)``.
        change: calls the registry with ``key=str(form.token)`` and ``seen=read_seen(form)``.
        fields: names of fields for items of a refusal that are called otherwise there.
    """

    def then(form: F) -> str:
        try:
            event = change(form)
        except ResidentChangeRefused as refused:
            if refused.code is Refusal.STALE_PAGE:
                raise StalePage from None
            field = (fields or {}).get(refused.item, refused.item)
            raise FormRefused(str(refused), field if field in form.fields else "") from None
        return reverse("residents:change", args=[event.event])

    return handle_form(request, form, template=template, then=then, context=context)
