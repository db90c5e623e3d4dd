"""The journal app."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class JournalConfig(ServiceConfig):
    """The evidence journal."""

    name = "yui.kernel.journal"
    title = _("Journal")
    acts = {
        "journal.export.made": _("The journal was exported"),
        "access.request.refused": _("A request was refused for lack of permission"),
    }
