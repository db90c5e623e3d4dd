"""The rulebook says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import Audience, NavItem, Role, ServiceConfig

READ = "rulebook.programme.read"


class RulebookConfig(ServiceConfig):
    """What decides, for those who answer for it."""

    name = "yui.services.rulebook"
    title = _("Rulebook")
    summary = _("The rules of every programme: law, versions, conditions, cases")
    url_prefix = "rulebook"
    permissions = {READ: _("Look rules up")}
    roles = (
        Role("rule_officer", _("Officer for rules"), frozenset({READ})),
        Role("allowance_officer", _("Child allowance officer"), frozenset({READ})),
    )
    navigation = (NavItem(_("Rulebook"), "rulebook:programmes", Audience.STAFF, READ, "list", order=80),)
