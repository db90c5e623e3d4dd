"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class DisabilityAllowancesConfig(ServiceConfig):
    """特別児童扶養手当, 障害児福祉手当 and 特別障害者手当."""

    name = "yui.services.disability_allowances"
    title = _("Disability allowances")
    summary = _("For children and adults with severe disabilities and those who raise them.")
