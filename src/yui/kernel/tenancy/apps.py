"""The tenancy app."""

from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class TenancyConfig(ServiceConfig):
    """Bodies and the row-level security between them."""

    name = "yui.kernel.tenancy"
    title = _("Bodies")

    def ready(self) -> None:
        from yui.kernel.tenancy.guard import check_new_connection

        connection_created.connect(check_new_connection, dispatch_uid="yui.tenancy.guard")
