"""What a rider is told when a promise changed: a notice in the box of the rider and of who may book for them."""

import datetime as dt

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yui.procedures.cases.public import (
    CaseRefused,
    CaseView,
    Concern,
    Event,
    FilledValue,
    Mode,
    Outcome,
    Procedure,
    Reason,
)
from yui.services.transit.booking import proxies_of
from yui.services.transit.models import Ride
from yui.services.transit.views import pages, words
from yui.supply.public import DemandView, get_demand


class PromiseChanged(Procedure):
    """A car that was promised comes otherwise, or not at all. Nothing is asked of whoever is told."""

    code = "transit.promise_changed"
    title = _("News of a ride")
    mode = Mode.NOTICE
    # No act obliges: it belongs to the contract of carriage that a booking is.
    legal_ground = "予約（運送の契約）の変更の連絡"
    event_codes = ("supply.promise.moved", "supply.promise.lost")

    def find_concerned(self, event: Event) -> list[Concern]:
        """The rider, and who may book for them today; nobody when it is no ride, or is over."""
        ride = Ride.objects.filter(demand=event.ids["demand"]).first()
        if ride is None:
            return []
        demand = get_demand(ride.demand)
        reasons = _reasons(ride, demand)
        # A promise that stands as it was told already is not told again, however many events led here.
        stands = f"{ride.demand}:{len(demand.changes)}:{demand.state}:{demand.shift or ''}"
        return [
            Concern(person, f"{stands}:{person}", reasons, ride.rider, facts={"demand": str(ride.demand)})
            for person in ((ride.rider, *proxies_of(ride.rider)) if reasons else ())
        ]

    def fill(self, case: CaseView) -> list[FilledValue]:
        """Nothing is stated."""
        return []

    def page(self, case: CaseView) -> str:
        """The ride."""
        return reverse("transit:ride", args=[case.facts["demand"]])

    def decide(self, case: CaseView, values: tuple[FilledValue, ...], applied_on: dt.date) -> Outcome:
        """Nothing is decided.

        Raises:
            CaseRefused: always.
        """
        raise CaseRefused(str(_("This is for your information; there is nothing to apply for.")))


def _reasons(ride: Ride, demand: DemandView) -> tuple[Reason, ...]:
    """What is told, in both languages."""
    japanese, english = (_sentences(ride, demand, language) for language in ("ja", "en"))
    return tuple(Reason("told", True, ja, en) for ja, en in zip(japanese, english, strict=True))


def _sentences(ride: Ride, demand: DemandView, language: str) -> list[str]:
    with translation.override(language):
        told, car = pages.told(demand), pages.car_of(demand)
        found = [told["text"]] if told else []
        if car and demand.state in pages.LIVE:
            found.append(gettext("Your car is now %(car)s.") % {"car": car})
        if found:
            phone = pages.phone_of(ride.service, ride.wished_at)
            found.append(words.advice(is_lost=bool(told and told["is_lost"]), phone=phone))
        return found
