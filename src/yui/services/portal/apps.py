"""The portal says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import Audience, NavItem, ServiceConfig


class PortalConfig(ServiceConfig):
    """The resident's home."""

    name = "yui.services.portal"
    title = _("My page")
    summary = _("What is coming, what was decided, who looked at my data.")
    url_prefix = "home"
    acts = {"portal.looks.read": _("You looked up who used your data")}
    navigation = (
        NavItem(_("Home"), "portal:home", Audience.RESIDENT, order=10),
        NavItem(_("Procedures"), "portal:cases", Audience.RESIDENT, order=20),
        NavItem(_("Payments"), "portal:payments", Audience.RESIDENT, order=30),
        NavItem(_("Who looked"), "portal:looked", Audience.RESIDENT, order=40),
    )

    def ready(self) -> None:
        from yui.identity.public import register_subject_resolver
        from yui.services.portal.matching import find_registry_person

        register_subject_resolver(find_registry_person)
