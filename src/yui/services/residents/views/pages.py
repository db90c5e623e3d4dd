"""What every page with a form of the desk is given."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yui.registries.people.public import HouseholdView, ResidentView
from yui.services.residents import addresses, presenting
from yui.services.residents.errands import Errand
from yui.services.residents.nationalities import NAMES


def form_context(
    title: str,
    errand: Errand,
    *,
    submit: str,
    household: HouseholdView | None = None,
    resident: ResidentView | None = None,
    text: str = "",
    **more: Any,
) -> dict[str, Any]:
    """Title, way back, what the page is about, and the words offered while typing."""
    crumbs = [(_("Resident record"), reverse("residents:search"))]
    if household is not None:
        head = household.head
        name = head.name.full if head else household.household_number
        crumbs.append(
            (
                _("Household of %(name)s") % {"name": name},
                reverse("residents:household", args=[household.household]),
            )
        )
    if resident is not None:
        crumbs.append((resident.name.full, reverse("residents:resident", args=[resident.person])))
    return {
        "title": title,
        "errand": errand,
        "crumbs": crumbs,
        "submit": submit,
        "submit_text": text,
        "cancel_url": crumbs[-1][1],
        "household": household,
        "members": presenting.member_rows(household) if household else [],
        "resident": resident,
        "towns": addresses.town_names(),
        "nationalities": NAMES.values(),
        **more,
    }
