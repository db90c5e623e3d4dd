"""The desk says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import Audience, NavItem, Role, ServiceConfig

_CLERK = frozenset(
    {
        "residents.record.search",
        "residents.record.read",
        "residents.record.change",
        "residents.certificate.issue",
        "people.my_number.read",
    }
)
_SUPERVISOR = _CLERK | {
    "residents.record.cancel",
    "residents.protection.manage",
    "people.protected.read",
    "people.protected.write",
}


class ResidentsConfig(ServiceConfig):
    """The clerk's desk for the resident record."""

    name = "yui.services.residents"
    title = _("Resident record")
    summary = _("Search, households over time, changes of the record, certificates.")
    url_prefix = "residents"
    permissions = {
        "residents.record.search": _("Search the resident record"),
        "residents.record.read": _("Open resident records"),
        "residents.record.change": _("Enter changes of the resident record"),
        "residents.record.cancel": _("Cancel changes of the resident record"),
        "residents.protection.manage": _("Register, extend and end protection measures"),
        "residents.certificate.issue": _("Issue copies of the resident record"),
    }
    roles = (
        Role("resident_clerk", _("Resident record clerk"), _CLERK),
        Role("resident_supervisor", _("Resident record supervisor"), _SUPERVISOR),
    )
    navigation = (
        NavItem(
            _("Resident record"), "residents:search", Audience.STAFF, "residents.record.search", order=10
        ),
    )
    acts = {
        "residents.certificate.issued": _("A copy of the resident record was issued"),
        "residents.certificate.drawn": _("The file of an issued copy of the resident record was opened"),
    }
