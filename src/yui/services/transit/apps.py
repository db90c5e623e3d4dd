"""What transit says about itself."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import Audience, NavItem, Role, ServiceConfig

MANAGE = "transit.service.manage"
CALL = "transit.roll_call.record"
BOOK = "transit.ride.book"
READ = "transit.ride.read"
# Of the board below, as they are needed at the desk and in the car.
_ANSWER, SEEN = "supply.demand.answer", "supply.demand.read"
BOARD, REPORT = "supply.board.manage", "supply.step.report"


class TransitConfig(ServiceConfig):
    """On-demand buses and 自家用有償旅客運送."""

    name = "yui.services.transit"
    title = _("Rides")
    summary = _("On-demand buses: booking, cars and drivers, fares")
    url_prefix = "transit"
    permissions = {
        MANAGE: _("Set up services, cars, drivers and duties"),
        CALL: _("Record roll calls"),
        BOOK: _("Book rides for others"),
        READ: _("See who rides where"),
    }
    roles = (
        Role(
            "transit_operator",
            _("Operator of rides"),
            frozenset({MANAGE, CALL, BOOK, READ, _ANSWER, SEEN, BOARD, REPORT}),
        ),
        Role("transit_desk", _("Phone desk for rides"), frozenset({BOOK, READ, _ANSWER, SEEN})),
        Role("transit_driver", _("Driver"), frozenset({READ, SEEN, REPORT})),
    )
    acts = {
        "transit.service.defined": _("It was laid down how a service of rides works"),
        "transit.vehicle.registered": _("A car was registered"),
        "transit.driver.registered": _("A driver was registered"),
        "transit.duty.registered": _("A duty was registered"),
        "transit.roll_call.recorded": _("A roll call was recorded"),
        "transit.proxy.registered": _("You let somebody book rides for you"),
        "transit.proxy.ended": _("Somebody no longer books rides for you"),
        "transit.ride.read": _("Your ride was looked at"),
    }
    navigation = (
        NavItem(_("My rides"), "transit:rides", Audience.RESIDENT, icon="truck", order=35),
        NavItem(_("Ride bookings"), "transit:desk", Audience.STAFF, BOOK, "truck", order=70),
        NavItem(_("Driving"), "transit:drive", Audience.STAFF, REPORT, "truck", order=71),
        NavItem(_("Rides today"), "transit:board", Audience.STAFF, BOARD, "list", order=72),
    )
