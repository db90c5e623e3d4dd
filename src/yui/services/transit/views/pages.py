"""From rides to what pages show."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yui.kernel.access.public import ActorKind, current_actor
from yui.registries.people.public import list_residents
from yui.services.transit.booking import RideView
from yui.services.transit.definitions import list_services_on
from yui.services.transit.models import Duty
from yui.services.transit.views.words import ENDED, STATES, because
from yui.supply.public import ChangeView, DemandState, DemandView

REASON = "transit_booking"
"""Why records of residents are read here; it stands in the journal."""
LIVE = (DemandState.OPEN, DemandState.PROMISED, DemandState.UNDER_WAY)
CANCELLABLE = (DemandState.OPEN, DemandState.PROMISED)


def layout() -> str:
    """The frame of a page that riders and the phone desk share."""
    return "shell/staff.html" if current_actor().kind is ActorKind.STAFF else "shell/resident.html"


def names_of(persons: list[UUID], reason: str = REASON) -> dict[UUID, str]:
    """Full names, without those that may not be shown; the reads are journalled."""
    return {one.person: one.name.full for one in list_residents(persons, reason=reason)} if persons else {}


def clock(at: dt.datetime) -> str:
    """An instant as riders say it: the time alone today, else with its day."""
    here = timezone.localtime(at)
    words = date_format(here, "H:i")
    day = date_format(here, _("D, j N"))
    return words if here.date() == timezone.localdate() else f"{day} {words}"


def coming(demand: DemandView) -> str:
    """When the car comes, or came."""
    if demand.served and demand.served[0]:
        return clock(demand.served[0])
    if demand.planned:
        return clock(demand.planned[0])
    return clock(demand.told[0]) if demand.told else ""


def changes(demand: DemandView) -> list[dict[str, Any]]:
    """What was told anew of a promise, the last last."""
    found, before = [], demand.promised
    for change in demand.changes:
        found.append({"at": clock(change.told_at)} | _told(_change(demand, change, before), not change.times))
        before = change.times or before
    return found


def told(demand: DemandView) -> dict[str, Any] | None:
    """What a rider has to know of a promise now: the last change of it, or that it came to nothing."""
    found = changes(demand)
    if found and (demand.state in LIVE or (demand.state is DemandState.FAILED and found[-1]["is_lost"])):
        return found[-1]
    return _told(str(ENDED[demand.state]), is_lost=True) if demand.state in ENDED else None


def _told(text: str, is_lost: bool) -> dict[str, Any]:
    return {"text": text, "is_lost": is_lost, "kind": "error" if is_lost else "warning"}


def _change(demand: DemandView, change: ChangeView, before: tuple[dt.datetime, ...]) -> str:
    """What was told, in the clock times that were told before and since."""
    cause = {"cause": because(change.because)}
    boarded = demand.served[0]
    is_aboard = boarded is not None and boarded <= change.told_at
    if not change.times:
        told = (
            _("You cannot be taken further, because %(cause)s.")
            if is_aboard
            else _("The car cannot come, because %(cause)s.")
        )
        return told % cause
    was, now = [clock(at) for at in before], [clock(at) for at in change.times]
    if was[0] != now[0]:
        told = (
            _("Another car takes you on at %(now)s, because %(cause)s.")
            if is_aboard
            else _("The car now comes at %(now)s instead of %(before)s, because %(cause)s.")
        )
        return told % {"now": now[0], "before": was[0], **cause}
    if was[-1] != now[-1]:
        told = _("You now arrive at %(now)s instead of %(before)s, because %(cause)s.")
        return told % {"now": now[-1], "before": was[-1], **cause}
    return _("The plan has changed, because %(cause)s. The times stay as you were told.") % cause


def phone_of(service: str, at: dt.datetime) -> str:
    """Where riders ring about a ride of a service; empty when nowhere."""
    services = list_services_on(timezone.localdate(at))
    return next((one.phone for one in services if one.code == service), "")


def people(party: int, wheelchairs: int) -> str:
    """How many ride, in words."""
    told = ngettext("%(n)d person", "%(n)d people", party) % {"n": party}
    chairs = ngettext("%(n)d wheelchair", "%(n)d wheelchairs", wheelchairs) % {"n": wheelchairs}
    return _("%(people)s, %(chairs)s") % {"people": told, "chairs": chairs} if wheelchairs else told


def car_of(demand: DemandView) -> str:
    """The car that serves a ride: its name and plate; empty when none does."""
    duty = Duty.objects.select_related("vehicle").filter(shift=demand.shift).first() if demand.shift else None
    return f"{duty.vehicle.name} ({duty.vehicle.plate})" if duty else ""


def ride_row(ride: RideView, rider: str = "") -> dict[str, Any]:
    """A ride in a list. ``rider`` is named where it is not the reader."""
    demand = ride.demand
    label, kind = STATES[demand.state]
    start, end = (step.name for step in demand.steps)
    waits = demand.state is DemandState.OPEN
    # A wish that nobody chose an offer for is over when its time is.
    is_to_come = demand.steps[-1].until_at > timezone.now()
    is_live = demand.state in LIVE and (not waits or is_to_come)
    return {
        "href": reverse("transit:offers" if waits else "transit:ride", args=[demand.public_id]),
        "title": _("%(start)s to %(end)s") % {"start": start, "end": end},
        "state": label,
        "kind": kind,
        "wished_at": clock(ride.wished_at),
        "comes": coming(demand),
        "yen": demand.price_yen if demand.price_yen is not None else ride.quoted_yen,
        "rider": rider,
        "is_live": is_live,
        # Whose ride was lost has to see it where they look for the ride.
        "is_shown_first": is_live or (demand.state is DemandState.FAILED and is_to_come),
        "told": told(demand),
        "cancel": reverse("transit:cancel", args=[demand.public_id]) if demand.state in CANCELLABLE else "",
    }


def ride_facts(ride: RideView, rider: str = "") -> list[dict[str, Any]]:
    """A ride in full."""
    demand = ride.demand
    start, end = demand.steps
    facts: list[tuple[str, object]] = [(_("Who rides"), rider)] if rider else []
    if demand.state in (DemandState.PROMISED, DemandState.UNDER_WAY, DemandState.DONE):
        facts += [(_("The car comes"), coming(demand)), (_("Car"), car_of(demand))]
        if demand.promised and coming(demand) != clock(demand.promised[0]):
            facts.append((_("Promised at first"), clock(demand.promised[0])))
    facts += [(_("From (place)"), start.name), (_("To (place)"), end.name)]
    arrives = demand.served[1] or (max(demand.planned) if len(demand.planned) > 1 else None)
    if arrives and demand.state is not DemandState.CANCELLED:
        facts.append((_("Arrival"), clock(arrives)))
    facts.append((_("Who rides along"), people(ride.party, ride.wheelchairs)))
    return [{"label": label, "value": value} for label, value in facts if value]


def services_today() -> list[Any]:
    """The services that run by their definition of today and have stops to book between."""
    return [one for one in list_services_on(timezone.localdate()) if len(one.stops) > 1]
