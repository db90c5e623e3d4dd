"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class PublicAssistanceConfig(ServiceConfig):
    """最低生活費 and whether a household is below it."""

    name = "yui.services.public_assistance"
    title = _("Public assistance")
    summary = _("The minimum living cost of a household and what its income lacks.")
