"""The service says what it is."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class MaternalChildHealthConfig(ServiceConfig):
    """妊婦のための支援給付 and, beside it, the care of mothers and children."""

    name = "yui.services.maternal_child_health"
    title = _("Maternal and child health")
    summary = _("Support during pregnancy and after birth.")
