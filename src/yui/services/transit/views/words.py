"""What states, reasons and refusals are called on pages, and what to try instead."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yui.services.transit.contracts import Category, Definition, DutyAct, Means
from yui.services.transit.rules import FarePart
from yui.supply.public import DemandState, Reason

STATES: Mapping[DemandState, tuple[str | Promise, str]] = {
    DemandState.OPEN: (gettext_lazy("Not chosen yet"), "action"),
    DemandState.REFUSED: (gettext_lazy("No car could be found"), "refused"),
    DemandState.PROMISED: (gettext_lazy("The car will come"), "waiting"),
    DemandState.UNDER_WAY: (gettext_lazy("On board"), "going"),
    DemandState.DONE: (gettext_lazy("Arrived"), "done"),
    DemandState.NO_SHOW: (gettext_lazy("Nobody was there"), "refused"),
    DemandState.FAILED: (gettext_lazy("The car cannot come"), "refused"),
    DemandState.CANCELLED: (gettext_lazy("Cancelled ride"), ""),
}
"""Each state in words, and the kind of its mark."""

MEANS: Mapping[Means, str | Promise] = {
    Means.CASH: gettext_lazy("In cash"),
    Means.TICKET: gettext_lazy("With tickets"),
    Means.CASHLESS: gettext_lazy("Without cash"),
}
"""How a fare is paid at the car."""

ACTS: Mapping[DutyAct, str | Promise] = {
    DutyAct.BOARDED: gettext_lazy("Picked up"),
    DutyAct.ALIGHTED: gettext_lazy("Dropped off"),
    DutyAct.NO_SHOW: gettext_lazy("Did not come"),
    DutyAct.BREAK_BEGUN: gettext_lazy("Break begins"),
    DutyAct.BREAK_ENDED: gettext_lazy("Break ends"),
}
"""What a driver notes."""

CATEGORY_DISCOUNTS: Mapping[Category, str | Promise] = {
    Category.CHILD: gettext_lazy("school child"),
    Category.INFANT: gettext_lazy("small child"),
    Category.DISABLED: gettext_lazy("disability certificate"),
    Category.SENIOR: gettext_lazy("elderly"),
    Category.CARE_CERTIFIED: gettext_lazy("certified as needing care"),
    Category.NO_LICENCE: gettext_lazy("licence given back"),
    Category.WHEELCHAIR: gettext_lazy("wheelchair"),
}
"""For whom a fare is lower."""

BECAUSE: Mapping[str, str | Promise] = {
    "late": gettext_lazy("the car is late"),
    "road_closed": gettext_lazy("a road is closed"),
    "breakdown": gettext_lazy("the first car broke down"),
    "driver_ill": gettext_lazy("the driver fell ill"),
    "no_show": gettext_lazy("nobody was at the stop"),
}
"""Why a promise changed, by the code that is kept with the change; within a sentence."""

ENDED: Mapping[DemandState, str | Promise] = {
    DemandState.NO_SHOW: gettext_lazy("The car was at the stop, but nobody was there."),
    DemandState.FAILED: gettext_lazy("The ride could not be made."),
}
"""What is told of a ride that came to nothing without a change of its promise."""

_ADVICE: Mapping[str, str | Promise] = {
    "not_yet_open": gettext_lazy("Choose an earlier day."),
    "too_late": gettext_lazy("Choose a later time, or the next day."),
    "closed_day": gettext_lazy("Choose another day."),
    "outside_hours": gettext_lazy("Choose a time at which the bus runs."),
    "outside_area": gettext_lazy("Choose another stop."),
    "stops_only": gettext_lazy("Choose one of the meeting points."),
    "party_too_large": gettext_lazy("Book twice, with fewer people each time."),
    "same_place": gettext_lazy("Choose two different stops."),
    "plan_lost": gettext_lazy("Nothing was lost. Send the page again in a minute."),
}


def yen(amount: int) -> str:
    """An amount in a sentence."""
    return _("%(yen)s yen") % {"yen": f"{amount:,}"}


def fare_words(part: FarePart) -> str:
    """What one rider of a party pays, in words."""
    if part.has_pass:
        return _("With a pass: %(yen)s") % {"yen": yen(0)}
    told = _("Fare of a shared car: %(yen)s") if part.is_shared else _("Fare of the way: %(yen)s")
    found = told % {"yen": yen(part.full_yen)}
    if part.category is not None:
        label = CATEGORY_DISCOUNTS.get(part.category, part.category.value)
        found += " × " + _("%(percent)d %% (%(category)s)") % {"percent": part.percent, "category": label}
    return f"{found} = {yen(part.yen)}"


def refusal(text: object, code: str, service: Definition | None = None) -> str:
    """Why a wish is refused, what to try instead, and where to ring."""
    found = [str(text), str(_ADVICE.get(code, ""))]
    if service and service.phone:
        found.append(_("You can also ring: %(phone)s") % {"phone": service.phone})
    return " ".join(filter(None, found))


def because(code: str) -> str:
    """Why a promise changed; a code without words gets the general ones."""
    return str(BECAUSE.get(code, _("the car cannot go as planned")))


def advice(*, is_lost: bool, phone: str) -> str:
    """What a rider can do about a promise that changed."""
    found = [
        _("Ask for such a ride again.")
        if is_lost
        else _("If that does not suit you, cancel the ride and ask again.")
    ]
    if phone:
        found.append(_("You can also ring: %(phone)s") % {"phone": phone})
    return " ".join(found)


def reason(one: Reason) -> str:
    """Why no car was found, as a sentence with what to try instead; a code without a sentence gets the general one."""
    minutes = -(-_number(one.values.get("seconds")) // 60)
    late = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    car = str(one.values.get("shift", "")) or _("the nearest car")
    told = {"late": late, "car": car}
    match one.code:
        case "no_skill":
            return _(
                "No car has the equipment that is needed. Please ring, so that we can look for another way."
            )
        case "no_room":
            return _(
                "No car has room for so many people or wheelchairs. Try another time, or book twice with fewer."
            )
        case "pickup_too_late":
            return _("%(car)s would come %(late)s too late. Try a later time.") % told
        case "dropoff_too_late":
            return _("%(car)s would arrive %(late)s too late. Try a later time of arrival.") % told
        case "ride_too_long":
            return _("The ride would be %(late)s longer than anybody should sit. Try another time.") % told
        case "shift_ends":
            return _("No car is on the road long enough at that time. Try an earlier time or another day.")
        case "no_shift":
            return _("No car is on the road at that time. Try another time or another day.")
        case "others_promised":
            return (
                _("%(car)s would be %(late)s late for somebody who booked before. Try another time.") % told
                if minutes
                else _("All cars are promised to others at that time. Try another time.")
            )
    return _("No car is free as you wished. Try another time.")


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
