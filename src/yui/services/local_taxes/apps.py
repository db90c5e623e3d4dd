"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class LocalTaxesConfig(ServiceConfig):
    """個人住民税, 森林環境税, 法人住民税の均等割 and 固定資産税."""

    name = "yui.services.local_taxes"
    title = _("Local taxes")
    summary = _("What residents, companies and owners owe, computed from what the tax office has settled.")
