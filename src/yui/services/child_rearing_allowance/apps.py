"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class ChildRearingAllowanceConfig(ServiceConfig):
    """児童扶養手当: the allowance for children of single parents."""

    name = "yui.services.child_rearing_allowance"
    title = _("Child rearing allowance")
    summary = _("For single parents: the full amount, or a part by income.")
