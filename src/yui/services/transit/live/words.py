"""What roads, causes and groups of riders are called on the board and the public page."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yui.services.transit.contracts import Category
from yui.services.transit.live.roads import RoadPlace
from yui.supply.public import Reason

_DIRECTIONS: dict[str, str | Promise] = {
    "north": gettext_lazy("north"),
    "north_east": gettext_lazy("north-east"),
    "east": gettext_lazy("east"),
    "south_east": gettext_lazy("south-east"),
    "south": gettext_lazy("south"),
    "south_west": gettext_lazy("south-west"),
    "west": gettext_lazy("west"),
    "north_west": gettext_lazy("north-west"),
}
_CAUSES: dict[str, str | Promise] = {
    "no_skill": gettext_lazy("Equipment is lacking"),
    "no_room": gettext_lazy("No room in any car"),
    "pickup_too_late": gettext_lazy("The car would come too late"),
    "dropoff_too_late": gettext_lazy("The car would arrive too late"),
    "ride_too_long": gettext_lazy("The ride would be too long"),
    "shift_ends": gettext_lazy("No car on the road long enough"),
    "no_shift": gettext_lazy("No car on the road"),
    "others_promised": gettext_lazy("Promised to others"),
}

WHO: dict[Category, str | Promise] = {
    Category.ADULT: gettext_lazy("Adults"),
    Category.CHILD: gettext_lazy("School children"),
    Category.INFANT: gettext_lazy("Small children"),
    Category.DISABLED: gettext_lazy("People with a disability certificate"),
    Category.SENIOR: gettext_lazy("Elderly people"),
    Category.CARE_CERTIFIED: gettext_lazy("People certified as needing care"),
    Category.WHEELCHAIR: gettext_lazy("People with a wheelchair"),
    Category.NO_LICENCE: gettext_lazy("People who gave back their driving licence"),
}
"""Groups of riders: for whom a fare is, who is refused how often."""


def cause(reason: Reason) -> str:
    """Why a request was refused, in a few words for a table."""
    return str(_CAUSES.get(reason.code, _("Another cause")))


def road(number: int, place: RoadPlace | None) -> str:
    """A road as people find it: beside which stop, on which side."""
    if place is None:
        return _("Road no. %(road)s") % {"road": number}
    told = {"stop": place.stop, "metres": place.metres, "direction": _DIRECTIONS[place.direction]}
    return _("%(metres)d m %(direction)s of %(stop)s") % {**told, "metres": round(place.metres, -1)}
