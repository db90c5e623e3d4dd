"""The organisations app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class OrganisationsConfig(ServiceConfig):
    """Corporations and public bodies by corporate number."""

    name = "yui.registries.organisations"
    title = _("Organisations")
    summary = _("Corporations and public bodies with their corporate number, name and seat.")
