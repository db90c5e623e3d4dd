"""What supply says about itself."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class SupplyConfig(ServiceConfig):
    """Demand, supply, offers, promises, plans and what came of them."""

    name = "yui.supply"
    label = "supply"
    title = _("Supply and demand")
    summary = _("Who wants what, who can serve it, what was promised")
    permissions = {
        "supply.map.import": _("Import road maps"),
        "supply.board.manage": _("Set up boards, shifts and closed roads"),
        "supply.demand.read": _("See who asked for what"),
        "supply.demand.answer": _("Ask for others, accept and cancel for them"),
        "supply.step.report": _("Report what was served"),
    }
    acts = {
        "supply.map.imported": _("A road map was imported"),
        "supply.board.opened": _("A board was set up"),
        "supply.shift.registered": _("A shift was registered"),
        "supply.shift.withdrawn": _("A shift can serve no longer"),
        "supply.road.closed": _("A road was closed"),
        "supply.road.opened": _("A road was opened again"),
        "supply.demand.registered": _("Something was asked for on your behalf"),
        "supply.demand.refused": _("What you asked for could not be offered"),
        "supply.demand.cancelled": _("What you asked for was cancelled"),
        "supply.demand.read": _("What you asked for was looked at"),
        "supply.offer.made": _("You were made an offer"),
        "supply.offer.accepted": _("An offer to you was accepted"),
        "supply.plan.made": _("A plan was made"),
        "supply.promise.moved": _("Your promise was moved to another car or time"),
        "supply.promise.lost": _("A promise to you cannot be kept"),
        "supply.step.reported": _("It was noted what you were served"),
        "supply.demand.settled": _("What you were served was paid"),
    }
    events = {
        "supply.promise.moved": acts["supply.promise.moved"],
        "supply.promise.lost": acts["supply.promise.lost"],
        "supply.demand.refused": acts["supply.demand.refused"],
    }
