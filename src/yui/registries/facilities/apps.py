"""The facilities app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class FacilitiesConfig(ServiceConfig):
    """Places a body publishes, from its open-data files."""

    name = "yui.registries.facilities"
    title = _("Facilities")
    summary = _("Public facilities, evacuation sites, AED boxes and other places of a body.")
    permissions = {"facilities.list.import": _("Import lists of facilities")}
    acts = {"facilities.list.imported": _("A list of facilities was imported")}
