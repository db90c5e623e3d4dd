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
        "transit.vehicle.retired": _("A car was taken off the register"),
        "transit.driver.left": _("A driver was taken off the register"),
        "transit.accident.recorded": _("An accident was recorded"),
        "transit.complaint.recorded": _("A complaint was recorded"),
        "transit.duty.noted": _("A driver noted what happened on a duty"),
        "transit.proxy.registered": _("You let somebody book rides for you"),
        "transit.proxy.ended": _("Somebody no longer books rides for you"),
        "transit.ride.read": _("Your ride was looked at"),
        "transit.surroundings.kept": _("It was noted who lives where, as counts"),
        "transit.trial.begun": _("Ways to run a service of rides were compared"),
        "transit.trial.finished": _("A comparison of services of rides was finished"),
    }
    navigation = (
        NavItem(_("My rides"), "transit:rides", Audience.RESIDENT, icon="truck", order=35),
        NavItem(_("Ride bookings"), "transit:desk", Audience.STAFF, BOOK, "truck", order=70),
        NavItem(_("Driving"), "transit:drive", Audience.STAFF, REPORT, "truck", order=71),
        NavItem(_("Rides today"), "transit:board", Audience.STAFF, BOARD, "list", order=72),
        NavItem(_("Compare services"), "transit:trials", Audience.STAFF, MANAGE, "search", order=76),
        NavItem(_("Cars and drivers"), "transit:office", Audience.STAFF, MANAGE, "user", order=73),
        NavItem(_("Ride reports"), "transit:reports", Audience.STAFF, MANAGE, "document", order=74),
    )

    def ready(self) -> None:
        from yui.procedures.cases.public import register
        from yui.services.transit.telling import PromiseChanged

        register(PromiseChanged())
