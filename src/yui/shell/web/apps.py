"""The web shell."""

from django.utils.translation import gettext_lazy as _

from yui.kernel.services import ServiceConfig


class WebConfig(ServiceConfig):
    """The frame that every page stands in, and the public front page."""

    name = "yui.shell.web"
    title = _("Pages")
